"""The age rules in seven languages: what a child could not follow is found, whoever translated it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask, g

from survey import cli_check, publish
from survey.child import words as told
from survey.cli import main
from survey.instrument import rules, words
from survey.instrument.nouns import AGE_GROUPS, AgeGroup, Library, Option, Place, Question
from survey.translation import books, complete
from survey.translation import rules as spoken_rules
from survey.translation.languages import LANGUAGES

from .conftest import LIBRARY

OTHERS = [code for code in LANGUAGES if code != "en"]
YOUNG, OLD = LIBRARY.age_groups["10-12"], LIBRARY.age_groups["16-17"]
ASKED = LIBRARY.questionnaires["care.planning.child"].questions[0]


def asking(text: str) -> Question:
    """A question in these words at every age."""
    return replace(ASKED, text=dict.fromkeys(AGE_GROUPS, text))


def found(text: str, language: str, group: AgeGroup = YOUNG) -> list[tuple[str, bool]]:
    return [(one.code, one.warning) for one in rules.in_words(asking(text), group, language)]


@pytest.fixture(scope="module", params=OTHERS)
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# ---- one question ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "text"), [
    ("ru", "С кем тебе хорошо жить?"), ("uk", "З ким тобі добре жити?"), ("fr", "Avec qui veux-tu vivre ?"),
    ("es", "¿Con quién quieres vivir?"), ("ar", "ما رغبتك: مع من تكون؟"), ("sw", "Ungependa kuishi na nani?"),
])  # fmt: skip
def test_a_short_kind_question_keeps_every_rule(language: str, text: str) -> None:
    assert found(text, language) == []


@pytest.mark.parametrize(("language", "text"), [
    ("ru", "Чего ты не хочешь?"), ("ru", "Тебе было хорошо без мамы?"), ("ru", "Никто тебе помог?"),
    ("uk", "Чого ти не хочеш?"), ("uk", "Тобі добре без мами?"), ("uk", "У тебе немає друзів?"),
    ("fr", "Qu’est-ce que tu ne veux pas ?"), ("fr", "Tu n’aimes que ta maison ?"), ("fr", "Tu vas bien sans aide ?"),
    ("es", "¿Qué no quieres?"), ("es", "¿Estás bien sin ayuda?"), ("es", "¿Nadie te ayuda?"),
    ("ar", "هل لم يساعدك أحد؟"), ("ar", "هل تعيش بدون أهلك؟"), ("ar", "أليس البيت آمنا؟"),
    ("sw", "Unaishi bila msaada?"), ("sw", "Je, kamwe unaogopa?"), ("sw", "Je, hakuna msaada?"),
])  # fmt: skip
def test_a_negation_is_an_error_in_every_language(language: str, text: str) -> None:
    assert ("R8", False) in found(text, language)


@pytest.mark.parametrize("text", ["Je, hawapendi shule?", "Je, hakupata msaada?", "Je, unasema sitaki?"])
def test_a_negation_inside_a_swahili_verb_is_a_warning(text: str) -> None:
    assert found(text, "sw") == [("R8", True)]


@pytest.mark.parametrize("text", ["Unajua haki zako?", "Hali yako ikoje sasa?", "Watu wazima hukujibu lini?",
                                  "Sisi tukusaidie siku gani?"])  # fmt: skip
def test_words_that_only_look_like_a_swahili_negation_are_let_through(text: str) -> None:
    assert found(text, "sw") == []


@pytest.mark.parametrize(("language", "text"), [
    ("ru", "Тебе нужна школа или работа?"), ("uk", "Тобі потрібна школа чи робота?"), ("uk", "Де мама і тато?"),
    ("fr", "Où sont ta mère et ton père ?"), ("es", "¿Quieres escuela o trabajo?"), ("es", "¿Cómo están papá y mamá?"),
    ("ar", "هل تحب المدرسة أو البيت؟"), ("sw", "Unapenda shule au kazi?"), ("sw", "Je, mama na baba wako wapi?"),
])  # fmt: skip
def test_two_ideas_are_an_error_before_sixteen_and_a_warning_then(language: str, text: str) -> None:
    assert found(text, language) == [("R9", False)]
    assert found(text, language, OLD) == [("R9", True)]


def test_an_and_written_at_the_next_word_is_a_warning_in_arabic() -> None:
    assert found("هل تحب البيت والمدرسة؟", "ar") == [("R9", True)]
    assert found("هل أنت مع والدك؟", "ar") == []


@pytest.mark.parametrize(
    ("language", "pair"), [(code, pair) for code, some in words.FIXED_PAIRS.items() for pair in some]
)
def test_a_fixed_pair_is_one_idea_and_hides_no_other(language: str, pair: str) -> None:
    joining = words.JOINING[language][0]

    assert words.joining(f"{pair}?", language) == ""
    assert words.joining(f"{pair} {joining} x?", language) == joining


def test_a_ukrainian_question_may_begin_with_its_asking_word() -> None:
    assert found("Чи знаєш ти, чи можна грати?", "uk") == []


@pytest.mark.parametrize(("language", "text"), [
    ("ru", "Расскажи о себе."), ("es", "Con quién vives?"), ("es", "¿Con quién vives"), ("ar", "مع من تعيش?"),
    ("fr", "Dis-moi où tu vis."), ("uk", "Розкажи про себе."), ("sw", "Niambie unaishi wapi."),
])  # fmt: skip
def test_a_question_has_the_marks_of_its_language(language: str, text: str) -> None:
    assert ("R7", False) in found(text, language)


@pytest.mark.parametrize(
    ("language", "words_allowed"), [("ru", 10), ("uk", 10), ("fr", 12), ("es", 12), ("ar", 12), ("sw", 12)]
)
def test_a_question_is_short_and_two_words_shorter_in_russian_and_ukrainian(language: str, words_allowed: int) -> None:
    opening, closing = words.OPENING_MARKS.get(language, ""), words.QUESTION_MARKS.get(language, "?")

    assert found(f"{opening}{' '.join(['ok'] * words_allowed)}{closing}", language) == []
    assert found(f"{opening}{' '.join(['ok'] * (words_allowed + 1))}{closing}", language) == [("R1", False)]


@pytest.mark.parametrize(("language", "text"), [
    ("ru", "Как тебя зовут?"), ("ru", "Какой у тебя номер телефона?"), ("uk", "Як тебе звати?"),
    ("uk", "Яка твоя адреса?"), ("fr", "Comment tu t’appelles ?"), ("fr", "Quel est ton nom ?"),
    ("es", "¿Cómo te llamas?"), ("es", "¿Cuál es tu dirección?"), ("ar", "ما اسمك؟"), ("ar", "متى ولدت؟"),
    ("sw", "Jina lako nani?"), ("sw", "Ulizaliwa lini?"),
])  # fmt: skip
def test_nothing_asks_who_the_child_is(language: str, text: str) -> None:
    assert found(text, language) == [("R23", False)]


# ---- options -----------------------------------------------------------------------------------------------------


def option(label: str, language: str) -> list[str]:
    alone = rules.Choices("D1.1", "ordinal", [(0, Option("0", {"10-12": label}))], Place("x", {}))
    return [one.code for one in rules.options_in_words(alone, YOUNG, language)]


@pytest.mark.parametrize(("language", "vague", "exact"), [
    ("ru", "Часто", "Часто, каждую неделю"), ("uk", "Час від часу", "Іноді, раз на тиждень"),
    ("fr", "De temps en temps", "Souvent, chaque semaine"), ("es", "A veces", "A veces, cada semana"),
    ("ar", "أحيانًا", "أحيانًا كل أسبوع"), ("sw", "Mara kwa mara", "Mara kwa mara kila wiki"),
])  # fmt: skip
def test_a_vague_word_needs_an_anchor(language: str, vague: str, exact: str) -> None:
    assert option(vague, language) == ["R10"]
    assert option(exact, language) == []


def test_an_option_is_a_few_words_and_says_something(code: str) -> None:
    assert option("a b c d e f", code) == ["R2"]
    assert option("1", code) == ["R5"]


# ---- whole languages ---------------------------------------------------------------------------------------------


def test_everything_that_is_translated_keeps_the_rules(code: str) -> None:
    problems = list(spoken_rules.of_words(code, LIBRARY, publish.speaking(LIBRARY, code)))

    assert [str(one) for one in problems if one.code != "R24"] == []  # its length is a matter of taste


def test_every_language_asks_the_same_with_the_same_codes(code: str) -> None:
    spoken = publish.speaking(LIBRARY, code)

    for name, one in LIBRARY.questionnaires.items():
        assert [question.id for question in spoken.questionnaires[name].questions] == [q.id for q in one.questions]
    for name, topic in LIBRARY.topics.items():
        assert [each.code for each in spoken.topics[name].options] == [each.code for each in topic.options]
    for name, form in LIBRARY.formats.items():
        codes = {who: [each.code for each in options] for who, options in form.options.items()}
        assert {who: [each.code for each in some] for who, some in spoken.formats[name].options.items()} == codes


def test_a_problem_names_file_line_context_and_cure() -> None:
    spoken = _with(LIBRARY, "S3.C01", "Чего тебе хочется больше всего на свете прямо сейчас и здесь, у нас дома?")

    told_of = [str(one) for one in spoken_rules.of_words("ru", LIBRARY, spoken) if "S3.C01 / 10-12" in str(one)]

    line = books.book("ru", "questionnaires").entries["S3.C01 / 10-12", ASKED.text["10-12"]].line
    place = f"ru/questionnaires.po:{line}, question S3.C01 / 10-12: "
    assert f"{place}14 words, at most 10 at 10-12. Shorten the question." in told_of
    assert all(one.startswith(place) for one in told_of)


def test_a_form_that_is_too_hard_is_told_at_its_hardest_question() -> None:
    plan = replace(LIBRARY.questionnaires["care.planning.child"], questions=(ASKED,))
    hard = replace(plan, questions=(asking("Какие взаимоотношения представляются предпочтительными?"),))
    english, spoken = (replace(LIBRARY, questionnaires={one.id: one}) for one in (plan, hard))

    problems = [one for one in spoken_rules.of_words("ru", english, spoken) if one.code == "R15"]

    assert {one.question for one in problems} == {f"S3.C01 / {group}" for group in AGE_GROUPS}
    assert all("care.planning.child at" in one.what and "(Oborneva), at least" in one.what for one in problems)


def test_a_translation_says_neither_much_more_nor_much_less() -> None:
    def ratio(text: str, language: str) -> list[tuple[str, bool]]:
        return [(one.code, one.warning) for one in rules.r24_translation(ASKED, asking(text), YOUNG, language)]

    letters = len(ASKED.text["10-12"])
    assert ratio("x" * letters, "ru") == []
    assert ratio("x" * (letters * 2), "ru") == [("R24", True)]
    assert ratio("x" * (letters // 2), "ru") == [("R24", True)]
    assert ratio("x" * (letters // 2), "ar") == []  # short vowels are not written


def _with(library: Library, id: str, text: str) -> Library:
    """The library with one question in other words."""
    one = library.questionnaires["care.planning.child"]
    changed = tuple(
        replace(each, text=dict.fromkeys(AGE_GROUPS, text)) if each.id == id else each for each in one.questions
    )
    return replace(library, questionnaires={**library.questionnaires, one.id: replace(one, questions=changed)})


# ---- before the first question -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_what_a_child_is_told_first_is_short_in_every_language(app: Flask, language: str) -> None:
    for group in LIBRARY.age_groups.values():
        for wave in ("before", "after"):
            with app.test_request_context():
                g.language = language
                notes = told.notes(group.id, wave, "Anna Petrova", "Our organisation")
            said = " ".join(f"{note.title} {note.text}" for note in notes)

            assert list(rules.r20_assent(said, group, "assent")) == []
            assert cli_check._told(language, group.id, wave) == [f"{note.title} {note.text}" for note in notes]


def test_a_long_assent_is_told_at_its_place_in_the_po_file() -> None:
    one = next(iter(spoken_rules.assent("fr", YOUNG, ["mot " * 121])))

    line = books.book("fr", "messages").entries["", "What happens"].line
    assert str(one) == (
        f"fr/messages.po:{line}, text What happens: the assent has 121 words, at most 120 at 10-12. Shorten it."
    )


# ---- heard check ---------------------------------------------------------------------------------------------------


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("HEARD_HOME", str(tmp_path))

    def typed(*given: str) -> Result:
        result = CliRunner().invoke(main, list(given))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return typed


def test_heard_check_shows_every_form_in_every_language(heard: Callable[..., Result]) -> None:
    result = heard("check")

    assert result.exit_code == 0, result.output
    for code, formula in (("en", "Flesch-Kincaid grade"), ("ru", "Oborneva"), ("uk", "LIX"), ("ar", "OSMAN")):
        rows = [line for line in result.output.splitlines() if f" {code} " in line and formula in line]
        assert len(rows) == 24
        assert all("at most" in row or "at least" in row for row in rows)
    assert "11 of 11" in result.output
    assert "in 7 languages" in result.output


def test_heard_check_shows_one_language(heard: Callable[..., Result]) -> None:
    result = heard("check", "--language", "sw")

    assert "words per sentence" in result.output
    assert "Oborneva" not in result.output
    assert "in 1 language." in result.output


def test_a_language_that_nobody_knows_is_told(heard: Callable[..., Result]) -> None:
    result = heard("check", "--language", "xx\x1b[2J")

    assert result.exit_code == 65
    assert "Known are: en, ru" in result.output
    assert "\x1b" not in result.output


@pytest.fixture
def in_russian(tmp_path: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Change the Russian of an organisation: its own file stands before the shipped one."""
    folder = tmp_path / "translations"

    def change(name: str, old: str, new: str) -> None:
        place = folder / "ru" / "LC_MESSAGES" / f"{name}.po"
        place.parent.mkdir(parents=True, exist_ok=True)
        text = (books.shipped() / "ru" / "LC_MESSAGES" / f"{name}.po").read_text("utf-8")
        assert old in text
        place.write_text(text.replace(old, new, 1), "utf-8")

    yield change
    if folder in books._more:
        books._more.remove(folder)
    books.forget()


