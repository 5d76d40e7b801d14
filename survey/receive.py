"""The one door in: every visit of a child, from a form now and from a tablet's outbox later, enters here.

An envelope is plain data: `{"id", "card", "digest", "language", "ended", "helper", "held_by", "watched", "rotation",
"talk", "answers"}`, its id made by the client; an answer given in another language than the visit ended in says so.
Kept exactly once. What does not fit is set aside for a person, sealed, never dropped; a call for help is
read first.
"""

import datetime as dt
import hashlib
import json
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from . import clock, flag
from . import models as m
from .instrument import evaluate, order
from .seal import Seal

Envelope = dict[str, Any]
ENDINGS = ("finished", "stopped", "talk")
HELPERS = ("alone", "carer", "staff", "other", "unsaid")
HOLDERS = ("child", "other", "unsaid")
WATCHED = ("yes", "no", "unsaid")
MOST_CHARACTERS = 2000


class Malformed(Exception):
    """An envelope without a usable id: nothing can be kept under it. The sender must mend it and send again."""


class _DoesNotFit(Exception):
    """Why an envelope is set aside: one of the reasons in `models.answers.SetAside`."""


@dataclass(frozen=True)
class Receipt:
    """What became of an envelope: `kept`, `again` (known already), or `set_aside` with a reason."""

    submission: uuid.UUID
    state: str
    reason: str | None = None


def submission(session: Session, seal: Seal, envelope: Envelope, on: dt.date) -> Receipt:
    """Take one visit in, within the caller's transaction. Sending it again changes nothing. Raises `Malformed`."""
    key, content = _key(envelope), _canonical(envelope)
    digest = hashlib.sha256(content.encode()).hexdigest()
    known = session.get(m.Submission, key)
    if known is not None and known.content_hash == digest:
        return Receipt(key, "again")
    card = _card(session, envelope)
    if envelope.get("talk") is True:
        _call_for_help(session, seal, key, card, on)
    try:
        made = _taken_in(session, seal, envelope, card, on, known)
        made.content_hash = digest
        session.add(made)
        session.flush()
    except _DoesNotFit as misfit:
        reason = str(misfit)
        _set_aside(session, seal, key, card, reason, content, digest, on)
        return Receipt(key, "set_aside", reason)
    return Receipt(key, "kept")


def _taken_in(
    session: Session, seal: Seal, envelope: Envelope, card: m.Card | None, on: dt.date, known: m.Submission | None
) -> m.Submission:
    usable = _usable_card(card, known)
    group = clock.age_group(usable.round.child.born_month, on)
    if group is None:
        raise _DoesNotFit("age")
    document = _document(session, envelope, usable)
    made = _visit(envelope, usable, group, on)
    made.n = _visits_before(session, usable) + 1
    made.retrospective = _decided_before(session, usable.round_id)
    questions = order.sitting(document, usable.wave, group)
    made.answers = list(_answers(envelope, questions, made, seal))
    for row in made.answers:
        row.language = _spoken(envelope["answers"].get(row.question, {}), document, made)
    usable.used_on = on
    for cause in _causes(envelope, questions):
        flag.raise_concern(session, seal, cause, made.id, usable.round.child.site_id, usable.round_id, on)
    return made


