"""Own view, then the wish, then the decision: on the pages as in the verbs, with plain words for every refusal."""

import datetime as dt
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import clock, decide, scope
from survey import models as m

from .conftest import TODAY, World
from .inspect_page import inspect
from .staff_room import browser, count, decision, lock, send, share, topic_of

NONE = "No wish has been shared on this topic (yet)"
LEARN = "Education / training"


@pytest.fixture
def vera(app: Flask) -> FlaskClient:
    """Return the browser of the coordinator."""
    return browser(app, "vera")


def test_coordinator_cannot_see_wishes_before_locking_own_view(
    vera: FlaskClient, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    page = topic_of(session, world)

    before = vera.get(page).text
    assert 'class="voice' not in before and "data-wish=" not in before and "wish has been shared" not in before
    send(vera, page, f"{page}/show_wish")
    assert 'class="voice' not in vera.get(page).text
    assert count(session, m.Release) == 0
    with scope.session(sessions, world.vera) as own:  # not even a page that forgets to look can show it
        assert decide.shared_wish(own, world.round(session).id, "D3.1") is None

    after = lock(vera, page)
    shown = vera.get(after.location).text
    assert f'<p class="said">{LEARN}</p>' in shown
    assert count(session, m.Release) == 1
    inspect(before)
    inspect(shown)


def test_locked_view_cannot_be_changed_by_sending_the_form_again(
    vera: FlaskClient, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    page = topic_of(session, world)
    lock(vera, page, "FAMILY", "HEALTH")

    again = send(vera, page, f"{page}/lock", belief="LEARN", first_view="LEARN")

    assert "A view on this topic was locked before" in vera.get(again.location).text
    with sessions() as seen:
        assert [(v.belief, v.first_view) for v in seen.scalars(select(m.View))] == [("FAMILY", "HEALTH")]


def test_view_needs_both_answers_and_keeps_the_one_that_was_given(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = topic_of(session, world)

    reply = send(vera, page, f"{page}/lock", belief="FAMILY")

    assert reply.status_code == 422
    assert "Choose one; it does not bind you." in reply.text
    assert re.search(r'<input checked[^>]*name="belief"[^>]*value="FAMILY"', reply.text)
    inspect(reply.text)


def test_view_is_never_an_option_that_is_not_on_the_list(vera: FlaskClient, world: World, session: Session) -> None:
    page = topic_of(session, world)

    assert lock(vera, page, "WRONG", "HEALTH").status_code == 422
    assert count(session, m.View) == 0


@pytest.mark.parametrize(
    "answers",
    [
        None,
        {"D3.1": {"code": "LEARN", "shared": False}},
        {"D3.1": {"missing": "SK", "shared": True}},
        {"D3.1": {"missing": "NR", "shared": True}},
        {},
    ],
    ids=["has not come", "kept private", "did not want to answer", "never reached", "stopped before it"],
)
def test_wish_that_is_not_shared_looks_the_same_whatever_the_child_did(
    vera: FlaskClient, world: World, session: Session, answers: dict[str, dict[str, object]] | None
) -> None:
    page = topic_of(session, world)
    if answers is not None:
        share(session, world, answers)

    shown = vera.get(lock(vera, page).location).text

    assert NONE in shown
    assert "data-wish=" not in shown and "show_wish" not in shown
    assert count(session, m.Release) == 0


@pytest.mark.parametrize(("missing", "words"), [("DK", "“I don't know”"), ("IDM", "You choose.”")])
def test_child_who_does_not_know_or_leaves_it_to_us_is_shown_as_such(
    vera: FlaskClient, world: World, session: Session, missing: str, words: str
) -> None:
    share(session, world, {"D3.1": {"missing": missing, "shared": True}})
    page = topic_of(session, world)

    assert words in unescape(vera.get(lock(vera, page).location).text)
    done = send(vera, page, f"{page}/decide", **decision("HEALTH"))

    assert done.status_code == 303  # not a difference that needs a reason


def test_wish_shared_after_the_lock_is_shown_at_a_press_and_written_down(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = topic_of(session, world)
    lock(vera, page)
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})

    waiting = vera.get(page).text
    assert "The child has shared a wish" in waiting and f'<p class="said">{LEARN}</p>' not in waiting
    assert f"{page}/decide" not in waiting  # the form comes after the wish
    assert "1 wish to look at" in vera.get("/staff/caseload").text
    send(vera, page, f"{page}/show_wish")

    assert f'<p class="said">{LEARN}</p>' in vera.get(page).text
    assert count(session, m.Release) == 1
    inspect(waiting)


def test_colleague_presses_for_herself_before_she_sees_the_wish(
    app: Flask, vera: FlaskClient, world: World, session: Session
) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    page = topic_of(session, world)
    lock(vera, page)
    lidia = browser(app, "lidia")

    assert f'<p class="said">{LEARN}</p>' not in lidia.get(page).text
    send(lidia, page, f"{page}/show_wish")

    assert f'<p class="said">{LEARN}</p>' in lidia.get(page).text
    assert count(session, m.Release) == 2


def test_decision_against_the_wish_needs_a_reason_and_nothing_typed_is_lost(
    vera: FlaskClient, world: World, session: Session
) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    page = topic_of(session, world)
    lock(vera, page)

    refused = send(vera, page, f"{page}/decide", **decision("HEALTH", weighing="We weighed it <b>twice</b>."))

    assert refused.status_code == 422
    assert "choose at least one reason" in refused.text
    assert "We weighed it &lt;b&gt;twice&lt;/b&gt;." in refused.text
    assert re.search(r'<input checked[^>]*name="option"[^>]*value="HEALTH"', refused.text)
    assert count(session, m.Decision) == 0
    inspect(refused.text)
    assert send(vera, page, f"{page}/decide", **decision("HEALTH", "NOPLACE", "OTHERCHILD")).status_code == 303


def test_everything_that_is_missing_is_said_in_one_round(vera: FlaskClient, world: World, session: Session) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    page = topic_of(session, world)
    lock(vera, page)

    refused = send(vera, page, f"{page}/decide", **decision("HEALTH", child_present="")).text
    send(vera, page, f"{page}/decide", **decision("LEARN"))
    correction = send(vera, f"{page}/amend", **decision("HEALTH", child_present="", because="")).text

    for shown in (refused, correction):
        assert "choose at least one reason" in shown and "Choose yes, partly or no." in shown
        inspect(shown)
    assert "Say why the decision is corrected." in correction


def test_wish_that_arrives_with_an_unfinished_form_leaves_the_form_open(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = topic_of(session, world)
    lock(vera, page)
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})

    refused = send(vera, page, f"{page}/decide", **decision("HEALTH", child_present="", weighing="Typed before.")).text

    assert "The child has shared a wish since you opened this page." in refused
    assert "Choose yes, partly or no." in refused and "Typed before." in refused


def test_reasons_are_never_called_optional_beside_a_wish(vera: FlaskClient, world: World, session: Session) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    page = topic_of(session, world)
    lock(vera, page)

    legend = vera.get(page).text.split('id="reasons"', 1)[1].split('class="choice"', 1)[0]

    assert "(optional)" not in legend
    assert 'aria-describedby="reasons-hint"' in legend and "at least one reason is needed" in legend


def test_moments_are_shown_as_days_of_the_childs_place(vera: FlaskClient, world: World, session: Session) -> None:
    late = dt.datetime(2026, 3, 4, 22, 30, tzinfo=dt.UTC)  # half past one on the fifth, in Moscow
    decide.lock(session, world.round(session), "D3.1", "FAMILY", "HEALTH", world.vera, late)
    session.commit()

    shown = vera.get(topic_of(session, world)).text

    assert "March 5, 2026" in shown and "March 4, 2026" not in shown


def test_decision_owes_the_child_an_answer_with_a_draft(
    vera: FlaskClient, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    page = topic_of(session, world)
    lock(vera, page)

    shown = vera.get(send(vera, page, f"{page}/decide", **decision("HEALTH", "NOPLACE")).location).text

    with sessions() as seen:
        owed = seen.scalars(select(m.Reply)).one()
        assert owed.due_on == TODAY + dt.timedelta(days=14)
        assert owed.wished.startswith("You wished") and "We did not find a good place" in owed.because
    assert "Write the answer" in shown and "differs from the wish" in shown
    inspect(shown)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"option": ""}, "Choose what was decided."),
        ({"child_present": ""}, "Choose yes, partly or no."),
        ({"decided_on": ""}, "Choose the date of the decision."),
        ({"decided_on": "2999-01-01"}, "The date lies in the future or before the round was opened."),
        ({"decided_on": "2001-01-01"}, "The date lies in the future or before the round was opened."),
        ({"weighing": "x" * 2001}, "This is too long: at most 2000 characters."),
    ],
)
def test_decision_with_a_mistake_is_said_next_to_the_field(
    vera: FlaskClient, world: World, session: Session, wrong: dict[str, object], words: str
) -> None:
    page = topic_of(session, world)
    lock(vera, page)

    refused = send(vera, page, f"{page}/decide", **{**decision("HEALTH"), **wrong})

    assert refused.status_code == 422
    assert refused.text.count(words) == 2  # in the summary and at the field
    assert count(session, m.Decision) == 0
    inspect(refused.text)


