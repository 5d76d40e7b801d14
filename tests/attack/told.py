"""What each table of a report says, as facts about groups of children who are in exactly the same tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import participation, results
from analysis.contract import MISSING
from analysis.disclosure import FEW, MOST, SHOWN
from analysis.tables import Tables

from .knowledge import Knowledge

NOT_ASKED = [*MISSING, "NV"]


@dataclass(frozen=True)
class Atom:
    """Those who are in exactly the same tables: their number, and the places of the counts of their answers."""

    topic: str
    stage: str
    decided: bool
    believed: bool
    shared: bool
    asked: bool
    own_view: bool
    old: bool
    size: int
    counts: dict[str, int]


KEYS = ["topic", "stage", "decided", "believed", "shared", "asked", "wish", "open_to", "old"]


def atoms(know: Knowledge, event: pd.DataFrame) -> list[Atom]:
    event = event.assign(wish=event["W"] != "", open_to=event["released"] & ~event["retrospective"])
    found = []
    for key, rows in event.groupby(KEYS):
        topic, stage, decided, believed, shared, asked, _, own_view, old = key
        both = bool(decided and believed)
        wanted = {"told": decided and shared, "silent": decided and shared, "followed": decided, "heard": believed}
        truth = {
            "told": rows["told_in_time"], "silent": rows["silent"], "followed": rows["follows"], "heard": rows["hears"]
        }  # fmt: skip
        counts = {
            name: know.count(("atom", *key, name), truth[name].sum(), len(rows)) for name, has in wanted.items() if has
        }
        if decided and shared:  # silent only among those that were not followed
            know.fact({counts["silent"]: 1.0, counts["followed"]: 1.0}, 0, len(rows))
        if both:
            counts["both"] = know.count(("pair", *key), (rows["follows"] & rows["hears"]).sum(), len(rows))
            know.fact({counts["both"]: 1.0, counts["followed"]: -1.0}, -np.inf, 0)
            know.fact({counts["both"]: 1.0, counts["heard"]: -1.0}, -np.inf, 0)
            know.fact({counts["followed"]: 1.0, counts["heard"]: 1.0, counts["both"]: -1.0}, 0, len(rows))
        flags = (bool(decided), bool(believed), bool(shared), bool(asked), bool(own_view), bool(old))
        found.append(Atom(str(topic), str(stage), *flags, len(rows), counts))
    return found


def _sum(atoms: list[Atom], name: str, weight: float = 1.0) -> dict[int, float]:
    return {atom.counts[name]: weight for atom in atoms if name in atom.counts}


def _share(know: Knowledge, atoms: list[Atom], name: str, row: dict, least: int) -> None:
    """A share in whole per cent, or in words, over those who count in it; he knows how many they are."""
    weights = _sum(atoms, name)
    n = sum(atom.size for atom in atoms if name in atom.counts)
    if row["status"] == SHOWN:
        know.fact(weights, n * (row["estimate"] - 0.00501), n * (row["estimate"] + 0.00501))
    elif row["status"] in (FEW, MOST):
        know.fact(weights, *((0, least - 1) if row["status"] == FEW else (n - least + 1, n)))


def shares(know: Knowledge, atoms: list[Atom], found: results.Results, least: int) -> None:
    overall = found.frames["overall"].set_index("group").to_dict("index")
    for name in ("followed", "heard", "told"):
        _share(know, atoms, name, overall[name], least)
        for row in found.frames[f"{name}_by_stage"].to_dict("records"):
            _share(know, [atom for atom in atoms if atom.stage == row["group"]], name, row, least)
    for row in found.frames["topics"].to_dict("records"):
        _share(know, [atom for atom in atoms if atom.topic == row["group"]], "followed", row, least)
    rows = [
        ("all", overall["unexplained"]),
        *((r["group"], r) for r in found.frames["unexplained_by_stage"].to_dict("records")),
    ]
    for stage, row in rows:
        _silent(know, [atom for atom in atoms if stage in ("all", atom.stage)], row)


def _silent(know: Knowledge, atoms: list[Atom], row: dict) -> None:
    """Unexplained divergence: silent ÷ (shared − followed), so p·(shared − followed) is silent, nearly."""
    if row["status"] != SHOWN:
        return
    shared = [atom for atom in atoms if "told" in atom.counts]
    size = sum(atom.size for atom in shared)
    for sign, end in ((1, row["estimate"] - 0.00501), (-1, row["estimate"] + 0.00501)):
        weights = {**_sum(shared, "silent", sign), **_sum(shared, "followed", sign * end)}
        know.fact(weights, sign * end * size, np.inf)


def matrix(know: Knowledge, atoms: list[Atom], found: results.Results, base: int) -> None:
    """The four cells of heard and followed, over those with wish, belief and decision."""
    table, part = found.frames["heard_followed"], [atom for atom in atoms if "both" in atom.counts]
    n = sum(atom.size for atom in part)
    both, heard, followed = (_sum(part, name) for name in ("both", "heard", "followed"))
    minus = dict.fromkeys(both, -1.0)
    cells = {
        ("heard", "followed"): (both, 0), ("heard", "other"): (heard | minus, 0),
        ("unheard", "followed"): (followed | minus, 0),
        ("unheard", "other"): ({**dict.fromkeys(heard, -1.0), **dict.fromkeys(followed, -1.0), **both}, n),
    }  # fmt: skip
    for (row, column), (weights, constant) in cells.items():
        value = table.loc[row, column]
        if pd.notna(value) and weights:
            low, high = _ends(value, 5 if table.stack().dropna().mod(5).eq(0).all() else base)
            know.fact(weights, low - constant, high - constant)


def sizes(know: Knowledge, atoms: list[Atom], found: results.Results) -> None:
    """Numbers of decisions that differ: how many were not followed."""
    for row in found.frames["direction"].to_dict("records"):
        part = [atom for atom in atoms if atom.topic == row["group"] and atom.decided]
        _differing(know, part, row["n"])
    shared = [atom for atom in atoms if "told" in atom.counts]
    reasons = found.frames["reasons"]
    _differing(know, shared, reasons["n"].iloc[0] if len(reasons) else np.nan)
    bounds = found.frames["bounds"].iloc[0]
    if bounds["status"] == SHOWN:
        decided = [atom for atom in atoms if atom.decided]
        n = sum(atom.size for atom in decided)
        whole = (n + bounds["missing"] - 2.5, n + bounds["missing"] + 2.5)
        know.fact(
            _sum(decided, "followed"), whole[0] * (bounds["least"] - 0.00501), whole[1] * (bounds["least"] + 0.00501)
        )


def _differing(know: Knowledge, atoms: list[Atom], n: float) -> None:
    if pd.notna(n):
        size, (low, high) = sum(atom.size for atom in atoms), _ends(n, 5 if n % 5 == 0 else 1)
        know.fact(_sum(atoms, "followed", -1.0), low - size, high - size)


def _ends(value: float, base: int) -> tuple[float, float]:
    return (value, value) if base == 1 else (value - 2.5, value + 2.4)


def lists(know: Knowledge, event: pd.DataFrame, tables: Tables, found: results.Results, last: bool, base: int) -> None:
    """Use of options: cells per topic, their total, and that the wishes with a decision are among those with an option.

    The numbers before one more child are counts of their own; a count of the second release is the first's and the new
    child's.
    """
    several = any(name[0] == "list" and name[-1] is True for name in know.names)
    for topic, rows in event.groupby("topic"):
        frame = found.frames.get(f"options_{topic}")
        if frame is None:
            continue
        raw = participation.option_use(event, topic, tables.options(topic))
        for column in raw:
            places = {
                o: know.count(
                    ("list", topic, column, o, last, _hidden(frame, o, column)), raw.loc[o, column], len(rows)
                )
                for o in raw.index
            }
            for option, place in places.items():
                if not _hidden(frame, option, column):
                    low, high = _ends(frame.loc[option, column], base)
                    know.fact({place: 1.0}, low, high)
            if pd.notna(frame.loc["total", column]):
                low, high = _ends(frame.loc["total", column], base)
                know.fact(dict.fromkeys(places.values(), 1.0), low, high)
        _match(know, found, topic, rows, last)
        if several:
            _grown(know, topic, list(raw))


def _hidden(frame: pd.DataFrame, option: str, column: str) -> bool:
    return bool(pd.isna(frame.loc[option, column]))


def _match(know: Knowledge, found: results.Results, topic: str, rows: pd.DataFrame, last: bool) -> None:
    """He may know that every wish has a decision: then the options add up to the n of the match."""
    shown = found.frames["topics"].set_index("group")
    options = [
        p
        for name, p in know.names.items()
        if name[:3] == ("list", topic, "W") and name[4] is last and name[3] not in NOT_ASKED
    ]
    undecided = int(((rows["W"] != "") & (rows["D"] == "")).sum())
    if topic in shown.index and pd.notna(shown.loc[topic, "n"]):
        low, high = _ends(shown.loc[topic, "n"], 5 if shown["n"].dropna().mod(5).eq(0).all() else 1)
        know.fact(dict.fromkeys(options, 1.0), low + undecided, high + undecided)


def _grown(know: Knowledge, topic: str, columns: list[str]) -> None:
    """One child more: no cell falls, and a column grows by one at most."""
    for column in columns:
        cells = {}
        for name, place in know.names.items():
            if name[:3] == ("list", topic, column):
                cells.setdefault(name[3], {})[name[4]] = place
        steps = [cell for cell in cells.values() if len(cell) == 2]
        for cell in steps:
            know.fact({cell[True]: 1.0, cell[False]: -1.0}, 0, 1)
        if steps:
            know.fact({cell[when]: 1.0 if when else -1.0 for cell in steps for when in (True, False)}, 0, 1)


def crossed(know: Knowledge, atoms: list[Atom], event: pd.DataFrame, found: results.Results, last: bool) -> None:
    """Wish × decision per topic, rounded: its lines are part of the use of options, its diagonal was followed."""
    for topic, rows in event[event["decided"]].groupby("topic"):
        frame = found.frames.get(f"crossed_{topic}")
        if frame is None:
            continue
        raw = pd.crosstab(rows["W"], rows["D"]).reindex(index=frame.index, columns=frame.columns, fill_value=0)
        places = {}
        for wish, decision in raw.stack().index:
            told = frame.loc[wish, decision]
            name = ("list", topic, "W D", f"{wish} {decision}", last, bool(pd.isna(told)))
            places[wish, decision] = know.count(name, raw.loc[wish, decision], len(rows))
            if pd.notna(told):
                know.fact({places[wish, decision]: 1.0}, *_ends(told, 5))
        _part_of(know, topic, places, last)
        diagonal = {place: 1.0 for (wish, decision), place in places.items() if wish == decision}
        followed = _sum([atom for atom in atoms if atom.topic == topic], "followed", -1.0)
        know.fact({**diagonal, **followed}, 0, 0)


def _part_of(know: Knowledge, topic: str, places: dict[tuple[str, str], int], last: bool) -> None:
    """No more wishes with a decision than wishes, and no more decisions on a wish than decisions."""
    for name, whole in list(know.names.items()):
        if name[:2] == ("list", topic) and name[2] in ("W", "D") and name[4] is last:
            side = "WD".index(name[2])
            cells = {place: 1.0 for cell, place in places.items() if cell[side] == name[3]}
            know.fact({**cells, whole: -1.0}, -np.inf, 0)
