"""A published staff questionnaire → one form class, and back: what was filled in → entries to keep.

Every question can be left for later; finishing asks for an answer or a typed non-answer ("don't know").
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, TextAreaField
from wtforms.validators import NumberRange, Optional

from .. import fill, language
from .. import models as m
from .forms import OFF, Checkboxes, at_most, clean, offered, said

NOT = "not:"  # a typed non-answer among the choices
ROW = ":"  # between a row and its value in a stored code: "FIN:2"
LONGEST = 4000


class MayWait(Optional):  # type: ignore[misc]
    """Nothing yet is fine; but the question is not called optional."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, bool] = {}


@dataclass(frozen=True)
class Question:
    """One question with its words in the language of the page."""

    id: str
    kind: str
    text: str
    options: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    unique: bool
    least: int | None
    most: int | None
    longest: int

    @property
    def name(self) -> str:
        """Return the name of its field; a field's name has no dot."""
        return self.id.replace(".", "_")

    @property
    def number(self) -> str:
        """Return the number that parts of one question share: `IC.12b` → `12`."""
        return self.id.rpartition(".")[2].rstrip("abcdefgh")

    def row_name(self, row: str) -> str:
        """Return the name of the field of one row."""
        return f"{self.name}__{row}"


def about(document: m.Questionnaire) -> list[Question]:
    """Return what staff are asked beside the decisions themselves (those have a topic and a page of their own)."""
    return [_question(one, _texts(document)) for one in document.document["questions"] if not one["topic"]]


def title(document: m.Questionnaire) -> str:
    """Return the name of the questionnaire."""
    return str(_texts(document)["title"])


def form(questions: Iterable[Question], answers: Iterable[m.StaffAnswer]) -> Any:
    """Return a filled-in form for these questions."""
    known = {answer.question: answer for answer in answers}
    wanted = list(questions)
    made = type("Questions", (FlaskForm,), {name: field for one in wanted for name, field in _fields(one)})
    return made(data={k: v for one in wanted if one.id in known for k, v in _filled(one, known[one.id])})


def entries(filled: Any, questions: Iterable[Question]) -> dict[str, fill.Entry]:
    """Return what to keep; a question without anything in it is kept empty, so that an answer can be taken back."""
    return {one.id: _entry(filled, one) for one in questions}


def is_consistent(filled: Any, questions: Iterable[Question]) -> bool:
    """Say where one answer contradicts another."""
    for one in questions:
        values = [filled[one.row_name(row)].data for row, _label in one.rows]
        given = [value for value in values if value]
        if one.unique and len(set(given)) < len(given):
            said(filled[one.row_name(one.rows[0][0])], _("Each place can be given only once."))
        if one.kind == "many" and _both(filled[one.name].data or ()):
            said(filled[one.name], _("Choose either from the list or “%(none)s”, not both.", none=one.missing[-1][1]))
    return not filled.errors


def is_complete(filled: Any, questions: Iterable[Question], kept: Mapping[str, fill.Entry]) -> bool:
    """Say which questions still need an answer or a typed non-answer."""
    for one in questions:
        if not answered(kept[one.id]):
            field = filled[one.row_name(one.rows[0][0])] if one.rows else filled[one.name]
            said(field, _("Still open: answer it, or choose “%(dont_know)s”.", dont_know=_("Don't know")))
    return not filled.errors


def answered(entry: fill.Entry | m.StaffAnswer | None) -> bool:
    """Is there an answer or a typed non-answer?"""
    return entry is not None and bool(entry.codes or entry.text or entry.missing)


def spoken(one: Question, answer: m.StaffAnswer | None) -> list[str]:
    """Return an answer in words, line by line, for reading."""
    if answer is None or not answered(answer):
        return []
    if answer.missing:
        return [dict(one.missing).get(answer.missing, answer.missing)]
    if one.rows:
        values = dict(code.partition(ROW)[::2] for code in answer.codes)
        return [f"{label}: {dict(one.options)[values[row]]}" for row, label in one.rows if row in values]
    if answer.text:
        return [answer.text]
    return [dict(one.options).get(code, code) for code in answer.codes]


