"""Write down what staff did. In the same transaction as the deed: both or neither."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from . import models as m


def write(
    session: Session,
    by: m.StaffMember | None,
    action: str,
    kind: str,
    object_id: uuid.UUID,
    at: dt.datetime,
    reason: str | None = None,
) -> None:
    """Add one line: who, what, to which thing, when, and where the house asks for it, why. Never what a child said."""
    who = by.id if by else None
    session.add(m.Record(at=at, staff_id=who, action=action, kind=kind, object_id=str(object_id), reason=reason))
