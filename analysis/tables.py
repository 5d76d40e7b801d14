"""Read an exported folder and check it against the contract: each problem is a sentence with place and cure."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .contract import EITHER, FORMATS, OPTIONAL, TABLES, Column

MOST = 50  # problems shown; a broken export has thousands and the first few tell


class Problem(NamedTuple):
    """One thing wrong in an export: file, line, column, what stands there, what was expected, and the cure."""

    file: str
    row: int
    column: str
    value: str
    expected: str
    cure: str = "Correct the cell or export again."

    def __str__(self) -> str:
        place = [self.file, f"row {self.row}" if self.row else "", f"column {self.column}" if self.column else ""]
        found = f" {shown(self.value)}:" if self.row and self.column else ""
        return f"{', '.join(part for part in place if part)}:{found} {self.expected}. {self.cure}"


class BadExport(ValueError):
    """The folder is not an export that can be analysed; ``problems`` says where and how to mend it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [str(problem) for problem in problems[:MOST]]
        if len(problems) > MOST:
            lines.append(f"… and {len(problems) - MOST} more.")
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Tables:
    """The exported tables, every cell as text exactly as written, and ``about``.

    ``kind`` says whether rows came from ``csv`` or ``parquet``; ``edited`` names files whose checksum in about.json no
    longer fits: somebody changed them after the export, and the report says so.
    """

    sites: pd.DataFrame
    children: pd.DataFrame
    rounds: pd.DataFrame
    visits: pd.DataFrame
    answers: pd.DataFrame
    views: pd.DataFrame
    decisions: pd.DataFrame
    staff_answers: pd.DataFrame
    interviews: pd.DataFrame
    refusals: pd.DataFrame
    topics: pd.DataFrame
    questions: pd.DataFrame
    reasons: pd.DataFrame
    labels: pd.DataFrame
    languages: pd.DataFrame
    about: dict[str, Any] = field(default_factory=dict)
    kind: str = "csv"
    edited: tuple[str, ...] = ()

    def options(self, topic: str) -> list[str]:
        """The full option list of a topic, in its order."""
        rows = self.topics[self.topics["topic"] == topic]
        order = rows["position"].astype(int).sort_values(kind="stable").index
        return [str(option) for option in rows.loc[order, "option"]]


def read(folder: str | Path) -> Tables:
    """Read and check an exported folder, CSV where it is there, else Parquet.

    Parameters
    ----------
    folder : path
        What ``heard export`` wrote: one file per table of docs/tables.md and about.json.

    Returns
    -------
    Tables

    Raises
    ------
    BadExport
        With every problem found, never a stack trace from below.
    """
    place = Path(folder)
    if not place.is_dir():
        raise BadExport([_missing(str(folder), "is not a folder", "Give the folder that `heard export` wrote.")])
    about, problems = _about(place)
    kind = "csv" if (place / "rounds.csv").exists() else "parquet"
    frames: dict[str, pd.DataFrame] = {}
    for name in TABLES:
        if name in OPTIONAL and not (place / f"{name}.{kind}").exists():
            frames[name] = pd.DataFrame(columns=[column.name for column in TABLES[name].columns], dtype=str)
            continue
        try:
            frames[name] = _read_csv(place, name) if kind == "csv" else _read_parquet(place, name)
        except BadExport as error:
            problems += error.problems
    if problems:
        raise BadExport(problems)
    tables = Tables(**frames, about=about, kind=kind, edited=_edited(place, about, kind))
    check(tables)
    return tables


def check(tables: Tables) -> None:
    """Check columns, types, keys, references, codes and missing codes of all tables.

    Raises
    ------
    BadExport
        Collects everything that is wrong; the message shows the first 50 and counts the rest.

    Examples
    --------
    >>> from pathlib import Path
    >>> try:
    ...     read(Path("no-such-folder"))
    ... except BadExport as error:
    ...     print(error)
    no-such-folder: is not a folder. Give the folder that `heard export` wrote.
    """
    known = {name: _first(getattr(tables, name), table.columns[0].name) for name, table in TABLES.items()}
    problems: list[Problem] = []
    for name in TABLES:
        file = f"{name}.{tables.kind}"
        problems += _check_table(file, name, getattr(tables, name), known)
    if not problems:
        problems = [*_check_codes(tables), *_check_told(tables), *_check_child(tables)]
    if problems:
        raise BadExport(problems)


def _first(frame: pd.DataFrame, key: str) -> set[str]:
    """What the key column holds: what other tables may refer to."""
    return set(frame[key]) if list(frame.columns).count(key) == 1 else set()


