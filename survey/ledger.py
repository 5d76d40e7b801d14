"""The translation ledger: which sentence of a language a native speaker has read, and whether that still holds.

What is marked is a pair: this English in this context, and these words. If either changes, the mark is stale and the
sentence is a draft again. Nothing is ever changed: taking back is a new line.
"""

import datetime as dt
import difflib
import hashlib
import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import models as m
from .instrument import wording
from .translation import books, complete
from .translation.entry import Entry
from .translation.languages import LANGUAGES

__all__ = [
    "DRAFT", "MISSING", "REVIEWED", "STALE", "TRIED", "NotTried", "Sentence", "Standing", "Summary", "Trial", "mark",
    "sentences", "state_of", "states", "summary", "unreviewed",
]  # fmt: skip

MISSING, DRAFT, STALE, REVIEWED, TRIED = "missing", "draft", "stale", "reviewed", "tried"
READ = (REVIEWED, TRIED)
ALIKE = 0.75  # how much of an English sentence is the same when it is the old one, said another way


class NotTried(Exception):
    """Tried means: with at least five children, somewhere, on a day that has come."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to translate, and what a language says for it. `source` and `target` are the marks of the two."""

    book: str
    asked: Entry
    said: tuple[str, ...]
    source: str
    target: str
    for_child: bool

    @property
    def key(self) -> str:
        """What a tick on a page stands for: these very words for this very English."""
        return f"{self.source}.{self.target}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A sentence and where it stands. `last` is the newest line about it, if there is one, even if the words it is
    about are others now, or gone."""

    sentence: Sentence
    state: str
    last: m.TranslationReview | None

    @property
    def english_changed(self) -> bool:
        """Was another English read than the one that stands there now?"""
        return self.last is not None and self.last.source != self.sentence.source

    @property
    def before(self) -> tuple[str, str] | None:
        """What was read, English and words, if something of it is another one now."""
        if self.last is None or self.last.state not in READ or self.state in READ:
            return None
        return self.last.source_text, self.last.target_text


@dataclass(frozen=True, slots=True)
class Trial:
    """What must be known before words count as tried with children."""

    children: int
    place: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a language has come. `open` counts what a child reads and no native speaker has read yet."""

    language: str
    texts: int
    said: int
    missing_for_children: int
    missing_for_staff: int
    draft: int
    stale: int
    reviewed: int
    tried: int
    open: int

    @property
    def is_draft(self) -> bool:
        """Is it an unreviewed draft for children?"""
        return self.open > 0


def source_of(book: str, context: str, english: str, plural: str = "") -> str:
    """Return the mark of an English sentence in its context."""
    return _mark(book, context, english, plural)


@cache
def sentences(language: str) -> tuple[Sentence, ...]:
    """Return everything there is to say in a language; English needs no translation."""
    return () if language == complete.SOURCE else tuple(_sentences(language))


def state_of(session: Session, language: str, context: str, english: str) -> Standing | None:
    """Return where one sentence stands, or None if nobody asks for it."""
    asked = ((one.sentence.asked.key, one) for one in states(session, language))
    return next((one for key, one in asked if key == (context, english)), None)


def states(session: Session, language: str) -> list[Standing]:
    """Return where every sentence of a language stands, in the order of the files."""
    fitting, about = _lines(session, language)
    return [_standing(one, fitting, about) for one in sentences(language)]


def mark(
    session: Session,
    language: str,
    keys: Collection[str],
    state: str,
    by: m.StaffMember,
    at: dt.datetime,
    note: str = "",
    reviewer: str = "",
    trial: Trial | None = None,
) -> int:
    """Mark these very words; return how many were marked. What has changed meanwhile is left alone, and so is what
    already stands as high. Raises `NotTried`."""
    if state == TRIED and not _enough(trial, at):
        raise NotTried
    found = [one for one in states(session, language) if one.sentence.key in keys and _news(one.state, state)]
    for one in found:
        session.add(_line(language, one.sentence, state, by, at, note, reviewer, trial if state == TRIED else None))
    session.flush()
    return len(found)


def summary(session: Session, language: str) -> Summary:
    """Return how far a language has come."""
    found = states(session, language)
    count = Counter(one.state for one in found)
    lacks = sum(one.state == MISSING and one.sentence.for_child for one in found)
    return Summary(
        language, len(found), len(found) - count[MISSING], lacks, count[MISSING] - lacks, count[DRAFT], count[STALE],
        count[REVIEWED], count[TRIED], sum(one.sentence.for_child and one.state not in READ for one in found),
    )  # fmt: skip


