"""Who may read which rows: the only way to a session for somebody who is signed in.

Each rule is one line below, in words the house uses. A kind of row without a rule for a role is invisible to that
role: deny by default. The rules are added to every ORM select, update and delete of the session (`do_orm_execute`),
so no view can forget them; `tests/test_house.py` keeps raw SQL out of the rooms.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, event, exists, false, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria

from . import models as m

Rules = dict[type[Any], ColumnElement[bool]]

# Rows that say something about a child, or about what was said. Everything else is organisation, people and documents.
GUARDED: tuple[type[Any], ...] = (
    m.Child, m.ChildIdentity, m.Assignment, m.Permission, m.Round, m.Card, m.Submission, m.Answer, m.SetAside,
    m.RefusalCount, m.View, m.Release, m.Decision, m.StaffForm, m.StaffAnswer, m.Reply, m.Concern, m.Record,
)  # fmt: skip


def session(factory: sessionmaker[Session], staff: m.StaffMember) -> Session:
    """Return a session in which `staff` sees only what the house allows."""
    opened = factory()
    opened.info["rules"] = _rules(staff)
    return opened


def _rules(staff: m.StaffMember) -> Rules:
    if staff.role in ("coordinator", "psychologist"):
        return _caseload(staff)
    if staff.role == "safeguarding_lead":
        return _safeguarding(staff)
    return {}


def _caseload(staff: m.StaffMember) -> Rules:
    """Own children; of what they said only shared wishes, and those only after the own view is locked."""
    held, rounds_of, views, said = (_table(kind) for kind in (m.Assignment, m.Round, m.View, m.Submission))
    children = select(held.c.child_id).where(held.c.staff_id == staff.id, held.c.until.is_(None))
    rounds = select(rounds_of.c.id).where(rounds_of.c.child_id.in_(children))
    view_locked = exists().where(
        said.c.id == m.Answer.submission_id,
        views.c.round_id == said.c.round_id,
        views.c.topic == m.Answer.topic,
        views.c.round_id.in_(rounds),
    )
    return {
        m.Child: m.Child.id.in_(children),
        m.ChildIdentity: m.ChildIdentity.child_id.in_(children),
        m.Assignment: m.Assignment.child_id.in_(children),
        m.Permission: m.Permission.child_id.in_(children),
        m.Round: m.Round.child_id.in_(children),
        m.Card: m.Card.round_id.in_(rounds),
        m.Submission: m.Submission.round_id.in_(rounds),
        m.Answer: and_(m.Answer.shared.is_(True), m.Answer.seen_by == "team", view_locked),
        m.View: m.View.round_id.in_(rounds),
        m.Release: m.Release.view_id.in_(select(views.c.id).where(views.c.round_id.in_(rounds))),
        m.Decision: m.Decision.round_id.in_(rounds),
        m.StaffForm: m.StaffForm.staff_id == staff.id,
        m.StaffAnswer: m.StaffAnswer.form_id.in_(_forms_of(staff)),
        m.Reply: m.Reply.round_id.in_(rounds),
    }


def _safeguarding(staff: m.StaffMember) -> Rules:
    """Concerns and set-aside submissions of the own sites; who the child is only through `flag.identify`."""
    works_at = _table(m.StaffSite)
    sites = select(works_at.c.site_id).where(works_at.c.staff_id == staff.id)
    return {m.Concern: m.Concern.site_id.in_(sites), m.SetAside: m.SetAside.site_id.in_(sites)}


def _forms_of(staff: m.StaffMember) -> Select[Any]:
    forms = _table(m.StaffForm)
    return select(forms.c.id).where(forms.c.staff_id == staff.id)


def _table(kind: type[m.Base]) -> FromClause:
    # Bare tables inside the rules: a rule must not be subject to the rules.
    return kind.__table__


@event.listens_for(Session, "do_orm_execute")
def _guard(state: ORMExecuteState) -> None:
    rules = state.session.info.get("rules")
    if rules is None or state.is_column_load:
        return
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(*_criteria(rules))


def _criteria(rules: Rules) -> Iterator[Any]:
    for kind in GUARDED:
        yield with_loader_criteria(kind, rules.get(kind, false()), include_aliases=True)
