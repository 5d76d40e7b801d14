"""Who did not answer, and how far that could move the match: codes kept apart, weights, bounds, sensitivity.

Weights come from what the register knows of everybody (age group, sex, site, stage), never from answers. The match is
shown with and without them; bounds need no model at all.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from . import participation
from .uncertainty import Array, Result, jackknife, nothing

CODES = ("DK", "IDM", "SK", "NA", "NR", "NV")
REGISTER = ("age_group", "sex", "site", "stage")
TRIM = 5.0  # one child never stands for more than five
RIDGE = 1e-6  # keeps the fit finite where everybody of a site answered
SHOWN = 50
HELPED = ("carer", "staff", "other")


class BadWeights(ValueError):
    """Weights that cannot be used (E803); ``rows`` holds the places of the bad ones, from 1."""

    def __init__(self, problems: list[tuple[int, float]]) -> None:
        self.rows = [row for row, _weight in problems]
        lines = [f"row {row}: the weight is {weight:g}" for row, weight in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(f"… and {len(problems) - SHOWN} more")
        cure = "Weights must be finite and above 0; mend them or leave the rows out (E803)."
        super().__init__("\n".join([*lines, cure]))


def by_code(event: pd.DataFrame, by: str = "stage") -> pd.DataFrame:
    """Every wish question of a round: an option, or which code stands in its place. Codes are never added up.

    Parameters
    ----------
    event : DataFrame
        As ``participation.events`` returns it.
    by : str
        Column of groups: stage, topic, site, age_group, language, coordinator.

    Returns
    -------
    DataFrame
        One row per group; columns option, DK, IDM, SK, NA, NR (not reached), NV (no visit put it), total. Small counts
        are still in it.

    Examples
    --------
    >>> d = pd.DataFrame({"stage": ["S1", "S1", "S2"], "W": ["a", "", ""], "W_missing": ["", "DK", "NV"]})
    >>> by_code(d).loc["S1", ["option", "DK", "NV", "total"]].tolist()
    [1, 1, 0, 2]
    """
    code = event["W_missing"].where(event["W"] == "", "option")
    counted = pd.crosstab(event[by], code).reindex(columns=["option", *CODES], fill_value=0)
    return counted.rename_axis(columns=None).assign(total=counted.sum(axis=1)).astype(int)


def bounds(event: pd.DataFrame, by: str = "stage") -> pd.DataFrame:
    """``participation.bounds`` for every group: the match if all missing pairs matched, or none.

    Returns
    -------
    DataFrame
        One row per group: group, hits, n, missing, clusters, least, most; the groups' counts add up to the whole.
    """
    parts = [participation.bounds(part).assign(group=str(name)) for name, part in event.groupby(by, sort=True)]
    return pd.concat(parts, ignore_index=True) if parts else participation.bounds(event).iloc[:0]


def sensitivity(event: pd.DataFrame, indicator: str = "followed") -> pd.DataFrame:
    """One indicator with all wishes, and without those that may not be the child's own or came too late.

    Without a helper: visits with a carer, staff or somebody else beside the child are left out; "unsaid" stays.
    Without retrospective wishes: those given when a decision had been taken are left out.

    Returns
    -------
    DataFrame
        Rows all, no helper, not retrospective, neither; the columns of ``participation.rate``.

    Raises
    ------
    ValueError
        For an indicator that is not there.
    """
    alone, early = ~event["helper"].isin(HELPED), ~event["retrospective"]
    masks = {
        "all": pd.Series(True, index=event.index),
        "no helper": alone,
        "not retrospective": early,
        "neither": alone & early,
    }
    rows = [_row(participation.rate(event[mask], indicator), name) for name, mask in masks.items()]
    return pd.concat(rows, ignore_index=True)


def weighted_match(event: pd.DataFrame, rounds: pd.DataFrame) -> pd.DataFrame:
    r"""The match with and without response-propensity weights.

    .. math:: \hat p_w = \frac{\sum w\,[D = W]}{\sum w}, \qquad w = \min(1 / \hat\pi, 5), \qquad
              \operatorname{logit} \pi = \text{age group} + \text{sex} + \text{site} + \text{stage}

    π is the chance that a round has a wish question answered in any way; it is fitted again whenever a coordinator is
    left out, so the interval carries its uncertainty. A site in which nobody answered is not made up for by weights.

    Validated against: statsmodels ``GLM(Binomial)`` for the chances; the rows weighted and refitted one coordinator at
    a time (test).

    Parameters
    ----------
    event : DataFrame
        As ``participation.events`` returns it.
    rounds : DataFrame
        The table ``rounds``: everybody who could have answered; rounds without wish questions are left out.

    Returns
    -------
    DataFrame
        Rows unweighted, weighted: group, the fields of ``Result``, and for the weights: least, largest (after the
        trim), trimmed (rounds cut to 5). ``n`` counts rounds × topics with wish and decision.
    """
    cells, table = _cells(event, rounds)
    design = _design(cells)
    n = round(float(table[:, :, 2].sum()))
    plain = jackknife(table[:, :, 2:], _share, bounds=(0.0, 1.0))
    weighted = jackknife(table, lambda part: _weighted(part, design), bounds=(0.0, 1.0))
    chance = _chances(table.sum(axis=0), design)
    weight, came = _trimmed(chance), table.sum(axis=0)[:, 1] > 0
    cut = table.sum(axis=0)[:, 1][came & (1 / chance > TRIM)].sum()
    used = weight[came] if came.any() else np.array([np.nan])
    none = {"least": 1.0, "largest": 1.0, "trimmed": 0}
    rows = [
        {"group": "unweighted", **plain._replace(n=n)._asdict(), **none},
        {
            "group": "weighted", **weighted._replace(n=n, method=f"response propensity; {weighted.method}")._asdict(),
            "least": float(used.min()), "largest": float(used.max()), "trimmed": round(float(cut)),
        },
    ]  # fmt: skip
    return pd.DataFrame(rows)


def propensities(event: pd.DataFrame, rounds: pd.DataFrame) -> pd.Series[float]:
    """The fitted chance of every round that a wish question is answered, from the register only; index the rounds."""
    cells, table = _cells(event, rounds)
    chance = pd.Series(_chances(table.sum(axis=0), _design(cells)), index=pd.MultiIndex.from_frame(cells))
    facts = _facts(event, rounds)
    found = chance.reindex(pd.MultiIndex.from_frame(facts[list(REGISTER)])).to_numpy()
    return pd.Series(found, index=pd.Index(facts["round"]), name="chance")


def weighted_share(hits: npt.ArrayLike, weights: npt.ArrayLike, coordinator: npt.ArrayLike) -> Result:
    """A share with weights of your own, and a delete-one-coordinator interval.

    Parameters
    ----------
    hits : array (n,) of bool
    weights : array (n,)
        Finite, above 0.
    coordinator : array (n,)

    Returns
    -------
    Result

    Raises
    ------
    BadWeights
        With every row whose weight is zero, negative, infinite or missing.
    ValueError
        When the three are not equally long.

    Examples
    --------
    >>> round(weighted_share([True, False, True], [2, 1, 1], ["p", "p", "q"]).estimate, 2)
    0.75
    """
    hit, weight, who = np.asarray(hits, dtype=float), np.asarray(weights, dtype=float), np.asarray(coordinator)
    if not len(hit) == len(weight) == len(who):
        raise ValueError(f"{len(hit)} hits, {len(weight)} weights and {len(who)} coordinators: give one each per row.")
    check_weights(weight)
    if not len(hit):
        return nothing(0, "weighted share", "nobody to count")
    place, names = pd.factorize(who, sort=True)
    weight = weight / weight.mean()  # a share does not mind the unit; the jackknife takes a sum below 1/2 for nobody
    sums = [np.bincount(place, part, len(names)) for part in (weight, weight * hit)]
    return jackknife(np.column_stack(sums), _share, bounds=(0.0, 1.0))._replace(n=len(hit))


def check_weights(weights: npt.ArrayLike) -> None:
    """Refuse weights of zero, below zero, infinite or missing, with a list of the rows.

    Raises
    ------
    BadWeights

    Examples
    --------
    >>> check_weights([1, 0, float("nan")])
    Traceback (most recent call last):
    analysis.missing.BadWeights: row 2: the weight is 0
    row 3: the weight is nan
    Weights must be finite and above 0; mend them or leave the rows out (E803).
    """
    weight = np.asarray(weights, dtype=float)
    wrong = (~(np.isfinite(weight) & (weight > 0))).nonzero()[0]
    if len(wrong):
        raise BadWeights([(int(row) + 1, float(weight[row])) for row in wrong])


def _row(found: pd.DataFrame, name: str) -> pd.DataFrame:
    none = pd.DataFrame([{"hits": 0, **nothing(0, "", "nobody to count")._asdict()}])
    return (found if len(found) else none.reindex(columns=found.columns)).assign(group=name)


def _facts(event: pd.DataFrame, rounds: pd.DataFrame) -> pd.DataFrame:
    """One row per round whose stage has wish questions: coordinator and register variables."""
    rounds = rounds[rounds["round"].isin(set(event["round"]))]
    sex = event.drop_duplicates("child").set_index("child")["sex"]
    return rounds.assign(sex=rounds["child"].map(sex).fillna(""))[["round", "coordinator", *REGISTER]]


def _cells(event: pd.DataFrame, rounds: pd.DataFrame) -> tuple[pd.DataFrame, Array]:
    """Register cells, and per coordinator and cell: rounds, rounds that answered, pairs W and D, pairs that match."""
    facts = _facts(event, rounds)
    by_round = event.assign(hit=event["decided"] & event["follows"]).groupby("round")
    sums = by_round[["asked", "decided", "hit"]].sum().reindex(facts["round"], fill_value=0).astype(float)
    parts = np.column_stack([np.ones(len(facts)), sums["asked"] > 0, sums["decided"], sums["hit"]])
    code, cells = pd.factorize(pd.MultiIndex.from_frame(facts[list(REGISTER)]), sort=True)
    who, people = pd.factorize(facts["coordinator"], sort=True)
    place = who * len(cells) + code
    counted = [np.bincount(place, part, len(people) * len(cells)) for part in parts.T]
    table = np.stack(counted, axis=1).astype(float).reshape(len(people), len(cells), 4)
    return pd.DataFrame(list(cells), columns=list(REGISTER)), table


def _design(cells: pd.DataFrame) -> Array:
    """A column of ones and one per level but the first of each variable."""
    marks = pd.get_dummies(cells, drop_first=True, dtype=float).to_numpy() if len(cells) else np.zeros((0, 0))
    return np.column_stack([np.ones(len(cells)), marks])


def _chances(cells: Array, design: Array) -> Array:
    """Logistic regression of answered rounds out of rounds, by Newton steps with a trace of a ridge."""
    rounds, came = cells[:, 0], cells[:, 1]
    weight = np.zeros(design.shape[1])
    for _step in range(50):
        chance = expit(design @ weight)
        slope = design.T @ (came - rounds * chance) - RIDGE * weight
        curve = design.T @ (design * (rounds * chance * (1 - chance))[:, None]) + RIDGE * np.eye(len(weight))
        move = np.linalg.solve(curve, slope)
        weight = weight + np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-8:
            break
    return np.asarray(np.clip(expit(design @ weight), 1e-9, 1.0))


def _trimmed(chance: Array) -> Array:
    return np.minimum(1 / chance, TRIM)


def _weighted(cells: Array, design: Array) -> float:
    weight = _trimmed(_chances(cells, design))
    whole = float(weight @ cells[:, 2])
    return float(weight @ cells[:, 3]) / whole if whole else float("nan")


def _share(table: Array) -> float:
    """Hits out of all, the last axis holding (all, hits)."""
    whole, hits = table.reshape(-1, 2).sum(axis=0)
    return float(hits / whole) if whole else float("nan")
