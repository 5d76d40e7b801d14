"""What is wrong in a questionnaire file, where, and how to mend it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 60
MOST = 50
ASKED_IN_PO = re.compile(r"\S+ / \S+")  # S3.C01 / 10-12; an option has its code too: D1.1 KIN / 10-12
NOUNS = {"topics.toml": "topic", "formats.toml": "format", "lists.toml": "list"}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong at one place, with its cure. A warning does not stop publishing."""

    file: str
    line: int
    code: str
    question: str
    what: str
    cure: str
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        about = f", {_noun(self.file, self.question)} {self.question}" if self.question else ""
        return f"{place}{about}: {self.what}. {self.cure}"


def _noun(file: str, about: str) -> str:
    """What a problem is about: a question, or in a file of translations also another text."""
    if file.endswith(".po") and not ASKED_IN_PO.fullmatch(about):
        return "text"
    return NOUNS.get(file, "question")


def shown(value: object) -> str:
    """The value between quotes, short, with nothing in it that could disturb a terminal or a page."""
    text = str(value)
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return "'" + "".join(_safe(letter) for letter in cut) + "'"


def _safe(letter: str) -> str:
    unprintable = unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    return f"\\u{ord(letter):04x}" if unprintable else letter


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that stop publishing."""
    return [problem for problem in problems if not problem.warning]


def report(problems: Iterable[Problem]) -> list[str]:
    """One line per problem, in the order of the files; at most 50, then how many more."""
    lines = [str(problem) for problem in sorted(set(problems))]
    more = len(lines) - MOST
    return [*lines[:MOST], f"… and {more} more."] if more > 0 else lines
