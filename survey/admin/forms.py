"""The forms of this room. Every field says in its description why it is asked."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    ValidationError,
)
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional, Regexp

from .. import ledger
from ..enrol import PASSWORD_LENGTH
from ..language import LANGUAGES
from ..models import REVIEW_STATES
from .fields import LTR, PHONE, Checkboxes, choices, clean, countries, line, timezones

SITE_CODE = Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9_-]{1,11}$", message=_l("Use 2 to 12 letters or digits without blanks, for example PSKOV.")
)
LOGIN = Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{2,59}$",
    message=_l("Use 3 to 60 letters or digits without blanks, for example olga.b."),
)
DAYS = NumberRange(1, 90, _l("Choose a number of days from 1 to 90."))
WORKS_AT_A_SITE = ("coordinator", "psychologist", "safeguarding_lead")

ROLE_NAMES = {
    "coordinator": _l("Coordinator"),
    "psychologist": _l("Psychologist"),
    "safeguarding_lead": _l("Safeguarding lead"),
    "researcher": _l("Researcher"),
    "admin": _l("Administrator"),
}
ROLE_TASKS = {
    "coordinator": _l("holds cases, prints cards, decides and answers children"),
    "psychologist": _l("works on the same cases as the coordinator"),
    "safeguarding_lead": _l("reads what a child says in confidence, and calls for help, on the same day"),
    "researcher": _l("reads the report and takes exports without names"),
    "admin": _l("sets up places, people and questionnaires; never sees a child"),
}


# The roles children see in their own language, in the words staff see. Everything else is kept as it is written.
SAFE_ROLE_NAMES = {
    "here": _l("Safe adult here"),
    "outside": _l("Safe adult from outside"),
    "nurse": _l("Nurse"),
    "teacher": _l("Teacher"),
    "psychologist": _l("Psychologist"),
}


class DaysField(IntegerField):  # type: ignore[misc]
    """A number of days."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or say in plain words what is needed."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_l("Write a whole number of days, for example 14.")) from error


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """The organisation and its rules."""

    name = line(
        _l("Name of your organisation"),
        _l("Write the name of your organisation."),
        description=_l("Children and staff read it at the top of their pages."),
    )
    permission_required = BooleanField(
        _l("A guardian or an authority must say yes before a child is invited"),
        description=_l(
            "Keep this on unless your law lets children of this age decide alone. The child's own yes is always asked."
        ),
    )
    answer_within_days = DaysField(
        _l("Days to answer a child after a decision"),
        validators=[InputRequired(_l("Write a number of days.")), DAYS],
        description=_l("Each decision owes the child an answer, and staff see what is due. 14 days is a good start."),
    )
    card_valid_days = DaysField(
        _l("Days a printed card works"),
        validators=[InputRequired(_l("Write a number of days.")), DAYS],
        description=_l("A lost card stops working by itself. 30 days leaves time for holidays and illness."),
    )


class SiteForm(FlaskForm):  # type: ignore[misc]
    """A village or centre."""

    name = line(
        _l("Name of the village or centre"),
        _l("Write the name of the village or centre."),
        description=_l("As children call it."),
    )
    code = line(
        _l("Short code"),
        _l("Write a short code."),
        12,
        SITE_CODE,
        render_kw=LTR,
        description=_l(
            "Stands in tables and reports in place of the name, for example PSKOV. It cannot be changed later."
        ),
    )
    country = SelectField(
        _l("Country"),
        validators=[InputRequired(_l("Choose a country."))],
        description=_l("Reports compare countries only when each has enough children."),
    )
    timezone = SelectField(
        _l("Time zone"),
        validators=[InputRequired(_l("Choose a time zone."))],
        description=_l("So that “today” on a card is the children's today."),
    )
    language = SelectField(
        _l("Language the tablet shows first"), description=_l("A child can always choose another one.")
    )
    helpline_name = line(
        _l("Name of a helpline"),
        description=_l("Somebody outside whom a child can call. It can wait, but no card is printed without it."),
    )
    helpline_number = line(
        _l("Number of the helpline"),
        "",
        40,
        PHONE,
        render_kw=LTR,
        description=_l("Free of charge if there is one. Call it once yourself before you save."),
    )

    def offer(self) -> "SiteForm":
        """Fill the lists; return the form."""
        self.country.choices = choices([("", _l("Choose …")), *countries()])
        self.timezone.choices = [SelectChoice("", _l("Choose …"), optgroup=_l("Not chosen yet")), *timezones()]
        self.language.choices = choices((code, language.own_name) for code, language in LANGUAGES.items())
        for field in (self.helpline_name, self.helpline_number):
            field.flags.optional = False  # it can wait, but no card is printed without it
        return self

    def validate_helpline_name(self, field: Field) -> None:
        """A name and a number belong together."""
        if bool(field.data) != bool(self.helpline_number.data):
            raise ValidationError(_l("Write both the name and the number of the helpline, or neither for now."))


