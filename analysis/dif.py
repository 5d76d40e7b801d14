"""Does a question work alike in two languages or age groups: differential item functioning (DIF).

Children of two groups who answered the *other* questions alike should answer this one alike. In this order: the use of
options by language (``option_use``, always); Mantel and Haenszel over strata of equal rest scores, from 100 children
per language; ordinal logistic regression, from 200. A flagged question is not compared across languages, and a
sensitivity line leaves it out of the score.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats
from scipy.special import expit

from .direction import ChiSquared
from .tables import Tables
from .uncertainty import Array, Result, nothing

FEWEST, ENOUGH = 100, 200  # children per language for Mantel–Haenszel, and for ordinal logistic regression
ETS = -2.35  # log odds on the delta scale of the Educational Testing Service
SMALL, LARGE, SURE = 1.0, 1.5, 0.05
NO_STRATA = "no stratum holds both groups and both answers"
NO_SPREAD = "one group never, or the other always, gave the answer: no odds ratio"
TOO_FEW = f"fewer than {FEWEST} answers in a language: see the use of options only"
COLUMNS = [
    "item", "group", "n_reference", "n_group", "strata", "odds_ratio", "delta", "low", "high", "chi2", "p",
    "p_adjusted", "ets", "uniform", "uniform_p", "nonuniform", "nonuniform_p", "reason",
]  # fmt: skip


class Fit(NamedTuple):
    """Proportional odds: logit P(Y ≤ j) = cut_j − x′b."""

    coefficients: Array
    cuts: Array
    loglik: float


def option_use(tables: Tables, by: str = "language") -> pd.DataFrame:
    """How often each code of each question of the participation scale and others was given, per language.

    Parameters
    ----------
    tables : Tables
    by : str
        ``language`` or ``age_group`` of the answer.

    Returns
    -------
    DataFrame
        Rows question × code (DK, SK, NA and NR are codes), columns the languages; counts of visits. Small counts are
        still in it.
    """
    asked = tables.answers[tables.answers["topic"] == ""]
    code = asked["code"].where(asked["code"] != "", asked["missing"]).rename("code")
    return pd.crosstab([asked["question"], code], asked[by]).astype(int)


def strata(answer: npt.ArrayLike, group: npt.ArrayLike, matched: npt.ArrayLike) -> Array:
    """Cross answer and group once per value of what children are matched on.

    Parameters
    ----------
    answer : array (n,) of bool
    group : array (n,) of bool
        True for the focal group, False for the reference.
    matched : array (n,)
        The rest score.

    Returns
    -------
    array (S, 2, 2)
        Rows reference, focal; columns yes, no. Strata that lack a group or an answer say nothing and are dropped.

    Examples
    --------
    >>> strata([True, False, True, True], [False, False, True, True], [1, 1, 1, 2]).tolist()
    [[[1.0, 1.0], [1.0, 0.0]]]
    """
    place, names = pd.factorize(np.asarray(matched), sort=True)
    cell = place * 4 + np.asarray(group, dtype=int) * 2 + 1 - np.asarray(answer, dtype=int)
    return _informative(np.bincount(cell[place >= 0], minlength=len(names) * 4).reshape(-1, 2, 2).astype(float))


def odds_ratio(counts: npt.ArrayLike, level: float = 0.95) -> Result:
    r"""Mantel and Haenszel's common odds ratio, with the interval of Robins, Breslow and Greenland (1986).

    .. math:: \hat\alpha = \frac{\sum_s a_s d_s / n_s}{\sum_s b_s c_s / n_s}

    Above 1 the reference group says yes more often than the focal group among children matched.

    Validated against: R ``mantelhaen.test`` (O26): 3.5912; lung cancer and smoking in eight Chinese cities (O27):
    2.174; statsmodels ``StratifiedTable`` on random tables, interval included.

    Parameters
    ----------
    counts : array (S, 2, 2)
        [[a, b], [c, d]] per stratum: rows reference and focal, columns yes and no.
    level : float

    Returns
    -------
    Result
        NaN with a reason where no stratum tells, or a cell is empty in all of them. ``clusters`` counts strata.

    Raises
    ------
    ValueError
        When counts are not S × 2 × 2, negative or missing.

    Examples
    --------
    >>> round(odds_ratio([[[20, 10], [10, 20]], [[5, 5], [4, 6]]]).estimate, 3)
    3.062
    """
    tables = _checked(counts)
    n, name = round(float(tables.sum())), "Mantel-Haenszel odds ratio"
    log, se = _log_odds(tables)
    if np.isnan(log):
        return nothing(n, name, NO_SPREAD if len(tables) else NO_STRATA, len(tables))
    reach = se * float(stats.norm.ppf((1 + level) / 2))
    low, high = np.exp([log - reach, log + reach])
    return Result(float(np.exp(log)), float(low), float(high), n, len(tables), name, "", float(np.exp(log)) * se)


def delta(counts: npt.ArrayLike, level: float = 0.95) -> Result:
    """The odds ratio on the ETS delta scale, −2.35 ln α: below 0 the focal group says yes less often.

    Holland and Thayer (1988).

    Examples
    --------
    >>> round(delta([[[20, 10], [10, 20]], [[5, 5], [4, 6]]]).estimate, 2)
    -2.63
    """
    odds = odds_ratio(counts, level)
    if np.isnan(odds.estimate):
        return odds._replace(method="ETS delta")
    ends = sorted(float(ETS * np.log(end)) for end in (odds.low, odds.high))
    se = abs(ETS) * odds.se / odds.estimate
    return Result(float(ETS * np.log(odds.estimate)), ends[0], ends[1], odds.n, odds.clusters, "ETS delta", "", se)


def mantel_haenszel(counts: npt.ArrayLike, correction: bool = True) -> ChiSquared:
    r"""Mantel and Haenszel's test that no stratum shows a difference (1959), 1 degree of freedom.

    .. math:: \chi^2 = \frac{(|\sum_s (a_s - E a_s)| - 1/2)^2}{\sum_s V a_s}

    Validated against: R ``mantelhaen.test`` (O26): 11.8852; without correction O27: 280.138.

    Examples
    --------
    >>> round(mantel_haenszel([[[20, 10], [10, 20]], [[5, 5], [4, 6]]]).statistic, 2)
    4.89
    """
    tables = _checked(counts)
    n, yes, first = tables.sum(axis=(1, 2)), tables[:, :, 0].sum(axis=1), tables[:, 0].sum(axis=1)
    spread = float((yes * (n - yes) * first * (n - first) / (n**2 * (n - 1))).sum()) if len(tables) else 0.0
    if spread == 0:
        return ChiSquared(np.nan, 0, np.nan, "Mantel-Haenszel", NO_STRATA)
    apart = abs(float((tables[:, 0, 0] - yes * first / n).sum()))
    value = max(apart - (0.5 if correction else 0.0), 0.0) ** 2 / spread
    return ChiSquared(value, 1, float(stats.chi2.sf(value, 1)), "Mantel-Haenszel")


def breslow_day(counts: npt.ArrayLike) -> ChiSquared:
    """Is the odds ratio the same in all strata: Breslow and Day (1980), S − 1 degrees of freedom.

    A question may favour one group at low scores and the other at high ones; Mantel and Haenszel cannot see that.

    Validated against: eight Chinese cities (O27): 5.200; statsmodels on random tables.

    Examples
    --------
    >>> breslow_day([[[20, 10], [10, 20]], [[5, 5], [4, 6]]]).df
    1
    """
    tables = _checked(counts)
    log, _ = _log_odds(tables)
    if np.isnan(log) or len(tables) < 2:
        return ChiSquared(np.nan, 0, np.nan, "Breslow-Day", NO_STRATA if np.isnan(log) else "one stratum only")
    n, yes, first = tables.sum(axis=(1, 2)), tables[:, :, 0].sum(axis=1), tables[:, 0].sum(axis=1)
    middle = _expected(float(np.exp(log)), n, yes, first)
    inverse = 1 / middle + 1 / (first - middle) + 1 / (yes - middle) + 1 / (n - first - yes + middle)
    value = float(((tables[:, 0, 0] - middle) ** 2 * inverse).sum())
    return ChiSquared(value, len(tables) - 1, float(stats.chi2.sf(value, len(tables) - 1)), "Breslow-Day")


def ets_class(size: float, p: float) -> str:
    """A (negligible: |delta| < 1 or p ≥ .05), C (large: |delta| ≥ 1.5 and p < .05), B between; "" without a delta.

    The plain rule of practice; the full ETS rule asks for class C also that |delta| be significantly above 1.

    Examples
    --------
    >>> ets_class(-1.7, 0.01), ets_class(1.2, 0.01), ets_class(1.7, 0.2), ets_class(float("nan"), 0.2)
    ('C', 'B', 'A', '')
    """
    if np.isnan(size) or np.isnan(p):
        return ""
    if abs(size) < SMALL or p >= SURE:
        return "A"
    return "C" if abs(size) >= LARGE else "B"


def proportional_odds(answer: npt.ArrayLike, facts: npt.ArrayLike, times: npt.ArrayLike | None = None) -> Fit:
    """Ordinal logistic regression by maximum likelihood (McCullagh 1980).

    Validated against: R ``polr`` on the UCLA admission data (O29): 1.04769, −.05879, .61594; cuts 2.2039, 4.2994;
    statsmodels ``OrderedModel``.

    Parameters
    ----------
    answer : array (n,)
        Ordered codes; those nobody gave are left out.
    facts : array (n, p)
        Numbers; p may be 0.
    times : array (n,), optional
        How often each row occurs.

    Returns
    -------
    Fit
    """
    y = np.unique(np.asarray(answer), return_inverse=True)[1]
    x = np.asarray(facts, dtype=float).reshape(len(y), -1)
    spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0) if x.shape[1] else np.ones(0)
    scaled, size = x / spread, x.shape[1]
    n = np.ones(len(y)) if times is None else np.asarray(times, dtype=float)
    share = np.cumsum(np.bincount(y, n))[:-1] / n.sum()
    first = stats.logistic.ppf(share)
    start = np.concatenate([np.zeros(size), first[:1], np.log(np.maximum(np.diff(first), 1e-6))])

    def misfit(at: Array) -> float:
        return _minus_loglik(at, y, scaled, n)[0]

    def slope(at: Array) -> Array:
        return _minus_loglik(at, y, scaled, n)[1]

    best = optimize.minimize(misfit, start, method="BFGS", jac=slope, options={"gtol": 1e-7 * float(n.sum())})
    return Fit(best.x[:size] / spread, _cuts(best.x[size:]), -float(best.fun))


def logistic_dif(answer: npt.ArrayLike, group: npt.ArrayLike, matched: npt.ArrayLike) -> tuple[ChiSquared, ChiSquared]:
    """Uniform and non-uniform DIF by ordinal logistic regression (Zumbo 1999): likelihood ratio tests, 1 df each.

    Score alone against score and group (uniform); that against score, group and their product (non-uniform).
    """
    score = np.asarray(matched, dtype=float)
    rows = np.column_stack([np.asarray(answer, dtype=float), score - score.mean(), np.asarray(group, dtype=float)])
    cells, times = np.unique(rows, axis=0, return_counts=True)  # few points: many children share a row
    score, who = cells[:, 1], cells[:, 2]
    steps = [np.column_stack(x) for x in ([score], [score, who], [score, who, score * who])]
    one, two, three = (proportional_odds(cells[:, 0], x, times).loglik for x in steps)
    return _ratio(one, two, "uniform DIF, ordinal logistic"), _ratio(two, three, "non-uniform DIF, ordinal logistic")


def screen(scores: pd.DataFrame, group: npt.ArrayLike, reference: str | None = None) -> pd.DataFrame:
    """All items against all groups: Mantel–Haenszel, ETS class after Benjamini and Hochberg, ordinal logistic.

    Parameters
    ----------
    scores : DataFrame (children, items)
        Points, NaN where missing; children who did not answer all items are left out. "Yes" is the highest point of
        the item; children are matched on the sum of the other items.
    group : array (children,)
        Language or age group.
    reference : str, optional
        The group the others are compared with; the largest when left out.

    Returns
    -------
    DataFrame
        One row per item × group: ``COLUMNS``. ``odds_ratio``, ``delta`` (low, high), ``chi2``, ``p``, ``p_adjusted``
        over the whole screen, ``ets`` A, B, C; ``uniform`` and ``nonuniform`` chi-squared from 200 children in both
        groups. ``reason`` says what was not computed: below 100 children nothing is.

    Raises
    ------
    ValueError
        When there are fewer than two items or groups, or nobody of the reference.

    Notes
    -----
    Clusters are ignored: p-values are for picking questions to look at, not for conclusions.
    """
    who = pd.Series(np.asarray(group), index=scores.index)
    whole = scores.notna().all(axis=1) & (who != "")
    data, who = scores[whole].astype(float), who[whole]
    size = who.value_counts().sort_index()
    if scores.shape[1] < 2 or len(size) < 2:
        raise ValueError("screening needs at least two items and two groups with complete answers.")
    base = str(size.idxmax()) if reference is None else reference
    if base not in size.index:
        raise ValueError(f"nobody of the reference {base!r} answered all items; choose from {', '.join(size.index)}.")
    rows = [
        _one(data[who.isin([base, name])], who[who.isin([base, name])] == name, str(item), str(name))
        for name in size.index.drop(base)
        for item in data
    ]
    return _adjusted(pd.DataFrame(rows, columns=COLUMNS))


def _one(data: pd.DataFrame, focal: pd.Series[bool], item: str, name: str) -> dict[str, object]:
    """One item, one group against the reference."""
    small, blank = int(min(focal.sum(), (~focal).sum())), dict.fromkeys(COLUMNS[4:-1], np.nan)
    row = {"item": item, "group": name, "n_reference": int((~focal).sum()), "n_group": int(focal.sum()), **blank}
    if small < FEWEST:
        return {**row, "strata": 0, "ets": "", "reason": TOO_FEW}
    rest = data.drop(columns=item).sum(axis=1).round(9)
    counts = strata(data[item] == data[item].max(), focal, rest)
    moved, test = delta(counts), mantel_haenszel(counts)
    row |= {
        "strata": len(counts), "odds_ratio": odds_ratio(counts).estimate, "delta": moved.estimate, "low": moved.low,
        "high": moved.high, "chi2": test.statistic, "p": test.p, "ets": "", "reason": moved.reason or test.reason,
    }  # fmt: skip
    if small < ENOUGH or data[item].nunique() < 2:
        return row | {"reason": row["reason"] or f"fewer than {ENOUGH} answers in a language: no ordinal regression"}
    uniform, crossed = logistic_dif(data[item], focal, rest)
    return row | {
        "uniform": uniform.statistic, "uniform_p": uniform.p, "nonuniform": crossed.statistic,
        "nonuniform_p": crossed.p,
    }  # fmt: skip


def _adjusted(frame: pd.DataFrame) -> pd.DataFrame:
    tested = frame["p"].notna().to_numpy()
    if tested.any():
        frame.loc[tested, "p_adjusted"] = stats.false_discovery_control(frame.loc[tested, "p"].to_numpy(dtype=float))
    classes = [ets_class(size, p) for size, p in zip(frame["delta"], frame["p_adjusted"], strict=True)]
    return frame.assign(ets=classes)


def _checked(counts: npt.ArrayLike) -> Array:
    tables = np.asarray(counts, dtype=float)
    if tables.ndim != 3 or tables.shape[1:] != (2, 2):
        raise ValueError(f"strata are S × 2 × 2 counts, got {tables.shape}: rows reference and focal, columns yes, no.")
    if not np.isfinite(tables).all() or (tables < 0).any():
        raise ValueError("strata hold counts of zero or more; leave missing answers out.")
    return _informative(tables)


def _informative(tables: Array) -> Array:
    """Without strata in which a group or an answer is missing."""
    return np.asarray(tables[(tables.sum(axis=1) > 0).all(axis=1) & (tables.sum(axis=2) > 0).all(axis=1)])


def _log_odds(tables: Array) -> tuple[float, float]:
    """The logarithm of the common odds ratio and its error; NaN where a sum is empty."""
    n = tables.sum(axis=(1, 2))
    r, s = tables[:, 0, 0] * tables[:, 1, 1] / n, tables[:, 0, 1] * tables[:, 1, 0] / n
    if r.sum() == 0 or s.sum() == 0:
        return float("nan"), float("nan")
    p, q = (tables[:, 0, 0] + tables[:, 1, 1]) / n, (tables[:, 0, 1] + tables[:, 1, 0]) / n
    whole_r, whole_s = float(r.sum()), float(s.sum())
    middle = float((p * s + q * r).sum()) / (2 * whole_r * whole_s)
    variance = float((p * r).sum()) / (2 * whole_r**2) + middle + float((q * s).sum()) / (2 * whole_s**2)
    return float(np.log(whole_r / whole_s)), float(np.sqrt(variance))


def _expected(odds: float, n: Array, yes: Array, first: Array) -> Array:
    """The first cell of each stratum if its odds ratio were ``odds`` and its margins as they are."""
    if np.isclose(odds, 1):
        return yes * first / n
    b, c = odds * (first + yes) + n - first - yes, odds * first * yes
    return np.asarray((b - np.sqrt(b**2 - 4 * (odds - 1) * c)) / (2 * (odds - 1)))


def _cuts(free: Array) -> Array:
    """Increasing cut points from free numbers: the first, then logarithms of the steps."""
    return np.asarray(np.cumsum(np.concatenate([free[:1], np.exp(free[1:])])))


def _minus_loglik(at: Array, y: npt.NDArray[np.intp], x: Array, n: Array) -> tuple[float, Array]:
    """−log-likelihood of proportional odds and its derivative."""
    size = x.shape[1]
    cuts, shift = _cuts(at[size:]), x @ at[:size]
    edge = np.concatenate([[-np.inf], cuts, [np.inf]])
    upper, lower = expit(edge[y + 1] - shift), expit(edge[y] - shift)
    p = np.maximum(upper - lower, 1e-300)
    up, down = n * upper * (1 - upper) / p, n * lower * (1 - lower) / p
    by_cut = np.bincount(y, up, len(cuts) + 1)[:-1] - np.bincount(y, down, len(cuts) + 1)[1:]
    later = np.cumsum(by_cut[::-1])[::-1]  # a step moves its cut and all that follow
    by_free = np.concatenate([later[:1], later[1:] * np.exp(at[size + 1 :])])
    return -float(n @ np.log(p)), np.concatenate([x.T @ (up - down), -by_free])


def _ratio(smaller: float, larger: float, method: str) -> ChiSquared:
    value = max(2 * (larger - smaller), 0.0)
    return ChiSquared(value, 1, float(stats.chi2.sf(value, 1)), method)
