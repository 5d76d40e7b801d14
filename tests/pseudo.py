"""A language nobody speaks and no library knows, made from the English: it shows what was forgotten to be translated.

Every Latin letter becomes an Arabic one; placeholders and digits stay. What is still Latin on a page was not asked for.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from survey.translation import books, extract
from survey.translation.languages import LANGUAGES, Language, add

from .conftest import LIBRARY

CODE = "qaa-heard"
OWN_NAME = "قاا"
TOML = f"""
[{CODE}]
own_name = "{OWN_NAME}"
direction = "rtl"
script = "arabic"
plural_forms = "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);"
helplines = [["خط", "116 111"]]
"""
KEPT = re.compile(r"(%\(\w+\)[a-z]|%%|\{\w+\}|\d+)")
HEARD = re.compile(r'(?:aria-label|alt|placeholder|data-says[\w-]*|data-said|data-left)="([^"]*)"')
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابجدهوزحطيكلمنسعفصقرشتثخذض")


def said(english: str) -> str:
    """Return English as this language says it."""
    parts = KEPT.split(english)
    return "".join(part if KEPT.fullmatch(part) else part.lower().translate(LETTERS) for part in parts)


def write(home: Path, *, without: str = "") -> None:
    """Add the language to an organisation's home; all its words but one, if `without` names an English text."""
    folder = home / "translations"
    (folder / CODE / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    (folder / "languages.toml").write_text(TOML, "utf-8")
    for name, words in files().items():
        lacking = words.replace(f'msgstr "{said(without)}"', 'msgstr ""') if without else words
        (folder / CODE / "LC_MESSAGES" / f"{name}.po").write_text(lacking, "utf-8")


@cache
def files() -> dict[str, str]:
    """Return the text of every PO file of the language, from the sources as they are now."""
    language = Language(CODE, OWN_NAME, "rtl", "arabic", plural_forms=TOML.split('plural_forms = "')[1].split('"')[0])
    catalogs = extract.templates(LIBRARY)
    for name, catalog in catalogs.items():
        for one in books.wanted(name):  # what the templates ask for, should the sources be ahead of them
            catalog.add((one.text, one.plural) if one.plural else one.text, context=one.context or None)
    return {name: _written(catalog, language) for name, catalog in catalogs.items()}


def _written(catalog: extract.Catalog, language: Language) -> str:
    made = extract.merged(catalog, [], language)
    for message in made:
        if message.id:
            plural = isinstance(message.id, (list, tuple))
            message.string = (said(message.id[1]),) * 3 if plural else said(message.id)
    return extract._written(made, language)


def forget() -> None:
    """Leave no trace of the language in this process."""
    LANGUAGES.pop(CODE, None)
    books._more.clear()
    books.forget()


def latin(page: str, allowed: set[str]) -> set[str]:
    """Return the Latin words that can be read, or heard, on a page and are not allowed."""
    shown = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", page)
    spoken = " ".join(HEARD.findall(shown))
    text = re.sub(r"<[^>]+>", " ", shown) + " " + spoken
    title = " ".join(re.findall(r"(?s)<title>(.*?)</title>", page))
    return set(_words(re.sub(r"&#?\w+;|\{\w+\}", " ", f"{text} {title}"))) - allowed


def _words(text: str) -> Iterator[str]:
    for found in re.finditer(r"[A-Za-z][A-Za-z'-]+", text):
        yield found[0]


def known(home: Path) -> None:
    """Put the language on the table of this process, as the start of Heard does."""
    add(home / "translations" / "languages.toml")
    books.also(home / "translations")