def _texts(document: m.Questionnaire) -> dict[str, Any]:
    every = document.document["texts"]
    found: dict[str, Any] = every.get(language.current(), every["en"])["staff"]
    return found


def _question(one: Mapping[str, Any], texts: Mapping[str, Any]) -> Question:
    words = texts["questions"][one["id"]]
    names = {**texts.get("missing", {}), **words.get("missing", {})}
    labels, rows = words.get("options", {}), words.get("rows", {})
    return Question(
        id=one["id"], kind=one["kind"], text=words["text"],
        options=tuple((code, labels[code]) for code in one["options"].get("staff", ())),
        rows=tuple((code, rows[code]) for code in one["rows"]),
        missing=tuple((code, names[code]) for code in one["missing"]),
        unique=one["unique"], least=one["min"], most=one["max"], longest=one["max_chars"] or LONGEST,
    )  # fmt: skip


def _fields(one: Question) -> Iterator[tuple[str, Field]]:
    missing = [(NOT + code, label) for code, label in one.missing]
    if one.kind == "one":
        yield one.name, RadioField(one.text, [MayWait()], choices=offered([*one.options, *missing]))
    elif one.kind == "many":
        yield one.name, Checkboxes(one.text, [MayWait()], choices=offered([*one.options, *missing]))
    elif one.kind == "number":
        within = NumberRange(one.least, one.most, _("Between %(least)s and %(most)s.", least=one.least, most=one.most))
        size = {"min": one.least, "max": one.most, "inputmode": "numeric", "autocomplete": "off"}
        yield one.name, IntegerField(one.text, [MayWait(), within], render_kw=size)
    elif one.kind == "text":
        rules = [MayWait(), at_most(one.longest)]
        yield one.name, TextAreaField(one.text, rules, filters=[clean], render_kw={"rows": 7, **OFF})
    for row, label in one.rows:
        yield one.row_name(row), RadioField(label, [MayWait()], choices=offered(one.options))
    if one.kind in ("number", "text") or one.rows:
        instead = [("", _("Answered above")), *missing]
        yield (
            f"{one.name}__not",
            RadioField(_("Instead of an answer"), [MayWait()], choices=offered(instead), default=""),
        )


def _filled(one: Question, answer: m.StaffAnswer) -> Iterator[tuple[str, Any]]:
    missing = NOT + answer.missing if answer.missing else ""
    if one.kind == "one":
        yield one.name, missing or next(iter(answer.codes), None)
    elif one.kind == "many":
        yield one.name, [missing] if missing else list(answer.codes)
    elif one.kind == "number":
        yield one.name, int(next(iter(answer.codes))) if answer.codes else None
    elif one.kind == "text":
        yield one.name, answer.text
    for code in answer.codes if one.rows else ():
        row, _between, value = code.partition(ROW)
        yield one.row_name(row), value
    yield f"{one.name}__not", missing


def _entry(filled: Any, one: Question) -> fill.Entry:
    if one.rows:
        values = [(row, filled[one.row_name(row)].data) for row, _label in one.rows]
        codes = tuple(f"{row}{ROW}{value}" for row, value in values if value)
        return fill.Entry(codes) if codes else _instead(filled, one)
    value = filled[one.name].data
    if one.kind == "number":
        return fill.Entry((str(value),)) if value is not None else _instead(filled, one)
    if one.kind == "text":
        return fill.Entry(text=value) if value else _instead(filled, one)
    chosen = [value] if isinstance(value, str) else list(value or ())
    missing = next((code.removeprefix(NOT) for code in chosen if code.startswith(NOT)), None)
    return fill.Entry(missing=missing) if missing else fill.Entry(tuple(code for code in chosen if code))


def _instead(filled: Any, one: Question) -> fill.Entry:
    chosen = filled[f"{one.name}__not"].data or ""
    return fill.Entry(missing=chosen.removeprefix(NOT) or None)


def _both(chosen: Iterable[str]) -> bool:
    kinds = {code.startswith(NOT) for code in chosen}
    return len(kinds) > 1
