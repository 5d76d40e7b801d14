"""Open a round and print a card: the only way a child is invited, and the only way a card is opened.

A code is ten symbols of an alphabet of 28 without vowels and look-alikes (48 bits) and one check symbol: `SSS VVVV
VVV C`. The first three symbols find the row, the other seven are kept only as an Argon2id hash.
"""

import datetime as dt
import secrets
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from . import clock, flag, record
from . import models as m

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
SELECTOR, LENGTH, LONGEST = 3, 10, 32
PRIME = 29  # one more than the alphabet: every wrong symbol and every swap of neighbours is found
LOOK_ALIKES = str.maketrans("ВСНКМРТХУ", "BCHKMPTXY")  # the Cyrillic letters a Russian keyboard offers
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
UNKNOWN = HASHER.hash("no such card")


class NotReady(Exception):
    """This site needs two safe adults and two safeguarding leads, one of each from outside, and a helpline."""


class NoPermission(Exception):
    """The guardian's or authority's permission is not recorded, has run out or was withdrawn."""


class NotInvited(Exception):
    """Heard asks children aged 10 to 17; this child is younger or older today."""


class Mistyped(Exception):
    """The check symbol does not fit: a typing mistake."""


class Unusable(Exception):
    """Unknown, used, replaced or expired: the child is told the same in each case."""


@dataclass(frozen=True)
class Invitation:
    """What an opened card leads to."""

    card: m.Card
    round: m.Round
    age_group: str


def open_round(
    session: Session, child: m.Child, stage: str, by: m.StaffMember, on: dt.date, at: dt.datetime
) -> m.Round:
    """Open the child's next pass through a stage."""
    passes = select(func.count()).select_from(m.Round).where(m.Round.child_id == child.id, m.Round.stage == stage)
    made = m.Round(
        id=uuid.uuid4(), child_id=child.id, child=child, coordinator_id=by.id, stage=stage,
        n=(session.scalar(passes) or 0) + 1, opened_on=on,
    )  # fmt: skip
    session.add(made)
    record.write(session, by, "opened a round", "round", made.id, at)
    session.flush()
    return made


def close_round(session: Session, opened: m.Round, by: m.StaffMember, on: dt.date, at: dt.datetime) -> None:
    """Nothing more is to be decided in this pass; what is there stays readable. Cards that were handed out still
    work."""
    if opened.closed_on is None:
        opened.closed_on = max(on, opened.opened_on)
        record.write(session, by, "closed a round", "round", opened.id, at)


def card(
    session: Session,
    for_round: m.Round,
    wave: str,
    by: m.StaffMember,
    on: dt.date,
    at: dt.datetime,
    hasher: PasswordHasher = HASHER,
) -> str:
    """Make a card and return its code; it is shown once. Raises `NotReady`, `NoPermission`, `NotInvited`."""
    organisation = session.get_one(m.Organisation, 1)
    _may_invite(session, organisation, for_round, on)
    _replace_unused(session, for_round, wave, on)
    code = new_code()
    made = m.Card(
        id=uuid.uuid4(), round_id=for_round.id, wave=wave, selector=code[:SELECTOR],
        code_hash=hasher.hash(code[SELECTOR:LENGTH]),
        printed_on=on, expires_on=on + dt.timedelta(days=organisation.card_valid_days),
    )  # fmt: skip
    session.add(made)
    record.write(session, by, "printed a card", "card", made.id, at)
    session.flush()
    return code


def open_card(session: Session, typed: str, on: dt.date) -> Invitation:
    """Return what a typed or scanned code leads to. Raises `Mistyped`, `Unusable` or `NotInvited`."""
    code = normal(typed)
    if len(code) != LENGTH + 1 or any(s not in ALPHABET for s in code) or check_symbol(code[:LENGTH]) != code[LENGTH]:
        raise Mistyped
    found = _find(session, code)
    if found is None or found.used_on or found.replaced_on or found.expires_on < on:
        raise Unusable
    group = clock.age_group(found.round.child.born_month, on)
    if group is None:
        raise NotInvited
    return Invitation(found, found.round, group)


