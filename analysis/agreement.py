"""How far two people agree on a closed list: the k × k table and its coefficients.

Every function takes one square table of counts: rows are the first rater's options (the wish W), columns the second
rater's (the decision D, or the belief B), both over the **full** option list. An option nobody used stays in the table:
dropping it changes the weights and moves AC1 from .67 to .53 on the same data (oracle O12b).

Coefficients have the form (po − pe) / (1 − pe). Their standard errors come from one formula, the delta method on
multinomial cell proportions: var = (Σ p g² − (Σ p g)²) / n with g the derivative of the coefficient by each cell. For
Cohen's kappa that *is* Fleiss, Cohen and Everitt (1969). These errors ignore clusters; reports use
``uncertainty.jackknife`` on the same functions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from .uncertainty import Array, Result, nothing

Weights = str | npt.ArrayLike
CONSTANT = "both gave one single answer throughout: agreement beyond chance has no meaning"
EMPTY = "no pairs to compare"


class Indices(NamedTuple):
    """Why kappa and percent agreement may part: how uneven the options are, how far the two raters' use differs."""

    prevalence: float
    bias: float


def table_of(counts: npt.ArrayLike) -> Array:
    """Check a square table of counts.

    Raises
    ------
    ValueError
        When the table is not square, has fewer than two options, or holds negative or missing counts.
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or len(table) < 2:
        raise ValueError(f"an agreement table must be k × k, k ≥ 2, got {table.shape}: use the full option list.")
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("an agreement table holds counts of zero or more; count missing answers apart.")
    return table


def weights_of(kind: Weights, k: int) -> Array:
    """Agreement weights: 1 on the diagonal, less the farther apart two options are.

    Parameters
    ----------
    kind : {"unweighted", "linear", "quadratic"} or array (k, k)
        ``linear`` is 1 − |i−j|/(k−1), ``quadratic`` its square version 1 − (i−j)²/(k−1)²; an array is taken as
        similarity weights in [0, 1] with ones on the diagonal (turn costs c into 1 − c / max c).
    k : int
        Number of options.

    Raises
    ------
    ValueError
        For an unknown name, a wrong shape, or a diagonal that is not 1.

    Examples
    --------
    >>> weights_of("linear", 3).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / (k - 1)
    named = {"unweighted": np.eye(k), "linear": 1 - apart, "quadratic": 1 - apart**2}
    if isinstance(kind, str):
        if kind not in named:
            raise ValueError(f"weights must be one of {', '.join(named)} or a k × k array, got {kind!r}.")
        return named[kind]
    given = np.asarray(kind, dtype=float)
    if given.shape != (k, k) or not np.allclose(np.diag(given), 1):
        raise ValueError(f"weights must be a {k} × {k} array, with ones on the diagonal: similarities, not costs.")
    return given


def percent(counts: npt.ArrayLike, weights: Weights = "unweighted", level: float = 0.95) -> Result:
    """Percent agreement po = Σ w p, as a proportion.

    Validated against: irrCAC (O7) .89, SE .03128898.

    Examples
    --------
    >>> round(percent([[13, 0, 0], [0, 20, 7], [0, 4, 56]]).estimate, 2)
    0.89
    """
    table = table_of(counts)
    n = table.sum()
    if n == 0:
        return nothing(0, "percent agreement", EMPTY)
    w, p = weights_of(weights, len(table)), table / n
    return _interval(float((w * p).sum()), w, p, n, "percent agreement", level, (0.0, 1.0))


def specific(counts: npt.ArrayLike) -> Array:
    """Specific agreement per option, 2 n_kk / (row_k + column_k); NaN for an option nobody used.

    Cicchetti and Feinstein (1990): of all times either rater chose option k, how often did both. Shape (k,).
    Validated against: their table (O15): positive .84 and .91, negative .86 and .40.

    Examples
    --------
    >>> specific([[40, 9], [6, 45]]).round(2).tolist()
    [0.84, 0.86]
    """
    table = table_of(counts)
    used = table.sum(axis=0) + table.sum(axis=1)
    share: Array = np.divide(2 * np.diag(table), used, out=np.full(len(table), np.nan), where=used > 0)
    return share


