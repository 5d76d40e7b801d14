"""The subtraction a curious reader would do: what do the published numbers say about each hidden count?

Published numbers are linear facts about whole counts that are not below zero: "these three cells add up to 72", "this
number rounds to 40". The smallest and largest count that fit all of them are what the reader learns (Geurts 1992).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from ..uncertainty import Array

ROUNDS = 50  # of propagation; linear programming says the rest
SLACK = 1e-6


class Fact(NamedTuple):
    """``low ≤ Σ weight · count ≤ high`` for the cells in ``weights``."""

    weights: dict[int, float]
    low: float
    high: float


@dataclass
class System:
    """Counts that are not below zero, and everything published about them, over all tables of a release.

    Examples
    --------
    Two tables give three numbers (56,600; 47,600; 8,002), and so the fourth, which both had hidden:

    >>> known = System()
    >>> known.add({"all": 1, "a": -1, "b": -1, "c": -1}, 0)
    >>> for name, count in (("all", 56600), ("a", 47600), ("b", 8002)):
    ...     known.add({name: 1}, count)
    >>> known.interval("c")
    (998, 998)
    """

    names: dict[Hashable, int] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def add(self, weights: Mapping[Hashable, float], low: float, high: float | None = None) -> None:
        """Publish ``Σ weight · count`` as one number, or as lying between two (a rounded number does).

        Raises
        ------
        ValueError
            When nothing is given, or low is above high.
        """
        high = low if high is None else high
        if not weights or not low <= high:
            raise ValueError("A published number needs the cells it adds up, and a low end that is not above the high.")
        self.facts.append(Fact({self._place(name): float(w) for name, w in weights.items()}, low, high))

    def rounded(self, weights: Mapping[Hashable, float], value: float, base: int) -> None:
        """Publish a number rounded to the nearest ``base`` (halves up)."""
        self.add(weights, value - base // 2, value + (base - 1) // 2)

    def interval(self, name: Hashable) -> tuple[int, float]:
        """The smallest and the largest whole count of one cell that fit everything published; inf when unbounded."""
        return self.intervals([name])[name]

    def intervals(self, names: Sequence[Hashable]) -> dict[Hashable, tuple[int, float]]:
        r"""Smallest and largest whole count of each cell.

        .. math:: \min x_i, \; \max x_i \quad \text{s.t.} \quad l \le A x \le u, \; x \ge 0

        First bounds are pushed along the facts one by one, which is cheap, and final where no cell can be reached from
        another along two ways; only the others take linear programming, in the connected part they belong to.

        Raises
        ------
        ValueError
            When the published numbers contradict each other.

        Notes
        -----
        Validated against: the handbook's hidden 2 × 2 table, X11 in [3, 6] (Geurts 1992), and trying all tables.
        """
        wanted = [self._place(name) for name in names]
        matrix = self._matrix()
        low, high = _pushed(self.facts, len(self.names))
        part = _parts(matrix)
        for place in wanted:
            if high[place] - low[place] > SLACK and _has_ring(matrix, part == part[place]):
                low[place], high[place] = self._programmed(matrix, place, part == part[place])
        return {name: _whole(low[place], high[place]) for name, place in zip(names, wanted, strict=True)}

    def _place(self, name: Hashable) -> int:
        return self.names.setdefault(name, len(self.names))

    def _matrix(self) -> csr_array:
        entries = [(row, place, w) for row, fact in enumerate(self.facts) for place, w in fact.weights.items()]
        rows, places, weights = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((weights, (rows, places)), shape=(len(self.facts), len(self.names)))

    def _programmed(self, matrix: csr_array, place: int, inside: Array) -> tuple[float, float]:
        """Both ends by linear programming over the connected part."""
        cells = inside.nonzero()[0]
        rows = np.unique(matrix[:, cells].nonzero()[0])
        sums = matrix[rows][:, cells]
        low, high = (np.array([getattr(self.facts[row], end) for row in rows]) for end in ("low", "high"))
        goal = (cells == place).astype(float)
        matrix_ub, limits = _both(sums, high, low)
        found = [linprog(sign * goal, A_ub=matrix_ub, b_ub=limits, method="highs") for sign in (1.0, -1.0)]
        if found[0].status == 2:
            raise ValueError("The published numbers contradict each other; count them again from one export.")
        ends = [float(one.fun) if one.fun is not None else -np.inf for one in found]
        return ends[0], -ends[1]


def unsafe(intervals: Mapping[Hashable, tuple[int, float]], least: int = 5) -> list[Hashable]:
    """Hidden cells a reader knows too much about: fewer than three counts fit, or all that fit are below ``least``.

    Examples
    --------
    >>> unsafe({"X11": (3, 6), "X12": (1, 4), "X21": (0, 3)})
    ['X12', 'X21']
    """
    return [name for name, (low, high) in intervals.items() if high - low < 2 or high < least]


def _both(sums: csr_array, high: Array, low: Array) -> tuple[Array, Array]:
    """``low ≤ A x ≤ high`` as one list of "not above"; sides without an end are left out."""
    top, bottom = np.isfinite(high), np.isfinite(low)
    return vstack([sums[top], -sums[bottom]]).toarray(), np.concatenate([high[top], -low[bottom]])


def _pushed(facts: Sequence[Fact], size: int) -> tuple[Array, Array]:
    """Bounds after each fact has told each of its cells what the others leave over, until nothing moves."""
    low, high = np.zeros(size), np.full(size, np.inf)
    ready = [(np.array(list(f.weights)), np.array(list(f.weights.values())), f.low, f.high) for f in facts]
    for _ in range(ROUNDS):
        before = low.copy(), high.copy()
        for places, weights, least, most in ready:
            _push(low, high, places, weights, least, most)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    if (low > high + 0.5).any():
        raise ValueError("The published numbers contradict each other; count them again from one export.")
    return low, high


def _push(low: Array, high: Array, places: Array, weights: Array, least: float, most: float) -> None:
    """One fact: what the largest and smallest others leave for each cell, as whole counts."""
    ends = np.stack([weights * low[places], weights * high[places]])
    small, large = ends.min(axis=0), ends.max(axis=0)
    others_small, others_large = _without(small), _without(large)
    left = np.stack([(least - others_large) / weights, (most - others_small) / weights])
    low[places] = np.maximum(low[places], np.ceil(left.min(axis=0) - SLACK))
    high[places] = np.minimum(high[places], np.floor(left.max(axis=0) + SLACK))


def _without(values: Array) -> Array:
    """For each value the sum of the others; infinities do not cancel."""
    endless = np.isinf(values)
    finite = np.where(endless, 0.0, values)
    found = finite.sum() - finite
    sign = values[endless][0] if endless.any() else 0.0
    return np.where(endless.sum() - endless > 0, sign, found)


def _parts(matrix: csr_array) -> Array:
    """The number of the connected part each cell belongs to."""
    found = connected_components(matrix.T @ matrix, directed=False)[1] if matrix.nnz else np.arange(matrix.shape[1])
    return np.asarray(found)


def _has_ring(matrix: csr_array, inside: Array) -> bool:
    """Whether some cell reaches another along two ways; else pushing bounds along the facts finds the true ends."""
    part = matrix[:, inside.nonzero()[0]]
    rows = np.unique(part.nonzero()[0])
    return bool(part.nnz > len(rows) + part.shape[1] - 1)


def _whole(low: float, high: float) -> tuple[int, float]:
    top = np.floor(high + SLACK)
    return int(np.ceil(low - SLACK)), int(top) if np.isfinite(top) else float("inf")
