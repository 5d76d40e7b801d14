"""The research room: numbers after disclosure control, exports without names, and the words of every question."""

from flask import Blueprint, g, request

from .. import db

__all__ = ["codebook", "exports", "home", "reports", "room"]

room = Blueprint("research", __name__)

from . import codebook, exports, home, reports  # noqa: E402 - each registers its pages on `room`


@room.before_request
def _look_only() -> None:
    """Looking never waits for a writer, and never makes one wait."""
    if request.method != "POST":
        db.read_only(g.db)
