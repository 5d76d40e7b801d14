"""The age rules R1-R25, as far as a file can show them. One small function per rule; each returns problems.

Kept elsewhere, because a file cannot show them: R14 minutes (timer of the visit), R18 Next is never blocked
and R22 Stop and Talk on every screen (tests of the child's pages), R19 audio (the media folder, at publishing),
R25 mirrored scales (a test in a right-to-left language).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.instrument import readability, texts, words
from survey.instrument.nouns import AgeGroup, Library, Option, Place, Question, Questionnaire
from survey.instrument.problem import Problem, shown

ELSEWHERE = ("R14", "R18", "R19", "R22", "R25")
SENSITIVE = "safeguarding"


# ---- one question at one age -------------------------------------------------------------------------------


def r1_words(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """A question is short."""
    most, found = (
        group.max_words - words.FEWER_WORDS.get(language, 0),
        len(words.split(question.text[group.id])),
    )
    if found > most:
        yield _about(question, "R1", group, f"{found} words, at most {most} at {group.id}", "Shorten the question.")


def r7_question(question: Question, group: AgeGroup) -> Iterator[Problem]:
    """A stem is a question."""
    if not question.text[group.id].rstrip().endswith(words.QUESTION_MARKS):
        yield _about(question, "R7", group, "the text is not a question", "Ask, and end with a question mark.")


def r8_negation(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """No negation: children answer "yes" and "no" to it in both directions."""
    text = question.text[group.id]
    found = words.has_any(text, words.NEGATIONS.get(language, ()))
    if not found and language == "en" and words.ENGLISH_SHORT_NEGATION.search(text):
        found = "n't"
    if found:
        yield _about(question, "R8", group, f"the negation {shown(found)}", "Ask for what is, not for what is not.")


def r9_one_idea(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """One idea per question; at 16-17 a warning."""
    text = words.without_pairs(question.text[group.id], language)
    found = words.has_any(text, words.JOINING.get(language, ())) or next((sign for sign in "/;" if sign in text), "")
    if found:
        what = f"two ideas joined by {shown(found)}"
        yield _about(question, "R9", group, what, "Ask one thing, or make two questions.", group.from_age >= 16)


def r11_long_words(question: Question, group: AgeGroup, language: str = "en") -> Iterator[Problem]:
    """No long words."""
    for word in words.split(question.text[group.id]):
        if readability.syllables(word, language) > group.max_syllables:
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


def r15_readability(questionnaire: Questionnaire, group: AgeGroup) -> Iterator[Problem]:
    """The whole form is easy to read."""
    grade = readability.fk_grade(stems(questionnaire, group.id))
    if grade > group.max_grade:
        what = f"reading grade {grade:.1f} at {group.id}, at most {group.max_grade:g}"
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


def r24_translation(english: Mapping[str, object], other: Mapping[str, object], file: str) -> Iterator[Problem]:
    """A translated question is about as long as the English one."""
    found = dict(texts.leaves(other))
    for path, text in texts.leaves(english):
        ratio = len(found.get(path, text)) / max(1, len(text))
        if path[-1] == "text" and not 0.6 <= ratio <= 1.8:
            what = f"the translation of {' / '.join(path)} is {ratio:.1f} times as long as the English"
            yield Problem(file, 0, "R24", path[-2], what, "Say the same, neither more nor less.", True)


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


QUESTION_RULES = (r1_words, r7_question, r8_negation, r9_one_idea, r11_long_words, r12_recall, r23_identity)
CHOICE_RULES = (r2_label_words, r3_ordinal_points, r4_nominal_options, r5_labels, r10_vague)


def of_questionnaire(questionnaire: Questionnaire, library: Library) -> Iterator[Problem]:
    """Every rule on one child's questionnaire whose structure is sound."""
    for group in library.age_groups.values():
        for question in questionnaire.questions:
            for rule in QUESTION_RULES:
                yield from rule(question, group)
        yield from r13_length(questionnaire, group)
        yield from r15_readability(questionnaire, group)
    for question in questionnaire.questions:
        yield from r6_same_codes(question, library)
    yield from r16_practice(questionnaire, library)
    yield from r21_order(questionnaire)


def of_choices(library: Library) -> Iterator[Problem]:
    """Every rule on the topics and formats that children see."""
    for group in library.age_groups.values():
        for choices in _seen_by_children(library, group):
            for rule in CHOICE_RULES:
                yield from rule(choices, group)
    yield from r17_missing(library)


def _seen_by_children(library: Library, group: AgeGroup) -> Iterable[Choices]:
    for topic in library.topics.values():
        offered = [(n, one) for n, one in enumerate(topic.options) if one.from_age <= group.from_age]
        yield Choices(topic.id, topic.scale, offered, topic.place)
    for form in library.formats.values():
        numbered = enumerate(one for options in form.options.values() for one in options)
        offered = [(n, one) for n, one in numbered if group.id in one.labels]
        yield Choices(form.id, form.scale or "", offered, form.place)
