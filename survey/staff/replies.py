"""Answers owed to children: write them in plain words, then tell the child, by a card or in a talk."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from .. import clock, decide, language, record, reply
from .. import models as m
from ..instrument import readability, words
from . import load, room
from .due import Owed, owed
from .forms import Reply

# A sentence a child of this age follows at once; the same limits as for the questions (questionnaires/formats.toml).
MOST_WORDS = {"10-12": 12, "13-15": 16, "16-17": 20}
LONG_WORD = 5  # syllables


@dataclass(frozen=True)
class Line:
    """An answer on the list."""

    owed: Owed
    written: bool


@room.get("/replies")
def replies() -> str:
    """List the answers still owed, the oldest first."""
    children = list(g.db.scalars(select(m.Child)).unique())
    lines = [Line(one, one.reply.written_at is not None) for one in owed(g.db, children, load.today())]
    return render_template("staff/replies.html", lines=lines, topics=load.catalogue().topics)


@room.route("/reply/<uuid:reply_id>", methods=["GET", "POST"], endpoint="reply")
def write(reply_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Write one answer; what the child will read stands beside it."""
    found = _reply(reply_id)
    standing = decide.in_force(g.db, found.round_id, found.decision.topic)
    if standing is not None and standing.id != found.decision_id:
        return _to(next(one for one in reply.of_round(g.db, found.round_id) if one.decision_id == standing.id))
    if _unseen(found):
        flash(_("First look at the wish the child shared; the answer speaks of it."))
        return redirect(url_for(".decision", round_id=found.round_id, topic_id=found.decision.topic), 303)
    form = Reply(obj=found)
    if form.is_submitted() and found.told_on is not None:
        flash(_("The child has been told; this answer stays. Correct the decision if it was wrong."), "wrong")
        return _to(found)
    if form.is_submitted() and not form.validate():
        return _page(found, form), 422
    if form.is_submitted():
        draft = reply.Draft(form.wished.data, form.decided.data, form.because.data, form.next_step.data)
        reply.write(g.db, found, draft, g.staff, clock.now())
        g.db.commit()
        flash(_("The answer is written. Now tell the child."))
        return _to(found)
    return _page(found, form)


def _unseen(owed: m.Reply) -> bool:
    """Is there a shared wish that this person has not been shown? Reading it here would leave no record."""
    locked = decide.view(g.db, owed.round_id, owed.decision.topic)
    wish = decide.shared_wish(g.db, owed.round_id, owed.decision.topic)
    return locked is not None and wish is not None and not decide.released(g.db, locked, g.staff)


@room.post("/reply/<uuid:reply_id>/tell")
def tell(reply_id: uuid.UUID) -> Response:
    """The child was told in a talk."""
    found = _reply(reply_id)
    try:
        reply.tell(found, load.today(found.decision.round.child), "talk")
        record.write(g.db, g.staff, "told a child", "reply", found.id, clock.now())
        g.db.commit()
        flash(_("Thank you. It is noted that the child knows."))
    except reply.NotWritten:
        g.db.rollback()
        flash(_("Write the answer first; then tell the child in the same words."), "wrong")
    return _to(found)


def hints(texts: Sequence[str], group: str | None, code: str) -> Iterator[str]:
    """Return what would make an answer easier to follow: long sentences, long words."""
    most = MOST_WORDS[group or "10-12"]
    for text in texts:
        for sentence in readability.SENTENCE_END.split(text):
            counted = words.split(sentence)
            if len(counted) > most:
                yield ngettext(
                    "“%(start)s …” has %(num)d word. At this age, %(most)d are enough; make two sentences of it.",
                    "“%(start)s …” has %(num)d words. At this age, %(most)d are enough; make two sentences of it.",
                    len(counted), start=" ".join(counted[:4]), most=most,
                )  # fmt: skip
            for word in counted if code == "en" else ():  # no other language counts its words as long by syllables
                if readability.syllables(word, code) >= LONG_WORD:
                    yield _("“%(word)s” is a long word. Is there a shorter one?", word=word)


def _reply(reply_id: uuid.UUID) -> m.Reply:
    found: m.Reply = g.db.get(m.Reply, reply_id) or abort(404)
    return found


def _to(one: m.Reply) -> Response:
    return redirect(url_for(".reply", reply_id=one.id), 303)


def _page(found: m.Reply, form: Reply) -> str:
    child, today = found.decision.round.child, load.today(found.decision.round.child)
    code = language.known(child.language)
    group = clock.age_group(child.born_month, today)
    theirs, fields = language.LANGUAGES[code], (form.wished, form.decided, form.because, form.next_step)
    texts = [field.data or "" for field in fields]
    for field in fields:
        field.render_kw = {**field.render_kw, "lang": theirs.code, "dir": theirs.direction}
    return render_template(
        "staff/reply.html", reply=found, form=form, child=child, round=found.decision.round, group=group,
        age=clock.age(child.born_month, today), topic=load.catalogue().topic(found.decision.topic),
        stage=load.catalogue().stages[found.decision.round.stage], hints=list(hints(texts, group, code)),
        most=MOST_WORDS[group or "10-12"], theirs=theirs, due=_due(found, child),
        others=[one for one in reply.of_round(g.db, found.round_id) if one.id != found.id and one.written_at is None],
        topics=load.catalogue().topics, reasons=load.catalogue().reasons,
    )  # fmt: skip


def _due(found: m.Reply, child: m.Child) -> Owed:
    return Owed(child, found, (found.due_on - load.today(child)).days)
