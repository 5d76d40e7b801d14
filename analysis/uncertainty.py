"""How sure a number is: a row for one result, the delete-one-cluster jackknife, and Wilson's interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Array = npt.NDArray[np.float64]
Statistic = Callable[[Array], float]

NO_CLUSTERS = "fewer than two coordinators: no interval"
NOT_WITHOUT = "cannot be computed when one coordinator is left out: no interval"


class Result(NamedTuple):
    """One number and what it rests on; what cannot be computed is NaN, and ``reason`` says why."""

    estimate: float
    low: float
    high: float
    n: int
    clusters: int
    method: str
    reason: str = ""
    se: float = float("nan")


def nothing(n: int, method: str, reason: str, clusters: int = 0) -> Result:
    """A result that could not be computed, with the reason."""
    return Result(np.nan, np.nan, np.nan, n, clusters, method, reason)


def jackknife(
    counts: npt.ArrayLike,
    statistic: Statistic,
    *,
    level: float = 0.95,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Result:
    r"""Estimate a statistic of a table of counts, with a delete-one-cluster jackknife interval.

    .. math:: se^2 = \frac{G-1}{G} \sum_g (\theta_{(g)} - \bar\theta_{(\cdot)})^2, \qquad
              \theta \pm t_{G-1} \, se

    Children of one coordinator share the person who decides, so the coordinator is what is left out, not the child.

    Parameters
    ----------
    counts : array, shape (G, ...)
        One table of counts per cluster; clusters without any count are dropped.
    statistic : callable
        Takes one table of shape ``(...)`` and returns a number, NaN where it cannot be computed.
    level : float
        Confidence level.
    bounds : (float, float)
        The range the statistic can take; the interval is cut there.

    Returns
    -------
    Result
        ``n`` is the sum of all counts, ``clusters`` is G. With G < 2, or when a replicate cannot be computed, the
        interval is NaN and ``reason`` says so.

    Raises
    ------
    ValueError
        When counts are negative, not finite, or not one table per cluster.

    Notes
    -----
    Validated against: brute-force leave-one-out on the rows themselves (property test); 29 psychiatrists and their 135
    patients (Donner and Petryshen 1989): kappa −.0159, jackknife SE .0935, interval −.207 to .176.

    Examples
    --------
    >>> agree = [[2, 8], [4, 6], [1, 9], [3, 7], [5, 5]]          # per coordinator: differs, matches
    >>> share = lambda t: t[1] / t.sum()
    >>> r = jackknife(agree, share)
    >>> round(r.estimate, 2), round(r.low, 2), round(r.high, 2), r.n, r.clusters
    (0.7, 0.5, 0.9, 50, 5)
    """
    tables = _clusters(counts)
    total, size = tables.sum(axis=0), len(tables)
    n, method = round(float(total.sum())), f"jackknife over {size} coordinators, t({max(size - 1, 0)})"
    if n == 0:
        return nothing(0, method, "nobody to count")
    estimate = float(statistic(total))
    if np.isnan(estimate):
        return nothing(n, method, "cannot be computed from these counts", size)
    if size < 2:
        return Result(estimate, np.nan, np.nan, n, size, method, NO_CLUSTERS)
    left_out = np.array([statistic(total - one) for one in tables])
    if np.isnan(left_out).any():
        return Result(estimate, np.nan, np.nan, n, size, method, NOT_WITHOUT)
    se = float(np.sqrt((size - 1) / size * ((left_out - left_out.mean()) ** 2).sum()))
    reach = se * float(stats.t.ppf((1 + level) / 2, size - 1))
    low, high = np.clip([estimate - reach, estimate + reach], *bounds)
    return Result(estimate, float(low), float(high), n, size, method, "", se)


def _clusters(counts: npt.ArrayLike) -> Array:
    """The counts as floats, checked, without empty clusters."""
    tables = np.asarray(counts, dtype=float)
    if tables.ndim < 2:
        raise ValueError("counts must hold one table per cluster, shape (G, ...); for a single table add an axis.")
    if not np.isfinite(tables).all() or (tables < 0).any():
        raise ValueError("counts must be zero or more; drop missing values before counting.")
    used: Array = tables[tables.reshape(len(tables), -1).sum(axis=1) > 0]
    return used


def wilson(hits: float, n: float, level: float = 0.95) -> Result:
    r"""Wilson's score interval of a proportion; it ignores clusters.

    .. math:: \frac{p + z^2/2n \pm z\sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}

    Wilson (1927); recommended by Newcombe (1998). Use it for a quick look only: the report's intervals are jackknife
    intervals, because children of one coordinator are not independent.

    Validated against: Newcombe (1998), table I: 81/263, 15/148, 0/20, 1/29.

    Raises
    ------
    ValueError
        When hits lie outside 0 … n.

    Examples
    --------
    >>> r = wilson(15, 148)
    >>> round(r.low, 4), round(r.high, 4)
    (0.0624, 0.1605)
    """
    if not 0 <= hits <= n:
        raise ValueError(f"hits must lie between 0 and n, got {hits} of {n}.")
    if n == 0:
        return nothing(0, "Wilson", "nobody to count")
    z, p = float(stats.norm.ppf((1 + level) / 2)), hits / n
    middle, reach = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (middle - reach) / (1 + z**2 / n), (middle + reach) / (1 + z**2 / n)
    return Result(p, float(max(low, 0.0)), float(min(high, 1.0)), round(n), 0, "Wilson")
