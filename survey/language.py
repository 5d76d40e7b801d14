"""Which language a request speaks, and where its words come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from babel import UnknownLocaleError
from babel.core import Locale
from flask import Flask, g, request, session
from flask_babel import Babel, Domain, force_locale, get_babel, gettext, ngettext, npgettext, pgettext

from .translation import books
from .translation.languages import DEFAULT, LANGUAGES, Language, direction, known

__all__ = ["DEFAULT", "LANGUAGES", "Language", "current", "direction", "known", "speaking", "start"]


def current() -> str:
    """Return the language of this request: the visit's, else the one asked for in the address, else the one chosen
    before."""
    return known(getattr(g, "language", None) or request.args.get("lang") or session.get("language"))


class Words(Domain):  # type: ignore[misc]
    """Where Flask-Babel finds words: our own books, asked by our own code of a language, known to CLDR or not."""

    def get_translations(self) -> books.Book:
        """Return the book of the language of this request."""
        return books.book(current() if request else DEFAULT, books.MESSAGES)


class ForForms:
    """The same words for WTForms, which has no Swahili and does not ask before it fails."""

    def ugettext(self, text: str) -> str:
        """Return the words for a text."""
        return books.book(current(), books.MESSAGES).ugettext(text)

    def ungettext(self, text: str, plural: str, n: int) -> str:
        """Return the words for n things."""
        return books.book(current(), books.MESSAGES).ungettext(text, plural, n)


def start(app: Flask) -> None:
    """Let gettext, the forms and the templates know the language of each request."""
    Babel(app, locale_selector=lambda: locale().language)
    with app.app_context():
        get_babel().instance.__dict__["domain_instance"] = Words()
    # Plain strings, so that templates escape a translation like everything else; Flask-Babel's are taken for HTML.
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=False, pgettext=pgettext, npgettext=npgettext)  # type: ignore[attr-defined]
    app.before_request(_remember)
    app.context_processor(_for_templates)
    app.add_template_global(in_language)


KEPT_LONG = ("static", "voice")  # the same for everybody: an address with a language in it must set no cookie
BEFORE = "language_before"  # what this browser spoke before a child came


def _remember() -> None:
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.endpoint not in KEPT_LONG:
        if request.blueprint == "child":
            lend(asked)
        else:
            session["language"] = asked
            session.pop(BEFORE, None)
    request.wtforms_translations = ForForms()  # type: ignore[attr-defined]


def lend(code: str) -> None:
    """Speak a child's language from here on, until `give_back`: which one it was says something about the child."""
    session.setdefault(BEFORE, session.get("language", ""))
    session["language"] = code


def give_back() -> None:
    """Speak again as before the child came; if nobody had chosen, the first page asks as the organisation wishes."""
    before = session.pop(BEFORE, None)
    if before:
        session["language"] = before
    elif before is not None:
        session.pop("language", None)


def locale(code: str | None = None) -> Locale:
    """Return what CLDR knows for writing numbers and dates; for a language it does not know, English."""
    try:
        return Locale.parse(code or current(), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say what follows in another language than the page's: the words from our books, dates as it writes them."""
    before = g.get("language")
    g.language = code
    try:
        with force_locale(str(locale(code))):
            yield
    finally:
        g.language = before


def speaks_dates(code: str) -> bool:
    """Does CLDR know the months of a language? Otherwise dates are written in figures, never in foreign words."""
    return locale(code).language == code.partition("-")[0]


def in_language(code: str) -> str:
    """Return the address of this very page in another language; what was searched for stays."""
    return "?" + urlencode({**request.args, "lang": code})


def _for_templates() -> dict[str, Any]:
    code = current()
    return {
        "language": code, "direction": direction(code), "languages": LANGUAGES, "script": LANGUAGES[code].script,
    }  # fmt: skip
