"""Our own table of languages. A language needs to be known to nobody but us: not to CLDR, not to any library.

An organisation adds its own in `translations/languages.toml` in its home folder, beside the folder with the words.
"""

import gettext as stdlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ..instrument.problem import shown

DEFAULT = "en"
CODE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{2,8}){0,3}")
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff<>]")
LARGEST, LONGEST = 64 * 1024, 80
VOICE = re.compile(r"[A-Za-z0-9+-]{0,40}")
TRIED = 1001  # how many numbers a rule of plural forms is tried on
COUNT = re.compile(r"nplurals\s*=\s*([1-6])\b")
TWO_FORMS = "nplurals=2; plural=(n != 1);"
SLAVIC = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
)  # fmt: skip
# zero, one, two, few, many, other: the order of CLDR, Weblate and Poedit. Babel's own header swaps the last two.
ARABIC = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
)  # fmt: skip


@dataclass(frozen=True)
class Language:
    """A language as its speakers write its name, and what a page needs to know to show and to speak it."""

    code: str
    own_name: str
    direction: str = "ltr"
    script: str = "latin"  # which typeface a child's page loads: latin, cyrillic or arabic
    voice: str = ""  # espeak-ng's name of a voice for drafts; empty: there is none
    plural_forms: str = TWO_FORMS
    helplines: tuple[tuple[str, str], ...] = ()  # (name, number) of lines that speak it

    @property
    def forms(self) -> int:
        """How many plural forms it has."""
        found = COUNT.search(self.plural_forms)
        return int(found[1]) if found else 1


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "English", voice="en-gb"),
        Language("ru", "Русский", script="cyrillic", voice="ru", plural_forms=SLAVIC),
        Language("sw", "Kiswahili", voice="sw"),
        Language("ar", "العربية", "rtl", script="arabic", voice="ar", plural_forms=ARABIC),
        Language("fr", "Français", voice="fr-fr", plural_forms="nplurals=2; plural=(n > 1);"),
        Language("es", "Español", voice="es-419"),
        Language("uk", "Українська", script="cyrillic", voice="uk", plural_forms=SLAVIC),
    )
}
SHIPPED = dict(LANGUAGES)


class UnknownLanguage(ValueError):
    """The table of languages cannot be read; the message says where and how to mend it."""


def known(code: str | None) -> str:
    """Return `code` if it is on our table, else the default. Nothing of the input is ever parsed."""
    return code if code in LANGUAGES else DEFAULT


def is_own(code: str) -> bool:
    """Is it the organisation's: a language it added, or one of ours as it wants it?"""
    return LANGUAGES.get(code) is not SHIPPED.get(code)


def direction(code: str) -> str:
    """Return `ltr` or `rtl`."""
    return LANGUAGES[known(code)].direction


def add(file: Path) -> list[Language]:
    """Add an organisation's own languages from its `languages.toml`; nothing if there is no file.

    Raises `UnknownLanguage` naming the file, the language and the cure.
    """
    if not file.is_file():
        return []
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise UnknownLanguage(f"{file} cannot be read ({error.strerror}). Let Heard read it.") from None
    if len(data) > LARGEST:
        raise UnknownLanguage(f"{file}: the file is larger than 64 KiB. Write one short table for each language.")
    try:
        written = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnknownLanguage(f"{file}: {error}. Save it as UTF-8 TOML, one table [code] for each language.") from None
    made = [_language(file, code, entry) for code, entry in written.items()]
    LANGUAGES.update({language.code: language for language in made})
    return made


def _language(file: Path, code: str, entry: Any) -> Language:
    if not CODE.fullmatch(code):
        raise UnknownLanguage(f"{file}: {shown(code)} is no code of a language. Use small letters: [xx] or [xx-yyyy].")
    if code == DEFAULT:
        raise UnknownLanguage(f"{file}, [{code}]: English is what everything is written in. Delete this table.")
    if not isinstance(entry, Mapping) or not _is_name(entry.get("own_name")):
        raise UnknownLanguage(
            f"{file}, [{code}]: own_name is missing or no short text. Write the name as its speakers write it."
        )
    _keys(file, code, entry)
    _count(file, code, entry.get("plural_forms", TWO_FORMS))
    return Language(code, **{**entry, "helplines": _helplines(file, code, entry.get("helplines", []))})


def _is_name(value: object) -> bool:
    """Is it a short text that a person can see?"""
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST and not HIDDEN.search(value)


def _keys(file: Path, code: str, entry: Mapping[str, Any]) -> None:
    names = {field.name for field in fields(Language)} - {"code"}
    if unknown := sorted(set(entry) - names):
        raise UnknownLanguage(
            f"{file}, [{code}]: unknown key {shown(unknown[0])}. Known are {', '.join(sorted(names))}."
        )
    for key, allowed in (("direction", ("ltr", "rtl")), ("script", ("latin", "cyrillic", "arabic"))):
        if entry.get(key, allowed[0]) not in allowed:
            raise UnknownLanguage(f"{file}, [{code}]: {key} is one of {', '.join(allowed)}.")
    voice = entry.get("voice", "")
    if not isinstance(voice, str) or not VOICE.fullmatch(voice):
        raise UnknownLanguage(f"{file}, [{code}]: voice is a name that `espeak-ng --voices` shows, or empty.")


def _helplines(file: Path, code: str, lines: Any) -> tuple[tuple[str, str], ...]:
    pairs: list[Any] = lines if isinstance(lines, list) else [lines]
    if not all(isinstance(pair, list) and len(pair) == 2 and all(map(_is_name, pair)) for pair in pairs):
        raise UnknownLanguage(
            f'{file}, [{code}]: helplines is a list of names and numbers. For example: [["Helpline", "116 111"]]'
        )
    return tuple((name, number) for name, number in pairs)


def _count(file: Path, code: str, header: object) -> None:
    """Can the rule be used? It is read by a parser of the standard library that knows numbers and nothing else, and
    tried: it must name one of its forms for every number, and never divide by nothing."""
    found = COUNT.search(header) if isinstance(header, str) else None
    try:
        form = stdlib.c2py(str(header).partition("plural=")[2].rstrip("; "))
        usable = found is not None and all(0 <= form(n) < int(found[1]) for n in range(TRIED))
    except (ValueError, ArithmeticError):
        usable = False
    if not usable:
        raise UnknownLanguage(f"{file}, [{code}]: plural_forms cannot be used. For example: {TWO_FORMS}")
