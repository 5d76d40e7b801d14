"""A coordinator's whole way in a real browser: from the sign-in to the answer the child can read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy.orm import Session

from survey import models as m

from ..conftest import PASSWORD, World
from ..staff_room import share

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("store", ["sqlite"], indirect=True),
    # Closing the files of `static` is left to the garbage collector; a proxy serves them in production.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture
def screen(chromium: str, address: str) -> Iterator[Page]:
    """Return a page of a real browser in which any error of a script or of the policy fails the test."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        page = browser.new_page(base_url=address, viewport={"width": 600, "height": 1024})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("request", lambda sent: None if sent.url.startswith(address) else wrong.append(sent.url))
        yield page
        browser.close()
    assert not wrong


def sign_in(screen: Page, login: str = "vera") -> None:
    """Sign in with the keyboard alone."""
    screen.goto("/staff/sign-in")
    screen.locator("[name=login]:focus").wait_for()
    screen.keyboard.type(login)
    screen.keyboard.press("Tab")
    screen.keyboard.type(PASSWORD)
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/staff/caseload")


def test_coordinator_goes_from_the_sign_in_to_the_written_answer(screen: Page, world: World, session: Session) -> None:
    sign_in(screen)

    screen.get_by_role("link", name="Child 11").click()
    screen.get_by_role("button", name="Open a round: Individual development planning").click()
    screen.get_by_role("button", name="Print a card: Before the decision").click()
    assert len(screen.locator(".code").inner_text().replace(" ", "")) == 11
    assert screen.get_by_role("button", name="Print", exact=True).is_visible()
    screen.get_by_role("link", name="Back to the round").click()
    world.rounds[11, "S3"] = session.query(m.Round).one()
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})

    screen.get_by_role("link", name="Continue: Main goal of the plan").click()
    assert not screen.locator(".voice").count()
    screen.get_by_role("group", name="What do you think the child wants?").get_by_label("Family relations").check()
    screen.get_by_role("group", name="What is your own first view?").get_by_label("Social life").check()
    screen.get_by_role("button", name="Lock my view").click()
    assert screen.locator(".voice .said").inner_text() == "Education / training"

    screen.get_by_role("group", name="What was decided?").get_by_label("Family relations").check()
    assert screen.locator("[data-reasons].asked").is_visible()
    assert "You wished" in screen.locator("[data-letter]").inner_text()
    screen.get_by_label("For a part of it").check()
    screen.get_by_role("button", name="Record the decision").click()
    assert "choose at least one reason" in screen.locator(".error-summary").inner_text()
    assert screen.evaluate("document.activeElement.className") == "error-summary"
    assert screen.get_by_label("Family relations").is_checked()  # nothing typed is lost

    screen.get_by_label("Missing documents").check()
    assert "Some papers are missing." in screen.locator("[data-letter]").inner_text()
    screen.get_by_role("button", name="Record the decision").click()
    screen.get_by_role("link", name="Write the answer").click()
    assert "Some papers are missing." in screen.get_by_label("Because …").input_value()
    long = "We wanted to find your papers and we asked many people in many places about them."
    screen.get_by_label("Because …").fill(long)
    assert "has 16 words" in screen.locator("[data-hints]").inner_text()
    screen.get_by_label("Because …").fill("We did not find your papers. We look for them.")
    assert "We look for them." in screen.locator(".letter").inner_text()
    screen.get_by_role("button", name="Save the answer").click()
    screen.get_by_role("button", name="I have told the child in person").click()

    assert "You said it in a talk." in screen.locator("main").inner_text()
    session.rollback()
    found = session.query(m.Reply).one()
    assert (found.because, found.told_how) == ("We did not find your papers. We look for them.", "talk")


def test_reasons_step_aside_when_the_decision_follows_the_wish(screen: Page, world: World, session: Session) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    sign_in(screen)
    screen.goto(f"/staff/round/{world.round(session).id}/topic/D3.1")
    screen.get_by_role("group", name="What do you think the child wants?").get_by_label("Don't know").check()
    screen.get_by_role("group", name="What is your own first view?").get_by_label("No view yet").check()
    screen.get_by_role("button", name="Lock my view").click()

    screen.get_by_role("group", name="What was decided?").get_by_label("Education / training").check()

    assert not screen.get_by_label("Missing documents").is_visible()
    assert "This is what you wished for." in screen.locator("[data-letter]").inner_text()


def test_printed_page_of_a_card_holds_the_card_and_nothing_else(screen: Page, world: World, session: Session) -> None:
    where = f"/staff/round/{world.round(session).id}"
    sign_in(screen)
    screen.goto(where)
    screen.get_by_role("button", name="Print a card: Before the decision").click()

    screen.emulate_media(media="print")

    shown = screen.locator("body").inner_text()
    assert screen.locator(".code").is_visible() and screen.locator("svg.qr").is_visible()
    for other in ("Child 11", "Vera", "Sign out", "Back to the round", "The paper is lost"):
        assert other not in shown


@pytest.mark.parametrize("width", [360, 600, 1280])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_no_page_is_wider_than_its_screen(screen: Page, world: World, session: Session, width: int, code: str) -> None:
    where = f"/staff/round/{world.round(session).id}"
    screen.goto(f"/staff/sign-in?lang={code}")
    sign_in(screen)
    screen.set_viewport_size({"width": width, "height": 900})

    for page in ("/staff/caseload", f"/staff/child/{world.children[11].id}", where, f"{where}/topic/D3.1",
                 f"{where}/perception", "/staff/add_child", "/staff/replies", "/staff/interviews"):  # fmt: skip
        screen.goto(page)
        assert screen.evaluate("document.documentElement.dir") == ("rtl" if code == "ar" else "ltr")
        beyond = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, page


def test_things_to_do_can_be_read_on_a_phone(screen: Page, world: World, session: Session) -> None:
    world.round(session)
    sign_in(screen)
    screen.set_viewport_size({"width": 320, "height": 900})

    screen.goto("/staff/caseload")

    box = screen.locator(".list .todo .badge").first.bounding_box()
    assert box is not None and box["width"] > 100 and box["height"] < 70
    assert screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert _axe(screen) == []


def test_every_page_is_clean_for_axe(screen: Page, world: World, session: Session) -> None:
    share(session, world, {"D3.1": {"code": "LEARN", "shared": True}})
    where = f"/staff/round/{world.round(session).id}"
    sign_in(screen)

    child = f"/staff/child/{world.children[11].id}"
    for page in ("/staff/caseload", child, f"{child}/permission", where, f"{where}/topic/D3.1", f"{where}/perception",
                 "/staff/add_child", "/staff/replies", "/staff/interviews"):  # fmt: skip
        screen.goto(page)
        assert _axe(screen) == [], page
    screen.goto(f"{where}/topic/D3.1")
    screen.get_by_role("button", name="Lock my view").click()  # with the error summary
    assert _axe(screen) == []
    screen.get_by_role("group", name="What do you think the child wants?").get_by_label("Don't know").check()
    screen.get_by_role("group", name="What is your own first view?").get_by_label("No view yet").check()
    screen.get_by_role("button", name="Lock my view").click()
    assert _axe(screen) == []


def _axe(screen: Page) -> list[str]:
    # Through the debugger, not as a tag: the page's own policy stays in force.
    screen.evaluate(AXE.read_text("utf-8"))
    found = screen.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
