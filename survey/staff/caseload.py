"""The children of whoever is signed in, and what is due for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from .. import clock
from .. import models as m
from . import load, room
from .due import Desk, Due, Owed, by_child, owed
from .forms import clean

MOST_WAITING = 8


@dataclass(frozen=True)
class Line:
    """One child on the list."""

    child: m.Child
    age: int
    now: m.Round | None
    due: Sequence[Due]


@dataclass(frozen=True)
class Waiting:
    """A child who waits for answers: the oldest, what it and its neighbours are about, and how many more there are."""

    first: Owed
    topics: Sequence[str]
    more: int


@room.get("/caseload")
def caseload() -> str:
    """List my children; those who wait for an answer come first."""
    today, asked = load.today(), clean(request.args.get("name"))[:120]
    children = _mine()
    waiting = owed(g.db, children, today)
    lines = _lines([child for child in children if _matches(child, asked)])
    if "due" in request.args:
        lines = [line for line in lines if line.due]
    return render_template(
        "staff/caseload.html", lines=lines, waiting=_most_urgent(waiting), owed=len(waiting), asked=asked,
        only_due="due" in request.args, mine=len(children), stages=load.catalogue().stages,
    )  # fmt: skip


def _mine() -> list[m.Child]:
    found = select(m.Child).where(m.Child.left_on.is_(None))
    wanted = found.options(selectinload(m.Child.rounds), selectinload(m.Child.permissions))
    return sorted(g.db.scalars(wanted).unique(), key=lambda child: child.identity.name.casefold())


def _matches(child: m.Child, asked: str) -> bool:
    wanted = asked.casefold()
    return wanted in child.identity.name.casefold() or wanted in child.identity.case_number.casefold()


def _lines(children: Sequence[m.Child]) -> list[Line]:
    today = load.today()
    due = Desk(g.db, g.staff, load.catalogue(), today).of(children)
    return [
        Line(child, clock.age(child.born_month, today), newest(child.rounds), due.get(child.id, ()))
        for child in children
    ]


def newest(rounds: Sequence[m.Round]) -> m.Round | None:
    """Return where a child is now: the open round that was opened last."""
    opened = [one for one in rounds if one.closed_on is None]
    return max(opened, key=lambda one: (one.opened_on, one.stage, one.n), default=None)


def _most_urgent(waiting: Sequence[Owed]) -> list[Waiting]:
    """Return the children who wait longest, each once, with the topics of the oldest answer's round."""
    topics = load.catalogue().topics
    found = []
    for of_child in by_child(waiting).values():
        first, *_rest = of_child
        same = [one for one in of_child if one.reply.round_id == first.reply.round_id]
        names = [topics[one.reply.decision.topic].name for one in same]
        found.append(Waiting(first, names, len(of_child) - len(same)))
    return found[:MOST_WAITING]
