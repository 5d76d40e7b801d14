"""What staff are asked: drafts are kept, finishing asks for every answer, a finished form can only be read."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import invite, publish
from survey import models as m

from .conftest import World
from .inspect_page import inspect
from .staff_room import browser, round_of, send

PERCEPTION = {f"S3_P{n}": "2" for n in range(1, 6)}


@pytest.fixture
def vera(app: Flask) -> FlaskClient:
    """Return the browser of the coordinator."""
    return browser(app, "vera")


@pytest.fixture
def place(world: World, session: Session) -> str:
    """Return the address of the questions of a round."""
    return f"{round_of(session, world)}/perception"


def kept(sessions: sessionmaker[Session]) -> dict[str, tuple[tuple[str, ...], str | None, str | None]]:
    """Return what was kept, by question."""
    with sessions() as seen:
        return {a.question: (a.codes, a.text, a.missing) for a in seen.scalars(select(m.StaffAnswer))}


def test_questions_of_a_round_are_the_ones_beside_the_decisions(vera: FlaskClient, place: str) -> None:
    shown = vera.get(place).text

    assert "Did you explain to the child what the plan is for?" in shown
    assert "Which of these made it harder" in shown
    assert "What was decided?" not in shown and "Before you see" not in shown
    inspect(shown)


def test_draft_is_kept_and_filled_in_again(vera: FlaskClient, place: str, sessions: sessionmaker[Session]) -> None:
    send(vera, place, S3_P1="1", S3_P2="not:NA", S3_O1=["FIN", "LOAD"])

    assert kept(sessions)["S3.P1"] == (("1",), None, None)
    assert kept(sessions)["S3.P2"] == ((), None, "NA")
    assert kept(sessions)["S3.O1"] == (("FIN", "LOAD"), None, None)
    assert len(re.findall(r"<input[^>]* checked|<input checked", vera.get(place).text)) == 4
    assert "draft saved" in vera.get(place.removesuffix("/perception")).text


def test_answer_of_a_draft_can_be_taken_back(vera: FlaskClient, place: str, sessions: sessionmaker[Session]) -> None:
    send(vera, place, S3_O1=["FIN"])
    send(vera, place)

    assert kept(sessions)["S3.O1"] == ((), None, None)


def test_unfinished_form_cannot_be_finished_but_what_is_there_is_kept(
    vera: FlaskClient, place: str, sessions: sessionmaker[Session]
) -> None:
    refused = send(vera, place, S3_P1="2", finish="1")

    assert refused.status_code == 422
    assert refused.text.count("Still open: answer it, or choose “Don&#39;t know”.") == 2 * 5
    assert kept(sessions)["S3.P1"] == (("2",), None, None)
    inspect(refused.text)


def test_finished_form_can_be_read_but_not_changed(
    vera: FlaskClient, place: str, sessions: sessionmaker[Session]
) -> None:
    done = send(vera, place, **PERCEPTION, S3_O1="not:NA", finish="1")
    assert done.status_code == 303

    shown = vera.get(place)
    vera.post(place, data={"csrf_token": "", "S3_P1": "0"})

    assert "None of these" in shown.text and "<form class=" not in shown.text.split("<main")[1]
    assert kept(sessions)["S3.P1"] == (("2",), None, None)
    inspect(shown.text)


def test_none_of_these_and_one_of_these_contradict_each_other(vera: FlaskClient, place: str) -> None:
    refused = send(vera, place, S3_O1=["FIN", "not:NA"])

    assert refused.status_code == 422 and "not both" in refused.text


def test_answer_that_is_not_on_the_list_is_refused(
    vera: FlaskClient, place: str, sessions: sessionmaker[Session]
) -> None:
    assert send(vera, place, S3_P1="7").status_code == 422
    assert kept(sessions) == {}


def test_colleague_fills_in_her_own_form(
    app: Flask, vera: FlaskClient, place: str, sessions: sessionmaker[Session]
) -> None:
    send(vera, place, S3_P1="0")
    send(browser(app, "lidia"), place, S3_P1="2")

    with sessions() as seen:
        assert len(seen.scalars(select(m.StaffForm)).all()) == 2


def test_gatekeeping_is_a_round_of_its_own(vera: FlaskClient, world: World, session: Session) -> None:
    page = round_of(session, world, stage="G")

    shown = vera.get(page).text

    assert "Was each step of gatekeeping done" in shown and "/card/" not in shown
    asked = vera.get(f"{page}/perception").text
    assert asked.count("<fieldset") == 10
    inspect(asked)


def test_reintegration_round_has_its_topic_and_its_questions(vera: FlaskClient, world: World, session: Session) -> None:
    page = round_of(session, world, stage="R")

    assert "Pace of going home" in vera.get(page).text
    assert vera.get(f"{page}/perception").status_code == 200


def test_everybody_is_offered_the_guide_of_their_profession(app: Flask, vera: FlaskClient) -> None:
    assert "Interview with a coordinator" in vera.get("/staff/interviews").text
    assert "Interview with a psychologist" in browser(app, "lidia").get("/staff/interviews").text


def test_interview_is_saved_at_every_step_and_goes_on_where_it_stopped(
    vera: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    first = send(vera, "/staff/interviews", "/staff/begin_interview").location
    inspect(vera.get(first).text)

    second = send(vera, first, IC_01="She knew the house and the first name of the mother.").location
    stopped = send(vera, second, IC_02b="Because.", later="1", **{f"IC_02a__S{n}": str(n) for n in range(1, 7)})

    assert stopped.location.count("/") == 3  # the overview
    assert "2 of 15 questions answered." in vera.get(stopped.location).text
    assert kept(sessions)["IC.02a"][0] == tuple(f"S{n}:{n}" for n in range(1, 7))
    again = send(vera, "/staff/interviews", "/staff/begin_interview").location
    assert again.endswith("/3")
    inspect(vera.get(stopped.location).text)
    inspect(vera.get("/staff/interviews").text)


def test_place_in_a_ranking_is_given_once(vera: FlaskClient) -> None:
    first = send(vera, "/staff/interviews", "/staff/begin_interview").location
    second = first.removesuffix("1") + "2"

    refused = send(vera, second, IC_02a__S1="1", IC_02a__S2="1")

    assert refused.status_code == 422 and "Each place can be given only once." in refused.text
    inspect(refused.text)


@pytest.mark.parametrize(("given", "status"), [("25", 303), ("-1", 422), ("501", 422), ("many", 422), ("", 303)])
def test_number_of_children_lies_within_reason(vera: FlaskClient, given: str, status: int) -> None:
    first = send(vera, "/staff/interviews", "/staff/begin_interview").location
    last = first.removesuffix("1") + "15"

    assert send(vera, last, IC_15a=given).status_code == status


def test_question_without_an_answer_says_why(vera: FlaskClient, sessions: sessionmaker[Session]) -> None:
    first = send(vera, "/staff/interviews", "/staff/begin_interview").location

    send(vera, first, IC_01__not="not:SK")

    assert kept(sessions)["IC.01"] == ((), None, "SK")


def test_finished_interview_can_only_be_read(vera: FlaskClient, sessions: sessionmaker[Session]) -> None:
    first = send(vera, "/staff/interviews", "/staff/begin_interview").location
    send(vera, first, IC_01="Words.")
    overview = first.removesuffix("/1")

    send(vera, overview, f"{overview}/finish")

    shown = vera.get(overview).text
    assert "It can be read but no longer changed." in shown and "/finish" not in shown
    assert vera.get(first).location == overview
    assert send(vera, overview, first, IC_01="Other words.").location == overview
    assert kept(sessions)["IC.01"][1] == "Words."
    inspect(shown)


def test_interview_of_somebody_else_does_not_exist(app: Flask, vera: FlaskClient) -> None:
    first = send(vera, "/staff/interviews", "/staff/begin_interview").location
    lidia = browser(app, "lidia")

    for place in ("/staff/interview/%s", "/staff/interview/%s/1"):
        own = lidia.get(place % first.split("/")[3])
        missing = lidia.get(place % uuid.uuid4())
        assert own.status_code == 404 and own.data == missing.data


def test_old_draft_keeps_the_questions_it_was_begun_with(
    vera: FlaskClient, place: str, session: Session, world: World
) -> None:
    send(vera, place, S3_P1="1")
    old = publish.latest(session, "staff", "S3")
    assert old is not None
    body = {**old.document, "version": old.version + 1, "questions": []}
    publish.document(session, body, old.published_at)
    session.commit()

    assert "Did you explain to the child what the plan is for?" in vera.get(place).text
    other = invite.open_round(
        session, world.children[14], "S3", world.vera, world.round(session).opened_on, old.published_at
    )
    session.commit()
    assert "Did you explain" not in vera.get(f"/staff/round/{other.id}/perception").text
