"""Voices: what a child hears in place of reading. Sounds of adults or of a program; never a child's answer."""

import datetime as dt
import uuid

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTC, Base, check, key, one_of

CLIP_KINDS = ("recorded", "draft")


class Clip(Base):
    """One text read aloud in one language. Its address is the text itself, so a changed text has no clip."""

    __tablename__ = "clip"

    id: Mapped[uuid.UUID] = key()
    language: Mapped[str] = mapped_column(String(35))
    said: Mapped[str] = mapped_column(String(12))  # the first 12 hexadecimal digits of the text's SHA-256
    kind: Mapped[str] = mapped_column(String(8))
    mp3: Mapped[bytes] = mapped_column(LargeBinary)
    seconds: Mapped[float]
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[dt.datetime] = mapped_column(UTC)

    __table_args__ = (
        one_of("kind", *CLIP_KINDS),
        check("length(said) = 12 AND length(trim(said, '0123456789abcdef')) = 0", "said_is_the_mark_of_a_text"),
        check("language <> ''", "in_a_language"),
        check("length(mp3) > 0", "can_be_heard"),
        check("seconds > 0 AND seconds <= 60", "no_longer_than_a_minute"),
        check("made_by <> ''", "somebody_made_it"),
        Index("ix_clip_heard", "language", "said", "kind", "made_at"),
    )
