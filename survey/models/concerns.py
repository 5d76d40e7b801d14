"""Concerns: something an adult must read today. They are closed only by a person, with an outcome."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import NO_ORDER, UTC, Base, check, key, one_of

LEVELS = ("red", "amber", "read")
OUTCOMES = ("spoken_to", "referred", "no_risk", "duplicate")


class Concern(Base):
    """Raised in the transaction of the answer that caused it."""

    __tablename__ = "concern"

    id: Mapped[uuid.UUID] = key()
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), index=True)
    round_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("round.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(index=True)
    level: Mapped[str] = mapped_column(String(5))
    rule: Mapped[str] = mapped_column(String(20))
    sealed_text: Mapped[bytes | None] = mapped_column(LargeBinary)
    raised_on: Mapped[dt.date]
    seen_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    seen_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    closed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTC)
    outcome: Mapped[str | None] = mapped_column(String(12))
    outcome_note: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        UniqueConstraint("submission_id", "rule", name="uq_concern_raised_once"),
        one_of("level", *LEVELS),
        one_of("outcome", *OUTCOMES),
        check("(closed_at IS NULL) = (outcome IS NULL)", "closed_only_with_an_outcome"),
        check("(closed_at IS NULL) = (closed_by IS NULL)", "closed_only_by_a_person"),
        check("(seen_at IS NULL) = (seen_by IS NULL)", "seen_by_a_person"),
        NO_ORDER,
    )
