r"""Who is followed (and heard), compared between a few groups, and does it change from stage to stage?

Few contrasts, fixed beforehand: with 20 coordinators a dozen comparisons find something by chance. The columns that may
be compared are listed in ``PERMITTED``; everything else about a child stays out of comparisons.

The model is logit P(D = W) = constant + groups of every column, correlated within coordinators (``gee.logit``), with
Mancl and DeRouen's covariance and t(G − p). Beside each contrast stands the group's own share with its jackknife
interval: that is what readers understand. Below 10 coordinators there is no model, only those shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import clustered, gee
from .counts import tally
from .participation import INDICATORS, rates_of
from .uncertainty import Array

PERMITTED = ("age_group", "sex", "language", "stage", "topic", "site")
LEAST_CLUSTERS = 10
TOO_FEW = f"fewer than {LEAST_CLUSTERS} coordinators: shares only, no model"
REFERENCE = "the group the others are compared with"
ADJUSTMENTS = ("holm", "bh")
SHARES = ["column", "level", "reference", "hits", "n", "clusters", "share", "share_low", "share_high"]
MODEL = ["estimate", "low", "high", "se", "p", "p_adjusted", "method", "reason"]
TREND = ["term", "children", "n", "clusters", "estimate", "low", "high", "se", "p", "method", "reason"]


class Change(NamedTuple):
    """Change over stages: shares per stage, the trend, and Cochran's Q on children with every stage."""

    stages: pd.DataFrame
    trend: pd.DataFrame
    cochran: clustered.PairedTest


