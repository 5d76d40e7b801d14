"""The administrator's room: places, people and documents. Nothing a child said, and no child, is ever shown here."""

from flask import Blueprint, g, request

from .. import db

__all__ = ["home", "organisation", "questionnaires", "room", "sites", "staff_members"]

room = Blueprint("admin", __name__)

from . import home, organisation, questionnaires, sites, staff_members  # noqa: E402 - each registers its pages on `room`


@room.before_request
def _look_only() -> None:
    """Looking never waits for a writer, and never makes one wait."""
    if request.method != "POST":
        db.read_only(g.db)
