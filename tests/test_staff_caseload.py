"""The children of a coordinator: found, added, never shown to anybody else."""

import datetime as dt
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import clock, enrol, invite
from survey import models as m

from .conftest import TODAY, World
from .inspect_page import inspect
from .staff_room import browser, owed, round_of, send, share, topic_of


@pytest.fixture
def vera(app: Flask) -> FlaskClient:
    """Return the browser of the coordinator."""
    return browser(app, "vera")


def new_child(world: World, **other: object) -> dict[str, object]:
    """Return the form of a new child."""
    return {
        "name": "Mila", "case_number": "P-77", "site": str(world.site.id), "born_month": f"{TODAY.year - 12}-03",
        "sex": "F", "language": "en", "came_on": TODAY.isoformat(), **other,
    }  # fmt: skip


def test_coordinator_sees_her_own_children_and_no_others(app: Flask, vera: FlaskClient) -> None:
    assert "Child 11" in vera.get("/staff/caseload").text
    assert (
        "Child" not in browser(app, "pavel").get("/staff/caseload").text.split("<main")[1].split("No children yet")[1]
    )


def test_new_coordinator_is_told_how_to_begin(app: Flask) -> None:
    page = browser(app, "pavel").get("/staff/caseload").text

    assert "No children yet" in page and "/staff/add_child" in page
    inspect(page)


@pytest.mark.parametrize(("asked", "found"), [("child 14", "Child 14"), ("p-17", "Child 17"), ("ILD 11", "Child 11")])
def test_child_is_found_by_a_part_of_the_name_or_case_number(vera: FlaskClient, asked: str, found: str) -> None:
    page = vera.get("/staff/caseload", query_string={"name": asked}).text

    table = page.split('aria-label="Children"')[1]
    assert found in table
    assert table.count('scope="row"') == 1
    inspect(page)


def test_child_who_is_not_found_is_said_in_words_and_cannot_run_as_script(vera: FlaskClient) -> None:
    page = vera.get("/staff/caseload", query_string={"name": "<script>alert(1)</script>"}).text

    assert "Nobody found" in page
    assert "<script>alert" not in page


def test_child_of_another_coordinator_looks_exactly_like_no_child(app: Flask, world: World, session: Session) -> None:
    client = browser(app, "pavel")
    reply_id = owed(session, world)
    for place, own in (
        ("/staff/child/%s", world.children[11].id),
        ("/staff/child/%s/permission", world.children[11].id),
        ("/staff/round/%s", world.round(session).id),
        ("/staff/round/%s/topic/D3.1", world.round(session).id),
        ("/staff/round/%s/perception", world.round(session).id),
        ("/staff/reply/%s", reply_id),
    ):
        other, missing = client.get(place % own), client.get(place % uuid.uuid4())

        assert other.status_code == missing.status_code == 404
        assert other.data == missing.data, place


def test_nothing_can_be_sent_to_a_child_of_another_coordinator(app: Flask, world: World, session: Session) -> None:
    client = browser(app, "pavel")
    page = topic_of(session, world)

    for place in (f"{page}/lock", f"{page}/decide", f"{round_of(session, world)}/card/before"):
        assert send(client, "/staff/caseload", place, belief="LEARN", first_view="LEARN").status_code == 404
    assert session.scalar(select(m.View.id)) is None


def test_child_is_added_to_the_caseload_and_the_permission_comes_next(vera: FlaskClient, world: World) -> None:
    reply = send(vera, "/staff/add_child", **new_child(world))

    assert reply.status_code == 303 and reply.location.endswith("/permission")
    assert "Mila" in vera.get("/staff/caseload").text
    inspect(vera.get(reply.location).text)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "   "}, "Write the child&#39;s name."),
        ({"case_number": ""}, "Write the case number."),
        ({"born_month": "soon"}, "Write the month as year-month, for example 2013-05."),
        ({"came_on": "31.05."}, "Write the date as year-month-day"),
        ({"born_month": "1990-01"}, "Heard is for children up to 17."),
        ({"came_on": "2999-01-01"}, "This date lies in the future."),
        ({"came_on": "2001-01-01"}, "This is before the child was born."),
        ({"name": "x" * 121}, "This is too long: at most 120 characters."),
        ({"case_number": "P-11"}, "A child with this case number is here already."),
    ],
)
def test_child_with_a_mistake_is_not_added_and_nothing_typed_is_lost(
    vera: FlaskClient, world: World, wrong: dict[str, object], words: str
) -> None:
    page = send(vera, "/staff/add_child", **new_child(world, **wrong)).text

    assert words in page
    assert f'value="{TODAY.isoformat()}"' in page or "came_on" in wrong
    assert "Mila" in page or "name" in wrong
    inspect(page)
    assert "Mila" not in vera.get("/staff/caseload").text


