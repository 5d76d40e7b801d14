"""Answering: all questions of the visit as one form, and the one envelope in which they leave."""

import uuid
from typing import Any

from flask import g, redirect, render_template, request, url_for

from .. import db, invite, receive
from .. import models as m
from ..instrument import order
from ..parts import seal
from . import forms, helpers, room, screens, tongues, visits

Page = visits.Page
ENDED = {"finished": "finished", "stopped": "stopped", "talk": "talk"}


@room.get("/questions")
@visits.step("questions")
def questions(found: visits.Here) -> Page:
    """Ask everything on one page."""
    return show("questions", found, blank(found))


@room.post("/questions")
def answers() -> Page:
    """Take in what was said: kept once, whatever the child pressed and however often."""
    return answer("questions")


def answer(page: str, **more: Any) -> Page:
    """Take in what a page of questions sends."""
    found = visits.here(g.db)
    if found is None:
        return _after_the_end()
    if found.visit.step != page:
        return redirect(url_for(f"child.{found.visit.step}"), 303)
    form = _form(found)()
    valid = form.validate()
    if form.envelope.data != found.visit.envelope:
        return render_template("child/other_window.html"), 409
    if not valid and forms.token_failed(form):
        return show(page, found, form, 400, **more)
    if tongues.SPEAK in request.form:
        return _speak(page, found, form, **more)
    if not valid:
        return show(page, found, form, 422, **more)
    return _erase(found) if request.form.get("end") == "erased" else _send(found, form)


def _speak(page: str, found: visits.Here, form: forms.Answers, **more: Any) -> Page:
    """Show the same page in another language, with everything that was said and the language it was said in."""
    code = request.form[tongues.SPEAK]
    if not tongues.can(found, code):
        return show(page, found, form, 422, **more)
    forms.as_it_is(form)
    carried = tongues.spoken(found, form, _asked(found))
    return show(page, tongues.switch(found, code), form, spoken=carried, **more)


def _after_the_end() -> Page:
    """A second tap on the last button, or a page from the past: the first tap counted."""
    try:
        known = g.db.get(m.Submission, uuid.UUID(request.form.get("envelope", "")))
    except ValueError:
        known = None
    return redirect(url_for("child.thanks" if known else "child.welcome"), 303)


def _form(found: visits.Here) -> type[forms.Answers]:
    return forms.of(found.document, found.visit.wave, found.visit.age_group)


def blank(found: visits.Here) -> forms.Answers:
    """Return the form with nothing in it but the envelope it is for."""
    return _form(found)(formdata=None, data={"envelope": found.visit.envelope})


def _send(found: visits.Here, form: forms.Answers) -> Page:
    sent = envelope(found, form, request.form.get("end", "finished"))
    db.end_reading(g.db)
    receive.submission(g.db, seal(), sent, found.today)
    g.db.commit()
    return visits.end(talk=sent["talk"])


def _erase(found: visits.Here) -> Page:
    """The child deletes everything said in this visit: it counts as a no."""
    if found.visit.wave != "reply" and not found.spent:
        db.end_reading(g.db)
        invite.refuse(g.db, uuid.UUID(found.visit.round), found.visit.wave, found.today)
        g.db.commit()
    return visits.end()


def envelope(found: visits.Here, form: forms.Answers, end: str) -> dict[str, Any]:
    """Return the visit as plain data, the way the one door in expects it."""
    visit, ended, asked = found.visit, ENDED.get(end, "finished"), _asked(found)
    answers = forms.answers(form, asked, finished=ended == "finished")
    for question in asked:
        given = forms.given(form, question)
        if given and (spoken := tongues.of(found, question["id"], given)) != visit.language:
            answers[question["id"]]["language"] = spoken
    sent = {
        "id": visit.envelope, "card": visit.card, "digest": visit.digest, "language": visit.language,
        "ended": ended, "rotation": visit.rotation, "talk": ended == "talk", "answers": answers,
    }  # fmt: skip
    present = {"helper": visit.helper, "held_by": visit.held_by, "watched": visit.watched}
    return sent | {name: value for name, value in present.items() if value}


def _asked(found: visits.Here) -> list[dict[str, Any]]:
    return order.sitting(found.document, found.visit.wave, found.visit.age_group)


def show(page: str, found: visits.Here, form: forms.Answers, code: int = 200, **more: Any) -> Page:
    """Render a page of questions; after a mistake nothing the child said is lost."""
    asked = screens.asked(found, form, helpers.at(g.db, found.site).first)
    more.setdefault("spoken", tongues.spoken(found, form, _asked(found)) if request.method == "POST" else {})
    text = render_template(
        f"child/{page}.html", form=form, asked=asked, practice=screens.practice(found), title=found.words["title"],
        wrong=forms.ONCE_MORE if code == 400 else "", at=tongues.step_at(), **more,
    )  # fmt: skip
    return text, code
