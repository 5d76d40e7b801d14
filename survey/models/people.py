"""People who sign in: staff, their sites, their sign-ins. Children never do."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTC, Base, check, key, one_of
from .places import Site

ROLES = ("coordinator", "psychologist", "safeguarding_lead", "researcher", "admin")


class StaffMember(Base):
    """An adult with a sign-in."""

    __tablename__ = "staff_member"

    id: Mapped[uuid.UUID] = key()
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    pin_hash: Mapped[str | None] = mapped_column(String(200))  # takes the tablet back from a child; opens nothing else
    from_outside: Mapped[bool] = mapped_column(default=False)
    joined_on: Mapped[dt.date]
    left_on: Mapped[dt.date | None]
    failures: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[dt.datetime | None] = mapped_column(UTC)

    sites: Mapped[list[Site]] = relationship(secondary="staff_site", lazy="selectin", order_by=Site.code)

    __table_args__ = (
        one_of("role", *ROLES),
        check("left_on IS NULL OR left_on >= joined_on", "leaves_after_joining"),
        check("login = lower(login)", "login_is_lower_case"),
    )


class StaffSite(Base):
    """A site somebody works at."""

    __tablename__ = "staff_site"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), primary_key=True)


class SignIn(Base):
    """A signed-in browser. Only the hash of its secret is kept; deleting the row signs it out."""

    __tablename__ = "sign_in"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    opened_at: Mapped[dt.datetime] = mapped_column(UTC)
    seen_at: Mapped[dt.datetime] = mapped_column(UTC)
    handed_over: Mapped[bool] = mapped_column(default=False, server_default=false())  # the tablet is with a child now
    wrong_pins: Mapped[int] = mapped_column(default=0, server_default="0")

    staff: Mapped[StaffMember] = relationship(lazy="joined")