def test_a_negation_in_a_translation_fails_the_check(
    heard: Callable[..., Result], in_russian: Callable[[str, str, str], None]
) -> None:
    in_russian("questionnaires", "Как часто ты хочешь видеться", "Как часто ты не хочешь видеться")

    result = heard("check", "--no-table")

    assert result.exit_code == 65
    assert "the negation 'не'. Ask for what is, not for what is not." in result.output
    assert "10 of 11" in result.output


def test_a_missing_sentence_is_a_warning_and_strict_minds_it(
    heard: Callable[..., Result], in_russian: Callable[[str, str, str], None]
) -> None:
    in_russian("questionnaires", 'msgstr "Где ты живёшь"', 'msgstr ""')

    assert heard("check", "--no-table", "--language", "ru").exit_code == 0
    strict = heard("check", "--no-table", "--language", "ru", "--strict")

    assert strict.exit_code == 65
    assert "'Where you live' is not translated" in strict.output
    assert "ru" not in complete.languages()


def test_words_that_nobody_will_read_are_a_warning(
    heard: Callable[..., Result], in_russian: Callable[[str, str, str], None]
) -> None:
    in_russian("questionnaires", 'msgid "Where the child lives on arrival"', 'msgid "Where the child lived"')

    result = heard("check", "--no-table", "--language", "ru")

    assert result.exit_code == 0
    assert "these words are for a sentence that Heard no longer says" in result.output


def test_plural_forms_that_are_not_there_are_an_error(
    heard: Callable[..., Result], in_russian: Callable[[str, str, str], None]
) -> None:
    plain = (books.shipped() / "ru" / "LC_MESSAGES" / "messages.po").read_text("utf-8")
    entry = next(part for part in plain.split("\n\n") if "msgid_plural" in part)
    before = len(books.missing("ru", "messages"))
    lines = [line for line in entry.split("\n") if not line.startswith(("msgid_plural", "msgstr[1", "msgstr[2"))]
    in_russian("messages", entry, "\n".join(lines).replace("msgstr[0]", "msgstr"))

    result = heard("check", "--no-table", "--language", "ru")

    assert result.exit_code == 65
    assert "the plural forms are missing" in result.output
    assert len(books.missing("ru", "messages")) == before + 1
