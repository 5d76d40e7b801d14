"""Answer the child: every decision owes a reply in plain words, drafted, edited by the coordinator, read by the
child."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from . import models as m
from . import record
from .catalogue import Reason, Topic
from .translation import books


def _l(text: str) -> str:
    """Mark a sentence for translators; it is said later, in the language of the child."""
    return text


WISHED = _l("You wished %(wish)s.")
DECIDED = _l("We decided: %(decision)s.")
AS_WISHED = _l("This is what you wished for.")
NEXT_STEP = _l("You can talk to us about it. You can ask again. If you do not agree, you can say so here.")


class Incomplete(Exception):
    """A reply says what was decided and why: neither may be empty."""


class NotWritten(Exception):
    """The reply has not been written yet, so it cannot have been told."""


@dataclass(frozen=True)
class Draft:
    """The four parts of a reply, as the child will read them."""

    wished: str = ""
    decided: str = ""
    because: str = ""
    next_step: str = ""


def owe(session: Session, decision: m.Decision, draft: Draft) -> m.Reply:
    """Create the obligation that comes with a decision, with a first draft of the words."""
    organisation = session.get_one(m.Organisation, 1)
    made = m.Reply(
        id=uuid.uuid4(), decision_id=decision.id, round_id=decision.round_id, decision=decision,
        due_on=decision.decided_on + dt.timedelta(days=organisation.answer_within_days),
        wished=draft.wished, decided=draft.decided, because=draft.because, next_step=draft.next_step,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def write(session: Session, owed: m.Reply, words: Draft, by: m.StaffMember, at: dt.datetime) -> None:
    """Put the coordinator's words in the reply; from now on a card can open it. Raises `Incomplete`."""
    if not words.decided.strip() or not words.because.strip():
        raise Incomplete
    owed.wished, owed.decided = words.wished.strip(), words.decided.strip()
    owed.because, owed.next_step = words.because.strip(), words.next_step.strip()
    owed.written_by, owed.written_at = by.id, at
    record.write(session, by, "wrote a reply", "reply", owed.id, at)


def tell(owed: m.Reply, on: dt.date, how: str) -> None:
    """The child has read it (`card`) or been told (`talk`). The first time counts. Raises `NotWritten`."""
    if owed.written_at is None:
        raise NotWritten
    if owed.told_on is None:
        owed.told_on, owed.told_how = max(on, owed.decision.decided_on), how


def of_round(session: Session, round_id: uuid.UUID) -> Sequence[m.Reply]:
    """Return the replies for the decisions that stand, in the order of their topics."""
    later = aliased(m.Decision)
    return session.scalars(
        select(m.Reply)
        .join(m.Decision, m.Decision.id == m.Reply.decision_id)
        .outerjoin(later, later.amends_id == m.Decision.id)
        .where(m.Reply.round_id == round_id, later.id.is_(None))
        .order_by(m.Decision.topic)
    ).all()


def readable(session: Session, round_id: uuid.UUID) -> Sequence[m.Reply]:
    """Return the replies the child can read now."""
    return [owed for owed in of_round(session, round_id) if owed.written_at is not None]


def draft(topic: Topic, wished: str | None, option: str, reasons: Sequence[Reason], language: str = "en") -> Draft:
    """Return a first version in plain words, from the topic, the wish (if shared) and the reasons; the coordinator
    edits it. `topic` and `reasons` are in the words of `language`, the child's."""
    words = books.book(language, books.MESSAGES).ugettext
    wish, decided = topic.option(wished), topic.option(option)
    same = wish is not None and wish.code == option
    return Draft(
        wished=words(WISHED) % {"wish": wish.phrase} if wish else "",
        decided=words(DECIDED) % {"decision": decided.decided} if decided else "",
        because=words(AS_WISHED) if same else " ".join(reason.child_words for reason in reasons),
        next_step=words(NEXT_STEP),
    )
