"""The child's room on real screens: mirrored scales, small tablets, large letters, fingers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("store", ["sqlite"], indirect=True)]
WHERE = "boxes => boxes.map(box => [box.control.value, box.getBoundingClientRect().x])"
TOO_SMALL = """() => [...document.querySelectorAll(".step:not([hidden]) label, .walk button, .always a")]
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 48 || box.height < 48)).map(([text]) => text)"""
TOO_WIDE = "() => document.scrollingElement.scrollWidth - innerWidth"


def places(screen: Page) -> list[tuple[str, float]]:
    """Return the codes of the scale on the screen and how far from the left they stand."""
    found: list[tuple[str, float]] = screen.eval_on_selector_all(".step:not([hidden]) .scale .choice", WHERE)
    return found


def test_a_scale_is_mirrored_and_keeps_its_codes(go: Callable[..., Page]) -> None:
    tablet = go()
    before = places(tablet)

    tablet.evaluate("document.documentElement.dir = 'rtl'")

    after = places(tablet)
    assert [code for code, _ in before] == [code for code, _ in after] == ["0", "1", "2"]
    assert [x for _, x in before] == sorted(x for _, x in before)
    assert [x for _, x in after] == sorted((x for _, x in after), reverse=True)


@pytest.mark.parametrize("age", [11, 14, 17])
@pytest.mark.parametrize("size", ["1", "2", "3"])
def test_large_letters_fit_on_a_small_screen(go: Callable[..., Page], age: int, size: str) -> None:
    tablet = go(age)
    tablet.set_viewport_size({"width": 320, "height": 640})
    tablet.evaluate(f"document.documentElement.dataset.size = '{size}'")

    for _ in range(4):
        assert tablet.evaluate(TOO_WIDE) <= 0
        assert tablet.evaluate(TOO_SMALL) == []
        tablet.click("[data-next]")


def test_a_picture_is_there_before_its_question_is_and_without_a_network(go: Callable[..., Page]) -> None:
    tablet = go()
    tablet.context.set_offline(True)
    tablet.click("[data-next]")

    boxes = tablet.eval_on_selector_all(".step:not([hidden]) .picture svg", "all => all.map(one => one.clientWidth)")
    assert min(boxes) > 48
    assert len(boxes) == 5 and len(set(boxes)) == 1
