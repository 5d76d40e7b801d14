"""A child's whole visit in a browser without script: card, what to know, yes, questions, thanks."""

import re
import uuid
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from survey import models as m

from .conftest import World, token
from .inspect_page import inspect

Sessions = sessionmaker[Session]
UNDERSTOOD = {"stop": "yes", "who": "mine"}


class Child:
    """A child at a tablet without script: presses buttons, sees pages; every page passes inspection."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def see(self, path: str) -> TestResponse:
        """Open a page."""
        return self._seen(self.client.get(path))

    def press(self, path: str, **said: Any) -> TestResponse:
        """Send the form of the page that is open."""
        given = {"csrf_token": token(self.page), **said}
        return self._seen(self.client.post(path, data=given))

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.status_code != 303:
            self.page = answer.text
            inspect(self.page)
        return answer

    def open_card(self, code: str, lang: str = "en") -> TestResponse:
        """Type the code of a card on the first page."""
        self.see(f"/?lang={lang}")
        return self.press("/card", code=code, lang=lang)

    def arrive(self, code: str, lang: str = "en", helper: str = "alone") -> str:
        """Come to the questions; return the id of the envelope."""
        assert self.open_card(code, lang).status_code == 303, self.page
        self.see("/before-you-start")
        assert self.press("/before-you-start", **UNDERSTOOD).location == "/assent"
        self.see("/assent")
        assert self.press("/assent", answer="yes", helper=helper).location == "/questions"
        self.see("/questions")
        return envelope_in(self.page)

    def send(self, said: dict[str, Any], end: str = "finished") -> TestResponse:
        """Press one of the last buttons."""
        return self.press("/questions", envelope=envelope_in(self.page), end=end, **said)


def envelope_in(page: str) -> str:
    """Return the id of the envelope a page is for."""
    return re.findall(r'name="envelope" value="([^"]+)"', page)[0]


def count(sessions: Sessions, kind: type[m.Base]) -> int:
    """Return how many rows there are."""
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def answers(sessions: Sessions) -> dict[str, m.Answer]:
    """Return what was kept, by question."""
    with sessions() as session:
        return {answer.question: answer for answer in session.scalars(select(m.Answer))}


@pytest.fixture
def child(client: FlaskClient) -> Child:
    """Return a child at a tablet."""
    return Child(client)


@pytest.mark.parametrize("age", [11, 14, 17])
@pytest.mark.parametrize("wave", ["before", "after"])
def test_a_child_without_script_says_everything_and_is_thanked(
    child: Child, world: World, session: Session, sessions: Sessions, age: int, wave: str
) -> None:
    envelope = child.arrive(world.card(session, age, wave=wave), helper="carer")
    said = {"S3.C12": "2", "S3.C13": "A dog,\r\nplease."}
    if wave == "before":
        said |= {"S3.C01": "LEARN", "S3.C01.share": "yes", "S3.C02": "STAY"}

    answer = child.send(said)

    assert answer.location == "/thanks"
    assert "What happens next" in child.see("/thanks").text
    with sessions() as opened:
        kept = opened.get(m.Submission, uuid.UUID(envelope))
        assert kept is not None
        assert (kept.ended, kept.helper, kept.wave) == ("finished", "carer", wave)
    rows = answers(sessions)
    assert rows["S3.C12"].code == "2"
    assert rows["S3.C13"].sealed_text is not None
    if wave == "before":
        assert (rows["S3.C01"].code, rows["S3.C01"].shared) == ("LEARN", True)
        assert (rows["S3.C02"].code, rows["S3.C02"].shared) == ("STAY", False)  # nothing was said about showing it
        assert rows["S3.C03"].missing == "SK"


def test_nothing_is_written_before_the_last_button(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    child.arrive(world.card(session))

    for kind in (m.Submission, m.Answer, m.RefusalCount, m.Concern, m.SetAside):
        assert count(sessions, kind) == 0


def test_nothing_of_the_visit_stays_in_the_browser_after_the_end(child: Child, world: World, session: Session) -> None:
    child.arrive(world.card(session))
    child.send({})

    with child.client.session_transaction() as cookie:
        assert "visit" not in cookie
    child.see("/thanks")
    with child.client.session_transaction() as cookie:
        assert "goodbye" not in cookie
    for page in ("/thanks", "/questions", "/assent", "/before-you-start", "/reply"):
        assert child.see(page).location == "/"


def test_no_page_of_the_child_may_be_kept_by_the_browser(child: Child, world: World, session: Session) -> None:
    child.arrive(world.card(session))

    for page in ("/", "/questions", "/thanks"):
        assert child.client.get(page).headers["Cache-Control"] == "no-store"


def test_every_field_tells_the_browser_to_remember_nothing(child: Child, world: World, session: Session) -> None:
    child.arrive(world.card(session))

    for area in re.findall(r"<textarea[^>]*>", child.page):
        for rule in ('autocomplete="off"', 'autocorrect="off"', 'spellcheck="false"', 'translate="no"'):
            assert rule in area
    for radio in re.findall(r'<input type="radio"[^>]*>', child.page):
        assert 'autocomplete="off"' in radio
    for form in re.findall(r"<form[^>]*>", child.page):
        assert 'autocomplete="off"' in form


def test_stop_and_help_are_on_every_page_of_the_visit(child: Child, world: World, session: Session) -> None:
    child.open_card(world.card(session))

    for page in ("/before-you-start", "/assent", "/questions"):
        child.see(page)
        assert 'href="#stop"' in child.page, page
        assert "Galina Petrova" in child.page, page
        assert "0800 000 000" in child.page, page
        if page == "/before-you-start":
            child.press(page, **UNDERSTOOD)
        elif page == "/assent":
            child.press(page, answer="yes")


def _brotli(answer: TestResponse) -> int:
    with answer:
        return len(brotli.compress(answer.data, quality=5))


def test_the_first_question_is_small_enough_for_a_slow_network(child: Child, world: World, session: Session) -> None:
    child.arrive(world.card(session, 14, wave="after"))
    assets = set(re.findall(r'(?:src|href)="(/static/[^"]+)', child.page))

    sizes = {path: _brotli(child.client.get(path)) for path in assets}
    sizes["/questions"] = len(brotli.compress(child.page.encode(), quality=5))

    kinds = {kind: sum(sizes[path] for path in sizes if kind in path) for kind in (".woff2", ".css", ".js")}
    assert len(sizes) <= 5, sizes
    assert sum(sizes.values()) - kinds[".woff2"] <= 15 * 1024, sizes
    assert sum(sizes.values()) <= 45 * 1024, sizes
    assert kinds[".css"] <= 6 * 1024, sizes
    assert kinds[".js"] <= 6.5 * 1024, sizes