def refuse(session: Session, round_id: uuid.UUID, wave: str, on: dt.date) -> None:
    """A child said no or later: one more in the count of the month, and nothing else anywhere."""
    in_round = session.get_one(m.Round, round_id)
    key = (in_round.child.site_id, in_round.stage, wave, clock.month(on))
    count = session.get(m.RefusalCount, key, with_for_update=True)
    if count is None:
        count = m.RefusalCount(site_id=key[0], stage=key[1], wave=key[2], month=key[3], n=0)
        session.add(count)
    count.n += 1


def new_code() -> str:
    """Return eleven symbols: ten by chance and one check symbol."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if check_symbol(body):
            return body + check_symbol(body)


def check_symbol(body: str) -> str:
    """Return the symbol that makes a mistyped code visible without asking the server ('' for the few bodies without
    one)."""
    total = sum(place * ALPHABET.index(symbol) for place, symbol in enumerate(body, start=1)) % PRIME
    return ALPHABET[total] if total < len(ALPHABET) else ""


def normal(typed: str) -> str:
    """Return a code as it is printed: upper case, no blanks or dashes, look-alikes put right. Overlong input becomes
    ''."""
    if len(typed) > LONGEST:
        return ""
    wide = unicodedata.normalize("NFKC", typed).upper().translate(LOOK_ALIKES)
    return "".join(_digit(symbol) for symbol in wide if symbol.isalnum())


def grouped(code: str) -> str:
    """Return a code as people read it: `SSS VVVV VVVC`."""
    return f"{code[:3]} {code[3:7]} {code[7:]}"


def permitted(session: Session, child: m.Child, on: dt.date) -> bool:
    """Is there a permission in force?"""
    in_force = select(m.Permission.id).where(
        m.Permission.child_id == child.id,
        m.Permission.given_on <= on,
        m.Permission.withdrawn_on.is_(None),
        (m.Permission.valid_until.is_(None)) | (m.Permission.valid_until >= on),
    )
    return session.scalar(in_force.limit(1)) is not None


def site_ready(site: m.Site, readers: Sequence[m.StaffMember]) -> bool:
    """Are there two safe adults and two safeguarding leads, one of each from outside, and a helpline?"""
    both = (site.safe_adults, readers)
    complete = all(len(people) >= 2 and any(person.from_outside for person in people) for people in both)
    return complete and bool(site.helpline_number)


def _may_invite(session: Session, organisation: m.Organisation, for_round: m.Round, on: dt.date) -> None:
    child = for_round.child
    if not site_ready(child.site, flag.readers(session, child.site)):
        raise NotReady
    if organisation.permission_required and not permitted(session, child, on):
        raise NoPermission
    if clock.age_group(child.born_month, on) is None:
        raise NotInvited


def _replace_unused(session: Session, for_round: m.Round, wave: str, on: dt.date) -> None:
    unused = select(m.Card).where(
        m.Card.round_id == for_round.id, m.Card.wave == wave, m.Card.used_on.is_(None), m.Card.replaced_on.is_(None)
    )
    for old in session.scalars(unused):
        old.replaced_on = on


def _find(session: Session, code: str) -> m.Card | None:
    rows = session.scalars(select(m.Card).where(m.Card.selector == code[:SELECTOR])).all()
    for row in rows:
        if _fits(row.code_hash, code):
            return row
    if not rows:
        _fits(UNKNOWN, code)  # an unknown card takes as long as a wrong one
    return None


def _fits(code_hash: str, code: str) -> bool:
    try:
        return HASHER.verify(code_hash, code[SELECTOR:LENGTH])
    except VerificationError:
        return False


def _digit(symbol: str) -> str:
    value = unicodedata.digit(symbol, None)
    return symbol if value is None else str(value)
