"""Build the demonstration organisation: synthetic children, through the same doors as real ones."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from .. import clock, invite, publish, seal
from .. import models as m
from ..config import Settings
from ..instrument.nouns import Library
from . import interviews, people, year

SHOWN = tuple(zip(people.READY_AGES, ("S3", "S5", "S6"), strict=True))
SIGN_INS = ("vera", "lidia", "galina", "marta", "admin")


@dataclass(frozen=True)
class Welcome:
    """What somebody who just started Heard wants to know."""

    staff: tuple[tuple[str, str, str], ...]
    cards: tuple[tuple[int, str, str], ...]

    def text(self) -> str:
        """Return it as it is printed."""
        cards = "\n".join(f"    age {age}   {code}   ({stage})" for age, stage, code in self.cards)
        staff = "\n".join(f"    {login:8} {role:18} {name}" for login, role, name in self.staff)
        return (
            "\nThis is a demonstration. Every child in it is invented.\n\n"
            f"  Cards for the children's page (each opens one visit; new ones at every start):\n{cards}\n\n"
            f"  Sign-ins for staff, password  {people.PASSWORD}\n{staff}\n"
            f"  PIN of the coordinators, to take a tablet back that was handed to a child:  {people.PIN}\n"
        )


def build(
    factory: sessionmaker[Session],
    settings: Settings,
    library: Library,
    children: int,
    seed: int,
    progress: Callable[[int], None],
    today: dt.date | None = None,
) -> None:
    """Fill an empty database with a year of `children` children; the same seed makes the same year."""
    today, rng = today or clock.today(), random.Random(seed)  # noqa: S311 -- a simulation
    with factory.begin() as session:
        publish.everything(session, library, clock.now() - dt.timedelta(days=400))
        world = people.settle(session, children, today, rng)
        life = year.Life(
            session, seal.from_file(settings.text_key), publish.catalogue(session), year.documents(session), today, rng
        )
        for child in world.children:
            year.live(life, child, world.coordinator[child])
            progress(1)
        year.read_concerns(life, {"RU": world.staff["galina"], "KE": world.staff["joyce"]})
        for staff in world.staff.values():
            if staff.role in ("coordinator", "psychologist"):
                interviews.talk(life, staff, life.later(today - dt.timedelta(days=90), 0, 60))


def welcome(session: Session, today: dt.date | None = None) -> Welcome:
    """Print fresh cards for three children of the first coordinator, and say who can sign in."""
    on = today or clock.today()
    vera = session.scalars(select(m.StaffMember).where(m.StaffMember.login == SIGN_INS[0])).one()
    cards = []
    for age, stage in SHOWN:
        in_round = _round_for(session, vera, age, stage, on)
        if in_round is not None:
            code = invite.card(session, in_round, "before", vera, on, clock.now())
            cards.append((age, stage, invite.grouped(code)))
    staff = session.scalars(select(m.StaffMember).where(m.StaffMember.login.in_(SIGN_INS))).all()
    listed = sorted(((s.login, s.role, s.name) for s in staff), key=lambda row: SIGN_INS.index(row[0]))
    return Welcome(tuple(listed), tuple(cards))


def _round_for(session: Session, vera: m.StaffMember, age: int, stage: str, on: dt.date) -> m.Round | None:
    mine = select(m.Child).join(m.Assignment).where(m.Assignment.staff_id == vera.id).order_by(m.Child.id)
    for child in session.scalars(mine):
        if clock.age(child.born_month, on) == age:
            return _fresh_round(session, child, stage, vera, on)
    return None


def _fresh_round(session: Session, child: m.Child, stage: str, vera: m.StaffMember, on: dt.date) -> m.Round:
    untouched = select(m.Round).where(
        m.Round.child_id == child.id, m.Round.stage == stage, m.Round.opened_on == on,
        ~select(m.View.id).where(m.View.round_id == m.Round.id).exists(),
        ~select(m.Submission.id).where(m.Submission.round_id == m.Round.id).exists(),
    )  # fmt: skip
    found = session.scalar(untouched.limit(1))
    return found or invite.open_round(session, child, stage, vera, on, clock.now())