class SafeAdultForm(FlaskForm):  # type: ignore[misc]
    """Somebody a child can talk to."""

    name = line(_l("Name"), _l("Write the name of the safe adult."), description=_l("As children know this person."))
    role = line(
        _l("Who this person is"),
        _l("Write who this person is, in words a child knows."),
        render_kw={"list": "roles"},
        description=_l(
            "Choose from the list, so that each child reads it in the own language; or write your own words."
        ),
    )
    phone = line(
        _l("Telephone"),
        "",
        40,
        PHONE,
        render_kw=LTR,
        description=_l("Shown to children on the help page. Leave it empty if children just go and talk."),
    )
    from_outside = BooleanField(
        _l("This person does not work at this village or centre"),
        description=_l("A child who is afraid of somebody here needs one adult from outside."),
    )
    taken: frozenset[str] = frozenset()

    @property
    def kept_role(self) -> str:
        """The role as it is kept: the code where it is one of the list, else the words."""
        words: str = self.role.data
        known = {str(name).casefold(): code for code, name in SAFE_ROLE_NAMES.items()}
        return known.get(words.casefold(), words)

    def validate_name(self, field: Field) -> None:
        """Each name once."""
        if clean(field.data).casefold() in self.taken:
            raise ValidationError(_l("This person is on the list already."))


class StaffForm(FlaskForm):  # type: ignore[misc]
    """Somebody who signs in: what can be changed later."""

    name = line(
        _l("Name"),
        _l("Write the person's name."),
        description=_l("Colleagues see it. Children see it only on an answer written to them."),
    )
    sites = Checkboxes(_l("Works at"), description=_l("Only cases and concerns of these places can be opened."))
    from_outside = BooleanField(
        _l("This person does not work for the places ticked above"),
        description=_l(
            "Tick it for a safeguarding lead from the head office or another organisation. Each place needs one."
        ),
    )
    role_of = ""

    def validate_sites(self, field: Field) -> None:
        """People who hold cases or read concerns do so somewhere."""
        if self.role_of in WORKS_AT_A_SITE and not field.data:
            raise ValidationError(_l("Tick at least one place. Without it this person would see nothing."))


class NewStaffForm(StaffForm):
    """Somebody new: also the sign-in name, the role and, if you like, a first password."""

    login = line(
        _l("Sign-in name"),
        _l("Write a sign-in name."),
        60,
        LOGIN,
        render_kw=LTR,
        description=_l("Small letters, for example olga.b. It cannot be changed later."),
    )
    role = RadioField(
        _l("Role"),
        validators=[InputRequired(_l("Choose a role."))],
        description=_l("One person has one role: who reads what follows from it."),
    )
    password = PasswordField(
        _l("First password"),
        validators=[Optional()],
        description=_l("Leave it empty and Heard makes up a pass phrase, which is shown once."),
    )

    def offer(self, sites: list[tuple[str, str]]) -> "NewStaffForm":
        """Fill the lists; return the form."""
        self.sites.choices = choices(sites)
        self.role.choices = choices(ROLE_NAMES.items())
        self.role_of = self.role.data or ""
        return self

    def validate_password(self, field: Field) -> None:
        """Long enough, and not the name itself."""
        login = clean(self.login.data).lower()
        if field.data and (len(field.data) < PASSWORD_LENGTH or (login and login in field.data.lower())):
            raise ValidationError(_l("Use at least twelve characters, without the sign-in name in it."))


class ClipForm(FlaskForm):  # type: ignore[misc]
    """One sentence, read aloud."""

    sound = FileField(
        _l("Sound file"),
        validators=[FileRequired(_l("Record the sentence, or choose a sound file."))],
        render_kw={"accept": "audio/*,.wav,.flac,.ogg,.mp3"},
        description=_l("If you recorded elsewhere: WAV, FLAC, OGG or MP3 with this one sentence, at most 60 seconds."),
    )


class ReviewForm(FlaskForm):  # type: ignore[misc]
    """What is said about the sentences that are ticked."""

    reviewer = line(
        _l("Who read it?"),
        _l("Write the name of the native speaker."),
        description=_l("The native speaker who read these sentences. It need not be you."),
    )
    note = line(
        _l("Note"),
        "",
        1000,
        description=_l("What to change, or the words translated back into English."),
    )
    children = IntegerField(_l("How many children tried it?"), validators=[Optional()])
    place = line(_l("Where?"), description=_l("At least 5 children, in a place you trust, in this language."))
    tried_on = DateField(_l("When?"), validators=[Optional()])
    state = HiddenField(validators=[AnyOf(REVIEW_STATES, _l("Press one of the buttons."))])

    def trial(self) -> ledger.Trial | None:
        """Return what is known about the children who tried it; None if something is missing."""
        if self.children.data is None or not self.place.data or self.tried_on.data is None:
            return None
        return ledger.Trial(self.children.data, self.place.data, self.tried_on.data)


class FileForm(FlaskForm):  # type: ignore[misc]
    """A corrected file of translations."""

    book = RadioField(_l("Which file is it?"), validators=[InputRequired(_l("Choose which file it is."))])
    words = FileField(
        _l("PO file"),
        validators=[FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".po,text/x-gettext-translation"},
        description=_l("It is checked first. Nothing changes before you have seen what it would change."),
    )

    def offer(self) -> "FileForm":
        """Fill the list; return the form."""
        names = {
            "messages": _l("Pages and buttons (messages.po)"),
            "questionnaires": _l("Questions (questionnaires.po)"),
            "report": _l("The report for researchers (report.po)"),
        }
        self.book.choices = choices(names.items())
        return self


class Press(FlaskForm):  # type: ignore[misc]
    """A button and nothing else: it carries only the token that keeps other pages from pressing it."""
