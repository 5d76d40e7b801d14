"""A child who does not read hears every step: recorded voices first, the tablet's own only if it is the right one."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from survey import models as m
from survey import voice

from ..conftest import World
from ..sounds import hum
from ..test_child_walk import Child
from .child_tablet import forward, inspect, speak_arabic

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("store", ["sqlite"], indirect=True)]
STEP = ("Do you like ice cream?", "This is only to try. Tap any answer.", "No", "A bit", "Yes", "Next", "Skip")
# A tablet with its own voices: each says how it is called, and is done at once.
VOICES = """(voices) => {
  window.spoken = [];
  Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
    getVoices: () => voices, cancel: () => {},
    speak: (words) => { window.spoken.push(words.text); setTimeout(() => words.onend(), 20); } }) });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } set voice(one) {} };
}"""
# What is being read, in order, as a person sees it.
WATCH = """() => {
  window.seen = [];
  new MutationObserver((all) => all.forEach(({ target }) => target.classList.contains("reading")
    && window.seen.at(-1) !== target.textContent && window.seen.push(target.textContent)))
    .observe(document.body, { subtree: true, attributeFilter: ["class"] });
}"""


@pytest.fixture
def clips(session: Session, world: World) -> Callable[..., None]:
    """Return what lets somebody read texts aloud: each a short hum."""

    def record(*texts: str, language: str = "en", seconds: float = 0.3) -> None:
        sound = hum(seconds)
        for text in texts:
            voice.keep(session, language, text, sound, voice.RECORDED, "vera", dt.datetime.now(dt.UTC))
        session.commit()

    return record


def has_voices(tablet: Page, *voices: tuple[str, bool]) -> None:
    """Give the tablet voices of its own: language, and whether they are on the tablet itself."""
    made = [{"lang": lang, "localService": local, "name": lang} for lang, local in voices]
    tablet.add_init_script(f"({VOICES})({str(made).replace('True', 'true').replace('False', 'false')})")


def press_listen(tablet: Page) -> None:
    """Press the round button of the step."""
    tablet.locator(".path .listen").click()


def wait_until_read(tablet: Page) -> list[str]:
    """Wait for the end of the reading; return what was read, in order."""
    tablet.locator(".reading").first.wait_for(state="attached", timeout=2000)
    expect(tablet.locator("html")).not_to_have_attribute("data-reading", "", timeout=20_000)
    seen: list[str] = tablet.evaluate("window.seen")
    return seen


def test_a_child_hears_the_step_in_the_order_of_reading(go: Callable[..., Page], clips: Callable[..., None]) -> None:
    clips(*STEP)
    tablet, asked = go(), list[str]()
    tablet.on("request", lambda request: asked.append(request.url))
    tablet.evaluate(WATCH)
    press_listen(tablet)
    inspect(tablet)

    assert wait_until_read(tablet) == [*STEP[:5], "Skip"]
    clips_asked = [url for url in asked if ".mp3" in url]
    assert clips_asked and all("/voice/en/" in url and "?v=" in url for url in clips_asked)


def test_every_answer_has_a_small_speaker_for_the_youngest_and_it_chooses_nothing(
    go: Callable[..., Page], clips: Callable[..., None]
) -> None:
    clips(*STEP)
    tablet = go(age=11)
    tablet.evaluate(WATCH)
    box = tablet.locator(".hear-one").nth(1).bounding_box() or {}
    tablet.locator(".hear-one").nth(1).click()

    assert wait_until_read(tablet) == ["A bit"]
    assert min(box["width"], box["height"]) >= 48
    assert tablet.locator(".step:visible :checked").count() == 0
    assert tablet.locator(".hear-one").count() == 3


def test_older_children_have_one_button_for_the_step_only(go: Callable[..., Page], clips: Callable[..., None]) -> None:
    clips(*STEP)
    tablet = go(age=17)
    expect(tablet.locator(".path .listen")).to_be_visible()

    assert tablet.locator(".hear-one").count() == 0


def test_a_second_tap_stops_and_so_does_the_next_step(go: Callable[..., Page], clips: Callable[..., None]) -> None:
    clips(*STEP, seconds=5)
    tablet = go()
    for stop in ("tablet.tap", "next"):
        press_listen(tablet)
        tablet.wait_for_selector(".reading")
        assert tablet.locator(".path .listen").get_attribute("aria-pressed") == "true"
        if stop == "next":
            forward(tablet)
        else:
            press_listen(tablet)
        expect(tablet.locator(".reading")).to_have_count(0)
        assert not tablet.evaluate("'reading' in document.documentElement.dataset")


@pytest.mark.parametrize(
    ("voices", "heard"),
    [
        ([("en-GB", True)], True),
        ([("en_US", True)], True),  # as Android writes it
        ([("en-GB", False)], False),  # spoken by a server somewhere: what a child reads would leave the tablet
        ([("fr-FR", True), ("eng", True)], False),  # never a foreign accent
        ([], False),
    ],
)
def test_the_tablets_own_voice_reads_only_its_own_language(
    go: Callable[..., Page], tablet: Page, voices: list[tuple[str, bool]], heard: bool
) -> None:
    has_voices(tablet, *voices)
    go()
    tablet.wait_for_timeout(300)
    assert tablet.locator(".listen:visible").count() == (1 if heard else 0)  # never a dead button
    if heard:
        tablet.evaluate(WATCH)
        press_listen(tablet)
        assert wait_until_read(tablet) == tablet.evaluate("window.spoken")


def test_a_clip_that_cannot_be_had_gives_way_quietly(
    go: Callable[..., Page], tablet: Page, clips: Callable[..., None], session: Session
) -> None:
    clips(*STEP)
    has_voices(tablet, ("en-GB", True))
    go()
    tablet.context.set_offline(True)
    tablet.evaluate(WATCH)
    press_listen(tablet)

    assert wait_until_read(tablet)[0] == "Do you like ice cream?"
    assert tablet.locator(".silent").count() == 0


def test_a_button_that_can_play_nothing_says_so_kindly(go: Callable[..., Page], clips: Callable[..., None]) -> None:
    clips("Do you like ice cream?")
    tablet = go()
    tablet.context.set_offline(True)
    press_listen(tablet)

    expect(tablet.get_by_role("status").get_by_text("It cannot be heard right now.")).to_be_visible()
    assert tablet.locator(".path .listen").get_attribute("aria-pressed") == "false"


def test_with_read_to_me_each_step_is_read_when_it_opens(go: Callable[..., Page], tablet: Page) -> None:
    has_voices(tablet, ("en-GB", True))
    go()
    tablet.click("a[href='#look']")
    tablet.locator("#look [name=read][value=on]").check(force=True)
    tablet.locator("#look button.main").click()
    expect(tablet.locator("#look")).to_be_hidden()
    tablet.evaluate(WATCH)
    forward(tablet)

    assert "What do you want to work on most?" in wait_until_read(tablet)


def test_hiding_ends_the_reading(go: Callable[..., Page], clips: Callable[..., None]) -> None:
    clips(*STEP, seconds=5)
    tablet = go()
    press_listen(tablet)
    tablet.wait_for_selector(".reading")
    tablet.click("a.hide")

    assert not tablet.evaluate("'reading' in document.documentElement.dataset")


def test_without_script_a_plain_player_stands_under_the_question(
    app: Flask, clips: Callable[..., None], world: World, session: Session
) -> None:
    clips("Do you like ice cream?")
    child = Child(app.test_client())
    child.arrive(world.card(session))

    source = f"/voice/en/{voice.said('Do you like ice cream?')}.mp3"
    assert child.page.count('<audio controls preload="none"') == 1
    assert f'<noscript><audio controls preload="none" src="{source}?v=' in child.page
    assert child.client.get(source).status_code == 200


def test_an_arabic_child_hears_arabic_or_nothing(
    go: Callable[..., Page], tablet: Page, world: World, session: Session, clips: Callable[..., None]
) -> None:
    speak_arabic(session)
    clips(*STEP, language="en")
    has_voices(tablet, ("en-GB", True), ("ar-EG", True))
    go(lang="ar")
    tablet.evaluate(WATCH)
    press_listen(tablet)

    assert wait_until_read(tablet)[0] == "Do you like ice cream?"  # the words are English here, the voice is not
    assert tablet.evaluate("window.spoken.length") > 3
    assert session.query(m.Clip).filter_by(language="ar").count() == 0
    inspect(tablet)
