"""What is due for each child, in a handful of queries however many children there are.

Nothing here says whether a child took part, refused or skipped: a wish counts only when it is shared and the own view
is locked (the session shows no other), and the absence of one is never listed.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from .. import clock
from .. import models as m
from ..catalogue import Catalogue

REVIEW_EVERY = dt.timedelta(days=92)
ORDER = {"overdue": 0, "due": 1, "waiting": 2}


@dataclass(frozen=True)
class Due:
    """One thing to do: how urgent, in words, and where to do it."""

    kind: str
    words: str
    url: str


@dataclass(frozen=True)
class Owed:
    """A child who waits for an answer."""

    child: m.Child
    reply: m.Reply
    days: int

    @property
    def age(self) -> int:
        """Return how old the child is today; with the case number it tells children of one name apart."""
        return clock.age(self.child.born_month, clock.today(self.child.site.timezone))

    @property
    def kind(self) -> str:
        """Return overdue or due."""
        return "overdue" if self.days < 0 else "due"

    @property
    def words(self) -> str:
        """Return how many days are left, or have passed."""
        if self.days < 0:
            return str(ngettext("%(num)d day overdue", "%(num)d days overdue", -self.days))
        if self.days == 0:
            return str(_("Due today"))
        return str(ngettext("Due in %(num)d day", "Due in %(num)d days", self.days))


def owed(session: Session, children: Iterable[m.Child], today: dt.date) -> list[Owed]:
    """Return the answers still owed for decisions that stand, the oldest first."""
    later = aliased(m.Decision)
    rows = session.execute(
        select(m.Reply, m.Round.child_id)
        .join(m.Round, m.Round.id == m.Reply.round_id)
        .join(m.Decision, m.Decision.id == m.Reply.decision_id)
        .outerjoin(later, later.amends_id == m.Decision.id)
        .where(m.Reply.told_on.is_(None), later.id.is_(None))
        .order_by(m.Reply.due_on, m.Reply.id)
    )
    known = {child.id: child for child in children}
    return [Owed(known[child], reply, (reply.due_on - today).days) for reply, child in rows if child in known]


def by_child(waiting: Iterable[Owed]) -> dict[uuid.UUID, list[Owed]]:
    """Return the answers owed to each child, the oldest first."""
    found: dict[uuid.UUID, list[Owed]] = defaultdict(list)
    for one in waiting:
        found[one.child.id].append(one)
    return found


SAID = m.Answer.missing.is_(None) | m.Answer.missing.not_in(
    ("SK", "NR")
)  # "I don't want to answer" looks like nothing shared


class Desk:
    """Everything that is due on one person's desk."""

    def __init__(self, session: Session, staff: m.StaffMember, catalogue: Catalogue, today: dt.date) -> None:
        self._session, self._staff, self._catalogue, self._today = session, staff, catalogue, today
        self._required = session.get_one(m.Organisation, 1).permission_required

    def of(self, children: Sequence[m.Child]) -> dict[uuid.UUID, list[Due]]:
        """Return what is due, by child, the most urgent first."""
        due: dict[uuid.UUID, list[Due]] = defaultdict(list)
        for key, waiting in by_child(owed(self._session, children, self._today)).items():
            due[key] += _answers(waiting)
        rounds = self._rounds(children)
        for child in children:
            due[child.id] += [*self._permission(child), *self._review(child, rounds[child.id])]
        for in_round, one in self._of_rounds(rounds):
            due[in_round.child_id].append(one)
        return {child: sorted(found, key=lambda one: ORDER[one.kind]) for child, found in due.items()}

    def _rounds(self, children: Sequence[m.Child]) -> dict[uuid.UUID, list[m.Round]]:
        found: dict[uuid.UUID, list[m.Round]] = defaultdict(list)
        ids = [child.id for child in children]
        for row in self._session.scalars(select(m.Round).where(m.Round.child_id.in_(ids)).order_by(m.Round.opened_on)):
            found[row.child_id].append(row)
        return found

    def _permission(self, child: m.Child) -> list[Due]:
        if not self._required or any(_in_force(one, self._today) for one in child.permissions):
            return []
        words = _("Permission has run out") if child.permissions else _("Permission is missing")
        return [Due("due", words, url_for("staff.permission", child_id=child.id))]

    def _review(self, child: m.Child, rounds: Sequence[m.Round]) -> list[Due]:
        planned = [one for one in rounds if one.stage in ("S3", "S4", "S5")]
        ended = any(one.stage == "S6" for one in rounds) or child.left_on is not None
        if ended or not planned or planned[-1].opened_on + REVIEW_EVERY >= self._today:
            return []
        return [Due("due", _("A review is due: the last step is older than three months"), _to_child(child))]

    def _of_rounds(self, rounds: dict[uuid.UUID, list[m.Round]]) -> Iterable[tuple[m.Round, Due]]:
        opened = [one for found in rounds.values() for one in found if one.closed_on is None]
        views, decided = self._views(opened), self._decided(opened)
        unseen = self._unseen(opened)
        for one in opened:
            topics = {topic.id for topic in self._catalogue.topics_of(one.stage)}
            yield from ((one, due) for due in self._round(one, topics, views[one.id], decided[one.id], unseen[one.id]))

    def _round(
        self, one: m.Round, topics: set[str], viewed: set[str], decided: set[str], unseen: set[str]
    ) -> Iterable[Due]:
        to_see, to_lock, to_decide = len(unseen), len(topics - viewed), len((topics & viewed) - decided - unseen)
        stage, url = self._catalogue.stages[one.stage].title, url_for("staff.round", round_id=one.id)
        for kind, n, what in (
            ("due", to_see, ngettext("%(num)d wish to look at", "%(num)d wishes to look at", to_see)),
            ("waiting", to_lock, ngettext("%(num)d view to lock", "%(num)d views to lock", to_lock)),
            ("waiting", to_decide, ngettext("%(num)d decision to record", "%(num)d decisions to record", to_decide)),
        ):
            if n:
                yield Due(kind, _("%(what)s (%(stage)s)", what=what, stage=stage), url)

    def _views(self, rounds: Sequence[m.Round]) -> dict[uuid.UUID, set[str]]:
        found = select(m.View.round_id, m.View.topic).where(m.View.round_id.in_([one.id for one in rounds]))
        return _by_round(self._session.execute(found))

    def _decided(self, rounds: Sequence[m.Round]) -> dict[uuid.UUID, set[str]]:
        found = select(m.Decision.round_id, m.Decision.topic).where(m.Decision.round_id.in_([one.id for one in rounds]))
        return _by_round(self._session.execute(found))

    def _unseen(self, rounds: Sequence[m.Round]) -> dict[uuid.UUID, set[str]]:
        ids = [one.id for one in rounds]
        shared = (
            select(m.Submission.round_id, m.Answer.topic)
            .join(m.Submission, m.Submission.id == m.Answer.submission_id)
            .where(m.Submission.round_id.in_(ids), m.Answer.shared.is_(True), SAID)
        )
        shown = (
            select(m.View.round_id, m.View.topic)
            .join(m.Release, m.Release.view_id == m.View.id)
            .where(m.View.round_id.in_(ids), m.Release.staff_id == self._staff.id)
        )
        seen = _by_round(self._session.execute(shown))
        return _by_round((r, t) for r, t in self._session.execute(shared) if t is not None and t not in seen[r])


def _in_force(one: m.Permission, today: dt.date) -> bool:
    ends = one.valid_until is None or one.valid_until >= today
    return one.withdrawn_on is None and one.given_on <= today and ends


def _by_round(rows: Iterable[tuple[uuid.UUID, str]]) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for in_round, topic in rows:
        found[in_round].add(topic)
    return found


def _answers(waiting: Sequence[Owed]) -> Iterable[Due]:
    late = [one for one in waiting if one.days < 0]
    if late:
        words = ngettext("%(num)d answer overdue", "%(num)d answers overdue", len(late))
        yield Due("overdue", words, _to_reply(late[0].reply))
    if len(late) < len(waiting):
        first = waiting[len(late)]
        words = ngettext("%(num)d answer owed", "%(num)d answers owed", len(waiting) - len(late))
        yield Due("due", _("%(answers)s: %(when)s", answers=words, when=first.words), _to_reply(first.reply))


def _to_reply(owed: m.Reply) -> str:
    return url_for("staff.reply", reply_id=owed.id)


def _to_child(child: m.Child) -> str:
    return url_for("staff.child", child_id=child.id)
