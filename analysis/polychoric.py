"""Correlations of what lies behind ordered answers: each answer is a normal variable cut at thresholds.

Two steps (Olsson 1979): thresholds from how often each option was used, then the correlation that makes the cross table
most likely. The bivariate normal is integrated over the angle (Drezner and Wesolowsky 1990) with fixed points, so that
the same table gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats
from scipy.special import ndtr

from .uncertainty import Array

HIGHEST = 0.999  # nearer to 1 the likelihood is flat
SMALLEST = 1e-12
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(48)


def polychoric(counts: npt.ArrayLike) -> float:
    """The polychoric correlation of a cross table by two-step maximum likelihood; empty cells are not touched.

    Validated against: Olsson 1979, rho .49, thresholds −1.77, −.14 and −.69, .67 (R psych ``polychoric(x,
    correct=FALSE)``); Drasgow's table, .420 (two-step; −.027, 1.137 and −.240, 1.578); Kirk 1973, .5, −.75, .8, .99,
    as R psych ``tetrachoric`` has them.

    Parameters
    ----------
    counts : array (r, c)
        Ordered options; those nobody used are dropped.

    Returns
    -------
    float
        −.999 … .999; NaN when one of the two has a single option.

    Raises
    ------
    ValueError
        For negative or missing counts.

    Examples
    --------
    >>> round(polychoric([[58, 52, 1], [26, 58, 3], [8, 12, 9]]), 2)
    0.42
    """
    table = _table(counts)
    if min(table.shape) < 2:
        return float("nan")
    rows, columns = thresholds(table.sum(axis=1)), thresholds(table.sum(axis=0))

    def misfit(rho: float) -> float:
        return -float((table * np.log(np.maximum(cells(rows, columns, rho), SMALLEST))).sum())

    best = optimize.minimize_scalar(misfit, bounds=(-HIGHEST, HIGHEST), method="bounded", options={"xatol": 1e-9})
    return float(best.x)


def thresholds(use: npt.ArrayLike) -> Array:
    """Where a normal variable is cut to give the options as often as they were used: Φ⁻¹ of the running share.

    Examples
    --------
    >>> thresholds([50, 50]).tolist()
    [0.0]
    """
    n = np.asarray(use, dtype=float)
    return np.asarray(stats.norm.ppf(np.cumsum(n)[:-1] / n.sum()))


def cells(rows: Array, columns: Array, rho: float) -> Array:
    """The probability of every cell between thresholds of two normal variables with correlation rho.

    Examples
    --------
    >>> cells(np.array([0.0]), np.array([0.0]), 0.5).round(4).tolist()      # 1/4 + asin(rho) / 2π
    [[0.3333, 0.1667], [0.1667, 0.3333]]
    """
    below = np.zeros((len(rows) + 2, len(columns) + 2))
    below[1:-1, 1:-1] = _below(rows, columns, rho)
    below[-1, 1:-1], below[1:-1, -1], below[-1, -1] = ndtr(columns), ndtr(rows), 1
    return np.asarray(np.diff(np.diff(below, axis=0), axis=1))


def matrix(scores: pd.DataFrame, options: Sequence[object] | None = None) -> Array:
    """Polychoric correlations of all pairs of items; everybody who answered both counts.

    Parameters
    ----------
    scores : DataFrame (persons, items)
        Ordered codes, NaN where missing.
    options : sequence, optional
        The list in its order; the sorted values that occur when left out.

    Returns
    -------
    array (k, k)
        Ones on the diagonal; NaN for an item with a single answer. It need not be positive definite.
    """
    values = scores.to_numpy().ravel()
    order = options or sorted(pd.unique(values[~pd.isna(values)]))
    code = np.column_stack([pd.Index(list(order)).get_indexer(pd.Index(scores[name])) for name in scores])
    size, k = len(order), code.shape[1]
    found = np.eye(k)
    for i, j in zip(*np.triu_indices(k, 1), strict=True):
        both = (code[:, i] >= 0) & (code[:, j] >= 0)
        counts = np.bincount(code[both, i] * size + code[both, j], minlength=size * size).reshape(size, size)
        found[i, j] = found[j, i] = polychoric(counts)
    return found


def _table(counts: npt.ArrayLike) -> Array:
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("a cross table holds counts of zero or more, options by options; count missing answers apart.")
    return np.asarray(table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0])


def _below(rows: Array, columns: Array, rho: float) -> Array:
    """P(X ≤ h, Y ≤ k) for all h, k: Φ(h) Φ(k) + 1/2π ∫ exp(−(h² + k² − 2hk sin t) / 2cos² t) dt, t to asin rho."""
    reach = np.arcsin(rho) / 2
    angle = reach * (POINTS + 1)
    h, k = rows[:, None, None], columns[None, :, None]
    density = np.exp(-(h**2 + k**2 - 2 * h * k * np.sin(angle)) / (2 * np.cos(angle) ** 2))
    return np.asarray(np.outer(ndtr(rows), ndtr(columns)) + density @ WEIGHTS * reach / (2 * np.pi))
