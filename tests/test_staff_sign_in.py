"""In and out: nothing planted before the password opens anything after it, and out means out."""

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import admit, clock, door
from survey import models as m
from survey.parts import COOKIE

from .conftest import PASSWORD, World, sign_in, token
from .inspect_page import inspect
from .staff_room import browser, send


def secret(client: FlaskClient) -> str:
    """Return the sign-in cookie of a browser."""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def test_coordinator_signs_in_and_begins_with_her_children(app: Flask) -> None:
    client = browser(app, "vera")

    page = client.get("/staff/", follow_redirects=True)

    assert page.request.path == "/staff/caseload"
    assert "Child 11" in page.text


@pytest.mark.parametrize(
    ("login", "first"),
    [
        ("vera", "/staff/caseload"),
        ("lidia", "/staff/caseload"),
        ("galina", "/staff/concerns"),
        ("marta", "/research/"),
        ("admin", "/admin/"),
    ],
)
def test_everybody_begins_the_day_on_their_own_page(app: Flask, login: str, first: str) -> None:
    assert browser(app, login).get("/staff/").location == first


def test_sign_in_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    page = client.get("/staff/sign-in").text

    reply = client.post("/staff/sign-in", data={"csrf_token": token(page), "login": "vera", "password": PASSWORD})

    cookie = next(line for line in reply.headers.getlist("Set-Cookie") if line.startswith(COOKIE))
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie


@pytest.mark.parametrize(("login", "password"), [("vera", "wrong-password"), ("nobody", PASSWORD), ("ve\0ra", "x")])
def test_wrong_name_and_wrong_password_are_told_the_same(client: FlaskClient, login: str, password: str) -> None:
    page = send(client, "/staff/sign-in", login=login, password=password)

    assert "The name or the password is not right." in page.text
    assert client.get_cookie(COOKIE) is None
    inspect(page.text)


def test_wrong_password_is_counted_although_nothing_else_happens(client: FlaskClient, session: Session) -> None:
    for _ in range(admit.FREE_TRIES):
        send(client, "/staff/sign-in", login="vera", password="wrong-password")

    page = send(client, "/staff/sign-in", login="vera", password=PASSWORD)

    assert "After several tries, wait five minutes." in page.text
    assert client.get_cookie(COOKIE) is None


def test_wrong_tries_elsewhere_do_not_keep_somebody_out_of_the_own_browser(app: Flask) -> None:
    mine, elsewhere = app.test_client(), app.test_client()
    sign_in(mine, "vera")
    for _ in range(admit.FREE_TRIES + 2):
        send(elsewhere, "/staff/sign-in", login="vera", password="wrong-password")

    send(elsewhere, "/staff/sign-in", login="vera", password=PASSWORD)
    sign_in(mine, "vera")

    assert elsewhere.get_cookie(COOKIE) is None
    assert mine.get_cookie(COOKIE) is not None


def test_planted_cookie_does_not_become_a_sign_in(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie(COOKIE, "planted-by-somebody")

    sign_in(client, "vera")

    assert secret(client) != "planted-by-somebody"
    stranger = app.test_client()
    stranger.set_cookie(COOKIE, "planted-by-somebody")
    assert stranger.get("/staff/caseload").status_code == 303


def test_page_session_of_before_the_password_is_thrown_away(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as before:
        before["planted"] = "yes"

    sign_in(client, "vera")

    with client.session_transaction() as after:
        assert "planted" not in after


def test_signed_out_cookie_can_never_be_used_again(app: Flask) -> None:
    client = browser(app, "vera")
    kept = secret(client)

    reply = send(client, "/staff/caseload", "/staff/sign-out")

    assert reply.location == "/staff/sign-in"
    assert client.get_cookie(COOKIE) is None
    thief = app.test_client(use_cookies=False)
    assert thief.get("/staff/caseload", headers={"Cookie": f"{COOKIE}={kept}"}).status_code == 303


def test_signing_out_needs_the_token_of_the_page(app: Flask) -> None:
    client = browser(app, "vera")

    assert client.post("/staff/sign-out").status_code == 400
    assert client.get("/staff/caseload").status_code == 200


def test_new_sign_in_ends_the_one_it_replaces(app: Flask) -> None:
    client = browser(app, "vera")
    first = secret(client)

    sign_in(client, "vera")

    thief = app.test_client(use_cookies=False)
    assert thief.get("/staff/caseload", headers={"Cookie": f"{COOKIE}={first}"}).status_code == 303


def test_idle_coordinator_signs_in_again_and_comes_back_to_her_page(app: Flask, session: Session, world: World) -> None:
    client = browser(app, "vera")
    child = f"/staff/child/{world.children[11].id}"
    row = session.scalars(select(m.SignIn)).one()
    row.seen_at = clock.now() - admit.IDLE - dt.timedelta(minutes=1)
    session.commit()

    assert client.get(child).location == "/staff/sign-in"
    page = client.get("/staff/sign-in").text
    reply = client.post("/staff/sign-in", data={"csrf_token": token(page), "login": "vera", "password": PASSWORD})

    assert reply.location == child


def test_page_of_another_role_is_not_where_a_sign_in_leads(app: Flask) -> None:
    client = app.test_client()
    client.get("/staff/concerns")

    page = client.get("/staff/sign-in").text
    reply = client.post("/staff/sign-in", data={"csrf_token": token(page), "login": "vera", "password": PASSWORD})

    assert reply.location == "/staff/"


def test_only_the_sign_in_page_of_the_staff_rooms_is_open(app: Flask) -> None:
    stranger = app.test_client()
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(("staff.", "research.", "admin."))]
    assert len(rules) > 30

    for rule in rules:
        values = {
            name: {"UUIDConverter": "7f7f7f7f-7f7f-4f7f-8f7f-7f7f7f7f7f7f", "IntegerConverter": "1"}.get(kind, "x")
            for name, kind in ((name, type(found).__name__) for name, found in rule._converters.items())
        }
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False)
        if "GET" in (rule.methods or ()) and rule.endpoint != "staff.sign_in":
            assert stranger.get(path).location == "/staff/sign-in", rule.endpoint


def test_every_page_of_the_staff_room_is_on_the_list_of_the_door(app: Flask) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("staff.")}

    assert pages - door.OPEN == {name for name in door.MAY if name.startswith("staff.")}


@pytest.mark.parametrize("code", ["en", "ar"])
def test_sign_in_page_passes_inspection_in_both_directions(client: FlaskClient, code: str) -> None:
    page = client.get(f"/staff/sign-in?lang={code}").text

    inspect(page)
    assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in page
    assert f'<html lang="{code}"' in client.get("/staff/sign-in").text
