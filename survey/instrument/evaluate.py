"""Walks the tree of a skip condition. `static/child/evaluate.js` does the same; a test proves them equal."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
LARGEST = 1e300
ORDERED = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def evaluate(tree: Sequence[Any], answers: Mapping[str, object]) -> bool:
    """Is the condition true for these answers? An absent answer is the empty text."""
    sign, *parts = tree
    if sign == "and":
        return all(evaluate(part, answers) for part in parts)
    if sign == "or":
        return any(evaluate(part, answers) for part in parts)
    if sign == "not":
        return not evaluate(parts[0], answers)
    left, right = (_value(part, answers) for part in parts)
    if sign == "selected":
        return any(_equal(item, right) for item in _items(left))
    return _compare(sign, left, right)


def _value(operand: Sequence[Any], answers: Mapping[str, object]) -> object:
    """A text, a number or a list of texts; anything else is no answer: the empty text."""
    kind, content = operand
    if kind != "ref":
        return content
    answer = answers.get(content, "")
    if isinstance(answer, list):
        return [item for item in answer if isinstance(item, str)]
    return answer if isinstance(answer, (str, int, float)) and not isinstance(answer, bool) else ""


def _items(value: object) -> list[object]:
    """The options chosen in a question with several; none for the empty text."""
    items = value if isinstance(value, list) else value.split(" ") if isinstance(value, str) else [value]
    return [item for item in items if item != ""]


def _compare(sign: str, left: object, right: object) -> bool:
    if sign in {"=", "!="}:
        return _equal(left, right) == (sign == "=")
    low, high = _number(left), _number(right)
    return low is not None and high is not None and bool(ORDERED[sign](low, high))


def _equal(left: object, right: object) -> bool:
    """Texts are compared as texts; as soon as one side is a number, both as numbers."""
    left, right = _joined(left), _joined(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    first, second = _number(left), _number(right)
    return first is not None and first == second


def _joined(value: object) -> object:
    return " ".join(value) if isinstance(value, list) else value


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < LARGEST else None
    return float(value) if isinstance(value, str) and NUMBER.fullmatch(value) else None
