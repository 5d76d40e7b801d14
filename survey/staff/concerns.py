"""Concerns, for safeguarding leads only: read them today, act, say what came of it. To all others this is no page."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from .. import clock, db, flag, language
from .. import models as m
from .. import seal as seals
from ..parts import database, seal
from . import load, room
from .forms import Closing, Identify, offered, outcomes, said

MOST = 20
NEW = 7  # days
OLDEST = "16-17"
ORDER = {"red": 0, "amber": 1, "read": 2}
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Line:
    """One concern on the list."""

    concern: m.Concern
    site: str
    days: int

    @property
    def unread(self) -> bool:
        """Has nobody said yet that they look after it?"""
        return self.concern.seen_at is None and self.concern.closed_at is None

    @property
    def new(self) -> bool:
        """Is it unread and of the last days?"""
        return self.unread and self.days <= NEW

    @property
    def kind(self) -> str:
        """Return the badge: red is overdue at once."""
        return "overdue" if self.concern.level == "red" or self.days >= 1 else "due"

    @property
    def words(self) -> str:
        """Return how old it is."""
        if self.days <= 0:
            return str(_("today"))
        return str(ngettext("%(num)d day old", "%(num)d days old", self.days))


@dataclass(frozen=True)
class Block:
    """Open concerns of one level that stand together; what nobody has read is never among the folded ones."""

    level: str
    lines: Sequence[Line]

    @property
    def shown(self) -> Sequence[Line]:
        """Return all that are unread, and the first of the others."""
        return self.lines[: max(MOST, sum(line.unread for line in self.lines))]

    @property
    def folded(self) -> Sequence[Line]:
        """Return the rest: somebody looks after each of them."""
        return self.lines[len(self.shown) :]


@room.get("/concerns")
def concerns() -> str:
    """List what must be read: what is new, then the gravest first; closed ones below."""
    lines = _lines()
    aside = g.db.scalars(select(m.SetAside).order_by(m.SetAside.received_on.desc()).limit(50)).all()
    return render_template(
        "staff/concerns.html", new=[line for line in lines if line.new], blocks=_blocks(lines),
        closed=[line for line in lines if line.concern.closed_at is not None][:30], aside=aside, sites=_sites(),
        level_name=level_name, outcomes=dict(outcomes()), why=reasons_aside(), rule_name=rule_name,
    )  # fmt: skip


@room.get("/concern/<uuid:concern_id>")
def concern(concern_id: uuid.UUID) -> str:
    """Read one concern."""
    return _page(_concern(concern_id))


@room.post("/concern/<uuid:concern_id>/take")
def take(concern_id: uuid.UUID) -> Response:
    """I have read it and look after it."""
    found = _concern(concern_id)
    flag.take(g.db, found, g.staff, clock.now())
    g.db.commit()
    flash(_("You have taken this concern. Others see that somebody looks after it."))
    return redirect(url_for(".concern", concern_id=found.id), 303)


@room.post("/concern/<uuid:concern_id>/close")
def close_concern(concern_id: uuid.UUID) -> Answer:
    """Close a concern with what came of it."""
    found = _concern(concern_id)
    form = _closing()
    if not form.validate():
        return _page(found, closing=form), 422
    try:
        flag.close(g.db, found, form.outcome.data, form.note.data or "", g.staff, clock.now())
        g.db.commit()
        flash(_("The concern is closed."))
    except flag.AlreadyClosed:
        g.db.rollback()
        flash(_("Somebody closed this concern before you; what they wrote stays."), "wrong")
        return redirect(url_for(".concern", concern_id=found.id), 303)
    return redirect(url_for(".concerns"), 303)


@room.post("/concern/<uuid:concern_id>/identify")
def identify(concern_id: uuid.UUID) -> Answer:
    """Say whose concern it is, for a reason that is kept. The only page of this role on which a name stands."""
    found = _concern(concern_id)
    form = Identify()
    if not form.validate():
        return _page(found, identifying=form), 422
    g.db.commit()  # let go of the store: on SQLite there is one writer at a time
    with database().sessions() as unscoped:  # a name lies outside what this role may see; the act itself is recorded
        who = flag.identify(unscoped, unscoped.get_one(m.Concern, found.id), form.reason.data, g.staff, clock.now())
        unscoped.commit()
    if who is None:
        said(form.reason, _("This concern is not tied to a round: the name cannot be found."))
        return _page(found, identifying=form), 422
    return _page(found, who=who)


def level_name(level: str) -> str:
    """Return how grave a concern is, in words."""
    return str({"red": _("Urgent"), "amber": _("Worrying"), "read": _("To read")}[level])


def rule_name(rule: str) -> str:
    """Return what raised a concern, in words."""
    if rule == flag.TALK:
        return str(_("Wants to talk to someone"))
    names = {
        "SAFETY": _("About feeling safe"),
        "WORRY": _("Is worried"),
        "AGREE": _("Does not agree with a decision"),
        "OPEN": _("Wrote something"),
        "TREATED": _("About how they are treated"),
    }
    return str(names.get(_construct(rule)) or _("Answer to question %(id)s", id=rule))


def reasons_aside() -> dict[str, str]:
    """Return why a submission was set aside, in words."""
    return {
        "age": _("The child is not between 10 and 17"),
        "card": _("The card is unknown or was replaced"),
        "card_used_twice": _("The card was used twice"),
        "changed": _("The same visit was sent again with other answers"),
        "content": _("The answers do not fit the questions"),
        "questionnaire": _("The questionnaire is not the one of the card"),
    }


def _asked(rule: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the question that raised a concern, and the words of its newest version."""
    return next((found for document in _documents() if (found := _found(document, rule, OLDEST))), None)


