"""Made-up villages, and everything their reports tell."""

from __future__ import annotations

import random
import sys
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "data" / "analysis"))
import made_up

from analysis import measures, results
from analysis.disclosure import Door
from analysis.tables import Tables

RATE = 0.15  # of wishes that are not followed


def village(seed: int, one_more: bool = False) -> Tables:
    """A made-up village of 8 to 400 children; with ``one_more`` the same and one child."""
    rng = random.Random(seed)
    children = round(8 * 50 ** rng.random())
    coordinators = rng.choice([2, 3, 4, 6, 8])
    made = made_up.rows(children + 1, coordinators, 2 if seed % 5 == 0 else 1, seed)
    wished = {(row["round"], row["topic"]): row["code"] for row in made["answers"]}
    spread = rng.choice([0.02, 0.1, 0.5])
    for row in made["decisions"]:
        options = made_up.TOPICS[row["topic"]][3].split()
        follow = random.Random(f"{seed} {row['round']} {row['topic']}")
        wish = wished.get((row["round"], row["topic"])) or options[0]
        row["decision"] = wish if follow.random() > RATE else follow.choice(options)
    _uneven(made, seed, spread)
    if not one_more:
        _without(made, f"c-{children}")
    return Tables(**made_up.frames(made), about={"made_in": "2026-11", "synthetic": True})


def _uneven(made: made_up.Rows, seed: int, spread: float) -> None:
    """In some villages nearly all beliefs are known and nearly all wishes shared: then denominators differ by a few."""
    rng = random.Random(seed + 10_000)
    shared = {row["round"]: rng.random() >= spread for row in made["rounds"]}
    for row in made["answers"]:
        row["shared"] = int(bool(row["topic"]) and shared[row["round"]])
    made["views"] = [row for row in made["views"] if rng.random() >= spread]
    made["decisions"] = [row for row in made["decisions"] if rng.random() >= spread / 2]


def _without(made: made_up.Rows, child: str) -> None:
    for name in ("children", "rounds", "visits", "answers", "views", "decisions", "staff_answers"):
        made[name] = [row for row in made[name] if row["child"] != child]


@lru_cache(maxsize=16)
def registers(seed: int) -> tuple[Tables, Tables, measures.Measures, measures.Measures]:
    """A village before and after one more child, and what is counted of each."""
    before, after = village(seed), village(seed, one_more=True)
    return before, after, measures.measure(before), measures.measure(after)


def published(raw: measures.Measures, audience: str, door: type[Door] = Door) -> results.Results:
    """Everything the report of an audience holds, as ``results.compute`` does it."""
    way_out = door(audience)
    frames = {name: found.frame for name, found in results.release(raw, way_out).items()}
    size = {name: way_out.total(name, n) for name, n in raw.size.items()} | dict(raw.places)
    return results.Results({}, [], size, [], [], {}, frames)
