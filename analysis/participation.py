"""Was the child heard, was the wish followed, and if not, was it explained: W, B, V and D turned into rates.

**Whose wishes count.** A staff member can only answer for a wish the child chose to share. So *heard* and *followed*
use every substantive wish, shared or not (a child wanted what they wanted), while *unexplained divergence*,
*overruled with account*, *told* and *reasons* use shared wishes only. "I don't know" and "I don't mind" are answers,
counted as delegation, and are never disagreement. A belief "I don't know" (B = DK) is not hearing the child.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .counts import Groups, share, tally
from .uncertainty import Array, Result, jackknife

IN_TIME = 14  # days from the decision to the reply
EVERYBODY = "all"

# indicator: (what is counted, out of what), both columns that ``events`` adds
INDICATORS: dict[str, tuple[str, str]] = {
    "followed": ("follows", "decided"),
    "heard": ("hears", "believed"),
    "unexplained": ("silent", "diverged"),
    "account": ("accounted", "overruled"),
    "shift": ("follows", "open_mind"),
    "delegated": ("does_not_mind", "asked"),
    "undecided": ("does_not_know", "asked"),
    "told": ("told_in_time", "answerable"),
}


def events(preference: pd.DataFrame) -> pd.DataFrame:
    """Add one yes/no column per event to the table of ``pairs.preference``.

    Returns
    -------
    DataFrame
        ``decided`` W and D known; ``believed`` W and B known; ``follows`` D = W; ``hears`` B = W; ``answerable``
        decided and shared; ``diverged`` answerable and D ≠ W; ``silent`` diverged and no reason given or
        the child never told; ``overruled`` diverged and B = W; ``accounted`` a reason and told within 14 days;
        ``open_mind`` V ≠ W, the wish
        was shown to staff before the decision; ``asked`` an answer of any kind but "not reached".
    """
    p = preference
    wish, told = p["W"] != "", p["told"] & p["days_to_told"].notna()
    follows, hears, explained = p["D"] == p["W"], p["B"] == p["W"], p["reasons"] != ""
    decided, prompt = wish & (p["D"] != ""), told & (p["days_to_told"] <= IN_TIME)
    diverged = decided & p["shared"] & ~follows
    own_view = ~p["V"].isin(["", "DK"])
    return p.assign(
        decided=decided, believed=wish & (p["B"] != ""), follows=follows, hears=hears,
        answerable=decided & p["shared"], diverged=diverged, silent=diverged & ~(explained & p["told"]),
        overruled=diverged & hears, accounted=explained & prompt, told_in_time=prompt,
        open_mind=decided & own_view & (p["V"] != p["W"]) & p["released"] & p["shared"] & ~p["retrospective"],
        asked=wish | p["W_missing"].isin(["DK", "IDM", "SK", "NA"]),
        does_not_mind=p["W_missing"] == "IDM", does_not_know=p["W_missing"] == "DK",
    )  # fmt: skip


def rate(event: pd.DataFrame, indicator: str, by: str | None = None) -> pd.DataFrame:
    r"""One indicator, per group, with a delete-one-coordinator jackknife interval.

    .. math:: \hat p = \frac{\sum_g hits_g}{\sum_g n_g}, \qquad \hat p \pm t_{G-1}\, se_{jack}

    Each wish counts once. The definitions are those of ``INDICATORS`` and ``events``.

    Parameters
    ----------
    event : DataFrame
        As ``events`` returns it.
    indicator : str
        A key of ``INDICATORS``.
    by : str, optional
        Column of groups (``stage``, ``topic``, ``site``, ``age_group``); all together when left out.

    Returns
    -------
    DataFrame
        One row per group: group, hits, n, clusters, estimate, low, high, method, reason.

    Raises
    ------
    ValueError
        For an indicator that is not there.

    Notes
    -----
    Validated against: the rows counted one by one in plain Python (test), and the jackknife's own oracles.
    """
    if indicator not in INDICATORS:
        raise ValueError(f"{indicator!r} is not an indicator; choose from {', '.join(INDICATORS)}.")
    hit, among = INDICATORS[indicator]
    rows = event[event[among]]
    group = rows[by] if by else pd.Series(EVERYBODY, index=rows.index)
    return rates_of(tally(rows[hit], group, rows["coordinator"]))


def rates_of(groups: Groups) -> pd.DataFrame:
    """Shares per group from counts per cluster: one row per group."""
    rows = [
        {"group": name, "hits": round(float(table[:, 1].sum())), **result(table)._asdict()}
        for name, table in zip(groups.names, groups.table, strict=True)
    ]
    return pd.DataFrame(rows, columns=["group", "hits", *Result._fields]).drop(columns="se")


def result(table: Array) -> Result:
    """The share of hits with its jackknife interval."""
    return jackknife(table, share, bounds=(0.0, 1.0))


def topic_mean(event: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Per stage, the mean of the topics' own shares, each topic weight 1, with a jackknife interval.

    Beside the pooled share, which weighs topics by how many children answered them.
    """
    hit, among = INDICATORS[indicator]
    rows = event[event[among]]
    found = []
    for stage, part in rows.groupby("stage", sort=True):
        table = tally(part[hit], part["topic"], part["coordinator"]).table.swapaxes(0, 1)
        found.append({"group": str(stage), **jackknife(table, _mean_share, bounds=(0.0, 1.0))._asdict()})
    return pd.DataFrame(found, columns=["group", *Result._fields]).drop(columns="se")


