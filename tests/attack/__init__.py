"""The attacker of disclosure control: a village, what its reports tell, and which children can be worked out from that.

The attacker holds the register: who is in every group a table counts (stage, topic, coordinator, whether there is a
wish, a belief, a decision, whether the wish is shared), and every table of both audiences, before and after one more
child. What he does not know is what was wished, believed and decided. Everything published becomes a linear fact about
whole counts per group ("atom": those who are in exactly the same tables), rounding included. Then linear programming
looks for other answers that would have led to the same report. A child is **recovered** when there are none:

- all of an atom, whatever its size, must have the same answer (one child, or "everybody here said so");
- the answers of an atom of fewer than k are counted exactly;
- a withheld count of 1 to k − 1 follows from what is printed.

Nothing here uses the audit of the library: it is what the library is tested with.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from analysis import pairs, participation, releases, results
from analysis.disclosure import AUDIENCES, HIDDEN, Door
from analysis.tables import Tables

from .knowledge import Knowledge, known
from .told import atoms, crossed, lists, matrix, shares, sizes
from .villages import published, registers, village

__all__ = ["Knowledge", "attack", "known", "recovered", "village"]


def recovered(releases_: list[tuple[Tables, results.Results]], audience: str) -> list[tuple]:
    """Names of the counts by which a child is known, from one release or several, each with its own register."""
    know, least = Knowledge(), AUDIENCES[audience].cell
    events = [participation.events(pairs.preference(tables)) for tables, _ in releases_]
    old = set(events[0]["round"]) if len(events) > 1 else set()
    whole = events[-1].assign(old=lambda d: d["round"].isin(old) if old else True)
    groups = atoms(know, whole)
    for event, (tables, found) in zip(events, releases_, strict=True):
        last = len(event) == len(whole)
        part = groups if last else [group for group in groups if group.old]
        shares(know, part, found, least)
        matrix(know, part, found, AUDIENCES[audience].base)
        sizes(know, part, found)
        lists(know, event, tables, found, last, AUDIENCES[audience].base)
        crossed(know, part, event, found, last)
    return known(know, least)


def _newly(first: results.Results, told: results.Results) -> results.Results:
    """The second release without the tables that were taken over: they speak of the first register."""
    old = [name for name in told.frames if told.frames[name].equals(first.frames[name])]
    return dataclasses.replace(told, frames=told.frames | {name: _silent_frame(told.frames[name]) for name in old})


def _silent_frame(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    blank = frame.assign(**dict.fromkeys(numbers, np.nan))
    return blank.assign(status=HIDDEN) if "status" in frame else blank


def attack(seed: int, door: type[Door] = Door, ledger: bool = True) -> dict[str, list[tuple]]:
    """Everything recovered in one village, per audience, from its releases before and after one more child."""
    before, after, *counted = registers(seed)
    found = {}
    for audience in AUDIENCES:
        first, second = (published(raw, audience, door) for raw in counted)
        told = releases.following(first, second, audience) if ledger else second
        equal = all(told.frames[name].equals(first.frames[name]) for name in told.frames) and told.size == first.size
        both = [(before, first)] if equal else [(before, first), (after, _newly(first, told))]
        found[audience] = recovered(both, audience)
    return found
