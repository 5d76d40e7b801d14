"""The visit: from the opened card to the last button.

It lives in the signed cookie only; the database learns of it at the end.
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import wraps
from typing import Any

from flask import g, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from .. import clock, invite, language
from .. import models as m

STEPS = ("before_you_start", "assent", "questions")
PICTURES = ("boat", "kite", "key", "shell", "leaf", "star", "cup", "drum", "moon")  # static/child/pictures/hide/
ROTATIONS = 60
Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class Visit:
    """What the cookie knows: nothing a child said, nothing but where in the visit the child is."""

    card: str
    round: str
    wave: str
    age_group: str
    digest: str
    language: str
    envelope: str
    rotation: int
    step: str = STEPS[0]
    tries: int = 0
    helper: str | None = None
    held_by: str | None = None
    watched: str | None = None
    picture: str = ""  # brings the child back to a hidden screen; none was chosen: any picture does


@dataclass(frozen=True)
class Here:
    """The visit with what the database knows about it."""

    visit: Visit
    card: m.Card
    site: m.Site
    document: dict[str, Any]

    @property
    def words(self) -> dict[str, Any]:
        """The published words of this age group, in the language of the visit."""
        found: dict[str, Any] = self.document["texts"][self.visit.language][self.visit.age_group]
        return found

    @property
    def spent(self) -> bool:
        """Has the card been used or replaced since the visit began?"""
        return self.card.used_on is not None or self.card.replaced_on is not None

    @property
    def today(self) -> dt.date:
        """The date at the child's place."""
        return clock.today(self.site.timezone)


def begin(found: invite.Invitation, questionnaire: m.Questionnaire, chosen: str, offered: list[str]) -> Visit:
    """Start a visit in the language that was chosen, else the one the child is known to read, else the first one."""
    wanted = (chosen, found.round.child.language, offered[0])
    visit = Visit(
        card=str(found.card.id), round=str(found.round.id), wave=found.card.wave, age_group=found.age_group,
        digest=questionnaire.digest, language=next(code for code in wanted if code in offered),
        envelope=str(uuid.uuid4()), rotation=secrets.randbelow(ROTATIONS),
        step="reply" if found.card.wave == "reply" else STEPS[0],
    )  # fmt: skip
    for name in ("goodbye", "look"):
        session.pop(name, None)  # nothing of the child before
    return keep(visit)


def keep(visit: Visit, **changes: Any) -> Visit:
    """Put the visit, with changes, in the cookie."""
    kept = replace(visit, **changes)
    g.visit, session["visit"] = kept, asdict(kept)
    language.lend(kept.language)
    return kept


def current() -> Visit | None:
    """Return the visit of this browser, if there is one; a cookie of another version is none."""
    try:
        return Visit(**session["visit"])
    except (KeyError, TypeError):
        return None


def here(opened: Session) -> Here | None:
    """Return the visit with its card, site and questionnaire; None if one of them is gone."""
    visit: Visit | None = g.visit
    known: Here | None = g.get("here")
    if visit is None or (known and known.visit is visit):  # a page asks more than once
        return known if visit else None
    card = opened.get(m.Card, uuid.UUID(visit.card))
    questionnaire = opened.get(m.Questionnaire, visit.digest)
    if card is None or questionnaire is None:
        return None
    g.here = Here(visit, card, card.round.child.site, questionnaire.document)
    found: Here = g.here
    return found


def end(*, talk: bool = False) -> Response:
    """Forget the visit and say goodbye: one page however it ended, with one more sentence after a call for help."""
    visit = session.pop("visit", None)
    if visit is not None:
        wanted = ("card", "wave", "age_group", "digest", "language")
        session["goodbye"] = {name: visit[name] for name in wanted} | {"talk": talk, "look": session.pop("look", None)}
    language.give_back()
    g.visit = None
    return redirect(url_for("child.thanks"), 303)


def abandon() -> Response:
    """Forget the visit and go back to the first page."""
    session.pop("visit", None)
    session.pop("look", None)
    language.give_back()
    g.visit = None
    return redirect(url_for("child.welcome"), 303)


def step(name: str) -> Callable[[Callable[[Here], Page]], Callable[[], Page]]:
    """Let a page be opened only when the visit has come that far; otherwise lead to where it is."""

    def guard(page: Callable[[Here], Page]) -> Callable[[], Page]:
        @wraps(page)
        def guarded() -> Page:
            found = here(g.db)
            if found is None or (request.method == "GET" and found.spent):
                return abandon()
            if name not in _reached(found.visit):
                return redirect(url_for(f"child.{found.visit.step}"), 303)
            return page(found)

        return guarded

    return guard


def _reached(visit: Visit) -> tuple[str, ...]:
    if visit.step not in STEPS:
        return (visit.step,)
    return STEPS[: STEPS.index(visit.step) + 1]
