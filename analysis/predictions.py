"""What staff expect children to say, beside what children say: beliefs per topic, elements, and the interviews.

Three sources: the belief B of every round, locked before the wish W is shown; staff's own account P of an event the
child also reports, C; and, in the interviews, the mean that staff predict for the children of their site.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from . import agreement, coders, perception, scales
from .counts import squares
from .tables import Tables
from .uncertainty import Array, Result, Statistic, jackknife, nothing

PLACES = 6
MOST_SAY = "IC.02a"  # "at which stage does the child have most say": place 1 the most
FIELDS = ["group", "statistic", *Result._fields]
NOBODY = "no prediction of staff, or no answer of a child of their site"


def topics(event: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Per topic, how near staff's belief B is to the child's wish W.

    Parameters
    ----------
    event : DataFrame
        As ``participation.events`` returns it.
    tables : Tables

    Returns
    -------
    DataFrame
        One row per topic and statistic, the fields of ``Result`` behind: ``same`` (share), ``kappa`` and ``AC``
        (linear weights on ordinal lists, else none), and on ordinal lists ``gap``, the mean of B − W in steps of the
        list: above 0 staff expect a wish for more. Beliefs "don't know" are left out here; they count as not hearing
        in the rate *heard*. Kappas over different lists are not pooled. Small counts are still in it.
    """
    rows = event[event["believed"]]
    found = []
    for topic, part in rows.groupby("topic", sort=True):
        table = squares(part, "W", "B", tables.options(str(topic)), "coordinator")
        found += _rows(str(topic), table, ordinal=part["scale"].iloc[0] == "ordinal")
    return pd.DataFrame(found, columns=FIELDS)


def elements(seen: pd.DataFrame, by: str = "construct") -> pd.DataFrame:
    """Per element of participation, how near staff's answer P is to the child's C about the same event (Q7).

    Parameters
    ----------
    seen : DataFrame
        As ``pairs.perception`` returns it.
    by : str
        ``construct``, ``question``, ``stage``, ``site`` or ``age_group``.

    Returns
    -------
    DataFrame
        One row per group and statistic: same, kappa, AC (linear weights), gap (mean of P − C, −2 … 2).
    """
    rows = seen[seen["construct"].isin(perception.ELEMENTS)]
    found = []
    for name, part in rows.groupby(by, sort=True):
        found += _rows(str(name), squares(part, "C", "P", perception.SCALE, "coordinator"), ordinal=True)
    return pd.DataFrame(found, columns=FIELDS)


def expected(tables: Tables, level: float = 0.95) -> pd.DataFrame:
    r"""Staff's predicted means of the six elements beside the children's, 0–100 (interview question PREDICTION).

    .. math:: gap = \overline{x_j - \bar c_{site(j)}}, \qquad se^2 = se^2_{staff} + se^2_{coordinators}

    A member of staff is compared with the children of their own site; staff of several sites, with all children.
    Children's answers are shares of the maximum × 100. The two errors are delete-one-person and delete-one-coordinator
    jackknives; t has the degrees of freedom of the smaller group, less one.

    Validated against: means and differences taken by hand (test).

    Returns
    -------
    DataFrame
        One row per element: group, staff (mean prediction), child (mean of the children they are compared with),
        predictions (how many), children_n (answers), and the fields of ``Result`` for the gap; above 0 staff expect
        better answers than children give.

    Raises
    ------
    ValueError
        When a prediction is not a number from 0 to 100, with its interview.
    """
    said = _predictions(tables)
    items = scales.participation_items(tables)
    site = tables.rounds.set_index("round").loc[items.scores.index, "site"]
    rows = []
    for element in perception.ELEMENTS:
        told = said[said["row"] == element]
        points = items.scores[element] * 100 if element in items.scores else pd.Series(dtype=float)
        rows.append(_expected(element, told, points.dropna(), site, items.facts["coordinator"], level))
    return pd.DataFrame(rows)


def most_say(tables: Tables, question: str = MOST_SAY) -> pd.DataFrame:
    """Where staff think the child has most say, beside where children say so: places of the six stages.

    Children's place is by the mean of their answers on INFLUENCE. Places are descriptive: six stages are too few for a
    test, and the answers of a stage come from different children.

    Returns
    -------
    DataFrame
        One row per stage: stage, staff_place (mean, 1 most say), rankings (how many), child (mean 0–100, NaN without
        answers), child_place (1 highest), answers.
    """
    given = coders.grid(tables, "STAGE_RANKING")
    given = given[given["question"].str.startswith(f"{question}.") & (given["code"] != "")]
    place = pd.to_numeric(given["code"]).groupby(given["row"]).agg(["mean", "size"])
    items = scales.participation_items(tables)
    influence = items.scores["INFLUENCE"].dropna() * 100 if "INFLUENCE" in items.scores else pd.Series(dtype=float)
    child = influence.groupby(items.facts["stage"].reindex(influence.index)).agg(["mean", "size"])
    stages = [f"S{i}" for i in range(1, PLACES + 1)]
    place, child = place.reindex(stages), child.reindex(stages)
    return pd.DataFrame(
        {
            "stage": stages, "staff_place": place["mean"].to_numpy(), "child": child["mean"].to_numpy(),
            "child_place": child["mean"].rank(ascending=False).to_numpy(),
            "rankings": place["size"].fillna(0).astype(int).to_numpy(),
            "answers": child["size"].fillna(0).astype(int).to_numpy(),
        }
    )  # fmt: skip


