"""Takes typed values out of one TOML table and notes what is absent, of another type, unknown, unclean."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from survey.instrument.nouns import Place
from survey.instrument.problem import Problem, shown
from survey.instrument.source import Source

LONGEST_TEXT = 300
MARKUP = re.compile(r"<\s*[A-Za-z/!?]|&[A-Za-z]+;|&#|\]\(|\*\*|`")
ADDRESS = re.compile(r"[a-z]+://|www\.|\b[\w-]+\.(com|org|net|info|io)\b", re.IGNORECASE)
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
HELP = {
    "required": "Delete it: children can always skip.",
    "mandatory": "Delete it: children can always skip.",
}


class Fields:
    """One table being read. Every key that is asked for is known; `finish` reports the others."""

    def __init__(self, table: object, place: Place, problems: list[Problem], question: str = "") -> None:
        self.table: dict[str, Any] = table if isinstance(table, dict) else {}
        self.place, self.problems, self.question = place, problems, question
        self.known: set[str] = set()
        if not isinstance(table, dict):
            self.wrong("E300", "", "a table is expected here", "Compare with another questionnaire.")

    def wrong(self, code: str, key: str, what: str, cure: str) -> None:
        """Note a problem at the line of this key."""
        self.problems.append(Problem(self.place.file, self.place.line(key), code, self.question, what, cure))

    def _take(self, key: str, kind: type | tuple[type, ...], article: str, required: bool) -> Any:
        self.known.add(key)
        value = self.table.get(key)
        if key not in self.table:
            if required:
                self.wrong("E310", "", f"{shown(key)} is missing", f"Add a line: {key} = …")
            return None
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return value
        self.wrong("E304", key, f"{shown(key)} must be {article}", f"Write {key} as {article}.")
        return None

    def code(self, key: str, required: bool = False) -> str:
        """A short text for the machine: an id, a code, a choice from a list, an expression."""
        value = self._take(key, str, "a text between quotes", required)
        return value if value is not None and self._clean(key, value) else ""

    def text(self, key: str, required: bool = False) -> str:
        """A text for people: plain, at most 300 characters."""
        value = self._take(key, str, "a text between quotes", required)
        if value is not None and required and not value.strip():
            self.wrong("E310", key, f"{shown(key)} is empty", "Write the text.")
        return unicodedata.normalize("NFC", value) if value and self._plain(key, value) else ""

    def whole(self, key: str, required: bool = False) -> int | None:
        """A whole number of a size a questionnaire may need."""
        value = self._take(key, int, "a whole number", required)
        if value is not None and not 0 <= value <= 1_000_000:
            self.wrong("E304", key, f"{shown(key)} is out of range", "Write a number from 0 to 1000000.")
            return None
        return int(value) if value is not None else None

    def number(self, key: str, required: bool = False) -> float:
        """A number, whole or decimal."""
        value = self._take(key, (int, float), "a number", required)
        return float(value) if value is not None and abs(value) < 1e6 else 0.0

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        return bool(self._take(key, bool, "true or false", False))

    def codes(self, key: str, required: bool = False) -> tuple[str, ...]:
        """A list of short texts."""
        value = self._take(key, list, "a list of texts", required) or []
        if not all(isinstance(item, str) for item in value):
            self.wrong("E304", key, f"{shown(key)} must hold texts only", "Put each between quotes.")
        return tuple(item for item in value if isinstance(item, str) and self._clean(key, item))

    def texts(self, key: str, required: bool = False) -> Mapping[str, str]:
        """Texts by age group, code or wave: text.10-12 = "…"."""
        table = self._take(key, dict, "a table of texts", required)
        return self._inner(key, table) if table is not None else {}

    def _inner(self, key: str, table: dict[str, Any]) -> dict[str, str]:
        inner = Fields(table, _under(self.place, key), self.problems, self.question)
        return {name: inner.text(name, required=True) for name in table}

    def texts_by(self, key: str) -> Mapping[str, Mapping[str, str]]:
        """Tables of texts by name: [next.before] 10-12 = "…"."""
        tables = self._take(key, dict, "tables of texts", False) or {}
        inner = Fields(tables, _under(self.place, key), self.problems, self.question)
        return {name: inner.texts(name) for name in tables}

    def tables(self, key: str, required: bool = False) -> list[Any]:
        """The tables of an array: [[question]] … or a list of { … }."""
        return list(self._take(key, list, "a list of tables", required) or [])

    def any_text(self, key: str) -> str | None:
        """The text itself when the key holds one plain text, else nothing."""
        value = self.table.get(key)
        return self.text(key, required=True) if isinstance(value, str) else None

    def finish(self) -> None:
        """Report every key nobody asked for, with the nearest that exists."""
        for key in self.table:
            if key not in self.known:
                self.wrong("E311", key, f"unknown key {shown(key)}", self._cure_unknown(key))

    def _cure_unknown(self, key: str) -> str:
        if key in HELP:
            return HELP[key]
        near = difflib.get_close_matches(key[:SHORT], sorted(self.known), n=1)
        return f"Did you mean {shown(near[0])}?" if near else f"Known here: {', '.join(sorted(self.known))}."

    def _clean(self, key: str, value: str) -> bool:
        if any(unicodedata.category(letter) in {"Cc", "Cs", "Cn"} for letter in value) or BIDI.search(value):
            self.wrong("E319", key, f"{shown(key)} holds a character that cannot be seen", "Type the text again.")
            return False
        return True

    def _plain(self, key: str, value: str) -> bool:
        if MARKUP.search(value) or ADDRESS.search(value):
            cure = "Write plain text: no HTML, no Markdown, no web address."
            self.wrong("E318", key, f"{shown(key)} is not plain text", cure)
        if len(value) > LONGEST_TEXT:
            self.wrong("E320", key, f"{shown(key)} is longer than {LONGEST_TEXT} characters", "Shorten it.")
        return self._clean(key, value)


SHORT = 40


def _under(place: Place, key: str) -> Place:
    """The place of a table inside a table."""
    inside = {name.removeprefix(f"{key}."): line for name, line in place.lines.items() if name.startswith(f"{key}.")}
    return Place(place.file, {"": place.line(key), **inside})


def top(source: Source) -> Place:
    """The place of the top of a file; its tables count as keys: title, title.10-12."""
    lines = {"": 1}
    for (table, index, key), line in source.lines.found.items():
        if index == 0:
            lines.setdefault(".".join(part for part in (table, key) if part), line)
    return Place(source.file, lines)


def numbered(source: Source, table: str, index: int) -> Place:
    """The place of the n-th [[table]]."""
    found = source.lines.found.items()
    return Place(source.file, {key: line for (name, n, key), line in found if (name, n) == (table, index)})


def each(fields: Fields, source: Source, table: str) -> Iterator[Fields]:
    """The fields of every [[table]] of a file, each knowing its own lines."""
    for index, item in enumerate(fields.tables(table)):
        yield Fields(item, numbered(source, table, index), fields.problems)
