"""Let staff in and out: passwords, server-side sign-ins, slower and slower answers to wrong passwords."""

import datetime as dt
import hashlib
import secrets

from argon2.exceptions import VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from . import models as m
from . import record
from .enrol import HASHER

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=8)
AT_ONCE = 2  # sign-ins of one person at a time
FREE_TRIES = 5
SLOWEST = dt.timedelta(minutes=5)
NOBODY = HASHER.hash("nobody")


class NotAdmitted(Exception):
    """The name or the password is wrong. Which of the two is not said."""


class TooManyTries(Exception):
    """Several wrong passwords: wait a little before the next try."""


def sign_in(session: Session, login: str, password: str, at: dt.datetime, *, known: bool = False) -> str:
    """Return the secret of a new sign-in. Raises `NotAdmitted` or `TooManyTries`; the failure is counted either way.

    A `known` browser (this person has signed in there before) need not wait: wrong tries elsewhere keep nobody out.
    """
    staff = session.scalar(select(m.StaffMember).where(m.StaffMember.login == login.strip().lower()[:60]))
    if staff is not None and not known and staff.next_try_at is not None and at < staff.next_try_at:
        raise TooManyTries
    if not fits(staff.password_hash if staff else NOBODY, password) or staff is None or not _works_here(staff, at):
        _count_failure(staff, at)
        raise NotAdmitted
    staff.failures, staff.next_try_at = 0, None
    secret = secrets.token_urlsafe(32)
    session.add(m.SignIn(secret_hash=hashed(secret), staff_id=staff.id, opened_at=at, seen_at=at))
    session.flush()
    _end_older(session, staff)
    record.write(session, staff, "signed in", "staff", staff.id, at)
    session.flush()
    return secret


def who(session: Session, secret: str | None, at: dt.datetime) -> m.SignIn | None:
    """Return the sign-in behind a cookie, or None if there is none, it is too old, or the person has left."""
    found = session.get(m.SignIn, hashed(secret)) if secret else None
    if found is None or at - found.seen_at > IDLE or at - found.opened_at > LONGEST:
        return None
    return found if _works_here(found.staff, at) else None


def touch(session: Session, secret: str, at: dt.datetime) -> None:
    """Remember that this sign-in is in use. A sign-in that was ended meanwhile stays ended."""
    mine = update(m.SignIn).where(m.SignIn.secret_hash == hashed(secret))
    session.execute(mine.values(seen_at=at), execution_options={"synchronize_session": False})


def sign_out(session: Session, secret: str) -> bool:
    """End one sign-in; False if there was none."""
    ended = delete(m.SignIn).where(m.SignIn.secret_hash == hashed(secret)).returning(m.SignIn.staff_id)
    return session.scalar(ended) is not None


def confirm(session: Session, staff: m.StaffMember, password: str, at: dt.datetime) -> None:
    """Ask somebody who is signed in for their password once more. Raises `NotAdmitted` or `TooManyTries`."""
    if staff.next_try_at is not None and at < staff.next_try_at:
        raise TooManyTries
    if not fits(staff.password_hash, password):
        _count_failure(staff, at)
        raise NotAdmitted
    staff.failures, staff.next_try_at = 0, None
    session.flush()


def change_password(session: Session, staff: m.StaffMember, password_hash: str) -> None:
    """Set a new password, forget the PIN, and end every sign-in of this person."""
    staff.password_hash, staff.pin_hash = password_hash, None
    session.execute(delete(m.SignIn).where(m.SignIn.staff_id == staff.id))


def _works_here(staff: m.StaffMember, at: dt.datetime) -> bool:
    return staff.left_on is None or staff.left_on > at.date()


def fits(password_hash: str, password: str) -> bool:
    """Is this the password behind a hash?"""
    try:
        return HASHER.verify(password_hash, password[:200])
    except VerificationError:
        return False


def _count_failure(staff: m.StaffMember | None, at: dt.datetime) -> None:
    if staff is None:
        return
    staff.failures += 1
    if staff.failures >= FREE_TRIES:
        staff.next_try_at = at + min(SLOWEST, dt.timedelta(seconds=5 * 2 ** (staff.failures - FREE_TRIES)))


def _end_older(session: Session, staff: m.StaffMember) -> None:
    mine = select(m.SignIn).where(m.SignIn.staff_id == staff.id).order_by(m.SignIn.opened_at.desc())
    for old in session.scalars(mine).all()[AT_ONCE:]:
        session.delete(old)


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
