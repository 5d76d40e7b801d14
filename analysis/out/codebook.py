"""The codebook as one table: a row per variable, and a row per code under it, with every label at full length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from .dataset import LETTERS, Dataset, Variable

COLUMNS = ("table", "variable", "label", "type", "measure", "code", "number", "stata", "missing", "code_label")


def frame(datasets: Iterable[Dataset]) -> pd.DataFrame:
    """Every variable of every dataset, in order.

    Returns
    -------
    DataFrame of str
        ``table``, ``variable``, ``label``, ``type`` (key, text, nominal, ordinal, flag, count, month, number),
        ``measure``; and per code ``code`` as in the tables, ``number`` as in SPSS, ``stata`` as in Stata (missing codes
        are .a … .e there), ``missing`` 1 where it stands for a missing answer, ``code_label``.
    """
    rows = [row for dataset in datasets for row in _rows(dataset)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def _rows(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    for one in dataset.variables:
        head = (dataset.name, one.name, one.label, one.kind, one.measure)
        yield (*head, "", "", "", "", "")
        yield from ((*head, *rest) for rest in _codes(one))


def _codes(one: Variable) -> Iterator[tuple[str, str, str, str, str]]:
    for code in one.codes:
        stata = f".{LETTERS[code.number]}" if code.missing else str(code.number)
        yield code.code, str(code.number), stata, str(int(code.missing)), code.label
