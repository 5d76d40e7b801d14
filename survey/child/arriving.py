"""Arriving: the card, what to know, yes or no."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import current_app, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from .. import clock, flag, invite, language, offer, publish, reply
from .. import models as m
from ..parts import seal
from . import forms, helpers, room, tongues, visits, words
from .words import _

Page = visits.Page
ENOUGH_TRIES = 2


@room.get("/")
def welcome() -> Page:
    """Choose a language first, where there is a choice; then type the code of a card."""
    session.pop("visit", None)
    g.visit = None
    g.pop("language", None)  # what the visit spoke ends with it: the address may ask for another language
    g.pop("age_group", None)
    codes = offer.languages(g.db)
    if request.args.get("lang") not in language.LANGUAGES:
        language.give_back()
        remembered = session.get("language")
        g.language = remembered if remembered in codes else codes[0]  # the first is the one the organisation chose
        if len(codes) > 1:
            return _choose(codes)
    return _welcome(forms.Card(formdata=None))


def _choose(codes: list[str]) -> Page:
    """Every language by its own name, to be read and, where somebody has said it, to be heard."""
    said = offer.names_to_hear(g.db, codes)
    heard = {code: url_for("voice", language=code, said=one, v=mark) for code, (one, mark) in said.items()}
    return render_template("child/choose.html", form=forms.Card(formdata=None), heard=heard)


@room.post("/card")
def card() -> Page:
    """Open a card. Every card that cannot be used is answered with one sentence."""
    form = forms.Card()
    if form.lang.data:
        g.language = language.known(form.lang.data)
    if not form.validate():
        return _welcome(form, _("Please press the button once more."), 400)
    if not forms.has_words(form.code.data):
        return _welcome(form, _("Type the code first."), 422)
    try:
        found = invite.open_card(g.db, form.code.data or "", clock.today())
    except invite.Mistyped:
        return _welcome(form, _("That code has a typing mistake. Look at the card again."), 422)
    except (invite.Unusable, invite.NotInvited):
        return _welcome(form, _cannot_be_used(), 422)
    return _enter(form, found)


def _enter(form: forms.Card, found: invite.Invitation) -> Page:
    asked = "reply" if found.card.wave == "reply" else found.round.stage
    questionnaire = publish.latest(g.db, "child", asked)
    if questionnaire is None:
        return _welcome(form, _cannot_be_used(), 422)
    offered = offer.of(g.db, questionnaire.document)
    visit = visits.begin(found, questionnaire, form.lang.data or "", offered)
    if visit.wave == "reply":
        _tell(found.round)
    return redirect(url_for(f"child.{visit.step}"), 303)


def _tell(in_round: m.Round) -> None:
    """The child reads the reply now: from this moment it counts as told."""
    g.db.rollback()  # what was only looked up ends here; what follows is written
    on = clock.today(in_round.child.site.timezone)
    for owed in reply.readable(g.db, in_round.id):
        reply.tell(owed, on, "card")
    g.db.commit()


def _cannot_be_used() -> str:
    return _("This card cannot be used now. Ask an adult you trust for a new one.")


def _welcome(form: forms.Card, wrong: str = "", code: int = 200) -> tuple[str, int]:
    return render_template("child/welcome.html", form=form, wrong=wrong), code


@room.route("/before-you-start", methods=["GET", "POST"])
@visits.step("before_you_start")
def before_you_start(found: visits.Here) -> Page:
    """Who reads this, what cannot be secret, and two taps. Wrong twice brings an adult, never a closed door; whoever
    skips a tap is shown the right answer and goes on."""
    form = forms.Understanding()
    if tongues.SPEAK in request.form:
        return _in_another_language(found, lambda here: _tell_first(here, form, []))
    if not form.validate_on_submit():
        return _tell_first(found, form, [])
    wrong = form.misunderstood()
    tries = found.visit.tries + bool(wrong)
    if wrong and tries < ENOUGH_TRIES:
        visits.keep(found.visit, tries=tries)
        return _tell_first(found, form, wrong)
    visits.keep(found.visit, tries=tries, step=_furthest(found.visit, "assent"))
    if wrong:
        return render_template("child/ask_an_adult.html")
    return _explained(found, form.skipped()) or redirect(url_for("child.assent"), 303)


def _explained(found: visits.Here, skipped: list[str]) -> str:
    """Whoever skipped a tap has made no mistake: the page says what is right, and goes on."""
    told = [check for check in words.checks(found.visit.wave) if check.name in skipped]
    return render_template("child/explained.html", checks=told) if told else ""


def _tell_first(found: visits.Here, form: forms.Understanding, wrong: list[str]) -> str:
    visit, name = found.visit, g.db.get_one(m.Organisation, 1).name
    notes = words.notes(visit.age_group, visit.wave, helpers.at(g.db, found.site).first, name)
    checks = words.checks(visit.wave)
    at = "" if wrong else tongues.step_at()  # after a mistake the page begins at the first wrong tap
    return render_template("child/before_you_start.html", form=form, notes=notes, checks=checks, wrong=wrong, at=at)


def _in_another_language(found: visits.Here, page: Callable[[visits.Here], str]) -> Page:
    """Show the page that is open, with the taps on it, in the language the child asks for."""
    code = request.form[tongues.SPEAK]
    return page(tongues.switch(found, code)) if tongues.can(found, code) else (page(found), 422)


def _furthest(visit: visits.Visit, step: str) -> str:
    """Going back and reading again never loses a step that was reached."""
    return max(visit.step, step, key=visits.STEPS.index)


@room.route("/assent", methods=["GET", "POST"])
@visits.step("assent")
def assent(found: visits.Here) -> Page:
    """Yes, no, or later. No and later look like every other ending and leave a number without a name."""
    known = {name: getattr(found.visit, name) for name in words.PRESENT}
    form = forms.Assent(data=known)
    if tongues.SPEAK in request.form:
        return _in_another_language(found, lambda _here: _ask(form))
    said = form.answer.data if form.validate_on_submit() else None
    if said == "yes":
        kept = {name: form[name].data for name in words.PRESENT}
        visits.keep(found.visit, step="questions", **{**kept, "picture": kept["picture"] or ""})
        return redirect(url_for("child.questions"), 303)
    if said in ("no", "later"):
        return _refused(found)
    return _ask(form)


def _ask(form: forms.Assent) -> str:
    return render_template("child/assent.html", form=form, present=words.present())


@room.post("/stop")
def stop() -> Page:
    """Stop before the first question: a no, with the same goodbye."""
    found = visits.here(g.db)
    return _refused(found) if found else visits.abandon()


def _refused(found: visits.Here) -> Response:
    if not found.spent:  # a visit that was sent already is no refusal, however often its page is sent again
        invite.refuse(g.db, uuid.UUID(found.visit.round), found.visit.wave, found.today)
        g.db.commit()
    return visits.end()


@room.post("/talk")
def talk() -> Page:
    """Call for an adult before the first question. The card stays good: the child may come back."""
    found = visits.here(g.db)
    if found is None:
        return visits.abandon()
    cause, visit = flag.Cause(flag.TALK, "red"), found.visit
    flag.raise_concern(
        g.db, seal(), cause, uuid.UUID(visit.envelope), found.site.id, uuid.UUID(visit.round), found.today
    )
    g.db.commit()
    return visits.end(talk=True)


@room.get("/thanks")
def thanks() -> Page:
    """Say thank you and what happens next. Finished, stopped, no and later are the same page, shown once."""
    goodbye = session.pop("goodbye", None)
    found = _goodbye(goodbye) if isinstance(goodbye, dict) else None
    if found is None:
        return redirect(url_for("child.welcome"), 303)
    organisation = g.db.get_one(m.Organisation, 1)
    page = make_response(render_template("child/thanks.html", days=organisation.answer_within_days, **found))
    if current_app.config["SESSION_COOKIE_SECURE"]:  # elsewhere no browser minds it
        page.headers["Clear-Site-Data"] = '"cache"'  # which clips lie there tells what was listened to
    return page


def _goodbye(goodbye: dict[str, Any]) -> dict[str, Any] | None:
    card_, questionnaire = g.db.get(m.Card, uuid.UUID(goodbye["card"])), g.db.get(m.Questionnaire, goodbye["digest"])
    if card_ is None or questionnaire is None:
        return None
    g.language, g.age_group = goodbye["language"], goodbye["age_group"]
    said = questionnaire.document["texts"][g.language][g.age_group]
    return {
        "age": g.age_group, "wave": goodbye["wave"], "talk": goodbye["talk"],
        "next": said.get("next", {}).get(goodbye["wave"], ""), "help": helpers.at(g.db, card_.round.child.site),
    }  # fmt: skip
