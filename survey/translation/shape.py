"""Is every line of a PO file what it may be, in its order? Babel would swallow a missing quotation mark or guess.

Lines beginning with `#~` are old entries, kept for translators; nobody reads their words.
"""

import re
from collections.abc import Iterator

from babel.messages.pofile import unescape

from ..instrument.problem import Problem, shown

QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
LINE = re.compile(rf"(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+)?({QUOTED})")
OLD = "#~"
MEND = "Close every quotation mark, and give every msgid its msgstr."
START, WHOLE, PLURAL = "the beginning", "msgstr", re.compile(r"msgstr\[(\d)\]")


def problems(text: str, name: str) -> Iterator[Problem]:
    """Yield the first line that is wrong: what follows it cannot be trusted."""
    before = START
    for number, line in _lines(text):
        found = LINE.fullmatch(line)
        if line.startswith("#"):
            wrong = "" if _ends(before) else f"the entry breaks off after {before}"
        elif found is None:
            wrong = f"{shown(line)} is no line of a PO file, or a quotation mark is missing"
        else:
            keyword = found[1] or ""
            wrong = "" if _may_follow(before, keyword) else f"{keyword or 'a text'} cannot stand after {before}"
            before = keyword or before
        if wrong:
            yield Problem(name, number, "E406", "", wrong, MEND)
            return
    if not _ends(before):
        yield Problem(name, text.count("\n"), "E406", "", f"the file breaks off after {before}", "Fetch it again.")


def header(text: str) -> dict[str, str] | None:
    """Return the fields of the header by their small names; None if the file does not begin with one."""
    said = "".join(_first_entry(text))
    if not said:
        return None
    fields = (line.partition(":") for line in said.split("\n"))
    return {field.strip().lower(): value.strip() for field, _, value in fields}


def _first_entry(text: str) -> Iterator[str]:
    """Yield the words of the first entry, if it is the one without a msgid: the header."""
    found = (LINE.fullmatch(line) for _, line in _lines(text) if not line.startswith("#"))
    parts = ((one[1], unescape(one[2])) for one in found if one)
    if next(parts, None) == ("msgid", "") and (begins := next(parts, None)) and begins[0] == "msgstr":
        yield begins[1]
        for keyword, said in parts:
            if keyword:
                return
            yield said


def without_old(text: str) -> str:
    """The text without old entries; the lines keep their numbers."""
    return "\n".join("" if line.strip().startswith(OLD) else line for line in text.split("\n"))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield every line that says something, with its number."""
    for number, line in enumerate(text.split("\n"), start=1):
        if stripped := line.strip():
            yield number, stripped


def _ends(keyword: str) -> bool:
    return keyword in (START, WHOLE) or PLURAL.fullmatch(keyword) is not None


def _may_follow(before: str, keyword: str) -> bool:
    """May a line with this keyword (none: the text goes on) stand after the last keyword?"""
    form = PLURAL.fullmatch(before)
    following = {
        "": before != START,
        "msgctxt": _ends(before),
        "msgid": _ends(before) or before == "msgctxt",
        "msgid_plural": before == "msgid",
        "msgstr": before == "msgid",
        "msgstr[0]": before == "msgid_plural",
    }
    if keyword in following:
        return following[keyword]
    return form is not None and keyword == f"msgstr[{int(form[1]) + 1}]"
