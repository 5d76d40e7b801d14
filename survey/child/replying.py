"""The reply: you wished, we decided, because, what you can do now; and a few taps about it."""

import uuid
from collections.abc import Sequence

from flask import g, render_template

from .. import models as m
from .. import reply as replies
from . import answering, room, visits


@room.get("/reply")
@visits.step("reply")
def reply(found: visits.Here) -> visits.Page:
    """Show the reply, or say kindly that there is none yet; then the card stays good."""
    letters = _letters(found)
    if not letters:
        return render_template("child/no_reply_yet.html")
    return answering.show("reply", found, answering.blank(found), letters=letters)


@room.post("/reply")
def read() -> visits.Page:
    """The child has read it and says how it was; this, like opening the card, counts as told."""
    found = visits.here(g.db)
    if found is None or found.visit.step != "reply":
        return answering.answer("reply")
    letters = _letters(found)
    for owed in letters:
        replies.tell(owed, found.today, "card")
    return answering.answer("reply", letters=letters)


def _letters(found: visits.Here) -> Sequence[m.Reply]:
    return replies.readable(g.db, uuid.UUID(found.visit.round))
