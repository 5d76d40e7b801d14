"""Topic by topic: the own view is locked, then the shared wish appears beside the form, then comes the decision."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from .. import clock, decide, language, reply
from .. import models as m
from ..catalogue import Catalogue, Reason, Topic
from . import load, room, rounds
from .forms import Amendment, Decision, View, offered, said, yes_partly_no

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Desk:
    """Everything on the desk for one topic of one round."""

    round: m.Round
    topic: Topic
    view: m.View | None
    shared: decide.Wish | None
    shown: bool
    history: Sequence[m.Decision]

    @property
    def standing(self) -> m.Decision | None:
        """Return the decision that stands."""
        amended = {one.amends_id for one in self.history}
        return next((one for one in self.history if one.id not in amended), None)

    @property
    def wish(self) -> decide.Wish | None:
        """Return the shared wish, if it was shown to whoever looks."""
        return self.shared if self.shown else None

    @property
    def step(self) -> int:
        """Return 1 view, 2 wish, 3 decision, 4 answer."""
        if self.view is None:
            return 1
        if self.shared is not None and not self.shown:
            return 2
        return 3 if self.standing is None else 4


@room.get("/round/<uuid:round_id>/topic/<topic_id>")
def decision(round_id: uuid.UUID, topic_id: str) -> str:
    """Show where this topic stands and the form for its next step."""
    return _page(_desk(round_id, topic_id))


@room.post("/round/<uuid:round_id>/topic/<topic_id>/lock")
def lock(round_id: uuid.UUID, topic_id: str) -> Answer:
    """Lock belief and first view; from then on a shared wish may be shown."""
    desk = _desk(round_id, topic_id)
    form = _view_form(desk.topic)
    if not form.validate():
        return _page(desk, view_form=form), 422
    try:
        at = clock.now()
        made = decide.lock(g.db, desk.round, desk.topic.id, form.belief.data, form.first_view.data, g.staff, at)
        decide.release(g.db, made, g.staff, at)
        g.db.commit()
        flash(_("Your view is locked."))
    except (decide.AlreadyLocked, IntegrityError):
        g.db.rollback()
        flash(_("A view on this topic was locked before; it stays as it was."), "wrong")
    return _back(desk)


@room.post("/round/<uuid:round_id>/topic/<topic_id>/show_wish")
def show_wish(round_id: uuid.UUID, topic_id: str) -> Answer:
    """Show a wish that was shared after the view was locked, and write down that it was shown."""
    desk = _desk(round_id, topic_id)
    if desk.view is None:
        flash(_("Lock your own view first; then the wish can be shown."), "wrong")
    else:
        decide.release(g.db, desk.view, g.staff, clock.now())
        g.db.commit()
    return _back(desk)


@room.post("/round/<uuid:round_id>/topic/<topic_id>/decide", endpoint="decide")
def record_decision(round_id: uuid.UUID, topic_id: str) -> Answer:
    """Record what was decided; this owes the child an answer."""
    desk = _desk(round_id, topic_id)
    form = _decision_form(desk)
    if _holds(desk, form) and _close(desk, form, None):
        flash(_("The decision is recorded. The child waits for an answer."))
        return _back(desk)
    return _page(_desk(round_id, topic_id), decision_form=form), 422


@room.route("/round/<uuid:round_id>/topic/<topic_id>/amend", methods=["GET", "POST"])
def amend(round_id: uuid.UUID, topic_id: str) -> Answer:
    """Correct a decision: the old one stays on record, with the reason."""
    desk = _desk(round_id, topic_id)
    if desk.standing is None:
        return _back(desk)
    form = _decision_form(desk, desk.standing)
    if not form.is_submitted():
        return _page(desk, decision_form=form)
    if _holds(desk, form) and _close(desk, form, desk.standing):
        flash(_("The correction is recorded. Write the answer to the child again."))
        return _back(desk)
    return _page(_desk(round_id, topic_id), decision_form=form), 422


def _desk(round_id: uuid.UUID, topic_id: str) -> Desk:
    found = load.round_(round_id)
    topic = load.topic(found, topic_id)
    locked = decide.view(g.db, found.id, topic.id)
    shared = decide.shared_wish(g.db, found.id, topic.id) if locked else None
    shown = locked is not None and decide.released(g.db, locked, g.staff)
    return Desk(found, topic, locked, shared, shown, decide.history(g.db, found.id, topic.id))


def _view_form(topic: Topic) -> View:
    form = View()
    options = [(one.code, one.staff) for one in topic.options]
    form.belief.choices = offered([*options, (decide.UNSURE, _("Don't know"))])
    form.first_view.choices = offered([*options, (decide.UNSURE, _("No view yet"))])
    return form


def _decision_form(desk: Desk, amended: m.Decision | None = None) -> Decision:
    catalogue = load.catalogue()
    form = Amendment(obj=amended) if amended else Decision(decided_on=load.today(desk.round.child))
    form.option.choices = offered((one.code, one.staff) for one in desk.topic.options)
    form.reasons.choices = offered((one.code, one.label) for one in catalogue.reasons.values())
    if desk.wish is not None and desk.wish.options:
        form.reasons.description = _(
            "If the decision differs from the wish, at least one reason is needed. "
            "The child will read it in plain words."
        )
    form.took_part.choices = offered(catalogue.took_part)
    form.child_present.choices = offered(yes_partly_no())
    return form


def _holds(desk: Desk, form: Decision) -> bool:
    """Can the decision be recorded? Everything that is missing is said in one round."""
    complete, current = form.validate(), _is_up_to_date(desk, form)
    return _gives_reasons(desk, form) and complete and current


def _gives_reasons(desk: Desk, form: Decision) -> bool:
    """Is there a reason where one is needed? The verb asks the same; here it is asked beside all else."""
    wish = desk.shared.code if desk.shared else None
    if wish is None or form.option.errors or form.option.data == wish or form.reasons.data:
        return True
    said(form.reasons, _("The decision differs from the child's wish: choose at least one reason."))
    return False


def _is_up_to_date(desk: Desk, form: Decision) -> bool:
    """Was the wish looked at before the decision? One that was shared while the form was open is shown now."""
    if desk.view is None or desk.shared is None or desk.shown:
        return True
    decide.release(g.db, desk.view, g.staff, clock.now())
    g.db.commit()
    form.form_errors.append(
        _("The child has shared a wish since you opened this page. Look at it, then record the decision.")
    )
    return False


def _close(desk: Desk, form: Decision, amended: m.Decision | None) -> bool:
    """Record the decision; what the verb refuses is said next to the field it is about."""
    outcome = decide.Outcome(
        form.option.data, form.decided_on.data, form.child_present.data, form.took_part.data or (),
        form.reasons.data or (), form.weighing.data or "",
    )  # fmt: skip
    because = form.because.data if isinstance(form, Amendment) else ""
    try:
        draft, at = _draft(desk, form), clock.now()
        decide.close(g.db, desk.round, desk.topic.id, outcome, draft, g.staff, at, amended, because)
        g.db.commit()
    except (decide.NotLocked, decide.AlreadyDecided, IntegrityError, decide.ReasonMissing, decide.DateWrong) as refusal:
        g.db.rollback()
        _explain(form, refusal)
        return False
    return True


def _explain(form: Decision, refusal: Exception) -> None:
    if isinstance(refusal, decide.ReasonMissing):
        said(form.reasons, _("The decision differs from the child's wish: choose at least one reason."))
    elif isinstance(refusal, decide.DateWrong):
        said(form.decided_on, _("The date lies in the future or before the round was opened."))
    elif isinstance(refusal, decide.NotLocked):
        form.form_errors.append(_("Lock your own view first; then record the decision."))
    else:
        form.form_errors.append(_("Somebody recorded a decision meanwhile. Open this page again to see it."))


def _draft(desk: Desk, form: Decision) -> reply.Draft:
    reasons = [_theirs(desk).reasons[code] for code in form.reasons.data or ()]
    return _in_their_words(desk, desk.shared.code if desk.shared else None, form.option.data, reasons)


def _theirs(desk: Desk) -> Catalogue:
    """The catalogue in the child's language: the answer is for the child."""
    return load.catalogue(language.known(desk.round.child.language))


