"""The topics, stages and lists of an organisation as one published document: what rooms and verbs read, in place of
the files.

Published like a questionnaire, so that a word in a reply sent last year can still be explained next year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .instrument.nouns import Library
from .instrument.nouns import Topic as Written

Document = dict[str, Any]


@dataclass(frozen=True)
class Option:
    """One option of a topic; `phrase` follows "You wished", `decided` follows "We decided that"."""

    code: str
    child: str
    staff: str
    phrase: str
    decided: str
    from_age: int


@dataclass(frozen=True)
class Topic:
    """What a wish is about and a decision settles."""

    id: str
    stage: str
    name: str
    child_name: str
    ask: str
    scale: str
    options: tuple[Option, ...]

    def option(self, code: str | None) -> Option | None:
        """Return the option with this code, if it is on the list."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True)
class Reason:
    """Why a decision differs from a wish; `child_words` stand in the reply."""

    code: str
    label: str
    kind: str
    child_words: str


@dataclass(frozen=True)
class Stage:
    """A step of a pathway."""

    id: str
    number: int | None
    title: str
    happens: str
    acts: tuple[str, ...]


class Catalogue:
    """The published document, easy to read."""

    def __init__(self, document: Mapping[str, Any], language: str = "") -> None:
        self._document = document.get("translated", {}).get(language, document)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Return the topics by id, in the order of the stages."""
        made = {}
        for entry in self._document["topics"]:
            options = tuple(Option(**option) for option in entry["options"])
            made[entry["id"]] = Topic(**{**entry, "options": options})
        return made

    @cached_property
    def reasons(self) -> dict[str, Reason]:
        """Return the reasons by code."""
        return {entry["code"]: Reason(**entry) for entry in self._document["reasons"]}

    @cached_property
    def stages(self) -> dict[str, Stage]:
        """Return the stages by id."""
        return {entry["id"]: Stage(**{**entry, "acts": tuple(entry["acts"])}) for entry in self._document["stages"]}

    @property
    def challenges(self) -> list[tuple[str, str]]:
        """Return (code, label) of what makes it hard to act on a child's view."""
        return self._pairs("challenges")

    @property
    def took_part(self) -> list[tuple[str, str]]:
        """Return (code, label) of who may take part in a decision."""
        return self._pairs("took_part")

    def topics_of(self, stage: str) -> list[Topic]:
        """Return the topics decided at a stage."""
        return [topic for topic in self.topics.values() if topic.stage == stage]

    def topic(self, id: str) -> Topic | None:
        """Return one topic."""
        return self.topics.get(id)

    def _pairs(self, name: str) -> list[tuple[str, str]]:
        return [(entry["code"], entry["label"]) for entry in self._document[name]]


def compile(library: Library, translations: Mapping[str, Library]) -> Document:
    """Return the document of everything in the library that is not a questionnaire, in every language."""
    translated = {code: _words(translations[code]) for code in sorted(translations)}
    return {"format": 2, "id": "catalogue", **_words(library), "translated": translated}


def _words(library: Library) -> Document:
    return {
        "topics": [_topic(topic) for topic in library.topics.values()],
        "stages": [
            {
                "id": stage.id, "number": stage.number, "title": stage.title["staff"],
                "happens": stage.happens["staff"], "acts": [act.staff for act in stage.acts],
            }
            for stage in library.stages.values()
        ],
        "reasons": [
            {"code": o.code, "label": o.labels["staff"], "kind": o.kind, "child_words": o.labels["10-12"]}
            for o in library.lists["reasons"].options
        ],
        "challenges": _list(library, "challenges"),
        "took_part": _list(library, "took_part"),
    }  # fmt: skip


def _topic(topic: Written) -> Document:
    return {
        "id": topic.id, "stage": topic.stage, "name": topic.name, "child_name": topic.child_name, "ask": topic.ask,
        "scale": topic.scale,
        "options": [
            {
                "code": option.code, "child": option.labels["10-12"], "staff": option.labels["staff"],
                "phrase": topic.child_phrase[option.code], "decided": topic.decided[option.code],
                "from_age": option.from_age,
            }
            for option in topic.options
        ],
    }  # fmt: skip


def _list(library: Library, name: str) -> list[Document]:
    return [{"code": option.code, "label": option.labels["staff"]} for option in library.lists[name].options]