def gap(table: Array) -> float:
    """Mean of the column's place less the row's, in steps of the list; NaN when empty.

    Examples
    --------
    >>> gap(np.array([[0.0, 2.0], [0.0, 2.0]]))
    0.5
    """
    n, steps = float(table.sum()), np.arange(len(table))
    return float((table.sum(axis=0) - table.sum(axis=1)) @ steps) / n if n else float("nan")


def _rows(group: str, table: Array, ordinal: bool) -> list[dict[str, object]]:
    """One row per statistic of coordinators × k × k counts."""
    weights, wide = "linear" if ordinal else "unweighted", float(table.shape[-1] - 1)
    parts: dict[str, tuple[Statistic, tuple[float, float]]] = {
        "same": (lambda t: float(np.trace(t) / t.sum()), (0.0, 1.0)),
        "kappa": (_coefficient(agreement.cohen, weights), (-1.0, 1.0)),
        "AC": (_coefficient(agreement.gwet, weights), (-1.0, 1.0)),
    }
    if ordinal:
        parts["gap"] = (gap, (-wide, wide))
    why = agreement.cohen(table.sum(axis=0), weights).reason
    found = []
    for name, (statistic, limits) in parts.items():
        result = jackknife(table, statistic, bounds=limits)
        reason = why if np.isnan(result.estimate) and result.n else result.reason
        found.append({"group": group, "statistic": name, **result._replace(reason=reason)._asdict()})
    return found


def _coefficient(coefficient: Callable[[Array, str], Result], weights: str) -> Statistic:
    return lambda table: coefficient(table, weights).estimate


def _predictions(tables: Tables) -> pd.DataFrame:
    """Answers to PREDICTION as numbers."""
    said = coders.grid(tables, "PREDICTION")
    said = said[said["code"] != ""]
    points: pd.Series[float] = pd.to_numeric(said["code"], errors="coerce").astype(float)
    wrong = said[~points.between(0, 100)]
    if len(wrong):
        first = wrong.iloc[0]
        raise ValueError(
            f"interviews, {first['interview']}, {first['question']}: {first['code']!r} is not a number from 0 to 100;"
            " correct the cell or export again."
        )
    return said.assign(points=points)


def _expected(
    element: str, told: pd.DataFrame, child: pd.Series[float], site: pd.Series[str], who: pd.Series[str], level: float
) -> dict[str, object]:
    """One element: the mean gap of the predictions that can be compared."""
    place, people = site.reindex(child.index), who.reindex(child.index)
    told = told[(told["site"] == "") | told["site"].isin(set(place))] if len(child) else told.iloc[:0]
    shown = {"group": element, "predictions": len(told), "children_n": len(child)}
    if not len(told):
        none = nothing(0, "mean of predicted − said", NOBODY)
        return {**shown, "staff": np.nan, "child": np.nan, **none._asdict()}
    per = _site_means(child, place, people, told["site"])
    middle = per.sum(axis=0)
    means = middle[:, 1] / middle[:, 0]
    apart = told["points"].to_numpy() - means
    result = _gap_result(apart, told["staff"], per, told["points"].to_numpy(), level)
    return {**shown, "staff": float(told["points"].mean()), "child": float(means.mean()), **result._asdict()}


def _site_means(child: pd.Series[float], place: pd.Series[str], people: pd.Series[str], sites: pd.Series[str]) -> Array:
    """Per coordinator and prediction: how many answers of the site it is about, and their sum."""
    about = (place.to_numpy()[:, None] == sites.to_numpy()[None, :]) | (sites.to_numpy() == "")[None, :]
    number, names = pd.factorize(people, sort=True)
    held = np.eye(len(names))[number]
    return np.stack([held.T @ about, held.T @ (about * child.to_numpy()[:, None])], axis=2)


def _gap_result(apart: Array, staff: pd.Series[str], per: Array, points: Array, level: float) -> Result:
    """Mean gap with the errors of staff and of the children's coordinators."""
    name, value = "mean of predicted − said; jackknife over staff and coordinators", float(apart.mean())
    number, people = pd.factorize(staff, sort=True)
    sums, sizes = np.bincount(number, apart), np.bincount(number)
    least = min(len(people), len(per))
    if least < 2:
        return Result(value, np.nan, np.nan, len(apart), len(per), name, "fewer than two of staff or coordinators")
    without = (apart.sum() - sums) / (len(apart) - sizes)
    rest = per.sum(axis=0) - per
    if (rest[:, :, 0] == 0).any():
        return Result(value, np.nan, np.nan, len(apart), len(per), name, "a site rests on one coordinator: no interval")
    left = (points - rest[:, :, 1] / rest[:, :, 0]).mean(axis=1)
    se = float(np.sqrt(_spread(without) + _spread(left)))
    reach = se * float(stats.t.ppf((1 + level) / 2, least - 1))
    low, high = np.clip([value - reach, value + reach], -100, 100)
    return Result(value, float(low), float(high), len(apart), len(per), name, "", se)


def _spread(left_out: Array) -> float:
    """The jackknife variance of values that each leave one out."""
    size = len(left_out)
    return float((size - 1) / size * ((left_out - left_out.mean()) ** 2).sum())
