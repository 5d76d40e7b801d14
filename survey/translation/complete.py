"""Is a language whole? Children are asked in it only when every sentence they may see is there."""

from functools import cache

from ..instrument import wording
from ..instrument.nouns import Library
from ..instrument.problem import Problem
from . import books
from .entry import Entry
from .languages import LANGUAGES

SOURCE = "en"


def languages() -> list[str]:
    """Return the languages beside English in which a child can be asked everything."""
    return [code for code in LANGUAGES if code != SOURCE and not lacking(code)]


def problems(code: str) -> list[Problem]:
    """Return every sentence for children that a language lacks, and every broken entry, each with its place (E411)."""
    if code == SOURCE:
        return []
    broken = [one for domain in books.READ_BY_CHILDREN for one in books.book(code, domain).problems if not one.warning]
    return broken + [_missing(code, domain, one) for domain, one in lacking(code)]


def unsaid(library: Library, code: str) -> list[Problem]:
    """Return what a language lacks of a library that is not the shipped one: its files may ask other questions."""
    if code == SOURCE:
        return []
    words = books.book(code, books.QUESTIONNAIRES)
    asked = [one for one in wording.messages(library) if one.for_child]
    lost = [one for one in asked if words.find(one.context, one.text) is None]
    return [_missing(code, books.QUESTIONNAIRES, Entry(one.context, one.text, "", ("",), False, 0)) for one in lost]


@cache
def lacking(code: str) -> tuple[tuple[str, Entry], ...]:
    """Return what a child would not find in a language: (domain, entry)."""
    screens = [(books.MESSAGES, one) for one in books.missing(code, books.MESSAGES) if books.is_for_child(one)]
    asked = [one for one in books.missing(code, books.QUESTIONNAIRES) if wording.is_for_child(one.context)]
    return (*screens, *((books.QUESTIONNAIRES, one) for one in asked))


def _missing(code: str, domain: str, entry: Entry) -> Problem:
    found = books.book(code, domain).entries.get(entry.key)
    what = f"'{entry.text[:60]}' is " + ("only guessed (fuzzy)" if found and found.fuzzy else "not translated")
    file, line = f"{code}/{domain}.po", found.line if found else 0
    return Problem(file, line, "E411", entry.context, what, "Translate it, or do not offer this language to children.")


books.on_forget(lacking.cache_clear)
