"""Do the questions of a scale hang together: Cronbach's alpha, omega, polychoric correlations.

Everything starts from sums that add up over coordinators (how many answered both items, their sums and products), so
that leaving one coordinator out is a subtraction. Answers of three or four points have smaller Pearson correlations
than what lies behind them: values from them are lower bounds and their method says so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats

from . import pairs
from .perception import ELEMENTS
from .tables import Tables
from .uncertainty import Array, Result, Statistic, jackknife, nothing

Scores = pd.DataFrame | npt.ArrayLike
FEW_POINTS = 4
LEAST_UNIQUE = 0.005  # a smaller share of an item's own variance is a Heywood case
LOWER = "lower bound: few-point items"
NO_COORDINATORS = "give the coordinators for an interval"
FLAT = "an item has the same answer throughout, or nobody answered two items together"
TOO_FEW_ITEMS = "one factor needs at least three items"
HEYWOOD = "one factor does not fit: an item is left without variance of its own"


class Items(NamedTuple):
    """Rounds × items on 0–1, the coordinator of each round, and its facts (language, age_group, stage)."""

    scores: pd.DataFrame
    facts: pd.DataFrame


class Reliability(NamedTuple):
    """What follows from known loadings of a hierarchy: alpha, omega hierarchical, omega total."""

    alpha: float
    omega_h: float
    omega_t: float


def participation_items(tables: Tables, stage: str | None = None) -> Items:
    """The six elements of participation as children answered them after the decision, one row per round.

    Codes become shares of the maximum: 0, 1, 2 of three points are 0, 0.5, 1; where an age group has four points,
    0 … 3 are 0, 1/3, 2/3, 1. "Don't know" and its like are missing (NaN). The latest answer counts.

    Parameters
    ----------
    tables : Tables
    stage : str, optional
        One stage; all of them, a row per round, when left out.

    Returns
    -------
    Items
        ``scores`` (rounds × elements) and ``facts`` (coordinator, stage, age_group, language), in the same order.
    """
    answers = tables.answers[tables.answers["construct"].isin(ELEMENTS)]
    answers = answers if stage is None else answers[answers["stage"] == stage]
    latest = pairs.latest(tables, answers, ["round", "construct"])
    scale = tables.questions.set_index("question")["scale"]
    four = (latest["question"].map(scale) == "X3/X4") & (latest["age_group"] != "10-12")
    value: pd.Series[float] = pd.to_numeric(latest["code"].where(latest["code"] != "")) / np.where(four, 3.0, 2.0)
    scores = latest.assign(value=value).pivot(index="round", columns="construct", values="value")
    facts = tables.rounds.merge(tables.children[["child", "language"]], on="child").set_index("round")
    order = [name for name in ELEMENTS if name in scores]
    return Items(scores[order].sort_index(), facts.loc[scores.sort_index().index, FACTS])


FACTS = ["coordinator", "stage", "age_group", "language"]


def alpha(
    scores: Scores, coordinator: npt.ArrayLike | None = None, missing: str = "pairwise", level: float = 0.95
) -> Result:
    r"""Cronbach's alpha (1951), with Feldt's interval, or leaving out one coordinator at a time.

    .. math:: \alpha = \frac{k}{k-1}\left(1 - \frac{\sum_i s_{ii}}{\sum_{ij} s_{ij}}\right), \qquad
              1 - (1 - \alpha) F_{n-1,\,(n-1)(k-1)}(1 \mp p)

    Feldt's interval (Feldt, Woodruff, Salih 1987) takes persons for independent: use coordinators where there are any.

    Validated against: pingouin's ``cronbach_wide_missing`` (O31): pairwise .732660835, interval .435 to .909; listwise
    .8016949, both checked there against R psych ``alpha``. Its listwise interval counts everybody, ours who is left.

    Parameters
    ----------
    scores : DataFrame or array (persons, items)
        Numbers, NaN where missing. Turn reversed items round first.
    coordinator : array (persons,), optional
        The cluster of each person.
    missing : {"pairwise", "listwise"}
        Covariances from everybody who answered both items, or from those who answered all.
    level : float

    Returns
    -------
    Result
        ``n`` persons with at least two answers (listwise: with all); NaN with a reason when nothing varies.

    Raises
    ------
    ValueError
        For fewer than two items, text among the scores, coordinators of another length, or an unknown ``missing``.

    Examples
    --------
    >>> found = alpha([[2, 2, 1], [1, 1, 1], [0, 0, 0], [2, 1, 2], [0, 1, 0]])
    >>> round(found.estimate, 3), round(found.low, 3), round(found.high, 3)
    (0.865, 0.32, 0.985)
    """
    data = _scores(scores)
    kept, who = _kept(data, coordinator, missing)
    name = _named("Cronbach alpha", kept, missing)
    if who is not None:
        return _over(_moments(kept, who), lambda m: _alpha(_covariance(m)), kept, name, level)
    found = _alpha(_covariance(_moments(kept, np.zeros(len(kept))).sum(axis=0))) if len(kept) else np.nan
    if np.isnan(found):
        return nothing(len(kept), name, FLAT)
    df = len(kept) - 1, (len(kept) - 1) * (data.shape[1] - 1)
    low, high = (1 - (1 - found) * stats.f.ppf(share, *df) for share in ((1 + level) / 2, (1 - level) / 2))
    return Result(found, float(low), float(high), len(kept), 0, f"{name}; Feldt")


def omega(
    scores: Scores, coordinator: npt.ArrayLike | None = None, missing: str = "pairwise", level: float = 0.95
) -> Result:
    r"""McDonald's omega total of the sum of the items, from one factor by maximum likelihood.

    .. math:: \omega = \frac{(\sum_i \lambda_i)^2}{(\sum_i \lambda_i)^2 + \sum_i \psi_i}

    with the loadings and unique variances in the items' own units (McDonald 1999). Unlike alpha it does not need equal
    loadings.

    Validated against: exact recovery of known loadings; ``factanal``'s objective through statsmodels ``Factor`` and
    scikit-learn ``FactorAnalysis`` on random data; Jensen and Weng's hierarchy (O30) by ``hierarchical``.

    Parameters
    ----------
    scores, coordinator, missing, level
        As in ``alpha``.

    Returns
    -------
    Result
        NaN with a reason for fewer than three items, items without variance, or a Heywood case. Without coordinators
        there is no interval.

    Raises
    ------
    ValueError
        As ``alpha``.

    Examples
    --------
    >>> random = np.random.default_rng(5)
    >>> persons = np.rint(random.normal(1, 0.8, (12, 1)) + random.normal(0, 0.6, (12, 4))).clip(0, 2)
    >>> found = omega(persons)
    >>> round(found.estimate, 2), found.reason
    (0.79, 'give the coordinators for an interval')
    """
    kept, who = _kept(_scores(scores), coordinator, missing)
    name = _named("omega total", kept, missing)
    if kept.shape[1] < 3:
        return nothing(len(kept), name, TOO_FEW_ITEMS)
    one = np.zeros(len(kept)) if who is None else who
    found = _over(_moments(kept, one), lambda m: _omega(_covariance(m)), kept, name, level)
    if np.isnan(found.estimate) and len(kept):
        whole = _covariance(_moments(kept, np.zeros(len(kept))).sum(axis=0))
        return found._replace(reason=FLAT if not _varied(whole) else HEYWOOD)
    return found._replace(clusters=0, reason=NO_COORDINATORS, method=name) if who is None else found


def hierarchical(loadings: npt.ArrayLike, general: npt.ArrayLike) -> Reliability:
    r"""Alpha and omegas of a hierarchy of known loadings (Schmid and Leiman 1957).

    Correlations R = F P F′ with ones on the diagonal, P = g g′ with ones on the diagonal;
    ω_h = (Σ F g)² / ΣR, ω_t = 1 − Σ(1 − h²) / ΣR with communalities h².

    Validated against: Jensen and Weng (1994), as in R psych ``sim.hierarchical`` (O30): .76, .69, .80.

    Parameters
    ----------
    loadings : array (items, groups)
        Of the items on their group factors.
    general : array (groups,)
        Of the group factors on the general one.

    Examples
    --------
    >>> found = hierarchical([[0.8, 0], [0.7, 0], [0, 0.7], [0, 0.6]], [0.9, 0.8])
    >>> [round(value, 2) for value in found]
    [0.73, 0.65, 0.77]
    """
    f, g = np.asarray(loadings, dtype=float), np.asarray(general, dtype=float)
    between = np.outer(g, g)
    np.fill_diagonal(between, 1)
    r = f @ between @ f.T
    shared = float(np.trace(r))
    np.fill_diagonal(r, 1)
    whole = float(r.sum())
    return Reliability(_alpha(r), float((f @ g).sum() ** 2 / whole), 1 - (len(r) - shared) / whole)


def one_factor(correlation: npt.ArrayLike) -> tuple[Array, Array]:
    """Loadings and unique variances of one factor by maximum likelihood (Jöreskog 1967).

    For given unique variances the best loadings are an eigenvector of the scaled matrix, so only the unique variances
    are searched for, from ``LEAST_UNIQUE`` to 1, as R ``factanal`` does.

    Parameters
    ----------
    correlation : array (k, k)

    Returns
    -------
    loadings, unique : arrays (k,)
        The sign makes the sum of the loadings positive.

    Examples
    --------
    >>> l = np.array([0.8, 0.7, 0.6, 0.5])
    >>> r = np.outer(l, l) + np.diag(1 - l**2)
    >>> one_factor(r)[0].round(3).tolist()
    [0.8, 0.7, 0.6, 0.5]
    """
    r = np.asarray(correlation, dtype=float)
    start = np.clip((1 - 0.5 / len(r)) / np.diag(np.linalg.pinv(r)), LEAST_UNIQUE, 1)
    limits = optimize.Bounds(np.full(len(r), LEAST_UNIQUE), np.ones(len(r)))

    def misfit(unique: Array) -> float:
        return _misfit(unique, r)[0]

    def slope(unique: Array) -> Array:
        return _misfit(unique, r)[1]

    best = optimize.minimize(
        misfit, start, method="L-BFGS-B", jac=slope, bounds=limits, options={"ftol": 1e-14, "gtol": 1e-9}
    )
    unique = np.asarray(best.x)
    loading = _loadings(unique, r)[0]
    return loading * (1 if loading.sum() >= 0 else -1), unique


def _loadings(unique: Array, r: Array) -> tuple[Array, Array]:
    """The best loadings for given unique variances, and all eigenvalues, largest last."""
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(r / np.outer(root, root))
    return np.asarray(root * vectors[:, -1] * np.sqrt(max(float(values[-1]) - 1, 0.0))), values


def _misfit(unique: Array, r: Array) -> tuple[float, Array]:
    """−2 log-likelihood per person up to a constant, and its derivative by the unique variances."""
    loading, values = _loadings(unique, r)
    rest = np.maximum(values[:-1], 1e-9)
    gap = np.outer(loading, loading) + np.diag(unique) - r
    return float((rest - np.log(rest) - 1).sum()), np.diag(gap) / unique**2


def _alpha(covariance: Array) -> float:
    k, whole = len(covariance), float(covariance.sum())
    return float(k / (k - 1) * (1 - np.trace(covariance) / whole)) if whole > 0 else float("nan")


def _omega(covariance: Array) -> float:
    if not _varied(covariance):
        return float("nan")
    spread = np.sqrt(np.diag(covariance))
    loading, unique = one_factor(covariance / np.outer(spread, spread))
    if (unique <= LEAST_UNIQUE * 1.001).any():
        return float("nan")
    shared = float((spread * loading).sum() ** 2)
    return shared / (shared + float((spread**2 * unique).sum()))


def _varied(covariance: Array) -> bool:
    return bool(np.isfinite(covariance).all() and (np.diag(covariance) > 1e-12).all())


def _scores(scores: Scores) -> pd.DataFrame:
    frame = scores if isinstance(scores, pd.DataFrame) else pd.DataFrame(np.asarray(scores))
    for name in frame:
        wrong = frame[name].notna() & pd.to_numeric(frame[name], errors="coerce").isna()
        if wrong.any():
            place = wrong.to_numpy().nonzero()[0][0] + 1
            raise ValueError(f"item {name!r}, row {place}: scores must be numbers; turn codes into points first.")
    if frame.shape[1] < 2:
        raise ValueError(f"a scale needs at least two items (columns), got {frame.shape[1]}.")
    return frame.astype(float)


def _kept(
    frame: pd.DataFrame, coordinator: npt.ArrayLike | None, missing: str
) -> tuple[Array, npt.NDArray[np.intp] | None]:
    """Persons that count, and the number of their coordinator."""
    if missing not in ("pairwise", "listwise"):
        raise ValueError(f"missing must be pairwise or listwise, got {missing!r}.")
    answered = frame.notna().sum(axis=1)
    keep = (answered >= (2 if missing == "pairwise" else frame.shape[1])).to_numpy()
    if coordinator is None:
        return frame.to_numpy()[keep], None
    who = np.asarray(coordinator, dtype=object)
    if who.shape != (len(frame),):
        raise ValueError(f"{len(frame)} persons need {len(frame)} coordinators, got {who.shape[0]}.")
    return frame.to_numpy()[keep], pd.factorize(who[keep], sort=True)[0]


def _named(name: str, kept: Array, missing: str) -> str:
    points = max((len(np.unique(column[~np.isnan(column)])) for column in kept.T), default=0)
    return f"{name}, {missing}" + (f", {LOWER}" if points <= FEW_POINTS else "")


def _moments(kept: Array, who: npt.ArrayLike) -> Array:
    """Per coordinator and two items: how many answered both, the sum of the first, the sum of the products."""
    number = np.asarray(who)
    least = np.nanmin(kept, axis=0) if len(kept) and not np.isnan(kept).all(axis=0).any() else 0.0
    there = (~np.isnan(kept)).astype(float)
    value = np.where(there > 0, kept - least, 0.0)  # covariances do not mind the shift; the jackknife wants no minus
    order = np.argsort(number, kind="stable")
    ends = np.flatnonzero(np.diff(number[order])) + 1
    parts = zip(np.split(there[order], ends), np.split(value[order], ends), strict=True)
    found = [[a.T @ a, v.T @ a, v.T @ v] for a, v in parts if len(a)]
    return np.array(found).reshape(len(found), 3, kept.shape[1], kept.shape[1])


def _covariance(moments: Array) -> Array:
    """Pairwise covariances; NaN where fewer than two answered both items."""
    n, sums, products = moments
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (products - sums * sums.T / n) / (n - 1)
    return np.where(n >= 2, found, np.nan)


def _over(moments: Array, statistic: Statistic, kept: Array, name: str, level: float) -> Result:
    """The jackknife over coordinators; ``n`` counts persons."""
    found = jackknife(moments, statistic, level=level, bounds=(-np.inf, 1.0))
    reason = FLAT if np.isnan(found.estimate) and len(kept) else found.reason
    return found._replace(n=len(kept), method=f"{name}; {found.method}", reason=reason)
