"""The administrator's and the researcher's pages in a real browser: nothing blocked, nothing too wide, axe clean."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from ..conftest import PASSWORD, World
from ..test_pages import MADE_UP

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("store", ["sqlite"], indirect=True),
    # flask-compress leaves closing the files of `static` to the garbage collector; a proxy serves them in production.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TABLET, LAPTOP = (600, 1024), (1280, 800)


@pytest.fixture
def started(chromium: str) -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


def signed_in(browser: Browser, address: str, login: str, size: tuple[int, int] = LAPTOP) -> tuple[Page, list[str]]:
    """Sign somebody in; return the page and the list of what the browser complains about."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, bypass_csp=False)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(f"{address}/staff/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_load_state()
    return page, complaints


def axe(page: Page) -> list[str]:
    """Return what axe finds on the page that is open."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found["violations"]]


@pytest.mark.parametrize("size", [TABLET, LAPTOP])
def test_pages_fit_the_screen_and_nothing_is_blocked(
    started: Browser, address: str, app: Flask, world: World, size: tuple[int, int]
) -> None:
    (Path(app.config["HEARD_HOME"]) / "report.json").write_text(json.dumps(MADE_UP))
    ours = ("", "organisation", "sites", "new_site", f"site/{world.site.id}", "staff_members", "new_staff_member",
            f"staff_member/{world.vera.id}", "questionnaires", "voices", "hand_over")  # fmt: skip
    page, complaints = signed_in(started, address, "admin", size)

    for where in [*(f"admin/{name}" for name in ours), "research/", "research/report", "research/codebook"]:
        page.goto(f"{address}/{where}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
        assert axe(page) == [], where
    assert complaints == []


def test_an_error_takes_the_keyboard_to_the_summary_and_from_there_to_the_field(started: Browser, address: str) -> None:
    page, complaints = signed_in(started, address, "admin")
    page.goto(f"{address}/admin/organisation")

    page.fill("[name=answer_within_days]", "400")
    page.click("main form.form button")

    page.wait_for_selector(".error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert axe(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "answer_within_days"
    assert complaints == []


def test_a_researcher_downloads_the_export_as_often_as_needed(started: Browser, address: str) -> None:
    page, complaints = signed_in(started, address, "marta")
    page.goto(f"{address}/research/exports")
    assert axe(page) == []

    for _ in range(2):
        with page.expect_download() as download:
            page.click("main form button")
        assert download.value.suggested_filename.startswith("heard-export-")
    assert complaints == []


def test_the_report_is_embedded_in_its_own_style(started: Browser, address: str, app: Flask) -> None:
    (Path(app.config["HEARD_HOME"]) / "report.json").write_text(
        json.dumps({**MADE_UP, "style": ".report h2 { color: rgb(1, 2, 3) }"})
    )
    page, complaints = signed_in(started, address, "vera")

    page.goto(f"{address}/research/report")

    assert page.evaluate("getComputedStyle(document.querySelector('.report h2')).color") == "rgb(1, 2, 3)"
    assert complaints == []
