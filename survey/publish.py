"""Publish questionnaires: compile, pin by digest, never change. What is published is what children see and answers
point to."""

import datetime as dt
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import catalogue as catalogues
from . import models as m
from .catalogue import Catalogue
from .instrument import publish as compiler
from .instrument import read
from .instrument.nouns import Library
from .instrument.problem import Problem, errors

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
    """Publish all that is new in a library; return it. Raises `NotPublishable` or `VersionNotRaised`; then nothing is
    published."""
    wrong = errors(library.problems)
    if wrong:
        raise NotPublishable(wrong)
    made = [_catalogue(session, library, at)]
    for questionnaire in library.questionnaires.values():
        made.append(document(session, compiler.compile(questionnaire, library, {}), at))
    session.flush()
    return [row for row in made if row is not None]


def document(session: Session, body: dict[str, Any], at: dt.datetime) -> m.Questionnaire | None:
    """Publish one compiled document; None if exactly this is published already. Raises `VersionNotRaised`."""
    digest = compiler.digest(body)
    if session.get(m.Questionnaire, digest) is not None:
        return None
    taken = select(m.Questionnaire).where(
        m.Questionnaire.name == body["id"], m.Questionnaire.version == body["version"]
    )
    if session.scalar(taken) is not None:
        raise VersionNotRaised(f"{body['id']} version {body['version']} is published with other words.")
    made = m.Questionnaire(
        digest=digest, name=body["id"], version=body["version"], stage=body.get("stage") or _kind(body),
        asked_of=body["asked_of"], document=body, published_at=at,
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


def catalogue(session: Session) -> Catalogue:
    """Return the topics, stages and lists in force. Raises `NothingPublished`."""
    newest = select(m.Questionnaire).where(m.Questionnaire.name == CATALOGUE)
    found = session.scalar(newest.order_by(m.Questionnaire.version.desc()).limit(1))
    if found is None:
        raise NothingPublished
    return Catalogue(found.document)


def _catalogue(session: Session, library: Library, at: dt.datetime) -> m.Questionnaire | None:
    body = catalogues.compile(library)
    newest = select(m.Questionnaire).where(m.Questionnaire.name == CATALOGUE)
    last = session.scalar(newest.order_by(m.Questionnaire.version.desc()).limit(1))
    if last is not None and last.document == {**body, "version": last.version, "asked_of": CATALOGUE}:
        return None
    version = last.version + 1 if last else 1
    return document(session, {**body, "version": version, "asked_of": CATALOGUE}, at)


def _kind(body: dict[str, Any]) -> str | None:
    if body["asked_of"] in ("coordinator", "psychologist"):
        return "interview"
    return "reply" if body["id"] == "reply" else None
