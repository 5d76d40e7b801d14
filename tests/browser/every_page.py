"""What must hold of every page in every language, looked at in a real Chromium; what does not is written down."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from re import findall, split, sub
from typing import Any

from playwright.sync_api import CDPSession, Page

from survey.translation import books
from survey.translation.languages import LANGUAGES

from .child_tablet import AXE

LOOK = (Path(__file__).parent / "look.js").read_text("utf-8")
# Contrast is a matter of colours, not of words: it is measured in English by the other tests.
RULES = {
    "resultTypes": ["violations"], "preload": False,
    "rules": {"color-contrast": {"enabled": False}, "target-size": {"enabled": True}},
}  # fmt: skip
PLACEHOLDER = r"%\(\w+\)[sd]|\{\w+\}"
KEYBOARD = ("en", "ar")  # Tab walks through every page once in each direction: it does not read
MOST_TABS = 40  # and three for each thing to reach: a date is three, a player of sounds more
NAMES = {
    "Heard", "Test", "organisation", "Galina", "Petrova", "Ruth", "Achieng", "safe", "adult", "here", "from", "outside",
    "Pine", "line", "Aa", "English",
}  # fmt: skip


@dataclass(frozen=True)
class Room:
    """How large a finger's targets are in a room, which widths it must fit, and whether it may hold Latin letters."""

    buttons: int
    links: int
    widths: tuple[tuple[int, int], ...]
    usual: tuple[int, int]
    names_only: bool = False


CHILD = Room(48, 48, ((320, 640), (300, 512)), (600, 1024), names_only=True)  # 300 x 512: the tablet at 200 %
OFFICE = Room(44, 24, ((320, 640), (640, 400)), (1280, 800))  # 640 x 400: the laptop at 200 %


@dataclass
class Rounds:
    """One walk through Heard in one language, and what was wrong on it."""

    code: str
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def look(self, page: Page, name: str, room: Room, *, disguised: bool = False) -> None:
        """Look at the page as it is now; one that is disguised calls itself otherwise."""
        if not page.evaluate("Boolean(window.heard)"):
            page.evaluate(f"{AXE.read_text('utf-8')};\n{LOOK}")
        assert name not in self.wrong, f"{name} was looked at before"
        seen = page.evaluate("sizes => heard.look(...sizes)", [room.buttons, room.links])
        axe = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        self.wrong[name] += [f"axe {rule['id']}: {rule['nodes'][0]['html'][:150]}" for rule in axe]
        self.wrong[name] += [*_frame(seen, self.code, disguised), *(f"too small: {one}" for one in seen["small"])]
        self.wrong[name] += [f"English: {one}" for one in sorted(english(seen["texts"], self.code))]
        if room.names_only and LANGUAGES[self.code].script != "latin":
            self.wrong[name] += [f"Latin: {one}" for one in sorted(_latin(seen["texts"]))]
        self.wrong[name] += _widths(page, room)
        if self.code in KEYBOARD:
            self.wrong[name] += _keyboard(page)

    @property
    def problems(self) -> list[str]:
        """Everything that was wrong, with the page it was on."""
        return [f"{self.code} {name}: {one}" for name, found in self.wrong.items() for one in found]


def _frame(seen: dict[str, Any], code: str, disguised: bool) -> list[str]:
    wanted = (code, LANGUAGES[code].direction)
    wrong = [] if (seen["lang"], seen["dir"]) == wanted else [f"lang and dir are {seen['lang']} {seen['dir']}"]
    named = len(seen["headings"]) == 1 and seen["headings"][0] in " ".join(seen["title"].split())
    if named == disguised:
        wrong.append(f"h1 {seen['headings']} is not the title {seen['title']!r}")
    return wrong


def _widths(page: Page, room: Room) -> list[str]:
    found: list[str] = []
    for width, height in room.widths:
        page.set_viewport_size({"width": width, "height": height})
        found += page.evaluate("heard.wide()")
    page.set_viewport_size({"width": room.usual[0], "height": room.usual[1]})
    return found


def _keyboard(page: Page) -> list[str]:
    """Press Tab until everything was reached; a trap never ends."""
    left = page.evaluate("heard.left(true)")
    debugger, most = page.context.new_cdp_session(page), MOST_TABS + 3 * len(left)
    while left and most > 0:
        presses = min(len(left) + 3, 20)
        for _ in range(presses):
            _tab(debugger)
        most, left = most - presses, page.evaluate("heard.left()")
    debugger.detach()
    unseen = page.evaluate("heard.unseen()")
    return [f"Tab never comes to {one}" for one in left] + [f"focus cannot be seen: {one}" for one in unseen]


def _tab(debugger: CDPSession) -> None:
    key = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    debugger.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})


# ---- English left on a page ----


def english(texts: list[str], code: str) -> set[str]:
    """Return the English of our catalogs that stands among these texts although the language says it differently."""
    whole, parts = _foreign(code)
    page = "\n".join(texts)
    return {text for text in texts if text in whole} | {part for part in parts if part in page}


@cache
def _foreign(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the English texts to be found whole, and the longer pieces between placeholders to be found anywhere."""
    if code == "en":
        return frozenset(), frozenset()
    whole, parts, said = set[str](), set[str](), {language.own_name for language in LANGUAGES.values()}
    for domain in (books.MESSAGES, books.QUESTIONNAIRES):
        for one in books.book(code, domain).entries.values():
            said |= {" ".join(text.split()) for text in one.said}
            asked = {" ".join(text.split()) for text in (one.text, one.plural) if text}
            whole |= asked
            parts |= {part.strip() for part in chain(*(split(PLACEHOLDER, text) for text in asked))}
    spoken = "\n".join(said)
    return frozenset(whole - said), frozenset(one for one in parts if len(one.split()) > 3 and one not in spoken)


def _latin(texts: list[str]) -> set[str]:
    words = chain(*(findall(r"[A-Za-z][A-Za-z'-]{2,}", sub(PLACEHOLDER, "", text)) for text in texts))
    return set(words) - NAMES


# ---- the table at the end ----


def table(walked: list[Rounds]) -> list[str]:
    """Return pages by languages, each with the number of things that were wrong on it."""
    codes = [code for code in LANGUAGES if any(one.code == code for one in walked)]
    count: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in walked:
        for name, found in one.wrong.items():
            count[name][one.code] += len(found)
    lines = [f"{'':34}" + "".join(f"{code:>4}" for code in codes)]
    for name, wrong in count.items():
        lines.append(f"{name:34}" + "".join(f"{wrong.get(code, '-'):>4}" for code in codes))
    looked, violations = sum(len(one.wrong) for one in walked), sum(len(one.problems) for one in walked)
    return [*lines, f"{len(count)} pages, {looked} looked at, {violations} violations"]
