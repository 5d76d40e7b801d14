"""Keep what staff fill in: perception and obstacles of a round, gatekeeping, interviews. Saved as often as they like,
then finished."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import models as m
from . import record


class AlreadyFinished(Exception):
    """This form is finished; it can be read but no longer changed."""


@dataclass(frozen=True)
class Entry:
    """One answer of a staff member: codes, words, or a typed non-answer."""

    codes: Sequence[str] = ()
    text: str | None = None
    missing: str | None = None


def begin(
    session: Session,
    questionnaire: m.Questionnaire,
    by: m.StaffMember,
    on: dt.date,
    at: dt.datetime,
    of: m.Round | None = None,
) -> m.StaffForm:
    """Return this person's form for a round (or their unfinished interview), beginning one if there is none."""
    mine = select(m.StaffForm).where(m.StaffForm.staff_id == by.id, m.StaffForm.digest == questionnaire.digest)
    mine = mine.where(m.StaffForm.round_id == of.id if of else m.StaffForm.finished_on.is_(None))
    found = session.scalar(mine.limit(1))
    if found is not None:
        return found
    made = m.StaffForm(
        id=uuid.uuid4(), digest=questionnaire.digest, staff_id=by.id, round_id=of.id if of else None,
        begun_on=on, saved_at=at, answers=[],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def save(session: Session, form: m.StaffForm, entries: Mapping[str, Entry], at: dt.datetime) -> None:
    """Keep these answers, replacing earlier ones to the same questions. Raises `AlreadyFinished`."""
    if form.finished_on is not None:
        raise AlreadyFinished
    there = {answer.question: answer for answer in form.answers}
    for question, entry in entries.items():
        row = there.get(question)
        if row is None:
            row = m.StaffAnswer(form_id=form.id, question=question)
            form.answers.append(row)
        row.codes, row.text, row.missing = tuple(entry.codes), entry.text, entry.missing
    form.saved_at = at
    session.flush()


def finish(session: Session, form: m.StaffForm, by: m.StaffMember, on: dt.date, at: dt.datetime) -> None:
    """No more changes. Raises `AlreadyFinished`."""
    if form.finished_on is not None:
        raise AlreadyFinished
    form.finished_on, form.saved_at = on, at
    record.write(session, by, "finished a form", "staff_form", form.id, at)
