"""A language as files: take the words out for Poedit or Weblate, bring them back corrected."""

from pathlib import Path

from flask import Response as Download
from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from .. import choose, clock, record
from ..instrument.problem import MOST, Problem
from ..language import Language
from ..translation import books, extract, po, store
from . import fields, room
from .forms import FileForm, Press
from .review import of

SHOWN = 25  # changes that are shown before somebody says yes


@room.route("/language/<code>/files", methods=["GET", "POST"])
def language_files(code: str) -> str | Response:
    """Offer the files of a language; take a corrected one, check it, and show what it would change."""
    one, form = of(code), FileForm().offer()
    problems: list[Problem] = []
    if form.validate_on_submit():
        try:
            found = store.propose(_home(), code, form.book.data, form.words.data.read(po.LARGEST + 1))
            return _preview(one, found)
        except po.BrokenFile as error:
            problems = sorted(set(error.problems))
            fields.said(form.words, _("This file cannot be used yet. What is wrong stands below."))
    return render_template(
        "admin/languages_files.html", form=form, one=one, problems=problems[:MOST], more=max(0, len(problems) - MOST)
    )


@room.get("/language/<code>/<book>.po")
def language_file(code: str, book: str) -> Response:
    """Hand over the words of a language: everything there is to say, with what is said so far."""
    one = of(code)
    if book not in books.DOMAINS:
        abort(404)
    try:
        words = extract.whole(one, book)
    except po.BrokenFile:  # then as it stands there, to be mended
        words = books.file(code, book).read_text("utf-8", "replace")
    return Download(
        words, mimetype="text/x-gettext-translation",
        headers={"Content-Disposition": f'attachment; filename="{code}-{book}.po"'},
    )  # fmt: skip


@room.post("/language/<code>/<book>/accept")
def accept_language_file(code: str, book: str) -> Response:
    """Put the file that was looked at in force."""
    one, form = of(code), Press()
    if book not in books.DOMAINS or not form.validate_on_submit():
        abort(404)
    try:
        found = store.proposed(_home(), code, book, request.form.get("digest", ""), whole=_offered(one))
    except (store.NothingProposed, po.BrokenFile):
        flash(_("Nothing was changed: another file was sent meanwhile. Send yours again."), "wrong")
        return redirect(url_for(".language_files", code=code), 303)
    except store.NotWhole:
        flash(_("Nothing was changed: children are offered this language, and they would miss sentences."), "wrong")
        return redirect(url_for(".language_files", code=code), 303)
    _record(found)
    store.put(_home(), found)
    flash(ngettext("%(num)d text is changed.", "%(num)d texts are changed.", found.texts))
    flash(_("Children read it once you press “Publish what is new” on the page of the questionnaires."))
    return redirect(url_for(".language", code=code), 303)


def _record(found: store.Proposal) -> None:
    """Write down which words come into force, before they do: none may do so without a line."""
    what = f"{found.language}/{found.book}.po {found.digest}"
    record.write(g.db, g.staff, "put a translation in place", "language", choose.ONLY_ONE, clock.now(), what)
    g.db.commit()


def _preview(one: Language, found: store.Proposal) -> str:
    return render_template(
        "admin/languages_preview.html", form=Press(), one=one, found=found, changes=store.shown(found, SHOWN),
        more=max(0, found.texts - SHOWN), refused=bool(found.lacking) and _offered(one),
        problems=found.lacking[:MOST], more_problems=max(0, len(found.lacking) - MOST),
    )  # fmt: skip


def _offered(one: Language) -> bool:
    return one.code in choose.chosen(g.db)


def _home() -> Path:
    return Path(current_app.config["HEARD_HOME"])
