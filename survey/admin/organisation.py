"""The organisation's name and rules."""

import uuid

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from .. import clock, record
from .. import models as m
from . import room
from .forms import OrganisationForm

ONLY_ONE = uuid.UUID(int=1)


@room.route("/organisation", methods=["GET", "POST"])
def organisation() -> str | Response:
    """Name the organisation and set its rules."""
    found = g.db.get_one(m.Organisation, 1)
    form = OrganisationForm(obj=found)
    if form.validate_on_submit():
        form.populate_obj(found)
        record.write(g.db, g.staff, "changed the organisation", "organisation", ONLY_ONE, clock.now())
        g.db.commit()
        flash(_("Saved."))
        return redirect(url_for("admin.home"), 303)
    return render_template("admin/organisation.html", form=form)
