"""Exports: the tidy tables in one file, for a researcher, noted in the record."""

import io
import uuid
import zipfile
from itertools import groupby
from pathlib import Path

from flask import flash, g, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from .. import clock, export_rows, publish, record
from . import room, whole

WHAT_IT_HOLDS = {
    "sites": _l("the villages and centres, by code"),
    "children": _l("one row per child: a pseudonym, the site, sex and language"),
    "rounds": _l("one row per pass through a stage, with the month it was opened and the age group"),
    "visits": _l("one row per finished or stopped sitting: language, age group, month, who helped"),
    "answers": _l("one row per question put; a typed reason where there is no answer"),
    "views": _l("what staff believed and first thought, before they saw the wish"),
    "decisions": _l("the decision in force on each topic, with reasons and whether the child was told"),
    "staff_answers": _l("what staff answered about the same event, and what stood in the way"),
    "interviews": _l("closed answers of the staff interviews"),
    "refusals": _l("how often children said no or later, to the nearest five; nothing else about them"),
    "topics": _l("topics and their options"),
    "questions": _l("the words of every question"),
    "options": _l("the words of every option of every question"),
    "reasons": _l("why a decision may differ from a wish"),
    "languages": _l("how much of each questionnaire a native speaker has reviewed in each language"),
    "labels": _l("what stages, topics, options and reasons are called in each language"),
}


@room.route("/exports", methods=["GET", "POST"])
def exports() -> str | Response:
    """Say what an export contains; make one and hand it over."""
    form = FlaskForm()
    if form.validate_on_submit():
        try:
            return _hand_over()
        except publish.NothingPublished:
            flash(_("There is nothing to export yet: an administrator must publish the questionnaires first."), "wrong")
            return redirect(url_for(".exports"), 303)
    return render_template("research/exports.html", form=form, tables=_tables(), about=WHAT_IT_HOLDS)


def _hand_over() -> Response:
    with whole.exported() as folder:
        packed = _zip(folder)
    record.write(g.db, g.staff, "took an export", "export", uuid.uuid4(), clock.now())
    g.db.commit()
    name = f"heard-export-{clock.today()}.zip"
    return send_file(packed, "application/zip", as_attachment=True, download_name=name)


def _zip(folder: Path) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"heard-export/{path.name}")
    packed.seek(0)
    return packed


def _tables() -> dict[str, list[tuple[str, ...]]]:
    rows = groupby(export_rows.codebook(), key=lambda row: str(row[0]))
    return {table: [tuple(map(str, row[1:])) for row in columns] for table, columns in rows}
