"""The child's room: a card opens a visit, the visit ends in one envelope. No account, no sign-in, no trace of a no."""

from functools import cache
from typing import Any

from flask import Blueprint, g, request
from flask.blueprints import BlueprintSetupState
from werkzeug.local import LocalProxy

from .. import db
from . import helpers, visits

room = Blueprint("child", __name__)

from . import answering, arriving, replying  # noqa: E402 -- the pages register themselves in the room

__all__ = ["answering", "arriving", "replying", "room"]

# These pages end reading themselves before they write: checking a code or a form takes time, and changes nothing.
LOOK_FIRST = ("child.card", "child.answers")
# These pages check the token themselves: when that fails, the child gets everything back instead of an error page.
CHECK_THEIR_OWN_TOKEN = ("arriving.card", "answering.answers", "replying.read")


@room.record_once
def _let_forms_check(state: BlueprintSetupState) -> None:
    for page in CHECK_THEIR_OWN_TOKEN:
        state.app.extensions["csrf"].exempt(f"{__name__}.{page}")


@room.before_request
def _know_the_visit() -> None:
    """The language and the age group of the visit rule the whole page."""
    g.visit = visits.current()
    if g.visit is not None:
        g.language, g.age_group = g.visit.language, g.visit.age_group
    if request.endpoint in LOOK_FIRST:
        db.read_only(g.db)  # checking a code takes time, and changes nothing


@room.context_processor
def _for_pages() -> dict[str, Any]:
    return {
        "age": g.get("age_group", "13-15"),
        "visit": g.get("visit"),
        "help": LocalProxy(cache(_help)),  # only a page that shows it asks the database; an error page must not
    }


def _help() -> helpers.Help:
    found = visits.here(g.db)
    return helpers.at(g.db, found.site if found else None)
