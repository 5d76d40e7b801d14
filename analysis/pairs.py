"""The two tables everything starts from: wish beside decision, and child beside staff about the same event."""

from __future__ import annotations

import pandas as pd

from .tables import Tables

ROUND_FACTS = ["round", "child", "site", "coordinator", "stage", "n", "age_group", "invited_before", "closed"]
DECIDED = [
    "round",
    "topic",
    "decision",
    "month",
    "reasons",
    "told",
    "days_to_told",
    "days_from_wish",
    "child_present",
    "took_part",
    "amended",
]
NO_VISIT = "NV"


def preference(tables: Tables) -> pd.DataFrame:
    """One row per round × topic, with the wish W, belief B, first view V and decision D side by side.

    Every topic of the round's stage has a row, and so has every other topic somebody wished for or decided on.

    Parameters
    ----------
    tables : Tables
        As ``tables.read`` returns them.

    Returns
    -------
    DataFrame
        Codes are text and "" means "no value". ``coordinator`` is the cluster.

        - ``W`` an option, else "" and ``W_missing`` one of DK IDM SK NA NR, or NV: no visit put the question.
          The latest wish of the wave ``before`` counts; a wish given before the decision goes before a
          ``retrospective`` one, and "not reached" never replaces an answer. Of two visits the one
          with the higher ``n`` counts.
        - ``B``, ``V`` an option or DK; of several staff the round's coordinator counts, else the first row.
        - ``D`` the decision in force; ``reasons`` space separated; ``told`` and other yes/no columns are booleans;
          ``days_to_told`` and ``days_from_wish`` are whole days, NaN when empty.
    """
    rounds = tables.rounds[ROUND_FACTS].merge(tables.children[["child", "language", "sex"]], on="child")
    frame = _grid(tables).merge(rounds, on="round")
    for part in (_wishes(tables), _views(tables), tables.decisions[DECIDED].rename(columns={"decision": "D"})):
        frame = frame.merge(part, on=["round", "topic"], how="left")
    scale = tables.topics.drop_duplicates("topic").set_index("topic")["scale"]
    frame["scale"] = frame["topic"].map(scale)
    days = ["days_to_told", "days_from_wish"]
    for span in days:
        frame[span] = pd.to_numeric(frame[span])
    flags = ["shared", "retrospective", "released", "told", "amended", "invited_before", "closed"]
    for flag in flags:
        frame[flag] = frame[flag] == "1"
    text = [name for name in frame.columns if name not in (*days, *flags)]
    frame[text] = frame[text].fillna("")
    frame["W_missing"] = frame["W_missing"].mask((frame["W"] == "") & (frame["W_missing"] == ""), NO_VISIT)
    return frame.sort_values(["stage", "topic", "round"], ignore_index=True)


def perception(tables: Tables) -> pd.DataFrame:
    """One row per round × pair: what the child and what staff answered about the same event.

    Returns
    -------
    DataFrame
        ``C`` and ``P`` are codes of one three-point scale (0 no, 1 partly, 2 yes) or "", with ``C_missing`` and
        ``P_missing``; ``construct`` is the child question's; ``question`` C-item, ``pair`` P-item. The latest visit
        counts; of several staff answers the round's coordinator's, else the first.
    """
    child = latest(tables, tables.answers[tables.answers["pair"] != ""], ["round", "question"])
    child = child[["round", "question", "construct", "pair", "code", "missing"]]
    staff = _coordinator_first(tables, tables.staff_answers, ["round", "question"])
    staff = staff[["round", "question", "code", "missing"]]
    both = child.merge(staff, left_on=["round", "pair"], right_on=["round", "question"], suffixes=("", "_staff"))
    both = both.drop(columns="question_staff").rename(
        columns={"code": "C", "missing": "C_missing", "code_staff": "P", "missing_staff": "P_missing"}
    )
    facts = tables.rounds[["round", "child", "site", "coordinator", "stage", "age_group"]]
    return both.merge(facts, on="round").sort_values(["stage", "question", "round"], ignore_index=True)


def _grid(tables: Tables) -> pd.DataFrame:
    """Round × topic: what could have been asked, and what was wished, believed or decided."""
    topics = tables.topics[["stage", "topic"]].drop_duplicates()
    key = ["round", "topic"]
    wishes = tables.answers.loc[tables.answers["topic"] != "", key]
    parts = [tables.rounds[["round", "stage"]].merge(topics, on="stage")[key], wishes, tables.views[key]]
    return pd.concat([*parts, tables.decisions[key]]).drop_duplicates(ignore_index=True)


def _wishes(tables: Tables) -> pd.DataFrame:
    answers = tables.answers
    asked = answers[(answers["construct"] == "WISH") & (answers["wave"] == "before") & (answers["topic"] != "")]
    chosen = latest(tables, asked, ["round", "topic"]).rename(columns={"code": "W", "missing": "W_missing"})
    return chosen[["round", "topic", "W", "W_missing", "shared", "retrospective", "helper"]]


def latest(tables: Tables, answers: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The answer that stands: given in time before given afterwards, answered before not reached, then the latest."""
    visits = tables.visits[["visit", "n", "month", "retrospective", "helper"]].assign(n=lambda d: d["n"].astype(int))
    frame = answers.merge(visits, on="visit").assign(reached=lambda d: d["missing"] != "NR")
    frame["in_time"] = frame["retrospective"] != "1"
    return frame.sort_values(["reached", "in_time", "month", "n"]).drop_duplicates(key, keep="last")


def _views(tables: Tables) -> pd.DataFrame:
    chosen = _coordinator_first(tables, tables.views, ["round", "topic"])
    return chosen.rename(columns={"belief": "B", "first_view": "V"})[["round", "topic", "B", "V", "released"]]


def _coordinator_first(tables: Tables, rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row per key: the coordinator's where there is one, else the first."""
    frame = rows.merge(tables.rounds[["round", "coordinator"]], on="round")
    other = (frame["staff"] != frame["coordinator"]).rename("other")
    return frame.assign(other=other).sort_values("other", kind="stable").drop_duplicates(key)
