"""Another language in the middle of a visit: nothing that was said is lost, and each answer keeps its own language."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import current_app, g, request
from flask_babel import refresh

from .. import language, offer
from . import forms, visits

SPEAK, AT, SPOKEN = "speak", "at", ".spoken"
Question = Mapping[str, Any]


def offered() -> list[language.Language]:
    """Return the languages this page can be read in, each by its own name."""
    found = visits.here(g.db)
    codes = offer.of(g.db, found.document) if found else offer.languages(g.db)
    return [language.LANGUAGES[code] for code in codes]


def wanted(source: Mapping[str, str]) -> str | None:
    """Return the language a child asks for, if this press or this address is about the language."""
    return source.get(SPEAK) or source.get("lang")


def can(found: visits.Here, code: str | None) -> bool:
    """Can this visit go on in a language?"""
    return code in offer.of(g.db, found.document)


def switch(found: visits.Here, code: str) -> visits.Here:
    """Go on in another language, from this moment."""
    g.language = code
    refresh()
    return replace(found, visit=visits.keep(found.visit, language=code))


def step_at() -> str:
    """Return the number of the step the child was at, so that the script shows it again."""
    at = request.form.get(AT, "")
    return at if at.isascii() and at.isdigit() and len(at) < 4 else ""


def spoken(found: visits.Here, form: forms.Answers, asked: Sequence[Question]) -> dict[str, str]:
    """Return the language of everything said so far, to be carried by the page: `ru:` and a mark of the answer."""
    said = {question["id"]: forms.given(form, question) for question in asked}
    spoken_in = {name: of(found, name, value) for name, value in said.items() if value}
    return {name + SPOKEN: f"{code}:{_mark(found, code, name, said[name])}" for name, code in spoken_in.items()}


def of(found: visits.Here, name: str, value: str) -> str:
    """Return the language an answer was given in: the one it carries if it was not changed since, else the page's."""
    carried, _between, mark = request.form.get(name + SPOKEN, "").partition(":")
    known = carried in found.document["languages"]
    unchanged = known and hmac.compare_digest(mark.encode(), _mark(found, carried, name, value).encode())
    return carried if unchanged else found.visit.language


def _mark(found: visits.Here, code: str, name: str, value: str) -> str:
    """What says that an answer is still the same, and says nothing else: only this server can make it, for this visit.

    A page in a browser's memory does not hold the answer once more where nothing empties it.
    """
    key = current_app.config["SECRET_KEY"]
    words = "\0".join(("spoken", found.visit.envelope, code, name, value.strip()))
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:16]
