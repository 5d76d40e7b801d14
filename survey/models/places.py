"""Places: the organisation and its villages and centres."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, check, key


class Organisation(Base):
    """The one organisation this installation serves, and the rules it has set."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    synthetic: Mapped[bool] = mapped_column(default=False)
    permission_required: Mapped[bool] = mapped_column(default=True)
    answer_within_days: Mapped[int] = mapped_column(default=14)
    card_valid_days: Mapped[int] = mapped_column(default=30)
    languages: Mapped[str] = mapped_column(String(200), default="en")

    __table_args__ = (
        check("id = 1", "only_one"),
        check("answer_within_days BETWEEN 1 AND 90", "answer_within_reach"),
        check("card_valid_days BETWEEN 1 AND 90", "card_expires"),
    )


class Site(Base):
    """A village or a children's centre."""

    __tablename__ = "site"

    id: Mapped[uuid.UUID] = key()
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str] = mapped_column(String(40), default="UTC")
    language: Mapped[str] = mapped_column(String(35), default="en")
    helpline_name: Mapped[str] = mapped_column(String(120), default="")
    helpline_number: Mapped[str] = mapped_column(String(40), default="")
    opened_on: Mapped[dt.date]

    safe_adults: Mapped[list["SafeAdult"]] = relationship(
        back_populates="site", order_by="SafeAdult.position", lazy="selectin"
    )


SAFE_ROLES = ("here", "outside", "nurse", "teacher", "psychologist")  # shown translated; other words as they are


class SafeAdult(Base):
    """Somebody a child at this site can talk to; shown on the help screen."""

    __tablename__ = "safe_adult"

    id: Mapped[uuid.UUID] = key()
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40), default="")
    from_outside: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    site: Mapped[Site] = relationship(back_populates="safe_adults")

    __table_args__ = (UniqueConstraint("site_id", "name", name="uq_safe_adult_named_once"),)
