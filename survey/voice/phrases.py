"""Every text a child reads in a language, in the order of reading, with where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import flag, publish
from .. import models as m
from ..instrument.texts import leaves
from ..translation import child_screens, child_screens_with
from ..translation.languages import LANGUAGES

SOURCE = "en"
# After the questions: what is offered beside them, then the screens before and after them.
AFTERWARDS = ("missing", "title", "stage", "happens", "acts", "practice", "next", "topics", "reasons")
PARTS = {"text": 0, "options": 1}
NAMES = ("adult", "organisation", "days")  # what is the same for every child at a site

Path = tuple[str, ...]


@dataclass(frozen=True)
class Spot:
    """A text at one place. `questionnaire` and `title` are empty for the screens around the questions."""

    text: str
    questionnaire: str = ""
    title: str = ""
    question: str = ""
    age_group: str = ""


def everywhere(session: Session, language: str) -> Iterator[Spot]:
    """Yield every text of the newest questionnaires for children, then those of the screens around them."""
    for row in sorted((r for r in publish.newest(session) if r.asked_of == "child"), key=_journey):
        yield from of(row.document, language)
    screens = _screens(language)
    if screens:
        screens.append(LANGUAGES[language].own_name)  # on the first page, where a child chooses
    for text in screens + _with_names(session, language):
        yield Spot(text)


def of(document: dict[str, Any], language: str) -> Iterator[Spot]:
    """Yield the texts of one document: question by question, then the rest; nothing in a language it is not in."""
    groups: dict[str, Any] = document["texts"].get(language, {})
    questions = {question["id"]: question for question in document["questions"]}
    found = [(group, path, text) for group, texts in groups.items() for path, text in leaves(texts)]
    order = list(questions)
    for group, path, text in sorted(found, key=lambda one: _rank(one[1], one[0], order, questions)):
        question = path[1] if path[0] == "questions" else ""
        yield Spot(text, document["id"], groups[group].get("title", document["id"]), question, group)


def _rank(path: Path, group: str, order: list[str], questions: dict[str, Any]) -> tuple[object, ...]:
    """Where a text comes in reading: an option as the screen shows it, not by the letters of its code."""
    if path[0] != "questions":
        section = AFTERWARDS.index(path[0]) if path[0] in AFTERWARDS else len(AFTERWARDS)
        return 1, section, group, PARTS.get(path[-1], 1), 0, path
    id, part = path[1], path[2]
    codes = questions[id]["options"].get(group, []) if id in questions else []
    place = codes.index(path[3]) if part == "options" and path[3] in codes else 0
    return 0, order.index(id) if id in order else len(order), group, PARTS.get(part, 2), place, path


def _journey(row: m.Questionnaire) -> tuple[int, str]:
    return (m.STAGES.index(row.stage) if row.stage in m.STAGES else len(m.STAGES), row.name)


def _screens(language: str) -> list[str]:
    """The screens in a language, without what is not translated yet: nobody reads English aloud in Russian."""
    if language == SOURCE:
        return child_screens(SOURCE)
    english = set(child_screens(SOURCE))
    return [text for text in child_screens(language) if text not in english]


def _with_names(session: Session, language: str) -> list[str]:
    """The sentences that name somebody, with the organisation and with the reader of each site: recorded per site."""
    organisation = session.get(m.Organisation, 1)
    english = () if language == SOURCE else child_screens_with(SOURCE, *NAMES)
    said = [text for text in child_screens_with(language, *NAMES) if text not in english]
    if organisation is None:
        return []
    always = {"organisation": organisation.name, "days": organisation.answer_within_days}
    return [text % {**always, "adult": name} for name in _readers(session) for text in said]


def _readers(session: Session) -> list[str]:
    """The names children are told, each once: who reads at each site."""
    readers = [flag.readers(session, site) for site in session.scalars(select(m.Site).order_by(m.Site.code))]
    return list(dict.fromkeys(found[0].name for found in readers if found))
