"""How hard a form is to read. For whole forms only: on a single question every formula is noise.

Syllables are counted as groups of vowels. Formulas (words per sentence w, syllables per word s):
English, Flesch-Kincaid grade 0.39 w + 11.8 s - 15.59; Russian, Oborneva 206.835 - 1.3 w - 60.1 s;
French, Kandel-Moles 207 - 1.015 w - 73.6 s; Spanish, Fernandez-Huerta 206.84 - 1.02 w - 60 s;
Ukrainian, LIX, because no formula was validated for it; Swahili, words per sentence.
They are gates for drafts: children decide in a pretest.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from survey.instrument import words

VOWELS = {
    "en": "aeiouy",
    "ru": "аеёиоуыэюя",
    "uk": "аеєиіїоуюя",
    "fr": "aeiouyàâäéèêëîïôöùûüÿœæ",
    "es": "aeiouáéíóúü",
    "sw": "aeiou",
}
SENTENCE_END = re.compile(r"[.!?…؟]+")
SILENT_END = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeioutdy])ed$|(?<=[^aeiouyszxc])es$")


def syllables(word: str, language: str = "en") -> int:
    """Groups of vowels; in English a silent ending does not count. At least one."""
    vowels, word = VOWELS.get(language, VOWELS["en"]), word.lower()
    if language == "en" and len(word) > 3:
        word = SILENT_END.sub("", word)
    if language in {"ru", "uk", "sw"}:
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
    found = [word for text in texts for word in words.split(text)]
    sentences = sum(max(1, len([part for part in SENTENCE_END.split(text) if part.strip()])) for text in texts)
    return Counts(
        max(1, len(found)),
        max(1, sentences),
        max(1, sum(syllables(word, language) for word in found)),
        sum(len(word) > 6 for word in found),
    )


def fk_grade(texts: Sequence[str]) -> float:
    """Flesch-Kincaid grade of an English form."""
    counted = count(texts)
    return 0.39 * counted.per_sentence + 11.8 * counted.per_word - 15.59


def lix(texts: Sequence[str], language: str = "uk") -> float:
    """LIX: words per sentence plus the percentage of words longer than six letters."""
    counted = count(texts, language)
    return counted.per_sentence + 100 * counted.long_words / counted.words


def _ease(base: float, per_sentence: float, per_word: float, language: str) -> Callable[[Sequence[str]], float]:
    def reading_ease(texts: Sequence[str]) -> float:
        counted = count(texts, language)
        return base - per_sentence * counted.per_sentence - per_word * counted.per_word

    return reading_ease


def _words_per_sentence(texts: Sequence[str]) -> float:
    return count(texts, "sw").per_sentence


FORMULAS: dict[str, tuple[str, Callable[[Sequence[str]], float]]] = {
    "en": ("Flesch-Kincaid grade", fk_grade),
    "ru": ("Oborneva", _ease(206.835, 1.3, 60.1, "ru")),
    "fr": ("Kandel-Moles", _ease(207, 1.015, 73.6, "fr")),
    "es": ("Fernandez-Huerta", _ease(206.84, 1.02, 60, "es")),
    "uk": ("LIX", lix),
    "sw": ("words per sentence", _words_per_sentence),
}
EASE = {"10-12": 80.0, "13-15": 70.0, "16-17": 60.0}
AT_MOST = {
    "uk": {"10-12": 30.0, "13-15": 35.0, "16-17": 40.0},
    "sw": {"10-12": 8.0, "13-15": 10.0, "16-17": 12.0},
}


def score(texts: Sequence[str], language: str = "en") -> float | None:
    """The form's score by the formula of its language; nothing where we have no formula (Arabic)."""
    found = FORMULAS.get(language)
    return round(found[1](texts), 2) if found else None


def passes(value: float | None, age_group: str, language: str, max_grade: float) -> bool:
    """Is the form easy enough? Unknown languages are decided by the pretest alone."""
    if value is None:
        return True
    if language == "en":
        return value <= max_grade
    if language in AT_MOST:
        return value <= AT_MOST[language][age_group]
    return value >= EASE[age_group]
