"""Everything a report needs, computed once from the tables and not yet safe to print: ``disclosure`` comes after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import agreement, direction, pairs, participation, perception
from .counts import squares
from .tables import Tables
from .uncertainty import Array, jackknife, nothing


@dataclass(frozen=True)
class Measures:
    """Raw results, one frame each. Nothing here may be printed: pass it through ``disclosure.Door``."""

    size: dict[str, int]
    places: dict[str, int]
    flow: pd.DataFrame
    options: dict[str, pd.DataFrame]
    option_clusters: dict[str, int]
    overall: pd.DataFrame
    stages: dict[str, pd.DataFrame]
    topics: pd.DataFrame
    direction: pd.DataFrame
    heard_followed: pd.DataFrame
    heard_clusters: int
    reasons: pd.DataFrame
    gaps: pd.DataFrame
    gaps_by_stage: pd.DataFrame
    bounds: pd.DataFrame
    earlier: pd.DataFrame


BY_STAGE = ("followed", "heard", "told", "unexplained")


def measure(tables: Tables) -> Measures:
    """Count once, then compute every statistic of the report from the counts.

    Parameters
    ----------
    tables : Tables
        As ``tables.read`` returns them.

    Returns
    -------
    Measures
    """
    event = participation.events(pairs.preference(tables))
    both = event[event["decided"] & event["believed"]]
    voices = pairs.perception(tables)
    return Measures(
        size=_size(tables, event),
        places={"coordinators": int(tables.rounds["coordinator"].nunique()), "sites": len(tables.sites)},
        flow=participation.flow(event, tables.rounds, tables.visits),
        options={topic: participation.option_use(event, topic, tables.options(topic)) for topic in _asked(event)},
        option_clusters={topic: _coordinators(event, topic) for topic in _asked(event)},
        overall=_overall(event),
        stages={name: _by_stage(event, name) for name in BY_STAGE},
        topics=_topics(tables, event),
        direction=_direction(tables, event),
        heard_followed=participation.heard_followed(event),
        heard_clusters=int(both["coordinator"].nunique()),
        reasons=participation.reasons(event, tables.reasons),
        gaps=perception.gaps(voices),
        gaps_by_stage=perception.gaps(voices, by="stage"),
        bounds=participation.bounds(event),
        earlier=_earlier(event, str(tables.about.get("made_in") or "")),
    )


def _size(tables: Tables, event: pd.DataFrame) -> dict[str, int]:
    refused = tables.refusals["n"].astype(int).sum() if len(tables.refusals) else 0
    return {
        "children": len(tables.children),
        "rounds": len(tables.rounds),
        "pairs": int(event["decided"].sum()),
        "retrospective": int((event["decided"] & event["retrospective"]).sum()),
        "refusals": int(refused),
    }


def _asked(event: pd.DataFrame) -> list[str]:
    """Topics with at least one wish or decision, in order of stage and topic."""
    used = event[(event["W"] != "") | (event["D"] != "")]
    return list(used.sort_values(["stage", "topic"])["topic"].unique())


def _coordinators(event: pd.DataFrame, topic: str) -> int:
    """How many coordinators a topic's wishes and decisions come from."""
    used = event[(event["topic"] == topic) & ((event["W"] != "") | (event["D"] != ""))]
    return int(used["coordinator"].nunique())


def _overall(event: pd.DataFrame) -> pd.DataFrame:
    """One row per indicator."""
    rows = []
    for name in participation.INDICATORS:
        found = participation.rate(event, name).assign(group=name)
        none = {"group": name, "hits": 0, **nothing(0, "", "nobody to count")._asdict()}
        rows.append(found if len(found) else pd.DataFrame([none])[found.columns])
    return pd.concat(rows, ignore_index=True)


def _earlier(event: pd.DataFrame, last: str) -> pd.DataFrame:
    """Unexplained divergence without the decisions of the month of the export; ``last`` counts those left out."""
    recent = event["month"] >= last if last else pd.Series(False, index=event.index)
    found = participation.rate(event[~recent], "unexplained")
    return found.assign(last=int((recent & event["diverged"]).sum()))


