"""The languages children are offered: chosen by the organisation, and spoken by every question they may be asked."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import models as m
from . import voice
from .translation.languages import DEFAULT, LANGUAGES

_spoken: dict[str, frozenset[str]] = {}  # what a published document speaks, by its digest: it never changes


def languages(session: Session) -> list[str]:
    """Return the languages of the first page, before a card says which questions will be asked."""
    published = [_speaks(session, digest) for digest in _newest(session)]
    spoken = frozenset.intersection(*published) if published else frozenset()
    return [code for code in _chosen(session) if code in spoken] or [DEFAULT]


def of(session: Session, document: dict[str, Any]) -> list[str]:
    """Return the languages in which one visit can go on."""
    spoken: list[str] = document["languages"]
    return [code for code in _chosen(session) if code in spoken] or spoken[:1]


def names_to_hear(session: Session, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the clip of a language's own name, said in that language, where there is one: its address and mark."""
    names = {code: voice.said(LANGUAGES[code].own_name) for code in codes}
    found = {code: voice.mark(session, code, said) for code, said in names.items()}
    return {code: (names[code], mark) for code, mark in found.items() if mark}


def _chosen(session: Session) -> list[str]:
    organisation = session.get(m.Organisation, 1)
    return [code for code in organisation.languages.split() if code in LANGUAGES] if organisation else []


def _newest(session: Session) -> Iterable[str]:
    """The digests of the newest questionnaires for children; the long documents themselves stay where they are."""
    kind = m.Questionnaire
    rows = select(kind.name, kind.digest).where(kind.asked_of == "child").order_by(kind.version)
    return dict(session.execute(rows).all()).values()


def _speaks(session: Session, digest: str) -> frozenset[str]:
    if digest not in _spoken:
        _spoken[digest] = frozenset(session.get_one(m.Questionnaire, digest).document["languages"])
    return _spoken[digest]
