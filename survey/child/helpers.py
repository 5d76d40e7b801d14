"""Who a child can talk to: the safe adults of the site and a helpline, in the page before anybody needs them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import flag
from .. import models as m
from .words import _

MOST_LINES = 4


@dataclass(frozen=True)
class Help:
    """What the help screen shows."""

    adults: tuple[m.SafeAdult, ...]
    lines: tuple[tuple[str, str], ...]
    reader: str

    @property
    def first(self) -> str:
        """The person who reads what a child writes, and is named on the questions."""
        return self.reader or _("your safe adult")


def at(session: Session, site: m.Site | None) -> Help:
    """Return the help of a site; before a card is opened, of the only site, or the helplines of all."""
    sites = [site] if site else list(session.scalars(select(m.Site).order_by(m.Site.code)))
    adults = tuple(sites[0].safe_adults) if len(sites) == 1 else ()
    lines = dict.fromkeys((one.helpline_name, one.helpline_number) for one in sites if one.helpline_number)
    readers = flag.readers(session, sites[0]) if len(sites) == 1 else ()
    return Help(adults, tuple(lines)[:MOST_LINES], readers[0].name if readers else "")
