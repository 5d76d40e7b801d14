"""The age rules R1-R25, as far as a file can show them. One small function per rule; each returns problems.

A translation is a library in another language: the rules on words (`in_words`, `options_in_words`, R15, R20, R24) run
on it with its language; those on codes, order and numbers (R3, R4, R6, R12, R13, R16, R17, R21) are true of it because
`wording.translated` changes words only. R11 is for English alone: elsewhere R15 and R1 do its work.

Kept elsewhere, because a file cannot show them: R14 minutes (no time is stored; a pretest shows it), R18 Next is never
blocked (tests/test_child_questions.py), R19 every sentence has a voice (`heard voices check`), R22 Stop and Talk on
every screen (tests/test_child_walk.py), R25 mirrored scales (tests/browser/test_child_look.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from survey.instrument import readability, words
from survey.instrument.nouns import AgeGroup, Library, Option, Place, Question, Questionnaire
from survey.instrument.problem import Problem, shown

ELSEWHERE = ("R14", "R18", "R19", "R22", "R25")
OF_TRANSLATIONS = ("R24",)
IN_FILES = tuple(rule for n in range(1, 26) if (rule := f"R{n}") not in (*ELSEWHERE, *OF_TRANSLATIONS))
SENSITIVE = "safeguarding"
SHORTEST, LONGEST = 0.6, 1.8  # a translation to the English
SHORTER = {"ar": 0.45}  # Arabic leaves short vowels unwritten


# ---- one question at one age -------------------------------------------------------------------------------


def r1_words(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """A question is short."""
    most, found = (
        group.max_words - words.FEWER_WORDS.get(language, 0),
        len(words.split(question.text[group.id])),
    )
    if found > most:
        yield _about(question, "R1", group, f"{found} words, at most {most} at {group.id}", "Shorten the question.")


def r7_question(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """A stem is a question, with the marks of its language."""
    text = question.text[group.id].strip()
    opening, closing = words.OPENING_MARKS.get(language, ""), words.QUESTION_MARKS.get(language, "?")
    if opening not in text or not text.endswith(closing):
        marks = f"{opening}…{closing}" if (opening or closing != "?") else "a question mark"
        yield _about(question, "R7", group, "the text is not a question", f"Ask, and end with {marks}.")


def r8_negation(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """No negation: children answer "yes" and "no" to it in both directions. What only looks like one is a warning."""
    text = question.text[group.id]
    found, doubtful = words.negation(text, language), words.perhaps(text, language, words.PERHAPS_NEGATION)
    if found or doubtful:
        what = f"the negation {shown(found)}" if found else f"{shown(doubtful)} looks like a negation"
        yield _about(question, "R8", group, what, "Ask for what is, not for what is not.", not found)


def r9_one_idea(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """One idea per question; at 16-17, and where joining only looks likely, a warning."""
    text = question.text[group.id]
    found, doubtful = words.joining(text, language), words.perhaps(text, language, words.PERHAPS_JOINING)
    if found or doubtful:
        what = f"two ideas joined by {shown(found)}" if found else f"{shown(doubtful)} seems to join two ideas"
        mild = not found or group.from_age >= 16
        yield _about(question, "R9", group, what, "Ask one thing, or make two questions.", mild)


def r11_long_words(question: Question, group: AgeGroup) -> Iterator[Problem]:
    """No long words (in English)."""
    for word in words.split(question.text[group.id]):
        if readability.syllables(word) > group.max_syllables:
            what = f"the word {shown(word)} has more than {group.max_syllables} syllables"
            yield _about(question, "R11", group, what, "Use a shorter word.")


def r12_recall(question: Question, group: AgeGroup) -> Iterator[Problem]:
    """What happened is asked with an anchor in time the age group can use."""
    allowed = ", ".join(group.recall)
    if question.wave == "after" and question.seen_by == "aggregate" and not question.recall:
        yield _problem(question, "R12", "", "'recall' is missing", f"Add a line: recall = one of {allowed}.")
    elif question.recall and question.recall not in group.recall:
        what = f"the recall {shown(question.recall)} is too long at {group.id}"
        yield _problem(question, "R12", "recall", what, f"Use one of {allowed}.")


def r23_identity(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """No name, no placeholder for one, nothing that tells who the child is."""
    text = question.text[group.id]
    pattern = words.IDENTIFYING.get(language)
    found = words.PLACEHOLDER.search(text) or (pattern.search(text) if pattern else None)
    if found:
        what = f"{shown(found[0])} could tell who the child is"
        yield _about(question, "R23", group, what, "Ask without names, numbers or places.")


# ---- one list of options at one age ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choices:
    """The options one age group sees in a topic or a format, each with its number in the file."""

    id: str
    scale: str
    options: Sequence[tuple[int, Option]]
    place: Place

    def problem(self, code: str, number: int | None, what: str, cure: str, warning: bool = False) -> Problem:
        """A problem at the n-th option, or at the list."""
        key = "options" if number is None else f"option {number}"
        return Problem(self.place.file, self.place.line(key), code, self.id, what, cure, warning)


def r2_label_words(choices: Choices, group: AgeGroup) -> Iterator[Problem]:
    """An option is a few words."""
    for number, label in _labels(choices, group):
        if len(words.split(label)) > group.max_label_words:
            what = f"{shown(label)} has more than {group.max_label_words} words, too many at {group.id}"
            yield choices.problem("R2", number, what, "Shorten the option.")


def r3_ordinal_points(choices: Choices, group: AgeGroup) -> Iterator[Problem]:
    """An ordinal scale has few points."""
    if choices.scale == "ordinal" and len(choices.options) > group.max_ordinal:
        what = f"{len(choices.options)} points, at most {group.max_ordinal} at {group.id}"
        yield choices.problem("R3", None, what, "Use fewer points.")


def r4_nominal_options(choices: Choices, group: AgeGroup) -> Iterator[Problem]:
    """A list to choose from is short."""
    if choices.scale == "nominal" and len(choices.options) > group.max_nominal:
        what = f"{len(choices.options)} options, at most {group.max_nominal} at {group.id}"
        yield choices.problem("R4", None, what, "Use fewer options.")


def r5_labels(choices: Choices, group: AgeGroup) -> Iterator[Problem]:
    """Every option says something in words."""
    for number, label in _labels(choices, group):
        if not any(letter.isalpha() for letter in label):
            yield choices.problem("R5", number, f"the option {shown(label)} has no words", "Label it in words.")


def r10_vague(choices: Choices, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """No "often" without saying how often; at 16-17 a warning."""
    for number, label in _labels(choices, group):
        found = words.has_any(label, words.VAGUE.get(language, ()))
        if found and not words.has_any(label, words.ANCHORS.get(language, ())):
            what, cure = (
                f"{shown(found)} means something else to everybody",
                "Say how often: every week, every month …",
            )
            yield choices.problem("R10", number, what, cure, group.from_age >= 16)


def _labels(choices: Choices, group: AgeGroup) -> list[tuple[int, str]]:
    return [(number, option.labels.get(group.id, "")) for number, option in choices.options]


# ---- a question and its pair -------------------------------------------------------------------------------


def r6_same_codes(question: Question, library: Library) -> Iterator[Problem]:
    """A paired question has the same codes at every age and for staff, or agreement cannot be computed."""
    partner, form = library.find(question.pair), library.formats.get(question.format)
    if not question.pair or partner is None or form is None:
        return
    sets = {tuple(option.code for option in options) for options in form.options.values()}
    if len(sets) > 1 or partner[1].format != question.format:
        what = f"this question and {question.pair} do not have the same codes for everybody"
        yield _problem(question, "R6", "format", what, "Give both the format X3.")


# ---- a whole questionnaire ---------------------------------------------------------------------------------


def r13_length(questionnaire: Questionnaire, group: AgeGroup) -> Iterator[Problem]:
    """A visit has few questions."""
    for wave, asked in _visits(questionnaire).items():
        if len(asked) > group.max_questions:
            what = f"{len(asked)} questions in the visit '{wave}', at most {group.max_questions} at {group.id}"
            yield _problem(asked[group.max_questions], "R13", "", what, "Remove questions or move them.")


def r15_readability(questionnaire: Questionnaire, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """The whole form is easy to read."""
    for one in readability.measures(stems(questionnaire, group.id), group.id, language, group.max_grade):
        if not one.passes:
            what = f"{questionnaire.id} at {group.id} has {one.value:g} ({one.formula}), {one.gate}"
            yield _general(questionnaire, "R15", what, "Use shorter words and shorter sentences.")


def r16_practice(questionnaire: Questionnaire, library: Library) -> Iterator[Problem]:
    """The scale is tried out before it counts."""
    scaled = any(library.formats[one.format].scale for one in questionnaire.questions if one.format)
    if scaled and library.practice is None:
        cure = "Write practice.toml: a harmless question with the format X3."
        yield _general(questionnaire, "R16", "there is no practice question", cure)


def r17_missing(library: Library) -> Iterator[Problem]:
    """The answers "I don't know" and "I don't want to answer" everywhere; "It did not happen" on scales."""
    for code, kinds in (
        ("DK", ("wish", "scale", "open")),
        ("SK", ("wish", "scale", "open")),
        ("NA", ("scale",)),
    ):
        found = library.missing.get(code)
        for kind in kinds:
            if found is None or kind not in found.to:
                line = found.place.line("to") if found else 0
                what = f"{shown(code)} is not offered on questions of the kind '{kind}'"
                yield Problem("formats.toml", line, "R17", code, what, f'Add "{kind}" to its list `to`.')


def r21_order(questionnaire: Questionnaire) -> Iterator[Problem]:
    """A sensitive question is never the first or the last; the last word is the child's."""
    for wave, asked in _visits(questionnaire).items():
        if asked and asked[0].seen_by == SENSITIVE:
            what = f"the visit '{wave}' begins with a sensitive question"
            yield _problem(asked[0], "R21", "", what, "Put a harmless question before it.")
        if asked and asked[-1].construct != "OPEN":
            what = f"the visit '{wave}' does not end with an open question"
            yield _problem(asked[-1], "R21", "", what, "Put a question with the construct OPEN last.")


