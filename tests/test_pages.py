"""Every page of every room, for everybody, in a left-to-right and a right-to-left language: in order, or refused.

The child's pages after the card are inspected one by one in `test_child_walk.py`, as a child meets them.
"""

import json
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey import clock, config, decide, door, reply, voice
from survey import models as m

from .conftest import TODAY, World, sign_in
from .inspect_page import inspect
from .sounds import hum
from .staff_room import browser, send, share

LANGUAGES = ("en", "ar")
EVERYBODY = {
    "vera": "coordinator", "pavel": "coordinator", "lidia": "psychologist", "galina": "safeguarding_lead",
    "marta": "researcher", "admin": "admin",
}  # fmt: skip
SEES_ALL_OF_THEIR_ROLE = {"vera", "galina", "marta", "admin"}
BODY = "<div class='report'><h2>The main result</h2><p>1 &lt; 2</p></div>"
MADE_UP = {"built_at": "2026-11-01T10:00:00+00:00", "page": "<!doctype html>", "body": BODY, "style": "p { margin: 0 }"}

Places = dict[str, object]


@pytest.fixture
def places(app: Flask, settings: config.Settings, session: Session, world: World) -> Places:
    """A lived-in house: a wish, a concern, views, a decision, a reply, an interview, a report; where each is."""
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}, "D3.2": {"code": "KIN", "shared": True}})
    (settings.home / "report.json").write_text(json.dumps(MADE_UP))
    send(browser(app, "vera"), "/staff/interviews", "/staff/begin_interview")
    return {
        **_decided(session, world), **_concern(session, world), **_recorded(session),
        "site_id": world.site.id, "staff_id": world.vera.id, "adult_id": world.site.safe_adults[0].id,
        "child_id": world.children[11].id, "form_id": _only(session, m.StaffForm.id), "number": 1,
        "topic_id": "D3.1", "wave": "after", "stage": "S4", "code": "ar", "book": "questionnaires",
    }  # fmt: skip


def _decided(session: Session, world: World) -> Places:
    where = world.round(session)
    for topic in ("D3.1", "D3.2"):
        decide.lock(session, where, topic, "DK", "DK", world.vera, clock.now())
    outcome = decide.Outcome("FAMILY", TODAY, "yes", ("COORDINATOR",), ("SAFETY",), "We talked it over.")
    draft = reply.Draft(decided="We decided.", because="Because.")
    decide.close(session, where, "D3.1", outcome, draft, world.vera, clock.now())
    session.commit()
    return {"round_id": where.id, "reply_id": _only(session, m.Reply.id)}


def _concern(session: Session, world: World) -> Places:
    made = m.Concern(
        id=uuid.uuid4(), site_id=world.site.id, round_id=world.round(session).id, submission_id=uuid.uuid4(),
        level="amber", rule="S3.C12", raised_on=TODAY,
    )  # fmt: skip
    session.add(made)
    session.commit()
    return {"concern_id": made.id}


def _recorded(session: Session) -> Places:
    said = next(one.text for one in voice.wanted(session, "en"))
    clip = voice.keep(session, "en", said, hum(), voice.RECORDED, "Vera", clock.now())
    session.commit()
    return {"language": "en", "said": clip.said}


def _only(session: Session, column: object) -> object:
    found = session.scalars(select(column)).one()  # type: ignore[call-overload]
    session.commit()
    return found


def pages(app: Flask) -> list[Rule]:
    """Return every rule that answers GET, but for files and the child's room."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and not rule.endpoint.startswith("child.")
    ]


def address(app: Flask, rule: Rule, values: Places) -> str:
    """Return the address of a rule, with the things of the house in it."""
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments}))


def look(client: FlaskClient, where: str, language: str) -> TestResponse:
    """Open a page and inspect it, unless it is a download, a style or the way to another page."""
    page = client.get(f"{where}?lang={language}")
    if page.mimetype == "text/html" and page.status_code not in (302, 303) and "attachment" not in str(page.headers):
        inspect(page.text)
        assert f'lang="{language}"' in page.text
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page.text
    return page


@pytest.mark.parametrize("login", EVERYBODY)
def test_everybody_sees_their_own_pages_in_order_and_no_others(app: Flask, places: Places, login: str) -> None:
    client = browser(app, login)
    seen = 0

    for rule in pages(app):
        may = EVERYBODY[login] in door.MAY.get(rule.endpoint, ()) or rule.endpoint in door.OPEN
        for language in LANGUAGES:
            code = look(client, address(app, rule, places), language).status_code
            allowed = {200, 303} if may and login in SEES_ALL_OF_THEIR_ROLE else {200, 303, 404} if may else {404}
            assert code in allowed, f"{rule.endpoint} says {code} to {login}"
            seen += code == 200
    assert seen >= 2 * 5


def test_nobody_enters_without_a_sign_in(app: Flask, client: FlaskClient, places: Places) -> None:
    for rule in pages(app):
        where = address(app, rule, places)
        for language in LANGUAGES:
            page = look(client, where, language)
            assert (page.status_code, page.location) == (303, "/staff/sign-in") or rule.endpoint in door.OPEN, where


def test_what_is_not_yours_looks_exactly_like_what_is_not_there(app: Flask, places: Places) -> None:
    client = browser(app, "pavel")
    nothing = {name: uuid.uuid4() if isinstance(value, uuid.UUID) else value for name, value in places.items()}

    of_cases = [rule for rule in pages(app) if rule.arguments & {"child_id", "round_id", "reply_id", "form_id"}]
    assert len(of_cases) > 5
    for rule in of_cases:
        theirs, none = (client.get(address(app, rule, values)) for values in (places, nothing))
        assert theirs.status_code == none.status_code == 404, rule.endpoint
        assert theirs.data == none.data, rule.endpoint


@pytest.mark.parametrize("where", ["/", "/nothing-here", "/staff/nothing-here", "/admin/nothing-here"])
def test_first_pages_and_error_pages_are_in_order(client: FlaskClient, where: str) -> None:
    for language in LANGUAGES:
        page = look(client, where, language)
        assert page.status_code == (200 if where == "/" else 404)


@pytest.mark.parametrize("login", EVERYBODY)
def test_a_page_that_does_not_exist_is_in_order_for_everybody(app: Flask, login: str) -> None:
    client = app.test_client()
    sign_in(client, login)

    for room in ("staff", "research", "admin"):
        for language in LANGUAGES:
            assert look(client, f"/{room}/nothing-here", language).status_code == 404


def test_a_form_without_its_token_is_refused_on_a_page_that_is_in_order(app: Flask, places: Places) -> None:
    client = browser(app, "admin")

    page = client.post("/admin/organisation", data={"name": "Mine"})

    assert page.status_code == 400
    inspect(page.text)
