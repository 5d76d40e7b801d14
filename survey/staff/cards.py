"""Cards: what can be printed, what stands in the way, and the one page on which a code is ever shown."""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

import segno
from flask import abort, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from .. import clock, flag, invite
from .. import models as m
from . import languages, load, room, slip

FRESH = "card"  # where the session holds a code between the press of the button and the page that shows it


@dataclass(frozen=True)
class Barrier:
    """Why no card can be printed now, and where to mend it (empty: not on a page of ours)."""

    why: str
    cure: str
    url: str = ""


@room.route("/round/<uuid:round_id>/card/<wave>", methods=["GET", "POST"])
def card(round_id: uuid.UUID, wave: str) -> str | Response | tuple[str, int]:
    """Print a card; its code is shown once and never again, so reloading the page makes no new one."""
    found = load.round_(round_id)
    if wave not in m.WAVES:
        abort(404)
    return _make(found, wave) if request.method == "POST" else _show(found, wave)


def _make(found: m.Round, wave: str) -> Response | tuple[str, int]:
    try:
        code = invite.card(g.db, found, wave, g.staff, load.today(found.child), clock.now())
    except (invite.NotReady, invite.NoPermission, invite.NotInvited) as error:
        g.db.rollback()
        return render_template("staff/no_card.html", round=found, child=found.child, barrier=_said(error, found)), 409
    g.db.commit()
    key = secrets.token_urlsafe(16)
    session[FRESH] = [key, str(found.id), wave, code]
    return redirect(url_for(".card", round_id=found.id, wave=wave, fresh=key), 303)


def _show(found: m.Round, wave: str) -> str:
    code = _fresh(found, wave)
    printed = _printed(code, found, wave) if code else {}
    return render_template(
        "staff/card.html" if code else "staff/card_gone.html", round=found, child=found.child, wave=wave,
        barrier=barrier(found), **printed,
    )  # fmt: skip


def _fresh(found: m.Round, wave: str) -> str | None:
    """Take the code of a card that was made a moment ago out of the browser's session, if this is its page."""
    kept = session.get(FRESH)
    if not kept or kept[:3] != [request.args.get("fresh"), str(found.id), wave]:
        return None
    del session[FRESH]
    return str(kept[3])


def barrier(of: m.Round) -> Barrier | None:
    """Return what stands in the way of a card, if anything does."""
    today = load.today(of.child)
    organisation = g.db.get_one(m.Organisation, 1)
    if not invite.site_ready(of.child.site, flag.readers(g.db, of.child.site)):
        return _said(invite.NotReady(), of)
    if organisation.permission_required and not invite.permitted(g.db, of.child, today):
        return _said(invite.NoPermission(), of)
    return _said(invite.NotInvited(), of) if clock.age_group(of.child.born_month, today) is None else None


def printed(of: m.Round) -> dict[str, m.Card]:
    """Return the newest card of each wave. Whether it was used is nobody's business, so no page asks for it."""
    newest = select(m.Card.wave, func.max(m.Card.printed_on)).where(m.Card.round_id == of.id).group_by(m.Card.wave)
    dates = dict(g.db.execute(newest).all())
    mine = g.db.scalars(select(m.Card).where(m.Card.round_id == of.id))
    return {one.wave: one for one in mine if dates.get(one.wave) == one.printed_on}


def _printed(code: str, of: m.Round, wave: str) -> dict[str, object]:
    organisation = g.db.get_one(m.Organisation, 1)
    until = load.today(of.child) + dt.timedelta(days=organisation.card_valid_days)
    size, path = drawn(f"{request.url_root}#{code}")
    return {
        "code": invite.grouped(code), "size": size, "path": path,
        "slip": slip.slip(of.child, wave, until), "spoken": languages.spoken(of.child),
    }  # fmt: skip


def drawn(content: str) -> tuple[int, str]:
    """Return a QR code as the size of its square and one SVG path, quiet zone included."""
    rows = list(segno.make(content, error="m", micro=False).matrix_iter(border=3))
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return len(rows), "".join(dark)


def _said(error: Exception, of: m.Round) -> Barrier:
    if isinstance(error, invite.NotReady):
        return Barrier(
            _("%(site)s is not ready for children to be asked.", site=of.child.site.name),
            _(
                "It needs two safe adults and two safeguarding leads, one of each from outside, and a helpline. "
                "Your administrator enters them."
            ),
        )
    if isinstance(error, invite.NoPermission):
        return Barrier(
            _("The permission of the guardian or authority is missing, has run out or was withdrawn."),
            _("Record the permission; then the card can be printed."),
            url_for(".permission", child_id=of.child_id),
        )
    return Barrier(
        _("This child is not between 10 and 17 years old today."),
        _("Talk with the child as you always do. If the age is wrong, ask your administrator to correct it."),
    )