def _found(
    document: dict[str, Any], rule: str, group: str, code: str = ""
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return a question of one document, and its words for an age group in a language: the page's, unless named."""
    texts = document["texts"].get(code or language.current()) or document["texts"][language.DEFAULT]
    words = texts.get(group, {}).get("questions", {}).get(rule)
    question = next((one for one in document["questions"] if one["id"] == rule), None)
    return (question, words) if question and words else None


def _visit(of: m.Concern) -> tuple[str, str, str] | None:
    """Return the age group and the digest of the visit that raised a concern and the language of the answer, and
    nothing else of it."""
    said, answer = m.Submission, m.Answer
    wanted = (
        select(said.age_group, said.digest, func.coalesce(answer.language, said.language))
        .outerjoin(answer, (answer.submission_id == said.id) & (answer.question == of.rule))
        .where(said.id == of.submission_id)
    )
    with db.read_only(database().sessions()) as unscoped:  # a visit lies outside what this role may see
        row = unscoped.execute(wanted).first()
    return (row[0], row[1], row[2]) if row else None


def _construct(rule: str) -> str:
    found = _asked(rule)
    return str(found[0]["construct"]) if found else ""


@dataclass(frozen=True)
class Quote:
    """A question and the answers of a closed one that raise this level, in a language."""

    question: str = ""
    answer: str = ""
    spoken: language.Language | None = None


def quoted(of: m.Concern) -> tuple[Quote, Quote]:
    """Return what was asked of this age in the language of the page, and as the child read it in another language; the
    newest version where the visit was set aside."""
    visit = _visit(of)
    document = visit and g.db.scalar(select(m.Questionnaire.document).where(m.Questionnaire.digest == visit[1]))
    if not visit or not document:
        return _quote(_asked(of.rule), of, language.current()), Quote()
    group, _digest, spoken = visit
    here = _quote(_found(document, of.rule, group) or _asked(of.rule), of, language.current())
    if spoken == language.current() or spoken not in language.LANGUAGES:
        return here, Quote()
    return here, _quote(_found(document, of.rule, group, spoken), of, spoken)


def _quote(found: tuple[dict[str, Any], dict[str, Any]] | None, of: m.Concern, code: str) -> Quote:
    if found is None:
        return Quote(spoken=language.LANGUAGES[code])
    question, words = found
    codes = [option for option, level in question["concern"].items() if level == of.level]
    answers = " / ".join(words.get("options", {}).get(option, "") for option in codes).strip(" /")
    return Quote(words["text"], answers, language.LANGUAGES[code])


def _documents() -> Sequence[dict[str, Any]]:
    if "child_documents" not in g:
        published = select(m.Questionnaire.document).where(m.Questionnaire.asked_of == "child")
        g.child_documents = g.db.scalars(published.order_by(m.Questionnaire.version.desc())).all()
    found: Sequence[dict[str, Any]] = g.child_documents
    return found


def _blocks(lines: Sequence[Line]) -> list[Block]:
    """Return the open concerns that do not stand in the first block, by level."""
    opened = [line for line in lines if line.concern.closed_at is None and not line.new]
    found = [Block(level, [line for line in opened if line.concern.level == level]) for level in m.LEVELS]
    return [block for block in found if block.lines]


def _rank(line: Line) -> tuple[int, bool, int]:
    """The gravest first; of one level what nobody has read, the newest first, then what waits longest."""
    return ORDER[line.concern.level], not line.unread, line.days if line.unread else -line.days


def _lines() -> list[Line]:
    sites, today = _sites(), load.today()
    found = g.db.scalars(select(m.Concern).order_by(m.Concern.raised_on, m.Concern.id)).all()
    lines = [Line(one, sites.get(one.site_id, ""), (today - one.raised_on).days) for one in found]
    return sorted(lines, key=_rank)


def _sites() -> dict[uuid.UUID, str]:
    return {site.id: site.name for site in g.db.scalars(select(m.Site))}


def _concern(concern_id: uuid.UUID) -> m.Concern:
    found: m.Concern = g.db.get(m.Concern, concern_id) or abort(404)
    return found


def _closing() -> Closing:
    form = Closing()
    form.outcome.choices = offered(outcomes())
    return form


def _page(
    found: m.Concern,
    closing: Closing | None = None,
    identifying: Identify | None = None,
    who: m.ChildIdentity | None = None,
) -> str:
    people = {one.id: one.name for one in g.db.scalars(select(m.StaffMember))}
    place, (asked, theirs) = g.db.get_one(m.Site, found.site_id), quoted(found)
    return render_template(
        "staff/concern.html", concern=found, place=place, text=_text(found), people=people, who=who,
        asked=asked, theirs=theirs, level_name=level_name, rule_name=rule_name, outcomes=dict(outcomes()),
        closing=closing or _closing(), identifying=identifying or Identify(),
    )  # fmt: skip


def _text(found: m.Concern) -> str | None:
    try:
        return flag.text(seal(), found)
    except seals.Unreadable:
        return str(_("These words cannot be opened with this installation's key. Ask your administrator at once."))
