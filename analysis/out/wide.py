"""One row per round: columns per topic for wish, belief, first view, decision; per pair for child and staff."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..contract import FORMATS
from ..labels import LINES, Labels
from ..tables import Tables
from .dataset import NUMBERS, Code, Dataset, Variable
from .names import unique

# The column of `wishes` with the answer, the one with why it is missing, and what it is called.
WISHES = {
    "w": ("wish", "wish_missing", "wish of the child (W)"),
    "b": ("belief", "", "what staff thought the child wanted (B)"),
    "v": ("first_view", "", "what staff would have chosen first (V)"),
    "d": ("decision", "", "decision in force (D)"),
}
PAIRS = {
    "c": ("child_answer", "child_missing", "child"),
    "p": ("staff_answer", "staff_missing", "staff about the same event"),
}
POINTS = {"0": "no", "1": "partly", "2": "yes"}  # where the export has no table `options`


def wide(
    tables: Tables,
    rounds: Dataset,
    wishes: pd.DataFrame,
    pairs: pd.DataFrame,
    labels: Labels,
    options: pd.DataFrame,
    title: str,
) -> Dataset:
    """One row per round; a question that was not put is empty, one put without an answer says why.

    Parameters
    ----------
    tables : Tables
    rounds : Dataset
        Its columns come first.
    wishes, pairs : DataFrame
        As ``gather`` makes them: text, one row per round × topic and per round × question.
    labels : Labels
        Names of topics and options.
    options : DataFrame
        The words of every code, as exported; may be empty.
    title : str

    Returns
    -------
    Dataset
        Columns ``w_…``, ``b_…``, ``v_…``, ``d_…`` per topic, ``c_…`` and ``p_…`` per pair of questions.
    """
    made = [*_topics(tables, wishes, labels), *_pairs(tables, pairs, labels, options)]
    people = tables.children.set_index("child").loc[rounds.frame["child"], ["sex", "language"]]
    first = rounds.frame.assign(sex=people["sex"].to_numpy(), language=people["language"].to_numpy())
    names = unique(name for name, _, _ in made)
    columns = {
        name: cells.reindex(first["round"]).fillna("").to_numpy()
        for name, (_, cells, _) in zip(names, made, strict=True)
    }
    frame = pd.concat([first, pd.DataFrame(columns, index=first.index, dtype=str)], axis=1)
    people_variables = (
        Variable("sex", "sex, where recorded", "nominal", tuple(Code(c, i, c) for i, c in enumerate("FMX", 1))),
        Variable("language", "the child's language"),
    )
    rest = tuple(
        Variable(name, one.label, one.kind, one.codes, one.source)
        for name, (_, _, one) in zip(names, made, strict=True)
    )
    return Dataset("wide", title, frame, (*rounds.variables, *people_variables, *rest), ("round",))


def _topics(tables: Tables, wishes: pd.DataFrame, labels: Labels) -> Iterator[tuple[str, pd.Series[str], Variable]]:
    for topic, listed in tables.topics.groupby("topic", sort=False):
        code = str(topic)
        options = tables.options(code)
        kind = str(listed["scale"].iloc[0])
        codes = tuple(Code(o, i, labels.option(code, o) or o) for i, o in enumerate(options, 1))
        rows = wishes[wishes["topic"] == code].set_index("round")
        for letter, (column, why, what) in WISHES.items():
            missing = _missing(labels, tuple(NUMBERS) if why else ("DK",) if letter in "bv" else ())
            label = f"{code} {labels.topic(code)}: {what}"
            yield f"{letter}_{code}", _cells(rows, column, why), Variable("", label, kind, codes + missing, code)


def _pairs(
    tables: Tables, pairs: pd.DataFrame, labels: Labels, options: pd.DataFrame
) -> Iterator[tuple[str, pd.Series[str], Variable]]:
    questions = tables.questions.set_index("question")
    missing = _missing(labels, tuple(NUMBERS))
    for key, rows in pairs.groupby(["question", "pair"]):
        for letter, question, (column, why, who) in zip(PAIRS, key, PAIRS.values(), strict=True):
            told = questions.loc[str(question)]
            text = told["text_16_17"] or told["text_staff"] or rows["construct"].iloc[0]
            codes = _points(str(question), str(told["scale"]), options)
            made = Variable("", f"{question} ({who}): {text}", "ordinal", codes + missing, str(question))
            yield f"{letter}_{question}", _cells(rows.set_index("round"), column, why), made


def _points(question: str, scale: str, options: pd.DataFrame) -> tuple[Code, ...]:
    """The points of a question's scale, each with its code in front: “0 no”."""
    listed = options[(options["question"] == question) & (options["kind"] == "option")]
    words = dict(
        zip(listed["code"], listed["text_16_17"].where(listed["text_16_17"] != "", listed["text_staff"]), strict=True)
    )
    codes = list(words) or list(FORMATS.get(scale, FORMATS["X3"]))
    return tuple(Code(c, i, f"{c} {words.get(c) or POINTS.get(c, '')}".strip()) for i, c in enumerate(codes, 1))


def _cells(rows: pd.DataFrame, column: str, why: str) -> pd.Series[str]:
    """The code, else the code of why it is missing; “no visit” is empty: the question was not put."""
    cells = rows[column]
    return cells.where((cells != "") | ~rows[why].isin(list(NUMBERS)), rows[why]) if why else cells


def _missing(labels: Labels, codes: tuple[str, ...]) -> tuple[Code, ...]:
    return tuple(Code(code, NUMBERS[code], labels.one(LINES, code), True) for code in codes)
