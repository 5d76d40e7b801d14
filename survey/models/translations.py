"""The translation ledger: who read which words of a language, and what came of it. Appended, never changed."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTC, Base, check, key, one_of

REVIEW_STATES = ("draft", "reviewed", "tried")
FEWEST_CHILDREN = 5  # who tried a sentence, before it counts as tried


class TranslationReview(Base):
    """Somebody looked at one sentence of a language. It holds as long as the English and the words are the same."""

    __tablename__ = "translation_review"

    id: Mapped[uuid.UUID] = key()
    language: Mapped[str] = mapped_column(String(35))
    book: Mapped[str] = mapped_column(String(14))
    context: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(32))  # of the context and the English
    target: Mapped[str] = mapped_column(String(32))  # of the words
    source_text: Mapped[str] = mapped_column(Text)  # what was read, so that a change can be shown
    target_text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))
    reviewer: Mapped[str] = mapped_column(String(120))  # a native speaker, who need not sign in
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))  # who wrote it down
    at: Mapped[dt.datetime] = mapped_column(UTC)
    note: Mapped[str] = mapped_column(String(1000), default="")  # a correction, or the words translated back
    children: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    tried_on: Mapped[dt.date | None]

    __table_args__ = (
        one_of("state", *REVIEW_STATES),
        check("language <> '' AND book <> ''", "in_a_language"),
        check("length(source) = 32 AND length(target) = 32", "of_these_very_words"),
        check("reviewer <> ''", "somebody_looked"),
        check(
            "state <> 'tried' OR "
            f"(children IS NOT NULL AND children >= {FEWEST_CHILDREN} AND place <> '' AND tried_on IS NOT NULL)",
            "tried_with_enough_children_somewhere",
        ),
        Index("ix_translation_review_of", "language", "book", "at"),
    )
