"""Read a PO file that may be broken or hostile: either a book of entries, or problems with their places and cures.

Babel does the parsing; what it would swallow, guess or die of is refused before (measured: an unterminated string loads
nothing and says nothing; nplurals=99999999 kills the process; of two equal entries the last one wins).
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser

from ..instrument.problem import Problem, errors, shown
from . import check, shape
from .entry import Entry
from .languages import Language

LARGEST = 2 * 1024 * 1024
MO_MAGIC = (b"\xde\x12\x04\x95", b"\x95\x04\x12\xde")
UTF_8 = re.compile(r"charset\s*=\s*(utf-?8|us-ascii|CHARSET)\s*$", re.IGNORECASE)


class BrokenFile(ValueError):
    """A PO file cannot be used; `problems` says where and how to mend it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(one) for one in problems[:5]))
        self.problems = problems


@dataclass(frozen=True)
class Found:
    """What a PO file holds: its entries, and what is not right with them."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def read(file: Path, language: Language, name: str = "") -> Found:
    """Read a file. Raises `BrokenFile` when nothing of it can be trusted."""
    name = name or file.name
    return parse(_bytes(file, name), language, name)


def parse(data: bytes, language: Language, name: str) -> Found:
    """Read the bytes of a PO file. Raises `BrokenFile`."""
    text = _sound(data, name)
    problems = [*_header(text, language, name)]
    if errors(problems):
        raise BrokenFile(errors(problems))
    catalog = _parsed(text, language, name)
    twice = {Entry.of(message).key for message in catalog.twice}
    entries = [one for message in catalog.kept if (one := Entry.of(message)).key not in twice]
    problems += [_twice(name, message) for message in catalog.twice]
    problems += [one for entry in entries for one in check.entry(entry, language, name)]
    problems += check.alike(entries, name)
    return Found(tuple(entries), tuple(problems))


def messages(file: Path, language: Language) -> list[Message]:
    """Return the entries as Babel holds them, with the comments of translators. Raises `BrokenFile`."""
    text = _sound(_bytes(file, file.name), file.name)
    return list(_parsed(text, language, file.name).kept)


def count_forms(catalog: Any, language: Language) -> None:
    """Tell a catalogue of Babel how many plural forms a language has; Babel need not know the language."""
    catalog._num_plurals, catalog._plural_expr = language.forms, "0"


class _Strict(Catalog):
    """A catalogue that keeps every entry and merges none."""

    def __init__(self, language: Language) -> None:
        super().__init__(charset="utf-8")
        count_forms(self, language)
        self.kept: list[Message] = []
        self.twice: list[Message] = []
        self._seen: set[tuple[Any, str | None]] = set()

    def __setitem__(self, id: Any, message: Message) -> None:
        """Keep an entry; note the second of two with the same words and context. The header is read by ourselves."""
        key = (id[0] if isinstance(id, (list, tuple)) else id, message.context)
        if key in self._seen:
            self.twice.append(message)
        elif key[0]:
            self.kept.append(message)
        self._seen.add(key)


# ---- from a file to sound text -----------------------------------------------------------------------------------


def _bytes(file: Path, name: str) -> bytes:
    """What is in the file, if it is one: a device never ends, and some say that they are empty."""
    if file.suffix not in (".po", ".pot"):  # a template is one of ours: what there is to say, with nothing said
        raise BrokenFile([_problem(name, 0, "E413", "only .po files are read", "Save it as .po; Heard compiles it.")])
    if not file.is_file():
        raise BrokenFile([_problem(name, 0, "E413", "this is not a file", "Put the translation there.")])
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        what = f"it cannot be read: {error.strerror}"
        raise BrokenFile([_problem(name, 0, "E413", what, "Let Heard read the file, or put it there again.")]) from None
    if len(data) > LARGEST:
        raise BrokenFile([_problem(name, 0, "E414", "the file is larger than 2 MiB", "Remove what is not needed.")])
    return data


def _sound(data: bytes, name: str) -> str:
    """The text of a file in which every line is what it may be."""
    text = _text(data, name)
    if not text.strip():
        raise BrokenFile([_no_header(name)])
    if wrong := [*shape.problems(text, name)]:
        raise BrokenFile(wrong)
    return text


def _text(data: bytes, name: str) -> str:
    if data.startswith(MO_MAGIC):
        raise BrokenFile([_problem(name, 0, "E413", "this is a compiled .mo file", "Send the .po; Heard compiles it.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenFile([_problem(name, line, "E405", "this is not UTF-8", "Save the file as UTF-8.")]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BrokenFile([_problem(name, line, "E406", "a NUL sign stands here", "Save it as plain text.")])
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.strip() and not text.endswith("\n"):
        line = text.count("\n") + 1
        raise BrokenFile([_problem(name, line, "E406", "the file breaks off in its last line", "Fetch it again.")])
    return text


def _header(text: str, language: Language, name: str) -> Iterator[Problem]:
    fields = shape.header(text)
    if fields is None:
        yield _no_header(name)
        return
    plural, code, kind = (fields.get(field, "") for field in ("plural-forms", "language", "content-type"))
    if _plain(plural) != _plain(language.plural_forms):
        what = f"Plural-Forms is {shown(plural)}" if plural else "Plural-Forms is missing"
        yield _problem(name, 1, "E403", what, f"For '{language.code}' it is: {language.plural_forms}")
    if code != language.code:
        what = f"the header says the language is {shown(code)}"
        yield _problem(name, 1, "E412", what, f"This file is for '{language.code}'.")
    if kind and not UTF_8.search(kind):
        yield _problem(name, 1, "E405", f"the header says {shown(kind)}", "Save the file as UTF-8, charset=utf-8.")


def _parsed(text: str, language: Language, name: str) -> _Strict:
    catalog = _Strict(language)
    try:
        PoFileParser(catalog, abort_invalid=True).parse(io.StringIO(shape.without_old(text)))
    except PoFileError as error:
        what, line = shown(str(error).rpartition(" on ")[0])[1:-1] or "it cannot be read", error.lineno + 1
        raise BrokenFile([_problem(name, line, "E406", what, shape.MEND)]) from None
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        what = f"it cannot be read: {shown(error)}"
        raise BrokenFile([_problem(name, 0, "E406", what, shape.MEND)]) from None
    return catalog


def _plain(header: str) -> str:
    return re.sub(r"\s", "", header).rstrip(";")


def _no_header(name: str) -> Problem:
    return _problem(name, 1, "E406", "the header is missing", "Begin with the header that `heard translate` writes.")


def _twice(name: str, message: Message) -> Problem:
    found = Entry.of(message)
    what, context = f"{shown(found.text)} is translated twice", shown(found.context)[1:-1]
    return Problem(name, found.line, "E407", context, what, "Keep one of the two.")


def _problem(name: str, line: int, code: str, what: str, cure: str) -> Problem:
    return Problem(name, line, code, "", what, cure)
