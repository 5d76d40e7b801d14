"""Whole counts, the linear facts known of them, and what other counts would fit the same facts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

TRIES = 12  # random directions in which other answers are looked for, before cells are taken one by one


@dataclass
class Knowledge:
    """Whole counts, the facts known of them, and which of them make a child known."""

    names: dict[tuple, int] = field(default_factory=dict)
    facts: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    truth: dict[int, float] = field(default_factory=dict)
    most: dict[int, float] = field(default_factory=dict)

    def count(self, name: tuple, truth: float, most: float = np.inf) -> int:
        place = self.names.setdefault(name, len(self.names))
        self.truth[place], self.most[place] = float(truth), float(most)
        return place

    def fact(self, weights: dict[int, float], low: float, high: float) -> None:
        """``low ≤ Σ weights ≤ high``; a fact the truth itself breaks is a mistake of the attacker's model."""
        value = sum(weight * self.truth[place] for place, weight in weights.items())
        assert low - 1e-6 <= value <= high + 1e-6, (low, value, high)
        if weights:
            self.facts.append((weights, low, high))

    def ends(self, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """The smallest and largest value of every count found so far; exact where it matters."""
        matrix, limits = self._limits()
        bounds = [(0.0, self.most[place]) for place in range(len(self.names))]
        truth = np.array([self.truth[place] for place in range(len(self.names))])
        low, high, rng = truth.copy(), truth.copy(), np.random.default_rng(seed)
        for _ in range(TRIES):
            goal = rng.choice([-1.0, 1.0], size=len(truth)) * self._doubtful(low, high)
            if goal.any():
                self._widen(goal, matrix, limits, bounds, low, high)
        for place in np.flatnonzero(self._doubtful(low, high)):
            for sign in (1.0, -1.0):
                self._widen(sign * np.eye(len(truth))[place], matrix, limits, bounds, low, high)
        return low, high

    def _doubtful(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Counts that would make a child known, were the values found so far the only ones."""
        most = np.array([self.most[place] for place in range(len(low))])
        narrow = (high < 1) | (low > most - 1) | (high - low < 1)
        asked = [name[0] == "atom" or (name[0] == "list" and name[-1]) for name in self.names]
        return narrow & np.array(asked)

    def _widen(self, goal, matrix, limits, bounds, low, high) -> None:
        found = linprog(goal, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs")
        if found.status == 0:
            np.minimum(low, found.x, out=low)
            np.maximum(high, found.x, out=high)
        elif found.status == 3:  # unbounded
            high[goal < 0] = np.inf
        else:
            raise AssertionError(found.message)

    def _limits(self):
        entries = [(row, place, w) for row, (ws, _, _) in enumerate(self.facts) for place, w in ws.items()]
        rows, places, weights = zip(*entries, strict=True)
        sums = csr_array((weights, (rows, places)), shape=(len(self.facts), len(self.names)))
        low, high = (np.array([fact[i] for fact in self.facts]) for i in (1, 2))
        top, bottom = np.isfinite(high), np.isfinite(low)
        return vstack([sums[top], -sums[bottom]]).tocsr(), np.concatenate([high[top], -low[bottom]])


def known(know: Knowledge, least: int) -> list[tuple]:
    (low, high), found = know.ends(), []
    for name, place in know.names.items():
        size, sure = know.most[place], high[place] - low[place] < 1 - 1e-6
        if name[0] == "atom" and size:
            same = high[place] < 1 - 1e-6 or low[place] > size - 1 + 1e-6
            if same or (sure and size < least):
                found.append(name)
        elif name[0] == "list" and name[-1] and sure and 0 < know.truth[place] < least:
            found.append(name)
    return found