# ---- texts that stand outside the questionnaires -----------------------------------------------------------


def r20_assent(text: str, group: AgeGroup, file: str, line: int = 0) -> Iterator[Problem]:
    """The assent screen is short."""
    if len(words.split(text)) > group.max_assent_words:
        what = f"the assent has {len(words.split(text))} words, at most {group.max_assent_words} at {group.id}"
        yield Problem(file, line, "R20", "", what, "Shorten it.")


def r24_translation(english: Question, other: Question, group: AgeGroup, language: str) -> Iterator[Problem]:
    """A translated question is about as long as the English one (a warning)."""
    ratio = len(other.text[group.id]) / max(1, len(english.text[group.id]))
    if not SHORTER.get(language, SHORTEST) <= ratio <= LONGEST:
        what = f"it is {ratio:.2f} times as long as the English"
        yield _about(other, "R24", group, what, "Say the same, neither more nor less.", True)


# ---- helpers -----------------------------------------------------------------------------------------------


def stems(questionnaire: Questionnaire, group: str) -> list[str]:
    """Every question's text at one age."""
    return [text for one in questionnaire.questions if (text := one.text.get(group))]


def _visits(questionnaire: Questionnaire) -> dict[str, list[Question]]:
    """The questions of each visit, in order."""
    visits: dict[str, list[Question]] = {}
    for question in questionnaire.questions:
        for wave in ("before", "after") if question.wave == "both" else (question.wave,):
            visits.setdefault(wave, []).append(question)
    return visits


