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

from sqlalchemy import exists, func, select
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


def fewest_children_since(moment: dt.datetime) -> int:
    """Count the children who visited after `moment`, stage by stage, and return the smallest number that is not zero.

    Only what children did counts as news: staff could make as much of it as they like. Where only days are kept, days
    that may have begun somewhere at `moment` do not count: rather too few than too many.
    """
    day = moment.date() + dt.timedelta(days=1)  # a site east of Greenwich is a day ahead
    news = (
        select(func.count(m.Round.child_id.distinct()))
        .join(m.Submission, m.Submission.round_id == m.Round.id)
        .where(m.Submission.received_on > day)
        .group_by(m.Round.stage)
    )
    with _everything() as everything:
        return min(everything.scalars(news), default=0)


def _everything() -> Session:
    return db.read_only(database().sessions())
