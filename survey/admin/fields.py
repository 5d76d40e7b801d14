"""What the forms of this room share: clean text, lists of countries and time zones, and errors said near the field."""

import unicodedata
import zoneinfo
from collections.abc import Iterable
from functools import cache

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

NOT_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # groups and tests among the two-letter codes
LTR = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}  # numbers and codes read the same way everywhere
PHONE = Regexp(
    r"^[0-9+()/ .\-]{2,40}$", message=_l("Write a telephone number with digits, for example +7 8112 55 00 11.")
)


def clean(text: str | None) -> str:
    """Return a text as people meant it: one form of each letter, single blanks, no invisible characters."""
    shown = unicodedata.normalize("NFC", text or "")
    return " ".join("".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in shown).split())


def line(label: str, required: str = "", longest: int = 120, *more: object, **options: object) -> StringField:
    """Return a one-line field; `required` is what is said when it is empty."""
    need = DataRequired(required) if required else Optional()
    length = Length(max=longest, message=_l("This is too long: at most %(max)d characters."))
    return StringField(label, validators=[need, length, *more], filters=[clean], **options)


class Checkboxes(SelectMultipleField):  # type: ignore[misc]
    """Several can be ticked; boxes rather than a list one must hold a key for."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def countries() -> list[tuple[str, str]]:
    """Return (code, name) of every country, by name in the page's language."""
    return _countries(str(get_locale() or "en"))


def said(field: Field, error: str) -> None:
    """Add what a verb found wrong to the field it is about."""
    field.errors = [*field.errors, error]


@cache
def _countries(locale: str) -> list[tuple[str, str]]:
    names = {str(code): str(name) for code, name in Locale.parse(locale).territories.items()}
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return sorted((pair for pair in found if pair[0] not in NOT_COUNTRIES), key=lambda pair: pair[1])


@cache
def timezones() -> tuple[SelectChoice, ...]:
    """Return the time zones as people find them: cities under their part of the world."""
    found = [SelectChoice("UTC", "UTC", optgroup="UTC")]
    for name in sorted(zoneinfo.available_timezones()):
        area, slash, city = name.partition("/")
        if slash and area in AREAS:
            found.append(SelectChoice(name, city.replace("_", " "), optgroup=area))
    return tuple(found)


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return (code, name) pairs as a field takes them."""
    return [SelectChoice(code, name) for code, name in pairs]


AREAS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
