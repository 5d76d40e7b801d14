"""Stata files: numbers with labels, and Stata's own missing values .a … .e for DK IDM SK NA NR.

Stata cannot declare 91 to be missing; a mean would count it. Its extended missing values say the same and are left
out of every computation.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from .dataset import LETTERS, Dataset, Shortened, Variable, numbers, too_long
from .gather import Gathered
from .names import printable, shortened
from .tools import needed, stamp

LIMITS: dict[str, int | None] = {"variable": 80, "value": 32000}
LONGEST_TEXT = 2045
RELEASE = 14  # a .dta of format 118, which Stata 14 and every later one reads, whatever its edition


def write(gathered: Gathered, folder: Path) -> list[Shortened]:
    """Write every dataset as NAME.dta.

    Returns
    -------
    list of Shortened
        The labels of variables with more than 80 letters; they end in an ellipsis and stand in the codebook whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [cut for dataset in gathered.numbered() for cut in _one(dataset, folder, str(gathered.about["made_in"]))]


def _one(dataset: Dataset, folder: Path, month: str) -> list[Shortened]:
    place, known = folder / f"{dataset.name}.dta", dataset.variables
    needed("pyreadstat").write_dta(
        columns(dataset),
        place,
        version=RELEASE,
        file_label=shortened(dataset.label, letters=80),
        column_labels={one.name: shortened(one.label, letters=LIMITS["variable"]) for one in known},
        variable_value_labels=labels(known),
        missing_user_values={one.name: [LETTERS[c.number] for c in one.missing] for one in known if one.missing},
    )
    _undate(place, month)
    return list(too_long(place.name, dataset, LIMITS, octets=False))


def columns(dataset: Dataset) -> pd.DataFrame:
    """Numbers, with letters for what is missing; text elsewhere."""
    made: dict[str, pd.Series[Any]] = {}
    for one in dataset.variables:
        cells = dataset.frame[one.name]
        made[one.name] = _lettered(one, cells) if one.numeric else cells.map(_text).astype(object)
    return pd.DataFrame(made, index=dataset.frame.index)


def labels(variables: tuple[Variable, ...]) -> dict[str, dict[int | str, str]]:
    """The labels of each variable that has codes; those of missing codes stand under their letter."""
    return {
        one.name: {(LETTERS[code.number] if code.missing else code.number): code.label for code in one.codes}
        for one in variables
        if one.numeric and one.codes
    }


def _lettered(one: Variable, cells: pd.Series[str]) -> pd.Series[Any]:
    found = numbers(one, cells)
    if not one.missing:
        return found
    letters = found.map({code.number: LETTERS[code.number] for code in one.missing})
    return found.astype(object).mask(letters.notna(), letters)


def _text(cell: str) -> str:
    return shortened(printable(cell), octets=LONGEST_TEXT)


def _undate(place: Path, month: str) -> None:
    """Put the month of the export where the clock stood: the same export gives the same bytes."""
    dated = f"<timestamp>\x11{stamp(month):%d %b %Y} 00:00</timestamp>".encode()
    place.write_bytes(re.sub(rb"<timestamp>\x11.{17}</timestamp>", dated, place.read_bytes(), count=1))
