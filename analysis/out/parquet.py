"""Parquet: closed lists as small dictionaries, yes/no and whole numbers typed, labels in ``DataFrame.attrs``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from .csv import about
from .dataset import CODED, Dataset, Variable
from .gather import Gathered


def write(gathered: Gathered, folder: Path) -> list[Path]:
    """Write every dataset as NAME.parquet, and about.json; ``analysis.tables.read`` reads them again.

    pandas hands the labels back: ``pd.read_parquet(file).attrs["variables"]["stage"]["codes"]``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for dataset in gathered.datasets:
        place = folder / f"{dataset.name}.parquet"
        frame(dataset).to_parquet(place, compression="zstd", index=False)
        made.append(place)
    return [*made, about(gathered, folder, made)]


def frame(dataset: Dataset) -> pd.DataFrame:
    """A dataset with types and labels.

    Returns
    -------
    DataFrame
        Codes of closed lists categorical, of ordinal ones ordered; yes/no and counts nullable integers; the rest text,
        ``None`` for nothing. ``attrs`` holds ``label`` and ``variables``: label, measure, codes and missing codes.
    """
    typed = {one.name: _typed(dataset.frame[one.name], one) for one in dataset.variables}
    made = pd.DataFrame(typed, index=dataset.frame.index)
    made.attrs = {"label": dataset.label, "variables": {one.name: described(one) for one in dataset.variables}}
    return made


def described(one: Variable) -> dict[str, Any]:
    """A variable as plain data."""
    codes = {code.code: code.label for code in one.codes}
    return {"label": one.label, "measure": one.measure, "codes": codes, "missing": [c.code for c in one.missing]}


def _typed(cells: pd.Series[str], one: Variable) -> pd.Series[Any]:
    filled = cells.where(cells != "")
    if one.kind in CODED and one.codes:
        codes = [code.code for code in one.codes]
        return filled.astype(pd.CategoricalDtype(codes, ordered=one.kind == "ordinal" and not one.missing))
    if one.kind in ("flag", "count"):
        return pd.to_numeric(filled).astype("Int64")
    return filled