def shown(value: object) -> str:
    """A cell as it may be shown: escaped, quoted, at most 60 characters."""
    text = ascii(str(value)) if not str(value).isprintable() else f"'{value}'"
    return text if len(text) <= 60 else f"{text[:58]}…'"


def _missing(file: str, expected: str, cure: str) -> Problem:
    return Problem(file, 0, "", "", expected, cure)


def _about(place: Path) -> tuple[dict[str, Any], list[Problem]]:
    cure = "Export again: the report must know whether the data are real."
    try:
        about = json.loads((place / "about.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [_missing("about.json", "is missing", cure)]
    except (OSError, ValueError):
        return {}, [_missing("about.json", "is not JSON text in UTF-8", cure)]
    if not isinstance(about, dict) or about.get("format") != 1:
        return {}, [_missing("about.json", "is not of format 1", "Update Heard or export again.")]
    if not isinstance(about.get("synthetic"), bool):
        return {}, [_missing("about.json", "does not say whether the data are synthetic (true or false)", cure)]
    return about, []


def _edited(place: Path, about: dict[str, Any], kind: str) -> tuple[str, ...]:
    sums = about.get("sha256")
    if not isinstance(sums, dict):
        return ()
    names = [f"{name}.{kind}" for name in TABLES if (place / f"{name}.{kind}").exists()]
    changed = [n for n in names if n in sums and sums[n] != hashlib.sha256((place / n).read_bytes()).hexdigest()]
    return tuple(changed)


def _read_csv(place: Path, name: str) -> pd.DataFrame:
    """All cells as text; rows with too many or too few cells are problems, not guesses."""
    file = f"{name}.csv"
    try:
        with (place / file).open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines, strict=True))
    except FileNotFoundError:
        raise BadExport([_missing(file, "is missing", "Export again, or copy the whole folder.")]) from None
    except UnicodeDecodeError:
        raise BadExport([_missing(file, "is not UTF-8 text", "Save it as CSV UTF-8, or export again.")]) from None
    except (OSError, csv.Error) as error:
        raise BadExport([_missing(file, f"cannot be read ({error})", "Export again.")]) from None
    if not rows:
        raise BadExport([_missing(file, "is empty: not even a header row", "Export again.")])
    header, body = rows[0], rows[1:]
    if any(";" in cell for cell in header):
        expected = "the file is separated by semicolons; save it with commas"
        raise BadExport([_missing(file, expected, "Or export again.")])
    ragged = [
        Problem(file, i, "", "", f"{len(row)} cells where the header has {len(header)}")
        for i, row in enumerate(body, 2)
        if len(row) != len(header)
    ]
    if ragged:
        raise BadExport(ragged)
    return pd.DataFrame(body, columns=header, dtype=str)


def _read_parquet(place: Path, name: str) -> pd.DataFrame:
    """The same text from typed columns: yes/no as 1/0, nothing as an empty cell."""
    file = f"{name}.parquet"
    try:
        table = pq.read_table(place / file)
        return pd.DataFrame({key: _text(table[key]) for key in table.column_names}, dtype=str)
    except FileNotFoundError:
        raise BadExport([_missing(file, "is missing", "Export again, or copy the whole folder.")]) from None
    except (OSError, pa.ArrowException):
        raise BadExport([_missing(file, "is not a Parquet file that can be read", "Export again.")]) from None


def _text(column: Any) -> list[str]:
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    return ["" if cell is None else str(cell) for cell in column.cast(pa.string()).to_pylist()]


def _check_table(file: str, name: str, frame: pd.DataFrame, known: dict[str, set[str]]) -> Iterator[Problem]:
    table = TABLES[name]
    names = list(frame.columns)
    absent = [column.name for column in table.columns if names.count(column.name) != 1]
    for column_name in absent:
        count = names.count(column_name)
        expected = f"the column stands there {count} times, once is needed"
        yield Problem(file, 0, column_name, "", expected, "Export again.")
    if absent:
        return
    for column in table.columns:
        yield from _check_column(file, frame[column.name], column, known)
    if table.unique:
        yield from _check_unique(file, frame, table.unique)
    if name in EITHER:
        yield from _check_either(file, frame)


def _check_column(file: str, cells: pd.Series[str], column: Column, known: dict[str, set[str]]) -> Iterator[Problem]:
    filled = cells != ""
    if not column.empty:
        yield from _flag(file, cells, ~filled, column.name, "the cell is empty and must not be")
    wrong, expected = _wrong(cells, column, known)
    yield from _flag(file, cells, filled & wrong, column.name, expected)