def _key(envelope: Envelope) -> uuid.UUID:
    try:
        return uuid.UUID(envelope["id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed from error


def _canonical(envelope: Envelope) -> str:
    try:
        text = json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Malformed from error
    return text


def _card(session: Session, envelope: Envelope) -> m.Card | None:
    try:
        key = uuid.UUID(envelope["card"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    card = session.get(m.Card, key)
    if card is not None:  # as it is now, and one visit per card at a time
        session.refresh(card, ["used_on", "replaced_on"], with_for_update=True)
    return card


def _usable_card(card: m.Card | None, known: m.Submission | None) -> m.Card:
    if known is not None:
        raise _DoesNotFit("changed")
    if card is None or card.replaced_on is not None:
        raise _DoesNotFit("card")
    if card.used_on is not None:
        raise _DoesNotFit("card_used_twice")
    return card


def _document(session: Session, envelope: Envelope, card: m.Card) -> dict[str, Any]:
    digest = envelope.get("digest")
    found = session.get(m.Questionnaire, digest) if isinstance(digest, str) else None
    expected = "reply" if card.wave == "reply" else card.round.stage
    if found is None or found.asked_of != "child" or found.stage != expected:
        raise _DoesNotFit("questionnaire")
    if envelope.get("language") not in found.document["languages"]:
        raise _DoesNotFit("questionnaire")
    return found.document


def _visit(envelope: Envelope, card: m.Card, group: str, on: dt.date) -> m.Submission:
    ended, helper, rotation = envelope.get("ended"), envelope.get("helper", "unsaid"), envelope.get("rotation", 0)
    held_by, watched = envelope.get("held_by", "unsaid"), envelope.get("watched", "unsaid")
    if ended not in ENDINGS or helper not in HELPERS or held_by not in HOLDERS or watched not in WATCHED:
        raise _DoesNotFit("content")
    if type(rotation) is not int or not 0 <= rotation < 60:
        raise _DoesNotFit("content")
    return m.Submission(
        id=_key(envelope), card_id=card.id, round_id=card.round_id, digest=envelope["digest"], wave=card.wave,
        language=envelope["language"], age_group=group, received_on=on, ended=ended, helper=helper, held_by=held_by,
        watched=watched, rotation=rotation,
    )  # fmt: skip


def _visits_before(session: Session, card: m.Card) -> int:
    earlier = select(func.count()).select_from(m.Submission)
    earlier = earlier.where(m.Submission.round_id == card.round_id, m.Submission.wave == card.wave)
    return session.scalar(earlier) or 0


def _decided_before(session: Session, round_id: uuid.UUID) -> bool:
    return session.scalar(select(m.Decision.id).where(m.Decision.round_id == round_id).limit(1)) is not None


def _answers(envelope: Envelope, questions: list[dict[str, Any]], made: m.Submission, seal: Seal) -> Iterator[m.Answer]:
    given = envelope.get("answers")
    if not isinstance(given, dict) or not set(given) <= {q["id"] for q in questions}:
        raise _DoesNotFit("content")
    said = {q: a["code"] for q, a in given.items() if isinstance(a, dict) and isinstance(a.get("code"), str)}
    context = {"age_group": made.age_group, "wave": made.wave, "language": made.language, **said}
    for question in questions:
        if question["relevant"] is None or evaluate.evaluate(question["relevant"], context):
            yield _answer(question, given.get(question["id"], {"missing": "NR"}), made, seal)


def _answer(question: dict[str, Any], given: Any, made: m.Submission, seal: Seal) -> m.Answer:
    kind, value = _one(given)
    row = m.Answer(
        submission_id=made.id, question=question["id"], topic=question["topic"], seen_by=question["seen_by"],
        shared=given.get("shared") is True and question["seen_by"] == "team" and kind != "text",
    )  # fmt: skip
    if kind == "missing" and value in (*question["missing"], "NR"):
        row.missing = value
    elif kind == "code" and question["kind"] == "one" and value in question["options"][made.age_group]:
        row.code = value
    elif kind == "text" and question["kind"] == "text" and is_clean(value) and len(value) <= MOST_CHARACTERS:
        if value.strip():
            row.sealed_text = seal.close(value, f"answer:{made.id}:{question['id']}")
        else:
            row.missing = "SK"
    else:
        raise _DoesNotFit("content")
    return row


def _spoken(given: dict[str, Any], document: dict[str, Any], made: m.Submission) -> str | None:
    """The language an answer was given in, where it is not the language the visit ended in."""
    language = given.get("language", made.language)
    if language not in document["languages"]:
        raise _DoesNotFit("content")
    return None if language == made.language else str(language)


def _one(given: Any) -> tuple[str, str]:
    values = [(k, given[k]) for k in ("code", "text", "missing") if k in given] if isinstance(given, dict) else []
    if len(values) != 1 or not isinstance(values[0][1], str):
        raise _DoesNotFit("content")
    return values[0]


def is_clean(text: str) -> bool:
    """Can both databases keep this text: no control characters (but tab and line feed), no broken characters?"""
    return not any(_is_broken(sign) for sign in text)


def _is_broken(sign: str) -> bool:
    # Not the category "unassigned": a child's newest emoji is unknown to this Python, and still a word.
    place = ord(sign)
    never_a_sign = 0xFDD0 <= place <= 0xFDEF or place & 0xFFFE == 0xFFFE
    return never_a_sign or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n")


def _causes(envelope: Envelope, questions: list[dict[str, Any]]) -> Iterator[flag.Cause]:
    for question in questions:
        given = envelope["answers"].get(question["id"], {})
        level = question["concern"].get(given.get("code", ""))
        if level:
            yield flag.Cause(question["id"], level)
        elif (given.get("text") or "").strip():
            yield flag.Cause(question["id"], "read", given["text"])


def _call_for_help(session: Session, seal: Seal, key: uuid.UUID, card: m.Card | None, on: dt.date) -> None:
    if card is not None:
        flag.raise_concern(
            session, seal, flag.Cause(flag.TALK, "red"), key, card.round.child.site_id, card.round_id, on
        )


def _set_aside(
    session: Session,
    seal: Seal,
    key: uuid.UUID,
    card: m.Card | None,
    reason: str,
    content: str,
    digest: str,
    on: dt.date,
) -> None:
    known = select(m.SetAside.id).where(m.SetAside.content_hash == digest, m.SetAside.reason == reason)
    if session.scalar(known) is not None:
        return
    made = m.SetAside(id=uuid.uuid4(), submission_id=key, reason=reason, content_hash=digest, received_on=on)
    if card is not None:
        made.site_id, made.round_id = card.round.child.site_id, card.round_id
    made.sealed_content = seal.close(content, f"set_aside:{made.id}")
    session.add(made)
    session.flush()
