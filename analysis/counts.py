"""Rows become integer counts here, once; every statistic starts from these arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from .uncertainty import Array

Whole = npt.NDArray[np.integer]
BLOCK, MOST_CELLS = 1 << 17, 100_000_000


class Groups(NamedTuple):
    """Counts of misses and hits: ``table[k, g]`` is group ``names[k]`` in cluster ``g``."""

    names: list[str]
    table: Array


def cells(codes: Sequence[Whole], sizes: Sequence[int]) -> npt.NDArray[np.int64]:
    """Count how often each combination of small integer codes occurs.

    One pass: block after block the codes become one number, and that is counted, so that nothing larger than a block
    is ever copied. The cost grows with the rows, not with what is computed from the counts afterwards.

    Parameters
    ----------
    codes : sequence of integer arrays, all of one length n
        Column j holds 0 … ``sizes[j]`` − 1. One byte per code (``int8``, ``uint8``) is fastest.
    sizes : sequence of int
        How many codes each column has, used or not.

    Returns
    -------
    array of int64, shape ``sizes``

    Raises
    ------
    ValueError
        For columns of different lengths, codes outside 0 … size − 1, or more than 10⁸ combinations.

    Notes
    -----
    Validated against: ``pandas.crosstab`` and a loop over rows (property tests).

    Examples
    --------
    >>> cells([np.array([0, 0, 1], dtype="int8"), np.array([2, 2, 0], dtype="int8")], [2, 3]).tolist()
    [[0, 0, 2], [1, 0, 0]]
    """
    _check_codes(codes, sizes)
    bins = int(np.prod(sizes, dtype=np.int64))
    total, block = np.zeros(bins, dtype=np.int64), max(BLOCK, bins)
    fused = np.empty(min(block, len(codes[0])), dtype=np.int32)
    for start in range(0, len(codes[0]), block):
        parts = [column[start : start + block] for column in codes]
        total += np.bincount(_fuse(parts, sizes, fused[: len(parts[0])]), minlength=bins)
    return total.reshape(tuple(sizes))


def _fuse(parts: Sequence[Whole], sizes: Sequence[int], into: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The place of each row in the flattened table."""
    np.copyto(into, parts[0], casting="unsafe")
    for part, size in zip(parts[1:], sizes[1:], strict=True):
        into *= np.int32(size)
        np.add(into, part, out=into, casting="unsafe")
    return into


def _check_codes(codes: Sequence[Whole], sizes: Sequence[int]) -> None:
    if not codes or len(codes) != len(sizes) or len({len(column) for column in codes}) != 1:
        raise ValueError("give columns of codes of one length, and one size for each.")
    if np.prod(sizes, dtype=float) > MOST_CELLS:
        raise ValueError(f"{' × '.join(map(str, sizes))} are too many cells to count at once: group by fewer columns.")
    for place, (column, size) in enumerate(zip(codes, sizes, strict=True)):
        if len(column) and not 0 <= column.min() <= column.max() < size:
            raise ValueError(f"column {place} holds codes outside 0 … {size - 1}: leave those rows out first.")


def squares(frame: pd.DataFrame, first: str, second: str, options: Sequence[str], cluster: str) -> Array:
    """Cross two columns of options, once per cluster.

    Parameters
    ----------
    frame : DataFrame
        One row per pair.
    first, second : str
        Columns of option codes: rows and columns of the table. Rows with a code that is not an option are left out.
    options : sequence of str
        The **full** list in its order, so that an option nobody used keeps its place and weights their width.
    cluster : str
        Column of the coordinator.

    Returns
    -------
    array, shape (G, k, k)

    Examples
    --------
    >>> d = pd.DataFrame({"W": ["a", "b", "b"], "D": ["a", "a", "b"], "who": ["x", "x", "y"]})
    >>> squares(d, "W", "D", ["a", "b"], "who").tolist()
    [[[1.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]]
    """
    k = len(options)
    places = pd.Index(list(options))
    row, column = (places.get_indexer(pd.Index(frame[name])) for name in (first, second))
    group, names = pd.factorize(frame[cluster], sort=True)
    keep = (row >= 0) & (column >= 0) & (group >= 0)
    return cells([group[keep], row[keep], column[keep]], [len(names), k, k]).astype(float)


def tally(hit: pd.Series[bool], group: pd.Series[str], cluster: pd.Series[str]) -> Groups:
    """Count misses and hits per group and cluster.

    Returns
    -------
    Groups
        ``names`` sorted; ``table`` of shape (K, G, 2): misses, hits.

    Examples
    --------
    >>> d = pd.DataFrame({"hit": [True, False, True], "stage": ["S1", "S1", "S2"], "who": ["x", "y", "x"]})
    >>> tally(d["hit"], d["stage"], d["who"]).table.tolist()
    [[[0.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 0.0]]]
    """
    kind, names = pd.factorize(group, sort=True)
    who, people = pd.factorize(cluster, sort=True)
    cell = (kind * len(people) + who) * 2 + hit.to_numpy(dtype=np.int64)
    size = len(names) * len(people) * 2
    return Groups(
        [str(name) for name in names],
        np.bincount(cell, minlength=size).reshape(len(names), -1, 2).astype(float) if size else np.zeros((0, 0, 2)),
    )


def share(table: Array) -> float:
    """Hits / (misses + hits) of a table whose last axis is (misses, hits); NaN when empty."""
    misses, hits = table.reshape(-1, 2).sum(axis=0)
    return float(hits / (misses + hits)) if misses + hits else float("nan")
