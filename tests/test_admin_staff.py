"""Who signs in: added with one role, seen once with a pass phrase, gone on the day they leave."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey import admit, clock
from survey import models as m

from .conftest import PASSWORD, World, sign_in, token
from .inspect_page import inspect


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the browser of the administrator of the test world."""
    client = app.test_client()
    sign_in(client, "admin")
    return client


def send(client: FlaskClient, where: str, **filled: object) -> TestResponse:
    """Open a page and send its form."""
    return client.post(where, data={"csrf_token": token(client.get(where).text), **filled})


def olga(world: World, **other: object) -> dict[str, object]:
    """Return the form of a new coordinator."""
    return {"login": "Olga.B", "name": "Olga B", "role": "coordinator", "sites": str(world.site.id), **other}


def phrase_on(page: str) -> str:
    """Return the pass phrase a page shows."""
    found = re.search(r'translate="no">([^<]+)<', page)
    assert found, page
    return found[1]


def person(session: Session, login: str) -> m.StaffMember:
    """Return a staff member as they are now."""
    session.expire_all()
    found = session.scalars(select(m.StaffMember).where(m.StaffMember.login == login)).one()
    session.commit()  # lets the next writer in
    return found


def test_a_made_up_pass_phrase_is_shown_once_and_lets_the_person_in(
    admin: FlaskClient, app: Flask, world: World
) -> None:
    page = send(admin, "/admin/new_staff_member", **olga(world)).text

    inspect(page)
    phrase = phrase_on(page)
    assert len(phrase) >= 16
    sign_in(app.test_client(), "olga.b", phrase)
    everywhere = admin.get("/admin/staff_members").text + admin.get("/admin/").text
    assert "Olga B" in everywhere
    assert phrase not in everywhere


def test_a_typed_password_is_never_shown(admin: FlaskClient, app: Flask, world: World) -> None:
    reply = send(admin, "/admin/new_staff_member", **olga(world, password="a long enough one"))

    assert reply.status_code == 303
    assert "a long enough one" not in admin.get("/admin/staff_members").text
    sign_in(app.test_client(), "olga.b", "a long enough one")


@pytest.mark.parametrize("password", ["short", "olga.b-olga.b-olga.b"])
def test_a_weak_password_is_refused_with_advice(
    admin: FlaskClient, world: World, session: Session, password: str
) -> None:
    page = send(admin, "/admin/new_staff_member", **olga(world, password=password)).text

    inspect(page)
    assert "Use at least twelve characters, without the sign-in name in it." in page
    assert password not in page
    assert session.scalar(select(m.StaffMember).where(m.StaffMember.login == "olga.b")) is None


def test_nothing_typed_is_lost_when_something_is_wrong(admin: FlaskClient, world: World) -> None:
    page = send(admin, "/admin/new_staff_member", **olga(world, login="x", from_outside="y")).text

    inspect(page)
    assert page.count("Use 3 to 60 letters or digits without blanks") == 2
    assert 'value="Olga B"' in page
    assert re.search(r'<input checked[^>]*value="coordinator"', page)
    assert re.search(rf'<input checked[^>]*value="{world.site.id}"', page)


def test_a_sign_in_name_is_given_once(admin: FlaskClient, world: World) -> None:
    page = send(admin, "/admin/new_staff_member", **olga(world, login="VERA")).text

    assert page.count("Somebody signs in with this name already.") == 2


@pytest.mark.parametrize("role", ["coordinator", "psychologist", "safeguarding_lead"])
def test_somebody_who_works_with_cases_works_somewhere(admin: FlaskClient, world: World, role: str) -> None:
    page = send(admin, "/admin/new_staff_member", **olga(world, role=role, sites=[])).text

    assert "Tick at least one place." in page


def test_a_researcher_needs_no_place(admin: FlaskClient, world: World, session: Session) -> None:
    send(admin, "/admin/new_staff_member", **olga(world, role="researcher", sites=[]))

    assert person(session, "olga.b").role == "researcher"


def test_a_role_cannot_be_changed_afterwards(admin: FlaskClient, world: World, session: Session) -> None:
    where = f"/admin/staff_member/{world.staff['marta'].id}"

    send(admin, where, name="Marta L", role="safeguarding_lead", sites=[str(world.other_site.id)])

    marta = person(session, "marta")
    assert (marta.name, marta.role, [site.code for site in marta.sites]) == ("Marta L", "researcher", ["OAK"])


def test_whoever_leaves_is_out_at_once(admin: FlaskClient, app: Flask, world: World, session: Session) -> None:
    vera = app.test_client()
    sign_in(vera, "vera")
    assert vera.get("/research/").status_code == 200

    send(admin, f"/admin/staff_member/{world.vera.id}/leave")

    assert vera.get("/research/").status_code == 303
    assert person(session, "vera").left_on == clock.today()
    with pytest.raises(admit.NotAdmitted):
        admit.sign_in(session, "vera", PASSWORD, clock.now())
    session.rollback()
    assert "Left on" in admin.get("/admin/staff_members").text


def test_whoever_left_can_come_back(admin: FlaskClient, app: Flask, world: World) -> None:
    send(admin, f"/admin/staff_member/{world.vera.id}/leave")
    page = admin.get(f"/admin/staff_member/{world.vera.id}").text
    inspect(page)

    admin.post(f"/admin/staff_member/{world.vera.id}/come_back", data={"csrf_token": token(page)})

    sign_in(app.test_client(), "vera")


def test_an_administrator_cannot_lock_the_door_from_outside(admin: FlaskClient, world: World, session: Session) -> None:
    where = f"/admin/staff_member/{world.staff['admin'].id}"

    assert admin.get(f"{where}/leave").status_code == 404
    assert "This person leaves" not in admin.get(where).text


def test_a_new_pass_phrase_ends_old_sign_ins_and_the_old_one(admin: FlaskClient, app: Flask, world: World) -> None:
    vera = app.test_client()
    sign_in(vera, "vera")
    where = f"/admin/staff_member/{world.vera.id}/pass_phrase"
    inspect(admin.get(where).text)

    page = send(admin, where).text

    inspect(page)
    assert vera.get("/research/").status_code == 303
    sign_in(app.test_client(), "vera", phrase_on(page))
    assert "staff/sign-in" in vera.post("/staff/sign-in", data={"login": "vera", "password": PASSWORD}).request.path


def test_looking_at_the_pass_phrase_page_changes_nothing(admin: FlaskClient, app: Flask, world: World) -> None:
    admin.get(f"/admin/staff_member/{world.vera.id}/pass_phrase")

    sign_in(app.test_client(), "vera")


@pytest.mark.parametrize("login", ["vera", "lidia", "galina", "marta"])
def test_nobody_else_enters_the_administrators_room(app: Flask, world: World, login: str) -> None:
    client = app.test_client()
    sign_in(client, login)

    for page in (
        "",
        "organisation",
        "sites",
        "new_site",
        "staff_members",
        "new_staff_member",
        "questionnaires",
        "hand_over",
    ):
        assert client.get(f"/admin/{page}").status_code == 404
    page = client.get("/research/").text
    refused = client.post("/admin/organisation", data={"csrf_token": token(page), "name": "Mine"})
    assert refused.status_code == 404
