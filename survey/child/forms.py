"""A published questionnaire becomes one WTForms class: nothing is required, nothing from outside it is accepted."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from .. import receive
from ..instrument import order
from . import visits
from .words import _

UNSAID = "~"  # stands before the code of a typed non-answer, so that it is never mistaken for an option
SHARE, MISSING = ".share", ".missing"
Question = Mapping[str, Any]


class OneAnswer(Field):  # type: ignore[misc]
    """One choice or none. Two values, or one that is not on the list, are refused by name."""

    def __init__(self, allowed: Iterable[str], **kwargs: Any) -> None:
        """Remember what the page offers."""
        super().__init__(**kwargs)
        self.allowed = tuple(allowed)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the one value; none is an answer too."""
        if len(valuelist) > 1:
            raise ValueError(_("There were two answers here. Please choose one."))
        self.data = valuelist[0] if valuelist and valuelist[0] else None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 -- WTForms' own signature
        """Refuse what the page did not offer."""
        if self.data is not None and self.data not in self.allowed:
            self.data = None
            raise ValidationError(_("Please choose one of the answers here."))


class OwnWords(TextAreaField):  # type: ignore[misc]
    """A child's sentence, kept as it was written; only line ends and the form of accents are put in order."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text; two texts are refused, the first is kept on the page."""
        text = valuelist[0] if valuelist else ""
        self.data = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        if len(valuelist) > 1:
            raise ValueError(_("There were two texts here. Please write one."))

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 -- WTForms' own signature
        """Say what cannot be kept; never cut it."""
        text = self.data or ""
        if not receive.is_clean(text):
            self.data = "".join(sign for sign in text if receive.is_clean(sign))
            raise ValidationError(_("There was a sign we cannot keep. We took it out. Please look, and send it again."))
        if len(text) > receive.MOST_CHARACTERS:
            raise ValidationError(_("This is too long to keep. Please make it shorter."))


class Answers(FlaskForm):  # type: ignore[misc]
    """What every sitting has: the envelope this page was made for. The questions come from the document."""

    envelope = HiddenField()


def of(document: Mapping[str, Any], wave: str, age_group: str) -> type[Answers]:
    """Return the form for one sitting: exactly the questions, options and non-answers of the document."""
    fields: dict[str, Any] = {}
    for question in order.sitting(document, wave, age_group):
        fields.update(_fields(question, age_group))
    return type("Sitting", (Answers,), fields)


def _fields(question: Question, age_group: str) -> dict[str, Any]:
    name, unsaid = question["id"], [UNSAID + code for code in question["missing"]]
    if question["kind"] == "text":
        return {name: OwnWords(), name + MISSING: OneAnswer(unsaid)}
    fields = {name: OneAnswer([*question["options"][age_group], *unsaid])}
    if question["seen_by"] == "team":
        fields[name + SHARE] = OneAnswer(["yes", "no"])
    return fields


def as_it_is(form: Answers) -> None:
    """Keep what is on the lists and what can be kept of own words; complain of nothing, for nothing is sent yet."""
    form.validate()
    for field in form:
        field.errors = ()


def given(form: Answers, question: Question) -> str:
    """Return the option, the words or the non-answer that was given to a question; empty if it was left alone."""
    own = form[question["id"]].data or ""
    if question["kind"] != "text" or has_words(own):
        return str(own)
    return form[question["id"] + MISSING].data or ""


def answers(form: Answers, questions: Sequence[Question], *, finished: bool) -> dict[str, dict[str, Any]]:
    """Return the answers of an envelope. Empty means skipped in a finished visit, not reached in a stopped one."""
    said = {question["id"]: _said(form, question) for question in questions}
    empty = {"missing": "SK" if finished else "NR"}
    return {name: answer or dict(empty) for name, answer in said.items()}


def _said(form: Answers, question: Question) -> dict[str, Any] | None:
    value = form[question["id"]].data
    if question["kind"] == "text":
        if has_words(value):
            return {"text": value}
        value = form[question["id"] + MISSING].data
    if not value:
        return None
    if value.startswith(UNSAID):
        answer: dict[str, Any] = {"missing": value.removeprefix(UNSAID)}
    else:
        answer = {"code": value}
    if _shared(form, question) and answer.get("missing") != "SK":
        answer["shared"] = True
    return answer


def _shared(form: Answers, question: Question) -> bool:
    return question["id"] + SHARE in form and form[question["id"] + SHARE].data == "yes"


def has_words(text: str | None) -> bool:
    """Is there anything to see in this text? Blanks and invisible signs are not words."""
    return any(unicodedata.category(sign)[0] not in "ZC" for sign in text or "")


RIGHT = {"stop": "yes", "who": "mine"}  # what is right of the two taps below


class Understanding(FlaskForm):  # type: ignore[misc]
    """Two taps that check that the first page was understood."""

    stop = OneAnswer(["yes", "no"])
    who = OneAnswer(["mine", "everyone"])

    def misunderstood(self) -> list[str]:
        """Return the questions that were answered wrongly."""
        return [name for name, value in RIGHT.items() if self[name].data not in (None, value)]

    def skipped(self) -> list[str]:
        """Return the questions that were not answered."""
        return [name for name in RIGHT if self[name].data is None]


class Assent(FlaskForm):  # type: ignore[misc]
    """Yes, no or later; who is there, and the picture that brings the child back to a hidden screen."""

    helper = OneAnswer(receive.HELPERS)
    held_by = OneAnswer(receive.HOLDERS)
    watched = OneAnswer(receive.WATCHED)
    picture = OneAnswer(visits.PICTURES)
    answer = OneAnswer(["yes", "no", "later"])


class Card(FlaskForm):  # type: ignore[misc]
    """The code on a card, and the language in which the page was read."""

    code = StringField()
    lang = HiddenField()


ONCE_MORE = lazy_gettext("Please press the button once more. Everything you said is still here.")


def token_failed(form: FlaskForm) -> bool:
    """Did only the page's token fail (an old page), so that one more press will do?"""
    return "csrf_token" in form.errors
