"""The record of what staff did: appended, never changed. It holds no content and nothing a child did."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTC, Base, key


class Record(Base):
    """Somebody did something to something."""

    __tablename__ = "record"

    id: Mapped[uuid.UUID] = key()
    at: Mapped[dt.datetime] = mapped_column(UTC)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(200))  # why a child was identified; which words came into force
