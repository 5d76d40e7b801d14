"""One child's case: the path through the stages, the permission, and how a child joins the caseload."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from .. import choose, clock, enrol, invite
from .. import models as m
from ..catalogue import Stage
from . import languages, load, room
from .caseload import newest
from .due import Desk
from .forms import Child, Permission, given_by, label, offered, said

CARE = ("S1", "S2", "S3", "S4", "S5", "S6")
BESIDE = ("R", "G")


@dataclass(frozen=True)
class Step:
    """One stage of the path, with the child's rounds in it."""

    stage: Stage
    rounds: Sequence[m.Round]

    now: bool

    @property
    def state(self) -> str:
        """Return now, done or next."""
        return "now" if self.now else "done" if self.rounds else "next"

    @property
    def open(self) -> bool:
        """Is a round of this stage open?"""
        return any(one.closed_on is None for one in self.rounds)


@room.get("/child/<uuid:child_id>")
def child(child_id: uuid.UUID) -> str:
    """Show a child's case."""
    found = load.child(child_id)
    today = load.today(found)
    return render_template(
        "staff/child.html", child=found, age=clock.age(found.born_month, today),
        group=clock.age_group(found.born_month, today), path=_steps(found, CARE), beside=_steps(found, BESIDE),
        due=Desk(g.db, g.staff, load.catalogue(), today).of([found]).get(found.id, ()), today=today,
        permitted=invite.permitted(g.db, found, today), given_by=dict(given_by()), team=_team(found),
        spoken=languages.spoken(found),
    )  # fmt: skip


@room.route("/add_child", methods=["GET", "POST"])
def add_child() -> str | Response:
    """Bring a child into my caseload."""
    form = _offer(Child(came_on=load.today(), language=_first_language()))
    if form.validate_on_submit():
        made = _add(form)
        if made is not None:
            flash(_("The child is in your care now. Next: record the permission."))
            return redirect(url_for(".permission", child_id=made.id), 303)
    return render_template("staff/add_child.html", form=form)


@room.route("/child/<uuid:child_id>/permission", methods=["GET", "POST"])
def permission(child_id: uuid.UUID) -> str | Response:
    """Record the guardian's or authority's yes."""
    found = load.child(child_id)
    form = Permission()
    form.given_by.choices = offered(given_by())
    if form.validate_on_submit() and _dates_fit(form, load.today(found)):
        enrol.permission(
            g.db, found, form.given_by.data, form.given_on.data, g.staff, clock.now(), form.valid_until.data
        )
        g.db.commit()
        flash(_("The permission is recorded. The child's own yes is asked at every visit."))
        return redirect(url_for(".child", child_id=found.id), 303)
    return render_template("staff/permission.html", form=form, child=found, given_by=dict(given_by()))


@room.post("/child/<uuid:child_id>/open_round/<stage>")
def open_round(child_id: uuid.UUID, stage: str) -> Response:
    """Open the child's next pass through a stage; one that is open already is shown instead."""
    found = load.child(child_id)
    known = load.catalogue().stages.get(stage)
    if known is None:
        flash(_("There is no such stage."), "wrong")
        return redirect(url_for(".child", child_id=found.id), 303)
    opened = next((one for one in found.rounds if one.stage == stage and one.closed_on is None), None)
    if opened is None:
        opened = invite.open_round(g.db, found, stage, g.staff, load.today(found), clock.now())
        g.db.commit()
        flash(_("The round is open. Print a card so that the child can say what they wish."))
    return redirect(url_for(".round", round_id=opened.id), 303)


def _steps(of: m.Child, wanted: Sequence[str]) -> list[Step]:
    stages, here = load.catalogue().stages, newest(of.rounds)
    rounds = {code: [one for one in of.rounds if one.stage == code] for code in wanted if code in stages}
    return [Step(stages[code], found, here in found) for code, found in rounds.items()]


def _team(of: m.Child) -> list[m.StaffMember]:
    held = select(m.Assignment).where(m.Assignment.child_id == of.id, m.Assignment.until.is_(None))
    return [one.staff for one in g.db.scalars(held.order_by(m.Assignment.since))]


def _offer(form: Child) -> Child:
    form.site.choices = offered((str(site.id), site.name) for site in g.staff.sites)
    form.sex.choices = offered([("F", _("Girl")), ("M", _("Boy")), ("X", _("Another answer")), ("", _("Not recorded"))])
    form.language.choices = offered(languages.names())
    return form


def _first_language() -> str:
    """The language of the place, if children are offered it."""
    codes = choose.chosen(g.db)
    here = g.staff.sites[0].language if g.staff.sites else codes[0]
    return here if here in codes else codes[0]


def _add(form: Child) -> m.Child | None:
    today = load.today()
    if not _is_of_age(form, today):
        return None
    site = g.db.get(m.Site, uuid.UUID(form.site.data))
    try:
        made = enrol.child(
            g.db, form.name.data, form.case_number.data, site, form.born_month.data, form.came_on.data,
            form.sex.data or None, form.language.data,
        )  # fmt: skip
    except enrol.AlreadyThere:
        g.db.rollback()
        said(form.case_number, _("A child with this case number is here already. Ask who holds the case."))
        return None
    enrol.assign(g.db, made, g.staff, form.came_on.data)
    g.db.commit()
    return made


def _is_of_age(form: Child, today: dt.date) -> bool:
    if form.came_on.data > today:
        said(form.came_on, _("This date lies in the future."))
    elif not 0 <= clock.age(form.born_month.data, today) <= 17:
        said(form.born_month, _("Heard is for children up to 17. Check the year."))
    elif form.born_month.data > form.came_on.data:
        said(form.came_on, _("This is before the child was born. Check both dates."))
    return not form.errors


def _dates_fit(form: Permission, today: dt.date) -> bool:
    if form.given_on.data > today:
        said(form.given_on, _("This date lies in the future."))
    elif form.valid_until.data and form.valid_until.data < form.given_on.data:
        said(form.valid_until, _("The permission ends before it begins. Check both dates."))
    return not form.errors


@room.app_template_filter()
def of_permission(one: m.Permission) -> str:
    """Return who gave a permission, in words."""
    return label(given_by(), one.given_by)