def test_decision_without_a_locked_view_is_refused_in_words(vera: FlaskClient, world: World, session: Session) -> None:
    page = topic_of(session, world)

    refused = send(vera, page, f"{page}/decide", **decision("HEALTH"))

    assert refused.status_code == 422
    assert "Lock your own view first" in refused.text
    assert count(session, m.Decision) == 0


def test_wish_that_arrives_while_the_form_is_open_is_shown_before_the_decision_counts(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = topic_of(session, world)
    lock(vera, page)
    form = decision("HEALTH", weighing="Written before the wish came.")
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})

    refused = send(vera, page, f"{page}/decide", **form)

    assert refused.status_code == 422
    assert "The child has shared a wish since you opened this page." in refused.text
    assert f'<p class="said">{LEARN}</p>' in refused.text and "Written before the wish came." in refused.text
    assert count(session, m.Decision) == 0


def test_decision_is_recorded_once_however_often_the_button_is_pressed(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = topic_of(session, world)
    lock(vera, page)
    send(vera, page, f"{page}/decide", **decision("HEALTH"))

    again = send(vera, page, f"{page}/decide", **decision("FAMILY"))

    assert "Somebody recorded a decision meanwhile." in again.text
    assert count(session, m.Decision) == 1


def test_correction_says_why_and_the_first_decision_stays_readable(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = topic_of(session, world)
    lock(vera, page)
    send(vera, page, f"{page}/decide", **decision("HEALTH"))

    silent = send(vera, f"{page}/amend", **decision("FAMILY", because="  "))
    assert silent.status_code == 422 and "Say why the decision is corrected." in silent.text
    done = send(vera, f"{page}/amend", **decision("FAMILY", because="The doctor says she is well."))

    shown = vera.get(done.location).text
    assert "Corrected because: The doctor says she is well." in shown
    assert count(session, m.Decision) == 2
    inspect(vera.get(f"{page}/amend").text)
    inspect(shown)


def test_old_form_cannot_correct_a_decision_that_was_corrected_before(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = topic_of(session, world)

    assert vera.get(f"{page}/amend").location == page  # nothing to correct yet


def test_wish_shared_after_the_decision_asks_for_a_correction_or_a_reason(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = topic_of(session, world)
    lock(vera, page)
    send(vera, page, f"{page}/decide", **decision("HEALTH"))
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})

    send(vera, page, f"{page}/show_wish")

    assert "differs from a wish that was shared later" in vera.get(page).text


def test_round_shows_how_far_each_topic_has_come(vera: FlaskClient, world: World, session: Session) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    page = topic_of(session, world)
    lock(vera, page)
    send(vera, page, f"{page}/decide", **decision("LEARN"))

    shown = vera.get(page.split("/topic/")[0]).text

    assert shown.count("to lock") == 3 and "seen" in shown and LEARN in shown
    assert "Continue:" in shown
    inspect(shown)


def test_topic_of_another_stage_does_not_exist_here(vera: FlaskClient, world: World, session: Session) -> None:
    page = topic_of(session, world, "D5.1")

    assert vera.get(page).status_code == 404
    assert vera.get(topic_of(session, world, "nonsense")).status_code == 404


def test_words_of_a_coordinator_never_become_markup(vera: FlaskClient, world: World, session: Session) -> None:
    page = topic_of(session, world)
    lock(vera, page)
    send(vera, page, f"{page}/decide", **decision("HEALTH", weighing="<script>alert(1)</script>{{7*7}}"))

    shown = vera.get(page).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in shown


def test_decision_page_knows_what_the_verbs_know(world: World, session: Session) -> None:
    decide.lock(session, world.round(session), "D3.1", "DK", "DK", world.vera, clock.now())

    with pytest.raises(decide.AlreadyLocked):
        decide.lock(session, world.round(session), "D3.1", "DK", "DK", world.vera, clock.now())
