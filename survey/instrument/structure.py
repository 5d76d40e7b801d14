"""Is a questionnaire sound? Ids, options, texts, pairs, concerns. The age rules come after this."""

import re
from collections.abc import Callable, Iterator

from survey.instrument import conditions, expression, texts
from survey.instrument.notes import Notes
from survey.instrument.nouns import SEEN_BY, STAFF, WAVES, Library, Question, Questionnaire
from survey.instrument.problem import Problem, shown
from survey.instrument.shared import KINDS

MOST_QUESTIONS = 100
ASKED_OF = ("child", STAFF, "coordinator", "psychologist")
CONCERNS = ("red", "amber", "read")
ID = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*|\.[0-9]+[a-z]?)*")
RESERVED = {
    *expression.CONTEXT,
    "id",
    "practice",
    "con",
    "constructor",
    "prototype",
    "__proto__",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "csrf_token",
}


def kind(question: Question, library: Library) -> str:
    """one, many, text, number or rating: from where its options come."""
    form = library.formats.get(question.format)
    if question.kind or question.topic:
        return question.kind or "one"
    return "many" if question.list else form.kind if form else ""


# ---- a questionnaire ---------------------------------------------------------------------------------------


def of_questionnaire(questionnaire: Questionnaire, library: Library) -> Iterator[Problem]:
    """Every problem of structure in one questionnaire."""
    yield from _head(questionnaire, library)
    for question in questionnaire.questions:
        yield from _question(question, questionnaire, library)


def _question(question: Question, questionnaire: Questionnaire, library: Library) -> list[Problem]:
    """What builds on the options is looked at only when the options are sound."""
    notes = Notes(question.place, question.id)
    for look in FIRST:
        look(question, questionnaire, library, notes)
    before = len(notes.problems)
    _choices(question, questionnaire, library, notes)
    for look in THEN if len(notes.problems) == before else ():
        look(question, questionnaire, library, notes)
    return notes.problems


def _head(questionnaire: Questionnaire, library: Library) -> list[Problem]:
    notes = Notes(questionnaire.place)
    notes.choice("asked_of", questionnaire.asked_of, ASKED_OF)
    notes.choice("stage", questionnaire.stage, library.stages)
    if questionnaire.version < 1:
        notes.wrong("E313", "version", "the version is not a number from 1 up", "Write version = 1.")
    if len(questionnaire.questions) > MOST_QUESTIONS:
        notes.wrong("E320", "", f"more than {MOST_QUESTIONS} questions", "Split the questionnaire.")
    if questionnaire.phrases and "reasons" not in library.lists:
        notes.wrong("E332", "phrases", "there is no list 'reasons' to take the words from", "Put it into lists.toml.")
    notes.for_every_group("title", questionnaire.title, questionnaire.groups)
    for wave, screens in questionnaire.next.items():
        notes.choice(f"next.{wave}", wave, WAVES)
        notes.for_every_group(f"next.{wave}", screens, questionnaire.groups)
    return notes.problems


# ---- a question --------------------------------------------------------------------------------------------


def _id(question: Question, questionnaire: Questionnaire, library: Library, notes: Notes) -> None:
    if question.id in RESERVED or (question.id and not ID.fullmatch(question.id)):
        notes.wrong("E312", "id", "this id cannot be used", "Write it like S3.C05.")
    others = [each for each in library.questionnaires.values() if each.id != questionnaire.id]
    same = [one for each in (questionnaire, *others) for one in each.questions if one.id == question.id]
    first = min((one.place for one in same), key=lambda place: (place.file, place.line()))
    if question.id and first != question.place:
        what = f"the id is already in {first.file}:{first.line('id')}"
        notes.wrong("E312", "id", what, "Rename or remove one.")


