"""CSV that every spreadsheet, database and statistics package reads the same way, and that runs nothing.

UTF-8, commas, decimal points, LF line ends, RFC 4180 quotes. A text that a spreadsheet would take for a formula gets
an apostrophe in front; numbers stay numbers. Characters no file should hold are written as ``\\x..``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd

from .dataset import Dataset
from .gather import Gathered
from .names import printable

RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)"
BOM = "\ufeff"


def write(gathered: Gathered, folder: Path, excel: bool = False) -> list[Path]:
    """Write every dataset as NAME.csv, and about.json with the new checksums.

    Parameters
    ----------
    gathered : Gathered
    folder : path
        Is made when it is not there. What is written can be read by ``analysis.tables.read`` again.
    excel : bool
        Begin each file with a byte order mark, without which Excel reads UTF-8 as something else.

    Returns
    -------
    list of path
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = [_one(dataset, folder, excel) for dataset in gathered.datasets]
    return [*made, about(gathered, folder, made)]


def text(frame: pd.DataFrame, excel: bool = False) -> str:
    """A table as CSV.

    Examples
    --------
    >>> print(text(pd.DataFrame({"a": ["=1+1", "-1", "x,y"]})), end="")
    a
    '=1+1
    -1
    "x,y"
    """
    lines = io.StringIO()
    safe = frame.apply(neutral) if len(frame) else frame
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(safe.to_numpy().tolist())
    return (BOM if excel else "") + lines.getvalue()


def neutral(cells: pd.Series[str]) -> pd.Series[str]:
    """Cells as a spreadsheet may open them; numbers such as -1 stay.

    Examples
    --------
    >>> neutral(pd.Series(["=cmd()", "-1", "+4.5", "-a", "@x", "DK"])).tolist()
    ["'=cmd()", '-1', '+4.5', "'-a", "'@x", 'DK']
    """
    risky = cells.str.startswith(RISKY) & ~cells.str.fullmatch(NUMBER)
    safe = cells.mask(risky, "'" + cells)
    strange = safe.map(lambda cell: cell != printable(cell))
    return safe.mask(strange, safe.map(printable)) if strange.any() else safe


def about(gathered: Gathered, folder: Path, files: list[Path]) -> Path:
    """Write about.json beside the files: what the export said, with the checksums of what stands there now."""
    told: dict[str, Any] = {**gathered.about, "rows": {one.name: len(one.frame) for one in gathered.datasets}}
    told["sha256"] = {file.name: sha256(file) for file in sorted(files)}
    place = folder / "about.json"
    place.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return place


def sha256(file: Path) -> str:
    """The checksum of a file, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _one(dataset: Dataset, folder: Path, excel: bool) -> Path:
    place = folder / f"{dataset.name}.csv"
    place.write_text(text(dataset.frame, excel), encoding="utf-8", newline="\n")
    return place
