"""The codebook: every question, topic and list that is published, to read and to link to."""

from dataclasses import dataclass
from typing import Any

from flask import g, render_template
from flask_babel import lazy_gettext as _l

from .. import choose, ledger, publish
from .. import models as m
from ..language import LANGUAGES, current
from . import room

WAVES = {
    "before": _l("asked before the decision"),
    "after": _l("asked after the decision"),
    "both": _l("asked before and after"),
    "reply": _l("asked when the answer is read"),
}
READERS = {
    "team": _l("the coordinator, if the child says so"),
    "aggregate": _l("nobody with a name: only in tables"),
    "safeguarding": _l("the safeguarding lead; never in an export"),
}
ORDER = {stage: place for place, stage in enumerate(m.STAGES)}
MISSING = (
    ("DK", _l("does not know")),
    ("IDM", _l("does not mind")),
    ("SK", _l("does not want to answer")),
    ("NA", _l("it did not happen")),
    ("NR", _l("not reached: the visit ended before")),
)


@dataclass(frozen=True)
class Asked:
    """One question: its wordings, each with the ages it is for, and its options."""

    about: dict[str, Any]
    wordings: list[tuple[str, str]]
    options: list[tuple[str, str]]


@room.get("/codebook")
def codebook() -> str:
    """Show the newest version of everything that is published."""
    try:
        catalogue = publish.catalogue(g.db, current())
    except publish.NothingPublished:
        return render_template("research/codebook.html", catalogue=None)
    rows = sorted(publish.newest(g.db), key=_place)
    return render_template(
        "research/codebook.html", catalogue=catalogue, documents=[(row, _questions(row.document)) for row in rows],
        titles={row.name: _title(row) for row in rows}, waves=WAVES, readers=READERS, missing=MISSING,
        reasons=[(reason.code, reason.label, reason.child_words) for reason in catalogue.reasons.values()],
        tongues=[(LANGUAGES[code], ledger.summary(g.db, code)) for code in choose.chosen(g.db)],
    )  # fmt: skip


def _place(row: m.Questionnaire) -> tuple[int, str]:
    return ORDER.get(row.stage or "", len(ORDER)), row.name


def _texts(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["texts"].get(current()) or document["texts"]["en"]
    return found


def _title(row: m.Questionnaire) -> str:
    texts = _texts(row.document)
    return str(texts[list(texts)[-1]]["title"])


def _questions(document: dict[str, Any]) -> list[Asked]:
    texts = _texts(document)
    return [_asked(question, texts) for question in document["questions"]]


def _asked(question: dict[str, Any], texts: dict[str, Any]) -> Asked:
    said = {
        group: text["questions"][question["id"]] for group, text in texts.items() if question["id"] in text["questions"]
    }
    codes = dict.fromkeys(code for listed in question["options"].values() for code in listed)
    labels = [
        (code, _merged({group: entry.get("options", {}).get(code, "") for group, entry in said.items()}))
        for code in codes
    ]
    options = [(code, " / ".join(words for words, _groups in merged)) for code, merged in labels]
    return Asked(question, _merged({group: entry["text"] for group, entry in said.items()}), options)


def _merged(by_group: dict[str, str]) -> list[tuple[str, str]]:
    """Return each wording once, with the ages it is for ('' where there is only one)."""
    groups: dict[str, list[str]] = {}
    for group, words in by_group.items():
        if words:
            groups.setdefault(words, []).append(group)
    return [(words, ", ".join(of) if len(groups) > 1 else "") for words, of in groups.items()]
