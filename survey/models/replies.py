"""Replies: every decision owes the child an answer in plain words."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTC, Base, check, key, one_of
from .decisions import Decision


class Reply(Base):
    """The answer owed for one decision: created with it, written by the coordinator, told to the child."""

    __tablename__ = "reply"

    id: Mapped[uuid.UUID] = key()
    decision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("decision.id"), unique=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    due_on: Mapped[dt.date]
    wished: Mapped[str] = mapped_column(String(300), default="")
    decided: Mapped[str] = mapped_column(String(300), default="")
    because: Mapped[str] = mapped_column(String(600), default="")
    next_step: Mapped[str] = mapped_column(String(600), default="")
    written_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    written_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    told_on: Mapped[dt.date | None]
    told_how: Mapped[str | None] = mapped_column(String(4))

    decision: Mapped[Decision] = relationship(lazy="joined")

    __table_args__ = (
        check("told_on IS NULL OR written_at IS NOT NULL", "written_before_it_is_told"),
        check("(told_on IS NULL) = (told_how IS NULL)", "how_it_was_told"),
        check("(written_by IS NULL) = (written_at IS NULL)", "somebody_wrote_it"),
        one_of("told_how", "card", "talk"),
    )
