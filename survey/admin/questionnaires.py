"""The questionnaires: what is published, and publishing what was shipped with this version of Heard."""

import uuid

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from .. import clock, publish, record
from ..instrument.problem import MOST
from ..instrument.publish import CannotPublish
from . import room
from .forms import Press

ALL_OF_THEM = uuid.UUID(int=1)


@room.route("/questionnaires", methods=["GET", "POST"])
def questionnaires() -> str | Response:
    """List what is published; publish what is new. Either everything is published or nothing."""
    form, problems, changed = Press(), [], ""
    if form.validate_on_submit():
        try:
            return _publish()
        except (publish.NotPublishable, CannotPublish) as error:
            problems = sorted(set(error.problems))
        except publish.VersionNotRaised as error:
            changed = str(error)
        g.db.rollback()
    return render_template(
        "admin/questionnaires.html", form=form, rows=publish.all_current(g.db), changed=changed,
        problems=problems[:MOST], more=max(0, len(problems) - MOST),
    )  # fmt: skip


def _publish() -> Response:
    new = publish.everything(g.db, publish.shipped(), clock.now())
    record.write(g.db, g.staff, "published questionnaires", "questionnaire", ALL_OF_THEM, clock.now())
    g.db.commit()
    told = ngettext("%(num)d document is published.", "%(num)d documents are published.", len(new))
    flash(told if new else _("Nothing is new: everything was published before."))
    return redirect(url_for(".questionnaires"), 303)
