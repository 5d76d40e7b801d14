"""A questionnaire file on disk → TOML data and the line of everything in it. Never a stack trace."""

import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey.instrument.problem import Problem

MOST_BYTES = 1024 * 1024
LONGEST_LINE = 2000
DEEPEST = 8

HEADER = re.compile(r"^\s*\[\[?\s*([^\[\]#]+?)\s*\]\]?\s*(#.*)?$")
KEY = re.compile(r"^\s*([A-Za-z0-9_\-.\"' ]+?)\s*=")
CODE = re.compile(r"\{\s*code\s*=")


@dataclass(slots=True)
class Lines:
    """Where each table and key begins. Tables of one name are counted from 0; the top of the file is ''."""

    found: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def of(self, table: str = "", index: int = 0, key: str = "") -> int:
        """The line of a key, else of its table, else of the file's first line."""
        exact = self.found.get((table, index, key))
        return exact or self.found.get((table, index, ""), 1)


@dataclass(frozen=True, slots=True)
class Source:
    """One file that could be read: its name in messages, its data, its lines."""

    file: str
    data: dict[str, Any]
    lines: Lines


def load(path: Path, name: str) -> tuple[Source | None, list[Problem]]:
    """Read one file. Returns the source, or what stopped us."""
    raw, problem = _bytes(path, name)
    if problem:
        return None, [problem]
    text, problem = _text(raw, name)
    if problem:
        return None, [problem]
    data, problem = _toml(text, name)
    if problem:
        return None, [problem]
    return Source(name, data, locate(text)), []


def _bytes(path: Path, name: str) -> tuple[bytes, Problem | None]:
    def refuse(code: str, what: str, cure: str) -> tuple[bytes, Problem]:
        return b"", Problem(name, 0, code, "", what, cure)

    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return refuse("E327", "this is not a regular file", "Put the questionnaire itself here, no link.")
        if status.st_size > MOST_BYTES:
            return refuse("E326", "the file is larger than 1 MiB", "Split it into smaller questionnaires.")
        return _read_regular(path), None
    except (OSError, ValueError):
        return refuse("E327", "the file cannot be opened", "Check that it exists and may be read.")


def _read_regular(path: Path) -> bytes:
    """Open without following a link put there in between."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        return file.read(MOST_BYTES + 1)


def _text(raw: bytes, name: str) -> tuple[str, Problem | None]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", Problem(name, line, "E308", "", "the file is not UTF-8", "Save it as UTF-8.")
    if not any(_says_something(line) for line in text.splitlines()):
        return "", Problem(name, 0, "E309", "", "the file is empty", "Write the questionnaire or delete the file.")
    for number, content in enumerate(text.split("\n"), 1):
        if len(content) > LONGEST_LINE:
            return "", Problem(name, number, "E320", "", "this line is far too long", "Break it into several lines.")
    return text, None


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _toml(text: str, name: str) -> tuple[dict[str, Any], Problem | None]:
    deep = Problem(name, 0, "E306", "", "values are nested too deeply", "Use plain tables and lists.")
    try:
        data = tomllib.loads(text)
    except RecursionError:
        return {}, deep
    except ValueError as error:
        return {}, _toml_problem(str(error), text, name)
    return (data, None) if _depth(data) <= DEEPEST else ({}, deep)


MENDING = (
    ("Cannot overwrite", "E303", "a key or table appears twice", "Remove one."),
    ("Cannot declare", "E303", "a key or table appears twice", "Remove one."),
    ("Cannot mutate", "E303", "a key or table appears twice", "Remove one."),
    ("Duplicate inline", "E303", "a key appears twice", "Remove one."),
    ("Invalid date", "E305", "this date does not exist", "Put the value between double quotes."),
    ("Unterminated", "E300", "a quotation mark or bracket is not closed", "Close it."),
    ("Unclosed", "E300", "a bracket is not closed", "Close it."),
    ("Illegal character", "E300", "a character is not allowed here", "Delete it and type it again."),
    ("Expected '='", "E300", "a key has no value", 'Write: key = "value".'),
    ("Invalid value", "E300", "a value is not understood", "Put the value between double quotes."),
)


def _toml_problem(message: str, text: str, name: str) -> Problem:
    found = re.search(r"at line (\d+)", message)
    line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1 if "end of document" in message else 0
    for sign, code, what, cure in MENDING:
        if sign in message:
            return Problem(name, line, code, "", what, cure)
    return Problem(name, line, "E300", "", "this is not valid TOML", "Compare the line with a neighbour that works.")


def _depth(value: object) -> int:
    """How deeply lists and tables are nested, without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        waiting.extend((child, depth + 1) for child in children)
    return deepest


def locate(text: str) -> Lines:
    """Find the line of every table and key. Forgiving: it only serves to point at a place."""
    lines, table, index, counts, options, closing = Lines(), "", 0, dict[str, int](), 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if header := HEADER.match(line):
            table, options = header[1].replace('"', ""), 0
            index = counts[table] = counts.get(table, -1) + 1
            lines.found[(table, index, "")] = number
        elif key := KEY.match(line):
            lines.found.setdefault((table, index, _plain(key[1])), number)
        for _ in CODE.findall(line):
            lines.found[(table, index, f"option {options}")] = number
            options += 1
        closing = _left_open(line)
    return lines


def _plain(key: str) -> str:
    return re.sub(r"[\s\"']", "", key)


def _left_open(line: str) -> str:
    """The closing mark of a text over several lines that begins on this line."""
    for mark in ('"""', "'''"):
        if line.count(mark) % 2:
            return mark
    return ""
