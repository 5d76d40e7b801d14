"""The first page: five steps until the organisation can begin, an overview afterwards; and a sheet to hand over."""

from flask import g, render_template, request

from ..models import ROLES
from . import readiness, room


@room.get("/")
def home() -> str:
    """Show what is done and what comes next."""
    return render_template("admin/home.html", state=readiness.of(g.db), roles=ROLES)


@room.get("/hand_over")
def hand_over() -> str:
    """Show the sheet with which coordinators begin: the address, the first day, the tablets."""
    return render_template("admin/hand_over.html", state=readiness.of(g.db), address=request.host_url)
