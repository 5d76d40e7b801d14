"""Every word of a library, each with its context, so that a translation is a library in another language.

One walk serves all: it lists what is to be translated, builds the library of a language, and finds what is missing. The
context (msgctxt) is the thing and the age group: `S3.C01 / 10-12`, `D3.1 LEARN / staff`, `S3 happens / 13-15`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from survey.instrument.nouns import (
    STAFF,
    Act,
    Format,
    Library,
    Missing,
    Option,
    OptionList,
    Practice,
    Question,
    Questionnaire,
    Stage,
    Topic,
)

Speak = Callable[[str, str], str]
"""(context, English) → the words of a language."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to translate. `for_child`: a child reads or hears it."""

    context: str
    text: str
    for_child: bool


def messages(library: Library) -> list[Message]:
    """Every text of a library, once, in the order of the files."""
    found: dict[str, Message] = {}

    def note(context: str, text: str) -> str:
        found.setdefault(context, Message(context, text, is_for_child(context)))
        return text

    translated(library, note)
    return list(found.values())


def is_for_child(context: str) -> bool:
    """Does a child read or hear it? Staff's words end in their own name."""
    return context.rpartition(" / ")[2] not in (STAFF, "name", "ask")


def translated(library: Library, speak: Speak) -> Library:
    """The library in the words of a language; codes, order and rules stay as they are."""
    return replace(
        library,
        topics={key: _topic(one, speak) for key, one in library.topics.items()},
        formats={key: _format(one, speak) for key, one in library.formats.items()},
        lists={key: _list(one, speak) for key, one in library.lists.items()},
        missing={key: _missing(one, speak) for key, one in library.missing.items()},
        stages={key: _stage(one, speak) for key, one in library.stages.items()},
        questionnaires={key: _questionnaire(one, speak) for key, one in library.questionnaires.items()},
        practice=_practice(library.practice, speak) if library.practice else None,
    )


def _each(of: str, texts: Mapping[str, str], speak: Speak) -> dict[str, str]:
    """One thing in the words of each age group."""
    return {group: _said(f"{of} / {group}", text, speak) for group, text in texts.items()}


def _said(context: str, text: str, speak: Speak) -> str:
    return speak(context, text) if text else text


def _question(question: Question, asked_of: str, speak: Speak) -> Question:
    who = "child" if asked_of == "child" else STAFF
    parts = {code: _said(f"{question.id} {code} / {who}", text, speak) for code, text in question.parts.items()}
    na = _said(f"{question.id} does not apply / {who}", question.na, speak)
    return replace(question, text=_each(question.id, question.text, speak), parts=parts, na=na)


def _questionnaire(one: Questionnaire, speak: Speak) -> Questionnaire:
    return replace(
        one,
        title=_each(f"{one.id} title", one.title, speak),
        next={wave: _each(f"{one.id} next {wave}", texts, speak) for wave, texts in one.next.items()},
        questions=tuple(_question(question, one.asked_of, speak) for question in one.questions),
    )


def _options(of: str, options: tuple[Option, ...], speak: Speak) -> tuple[Option, ...]:
    return tuple(replace(one, labels=_each(f"{of} {one.code}", one.labels, speak)) for one in options)


def _topic(topic: Topic, speak: Speak) -> Topic:
    def phrases(texts: Mapping[str, str], what: str) -> dict[str, str]:
        return {code: _said(f"{topic.id} {code} / {what}", text, speak) for code, text in texts.items()}

    return replace(
        topic,
        name=_said(f"{topic.id} / name", topic.name, speak),
        child_name=_said(f"{topic.id} / child", topic.child_name, speak),
        ask=_said(f"{topic.id} / ask", topic.ask, speak),
        na=_said(f"{topic.id} does not apply / child", topic.na, speak),
        options=_options(topic.id, topic.options, speak),
        child_phrase=phrases(topic.child_phrase, "wished"),
        decided=phrases(topic.decided, "decided"),
    )


def _format(one: Format, speak: Speak) -> Format:
    return replace(one, options={group: _options(one.id, options, speak) for group, options in one.options.items()})


def _list(one: OptionList, speak: Speak) -> OptionList:
    return replace(one, name=_said(f"{one.id} / name", one.name, speak), options=_options(one.id, one.options, speak))


def _missing(one: Missing, speak: Speak) -> Missing:
    return replace(one, labels=_each(one.code, one.labels, speak))


def _act(act: Act, stage: str, speak: Speak) -> Act:
    child = _said(f"{stage} {act.id} / child", act.child, speak)
    return replace(act, child=child, staff=_said(f"{stage} {act.id} / staff", act.staff, speak))


def _stage(one: Stage, speak: Speak) -> Stage:
    return replace(
        one,
        title=_each(f"{one.id} title", one.title, speak),
        happens=_each(f"{one.id} happens", one.happens, speak),
        next={wave: _each(f"{one.id} next {wave}", texts, speak) for wave, texts in one.next.items()},
        acts=tuple(_act(act, one.id, speak) for act in one.acts),
    )


def _practice(one: Practice, speak: Speak) -> Practice:
    return replace(one, text=_each("practice", one.text, speak), hint=_each("practice hint", one.hint, speak))
