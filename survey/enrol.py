"""Bring in an organisation, its sites and staff, and the children whose cases they hold."""

import datetime as dt
import secrets
import unicodedata
import uuid
from collections.abc import Sequence

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from . import clock, record
from . import models as m

PASSWORD_LENGTH = 12
HASHER = PasswordHasher()


class AlreadyThere(Exception):
    """Something with this code, login or case number exists; choose another."""


class WeakPassword(Exception):
    """A password needs at least twelve characters and must not contain the login."""


class NotOfAge(Exception):
    """Heard asks children aged 10 to 17; this birth month is outside that range."""


def organisation(session: Session, name: str, *, synthetic: bool = False) -> m.Organisation:
    """Create the organisation, or return it renamed if it exists."""
    found = session.get(m.Organisation, 1)
    if found is None:
        found = m.Organisation(id=1, name=name, synthetic=synthetic)
        session.add(found)
    found.name, found.synthetic = name, synthetic
    session.flush()
    return found


def site(session: Session, code: str, name: str, country: str, timezone: str, opened_on: dt.date) -> m.Site:
    """Add a village or centre. Raises `AlreadyThere`."""
    _free(session, select(m.Site).where(m.Site.code == code))
    made = m.Site(
        id=uuid.uuid4(), code=code, name=name, country=country, timezone=timezone, opened_on=opened_on, safe_adults=[]
    )
    session.add(made)
    session.flush()
    return made


def safe_adult(
    session: Session, at: m.Site, name: str, role: str, phone: str = "", *, from_outside: bool = False
) -> m.SafeAdult:
    """Name somebody a child at this site can talk to."""
    made = m.SafeAdult(
        id=uuid.uuid4(), name=name, role=role, phone=phone, from_outside=from_outside, position=len(at.safe_adults)
    )
    at.safe_adults.append(made)
    session.flush()
    return made


def staff(
    session: Session, login: str, name: str, role: str, password: str, sites: Sequence[m.Site], joined_on: dt.date
) -> m.StaffMember:
    """Add somebody who signs in. Raises `AlreadyThere` or `WeakPassword`."""
    login = login.strip().lower()
    if len(password) < PASSWORD_LENGTH or login in password.lower():
        raise WeakPassword
    _free(session, select(m.StaffMember).where(m.StaffMember.login == login))
    made = m.StaffMember(
        id=uuid.uuid4(), login=login, name=name, role=role, joined_on=joined_on,
        password_hash=HASHER.hash(password), sites=list(sites), failures=0,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def child(
    session: Session,
    name: str,
    case_number: str,
    at: m.Site,
    born_month: dt.date,
    came_on: dt.date,
    sex: str | None = None,
    language: str = "en",
) -> m.Child:
    """Add a child. The name goes to its own table. Raises `AlreadyThere` or `NotOfAge`."""
    case_number = unicodedata.normalize("NFC", case_number.strip())
    if clock.age(born_month, came_on) >= 18:
        raise NotOfAge
    _free(session, select(m.ChildIdentity).where(m.ChildIdentity.case_number == case_number))
    made = m.Child(
        id=uuid.uuid4(),
        site_id=at.id,
        site=at,
        born_month=clock.month(born_month),
        sex=sex,
        language=language,
        came_on=came_on,
    )
    made.identity = m.ChildIdentity(child_id=made.id, name=name.strip(), case_number=case_number)
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:  # in a scoped session the other child cannot be seen, only bumped into
        raise AlreadyThere from error
    return made


def assign(session: Session, to: m.Child, staff: m.StaffMember, since: dt.date) -> m.Assignment:
    """Give somebody the case. Several people may hold one (coordinator and psychologist)."""
    made = m.Assignment(id=uuid.uuid4(), child_id=to.id, staff_id=staff.id, since=since)
    session.add(made)
    session.flush()
    return made


def permission(
    session: Session,
    of: m.Child,
    given_by: str,
    given_on: dt.date,
    by: m.StaffMember,
    at: dt.datetime,
    valid_until: dt.date | None = None,
) -> m.Permission:
    """Record the guardian's or authority's yes."""
    made = m.Permission(
        id=uuid.uuid4(),
        child_id=of.id,
        given_by=given_by,
        given_on=given_on,
        valid_until=valid_until,
        recorded_by=by.id,
    )
    session.add(made)
    record.write(session, by, "recorded a permission", "permission", made.id, at)
    session.flush()
    return made


def _free(session: Session, query: object) -> None:
    if session.scalar(query) is not None:  # type: ignore[call-overload]
        raise AlreadyThere


def pass_phrase() -> str:
    """Return a pass phrase one can read over the telephone: four groups of four, about 80 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
