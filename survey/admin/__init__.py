"""The administrator's room: places, people and documents. Nothing a child said, and no child, is ever shown here."""

from flask import Blueprint

__all__ = [
    "home", "language_files", "languages", "organisation", "questionnaires", "review", "room", "sites", "staff_members",
    "voices",
]  # fmt: skip

room = Blueprint("admin", __name__)

# Each registers its pages on `room`.
from . import (  # noqa: E402
    home,
    language_files,
    languages,
    organisation,
    questionnaires,
    review,
    sites,
    staff_members,
    voices,  # fmt: skip
)
