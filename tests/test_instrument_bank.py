"""The questionnaires that ship: all of them, complete, in order, easy enough to read."""

from collections import Counter
from pathlib import Path

import pytest

from survey.instrument import check, read
from survey.instrument.nouns import AGE_GROUPS, Library, Question

FOLDER = Path(__file__).parent.parent / "questionnaires"

TOPICS = """
D1.1 D1.2 D1.3 D1.4 D2.1 D2.2 D2.3 D3.1 D3.2 D3.3 D3.4 D4.1 D4.2 D4.3 D4.4 D5.1 D5.2 D5.3 D5.4 D6.1
D6.2 D6.3 D6.4 D7.1
"""

CHILD = """
S1.C01 S1.C02 S1.C03 S1.C04 S1.C05 S1.C06 S1.C07 S1.C08 S1.C09 S1.C10 S1.C11 S1.C12 S1.C13
S2.C01 S2.C02 S2.C03 S2.C04 S2.C05 S2.C06 S2.C07 S2.C08 S2.C09 S2.C10 S2.C11 S2.C12 S2.C13
S3.C01 S3.C02 S3.C03 S3.C04 S3.C05 S3.C06 S3.C07 S3.C08 S3.C09 S3.C10 S3.C11 S3.C12 S3.C13
S4.C01 S4.C02 S4.C03 S4.C04 S4.C05 S4.C06 S4.C07 S4.C08 S4.C09 S4.C10 S4.C11 S4.C12 S4.C13
S5.C01 S5.C02 S5.C03 S5.C04 S5.C05 S5.C06 S5.C07 S5.C08 S5.C09 S5.C10 S5.C11 S5.C12 S5.C13
S6.C01 S6.C02 S6.C03 S6.C04 S6.C05 S6.C06 S6.C07 S6.C08 S6.C09 S6.C10 S6.C11 S6.C12 S6.C13 S6.C14
R.C01 R.C02 R.C03 R.C04 R.C05 R.C06 R.C07 R.C08
"""

STAFF = """
S1.B1 S1.B2 S1.B3 S1.B4 S1.D1 S1.D2 S1.D3 S1.D4 S1.P1 S1.P2 S1.P3 S1.P4 S1.P5 S1.O1
S2.B1 S2.B2 S2.B3 S2.D1 S2.D2 S2.D3 S2.P1 S2.P2 S2.P3 S2.P4 S2.P5 S2.O1
S3.B1 S3.B2 S3.B3 S3.B4 S3.D1 S3.D2 S3.D3 S3.D4 S3.P1 S3.P2 S3.P3 S3.P4 S3.P5 S3.O1
S4.B1 S4.B2 S4.B3 S4.B4 S4.D1 S4.D2 S4.D3 S4.D4 S4.P1 S4.P2 S4.P3 S4.P4 S4.P5 S4.O1
S5.B1 S5.B2 S5.B3 S5.B4 S5.D1 S5.D2 S5.D3 S5.D4 S5.P1 S5.P2 S5.P3 S5.P4 S5.P5 S5.O1
S6.B1 S6.B2 S6.B3 S6.B4 S6.D1 S6.D2 S6.D3 S6.D4 S6.P1 S6.P2 S6.P3 S6.P4 S6.P5 S6.P6 S6.O1
R.B1 R.D1 R.P1 R.P2 R.P3 R.P4 R.O1 R.O2
G.S1a G.S1b G.S2a G.S2b G.S3a G.S3b G.S4a G.S4b G.S5a G.S5b
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return read.library(FOLDER)


def asked(library: Library, *of: str) -> list[Question]:
    return [one for each in library.questionnaires.values() if each.asked_of in of for one in each.questions]


def test_nothing_is_wrong_with_the_questionnaires_that_ship(library: Library) -> None:
    assert [str(problem) for problem in library.problems] == []


def test_there_are_24_topics_87_questions_for_children_and_101_for_staff(library: Library) -> None:
    child = [one.id for one in asked(library, "child") if not one.id.startswith("F")]
    staff = [one.id for one in asked(library, "staff")]

    assert list(library.topics) == TOPICS.split()
    assert sorted(child) == sorted(CHILD.split())
    assert sorted(staff) == sorted(STAFF.split())
    assert (len(library.topics), len(child), len(staff)) == (24, 87, 101)


def test_every_childs_question_is_worded_for_each_age_group(library: Library) -> None:
    for one in asked(library, "child"):
        assert list(one.text) == list(AGE_GROUPS), one.id


def test_the_four_answers_that_are_not_answers_and_the_formats_are_there(library: Library) -> None:
    assert list(library.missing) == ["DK", "IDM", "SK", "NA"]
    assert {"X3", "X3/X4", "OPEN"} <= set(library.formats)


def test_reasons_are_of_three_kinds_and_each_has_words_for_a_child(library: Library) -> None:
    kinds = {option.code: option.kind for option in library.lists["reasons"].options}

    assert {code for code, kind in kinds.items() if kind == "best_interest"} == {
        "SAFETY", "LAW", "HEALTH", "OTHERCHILD",
    }  # fmt: skip
    assert {code for code, kind in kinds.items() if kind == "other"} == {"CHANGED", "FAMILY", "OTHER"}
    assert len(kinds) == 13
    assert all(option.labels["10-12"] for option in library.lists["reasons"].options)


def test_every_remedy_answers_a_challenge(library: Library) -> None:
    challenges = {option.code for option in library.lists["challenges"].options}
    assert {option.of for option in library.lists["remedies"].options} == challenges


def test_living_on_ones_own_is_offered_from_sixteen(library: Library) -> None:
    for topic in ("D3.2", "D6.2"):
        ages = {option.code: option.from_age for option in library.topics[topic].options}
        assert ages.pop("OWN") == 16
        assert set(ages.values()) == {0}


def test_a_wish_can_be_told_back_in_whole_words(library: Library) -> None:
    for topic in library.topics.values():
        for option in topic.options:
            assert topic.child_phrase[option.code].split()[0] in {"to", "for"}, (topic.id, option.code)
            assert topic.decided[option.code].split()[0] in {
                "you", "your", "we", "our", "there", "the", "going", "a",
            }, (topic.id, option.code)  # fmt: skip


def test_every_stage_says_what_happens_and_what_children_can_expect(library: Library) -> None:
    assert set(library.stages) == {"S1", "S2", "S3", "S4", "S5", "S6", "R", "G"}
    assert all(stage.acts for stage in library.stages.values())


def test_the_interviews_hold_the_closed_questions_of_the_guides(library: Library) -> None:
    rows = Counter(one.rows or one.list for one in asked(library, "coordinator", "psychologist"))
    del rows[""]
    assert rows == {
        "stages": 2,
        "challenges": 2,
        "remedies": 4,
        "gatekeeping_steps": 2,
        "preparation": 1,
        "elements": 1,
    }


def test_every_form_is_easy_enough_and_short_enough(library: Library) -> None:
    rows = check.table(library)

    assert len(rows) == 24
    assert all(row.passes for row in rows)
    assert max(row.longest_question for row in rows) <= 12
    assert max(row.measures[0].value for row in rows if row.age_group == "10-12") < 3
