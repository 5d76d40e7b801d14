"""The words of each language: where the files are, read once and kept, asked by context and English.

The PO files are read as they are; there is no compiled copy that could be older or come from elsewhere.
"""

import gettext as stdlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from os.path import lexists
from pathlib import Path

from ..instrument.problem import Problem
from . import po
from .entry import Entry
from .languages import LANGUAGES, Language, add, is_own

MESSAGES, QUESTIONNAIRES, REPORT = "messages", "questionnaires", "report"
DOMAINS = (MESSAGES, QUESTIONNAIRES, REPORT)
READ_BY_CHILDREN = (MESSAGES, QUESTIONNAIRES)  # a mistake in the researchers' report takes no language from a child
CHILD = (
    "survey/child/",
    "survey/templates/child/",
    "survey/errors.py",
    "survey/reply.py",
    "survey/staff/slip.py",
)  # what a child sees stands in these
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
PAPER = ("survey/staff/slip.py",)  # and this on a card: nobody can hear it there

Mark = tuple[str, int, int]  # path, time of change in nanoseconds, size

_forgets: list[Callable[[], None]] = []  # what else is kept per process and rests on the files
_more: list[Path] = []  # the organisation's own folder, asked first; a process serves one organisation
_seen: dict[tuple[str, str], Mark] = {}  # the files as they were when they were read
_looked = [0.0]  # when somebody last looked whether they are still the same
LOOK_EVERY = 2.0  # seconds: another process may have put a corrected file in place


@dataclass(frozen=True)
class Book:
    """All words of one domain in one language. Empty if there is no file."""

    language: Language
    entries: Mapping[tuple[str, str], Entry]
    problems: tuple[Problem, ...]
    form: Callable[[int], int]

    def find(self, context: str, text: str) -> str | None:
        """Return the words for an English text in its context, or None if they are not there (or only guessed)."""
        found = self.entries.get((context, text))
        return found.said[0] if found and found.done else None

    def count(self, context: str, text: str, n: int) -> str | None:
        """Return the plural form for n things, or None."""
        found = self.entries.get((context, text))
        return found.said[min(self.form(n), len(found.said) - 1)] if found and found.done else None

    # What Flask-Babel and WTForms ask for: English where nothing was found.

    def ugettext(self, text: str) -> str:
        """Return the words for a text."""
        return self.find("", text) or text

    def upgettext(self, context: str, text: str) -> str:
        """Return the words for a text in a context."""
        return self.find(context, text) or text

    def ungettext(self, text: str, plural: str, n: int) -> str:
        """Return the words for n things."""
        return self.count("", text, n) or (text if n == 1 else plural)

    def unpgettext(self, context: str, text: str, plural: str, n: int) -> str:
        """Return the words for n things in a context."""
        return self.count(context, text, n) or (text if n == 1 else plural)


def shipped() -> Path:
    """Return the folder `translations` that came with this version of Heard."""
    found = find_spec("translations")
    places = [Path(place) for place in (found.submodule_search_locations or [])] if found else []
    return next(place for place in places if place.is_dir())


def also(folder: Path) -> None:
    """Use an organisation's own languages and words in `folder` (its `languages.toml`, `<code>/LC_MESSAGES/*.po`).

    Raises `languages.UnknownLanguage`.
    """
    add(folder / "languages.toml")
    if folder not in _more:
        there = any(one.is_dir() for one in (*_more, folder))
        _more[:] = [folder]
        if there:
            forget()


def file(code: str, domain: str) -> Path:
    """Return where the words of a language are, or would be: the organisation's own file stands before the shipped."""
    places = [folder / code / "LC_MESSAGES" / f"{domain}.po" for folder in (*_more, shipped())]
    return next((place for place in places if lexists(place)), places[-1])


def place(code: str, domain: str) -> Path:
    """Return where the words of a language are to be written: what is the organisation's stays in its own folder, for
    an upgrade brings the program's folder anew."""
    found = file(code, domain)
    return _more[0] / code / "LC_MESSAGES" / f"{domain}.po" if _more and is_own(code) else found


def book(code: str, domain: str) -> Book:
    """Return the words of a language on our table; broken entries are left out and named.

    Read once per process, and again when the file is another one than it was.
    """
    _look_again()
    return _read(code, domain)


def _look_again() -> None:
    now = time.monotonic()
    if now - _looked[0] >= LOOK_EVERY:
        _looked[0] = now
        if any(_mark(file(*which)) != before for which, before in tuple(_seen.items())):
            forget()


def _mark(place: Path) -> Mark:
    try:
        found = place.stat()
    except OSError:
        return str(place), 0, 0
    return str(place), found.st_mtime_ns, found.st_size


@cache
def _read(code: str, domain: str) -> Book:
    language, place = LANGUAGES[code], file(code, domain)
    _seen[code, domain] = _mark(place)
    found, form = po.Found((), ()), stdlib.c2py(language.plural_forms.partition("plural=")[2].rstrip("; "))
    if lexists(place):  # also what is no file: it is named, never passed over
        try:
            found = po.read(place, language, f"{code}/{domain}.po")
        except po.BrokenFile as error:
            found = po.Found((), tuple(error.problems))
    broken = {problem.line for problem in found.problems if not problem.warning}
    return Book(language, {one.key: one for one in found.entries if one.line not in broken}, found.problems, form)


def on_forget(clear: Callable[[], None]) -> None:
    """Have something else forgotten, too, when the files are read again."""
    _forgets.append(clear)


def forget() -> None:
    """Read the files again: a reviewed translation was put in place."""
    _read.cache_clear()
    _seen.clear()
    wanted.cache_clear()
    for clear in _forgets:
        clear()


@cache
def wanted(domain: str) -> tuple[Entry, ...]:
    """Return what there is to translate in a domain: the entries of its template (.pot), in order."""
    english = Language("", "")
    template = shipped() / f"{domain}.pot"
    return po.parse(template.read_bytes(), english, template.name).entries if template.is_file() else ()


def is_for_child(entry: Entry) -> bool:
    """Does a child see this sentence of the application?"""
    return any(place.startswith(CHILD) for place in entry.places)


def missing(code: str, domain: str, *, child_only: bool = False) -> list[Entry]:
    """Return what a language has not said yet."""
    if code == "en":
        return []
    known = book(code, domain).entries
    asked = [one for one in wanted(domain) if not child_only or is_for_child(one)]
    return [one for one in asked if not ((found := known.get(one.key)) and found.done and _counts(found, one))]


def _counts(found: Entry, asked: Entry) -> bool:
    """Has it plural forms where they are asked for?"""
    return bool(found.plural) or not asked.plural


def _is_on_paper(entry: Entry) -> bool:
    return all(place.startswith(PAPER) for place in entry.places)


def child_screens(code: str) -> list[str]:
    """Return the sentences around the questions that a child reads in a language: those that are the same for everybody
    (without placeholders and plural forms), in the order of the screens."""
    return [_in(code, text) for text in _on_screens() if "%(" not in text and "{" not in text]


def child_screens_with(code: str, *names: str) -> list[str]:
    """Return those that hold one of these placeholders and no other: the same for everybody at one place."""
    filled = [(text, set(PLACEHOLDER.findall(text))) for text in _on_screens()]
    return [_in(code, text) for text, held in filled if held and held <= set(names)]


def _on_screens() -> list[str]:
    return [one.text for one in wanted(MESSAGES) if is_for_child(one) and not one.plural and not _is_on_paper(one)]


def _in(code: str, text: str) -> str:
    return text if code == "en" else book(code, MESSAGES).ugettext(text)
