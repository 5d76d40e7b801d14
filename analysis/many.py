"""Every coefficient of many tables at once: groups × clusters × k × k counts in, one tidy table out.

The same numbers as ``agreement`` with ``uncertainty.jackknife``, table by table, but in one go. All coefficients of two
raters need only a few sums of a table: the weighted agreement, both margins, the diagonal. Sums are linear in the
counts, so leaving out a cluster is one subtraction, and a bootstrap one matrix product; no row is read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from .agreement import CONSTANT, EMPTY, Weights, weights_of
from .uncertainty import NO_CLUSTERS, NOT_WITHOUT, Array

Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

NEVER_SAME = "the two never used the same option"
RESAMPLES, SEED, BLOCK, LEAST_USABLE = 2000, 1, 8, 0.95
COLUMNS = (
    "group", "coefficient", "estimate", "low", "high", "se", "n", "clusters",
    "boot_low", "boot_high", "boot_se", "boot_t_low", "boot_t_high", "reason",
)  # fmt: skip


class Tables(NamedTuple):
    """What the coefficients need of each table, along the last axis; ``diagonal`` has one entry per option."""

    agree: Array
    row: Array
    column: Array
    diagonal: Array


class Spread(NamedTuple):
    """Interval limits and standard errors of each group and coefficient."""

    low: Array
    high: Array
    se: Array


def names(weights: Weights = "unweighted") -> list[str]:
    """Names of the seven coefficients, in the order of every array here; Bangdiwala's B takes no weights.

    Examples
    --------
    >>> names("linear")[:3]
    ['percent agreement, linear', 'Cohen kappa, linear', 'Scott pi, linear']
    """
    kind = weights if isinstance(weights, str) else "custom weights"
    tail = "" if kind == "unweighted" else f", {kind}"
    gwet = "Gwet AC2" if tail else "Gwet AC1"
    weighted = ["percent agreement", "Cohen kappa", "Scott pi", gwet, "Brennan-Prediger", "Krippendorff alpha"]
    return [f"{name}{tail}" for name in weighted] + ["Bangdiwala B"]


def estimates(counts: npt.ArrayLike, weights: Weights = "unweighted") -> Array:
    r"""All seven coefficients of any number of tables.

    Parameters
    ----------
    counts : array, shape (..., k, k)
        Rows are the first rater's options, columns the second's, over the full option list.
    weights : {"unweighted", "linear", "quadratic"} or array (k, k)
        As ``agreement.weights_of``.

    Returns
    -------
    array, shape (..., 7)
        In the order of ``names``; NaN where ``agreement`` says NaN.

    Notes
    -----
    Krippendorff's alpha for two raters without gaps is
    :math:`((1 - 1/2n) p_o + 1/2n - p_e) / (1 - p_e)` with the chance agreement of Scott's pi (Krippendorff 2011); the
    other formulas stand in ``agreement``. Validated against: ``agreement`` and ``raters.krippendorff`` on random tables
    (to 1e-12), scikit-learn, krippendorff, and irrCAC (O7, O8, O9).

    Examples
    --------
    >>> estimates([[13, 0, 0], [0, 20, 7], [0, 4, 56]]).round(4).tolist()
    [0.89, 0.7964, 0.7962, 0.8493, 0.835, 0.7973, 0.806]
    """
    table = _checked(counts)
    w = weights_of(weights, table.shape[-1])
    return _coefficients(_sums(table, w), w)


def coefficients(
    counts: npt.ArrayLike,
    groups: Sequence[object] | None = None,
    weights: Weights = "unweighted",
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """All coefficients of every group, with the delete-one-cluster jackknife and a cluster bootstrap beside it.

    Parameters
    ----------
    counts : array, shape (groups, clusters, k, k)
        Clusters without any count in a group are dropped from that group.
    groups : sequence, optional
        A label per group; numbers from 0 where none are given.
    weights : {"unweighted", "linear", "quadratic"} or array (k, k)
        As ``agreement.weights_of``.
    level : float
        Confidence level of all intervals.
    resamples : int
        Bootstrap resamples of clusters; 0 for none.
    seed : int
        The same seed gives the same numbers; what other groups there are changes nothing but rounding.

    Returns
    -------
    DataFrame
        One row per group and coefficient. ``low``, ``high``, ``se``: ``uncertainty.jackknife``, t(G−1), cut at the
        bounds of the coefficient. ``boot_low``, ``boot_high``: percentiles of resampled clusters; ``boot_se`` their
        standard deviation; ``boot_t_low``, ``boot_t_high``: estimate ± t(G−1) × ``boot_se``. The bootstrap is a check
        of the jackknife and no better with few clusters. NaN with a ``reason`` where nothing can be said.

    Raises
    ------
    ValueError
        When counts are not groups × clusters × k × k, negative, or there is not one label per group.

    Notes
    -----
    Resamples in which a coefficient cannot be computed are left out; when they are more than 5 in 100, its bootstrap
    columns are NaN. Validated against: ``uncertainty.jackknife`` over ``agreement`` (to 1e-12), and the
    bootstrap against resampling rows by hand (``scipy.stats.bootstrap``).

    Examples
    --------
    >>> one = [[[8, 2], [1, 9]], [[6, 1], [2, 7]], [[9, 0], [3, 5]]]          # three coordinators
    >>> found = coefficients([one], ["S1"]).set_index("coefficient")
    >>> found.loc["Cohen kappa", ["estimate", "low", "high"]].astype(float).round(2).tolist()
    [0.66, 0.57, 0.75]
    """
    table = _checked(counts, axes=4)
    labels = _labels(groups, len(table))
    w = weights_of(weights, table.shape[-1])
    sums = _sums(table, w)
    size = (table.sum(axis=(2, 3)) > 0).sum(axis=1)
    bounds = _bounds(weights, w)
    estimate = _coefficients(sums.sum(axis=1), w)
    jack = _jackknife(sums, estimate, w, level, bounds)
    boot, percentile = _bootstrap(sums, estimate, w, level, bounds, resamples, seed)
    found = [estimate, *jack, *percentile[:2], boot.se, boot.low, boot.high]
    n = np.rint(table.sum(axis=(1, 2, 3))).astype(np.int64)
    return _tidy(labels, names(weights), found, n, size, _reasons(estimate, jack, n, size))


def _checked(counts: npt.ArrayLike, axes: int = 0) -> Array:
    table = np.asarray(counts, dtype=float)
    if table.ndim < 2 or (axes and table.ndim != axes) or table.shape[-1] != table.shape[-2] or table.shape[-1] < 2:
        shape = "groups × clusters × k × k" if axes else "… × k × k"
        cure = "use the full option list, and add an axis of one for a single group"
        raise ValueError(f"counts must be {shape} with k ≥ 2, got shape {table.shape}: {cure}.")
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("counts must be zero or more; drop missing values before counting.")
    return table


def _labels(groups: Sequence[object] | None, size: int) -> list[object]:
    labels: list[object] = list(range(size)) if groups is None else list(groups)
    if len(labels) != size:
        raise ValueError(f"there are {size} groups of counts but {len(labels)} labels: give one label per group.")
    return labels


def _sums(table: Array, w: Array) -> Array:
    """Weighted agreement, row sums, column sums and diagonal of each table, shape (..., k, k) to (..., 3k + 1)."""
    k = len(w)
    one = np.eye(k)
    rows, columns = np.repeat(one, k, axis=0), np.tile(one, (k, 1))
    sums: Array = table.reshape(*table.shape[:-2], k * k) @ np.column_stack([w.ravel(), rows, columns, rows * columns])
    return sums


def _coefficients(sums: Array, w: Array) -> Array:
    """The seven coefficients of each set of sums, shape (..., 3k + 1) to (..., 7)."""
    k = len(w)
    table = Tables(sums[..., 0], *(sums[..., 1 + i * k : 1 + (i + 1) * k] for i in range(3)))
    n = table.row.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed, chance = table.agree / n, _chance(table, n, w)
        corrected = (observed[..., None] - chance) / (1 - chance)
        area = (table.row * table.column).sum(axis=-1)
        b = (table.diagonal**2).sum(axis=-1) / area
        alpha = corrected[..., 1] + (1 - observed) / (2 * n * (1 - chance[..., 1]))
        single = _constant(table)[..., None] | np.isclose(chance, 1)
        alpha = np.where(_one_option(table) | (chance[..., 1] == 1), np.nan, alpha)
    corrected = np.where(single, np.nan, corrected)
    return np.concatenate([observed[..., None], corrected, alpha[..., None], b[..., None]], axis=-1)


def _chance(table: Tables, n: Array, w: Array) -> Array:
    """Chance agreement of Cohen, Scott, Gwet, and Brennan and Prediger."""
    k, scale = len(w), float(w.sum())
    r, c = table.row / n[..., None], table.column / n[..., None]
    use = (r + c) / 2
    cohen, scott = ((r @ w) * c).sum(axis=-1), ((use @ w) * use).sum(axis=-1)
    gwet = scale / (k * (k - 1)) * (use * (1 - use)).sum(axis=-1)
    return np.stack([cohen, scott, gwet, np.full_like(cohen, scale / k**2)], axis=-1)


def _constant(table: Tables) -> Flags:
    """Each rater used one option only."""
    flags: Flags = ((table.row > 0).sum(axis=-1) <= 1) & ((table.column > 0).sum(axis=-1) <= 1)
    return flags


def _one_option(table: Tables) -> Flags:
    """Both raters used the same single option: alpha needs two values, whoever chose them."""
    flags: Flags = (table.row + table.column > 0).sum(axis=-1) <= 1
    return flags


def _bounds(weights: Weights, w: Array) -> Array:
    """Least and greatest value of each coefficient, shape (2, 7); asymmetric weights of one's own have no least."""
    least = -1.0 if isinstance(weights, str) else -np.inf
    chance = float(w.sum()) / len(w) ** 2
    lowest = [0.0, least, least, least, min(least, -chance / max(1 - chance, 1e-300)), least, 0.0]
    return np.array([lowest, [1.0] * len(lowest)])


