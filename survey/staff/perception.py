"""What staff saw: the events that are asked of the child, too, and what got in the way. A draft until finished."""

import uuid

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from .. import clock, fill, publish
from .. import models as m
from . import load, questions, room


@room.route("/round/<uuid:round_id>/perception", methods=["GET", "POST"])
def perception(round_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Fill in the questions of a round, or read them when they are finished."""
    found = load.round_(round_id)
    mine = _mine(found)
    document = _document(found, mine)
    asked = questions.about(document)
    if mine is not None and mine.finished_on is not None:
        return _reading(found, mine, document)
    form = questions.form(asked, mine.answers if mine else ())
    if not form.is_submitted():
        return _page(found, form, document, mine)
    if not (form.validate() and questions.is_consistent(form, asked)):
        return _page(found, form, document, mine), 422
    return _keep(found, form, document)


def _keep(of: m.Round, form: object, document: m.Questionnaire) -> str | Response | tuple[str, int]:
    asked, at = questions.about(document), clock.now()
    kept = questions.entries(form, asked)
    mine = fill.begin(g.db, document, g.staff, load.today(of.child), at, of)
    fill.save(g.db, mine, kept, at)
    g.db.commit()  # a draft is kept even if it cannot be finished yet
    if "finish" not in request.form:
        flash(_("The draft is saved. You can come back to it."))
        return redirect(url_for(".round", round_id=of.id), 303)
    if not questions.is_complete(form, asked, kept):
        return _page(of, form, document, mine), 422
    fill.finish(g.db, mine, g.staff, load.today(of.child), at)
    g.db.commit()
    flash(_("Thank you. The questions are finished."))
    return redirect(url_for(".round", round_id=of.id), 303)


def _mine(of: m.Round) -> m.StaffForm | None:
    mine = select(m.StaffForm).where(m.StaffForm.round_id == of.id, m.StaffForm.staff_id == g.staff.id)
    found: m.StaffForm | None = g.db.scalar(mine.order_by(m.StaffForm.begun_on.desc()).limit(1))
    return found


def _document(of: m.Round, mine: m.StaffForm | None) -> m.Questionnaire:
    """Return the version that was begun, else the newest."""
    found = g.db.get(m.Questionnaire, mine.digest) if mine else publish.latest(g.db, "staff", of.stage)
    return found or abort(404)


def _page(of: m.Round, form: object, document: m.Questionnaire, mine: m.StaffForm | None) -> str:
    return render_template(
        "staff/perception.html", round=of, child=of.child, form=form, asked=questions.about(document), form_kept=mine,
        stage=load.catalogue().stages[of.stage], title=questions.title(document),
    )  # fmt: skip


def _reading(of: m.Round, mine: m.StaffForm, document: m.Questionnaire) -> str:
    answers = {answer.question: answer for answer in mine.answers}
    lines = [(one.text, questions.spoken(one, answers.get(one.id))) for one in questions.about(document)]
    return render_template(
        "staff/finished.html", lines=lines, title=questions.title(document), finished_on=mine.finished_on, round=of,
        stage=load.catalogue().stages[of.stage],
    )  # fmt: skip
