"""Find what a page is about, or say that there is nothing: the same for "not yours" and for "does not exist"."""

import datetime as dt
import uuid

from flask import abort, g, render_template
from flask_babel import gettext as _

from .. import clock, language, publish
from .. import models as m
from ..catalogue import Catalogue, Topic
from . import room


def child(child_id: uuid.UUID) -> m.Child:
    """Return one of my children."""
    found: m.Child = g.db.get(m.Child, child_id) or abort(404)
    return found


def round_(round_id: uuid.UUID) -> m.Round:
    """Return a round of one of my children."""
    found: m.Round = g.db.get(m.Round, round_id) or abort(404)
    return found


def topic(in_round: m.Round, topic_id: str) -> Topic:
    """Return a topic that is decided at this stage."""
    found = catalogue().topic(topic_id)
    if found is None or found.stage != in_round.stage:
        abort(404)
    return found


def catalogue(code: str = "") -> Catalogue:
    """Return the topics, stages and lists in force, in the words of a language: the page's, unless another is named."""
    kept: dict[str, Catalogue] = g.setdefault("catalogues", {})
    wanted = code or language.current()
    if wanted not in kept:
        kept[wanted] = publish.catalogue(g.db, wanted)
    return kept[wanted]


def today(of: m.Child | None = None) -> dt.date:
    """Return the date it is where the child lives, or where whoever is signed in works."""
    if of is not None:
        return clock.today(of.site.timezone)
    return clock.today(g.staff.sites[0].timezone) if g.staff.sites else clock.today()


@room.app_template_filter()
def local(moment: dt.datetime, at: m.Site | None) -> dt.date:
    """Return the date it was at a place."""
    return clock.date_at(moment, at.timezone if at else "UTC")


@room.app_errorhandler(publish.NothingPublished)
def _nothing_published(_error: publish.NothingPublished) -> tuple[str, int]:
    advice = _("No questionnaires are published yet. Ask the administrator to publish them; then this page works.")
    return render_template("staff/error.html", title=_("Not quite ready"), advice=advice, code=503), 503
