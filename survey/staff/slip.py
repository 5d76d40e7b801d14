"""The words on a printed card. A child reads them, so they are in the child's language, not the coordinator's."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from .. import choose, language, look
from .. import models as m


@dataclass(frozen=True)
class Slip:
    """The words on a card."""

    language: str
    direction: str
    title: str
    how: str
    until: str
    heading: str
    promises: Sequence[str]


def slip(of: m.Child, wave: str, until: dt.date) -> Slip:
    """Return the words of a card for a child."""
    code = choose.spoken_to(g.db, of)
    with language.speaking(code):
        titles = {
            "before": _("What do you want?"),
            "after": _("How was it for you?"),
            "reply": _("We have an answer for you"),
        }
        return Slip(
            code, language.direction(code), titles[wave], _("Scan the picture with the tablet. Or type this code:"),
            _("Your card works once, until %(date)s.", date=look.day(until)), _("This card is for you"),
            tuple(_promises(of.site)),
        )  # fmt: skip


def _promises(site: m.Site) -> Iterator[str]:
    yield _("You choose if you take part. You can say no. Nothing bad happens.")
    yield _("You can skip every question. You can stop at any time.")
    yield _("Your name is not on this card. Keep it until you use it.")
    yield _("You can ask someone you trust to help you.")
    if site.helpline_number:
        yield _("You can always call: %(name)s, %(number)s", name=site.helpline_name, number=site.helpline_number)
