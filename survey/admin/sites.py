"""Villages and centres, and the adults a child can talk to there."""

import uuid

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from .. import clock, enrol, flag, invite, record
from .. import models as m
from . import readiness, room
from .fields import said
from .forms import SAFE_ROLE_NAMES, Press, SafeAdultForm, SiteForm


@room.get("/sites")
def sites() -> str:
    """List the places and what each still needs."""
    return render_template("admin/sites.html", places=readiness.of(g.db).places)


@room.route("/new_site", methods=["GET", "POST"])
def new_site() -> str | Response:
    """Add a village or centre; country, zone and language begin as at the place added last."""
    form = SiteForm(data=_as_last_time()).offer()
    if form.validate_on_submit():
        made = _add(form)
        if made is not None:
            flash(_("%(name)s is added. Now name the safe adults.", name=made.name))
            return redirect(url_for(".site", site_id=made.id), 303)
    return render_template("admin/new_site.html", form=form)


@room.route("/site/<uuid:site_id>", methods=["GET", "POST"])
def site(site_id: uuid.UUID) -> str | Response:
    """Show a place and its safe adults; change what can be changed."""
    found = g.db.get(m.Site, site_id) or abort(404)
    form = SiteForm(obj=found).offer()
    del form.code  # it stands in exports and reports that people already hold
    if form.validate_on_submit():
        form.populate_obj(found)
        _record("changed a site", "site", found.id)
        flash(_("Saved."))
        return redirect(url_for(".site", site_id=found.id), 303)
    return render_template(
        "admin/site.html", form=form, site=found, place=_place(found), press=Press(), roles=SAFE_ROLE_NAMES
    )


@room.route("/site/<uuid:site_id>/safe_adult", methods=["GET", "POST"])
def safe_adult(site_id: uuid.UUID) -> str | Response:
    """Name somebody a child at this place can talk to."""
    found = g.db.get(m.Site, site_id) or abort(404)
    form = SafeAdultForm()
    form.taken = frozenset(adult.name.casefold() for adult in found.safe_adults)
    if form.validate_on_submit():
        made = enrol.safe_adult(
            g.db, found, form.name.data, form.kept_role, form.phone.data, from_outside=form.from_outside.data
        )
        _record("added a safe adult", "safe_adult", made.id)
        flash(_("%(name)s is added.", name=made.name))
        return redirect(url_for(".site", site_id=found.id), 303)
    return render_template("admin/safe_adult.html", form=form, site=found, roles=SAFE_ROLE_NAMES.values())


@room.post("/safe_adult/<uuid:adult_id>/remove")
def remove_safe_adult(adult_id: uuid.UUID) -> Response:
    """Take somebody off the help page of a place."""
    found = g.db.get(m.SafeAdult, adult_id) or abort(404)
    place = found.site
    place.safe_adults.remove(found)
    g.db.delete(found)
    _record("removed a safe adult", "safe_adult", found.id)
    flash(_("%(name)s is no longer shown to children.", name=found.name))
    if not invite.site_ready(place, flag.readers(g.db, place)):
        flash(_("No card can be printed at %(place)s until the list is complete again.", place=place.name), "wrong")
    return redirect(url_for(".site", site_id=place.id), 303)


def _add(form: SiteForm) -> m.Site | None:
    try:
        made = enrol.site(
            g.db,
            form.code.data.upper(),
            form.name.data,
            form.country.data,
            form.timezone.data,
            clock.today(form.timezone.data),
        )
    except enrol.AlreadyThere:
        said(form.code, _("Another place has this code. Choose a different one."))
        return None
    made.language = form.language.data
    made.helpline_name, made.helpline_number = form.helpline_name.data, form.helpline_number.data
    _record("added a site", "site", made.id)
    return made


def _as_last_time() -> dict[str, str]:
    last = g.db.scalar(select(m.Site).order_by(m.Site.opened_on.desc()).limit(1))
    return {"country": last.country, "timezone": last.timezone, "language": last.language} if last else {}


def _place(of: m.Site) -> readiness.Place:
    return readiness.Place(of, [person for person in readiness.working(g.db) if of in person.sites])


def _record(action: str, kind: str, thing: uuid.UUID) -> None:
    record.write(g.db, g.staff, action, kind, thing, clock.now())
    g.db.commit()
