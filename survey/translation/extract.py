"""From the sources to PO files: templates (.pot), and each language's files brought up to date; no word is lost."""

import io
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from ..instrument import wording
from ..instrument.nouns import Library
from . import books, po
from .languages import Language

# `_l` and `lazy_gettext` mark a sentence that is said later, `_n` one with a plural.
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2),
    "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
REPORT_FILES = [("**.py", "python"), ("**.j2", "jinja2")]
HEADER = """# {what}
msgid ""
msgstr ""
"Project-Id-Version: Heard\\n"
"Language: {code}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def templates(library: Library) -> dict[str, Catalog]:
    """Return what there is to translate, by domain."""
    return {
        books.MESSAGES: _messages(),
        books.QUESTIONNAIRES: _questionnaires(library),
        books.REPORT: _report(),
    }


def _questionnaires(library: Library) -> Catalog:
    made = Catalog()
    for message in wording.messages(library):
        made.add(message.text, context=message.context, auto_comments=["a child reads this"] * message.for_child)
    return made


def _messages() -> Catalog:
    made = Catalog()
    for folder, prefix in ((_folder("survey"), "survey"), (_folder("wtforms"), "wtforms")):
        for place, _line, text, comments, context in _sentences(folder):
            place = f"{prefix}/{Path(place).as_posix()}"
            made.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    return made


def _report() -> Catalog:
    """What the statistics say: they know nothing of the application and have words of their own."""
    made = Catalog()
    for place, _line, text, comments, context in _sentences(_folder("analysis"), REPORT_FILES):
        made.add(text, locations=[(f"analysis/{Path(place).name}", 0)], auto_comments=comments, context=context)
    return made


def _sentences(
    folder: Path, methods: list[tuple[str, str]] | None = None
) -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    options: dict[str, Any] = {}
    if methods is None:
        with (books.shipped() / "babel.cfg").open() as file:
            methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(str(folder), methods, options, KEYWORDS, comment_tags=("Translators:",))
    yield from sorted(found, key=lambda one: (str(one[0]), one[1]))


def _folder(package: str) -> Path:
    found = find_spec(package)
    assert found is not None and found.origin is not None, package
    return Path(found.origin).parent


# ---- writing -------------------------------------------------------------------------------------------------


def is_old(domain: str, catalog: Catalog) -> bool:
    """Does the sources' catalogue ask for other sentences than the template that is there?"""
    asked = {_key(message) for message in catalog if message.id}
    return asked != {entry.key for entry in books.wanted(domain)}


def write_template(catalog: Catalog, file: Path) -> None:
    """Write a template: what is to be translated, with nothing said yet."""
    body = _body(catalog)
    file.write_text(
        HEADER.format(what="What there is to translate in Heard.", code="", plural=_ENGLISH) + body, "utf-8"
    )


_ENGLISH = "nplurals=2; plural=(n != 1);"


def update(catalog: Catalog, language: Language, file: Path, into: Path) -> Catalog:
    """Bring a language's file up to date: new sentences are empty, changed ones are marked fuzzy with the words they
    had, those that are no longer asked stay at the end as comments. Returns what was written to `into`.

    Raises `po.BrokenFile`; nothing is written.
    """
    old = po.messages(file, language) if file.is_file() else []
    made = merged(catalog, old, language)
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(_written(made, language), "utf-8")
    return made


def whole(language: Language, domain: str) -> str:
    """Return a language's file as it would be brought up to date now: all there is to say, with what is said so far.

    Raises `po.BrokenFile`.
    """
    template, file = books.shipped() / f"{domain}.pot", books.file(language.code, domain)
    asked = po.messages(template, Language("", "")) if template.is_file() else []
    old = po.messages(file, language) if file.is_file() else []
    return _written(merged(asked, old, language), language)


def _written(catalog: Catalog, language: Language) -> str:
    what = f"Heard in {language.own_name}. How to translate: docs/translating.md"
    return HEADER.format(what=what, code=language.code, plural=language.plural_forms) + _body(catalog)


def merged(catalog: Iterable[Message], old: Iterable[Message], language: Language) -> Catalog:
    """The sentences of a template with the words a language has for them."""
    said = {_key(message): message for message in old if any(_texts(message))}
    by_context = {message.context: message for message in said.values() if message.context}
    made = Catalog()
    po.count_forms(made, language)
    for wanted in (message for message in catalog if message.id):
        known = said.pop(_key(wanted), None)
        changed = None if known else by_context.get(wanted.context) if wanted.context else None
        _add(made, wanted, known or changed, fuzzy=changed is not None)
    for left in said.values():
        made.obsolete[_key(left)] = left
    return made


def _add(made: Catalog, wanted: Message, known: Message | None, *, fuzzy: bool) -> None:
    empty = ("",) * made.num_plurals if isinstance(wanted.id, (list, tuple)) else ""
    flags = (set(known.flags) if known else set()) | ({"fuzzy"} if fuzzy else set())
    made.add(
        wanted.id, known.string if known else empty, locations=wanted.locations, auto_comments=wanted.auto_comments,
        user_comments=known.user_comments if known else (), flags=flags & {"fuzzy"}, context=wanted.context,
        previous_id=known.id if known and fuzzy else (),
    )  # fmt: skip


def _body(catalog: Catalog) -> str:
    written = io.BytesIO()
    write_po(written, catalog, width=120, omit_header=True, include_lineno=False, include_previous=True)
    return written.getvalue().decode("utf-8")


def _key(message: Message) -> tuple[str, str]:
    first = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return message.context or "", first


def _texts(message: Message) -> tuple[str, ...]:
    said: Any = message.string
    return tuple(said) if isinstance(said, (list, tuple)) else (said or "",)


def said(catalog: Catalog) -> int:
    """How many entries of a catalogue are translated and not only guessed."""
    return sum(bool(message.id) and not message.fuzzy and all(_texts(message)) for message in catalog)
