"""Tests for pairs that come in clusters: do child and staff differ more often one way than the other?

McNemar's test takes every pair for independent. Here pairs of one coordinator are not, so four published corrections
stand beside it. All take one 2 × 2 table per coordinator, rows the child, columns staff, as ``counts.squares`` gives
it; an ordinal topic of k options becomes such a table with ``collapse``.

With x_k = b_k − c_k (pairs differing one way less the other way) and n_k pairs in cluster k of K, every correction is
(Σ x)² over another estimate of its variance. A test is no effect size: report the shares of ``parts`` first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from . import direction
from .uncertainty import Array, Result, jackknife

EXACT_BELOW = 25  # discordant pairs: the binomial distribution itself costs nothing and needs no approximation
NO_PAIRS = "no pairs to compare"
NOBODY_DIFFERS = "no pair differs: there is nothing to test"
ONE_CLUSTER = "fewer than two coordinators with pairs: their spread is unknown"
NO_SPREAD = "in every cluster as many pairs differ one way as the other: there is no spread to test against"


class PairedTest(NamedTuple):
    """A test on pairs; NaN with a reason where it cannot be computed. ``df`` is 0 where no χ² is involved."""

    statistic: float
    df: int
    p: float
    n: int
    clusters: int
    method: str
    reason: str = ""


def mcnemar(counts: npt.ArrayLike, *, exact: bool | None = None, continuity: bool = False) -> PairedTest:
    r"""McNemar's test of b = c; it ignores clusters.

    .. math:: \chi^2_1 = \frac{(b - c)^2}{b + c}, \qquad \text{with continuity} \; \frac{(|b - c| - 1)^2}{b + c}

    McNemar (1947). Exact: b is binomial(b + c, ½); the statistic is then min(b, c).

    Parameters
    ----------
    counts : array, shape (2, 2) or (G, 2, 2)
        Pairs; tables per cluster are added up.
    exact : bool, optional
        Exact or by χ²; left out, exact when b + c < 25.
    continuity : bool
        Subtract 1 from |b − c| before squaring (never below 0).

    Raises
    ------
    ValueError
        When the counts are not 2 × 2, negative or missing.

    Notes
    -----
    Validated against: Agresti's approval of the prime minister (O20) 17.36, the 29 psychiatrists (O21) 11.845,
    statsmodels on random tables.

    Examples
    --------
    >>> round(mcnemar([[794, 150], [86, 570]]).statistic, 2)
    17.36
    """
    tables = _tables(counts)
    n, b, c = round(float(tables.sum())), float(tables[:, 0, 1].sum()), float(tables[:, 1, 0].sum())
    by_binomial = b + c < EXACT_BELOW if exact is None else exact
    name = "McNemar, exact" if by_binomial else "McNemar, continuity" if continuity else "McNemar"
    if b + c == 0:
        return _cannot(n, len(tables), name, NOBODY_DIFFERS if n else NO_PAIRS)
    if by_binomial:
        p = stats.binomtest(round(b), round(b + c)).pvalue
        return PairedTest(min(b, c), 0, float(p), n, len(tables), name)
    gap = max(abs(b - c) - continuity, 0.0)
    return _chi(gap**2 / (b + c), n, len(tables), name)


def eliasziw_donner(counts: npt.ArrayLike) -> PairedTest:
    r"""McNemar's χ² divided by a design effect: Eliasziw and Donner (1991).

    .. math:: \chi^2_1 = \frac{(b - c)^2}{(b + c)\,[1 + (n_c - 1)\tilde\rho]}, \quad
              n_c = \frac{\sum S_k^2}{\sum S_k}, \quad S_k = b_k + c_k, \quad
              \tilde\rho = \frac{\rho}{\rho + (P_b + P_c)(1 - \rho)}

    with ρ the analysis-of-variance correlation of the four cells, pooled, within clusters. A negative ρ counts as 0, so
    that the test is never more eager than McNemar's.

    Parameters
    ----------
    counts : array, shape (G, 2, 2)

    Notes
    -----
    Validated against: the 29 psychiatrists of Donner and Petryshen (O21), 10.23 in R clust.bin.pair.

    Examples
    --------
    >>> eliasziw_donner([[[3, 0], [2, 1]], [[2, 1], [3, 1]], [[4, 0], [1, 1]]]).df
    1
    """
    tables = _tables(counts)
    name = "Eliasziw-Donner 1991"
    stop = _why_not(tables)
    if stop:
        return _cannot(round(float(tables.sum())), len(tables), name, stop)
    differing = tables[:, 0, 1] + tables[:, 1, 0]
    unlike = float(differing.sum() / tables.sum())
    rho = max(_within_cells(tables.reshape(-1, 4)), 0.0)
    among = rho / (rho + unlike * (1 - rho)) if rho else 0.0
    inflation = 1 + (float((differing**2).sum() / differing.sum()) - 1) * among
    one_way = float((tables[:, 0, 1] - tables[:, 1, 0]).sum())
    return _chi(one_way**2 / float(differing.sum()) / inflation, round(float(tables.sum())), len(tables), name)


def obuchowski(counts: npt.ArrayLike) -> PairedTest:
    r"""Obuchowski (1998): the spread of x_k between clusters, around 0, in place of a model.

    .. math:: \chi^2_1 = \frac{K - 1}{K} \frac{(\sum x_k)^2}{\sum x_k^2}

    Parameters
    ----------
    counts : array, shape (G, 2, 2)

    Notes
    -----
    The most careful of the four. It never exceeds K − 1: few clusters never give small p-values, ``parts`` says more.
    Validated against O21: 7.19.

    Examples
    --------
    >>> round(obuchowski([[[3, 0], [2, 1]], [[2, 1], [3, 1]], [[4, 0], [1, 1]]]).statistic, 3)
    1.852
    """
    tables = _tables(counts)
    x = _one_way(tables)
    return _ratio(tables, x.sum(), (x**2).sum() * len(x) / max(len(x) - 1, 1), "Obuchowski 1998")


def durkalski(counts: npt.ArrayLike) -> PairedTest:
    r"""Durkalski and others (2003): every cluster has weight one, whatever its size.

    .. math:: \chi^2_1 = \frac{(\sum x_k / n_k)^2}{\sum (x_k / n_k)^2}

    Parameters
    ----------
    counts : array, shape (G, 2, 2); validated against O21: 7.542.
    """
    tables = _tables(counts)
    x = _one_way(tables) / tables.sum(axis=(1, 2))
    return _ratio(tables, x.sum(), (x**2).sum(), "Durkalski 2003")


def yang(counts: npt.ArrayLike) -> PairedTest:
    r"""Yang, Sun and Hardin (2010): Obuchowski's test with the mean of the variance under and without the hypothesis.

    .. math:: \chi^2_1 = \frac{K-1}{K} \frac{(\sum x_k)^2}{\tfrac12 \sum [(x_k - n_k \delta)^2 + x_k^2]}, \quad
              \delta = \frac{\sum x_k}{\sum n_k}

    Parameters
    ----------
    counts : array, shape (G, 2, 2)

    Notes
    -----
    For clusters of one size, or from 50 of them; else its authors advise Durkalski's. Validated against O21: 8.43.
    """
    tables = _tables(counts)
    x, n = _one_way(tables), tables.sum(axis=(1, 2))
    centred = x - n * (x.sum() / max(n.sum(), 1.0))
    spread = ((centred**2).sum() + (x**2).sum()) / 2
    return _ratio(tables, x.sum(), spread * len(x) / max(len(x) - 1, 1), "Yang 2010")


def cochran_q(answers: npt.ArrayLike) -> PairedTest:
    r"""Cochran's Q (1950): do k yes/no answers of the same children have the same share of yes?

    .. math:: Q = (k-1) \frac{k \sum_j C_j^2 - T^2}{k T - \sum_i R_i^2}, \quad df = k - 1

    with C columns' sums, R rows' sums and T the total. Complete cases only; it ignores clusters.

    Parameters
    ----------
    answers : array, shape (n, k), of 0 and 1
        One row per child, one column per occasion.

    Raises
    ------
    ValueError
        When an answer is missing or not 0 or 1, or there are fewer than two columns.

    Notes
    -----
    Validated against: statsmodels' example (O25) 4.2, df 3, and statsmodels on random tables.

    Examples
    --------
    >>> cochran_q([[1, 0], [1, 0], [0, 1], [1, 1]]).statistic           # k = 2: McNemar, (2 − 1)² / 3
    0.3333333333333333
    """
    table = np.asarray(answers, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError(f"Cochran's Q needs children × occasions, two occasions at least, got {table.shape}.")
    if not np.isin(table, (0, 1)).all():
        raise ValueError("Cochran's Q takes 0 and 1 only: leave out children with a missing answer.")
    n, k = table.shape
    column, row, total = table.sum(axis=0), table.sum(axis=1), float(table.sum())
    free = k * total - float((row**2).sum())
    if free == 0:
        return _cannot(n, 0, "Cochran Q", "no child's answers differ between occasions" if n else NO_PAIRS)
    value = (k - 1) * (k * float((column**2).sum()) - total**2) / free
    return PairedTest(value, k - 1, float(stats.chi2.sf(value, k - 1)), n, 0, "Cochran Q")


def collapse(counts: npt.ArrayLike) -> Array:
    """Turn k × k tables of an ordinal topic into 2 × 2 tables: decided more than wished, less, or the same.

    Parameters
    ----------
    counts : array, shape (G, k, k)
        Rows the wish, columns the decision, options in order.

    Returns
    -------
    array, shape (G, 2, 2)
        b, row 0 column 1, is "more"; c, row 1 column 0, is "less"; equal pairs stand in row 0 column 0.

    Examples
    --------
    >>> collapse([[[5, 3, 0], [1, 5, 2], [0, 0, 4]]]).tolist()
    [[[14.0, 5.0], [1.0, 0.0]]]
    """
    tables = _tables(counts, of=None)
    up, down = np.triu(tables, 1).sum(axis=(1, 2)), np.tril(tables, -1).sum(axis=(1, 2))
    same = np.trace(tables, axis1=1, axis2=2)
    return np.stack([same, up, down, np.zeros(len(tables))], axis=1).reshape(-1, 2, 2)


def parts(counts: npt.ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """P(D > W), P(D = W) and P(D < W), each with a jackknife interval; report these before any test.

    Parameters
    ----------
    counts : array, shape (G, k, k)
        Rows the wish W, columns the decision D, options in order.

    Returns
    -------
    DataFrame
        Rows ``more``, ``same``, ``less``; columns group and the fields of ``Result``.

    Examples
    --------
    >>> parts([[[5, 3], [1, 1]], [[4, 2], [2, 2]]])["estimate"].tolist()
    [0.25, 0.6, 0.15]
    """
    tables = _tables(counts, of=None)
    found = {"more": direction.more, "same": _same, "less": direction.less}
    rows: list[Result] = [jackknife(tables, part, level=level, bounds=(0.0, 1.0)) for part in found.values()]
    return pd.DataFrame(rows, columns=list(Result._fields)).assign(group=list(found))[["group", *Result._fields]]


def sign_test(counts: npt.ArrayLike) -> PairedTest:
    """Exact sign test of P(D > W) = P(D < W); equal pairs say nothing; it ignores clusters.

    It is McNemar's exact test on ``collapse``; with clusters, give ``obuchowski`` the same table.

    Parameters
    ----------
    counts : array, shape (k, k) or (G, k, k)

    Notes
    -----
    Validated against: 13 up, 2 down (the signs of O35), p 0.00738525390625 = 2 (1 + 15 + 105) / 2¹⁵.

    Examples
    --------
    >>> sign_test([[5, 13], [2, 5]]).p
    0.00738525390625
    """
    found = mcnemar(collapse(counts), exact=True)
    return found._replace(method="sign test, exact")


def wilcoxon(differences: npt.ArrayLike) -> PairedTest:
    """Wilcoxon's signed rank test of differences around 0; zeros are left out; it ignores clusters.

    Steps between options count as equally far; in doubt use ``sign_test``. Exact or normal by scipy's rule.

    Parameters
    ----------
    differences : array, shape (n,)
        D − W in steps, as ``steps`` gives them.

    Raises
    ------
    ValueError
        When a difference is missing.

    Notes
    -----
    Validated against: scipy's example, Darwin's maize (O35): W 24, p 0.041259765625.

    Examples
    --------
    >>> wilcoxon([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]).p
    0.041259765625
    """
    values = np.asarray(differences, dtype=float).ravel()
    if not np.isfinite(values).all():
        raise ValueError("Wilcoxon's test takes numbers only: leave out pairs with a missing answer.")
    if not values.any():
        return _cannot(len(values), 0, "Wilcoxon signed rank", NOBODY_DIFFERS if len(values) else NO_PAIRS)
    found = stats.wilcoxon(values)
    return PairedTest(float(found.statistic), 0, float(found.pvalue), len(values), 0, "Wilcoxon signed rank")


def steps(counts: npt.ArrayLike) -> Array:
    """Differences D − W, in steps of the option list, one per pair, from tables of counts.

    Parameters
    ----------
    counts : array, shape (k, k) or (G, k, k)

    Examples
    --------
    >>> steps([[1, 2], [1, 0]]).tolist()
    [0.0, 1.0, 1.0, -1.0]
    """
    table = _tables(counts, of=None).sum(axis=0)
    apart = np.subtract.outer(np.arange(len(table)), np.arange(len(table))).T.astype(float)
    return np.repeat(apart.ravel(), table.ravel().astype(int))


def _tables(counts: npt.ArrayLike, of: int | None = 2) -> Array:
    """Checked tables (G, k, k) without empty clusters."""
    tables = np.asarray(counts, dtype=float)
    tables = tables[None] if tables.ndim == 2 else tables
    if tables.ndim != 3 or tables.shape[1] != tables.shape[2] or tables.shape[1] < 2 or (of and tables.shape[1] != of):
        size = f"{of} × {of}" if of else "k × k"
        raise ValueError(f"pairs must be {size} tables of counts, one per coordinator, got shape {tables.shape}.")
    if not np.isfinite(tables).all() or (tables < 0).any():
        raise ValueError("pairs are counted: zero or more; leave out missing answers before counting.")
    used: Array = tables[tables.sum(axis=(1, 2)) > 0]
    return used


def _one_way(tables: Array) -> Array:
    x: Array = tables[:, 0, 1] - tables[:, 1, 0]
    return x


def _same(table: Array) -> float:
    return float(np.trace(table) / table.sum()) if table.sum() else float("nan")


def _within_cells(cells: Array) -> float:
    """Correlation within clusters of belonging to the same cell, by analysis of variance; cells of shape (K, 4)."""
    n, k = cells.sum(axis=1), len(cells)
    mean = n.mean()
    if mean == 1:
        return 0.0
    usual = mean - ((n - mean) ** 2).sum() / (k * (k - 1) * mean)
    expected = np.outer(n, cells.sum(axis=0) / n.sum())
    between = ((cells - expected) ** 2 / n[:, None]).sum() / k
    within = (cells * (n[:, None] - cells) / n[:, None]).sum() / (k * (mean - 1))
    whole = between + (usual - 1) * within
    return float((between - within) / whole) if whole > 0 else 0.0


def _why_not(tables: Array) -> str:
    if not len(tables):
        return NO_PAIRS
    if tables[:, 0, 1].sum() + tables[:, 1, 0].sum() == 0:
        return NOBODY_DIFFERS
    return ONE_CLUSTER if len(tables) < 2 else ""


def _ratio(tables: Array, gap: float, variance: float, name: str) -> PairedTest:
    n = round(float(tables.sum()))
    stop = _why_not(tables) or (NO_SPREAD if variance <= 0 else "")
    return _cannot(n, len(tables), name, stop) if stop else _chi(float(gap**2 / variance), n, len(tables), name)


def _chi(value: float, n: int, clusters: int, name: str) -> PairedTest:
    return PairedTest(float(value), 1, float(stats.chi2.sf(value, 1)), n, clusters, name)


def _cannot(n: int, clusters: int, name: str, reason: str) -> PairedTest:
    return PairedTest(np.nan, 0, np.nan, n, clusters, name, reason)
