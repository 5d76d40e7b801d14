"""What is here, for whoever may enter: the report, the export, the words of the questions."""

from flask import g, render_template

from .. import publish
from . import room
from .reports import last


@room.get("/")
def home() -> str:
    """Show the ways on from here."""
    return render_template("research/home.html", report=last(), published=bool(publish.all_current(g.db)))
