"""Publish questionnaires: compile, pin by digest, never change. What is published is what children see and answers
point to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import catalogue as catalogues
from . import models as m
from .catalogue import Catalogue
from .instrument import publish as compiler
from .instrument import read, wording
from .instrument.nouns import Library
from .instrument.problem import Problem, errors
from .translation import books, complete

CATALOGUE = "catalogue"


class NotPublishable(Exception):
    """The files have errors; `problems` says where each is and how to mend it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems in the questionnaires")
        self.problems = problems


class VersionNotRaised(Exception):
    """A published file was changed under its old version. Raise the version number in the file; answers stay pinned
    to the old one."""


class NothingPublished(Exception):
    """No questionnaires are published yet: run `heard publish`, or press Publish in the administration."""


def shipped() -> Library:
    """Return the questionnaires that came with this version of Heard.

    `importlib.resources.files` fails on a folder without Python in an editable installation: its path holds an import
    hook.
    """
    found = find_spec("questionnaires")
    places = [Path(place) for place in (found.submodule_search_locations or [])] if found else []
    return read.library(next(place for place in places if place.is_dir()))


def everything(session: Session, library: Library, at: dt.datetime) -> list[m.Questionnaire]:
    """Publish all that is new in a library, in every language that has all a child reads; return it.

    A language that lacks a sentence is left out, unless the organisation offers it to children: then nothing is
    published and the missing sentences are named. Raises `NotPublishable` or `VersionNotRaised`.
    """
    wrong = errors(library.problems) + _promised(session, library)
    if wrong:
        raise NotPublishable(wrong)
    whole = [code for code in complete.languages() if not complete.unsaid(library, code)]
    spoken = {code: speaking(library, code) for code in whole}
    made = [_catalogue(session, library, spoken, at)]
    for questionnaire in library.questionnaires.values():
        made.append(document(session, compiler.compile(questionnaire, library, spoken), at))
    session.flush()
    return [row for row in made if row is not None]


def speaking(library: Library, code: str) -> Library:
    """Return the library in the words of a language; what a child reads and nobody translated is empty."""
    words = books.book(code, books.QUESTIONNAIRES)

    def speak(context: str, text: str) -> str:
        return words.find(context, text) or ("" if wording.is_for_child(context) else text)

    return wording.translated(library, speak)


def _promised(session: Session, library: Library) -> list[Problem]:
    """What is missing in the languages that the organisation offers to children."""
    organisation = session.get(m.Organisation, 1)
    offered = organisation.languages.split() if organisation else []
    found = [problem for code in offered for problem in complete.problems(code)]
    return found or [problem for code in offered for problem in complete.unsaid(library, code)]


def document(session: Session, body: dict[str, Any], at: dt.datetime) -> m.Questionnaire | None:
    """Publish one compiled document; None if exactly this is published already. Raises `VersionNotRaised`.

    Other questions need another version in the file. Other translations do not: what is published gets the next number.
    """
    digest = compiler.digest(body)
    if session.get(m.Questionnaire, digest) is not None:
        return None
    before = session.scalars(select(m.Questionnaire).where(m.Questionnaire.name == body["id"])).all()
    same = [row.document for row in before if row.document["version"] == body["version"]]
    if any(compiler.source(published) != compiler.source(body) for published in same):
        raise VersionNotRaised(f"{body['id']} version {body['version']} is published with other words.")
    after = 1 + max((row.version for row in before), default=0)
    made = m.Questionnaire(
        digest=digest, name=body["id"], version=max(body["version"], after),
        stage=body.get("stage") or _kind(body), asked_of=body["asked_of"], document=body, published_at=at,
    )  # fmt: skip
    session.add(made)
    return made


def latest(session: Session, asked_of: str, stage: str) -> m.Questionnaire | None:
    """Return the newest questionnaire: `("child", "S3")`, `("child", "reply")`, `("staff", "G")`, `("interview",
    "coordinator")`."""
    if asked_of == "interview":
        asked_of, stage = stage, "interview"
    found = select(m.Questionnaire).where(m.Questionnaire.asked_of == asked_of, m.Questionnaire.stage == stage)
    return session.scalar(found.order_by(m.Questionnaire.version.desc()).limit(1))


def all_current(session: Session) -> Sequence[m.Questionnaire]:
    """Return every published questionnaire, newest versions first, by name."""
    return session.scalars(
        select(m.Questionnaire)
        .where(m.Questionnaire.name != CATALOGUE)
        .order_by(m.Questionnaire.name, m.Questionnaire.version.desc())
    ).all()


def newest(session: Session) -> list[m.Questionnaire]:
    """Return the newest version of every published questionnaire, by name."""
    found: dict[str, m.Questionnaire] = {}
    for row in all_current(session):
        found.setdefault(row.name, row)
    return list(found.values())


def catalogue(session: Session, language: str = compiler.SOURCE_LANGUAGE) -> Catalogue:
    """Return the topics, stages and lists in force, in the words of a language. Raises `NothingPublished`."""
    found = _last_catalogue(session)
    if found is None:
        raise NothingPublished
    return Catalogue(found.document, language)


def languages(session: Session) -> list[str]:
    """Return every language the topics and lists in force are published in, English first. Raises
    `NothingPublished`."""
    found = _last_catalogue(session)
    if found is None:
        raise NothingPublished
    return [compiler.SOURCE_LANGUAGE, *found.document.get("translated", {})]


def _last_catalogue(session: Session) -> m.Questionnaire | None:
    newest = select(m.Questionnaire).where(m.Questionnaire.name == CATALOGUE)
    return session.scalar(newest.order_by(m.Questionnaire.version.desc()).limit(1))


def _catalogue(
    session: Session, library: Library, spoken: Mapping[str, Library], at: dt.datetime
) -> m.Questionnaire | None:
    body, last = catalogues.compile(library, spoken), _last_catalogue(session)
    before = last.document["version"] if last else 0
    if last is not None and last.document == {**body, "version": before, "asked_of": CATALOGUE}:
        return None
    return document(session, {**body, "version": before + 1, "asked_of": CATALOGUE}, at)


def _kind(body: dict[str, Any]) -> str | None:
    if body["asked_of"] in ("coordinator", "psychologist"):
        return "interview"
    return "reply" if body["id"] == "reply" else None
