"""The one door in: kept once, nothing dropped, a call for help first."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import decide, invite, receive, seal
from survey import models as m

from .conftest import TODAY, World, envelope

SEAL = seal.Seal(b"k" * 32)
WISH = {"S3.C01": {"code": "LEARN", "shared": True}}


def take(session: Session, what: dict[str, Any], on: dt.date = TODAY) -> receive.Receipt:
    """Send an envelope and commit, as the child's room does."""
    receipt = receive.submission(session, SEAL, what, on)
    session.commit()
    return receipt


def count(session: Session, kind: type[m.Base]) -> int:
    """Return how many rows there are."""
    return session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_visit_is_kept_with_every_question_answered_or_typed_as_missing(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "answers": {**WISH, "S3.C02": {"missing": "DK"}, "S3.C13": {"text": "A dog."}}}

    receipt = take(session, sent)

    assert receipt.state == "kept"
    rows = {a.question: a for a in session.scalars(select(m.Answer))}
    assert rows["S3.C01"].code == "LEARN"
    assert rows["S3.C01"].shared
    assert rows["S3.C02"].missing == "DK"
    assert rows["S3.C03"].missing == "NR"  # on the screen, never reached
    assert SEAL.open(rows["S3.C13"].sealed_text or b"", f"answer:{receipt.submission}:S3.C13") == "A dog."


def test_the_same_visit_sent_five_times_counts_once(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "answers": WISH}

    states = [take(session, sent).state for _ in range(5)]

    assert states == ["kept", "again", "again", "again", "again"]
    assert count(session, m.Submission) == 1


def test_another_visit_under_the_same_id_is_set_aside_and_overwrites_nothing(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "answers": WISH}
    take(session, sent)

    receipt = take(session, {**sent, "answers": {"S3.C01": {"code": "FAMILY"}}})

    assert (receipt.state, receipt.reason) == ("set_aside", "changed")
    assert session.scalar(select(m.Answer.code).where(m.Answer.question == "S3.C01")) == "LEARN"


def test_a_card_used_on_two_tablets_keeps_both_visits_and_counts_the_first(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "answers": WISH}
    take(session, sent)

    receipt = take(session, {**sent, "id": str(uuid.uuid4()), "answers": {"S3.C01": {"code": "FAMILY"}}})

    assert receipt.reason == "card_used_twice"
    assert count(session, m.Submission) == 1
    kept = session.scalars(select(m.SetAside)).one()
    assert "FAMILY" in SEAL.open(kept.sealed_content, f"set_aside:{kept.id}")


@pytest.mark.parametrize("years", [-2, 8])
def test_a_visit_of_a_child_outside_ten_to_seventeen_is_set_aside_for_a_person(
    session: Session, world: World, years: int
) -> None:
    sent = {**envelope(session, world), "answers": WISH}

    receipt = take(session, sent, TODAY.replace(year=TODAY.year + years, day=1))

    assert (receipt.state, receipt.reason) == ("set_aside", "age")
    assert count(session, m.Answer) == 0


def test_a_call_for_help_is_raised_even_when_the_visit_cannot_be_taken_in(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "talk": True, "ended": "talk", "answers": {"no such": {"code": "1"}}}

    receipt = take(session, sent)

    assert receipt.state == "set_aside"
    concern = session.scalars(select(m.Concern)).one()
    assert (concern.level, concern.rule, concern.site_id) == ("red", "TALK", world.site.id)


@pytest.mark.parametrize(
    ("answer", "level"),
    [({"code": "0"}, "red"), ({"code": "1"}, "amber"), ({"code": "2"}, None), ({"missing": "SK"}, None)],
)
def test_a_child_who_does_not_feel_safe_raises_a_concern_at_once(
    session: Session, world: World, answer: dict[str, str], level: str | None
) -> None:
    take(session, {**envelope(session, world), "answers": {"S3.C12": answer}})

    assert [c.level for c in session.scalars(select(m.Concern))] == ([level] if level else [])


def test_what_a_child_writes_is_read_by_a_person_and_lies_in_no_table_in_clear(session: Session, world: World) -> None:
    take(session, {**envelope(session, world), "answers": {"S3.C13": {"text": "Uncle hits me"}}})

    concern = session.scalars(select(m.Concern)).one()
    assert concern.level == "read"
    assert SEAL.open(concern.sealed_text or b"", f"concern:{concern.id}") == "Uncle hits me"
    assert b"Uncle" not in (concern.sealed_text or b"")


@pytest.mark.parametrize(
    "answers",
    [
        {"S3.C01": {"code": "9"}},
        {"S3.C01": {"code": "LEARN", "missing": "DK"}},
        {"S3.C01": {"code": ["LEARN"]}},
        {"S3.C01": {"text": "LEARN"}},
        {"S3.C01": {"missing": "XX"}},
        {"S3.C01": {"code": "LEARN", "language": "de"}},
        {"S3.C01": {"code": "LEARN", "language": ["en"]}},
        {"S3.C01": "LEARN"},
        {"S3.C01": {}},
        {"S3.C05": {"code": "1"}},  # belongs to the visit after the decision
        {"S3.C13": {"text": "a\x00b"}},
        {"S3.C13": {"text": "x" * 2001}},
        ["S3.C01"],
        None,
    ],
)
def test_content_that_does_not_fit_is_set_aside_and_the_card_stays_usable(
    session: Session, world: World, answers: Any
) -> None:
    sent = {**envelope(session, world), "answers": answers}

    receipt = take(session, sent)

    assert (receipt.state, receipt.reason) == ("set_aside", "content")
    assert count(session, m.Answer) == 0
    assert take(session, {**sent, "answers": WISH}).state == "kept"