def _choices(question: Question, questionnaire: Questionnaire, library: Library, notes: Notes) -> None:
    sources = [key for key in ("topic", "format", "list") if getattr(question, key)]
    if len(sources) != 1 and not (question.kind == "number" and not sources):
        what = "the options come from " + (" and ".join(sources) or "nowhere")
        notes.wrong("E331", sources[-1] if sources else "", what, "Give one of: topic, format, list.")
        return
    for key, shelf in (("topic", library.topics), ("format", library.formats)):
        notes.choice(key, getattr(question, key), shelf, "E332")
    for key in ("list", "rows", "reasons"):
        notes.choice(key, getattr(question, key), library.lists, "E332")
    notes.choice("kind", kind(question, library), KINDS)
    _options_for_every_group(question, questionnaire, library, notes)


def _options_for_every_group(question: Question, questionnaire: Questionnaire, library: Library, notes: Notes) -> None:
    form = library.formats.get(question.format)
    if form is None or form.kind == "text":
        return
    for group in questionnaire.groups:
        if not form.options.get(group):
            notes.wrong("E314", "format", f"the format {shown(form.id)} has no options for {group}", "Use another.")


def _words(question: Question, questionnaire: Questionnaire, _: Library, notes: Notes) -> None:
    notes.for_every_group("text", question.text, questionnaire.groups)


def _metadata(question: Question, questionnaire: Questionnaire, _: Library, notes: Notes) -> None:
    child = questionnaire.asked_of == "child"
    look = notes.needed if child else notes.choice
    look("wave", question.wave, WAVES)
    look("seen_by", question.seen_by, SEEN_BY)
    if question.construct == "WISH" and question.seen_by != "team":
        notes.wrong("E333", "seen_by", "a wish nobody may see cannot be followed", 'Write seen_by = "team".')


def _concern(question: Question, _: Questionnaire, library: Library, notes: Notes) -> None:
    codes = {option.code for option in texts.everybody(question, library)} | {"any"}
    for code, level in question.concern.items():
        notes.choice("concern", code, codes)
        notes.choice("concern", level, CONCERNS)
    if question.concern and question.seen_by != "safeguarding":
        cure = 'Write seen_by = "safeguarding", or delete the concern.'
        notes.wrong("E333", "concern", "nobody would read this concern", cure)


def _pair(question: Question, questionnaire: Questionnaire, library: Library, notes: Notes) -> None:
    """A pair is known on both sides. The side that cannot be read is blamed once, not twice."""
    partner = library.find(question.pair) if question.pair else None
    if partner is None:
        known = [one.id for each in library.questionnaires.values() for one in each.questions]
        notes.choice("pair", question.pair if library.whole else "", known, "E330")
        return
    back = partner[1].pair
    if back != question.id and (not back or library.find(back)):
        cure = f'Write pair = "{question.id}" at {question.pair}, or delete the pair here.'
        notes.wrong("E330", "pair", f"{question.pair} does not name this question as its pair", cure)
    elif (partner[0].asked_of == "child") == (questionnaire.asked_of == "child"):
        notes.wrong("E330", "pair", "a pair joins a child's question and one for staff", "Name the other side.")


def _both_sides(question: Question, questionnaire: Questionnaire, library: Library, notes: Notes) -> None:
    """A wish needs a belief and a decision on the same topic, in the staff questionnaire of its stage."""
    if question.construct != "WISH" or not question.topic:
        return
    staff = [
        one for one in library.questionnaires.values() if one.asked_of == STAFF and one.stage == questionnaire.stage
    ]
    asked = {one.construct.partition("+")[0] for each in staff for one in each.questions if one.topic == question.topic}
    for construct in ("BELIEF", "DECISION"):
        if staff and library.whole and construct not in asked:
            what = f"staff are not asked for a {construct.lower()} on the topic {question.topic}"
            notes.wrong("E334", "topic", what, f"Add a question with this topic to {staff[0].place.file}.")


Look = Callable[[Question, Questionnaire, Library, Notes], None]
FIRST: tuple[Look, ...] = (_id, _words, _metadata, _pair)
THEN: tuple[Look, ...] = (_concern, _both_sides, conditions.of_question)
