"""The languages: how far each has come, and which of them children are offered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from .. import choose, clock, ledger, publish, voice
from ..instrument.problem import Problem, errors
from ..instrument.publish import CannotPublish
from ..language import LANGUAGES, Language
from ..translation import books
from ..translation import rules as age_rules
from . import readers, room
from .forms import Press

FIRST = 10  # how many missing sentences are named


@dataclass(frozen=True)
class Row:
    """One language of the table. `hard` counts how often its words break an age rule."""

    language: Language
    summary: ledger.Summary
    voices: Mapping[str, int]
    hard: int
    children: int
    offered: bool
    first: bool


@dataclass(frozen=True)
class Refused:
    """Why the choice was not kept: sentences, and what is missing in files."""

    why: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    more: int = 0


@room.route("/languages", methods=["GET", "POST"])
def languages() -> str | Response:
    """Show every language; choose which of them children are offered, the default first."""
    form, refused = Press(), Refused()
    wanted = _wanted() if request.method == "POST" else choose.chosen(g.db)
    if form.validate_on_submit():
        told = _choose(wanted)
        if not isinstance(told, Refused):
            return told
        refused = told
        g.db.rollback()
    return render_template("admin/languages.html", form=form, rows=_rows(wanted), refused=refused)


def _wanted() -> list[str]:
    """What is ticked, the default first."""
    ticked = [code for code in request.form.getlist("languages") if code in LANGUAGES]
    first = request.form.get("first", "")
    return sorted(ticked, key=lambda code: code != first)


def _choose(wanted: Sequence[str]) -> Response | Refused:
    try:
        gone = choose.languages(g.db, wanted, readers.by_language(in_open_rounds=True), g.staff, clock.now())
        new = publish.everything(g.db, publish.shipped(), clock.now())
    except choose.NothingChosen:
        return Refused((_("Choose at least one language. Children must be asked in something."),))
    except choose.NotWhole as error:
        return _not_whole(error)
    except choose.StillRead as error:
        return Refused(tuple(_still_read(code, n) for code, n in error.readers.items()))
    except (publish.NotPublishable, CannotPublish) as error:
        return _named((_("The questionnaires cannot be published like this."),), error.problems)
    except publish.VersionNotRaised as error:
        return Refused((str(error),))
    g.db.commit()
    _tell(gone, len(new))
    return redirect(url_for(".languages"), 303)


def _not_whole(error: choose.NotWhole) -> Refused:
    name = LANGUAGES[error.language].own_name
    why = _("%(language)s is not whole: children would meet sentences in English. These are missing:", language=name)
    return _named((why,), error.problems)


def _named(why: tuple[str, ...], problems: Sequence[Problem]) -> Refused:
    return Refused(why, tuple(problems[:FIRST]), max(0, len(problems) - FIRST))


def _still_read(code: str, n: int) -> str:
    told: str = ngettext(
        "%(num)d child with an open round reads %(language)s. Taking it away now would put a page before this child "
        "that they cannot read. First the coordinator closes the round or changes the child's language.",
        "%(num)d children with an open round read %(language)s. Taking it away now would put a page before them "
        "that they cannot read. First the coordinators close the rounds or change the children's language.",
        n, language=LANGUAGES[code].own_name,
    )  # fmt: skip
    return told


def _tell(gone: Sequence[str], new: int) -> None:
    flash(_("Saved. The first page offers these languages from now on."))
    if new:
        flash(ngettext("%(num)d document is published.", "%(num)d documents are published.", new))
    counted, first = readers.by_language(in_open_rounds=False), choose.chosen(g.db)[0]
    for code in gone:
        if n := counted.get(code, 0):
            flash(_fall_back(LANGUAGES[code].own_name, LANGUAGES[first].own_name, n))


def _fall_back(before: str, after: str, n: int) -> str:
    told: str = ngettext(
        "%(num)d child reads %(before)s. The next card of this child is in %(after)s.",
        "%(num)d children read %(before)s. Their next cards are in %(after)s.",
        n, before=before, after=after,
    )  # fmt: skip
    return told


def _rows(wanted: Sequence[str]) -> list[Row]:
    counted = readers.by_language(in_open_rounds=False)
    return [_row(one, wanted, counted.get(one.code, 0)) for one in LANGUAGES.values()]


def _row(one: Language, wanted: Sequence[str], children: int) -> Row:
    code = one.code
    voices = Counter(phrase.state for phrase in voice.wanted(g.db, code))
    summary = ledger.summary(g.db, code)
    if code == "en":  # the questionnaires are written in it
        texts = sum(len(books.wanted(book)) for book in books.DOMAINS)
        summary = replace(summary, texts=texts, said=texts)
    return Row(one, summary, voices, _hard(code), children, code in wanted, code == (wanted or [""])[0])


@cache
def _hard(code: str) -> int:
    """How many times the words break an age rule: too long, too hard, not said in the way a child of that age reads."""
    library = publish.shipped()
    if code == "en":
        return len(errors(library.problems))
    return len(errors(set(age_rules.of_words(code, library, publish.speaking(library, code)))))


books.on_forget(_hard.cache_clear)
