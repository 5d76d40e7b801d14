"""The interviews of the demonstration: every coordinator and psychologist has given one."""

import datetime as dt
from typing import Any

from .. import fill
from .. import models as m
from .year import Life

NOTES = "Synthetic notes: made up for the demonstration."


def talk(life: Life, staff: m.StaffMember, on: dt.date) -> None:
    """Fill in and finish the interview of one staff member."""
    at = dt.datetime.combine(on, dt.time(12), dt.UTC)
    form = fill.begin(life.session, life.documents[staff.role, "interview"], staff, on, at)
    questions = life.documents[staff.role, "interview"].document["questions"]
    fill.save(life.session, form, {question["id"]: _entry(life, question) for question in questions}, at)
    fill.finish(life.session, form, staff, on, at)


def _entry(life: Life, question: dict[str, Any]) -> fill.Entry:
    options, rows = question["options"].get("staff", []), question["rows"]
    if question["kind"] == "text":
        return fill.Entry(text=NOTES)
    if question["kind"] == "number":
        return fill.Entry((str(life.rng.randint(question["min"] or 0, min(question["max"] or 40, 40))),))
    if rows:
        chosen = life.rng.sample(options, len(rows)) if question["unique"] else life.rng.choices(options, k=len(rows))
        return fill.Entry([f"{row}:{code}" for row, code in zip(rows, chosen, strict=True)])
    if question["kind"] == "many":
        return fill.Entry(life.rng.sample(options, life.rng.randint(1, 2)))
    return fill.Entry((life.rng.choice(options),))
