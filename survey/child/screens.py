"""What a page of questions shows: the document's words beside what the child has said so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..instrument import order
from . import words
from .forms import MISSING, SHARE, UNSAID, Answers
from .visits import Here


@dataclass(frozen=True)
class Choice:
    """One thing to tap."""

    value: str
    label: str
    chosen: bool
    picture: str = ""
    fill: int | None = None  # on a scale: how full its stone is, in percent


@dataclass(frozen=True)
class Asked:
    """One question as it stands on the page."""

    name: str
    text: str
    kind: str
    scale: str | None
    choices: tuple[Choice, ...]
    unsaid_name: str
    unsaid: tuple[Choice, ...]
    seen_by: str
    sign: str
    share_name: str | None
    share: str | None
    written: str
    most: int
    relevant: Any
    errors: tuple[str, ...]
    hint: str = ""
    rest: bool = False  # is it the last hard one, so that a moment of rest follows?


def asked(here: Here, form: Answers, adult: str) -> list[Asked]:
    """Return the questions of the sitting, in order."""
    visit = here.visit
    sitting = order.sitting(here.document, visit.wave, visit.age_group)
    shown = [_one(here, form, adult, one) for one in sitting]
    hard = [number for number, one in enumerate(sitting) if order.is_sensitive(one)]
    for number in hard[-1:]:
        shown[number] = replace(shown[number], rest=True)
    return shown


def _one(here: Here, form: Answers, adult: str, question: dict[str, Any]) -> Asked:
    name, is_text = question["id"], question["kind"] == "text"
    unsaid_name = name + MISSING if is_text else name
    share_name = name + SHARE if name + SHARE in form else None
    said = form[name].data
    return Asked(
        name=name,
        text=here.words["questions"][name]["text"],
        kind=question["kind"],
        scale=question["scale"],
        choices=() if is_text else tuple(_choices(here, question, said)),
        unsaid_name=unsaid_name,
        unsaid=tuple(_unsaid(here, question, form[unsaid_name].data)),
        seen_by=question["seen_by"],
        sign=words.sign(question["seen_by"], adult),
        share_name=share_name,
        share=form[share_name].data if share_name else None,
        written=(said or "") if is_text else "",
        most=question["max_chars"] or 0,
        relevant=question["relevant"],
        errors=tuple(error for part in (name, unsaid_name, share_name) for error in _errors(form, part)),
    )


def _choices(here: Here, question: dict[str, Any], said: str | None) -> Iterator[Choice]:
    labels = here.words["questions"][question["id"]]["options"]
    codes = order.shown_options(question, here.visit.age_group, here.visit.rotation)
    pictures, filled = question.get("pictures", {}), _filled(question["scale"], codes)
    for code in codes:
        yield Choice(code, labels[code], said == code, pictures.get(code, ""), filled.get(code))


def _filled(scale: str | None, codes: Sequence[str]) -> dict[str, int]:
    """Return how full the stone of each point of a scale is: by its code, so that "no" is empty wherever it stands."""
    if scale != "ordinal":
        return {}
    ranked = sorted(codes, key=int) if all(code.isdecimal() for code in codes) else codes
    return {code: round(100 * rank / max(1, len(codes) - 1)) for rank, code in enumerate(ranked)}


def _unsaid(here: Here, question: dict[str, Any], said: str | None) -> Iterator[Choice]:
    labels = order.missing_labels(here.document, question["id"], here.visit.language, here.visit.age_group)
    for code, label in labels.items():
        yield Choice(UNSAID + code, label, said == UNSAID + code)


def _errors(form: Answers, name: str | None) -> list[str]:
    return list(dict.fromkeys(form[name].errors)) if name else []


def practice(here: Here) -> Asked | None:
    """Return the question to try with. What is tapped in it is never kept."""
    found = here.document.get("practice")
    said = here.words.get("practice")
    if not found or not said or here.visit.wave == "reply":
        return None
    codes = found["options"][here.visit.age_group]
    filled = _filled(found["scale"], codes)
    return Asked(
        name="practice", text=said["text"], kind="one", scale=found["scale"],
        choices=tuple(Choice(code, said["options"][code], False, fill=filled.get(code)) for code in codes),
        unsaid_name="practice", unsaid=(), seen_by="practice", sign="", share_name=None, share=None,
        written="", most=0, relevant=None, errors=(), hint=said["hint"],
    )  # fmt: skip
