"""How hard a form is to read. For whole forms only: on a single question every formula is noise.

A form is all questions of a questionnaire at one age. Formulas (words per sentence w, syllables per word s):
English, Flesch-Kincaid grade 0.39 w + 11.8 s - 15.59; Russian, Oborneva 206.835 - 1.3 w - 60.1 s;
French, Kandel-Moles 207 - 1.015 w - 73.6 s; Spanish, Fernandez-Huerta 206.84 - 1.02 w - 60 s, with
Szigriszt-Pazos (INFLESZ) 206.835 - 62.3 s - w beside it; Ukrainian, LIX and vowels per word, because no formula was
validated for it; Arabic, OSMAN 200.791 - 1.015 w - 24.181 (complex, long and faseeh words and syllables per word),
compared with a reference text; Swahili, words per sentence, and syllables per word compared with a reference text.

Syllables are groups of vowels (Russian, Ukrainian, Swahili: vowels). OSMAN depends on vowel signs, and a text has
some, none or all of them: they are taken out before counting. What is left for syllables are the letters that are
not alif; complex words, which are counted by their vowel signs, are then none. So OSMAN compares our texts with one
another; the number is not that of a vocalised text.
They are gates for drafts: children decide in a pretest.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from survey.instrument import reference, words

VOWELS = {
    "en": "aeiouy",
    "ru": "аеёиоуыэюя",
    "uk": "аеєиіїоуюя",
    "fr": "aeiouyàâäéèêëîïôöùûüÿœæ",
    "es": "aeiouáéíóúü",
    "sw": "aeiou",
}
EVERY_VOWEL = {"ru", "uk", "sw"}  # in these, two vowels side by side are two syllables
SENTENCE_END = re.compile(r"[.!?…؟]+")
SILENT_END = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeioutdy])ed$|(?<=[^aeiouyszxc])es$")
ALIFS = "اى"
FASEEH = re.compile("[ئءؤذظ]|وا|ون")
LONG_ARABIC, MUCH_IN_A_WORD = 5, 5


def syllables(word: str, language: str = "en") -> int:
    """Groups of vowels; in English a silent ending does not count. At least one (Arabic writes too few to count)."""
    vowels, word = VOWELS.get(language, VOWELS["en"]), word.lower()
    if language == "en" and len(word) > 3:
        word = SILENT_END.sub("", word)
    if language in EVERY_VOWEL:
        return max(1, sum(letter in vowels for letter in word))
    return max(1, len(re.findall(f"[{vowels}]+", word)))


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas need."""

    words: int
    sentences: int
    syllables: int
    long_words: int

    @property
    def per_sentence(self) -> float:
        """Words per sentence."""
        return self.words / self.sentences

    @property
    def per_word(self) -> float:
        """Syllables per word."""
        return self.syllables / self.words


def count(texts: Sequence[str], language: str = "en") -> Counts:
    """Count a form; every text ends a sentence."""
    found = _words(texts)
    sentences = sum(max(1, len([part for part in SENTENCE_END.split(text) if part.strip()])) for text in texts)
    return Counts(
        max(1, len(found)),
        max(1, sentences),
        max(1, sum(syllables(word, language) for word in found)),
        sum(len(word) > 6 for word in found),
    )


def _words(texts: Sequence[str]) -> list[str]:
    return [word for text in texts for word in words.split(text)]


def fk_grade(texts: Sequence[str]) -> float:
    """Flesch-Kincaid grade of an English form."""
    counted = count(texts)
    return 0.39 * counted.per_sentence + 11.8 * counted.per_word - 15.59


def lix(texts: Sequence[str], language: str = "uk") -> float:
    """LIX: words per sentence plus the percentage of words longer than six letters."""
    counted = count(texts, language)
    return counted.per_sentence + 100 * counted.long_words / counted.words


def osman(texts: Sequence[str]) -> float:
    """OSMAN of Arabic texts, counted without vowel signs (see above)."""
    counted, found = count(texts, "ar"), _words(texts)
    long = sum(len(word) > LONG_ARABIC for word in found)
    faseeh = sum(bool(FASEEH.search(word)) and _sounded(word) - 2 > MUCH_IN_A_WORD for word in found)
    sounded = sum(_sounded(word) for word in found)
    return 200.791 - 1.015 * counted.per_sentence - 24.181 * (long + faseeh + sounded) / counted.words


def _sounded(word: str) -> int:
    """How many letters of an Arabic word stand for syllables in OSMAN where there are no vowel signs."""
    return sum(letter not in ALIFS for letter in word)