@pytest.mark.parametrize("field", ["ended", "helper", "held_by", "watched", "rotation", "language", "digest", "card"])
@pytest.mark.parametrize("value", [None, 77, "nonsense", ["x"], {}, -1, True, "x" * 5000])
def test_no_field_of_an_envelope_can_make_the_door_fall_over(
    session: Session, world: World, field: str, value: Any
) -> None:
    receipt = take(session, {**envelope(session, world), "answers": WISH, field: value})

    assert receipt.state == "set_aside"
    assert count(session, m.Submission) == 0


@pytest.mark.parametrize("key", [None, 5, "not-a-uuid", ["x"]])
def test_an_envelope_without_a_usable_id_is_refused_so_that_the_sender_keeps_it(
    session: Session, world: World, key: Any
) -> None:
    sent = {**envelope(session, world), "id": key}

    with pytest.raises(receive.Malformed):
        receive.submission(session, SEAL, sent, TODAY)


def test_a_broken_letter_is_refused_before_the_database_sees_it(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "answers": {"S3.C13": {"text": "\ud83d"}}}

    with pytest.raises(receive.Malformed):
        receive.submission(session, SEAL, sent, TODAY)


def test_only_blanks_count_as_skipped(session: Session, world: World) -> None:
    take(session, {**envelope(session, world), "answers": {"S3.C13": {"text": "  \n "}}})

    answer = session.scalars(select(m.Answer).where(m.Answer.question == "S3.C13")).one()
    assert answer.missing == "SK"
    assert count(session, m.Concern) == 0


def test_only_wishes_can_be_shared(session: Session, world: World) -> None:
    take(session, {**envelope(session, world), "answers": {"S3.C12": {"code": "2", "shared": True}}})

    assert not session.scalars(select(m.Answer).where(m.Answer.question == "S3.C12")).one().shared


def test_a_question_that_does_not_apply_leaves_no_row(session: Session, world: World) -> None:
    sent = envelope(session, world, wave="reply")

    take(session, {**sent, "answers": {"F1": {"code": "0"}}})

    assert "F2" not in {a.question for a in session.scalars(select(m.Answer))}


def test_a_child_who_does_not_agree_reaches_an_independent_person(session: Session, world: World) -> None:
    take(session, {**envelope(session, world, wave="reply"), "answers": {"F4": {"code": "0"}}})

    assert [(c.rule, c.level) for c in session.scalars(select(m.Concern))] == [("F4", "amber")]


def test_a_replaced_card_opens_nothing_and_what_it_sends_is_set_aside(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "answers": WISH}
    world.card(session)

    assert take(session, sent).reason == "card"


def test_a_refusal_leaves_no_trace_but_the_count(session: Session, world: World) -> None:
    before = {kind.__name__: count(session, kind) for kind in (m.Submission, m.Answer, m.SetAside, m.Concern, m.Record)}
    code = world.card(session)
    opened = invite.open_card(session, code, TODAY)
    printed = count(session, m.Record)

    for _ in range(3):
        invite.refuse(session, opened.round.id, "before", TODAY)
    session.commit()

    assert session.scalars(select(m.RefusalCount)).one().n == 3
    after = {kind.__name__: count(session, kind) for kind in (m.Submission, m.Answer, m.SetAside, m.Concern)}
    assert after.items() <= before.items()
    assert count(session, m.Record) == printed
    assert invite.open_card(session, code, TODAY).card.used_on is None  # the child may come back


def test_a_set_aside_visit_sent_again_is_not_kept_twice(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "answers": {"S3.C01": {"code": "9"}}}

    for _ in range(3):
        take(session, sent)

    assert count(session, m.SetAside) == 1


def test_the_receipt_is_the_same_whatever_order_the_answers_come_in(session: Session, world: World) -> None:
    sent = {**envelope(session, world), "answers": {**WISH, "S3.C02": {"missing": "DK"}}}
    take(session, sent)
    turned = json.loads(json.dumps({k: sent[k] for k in reversed(sent)}))

    assert take(session, turned).state == "again"


def test_a_second_visit_is_kept_beside_the_first_and_its_wishes_stand(session: Session, world: World) -> None:
    for code in ("LEARN", "FAMILY"):
        take(session, {**envelope(session, world), "answers": {"S3.C01": {"code": code, "shared": True}}})

    assert sorted(session.scalars(select(m.Submission.n))) == [1, 2]
    wish = decide.shared_wish(session, world.round(session).id, "D3.1")
    assert wish is not None
    assert wish.code == "FAMILY"
