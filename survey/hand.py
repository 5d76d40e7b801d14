"""Hand the tablet to a child without signing out, and take it back: until then no room of the staff opens.

The mark stands with the sign-in, in the database: nothing that is done in the browser takes it away. When a tablet was
handed over is not recorded: the minute at which a child answered is nobody's business.
"""

import datetime as dt
import secrets
import unicodedata
from itertools import pairwise

from sqlalchemy import update
from sqlalchemy.orm import Session

from . import admit, enrol, record
from . import models as m

LEAST, MOST, TRIES = 4, 8, 5
UNSEEN = {"synchronize_session": False}  # the row in the store counts, not one that was read before


class NotAPin(Exception):
    """A PIN has four to eight digits."""


class TooEasy(Exception):
    """The same digit again and again, or digits in a row: a child finds that PIN."""


class WrongPin(Exception):
    """This is not the PIN (or the pass phrase, where there is no PIN). It was counted."""


class NotHandedOver(Exception):
    """There is no such sign-in any more, or its tablet is with no child: somebody was quicker."""


class TriedTooOften(Exception):
    """Five wrong entries: the sign-in has ended, and opens again with the pass phrase only."""


def with_child(session: Session, secret: str | None, at: dt.datetime) -> m.SignIn | None:
    """Return the sign-in that handed this tablet to a child, if it did."""
    found = admit.who(session, secret, at)
    return found if found is not None and found.handed_over else None


def over(session: Session, secret: str, at: dt.datetime) -> None:
    """The child has the tablet from now on."""
    if admit.who(session, secret, at) is not None:
        mine = update(m.SignIn).where(m.SignIn.secret_hash == admit.hashed(secret))
        session.execute(mine.values(handed_over=True, wrong_pins=0), execution_options=UNSEEN)


def back(session: Session, secret: str, entered: str, at: dt.datetime) -> str:
    """The adult has the tablet again; return the new secret of the sign-in, for the old one was in a child's hands.

    What is entered counts before it is looked at, and is committed: of many entries at once, no more than five are
    looked at. Raises `WrongPin`, `TriedTooOften` or `NotHandedOver`; each is to be committed.
    """
    found = with_child(session, secret, at)
    if found is None:
        raise NotHandedOver
    tries = _count(session, secret)
    session.commit()
    if tries is None:
        raise _end(session, secret, found.staff, at)
    if _is_theirs(found.staff, entered):
        return _with_a_new_secret(session, secret, at)
    raise WrongPin if tries < TRIES else _end(session, secret, found.staff, at)


def _count(session: Session, secret: str) -> int | None:
    """Return which try this is; None when there is none left, or nothing to try."""
    counted = (
        update(m.SignIn)
        .where(m.SignIn.secret_hash == admit.hashed(secret), m.SignIn.handed_over, m.SignIn.wrong_pins < TRIES)
        .values(wrong_pins=m.SignIn.wrong_pins + 1)
        .returning(m.SignIn.wrong_pins)
    )
    return session.scalar(counted, execution_options=UNSEEN)


def _with_a_new_secret(session: Session, secret: str, at: dt.datetime) -> str:
    new = secrets.token_urlsafe(32)
    renewed = (
        update(m.SignIn)
        .where(m.SignIn.secret_hash == admit.hashed(secret), m.SignIn.handed_over)
        .values(secret_hash=admit.hashed(new), handed_over=False, wrong_pins=0, seen_at=at)
        .returning(m.SignIn.staff_id)
    )
    if session.scalar(renewed, execution_options=UNSEEN) is None:
        raise NotHandedOver
    return new


def _end(session: Session, secret: str, staff: m.StaffMember, at: dt.datetime) -> Exception:
    """End the sign-in, and return what to raise; only the first of several writes it down."""
    if not admit.sign_out(session, secret):
        return NotHandedOver()
    record.write(session, staff, "lost a sign-in after five wrong PINs", "staff", staff.id, at)
    return TriedTooOften()


def choose_pin(session: Session, staff: m.StaffMember, password: str, pin: str, at: dt.datetime) -> None:
    """Set or change the PIN. Raises `NotAPin`, `TooEasy`, `admit.NotAdmitted` or `admit.TooManyTries`."""
    digits = _digits(pin)
    if not LEAST <= len(digits) <= MOST or not digits.isdecimal():
        raise NotAPin
    if _in_a_row(digits):
        raise TooEasy
    admit.confirm(session, staff, password, at)
    staff.pin_hash = enrol.HASHER.hash(digits)
    record.write(session, staff, "changed the PIN", "staff", staff.id, at)


def _in_a_row(digits: str) -> bool:
    """The same step from each digit to the next, and no longer than one: 0000, 1234, 9876."""
    steps = {int(later) - int(one) for one, later in pairwise(digits)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def _is_theirs(staff: m.StaffMember, entered: str) -> bool:
    if staff.pin_hash is None:
        return admit.fits(staff.password_hash, entered)
    return admit.fits(staff.pin_hash, _digits(entered))


def _digits(entered: str) -> str:
    """Digits of every script, as they stand on the keyboard of the tablet; without blanks."""
    values = (unicodedata.digit(sign, None) for sign in entered)
    return "".join(
        sign if value is None else str(value) for sign, value in zip(entered, values, strict=True) if not sign.isspace()
    )[:200]
