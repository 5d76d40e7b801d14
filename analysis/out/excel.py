"""One Excel file: a sheet per table, then the codes, the labels and the codebook. No formula, no link, no macro."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from . import codebook
from .dataset import FIGURES, Dataset
from .gather import Gathered
from .names import printable
from .tools import needed, pack, stamp

LONGEST = 32767  # letters one cell holds; Excel cuts the rest without a word
KEPT = 32000
WIDEST = 60
ROWS = 1048576
NOTICE = "… [continued in the sheet long_texts]"
FIRST = ("[Content_Types].xml",)


class Sheet(NamedTuple):
    """One sheet: its title, its table, the columns that hold numbers, and which way it runs."""

    title: str
    frame: pd.DataFrame
    figures: frozenset[str] = frozenset()
    mirrored: bool = False


class Part(NamedTuple):
    """A piece of a text too long for its cell."""

    sheet: str
    row: str
    column: str
    part: str
    text: str


def write(gathered: Gathered, place: Path) -> list[Part]:
    """Write the workbook.

    Header rows are frozen and have filters; texts stay texts (a ``=`` is a letter here), counts and yes/no are
    numbers; in a language that runs from right to left so do the sheets of codes, labels and the codebook.

    Returns
    -------
    list of Part
        Texts over 32,767 letters: cut in their cell with a notice, whole and in pieces in the sheet ``long_texts``.

    Raises
    ------
    ValueError
        When a table has more rows than a sheet.
    """
    book = needed("openpyxl").Workbook(write_only=True)
    parts: list[Part] = []
    for sheet in _sheets(gathered):
        _add(book, sheet, parts)
    if parts:
        _add(book, Sheet("long_texts", pd.DataFrame(parts, dtype=str)), [])
    day = stamp(str(gathered.about["made_in"]))
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).replace(tzinfo=None)
    book.properties.creator, book.properties.created = "Heard", moment
    book.save(place)
    _undate(place, moment)
    return parts


def _sheets(gathered: Gathered) -> Iterator[Sheet]:
    mirrored = gathered.labels.words.direction == "rtl"
    yield from (_data(dataset) for dataset in gathered.datasets if dataset.name != "labels")
    book = codebook.frame(gathered.numbered())
    coded = book["code"] != ""
    yield Sheet(
        "codes", book[coded][["table", "variable", "code", "number", "missing", "code_label"]], mirrored=mirrored
    )
    yield Sheet("labels", gathered.named("labels").frame, mirrored=mirrored)
    yield Sheet("codebook", book[~coded][["table", "variable", "label", "type", "measure"]], mirrored=mirrored)


def _data(dataset: Dataset) -> Sheet:
    return Sheet(dataset.name, dataset.frame, frozenset(v.name for v in dataset.variables if v.kind in FIGURES))


def _add(book: Any, sheet: Sheet, parts: list[Part]) -> None:
    if len(sheet.frame) >= ROWS:
        raise ValueError(
            f"The table {sheet.title} has {len(sheet.frame)} rows, an Excel sheet has {ROWS}. Use CSV or Parquet."
        )
    made = book.create_sheet(sheet.title)
    made.freeze_panes = "A2"
    made.sheet_view.rightToLeft = sheet.mirrored
    letters = needed("openpyxl.utils").get_column_letter
    for i, name in enumerate(sheet.frame.columns, 1):
        longest = int(sheet.frame[name].str.len().max()) if len(sheet.frame) else 0
        made.column_dimensions[letters(i)].width = min(WIDEST, max(len(name) + 4, longest + 2))
    if len(sheet.frame.columns):
        made.auto_filter.ref = f"A1:{letters(len(sheet.frame.columns))}{len(sheet.frame) + 1}"
    for row in _cells(made, sheet, parts):
        made.append(row)


def _cells(made: Any, sheet: Sheet, parts: list[Part]) -> Iterator[list[Any]]:
    cell = needed("openpyxl.cell").WriteOnlyCell
    bold = needed("openpyxl.styles").Font(bold=True)
    yield [_text(cell, made, name, bold) for name in sheet.frame.columns]
    names = list(sheet.frame.columns)
    figures = [name in sheet.figures for name in names]
    for i, row in enumerate(sheet.frame.itertuples(index=False, name=None), 2):
        yield [_value(cell, made, text, is_figure, Part(sheet.title, str(i), name, "", ""), parts)
               for text, name, is_figure in zip(row, names, figures, strict=True)]  # fmt: skip


def _value(cell: Any, made: Any, text: str, is_figure: bool, place: Part, parts: list[Part]) -> Any:
    if not text:
        return None
    if is_figure:
        return int(text)
    shown = printable(text)
    if len(shown) > LONGEST:
        pieces = [shown[i : i + KEPT] for i in range(0, len(shown), KEPT)]
        parts += [place._replace(part=str(n), text=piece) for n, piece in enumerate(pieces, 1)]
        shown = pieces[0] + NOTICE
    return _text(cell, made, shown) if shown.startswith("=") else shown


def _text(cell: Any, made: Any, text: str, font: Any = None) -> Any:
    """A cell that is text whatever it begins with."""
    held = cell(made, text)
    held.data_type = "s"
    if font:
        held.font = font
    return held


def _undate(place: Path, moment: dt.datetime) -> None:
    """Take the clock out: openpyxl writes when it was saved, and zip files when each part was."""
    with zipfile.ZipFile(place) as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    core = content["docProps/core.xml"]
    dated = rf"\g<1>{moment:%Y-%m-%dT%H:%M:%S}Z\g<2>".encode()
    content["docProps/core.xml"] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*(</)", dated, core)
    pack(place, content, FIRST)
