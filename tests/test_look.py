"""How things look, as far as numbers can tell: contrast, pictures, typefaces, and which answers have which mark."""

import datetime as dt
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brotli import compress
from flask import Flask
from flask_babel import gettext

from survey import look
from survey.child import screens
from survey.instrument import order, pictures, publish, read
from survey.instrument.nouns import AGE_GROUPS, Library
from survey.translation.languages import LANGUAGES

HERE = Path(__file__).parent.parent
STATIC = HERE / "survey/static"
CHILD, STAFF = STATIC / "child/child.css", STATIC / "staff/staff.css"
FACES = {"latin": "andika", "cyrillic": "andika-cyrillic", "arabic": "noto-sans-arabic"}

# ---- dates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_date_at_the_end_of_a_sentence_leaves_one_full_stop(app: Flask, code: str) -> None:
    with app.test_request_context(f"/?lang={code}"):
        said = [look.day(dt.date(2026, month, 14)) for month in range(1, 13)]
        sentence = gettext("Opened on %(date)s.", date=said[9])

    assert not [one for one in said if one.endswith(".")]
    assert all("2026" in one and "14" in one for one in said)
    assert not re.search(r"\.\s*\.", sentence)


# ---- contrast ----------------------------------------------------------------------------------------------

TEXT, LARGE = 4.5, 3.0  # WCAG 2.2: text; large text and the borders of what can be pressed
CHILD_TEXT = 7.0  # a child reads on a cheap screen in the sun
CHILD_PAIRS = [
    *[(ink, ground, CHILD_TEXT) for ink in ("ink", "soft") for ground in ("paper", "card")],
    *[("ink", ground, CHILD_TEXT) for ground in ("tint", "far", "warn-tint")],
    *[("accent", ground, TEXT) for ground in ("paper", "card", "tint")],
    ("on-accent", "accent", CHILD_TEXT),
    *[("warn", ground, TEXT) for ground in ("paper", "card", "warn-tint")],
    *[("edge", ground, LARGE) for ground in ("paper", "card", "tint", "far")],
    *[("accent", ground, LARGE) for ground in ("paper", "card", "tint", "far", "mid")],
    ("level", "card", LARGE),
    ("soft", "tint", LARGE),
    ("ink", "mid", LARGE),
    ("drawn", "plate", CHILD_TEXT),
]
STAFF_PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "soft") for ground in ("paper", "sheet", "sun-tint", "grey-tint")],
    *[("accent", ground, TEXT) for ground in ("paper", "sheet", "accent-tint")],
    *[(hue, f"{hue}-tint", TEXT) for hue in ("red", "amber", "green")],
    *[("accent-deep", ground, TEXT) for ground in ("sheet", "accent-tint")],
    *[(hue, "sheet", TEXT) for hue in ("red", "amber", "green")],
    ("ink", "sun", TEXT),
    *[("line-strong", ground, LARGE) for ground in ("paper", "sheet")],
]


def tokens(css: str, selector: str) -> dict[str, str]:
    """Return the colours that every block with exactly this selector sets."""
    found: dict[str, str] = {}
    for block in re.findall(rf"(?m)^\s*{re.escape(selector)} {{([^}}]*)}}", css):
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", block))
    return found


def child_settings() -> Iterator[tuple[str, dict[str, str]]]:
    css = CHILD.read_text("utf-8")
    more = tokens(css, '[data-contrast="more"][data-age]')
    preferred = tokens(css, ':root:not([data-contrast="more"])')
    assert more and preferred
    for age in AGE_GROUPS:
        register = {"drawn": "#17282b"} | tokens(css, ":root") | tokens(css, f'[data-age="{age}"]')
        yield f"{age}", register
        yield f"{age} more", register | more
        yield f"{age} preferred", register | preferred


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(colours: dict[str, str], pairs: list[tuple[str, str, float]]) -> list[str]:
    """Return the pairs that are harder to see than they may be."""
    found = [(one, other, least, contrast(colours[one], colours[other])) for one, other, least in pairs]
    return [f"{one} on {other}: {real:.2f}, not {least}" for one, other, least, real in found if real < least]


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(("setting", "colours"), [pytest.param(*one, id=one[0]) for one in child_settings()])
def test_a_child_can_see_everything(setting: str, colours: dict[str, str]) -> None:
    assert too_faint(colours, CHILD_PAIRS) == []


def test_staff_can_see_everything() -> None:
    assert too_faint(tokens(STAFF.read_text("utf-8"), ":root"), STAFF_PAIRS) == []


# ---- pictures ----------------------------------------------------------------------------------------------

