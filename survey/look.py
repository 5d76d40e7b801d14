"""What every template can use: assets that change their address when they change, dates in words, the organisation's
banner."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, url_for
from flask_babel import format_date
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from . import language
from . import models as m
from ._version import VERSION

STATIC = Path(__file__).parent / "static"
AN_HOUR = 3600
ABBREVIATED_YEAR = re.compile(r"\s[^\d\s]+\.$")
# Scripts that a page needs together come as one file: each is written and read on its own, a tablet asks once.
TOGETHER = {
    "child/asking.js": ("child/child.js", "child/steps.js"),
    "child/later.js": ("child/cover.js", "child/listen.js", "child/settings.js"),
}


def start(app: Flask) -> None:
    """Register the helpers."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = AN_HOUR
    app.view_functions["static"] = _one_of_ours(app.view_functions["static"])
    app.add_template_global(asset)
    app.add_template_filter(day)
    app.context_processor(_banner)


def asset(name: str) -> str:
    """Return the address of a static file, with a mark of its content so that an upgrade is seen at once."""
    return url_for("static", filename=name, v=_mark(name))


@cache
def _mark(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:10]


@cache
def _content(name: str) -> bytes:
    """A file, or several with a scope for each, so that no name in one is in the way of another."""
    if name not in TOGETHER:
        return (STATIC / name).read_bytes()
    return b'"use strict";\n' + b"".join(b"{\n%b}\n" % (STATIC / part).read_bytes() for part in TOGETHER[name])


def _one_of_ours(a_file: Callable[..., Any]) -> Callable[..., Any]:
    return lambda filename: _joined(filename) if filename in TOGETHER else a_file(filename=filename)


def _joined(name: str) -> Response:
    made = Response(_content(name), mimetype="text/javascript")
    made.cache_control.public, made.cache_control.max_age = True, AN_HOUR
    return made


def day(value: dt.date | None) -> str:
    """Return a date in the words of the page's language; nothing for no date.

    It never ends with a stop ("2026 г."): the sentence around it has its own.
    """
    if not value:
        return ""
    if not language.speaks_dates(language.current()):
        return value.isoformat()
    return ABBREVIATED_YEAR.sub("", format_date(value, "long")).rstrip(".")


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
