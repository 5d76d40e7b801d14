"""Which questions a visit puts, in which order, and in which order their options stand."""

from collections.abc import Mapping, Sequence
from typing import Any

Document = Mapping[str, Any]
QuestionData = dict[str, Any]


def sitting(document: Document, wave: str, age_group: str) -> list[QuestionData]:
    """The questions of one visit in the order of the file; sensitive ones never first, the open one last."""
    asked = [one for one in document["questions"] if _asked(one, wave) and _speaks_to(document, one, age_group)]
    return _sheltered([one for one in asked if not is_open(one)]) + [one for one in asked if is_open(one)]


def _asked(question: QuestionData, wave: str) -> bool:
    """`both` means before and after; a question without a wave (interviews) is always asked."""
    return question["wave"] in {wave, None} or (question["wave"] == "both" and wave in {"before", "after"})


def _speaks_to(document: Document, question: QuestionData, age_group: str) -> bool:
    texts = document["texts"][document["languages"][0]]
    return age_group in texts and question["id"] in texts[age_group]["questions"]


def _sheltered(questions: list[QuestionData]) -> list[QuestionData]:
    """Move one harmless question before a sensitive first one."""
    calm = next((one for one in questions if not is_sensitive(one)), None)
    if calm is None or not is_sensitive(questions[0]):
        return questions
    return [calm, *(one for one in questions if one is not calm)]


def is_open(question: QuestionData) -> bool:
    """The child's own last word."""
    return question["construct"] == "OPEN" and question["seen_by"] is not None


def is_sensitive(question: QuestionData) -> bool:
    """Goes to the safe adult, and is not the open last word."""
    return question["seen_by"] == "safeguarding" and not is_open(question)


def shown_options(question: QuestionData, age_group: str, rotation: int) -> list[str]:
    """The codes as shown: ordinal as written; nominal turned by `rotation`, `stay_last` at the end."""
    codes = list(question["options"].get(age_group, []))
    if question["scale"] != "nominal" or question["kind"] != "one":
        return codes
    last = [code for code in codes if code in question["stay_last"]]
    turning = [code for code in codes if code not in last]
    return _turned(turning, rotation) + last


def _turned(codes: Sequence[str], rotation: int) -> list[str]:
    start = rotation % len(codes) if codes else 0
    return [*codes[start:], *codes[:start]]


def missing_labels(document: Document, question_id: str, language: str, age_group: str) -> dict[str, str]:
    """The words of the typed non-answers a question offers; its own words for NA win."""
    texts = document["texts"][language][age_group]
    question = next(one for one in document["questions"] if one["id"] == question_id)
    own = texts["questions"][question_id].get("missing", {})
    return {code: own.get(code, texts["missing"][code]) for code in question["missing"]}
