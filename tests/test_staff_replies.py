"""Answers owed: written in plain words, told, and never changed behind the child's back."""

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import models as m
from survey.staff import replies

from .conftest import TODAY, World, envelope, token
from .inspect_page import inspect
from .staff_room import browser, decision, owed, send, topic_of
from .test_receive import take

WORDS = {"wished": "", "decided": "You get more help.", "because": "We want you to be well.", "next_step": "Ask us."}


@pytest.fixture
def vera(app: Flask) -> FlaskClient:
    """Return the browser of the coordinator."""
    return browser(app, "vera")


@pytest.fixture
def place(world: World, session: Session) -> str:
    """Return the address of an answer that is owed."""
    return f"/staff/reply/{owed(session, world)}"


def test_draft_stands_in_the_form_and_beside_it_as_the_child_reads_it(vera: FlaskClient, place: str) -> None:
    shown = vera.get(place).text

    assert "We decided: we will help with your health and feelings first." in shown or "We decided:" in shown
    assert shown.count("We decided: ") == 2
    inspect(shown)


def test_written_answer_can_be_told_with_a_card_or_in_a_talk(vera: FlaskClient, place: str) -> None:
    assert "I have told the child in person" not in vera.get(place).text

    shown = vera.get(send(vera, place, **WORDS).location).text

    assert "I have told the child in person" in shown and "/card/reply" in shown
    inspect(shown)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"decided": "  "}, "Say what was decided."),
        ({"because": ""}, "Say why."),
        ({"because": "x" * 601}, "at most 600 characters"),
    ],
)
def test_answer_without_a_decision_or_a_reason_is_not_kept_but_not_lost(
    vera: FlaskClient, place: str, wrong: dict[str, str], words: str
) -> None:
    refused = send(vera, place, **{**WORDS, **wrong})

    assert refused.status_code == 422
    assert words in refused.text and "Ask us." in refused.text
    assert "I have told the child in person" not in vera.get(place).text
    inspect(refused.text)


def test_child_cannot_be_told_what_was_not_written(vera: FlaskClient, place: str) -> None:
    reply = send(vera, place, f"{place}/tell")

    assert "Write the answer first" in vera.get(reply.location).text


def test_told_answer_leaves_the_list_and_can_no_longer_be_changed(
    vera: FlaskClient, place: str, sessions: sessionmaker[Session]
) -> None:
    assert "Child 11" in vera.get("/staff/replies").text
    send(vera, place, **WORDS)
    send(vera, place, f"{place}/tell")

    late = send(vera, place, **{**WORDS, "because": "Another story."})

    assert "The child has been told; this answer stays." in vera.get(late.location).text
    assert "Every child has an answer" in vera.get("/staff/replies").text
    with sessions() as seen:
        found = seen.query(m.Reply).one()
        assert (found.because, found.told_how, found.told_on) == (WORDS["because"], "talk", TODAY)
        assert "told a child" in [row.action for row in seen.query(m.Record)]
    inspect(vera.get(place).text)
    inspect(vera.get("/staff/replies").text)


def test_answer_to_a_corrected_decision_leads_to_the_one_that_stands(
    vera: FlaskClient, world: World, session: Session, place: str
) -> None:
    topic = topic_of(session, world)
    send(vera, f"{topic}/amend", **decision("FAMILY", because="We met again."))

    moved = vera.get(place)

    assert moved.status_code == 303 and moved.location != place
    assert vera.get("/staff/replies").text.count('scope="row"') == 1


def test_answers_owed_are_listed_the_oldest_first(
    vera: FlaskClient, world: World, session: Session, place: str
) -> None:
    second = session.get_one(m.Reply, owed(session, world, "D3.2", "KIN"))
    second.due_on = TODAY - dt.timedelta(days=1)
    session.commit()

    shown = vera.get("/staff/replies").text

    assert shown.index("1 day overdue") < shown.index("Due in 14 days")
    inspect(shown)


def test_long_sentence_and_long_word_are_named(vera: FlaskClient, place: str) -> None:
    long = "We met and we talked about it for a very long time because nobody knew."

    send(vera, place, **{**WORDS, "because": long, "next_step": "Talk about reunification."})

    shown = vera.get(place).text
    assert "“We met and we …” has 15 words. At this age, 12 are enough" in shown
    assert "“reunification” is a long word." in shown


def test_a_long_word_is_named_in_english_alone() -> None:
    assert list(replies.hints(["Reunification helps."], None, "en"))
    assert list(replies.hints(["Попечительство помогает."], None, "ru")) == []


def test_an_answer_is_written_in_the_direction_of_the_child_s_language(
    vera: FlaskClient, world: World, session: Session, place: str
) -> None:
    session.get_one(m.Child, world.children[11].id).language = "ar"
    session.commit()

    areas = re.findall("<textarea[^>]*>", vera.get(place).text)

    assert len(areas) == 4
    assert all('lang="ar"' in area and 'dir="rtl"' in area for area in areas)


def test_older_child_may_be_given_a_longer_sentence() -> None:
    text = ["We met and we talked about it for a very long time because nobody knew."]

    assert list(replies.hints(text, "16-17", "en")) == []
    assert len(list(replies.hints(text, None, "en"))) == 1


def test_colleague_reads_a_wish_in_an_answer_only_after_being_shown_it_on_the_record(
    app: Flask, session: Session, world: World, place: str
) -> None:
    take(session, {**envelope(session, world), "answers": {"S3.C01": {"code": "LEARN", "shared": True}}})
    lidia = browser(app, "lidia")

    sent_away = lidia.get(place)
    lidia.post(f"{sent_away.location}/show_wish", data={"csrf_token": token(lidia.get(sent_away.location).text)})

    assert sent_away.status_code == 303
    assert sent_away.location.endswith("/topic/D3.1")
    assert lidia.get(place).status_code == 200
    shown_to = {one.staff_id for one in session.scalars(select(m.Release))}
    assert world.staff["lidia"].id in shown_to
