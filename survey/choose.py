"""Choose the languages children are asked in: only whole ones, and none is taken away while a child needs it.

Refusing is the safer of two ways. A child with an open round may hold a card already; with their language gone they
would meet a page they cannot read. Words that are wrong are corrected by a better translation, not by taking the
language away from those who need it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from . import models as m
from . import record, voice
from .instrument.problem import Problem
from .translation import complete
from .translation.languages import DEFAULT, LANGUAGES

ONLY_ONE = uuid.UUID(int=1)


class NothingChosen(Exception):
    """An organisation offers at least one language."""


class NotWhole(Exception):
    """A language lacks sentences that children read; `problems` names them."""

    def __init__(self, language: str, problems: Sequence[Problem]) -> None:
        super().__init__(language)
        self.language, self.problems = language, problems


class StillRead(Exception):
    """Children with an open round read a language that would be taken away; `readers` says how many, by language."""

    def __init__(self, readers: Mapping[str, int]) -> None:
        super().__init__(", ".join(readers))
        self.readers = readers


def chosen(session: Session) -> list[str]:
    """Return the codes of the languages the organisation offers its children, the default first; never none."""
    return voice.languages(session) or [DEFAULT]


def spoken_to(session: Session, child: m.Child) -> str:
    """Return the language in which a child is written to: the child's own, or the first one offered."""
    offered = chosen(session)
    return child.language if child.language in offered else offered[0]


def readers(session: Session, *, in_open_rounds: bool) -> dict[str, int]:
    """Count the children by language: those with an open round, or all who have not left."""
    counted = select(m.Child.language, func.count()).where(m.Child.left_on.is_(None)).group_by(m.Child.language)
    if in_open_rounds:
        counted = counted.where(
            select(m.Round.id).where(m.Round.child_id == m.Child.id, m.Round.closed_on.is_(None)).exists()
        )
    return {str(language): int(n) for language, n in session.execute(counted)}


def languages(
    session: Session, codes: Sequence[str], asked: Mapping[str, int], by: m.StaffMember, at: dt.datetime
) -> list[str]:
    """Offer these languages, the default first; return those that are taken away.

    `asked` counts the children with an open round by language. Raises `NothingChosen`, `NotWhole` or `StillRead`.
    """
    before, wanted = chosen(session), list(dict.fromkeys(code for code in codes if code in LANGUAGES))
    if not wanted:
        raise NothingChosen
    for code in wanted:
        if lacking := complete.problems(code):
            raise NotWhole(code, lacking)
    gone = [code for code in before if code not in wanted]
    if still := {code: asked[code] for code in gone if asked.get(code)}:
        raise StillRead(still)
    session.get_one(m.Organisation, 1).languages = " ".join(wanted)
    record.write(session, by, "chose the languages for children", "organisation", ONLY_ONE, at)
    session.flush()
    return gone


def for_child(session: Session, child: m.Child, language: str, by: m.StaffMember, at: dt.datetime) -> bool:
    """Ask a child in another language from the next card on; a visit under way keeps its own.

    False if the language is not offered, or nothing changes.
    """
    if language == child.language or language not in chosen(session):
        return False
    child.language = language
    record.write(session, by, "changed a child's language", "child", child.id, at)
    session.flush()
    return True
