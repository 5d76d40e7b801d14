"""Our own table of languages: code, own name, direction. A language needs to be known to nobody but us."""

from dataclasses import dataclass

from babel import UnknownLocaleError
from babel.core import Locale
from flask import Flask, g, request, session
from flask_babel import Babel

DEFAULT = "en"


@dataclass(frozen=True)
class Language:
    """A language as its speakers write its name."""

    code: str
    own_name: str
    direction: str = "ltr"


LANGUAGES = {
    language.code: language
    for language in (
        Language("en", "English"),
        Language("ru", "Русский"),
        Language("sw", "Kiswahili"),
        Language("ar", "العربية", "rtl"),
        Language("fr", "Français"),
        Language("es", "Español"),
        Language("uk", "Українська"),
    )
}


def known(code: str | None) -> str:
    """Return `code` if it is on our table, else the default. Nothing of the input is ever parsed."""
    return code if code in LANGUAGES else DEFAULT


def direction(code: str) -> str:
    """Return `ltr` or `rtl`."""
    return LANGUAGES[known(code)].direction


def current() -> str:
    """Return the language of this request: the visit's, else the one asked for in the address, else the one chosen
    before."""
    return known(getattr(g, "language", None) or request.args.get("lang") or session.get("language"))


def start(app: Flask) -> None:
    """Let gettext and the templates know the language of each request."""
    Babel(app, locale_selector=_locale)
    app.context_processor(_for_templates)


def _locale() -> str:
    code = current()
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return DEFAULT
    return code


def _for_templates() -> dict[str, object]:
    code = current()
    return {"language": code, "direction": direction(code), "languages": LANGUAGES}
