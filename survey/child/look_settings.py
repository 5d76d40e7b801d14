"""How the pages look and sound to one child: the size of letters, the contrast, reading aloud. Gone with the visit."""

from typing import Any

from flask import g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from . import room
from .words import _

CHOICES: dict[str, tuple[str, ...]] = {"size": ("1", "2", "3"), "contrast": ("normal", "more"), "read": ("off", "on")}
PAGES = ("before_you_start", "assent")  # where a child without script comes back to; the questions are never left


def chosen(kept: Any) -> dict[str, str]:
    """Return a value for every setting: what was kept if the menu offers it, else the first."""
    kept = kept if isinstance(kept, dict) else {}
    return {name: kept[name] if kept.get(name) in values else values[0] for name, values in CHOICES.items()}


@room.before_request
def _remember() -> None:
    """The last page still has the letters of the pages before it; then they are forgotten."""
    goodbye = session.get("goodbye") if request.endpoint == "child.thanks" else None
    kept = goodbye.get("look") if isinstance(goodbye, dict) else session.get("look") if "visit" in session else None
    g.look = chosen(kept)


@room.post("/look")
def look() -> Response:
    """Keep what the child chose. With script the page has changed already, and nothing is loaded anew."""
    if g.visit is None:
        return redirect(url_for("child.welcome"), 303)
    session["look"] = chosen(request.form.to_dict())
    page = request.form.get("page")
    return redirect(url_for(f"child.{page if page in PAGES else g.visit.step}"), 303)


@room.context_processor
def _for_pages() -> dict[str, Any]:
    return {"look": g.get("look") or chosen(None), "look_groups": _groups}


def _groups() -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """The menu: the name of each setting, its question, its values in words."""
    return [
        ("size", _("How big are the letters?"), (("1", _("Normal")), ("2", _("Big")), ("3", _("Very big")))),
        ("contrast", _("Which colours?"), (("normal", _("Normal")), ("more", _("Strong")))),
        ("read", _("Read everything to me?"), (("off", _("No")), ("on", _("Yes")))),
    ]
