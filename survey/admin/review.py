"""The review of a language: English and the words side by side; a native speaker ticks what is right."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from .. import clock, ledger, publish
from ..language import LANGUAGES, Language, current
from ..translation import books, where
from . import fields, room
from .forms import ReviewForm

EACH = 25
STATES = ("", ledger.DRAFT, ledger.STALE, ledger.REVIEWED, ledger.TRIED, ledger.MISSING)
AGES = ("", "child", *where.AGES, where.EVERY_AGE, "staff")


@dataclass(frozen=True)
class Line:
    """One sentence as the page shows it: where it stands in the questionnaires and in the ledger, and for
    an option its question, in English and in words."""

    standing: ledger.Standing
    where: where.Where
    place: str
    ticked: bool
    question: tuple[str, str]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """English and words; a sentence that counts has a pair for each plural form."""
        asked, said = self.standing.sentence.asked, self.standing.sentence.said
        english = [asked.text, *([asked.plural] if asked.plural else [])]
        longest = max(len(english), len(said))
        return [(one[0] if one else "", one[1] if one else "") for one in _side_by_side(english, said, longest)]


@room.route("/language/<code>", methods=["GET", "POST"])
def language(code: str) -> str | Response:
    """Show the sentences of a language; mark those that are ticked."""
    one = of(code)
    form = ReviewForm(reviewer=_reader(code))
    if form.validate_on_submit() and _mark(form, one):
        return redirect(_address(code), 303)
    standings = _together(ledger.states(g.db, code))
    found = [standing for standing in standings if _is_shown(standing)]
    pages = max(1, -(-len(found) // EACH))
    page = min(_page(), pages)
    lines = [_line(code, standing) for standing in found[(page - 1) * EACH : page * EACH]]
    return render_template(
        "admin/languages_review.html", form=form, one=one, lines=lines, found=len(found), page=page, pages=pages,
        states=Counter(standing.state for standing in standings), total=len(standings), view=_view(),
        groups=_groups(), ages=_ages(), state_names=_state_names(),
    )  # fmt: skip


def _reader(code: str) -> str:
    """Who read this language a moment ago. Nobody is taken for a reader because they are signed in."""
    known = session.get("reader")
    return known[1] if known and known[0] == code else ""


def _together(standings: Iterable[ledger.Standing]) -> list[ledger.Standing]:
    """The options of one list stand together: whether they differ clearly can only be seen side by side."""
    found: dict[tuple[str, ...], list[ledger.Standing]] = {}
    for one in standings:
        found.setdefault(where.list_of(one.sentence.book, one.sentence.asked), []).append(one)
    return [one for group in found.values() for one in group]


def _address(code: str) -> str:
    return url_for(".language", _external=False, code=code, page=_page(), **dict(_view()))


def of(code: str) -> Language:
    """Return a language that is translated; English is not."""
    return LANGUAGES[code] if code in LANGUAGES and code != "en" else abort(404)


def _mark(form: ReviewForm, one: Language) -> bool:
    keys, state = request.form.getlist("keys"), form.state.data
    if not keys:
        form.form_errors = [_("Tick the sentences first.")]
        return False
    try:
        n = ledger.mark(
            g.db, one.code, set(keys), state, g.staff, clock.now(), form.note.data, form.reviewer.data, form.trial()
        )
    except ledger.NotTried:
        form.form_errors = [
            _("Tried means: with at least 5 children, at a place, on a day. Fill in all three, then press once more.")
        ]
        return False
    g.db.commit()
    session["reader"] = [one.code, form.reviewer.data]
    flash(ngettext("%(num)d sentence is marked.", "%(num)d sentences are marked.", n))
    if n < len(set(keys)):
        flash(_("The others stay as they were: they stood like that already, or their words have changed."))
    return True


def _view() -> dict[str, str]:
    """What is looked at, as it stands in the address."""
    asked = {name: request.args.get(name, "") for name in ("group", "age", "state")}
    known = {"group": ("", *where.GROUPS), "age": AGES, "state": STATES}
    view = {name: value if value in known[name] else "" for name, value in asked.items()}
    return {**view, "q": fields.clean(request.args.get("q"))[:100]}


def _page() -> int:
    written = request.args.get("page", "")
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 5 else 1


def _is_shown(one: ledger.Standing) -> bool:
    view, sentence = _view(), one.sentence
    place = where.of(sentence.book, sentence.asked)
    words = " ".join((sentence.asked.context, sentence.asked.text, *sentence.said)).casefold()
    return (
        view["group"] in ("", place.group)
        and _of_age(view["age"], place, sentence)
        and view["state"] in ("", one.state)
        and view["q"].casefold() in words
    )


def _of_age(age: str, place: where.Where, sentence: ledger.Sentence) -> bool:
    return sentence.for_child if age == "child" else age in ("", place.age)


def _line(code: str, one: ledger.Standing) -> Line:
    place, ticked = where.of(one.sentence.book, one.sentence.asked), request.form.getlist("keys")
    return Line(one, place, _parts()[place.part], one.sentence.key in ticked, _question(code, one.sentence))


def _question(code: str, one: ledger.Sentence) -> tuple[str, str]:
    if one.book != books.QUESTIONNAIRES:
        return "", ""
    english = {asked.context: asked.text for asked in books.wanted(one.book)}
    context = next((name for name in where.questions_of(one.asked) if name in english), "")
    text = english.get(context, "")
    return text, books.book(code, one.book).find(context, text) or ""


def _side_by_side(english: list[str], said: tuple[str, ...], longest: int) -> Iterator[tuple[str, str]]:
    for at in range(longest):
        yield english[min(at, len(english) - 1)], said[at] if at < len(said) else ""


def _groups() -> Mapping[str, str]:
    try:
        stages = {
            stage.id: f"{stage.id} · {_title(stage.id, stage.title)}"
            for stage in publish.catalogue(g.db).stages.values()
        }
    except publish.NothingPublished:
        stages = {}
    return {
        where.AROUND: _("Buttons and sentences around the questions"),
        **{code: stages.get(code, code) for code in where.STAGES},
        where.REPLY: _("The answer to a child"),
        where.INTERVIEWS: _("Interviews with staff"),
        where.SHARED: _("Words that several questionnaires share"),
        where.RESULTS: _("The report for researchers"),
    }


def _title(stage: str, english: str) -> str:
    """A stage's name as staff read it; also in a language the questionnaires are not published in."""
    words = books.book(current(), books.QUESTIONNAIRES)
    return words.find(f"{stage} title / staff", english) or english


def _ages() -> Mapping[str, str]:
    return {
        "child": _("Everything a child reads"),
        **{age: age for age in where.AGES},
        where.EVERY_AGE: _("Children of every age"),
        "staff": _("Staff"),
    }


def _state_names() -> Mapping[str, str]:
    return {
        ledger.DRAFT: _("Draft"),
        ledger.STALE: _("Changed since it was read"),
        ledger.REVIEWED: _("Reviewed"),
        ledger.TRIED: _("Tried with children"),
        ledger.MISSING: _("Not translated"),
    }


def _parts() -> Mapping[str, str]:
    return {
        "screen": _("On a page"),
        "title": _("Heading"),
        "happens": _("What happens now"),
        "next": _("What happens next, on the last page"),
        "wished": _("In the answer to a child: “You wished …”"),
        "decided": _("In the answer to a child: “We decided: …”"),
        "hint": _("Hint under a question"),
        "instead": _("Button: it is not about me"),
        "question": _("Question or name"),
        "choice": _("Something to choose"),
    }
