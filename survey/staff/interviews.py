"""Interviews: one question at a time, saved at each step, read-only when finished."""

import uuid
from collections.abc import Sequence
from itertools import groupby

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from .. import clock, fill, publish
from .. import models as m
from . import load, questions, room
from .questions import Question


@room.get("/interviews")
def interviews() -> str:
    """List my interviews and offer the guide of my profession."""
    mine = select(m.StaffForm).where(m.StaffForm.round_id.is_(None)).order_by(m.StaffForm.begun_on.desc())
    lines = [(one, *_progress(one)) for one in g.db.scalars(mine)]
    guide = publish.latest(g.db, "interview", g.staff.role)
    return render_template(
        "staff/interviews.html", lines=lines, guide=guide,
        title=questions.title(guide) if guide else "", number=len(_sections(guide)) if guide else 0,
        unfinished=next((one for one, *_rest in lines if one.finished_on is None), None),
    )  # fmt: skip


@room.post("/begin_interview")
def begin_interview() -> Response:
    """Begin an interview, or go on with the one that is not finished."""
    guide = publish.latest(g.db, "interview", g.staff.role) or abort(404)
    mine = fill.begin(g.db, guide, g.staff, load.today(), clock.now())
    g.db.commit()
    return redirect(url_for(".section", form_id=mine.id, number=_first_open(mine)), 303)


@room.get("/interview/<uuid:form_id>")
def interview(form_id: uuid.UUID) -> str:
    """Read an interview: what is answered, what is open."""
    mine = _form(form_id)
    document = _document(mine)
    answers = {answer.question: answer for answer in mine.answers}
    sections = [
        [(one.text, questions.spoken(one, answers.get(one.id))) for one in part] for part in _sections(document)
    ]
    answered, total = _progress(mine)
    return render_template(
        "staff/interview.html", mine=mine, sections=sections, title=questions.title(document), answered=answered,
        total=total, next=_first_open(mine),
    )  # fmt: skip


@room.route("/interview/<uuid:form_id>/<int:number>", methods=["GET", "POST"])
def section(form_id: uuid.UUID, number: int) -> str | Response | tuple[str, int]:
    """Answer one question with its parts; everything is saved when the page is left with a button."""
    mine = _form(form_id)
    sections = _sections(_document(mine))
    if mine.finished_on is not None or not 1 <= number <= len(sections):
        return redirect(url_for(".interview", form_id=mine.id), 303)
    asked = sections[number - 1]
    form = questions.form(asked, mine.answers)
    if not form.is_submitted():
        return _page(mine, number, form)
    if not (form.validate() and questions.is_consistent(form, asked)):
        return _page(mine, number, form), 422
    fill.save(g.db, mine, questions.entries(form, asked), clock.now())
    g.db.commit()
    return _onward(mine, number, len(sections))


@room.post("/interview/<uuid:form_id>/finish")
def finish_interview(form_id: uuid.UUID) -> Response:
    """Finish an interview; from then on it can only be read."""
    mine = _form(form_id)
    try:
        fill.finish(g.db, mine, g.staff, load.today(), clock.now())
        g.db.commit()
        flash(_("Thank you. The interview is finished; it can be read but no longer changed."))
    except fill.AlreadyFinished:
        flash(_("This interview was finished before."), "wrong")
    return redirect(url_for(".interview", form_id=mine.id), 303)


def _form(form_id: uuid.UUID) -> m.StaffForm:
    found: m.StaffForm | None = g.db.get(m.StaffForm, form_id)
    if found is None or found.round_id is not None:
        abort(404)
    return found


def _document(of: m.StaffForm) -> m.Questionnaire:
    found: m.Questionnaire = g.db.get_one(m.Questionnaire, of.digest)
    return found


def _sections(document: m.Questionnaire) -> list[list[Question]]:
    return [list(parts) for _number, parts in groupby(questions.about(document), lambda one: one.number)]


def _answered(of: m.StaffForm) -> set[str]:
    return {answer.question for answer in of.answers if questions.answered(answer)}


def _progress(of: m.StaffForm) -> tuple[int, int]:
    done, sections = _answered(of), _sections(_document(of))
    return sum(_is_done(part, done) for part in sections), len(sections)


def _is_done(part: Sequence[Question], done: set[str]) -> bool:
    return all(one.id in done for one in part)


def _first_open(of: m.StaffForm) -> int:
    done, sections = _answered(of), _sections(_document(of))
    return next((n for n, part in enumerate(sections, start=1) if not _is_done(part, done)), len(sections))


def _onward(of: m.StaffForm, number: int, last: int) -> Response:
    if "later" in request.form or number == last:
        flash(_("Everything is saved."))
        return redirect(url_for(".interview", form_id=of.id), 303)
    step = -1 if "back" in request.form else 1
    return redirect(url_for(".section", form_id=of.id, number=max(1, number + step)), 303)


def _page(mine: m.StaffForm, number: int, form: object) -> str:
    document, done = _document(mine), _answered(mine)
    sections = _sections(document)
    return render_template(
        "staff/section.html", mine=mine, number=number, asked=sections[number - 1], form=form,
        done=[_is_done(part, done) for part in sections], title=questions.title(document),
    )  # fmt: skip