def cohen(counts: npt.ArrayLike, weights: Weights = "unweighted", level: float = 0.95) -> Result:
    r"""Cohen's kappa, weighted or not, with the Fleiss–Cohen–Everitt (1969) standard error.

    .. math:: p_e = \sum_{ij} w_{ij} r_i c_j

    Validated against: Cohen 1960 and 1968 (O1, O2), Fleiss–Cohen–Everitt 1969 (O3), Fleiss–Levin–Paik 2003 (O4),
    SAS PROC FREQ (O5, O6), irrCAC (O7, O8); scikit-learn and statsmodels on random tables (property tests).

    Returns
    -------
    Result
        NaN with a reason when both raters are constant.

    Examples
    --------
    >>> round(cohen([[88, 14, 18], [10, 40, 10], [2, 6, 12]]).estimate, 3)
    0.492
    """
    table = table_of(counts)
    w, p = weights_of(weights, len(table)), _proportions(table)
    row, column = w @ p.sum(axis=0), w.T @ p.sum(axis=1)
    expected = float(p.sum(axis=1) @ row)
    return _corrected(table, w, expected, np.add.outer(row, column), _named("Cohen kappa", weights), level)


def cohen_null_error(counts: npt.ArrayLike, weights: Weights = "unweighted") -> float:
    """Standard error of Cohen's kappa when there is no agreement beyond chance (Fleiss, Cohen, Everitt 1969).

    Validated against: Fleiss–Levin–Paik (O4) .076; SAS (O6) .1484.
    """
    table = table_of(counts)
    w, p = weights_of(weights, len(table)), _proportions(table)
    by_chance = np.outer(p.sum(axis=1), p.sum(axis=0))
    expected = float((w * by_chance).sum())
    spread = w - np.add.outer(w @ p.sum(axis=0), w.T @ p.sum(axis=1))
    variance = ((by_chance * spread**2).sum() - expected**2) / (table.sum() * (1 - expected) ** 2)
    return float(np.sqrt(max(variance, 0.0)))


def scott(counts: npt.ArrayLike, weights: Weights = "unweighted", level: float = 0.95) -> Result:
    """Scott's pi: chance agreement from the mean of both raters' margins. Validated against irrCAC (O7)."""
    table = table_of(counts)
    w, p = weights_of(weights, len(table)), _proportions(table)
    pull = w @ _mean_use(p)
    slope = np.add.outer(pull, pull)
    return _corrected(table, w, float(_mean_use(p) @ pull), slope, _named("Scott pi", weights), level)


def gwet(counts: npt.ArrayLike, weights: Weights = "unweighted", level: float = 0.95) -> Result:
    r"""Gwet's AC1 (unweighted) or AC2 (weighted).

    .. math:: p_e = \frac{T}{k(k-1)} \sum_i \pi_i (1 - \pi_i), \quad T = \sum_{ij} w_{ij}, \quad \pi_i = (r_i + c_i)/2

    Gwet (2008, 2014). Steadier than kappa when nearly everybody chooses the same option; it answers another question,
    so both are shown. Validated against: irrCAC (O7, O8), Gwet 2002 (O17), the unused-option trap (O12b).

    Examples
    --------
    >>> round(gwet([[13, 0, 0], [0, 20, 7], [0, 4, 56]]).estimate, 4)
    0.8493
    """
    table = table_of(counts)
    k = len(table)
    w, use = weights_of(weights, k), _mean_use(_proportions(table))
    scale = float(w.sum()) / (k * (k - 1))
    slope = scale * (1 - np.add.outer(use, use))
    plain = isinstance(weights, str) and weights == "unweighted"
    name = _named("Gwet AC1" if plain else "Gwet AC2", weights)
    return _corrected(table, w, scale * float(use @ (1 - use)), slope, name, level)