def _wrong(cells: pd.Series[str], column: Column, known: dict[str, set[str]]) -> tuple[pd.Series[bool], str]:
    """Which cells do not fit the kind of the column, and what would."""
    if column.kind == "codes":
        allowed = known.get(column.refers)
        found = [allowed is not None and not set(cell.split()) <= allowed for cell in cells]
        return pd.Series(found, index=cells.index, dtype=bool), f"one of the codes is not in the table {column.refers}"
    if column.refers:
        return ~cells.isin(known.get(column.refers, set())), f"is not in the table {column.refers}"
    if column.values:
        return ~cells.isin(column.values), f"is not one of {' '.join(column.values)}"
    patterns = {
        "integer": (r"-?\d{1,9}", "is not a whole number"),
        "month": (r"\d{4}-(?:0[1-9]|1[0-2])", "is not a month like 2026-03"),
        "flag": (r"[01]", "is not 1 (yes) or 0 (no)"),
        "key": (r"[\w.-]+", "is not a key like c-1 (letters, digits, hyphens)"),
        "code": (r"[\w.:/-]+", "is not a code (letters, digits, no spaces)"),
    }
    pattern, expected = patterns.get(column.kind, (r"(?s:.*)", ""))
    return ~cells.str.fullmatch(pattern), expected


def _flag(file: str, cells: pd.Series[str], bad: pd.Series[bool], column: str, expected: str) -> list[Problem]:
    """Problems for the bad cells; line 1 is the header."""
    rows = bad.to_numpy().nonzero()[0]
    return [Problem(file, int(i) + 2, column, str(cells.iloc[int(i)]), expected) for i in rows]


def _check_unique(file: str, frame: pd.DataFrame, unique: tuple[str, ...]) -> list[Problem]:
    again = frame.duplicated(list(unique))
    what = "this key stands there twice" if len(unique) == 1 else f"{' + '.join(unique)} stand together twice"
    problems = _flag(file, frame[unique[-1]], again, unique[-1], what)
    return [problem._replace(cure="Remove one row or export again.") for problem in problems]


def _check_either(file: str, frame: pd.DataFrame) -> list[Problem]:
    both, none = (frame["code"] != "") & (frame["missing"] != ""), (frame["code"] == "") & (frame["missing"] == "")
    one = "exactly one of code and missing must be filled"
    return _flag(file, frame["code"], both, "code", f"{one}, both are") + _flag(
        file, frame["code"], none, "code", f"{one}, neither is"
    )


def _check_codes(tables: Tables) -> Iterator[Problem]:
    """Codes that depend on another cell: options of the row's topic or of the question's scale."""
    options = tables.topics.groupby("topic")["option"].agg(set).to_dict()
    scale = dict(zip(tables.questions["question"], tables.questions["scale"], strict=True))
    for name, column in (("views", "belief"), ("views", "first_view"), ("decisions", "decision")):
        frame, extra = getattr(tables, name), set() if name == "decisions" else {"DK"}
        wrong = [cell not in options[topic] | extra for cell, topic in zip(frame[column], frame["topic"], strict=True)]
        bad = pd.Series(wrong, index=frame.index, dtype=bool)
        yield from _flag(f"{name}.{tables.kind}", frame[column], bad, column, "is not an option of this row's topic")
    allowed = {q: options.get(s) or set(FORMATS.get(s, ())) for q, s in scale.items()}
    for name in ("answers", "staff_answers"):
        frame = getattr(tables, name)
        asked = zip(frame["code"], frame["question"], strict=True)
        wrong = [bool(code and allowed[question] and code not in allowed[question]) for code, question in asked]
        bad = pd.Series(wrong, index=frame.index, dtype=bool)
        yield from _flag(f"{name}.{tables.kind}", frame["code"], bad, "code", "is not an answer this question offers")


def _check_told(tables: Tables) -> Iterator[Problem]:
    """Whether a child was told and after how many days must say the same."""
    told, days = tables.decisions["told"] == "1", tables.decisions["days_to_told"]
    for bad, expected in (
        (~told & (days != ""), "the child was not told (told is 0), so days_to_told must be empty"),
        (told & (days == ""), "the child was told (told is 1), so days_to_told must be filled"),
        (days.str.startswith("-"), "the child cannot be told before the decision: days_to_told is below 0"),
    ):
        yield from _flag(f"decisions.{tables.kind}", days, bad, "days_to_told", expected)


def _check_child(tables: Tables) -> Iterator[Problem]:
    """A row that names a round and a child must name the child of that round."""
    owner = tables.rounds.set_index("round")["child"]
    for name in ("visits", "answers", "views", "decisions", "staff_answers"):
        frame = getattr(tables, name)
        bad = frame["child"] != frame["round"].map(owner)
        yield from _flag(f"{name}.{tables.kind}", frame["child"], bad, "child", "is not the child of this row's round")
