"""Own view first, then the wish, then the decision; nothing is overwritten; every decision owes a reply."""

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from survey import clock, decide, publish, reply
from survey import models as m

from .conftest import TODAY, World, envelope
from .test_receive import take

NOW = clock.now()


def wish(session: Session, world: World, code: str = "LEARN", *, shared: bool = True) -> None:
    """A child of eleven answers the first wish of the planning stage."""
    take(session, {**envelope(session, world), "answers": {"S3.C01": {"code": code, "shared": shared}}})


def lock(session: Session, world: World, belief: str = "FAMILY", first: str = "FAMILY") -> m.View:
    """The coordinator locks belief and first view."""
    return decide.lock(session, world.round(session), "D3.1", belief, first, world.vera, NOW)


def outcome(option: str, reasons: Sequence[str] = (), on: dt.date = TODAY) -> decide.Outcome:
    """A decision with its details."""
    return decide.Outcome(option, on, "yes", ("COORDINATOR",), reasons, "We talked it over.")


def close(session: Session, world: World, what: decide.Outcome, **more: object) -> m.Decision:
    """The coordinator records a decision."""
    draft = reply.Draft(decided="We decided.", because="Because.")
    return decide.close(session, world.round(session), "D3.1", what, draft, world.vera, NOW, **more)  # type: ignore[arg-type]


def test_no_decision_without_a_locked_view(session: Session, world: World) -> None:
    with pytest.raises(decide.NotLocked):
        close(session, world, outcome("LEARN"))


def test_a_view_is_locked_once_and_can_never_be_changed(session: Session, world: World) -> None:
    view = lock(session, world)
    session.commit()

    with pytest.raises(decide.AlreadyLocked):
        lock(session, world, "LEARN", "LEARN")
    with pytest.raises(DBAPIError):
        session.execute(update(m.View).where(m.View.id == view.id).values(belief="LEARN"))


def test_a_shared_wish_is_released_once_and_the_reading_is_recorded(session: Session, world: World) -> None:
    wish(session, world)
    view = lock(session, world)

    seen = [decide.release(session, view, world.vera, NOW) for _ in range(3)]

    assert [w.code for w in seen if w] == ["LEARN"] * 3
    assert len(session.scalars(select(m.Release)).all()) == 1
    assert len(session.scalars(select(m.Record).where(m.Record.action == "saw a shared wish")).all()) == 1


def test_a_wish_the_child_keeps_is_not_shown_and_asks_for_no_reason(session: Session, world: World) -> None:
    wish(session, world, "LEARN", shared=False)
    view = lock(session, world)

    assert decide.release(session, view, world.vera, NOW) is None
    assert not close(session, world, outcome("FAMILY")).differs  # asking for a reason would give the wish away


def test_a_decision_that_differs_from_the_wish_needs_a_reason(session: Session, world: World) -> None:
    wish(session, world)
    lock(session, world)

    with pytest.raises(decide.ReasonMissing):
        close(session, world, outcome("FAMILY"))
    made = close(session, world, outcome("FAMILY", ["SAFETY", "LAW"]))
    session.expire(made)
    assert made.reasons == ("LAW", "SAFETY")


def test_the_schema_itself_refuses_a_differing_decision_without_a_reason(session: Session, world: World) -> None:
    wish(session, world)
    lock(session, world)
    made = close(session, world, outcome("FAMILY", ["SAFETY"]))
    session.expunge(made)

    bare = m.Decision(
        view_id=made.view_id, round_id=made.round_id, topic="D3.1", staff_id=made.staff_id, option="FAMILY",
        decided_on=TODAY, recorded_at=NOW, differs=True, reasons=(), weighing="", child_present="yes", took_part=(),
        amends_id=made.id, amendment_reason="x",
    )  # fmt: skip
    session.add(bare)
    with pytest.raises(IntegrityError, match="reason_when_it_differs"):
        session.flush()


def test_dont_know_and_dont_mind_are_answers_and_ask_for_no_reason(session: Session, world: World) -> None:
    take(session, {**envelope(session, world), "answers": {"S3.C01": {"missing": "IDM", "shared": True}}})
    view = lock(session, world)

    seen = decide.release(session, view, world.vera, NOW)

    assert seen is not None
    assert seen.missing == "IDM"
    assert not close(session, world, outcome("FAMILY")).differs


