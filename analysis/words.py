"""The language of a report: its words, numbers and months, and which way it runs. English where a word is missing.

Words come from ``translations/<code>/LC_MESSAGES/report.po``. A file that is broken, or that says something impossible,
is not used at all: a report in English is better than none.
"""

from __future__ import annotations

import datetime as dt
import gettext as stdlib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel import UnknownLocaleError
from babel.core import Locale
from babel.dates import format_skeleton
from babel.messages import Catalog
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal, format_percent

ENGLISH = "en"
FILE = "report.po"
CODE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{2,8})*")
LARGEST = 2 * 1024 * 1024
PLURAL = re.compile(r'"Plural-Forms:\s*nplurals\s*=\s*(?P<count>\d+)\s*;\s*plural\s*=(?P<rule>[^"\\]*?);?\s*(?:\\n)?"')
LTR = "\u200e"  # nobody sees it; what it touches runs from left to right
PERCENT = re.compile(r"(?<=\d)%(?!\()")
MONTH = re.compile(r"(\d{4})-(\d{2})")

Said = Mapping[tuple[str, str], tuple[str, ...]]


class UnknownLanguage(ValueError):
    """There are no words for a report in this language; the message names those there are."""


def _l(text: str) -> str:
    """Mark a text that is said later, in the language of the reader."""
    return text


@dataclass(frozen=True)
class Words:
    """One language. The methods have the names that tools for translators look for."""

    code: str = ENGLISH
    said: Said = field(default_factory=dict)
    form: Callable[[int], int] = lambda n: int(n != 1)

    def gettext(self, text: str, **values: object) -> str:
        """A sentence, with its values put in."""
        return filled(self.find("", text), text, values)

    def pgettext(self, context: str, text: str) -> str:
        """A word that means several things, in one of its meanings."""
        return self.find(context, text)

    def ngettext(self, one: str, many: str, num: int) -> str:
        """A sentence about ``num`` things, which stands in it as ``%(num)s``."""
        english = one if num == 1 else many
        forms = self.said.get(("", one), ())
        text = forms[min(self.form(num), len(forms) - 1)] if forms else english
        return filled(text, english, {"num": self.decimal(num)})

    def find(self, context: str, text: str) -> str:
        """The words for a text, with their placeholders still open; “D = W” stays on one line."""
        found = self.said.get((context, text), (text,))[0].replace(" = ", "\u00a0=\u00a0")
        return PERCENT.sub(f"{LTR}%{LTR}", found) if self.direction == "rtl" else found

    @cached_property
    def locale(self) -> Locale | None:
        """What CLDR knows of the language; None when it does not know it, and figures are written plainly."""
        try:
            return Locale.parse(self.code, sep="-")
        except (UnknownLocaleError, ValueError):
            return None

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return "rtl" if self.locale and self.locale.character_order == "right-to-left" else "ltr"

    def percent(self, value: float) -> str:
        """A share in whole per cent: 0.637 is “64%” in English, “64 %” in Russian."""
        share = f"{value:.2f}"
        return format_percent(Decimal(share), locale=self.locale) if self.locale else f"{value:.0%}"

    def decimal(self, value: float, digits: int = 0) -> str:
        """A number, its thousands apart, with a real minus."""
        figures = f"{value:.{digits}f}"
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        text = format_decimal(Decimal(figures), format=pattern, locale=self.locale) if self.locale else figures
        return text.replace("-", self._sign("\u2212"))

    def signed(self, value: float) -> str:
        """A difference, its sign always written."""
        return (self._sign("+") if f"{value:+.2f}"[0] == "+" else "") + self.decimal(value, 2)

    def _sign(self, sign: str) -> str:
        """A sign that stands before its number in Arabic, too: after Arabic letters it would jump behind it."""
        return LTR + sign if self.direction == "rtl" else sign

    def month(self, month: str) -> str:
        """“2026-06” as people write it; in figures where the names of the months are not known."""
        found = MONTH.fullmatch(month)
        if not self.locale or not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
            return month
        return str(format_skeleton("yMMMM", dt.date(int(found[1]), int(found[2]), 1), locale=self.locale))

    def listed(self, things: Iterable[object]) -> str:
        """Things one after the other."""
        return ("، " if self.direction == "rtl" else ", ").join(map(str, things))


def shipped() -> Path:
    """The folder ``translations`` that came with this version."""
    found = find_spec("translations")
    return next(Path(place) for place in (found.submodule_search_locations or []) if found) if found else Path()


def known(*folders: Path) -> list[str]:
    """Every language a report can be written in."""
    places = [file for folder in (*folders, shipped()) for file in folder.glob(f"*/LC_MESSAGES/{FILE}")]
    return sorted({ENGLISH, *(file.parts[-3] for file in places if CODE.fullmatch(file.parts[-3]))})


def speak(code: str, *folders: Path) -> Words:
    """The words of a language; ``folders`` (an organisation's own) are asked before the shipped one.

    Raises
    ------
    UnknownLanguage
        When nobody has translated the report into it.
    """
    if code == ENGLISH:
        return Words()
    if code not in (codes := known(*folders)):
        raise UnknownLanguage(f"There is no report in '{code[:20]}'. There is one in: {', '.join(codes)}.")
    files = [folder / code / "LC_MESSAGES" / FILE for folder in (*folders, shipped())]
    return read(next(file for file in files if file.is_file()), code)


def read(file: Path, code: str) -> Words:
    """The words of one file. Without a word where the file is too large, broken, or counts in an impossible way."""
    if file.stat().st_size > LARGEST:
        return Words(code)
    try:
        text = file.read_text("utf-8")
        count, form = _plural(text)
        catalog = read_po(io.StringIO(text), abort_invalid=True)
    except (PoFileError, ValueError, IndexError, AttributeError):
        return Words(code)
    return Words(code, _said(catalog, count), form)


def _plural(text: str) -> tuple[int, Callable[[int], int]]:
    """How many forms, and which for n things. Refused before Babel reads the header: it would make a million forms.

    Raises ValueError.
    """
    found = PLURAL.search(text)
    if found is None or not 1 <= int(found["count"][:3]) <= 6:
        raise ValueError("Plural-Forms is missing or impossible")
    return int(found["count"]), stdlib.c2py(found["rule"].strip())


def _said(catalog: Catalog, count: int) -> Said:
    """What is translated in every form, and not only guessed."""
    made: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalog:
        words: Any = message.string
        forms = tuple(words) if isinstance(words, list | tuple) else (words,)
        plural = isinstance(message.id, list | tuple)
        whole = all(text and text.strip() for text in forms) and len(forms) == (count if plural else 1)
        if message.id and whole and not message.fuzzy:
            made[message.context or "", message.id[0] if plural else str(message.id)] = forms
    return made


def filled(text: str, english: str, values: Mapping[str, object]) -> str:
    """The values in their places; a translation with other places gives way to the English."""
    if not values:
        return text
    try:
        return text % values
    except (KeyError, ValueError, TypeError):
        return english % values
