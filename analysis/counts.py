"""Rows become integer counts here, once; every statistic starts from these arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from .uncertainty import Array


class Groups(NamedTuple):
    """Counts of misses and hits: ``table[k, g]`` is group ``names[k]`` in cluster ``g``."""

    names: list[str]
    table: Array


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
    cell = (group[keep] * k + row[keep]) * k + column[keep]
    return np.bincount(cell, minlength=len(names) * k * k).reshape(-1, k, k).astype(float)


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
