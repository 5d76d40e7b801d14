"""Where a sentence stands, told from its entry: which questionnaire, for which age, and on which part of the screen."""

import re
from dataclasses import dataclass

from ..instrument.nouns import STAFF
from . import books
from .entry import Entry

AGES = ("10-12", "13-15", "16-17")
EVERY_AGE = "every"
AROUND, SHARED, REPLY, INTERVIEWS, RESULTS = "around", "shared", "reply", "interviews", "results"
STAGES = ("S1", "S2", "S3", "S4", "S5", "S6", "R", "G")
GROUPS = (AROUND, *STAGES, REPLY, INTERVIEWS, SHARED, RESULTS)

NAMED = {
    "care.receiving": "S1", "care.assessment": "S2", "care.planning": "S3", "care.implementing": "S4",
    "care.reviewing": "S5", "care.completing": "S6", "reintegration": "R", "gatekeeping": "G", "reply": REPLY,
}  # fmt: skip
THING = re.compile(r"(?:D(?P<topic>[0-9A-Z]+)\.|(?P<stage>S[1-6]|R|G)(?:[. ]|$)|(?P<reply>F\d)|(?P<interview>I[CP]\.))")
PARTS = {
    "title": "title", "happens": "happens", "next": "next", "wished": "wished", "decided": "decided", "hint": "hint",
    "does not apply": "instead",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Where:
    """`group` is one of GROUPS; `age` an age group, `every` or `staff`; `part` a word for the place on the screen."""

    group: str
    age: str
    part: str
    of: str


def of(book: str, asked: Entry) -> Where:
    """Return where a sentence stands."""
    if book == books.REPORT:
        return Where(RESULTS, STAFF, "screen", _files(asked))
    if book == books.MESSAGES:
        return Where(AROUND, EVERY_AGE if books.is_for_child(asked) else STAFF, "screen", _files(asked))
    thing, _between, who = asked.context.rpartition(" / ")
    return Where(_group(thing), _age(who), _part(thing, who), thing)


def questions_of(asked: Entry) -> tuple[str, ...]:
    """Return the contexts in which the question of an option may stand, the nearest first; none for a question."""
    thing, _between, who = asked.context.rpartition(" / ")
    of, _blank, part = thing.partition(" ")
    return tuple(f"{of} / {one}" for one in (who, "ask" if who == STAFF else "child", *AGES, "name") if part)


def list_of(book: str, asked: Entry) -> tuple[str, ...]:
    """Return what the options of one list for one reader have in common; for anything else, what it has alone."""
    thing, _between, who = asked.context.rpartition(" / ")
    if book == books.QUESTIONNAIRES and _part(thing, who) == "choice":
        return thing.partition(" ")[0], who
    return book, *asked.key


def _files(asked: Entry) -> str:
    return ", ".join(dict.fromkeys(place.removeprefix("survey/").removeprefix("templates/") for place in asked.places))


def _age(who: str) -> str:
    if who in AGES:
        return who
    return STAFF if who in (STAFF, "name", "ask") else EVERY_AGE


def _group(thing: str) -> str:
    first = thing.partition(" ")[0]
    named = next((group for name, group in NAMED.items() if first == name or first.startswith(f"{name}.")), "")
    if named:
        return named
    found = THING.match(thing)
    if not found:
        return SHARED
    if found["topic"]:
        return TOPIC_STAGES.get(found["topic"], SHARED)
    return found["stage"] or (REPLY if found["reply"] else INTERVIEWS)


TOPIC_STAGES = {"1": "S1", "2": "S2", "3": "S3", "4": "S4", "5": "S5", "6": "S6", "7": "R"}


def _part(thing: str, who: str) -> str:
    if who in PARTS:
        return PARTS[who]
    words = thing.split(" ", 1)
    if len(words) == 1:
        return "question"
    return PARTS.get(words[1].partition(" ")[0], PARTS.get(words[1], "choice"))
