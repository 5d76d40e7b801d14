"""The administrator's room: places, people and documents. Nothing a child said, and no child, is ever shown here."""

from flask import Blueprint

__all__ = ["home", "organisation", "questionnaires", "room", "sites", "staff_members"]

room = Blueprint("admin", __name__)

from . import home, organisation, questionnaires, sites, staff_members  # noqa: E402 - each registers its pages on `room`
