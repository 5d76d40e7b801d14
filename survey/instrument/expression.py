"""Skip conditions: "${S3.C05} = '2' and ${age} >= 13" → a JSON tree that every screen can walk."""

from collections.abc import Iterator
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

LONGEST = 1000
DEEPEST = 20
CONTEXT = ("age", "age_group", "stage", "wave", "language")

GRAMMAR = r"""
    ?condition: conjunction ("or" conjunction)*        -> any
    ?conjunction: term ("and" term)*                   -> all
    ?term: "not" "(" condition ")"                     -> negated
         | "selected" "(" ref "," text ")"             -> selected
         | operand COMPARISON operand                  -> compared
         | "(" condition ")"
    ?operand: ref | text | number
    ref: "${" NAME "}"
    text: SINGLE | DOUBLE
    number: NUMBER

    COMPARISON: "!=" | "<=" | ">=" | "=" | "<" | ">"
    NAME: /[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*/
    SINGLE: /'[^']*'/
    DOUBLE: /"[^"]*"/
    NUMBER: /-?[0-9]{1,15}(\.[0-9]{1,15})?/
    %ignore /[ \t\r\n]+/
"""

Tree = list[Any]


class NotAnExpression(ValueError):
    """The text is not a skip condition."""


class _Builder(Transformer[Token, Tree]):
    """The parse tree as the JSON tree of docs/questionnaires.md."""

    def any(self, terms: list[Tree]) -> Tree:
        return terms[0] if len(terms) == 1 else ["or", *terms]

    def all(self, terms: list[Tree]) -> Tree:
        return terms[0] if len(terms) == 1 else ["and", *terms]

    def negated(self, terms: list[Tree]) -> Tree:
        return ["not", terms[0]]

    def selected(self, terms: list[Tree]) -> Tree:
        return ["selected", *terms]

    def compared(self, terms: list[Any]) -> Tree:
        left, sign, right = terms
        return [str(sign), left, right]

    def ref(self, names: list[Token]) -> Tree:
        return ["ref", str(names[0])]

    def text(self, marks: list[Token]) -> Tree:
        return ["text", str(marks[0])[1:-1]]

    def number(self, digits: list[Token]) -> Tree:
        value = str(digits[0])
        return ["number", float(value) if "." in value else int(value)]


_PARSER = Lark(GRAMMAR, start="condition", parser="lalr", transformer=_Builder())


def parse(text: str) -> Tree:
    """The tree of a condition. Raises NotAnExpression with a sentence that helps."""
    if len(text) > LONGEST:
        raise NotAnExpression(f"the condition is longer than {LONGEST} characters")
    if text.count("(") > DEEPEST:
        raise NotAnExpression(f"the condition has more than {DEEPEST} parentheses")
    try:
        tree: Tree = _PARSER.parse(text)  # type: ignore[assignment]
    except LarkError as error:
        raise NotAnExpression(_where(error)) from None
    return tree


def _where(error: LarkError) -> str:
    column = getattr(error, "column", -1)
    spot = f"at character {column}" if isinstance(column, int) and column > 0 else "at its end"
    return f"the condition is not understood {spot}"


def references(tree: Tree) -> list[str]:
    """Every name the condition looks at, in order, once."""
    return list(dict.fromkeys(node[1] for node in _walk(tree) if node[0] == "ref"))


def compared_codes(tree: Tree) -> list[tuple[str, str]]:
    """Every (question, code) the condition compares with = or != or selected()."""
    pairs = [node[1:] for node in _walk(tree) if node[0] in {"=", "!=", "selected"}]
    turned = [(right, left) if right[0] == "ref" else (left, right) for left, right in pairs]
    return [(ref[1], literal[1]) for ref, literal in turned if ref[0] == "ref" and literal[0] == "text"]


def _walk(tree: Tree) -> Iterator[Tree]:
    yield tree
    for child in tree[1:]:
        if isinstance(child, list):
            yield from _walk(child)
