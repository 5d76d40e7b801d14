"""Every word a published document shows, gathered by age group: the part of it that is translated."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from survey.instrument.nouns import AGE_GROUPS, STAFF, Library, Option, Question, Questionnaire, Stage, Topic

Texts = dict[str, Any]


def gather(questionnaire: Questionnaire, library: Library) -> Texts:
    """The English texts of a questionnaire, by age group."""
    return {group: _group(questionnaire, library, group) for group in questionnaire.groups}


def _group(questionnaire: Questionnaire, library: Library, group: str) -> Texts:
    texts: Texts = {
        "title": questionnaire.title[group],
        "questions": {one.id: _question(one, library, group) for one in questionnaire.questions},
        "missing": _missing(questionnaire, library, group),
    }
    texts |= _stage(library.stages.get(questionnaire.stage), group) if questionnaire.stage else {}
    texts |= {"next": _next(questionnaire.next, group)} if questionnaire.next else {}
    texts |= _practice(library, group) if group != STAFF else {}
    texts |= _reply_words(library, group) if questionnaire.phrases else {}
    return texts | _reasons(questionnaire, library, group)


def _question(question: Question, library: Library, group: str) -> Texts:
    text: Texts = {"text": question.text[group]}
    labels = {option.code: option.labels[group] for option in offered(question, library, group)}
    rows = library.lists[question.rows].options if question.rows else ()
    text |= {"options": labels} if labels else {}
    text |= {"rows": {row.code: row.labels[group] for row in rows}} if rows else {}
    text |= {"parts": dict(question.parts)} if question.parts else {}
    own_na = na(question, library)
    return text | ({"missing": {"NA": own_na}} if own_na else {})


def offered(question: Question, library: Library, group: str) -> list[Option]:
    """The options a question offers to an age group, in the order of the file."""
    if topic := library.topics.get(question.topic):
        return [one for one in topic.options if _old_enough(one, library, group)]
    if shared := library.lists.get(question.list):
        return list(shared.options)
    form = library.formats.get(question.format)
    return list(form.options.get(group, ())) if form else []


def everybody(question: Question, library: Library) -> list[Option]:
    """The options a question offers to anybody at all."""
    return [one for group in (*AGE_GROUPS, STAFF) for one in offered(question, library, group)]


def _old_enough(option: Option, library: Library, group: str) -> bool:
    limits = library.age_groups.get(group)
    return limits is None or limits.from_age >= option.from_age


def na(question: Question, library: Library) -> str:
    """The question's own words for "this does not apply", or the topic's."""
    topic = library.topics.get(question.topic)
    return question.na or (topic.na if topic and question.construct == "WISH" else "")


def missing_kind(question: Question, asked_of: str) -> str:
    """Which kind of question it is to the typed non-answers (`to` in formats.toml)."""
    if asked_of not in {"child", STAFF}:
        return "interview"
    if asked_of == STAFF:
        return "belief" if question.construct.startswith("BELIEF") else "" if question.topic else STAFF
    return "wish" if question.topic else "open" if question.format == "OPEN" else "scale"


def missing_codes(question: Question, asked_of: str, library: Library) -> list[str]:
    """The typed non-answers a question offers. A wish may "not apply" only where the topic says so."""
    kind = missing_kind(question, asked_of)
    codes = [one.code for one in library.missing.values() if kind in one.to]
    never = kind == "wish" and not na(question, library)
    return [code for code in codes if not (never and code == "NA")]


def _missing(questionnaire: Questionnaire, library: Library, group: str) -> Texts:
    used = {code for one in questionnaire.questions for code in missing_codes(one, questionnaire.asked_of, library)}
    return {one.code: one.labels[group] for one in library.missing.values() if one.code in used}


def _stage(stage: Stage | None, group: str) -> Texts:
    if stage is None or group not in stage.title:
        return {}
    acts = {act.id: text for act in stage.acts if (text := act.staff if group == STAFF else act.child)}
    texts = {"stage": stage.title[group], "happens": stage.happens[group], "acts": acts}
    return texts | ({"next": _next(stage.next, group)} if group != STAFF else {})


def _next(screens: Mapping[str, Mapping[str, str]], group: str) -> Texts:
    return {wave: texts[group] for wave, texts in screens.items() if group in texts}


def _practice(library: Library, group: str) -> Texts:
    practice = library.practice
    if practice is None:
        return {}
    options = {option.code: option.labels[group] for option in library.formats[practice.format].options[group]}
    return {"practice": {"text": practice.text[group], "hint": practice.hint[group], "options": options}}


def _reply_words(library: Library, group: str) -> Texts:
    return {
        "topics": {topic.id: _topic_words(topic, group) for topic in library.topics.values()},
        "reasons": _labels(library, "reasons", group),
    }


def _topic_words(topic: Topic, group: str) -> Texts:
    labels = {option.code: option.labels[group] for option in topic.options}
    words = {"wished": dict(topic.child_phrase), "decided": dict(topic.decided)}
    return {"name": topic.child_name, "options": labels, **words}


def _reasons(questionnaire: Questionnaire, library: Library, group: str) -> Texts:
    used = sorted({one.reasons for one in questionnaire.questions if one.reasons})
    return {"reasons": _labels(library, used[0], group)} if used else {}


def _labels(library: Library, list_id: str, group: str) -> Texts:
    return {option.code: option.labels[group] for option in library.lists[list_id].options}


def leaves(texts: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every single text with the path to it: (("10-12", "questions", "S3.C01", "text"), "What …")."""
    for key, value in texts.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def grow(found: Iterable[tuple[tuple[str, ...], str]]) -> Texts:
    """The opposite of `leaves`: paths and texts → the nested texts."""
    texts: Texts = {}
    for path, text in found:
        branch = texts
        for key in path[:-1]:
            branch = branch.setdefault(key, {})
        branch[path[-1]] = text
    return texts
