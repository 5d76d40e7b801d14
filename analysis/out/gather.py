"""An exported folder as datasets: every table with labels, and three more that researchers start from.

``wishes`` has one row per round × topic, ``pairs`` one per round × paired question, ``wide`` one per round with a
column per topic and question: in it, every answer is a closed list, as statistics packages like it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .. import pairs, tables
from ..contract import EITHER, FORMATS, TABLES, Column
from ..labels import LINES, Labels
from ..results import labels as own_labels
from ..words import ENGLISH, speak
from .dataset import NUMBERS, Code, Dataset, Variable
from .wide import wide

OPTIONS = ("question", "kind", "code", "text_10_12", "text_13_15", "text_16_17", "text_staff")
ORDERED = ("age_group",)
KINDS = {"integer": "count", "month": "month", "flag": "flag", "key": "key"}
YES_NO = (Code("0", 0, "no"), Code("1", 1, "yes"))
LETTERS = {
    "W": ("wish", "W: what the child wished for"),
    "W_missing": ("wish_missing", "why there is no wish; NV: no visit put the question"),
    "B": ("belief", "B: what staff thought the child wanted"),
    "V": ("first_view", "V: what staff would have chosen before they saw the wish"),
    "D": ("decision", "D: the decision in force"),
    "C": ("child_answer", "C: the child's answer"),
    "C_missing": ("child_missing", "why the child's answer is missing"),
    "P": ("staff_answer", "P: what staff answered about the same event"),
    "P_missing": ("staff_missing", "why the staff answer is missing"),
}
TITLES = {
    "wishes": "one row per round and topic: wish, belief, first view, decision",
    "pairs": "one row per round and paired question: child and staff about the same event",
    "wide": "one row per round: one column per topic and paired question",
}


@dataclass(frozen=True)
class Gathered:
    """What is given to the writers: the export as read, its datasets, and the words of the language."""

    folder: Path
    tables: tables.Tables
    datasets: tuple[Dataset, ...]
    labels: Labels
    options: pd.DataFrame = field(repr=False)

    @property
    def about(self) -> Mapping[str, Any]:
        """What about.json says."""
        return self.tables.about

    def named(self, name: str) -> Dataset:
        """One dataset by its name."""
        return next(dataset for dataset in self.datasets if dataset.name == name)

    def numbered(self) -> tuple[Dataset, ...]:
        """The datasets for statistics packages: tables of answers have the answer as a number beside the code."""
        return tuple(self._answered(one) if one.name in EITHER else one for one in self.datasets)

    def _answered(self, dataset: Dataset) -> Dataset:
        answer = positions(self, dataset.frame)
        missing = tuple(Code(c, n, self.labels.one(LINES, c), True) for c, n in NUMBERS.items())
        label = "the answer as a number: place in the list of options, or why it is missing"
        frame = dataset.frame.assign(answer=answer)
        variables = (*dataset.variables, Variable("answer", label, "number", missing))
        return Dataset(dataset.name, dataset.label, frame, variables, dataset.unique)


def gather(folder: str | Path, language: str = ENGLISH) -> Gathered:
    """Read an exported folder and describe every column of it.

    Parameters
    ----------
    folder : path
        What ``heard export`` wrote.
    language : str
        Of the labels of codes, such as ``ru``; where the export has none, English. Labels of columns and the words
        of questions are exported in English only.

    Raises
    ------
    BadExport
        As ``tables.read``.
    UnknownLanguage
        When there are no words in that language.
    """
    words = speak(language)
    found = tables.read(folder)
    labels = Labels(words, own_labels(found))
    meaning = _meaning(Path(folder))
    options = _options(Path(folder), found.kind)
    made = [_table(name, getattr(found, name), labels, meaning) for name in TABLES]
    if len(options):
        variables = tuple(Variable(name, meaning.get(("options", name), ("", ""))[0] or name) for name in OPTIONS)
        made.append(Dataset("options", "the words of every code", options, variables))
    made += [
        _derived("wishes", pairs.preference(found), labels, meaning, ("round", "topic")),
        _derived("pairs", pairs.perception(found), labels, meaning, ("round", "question")),
    ]
    rounds = made[list(TABLES).index("rounds")]
    made.append(wide(found, rounds, made[-2].frame, made[-1].frame, labels, options, TITLES["wide"]))
    return Gathered(Path(folder), found, tuple(made), labels, options)


def positions(gathered: Gathered, frame: pd.DataFrame) -> pd.Series[str]:
    """The number of each answer as text: place in the list of its question, 91…95 when missing, "" when neither.

    A question to which several codes were ticked at once ("GATE DOC") has no numbers at all: a list is not a number.
    """
    listed = _lists(gathered)
    several = frame["question"].isin(frame.loc[frame["code"].str.contains(" "), "question"])
    keys = pd.MultiIndex.from_frame(frame[["question", "code"]].mask(several, ""))
    place = pd.Series(listed.reindex(keys).to_numpy(), index=frame.index)
    place = place.fillna(frame["missing"].map(NUMBERS))
    return place.map("{:.0f}".format, na_action="ignore").fillna("").astype(str)


def _lists(gathered: Gathered) -> pd.Series[float]:
    """(question, code) → place in the list; a row of a grid has the list of its grid."""
    scale = gathered.tables.questions[["question", "scale"]]
    topics = gathered.tables.topics[["topic", "option", "position"]].set_axis(["scale", "code", "position"], axis=1)
    formats = pd.DataFrame(
        [(name, code, i + 1) for name, codes in FORMATS.items() for i, code in enumerate(codes)],
        columns=["scale", "code", "position"],
    )
    known = scale.merge(pd.concat([topics, formats]), on="scale")
    options = gathered.options[gathered.options["kind"] == "option"]
    listed = options[["question", "code"]].assign(position=options.groupby("question").cumcount() + 1)
    rows = gathered.options.loc[gathered.options["kind"] == "row", ["question", "code"]]
    grid = rows.rename(columns={"code": "row"}).merge(listed, on="question")
    grid["question"] = grid["question"] + "." + grid["row"]
    both = pd.concat([known, listed, grid]).drop_duplicates(["question", "code"])  # topics order goes first
    return both.set_index(["question", "code"])["position"].astype(float)


def _meaning(folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """(table, column) → label and values, as codebook.csv tells; nothing when there is none."""
    if not (folder / "codebook.csv").exists():
        return {}
    try:
        book = tables._read_csv(folder, "codebook")
        keys = zip(book["table"], book["column"], strict=True)
        return dict(zip(keys, zip(book["label"], book["values"], strict=True), strict=True))
    except KeyError as error:
        problem = tables.Problem("codebook.csv", 0, str(error.args[0]), "", "the column is missing", "Export again.")
        raise tables.BadExport([problem]) from None


def _options(folder: Path, kind: str) -> pd.DataFrame:
    """The words of every code; exports made before they had them give an empty table."""
    if not (folder / f"options.{kind}").exists():
        return pd.DataFrame(columns=list(OPTIONS), dtype=str)
    found = (tables._read_csv if kind == "csv" else tables._read_parquet)(folder, "options")
    absent = [name for name in OPTIONS if list(found.columns).count(name) != 1]
    if absent:
        file = f"options.{kind}"
        raise tables.BadExport(
            [tables.Problem(file, 0, c, "", "must stand there once", "Export again.") for c in absent]
        )
    return found[list(OPTIONS)]


def _table(
    name: str, frame: pd.DataFrame, labels: Labels, meaning: Mapping[tuple[str, str], tuple[str, str]]
) -> Dataset:
    columns = TABLES[name].columns
    variables = tuple(_variable(name, column, labels, meaning) for column in columns)
    return Dataset(name, name.replace("_", " "), frame[[c.name for c in columns]], variables, TABLES[name].unique)


def _variable(
    table: str, column: Column, labels: Labels, meaning: Mapping[tuple[str, str], tuple[str, str]]
) -> Variable:
    label, values = meaning.get((table, column.name), (column.name.replace("_", " "), ""))
    kind = KINDS.get(column.kind, "text")
    if kind == "flag":
        return Variable(column.name, label, kind, YES_NO)
    if not column.values:
        return Variable(column.name, label, kind)
    codes = tuple(_codes(column, labels, values))
    return Variable(column.name, label, "ordinal" if column.name in ORDERED else "nominal", codes)


def _codes(column: Column, labels: Labels, values: str) -> Iterator[Code]:
    told = dict(part.strip().partition(" ")[::2] for part in values.split("|"))
    for i, code in enumerate(column.values):
        own = labels.stage(code) if column.name == "stage" else labels.one(LINES, code)
        yield Code(code, NUMBERS.get(code, i + 1), own or told.get(code) or code)


def _derived(
    name: str,
    frame: pd.DataFrame,
    labels: Labels,
    meaning: Mapping[tuple[str, str], tuple[str, str]],
    unique: tuple[str, ...],
) -> Dataset:
    """A derived table as text cells, its columns described like those of the tables they come from."""
    known = {column.name: (table, column) for table in reversed(TABLES) for column in TABLES[table].columns}
    variables = []
    for column in frame.columns:
        title, label = LETTERS.get(column, (column, ""))
        table, told = known.get(title, ("", Column(title, "text")))
        made = _variable(table, told, labels, meaning)
        kind = "text" if column in LETTERS else made.kind
        codes = () if column in LETTERS else made.codes
        variables.append(Variable(title, label or made.label, kind, codes))
    return Dataset(name, TITLES[name], _as_text(frame, [one.name for one in variables]), tuple(variables), unique)


def _as_text(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Yes/no as 1/0, whole numbers without a point, nothing as ""."""
    text = {}
    for column in frame.columns:
        cells = frame[column]
        if cells.dtype == bool:
            cells = cells.astype(int)
        elif pd.api.types.is_float_dtype(cells):
            cells = pd.Series(np.where(cells.isna(), "", cells.map("{:.0f}".format)), index=cells.index)
        text[column] = cells.fillna("").astype(str)
    made = pd.DataFrame(text, index=frame.index)
    made.columns = pd.Index(names)
    return made
