"""The whole organisation at once: rows are read here without anybody's scope.

It is allowed here (`tests/test_house.py` keeps it to this file) because no row leaves through it: `exported` writes
pseudonymous tables to a folder that is gone when the work is done, and the other functions return a count, or yes or
no. What goes on to the report passes disclosure control; what goes on to a researcher is the export without names.
"""

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import exists, func, select, union
from sqlalchemy.orm import Session

from .. import clock, db, export
from .. import models as m
from ..parts import database


@contextmanager
def exported() -> Iterator[Path]:
    """Write the tidy tables to a folder only we can read; take it away afterwards."""
    with tempfile.TemporaryDirectory(prefix="heard-") as folder, _everything() as everything:
        export.tables(everything, Path(folder), clock.today())
        yield Path(folder)


def has(kind: type[m.Submission] | type[m.Decision] | type[m.View]) -> bool:
    """Is there at least one of these? Yes or no, and nothing about whose."""
    with _everything() as everything:
        return bool(everything.scalar(select(exists(select(kind.id)))))


def children_heard_of_since(moment: dt.datetime) -> int:
    """Count the children about whom something was said or decided after `moment`.

    Where only days are kept, days that may have begun somewhere at `moment` do not count: rather too few than too many.
    """
    day = moment.date() + dt.timedelta(days=1)  # a site east of Greenwich is a day ahead
    news = (
        select(m.Submission.round_id).where(m.Submission.received_on > day),
        select(m.View.round_id).where(m.View.locked_at > moment),
        select(m.Decision.round_id).where(m.Decision.recorded_at > moment),
        select(m.Reply.round_id).where(m.Reply.told_on > day),
    )
    rounds = union(*news).subquery()
    query = select(func.count(m.Round.child_id.distinct())).where(m.Round.id.in_(select(rounds.c.round_id)))
    with _everything() as everything:
        return everything.scalar(query) or 0


def _everything() -> Session:
    return db.read_only(database().sessions())
