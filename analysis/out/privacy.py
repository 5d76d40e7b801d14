"""What must not leave: children alone in their group (E808), free text (E807), doubles (E806), mixed versions (E805).

k-anonymity counts *children*, not rows: the smallest number of children who share all quasi-identifiers of a round,
that is, what somebody in the village knows without asking. Reaching k does not make data anonymous: a child's rounds
belong together by the key ``child``, and ``paths`` counts the children whose rounds taken together are like nobody
else's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from ..tables import Tables

QUASI = ("site", "sex", "age_group", "stage", "month", "language")
DROPPED = "dropped"

Step = Callable[["pd.Series[str]"], "pd.Series[str]"]


class NotAnonymous(ValueError):
    """E808: children are alone with their quasi-identifiers; the message names what to coarsen and the effect."""


class Anonymity(NamedTuple):
    """How many children share what is known of one: k, rounds, rounds and children in groups under ``least``."""

    k: int
    rounds: int
    under: int
    children: int
    paths: int
    least: int
    quasi: tuple[str, ...]


# From fine to coarse; the last step of every variable is to leave it out.
LADDER: dict[str, dict[str, Step]] = {
    "month": {
        "quarter": lambda c: c.str[:4] + "-Q" + ((c.str[5:7].astype(int) + 2) // 3).astype(str),
        "year": lambda c: c.str[:4],
    },
    "age_group": {"two": lambda c: c.replace({"13-15": "13-17", "16-17": "13-17"})},
    "site": {},
    "sex": {},
    "language": {},
}  # not the stage: topics and questions tell it again


def facts(tables: Tables) -> pd.DataFrame:
    """One row per round: the child, and the quasi-identifiers site, sex, age_group, stage, month, language."""
    rounds = tables.rounds.merge(tables.children[["child", "sex", "language"]], on="child")
    return rounds.rename(columns={"opened": "month"})[["child", *QUASI]]


def anonymity(known: pd.DataFrame, quasi: Sequence[str] = QUASI, least: int = 5) -> Anonymity:
    """k-anonymity over children.

    Parameters
    ----------
    known : DataFrame
        ``child`` and the quasi-identifiers, one row per round, as ``facts`` makes it.
    quasi : sequence of str
        The columns to count by.
    least : int
        The k that is wanted; ``under`` and ``children`` count what falls short of it.

    Returns
    -------
    Anonymity

    Raises
    ------
    ValueError
        When a column is not there.

    Notes
    -----
    Sweeney (2002), k-anonymity, with the children of a group counted once. Validated against counting by hand and
    against a brute-force count in the tests.

    Examples
    --------
    >>> known = pd.DataFrame({"child": ["a", "b", "c", "a"], "site": ["X", "X", "Y", "X"]})
    >>> anonymity(known, ["site"], least=2)[:4]
    (1, 4, 1, 1)
    """
    if wrong := [name for name in quasi if name not in known]:
        raise ValueError(f"E801: '{wrong[0]}' is no quasi-identifier here; there are: {', '.join(QUASI)}.")
    size = _sizes(known, quasi)
    small = size < least
    paths = _paths(known, quasi)
    return Anonymity(
        int(size.min()) if len(size) else 0,
        len(known),
        int(small.sum()),
        int(known.loc[small, "child"].nunique()),
        int((paths.map(paths.value_counts()) == 1).sum()),
        least,
        tuple(quasi),
    )


def coarsened(known: pd.DataFrame, steps: Mapping[str, str]) -> pd.DataFrame:
    """Quasi-identifiers made coarser: ``{"month": "year", "site": "dropped"}``.

    Raises
    ------
    ValueError
        When there is no such step; the message names those there are.

    Examples
    --------
    >>> coarsened(pd.DataFrame({"month": ["2026-05"]}), {"month": "quarter"})["month"].tolist()
    ['2026-Q2']
    """
    return known.assign(**{name: coarse(name, step)(known[name]) for name, step in steps.items()})


def coarse(name: str, step: str) -> Step:
    """How one variable is made coarser.

    Raises ValueError when there is no such step.
    """
    if name not in LADDER:
        raise ValueError(f"E801: '{name}' cannot be made coarser; there are: {', '.join(LADDER)}.")
    if step == DROPPED:
        return lambda cells: cells.mask(cells != "", "")
    if step not in LADDER[name]:
        raise ValueError(f"E801: {name} has no step '{step}'; there are: {', '.join([*LADDER[name], DROPPED])}.")
    finer = LADDER[name][step]
    return lambda cells: cells.mask(cells != "", finer(cells.where(cells != "", "1000-01")))


def effects(known: pd.DataFrame, done: Mapping[str, str], least: int) -> list[tuple[str, str, Anonymity]]:
    """What each further step would bring, the best first: fewest rounds under ``least``, then the smallest step."""
    names = list(LADDER)
    tried = [
        (name, step, anonymity(coarsened(known, {**done, name: step}), least=least))
        for name in names
        for step in _steps_after(name, done.get(name))
    ]
    return sorted(tried, key=lambda one: (one[2].under, one[1] == DROPPED, names.index(one[0])))


def advice(known: pd.DataFrame, least: int, done: Mapping[str, str] | None = None) -> list[tuple[str, str, Anonymity]]:
    """Steps, each the best of its turn, until every round is shared by ``least`` children or nothing is left."""
    steps, taken = dict(done or {}), []
    while anonymity(coarsened(known, steps), least=least).k < least:
        better = effects(known, steps, least)
        if not better:
            break
        taken.append(better[0])
        steps[better[0][0]] = better[0][1]
    return taken


def demand(tables: Tables, least: int, done: Mapping[str, str] | None = None) -> Anonymity:
    """Refuse data in which children are alone.

    Raises
    ------
    NotAnonymous
        E808, with the steps that would help and their effect.
    """
    known = facts(tables)
    found = anonymity(coarsened(known, done or {}), least=least)
    if found.k >= least:
        return found
    path = "\n".join(f"  {_said(*step)}" for step in advice(known, least, done)) or "  nothing is left to make coarser"
    raise NotAnonymous(f"E808: {sentence(found)}\nWhat would help, one after the other:\n{path}")


def sentence(found: Anonymity) -> str:
    """What was found, in words."""
    return (
        f"k is {found.k} for {', '.join(found.quasi)}: {found.under} of {found.rounds} rounds "
        f"({found.children} children) are shared by fewer than {found.least} children; "
        f"{found.paths} children are alone by all their rounds together."
    )


def _said(name: str, step: str, found: Anonymity) -> str:
    return f"--coarsen {name}={step}: k becomes {found.k}, {found.under} rounds are still shared by too few"


def _steps_after(name: str, done: str | None) -> Iterator[str]:
    """The steps of a variable that are coarser than what was done already."""
    steps = [*LADDER[name], DROPPED]
    yield from steps if done is None else steps[steps.index(done) + 1 :]


def _sizes(known: pd.DataFrame, quasi: Sequence[str]) -> pd.Series[int]:
    if not quasi:
        return pd.Series(known["child"].nunique(), index=known.index)
    return known.groupby(list(quasi), dropna=False)["child"].transform("nunique")


def _paths(known: pd.DataFrame, quasi: Sequence[str]) -> pd.Series[str]:
    """Each child's rounds, taken together as one text."""
    told = known[["child"]].assign(row=known[list(quasi)].agg("|".join, axis=1) if quasi else "")
    return told.sort_values(["child", "row"]).groupby("child")["row"].agg("\n".join)