def contrasts(
    event: pd.DataFrame,
    by: Sequence[str] = ("age_group", "sex", "language", "stage"),
    *,
    indicator: str = "followed",
    reference: Mapping[str, str] | None = None,
    adjust: str = "holm",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare groups of children by one indicator, all columns in one model, with each group's own share beside it.

    Parameters
    ----------
    event : DataFrame
        As ``participation.events`` returns it.
    by : sequence of str
        Columns of ``PERMITTED``, fixed beforehand. Stage and topic overlap: choose one.
    indicator : str
        A key of ``participation.INDICATORS``: ``followed`` is P(D = W), ``heard`` P(B = W).
    reference : mapping of str to str, optional
        Per column the group the others are compared with; left out, the one with most wishes.
    adjust : {"holm", "bh"}
        Holm for contrasts planned beforehand, Benjamini–Hochberg for exploring; over all contrasts of the call.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        One row per group of each column: column, level, reference; hits, n, clusters, share, share_low, share_high are
        the group's own (jackknife); estimate (log odds ratio against the reference), low, high, se, p, p_adjusted are
        the model's, NaN with a reason for the reference itself and where no model can be fitted. A contrast rests on
        both groups: whoever hides the reference's row must hide the contrasts with it.

    Raises
    ------
    ValueError
        E801 for a column that may not be compared; also for an unknown indicator, reference or adjustment.

    Notes
    -----
    Rows where one of the columns is empty are left out. Validated against: ``gee.logit``'s oracles; statsmodels ``GEE``
    on the rows themselves.
    """
    permitted(event, by)
    if adjust not in ADJUSTMENTS:
        raise ValueError(f"{adjust!r} is not an adjustment; choose from {', '.join(ADJUSTMENTS)}.")
    rows, hit = _rows(event, indicator, by)
    if rows.empty:
        return pd.DataFrame(columns=[*SHARES, *MODEL])
    found = pd.concat([_shares(rows, hit, column, reference or {}) for column in by], ignore_index=True)
    return _modelled(found, rows, hit, level, adjust)[[*SHARES, *MODEL]]


def change(event: pd.DataFrame, *, indicator: str = "followed", level: float = 0.95) -> Change:
    """Does an indicator change from stage S1 to S6, for all children and for the same child?

    Parameters
    ----------
    event : DataFrame
        As ``participation.events`` returns it; stages that are not S and a number are left out.
    indicator : str
        A key of ``participation.INDICATORS``.
    level : float
        Confidence level.

    Returns
    -------
    Change
        ``stages``: share per stage with jackknife. ``trend``: log odds ratio per stage; ``all children`` also moves
        when other children come in, ``same child`` uses children with two stages or more, each child's mean stage
        held fixed. ``cochran``: children with every stage of the table only, 1 when all their wishes of a stage were
        followed; it ignores clusters. NaN with a reason below 10 coordinators.

    Notes
    -----
    Stages ask about different topics: a trend is one of stages with their topics, not of one and the same decision.
    Validated against: ``gee.logit``'s oracles, a trend that was simulated, and Cochran's own (``clustered.cochran_q``).
    """
    rows, _ = _rows(event, indicator, ["stage", "child"])
    rows = rows[rows["stage"].str.fullmatch(r"S\d+")]
    rows = rows.assign(number=rows["stage"].str.slice(1).astype(int))
    hit = rows[INDICATORS[indicator][0]]
    mean = rows.groupby("child")["number"].transform("mean").round(9)
    again = rows.groupby("child")["number"].transform("nunique") > 1
    within = np.column_stack([rows["number"] - mean, mean])[again.to_numpy()]
    trend = [
        {"term": "all children", **_trend(rows, hit, rows[["number"]].to_numpy(dtype=float), level)},
        {"term": "same child", **_trend(rows[again], hit[again], within, level)},
    ]
    stages = rates_of(tally(hit, rows["stage"], rows["coordinator"]))
    return Change(stages, pd.DataFrame(trend, columns=TREND), _complete(rows, hit))


def holm(p: npt.ArrayLike) -> Array:
    """Holm's (1979) adjusted p-values: for the few tests planned beforehand.

    Parameters
    ----------
    p : array, shape (m,)
        p-values; NaN, a test that could not be computed, stays NaN and does not count.

    Raises
    ------
    ValueError
        When a p-value lies outside 0 … 1.

    Notes
    -----
    Validated against: Benjamini and Hochberg's 15 p-values (O23), 3 below .05; statsmodels on random p-values.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    values, known = _p_values(p)
    order = np.argsort(values[known], kind="stable")
    raised = np.maximum.accumulate(values[known][order] * np.arange(len(order), 0, -1))
    return _back(values, known, order, raised)


def benjamini_hochberg(p: npt.ArrayLike) -> Array:
    """Benjamini and Hochberg's (1995) adjusted p-values: within a family of exploratory tests.

    Parameters and errors as for ``holm``. Validated against: their own 15 p-values (O23), 4 below .05; statsmodels.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values, known = _p_values(p)
    order = np.argsort(values[known], kind="stable")
    raised = values[known][order] * len(order) / np.arange(1, len(order) + 1)
    return _back(values, known, order, np.minimum.accumulate(raised[::-1])[::-1])


def permitted(event: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse columns children may not be compared by.

    Raises
    ------
    ValueError
        E801: the column is not one of ``PERMITTED``, or the table does not have it.

    Examples
    --------
    >>> permitted(pd.DataFrame({"stage": ["S1"]}), ["religion"])
    Traceback (most recent call last):
    ...
    ValueError: E801: 'religion' is no column to compare by: choose from age_group, sex, language, stage, topic, site.
    """
    if isinstance(columns, str):
        raise ValueError(f"give the columns as a list: [{columns!r}].")
    unknown = [column for column in columns if column not in PERMITTED]
    if unknown:
        raise ValueError(f"E801: {unknown[0]!r} is no column to compare by: choose from {', '.join(PERMITTED)}.")
    absent = [column for column in columns if column not in event]
    if absent:
        there = ", ".join(column for column in PERMITTED if column in event) or "none that may be compared"
        raise ValueError(f"E801: the table has no column {absent[0]!r}; it has {there}.")


def present(event: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table without the columns a function needs.

    Raises
    ------
    ValueError
        When one is missing.
    """
    absent = [column for column in columns if column not in event]
    if absent:
        raise ValueError(f"the table has no column {absent[0]!r}: give what participation.events returns.")


def _rows(event: pd.DataFrame, indicator: str, columns: Sequence[str]) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Rows the indicator counts and that have a value in every column, and whether they are hits."""
    if indicator not in INDICATORS:
        raise ValueError(f"{indicator!r} is not an indicator; choose from {', '.join(INDICATORS)}.")
    hit, among = INDICATORS[indicator]
    present(event, [hit, among, "coordinator", *columns])
    known = event[list(columns)].notna().all(axis=1) & (event[list(columns)] != "").all(axis=1)
    rows = event[event[among] & known]
    return rows, rows[hit]


def _shares(rows: pd.DataFrame, hit: pd.Series[bool], column: str, reference: Mapping[str, str]) -> pd.DataFrame:
    """The groups of one column with their own shares."""
    found = rates_of(tally(hit, rows[column], rows["coordinator"]))
    found = found.rename(columns={"group": "level", "estimate": "share", "low": "share_low", "high": "share_high"})
    chosen = reference.get(column, found["level"].iloc[int(found["n"].to_numpy().argmax())])
    if chosen not in set(found["level"]):
        raise ValueError(f"{column} has no group {chosen!r} to compare with; it has {', '.join(found['level'])}.")
    return found.assign(column=column, reference=chosen)[SHARES]


def _modelled(found: pd.DataFrame, rows: pd.DataFrame, hit: pd.Series[bool], level: float, adjust: str) -> pd.DataFrame:
    """Add one model's log odds ratios to the groups."""
    compared = found["level"] != found["reference"]
    pairs = found.loc[compared, ["column", "level"]].itertuples(index=False)
    dummies = [(rows[column].astype(str) == name).to_numpy(dtype=float) for column, name in pairs]
    fit = _fit(rows, hit, np.column_stack([np.ones(len(rows)), *dummies]))
    low, high = fit.interval(level)[1:].T
    parts = {"estimate": fit.coefficients[1:], "low": low, "high": high, "se": fit.errors[1:], "p": fit.p_values()[1:]}
    for name, values in parts.items():
        column = np.full(len(found), np.nan)
        column[compared.to_numpy()] = values
        found[name] = column
    adjusted = _adjusted(found["p"].to_numpy(dtype=float), adjust)
    reason = np.where(compared, fit.reason, REFERENCE)
    return found.assign(p_adjusted=adjusted, method=_method(fit), reason=reason)


def _adjusted(p: Array, adjust: str) -> Array:
    return holm(p) if adjust == "holm" else benjamini_hochberg(p)


def _trend(rows: pd.DataFrame, hit: pd.Series[bool], x: Array, level: float) -> dict[str, object]:
    """The first column's log odds ratio; a further column without any spread says nothing and is left out."""
    spread = np.ptp(x, axis=0) > 0 if len(x) else np.ones(x.shape[1], dtype=bool)
    spread[0] = True
    fit = _fit(rows, hit, np.column_stack([np.ones(len(rows)), x[:, spread]]))
    low, high = fit.interval(level)[1]
    return {
        "children": int(rows["child"].nunique()), "n": len(rows), "clusters": int(rows["coordinator"].nunique()),
        "estimate": float(fit.coefficients[1]), "low": float(low), "high": float(high),
        "se": float(fit.errors[1]), "p": float(fit.p_values()[1]), "method": _method(fit), "reason": fit.reason,
    }  # fmt: skip


def _fit(rows: pd.DataFrame, hit: pd.Series[bool], design: Array) -> gee.Fit:
    """Count hits per coordinator and pattern of the design once, and fit."""
    who, people = pd.factorize(rows["coordinator"])
    if len(people) < LEAST_CLUSTERS:
        return gee.nothing(len(people), design.shape[1], TOO_FEW)
    patterns, which = gee.patterns(design)
    cell = (who * len(patterns) + which) * 2 + hit.to_numpy(dtype=np.int64)
    counts = np.bincount(cell, minlength=len(people) * len(patterns) * 2).reshape(len(people), len(patterns), 2)
    return gee.logit(counts, patterns)


def _method(fit: gee.Fit) -> str:
    return f"GEE logit, exchangeable in coordinators, Mancl-DeRouen, t({fit.df})" if not fit.reason else "GEE logit"


def _complete(rows: pd.DataFrame, hit: pd.Series[bool]) -> clustered.PairedTest:
    """Cochran's Q on the children who have every stage of the table."""
    whole = hit.groupby([rows["child"], rows["stage"]]).all().astype(float).unstack().dropna()
    clusters = int(rows.loc[rows["child"].isin(whole.index), "coordinator"].nunique())
    name, stages = "Cochran Q, children with every stage", whole.shape[1]
    if rows["coordinator"].nunique() < LEAST_CLUSTERS or stages < 2:
        reason = TOO_FEW if stages > 1 else "fewer than two stages"
        return clustered.PairedTest(np.nan, 0, np.nan, len(whole), clusters, name, reason)
    return clustered.cochran_q(whole.to_numpy())._replace(clusters=clusters, method=name)


def _p_values(p: npt.ArrayLike) -> tuple[Array, npt.NDArray[np.bool_]]:
    values = np.asarray(p, dtype=float).ravel()
    known = ~np.isnan(values)
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise ValueError("a p-value lies between 0 and 1.")
    return values, known


def _back(values: Array, known: npt.NDArray[np.bool_], order: npt.NDArray[np.intp], raised: Array) -> Array:
    """Put adjusted values back in the order they came in."""
    found, sorted_back = np.full(len(values), np.nan), np.empty(len(order))
    sorted_back[order] = np.minimum(raised, 1.0)
    found[known] = sorted_back
    return found
