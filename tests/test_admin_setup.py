"""From an empty organisation to one that is ready: the administrator's first half hour."""

import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey import clock, config, create_app, enrol, publish
from survey import models as m
from survey.instrument.problem import Problem
from survey.parts import Database

from .conftest import PASSWORD, World, sign_in, token
from .inspect_page import inspect


@pytest.fixture
def empty(session: Session, settings: config.Settings) -> Iterator[FlaskClient]:
    """Return the browser of the first administrator of an organisation in which nothing is done yet."""
    enrol.organisation(session, "Our organisation")
    enrol.staff(session, "admin", "Anna", "admin", PASSWORD, [], clock.today())
    session.commit()
    app = create_app(settings)
    client = app.test_client()
    sign_in(client, "admin")
    yield client
    store: Database = app.extensions["heard"]
    store.engine.dispose()


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the browser of the administrator of the test world."""
    client = app.test_client()
    sign_in(client, "admin")
    return client


def send(client: FlaskClient, where: str, **filled: object) -> TestResponse:
    """Open a page and send its form."""
    return client.post(where, data={"csrf_token": token(client.get(where).text), **filled})


def done(page: str) -> list[str]:
    """Return the state of each of the five steps."""
    return re.findall(r'</h2>\s*<span class="badge \w+">(\w[^<]*)</span>', page)


def site_of(reply: TestResponse) -> str:
    """Return the address of the place a reply leads to."""
    return reply.headers["Location"]


PLACE = {"name": "Pine village", "code": "pine", "country": "RU", "timezone": "Europe/Moscow", "language": "ru"}
RULES = {"name": "Sunny Homes", "permission_required": "y", "answer_within_days": "14", "card_valid_days": "30"}


def test_an_empty_organisation_is_led_through_five_steps(empty: FlaskClient) -> None:
    page = empty.get("/admin/").text

    inspect(page)
    assert "Five steps to begin" in page
    assert done(page) == ["Next", "Still to do", "Still to do", "Still to do", "Still to do"]


def test_after_the_last_step_the_first_page_is_an_overview(empty: FlaskClient) -> None:
    send(empty, "/admin/organisation", **RULES)
    assert done(empty.get("/admin/").text)[:2] == ["Done", "Next"]

    place = site_of(send(empty, "/admin/new_site", **PLACE, helpline_name="Childline", helpline_number="8 800 1"))
    send(empty, f"{place}/safe_adult", name="Galina", role="school psychologist")
    send(empty, f"{place}/safe_adult", name="Ruth", role="helper from the city", from_outside="y")
    assert done(empty.get("/admin/").text)[:3] == ["Done", "Done", "Next"]

    for login, role in (("vera", "coordinator"), ("lidia", "psychologist")):
        add(empty, place, login, role)
    add(empty, place, "ruth", "safeguarding_lead", from_outside="y")
    assert done(empty.get("/admin/").text)[2] == "Next"  # a second safeguarding lead is missing
    add(empty, place, "galina", "safeguarding_lead")
    assert done(empty.get("/admin/").text)[2:4] == ["Done", "Next"]

    send(empty, "/admin/questionnaires")
    page = empty.get("/admin/").text
    inspect(page)
    assert "<h1>Overview</h1>" in page
    assert "Five steps" not in page


def add(client: FlaskClient, place: str, login: str, role: str, **more: str) -> TestResponse:
    """Add somebody to the staff of a place."""
    filled = {
        "login": login,
        "name": login.title(),
        "role": role,
        "password": PASSWORD,
        "sites": place.rsplit("/", 1)[1],
    }
    return send(client, "/admin/new_staff_member", **filled, **more)


def test_rules_out_of_reach_are_refused_and_nothing_typed_is_lost(empty: FlaskClient, session: Session) -> None:
    page = send(empty, "/admin/organisation", **{**RULES, "answer_within_days": "400", "card_valid_days": "soon"})

    inspect(page.text)
    assert page.status_code == 200
    assert page.text.count("Choose a number of days from 1 to 90.") == 2  # in the summary and beside the field
    assert page.text.count("Write a whole number of days, for example 14.") == 2
    assert 'value="Sunny Homes"' in page.text
    assert 'value="400"' in page.text
    assert session.get_one(m.Organisation, 1).name == "Our organisation"


def test_a_name_of_blanks_is_no_name(empty: FlaskClient) -> None:
    page = send(empty, "/admin/organisation", **{**RULES, "name": "  \u00a0 "}).text

    assert "Write the name of your organisation." in page


def test_a_place_without_safe_adults_says_why_no_card_is_printed(empty: FlaskClient) -> None:
    place = site_of(send(empty, "/admin/new_site", **PLACE))

    page = empty.get(place).text

    inspect(page)
    assert "No card can be printed here yet." in page
    assert "may not trust the people nearby" in page


def test_two_places_never_share_a_code(admin: FlaskClient, session: Session) -> None:
    page = send(admin, "/admin/new_site", **PLACE)

    inspect(page.text)
    assert page.text.count("Another place has this code.") == 2
    assert 'value="Pine village"' in page.text
    assert len(session.scalars(select(m.Site)).all()) == 2


def test_a_helpline_needs_its_number(admin: FlaskClient) -> None:
    page = send(admin, "/admin/new_site", **{**PLACE, "code": "ELM"}, helpline_name="Childline").text

    assert "Write both the name and the number of the helpline" in page


def test_the_code_of_a_place_stays_as_it_is(admin: FlaskClient, world: World, session: Session) -> None:
    where = f"/admin/site/{world.site.id}"

    send(admin, where, **{**PLACE, "name": "Pine house", "code": "OTHER"}, helpline_name="", helpline_number="")

    session.expire_all()
    site = session.get_one(m.Site, world.site.id)
    assert (site.code, site.name, site.helpline_number) == ("PINE", "Pine house", "")


def test_the_next_place_begins_with_country_and_zone_of_the_last(admin: FlaskClient) -> None:
    page = admin.get("/admin/new_site").text

    assert '<option selected value="RU">' in page
    assert '<option selected value="Europe/Moscow">' in page


def test_a_safe_adult_is_named_once(admin: FlaskClient, world: World) -> None:
    page = send(admin, f"/admin/site/{world.site.id}/safe_adult", name="RUTH  Achieng", role="helper").text

    inspect(page)
    assert "This person is on the list already." in page


def test_a_role_of_the_list_is_kept_as_its_code_and_own_words_as_they_are(
    admin: FlaskClient, world: World, session: Session
) -> None:
    place = f"/admin/site/{world.site.id}/safe_adult"
    send(admin, place, name="Nina", role="nurse")
    send(admin, place, name="Pavel", role="the one with the dog")

    assert "<bdi>Nurse</bdi>" in admin.get(f"/admin/site/{world.site.id}").text
    rows = session.execute(select(m.SafeAdult.name, m.SafeAdult.role)).all()
    assert {("Nina", "nurse"), ("Pavel", "the one with the dog")} <= {tuple(row) for row in rows}


def test_an_administrator_is_warned_when_the_reader_is_no_safe_adult(
    admin: FlaskClient, world: World, session: Session
) -> None:
    page = f"/admin/site/{world.site.id}"
    assert "Children here are told that" not in admin.get(page).text
    reader = next(adult for adult in world.site.safe_adults if adult.name == "Galina Petrova")
    reader.name = "Somebody Else"
    session.commit()

    assert "Children here are told that Galina Petrova reads what they write." in admin.get(page).text


def test_taking_the_safe_adult_from_outside_away_stops_the_printing(
    admin: FlaskClient, world: World, session: Session
) -> None:
    outside = next(adult for adult in world.site.safe_adults if adult.from_outside)
    page = admin.get(f"/admin/site/{world.site.id}").text

    reply = admin.post(
        f"/admin/safe_adult/{outside.id}/remove", data={"csrf_token": token(page)}, follow_redirects=True
    )

    assert "No card can be printed at Pine village until the list is complete again." in reply.text
    assert session.scalar(select(m.SafeAdult).where(m.SafeAdult.id == outside.id)) is None


def test_questionnaires_are_published_once_and_listed_with_their_digest(empty: FlaskClient, session: Session) -> None:
    assert "Nothing is published yet" in empty.get("/admin/questionnaires").text

    send(empty, "/admin/questionnaires")
    rows = publish.all_current(session)
    session.commit()  # lets the writer in
    page = empty.get("/admin/questionnaires").text
    again = send(empty, "/admin/questionnaires")

    inspect(page)
    assert len(rows) > 10
    assert all(row.digest[:12] in page for row in rows)
    assert again.status_code == 303
    assert "Nothing is new: everything was published before." in empty.get("/admin/questionnaires").text
    session.expire_all()
    assert len(publish.all_current(session)) == len(rows)


def test_files_with_errors_publish_nothing_and_say_where_and_how(
    empty: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = publish.shipped()
    library.problems.append(
        Problem("care/03_planning/child.toml", 12, "E1", "S3.C01", "option <LEARN> appears twice", "Remove one.")
    )
    monkeypatch.setattr(publish, "shipped", lambda: library)

    page = send(empty, "/admin/questionnaires").text

    inspect(page)
    for words in ("care/03_planning/child.toml:12", "S3.C01", "option &lt;LEARN&gt; appears twice", "Remove one."):
        assert words in page
    assert session.scalar(select(m.Questionnaire)) is None


def test_changed_words_under_an_old_version_are_refused(admin: FlaskClient, session: Session) -> None:
    row = publish.latest(session, "child", "S3")
    assert row is not None
    twin = m.Questionnaire(
        digest="0" * 64,
        name=row.name,
        version=row.version,
        stage="S3",
        asked_of="child",
        document={**row.document, "acts": []},
        published_at=clock.now(),
    )
    session.delete(row)
    session.flush()
    session.add(twin)
    session.commit()

    page = send(admin, "/admin/questionnaires").text

    inspect(page)
    assert "Nothing was published" in page
    assert f"{twin.name} version {twin.version} is published with other words." in page


def test_what_the_administrator_changes_is_written_in_the_record(
    admin: FlaskClient, session: Session, world: World
) -> None:
    send(admin, "/admin/organisation", **RULES)
    send(admin, "/admin/new_site", **{**PLACE, "code": "ELM"})
    send(admin, f"/admin/site/{world.site.id}/safe_adult", name="Nina", role="cook")

    by_admin = select(m.Record.action).where(m.Record.staff_id == world.staff["admin"].id)
    actions = set(session.scalars(by_admin))
    assert {"changed the organisation", "added a site", "added a safe adult"} <= actions


def test_unknown_things_are_not_there(admin: FlaskClient) -> None:
    for where in ("site", "staff_member"):
        reply = admin.get(f"/admin/{where}/{uuid.uuid4()}")
        assert reply.status_code == 404
        inspect(reply.text)


def test_no_page_of_the_administrator_shows_a_child(admin: FlaskClient, world: World) -> None:
    vera, pine = world.vera.id, world.site.id
    pages = (
        "",
        "hand_over",
        "organisation",
        "sites",
        f"site/{pine}",
        "staff_members",
        f"staff_member/{vera}",
        "questionnaires",
    )

    seen = "".join(re.sub(r'value="[^"]*"', "", admin.get(f"/admin/{page}").text) for page in pages)

    assert "Vera" in seen
    for child in world.children.values():
        assert child.identity.name not in seen
        assert child.identity.case_number not in seen
        assert str(child.id) not in seen
