"""Names every tool takes, labels cut at a whole letter, and characters no file can hold made visible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 32
# What SPSS and Stata keep for themselves (SPSS Command Syntax Reference; Stata User's Guide 11.3).
RESERVED = {
    "all",
    "and",
    "by",
    "eq",
    "ge",
    "gt",
    "le",
    "lt",
    "ne",
    "not",
    "or",
    "to",
    "with",
    "byte",
    "double",
    "float",
}
RESERVED |= {"if", "in", "int", "long", "str", "strl", "using"}
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|\\(?=[xu])")


def canonical(name: str, longest: int = LONGEST) -> str:
    """A name as every tool takes it: snake_case, ASCII, a letter first, at most ``longest`` letters.

    Examples
    --------
    >>> canonical("D1.1, wish\\nof the child")
    'd1_1_wish_of_the_child'
    >>> canonical("1st"), canonical("by"), canonical("желание")
    ('v_1st', 'by_v', 'v')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    snake = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    if not snake[:1].isalpha():
        snake = f"v_{snake}".rstrip("_")
    if snake in RESERVED:
        snake += "_v"
    return snake[:longest].rstrip("_")


def unique(names: Iterable[str], longest: int = LONGEST) -> list[str]:
    """Canonical names in the same order, no two alike: the second gets ``_2``.

    Examples
    --------
    >>> unique(["D1.1", "d1-1", "D1 1"])
    ['d1_1', 'd1_1_2', 'd1_1_3']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        made, n = canonical(name, longest), 1
        while made in taken:
            n += 1
            made = f"{canonical(name, longest - len(str(n)) - 1)}_{n}"
        taken.add(made)
        found.append(made)
    return found


def shortened(text: str, letters: int | None = None, octets: int | None = None) -> str:
    """A text that fits, cut at a whole letter with an ellipsis; a letter is never parted from its accents.

    Parameters
    ----------
    text : str
    letters, octets : int, optional
        The most code points, and the most bytes in UTF-8, the ellipsis counted.

    Examples
    --------
    >>> shortened("желание", octets=9)
    'жел…'
    >>> shortened("wish", letters=4)
    'wish'
    """
    if _fits(text, letters, octets):
        return text
    whole = _letters(text)
    low, high = 0, len(whole)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _fits(_cut(whole, middle), letters, octets) else (low, middle - 1)
    return _cut(whole, low)


def printable(text: str) -> str:
    r"""A text with the characters no XML or spreadsheet can hold written as ``\x..`` or ``\u....``.

    Tab and line feed stay. A backslash before ``x`` or ``u`` becomes ``\x5c``, so that ``original`` finds back.

    Examples
    --------
    >>> print(printable("a\x00b"), printable("\\x00"))
    a\x00b \x5cx00
    """
    return UNSEEN.sub(lambda found: _escape(found[0]), text)


def original(text: str) -> str:
    r"""Undo ``printable``.

    Examples
    --------
    >>> original(printable("a\x00\\x41")) == "a\x00\\x41"
    True
    """
    return re.sub(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})", lambda found: chr(int(found[1] or found[2], 16)), text)


def _escape(letter: str) -> str:
    return f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{ord(letter):04x}"


def _fits(text: str, letters: int | None, octets: int | None) -> bool:
    return (letters is None or len(text) <= letters) and (
        octets is None or len(text.encode("utf-8", "surrogatepass")) <= octets
    )


def _letters(text: str) -> list[str]:
    """Code points, each with the combining marks that follow it."""
    return re.findall(r"(?s).[\u0300-\u036f\u064b-\u065f\u0670\u1ab0-\u1aff\u20d0-\u20ff\u200d\ufe0f]*", text)


def _cut(letters: list[str], count: int) -> str:
    return "".join(letters[:count]).rstrip() + "…"