def _jackknife(sums: Array, estimate: Array, w: Array, level: float, bounds: Array) -> Spread:
    """Leave out each cluster in turn; se² = (G−1)/G Σ (θ₍g₎ − mean)²."""
    used = sums[..., 1 : 1 + len(w)].sum(axis=-1) > 0
    left_out = _coefficients(sums.sum(axis=1, keepdims=True) - sums, w)
    size = used.sum(axis=1)[:, None].astype(float)
    kept = np.where(used[..., None], left_out, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.where(used[..., None], left_out - kept.sum(axis=1, keepdims=True) / size[:, None], 0)
        se = np.sqrt((size - 1) / size * (off**2).sum(axis=1))
    se[(size < 2)[:, 0]] = np.nan
    se[np.isnan(estimate)] = np.nan
    return _around(estimate, se, size, level, bounds)


def _around(estimate: Array, se: Array, size: Array, level: float, bounds: Array) -> Spread:
    """Estimate ± t(G−1) se, cut at the bounds."""
    reach = se * special.stdtrit(np.maximum(size - 1, 1), (1 + level) / 2)  # the t quantile
    return Spread(np.clip(estimate - reach, *bounds), np.clip(estimate + reach, *bounds), se)


def _bootstrap(
    sums: Array, estimate: Array, w: Array, level: float, bounds: Array, resamples: int, seed: int
) -> tuple[Spread, Spread]:
    """Resample clusters: SE with t(G−1), and percentiles. Groups with equally many clusters share the draws."""
    if resamples < 0 or resamples == 1:
        raise ValueError(f"resamples must be 0 (no bootstrap) or at least 2, got {resamples}.")
    used = sums[..., 1 : 1 + len(w)].sum(axis=-1) > 0
    size = used.sum(axis=1)
    found = Spread(*np.full((3, *estimate.shape), np.nan))
    for g in np.unique(size[size > 1]) if resamples else ():
        drawn = _draws(int(g), resamples, seed)
        alike = np.flatnonzero(size == g)
        for few in np.array_split(alike, -(-len(alike) // BLOCK)):
            stacked = sums[few][used[few]].reshape(len(few), g, -1).swapaxes(0, 1)
            again = _coefficients((drawn @ stacked.reshape(g, -1)).reshape(resamples, *stacked.shape[1:]), w)
            for into, values in zip(found, _percentiles(again, level), strict=True):
                into[few] = values
    for column in found:
        column[np.isnan(estimate)] = np.nan
    return _around(estimate, found.se, size[:, None].astype(float), level, bounds), found


def _draws(size: int, resamples: int, seed: int) -> Array:
    """How often each cluster is drawn in each resample, shape (resamples, size): multinomial, seeded."""
    picked = np.random.default_rng([seed, size]).integers(0, size, (resamples, size))
    picked += np.arange(resamples)[:, None] * size
    return np.bincount(picked.ravel(), minlength=resamples * size).reshape(resamples, size).astype(float)


def _percentiles(again: Array, level: float) -> Spread:
    """Percentiles and standard deviation over resamples (axis 0); NaN where too many could not be computed."""
    lost = np.isnan(again)
    at = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(again, at, axis=0)
    se = again.std(axis=0, ddof=1)
    for group, which in np.argwhere(lost.any(axis=0) & (1 - lost.mean(axis=0) >= LEAST_USABLE)):
        values = again[~lost[:, group, which], group, which]
        (low[group, which], high[group, which]), se[group, which] = np.quantile(values, at), values.std(ddof=1)
    return Spread(low, high, se)


def _reasons(estimate: Array, jack: Spread, n: npt.NDArray[np.int64], size: npt.NDArray[np.int64]) -> Words:
    """Why a number is missing, in the words of ``agreement`` and ``uncertainty``."""
    none = np.full(estimate.shape, CONSTANT, dtype=object)
    none[:, -1] = NEVER_SAME
    found = np.where(np.isnan(jack.se), NOT_WITHOUT, "").astype(object)
    found[size < 2] = NO_CLUSTERS
    found = np.where(np.isnan(estimate), none, found)
    found[n == 0] = EMPTY
    return found


def _tidy(
    labels: list[object],
    coefficient: list[str],
    found: list[Array],
    n: npt.NDArray[np.int64],
    size: npt.NDArray[np.int64],
    reasons: Words,
) -> pd.DataFrame:
    """One row per group and coefficient."""
    each = len(coefficient)
    place = np.repeat(np.arange(len(labels)), each)
    values = [pd.Series(labels).iloc[place].to_numpy(), coefficient * len(labels), *(x.ravel() for x in found[:4])]
    values += [n[place], size[place], *(x.ravel() for x in found[4:]), reasons.ravel()]
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