PICTURES = sorted(pictures.FOLDER.glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
DRAWN_WITH = {SVG + name for name in ("svg", "g", "path", "circle", "ellipse", "rect")}
PLACES = {"viewBox", "d", "cx", "cy", "r", "rx", "ry", "x", "y", "width", "height"}
STROKES = {"fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"}
INKS = {"none", "#17282b", "#c3d3bb", "#efd3a2", "#fffdf8"}  # two quiet fills: no answer is brighter than another
LARGEST_PICTURE = 1536


@pytest.fixture(scope="module")
def library() -> Library:
    return read.library(HERE / "questionnaires")


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_a_clean_small_drawing(path: Path) -> None:
    text = path.read_text("utf-8")
    drawing = ElementTree.fromstring(text)
    parts = list(drawing.iter())

    assert drawing.get("viewBox") == "0 0 72 72"
    assert {part.tag for part in parts} <= DRAWN_WITH  # no script, no text, no image, no style, no use
    assert {name for part in parts for name in part.attrib} <= PLACES | STROKES  # no href, no handler
    assert {part.get(name, "none") for part in parts for name in ("fill", "stroke")} <= INKS
    assert not re.search(r"<[!?]|&|url\(", text)
    assert len(text.encode()) <= LARGEST_PICTURE


def test_every_picture_is_used_and_told_of_in_the_licence(library: Library) -> None:
    used = {option.picture for topic in library.topics.values() for option in topic.options} - {""}
    told = re.findall(r"(?m)^([a-z]+) {2,}\w", (pictures.FOLDER / "LICENSE.txt").read_text("utf-8"))

    assert used == {path.stem for path in PICTURES}
    assert set(told) - {"picture"} == {path.stem for path in pictures.FOLDER.rglob("*.svg")}


def children(library: Library) -> Iterator[dict[str, Any]]:
    """Yield every question of every child's questionnaire, as published."""
    for one in library.questionnaires.values():
        if one.asked_of == "child":
            yield from publish.compile(one, library, {})["questions"]


def test_every_option_of_a_list_has_its_own_picture_and_no_scale_has_any(library: Library) -> None:
    nominal = [one for one in children(library) if one["scale"] == "nominal"]
    assert len(nominal) >= 10

    for question in children(library):
        offered = {code for codes in question["options"].values() for code in codes}
        found = question.get("pictures", {})
        assert set(found) == (offered if question["scale"] == "nominal" else set()), question["id"]
        assert len(set(found.values())) == len(found), question["id"]


def test_one_thing_has_one_picture_everywhere(library: Library) -> None:
    seen: dict[str, str] = {}
    for topic in library.topics.values():
        for option in topic.options:
            if option.code in ("PARENTS", "KIN", "LEARN", "HEALTH", "SOCIAL", "STAY", "OWN", "OTHER"):
                assert seen.setdefault(option.code, option.picture) == option.picture, f"{topic.id} {option.code}"


def test_staff_see_no_pictures(library: Library) -> None:
    for one in library.questionnaires.values():
        if one.asked_of != "child":
            assert not any("pictures" in asked for asked in publish.compile(one, library, {})["questions"])


def test_a_scale_fills_its_stones_by_code_wherever_they_stand(library: Library) -> None:
    for question in children(library):
        for group, codes in question["options"].items():
            filled = screens._filled(question["scale"], order.shown_options(question, group, 0))
            assert (question["scale"] == "ordinal") == bool(filled)
            if filled:
                assert (filled[min(codes, key=int)], filled[max(codes, key=int)]) == (0, 100)
                assert all(f".full-{part} {{" in CHILD.read_text("utf-8") for part in filled.values())


# ---- typefaces and size ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(HERE.glob("survey/static/**/*.woff2")), ids=lambda path: path.name)
def test_every_typeface_has_its_licence_beside_it(path: Path) -> None:
    own = [path.with_suffix(".OFL.txt"), path.parent / "LICENSE.txt"]

    assert any("SIL OPEN FONT LICENSE" in one.read_text("utf-8") for one in own if one.is_file())


def test_every_script_has_its_typeface_and_loads_no_other() -> None:
    css = CHILD.read_text("utf-8")
    named = dict(re.findall(r'font-family: "?([\w ]+?)"?;\s+src: url\("([\w-]+)\.woff2"\)', css))
    chosen = dict(re.findall(r'\[data-script="(\w+)"\] { --face: "([\w ]+)"', css))
    chosen["latin"] = re.findall(r"(?s):root {\s+--face: (\w+);", css)[0]

    assert {script: named[face] for script, face in chosen.items()} == FACES
    assert {language.script for language in LANGUAGES.values()} <= set(FACES)
    for face in FACES.values():
        assert (CHILD.parent / f"{face}.woff2").stat().st_size <= 24 * 1024


@pytest.mark.parametrize("code", ["en", "ru", "ar"])
def test_a_page_asks_early_for_the_typeface_of_its_language(client: Any, world: Any, code: str) -> None:
    page = client.get(f"/?lang={code}").text
    face = FACES[LANGUAGES[code].script]

    assert re.findall(r'rel="preload" href="/static/child/([\w-]+)\.woff2"', page) == [face]
    assert f'data-script="{LANGUAGES[code].script}"' in page


def test_the_style_sheet_stays_small() -> None:
    assert len(compress(CHILD.read_bytes(), quality=5)) <= 6 * 1024
