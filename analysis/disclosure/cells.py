"""Which cells of a table of counts to hide, so that none can be worked out from those that are printed."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..uncertainty import Array
from .audit import System, unsafe

Mask = npt.NDArray[np.bool_]


def protect(values: Array, rows: bool, columns: bool, least: int = 5) -> Mask:
    """Which cells of a table of counts to hide, given that row and/or column totals are printed.

    Parameters
    ----------
    values : array (r, c)
        Counts.
    rows, columns : bool
        Whether row totals and column totals are printed (or known).
    least : int
        Counts from 1 to ``least − 1`` are small.

    Returns
    -------
    array of bool (r, c)
        Small cells; lines in which everybody is in one cell; and companions, until in every line those hidden are none
        or at least two, and for each hidden cell at least three counts fit the printed totals, one of them not small.
        Where hiding every cell does not reach that, every cell is hidden, and the totals must not be printed either
        (``audit.unsafe`` says so).

    Raises
    ------
    ValueError
        When counts are negative or not finite.

    Notes
    -----
    Validated against: linear programming over the printed totals (property test); Geurts 1992.

    Examples
    --------
    >>> protect(np.array([[3.0], [20], [9], [0]]), rows=False, columns=True)[:, 0].tolist()
    [True, False, True, False]
    """
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("counts must be zero or more, and none may be missing.")
    lines = _lines(values.shape, rows, columns)
    hidden = ((values > 0) & (values < least)).ravel()
    flat = values.ravel()
    for line in lines:
        if line.sum() > 1 and (flat[line] > 0).sum() == 1:
            hidden |= line
    while (cell := _companion(flat, hidden, lines, least)) is not None:
        hidden[cell] = True
    return hidden.reshape(values.shape)


def join(hidden: Mask, parts: Array, order: Array, least: int) -> Mask:
    """Add whole rows, cheapest first, until the hidden ones are two or more and hold ``least`` in every part."""
    hidden = hidden.copy()
    while hidden.any() and (~hidden).any() and (hidden.sum() < 2 or (parts[hidden].sum(axis=0) < least).any()):
        hidden[np.where(hidden, np.inf, order).argmin()] = True
    return hidden


class Rest(NamedTuple):
    """A total known from elsewhere, of which some cells are a part: who is only in the total, and what they answered.

    ``n`` of them, ``hits`` with the answer; ``whole`` is the total itself.
    """

    cells: list[tuple[str, str]]
    n: int
    hits: int
    whole: int


def gives_away(printed: pd.DataFrame, size: float, rests: list[Rest], base: int, least: int) -> bool:
    """Whether printed counts, taken from a total that others know, say what those who are not in them answered.

    Parameters
    ----------
    printed : DataFrame
        Counts rounded to ``base``; NaN where hidden.
    size : float
        How many are in the table.
    rests : list of Rest
    base, least : int
        What the counts are rounded to, and the least count that is not small.

    Examples
    --------
    Of 95 followed wishes 94 are in the table, printed as 45 and 45, 94 at most: the other one was followed too.

    >>> table = pd.DataFrame({"followed": [45.0, 45], "other": [10.0, 10]}, index=["heard", "unheard"])
    >>> column = [("heard", "followed"), ("unheard", "followed")]
    >>> gives_away(table, 114, [Rest(column, 1, 1, 95)], 5, 5), gives_away(table, 114, [Rest(column, 1, 1, 92)], 5, 5)
    (True, False)
    """
    known = System()
    cells = [(row, column) for row in printed.index for column in printed.columns]
    known.add(dict.fromkeys(cells, 1.0), size)
    for cell in cells:
        if not np.isnan(float(printed.loc[cell])):
            known.rounded({cell: 1.0}, float(printed.loc[cell]), base)
    for place, rest in enumerate(rests):
        known.add({place: 1.0} | dict.fromkeys(rest.cells, 1.0), rest.whole)
        known.add({place: 1.0}, 0, rest.n)
    ends = known.intervals(range(len(rests)))
    return any(_resolved(*ends[place], rest.n, least) for place, rest in enumerate(rests) if rest.n)


def _resolved(low: int, high: float, n: int, least: int) -> bool:
    """All of them answered the same, or they are few and counted exactly."""
    return high == 0 or low == n or (low == high and n < least)


def _lines(shape: tuple[int, ...], rows: bool, columns: bool) -> list[Mask]:
    """One mask over the flattened table per printed total."""
    place = np.indices(shape)
    masks = [(place[0] == i).ravel() for i in range(shape[0]) if rows]
    return masks + [(place[1] == j).ravel() for j in range(shape[1]) if columns]


def _companion(flat: Array, hidden: Mask, lines: list[Mask], least: int) -> int | None:
    """The next cell to hide, or None when the hidden ones protect each other or nothing is left to hide."""
    for line in lines:
        inside, free = hidden & line, line & ~hidden
        if inside.any() and free.any() and (inside.sum() < 2 or flat[inside].sum() < least):
            return _smallest(flat, free)
    weak = _weak(flat, hidden, lines, least)
    near = [line & ~hidden for line in lines if (line & weak).any() and (line & ~hidden).any()]
    if weak.any() and not hidden.all():
        return _smallest(flat, near[0] if near else ~hidden)
    return None


def _smallest(flat: Array, among: Mask) -> int:
    """The smallest count that is not zero, else a zero: it costs the reader least."""
    cost = np.where(flat > 0, flat, flat.sum() + 1)
    return int(np.where(among, cost, np.inf).argmin())


def _weak(flat: Array, hidden: Mask, lines: list[Mask], least: int) -> Mask:
    """Hidden cells about which the printed totals say too much.

    Where each cell has one total, ``_companion`` has done all there is to do; with row and column totals the audit
    takes the smallest and largest possible count of every hidden cell.
    """
    weak = np.zeros_like(hidden)
    if not hidden.any() or np.sum(lines, axis=0).max() < 2:
        return weak
    places = tuple(int(place) for place in hidden.nonzero()[0])
    sums = tuple(
        (tuple(int(i) for i in (hidden & line).nonzero()[0]), float(flat[hidden & line].sum())) for line in lines
    )
    weak[list(_failing(places, sums, least))] = True
    return weak


@lru_cache(maxsize=1024)
def _failing(places: tuple[int, ...], sums: tuple[tuple[tuple[int, ...], float], ...], least: int) -> tuple[int, ...]:
    """The hidden cells that fail the audit; kept, because reports in several languages ask the same again."""
    known = System()
    for cells, total in sums:
        if cells:
            known.add(dict.fromkeys(cells, 1.0), total)
    return tuple(int(str(place)) for place in unsafe(known.intervals(places), least))
