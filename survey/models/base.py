"""What every table has in common: random keys, named constraints, one clock.

Keys are UUIDv4 and tables of children's voices are stored without a row order (finding: on an ordinary table, sorting
by row id re-linked every "anonymous" answer to the log of used cards).
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, String, Text, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# A table without SQLite's hidden, ordered row number.
NO_ORDER = {"sqlite_with_rowid": False}


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMES)


class UTC(TypeDecorator[dt.datetime]):
    """A moment in UTC; SQLite forgets the zone, PostgreSQL keeps it, we always have it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: Dialect) -> dt.datetime | None:
        """Refuse a moment without a zone; store the rest as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone: use survey.clock.now().")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, _dialect: Dialect) -> dt.datetime | None:
        """Give the zone back."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


class Codes(TypeDecorator[tuple[str, ...]]):
    """Some codes of one closed list, stored as `'LAW SAFETY'`; an empty string when there are none.

    Text rather than a second table so that the schema itself can say "a reason is given whenever …".
    """

    impl = String(400)
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, _dialect: Dialect) -> str:
        """Sorted, each once."""
        return " ".join(sorted(set(value or ())))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[str, ...]:
        """Back to a tuple."""
        return tuple((value or "").split())


class Document(TypeDecorator[dict[str, Any]]):
    """A published document: stored as text, parsed once per process, since it never changes. Read it, never write to
    it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, _dialect: Dialect) -> str:
        """The same text for the same document."""
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> dict[str, Any]:
        """Parse it, or return what was parsed before."""
        return _parsed(value or "{}")


@lru_cache(maxsize=256)
def _parsed(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def key() -> Mapped[uuid.UUID]:
    """Return a primary key nobody can guess and that tells no order."""
    return mapped_column(Uuid, primary_key=True, default=uuid.uuid4)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return the constraint that `column` holds one of `values` (or nothing, where it may be empty)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def check(sql: str, name: str) -> Any:
    """Return a CHECK constraint named after the promise it keeps."""
    return CheckConstraint(sql, name=name)
