"""Raise a concern: something an adult must read today. Always in the transaction of the answer that caused it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import models as m
from . import record
from .seal import Seal

TALK = "TALK"


@dataclass(frozen=True)
class Cause:
    """What raised it: `rule` is the question's id, or TALK; `text` what the child wrote, if anything."""

    rule: str
    level: str
    text: str | None = None


class AlreadyClosed(Exception):
    """This concern has been closed before; open the record to see by whom."""


class OutcomeMissing(Exception):
    """A concern is closed only with an outcome a person chose."""


def raise_concern(
    session: Session,
    seal: Seal,
    cause: Cause,
    submission: uuid.UUID,
    site: uuid.UUID,
    round_id: uuid.UUID | None,
    on: dt.date,
) -> None:
    """Add a concern once per submission and rule; a repeated envelope changes nothing."""
    known = select(m.Concern.id).where(m.Concern.submission_id == submission, m.Concern.rule == cause.rule)
    if session.scalar(known) is not None:
        return
    concern = m.Concern(
        id=uuid.uuid4(), site_id=site, round_id=round_id, submission_id=submission,
        level=cause.level, rule=cause.rule, raised_on=on,
    )  # fmt: skip
    if cause.text:
        concern.sealed_text = seal.close(cause.text, place(concern))
    session.add(concern)


def readers(session: Session, site: m.Site) -> Sequence[m.StaffMember]:
    """Return who reads the concerns of a site, somebody who works there first: the names children are told."""
    works_here = m.StaffMember.sites.any(m.Site.id == site.id)
    leads = select(m.StaffMember).where(
        m.StaffMember.role == "safeguarding_lead", m.StaffMember.left_on.is_(None), works_here
    )
    return session.scalars(leads.order_by(m.StaffMember.from_outside, m.StaffMember.name)).all()


def place(concern: m.Concern) -> str:
    """Return the place a concern's text is sealed for."""
    return f"concern:{concern.id}"


def text(seal: Seal, concern: m.Concern) -> str | None:
    """Return what the child wrote, if the concern holds words."""
    return seal.open(concern.sealed_text, place(concern)) if concern.sealed_text else None


def take(session: Session, concern: m.Concern, by: m.StaffMember, at: dt.datetime) -> None:
    """Somebody has read it and says so."""
    if concern.seen_at is None:
        concern.seen_by, concern.seen_at = by.id, at
        record.write(session, by, "read a concern", "concern", concern.id, at)


def close(session: Session, concern: m.Concern, outcome: str, note: str, by: m.StaffMember, at: dt.datetime) -> None:
    """Close a concern with what came of it. Raises `AlreadyClosed` or `OutcomeMissing`."""
    if concern.closed_at is not None:
        raise AlreadyClosed
    if outcome not in m.OUTCOMES:
        raise OutcomeMissing
    take(session, concern, by, at)
    concern.closed_by, concern.closed_at = by.id, at
    concern.outcome, concern.outcome_note = outcome, note
    record.write(session, by, "closed a concern", "concern", concern.id, at)


def identify(
    session: Session, concern: m.Concern, reason: str, by: m.StaffMember, at: dt.datetime
) -> m.ChildIdentity | None:
    """Say whose concern it is; the act and its author are recorded. Needs a session that is not scoped to a
    caseload."""
    record.write(session, by, "looked up a child", "concern", concern.id, at, reason[:200])
    found = select(m.ChildIdentity).join(m.Round, m.Round.child_id == m.ChildIdentity.child_id)
    return session.scalar(found.where(m.Round.id == concern.round_id))
