"""Decide, topic by topic: first the own view (B, V) is locked, then the shared wish (W) is shown, then the decision
(D) is recorded.

Nothing here changes what a child said, and nothing is overwritten: a correction is a new decision that names the one
it amends.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from . import clock, record, reply
from . import models as m

UNSURE = "DK"
# "I don't want to answer" and a question never reached are no wish: they look like a wish that was not shared.
REACHED = m.Answer.missing.is_(None) | (m.Answer.missing != "NR")


class AlreadyLocked(Exception):
    """Belief and first view on this topic are locked; they can no longer be changed."""


class NotLocked(Exception):
    """Belief and first view come first: lock them before the wish is shown or a decision is recorded."""


class ReasonMissing(Exception):
    """The decision differs from the child's wish: choose at least one reason."""


class AlreadyDecided(Exception):
    """There is a decision on this topic; correct it with an amendment and say why."""


class AmendmentReasonMissing(Exception):
    """Say why the decision is corrected."""


class DateWrong(Exception):
    """The date of the decision lies in the future or before the round was opened."""


@dataclass(frozen=True)
class Wish:
    """What the child shared on one topic: an option, or one of the typed non-answers."""

    code: str | None
    missing: str | None
    received_on: dt.date

    @property
    def options(self) -> bool:
        """Did the child choose an option (not "I don't know")?"""
        return self.code is not None


@dataclass(frozen=True)
class Outcome:
    """What was decided on a topic, and how."""

    option: str
    decided_on: dt.date
    child_present: str
    took_part: Sequence[str] = ()
    reasons: Sequence[str] = ()
    weighing: str = ""


def lock(
    session: Session, in_round: m.Round, topic: str, belief: str, first_view: str, by: m.StaffMember, at: dt.datetime
) -> m.View:
    """Lock belief and first view. Raises `AlreadyLocked`."""
    if view(session, in_round.id, topic) is not None:
        raise AlreadyLocked
    made = m.View(
        id=uuid.uuid4(),
        round_id=in_round.id,
        topic=topic,
        staff_id=by.id,
        belief=belief,
        first_view=first_view,
        locked_at=at,
    )
    session.add(made)
    record.write(session, by, "locked a view", "view", made.id, at)
    session.flush()
    return made


def view(session: Session, round_id: uuid.UUID, topic: str) -> m.View | None:
    """Return the locked view on a topic, if there is one."""
    return session.scalar(select(m.View).where(m.View.round_id == round_id, m.View.topic == topic))


def release(session: Session, locked: m.View, by: m.StaffMember, at: dt.datetime) -> Wish | None:
    """Show the shared wish to somebody, and record that it was shown. None if nothing is shared (yet)."""
    wish = shared_wish(session, locked.round_id, locked.topic)
    if wish is not None and not released(session, locked, by):
        session.add(
            m.Release(id=uuid.uuid4(), view_id=locked.id, staff_id=by.id, locked_at=locked.locked_at, released_at=at)
        )
        record.write(session, by, "saw a shared wish", "view", locked.id, at)
        session.flush()
    return wish


def released(session: Session, locked: m.View, to: m.StaffMember) -> bool:
    """Has this person been shown the wish?"""
    shown = select(m.Release.id).where(m.Release.view_id == locked.id, m.Release.staff_id == to.id)
    return session.scalar(shown.limit(1)) is not None


def shared_wish(session: Session, round_id: uuid.UUID, topic: str) -> Wish | None:
    """Return the wish the child chose to share on this topic, if any.

    The newest answer counts: a child who answers again and keeps it has taken the sharing back.
    """
    row = session.execute(
        select(m.Answer.code, m.Answer.missing, m.Answer.shared, m.Submission.received_on)
        .join(m.Submission, m.Submission.id == m.Answer.submission_id)
        .where(m.Submission.round_id == round_id, m.Answer.topic == topic, REACHED)
        .order_by(m.Submission.n.desc())
        .limit(1)
    ).first()
    if row is None or not row.shared or row.missing == "SK":
        return None
    return Wish(row.code, row.missing, row.received_on)


def close(
    session: Session, in_round: m.Round, topic: str, outcome: Outcome, draft: reply.Draft,
    by: m.StaffMember, at: dt.datetime, amends: m.Decision | None = None, because: str = "",
) -> m.Decision:  # fmt: skip
    """Record what was decided; this owes the child a reply.

    Raises `NotLocked`, `ReasonMissing`, `DateWrong`, `AlreadyDecided` or, for an amendment, `AmendmentReasonMissing`.
    """
    locked = view(session, in_round.id, topic)
    if locked is None:
        raise NotLocked
    _check_place(session, in_round, topic, amends, because)
    wish = shared_wish(session, in_round.id, topic)
    differs = wish is not None and wish.options and wish.code != outcome.option
    if differs and not outcome.reasons:
        raise ReasonMissing
    if not in_round.opened_on <= outcome.decided_on <= clock.date_at(at, in_round.child.site.timezone):
        raise DateWrong
    made = _decision(locked, outcome, differs, by, at)
    made.amends_id, made.amendment_reason = (amends.id, because.strip()) if amends else (None, None)
    session.add(made)
    session.flush()
    record.write(session, by, "amended a decision" if amends else "recorded a decision", "decision", made.id, at)
    reply.owe(session, made, draft)
    return made


def in_force(session: Session, round_id: uuid.UUID, topic: str) -> m.Decision | None:
    """Return the decision that stands: the one no other amends."""
    later = aliased(m.Decision)
    return session.scalar(
        select(m.Decision)
        .outerjoin(later, later.amends_id == m.Decision.id)
        .where(m.Decision.round_id == round_id, m.Decision.topic == topic, later.id.is_(None))
    )


def history(session: Session, round_id: uuid.UUID, topic: str) -> Sequence[m.Decision]:
    """Return every decision on a topic, oldest first."""
    mine = select(m.Decision).where(m.Decision.round_id == round_id, m.Decision.topic == topic)
    return session.scalars(mine.order_by(m.Decision.recorded_at)).all()


def _check_place(session: Session, in_round: m.Round, topic: str, amends: m.Decision | None, because: str) -> None:
    standing = in_force(session, in_round.id, topic)
    if standing is not None and (amends is None or amends.id != standing.id):
        raise AlreadyDecided
    if amends is not None and not because.strip():
        raise AmendmentReasonMissing


def _decision(locked: m.View, outcome: Outcome, differs: bool, by: m.StaffMember, at: dt.datetime) -> m.Decision:
    return m.Decision(
        id=uuid.uuid4(), view_id=locked.id, round_id=locked.round_id, topic=locked.topic, staff_id=by.id,
        option=outcome.option, decided_on=outcome.decided_on, recorded_at=at, differs=differs,
        reasons=tuple(outcome.reasons), weighing=outcome.weighing, child_present=outcome.child_present,
        took_part=tuple(outcome.took_part),
    )  # fmt: skip
