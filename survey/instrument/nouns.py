"""The nouns of the questionnaire language, as plain data. Nothing here decides anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from survey.instrument.problem import Problem

AGE_GROUPS = ("10-12", "13-15", "16-17")
STAFF = "staff"
SHARED = ("formats.toml", "lists.toml", "practice.toml", "topics.toml")
VISITS = ("before", "after")
WAVES = ("before", "after", "both", "reply")
SEEN_BY = ("team", "aggregate", "safeguarding")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: its file and the line of each of its keys."""

    file: str
    lines: Mapping[str, int]

    def line(self, key: str = "") -> int:
        """The line of a key (or of the longest part of it that has one), else of the whole table."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return self.lines.get(key, self.lines.get("", 1))


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen. `labels` by age group and for staff."""

    code: str
    labels: Mapping[str, str]
    from_age: int = 0
    last: bool = False
    picture: str = ""
    kind: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a wish is about and a decision settles."""

    id: str
    stage: str
    scale: str
    name: str
    child_name: str
    ask: str
    na: str
    options: tuple[Option, ...]
    child_phrase: Mapping[str, str]
    decided: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Format:
    """An answer scale shared by many questions: options by age group and for staff, or open text."""

    id: str
    kind: str
    scale: str | None
    options: Mapping[str, tuple[Option, ...]]
    max_chars: int | None
    unique: bool
    place: Place


@dataclass(frozen=True, slots=True)
class OptionList:
    """A list that many questions share: reasons, challenges, remedies …"""

    id: str
    name: str
    options: tuple[Option, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Missing:
    """An answer that is not an answer: DK, IDM, SK, NA. `to` names the kinds of question that offer it."""

    code: str
    name: str
    to: tuple[str, ...]
    labels: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """An age group and the limits its questions must keep."""

    id: str
    from_age: int
    to_age: int
    max_words: int
    max_label_words: int
    max_ordinal: int
    max_nominal: int
    max_questions: int
    max_syllables: int
    max_grade: float
    recall: tuple[str, ...]
    target_minutes: int
    stop_minutes: int
    max_assent_words: int


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a child can expect at a stage."""

    id: str
    element: str
    child: str
    staff: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a pathway, in words for children and staff."""

    id: str
    pathway: str
    number: int | None
    title: Mapping[str, str]
    happens: Mapping[str, str]
    next: Mapping[str, Mapping[str, str]]
    acts: tuple[Act, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Practice:
    """The question that teaches the scale and is never stored."""

    format: str
    text: Mapping[str, str]
    hint: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked. `text` by age group, or under "staff"."""

    id: str
    construct: str
    topic: str
    pair: str
    format: str
    list: str
    rows: str
    kind: str
    wave: str
    seen_by: str
    recall: str
    relevant: str
    reasons: str
    na: str
    concern: Mapping[str, str]
    text: Mapping[str, str]
    parts: Mapping[str, str]
    min: int | None
    max: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One versioned file of questions."""

    id: str
    version: int
    stage: str
    asked_of: str
    phrases: bool
    title: Mapping[str, str]
    next: Mapping[str, Mapping[str, str]]
    questions: tuple[Question, ...]
    place: Place

    @property
    def groups(self) -> tuple[str, ...]:
        """The age groups it speaks to; staff questionnaires have the single group "staff"."""
        return AGE_GROUPS if self.asked_of == "child" else (STAFF,)

    def question(self, id: str) -> Question | None:
        """The question with this id, if it is here."""
        return next((question for question in self.questions if question.id == id), None)


@dataclass(slots=True)
class Library:
    """Everything in the questionnaires folder, and what is wrong with it."""

    folder: Path
    topics: dict[str, Topic] = field(default_factory=dict)
    formats: dict[str, Format] = field(default_factory=dict)
    lists: dict[str, OptionList] = field(default_factory=dict)
    missing: dict[str, Missing] = field(default_factory=dict)
    age_groups: dict[str, AgeGroup] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    questionnaires: dict[str, Questionnaire] = field(default_factory=dict)
    practice: Practice | None = None
    problems: list[Problem] = field(default_factory=list)
    whole: bool = True  # false when a file could not be read: then what points to it is not its author's fault

    def find(self, id: str) -> tuple[Questionnaire, Question] | None:
        """The question with this id, in whichever questionnaire it stands."""
        for questionnaire in self.questionnaires.values():
            if question := questionnaire.question(id):
                return questionnaire, question
        return None
