"""Write what researchers analyse: tidy tables without names, times or words. The contract is docs/tables.md.

Pseudonyms are made afresh for every export and rows are in their order, so that two exports cannot be joined and no
row tells when it came. Nothing a child wrote, and no answer meant for the safeguarding lead, is ever in it.
"""

import csv
import datetime as dt
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from . import export_rows as rows
from . import models as m
from . import publish
from ._version import VERSION

FORMAT = 1
RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class Pseudonyms:
    """New names for keys, one set per export."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, object], str] = {}
        self._taken: set[str] = set()

    def of(self, kind: str, key: object) -> str:
        """Return the pseudonym of a key (`c-…` for a child); the empty string for no key."""
        if key is None:
            return ""
        if (kind, key) not in self._known:
            self._known[kind, key] = self._new(kind)
        return self._known[kind, key]

    def _new(self, kind: str) -> str:
        while True:
            made = f"{kind}-{secrets.token_hex(4)}"
            if made not in self._taken:
                self._taken.add(made)
                return made


def tables(session: Session, folder: Path, on: dt.date) -> dict[str, int]:
    """Write every table to `folder`; return how many rows each has. Each file appears whole or not at all."""
    names = Pseudonyms()
    written: dict[str, int] = {}
    for name, columns, make in rows.TABLES:
        body = list(make(session, names.of))
        if name not in rows.IN_ORDER:  # in the order of the pseudonyms, which is the order of nothing
            body.sort(key=lambda row: tuple(str(cell) for cell in row))
        _write_csv(folder / f"{name}.csv", columns, body)
        _write_parquet(folder / f"{name}.parquet", columns, body)
        written[name] = len(body)
    _write_csv(folder / "codebook.csv", rows.CODEBOOK_COLUMNS, list(rows.codebook()))
    _write_about(session, folder, on, written)
    return written


def neutral(cell: object) -> str:
    """Return a cell that no spreadsheet takes for a formula; codes such as `-1` stay as they are."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(RISKY) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.removeprefix("-").removeprefix("+").replace(".", "", 1).isdecimal() and text.isascii()


def _write_csv(path: Path, columns: Iterable[str], body: Iterable[tuple[Any, ...]]) -> None:
    with _whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([neutral(cell) for cell in row] for row in body)


def _write_parquet(path: Path, columns: Iterable[str], body: list[tuple[Any, ...]]) -> None:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        return  # the CSV files are complete without it
    cells = list(zip(*body, strict=True)) if body else [() for _ in columns]
    made = {name: arrow.array(list(cell), type=_type(arrow, name)) for name, cell in zip(columns, cells, strict=True)}
    with _whole(path) as temporary:
        parquet.write_table(arrow.table(made), temporary, compression="zstd")


def _type(arrow: Any, column: str) -> Any:
    return arrow.int64() if column in rows.INTEGERS else arrow.string()


class _whole:
    """A temporary file that takes its real name only when it is complete and on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.part")

    def __enter__(self) -> Path:
        os.close(os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        return self._temporary

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is not None:
            self._temporary.unlink(missing_ok=True)
            return
        with self._temporary.open("rb") as file:
            os.fsync(file.fileno())
        self._temporary.replace(self._path)


def _write_about(session: Session, folder: Path, on: dt.date, written: Mapping[str, int]) -> None:
    organisation = session.get_one(m.Organisation, 1)
    about = {
        "format": FORMAT,
        "heard": VERSION,
        "made_in": f"{on:%Y-%m}",
        "organisation": organisation.name,
        "synthetic": organisation.synthetic,
        "languages": organisation.languages.split(),
        "questionnaires": list(_published(session)),
        "rows": dict(written),
        "sha256": {path.name: _sha256(path) for path in sorted(folder.glob("*.csv"))},
    }
    with _whole(folder / "about.json") as temporary:
        temporary.write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _published(session: Session) -> Iterator[dict[str, object]]:
    for row in publish.all_current(session):
        yield {"id": row.name, "version": row.version, "digest": row.digest}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