def test_case_number_of_a_colleague_is_refused_without_a_word_about_the_child(app: Flask, world: World) -> None:
    page = send(
        browser(app, "pavel"), "/staff/add_child", **new_child(world, case_number="P-11", site=str(world.other_site.id))
    )

    assert page.status_code == 200
    assert "A child with this case number is here already." in page.text
    assert "Child 11" not in page.text


def test_child_cannot_be_added_to_a_place_where_one_does_not_work(vera: FlaskClient, world: World) -> None:
    page = send(vera, "/staff/add_child", **new_child(world, site=str(world.other_site.id)))

    assert "Not a valid choice" in page.text


def test_permission_is_recorded_with_the_name_of_who_recorded_it(
    vera: FlaskClient, world: World, sessions: sessionmaker[Session]
) -> None:
    child = world.children[14]

    reply = send(
        vera, f"/staff/child/{child.id}/permission", given_by="court", given_on=TODAY.isoformat(), valid_until=""
    )

    assert reply.status_code == 303
    with sessions() as seen:
        made = seen.scalars(select(m.Permission).where(m.Permission.given_by == "court")).one()
        assert made.recorded_by == world.vera.id
    page = vera.get(f"/staff/child/{child.id}").text
    assert "Court" in page
    inspect(page)


def test_permission_that_ends_before_it_begins_is_refused(vera: FlaskClient, world: World) -> None:
    yesterday = (TODAY - dt.timedelta(days=1)).isoformat()

    page = send(
        vera,
        f"/staff/child/{world.children[14].id}/permission",
        given_by="court",
        given_on=TODAY.isoformat(),
        valid_until=yesterday,
    )

    assert "The permission ends before it begins." in page.text
    inspect(page.text)


def test_child_without_permission_is_on_the_list_of_things_to_do(
    vera: FlaskClient, world: World, session: Session
) -> None:
    child = enrol.child(session, "Nika", "P-80", world.site, dt.date(TODAY.year - 12, 1, 1), TODAY)
    enrol.assign(session, child, world.vera, TODAY)
    session.commit()

    page = vera.get("/staff/caseload?due=1").text

    assert "Nika" in page and "Permission is missing" in page


def test_answer_that_is_overdue_stands_on_top(vera: FlaskClient, world: World, session: Session) -> None:
    found = session.get_one(m.Reply, owed(session, world))
    found.due_on = TODAY - dt.timedelta(days=3)
    session.commit()

    page = vera.get("/staff/caseload").text

    assert "Children waiting for an answer" in page and "3 days overdue" in page
    assert page.index("3 days overdue") < page.index("Find a child")


def test_children_of_one_name_are_told_apart_where_answers_wait(
    vera: FlaskClient, world: World, session: Session
) -> None:
    owed(session, world)

    waiting = vera.get("/staff/caseload").text.split("Find a child")[0]

    for shown in (waiting, vera.get("/staff/replies").text):
        assert "<bdi>P-11</bdi> · 11 years" in shown


def test_round_says_only_of_the_questions_that_one_is_not_told(
    vera: FlaskClient, world: World, session: Session
) -> None:
    shown = vera.get(round_of(session, world)).text

    assert "You are not told whether a child answered the questions" in shown and "took part" not in shown


def test_old_review_is_due_after_three_months(vera: FlaskClient, world: World, session: Session) -> None:
    opened = TODAY - dt.timedelta(days=93)
    invite.open_round(session, world.children[14], "S5", world.vera, opened, clock.now())
    session.commit()

    assert "A review is due" in vera.get(f"/staff/child/{world.children[14].id}").text


def test_round_opens_once_however_often_the_button_is_pressed(
    vera: FlaskClient, world: World, session: Session
) -> None:
    child = f"/staff/child/{world.children[14].id}"

    first = send(vera, child, f"{child}/open_round/S3").location
    again = send(vera, child, f"{child}/open_round/S3").location

    assert first == again
    inspect(vera.get(first).text)


def test_closed_round_leaves_the_things_to_do(vera: FlaskClient, world: World, session: Session) -> None:
    page = round_of(session, world)
    assert "views to lock" in vera.get("/staff/caseload").text

    send(vera, page, f"{page}/close")

    assert "views to lock" not in vera.get("/staff/caseload").text
    assert "This round was closed on" in vera.get(page).text


def test_caseload_and_round_look_the_same_whether_a_child_took_part_or_refused(
    vera: FlaskClient, world: World, session: Session
) -> None:
    pages = ["/staff/caseload", f"/staff/child/{world.children[11].id}", round_of(session, world)]
    world.card(session)
    before = [_seen(vera, page) for page in pages]

    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}, "D3.2": {"missing": "SK"}})

    assert [_seen(vera, page) for page in pages] == before
    invite.refuse(session, world.round(session).id, "before", TODAY)
    session.commit()
    assert [_seen(vera, page) for page in pages] == before


def _seen(client: FlaskClient, page: str) -> str:
    text = client.get(page).text.split("<main", 1)[1]
    return "".join(part.split('">', 1)[-1] for part in text.split('name="csrf_token" value="'))