def _in_their_words(desk: Desk, wished: str | None, option: str, reasons: Sequence[Reason] = ()) -> reply.Draft:
    topic = _theirs(desk).topics[desk.topic.id]
    return reply.draft(topic, wished, option, reasons, language.known(desk.round.child.language))


def _back(desk: Desk) -> Response:
    return redirect(url_for(".decision", round_id=desk.round.id, topic_id=desk.topic.id), 303)


def _page(desk: Desk, view_form: View | None = None, decision_form: Decision | None = None) -> str:
    if desk.view is not None and desk.standing is None and decision_form is None:
        decision_form = _decision_form(desk)
    correcting, owed = isinstance(decision_form, Amendment), _owed(desk)
    if desk.standing is not None and not correcting and decision_form is not None and not decision_form.form_errors:
        decision_form = None
    return render_template(
        "staff/decision.html", desk=desk, topic=desk.topic, child=desk.round.child,
        stage=load.catalogue().stages[desk.round.stage], reasons=load.catalogue().reasons,
        took_part=dict(load.catalogue().took_part), present=dict(yes_partly_no()),
        view_form=view_form or _view_form(desk.topic), decision_form=decision_form, correcting=correcting,
        words=_words(desk), owed=owed, next=_next(desk), viewer=_viewer(desk),
        step=desk.step + (owed is not None and owed.told_on is not None),
    )  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What the live preview of the answer puts together: the sentences of every option and reason."""

    wished: str
    decided: dict[str, dict[str, str]]
    reasons: dict[str, dict[str, str]]
    same: str
    next_step: str


def _words(desk: Desk) -> Words:
    wished = desk.wish.code if desk.wish else None
    drafts = {one.code: _in_their_words(desk, wished, one.code) for one in desk.topic.options}
    return Words(
        wished=next(iter(drafts.values())).wished,
        decided={code: {"data-decided": draft.decided} for code, draft in drafts.items()},
        reasons={one.code: {"data-because": one.child_words} for one in _theirs(desk).reasons.values()},
        same=drafts[wished].because if wished in drafts else "",
        next_step=next(iter(drafts.values())).next_step,
    )


def _owed(desk: Desk) -> m.Reply | None:
    return next((one for one in reply.of_round(g.db, desk.round.id) if one.decision.topic == desk.topic.id), None)


def _next(desk: Desk) -> Topic | None:
    lines = [line for line in rounds.of_round(desk.round) if line.next_step in ("view", "wish", "decision")]
    return next((line.topic for line in lines if line.topic.id != desk.topic.id), None)


def _viewer(desk: Desk) -> m.StaffMember | None:
    found: m.StaffMember | None = (
        g.db.scalar(select(m.StaffMember).where(m.StaffMember.id == desk.view.staff_id)) if desk.view else None
    )
    return found
