"""What every template can use: assets that change their address when they change, dates in words, the organisation's
banner."""

import datetime as dt
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, url_for
from flask_babel import format_date
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from . import models as m
from ._version import VERSION

STATIC = Path(__file__).parent / "static"


def start(app: Flask) -> None:
    """Register the helpers."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.add_template_global(asset)
    app.add_template_filter(day)
    app.context_processor(_banner)


def asset(name: str) -> str:
    """Return the address of a static file, with a mark of its content so that an upgrade is seen at once."""
    return url_for("static", filename=name, v=_mark(name))


@cache
def _mark(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def day(value: dt.date | None) -> str:
    """Return a date in the words of the page's language; nothing for no date."""
    return format_date(value, "long") if value else ""


def _organisation() -> Any:
    opened = g.get("db")
    try:
        return opened.execute(select(m.Organisation.name, m.Organisation.synthetic)).first() if opened else None
    except SQLAlchemyError:
        return None  # the page that says so must not fail for the same reason


def _banner() -> dict[str, Any]:
    row = _organisation()
    return {
        "organisation_name": row.name if row else "Heard",
        "synthetic": bool(row and row.synthetic),
        "staff": g.get("staff"),
        "version": VERSION,
    }
