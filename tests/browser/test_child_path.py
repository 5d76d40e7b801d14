"""A child at a real tablet: by touch, by keyboard, stopping, calling for help, and what the next child can see."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy.orm import Session, sessionmaker

from survey import models as m

from ..conftest import World
from ..test_child_card import wrong
from ..test_child_walk import answers, count
from .child_tablet import forward, inspect, scan, shown, tap, walk_to

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("store", ["sqlite"], indirect=True)]
Sessions = sessionmaker[Session]
MARKER = "I miss my dog Bim"


def test_a_child_goes_the_whole_path_by_touch(go: Callable[..., Page], sessions: Sessions) -> None:
    tablet = go()

    assert shown(tablet) == "Do you like ice cream?"
    tap(tablet, "2")
    forward(tablet)
    assert tablet.locator("[data-next]").inner_text() == "Skip"
    tap(tablet, "FAMILY")
    assert tablet.locator("[data-next]").inner_text() == "Next"
    tap(tablet, "yes")
    forward(tablet)
    tap(tablet, "STAY")
    walk_to(tablet, "Do you feel safe where you live now?")
    tap(tablet, "2")
    walk_to(tablet, "What is missing in your plan?")
    tablet.fill("textarea", MARKER)
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/thanks")

    rows = answers(sessions)
    assert (rows["S3.C01"].code, rows["S3.C01"].shared) == ("FAMILY", True)
    assert (rows["S3.C02"].code, rows["S3.C02"].shared) == ("STAY", False)
    assert rows["S3.C03"].missing == "SK"
    assert rows["S3.C13"].sealed_text is not None
    assert count(sessions, m.SetAside) == 0


def test_a_child_goes_the_whole_path_by_keyboard(
    tablet: Page, world: World, session: Session, sessions: Sessions
) -> None:
    press = tablet.keyboard.press
    tablet.goto("/")
    tablet.focus("#code")
    tablet.keyboard.type(world.card(session).lower())
    press("Enter")
    tablet.wait_for_url("**/before-you-start")

    def until(where: str) -> None:
        for _ in range(20):
            if tablet.evaluate("where => document.activeElement.matches(where)", where):
                return
            press("Tab")
        pytest.fail(f"Tab never comes to {where}")

    until("[data-next]")
    press("Enter")
    until("[name=stop]")
    press("Space")
    press("Enter")
    until("[name=who]")
    press("Space")
    press("ArrowDown")
    until("[data-finish]")
    press("Enter")
    tablet.wait_for_url("**/assent")
    until("[name=answer][value=yes]")
    press("Enter")
    tablet.wait_for_url("**/questions")
    until("[name=practice]")
    press("Space")
    press("Enter")
    for _ in range(6):
        expect(tablet.locator("h2:focus")).to_have_count(1)  # the new question is read out
        if tablet.locator(".rest:visible").count():
            until("[data-next]")
        else:
            until(".choice input")
            press("Space")
        press("Enter")
    until("textarea")
    tablet.keyboard.type(MARKER)
    until("[data-finish]")
    press("Enter")
    tablet.wait_for_url("**/thanks")

    rows = answers(sessions)
    assert all(rows[f"S3.C0{n}"].code is not None for n in (1, 2, 3, 4))
    assert rows["S3.C13"].sealed_text is not None


def test_enter_never_ends_the_visit_by_surprise(go: Callable[..., Page], sessions: Sessions) -> None:
    tablet = go()
    walk_to(tablet, "What is missing in your plan?")
    tablet.focus(".step:visible .other input")
    tablet.keyboard.press("Enter")

    assert shown(tablet) == "What is missing in your plan?"
    assert count(sessions, m.Submission) == 0


def test_a_child_stops_and_what_was_said_is_kept(go: Callable[..., Page], sessions: Sessions) -> None:
    tablet = go()
    forward(tablet)
    tap(tablet, "LEARN")
    tablet.click("a[href='#stop']")
    inspect(tablet)
    tablet.get_by_role("button", name="Stop, and send what I said").click()
    tablet.wait_for_url("**/thanks")

    rows = answers(sessions)
    assert rows["S3.C01"].code == "LEARN"
    assert rows["S3.C13"].missing == "NR"


def test_the_last_page_leaves_by_itself(go: Callable[..., Page]) -> None:
    tablet = go()
    tablet.click("a[href='#stop']")
    tablet.get_by_role("button", name="Stop, and delete what I said").click()
    tablet.wait_for_url("**/thanks")
    assert tablet.get_by_text("If you chose to delete, nothing was kept.").is_visible()
    assert tablet.locator("[data-leave]").get_attribute("data-leave") == "30"
    tablet.wait_for_load_state("load")
    tablet.evaluate("document.querySelector('[data-leave]').dataset.leave = 0.2")
    tablet.keyboard.press("Shift")

    tablet.wait_for_selector("#code")


def test_help_opens_without_a_network_on_every_screen(go: Callable[..., Page], sessions: Sessions) -> None:
    tablet = go()
    tablet.context.set_offline(True)
    for _ in range(7):
        tablet.click("a[href='#talk']")
        sheet = tablet.locator("#talk")
        assert sheet.get_by_text("Galina Petrova", exact=True).is_visible()
        assert sheet.get_by_text("0800 000 000").is_visible()
        tablet.keyboard.press("Escape")
        sheet.wait_for(state="hidden")
        if tablet.locator("[data-next]").is_visible():
            forward(tablet)
    assert count(sessions, m.Submission) == 0


def test_a_child_calls_for_help_in_the_middle_of_the_questions(go: Callable[..., Page], sessions: Sessions) -> None:
    tablet = go()
    tablet.click("a[href='#talk']")
    inspect(tablet)
    tablet.get_by_role("button", name="Ask someone to come to me").click()
    tablet.wait_for_url("**/thanks")

    assert tablet.get_by_text("Galina Petrova gets a message").is_visible()
    assert count(sessions, m.Concern) == 1


def test_back_goes_one_question_back_and_keeps_the_answer(go: Callable[..., Page]) -> None:
    tablet = go()
    forward(tablet)
    tap(tablet, "LEARN")
    forward(tablet)
    tablet.click("[data-back]")

    assert shown(tablet) == "What do you want to work on most?"
    assert tablet.locator("input[value=LEARN]").is_checked()
    forward(tablet)
    expect(tablet.locator(".step:visible h2:focus")).to_be_visible()  # nobody presses two buttons within a blink
    tablet.evaluate("setTimeout(() => history.back())")  # the tablet's own button
    expect(tablet.locator(".step[data-name='S3.C01']")).to_be_visible()


@pytest.mark.parametrize("sheet", ["talk", "stop"])
def test_back_closes_a_sheet_and_leaves_the_question_where_it_is(go: Callable[..., Page], sheet: str) -> None:
    tablet = go()
    forward(tablet)
    forward(tablet)
    question = shown(tablet)
    for close in ("history.back()", f"document.querySelector('#{sheet} [data-close]').click()"):
        tablet.click(f"a[href='#{sheet}']")
        tablet.locator(f"#{sheet}").wait_for(state="visible")
        tablet.evaluate(f"setTimeout(() => {close})")
        tablet.locator(f"#{sheet}").wait_for(state="hidden")

        assert shown(tablet) == question
        assert tablet.evaluate("document.activeElement.hash") == f"#{sheet}"
    tablet.click("[data-back]")
    expect(tablet.locator(".step[data-name='S3.C01']")).to_be_visible()


def test_back_closes_a_sheet_and_stays_on_the_page_of_yes_and_no(tablet: Page, world: World, session: Session) -> None:
    scan(tablet, world.card(session))
    forward(tablet)
    tap(tablet, "yes")
    forward(tablet)
    tap(tablet, "mine")
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/assent")
    tablet.click("a[href='#talk']")
    tablet.evaluate("setTimeout(() => history.back())")
    tablet.locator("#talk").wait_for(state="hidden")

    assert tablet.url.endswith("/assent")


def test_a_sheet_closed_twice_in_a_hurry_goes_one_step_back_only(go: Callable[..., Page]) -> None:
    tablet = go()
    forward(tablet)
    forward(tablet)
    question = shown(tablet)
    tablet.click("a[href='#stop']")
    tablet.evaluate("for (const _ of [1, 2]) document.querySelector('#stop [data-close]').click()")
    tablet.locator("#stop").wait_for(state="hidden")
    tablet.wait_for_timeout(200)

    assert shown(tablet) == question


def test_a_child_is_asked_before_a_reload_loses_what_was_said(
    go: Callable[..., Page], tablet: Page, sessions: Sessions
) -> None:
    asked = list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    tablet.on("dialog", stay)
    go()
    tap(tablet, "2")  # the question to try with is not kept: nothing is lost
    tablet.reload()
    assert asked == []
    forward(tablet)
    tap(tablet, "LEARN")
    tablet.evaluate("setTimeout(() => location.reload())")
    tablet.wait_for_timeout(500)

    assert asked == ["beforeunload"]
    assert tablet.locator("input[value=LEARN]").is_checked()
    walk_to(tablet, "What is missing in your plan?")
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/thanks")
    assert asked == ["beforeunload"]  # sending is never asked about
    assert answers(sessions)["S3.C01"].code == "LEARN"


def test_a_pull_does_not_reload_the_page(tablet: Page, world: World) -> None:
    tablet.goto("/")

    assert tablet.evaluate("getComputedStyle(document.documentElement).overscrollBehaviorY") == "none"


def test_a_wish_with_nothing_chosen_about_showing_it_says_that_it_is_kept(go: Callable[..., Page]) -> None:
    tablet = go()
    forward(tablet)
    kept = tablet.locator(".step:visible .kept")
    assert not kept.is_visible()  # no wish yet
    tap(tablet, "LEARN")
    assert kept.is_visible()
    inspect(tablet)
    tap(tablet, "no")
    assert not kept.is_visible()
    forward(tablet)
    assert shown(tablet) != "What do you want to work on most?"  # and nothing is in the way


def test_a_child_whose_network_lost_the_script_sees_every_question_after_a_while(go: Callable[..., Page]) -> None:
    tablet = go()
    tablet.route("**/asking.js*", lambda route: route.abort())
    tablet.reload()
    assert tablet.locator(".step:visible").count() == 1

    expect(tablet.locator(".step:visible")).to_have_count(tablet.locator(".step").count(), timeout=10_000)


def test_own_words_and_do_not_know_exclude_each_other(go: Callable[..., Page]) -> None:
    tablet = go()
    walk_to(tablet, "What is missing in your plan?")
    tap(tablet, "~DK")
    tablet.fill("textarea", "A dog")
    assert not tablet.locator(".step:visible input[value='~DK']").is_checked()
    tap(tablet, "~DK")
    assert tablet.input_value("textarea") == ""


def test_a_long_text_is_counted_and_never_cut(go: Callable[..., Page]) -> None:
    tablet = go()
    walk_to(tablet, "What is missing in your plan?")
    tablet.fill("textarea", "x" * 450)
    assert tablet.locator(".counter").inner_text() == "Letters left: 50"
    tablet.fill("textarea", "x" * 510)
    assert tablet.locator(".counter").inner_text().startswith("Letters too many: 10.")
    assert len(tablet.input_value("textarea")) == 510


def test_broken_signs_never_leave_the_page(go: Callable[..., Page], sessions: Sessions, app: Flask) -> None:
    tablet = go()
    walk_to(tablet, "What is missing in your plan?")
    tablet.evaluate(r"document.querySelector('textarea').value = 'a\u0000b\uFFFEc\uD83D'")
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/thanks")

    row = answers(sessions)["S3.C13"]
    said = app.extensions["heard"].seal.open(row.sealed_text, f"answer:{row.submission_id}:S3.C13")
    assert said == "abc\ufffd"


def test_a_child_who_typed_nothing_is_asked_to_type_the_code(tablet: Page, world: World) -> None:
    tablet.goto("/")
    tablet.focus("#code")
    tablet.keyboard.press("Enter")
    assert tablet.locator("#code-wrong").inner_text() == "Type the code first."
    tablet.keyboard.type("2")
    assert not tablet.locator("#code-wrong").is_visible()


def test_a_typing_mistake_is_said_before_anything_is_sent(tablet: Page, world: World, session: Session) -> None:
    requests = list[str]()
    code = world.card(session)
    tablet.goto("/", wait_until="networkidle")
    tablet.on("request", lambda request: requests.append(request.url))
    tablet.focus("#code")
    tablet.keyboard.type(wrong(code))

    assert tablet.get_by_text("That code has a typing mistake.").is_visible()
    tablet.keyboard.press("Enter")
    tablet.fill("#code", "")
    tablet.keyboard.type(code)
    assert not tablet.locator("#code-wrong").is_visible()
    assert requests == []


@pytest.mark.parametrize("typed", ["lower", "cyrillic", "wide", "arabic digits"])
def test_a_code_is_understood_as_it_is_typed_on_many_keyboards(
    tablet: Page, world: World, session: Session, typed: str
) -> None:
    tables = {
        "cyrillic": str.maketrans("BCHKMPTXY", "ВСНКМРТХУ"),
        "wide": {n: n + 0xFEE0 for n in range(48, 91)},
        "arabic digits": str.maketrans("23456789", "٢٣٤٥٦٧٨٩"),
    }
    code = world.card(session)
    tablet.goto("/")
    tablet.focus("#code")
    tablet.keyboard.insert_text(code.lower() if typed == "lower" else code.translate(tables[typed]))
    tablet.keyboard.press("Enter")

    tablet.wait_for_url("**/before-you-start")


def test_a_scanned_code_is_taken_out_of_the_address_and_never_reaches_a_log(
    tablet: Page, world: World, session: Session
) -> None:
    code, asked = world.card(session), list[str]()
    tablet.on("request", lambda request: asked.append(request.url))
    scan(tablet, code)

    assert not any(code in url.split("#")[0] for url in asked)
    tablet.evaluate("setTimeout(() => history.back())")
    tablet.wait_for_url(lambda url: "before-you-start" not in url)
    assert code not in tablet.url


@pytest.mark.parametrize("protected", [True, False])
def test_the_next_child_cannot_go_back_to_what_was_typed(go: Callable[..., Page], protected: bool) -> None:
    tablet = go()
    if not protected:  # the broken twin: without our script the browser's memory gives everything back
        only_steps = "{" + Path(__file__).parents[2].joinpath("survey/static/child/steps.js").read_text("utf-8") + "}"
        tablet.route("**/asking.js*", lambda route: route.fulfill(body=only_steps, content_type="text/javascript"))
        tablet.reload()
    walk_to(tablet, "What is missing in your plan?")
    tablet.fill("textarea", MARKER)
    tablet.on("dialog", lambda dialog: dialog.accept())  # "Leave this page?" -- yes
    tablet.evaluate("location.assign('about:blank')")
    tablet.wait_for_url("about:blank")
    tablet.evaluate("setTimeout(() => history.back())")
    tablet.wait_for_url("**/questions", wait_until="commit")
    tablet.wait_for_timeout(1000)

    remembered = MARKER in tablet.evaluate("document.querySelector('textarea')?.value ?? ''")
    assert remembered is not protected


@pytest.mark.parametrize("age", [11, 14, 17])
@pytest.mark.parametrize("size", [(320, 640), (600, 1024), (1280, 800)])
def test_every_screen_is_accessible_and_nothing_runs_out_of_it(
    go: Callable[..., Page], tablet: Page, age: int, size: tuple[int, int]
) -> None:
    tablet.set_viewport_size({"width": size[0], "height": size[1]})
    tablet.goto("/")
    inspect(tablet)
    go(age)
    while True:
        inspect(tablet)
        assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for box in tablet.locator(".step label:visible, .walk .button:visible, .top a").all():
            assert (box.bounding_box() or {})["height"] >= 56
        if not tablet.locator("[data-next]").is_visible():
            break
        forward(tablet)
        tablet.wait_for_timeout(250)
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/thanks")
    inspect(tablet)


def test_finishing_stopping_and_refusing_look_the_same(
    go: Callable[..., Page], tablet: Page, world: World, session: Session
) -> None:
    seen = []
    for button in ("finish", "stop", "erase", "no"):
        if button == "no":
            scan(tablet, world.card(session))
            tablet.click("a[href='#stop']")
            tablet.get_by_role("button", name="Stop now").click()
        else:
            go()
            if button == "finish":
                walk_to(tablet, "What is missing in your plan?")
                tablet.click("[data-finish]")
            else:
                tablet.click("a[href='#stop']")
                tablet.get_by_role("button", name="delete" if button == "erase" else "send").click()
        tablet.wait_for_url("**/thanks")
        tablet.evaluate("document.fonts.ready")
        tablet.mouse.move(0, 0)
        seen.append(tablet.screenshot())

    assert all(picture == seen[0] for picture in seen)
