"""A child hides the screen: at once, from everybody, and only the child's own picture brings it back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from ..conftest import World
from .child_tablet import forward, inspect, shown, speak_arabic, tap

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("store", ["sqlite"], indirect=True)]
QUESTION = "What do you want to work on most?"
READABLE = """() => [...document.body.children].filter(part =>
  part.id !== "cover" && !part.inert && part.checkVisibility()).map(part => part.outerHTML.slice(0, 60))"""
SHOWN_WITHIN = """async () => {
  const begun = performance.now();
  document.querySelector(".hide").click();
  const covered = document.elementFromPoint(300, 500).closest("#cover") !== null;
  return covered ? performance.now() - begun : 9999;
}"""


def hide(tablet: Page) -> None:
    """Press Hide."""
    tablet.click("a.hide")


def uncover(tablet: Page, picture: str) -> None:
    """Tap the calm screen, then a picture."""
    tablet.mouse.click(300, 80)
    tablet.click(f".nine [value={picture}]")


def covered(tablet: Page) -> bool:
    """Is the calm screen over everything?"""
    return bool(
        tablet.evaluate("document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('#cover') !== null")
    )


def said_by_a_screen_reader(tablet: Page) -> set[str]:
    """Return the name of everything on the page that a screen reader can reach."""
    tree = tablet.context.new_cdp_session(tablet).send("Accessibility.getFullAXTree")["nodes"]
    named = [one["name"].get("value", "") for one in tree if not one["ignored"] and "name" in one]
    return {name for name in named if name}


def at_a_wish(go: Callable[..., Page], picture: str = "leaf") -> Page:
    """Bring a child with a picture to the first wish, with an answer given."""
    tablet = go(picture=picture)
    forward(tablet)
    tap(tablet, "LEARN")
    tablet.wait_for_selector("#cover[data-ready]", state="attached")
    return tablet


def test_one_tap_covers_everything_and_says_nothing_of_what_it_hides(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    before = tablet.title()
    tablet.context.set_offline(True)

    assert tablet.evaluate(SHOWN_WITHIN) < 50
    assert covered(tablet)
    assert tablet.title() == "Clock" != before
    assert tablet.evaluate(READABLE) == []
    assert {"Clock"} >= said_by_a_screen_reader(tablet)
    inspect(tablet)


def test_only_the_childs_own_picture_returns_to_exactly_where_the_child_was(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    hide(tablet)
    uncover(tablet, "boat")
    assert covered(tablet)
    assert not tablet.locator(".nine").is_visible()  # the calm screen again
    uncover(tablet, "leaf")

    assert not covered(tablet)
    assert shown(tablet) == QUESTION
    assert tablet.locator("input[value=LEARN]").is_checked()
    assert tablet.title() == "Your plan"
    expect(tablet).not_to_have_url("#cover")


def test_after_three_wrong_pictures_it_rests(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    tablet.clock.install()
    hide(tablet)
    for picture in ("boat", "kite", "moon"):
        uncover(tablet, picture)
    tablet.mouse.click(300, 80)
    assert not tablet.locator(".nine").is_visible()
    tablet.clock.fast_forward(10_100)
    uncover(tablet, "leaf")

    assert not covered(tablet)


def test_a_child_without_a_picture_comes_back_by_one_button(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go, picture="")
    hide(tablet)
    tablet.mouse.click(300, 80)

    assert tablet.locator(".nine").is_hidden()
    tablet.locator("#cover").get_by_role("button", name="Go on").click()
    assert not covered(tablet)


def test_after_three_wrong_pictures_a_child_is_told_to_wait_and_can_start_again(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    tablet.on("dialog", lambda dialog: dialog.accept())
    tablet.clock.install()
    hide(tablet)
    for _ in range(2):
        uncover(tablet, "drum")
    tablet.reload()
    tablet.wait_for_selector("#cover[data-ready]", state="attached")
    uncover(tablet, "drum")

    assert tablet.get_by_text("Wait ten seconds, then try again.").is_visible()
    tablet.clock.run_for(10_100)
    inspect(tablet)
    assert tablet.locator(".nine").is_visible()
    tablet.get_by_role("button", name="Start again with my card").click()
    tablet.wait_for_selector("#code")
    assert tablet.evaluate("sessionStorage.length") == 0


def test_a_page_of_text_is_not_covered_as_soon_as_a_question(go: Callable[..., Page]) -> None:
    tablet = go(age=14, picture="leaf")
    tablet.wait_for_selector("#cover[data-ready]", state="attached")
    question = tablet.locator("#cover").get_attribute("data-idle")
    tablet.goto("/assent")

    assert (question, tablet.locator("#cover").get_attribute("data-idle")) == ("60", "180")


def test_neither_escape_nor_back_uncovers(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    hide(tablet)
    for _ in range(3):
        tablet.keyboard.press("Escape")
        tablet.evaluate("setTimeout(() => history.back())")
        tablet.wait_for_timeout(150)
        assert covered(tablet)
    uncover(tablet, "leaf")

    assert shown(tablet) == QUESTION


def test_after_a_reload_the_cover_is_up_again_and_no_answer_is_kept(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    tablet.on("dialog", lambda dialog: dialog.accept())
    hide(tablet)
    kept = tablet.evaluate("[{...sessionStorage}, {...localStorage}]")
    tablet.reload()

    assert kept == [{"covered": "1"}, {}]
    assert covered(tablet)
    tablet.wait_for_selector("#cover[data-ready]", state="attached")
    uncover(tablet, "leaf")
    expect(tablet.locator("#cover")).to_be_hidden()
    tablet.wait_for_timeout(200)
    tablet.reload()
    tablet.wait_for_selector("#cover[data-ready]", state="attached")
    assert not covered(tablet)


def test_another_page_of_the_visit_is_covered_too(go: Callable[..., Page]) -> None:
    tablet = go(picture="leaf")
    hide(tablet)
    tablet.goto("/assent")
    tablet.wait_for_selector("#cover[data-ready]", state="attached")

    assert covered(tablet)


def test_a_child_hides_by_keyboard_and_comes_back_by_keyboard(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    tablet.keyboard.press("Escape")
    tablet.keyboard.press("Escape")
    assert covered(tablet)
    tablet.keyboard.press("Enter")
    for _ in range(4):  # boat, kite, key, shell, leaf
        tablet.keyboard.press("Tab")
    tablet.keyboard.press("Enter")

    assert not covered(tablet)
    assert shown(tablet) == QUESTION


def test_hide_is_the_first_thing_on_the_page_and_works_over_an_open_sheet(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    assert tablet.evaluate("document.querySelector('a, button').matches('.hide')")
    tablet.click("header a[href='#talk']")
    hide(tablet)
    assert covered(tablet)
    uncover(tablet, "leaf")

    assert tablet.locator("#talk").is_visible()
    assert tablet.evaluate("document.querySelector('main').inert")
    tablet.keyboard.press("Escape")
    expect(tablet.locator("#talk")).to_be_hidden()
    assert not tablet.evaluate("document.querySelector('main').inert")


def test_the_same_cover_comes_when_nobody_is_there_and_typed_words_stay(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    tablet.evaluate("document.querySelector('#cover').dataset.idle = 0.3")
    tablet.keyboard.press("Shift")
    tablet.wait_for_selector("#cover.up")

    assert tablet.get_by_text("Are you still there? Tap your picture to go on.").is_visible()
    inspect(tablet)
    tablet.click(".nine [value=leaf]")
    assert tablet.locator("input[value=LEARN]").is_checked()


def test_while_something_is_read_nobody_is_thought_to_be_gone(go: Callable[..., Page]) -> None:
    tablet = at_a_wish(go)
    tablet.evaluate("document.documentElement.dataset.reading = ''")
    tablet.evaluate("document.querySelector('#cover').dataset.idle = 0.2")
    tablet.keyboard.press("Shift")
    tablet.wait_for_timeout(700)

    assert not covered(tablet)


def test_without_script_hide_shows_the_cover_and_a_plain_way_back(go: Callable[..., Page]) -> None:
    tablet = go()
    without = tablet.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=tablet.context.storage_state(), viewport={"width": 600, "height": 1024}
    )
    page = without.new_page()
    page.goto(tablet.url)
    page.click("a.hide")
    assert page.locator("#cover").is_visible()
    page.locator("#cover").get_by_role("link", name="Go back").click()
    hidden = page.locator("#cover").is_hidden()
    without.close()

    assert hidden


def test_an_arabic_child_hides_and_comes_back(go: Callable[..., Page], world: World, session: Session) -> None:
    speak_arabic(session)
    tablet = go(lang="ar", picture="leaf")
    assert tablet.evaluate("document.documentElement.dir") == "rtl"
    box = tablet.locator("a.hide").bounding_box() or {}
    assert box["x"] > 400  # first in the row: at the right
    hide(tablet)
    assert covered(tablet)
    inspect(tablet)
    uncover(tablet, "leaf")

    assert not covered(tablet)
