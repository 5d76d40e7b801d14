"""What things are called in a report, in the reader's language: the organisation's words for its codes, else ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .disclosure import CLOSED, FEW, HIDDEN, MOST
from .participation import EVERYBODY
from .words import ENGLISH, Words, _l

STAGES = {
    "S1": _l("Receiving"), "S2": _l("Assessment"), "S3": _l("Planning"), "S4": _l("Implementing"),
    "S5": _l("Reviewing"), "S6": _l("Completing"), "R": _l("Reintegration"), "G": _l("Gatekeeping"),
}  # fmt: skip
INDICATORS = {
    "followed": (_l("Followed: D = W"), _l("wishes with a decision")),
    "heard": (_l("Heard: B = W"), _l("wishes with a belief")),
    "unexplained": (
        _l("Unexplained divergence: no reason or never told"), _l("shared wishes, D differs from W"),
    ),
    "account": (
        _l("Overruled with account: reason, and told within 14 days"), _l("shared wishes, B = W, D differs from W"),
    ),
    "shift": (
        _l("Shift: D = W although V differs from W"), _l("wishes shown before the decision, V differs from W"),
    ),
    "delegated": (_l("Delegated: “I don't mind”"), _l("wish questions answered")),
    "undecided": (_l("“I don't know”"), _l("wish questions answered")),
    "told": (_l("Told within 14 days"), _l("shared wishes with a decision")),
}  # fmt: skip
KINDS = {
    "best_interest": _l("The child's best interests"), "system": _l("What the system lacks"), "other": _l("Other"),
    "none": _l("No reason at all"),
}  # fmt: skip
ELEMENTS = {
    "INFO": _l("Informed"), "SPACE": _l("Space to speak"), "VOICE": _l("Helped to speak"),
    "AUDIENCE": _l("Listened to"), "INFLUENCE": _l("Made a difference"), "FEEDBACK": _l("Told the outcome"),
}  # fmt: skip
LINES = {
    "DK": _l("don't know"), "IDM": _l("don't mind"), "SK": _l("don't want to answer"), "NA": _l("did not happen"),
    "NR": _l("not reached"), "NV": _l("no visit"),
}  # fmt: skip
STEPS = {
    "rounds opened": _l("rounds opened"), "card printed": _l("card printed"),
    "visit before the decision": _l("visit before the decision"), "wish given": _l("wish given"),
    "wish shared": _l("wish shared"), "decided": _l("decided"), "told": _l("told"),
}  # fmt: skip
WITHHELD = {
    FEW: _l("almost none"), MOST: _l("almost all"), CLOSED: _l("not shown"), HIDDEN: _l("too few to show"),
}  # fmt: skip
HEARD = {"heard": _l("heard"), "unheard": _l("not heard")}
FOLLOWED = {"followed": _l("followed"), "other": _l("not followed")}
VOICES = {"child": _l("child"), "staff": _l("staff")}
WEIGHTS = {"linear": _l("linear"), "unweighted": _l("none")}
LOG = {
    "overall": _l("all wishes together"), "followed by stage": _l("followed, by stage"),
    "heard by stage": _l("heard, by stage"), "told by stage": _l("told, by stage"),
    "unexplained by stage": _l("unexplained divergence, by stage"), "match by topic": _l("match, by topic"),
    "headline without the last month": _l("main result without the last month"),
    "direction by topic": _l("direction, by topic"), "heard and followed": _l("Heard and followed"),
    "reasons": _l("reasons"), "flow of participation": _l("Flow of participation"),
    "perception gap": _l("perception gap"), "perception gap by stage": _l("perception gap, by stage"),
    "missingness bounds": _l("what the missing answers could change"),
    "use of options, by topic": _l("use of options, by topic"), "children": _l("children"), "rounds": _l("rounds"),
    "pairs": _l("wishes with a decision"), "retrospective": _l("wishes asked after the decision"),
    "refusals": _l("refusals"),
}  # fmt: skip
RULES = {
    "size, small cells, companions": _l("size, small cells, companions"),
    "n rounded to the nearest 5, shares to whole per cent": _l("n rounded to the nearest 5, shares to whole per cent"),
    "size, small cells": _l("size, small cells"), "small cells and companions": _l("small cells and companions"),
    "every count rounded to the nearest 5": _l("every count rounded to the nearest 5"),
    "size, and answers nearly all the same": _l("size, and answers nearly all the same"),
    "small cells": _l("small cells"),
}  # fmt: skip


@dataclass(frozen=True)
class Labels:
    """The names of codes. An organisation's own words come from its export, in the language or in English."""

    words: Words
    own: Mapping[str, Mapping[str, str]]

    def stage(self, code: str) -> str:
        """A stage of case management."""
        if code == EVERYBODY:
            return self.words.gettext("all stages")
        return self._own(f"stage {code}") or self.one(STAGES, code)

    def topic(self, code: str) -> str:
        """What a wish is about."""
        return self._own(f"topic {code}")

    def option(self, topic: str, code: str) -> str:
        """An option of a topic, or what stands in its place."""
        if code == "total":
            return self.words.gettext("total")
        return self._own(f"option {topic} {code}") or self.one(LINES, code)

    def reason(self, code: str) -> str:
        """Why a decision differs from a wish."""
        return self._own(f"reason {code}") if code else self.words.gettext("no reason given")

    def element(self, code: str) -> str:
        """An element of participation."""
        return self.one(ELEMENTS, code)

    def one(self, table: Mapping[str, str], code: str) -> str:
        """A word of one of our own tables; nothing where the table does not know the code."""
        return self.words.gettext(table[code]) if code in table else ""

    def coded(self, code: str, label: str) -> str:
        """Code and name in one line, for pictures."""
        return f"{code}\u2002{label}" if label and code != EVERYBODY else label or code

    def _own(self, key: str) -> str:
        return next((found for lang in (self.words.code, ENGLISH) if (found := self.own.get(lang, {}).get(key))), "")
