"""Who signs in: add people, change where they work, give a new pass phrase, end employment."""

import uuid

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from .. import admit, clock, enrol, record
from .. import models as m
from . import room
from .fields import choices, said
from .forms import ROLE_TASKS, NewStaffForm, Press, StaffForm


@room.get("/staff_members")
def staff_members() -> str:
    """List everybody who signs in, and who did."""
    people = g.db.scalars(select(m.StaffMember).order_by(m.StaffMember.left_on.is_not(None), m.StaffMember.name)).all()
    return render_template("admin/staff_members.html", people=people)


@room.route("/new_staff_member", methods=["GET", "POST"])
def new_staff_member() -> str | Response:
    """Add somebody. A pass phrase made up here is shown once, on the page that answers this form, and kept nowhere."""
    form = NewStaffForm().offer(_places())
    if form.validate_on_submit():
        password = form.password.data or enrol.pass_phrase()
        made = _add(form, password)
        if made is not None and not form.password.data:
            return render_template("admin/pass_phrase.html", person=made, phrase=password)
        if made is not None:
            flash(_("%(name)s can sign in now.", name=made.name))
            return redirect(url_for(".staff_members"), 303)
    return render_template("admin/new_staff_member.html", form=form, role_tasks=ROLE_TASKS)


@room.route("/staff_member/<uuid:staff_id>", methods=["GET", "POST"])
def staff_member(staff_id: uuid.UUID) -> str | Response:
    """Change the name and the places. The role stays: another role is another sign-in."""
    person = g.db.get(m.StaffMember, staff_id) or abort(404)
    form = StaffForm(data=_as_it_is(person))
    form.sites.choices, form.role_of = choices(_places()), person.role
    if form.validate_on_submit():
        person.name, person.from_outside = form.name.data, form.from_outside.data
        person.sites = _chosen(form)
        _record("changed a staff member", person)
        flash(_("Saved."))
        return redirect(url_for(".staff_members"), 303)
    return render_template("admin/staff_member.html", form=form, person=person, press=Press())


@room.route("/staff_member/<uuid:staff_id>/pass_phrase", methods=["GET", "POST"])
def pass_phrase(staff_id: uuid.UUID) -> str:
    """Make up a new pass phrase, show it once, and end the person's sign-ins."""
    person = g.db.get(m.StaffMember, staff_id) or abort(404)
    form, phrase = Press(), ""
    if form.validate_on_submit():
        phrase = enrol.pass_phrase()
        admit.change_password(g.db, person, enrol.HASHER.hash(phrase))
        _record("gave a new pass phrase", person)
    return render_template("admin/pass_phrase.html", form=form, person=person, phrase=phrase)


@room.route("/staff_member/<uuid:staff_id>/leave", methods=["GET", "POST"])
def leave(staff_id: uuid.UUID) -> str | Response:
    """End employment today: from this moment the person cannot sign in, and open windows stop working."""
    person = g.db.get(m.StaffMember, staff_id) or abort(404)
    if person.id == g.staff.id:
        abort(404)  # somebody must be left to open the door: another administrator ends this employment
    form = Press()
    if form.validate_on_submit():
        person.left_on = max(clock.today(), person.joined_on)
        admit.change_password(g.db, person, person.password_hash)
        _record("ended employment", person)
        flash(_("%(name)s can no longer sign in.", name=person.name))
        return redirect(url_for(".staff_members"), 303)
    return render_template("admin/leave.html", form=form, person=person)


@room.post("/staff_member/<uuid:staff_id>/come_back")
def come_back(staff_id: uuid.UUID) -> Response:
    """Let somebody who left sign in again, with the old pass phrase."""
    person = g.db.get(m.StaffMember, staff_id) or abort(404)
    person.left_on = None
    _record("took up employment again", person)
    flash(_("%(name)s can sign in again.", name=person.name))
    return redirect(url_for(".staff_member", staff_id=person.id), 303)


def _add(form: NewStaffForm, password: str) -> m.StaffMember | None:
    try:
        made = enrol.staff(
            g.db, form.login.data, form.name.data, form.role.data, password, _chosen(form), clock.today()
        )
    except enrol.AlreadyThere:
        said(form.login, _("Somebody signs in with this name already. Choose another one."))
        return None
    except enrol.WeakPassword:
        said(form.password, _("Use at least twelve characters, without the sign-in name in it."))
        return None
    made.from_outside = form.from_outside.data
    _record("added a staff member", made)
    return made


def _as_it_is(person: m.StaffMember) -> dict[str, object]:
    return {"name": person.name, "from_outside": person.from_outside, "sites": [str(site.id) for site in person.sites]}


def _places() -> list[tuple[str, str]]:
    found = g.db.execute(select(m.Site.id, m.Site.name).order_by(func.lower(m.Site.name)))
    return [(str(row.id), row.name) for row in found]


def _chosen(form: StaffForm) -> list[m.Site]:
    chosen = [uuid.UUID(text) for text in form.sites.data or []]
    return list(g.db.scalars(select(m.Site).where(m.Site.id.in_(chosen))))


def _record(action: str, person: m.StaffMember) -> None:
    record.write(g.db, g.staff, action, "staff", person.id, clock.now())
    g.db.commit()