def _mean_share(table: Array) -> float:
    used = table[table.sum(axis=1) > 0]
    return float((used[:, 1] / used.sum(axis=1)).mean()) if len(used) else float("nan")


def heard_followed(event: pd.DataFrame) -> pd.DataFrame:
    """Count wishes by heard (B = W) and followed (D = W), where W, B and D are all known.

    Returns
    -------
    DataFrame
        Rows ``heard``, ``unheard``; columns ``followed``, ``other``.
    """
    rows = event[event["decided"] & event["believed"]]
    cell = (~rows["hears"]).astype(int) * 2 + (~rows["follows"]).astype(int)
    table = np.bincount(cell, minlength=4).reshape(2, 2)
    return pd.DataFrame(table, index=["heard", "unheard"], columns=["followed", "other"])


def reasons(event: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """How often each reason was given when a shared wish was not followed; several may be given at once.

    Parameters
    ----------
    event : DataFrame
        As ``events`` returns it.
    names : DataFrame
        The table ``reasons``: reason, label, kind.

    Returns
    -------
    DataFrame
        kind, reason, label, hits, n, clusters; n is the number of diverging decisions on shared wishes. The last row,
        reason "", counts those without any reason.
    """
    rows = event[event["diverged"]]
    given = rows["reasons"].str.split().explode().value_counts()
    listed = names.assign(hits=names["reason"].map(given).fillna(0).astype(int))
    empty = int((rows["reasons"] == "").sum())
    none = pd.DataFrame([{"reason": "", "label": "no reason given", "kind": "none", "hits": empty}])
    found = pd.concat([listed, none], ignore_index=True)
    return found.assign(n=len(rows), clusters=rows["coordinator"].nunique())[
        ["kind", "reason", "label", "hits", "n", "clusters"]
    ]


def bounds(event: pd.DataFrame) -> pd.DataFrame:
    """How far missing answers could move the match: all of them matched, or none (Manski's bounds, no model).

    Missing: a decision without a known wish (no visit, not reached, "don't want to answer"), or a wish without
    decision.
    "Don't know", "don't mind" and "did not happen" are answers and stay out. One row: hits, n, missing, least, most,
    clusters.

    Examples
    --------
    60 of 100 matched, 25 unknown: between 60/125 = 48 % and 85/125 = 68 %.
    """
    known = event[event["decided"]]
    no_wish = (event["D"] != "") & event["W_missing"].isin(["SK", "NR", "NV"])
    missing = int((no_wish | ((event["W"] != "") & (event["D"] == ""))).sum())
    hits, n = int(known["follows"].sum()), len(known)
    whole = n + missing
    low, high = (hits / whole, (hits + missing) / whole) if whole else (np.nan, np.nan)
    clusters = known["coordinator"].nunique()
    found = {"group": EVERYBODY, "hits": hits, "n": n, "missing": missing, "clusters": clusters}
    return pd.DataFrame([{**found, "least": low, "most": high}])


STEPS = ("rounds opened", "card printed", "visit before the decision", "wish given", "wish shared", "decided", "told")


def flow(event: pd.DataFrame, rounds: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """How many rounds reached each step, per stage; a round counts for every step it reached with at least one topic.

    Returns
    -------
    DataFrame
        One row per stage, one column per step of ``STEPS``: rounds that reached it and every step before.
    """
    reached = pd.DataFrame({"round": rounds["round"], "stage": rounds["stage"], STEPS[0]: True})
    visited = set(visits.loc[visits["wave"] == "before", "round"])
    wish, shared = event["W"] != "", (event["W"] != "") & event["shared"]
    masks = (wish, shared, event["answerable"], event["answerable"] & event["told"])
    invited = set(rounds.loc[rounds["invited_before"] == "1", "round"])
    sets = [invited, visited, *(set(event.loc[mask, "round"]) for mask in masks)]
    for before, step, members in zip(STEPS[:-1], STEPS[1:], sets, strict=True):
        reached[step] = reached[before] & reached["round"].isin(members)
    return reached.groupby("stage")[list(STEPS)].sum().astype(int)


def option_use(event: pd.DataFrame, topic: str, options: list[str]) -> pd.DataFrame:
    """How often each option was wished for, believed, first thought of and decided in one topic.

    Returns
    -------
    DataFrame
        Rows: the options, then DK IDM SK NA NR NV; columns W, B, V, D.
    """
    rows = event[event["topic"] == topic]
    wished = rows["W"].where(rows["W"] != "", rows["W_missing"])
    lines = [*options, "DK", "IDM", "SK", "NA", "NR", "NV"]
    columns = {"W": wished, "B": rows["B"], "V": rows["V"], "D": rows["D"]}
    counted = {name: column.value_counts().reindex(lines) for name, column in columns.items()}
    return pd.DataFrame(counted).fillna(0).astype(int)