def unreviewed(session: Session, language: str) -> bool:
    """Does a child read words in this language that no native speaker has read?"""
    if language not in LANGUAGES or language == complete.SOURCE:
        return False
    any_line = select(m.TranslationReview.id).where(m.TranslationReview.language == language).limit(1)
    return session.scalar(any_line) is None or summary(session, language).is_draft


def _sentences(language: str) -> Iterator[Sentence]:
    for book in books.DOMAINS:
        known = books.book(language, book).entries
        for asked in books.wanted(book):
            found = known.get(asked.key)
            said = found.said if found and found.done else ()
            source = source_of(book, asked.context, asked.text, asked.plural)
            yield Sentence(book, asked, said, source, _mark(*said) if said else "", _for_child(book, asked))


def _for_child(book: str, asked: Entry) -> bool:
    if book not in books.READ_BY_CHILDREN:
        return False
    return books.is_for_child(asked) if book == books.MESSAGES else wording.is_for_child(asked.context)


def _mark(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8")).hexdigest()[:32]


Fitting = dict[tuple[str, str], m.TranslationReview]
About = dict[tuple[str, str], m.TranslationReview]


def _lines(session: Session, language: str) -> tuple[Fitting, About]:
    """The newest line for each pair of English and words; and the newest for each English, and each context."""
    rows = session.scalars(
        select(m.TranslationReview).where(m.TranslationReview.language == language).order_by(m.TranslationReview.at)
    ).all()
    fitting = {(row.source, row.target): row for row in rows}
    about = {(row.book, row.context): row for row in rows if row.context}
    exact = {("", row.source): row for row in rows}
    # A sentence without a context is known by its words alone: when they changed, by the words they are most like.
    asked = {one.source for one in sentences(language)}
    lost = [row for row in exact.values() if not row.context and row.source not in asked]
    alike = {("", found): row for row in lost if (found := _successor(language, row.book, row.source_text))}
    return fitting, about | alike | exact


@cache
def _successor(language: str, book: str, english: str) -> str:
    """The mark of the sentence that an English one without a context, asked no longer, has most likely become."""
    asked = {_shown(one.asked): one.source for one in sentences(language) if one.book == book and not one.asked.context}
    found = difflib.get_close_matches(english, asked, 1, ALIKE)
    return asked[found[0]] if found else ""


def _shown(asked: Entry) -> str:
    return "\n".join(filter(None, (asked.text, asked.plural)))


def _standing(one: Sentence, fitting: Fitting, about: About) -> Standing:
    last = fitting.get((one.source, one.target))
    if last is not None and one.said:
        return Standing(one, last.state, last)
    before = about.get(("", one.source)) or about.get((one.book, one.asked.context))
    if not one.said:
        return Standing(one, MISSING, before)
    return Standing(one, STALE if before is not None and before.state in READ else DRAFT, before)


def _news(now: str, then: str) -> bool:
    """Draft takes back; reviewed says nothing new about what was tried."""
    if now == MISSING:
        return False
    return now in READ if then == DRAFT else now != then and now != TRIED


def _enough(trial: Trial | None, at: dt.datetime) -> bool:
    # A site east of Greenwich is a day ahead.
    latest = at.date() + dt.timedelta(days=1)
    return bool(trial and trial.children >= m.FEWEST_CHILDREN and trial.place.strip() and trial.on <= latest)


def _line(
    language: str, one: Sentence, state: str, by: m.StaffMember, at: dt.datetime, note: str, reviewer: str,
    trial: Trial | None,
) -> m.TranslationReview:  # fmt: skip
    return m.TranslationReview(
        id=uuid.uuid4(), language=language, book=one.book, context=one.asked.context, source=one.source,
        target=one.target, source_text=_shown(one.asked), target_text="\n".join(one.said), state=state,
        reviewer=reviewer.strip() or by.name, staff_id=by.id, at=at, note=note.strip(),
        children=trial.children if trial else None, place=trial.place.strip() if trial else "",
        tried_on=trial.on if trial else None,
    )  # fmt: skip


books.on_forget(sentences.cache_clear)
books.on_forget(_successor.cache_clear)