def _by_stage(event: pd.DataFrame, indicator: str) -> pd.DataFrame:
    found = participation.rate(event, indicator, by="stage").assign(parent=indicator)
    mean = participation.topic_mean(event, indicator).set_index("group")["estimate"]
    return found.assign(topic_mean=found["group"].map(mean))


def _topics(tables: Tables, event: pd.DataFrame) -> pd.DataFrame:
    """Match per topic: the share, kappa and AC over the full option list."""
    rows = event[event["decided"]]
    shares = participation.rate(event, "followed", by="topic")
    found = []
    for topic in shares["group"]:
        part = rows[rows["topic"] == topic]
        ordinal = part["scale"].iloc[0] == "ordinal"
        table = squares(part, "W", "D", tables.options(topic), "coordinator")
        found.append({"group": topic, "parent": part["stage"].iloc[0], **_coefficients(table, ordinal)})
    columns = ["group", "parent", *COEFFICIENTS]
    both = shares.merge(pd.DataFrame(found, columns=columns), on="group")
    return both.sort_values(["parent", "group"], ignore_index=True)


COEFFICIENTS = ["weights", "least_used", "kappa", "kappa_low", "kappa_high", "ac", "ac_low", "ac_high", "kappa_reason"]


def _coefficients(table: Array, ordinal: bool) -> dict[str, object]:
    """Kappa and AC with jackknife intervals; linear weights for ordinal lists."""
    weights = "linear" if ordinal else "unweighted"
    whole = table.sum(axis=0)
    kappa = jackknife(table, lambda t: agreement.cohen(t, weights).estimate, bounds=(-1.0, 1.0))
    ac = jackknife(table, lambda t: agreement.gwet(t, weights).estimate, bounds=(-1.0, 1.0))
    return {
        "weights": weights,
        "least_used": int(np.maximum(whole.sum(axis=0), whole.sum(axis=1)).min()),
        "kappa": kappa.estimate, "kappa_low": kappa.low, "kappa_high": kappa.high,
        "ac": ac.estimate, "ac_low": ac.low, "ac_high": ac.high,
        "kappa_reason": agreement.cohen(whole, weights).reason or kappa.reason,
    }  # fmt: skip


DIRECTION = [
    "group", "parent", "hits", "n", "clusters", "estimate", "low", "high", "method", "reason", "least_used", "pairs",
    "balance", "balance_low", "balance_high", "bowker", "bowker_df", "bowker_p", "margins", "margins_df", "margins_p",
]  # fmt: skip


def _direction(tables: Tables, event: pd.DataFrame) -> pd.DataFrame:
    """Per ordinal topic: of the decisions that differ from the wish, how many give more; tests of the whole table."""
    rows = event[event["decided"] & (event["scale"] == "ordinal")]
    found = []
    for (stage, topic), part in rows.groupby(["stage", "topic"], sort=True):
        table = squares(part, "W", "D", tables.options(str(topic)), "coordinator")
        found.append({"group": topic, "parent": stage, **_directed(table)})
    return pd.DataFrame(found, columns=DIRECTION)


def _directed(table: Array) -> dict[str, object]:
    whole = table.sum(axis=0)
    up, down = np.triu(table, 1).sum(axis=(1, 2)), np.tril(table, -1).sum(axis=(1, 2))
    share = participation.result(np.column_stack([down, up]))
    tilt = jackknife(table, direction.balance, bounds=(-1.0, 1.0))
    pattern, margins = direction.bowker(whole), direction.stuart_maxwell(whole)
    return {
        **share._asdict(), "hits": round(float(up.sum())), "pairs": tilt.n,
        "least_used": int(np.maximum(whole.sum(axis=0), whole.sum(axis=1)).min()),
        "balance": tilt.estimate, "balance_low": tilt.low, "balance_high": tilt.high,
        "bowker": pattern.statistic, "bowker_df": pattern.df, "bowker_p": pattern.p,
        "margins": margins.statistic, "margins_df": margins.df, "margins_p": margins.p,
    }  # fmt: skip
