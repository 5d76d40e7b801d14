"""Put a corrected PO file in place: checked first, then shown, then stored whole in the organisation's own folder.

A proposed file waits beside the one in force, under a name nobody reads, until somebody has seen what it changes.
"""

import hashlib
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..instrument import wording
from ..instrument.problem import Problem, errors
from . import books, po
from .entry import Entry
from .languages import LANGUAGES

VERSIONS = 20  # of one file, beside the one in force


class NothingProposed(Exception):
    """The file that was looked at is not there any more; somebody sent another one meanwhile."""


class NotWhole(Exception):
    """Children are offered this language, and the file lacks sentences that they read."""


@dataclass(frozen=True)
class Proposal:
    """A file that could be put in place, and what it would change among the words that are asked for."""

    language: str
    book: str
    digest: str
    data: bytes = field(repr=False)
    changed: tuple[tuple[Entry, Entry], ...]  # (now, then)
    added: tuple[Entry, ...]
    lost: tuple[Entry, ...]
    lacking: tuple[Problem, ...]  # what a child would not find
    warnings: tuple[Problem, ...]

    @property
    def texts(self) -> int:
        """How many texts would change."""
        return len(self.changed) + len(self.added) + len(self.lost)


def propose(home: Path, language: str, book: str, data: bytes) -> Proposal:
    """Check a file, let it wait, and return what it would change. Raises `po.BrokenFile` with every problem."""
    made = _compared(language, book, data)
    _write(_waiting(home, language, book), data)
    return made


def proposed(home: Path, language: str, book: str, digest: str, *, whole: bool = False) -> Proposal:
    """Return the waiting file, checked once more. `whole`: it must have all that children read.

    Raises `NothingProposed`, `po.BrokenFile` or `NotWhole`.
    """
    data = _bytes(_waiting(home, language, book))
    if _digest(data) != digest:
        raise NothingProposed
    made = _compared(language, book, data)
    if whole and made.lacking:
        raise NotWhole
    return made


def put(home: Path, made: Proposal) -> None:
    """Put a proposed file in force: the very bytes that were checked, whatever waits there by now.

    Every version is kept beside it under its digest, the one before included.
    """
    place, waiting = _place(home, made.language, made.book), _waiting(home, made.language, made.book)
    for version in (_bytes(books.file(made.language, made.book)), made.data):
        if version:
            _write(place.with_name(f"{made.book}.{_digest(version)[:12]}.po"), version)
    _write(place, made.data)
    _forget_old(place.parent, made.book)
    if _bytes(waiting) == made.data:  # another file may have come meanwhile; it waits for its own yes
        waiting.unlink(missing_ok=True)
    books.forget()


def _forget_old(folder: Path, book: str) -> None:
    versions = sorted(folder.glob(f"{book}.{'[0-9a-f]' * 12}.po"), key=lambda one: one.stat().st_mtime_ns)
    for old in versions[:-VERSIONS]:
        old.unlink(missing_ok=True)


def _bytes(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _compared(language: str, book: str, data: bytes) -> Proposal:
    name = f"{language}/{book}.po"
    found = _read(data, language, name)
    then = {one.key: one for one in found.entries}
    now = books.book(language, book).entries
    pairs = [(asked, now.get(asked.key), then.get(asked.key)) for asked in books.wanted(book)]
    before_after = [(asked, a if a and a.done else None, b if b and b.done else None) for asked, a, b in pairs]
    return Proposal(
        language, book, _digest(data), data,
        changed=tuple((a, b) for _asked, a, b in before_after if a and b and a.said != b.said),
        added=tuple(b for _asked, a, b in before_after if b and not a),
        lost=tuple(a for _asked, a, b in before_after if a and not b),
        lacking=tuple(_lacking(name, asked, then.get(asked.key)) for asked, _a, b in before_after
                      if not b and _for_child(book, asked)),
        warnings=tuple(one for one in found.problems if one.warning),
    )  # fmt: skip


def _read(data: bytes, language: str, name: str) -> po.Found:
    if len(data) > po.LARGEST:
        raise po.BrokenFile(
            [Problem(name, 0, "E414", "", "the file is larger than 2 MiB", "Remove what is not needed.")]
        )
    found = po.parse(data, LANGUAGES[language], name)
    if wrong := [*errors(found.problems), *_of_another_book(found, name)]:
        raise po.BrokenFile(wrong)
    return found


def _of_another_book(found: po.Found, name: str) -> Sequence[Problem]:
    """A whole file sent to the wrong place would put aside every word that stands there."""
    keys, book = {one.key for one in found.entries}, Path(name).stem
    holds = {one: len(keys & {asked.key for asked in books.wanted(one)}) for one in books.DOMAINS}
    most = max(holds, key=holds.__getitem__)
    if holds[book] or not holds[most]:
        return ()
    what = f"these are words of {most}.po, not of {book}.po"
    return [Problem(name, 0, "E418", "", what, f"Choose {most}.po, or send the other file.")]


def _for_child(book: str, asked: Entry) -> bool:
    if book not in books.READ_BY_CHILDREN:
        return False
    return books.is_for_child(asked) if book == books.MESSAGES else wording.is_for_child(asked.context)


def _lacking(name: str, asked: Entry, found: Entry | None) -> Problem:
    what = f"'{asked.text[:60]}' is " + ("only guessed (fuzzy)" if found and found.fuzzy else "not translated")
    return Problem(name, found.line if found else 0, "E411", asked.context, what, "Translate it; a child reads it.")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _place(home: Path, language: str, book: str) -> Path:
    return home / "translations" / language / "LC_MESSAGES" / f"{book}.po"


def _waiting(home: Path, language: str, book: str) -> Path:
    return _place(home, language, book).with_name(f"{book}.po.new")


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{uuid.uuid4().hex}.part")  # two may write at once
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place)


def shown(proposal: Proposal, most: int) -> Sequence[tuple[Entry | None, Entry | None]]:
    """Return the first changes, as (now, then); None where there is nothing."""
    found: list[tuple[Entry | None, Entry | None]] = [*proposal.changed]
    found += [(None, one) for one in proposal.added] + [(one, None) for one in proposal.lost]
    return found[:most]
