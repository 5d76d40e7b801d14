"""What is wrong with an export before it goes to other tools, beyond its contract: place, finding, cure.

``problems`` stop a conversion (E804, E806, E807), ``notes`` are told and written into the README (E805, edited files).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..contract import EITHER, FORMATS, TABLES
from ..tables import BadExport, Problem
from .gather import Gathered

OPEN = ("OPEN", "NOTES")
LOOKS_MISSING = ("7", "8", "9", "77", "88", "99", "777", "888", "999", "-1", "-7", "-8", "-9", "-99")
CODES = r"[A-Z0-9_.:/+-]{1,40}( [A-Z0-9_.:/+-]{1,40})*"
KEYS = {"children": "child", "rounds": "round", "visits": "visit"}


def refuse(gathered: Gathered) -> None:
    """Raise BadExport when something must not be converted."""
    if found := list(problems(gathered)):
        raise BadExport(found)


def problems(gathered: Gathered) -> Iterator[Problem]:
    """What must be mended first."""
    for name in TABLES:
        yield from _strange_columns(gathered, name)
    for name in EITHER:
        yield from _sealed(gathered, name)
        yield from _words(gathered, name)
    yield from _order(gathered)
    for name, key in KEYS.items():
        yield from _doubles(gathered, name, key)


def notes(gathered: Gathered) -> list[str]:
    """What a reader of the data must know: mixed versions, files edited after the export."""
    made = [
        f"{file} was changed after the export: its checksum in about.json no longer fits."
        for file in gathered.tables.edited
    ]
    return made + [_mixed(str(name), rows) for name, rows in _versions(gathered)]


def _file(gathered: Gathered, name: str) -> str:
    return f"{name}.{gathered.tables.kind}"


def _strange_columns(gathered: Gathered, name: str) -> Iterator[Problem]:
    """A column nobody agreed on may hold anything, above all what somebody wrote."""
    known = {column.name for column in TABLES[name].columns}
    for column in getattr(gathered.tables, name).columns:
        if column not in known:
            expected = "E807: this column is not in the contract (docs/tables.md) and may hold free text"
            yield Problem(_file(gathered, name), 1, str(column), str(column), expected, "Remove the column.")


def _sealed(gathered: Gathered, name: str) -> Iterator[Problem]:
    """Answers in words, and answers for the safeguarding lead alone, are never exported."""
    questions = gathered.tables.questions
    closed = (questions["scale"].isin(OPEN)) | (questions["seen_by"] == "safeguarding")
    frame = getattr(gathered.tables, name)
    bad = frame["question"].isin(questions.loc[closed, "question"]) & (frame["code"] != "")
    expected = "E807: answers to this question are free text or sealed and need an approval to leave"
    yield from _flagged(gathered, name, frame["question"], bad, expected, "Remove the row.")


def _words(gathered: Gathered, name: str) -> Iterator[Problem]:
    """A cell meant for a code that holds something else: a code from elsewhere for “missing”, or somebody's words."""
    frame = getattr(gathered.tables, name)
    filled = frame["code"] != ""
    foreign = filled & frame["code"].isin(LOOKS_MISSING) & ~_offered(gathered, frame)
    expected = "E804: looks like a number for a missing answer; such answers have an empty code and DK IDM SK NA NR"
    known = frame["question"].isin(_closed(gathered))
    yield from _flagged(gathered, name, frame["code"], foreign & known, expected, "Use the column missing.")
    words = filled & ~frame["code"].str.fullmatch(CODES)
    expected = "E807: is not a code but words; free text needs an approval to leave"
    yield from _flagged(gathered, name, frame["code"], words, expected, "Correct the cell or export again.")


def _closed(gathered: Gathered) -> set[str]:
    """Questions whose list of options is known."""
    scales = {*FORMATS, *gathered.tables.topics["topic"]}
    questions = gathered.tables.questions
    return {*questions.loc[questions["scale"].isin(scales), "question"], *gathered.options["question"]}


def _offered(gathered: Gathered, frame: pd.DataFrame) -> pd.Series[bool]:
    listed = pd.MultiIndex.from_frame(gathered.options[["question", "code"]])
    offered = pd.MultiIndex.from_frame(frame[["question", "code"]]).isin(listed)
    return pd.Series(offered, index=frame.index, dtype=bool)


def _order(gathered: Gathered) -> Iterator[Problem]:
    """The positions of an ordinal list are what every mean and every weight rests on: 1, 2, … k, each once."""
    topics = gathered.tables.topics
    place = topics["position"].astype(int)
    wanted = topics.assign(place=place).groupby("topic")["place"].rank(method="first").astype(int)
    expected = "E804: the positions of a topic's options must be 1, 2, … in order, each once"
    bad = place != wanted
    yield from _flagged(gathered, "topics", topics["position"], bad, expected, "Number the options again.")


def _doubles(gathered: Gathered, name: str, key: str) -> Iterator[Problem]:
    """Two pseudonyms that differ in the size of a letter only are one to SPSS, Stata and most databases."""
    cells = getattr(gathered.tables, name)[key]
    bad = cells.str.lower().duplicated()
    expected = "E806: this pseudonym stands there twice, but for capital letters"
    yield from _flagged(gathered, name, cells, bad, expected, "Remove one row or export again.")


def _flagged(
    gathered: Gathered, name: str, cells: pd.Series[str], bad: pd.Series[bool], expected: str, cure: str
) -> Iterator[Problem]:
    for i in bad.to_numpy().nonzero()[0]:
        yield Problem(_file(gathered, name), int(i) + 2, str(cells.name), str(cells.iloc[int(i)]), expected, cure)


def _versions(gathered: Gathered) -> Iterator[tuple[object, pd.DataFrame]]:
    """Questionnaires of which several documents were on the screens, with the number of visits of each."""
    visits = gathered.tables.visits
    counted = visits.groupby(["questionnaire", "version", "digest"]).size().rename("visits").reset_index()
    told = gathered.tables.languages
    source = dict(zip(told["digest"], told["source"], strict=True))
    counted["source"] = counted["digest"].map(lambda digest: source.get(digest, digest))
    for name, rows in counted.groupby("questionnaire"):
        if len(rows) > 1:
            yield name, rows


def _mixed(name: str, rows: pd.DataFrame) -> str:
    versions = ", ".join(
        sorted(f"{version} ({digest[:8]})" for version, digest in zip(rows["version"], rows["digest"], strict=True))
    )
    if rows["source"].nunique() == 1:
        return f"{name} was on screens in the editions {versions}: the same questions, other translations."
    return (
        f"E805: {name} was on screens in the versions {versions}, whose questions differ. Compare within a version "
        "(visits.version, visits.digest), or say which questions stayed the same."
    )
