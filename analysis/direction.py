"""Which way decisions part from wishes: more or less than the child asked, and whether the lists are used alike."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from .agreement import table_of
from .uncertainty import Array


class ChiSquared(NamedTuple):
    """A chi-squared test; NaN with a reason when it cannot be computed."""

    statistic: float
    df: int
    p: float
    method: str
    reason: str = ""


def more(table: Array) -> float:
    """P(D > W): the share of decisions that give more than the child wished (ordinal topics, rows W, columns D)."""
    return _part(np.triu(table, 1), table)


def less(table: Array) -> float:
    """P(D < W): the share of decisions that give less than the child wished."""
    return _part(np.tril(table, -1), table)


def balance(table: Array) -> float:
    """P(D > W) − P(D < W), −1 … 1; above 0 decisions give more than wished.

    Examples
    --------
    >>> round(balance(np.array([[5, 3, 0], [1, 5, 2], [0, 0, 4]])), 2)
    0.2
    """
    return more(table) - less(table)


def _part(part: Array, whole: Array) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() else float("nan")


def bowker(counts: npt.ArrayLike) -> ChiSquared:
    r"""Bowker's test of symmetry (1948): is "wished i, decided j" as frequent as "wished j, decided i"?

    .. math:: \chi^2 = \sum_{i<j} \frac{(n_{ij} - n_{ji})^2}{n_{ij} + n_{ji}}

    Pairs of options nobody confused carry no information and no degree of freedom; zeros are never shifted (a default
    elsewhere adds 0.5 to them and halves the statistic, O19). Ignores clusters.

    Validated against: Stuart's 7477 women (O18): 19.107, df 6; O19: 4.667.

    Examples
    --------
    >>> round(bowker([[8, 0, 3], [1, 9, 4], [0, 2, 7]]).statistic, 3)
    4.667
    """
    table = table_of(counts)
    up, down = table[np.triu_indices(len(table), 1)], table.T[np.triu_indices(len(table), 1)]
    seen = up + down > 0
    if not seen.any():
        return ChiSquared(np.nan, 0, np.nan, "Bowker", "every decision equals the wish")
    value = float(((up - down)[seen] ** 2 / (up + down)[seen]).sum())
    return _test(value, int(seen.sum()), "Bowker")


def stuart_maxwell(counts: npt.ArrayLike) -> ChiSquared:
    r"""Stuart–Maxwell test of equal margins: are options wished for and decided on equally often?

    .. math:: \chi^2 = d' S^{-1} d, \quad d_i = r_i - c_i, \quad
              S_{ii} = r_i + c_i - 2 n_{ii}, \; S_{ij} = -(n_{ij} + n_{ji})

    Stuart (1955), Maxwell (1970). Options nobody used, or that always agreed, are dropped before counting degrees of
    freedom. Ignores clusters.

    Validated against: Stuart's 7477 women (O18): 11.957, df 3; statsmodels on random tables.

    Examples
    --------
    >>> round(stuart_maxwell([[20, 10], [5, 15]]).statistic, 4)   # two options: McNemar
    1.6667
    """
    table = table_of(counts)
    spread = np.diag(table.sum(axis=0) + table.sum(axis=1)) - table - table.T
    gap = table.sum(axis=1) - table.sum(axis=0)
    rank = int(np.linalg.matrix_rank(spread)) if spread.any() else 0
    if rank == 0:
        return ChiSquared(np.nan, 0, np.nan, "Stuart-Maxwell", "every decision equals the wish")
    return _test(float(gap @ np.linalg.pinv(spread) @ gap), rank, "Stuart-Maxwell")


def _test(value: float, df: int, method: str) -> ChiSquared:
    return ChiSquared(value, df, float(stats.chi2.sf(value, df)), method)
