"""Cards: shown once, without a name, in the child's language; and plain words where none can be printed."""

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey import invite
from survey import models as m
from survey.translation import books

from .conftest import TODAY, World
from .inspect_page import inspect
from .staff_room import browser, owed, round_of, send


@pytest.fixture
def vera(app: Flask) -> FlaskClient:
    """Return the browser of the coordinator."""
    return browser(app, "vera")


def printed(client: FlaskClient, page: str, wave: str = "before") -> TestResponse:
    """Press the button and come to the page with the code."""
    return client.get(send(client, page, f"{page}/card/{wave}").location)


def code_on(page: str) -> str:
    """Return the code a page shows."""
    found = re.search(r'class="code"[^>]*>([^<]+)<', page)
    assert found, page
    return found[1]


def test_printed_card_opens_the_childs_visit(vera: FlaskClient, world: World, session: Session) -> None:
    page = printed(vera, round_of(session, world))

    assert page.status_code == 200
    opened = invite.open_card(session, code_on(page.text), TODAY)
    assert opened.round.id == world.round(session).id
    inspect(page.text)


def test_card_carries_no_name_and_the_helpline(vera: FlaskClient, world: World, session: Session) -> None:
    page = printed(vera, round_of(session, world)).text

    slip = page.split('class="slip"')[1].split("</section>")[0]
    assert "Child 11" not in slip and "P-11" not in slip
    assert "0800 000 000" in slip
    assert "You can say no." in slip


def test_card_speaks_the_language_of_the_child(vera: FlaskClient, world: World, session: Session) -> None:
    session.get_one(m.Organisation, 1).languages = "en ar"
    session.get_one(m.Child, world.children[11].id).language = "ar"
    session.commit()

    page = printed(vera, round_of(session, world)).text

    assert 'class="slip" lang="ar" dir="rtl"' in page
    assert books.book("ar", books.MESSAGES).ugettext("What do you want?") in page
    assert "What do you want?" not in page
    assert '<html lang="en" dir="ltr">' in page


def test_code_is_never_shown_a_second_time(vera: FlaskClient, world: World, session: Session) -> None:
    page = round_of(session, world)
    made = send(vera, page, f"{page}/card/before")
    code = code_on(vera.get(made.location).text)

    for again in (vera.get(made.location), vera.get(f"{page}/card/before")):
        assert again.status_code == 200 and "The code was shown once; print a new card" in again.text
        assert f'action="{page}/card/before"' in again.text and code not in again.text
        inspect(again.text)
    with vera.session_transaction() as kept:
        assert code.replace(" ", "") not in str(dict(kept))
    assert code not in vera.get(page).text
    assert code.replace(" ", "")[3:10] not in str([(c.code_hash, c.selector) for c in session.scalars(select(m.Card))])


def test_reloading_the_page_of_a_card_does_not_kill_the_printed_one(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = round_of(session, world)
    made = send(vera, page, f"{page}/card/before")
    assert made.status_code == 303
    code = code_on(vera.get(made.location).text)

    vera.get(made.location)

    assert invite.open_card(session, code, TODAY).round.id == world.round(session).id
    assert session.query(m.Card).count() == 1


@pytest.mark.parametrize("elsewhere", ["/card/after?fresh={key}", "/card/before?fresh=guessed", "/card/before"])
def test_code_is_shown_on_its_own_page_only(vera: FlaskClient, world: World, session: Session, elsewhere: str) -> None:
    page = round_of(session, world)
    made = send(vera, page, f"{page}/card/before")

    other = vera.get(page + elsewhere.format(key=made.location.partition("fresh=")[2])).text

    assert 'class="code"' not in other
    assert code_on(vera.get(made.location).text)


def test_square_code_is_drawn_without_trusted_markup(vera: FlaskClient, world: World, session: Session) -> None:
    page = printed(vera, round_of(session, world)).text

    assert re.search(r'<path d="(M\d+ \d+h1v1h-1z){200,}"/>', page)


def test_place_without_safe_adults_is_named_with_its_cure(vera: FlaskClient, world: World, session: Session) -> None:
    session.get_one(m.Site, world.site.id).helpline_number = ""
    session.commit()

    _refused(vera, round_of(session, world), "Pine village is not ready", "Your administrator enters them.")


def test_missing_permission_is_named_with_a_link_to_record_it(
    vera: FlaskClient, world: World, session: Session
) -> None:
    for permission in session.scalars(select(m.Permission)):
        permission.withdrawn_on = TODAY
    session.commit()

    page = _refused(vera, round_of(session, world), "The permission of the guardian or authority is missing")

    assert f"/staff/child/{world.children[11].id}/permission" in page


@pytest.mark.parametrize("age", [9, 18])
def test_child_who_is_too_young_or_grown_up_gets_no_card(
    vera: FlaskClient, world: World, session: Session, age: int
) -> None:
    _refused(vera, round_of(session, world, age), "This child is not between 10 and 17 years old today.")


def test_card_of_a_kind_that_does_not_exist_is_not_printed(vera: FlaskClient, world: World, session: Session) -> None:
    page = round_of(session, world)

    assert send(vera, page, f"{page}/card/later").status_code == 404


def test_answer_card_is_offered_only_when_there_is_an_answer_to_read(
    vera: FlaskClient, world: World, session: Session
) -> None:
    page = round_of(session, world)
    assert f"{page}/card/reply" not in vera.get(page).text

    reply_id = owed(session, world)
    send(vera, f"/staff/reply/{reply_id}", decided="You get help.", because="We want you to be well.")

    assert f"{page}/card/reply" in vera.get(page).text
    assert "We have an answer for you" in printed(vera, page, "reply").text


def test_card_lasts_as_long_as_the_organisation_says(vera: FlaskClient, world: World, session: Session) -> None:
    session.get_one(m.Organisation, 1).card_valid_days = 7
    session.commit()
    page = round_of(session, world)

    send(vera, page, f"{page}/card/before")

    assert session.scalars(select(m.Card)).one().expires_on == TODAY + dt.timedelta(days=7)


def _refused(client: FlaskClient, page: str, *words: str) -> str:
    assert words[0] in client.get(page).text  # said on the round's page before anybody presses
    refused = send(client, page, f"{page}/card/before")
    assert refused.status_code == 409
    for some in words:
        assert some in refused.text
    inspect(refused.text)
    return refused.text