@pytest.mark.parametrize("days", [1, -400])
def test_a_decision_is_dated_between_the_opening_of_the_round_and_today(
    session: Session, world: World, days: int
) -> None:
    lock(session, world)

    with pytest.raises(decide.DateWrong):
        close(session, world, outcome("LEARN", on=TODAY + dt.timedelta(days=days)))


def test_a_correction_is_an_amendment_with_a_reason_and_the_first_decision_stays(
    session: Session, world: World
) -> None:
    lock(session, world)
    first = close(session, world, outcome("LEARN"))

    with pytest.raises(decide.AlreadyDecided):
        close(session, world, outcome("FAMILY"))
    with pytest.raises(decide.AmendmentReasonMissing):
        close(session, world, outcome("FAMILY"), amends=first, because="  ")
    second = close(session, world, outcome("FAMILY"), amends=first, because="The date was wrong.")

    assert decide.in_force(session, first.round_id, "D3.1") == second
    assert list(decide.history(session, first.round_id, "D3.1")) == [first, second]
    with pytest.raises(DBAPIError):
        session.execute(update(m.Decision).where(m.Decision.id == first.id).values(option="HEALTH"))


def test_one_decision_cannot_be_amended_twice(session: Session, world: World) -> None:
    lock(session, world)
    first = close(session, world, outcome("LEARN"))
    close(session, world, outcome("FAMILY"), amends=first, because="wrong")

    with pytest.raises(decide.AlreadyDecided):
        close(session, world, outcome("HEALTH"), amends=first, because="again")


def test_every_decision_owes_the_child_a_reply_within_fourteen_days(session: Session, world: World) -> None:
    lock(session, world)

    made = close(session, world, outcome("LEARN"))

    owed = session.scalars(select(m.Reply).where(m.Reply.decision_id == made.id)).one()
    assert owed.due_on == TODAY + dt.timedelta(days=14)
    assert owed.written_at is None


def test_a_reply_is_written_before_it_is_told_and_told_once(session: Session, world: World) -> None:
    lock(session, world)
    made = close(session, world, outcome("LEARN"))
    owed = reply.of_round(session, made.round_id)[0]

    with pytest.raises(reply.NotWritten):
        reply.tell(owed, TODAY, "card")
    with pytest.raises(reply.Incomplete):
        reply.write(session, owed, reply.Draft("", "We decided.", " "), world.vera, NOW)
    reply.write(session, owed, reply.Draft("", "We decided.", "Because."), world.vera, NOW)
    reply.tell(owed, TODAY, "talk")
    reply.tell(owed, TODAY + dt.timedelta(days=3), "card")

    assert (owed.told_on, owed.told_how) == (TODAY, "talk")


def test_the_reply_to_an_amended_decision_takes_the_place_of_the_first(session: Session, world: World) -> None:
    lock(session, world)
    first = close(session, world, outcome("LEARN"))
    second = close(session, world, outcome("FAMILY"), amends=first, because="wrong")

    assert [owed.decision_id for owed in reply.of_round(session, first.round_id)] == [second.id]


def test_the_draft_says_in_plain_words_what_was_wished_and_decided_and_why(session: Session, world: World) -> None:
    catalogue = publish.catalogue(session)
    topic = catalogue.topics["D3.1"]

    words = reply.draft(topic, "LEARN", "FAMILY", [catalogue.reasons["SAFETY"]])
    same = reply.draft(topic, "LEARN", "LEARN", [])

    assert words.wished.startswith("You wished")
    assert words.decided.startswith("We decided")
    assert words.because == "We must keep you safe."
    assert same.because == "This is what you wished for."
    assert reply.draft(topic, None, "LEARN", []).wished == ""


def test_a_wish_that_comes_after_the_decision_is_marked_retrospective(session: Session, world: World) -> None:
    lock(session, world)
    close(session, world, outcome("LEARN"))
    session.commit()

    wish(session, world)

    assert session.scalars(select(m.Submission)).one().retrospective
