"""Who may read which rows: the only way to a session for somebody who is signed in.

Each rule is one line below, in words the house uses. A kind of row without a rule for a role is invisible to that
role: deny by default. The rules are added to every ORM select, update and delete of the session (`do_orm_execute`),
so no view can forget them; `tests/test_house.py` keeps raw SQL out of the rooms.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, event, exists, false, or_, select, tuple_
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria

from . import models as m

# A rule is a function of the rows it is about, so that it also holds for an alias of them, wherever that stands.
Rule = Callable[[Any], ColumnElement[bool]]
Rules = dict[type[Any], Rule]

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
    held, rounds_of, seen, said = (_table(kind) for kind in (m.Assignment, m.Round, m.View, m.Submission))
    children = select(held.c.child_id).where(held.c.staff_id == staff.id, held.c.until.is_(None))
    rounds = select(rounds_of.c.id).where(rounds_of.c.child_id.in_(children))
    views = select(seen.c.id).where(seen.c.round_id.in_(rounds))
    unlocked = (
        select(said.c.id, seen.c.topic)
        .join(seen, seen.c.round_id == said.c.round_id)
        .where(seen.c.round_id.in_(rounds), ~_answered_again(said, seen))
    )
    forms = _forms_of(staff)
    mine = staff.id
    return {
        m.Child: lambda row: row.id.in_(children),
        m.ChildIdentity: lambda row: row.child_id.in_(children),
        m.Assignment: lambda row: row.child_id.in_(children),
        m.Permission: lambda row: row.child_id.in_(children),
        m.Round: lambda row: row.child_id.in_(children),
        m.Card: lambda row: row.round_id.in_(rounds),
        m.Submission: lambda row: row.round_id.in_(rounds),
        m.Answer: lambda row: and_(
            row.shared.is_(True), row.seen_by == "team", tuple_(row.submission_id, row.topic).in_(unlocked)
        ),
        m.View: lambda row: row.round_id.in_(rounds),
        m.Release: lambda row: row.view_id.in_(views),
        m.Decision: lambda row: row.round_id.in_(rounds),
        m.StaffForm: lambda row: row.staff_id == mine,
        m.StaffAnswer: lambda row: row.form_id.in_(forms),
        m.Reply: lambda row: row.round_id.in_(rounds),
    }


def _safeguarding(staff: m.StaffMember) -> Rules:
    """Concerns and set-aside submissions of the own sites; who the child is only through `flag.identify`."""
    works_at = _table(m.StaffSite)
    sites = select(works_at.c.site_id).where(works_at.c.staff_id == staff.id)
    return {m.Concern: lambda row: row.site_id.in_(sites), m.SetAside: lambda row: row.site_id.in_(sites)}


def _answered_again(said: FromClause, seen: FromClause) -> ColumnElement[bool]:
    """The newest answer to a topic counts: one that the child kept takes back the sharing of the one before."""
    later, answer = _table(m.Submission).alias(), _table(m.Answer).alias()
    return exists().where(
        later.c.round_id == said.c.round_id,
        later.c.wave == said.c.wave,
        later.c.n > said.c.n,
        answer.c.submission_id == later.c.id,
        answer.c.topic == seen.c.topic,
        or_(answer.c.missing.is_(None), answer.c.missing != "NR"),
    )


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
        yield with_loader_criteria(kind, rules.get(kind, _nothing), include_aliases=True)


def _nothing(_row: Any) -> ColumnElement[bool]:
    return false()
