"""Who a child can talk to: the safe adults of the site and a helpline, in the page before anybody needs them."""

from dataclasses import dataclass

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import flag, language
from .. import models as m
from .words import _

MOST_LINES = 4


@dataclass(frozen=True)
class Adult:
    """A safe adult as the page names one: the role in the words of the language, or as staff wrote it."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class Help:
    """What the help screen shows."""

    adults: tuple[Adult, ...]
    lines: tuple[tuple[str, str], ...]
    reader: str

    @property
    def first(self) -> str:
        """The person who reads what a child writes, and is named on the questions."""
        return self.reader or _("your safe adult")


def at(session: Session, site: m.Site | None) -> Help:
    """Return the help of a site; before a card is opened, of the only site, or the helplines of all. A page that needs
    it twice asks the database once."""
    known: dict[object, Help] = g.setdefault("helps", {})
    asked = (site.id if site else None, language.current())
    if asked not in known:
        known[asked] = _look_up(session, site)
    return known[asked]


def _look_up(session: Session, site: m.Site | None) -> Help:
    sites = [site] if site else list(session.scalars(select(m.Site).order_by(m.Site.code)))
    spoken = language.LANGUAGES[language.current()].helplines  # who calls is understood there
    of_sites = [(one.helpline_name, one.helpline_number) for one in sites if one.helpline_number]
    lines = dict.fromkeys([*of_sites, *spoken])
    readers = flag.readers(session, sites[0]) if len(sites) == 1 else ()
    reader = readers[0].name if readers else ""
    adults = sorted(sites[0].safe_adults, key=lambda one: one.name != reader) if len(sites) == 1 else ()
    named = roles()
    shown = tuple(Adult(one.name, named.get(one.role, one.role), one.phone) for one in adults)
    return Help(shown, tuple(lines)[:MOST_LINES], reader)


def roles() -> dict[str, str]:
    """Return each role a safe adult can have (`models.SAFE_ROLES`) in the words of the page's language."""
    return {
        "here": _("Safe adult here"), "outside": _("Safe adult from outside"), "nurse": _("Nurse"),
        "teacher": _("Teacher"), "psychologist": _("Psychologist"),
    }  # fmt: skip