def _about(question: Question, code: str, group: AgeGroup, what: str, cure: str, warning: bool = False) -> Problem:
    return _problem(question, code, f"text.{group.id}", what, cure, warning)


def _problem(question: Question, code: str, key: str, what: str, cure: str, warning: bool = False) -> Problem:
    place = question.place
    return Problem(place.file, place.line(key), code, question.id, what, cure, warning)


def _general(questionnaire: Questionnaire, code: str, what: str, cure: str) -> Problem:
    return Problem(questionnaire.place.file, 0, code, "", what, cure)


def in_words(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """Every rule on the words of one question, in any language."""
    for rule in (r1_words, r7_question, r8_negation, r9_one_idea, r23_identity):
        yield from rule(question, group, language)


def options_in_words(choices: Choices, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """Every rule on the words of options, in any language."""
    yield from r2_label_words(choices, group)
    yield from r5_labels(choices, group)
    yield from r10_vague(choices, group, language)


def of_questionnaire(questionnaire: Questionnaire, library: Library) -> Iterator[Problem]:
    """Every rule on one child's questionnaire whose structure is sound."""
    for group in library.age_groups.values():
        for question in questionnaire.questions:
            yield from in_words(question, group)
            yield from r11_long_words(question, group)
            yield from r12_recall(question, group)
        yield from r13_length(questionnaire, group)
        yield from r15_readability(questionnaire, group)
    for question in questionnaire.questions:
        yield from r6_same_codes(question, library)
    yield from r16_practice(questionnaire, library)
    yield from r21_order(questionnaire)


def of_choices(library: Library) -> Iterator[Problem]:
    """Every rule on the topics and formats that children see."""
    for group in library.age_groups.values():
        for choices in seen_by_children(library, group):
            yield from options_in_words(choices, group)
            yield from r3_ordinal_points(choices, group)
            yield from r4_nominal_options(choices, group)
    yield from r17_missing(library)


def seen_by_children(library: Library, group: AgeGroup) -> Iterable[Choices]:
    """The lists of options that children of an age group choose from."""
    for topic in library.topics.values():
        offered = [(n, one) for n, one in enumerate(topic.options) if one.from_age <= group.from_age]
        yield Choices(topic.id, topic.scale, offered, topic.place)
    for form in library.formats.values():
        numbered = enumerate(one for options in form.options.values() for one in options)
        offered = [(n, one) for n, one in numbered if group.id in one.labels]
        yield Choices(form.id, form.scale or "", offered, form.place)
