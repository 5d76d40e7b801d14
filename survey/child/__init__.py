"""The child's room: a card opens a visit, the visit ends in one envelope. No account, no sign-in, no trace of a no."""

from functools import cache
from typing import Any

from flask import Blueprint, abort, g, redirect, request, session
from flask.blueprints import BlueprintSetupState
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from .. import db
from . import helpers, tongues, visits

room = Blueprint("child", __name__, template_folder="../static/child")  # pages hold their pictures: no request for each

from . import answering, arriving, hiding, look_settings, replying, voices  # noqa: E402 -- they register in the room

__all__ = ["answering", "arriving", "hiding", "look_settings", "replying", "room", "voices"]

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


@room.before_request
def _speak() -> Response | None:
    """A link to another language, on a page of the visit without a form: the visit goes on in it from here."""
    asked = request.args.get("lang") if request.method == "GET" and request.endpoint != "child.welcome" else None
    found = visits.here(g.db) if asked else None
    if asked is None or found is None:
        return None
    if not tongues.can(found, asked):
        abort(422)
    tongues.switch(found, asked)
    return redirect(request.path, 303)


@room.context_processor
def _for_pages() -> dict[str, Any]:
    return {
        "age": g.get("age_group", "13-15"),
        "visit": g.get("visit"),
        "tongues": tongues.offered,
        "handed_over": bool(session.get("handed_over")),  # only whether a link is shown; the door does not ask this
        "help": LocalProxy(cache(_help)),  # only a page that shows it asks the database; an error page must not
    }


def _help() -> helpers.Help:
    found = visits.here(g.db)
    return helpers.at(g.db, found.site if found else None)