Formula = Callable[[Sequence[str]], float]


def _ease(base: float, per_sentence: float, per_word: float, language: str) -> Formula:
    def reading_ease(texts: Sequence[str]) -> float:
        counted = count(texts, language)
        return base - per_sentence * counted.per_sentence - per_word * counted.per_word

    return reading_ease


def _words_per_sentence(texts: Sequence[str]) -> float:
    return count(texts).per_sentence


def _syllables_per_word(language: str) -> Formula:
    return lambda texts: count(texts, language).per_word


# The first of a language decides its score; a formula without a gate is only reported.
FORMULAS: dict[str, tuple[tuple[str, Formula], ...]] = {
    "en": (("Flesch-Kincaid grade", fk_grade),),
    "ru": (("Oborneva", _ease(206.835, 1.3, 60.1, "ru")),),
    "fr": (("Kandel-Moles", _ease(207, 1.015, 73.6, "fr")),),
    "es": (
        ("Fernandez-Huerta", _ease(206.84, 1.02, 60, "es")),
        ("Szigriszt-Pazos", _ease(206.835, 1, 62.3, "es")),
    ),
    "uk": (("LIX", lix), ("vowels per word", _syllables_per_word("uk"))),
    "ar": (("OSMAN", osman),),
    "sw": (("words per sentence", _words_per_sentence), ("syllables per word", _syllables_per_word("sw"))),
}
EASE = {"10-12": 80.0, "13-15": 70.0, "16-17": 60.0}
LIX = {"10-12": 30.0, "13-15": 35.0, "16-17": 40.0}
UKRAINIAN_VOWELS = 2.3
SENTENCE = {"10-12": 8.0, "13-15": 10.0, "16-17": 12.0}
BELOW_REFERENCE, ABOVE_REFERENCE = 5, 1.15


@dataclass(frozen=True, slots=True)
class Gate:
    """What a number may be. Empty: whatever it is."""

    at_least: float | None = None
    at_most: float | None = None

    def passes(self, value: float) -> bool:
        """Is the form easy enough?"""
        return not (
            (self.at_least is not None and value < self.at_least) or (self.at_most is not None and value > self.at_most)
        )

    def __str__(self) -> str:
        if self.at_least is not None:
            return f"at least {self.at_least:.4g}"
        return f"at most {self.at_most:.4g}" if self.at_most is not None else ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number about a form, with its gate."""

    formula: str
    value: float
    gate: Gate

    @property
    def passes(self) -> bool:
        """Is the form easy enough?"""
        return self.gate.passes(self.value)


def measures(texts: Sequence[str], age_group: str, language: str, max_grade: float) -> list[Measure]:
    """The form by every formula of its language; nothing where we have none: then the pretest alone decides."""
    formulas, gates = FORMULAS.get(language, ()), _gates(age_group, language, max_grade)
    return [
        Measure(name, round(formula(texts), 2), gate) for (name, formula), gate in zip(formulas, gates, strict=True)
    ]


def _gates(age_group: str, language: str, max_grade: float) -> tuple[Gate, ...]:
    """The gates of a language, in the order of its formulas. An age group that nobody knows has none but English."""
    ease, plain = Gate(at_least=EASE.get(age_group)), reference.TEXTS.get(language, {}).get(age_group, "")
    known: dict[str, Callable[[], tuple[Gate, ...]]] = {
        "en": lambda: (Gate(at_most=max_grade),),
        "ru": lambda: (ease,),
        "fr": lambda: (ease,),
        "es": lambda: (ease, Gate()),
        "uk": lambda: (Gate(at_most=LIX.get(age_group)), Gate(at_most=UKRAINIAN_VOWELS)),
        "ar": lambda: (Gate(at_least=round(osman([plain]) - BELOW_REFERENCE, 2)),),
        "sw": lambda: (
            Gate(at_most=SENTENCE.get(age_group)),
            Gate(at_most=round(ABOVE_REFERENCE * count([plain], "sw").per_word, 2)),
        ),
    }
    return known[language]() if language in known else ()


def score(texts: Sequence[str], language: str = "en") -> float | None:
    """The form's score by the first formula of its language; nothing where we have none."""
    found = FORMULAS.get(language)
    return round(found[0][1](texts), 2) if found else None


def passes(value: float | None, age_group: str, language: str, max_grade: float) -> bool:
    """Is a score good enough? Unknown languages are decided by the pretest alone."""
    gates = _gates(age_group, language, max_grade)
    return value is None or not gates or gates[0].passes(value)
