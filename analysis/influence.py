r"""Does what a child asks for move the decision, beyond what staff would have chosen anyway?

The model is McFadden's (1974) conditional logit. A case is one wish with a decision; its alternatives are the options
of its topic; the decision D is the alternative taken:

.. math:: P(D = k) \propto \exp(\alpha_{topic,k} + \beta_{wish} [W = k] + \beta_{first} [V = k])

β_wish is the log-odds that an option is taken because the child asked for it, at equal first view V of staff. **V is
not optional**: staff and child often want the same for the same reasons, and a model without V counts that as the
child's doing. Where V was not collected the result is called "association", never "influence".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import gee
from .contrasts import LEAST_CLUSTERS, TOO_FEW, permitted, present
from .participation import EVERYBODY
from .uncertainty import Array, Result, jackknife, nothing

Mask = npt.NDArray[np.bool_]
Options = Mapping[str, Sequence[str]]

NO_VALUE = ["", "DK"]
MODEL = "conditional logit"
STEPS = 50
LARGEST = 15.0  # log-odds of 1 in 3 million: an estimate beyond is on its way to infinity
NOBODY = "no case with a wish, a decision and at least two options in use"
SEPARATED = "decisions follow one answer without exception somewhere: no finite effect, see the shift rate"
TWINS = "the wish cannot be told apart from the first view or the options themselves"
COLUMNS = ["group", "model", "term", "kind", *Result._fields, "left_out"]


class ChoiceFit(NamedTuple):
    """Coefficients (q,) and covariance (q, q) of a conditional logit, its log-likelihood; NaN with a reason."""

    coefficients: Array
    covariance: Array
    likelihood: float
    reason: str = ""


class _Cases(NamedTuple):
    """Cases counted by coordinator, by what was wished and first thought of in a topic, and by what was decided."""

    counts: Array  # coordinators × patterns × places in the option list
    option: npt.NDArray[np.int64]  # patterns × places: which option of all topics, −1 past the end of the list
    first_option: npt.NDArray[np.int64]  # topic's first option, for every option of all topics
    marks: Array  # patterns × places × 2: is it the wish, is it the first view


def effect(event: pd.DataFrame, options: Options, by: str | None = None, level: float = 0.95) -> pd.DataFrame:
    """Fit β_wish with and without the first view V, with a delete-one-coordinator jackknife interval.

    Parameters
    ----------
    event : DataFrame
        As ``participation.events`` or ``pairs.preference`` returns it, or any with columns topic, coordinator, W, D and
        V (left out when not collected). Counted are wishes the child shared, given before the decision and shown to
        staff, with V an option; where the columns shared, retrospective and released are missing, every row counts.
    options : mapping of str to sequence of str
        The **full** option list of every topic.
    by : str, optional
        A column of ``contrasts.PERMITTED``: the model is fitted in each of its groups.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        Per group three rows, one where V was not collected: group, model ("with first view", "without"), term
        ("wish", "first view"), kind ("influence", "association"), the fields of ``Result`` on the log-odds scale (n
        cases, clusters coordinators), and ``left_out``: cases without a first view. Both models use the same cases.
        Estimates are NaN with a reason below 10 coordinators, when effects are not finite, or cannot be told apart.

    Raises
    ------
    ValueError
        When a column or the option list of a topic is missing, an option is not on its list, or (E801) ``by`` is not
        a permitted column.

    Notes
    -----
    An option nobody decided on (in this group) is left out of the choice: its constant would be −∞. Interval: t(G − 1).
    Validated against: statsmodels ``ConditionalLogit``; simulated decisions with true β_wish = 1.

    Examples
    --------
    >>> d = pd.DataFrame({"topic": "T", "coordinator": ["x", "y"], "W": ["a", "b"], "D": ["a", "a"]})
    >>> effect(d, {"T": ["a", "b"]})[["kind", "n", "clusters"]].values.tolist()
    [['association', 2, 2]]
    """
    present(event, ["topic", "coordinator", "W", "D"])
    if by:
        permitted(event, [by])
    fine, with_first, left_out = _eligible(event)
    group = event[by] if by else pd.Series(EVERYBODY, index=event.index)
    rows = [
        {"group": str(name), "left_out": int((left_out & (group == name)).sum()), **row}
        for name in sorted(group[fine].unique())
        for row in _models(_count(event[fine & (group == name)], options, with_first), with_first, level)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def shift(event: pd.DataFrame, by: str | None = None, level: float = 0.95) -> pd.DataFrame:
    """Where staff first thought otherwise (V ≠ W): how often was the wish, V, or something else decided?

    Parameters
    ----------
    event : DataFrame
        As ``participation.events`` returns it; its rows ``open_mind`` count.
    by : str, optional
        A column of ``contrasts.PERMITTED``.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        Per group the rows ``wish`` (the shift rate), ``first view``, ``other``: group, outcome, hits and the fields of
        ``Result``. No model: this can be told below 10 coordinators too.

    Raises
    ------
    ValueError
        When a column is missing, or (E801) ``by`` is not a permitted column.

    Examples
    --------
    >>> d = pd.DataFrame({"W": list("aaaa"), "V": list("bbbb"), "D": list("abac"), "coordinator": list("xxyy")})
    >>> d["open_mind"] = True
    >>> shift(d)["estimate"].tolist()
    [0.5, 0.25, 0.25]
    """
    present(event, ["open_mind", "coordinator", "W", "V", "D"])
    if by:
        permitted(event, [by])
    rows = event[event["open_mind"]]
    outcome = np.select([rows["D"] == rows["W"], rows["D"] == rows["V"]], [0, 1], 2)
    group = rows[by] if by else pd.Series(EVERYBODY, index=rows.index)
    found = [
        {"group": str(name), **line}
        for name in sorted(group.unique())
        for line in _outcomes(outcome[group == name], rows.loc[group == name, "coordinator"], level)
    ]
    return pd.DataFrame(found, columns=["group", "outcome", "hits", *Result._fields])


def conditional_logit(chosen: npt.ArrayLike, design: npt.ArrayLike, offered: npt.ArrayLike | None = None) -> ChoiceFit:
    r"""Maximum likelihood of McFadden's (1974) conditional logit, by Newton's method.

    .. math:: \ell = \sum_{ik} n_{ik} \Big( x_{ik}'\beta - \log \sum_{j\ offered} e^{x_{ij}'\beta} \Big)

    Parameters
    ----------
    chosen : array, shape (m, K)
        How often each of K alternatives was taken in each of m situations; pad shorter lists with 0.
    design : array, shape (m, K, q)
        What describes each alternative.
    offered : array of bool, shape (m, K), optional
        False for padding. All are offered when left out.

    Returns
    -------
    ChoiceFit
        The covariance is the inverse information, for independent choices. NaN with a reason when an effect is not
        finite (separation) or the effects cannot be told apart.

    Raises
    ------
    ValueError
        When shapes do not fit, counts are negative or missing, or an alternative was taken that was not offered.

    Notes
    -----
    Validated against: statsmodels ``ConditionalLogit`` (coefficients, errors, log-likelihood).

    Examples
    --------
    Taken as often as not: two alternatives, one marked; 3 of 4 take it, log 3.

    >>> round(float(conditional_logit([[3, 1]], [[[1], [0]]]).coefficients[0]), 4)
    1.0986
    """
    n, x = np.asarray(chosen, dtype=float), np.asarray(design, dtype=float)
    mask = np.ones(n.shape, dtype=bool) if offered is None else np.asarray(offered, dtype=bool)
    if x.ndim != 3 or x.shape[:2] != n.shape or mask.shape != n.shape:
        raise ValueError(
            f"the design must be situations × alternatives × effects: {n.shape} choices, {x.shape} design."
        )
    if not np.isfinite(n).all() or (n < 0).any() or (n[~mask] > 0).any():
        raise ValueError("choices are counted, zero or more, and only what was offered can be taken.")
    open_choice = (n.sum(axis=1) > 0) & (mask.sum(axis=1) > 1)
    return _newton(n[open_choice], np.where(mask[:, :, None], x, 0.0)[open_choice], mask[open_choice])


def _newton(n: Array, x: Array, mask: Mask) -> ChoiceFit:
    beta = np.zeros(x.shape[2])
    value, gradient, information = _derivatives(n, x, mask, beta)
    if not len(n):
        return _cannot(len(beta), NOBODY)
    if np.linalg.matrix_rank(information, hermitian=True) < len(beta):
        return _cannot(len(beta), TWINS)
    for _ in range(STEPS):
        try:
            step: Array = np.asarray(np.linalg.solve(information, gradient), dtype=float)
        except np.linalg.LinAlgError:
            return _cannot(len(beta), SEPARATED)
        beta, value, gradient, information = _uphill(n, x, mask, beta, step, value)
        if np.abs(beta).max() > LARGEST:
            return _cannot(len(beta), SEPARATED)
        if np.abs(step).max() < 1e-9:
            return ChoiceFit(beta, np.asarray(np.linalg.inv(information), dtype=float), value)
    return _cannot(len(beta), SEPARATED)


def _uphill(
    n: Array, x: Array, mask: Mask, beta: Array, step: Array, value: float
) -> tuple[Array, float, Array, Array]:
    """Take the step, halved until the likelihood does not fall: Newton can jump too far from a poor start."""
    for half in range(30):
        ahead = beta + step / 2**half
        found = _derivatives(n, x, mask, ahead)
        if found[0] >= value - 1e-9 * (1 + abs(value)):
            break
    return ahead, *found


def _derivatives(n: Array, x: Array, mask: Mask, beta: Array) -> tuple[float, Array, Array]:
    """Log-likelihood, gradient (q,) and information (q, q)."""
    use = np.where(mask, x @ beta, -np.inf)
    use = use - use.max(axis=1, keepdims=True)
    weight = np.exp(use)
    share = weight / weight.sum(axis=1, keepdims=True)
    total = n.sum(axis=1)
    value = float((n * np.where(mask, use, 0.0)).sum() - total @ np.log(weight.sum(axis=1)))
    expected, mean, flat = total[:, None] * share, np.einsum("mk,mkq->mq", share, x), x.reshape(-1, x.shape[2])
    gradient = (n - expected).ravel() @ flat
    information = flat.T @ (expected.ravel()[:, None] * flat) - mean.T @ (total[:, None] * mean)
    return value, gradient, information


def _cannot(q: int, reason: str) -> ChoiceFit:
    return ChoiceFit(np.full(q, np.nan), np.full((q, q), np.nan), np.nan, reason)


def _eligible(event: pd.DataFrame) -> tuple[pd.Series[bool], bool, pd.Series[bool]]:
    """Rows to count; whether V was collected at all; rows that would count if they had a first view."""
    fine = (event["W"] != "") & (event["D"] != "")
    fine &= event.get("shared", True)
    fine &= ~event["retrospective"] if "retrospective" in event else True
    known = ~event["V"].isin(NO_VALUE) if "V" in event else pd.Series(False, index=event.index)
    if not (fine & known).any():
        return fine, False, pd.Series(False, index=event.index)
    seen = fine & event.get("released", True)
    return seen & known, True, fine & ~known


def _count(rows: pd.DataFrame, options: Options, with_first: bool) -> _Cases:
    topics = sorted(rows["topic"].unique())
    absent = [topic for topic in topics if topic not in options]
    if absent:
        raise ValueError(f"topic {absent[0]} has no list of options: give the full list of every topic.")
    sizes = np.array([len(options[topic]) for topic in topics])
    start, listed = np.cumsum(sizes) - sizes, [(topic, option) for topic in topics for option in options[topic]]
    places = pd.MultiIndex.from_tuples(listed)
    wish, decision = _place(places, rows, "W"), _place(places, rows, "D")
    first = _place(places, rows, "V") if with_first else np.full(len(rows), -1)
    topic = pd.Index(topics).get_indexer(pd.Index(rows["topic"]))
    distinct, which = gee.patterns(np.column_stack([topic, wish, first]))
    patterns = distinct.astype(np.int64)
    who, people = pd.factorize(rows["coordinator"])
    shape = (len(people), len(patterns), int(sizes.max()))
    cell = np.ravel_multi_index((who, which, decision - start[topic]), shape)
    counts = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape).astype(float)
    place = np.arange(shape[2])
    option = np.where(place < sizes[patterns[:, :1]], start[patterns[:, :1]] + place, -1)
    marks = np.stack([option == patterns[:, 1:2], option == patterns[:, 2:3]], axis=2) & (option >= 0)[:, :, None]
    return _Cases(counts, option, np.repeat(start, sizes), marks.astype(float))


def _place(places: pd.MultiIndex, rows: pd.DataFrame, column: str) -> npt.NDArray[np.int64]:
    found = places.get_indexer(pd.MultiIndex.from_arrays([rows["topic"], rows[column]]))
    if (found < 0).any():
        topic, code = rows[["topic", column]].iloc[int((found < 0).argmax())]
        raise ValueError(f"{column} = {code!r} is not on the list of topic {topic}: give the full list of options.")
    return found.astype(np.int64)


def _models(cases: _Cases, with_first: bool, level: float) -> list[dict[str, object]]:
    without = {"model": "without first view", "term": "wish", "kind": "association"}
    plain = {**without, **_estimate(cases, 0, 1, level)._asdict()}
    if not with_first:
        return [plain]
    both = {"model": "with first view", "kind": "influence"}
    return [
        {**both, "term": "wish", **_estimate(cases, 0, 2, level)._asdict()},
        {**both, "term": "first view", "kind": "association", **_estimate(cases, 1, 2, level)._asdict()},
        plain,
    ]


def _estimate(cases: _Cases, term: int, terms: int, level: float) -> Result:
    """One coefficient of the model with the first ``terms`` marks, with its jackknife over coordinators."""
    n, size = round(float(cases.counts.sum())), len(cases.counts)
    if size < LEAST_CLUSTERS:
        return nothing(n, MODEL, TOO_FEW, size)
    whole = _fit(cases, terms, cases.counts.sum(axis=0))
    if whole.reason:
        return nothing(n, MODEL, whole.reason, size)
    found = jackknife(cases.counts, lambda table: float(_fit(cases, terms, table).coefficients[term]), level=level)
    return found._replace(method=f"{MODEL}, {found.method}")


def _fit(cases: _Cases, terms: int, table: Array) -> ChoiceFit:
    """Wish (and first view), then a constant for every option in use but the first in use of its topic."""
    taken = np.bincount(cases.option[cases.option >= 0], table[cases.option >= 0], minlength=len(cases.first_option))
    used = np.flatnonzero(taken > 0)
    _, reference = np.unique(cases.first_option[used], return_index=True)
    constants = np.delete(used, reference)
    offered = (cases.option >= 0) & (taken[cases.option] > 0)
    dummies = (cases.option[:, :, None] == constants).astype(float)
    return conditional_logit(table, np.concatenate([cases.marks[:, :, :terms], dummies], axis=2), offered)


def _outcomes(outcome: npt.NDArray[np.int64], coordinator: pd.Series[str], level: float) -> list[dict[str, object]]:
    who, people = pd.factorize(coordinator)
    table = np.bincount(who * 3 + outcome, minlength=len(people) * 3).reshape(-1, 3).astype(float)
    return [
        {"outcome": name, "hits": int(table[:, place].sum()), **_share(table, place, level)._asdict()}
        for place, name in enumerate(("wish", "first view", "other"))
    ]


def _share(table: Array, place: int, level: float) -> Result:
    def share(counts: Array) -> float:
        return float(counts[place] / counts.sum()) if counts.sum() else float("nan")

    return jackknife(table, share, level=level, bounds=(0.0, 1.0))
