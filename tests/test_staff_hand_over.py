"""A tablet goes to a child and comes back: until then not one page of the adults opens, whatever is tried."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import admit, clock, config, create_app, door, hand
from survey import models as m
from survey.parts import COOKIE

from .conftest import PASSWORD, World, token
from .inspect_page import inspect
from .staff_room import browser, send
from .test_child_walk import Child

PIN = "4071"
VALUES = {"UUIDConverter": "7f7f7f7f-7f7f-4f7f-8f7f-7f7f7f7f7f7f", "IntegerConverter": "1"}


def with_pin(app: Flask, login: str = "vera") -> FlaskClient:
    """Return the browser of somebody who has a PIN."""
    client = browser(app, login)
    assert send(client, "/staff/account", pin=PIN, password=PASSWORD).status_code == 303
    return client


def handed_over(app: Flask, login: str = "vera") -> FlaskClient:
    """Return the tablet that somebody with a PIN gave to a child."""
    client = with_pin(app, login)
    assert send(client, "/staff/account", "/staff/hand_over").location == "/"
    return client


def take_back(client: FlaskClient, entered: str) -> str:
    """Write a PIN; return what the page says, or where it leads."""
    answer = send(client, "/staff/tablet", entered=entered)
    return answer.location or answer.text


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Return every address of the adults' rooms with a method that it answers."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("staff.", "research.", "admin.")) and rule.endpoint != door.WITH_A_CHILD:
            values = {name: VALUES.get(type(kind).__name__, "x") for name, kind in rule._converters.items()}
            with app.test_request_context():
                path = str(app.url_map.bind("localhost").build(rule.endpoint, values))
            found += [(method, path) for method in sorted(rule.methods or ()) if method in ("GET", "POST")]
    return found


@pytest.mark.parametrize("login", ["vera", "galina", "marta", "admin"])
def test_no_page_of_the_adults_opens_while_a_child_has_the_tablet(app: Flask, login: str) -> None:
    client = handed_over(app, login)
    everything = addresses(app)
    assert len(everything) > 60

    for method, path in [*everything, ("GET", "/staff/nothing"), ("DELETE", "/admin/"), ("GET", "/research")]:
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.location) == (303, "/staff/tablet"), f"{method} {path}"
    page = client.get("/staff/tablet").text
    inspect(page)
    assert "This tablet is with a child" in page
    assert "Child 11" not in page and login.title() not in page.replace("</title>", "")


def test_a_child_uses_the_tablet_that_was_handed_over(app: Flask, world: World, session: Session) -> None:
    child = Child(handed_over(app))

    child.arrive(world.card(session))
    child.send({})

    assert "What happens next" in child.see("/thanks").text
    assert "For adults" in child.see("/").text  # only on the first page: never in the middle of a visit
    assert child.client.get("/staff/caseload").location == "/staff/tablet"


def test_a_child_on_a_tablet_that_nobody_handed_over_sees_no_way_to_the_adults(client: FlaskClient) -> None:
    assert "For adults" not in client.get("/").text
    assert client.get("/staff/tablet").location == "/staff/sign-in"


@pytest.mark.parametrize("entered", [PIN, " 40 71 ", "٤٠٧١"])
def test_the_adult_takes_the_tablet_back_with_the_pin(app: Flask, world: World, session: Session, entered: str) -> None:
    client = handed_over(app)
    child = Child(client)
    child.open_card(world.card(session))  # a visit that the child did not end

    assert take_back(client, entered) == "/staff/"

    assert client.get("/staff/caseload").status_code == 200
    assert client.get("/staff/tablet").location == "/staff/"
    assert client.get("/before-you-start").location == "/"  # the adult does not go on in the child's place
    assert "For adults" not in client.get("/").text


def test_five_wrong_entries_end_the_sign_in(app: Flask, sessions: sessionmaker[Session]) -> None:
    client = handed_over(app)

    said = [take_back(client, wrong) for wrong in ("0000", "", PASSWORD, "4072", "407", "x" * 400)]

    assert all("That is not right." in one for one in said[:1] + said[2:5])
    assert "Write your PIN." in said[1]  # nothing was entered, nothing is counted
    assert said[5] == "/staff/sign-in"
    assert client.get("/staff/caseload").location == "/staff/sign-in"
    assert client.get("/staff/tablet").location == "/staff/sign-in"
    with sessions() as opened:
        assert opened.scalars(select(m.SignIn)).all() == []
        assert "lost a sign-in after five wrong PINs" in opened.scalars(select(m.Record.action)).all()


def test_wrong_entries_are_forgotten_when_the_adult_comes(app: Flask) -> None:
    client = handed_over(app)
    for _ in range(hand.TRIES - 1):
        take_back(client, "0000")
    assert take_back(client, PIN) == "/staff/"

    send(client, "/staff/account", "/staff/hand_over")

    assert "That is not right." in take_back(client, "0000")
    assert take_back(client, PIN) == "/staff/"


def test_somebody_without_a_pin_takes_the_tablet_back_with_the_password(app: Flask) -> None:
    client = browser(app, "vera")
    send(client, "/staff/account", "/staff/hand_over")
    page = client.get("/staff/tablet").text

    assert "Your password" in page and "PIN" not in page.split("<form")[1]
    assert "That is not right." in take_back(client, "1234")
    assert take_back(client, PASSWORD) == "/staff/"


def test_nothing_done_in_the_browser_opens_the_adults_rooms(app: Flask) -> None:
    client = handed_over(app)

    client.delete_cookie("heard")  # the page session; the sign-in is another cookie

    assert client.get("/staff/caseload").location == "/staff/tablet"
    client.get("/staff/tablet?lang=ru")
    assert client.get("/staff/caseload").location == "/staff/tablet"


def test_nothing_of_the_adults_pages_stays_in_the_browser(app: Flask) -> None:
    client = with_pin(app)
    with client.session_transaction() as before:
        before["card"] = ["key", "round", "before", "a code that was just printed"]

    reply = send(client, "/staff/account", "/staff/hand_over")

    assert reply.headers["Clear-Site-Data"] == '"cache"'
    with client.session_transaction() as after:
        assert "card" not in after


def test_a_form_from_elsewhere_hands_nothing_over_and_takes_nothing_back(app: Flask) -> None:
    client = with_pin(app)
    assert client.post("/staff/hand_over").status_code == 400
    assert client.get("/staff/caseload").status_code == 200

    send(client, "/staff/account", "/staff/hand_over")

    assert client.post("/staff/tablet", data={"entered": PIN}).status_code == 400
    assert client.get("/staff/caseload").location == "/staff/tablet"


def test_a_sign_in_that_has_grown_old_meanwhile_asks_for_everything(app: Flask, session: Session) -> None:
    client = handed_over(app)
    row = session.scalars(select(m.SignIn)).one()
    row.seen_at = clock.now() - admit.IDLE - dt.timedelta(minutes=1)
    session.commit()

    assert client.get("/staff/caseload").location == "/staff/sign-in"
    assert client.get("/staff/sign-in").status_code == 200


def test_a_cookie_that_was_copied_while_a_child_had_the_tablet_opens_nothing_later(app: Flask) -> None:
    client = handed_over(app)
    copied = client.get_cookie(COOKIE)
    assert copied is not None

    assert take_back(client, PIN) == "/staff/"

    thief = app.test_client()
    thief.set_cookie(COOKIE, copied.value)
    assert thief.get("/staff/caseload").location == "/staff/sign-in"
    assert client.get("/staff/caseload").status_code == 200


def test_five_wrong_entries_take_no_visit_from_a_child(app: Flask, world: World, session: Session) -> None:
    client = handed_over(app)
    Child(client).arrive(world.card(session), "ru")

    for _ in range(hand.TRIES):
        take_back(client, "0000")

    assert client.get("/questions").status_code == 200
    assert client.get("/staff/caseload").location == "/staff/sign-in"


def test_an_adult_who_takes_the_tablet_back_reads_the_language_of_before(
    app: Flask, world: World, session: Session
) -> None:
    session.get_one(m.Organisation, 1).languages = "en ru ar"
    session.commit()
    client = handed_over(app)
    Child(client).arrive(world.card(session), "ar")

    take_back(client, PIN)

    assert '<html lang="en"' in client.get("/staff/account").text


def test_of_many_entries_at_once_only_five_are_looked_at(
    app: Flask, world: World, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = handed_over(app)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    looked, together, said = [], threading.Barrier(12), []
    monkeypatch.setattr(hand, "_is_theirs", lambda _staff, entered: looked.append(entered))

    def guess(n: int) -> None:
        with sessions() as opened:
            together.wait()
            try:
                hand.back(opened, cookie.value, str(5000 + n), clock.now())
            except Exception as error:
                said.append(type(error))
            opened.commit()

    guesses = [threading.Thread(target=guess, args=(n,)) for n in range(12)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()

    assert len(looked) <= hand.TRIES
    assert len(said) == 12 and set(said) <= {hand.WrongPin, hand.TriedTooOften, hand.NotHandedOver}
    with sessions() as opened:
        assert opened.scalars(select(m.SignIn)).all() == []
        actions = opened.scalars(select(m.Record.action)).all()
        assert actions.count("lost a sign-in after five wrong PINs") == 1


def test_an_entry_that_comes_after_the_sign_in_has_ended_asks_for_everything(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = handed_over(app)
    real = hand.back

    def late(opened: Session, secret: str, entered: str, at: dt.datetime) -> str:
        admit.sign_out(opened, secret)
        return real(opened, secret, entered, at)

    monkeypatch.setattr(hand, "back", late)

    assert take_back(client, PIN) == "/staff/sign-in"


@pytest.mark.parametrize("rooms", [("research",), ("admin", "research"), ("child", "admin")])
def test_a_process_that_cannot_ask_for_the_pin_stays_closed(
    app: Flask, settings: config.Settings, rooms: tuple[str, ...]
) -> None:
    cookie = handed_over(app, "admin").get_cookie(COOKIE)
    other = create_app(replace(settings, rooms=rooms))
    client = other.test_client()
    assert cookie is not None
    client.set_cookie(COOKIE, cookie.value)

    closed = ["/admin/", "/research/report", "/research/report_file", "/nowhere", "/staff/tablet"]
    answers = {where: client.get(where) for where in closed}

    assert {where: one.status_code for where, one in answers.items()} == dict.fromkeys(closed, 403)
    for one in answers.values():
        inspect(one.text)
    client.delete_cookie(COOKIE)
    assert client.get("/research/report").status_code in (403, 404)  # nor can it ask who is there
    other.extensions["heard"].engine.dispose()


def test_where_children_have_another_address_nothing_is_handed_over(app: Flask, settings: config.Settings) -> None:
    other = create_app(replace(settings, rooms=("staff",)))
    client = browser(other, "vera")
    page = client.get("/staff/account").text
    inspect(page)

    assert 'action="/staff/hand_over"' not in page
    assert "Children answer at another address." in page
    assert send(client, "/staff/account", "/staff/hand_over").location == "/staff/account"
    assert client.get("/staff/caseload").status_code == 200
    other.extensions["heard"].engine.dispose()


def test_only_the_tablet_that_was_handed_over_is_closed(app: Flask) -> None:
    elsewhere = browser(app, "vera")

    handed_over(app)

    assert elsewhere.get("/staff/caseload").status_code == 200


# ---- the PIN ----


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "0000", "1234", "9876", "½½½½", "x" * 9000])
def test_a_pin_that_is_none_or_found_at_once_is_refused_in_words(app: Flask, session: Session, pin: str) -> None:
    client = browser(app, "vera")

    page = send(client, "/staff/account", pin=pin, password=PASSWORD)

    assert page.status_code == 422
    inspect(page.text)
    assert 'class="error"' in page.text
    assert session.scalars(select(m.StaffMember.pin_hash).where(m.StaffMember.login == "vera")).one() is None


def test_a_pin_is_set_only_with_the_password_and_guessing_is_counted(app: Flask, session: Session) -> None:
    client = browser(app, "vera")

    for _ in range(admit.FREE_TRIES):
        page = send(client, "/staff/account", pin=PIN, password="guessed-by-somebody")
        assert "The password is not right." in page.text
    now_right = send(client, "/staff/account", pin=PIN, password=PASSWORD)

    assert now_right.status_code == 422  # too many tries: wait
    assert session.scalars(select(m.StaffMember.pin_hash).where(m.StaffMember.login == "vera")).one() is None


def test_a_pin_is_kept_only_as_a_hash_and_changing_it_is_recorded(app: Flask, session: Session, world: World) -> None:
    with_pin(app)

    vera = world.vera
    session.refresh(vera)
    assert vera.pin_hash is not None and vera.pin_hash.startswith("$argon2id$") and PIN not in vera.pin_hash
    changed = session.scalars(select(m.Record.staff_id).where(m.Record.action == "changed the PIN")).all()
    assert changed == [vera.id]


def test_a_new_password_takes_the_pin_away(session: Session, world: World) -> None:
    world.vera.pin_hash = "of before"

    admit.change_password(session, world.vera, "new")

    assert world.vera.pin_hash is None


def test_the_account_page_and_a_card_just_printed_hand_the_tablet_over(
    app: Flask, world: World, session: Session
) -> None:
    client = browser(app, "vera")
    where = f"/staff/round/{world.round(session).id}"
    page = client.get(where).text

    made = client.post(f"{where}/card/before", data={"csrf_token": token(page)})
    card = client.get(made.location).text

    assert 'action="/staff/hand_over"' in card
    inspect(card)
    assert 'href="/staff/account"' in card
    inspect(client.get("/staff/account?lang=ar").text)
    assert client.get_cookie(COOKIE) is not None
