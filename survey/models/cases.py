"""Cases: a child, who looks after the case, the permission, the rounds and their cards.

A name is kept in `child_identity` and nowhere else; no table that holds an answer has a column for one.
"""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import NO_ORDER, Base, check, key, one_of
from .people import StaffMember
from .places import Site

STAGES = ("S1", "S2", "S3", "S4", "S5", "S6", "R", "G")
WAVES = ("before", "after", "reply")


class Child(Base):
    """A child, without a name. The birth month is all that is kept of the birth date."""

    __tablename__ = "child"

    id: Mapped[uuid.UUID] = key()
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), index=True)
    born_month: Mapped[dt.date]
    sex: Mapped[str | None] = mapped_column(String(1))
    language: Mapped[str] = mapped_column(String(35), default="en")
    came_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]

    site: Mapped[Site] = relationship(lazy="joined")
    identity: Mapped["ChildIdentity"] = relationship(back_populates="child")  # loaded only where a name is shown
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="child")
    permissions: Mapped[list["Permission"]] = relationship(back_populates="child")
    rounds: Mapped[list["Round"]] = relationship(back_populates="child", order_by="Round.opened_on")

    __table_args__ = (one_of("sex", "F", "M", "X"), NO_ORDER)


class ChildIdentity(Base):
    """Who the child is: apart from everything the child says."""

    __tablename__ = "child_identity"

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    case_number: Mapped[str] = mapped_column(String(40), unique=True)

    child: Mapped[Child] = relationship(back_populates="identity")


class Assignment(Base):
    """Who holds the case, from when to when."""

    __tablename__ = "assignment"

    id: Mapped[uuid.UUID] = key()
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]

    child: Mapped[Child] = relationship(back_populates="assignments")
    staff: Mapped[StaffMember] = relationship(lazy="joined")

    __table_args__ = (check("until IS NULL OR until >= since", "ends_after_it_begins"),)


class Permission(Base):
    """The guardian's or authority's yes. It can only open the door; the child's own yes is asked each time."""

    __tablename__ = "permission"

    id: Mapped[uuid.UUID] = key()
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    given_by: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]
    withdrawn_on: Mapped[dt.date | None]
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))

    child: Mapped[Child] = relationship(back_populates="permissions")

    __table_args__ = (one_of("given_by", "guardian", "authority", "court"),)


class Round(Base):
    """A child's n-th pass through a stage."""

    __tablename__ = "round"

    id: Mapped[uuid.UUID] = key()
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    coordinator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    stage: Mapped[str] = mapped_column(String(2))
    n: Mapped[int]
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]

    child: Mapped[Child] = relationship(back_populates="rounds", lazy="joined")
    coordinator: Mapped[StaffMember] = relationship()
    cards: Mapped[list["Card"]] = relationship(back_populates="round")

    __table_args__ = (
        UniqueConstraint("child_id", "stage", "n", name="uq_round_once_per_pass"),
        one_of("stage", *STAGES),
        check("n >= 1", "counted_from_one"),
        check("closed_on IS NULL OR closed_on >= opened_on", "closes_after_opening"),
        NO_ORDER,
    )


class Card(Base):
    """A printed code that opens one visit. Only its hash is kept, and no name is on it."""

    __tablename__ = "card"

    id: Mapped[uuid.UUID] = key()
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    wave: Mapped[str] = mapped_column(String(6))
    selector: Mapped[str] = mapped_column(String(3))
    code_hash: Mapped[str] = mapped_column(String(120))
    printed_on: Mapped[dt.date]
    expires_on: Mapped[dt.date]
    used_on: Mapped[dt.date | None]
    replaced_on: Mapped[dt.date | None]

    round: Mapped[Round] = relationship(back_populates="cards", lazy="joined")

    __table_args__ = (
        one_of("wave", *WAVES),
        check("expires_on >= printed_on", "expires_after_printing"),
        Index("ix_card_selector", "selector"),
        NO_ORDER,
    )
