"""What staff fill in. Nothing is asked that Heard does not need; what was typed stays when something is wrong."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    Form,
    MonthField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

OFF = {"autocomplete": "off", "autocorrect": "off", "spellcheck": "true"}
PRIVATE = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "data-1p-ignore": ""}


def clean(text: str | None) -> str:
    """Return a text as people meant it: composed letters, line feeds, no other control characters."""
    shown = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in shown if c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn")).strip()


def needed(message: Any) -> InputRequired:
    """Return the rule that something must be given, with its own words."""
    return InputRequired(message)


def at_most(most: int) -> Length:
    """Return the rule that a text is not too long."""
    return Length(max=most, message=_l("This is too long: at most %(max)d characters."))


class NotBlank:
    """Blanks alone are not an answer."""

    field_flags = {"required": True}  # noqa: RUF012 - read by WTForms

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse a text without a letter."""
        if not (field.data or "").strip():
            field.errors = []
            raise StopValidation(str(self.message))


class Checkboxes(SelectMultipleField):  # type: ignore[misc]
    """Several can be ticked; boxes rather than a list one must hold a key for."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Day(DateField):  # type: ignore[misc]
    """A date; without a calendar in the browser it is typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, or say how it is written."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Write the date as year-month-day, for example 2026-05-31.")) from error


class Month(MonthField):  # type: ignore[misc]
    """A month; without a calendar in the browser it is typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, or say how it is written."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Write the month as year-month, for example 2013-05.")) from error


class SignIn(FlaskForm):  # type: ignore[misc]
    """The door."""

    login = StringField(
        _l("Sign-in name"), [needed(_l("Write your sign-in name.")), Length(max=200)], filters=[clean],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )  # fmt: skip
    password = PasswordField(
        _l("Password"), [needed(_l("Write your password.")), Length(max=500)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip


class Child(FlaskForm):  # type: ignore[misc]
    """A child who joins my caseload."""

    name = StringField(
        _l("Name"), [NotBlank(_l("Write the child's name.")), at_most(120)], filters=[clean], render_kw=PRIVATE,
        description=_l("Kept apart from everything the child says; only the people who hold the case see it."),
    )  # fmt: skip
    case_number = StringField(
        _l("Case number"), [NotBlank(_l("Write the case number.")), at_most(40)], filters=[clean], render_kw=PRIVATE
    )
    site = SelectField(_l("Village or centre"))
    born_month = Month(
        _l("Month of birth"), [needed(_l("Choose the month of birth."))],
        description=_l("The day is not needed. Heard asks children aged 10 to 17."),
    )  # fmt: skip
    sex = RadioField(_l("Sex"), [Optional()], default="")
    language = SelectField(
        _l("Language"), description=_l("The language the child reads best; it can be changed on the tablet.")
    )
    came_on = Day(_l("Came on"), [needed(_l("Choose the date the child came."))])


class ChildLanguage(FlaskForm):  # type: ignore[misc]
    """The language a child is asked in from now on."""

    language = SelectField(_l("Language"))


class Permission(FlaskForm):  # type: ignore[misc]
    """The adult's yes."""

    given_by = RadioField(_l("Who gave it?"), [needed(_l("Choose who gave the permission."))])
    given_on = Day(_l("Given on"), [needed(_l("Choose the date on the document."))])
    valid_until = Day(_l("Valid until"), [Optional()], description=_l("Leave it empty if it has no end."))


class View(FlaskForm):  # type: ignore[misc]
    """Belief and first view, before the wish is shown."""

    belief = RadioField(_l("What do you think the child wants?"), [needed(_l("Choose one; “Don't know” counts."))])
    first_view = RadioField(_l("What is your own first view?"), [needed(_l("Choose one; it does not bind you."))])


class Decision(FlaskForm):  # type: ignore[misc]
    """What was decided, and how."""

    option = RadioField(_l("What was decided?"), [needed(_l("Choose what was decided."))])
    reasons = Checkboxes(_l("Why does it differ from the child's wish?"))
    weighing = TextAreaField(
        _l("How was the child's wish weighed?"), [Optional(), at_most(2000)], filters=[clean], render_kw=OFF,
        description=_l("One or two sentences for the case file. The child does not see them."),
    )  # fmt: skip
    decided_on = Day(_l("Decided on"), [needed(_l("Choose the date of the decision."))])
    took_part = Checkboxes(_l("Who took part?"), [Optional()])
    child_present = RadioField(_l("Was the child there?"), [needed(_l("Choose yes, partly or no."))])


class Amendment(Decision):
    """A correction says why; what it corrects stays on record."""

    because = StringField(
        _l("Why is the decision corrected?"), [NotBlank(_l("Say why the decision is corrected.")), at_most(500)],
        filters=[clean], render_kw=OFF,
        description=_l("The earlier decision stays on record, with this reason beside it."),
    )  # fmt: skip


class Reply(FlaskForm):  # type: ignore[misc]
    """The answer to the child: four short parts."""

    wished = TextAreaField(
        _l("You wished …"), [Optional(), at_most(300)], filters=[clean], render_kw={"rows": 2, **OFF}
    )
    decided = TextAreaField(
        _l("We decided …"), [NotBlank(_l("Say what was decided.")), at_most(300)], filters=[clean],
        render_kw={"rows": 2, **OFF},
    )  # fmt: skip
    because = TextAreaField(
        _l("Because …"),
        [NotBlank(_l("Say why. A child who is told why can accept more than we expect.")), at_most(600)],
        filters=[clean], render_kw={"rows": 3, **OFF},
    )  # fmt: skip
    next_step = TextAreaField(
        _l("What you can do now …"), [Optional(), at_most(600)], filters=[clean], render_kw={"rows": 3, **OFF}
    )


class Closing(FlaskForm):  # type: ignore[misc]
    """What came of a concern."""

    outcome = RadioField(_l("What came of it?"), [needed(_l("Choose what came of it."))])
    note = TextAreaField(
        _l("Note"), [Optional(), at_most(500)], filters=[clean], render_kw=OFF,
        description=_l("For the next person who reads this. No names."),
    )  # fmt: skip


class Identify(FlaskForm):  # type: ignore[misc]
    """A reason to learn who a child is."""

    reason = StringField(
        _l("Why do you need to know who this is?"),
        [NotBlank(_l("Write the reason; it is kept with your name.")), at_most(200)], filters=[clean], render_kw=OFF,
    )  # fmt: skip


def offered(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return what a field offers, from codes and their words."""
    return [SelectChoice(code, words) for code, words in pairs]


def yes_partly_no() -> list[tuple[str, str]]:
    """Return the three answers to "was the child there?"."""
    return [("yes", _("Yes")), ("partly", _("For a part of it")), ("no", _("No"))]


def given_by() -> list[tuple[str, str]]:
    """Return who can give a permission."""
    return [("guardian", _("Guardian")), ("authority", _("Child protection authority")), ("court", _("Court"))]


def outcomes() -> list[tuple[str, str]]:
    """Return what can come of a concern."""
    return [
        ("spoken_to", _("I spoke with the child")),
        ("referred", _("Passed on to a service that helps")),
        ("no_risk", _("Looked into: no risk")),
        ("duplicate", _("Belongs to another concern")),
    ]


def said(field: Field, error: str) -> None:
    """Put what a verb found wrong next to the field it is about."""
    field.errors = [*field.errors, error]


def label(pairs: Iterable[tuple[str, str]], code: str | None) -> str:
    """Return the words of a code."""
    return dict(pairs).get(code or "", code or "")
