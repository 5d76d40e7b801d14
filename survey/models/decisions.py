"""What staff thought, saw and decided: views (B, V), releases of a wish (W), decisions (D), staff forms (P, O,
interviews).

Views and decisions are append-only. A release needs a locked view, a decision needs a locked view: both by foreign
key, so that no code path can show a wish first or decide first.
"""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTC, Base, Codes, check, key, one_of
from .cases import Round
from .people import StaffMember


class View(Base):
    """Belief (B) and first view (V) on one topic, locked before the wish is shown."""

    __tablename__ = "view"

    id: Mapped[uuid.UUID] = key()
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    topic: Mapped[str] = mapped_column(String(8))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    belief: Mapped[str] = mapped_column(String(20))
    first_view: Mapped[str] = mapped_column(String(20))
    locked_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = (UniqueConstraint("round_id", "topic", name="uq_view_locked_once"),)


class Release(Base):
    """A shared wish was shown to somebody: who and when. It cannot exist without a locked view."""

    __tablename__ = "release"

    id: Mapped[uuid.UUID] = key()
    view_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("view.id"), index=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    locked_at: Mapped[dt.datetime] = mapped_column(UTC)
    released_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = (check("locked_at <= released_at", "wish_shown_only_after_own_view"),)


class Decision(Base):
    """What was decided (D) on one topic. A correction is a new row that names the one it amends."""

    __tablename__ = "decision"

    id: Mapped[uuid.UUID] = key()
    view_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("view.id"))
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    topic: Mapped[str] = mapped_column(String(8))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    option: Mapped[str] = mapped_column(String(20))
    decided_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime] = mapped_column(UTC)
    differs: Mapped[bool]
    reasons: Mapped[tuple[str, ...]] = mapped_column(Codes)
    weighing: Mapped[str] = mapped_column(Text, default="")
    child_present: Mapped[str] = mapped_column(String(6))
    took_part: Mapped[tuple[str, ...]] = mapped_column(Codes)
    amends_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    amendment_reason: Mapped[str | None] = mapped_column(String(500))

    round: Mapped[Round] = relationship()
    staff: Mapped[StaffMember] = relationship()

    __table_args__ = (
        check("NOT differs OR reasons <> ''", "reason_when_it_differs"),
        check("(amends_id IS NULL) = (amendment_reason IS NULL)", "amendment_says_why"),
        one_of("child_present", "yes", "partly", "no"),
        Index(
            "uq_decision_one_original",
            "round_id",
            "topic",
            unique=True,
            sqlite_where=amends_id.is_(None),
            postgresql_where=amends_id.is_(None),
        ),
    )


class StaffForm(Base):
    """A questionnaire that staff fill in: perception and obstacles of a round, gatekeeping, an interview."""

    __tablename__ = "staff_form"

    id: Mapped[uuid.UUID] = key()
    digest: Mapped[str] = mapped_column(ForeignKey("questionnaire.digest"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    round_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("round.id"), index=True)
    begun_on: Mapped[dt.date]
    saved_at: Mapped[dt.datetime] = mapped_column(UTC)
    finished_on: Mapped[dt.date | None]

    answers: Mapped[list["StaffAnswer"]] = relationship(
        back_populates="form", cascade="all, delete-orphan", lazy="selectin"
    )


class StaffAnswer(Base):
    """One answer of a staff member."""

    __tablename__ = "staff_answer"

    form_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_form.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(30), primary_key=True)
    codes: Mapped[tuple[str, ...]] = mapped_column(Codes)
    text: Mapped[str | None] = mapped_column(Text)
    missing: Mapped[str | None] = mapped_column(String(3))

    form: Mapped[StaffForm] = relationship(back_populates="answers")

    __table_args__ = (one_of("missing", "DK", "SK", "NA"),)
