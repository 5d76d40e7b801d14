"""Releases: what was published stays published as it was, and two releases cannot be subtracted from each other.

A report that is made again after one more answer tells that answer to whoever kept the report of yesterday. So numbers
are published once, when a period closes. A **ledger** (plain JSON beside the results) keeps what was said of each cell.
In the next release a table is either replaced as a whole, when at least k children must differ in every cell that would
change, or taken over as a whole with its old numbers; k is 5 for ``inside``, 10 for ``outside``.

How many children differ is not known, for pseudonyms are made afresh for every export. It is bounded from below by what
was published: the change of a count, less the rounding, divided by how often one child can be counted in that cell.
A child whose answer changed and one who left are then counted like one who came.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .disclosure import AUDIENCES, SHOWN
from .results import Results

OPEN, CLOSED = "open", "closed"
NEW, KEPT = "new", "kept"  # who reads "kept" cannot tell whether nothing changed or too little
LEDGER, NUMBERS = "ledger.json", "results.json"
ROUNDED = 4  # two numbers rounded to the nearest 5 can differ by this much more than what they stand for
SIZES = {"unexplained_by_stage": "told_by_stage", "earlier": "overall"}  # tables without n, and whose n is theirs


def open(folder: str | Path, period: str, audience: str = "inside") -> Path:
    """Open a period: from now on there is a ledger, and no number until it closes.

    Parameters
    ----------
    folder : path
        Where the releases lie, one folder each.
    period : str
        A month, ``2026-10``, or a half-year or quarter, ``2026-H2``, ``2026-Q4``.
    audience : str
        ``inside`` or ``outside``; each has releases of its own.

    Returns
    -------
    Path
        The folder of this release.

    Raises
    ------
    ValueError
        For a period shorter than a month, an audience nobody knows, or a period that was opened before.
    """
    place = _place(folder, period, audience)
    if place.exists():
        raise ValueError(f"{place.name}: this period was opened before; a release is made once. Open the next period.")
    place.mkdir(parents=True)
    _write(place / LEDGER, {"format": 1, "period": period, "audience": audience, "state": OPEN})
    return place


def close(folder: str | Path, period: str, results: Results, digest: str, audience: str = "inside") -> Results:
    """Close a period: freeze its numbers, taking over those of the release before where too few children differ.

    Parameters
    ----------
    folder, period, audience
        As ``open`` had them.
    results : Results
        As ``results.compute`` returns them, for the same audience.
    digest : str
        SHA-256 of the export (of its about.json): which export the numbers come from.

    Returns
    -------
    Results
        What may be published; the report is made from nothing else.

    Raises
    ------
    ValueError
        When the period is not open, or a later one was closed already.
    """
    place = _place(folder, period, audience)
    if _state(place) != OPEN:
        raise ValueError(f"{place.name}: this period is not open. Open it first; what is closed stays as it is.")
    before = _closed(Path(folder), audience)
    if before and before[-1].name > place.name:
        raise ValueError(f"{place.name}: {before[-1].name} was closed already; releases are closed in their order.")
    frozen, verdicts = _merged(_numbers(before[-1]), results, audience) if before else (results, {})
    tables = {name: {"verdict": verdicts.get(name, NEW), "cells": _status(f)} for name, f in frozen.frames.items()}
    _write(place / NUMBERS, _plain(frozen.freeze()))
    ledger = {"format": 1, "period": period, "audience": audience, "state": CLOSED, "export": digest, "tables": tables}
    _write(place / LEDGER, ledger)
    return frozen


def read(folder: str | Path, period: str, audience: str = "inside") -> Results:
    """The frozen numbers of a closed period.

    Raises
    ------
    ValueError
        While the period is open: answers may still come, and two readings could be subtracted.
    """
    place = _place(folder, period, audience)
    if _state(place) != CLOSED:
        raise ValueError(f"{place.name}: no results yet. Numbers are published when the period closes.")
    return _numbers(place)


def compare(earlier: str | Path, later: str | Path) -> pd.DataFrame:
    """What changed from one release to another, cell by cell.

    Parameters
    ----------
    earlier, later : path
        Folders of two closed releases for the same audience.

    Returns
    -------
    DataFrame
        Changed cells only: table, row, column, earlier, later, differ (how many children differ at least). Hidden
        numbers are NaN. No row: nothing can be subtracted.

    Raises
    ------
    ValueError
        When one of them is not a closed release, or they are for different audiences.
    """
    first, second = Path(earlier), Path(later)
    for place in (first, second):
        if _state(place) != CLOSED:
            raise ValueError(f"{place.name}: not a closed release. Give the folder of a period that was closed.")
    if _ledger(first)["audience"] != _ledger(second)["audience"]:
        raise ValueError(f"{first.name} and {second.name} are for different audiences; compare those for the same.")
    return changes(_numbers(first), _numbers(second))


def changes(earlier: Results, later: Results) -> pd.DataFrame:
    r"""Cells that differ between two sets of results, and how many children must differ for that.

    .. math:: differ = \lfloor (|n_2 - n_1| - 4 [rounded]) / u \rfloor

    with u the number of times one child can be counted. A cell without a count of its own takes the row's n; where
    there is none, nothing is known: 0.

    Returns
    -------
    DataFrame
        table, row, column, earlier, later, differ.
    """
    shared = [name for name in later.frames if name in earlier.frames]
    parts = [_changed(name, earlier, later) for name in shared]
    sizes = _size_frame(earlier), _size_frame(later)
    parts.append(_differences("size", *sizes, _units("size", later)))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def following(earlier: Results, later: Results, audience: str = "inside") -> Results:
    """What may be published after an earlier release: new tables where enough children differ, else the old ones.

    Examples
    --------
    >>> following(october, november)                                        # doctest: +SKIP
    Results(...)
    """
    return _merged(earlier, later, audience)[0]


def _merged(old: Results, new: Results, audience: str) -> tuple[Results, dict[str, str]]:
    """New tables where enough children differ, else the old ones; and which was done."""
    least = AUDIENCES[audience].cell
    found = changes(old, new)
    fewest = found.groupby("table")["differ"].min()
    verdicts = {name: NEW if fewest.get(name, 0) >= least else KEPT for name in old.frames}
    frames = {name: new.frames[name] if verdicts.get(name, NEW) == NEW else old.frames[name] for name in new.frames}
    frames |= {name: frame for name, frame in old.frames.items() if name not in new.frames}
    size = new.size if fewest.get("size", 0) >= least else old.size
    log = new.log if all(verdict == NEW for verdict in verdicts.values()) else old.log
    return replace(new, frames=frames, size=size, log=log), verdicts


def _changed(name: str, earlier: Results, later: Results) -> pd.DataFrame:
    lent = SIZES.get(name, "")
    frames = [_sized(results.frames[name], results.frames.get(lent)) for results in (earlier, later)]
    return _differences(name, frames[0], frames[1], _units(name, later))


def _sized(frame: pd.DataFrame, lender: pd.DataFrame | None) -> pd.DataFrame:
    """A table with its rows as index, numbers and status only, and n lent by another table where it has none."""
    key = next((name for name in ("group", "reason") if name in frame), None)
    rows = frame.set_index(key) if key else frame
    kept = rows[[c for c in rows if c == "status" or pd.api.types.is_numeric_dtype(rows[c])]]
    if lender is None:
        return kept
    lent = lender.set_index("group")["n"]
    size = (
        lent.reindex(kept.index) if len(kept.index.intersection(lent.index)) else float(lent.get("unexplained", np.nan))
    )
    return kept.assign(n=size)


def _differences(name: str, old: pd.DataFrame, new: pd.DataFrame, units: pd.Series[float]) -> pd.DataFrame:
    """The long table of changed cells of one table."""
    rows = old.index.union(new.index, sort=False)
    columns = old.columns.union(new.columns, sort=False)
    before, after = (frame.reindex(index=rows, columns=columns) for frame in (old, new))
    moved = ~((before == after) | (before.isna() & after.isna()))
    differ = _fewest(before, after).floordiv(units.reindex(rows).fillna(units.max()), axis=0)
    places = np.argwhere(moved.to_numpy())
    cells = [(rows[i], columns[j], before.iat[i, j], after.iat[i, j], differ.iat[i, j]) for i, j in places]
    return pd.DataFrame(cells, columns=["row", "column", "earlier", "later", "differ"]).assign(table=name)[
        ["table", "row", "column", "earlier", "later", "differ"]
    ]


def _fewest(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """At least so many counted units differ, per cell: by its own count, else by n or by the total of its column."""
    counts = [column for column in before if column != "status" and (before[column].fillna(0) % 1 == 0).all()]
    numbers = [before[counts].fillna(0.0).astype(float), after[counts].fillna(0.0).astype(float)]
    known = before[counts].notna() & after[counts].notna()
    gap = (numbers[1] - numbers[0]).abs() - ROUNDED
    own = gap.clip(lower=0)
    if "n" in before:
        size = own["n"].where(known["n"], 0.0)
        return pd.DataFrame(dict.fromkeys(before, size))
    total = own.where(known, 0.0).loc["total"].to_numpy() if "total" in own.index else np.zeros(len(counts))
    return pd.DataFrame(np.where(known, own, total), before.index, counts)


def _units(name: str, results: Results) -> pd.Series[float]:
    """How often one child can be counted in a row of a table, once per round of a stage."""
    topics = results.frames["topics"]
    per_stage = int(topics.groupby("parent").size().max()) if len(topics) else 1
    stages, elements = max(len(results.frames["flow"]) - 1, 1), max(len(results.frames["gaps"]), 1)
    every = float(max(len(topics), stages))
    if name == "size":
        return pd.Series(
            {"children": 1.0, "refusals": 1.0, "rounds": float(stages), "pairs": every, "retrospective": every}
        )
    if name == "flow":
        rows = results.frames["flow"].index
        return pd.Series(np.where(rows == "all", float(stages), 1.0), index=rows)
    fixed = {"gaps": float(stages), "gaps_by_stage": float(elements), "answers_by_stage": float(elements)}
    if name.endswith("_by_stage") and name not in fixed:
        return pd.Series({"": float(per_stage)})
    one_topic = name in ("topics", "direction") or name.startswith(("options_", "crossed_", "chart_", "paths_"))
    return pd.Series({"": 1.0 if one_topic else fixed.get(name, every)})


def _size_frame(results: Results) -> pd.DataFrame:
    told = {name: n for name, n in results.size.items() if name not in ("coordinators", "sites")}
    return pd.DataFrame({"count": pd.Series(told, dtype=float)})


def _status(frame: pd.DataFrame) -> dict[str, str]:
    """What was said of each cell: "row column" → shown, or how it was withheld."""
    rows = _sized(frame, None)
    said = rows["status"].astype(str) if "status" in rows else pd.Series(SHOWN, index=rows.index)
    return {
        f"{row} {column}": SHOWN if pd.notna(value) else said_of if said_of != SHOWN else "withheld"
        for column in rows.columns
        if column != "status"
        for row, value, said_of in zip(rows.index, rows[column], said, strict=True)
    }


def _place(folder: str | Path, period: str, audience: str) -> Path:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2]|H[12]|Q[1-4])", period):
        raise ValueError(f"{period[:60]!a} is not a period; write a month (2026-10), a quarter (2026-Q4) or 2026-H2.")
    if audience not in AUDIENCES:
        raise ValueError(f"{audience[:60]!a} is not an audience; choose from {', '.join(AUDIENCES)}.")
    return Path(folder) / f"{audience}-{period}"


def _closed(folder: Path, audience: str) -> list[Path]:
    """Closed releases for an audience, oldest first."""
    found = sorted(place.parent for place in folder.glob(f"{audience}-*/{LEDGER}"))
    return [place for place in found if _state(place) == CLOSED]


def _ledger(place: Path) -> dict[str, Any]:
    try:
        found = json.loads((place / LEDGER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise ValueError(f"{place.name}/{LEDGER} cannot be read; restore it from the backup.") from None
    if not isinstance(found, dict) or found.get("format") != 1:
        raise ValueError(f"{place.name}/{LEDGER} is not a ledger of format 1; restore it from the backup.")
    return found


def _state(place: Path) -> str:
    return str(_ledger(place).get("state", ""))


def _numbers(place: Path) -> Results:
    try:
        return Results.thaw(json.loads((place / NUMBERS).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        raise ValueError(f"{place.name}/{NUMBERS} cannot be read; restore it from the backup.") from None


def _plain(kept: Any) -> Any:
    return json.loads(json.dumps(kept, default=str))


def _write(place: Path, content: dict[str, Any]) -> None:
    """Beside the place, then renamed: a reader never sees half a file."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=False)
    beside = place.with_name(f".{place.name}.new")
    beside.write_text(text + "\n", encoding="utf-8", newline="\n")
    beside.replace(place)
