"""A child sets the letters, the colours and the voice; and rests after the hard questions."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session, sessionmaker

from survey import models as m
from survey.translation.languages import LANGUAGES

from ..conftest import World
from ..test_child_walk import answers, count
from .child_tablet import forward, inspect, shown, speak_arabic, tap, walk_to

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("store", ["sqlite"], indirect=True)]
Sessions = sessionmaker[Session]
REST = "Thank you for answering."


def choose(tablet: Page, name: str, value: str) -> None:
    """Open the menu, choose, close it."""
    tablet.click("a[href='#look']")
    tablet.locator(f"#look [name={name}][value='{value}']").check(force=True)
    tablet.locator("#look button.main").click()
    expect(tablet.locator("#look")).to_be_hidden()


def letters(tablet: Page) -> float:
    """Return how big the question is written."""
    return float(
        tablet.evaluate("parseFloat(getComputedStyle(document.querySelector('.step:not([hidden]) h2')).fontSize)")
    )


def test_larger_letters_and_strong_colours_come_at_once_and_nothing_said_is_lost(go: Callable[..., Page]) -> None:
    tablet = go()
    forward(tablet)
    tap(tablet, "LEARN")
    before, ground = letters(tablet), tablet.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    choose(tablet, "size", "3")
    choose(tablet, "contrast", "more")

    assert letters(tablet) > before * 1.3
    assert tablet.evaluate("getComputedStyle(document.documentElement).backgroundColor") != ground
    assert shown(tablet) == "What do you want to work on most?"
    assert tablet.locator("input[value=LEARN]").is_checked()
    inspect(tablet)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_was_set_stays_until_the_visit_ends(
    go: Callable[..., Page], tablet: Page, world: World, session: Session, lang: str
) -> None:
    speak_arabic(session)
    go(lang=lang)
    with tablet.expect_response("**/look"):
        tablet.click("a[href='#look']")
        inspect(tablet)
        tablet.locator("#look [name=size][value='2']").check(force=True)
    tablet.goto("/assent")
    assert tablet.locator("html").get_attribute("data-size") == "2"
    tablet.goto("/questions")
    walk_to(tablet, "What is missing in your plan?")
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/thanks")
    assert tablet.locator("html").get_attribute("data-size") == "2"  # the last page of the visit
    tablet.goto("/")
    assert tablet.locator("html").get_attribute("data-size") == "1"
    go(lang=lang)
    assert tablet.locator("html").get_attribute("data-size") == "1"


@pytest.mark.parametrize("safe", ["0", "2", "~DK", ""])
def test_a_rest_comes_after_the_hard_questions_whatever_was_answered(
    go: Callable[..., Page], sessions: Sessions, safe: str
) -> None:
    tablet = go()
    walk_to(tablet, "Do you feel safe where you live now?")
    stones, at = tablet.locator(".stones li").count(), tablet.locator("#said").inner_text()
    if safe:
        tap(tablet, safe)
    forward(tablet)

    assert shown(tablet) == REST
    words = tablet.locator(".rest").inner_text()
    assert "You can rest here for a moment." in words
    assert "I want to talk to someone" in words
    inspect(tablet)
    assert (tablet.locator(".stones li").count(), tablet.locator("#said").inner_text()) == (stones, at)  # no question
    forward(tablet)
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/thanks")
    assert len(answers(sessions)) == stones - 1  # without the one to try
    assert count(sessions, m.SetAside) == 0


def test_a_child_talks_to_someone_from_the_rest(go: Callable[..., Page]) -> None:
    tablet = go()
    walk_to(tablet, REST)
    tablet.click(".rest a[href='#talk']")

    assert tablet.locator("#talk").get_by_text("Galina Petrova", exact=True).is_visible()


def test_a_screen_reader_says_the_question_and_how_far_it_is(go: Callable[..., Page]) -> None:
    tablet = go()
    forward(tablet)

    expect(tablet.locator("h2:focus")).to_have_accessible_description("Step 2 of 7")


def test_the_helplines_of_the_childs_language_stand_after_the_people(
    go: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    english = replace(LANGUAGES["en"], helplines=(("Line in English", "0800 111"),))
    monkeypatch.setitem(LANGUAGES, "en", english)
    tablet = go()
    tablet.click("header a[href='#talk']")
    tablet.context.set_offline(True)

    shown_help = tablet.locator("#talk .adults li").all_inner_texts()
    assert "Galina Petrova" in shown_help[0]
    assert "Helpline" in shown_help[-2] and "Line in English" in shown_help[-1] and "0800 111" in shown_help[-1]
