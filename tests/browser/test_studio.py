"""The recording studio in a real browser with a microphone that beeps: record, listen, save, next; by mouse, by key."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import models as m
from survey import voice

from ..conftest import World
from .test_admin_pages import LAPTOP, QUIET, TABLET, axe, signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("store", ["sqlite"], indirect=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
A_BEEP = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
NOT_ALLOWED = ["--use-fake-device-for-media-stream", "--deny-permission-prompts"]


@pytest.fixture
def started(request: pytest.FixtureRequest, chromium: str) -> Iterator[Browser]:
    """Start Chromium with a microphone."""
    more = getattr(request, "param", A_BEEP)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *more])
        yield browser
        browser.close()


@pytest.fixture
def asked(session: Session, world: World) -> list[voice.Phrase]:
    """Return what is to be read aloud in English."""
    found = voice.wanted(session, "en")
    session.commit()
    return found


def clips(session: Session) -> int:
    """Return how many clips there are."""
    found = session.scalar(select(func.count()).select_from(m.Clip)) or 0
    session.commit()
    return found


def enter(started: Browser, address: str, size: tuple[int, int] = LAPTOP) -> tuple[Page, list[str]]:
    """Open the studio at the first sentence."""
    page, complaints = signed_in(started, address, "admin", size)
    page.goto(f"{address}/admin/voices")
    page.click("main .button:has-text('Record the first sentence')")
    page.wait_for_selector("[data-recorder]:not([hidden])")
    return page, complaints


def says(page: Page, words: str) -> None:
    """Wait until the studio says something."""
    page.wait_for_function("words => document.querySelector('[data-status]').textContent.includes(words)", arg=words)


def sentence(page: Page) -> str:
    """Return the sentence that is to be read."""
    return page.inner_text(".aloud")


@pytest.mark.parametrize("size", [TABLET, LAPTOP])
def test_somebody_records_listens_saves_and_the_next_sentence_comes(
    started: Browser, address: str, session: Session, asked: list[voice.Phrase], size: tuple[int, int]
) -> None:
    page, complaints = enter(started, address, size)
    assert sentence(page) == asked[0].text
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.click("[data-record]")
    says(page, "Recording.")
    page.wait_for_timeout(2500)
    page.click("[data-record]")
    says(page, "seconds are recorded")
    assert axe(page) == []
    assert page.evaluate(
        "(async () => { const a = document.querySelector('[data-take]'); await a.play(); return a.duration > 1.5; })()"
    )
    assert clips(session) == 0
    page.click("[data-save]")
    page.wait_for_function("text => document.querySelector('.aloud').textContent !== text", arg=asked[0].text)

    assert sentence(page) == asked[1].text
    assert page.url.split("?")[0].endswith(asked[1].said)
    assert f"1 of {len(asked)}" in page.inner_text(".lede")
    assert clips(session) == 1
    clip = voice.find(session, "en", asked[0].said)
    session.commit()
    assert clip is not None
    assert 0.5 < clip.seconds < 3.5
    assert page.evaluate("document.activeElement.hasAttribute('data-record')")
    assert complaints == []


def test_the_keyboard_alone_records_one_sentence_after_another(
    started: Browser, address: str, session: Session, asked: list[voice.Phrase]
) -> None:
    page, complaints = enter(started, address)

    for n in range(2):
        page.keyboard.press("Space")
        says(page, "Recording.")
        page.wait_for_timeout(1500)
        page.keyboard.press("Space")
        says(page, "seconds are recorded")
        page.keyboard.press("Enter")
        page.wait_for_function("text => document.querySelector('.aloud').textContent !== text", arg=asked[n].text)

    assert clips(session) == 2
    assert sentence(page) == asked[2].text
    assert complaints == []


def test_a_recording_is_made_again_and_played_to_children_once_saved(
    started: Browser, address: str, session: Session, asked: list[voice.Phrase]
) -> None:
    page, complaints = enter(started, address)
    for _ in range(2):
        page.click("[data-record]")
        says(page, "Recording.")
        page.wait_for_timeout(1500)
        page.click("[data-record]")
        says(page, "seconds are recorded")
    page.click("[data-save]")
    page.wait_for_function("text => document.querySelector('.aloud').textContent !== text", arg=asked[0].text)

    page.goto(f"{address}/admin/voice/en/{asked[0].said}")
    src = page.get_attribute("audio[src^='/voice/']", "src")

    played = page.evaluate("async (src) => { const a = new Audio(src); await a.play(); return a.duration; }", src)
    assert played > 0.5
    assert clips(session) == 1
    assert axe(page) == []
    page.click("main button:has-text('Take this recording back')")
    page.wait_for_load_state()
    assert clips(session) == 0
    assert complaints == []


def test_nothing_is_lost_when_the_server_does_not_answer(
    started: Browser, address: str, session: Session, asked: list[voice.Phrase]
) -> None:
    page, _complaints = enter(started, address)
    page.click("[data-record]")
    says(page, "Recording.")
    page.wait_for_timeout(1500)
    page.click("[data-record]")
    says(page, "seconds are recorded")
    page.context.set_offline(True)
    page.click("[data-save]")
    says(page, "It was not saved")

    page.context.set_offline(False)
    page.click("[data-save]")
    page.wait_for_function("text => document.querySelector('.aloud').textContent !== text", arg=asked[0].text)

    assert clips(session) == 1


@pytest.mark.parametrize("started", [NOT_ALLOWED], indirect=True)
def test_a_browser_that_refuses_the_microphone_is_told_where_to_allow_it(
    started: Browser, address: str, asked: list[voice.Phrase]
) -> None:
    page, _complaints = enter(started, address)

    page.click("[data-record]")

    says(page, "does not let Heard use the microphone")
    assert page.is_enabled("[data-record]")


def test_at_an_address_without_https_the_cure_is_said_and_a_file_can_be_sent(
    started: Browser, address: str, app: Flask, asked: list[voice.Phrase]
) -> None:
    page, complaints = signed_in(started, address, "admin")
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")

    page.goto(f"{address}/admin/voice/en/{asked[0].said}")

    page.wait_for_selector("[data-not-secure]:not([hidden])")
    assert "begins with https" in page.inner_text("[data-not-secure]")
    assert page.is_hidden("[data-recorder]")
    assert page.is_visible("[name=sound]")
    assert axe(page) == []
    assert complaints == []
