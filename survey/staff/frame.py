"""What the frame of every page needs: the main links of a role, the names of roles, how a field describes itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _

from .. import door
from . import room


@dataclass(frozen=True)
class Link:
    """A main link; `current` is empty, `page`, or `true` for a page below it."""

    endpoint: str
    label: str
    current: str


@room.app_template_global()
def navigation(role: str) -> list[Link]:
    """Return the main links of a role, in the order of a working day; rooms this process does not serve have none."""
    names = _names()
    return [
        Link(endpoint, names[endpoint], _current(endpoint))
        for endpoint in names
        if role in door.MAY.get(endpoint, ()) and endpoint in current_app.view_functions
    ]


def _names() -> dict[str, str]:
    return {
        "staff.caseload": _("Children"),
        "staff.replies": _("Answers owed"),
        "staff.interviews": _("Interviews"),
        "staff.concerns": _("Concerns"),
        "research.home": _("Results"),
        "research.exports": _("Exports"),
        "research.codebook": _("Codebook"),
        "admin.home": _("Overview"),
        "admin.organisation": _("Organisation"),
        "admin.sites": _("Sites"),
        "admin.staff_members": _("Staff"),
        "admin.questionnaires": _("Questionnaires"),
        "admin.languages": _("Languages"),
        "admin.voices": _("Voices"),
    }


BELOW = {
    "staff.caseload": {
        "child", "add_child", "permission", "round", "card", "decision", "lock", "decide", "amend", "perception",
    },
    "staff.replies": {"reply"},
    "staff.interviews": {"interview", "section"},
    "staff.concerns": {"concern", "close_concern", "identify"},
}  # fmt: skip


def _current(endpoint: str) -> str:
    here = (request.endpoint or "").partition(".")[2]
    if request.endpoint == endpoint:
        return "page"
    return "true" if here in BELOW.get(endpoint, ()) and request.blueprint == "staff" else ""


@room.app_template_global()
def role_name(role: str) -> str:
    """Return a role in words."""
    names = {
        "coordinator": _("Coordinator"),
        "psychologist": _("Psychologist"),
        "safeguarding_lead": _("Safeguarding lead"),
        "researcher": _("Researcher"),
        "admin": _("Administrator"),
    }
    return str(names[role])


@room.app_template_global()
def described(field: Any) -> dict[str, str]:
    """Return what ties a field to its hint and its error."""
    parts = list(_parts(field))
    made = {"aria-describedby": " ".join(parts)} if parts else {}
    return {**made, "aria-invalid": "true"} if field.errors else made


def _parts(field: Any) -> Iterator[str]:
    if field.description:
        yield f"{field.id}-hint"
    if field.errors:
        yield f"{field.id}-error"
