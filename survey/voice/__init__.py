"""Read aloud: keep what people record, find what a child may hear, know what is still missing.

The address of a clip is its text. A changed text has no clip, so an old recording is never played under new words; the
same words in two questions share one.
"""

import datetime as dt
import hashlib
import unicodedata
import uuid
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from .. import models as m
from ..translation.languages import LANGUAGES
from . import phrases
from .sound import MOST_BYTES, NotInstalled, NotSound, Silent, TooBig, TooLong, TooShort, Unusable, prepare

__all__ = [
    "DRAFT", "MISSING", "MOST_BYTES", "RECORDED", "Heard", "NotInstalled", "NotSound", "Phrase", "Silent", "TooBig",
    "TooLong", "TooShort", "Unusable", "available", "find", "keep", "languages", "mark", "mark_of", "marks", "said",
    "take_back", "wanted",
]  # fmt: skip

RECORDED, DRAFT, MISSING = "recorded", "draft", "missing"
One = TypeVar("One")


@dataclass(frozen=True)
class Heard:
    """The clip that is heard for a text now, without its sound."""

    id: uuid.UUID
    kind: str
    made_by: str
    made_at: dt.datetime
    seconds: float
    size: int

    @property
    def mark(self) -> str:
        """What stands behind `?v=` in the address."""
        return mark_of(self.id)


@dataclass(frozen=True)
class Phrase:
    """A text a child reads: where it first stands, for which ages, and what is heard for it.

    `questionnaire` and `question` are empty for the screens around the questions.
    """

    said: str
    text: str
    language: str
    questionnaire: str
    title: str
    question: str
    age_groups: tuple[str, ...]
    heard: Heard | None

    @property
    def state(self) -> str:
        """`recorded`, `draft` or `missing`."""
        return self.heard.kind if self.heard else MISSING


def said(text: str) -> str:
    """Return the address of a text: twelve hexadecimal digits, the same however its letters are composed."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).strip().encode("utf-8")).hexdigest()[:12]


def available(session: Session, language: str) -> frozenset[str]:
    """Return the addresses of all texts that can be heard in a language."""
    return frozenset(session.scalars(select(m.Clip.said).where(m.Clip.language == language).distinct()))


def marks(session: Session, language: str) -> dict[str, str]:
    """Return the mark of what is heard for each address: `/voice/<language>/<said>.mp3?v=<mark>`."""
    return {address: heard.mark for address, heard in _heard(session, language).items()}


def mark(session: Session, language: str, said: str) -> str:
    """Return the mark of what is heard for one address, without reading the sound; empty if there is nothing."""
    found = session.scalar(_newest(select(m.Clip.id), language, said))
    return mark_of(found) if found else ""


def mark_of(clip: uuid.UUID) -> str:
    """Return what stands behind `?v=` in the address of a clip, so that a new recording is heard at once."""
    return clip.hex[:8]


def find(session: Session, language: str, said: str) -> m.Clip | None:
    """Return what is heard: the newest recording, else the newest draft."""
    return session.scalar(_newest(select(m.Clip), language, said))


def _newest(asked: Select[One], language: str, said: str) -> Select[One]:
    # The kinds in the order of their letters: `recorded` after `draft`.
    found = asked.where(m.Clip.language == language, m.Clip.said == said)
    return found.order_by(m.Clip.kind.desc(), m.Clip.made_at.desc(), m.Clip.id).limit(1)


def keep(session: Session, language: str, text: str, sound: bytes, kind: str, by: str, at: dt.datetime) -> m.Clip:
    """Keep a sound for a text, evened out; a new draft takes the place of the old one. Raises an `Unusable`."""
    made = prepare(sound)
    address = said(text)
    if kind == DRAFT:
        old = delete(m.Clip).where(m.Clip.language == language, m.Clip.said == address, m.Clip.kind == DRAFT)
        session.execute(old)
    clip = m.Clip(
        language=language, said=address, kind=kind, mp3=made.mp3, seconds=made.seconds, made_by=by, made_at=at
    )
    session.add(clip)
    session.flush()
    return clip


def take_back(session: Session, clip: m.Clip) -> None:
    """Delete a recording; the one before it, or the draft, is heard again."""
    session.delete(clip)
    session.flush()


def wanted(session: Session, language: str) -> list[Phrase]:
    """Return every text a child reads in a language, each once, in the order of reading, and what is heard for it."""
    places: dict[str, list[phrases.Spot]] = {}
    for spot in phrases.everywhere(session, language):
        if spot.text.strip():
            places.setdefault(said(spot.text), []).append(spot)
    heard = _heard(session, language)
    return [_phrase(address, language, spots, heard.get(address)) for address, spots in places.items()]


def languages(session: Session) -> list[str]:
    """Return the codes of the languages the organisation offers its children."""
    organisation = session.get(m.Organisation, 1)
    return [code for code in organisation.languages.split() if code in LANGUAGES] if organisation else []


def _phrase(address: str, language: str, spots: list[phrases.Spot], heard: Heard | None) -> Phrase:
    first = spots[0]
    ages = tuple(sorted({spot.age_group for spot in spots if spot.age_group}))
    return Phrase(address, first.text.strip(), language, first.questionnaire, first.title, first.question, ages, heard)


def _heard(session: Session, language: str) -> dict[str, Heard]:
    """What is heard for each address, without reading a single sound."""
    clip = m.Clip
    asked = select(
        clip.said, clip.id, clip.kind, clip.made_by, clip.made_at, clip.seconds, func.length(clip.mp3).label("size")
    ).where(clip.language == language)
    found: dict[str, Heard] = {}
    for row in session.execute(asked.order_by(clip.kind.desc(), clip.made_at.desc(), clip.id)):
        heard = Heard(row.id, row.kind, row.made_by, row.made_at, row.seconds, row.size)
        found.setdefault(row.said, heard)
    return found
