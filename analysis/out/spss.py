"""SPSS files: numbers with labels, declared missing values, level of measurement, labels in every script."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from .dataset import NUMBERS, Dataset, Shortened, numbers, too_long, value_labels
from .gather import Gathered
from .names import printable, shortened
from .tools import needed, stamp

# SPSS keeps that many bytes and drops the rest without a word, if need be in the middle of a letter.
LIMITS: dict[str, int | None] = {"variable": 256, "value": 120}
LONGEST_TEXT = 32767
MADE = slice(92, 109)  # where the header of a .sav holds date and time of writing


def write(gathered: Gathered, folder: Path) -> list[Shortened]:
    """Write every dataset as NAME.sav.

    Options are 1…k in the order of their list; DK IDM SK NA NR are 91…95 and declared as missing, so that no mean
    counts them.

    Returns
    -------
    list of Shortened
        The labels SPSS has no room for; they end in an ellipsis there and stand in the codebook at full length.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [cut for dataset in gathered.numbered() for cut in _one(dataset, folder, str(gathered.about["made_in"]))]


def _one(dataset: Dataset, folder: Path, month: str) -> list[Shortened]:
    place, known = folder / f"{dataset.name}.sav", dataset.variables
    low, high = min(NUMBERS.values()), max(NUMBERS.values())
    needed("pyreadstat").write_sav(
        columns(dataset),
        place,
        file_label=shortened(dataset.label, octets=64),
        column_labels={one.name: shortened(one.label, octets=LIMITS["variable"]) for one in known},
        variable_value_labels=value_labels(known, octets=LIMITS["value"]),
        missing_ranges={one.name: [{"lo": low, "hi": high}] for one in known if one.missing},
        variable_measure={one.name: one.measure for one in known},
        variable_format={one.name: "F8.0" for one in known if one.numeric},
        row_compress=True,
    )
    _undate(place, month)
    return list(too_long(place.name, dataset, LIMITS, octets=True))


def columns(dataset: Dataset) -> pd.DataFrame:
    """Numbers where there is a list, a count or yes/no; text elsewhere."""
    made = {}
    for one in dataset.variables:
        cells = dataset.frame[one.name]
        made[one.name] = numbers(one, cells) if one.numeric else cells.map(_text).astype(object)
    return pd.DataFrame(made, index=dataset.frame.index)


def _text(cell: str) -> str:
    return shortened(printable(cell), octets=LONGEST_TEXT)


def _undate(place: Path, month: str) -> None:
    """Put the month of the export where the clock stood: the same export gives the same bytes."""
    held = bytearray(place.read_bytes())
    if re.fullmatch(rb"[ \d]\d \w{3} \d\d\d\d:\d\d:\d\d", bytes(held[MADE])):
        held[MADE] = f"{stamp(month):%d %b %y}00:00:00".encode()
        place.write_bytes(held)
