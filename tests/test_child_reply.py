"""The reply: a child reads what was decided and why, and says how that was."""

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import clock, decide, reply
from survey import models as m

from .conftest import TODAY, World
from .test_child_walk import Child, answers, envelope_in

Sessions = sessionmaker[Session]
WORDS = reply.Draft("You wished to live with relatives.", "You stay here for now.", "We look for <them>.", "Ask again.")


@pytest.fixture
def child(client: FlaskClient) -> Child:
    """Return a child at a tablet."""
    return Child(client)


def decided(session: Session, world: World, *, written: bool = True) -> str:
    """Decide on two topics, write the reply to one; return the code of the card for it."""
    of, at = world.round(session), clock.now() + dt.timedelta(days=1)
    for topic, option in (("D3.1", "LEARN"), ("D3.2", "STAY")):
        decide.lock(session, of, topic, option, option, world.vera, at)
        made = decide.close(session, of, topic, decide.Outcome(option, TODAY, "yes"), reply.Draft(), world.vera, at)
    if written:
        owed = session.scalars(select(m.Reply).where(m.Reply.decision_id == made.id)).one()
        reply.write(session, owed, WORDS, world.vera, at)
    session.commit()
    return world.card(session, wave="reply")


def told(sessions: Sessions) -> list[str | None]:
    """Return how each reply was told."""
    with sessions() as opened:
        return sorted((row.told_how for row in opened.scalars(select(m.Reply))), key=str)


def test_a_child_reads_what_was_decided_and_why(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    code = decided(session, world)
    assert told(sessions) == [None, None]

    assert child.open_card(code).location == "/reply"

    page = child.see("/reply").text
    for words in (
        "You wished to live with relatives.",
        "You stay here for now.",
        "We look for &lt;them&gt;.",
        "Ask again.",
    ):
        assert words in page
    assert told(sessions) == [None, "card"]  # only what could be read counts as told


def test_a_child_does_not_read_the_name_of_a_part_twice(child: Child, world: World, session: Session) -> None:
    child.open_card(decided(session, world))
    assert "Your wish</h3>" in child.see("/reply").text
    owed = session.scalars(select(m.Reply).where(m.Reply.decided == WORDS.decided)).one()
    owed.wished = "Your wish: to live with relatives."
    session.commit()

    page = child.see("/reply").text

    assert page.count("Your wish") == 1


def test_a_child_who_does_not_agree_is_heard_by_a_safe_adult(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    child.open_card(decided(session, world))
    child.see("/reply")

    sent = child.press("/reply", envelope=envelope_in(child.page), end="finished", F1="2", F2="1", F4="0", F3="Why?")

    assert sent.location == "/thanks"
    thanks = child.see("/thanks").text
    assert "Galina Petrova reads what you said." in thanks
    assert "Someone reads" not in thanks
    assert [answers(sessions)[name].code for name in ("F1", "F2", "F4")] == ["2", "1", "0"]
    with sessions() as opened:
        assert {(c.rule, c.level) for c in opened.scalars(select(m.Concern))} == {("F4", "amber"), ("F3", "read")}


def test_a_child_need_have_no_opinion_on_a_decision_that_is_about_the_child(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(decided(session, world))

    agree = child.see("/reply").text.split('data-name="F4"')[1].split('data-name="F3"')[0]

    assert "I have no opinion" in agree
    assert "This is not about me" not in agree


def test_a_reply_can_be_read_again_until_the_taps_are_sent(child: Child, world: World, session: Session) -> None:
    code = decided(session, world)
    child.open_card(code)
    child.see("/reply")

    assert child.open_card(code).location == "/reply"
    child.see("/reply")
    child.press("/reply", envelope=envelope_in(child.page), end="finished")

    assert "This card cannot be used now" in child.open_card(code).text


def test_a_reply_that_is_not_written_yet_is_said_kindly_and_spends_no_card(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    code = decided(session, world, written=False)
    child.open_card(code)

    assert "Your answer is not written yet" in child.see("/reply").text

    assert told(sessions) == [None, None]
    assert child.open_card(code).location == "/reply"


def test_a_reply_card_opens_no_questions_and_a_question_card_no_reply(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(decided(session, world))
    for path in ("/before-you-start", "/assent", "/questions"):
        assert child.see(path).location == "/reply"
    child.open_card(world.card(session, 14))
    assert child.see("/reply").location == "/before-you-start"


def test_a_mistake_on_the_reply_page_keeps_the_letter_and_the_taps(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(decided(session, world))
    child.see("/reply")

    answer = child.press("/reply", envelope=envelope_in(child.page), F1="2", F4="7")

    assert answer.status_code == 422
    assert "You stay here for now." in answer.text
    assert 'name="F1" value="2" checked' in answer.text
