"""The age rules in a language: the same functions as for English, told at the line of the PO file with the words.

What is not translated yet is no mistake here; `complete` names it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..instrument import readability, rules
from ..instrument.nouns import AgeGroup, Library, Question, Questionnaire
from ..instrument.problem import Problem
from . import books, complete

IN_WORDS = ("R1", "R2", "R5", "R7", "R8", "R9", "R10", "R15", "R20", "R23", "R24")
FIRST_OF_ASSENT = "What happens"


@dataclass(frozen=True)
class Places:
    """Where the words of a language stand: PO file and line of each context."""

    file: str
    lines: Mapping[str, int]

    @classmethod
    def of(cls, code: str, name: str) -> "Places":
        """Look into the book of a language."""
        found = books.book(code, name).entries.values()
        return cls(f"{code}/{name}.po", {one.context or one.text: one.line for one in found})

    def at(self, context: str, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The same problems, at the line of a context."""
        for one in problems:
            yield replace(one, file=self.file, line=self.lines.get(context, 0), question=context)


def problems(code: str, library: Library, spoken: Library) -> list[Problem]:
    """Return everything wrong with the words of a language: broken files, missing sentences, age rules.

    `spoken` is the library in the words of the language. A sentence that is missing is a warning here: the language is
    then not offered to children.
    """
    broken = [one for name in books.DOMAINS for one in books.book(code, name).problems]
    lacks = [replace(one, warning=True) for one in complete.problems(code) if one.code == "E411"]
    left = [one for name in books.DOMAINS for one in not_asked(code, name)]
    return sorted({*broken, *lacks, *left, *of_words(code, library, spoken)})


def of_words(code: str, library: Library, spoken: Library) -> Iterator[Problem]:
    """Every rule on words, on every questionnaire and every list of options that children see."""
    places = Places.of(code, books.QUESTIONNAIRES)
    for group in library.age_groups.values():
        for name, one in library.questionnaires.items():
            if one.asked_of == "child":
                yield from _questionnaire(one, spoken.questionnaires[name], group, code, places)
        for choices in rules.seen_by_children(spoken, group):
            for number, option in choices.options:
                if option.labels.get(group.id):
                    alone = replace(choices, options=[(number, option)])
                    context = f"{choices.id} {option.code} / {group.id}"
                    yield from places.at(context, rules.options_in_words(alone, group, code))


def _questionnaire(
    english: Questionnaire, spoken: Questionnaire, group: AgeGroup, code: str, places: Places
) -> Iterator[Problem]:
    said = [(old, new) for old, new in zip(english.questions, spoken.questions, strict=True) if new.text.get(group.id)]
    for old, new in said:
        context = f"{new.id} / {group.id}"
        yield from places.at(context, rules.in_words(new, group, code))
        yield from places.at(context, rules.r24_translation(old, new, group, code))
    if said:
        hardest = _hardest([new for _, new in said], group, code)
        yield from places.at(f"{hardest.id} / {group.id}", rules.r15_readability(spoken, group, code))


def _hardest(questions: Sequence[Question], group: AgeGroup, code: str) -> Question:
    """The question to begin with: most syllables in a word and words in a sentence."""

    def weight(question: Question) -> float:
        counted = readability.count([question.text[group.id]], code)
        return 30 * counted.per_word + counted.per_sentence

    return max(questions, key=weight)


def assent(code: str, group: AgeGroup, texts: Sequence[str]) -> Iterator[Problem]:
    """R20 in a language: what a child is told before the first question is short enough, as it stands on the screen."""
    places = Places.of(code, books.MESSAGES)
    return places.at(FIRST_OF_ASSENT, rules.r20_assent(" ".join(texts), group, places.file))


def not_asked(code: str, name: str) -> Iterator[Problem]:
    """Words for a sentence that is not in the source any more (a warning): nobody will read them."""
    asked = {one.key: one for one in books.wanted(name)}
    for one in books.book(code, name).entries.values():
        if one.key not in asked and asked:
            cure = f"Run `heard translate update {code}`: it puts them aside."
            what = "these words are for a sentence that Heard no longer says"
            yield Problem(f"{code}/{name}.po", one.line, "E416", one.context, what, cure, True)
        elif asked and asked[one.key].plural and not one.plural:
            what = "the plural forms are missing"
            cure = f"Run `heard translate update {code}` and write every form."
            yield Problem(f"{code}/{name}.po", one.line, "E404", one.context, what, cure)
