"""A questionnaire and its translations → one immutable document, the same for every screen."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from survey.instrument import check, expression, texts
from survey.instrument.nouns import STAFF, Library, Option, Question, Questionnaire, Topic
from survey.instrument.problem import Problem, errors

Document = dict[str, Any]
FORMAT = 1
SOURCE_LANGUAGE = "en"


class CannotPublish(ValueError):
    """The questionnaire has problems; `problems` names them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems[:5]))
        self.problems = list(problems)


class AlreadyPublished(ValueError):
    """This version was published before, with other content."""


def compile(questionnaire: Questionnaire, library: Library, translations: Mapping[str, Library]) -> Document:
    """The document of a questionnaire in all its languages: `translations` holds the library in the words of each (see
    `wording.translated`; an empty text is one that is not translated). Raises CannotPublish."""
    if problems := errors(check.questionnaire(questionnaire, library)):
        raise CannotPublish(problems)
    english = texts.gather(questionnaire, library)
    return {
        "format": FORMAT,
        "id": questionnaire.id,
        "version": questionnaire.version,
        "stage": questionnaire.stage or None,
        "asked_of": questionnaire.asked_of,
        "languages": [SOURCE_LANGUAGE, *sorted(translations)],
        "questions": [_question(one, questionnaire, library) for one in questionnaire.questions],
        "practice": _practice(questionnaire, library),
        "acts": _acts(questionnaire, library),
        "texts": {SOURCE_LANGUAGE: english, **_translated(questionnaire, english, translations)},
    }


def _question(question: Question, questionnaire: Questionnaire, library: Library) -> Document:
    form = library.formats.get(question.format)
    offered = {group: texts.offered(question, library, group) for group in questionnaire.groups}
    topic = library.topics.get(question.topic)
    return {
        "id": question.id,
        "construct": question.construct,
        "topic": question.topic or None,
        "pair": question.pair or None,
        "format": question.format or None,
        "kind": check.kind(question, library),
        "scale": topic.scale if topic else form.scale if form else "nominal" if question.list else None,
        "wave": question.wave or None,
        "seen_by": question.seen_by or None,
        "recall": question.recall or None,
        "options": {group: [one.code for one in options] for group, options in offered.items() if options},
        "stay_last": _stay_last(offered),
        **_pictures(topic, questionnaire),
        "missing": texts.missing_codes(question, questionnaire.asked_of, library),
        "concern": dict(question.concern),
        "relevant": expression.parse(question.relevant) if question.relevant else None,
        "max_chars": form.max_chars if form else None,
        "parts": list(question.parts),
        "reasons": _codes(library, question.reasons),
        "rows": _codes(library, question.rows),
        "unique": bool(form and form.unique),
        "min": question.min,
        "max": question.max,
    }


def _stay_last(offered: Mapping[str, Sequence[Option]]) -> list[str]:
    return sorted({one.code for options in offered.values() for one in options if one.last})


def _pictures(topic: Topic | None, questionnaire: Questionnaire) -> Document:
    """What stands beside the words, on a child's screen only; a document without pictures stays as it was."""
    found = {one.code: one.picture for one in topic.options if one.picture} if topic else {}
    return {"pictures": found} if found and questionnaire.asked_of == "child" else {}


def _codes(library: Library, list_id: str) -> list[str]:
    return [option.code for option in library.lists[list_id].options] if list_id else []


def _practice(questionnaire: Questionnaire, library: Library) -> Document | None:
    if questionnaire.asked_of != "child" or library.practice is None:
        return None
    form = library.formats[library.practice.format]
    codes = {group: [one.code for one in form.options[group]] for group in questionnaire.groups}
    return {"id": "practice", "kind": "one", "scale": form.scale, "options": codes}


def _acts(questionnaire: Questionnaire, library: Library) -> list[Document]:
    stage = library.stages.get(questionnaire.stage)
    return [{"id": act.id, "element": act.element} for act in stage.acts] if stage else []


# ---- languages ---------------------------------------------------------------------------------------------


def _translated(questionnaire: Questionnaire, english: Document, translations: Mapping[str, Library]) -> Document:
    return {
        language: _one_language(questionnaire, english, language, translations[language])
        for language in sorted(translations)
    }


def _one_language(questionnaire: Questionnaire, english: Document, language: str, library: Library) -> Document:
    """A child's screen is all in one language or is not offered in it; staff fall back to English."""
    known = dict(texts.leaves(texts.gather(library.questionnaires[questionnaire.id], library)))
    wanted = dict(texts.leaves(english))
    lost = [path for path in wanted if path[0] != STAFF and not known.get(path, "").strip()]
    if lost:
        raise CannotPublish([_lost(questionnaire, language, path) for path in lost])
    return texts.grow((path, known.get(path) or text) for path, text in wanted.items())


def _lost(questionnaire: Questionnaire, language: str, path: tuple[str, ...]) -> Problem:
    what = f"the text {' / '.join(path)} is missing in language '{language}'"
    question = path[2] if path[1] == "questions" else ""
    return Problem(
        questionnaire.place.file, 0, "E314", question, what, "Translate it, or publish without this language."
    )


# ---- the document as bytes ---------------------------------------------------------------------------------


def canonical(document: Document) -> bytes:
    """The one way to write a document down: sorted keys, no blanks, UTF-8."""
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return plain.encode("utf-8")


def digest(document: Document) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def source(document: Document) -> Document:
    """A document without its translations: what a version number stands for. Translations come in editions."""
    return {
        key: {SOURCE_LANGUAGE: value[SOURCE_LANGUAGE]} if key == "texts" else value
        for key, value in document.items()
        if key not in ("languages", "translated")
    }


def refuse_change(document: Document, published: str | None) -> None:
    """Raise AlreadyPublished when this id and version were published with another digest."""
    if published is not None and published != digest(document):
        name, version = document["id"], document["version"]
        raise AlreadyPublished(f"{name} version {version} was published before. Raise version to {version + 1}.")
