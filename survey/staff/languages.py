"""The language a child is asked in: what is offered, whether its words were read by a native speaker, another one."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from .. import choose, clock, ledger
from .. import models as m
from ..language import LANGUAGES, Language, known
from . import load, room
from .forms import ChildLanguage, offered


@dataclass(frozen=True)
class Spoken:
    """The language of a child, and the one the child is written to in, if theirs is not offered."""

    language: Language
    written: Language
    draft: bool

    @property
    def offered(self) -> bool:
        """Is it the child's own?"""
        return self.language.code == self.written.code


def spoken(to: m.Child) -> Spoken:
    """Return how a child is spoken to."""
    code = choose.spoken_to(g.db, to)
    return Spoken(LANGUAGES[known(to.language)], LANGUAGES[code], ledger.unreviewed(g.db, code))


def names() -> Iterator[tuple[str, str]]:
    """Return the languages children are offered, each by its own name; unreviewed drafts say so."""
    for code in choose.chosen(g.db):
        name = LANGUAGES[code].own_name
        yield code, _("%(language)s (unreviewed draft)", language=name) if ledger.unreviewed(g.db, code) else name


@room.route("/child/<uuid:child_id>/language", methods=["GET", "POST"])
def child_language(child_id: uuid.UUID) -> str | Response:
    """Ask a child in another language from the next card on."""
    found = load.child(child_id)
    form = ChildLanguage(language=choose.spoken_to(g.db, found))
    form.language.choices = offered(names())
    if form.validate_on_submit():
        if choose.for_child(g.db, found, form.language.data, g.staff, clock.now()):
            g.db.commit()
            flash(_("The next card is in this language. A visit that has begun stays in its own."))
        return redirect(url_for(".child", child_id=found.id), 303)
    return render_template("staff/child_language.html", form=form, child=found, spoken=spoken(found))
