"""Another language on a real tablet: by touch, in the middle of the questions, nothing lost and nowhere else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session, sessionmaker

from survey import models as m

from ..test_child_walk import answers
from .child_tablet import forward, inspect, tap

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("store", ["sqlite"], indirect=True)]


def speak(tablet: Page, code: str) -> None:
    """Tap the globe, then the name of a language."""
    tablet.click("a[href='#speak']")
    inspect(tablet)
    tablet.locator(f"#speak [lang='{code}']").click()
    tablet.wait_for_selector(f"html[lang='{code}'] [data-ready]")


@pytest.mark.parametrize("code", ["ru", "ar"])
def test_a_child_changes_the_language_and_stays_at_the_same_question(
    go: Callable[..., Page], session: Session, sessions: sessionmaker[Session], code: str
) -> None:
    session.get_one(m.Organisation, 1).languages = "en ru ar"
    session.commit()
    tablet = go()
    forward(tablet)
    tap(tablet, "FAMILY")
    forward(tablet)
    asked = tablet.locator(".step:visible").get_attribute("data-name")

    speak(tablet, code)

    assert tablet.locator(".step:visible").get_attribute("data-name") == asked
    assert tablet.locator("html").get_attribute("dir") == ("rtl" if code == "ar" else "ltr")
    assert not tablet.locator("#speak").is_visible()
    tablet.click("[data-back]")
    assert tablet.locator(".step:visible input[value='FAMILY']").is_checked()
    tablet.click("a[href='#stop']")
    tablet.locator("#stop [value='stopped']").click()
    tablet.wait_for_url("**/thanks")
    assert answers(sessions)["S3.C01"].language == "en"