def brennan_prediger(counts: npt.ArrayLike, weights: Weights = "unweighted", level: float = 0.95) -> Result:
    """Brennan–Prediger: chance is T / k²; with two options this is PABAK. Validated against O7, O15, O16."""
    table = table_of(counts)
    k = len(table)
    w = weights_of(weights, k)
    name = _named("Brennan-Prediger", weights)
    return _corrected(table, w, float(w.sum()) / k**2, np.zeros((k, k)), name, level)


def bangdiwala(counts: npt.ArrayLike) -> Result:
    """Bangdiwala's B = Σ n_kk² / Σ row_k column_k, the area of the agreement chart. Validated against irrCAC (O9).

    Examples
    --------
    >>> round(bangdiwala([[13, 0, 0], [0, 20, 7], [0, 4, 56]]).estimate, 7)
    0.8059604
    """
    table = table_of(counts)
    area = float(table.sum(axis=0) @ table.sum(axis=1))
    n = round(float(table.sum()))
    if area == 0:
        return nothing(n, "Bangdiwala B", EMPTY if n == 0 else "the two never used the same option")
    return Result(float((np.diag(table) ** 2).sum() / area), np.nan, np.nan, n, 0, "Bangdiwala B")


def indices(counts: npt.ArrayLike) -> Indices:
    """Prevalence and bias index of a 2 × 2 table: |p11 − p22| and |p12 − p21| (Byrt 1993). Validated against O16.

    Raises
    ------
    ValueError
        When the table has more than two options: collapse it first (one option against the rest).

    Examples
    --------
    >>> [round(x, 2) for x in indices([[22, 2], [4, 11]])]
    [0.28, 0.05]
    """
    table = table_of(counts)
    if len(table) != 2:
        raise ValueError("prevalence and bias index need a 2 × 2 table: collapse to one option against the rest.")
    p = _proportions(table)
    return Indices(float(abs(p[0, 0] - p[1, 1])), float(abs(p[0, 1] - p[1, 0])))


def _proportions(table: Array) -> Array:
    return table / max(float(table.sum()), 1.0)


def _mean_use(p: Array) -> Array:
    use: Array = (p.sum(axis=0) + p.sum(axis=1)) / 2
    return use


def _named(name: str, weights: Weights) -> str:
    kind = weights if isinstance(weights, str) else "custom weights"
    return name if kind == "unweighted" else f"{name}, {kind}"


def _constant(table: Array) -> bool:
    """True when each rater used one option only."""
    return bool(((table.sum(axis=0) > 0).sum() <= 1) and ((table.sum(axis=1) > 0).sum() <= 1))


def _corrected(table: Array, w: Array, expected: float, slope: Array, method: str, level: float) -> Result:
    """(po − pe) / (1 − pe) with its delta-method error; ``slope`` is the derivative of pe by each cell."""
    n = float(table.sum())
    if n == 0 or _constant(table) or np.isclose(expected, 1):
        return nothing(round(n), method, CONSTANT if n else EMPTY)
    p = table / n
    observed = float((w * p).sum())
    value = (observed - expected) / (1 - expected)
    gradient = (w * (1 - expected) - (1 - observed) * slope) / (1 - expected) ** 2
    return _interval(value, gradient, p, n, method, level, (-np.inf, 1.0))


def _interval(
    value: float, gradient: Array, p: Array, n: float, method: str, level: float, bounds: tuple[float, float]
) -> Result:
    """Delta-method standard error and normal interval, cut at the bounds of the statistic."""
    variance = float((p * gradient**2).sum() - (p * gradient).sum() ** 2) / n
    se = float(np.sqrt(max(variance, 0.0)))
    reach = se * float(stats.norm.ppf((1 + level) / 2))
    low, high = np.clip([value - reach, value + reach], *bounds)
    return Result(value, float(low), float(high), round(n), 0, method, "", se)
