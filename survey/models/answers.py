"""Answers: what a published questionnaire asked, and what a child said to it.

Days, never times; typed non-answers, never a silent gap; nothing here is ever updated (see migrations/0001).
"""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import NO_ORDER, UTC, Base, Document, check, key, one_of
from .cases import STAGES, WAVES, Round

MISSING = ("DK", "IDM", "SK", "NA", "NR")
SEEN_BY = ("team", "aggregate", "safeguarding")
AGE_GROUPS = ("10-12", "13-15", "16-17")


class Questionnaire(Base):
    """One published document, for ever as it was published."""

    __tablename__ = "questionnaire"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]  # rises with every publication under this name: new questions or better translations
    stage: Mapped[str | None] = mapped_column(String(10))  # S1…S6, R, G, or reply, interview
    asked_of: Mapped[str] = mapped_column(String(12))
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    published_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = (
        UniqueConstraint("name", "version", name="uq_questionnaire_never_changes"),
        check("version >= 1", "version_counts_from_one"),
    )


class Submission(Base):
    """One finished (or stopped) visit of a child."""

    __tablename__ = "submission"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)  # made by the tablet: the same visit sent twice is one row
    card_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("card.id"))
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"), index=True)
    digest: Mapped[str] = mapped_column(ForeignKey("questionnaire.digest"))
    content_hash: Mapped[str] = mapped_column(String(64))
    wave: Mapped[str] = mapped_column(String(6))
    n: Mapped[int]  # which visit of this wave in the round: an order within one child's round, in place of a time
    language: Mapped[str] = mapped_column(String(35))
    age_group: Mapped[str] = mapped_column(String(5))
    received_on: Mapped[dt.date]
    ended: Mapped[str] = mapped_column(String(8))
    helper: Mapped[str] = mapped_column(String(8), default="unsaid")  # who sat with the child
    held_by: Mapped[str] = mapped_column(String(6), default="unsaid", server_default="unsaid")  # who held the tablet
    watched: Mapped[str] = mapped_column(String(6), default="unsaid", server_default="unsaid")  # could others see it?
    rotation: Mapped[int] = mapped_column(default=0)
    retrospective: Mapped[bool] = mapped_column(default=False)

    round: Mapped[Round] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()
    answers: Mapped[list["Answer"]] = relationship(back_populates="submission", cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("card_id", name="uq_submission_one_visit_per_card"),
        UniqueConstraint("round_id", "wave", "n", name="uq_submission_counted_within_the_round"),
        one_of("wave", *WAVES),
        one_of("age_group", *AGE_GROUPS),
        one_of("ended", "finished", "stopped", "talk"),
        one_of("helper", "alone", "carer", "staff", "other", "unsaid"),
        one_of("held_by", "child", "other", "unsaid"),
        one_of("watched", "yes", "no", "unsaid"),
        NO_ORDER,
    )


class Answer(Base):
    """One value, one text, or one typed non-answer."""

    __tablename__ = "answer"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(20), primary_key=True)
    topic: Mapped[str | None] = mapped_column(String(8))
    seen_by: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(20))
    sealed_text: Mapped[bytes | None] = mapped_column(LargeBinary)
    missing: Mapped[str | None] = mapped_column(String(3))
    shared: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(35))  # NULL: the language of the visit

    submission: Mapped[Submission] = relationship(back_populates="answers")

    __table_args__ = (
        check(
            "(code IS NOT NULL AND sealed_text IS NULL AND missing IS NULL)"
            " OR (code IS NULL AND sealed_text IS NOT NULL AND missing IS NULL)"
            " OR (code IS NULL AND sealed_text IS NULL AND missing IS NOT NULL)",
            "an_answer_or_its_absence",
        ),
        check("NOT shared OR (seen_by = 'team' AND topic IS NOT NULL)", "only_wishes_are_shared"),
        one_of("missing", *MISSING),
        one_of("seen_by", *SEEN_BY),
        Index("ix_answer_topic", "topic"),
        NO_ORDER,
    )


class RefusalCount(Base):
    """How many children said no or later. All that is kept of a refusal."""

    __tablename__ = "refusal_count"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(2), primary_key=True)
    wave: Mapped[str] = mapped_column(String(6), primary_key=True)
    month: Mapped[dt.date] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)

    __table_args__ = (one_of("stage", *STAGES), one_of("wave", *WAVES), check("n >= 0", "counts"))


class SetAside(Base):
    """Something that arrived and could not be taken in: kept, sealed, for a person to look at."""

    __tablename__ = "set_aside"

    id: Mapped[uuid.UUID] = key()
    submission_id: Mapped[uuid.UUID | None]
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"), index=True)
    round_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("round.id"))
    reason: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64))
    sealed_content: Mapped[bytes] = mapped_column(LargeBinary)
    received_on: Mapped[dt.date]
    looked_at_on: Mapped[dt.date | None]
    looked_at_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    note: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        UniqueConstraint("content_hash", "reason", name="uq_set_aside_kept_once"),
        one_of("reason", "age", "card", "card_used_twice", "changed", "content", "questionnaire"),
        check("(looked_at_on IS NULL) = (looked_at_by IS NULL)", "somebody_looked"),
        NO_ORDER,
    )
