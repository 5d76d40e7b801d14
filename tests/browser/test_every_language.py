"""Every page in every language in a real Chromium: to be read, heard, touched, typed at and enlarged by everybody.

What is asked of a page is in `every_page.py`. The table of pages and languages stands at the end of the run.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import clock, decide, publish, reply
from survey import models as m
from survey.translation import complete
from survey.translation.languages import LANGUAGES

from ..conftest import PASSWORD, TODAY, World
from .child_tablet import forward, scan, tap
from .every_page import CHILD, OFFICE, Room, Rounds, table

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("store", ["sqlite"], indirect=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
Places = dict[str, object]
TOPIC = "D3.2"

# name, address; {…} is one of the things of the lived-in house
COORDINATOR = (
    ("caseload", "/staff/caseload"), ("caseload: found", "/staff/caseload?name=11"),
    ("caseload: nobody", "/staff/caseload?name=zzz"), ("add a child", "/staff/add_child"),
    ("child", "/staff/child/{child_id}"), ("child's language", "/staff/child/{child_id}/language"),
    ("permission", "/staff/child/{child_id}/permission"), ("round", "/staff/round/{round_id}"),
    ("card shown once", "/staff/round/{round_id}/card/after"), ("own view", "/staff/round/{round_id}/topic/D3.3"),
    ("decision", "/staff/round/{round_id}/topic/D3.2"), ("decided", "/staff/round/{round_id}/topic/D3.1"),
    ("correct a decision", "/staff/round/{round_id}/topic/D3.1/amend"),
    ("questions to staff", "/staff/round/{round_id}/perception"), ("interviews", "/staff/interviews"),
    ("interview", "/staff/interview/{form_id}"), ("interview: question", "/staff/interview/{form_id}/1"),
    ("replies", "/staff/replies"), ("answer", "/staff/reply/{reply_id}"), ("nothing here", "/staff/nothing-here"),
)  # fmt: skip
LEAD = (("concerns", "/staff/concerns"), ("concern", "/staff/concern/{concern_id}"))
RESEARCHER = (
    ("results", "/research/"), ("report", "/research/report"), ("codebook", "/research/codebook"),
    ("exports", "/research/exports"),
)  # fmt: skip
ADMIN = (
    ("overview", "/admin/"), ("tablets", "/admin/hand_over"), ("organisation", "/admin/organisation"),
    ("sites", "/admin/sites"), ("new site", "/admin/new_site"), ("site", "/admin/site/{site_id}"),
    ("safe adult", "/admin/site/{site_id}/safe_adult"), ("staff", "/admin/staff_members"),
    ("new staff member", "/admin/new_staff_member"), ("staff member", "/admin/staff_member/{staff_id}"),
    ("pass phrase", "/admin/staff_member/{staff_id}/pass_phrase"), ("leaving", "/admin/staff_member/{staff_id}/leave"),
    ("questionnaires", "/admin/questionnaires"), ("languages", "/admin/languages"), ("review", "/admin/language/ru"),
    ("language files", "/admin/language/ru/files"), ("voices", "/admin/voices"),
    ("studio", "/admin/voice/{language}/{said}"),
)  # fmt: skip


@pytest.fixture(scope="module")
def walked(request: pytest.FixtureRequest) -> Iterator[list[Rounds]]:
    """Collect what every walk found, and print the table."""
    found: list[Rounds] = []
    yield found
    plugins = request.config.pluginmanager
    with plugins.getplugin("capturemanager").global_and_fixture_disabled():
        print("", *table(found), sep="\n")


@pytest.fixture
def spoken(session: Session, world: World) -> None:
    """Let the organisation of the test world offer every language, and name nothing as our own words do."""
    session.get_one(m.Organisation, 1).languages = " ".join(LANGUAGES)
    for site in session.scalars(select(m.Site)):
        site.helpline_name = "Pine line"
    session.commit()


@pytest.fixture
def open_in(chrome: Browser, address: str) -> Iterator[Callable[[Room], Page]]:
    """Return what opens a window of a room; an error in a script, or something blocked, fails the test."""
    errors: list[str] = []

    def opened(room: Room) -> Page:
        size = {"width": room.usual[0], "height": room.usual[1]}
        context = chrome.new_context(viewport=size, base_url=address, reduced_motion="reduce", has_touch=True)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
        return page

    yield opened
    for context in chrome.contexts:
        context.close()
    assert errors == []


# ---- a child ----


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_child_finds_every_page_whole_in_their_own_language(
    open_in: Callable[[Room], Page], walked: list[Rounds], world: World, session: Session, code: str
) -> None:
    rounds, tablet = Rounds(code), open_in(CHILD)
    walked.append(rounds)
    assert complete.problems(code) == [], "a language that lacks words is not published: mend the words first"

    _arrive(rounds, tablet, world.card(session), code)
    _open_sheets(rounds, tablet)
    _answer(rounds, tablet, "question")
    _read_the_reply(rounds, tablet, world, session, code)
    tablet.goto("/nothing-here")
    rounds.look(tablet, "child: nothing here", CHILD)

    assert not rounds.problems, "\n".join(rounds.problems)


def _arrive(rounds: Rounds, tablet: Page, card: str, code: str) -> None:
    """The languages, the card, what to know (misunderstood twice, so that an adult is named), who is there."""
    tablet.goto(f"/staff/sign-in?lang={code}")  # what the adults here speak; a child's own language is only lent
    tablet.goto(f"/?lang={code}")
    rounds.look(tablet, "card", CHILD)
    tablet.click("main button.main")
    rounds.look(tablet, "card: nothing typed", CHILD)
    tablet.goto("/")
    rounds.look(tablet, "language choice", CHILD)
    scan(tablet, card, code)
    for n in (1, 2, 3):
        rounds.look(tablet, f"before you start {n}", CHILD)
        if n > 1:
            tap(tablet, "no" if n == 2 else "everyone")
        if n < 3:
            forward(tablet)
    _misunderstand(rounds, tablet)
    tablet.click("main a.main")
    tablet.wait_for_url("**/assent")
    rounds.look(tablet, "assent", CHILD)
    tablet.locator("[name=watched][value=yes]").check(force=True)
    tablet.locator("[name=picture][value=kite]").check(force=True)
    tablet.click("[name=answer][value=yes]")
    tablet.wait_for_url("**/questions")


def _misunderstand(rounds: Rounds, tablet: Page) -> None:
    with tablet.expect_navigation():
        tablet.click("[data-finish]")
    rounds.look(tablet, "before you start: explained", CHILD)
    while tablet.locator("[data-next]:visible").count():
        forward(tablet)
    with tablet.expect_navigation():
        tablet.click("[data-finish]")
    rounds.look(tablet, "ask an adult", CHILD)


def _open_sheets(rounds: Rounds, tablet: Page) -> None:
    """Larger letters, somebody to talk to, stop, another language; and what hides the page."""
    for name in ("look", "talk", "stop", "speak"):
        tablet.click(f"header a[href='#{name}']")
        tablet.wait_for_selector(f"#{name}.open")
        rounds.look(tablet, f"sheet: {name}", CHILD)
        tablet.keyboard.press("Escape")
        tablet.wait_for_selector(f"#{name}", state="hidden")
    tablet.click("a.hide")
    tablet.wait_for_selector("#cover.up")
    tablet.click(".scene")
    tablet.wait_for_selector(".nine:not([hidden])")
    rounds.look(tablet, "cover", CHILD, disguised=True)
    tablet.click(".nine [value=kite]")
    tablet.wait_for_selector("#cover", state="hidden")


def _answer(rounds: Rounds, tablet: Page, name: str) -> None:
    """Every step, answered and looked at, to the thanks."""
    for n in count(1):
        first = tablet.locator(".step:visible > .choices input").first
        if first.count():
            first.check(force=True)
        rest = tablet.locator(".rest:visible").count()
        rounds.look(tablet, f"{name}: rest" if rest else f"{name} {n}", CHILD)
        if tablet.locator("[data-finish]:visible").count():
            break
        forward(tablet)
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/thanks")
    rounds.look(tablet, f"{name}: thanks", CHILD)


def _read_the_reply(rounds: Rounds, tablet: Page, world: World, session: Session, code: str) -> None:
    of, at, topic = (
        world.round(session),
        clock.now() + dt.timedelta(days=1),
        publish.catalogue(session, code).topics[TOPIC],
    )
    decide.lock(session, of, TOPIC, "STAY", "STAY", world.vera, at)
    made = decide.close(session, of, TOPIC, decide.Outcome("STAY", TODAY, "yes"), reply.Draft(), world.vera, at)
    session.commit()
    _scan_reply(tablet, world.card(session, wave="reply"), code)
    rounds.look(tablet, "no reply yet", CHILD)
    owed = session.scalars(select(m.Reply).where(m.Reply.decision_id == made.id)).one()
    reply.write(session, owed, reply.draft(topic, "STAY", "STAY", [], code), world.vera, at)
    session.commit()
    _scan_reply(tablet, world.card(session, wave="reply"), code)
    _answer(rounds, tablet, "reply")


def _scan_reply(tablet: Page, card: str, code: str) -> None:
    tablet.goto(f"/?lang={code}#{card}")
    tablet.wait_for_url("**/reply")


# ---- everybody else ----


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("code", LANGUAGES)
def test_everybody_who_works_here_finds_every_page_whole_in_their_own_language(
    open_in: Callable[[Room], Page], walked: list[Rounds], places: Places, code: str
) -> None:
    rounds = Rounds(code)
    walked.append(rounds)
    assert complete.problems(code) == [], "a language that lacks words is not published: mend the words first"

    _visit(rounds, open_in(OFFICE), "galina", LEAD, places)
    _visit(rounds, open_in(OFFICE), "marta", RESEARCHER, places)
    _visit(rounds, open_in(OFFICE), "admin", ADMIN, places)
    screen = open_in(OFFICE)
    _look_at_the_door(rounds, screen)
    _visit(rounds, screen, "vera", COORDINATOR, places)
    _print_a_card_and_hand_over(rounds, screen, places)

    assert not rounds.problems, "\n".join(rounds.problems)


def _look_at_the_door(rounds: Rounds, screen: Page) -> None:
    screen.goto(f"/staff/sign-in?lang={rounds.code}")
    rounds.look(screen, "sign-in", OFFICE)
    screen.click("main form button")
    screen.wait_for_selector(".error-summary")
    rounds.look(screen, "sign-in: nothing written", OFFICE)


def _visit(rounds: Rounds, screen: Page, login: str, pages: tuple[tuple[str, str], ...], places: Places) -> None:
    """Sign in once, and look at these pages."""
    screen.goto(f"/staff/sign-in?lang={rounds.code}")
    screen.fill("[name=login]", login)
    screen.fill("[name=password]", PASSWORD)
    with screen.expect_navigation():
        screen.click("main form button")
    for name, where in pages:
        _go(screen, where.format(**places), 404 if name == "nothing here" else 200)
        rounds.look(screen, name, OFFICE)


def _go(screen: Page, where: str, status: int = 200) -> None:
    answer = screen.goto(where)
    assert answer is not None and answer.status == status, where  # an error page would be in order, too


def _print_a_card_and_hand_over(rounds: Rounds, screen: Page, places: Places) -> None:
    _go(screen, "/staff/round/{round_id}/card/after".format(**places))
    with screen.expect_navigation():
        screen.click("main form button")
    rounds.look(screen, "card to print", OFFICE)
    _go(screen, "/staff/account")
    rounds.look(screen, "account", OFFICE)
    screen.click("form[action$=hand_over] button")
    screen.wait_for_url("**/")
    _go(screen, "/staff/caseload")
    rounds.look(screen, "tablet is with a child", OFFICE)


# ---- the keyboard ----


def _to_the_questions(tablet: Page, card: str, code: str) -> None:
    scan(tablet, card, code)
    forward(tablet)
    tap(tablet, "yes")
    forward(tablet)
    tap(tablet, "mine")
    tablet.click("[data-finish]")
    tablet.wait_for_url("**/assent")
    tablet.click("[name=answer][value=yes]")
    tablet.wait_for_url("**/questions")
    forward(tablet)  # the first one is only to try


# Where the keyboard is, in the words of the tests below.
STOP = """() => {
    const e = document.activeElement;
    if (e === document.body) return "outside";
    if (e.closest(".share")) return "share";
    if (e.closest(".unsaid")) return "other answers";
    if (e.closest(".choices")) return "answers";
    if (e.matches(".step h2")) return "question";
    return e.className.includes("hide") ? "hide" : e.hash || Object.keys(e.dataset)[0] || e.localName;
}"""
HEADER = ["hide", "#look", "#talk", "#stop", "#speak"]


def _press(tablet: Page, *keys: str) -> list[str]:
    """Press keys one after another; return where the keyboard was after each."""
    stops: list[str] = []
    for key in keys:
        tablet.keyboard.press(key)
        stops.append(tablet.evaluate(STOP))
    return stops


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_keyboard_goes_through_a_question_in_the_order_in_which_it_is_read(
    open_in: Callable[[Room], Page], world: World, session: Session, code: str
) -> None:
    tablet = open_in(CHILD)
    _to_the_questions(tablet, world.card(session), code)
    answers, others = (tablet.locator(f".step:visible > {of} input").count() for of in (".choices", ".unsaid"))
    assert answers > 1 and others > 1

    assert tablet.evaluate(STOP) == "question"  # it is said first
    down = _press(tablet, "Tab", *["ArrowDown"] * (answers + others - 1))
    onward = _press(tablet, "ArrowUp", *["Tab"] * 4)  # up from "skip": what is skipped is not shown to anybody
    again = _press(tablet, *["Tab"] * (len(HEADER) + 1))

    assert down == ["answers"] * answers + ["other answers"] * others
    assert onward == ["other answers", "share", "back", "next", "outside"]
    assert again == [*HEADER, "other answers"]


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("code", ["en", "ar"])
def test_space_chooses_and_enter_goes_on(
    open_in: Callable[[Room], Page], world: World, session: Session, code: str
) -> None:
    tablet = open_in(CHILD)
    _to_the_questions(tablet, world.card(session), code)
    asked = [tablet.locator(".step:visible").get_attribute("data-name")]

    assert _press(tablet, "Tab", "Space") == ["answers", "answers"]
    chosen = tablet.locator(".step:visible > .choices input:checked").count()
    for way in (["Enter"], ["Tab", "Tab", "Tab", "Space"]):  # on an answer; on the button, past a share not yet asked
        _press(tablet, *way)
        asked.append(tablet.locator(".step:visible").get_attribute("data-name"))
    while tablet.evaluate(STOP) != "#talk":
        _press(tablet, "Tab")
    _press(tablet, "Enter")

    assert chosen == 1
    assert len(set(asked)) == 3
    assert tablet.locator("#talk").is_visible()
    assert _press(tablet, "Escape") == ["#talk"]
