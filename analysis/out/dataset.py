"""What a column is: its name, its label, how it is measured, and its codes with numbers and labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ..contract import MISSING
from .names import shortened

# Statistics packages want numbers: options are 1…k in the order of their list, and these stand beside them. They are
# declared as missing wherever that can be said, so that no mean ever counts “don't know” as 91.
NUMBERS: dict[str, int] = {code: 91 + i for i, code in enumerate(MISSING)}
LETTERS: dict[int, str] = {number: "abcde"[i] for i, number in enumerate(NUMBERS.values())}
MEASURES = {"ordinal": "ordinal", "count": "scale", "number": "nominal"}
CODED = ("nominal", "ordinal")
FIGURES = ("flag", "count", "number")


class Code(NamedTuple):
    """One code of a variable: as text, as a number, in words, and whether it stands for a missing answer."""

    code: str
    number: int
    label: str
    missing: bool = False


@dataclass(frozen=True)
class Variable:
    """One column. ``kind`` is key, text, nominal, ordinal, flag, count, month, or number (a code already numbered)."""

    name: str
    label: str
    kind: str = "text"
    codes: tuple[Code, ...] = ()
    source: str = ""

    @property
    def measure(self) -> str:
        """Level of measurement: nominal, ordinal or scale."""
        return MEASURES.get(self.kind, "nominal")

    @property
    def numeric(self) -> bool:
        """Whether statistics packages get numbers."""
        return self.kind in FIGURES or (self.kind in CODED and bool(self.codes))

    @property
    def missing(self) -> tuple[Code, ...]:
        """The codes that stand for a missing answer."""
        return tuple(code for code in self.codes if code.missing)


@dataclass(frozen=True)
class Dataset:
    """One table: cells as text exactly as exported, "" for nothing, and one variable per column in its order."""

    name: str
    label: str
    frame: pd.DataFrame
    variables: tuple[Variable, ...]
    unique: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a description that does not fit."""
        told = [variable.name for variable in self.variables]
        if told != list(self.frame.columns):
            raise ValueError(f"the table {self.name} has the columns {list(self.frame.columns)}, described are {told}.")


class Shortened(NamedTuple):
    """A label that did not fit into a file: where, and the whole of it."""

    file: str
    variable: str
    code: str
    label: str


def numbers(variable: Variable, cells: pd.Series[str]) -> pd.Series[float]:
    """The cells of a variable as numbers, NaN where there is nothing.

    Parameters
    ----------
    variable : Variable
        A numeric one.
    cells : Series of str

    Returns
    -------
    Series of float
        Options 1…k, missing codes 91…95, yes/no 1 and 0, counts as they are.

    Raises
    ------
    ValueError
        When a cell holds a code that the variable does not have.

    Examples
    --------
    >>> wish = Variable("wish", "", "nominal", (Code("KIN", 1, "kin"), Code("DK", 91, "don't know", True)))
    >>> numbers(wish, pd.Series(["DK", "", "KIN"])).tolist()
    [91.0, nan, 1.0]
    """
    filled = cells.where(cells != "")
    if variable.kind not in CODED:
        return pd.to_numeric(filled).astype(float)
    known = {code.code: float(code.number) for code in variable.codes}
    found = filled.map(known).astype(float)
    strange = cells[found.isna() & (cells != "")]
    if len(strange):
        raise ValueError(f"{variable.name}: the code '{strange.iloc[0]}' is not in its list; export again.")
    return found


def value_labels(
    variables: tuple[Variable, ...], letters: int | None = None, octets: int | None = None
) -> dict[str, dict[int, str]]:
    """Labels of the numbers of each numeric variable that has codes, shortened to fit."""
    return {
        one.name: {code.number: shortened(code.label, letters, octets) for code in one.codes}
        for one in variables
        if one.numeric and one.codes
    }


def too_long(file: str, dataset: Dataset, limits: Mapping[str, int | None], octets: bool) -> Iterator[Shortened]:
    """Every label of a dataset that does not fit whole; ``limits`` for ``variable`` and ``value``."""

    def cut(text: str, limit: int | None) -> bool:
        return limit is not None and len(text.encode() if octets else text) > limit

    for one in dataset.variables:
        if cut(one.label, limits["variable"]):
            yield Shortened(file, one.name, "", one.label)
        for code in one.codes if one.numeric else ():
            if cut(code.label, limits["value"]):
                yield Shortened(file, one.name, code.code, code.label)
