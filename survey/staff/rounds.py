"""One round: its topics with the state of each, its cards, and what staff are asked about it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from .. import clock, decide, invite, publish, reply
from .. import models as m
from ..catalogue import Topic
from . import cards, load, room


@dataclass(frozen=True)
class Line:
    """How far one topic has come."""

    topic: Topic
    view: m.View | None
    wish: str
    decision: m.Decision | None
    reply: m.Reply | None

    @property
    def next_step(self) -> str:
        """Return view, wish, decision, reply, tell or nothing."""
        if self.view is None:
            return "view"
        if self.wish == "unseen":
            return "wish"
        if self.decision is None:
            return "decision"
        if self.reply is None or self.reply.told_on is not None:
            return ""
        return "reply" if self.reply.written_at is None else "tell"


@room.get("/round/<uuid:round_id>", endpoint="round")
def show(round_id: uuid.UUID) -> str:
    """Show a round."""
    found = load.round_(round_id)
    lines = of_round(found)
    return render_template(
        "staff/round.html", round=found, child=found.child, stage=load.catalogue().stages[found.stage], lines=lines,
        today=load.today(found.child), asked=_asked(found), cards=cards.printed(found),
        ready_to_read=bool(reply.readable(g.db, found.id)), barrier=cards.barrier(found),
    )  # fmt: skip


@room.post("/round/<uuid:round_id>/close")
def close_round(round_id: uuid.UUID) -> Response:
    """Close a round: it leaves the list of things to do."""
    found = load.round_(round_id)
    invite.close_round(g.db, found, g.staff, load.today(found.child), clock.now())
    g.db.commit()
    flash(_("The round is closed. It can still be read, and answers can still be written."))
    return redirect(url_for(".child", child_id=found.child_id), 303)


def of_round(in_round: m.Round) -> list[Line]:
    """Return the topics of a round, each with its state."""
    answers = {owed.decision.topic: owed for owed in reply.of_round(g.db, in_round.id)}
    return [_line(in_round, topic, answers) for topic in load.catalogue().topics_of(in_round.stage)]


def _line(in_round: m.Round, topic: Topic, answers: Mapping[str, m.Reply]) -> Line:
    locked = decide.view(g.db, in_round.id, topic.id)
    return Line(topic, locked, _wish(locked), decide.in_force(g.db, in_round.id, topic.id), answers.get(topic.id))


def _wish(locked: m.View | None) -> str:
    """Return hidden (before the lock), none (shared so far), unseen or seen."""
    if locked is None:
        return "hidden"
    if decide.shared_wish(g.db, locked.round_id, locked.topic) is None:
        return "none"
    return "seen" if decide.released(g.db, locked, g.staff) else "unseen"


def _asked(in_round: m.Round) -> tuple[m.Questionnaire | None, m.StaffForm | None]:
    document = publish.latest(g.db, "staff", in_round.stage)
    mine = select(m.StaffForm).where(m.StaffForm.round_id == in_round.id, m.StaffForm.staff_id == g.staff.id)
    return document, g.db.scalar(mine.order_by(m.StaffForm.begun_on.desc()).limit(1))
