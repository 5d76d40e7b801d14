"""A real tablet for the tests of the child's room: how it is opened, and what a child does on it."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy.orm import Session
from waitress import create_server

from survey import models as m
from survey import publish

from ..conftest import World

AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
STRICT = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
    "rules": {"color-contrast-enhanced": {"enabled": True}},  # 7 : 1, not only the 4.5 : 1 of AA
}


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    """Return a Chromium that keeps pages for its back button, as on a real tablet."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=chromium, args=QUIET, ignore_default_args=["--disable-back-forward-cache"]
        )


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Return the address of the running application."""
    sockets: dict[int, object] = {}
    server, over = create_server(app, host="127.0.0.1", port=0, threads=4, map=sockets), threading.Event()

    def run() -> None:  # one turn at a time, so that nothing is closed while the server waits for it
        while not over.is_set():
            server.asyncore.loop(timeout=0.2, map=sockets, count=1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    over.set()
    thread.join()
    server.task_dispatcher.shutdown()
    server.asyncore.close_all(sockets, ignore_all=True)


@pytest.fixture
def tablet(chrome: Browser, address: str) -> Iterator[Page]:
    """Return a tablet that shows nothing yet; an error in a script fails the test."""
    context = chrome.new_context(viewport={"width": 600, "height": 1024}, base_url=address, reduced_motion="reduce")
    opened, errors = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def go(tablet: Page, world: World, session: Session) -> Callable[..., Page]:
    """Return what brings a child of an age to the questions."""

    def arrive(age: int = 11, wave: str = "before", lang: str = "", picture: str = "") -> Page:
        scan(tablet, world.card(session, age, wave=wave), lang)
        forward(tablet)
        tap(tablet, "yes")
        forward(tablet)
        tap(tablet, "mine")
        tablet.click("[data-finish]")
        tablet.wait_for_url("**/assent")
        if picture:
            tablet.locator(f"[name=picture][value={picture}]").check(force=True)
        tablet.click("[name=answer][value=yes]")
        tablet.wait_for_url("**/questions")
        return tablet

    return arrive


def speak_arabic(session: Session) -> None:
    """Publish every questionnaire in Arabic too, word by word as in English, and offer it."""
    for row in publish.newest(session):
        if row.asked_of != "child":
            continue
        texts = row.document["texts"]
        document = {**row.document, "languages": ["en", "ar"], "texts": {**texts, "ar": texts["en"]}}
        columns = {name: getattr(row, name) for name in ("name", "stage", "asked_of", "published_at")}
        digest = hashlib.sha256(row.digest.encode()).hexdigest()
        session.add(m.Questionnaire(digest=digest, version=row.version + 1, document=document, **columns))
    session.get_one(m.Organisation, 1).languages = "en ar"
    session.commit()


def scan(tablet: Page, code: str, lang: str = "") -> None:
    """Open the address a card holds."""
    tablet.goto(f"/?lang={lang}#{code}" if lang else f"/#{code}")
    tablet.wait_for_url("**/before-you-start")


def forward(tablet: Page) -> None:
    """Press Next (or Skip)."""
    tablet.click("[data-next]")


def tap(tablet: Page, value: str) -> None:
    """Tap an answer on the screen that is shown."""
    answer = tablet.locator(f".step:visible label:has(input[value='{value}'])").first
    answer.click()
    expect(answer.locator("input")).to_be_checked()


def shown(tablet: Page) -> str:
    """Return the question on the screen."""
    headings = tablet.locator(".step:visible h2")
    assert headings.count() >= 1
    return headings.first.inner_text()


def walk_to(tablet: Page, question: str) -> None:
    """Skip until a question is shown."""
    for _ in range(20):
        if shown(tablet) == question:
            return
        forward(tablet)
    pytest.fail(f"{question} was never shown")


def inspect(tablet: Page) -> None:
    """Let axe look at the page as it is."""
    tablet.evaluate(AXE.read_text())
    found = tablet.evaluate("rules => axe.run(rules)", STRICT)
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
