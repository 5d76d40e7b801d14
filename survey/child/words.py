"""What a child is told before the first question: three wordings, within 120, 160 and 200 words (rule R20)."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext

_: Callable[..., str] = gettext


@dataclass(frozen=True)
class Note:
    """One thing to know, with its picture. Each sentence stands alone: one without a name has its recording."""

    picture: str
    title: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(self.sentences)


@dataclass(frozen=True)
class Check:
    """One tap that shows whether it was understood, and what to say if it was not."""

    name: str
    question: str
    options: tuple[tuple[str, str], ...]
    explanation: str


def notes(age_group: str, wave: str, adult: str, organisation: str) -> list[Note]:
    """Return what happens, who reads it, and what cannot be kept secret."""
    happens = {"10-12": _happens_10, "13-15": _happens_13, "16-17": _happens_16}[age_group](wave, organisation)
    who = _who_10(wave, adult) if age_group == "10-12" else _who_13(wave, adult)
    return [
        Note("stones", _("What happens"), happens),
        Note("eye", _("Who reads it"), who),
        Note("lantern", _("What we cannot keep secret"), _secret(age_group, adult)),
    ]


def _happens_10(wave: str, _organisation: str) -> tuple[str, ...]:
    return (
        _("You tell us what you want, before adults choose.")
        if wave == "before"
        else _("You tell us how adults made choices with you."),
        _("It takes about eight minutes."),
        _("You can skip any question. You can stop at any time. Nothing bad happens if you stop."),
    )


def _happens_13(wave: str, organisation: str) -> tuple[str, ...]:
    return (
        _("%(organisation)s asks what you want, before adults decide.", organisation=organisation)
        if wave == "before"
        else _("%(organisation)s asks how adults decided things with you.", organisation=organisation),
        _("It takes about ten minutes."),
        _("You can skip any question and stop at any time. Nothing bad happens if you do."),
        _("Until the end you can delete everything you said."),
    )


def _happens_16(wave: str, organisation: str) -> tuple[str, ...]:
    return (
        _("%(organisation)s asks what you want before a decision about you is made.", organisation=organisation)
        if wave == "before"
        else _("%(organisation)s asks how a decision about you was made.", organisation=organisation),
        _("It takes about fifteen minutes."),
        _("You can skip any question and stop at any time. It changes nothing about the help you get."),
        _("Until the end you can delete everything you said."),
    )


def _who_10(wave: str, adult: str) -> tuple[str, ...]:
    return (
        _("We ask you before we show a wish to your coordinator.")
        if wave == "before"
        else _("Your coordinator does not see what you say."),
        _("%(adult)s reads what you write and your answer about feeling safe.", adult=adult),
        _("All other answers are mixed with what other children say."),
        _("Your name stays off."),
        _("If %(adult)s must help you, they can find out your name.", adult=adult),
    )


def _who_13(wave: str, adult: str) -> tuple[str, ...]:
    return (
        _("Your coordinator and psychologist see a wish only if you say so, one by one.")
        if wave == "before"
        else _("Your coordinator and psychologist do not see your answers."),
        _("What you write, and whether you feel safe, goes to %(adult)s without your name.", adult=adult),
        _("If %(adult)s must help you, they can find out your name.", adult=adult),
        _("Everything else is counted together with the answers of others, without your name."),
    )


def _secret(age_group: str, adult: str) -> tuple[str, ...]:
    return (
        _("If you or another child is in danger, %(adult)s must help.", adult=adult)
        if age_group == "10-12"
        else _("If you or another child may be in danger, %(adult)s has to act to protect you.", adult=adult),
        _("We try to talk to you first."),
    )


def checks(wave: str) -> list[Check]:
    """Return the two questions about what was just read."""
    return [_check_stop(), _check_who() if wave == "before" else _check_who_after()]


def _check_stop() -> Check:
    return Check(
        "stop",
        _("Can you stop?"),
        (("yes", _("Yes, at any time")), ("no", _("No, I must go on to the end"))),
        _("You can stop at any time. Press Stop at the top. Nothing bad happens."),
    )


def _check_who() -> Check:
    return Check(
        "who",
        _("Who sees your wishes?"),
        (("everyone", _("All adults here")), ("mine", _("My coordinator, if I say so"))),
        _("You choose for each wish. Your coordinator sees it only if you say yes."),
    )


def _check_who_after() -> Check:
    return Check(
        "who",
        _("Does your coordinator see these answers?"),
        (("everyone", _("Yes, all of them")), ("mine", _("No"))),
        _("No. Your coordinator does not see what you say here."),
    )


def helpers() -> list[tuple[str, str]]:
    """Return who may sit beside the child."""
    return [
        ("alone", _("Nobody")),
        ("carer", _("A carer")),
        ("staff", _("Someone who works here")),
        ("other", _("Someone else")),
    ]


@dataclass(frozen=True)
class Presence:
    """One tap about who is there; `advice` stands above the question for everybody, whatever is tapped."""

    name: str
    question: str
    options: list[tuple[str, str]]
    advice: str = ""


PRESENT = ("helper", "held_by", "watched", "picture")  # what the page before the questions asks beside yes or no


def present() -> list[Presence]:
    """Return the three taps about who is there."""
    return [
        Presence("helper", _("Who is sitting with you now?"), helpers()),
        Presence("held_by", _("Who holds the tablet?"), [("child", _("Me")), ("other", _("Someone else"))]),
        Presence(
            "watched",
            _("Can somebody else see the screen?"),
            [("yes", _("Yes")), ("no", _("No"))],
            _("You can turn the tablet so that only you see it."),
        ),
    ]


def sign(seen_by: str, adult: str) -> str:
    """Return who will see the answer to a question, in a few words."""
    if seen_by == "team":
        return _("Only shown if you say so")
    if seen_by == "safeguarding":
        return _("Goes to %(adult)s", adult=adult)
    return _("Nobody sees your name")
