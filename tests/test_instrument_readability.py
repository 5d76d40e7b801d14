"""Counting syllables and grades, against words counted by hand and formulas worked by hand."""

import pytest

from survey.instrument.readability import count, fk_grade, lix, passes, score, syllables


@pytest.mark.parametrize(("word", "expected"), [
    ("home", 1), ("people", 2), ("table", 2), ("wanted", 2), ("asked", 1), ("helped", 1), ("choices", 2), ("live", 1),
    ("the", 1), ("adult", 2), ("family", 3), ("development", 4), ("responsible", 4), ("I", 1), ("who", 1),
])  # fmt: skip
def test_english_syllables_are_groups_of_vowels_without_silent_endings(word: str, expected: int) -> None:
    assert syllables(word) == expected


@pytest.mark.parametrize(("word", "language", "expected"), [
    ("школа", "ru", 2), ("её", "ru", 2), ("сім'я", "uk", 2), ("maison", "fr", 2), ("familia", "es", 3),
    ("nyumbani", "sw", 3),
])  # fmt: skip
def test_other_languages_count_their_own_vowels(word: str, language: str, expected: int) -> None:
    assert syllables(word, language) == expected


def test_the_grade_of_a_form_is_the_formula_worked_by_hand() -> None:
    counted = count(["Do you feel safe here?", "Who is your main helper?"])

    assert (counted.words, counted.sentences, counted.syllables) == (10, 2, 11)
    assert fk_grade(["Do you feel safe here?", "Who is your main helper?"]) == pytest.approx(
        0.39 * 5 + 11.8 * 1.1 - 15.59
    )


def test_lix_is_sentence_length_and_share_of_long_words() -> None:
    assert lix(["одне два три", "чотиринадцять"]) == pytest.approx(4 / 2 + 100 * 1 / 4)


def test_a_language_without_a_formula_is_left_to_the_pretest() -> None:
    assert score(["هل تشعر بالأمان؟"], "ar") is None
    assert passes(None, "10-12", "ar", 4.0)


def test_each_language_has_its_own_gate() -> None:
    assert passes(score(["Do you feel safe here?"]), "10-12", "en", 4.0)
    assert not passes(5.0, "10-12", "en", 4.0)
    assert passes(81.0, "10-12", "ru", 4.0)
    assert not passes(79.0, "10-12", "ru", 4.0)
    assert not passes(9.0, "10-12", "sw", 4.0)


def test_an_empty_form_does_not_divide_by_nothing() -> None:
    assert isinstance(fk_grade([]), float)
