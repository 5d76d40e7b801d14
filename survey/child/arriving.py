"""Arriving: the card, what to know, yes or no."""

import uuid
from typing import Any

from flask import g, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from .. import clock, flag, invite, language, publish, reply
from .. import models as m
from ..parts import seal
from . import forms, helpers, room, visits, words
from .words import _

Page = visits.Page
ENOUGH_TRIES = 2


@room.get("/")
def welcome() -> Page:
    """Choose a language, type the code of a card."""
    session.pop("visit", None)
    g.visit = None
    return _welcome(forms.Card(formdata=None))


@room.post("/card")
def card() -> Page:
    """Open a card. Every card that cannot be used is answered with one sentence."""
    form = forms.Card()
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
    visit = visits.begin(found, questionnaire, g.language)
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
    return render_template("child/welcome.html", form=form, wrong=wrong, offered=_offered()), code


def _offered() -> list[language.Language]:
    """The languages the organisation offers, each by its own name."""
    organisation = g.db.get(m.Organisation, 1)
    codes = organisation.languages.split() if organisation else [language.DEFAULT]
    return [language.LANGUAGES[code] for code in codes if code in language.LANGUAGES]


@room.route("/before-you-start", methods=["GET", "POST"])
@visits.step("before_you_start")
def before_you_start(found: visits.Here) -> Page:
    """Who reads this, what cannot be secret, and two taps. Wrong twice brings an adult, never a closed door."""
    form = forms.Understanding()
    if not form.validate_on_submit():
        return _tell_first(found, form, [])
    wrong, tries = form.misunderstood(), found.visit.tries + 1
    if wrong and tries < ENOUGH_TRIES:
        visits.keep(found.visit, tries=tries)
        return _tell_first(found, form, wrong)
    visits.keep(found.visit, tries=tries, step=_furthest(found.visit, "assent"))
    return render_template("child/ask_an_adult.html") if wrong else redirect(url_for("child.assent"), 303)


def _tell_first(found: visits.Here, form: forms.Understanding, wrong: list[str]) -> str:
    visit, name = found.visit, g.db.get_one(m.Organisation, 1).name
    notes = words.notes(visit.age_group, visit.wave, helpers.at(g.db, found.site).first, name)
    checks = words.checks(visit.wave)
    return render_template("child/before_you_start.html", form=form, notes=notes, checks=checks, wrong=wrong)


def _furthest(visit: visits.Visit, step: str) -> str:
    """Going back and reading again never loses a step that was reached."""
    return max(visit.step, step, key=visits.STEPS.index)


@room.route("/assent", methods=["GET", "POST"])
@visits.step("assent")
def assent(found: visits.Here) -> Page:
    """Yes, no, or later. No and later look like every other ending and leave a number without a name."""
    form = forms.Assent()
    said = form.answer.data if form.validate_on_submit() else None
    if said == "yes":
        visits.keep(found.visit, step="questions", helper=form.helper.data)
        return redirect(url_for("child.questions"), 303)
    if said in ("no", "later"):
        return _refused(found)
    return render_template("child/assent.html", form=form, people=words.helpers())


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
    return render_template("child/thanks.html", days=organisation.answer_within_days, **found)


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
