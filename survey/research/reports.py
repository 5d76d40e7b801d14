"""The report: children's wishes beside staff's decisions, for everybody who answers for them.

A report is built when somebody asks, kept in the home folder, and shown to all alike. It is not built again for
fewer than five children: two reports that differ by one child's answers would tell what that child said.

Its numbers are counted once and kept as they were released. The English report is written at once, another language
when its first reader comes: all from the same kept numbers.
"""

import datetime as dt
import hashlib
import io
import json
import os
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response

from .. import clock, publish, record
from .. import models as m
from ..language import DEFAULT, current, direction
from ..translation import books
from . import room, whole

FEWEST = 5
MAY_BUILD_AGAIN = ("researcher", "admin")  # whoever knows the children could time it to one child's visit


class NotInstalled(Exception):
    """The statistics are an extra of the installation and are not there."""


@dataclass(frozen=True)
class Built:
    """A report as it was built: the whole page, the part that is embedded, its style, and the numbers it shows."""

    built_at: str
    page: str
    body: str
    style: str
    language: str = DEFAULT
    words: str = ""  # a digest of the translation it is written in
    results: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def direction(self) -> str:
        """Which way its language runs."""
        return direction(self.language)

    @property
    def at(self) -> dt.datetime:
        """When it was built."""
        return dt.datetime.fromisoformat(self.built_at)

    @property
    def embedded(self) -> Markup:
        """The part that is embedded: made by our own statistics, which escape what they quote."""
        return Markup(self.body)  # noqa: S704

    @property
    def mark(self) -> str:
        """What changes in an address when the report changes."""
        return f"{self.at:%Y%m%d%H%M%S}"


@room.route("/report", methods=["GET", "POST"])
def report() -> str | Response:
    """Show the last report; build a new one when there is enough that is new."""
    form, built = FlaskForm(), last()
    if form.validate_on_submit():
        _build_again(built)
        return redirect(url_for(".report"), 303)
    shown = _spoken(built, current()) if built else None
    return render_template("research/report.html", form=form, report=shown, missing=None if built else _missing())


@room.get("/report.css")
def report_style() -> Response:
    """Send the style of the embedded report, as it was built with it."""
    built = last() or abort(404)
    return current_app.response_class(built.style, mimetype="text/css")


@room.get("/report_file")
def report_file() -> Response:
    """Send the report as one file that needs no network and prints well."""
    built = _spoken(last() or abort(404), current())
    name = f"heard-report-{built.at.date()}-{built.language}.html"
    return send_file(io.BytesIO(built.page.encode()), "text/html", as_attachment=True, download_name=name)


def last() -> Built | None:
    """Return the report that was built last, in English; None when there is none, or one of an older make."""
    return _kept(_place())


def _spoken(built: Built, language: str) -> Built:
    """Return the same report in a language: as it was written before, or written now from the kept numbers; a page in
    words that were corrected since is written anew.

    In English where nobody has translated it, or where the statistics are not installed any more.
    """
    if language == built.language or not built.results:
        return built
    kept = _kept(_place(language))
    if kept is not None and (kept.built_at, kept.words) == (built.built_at, _words(language)):
        return kept
    try:
        made = _written(built.results, built.built_at, language)
    except (NotInstalled, ValueError) as error:
        current_app.logger.warning("The report is shown in English: %s", type(error).__name__)
        return built
    _keep(made, _place(language))
    return made


def _kept(place: Path) -> Built | None:
    try:
        return Built(**json.loads(place.read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _build_again(built: Built | None) -> None:
    if built is not None and g.staff.role not in MAY_BUILD_AGAIN:
        flash(_("The report stays as it is. A researcher or an administrator builds it again."))
        return
    if built is not None and whole.fewest_children_since(built.at) < FEWEST:
        flash(_("The report stays as it is: at some stage fewer than five children have answered since."))
        flash(_("A report that changes by so little could show what one of them said."))
        return
    try:
        _keep(_build(), _place())
    except NotInstalled:
        flash(_("The statistics are not installed on this machine."), "wrong")
        flash(_("Whoever runs it types “pip install 'heard[analysis,charts]'” and starts Heard again."), "wrong")
        return
    except ValueError as error:  # the statistics refuse an export that does not fit together, and say where
        current_app.logger.error("The report was not built: %s", str(error).split("\n")[0])
        flash(_("The report could not be built: the tables do not fit together. Nothing is lost."), "wrong")
        flash(_("Whoever runs Heard types “heard export” and “heard analyse”, which say where and why."), "wrong")
        return
    record.write(g.db, g.staff, "built the report", "report", uuid.uuid4(), clock.now())
    g.db.commit()
    flash(_("The report is built."))


def _build() -> Built:
    try:
        from analysis import results, tables
    except ImportError as error:
        raise NotInstalled from error
    at = clock.now()
    with whole.exported() as folder:
        numbers = results.compute(tables.read(folder)).freeze()
    return _written(numbers, at.isoformat(), DEFAULT)


def _written(numbers: dict[str, Any], built_at: str, language: str) -> Built:
    """Put kept numbers into the words of a language. Raises `NotInstalled`, or a ValueError for an unknown language."""
    try:
        from analysis import report as reporting
        from analysis import results, words
    except ImportError as error:
        raise NotInstalled from error
    own, said = Path(current_app.config["HEARD_HOME"]) / "translations", _words(language)
    made = reporting.render(results.Results.thaw(numbers), words.speak(language, own))
    return Built(built_at, made.html, made.body(), made.css, language, said, numbers if language == DEFAULT else {})


def _words(language: str) -> str:
    """A digest of the words of a language; empty where nobody has translated the report, as in English."""
    try:
        return hashlib.sha256(books.file(language, books.REPORT).read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


def _keep(built: Built, place: Path) -> None:
    new = place.with_suffix(f".{uuid.uuid4().hex}.part")  # two first readers may come at once
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(built), file)
    new.replace(place)


def _place(language: str = DEFAULT) -> Path:
    name = "report.json" if language == DEFAULT else f"report.{language}.json"
    return Path(current_app.config["HEARD_HOME"]) / name


def _missing() -> list[tuple[str, bool]]:
    """Return what a report needs, and whether it is there."""
    return [
        (_("Questionnaires are published"), bool(publish.all_current(g.db))),
        (_("A child has answered"), whole.has(m.Submission)),
        (_("Staff have said what they think the child wants"), whole.has(m.View)),
        (_("A decision is recorded"), whole.has(m.Decision)),
    ]
