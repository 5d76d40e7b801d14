"""Every rule and every check has a broken twin: one mistake, one message, at the right place, with its cure."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from survey.instrument import read, rules
from survey.instrument.problem import Problem

FOLDER = Path(__file__).parent.parent / "questionnaires"
PLAN = "care/03_planning/child.toml"
STAFF = "care/03_planning/staff.toml"
FIRST = 'text.10-12 = "What do you want to work on most?"'
OLDEST = 'text.16-17 = "Which goal matters most to you in your plan?"'
SAFE = 'id         = "S3.C12"'


class Twin(NamedTuple):
    """In `file`, `old` becomes `new`; then `code` is reported at the line of `at`, with `cure`."""

    code: str
    file: str
    old: str
    new: str
    at: str
    question: str
    cure: str
    place: str = ""


def stem(code: str, text: str, cure: str) -> Twin:
    line = f'text.10-12 = "{text}"'
    return Twin(code, PLAN, FIRST, line, line, "S3.C01", cure)


TWINS = {
    "R1": stem("R1", "What do you want to do in the next days at this place here?", "Shorten the question."),
    "R2": Twin("R2", "topics.toml", '"In a children\'s village"', '"In a big or a small village"',
               "In a big or a", "D1.1",
               "Shorten the option."),
    "R3": Twin("R3", "formats.toml", "max_ordinal      = 4", "max_ordinal      = 2", "", "D1.2", "Use fewer points."),
    "R4": Twin("R4", "formats.toml", "max_nominal      = 5", "max_nominal      = 4", "", "D1.1",
               "Use fewer options."),
    "R5": Twin("R5", "topics.toml", 'child = "Near me", ', 'child = "1", ', 'child = "1", ', "D1.2",
               "Label it in words."),
    "R6": Twin("R6", PLAN, 'pair       = "S3.P1"\nformat     = "X3"', 'pair       = "S3.P1"\nformat     = "X3/X4"',
               'format     = "X3/X4"', "S3.C05", "Give both the format X3."),
    "R7": stem("R7", "Tell us what you want to work on most.", "Ask, and end with a question mark."),
    "R8": stem("R8", "What do you not want to work on?", "Ask for what is, not for what is not."),
    "R8 short": stem("R8", "Why don't you want to work?", "Ask for what is, not for what is not."),
    "R9": stem("R9", "What do you want to work and play on?", "Ask one thing, or make two questions."),
    "R9 warning": Twin("R9", PLAN, OLDEST, 'text.16-17 = "What do you want to work and play on?"',
                       'text.16-17 = "What do you want to work and', "S3.C01",
               "Ask one thing, or make two questions."),
    "R10": Twin("R10", "topics.toml", 'child = "After some visits", ', 'child = "Sometimes", ',
               'child = "Sometimes"', "D1.3",
                "Say how often: every week, every month …"),
    "R11": stem("R11", "Which individuality do you want?", "Use a shorter word."),
    "R12": Twin("R12", PLAN, 'recall     = "event"\ntext.10-12 = "Did someone tell you what',
                'recall     = "4 weeks"\ntext.10-12 = "Did someone tell you what', 'recall     = "4 weeks"', "S3.C05",
                "Use one of event"),
    "R12 absent": Twin("R12", PLAN, 'recall     = "event"\ntext.10-12 = "Did someone tell you what',
                       'text.10-12 = "Did someone tell you what', "[[question]]#5", "S3.C05", "Add a line: recall"),
    "R13": Twin("R13", "formats.toml", "max_questions    = 14", "max_questions    = 9", "", "S2.C13",
               "Remove questions"),
    "R15": Twin("R15", "formats.toml", "max_grade        = 4.0", "max_grade        = 2.6", "", "",
               "Use shorter words"),
    "R17": Twin("R17", "formats.toml", 'to    = ["wish", "scale", "open", "interview"]',
               'to    = ["wish", "scale", "interview"]', 'to    = ["wish", "scale", "interview"]', "SK",
               'Add "open" to its list `to`.'),
    "R21 last": Twin("R21", PLAN, 'construct  = "OPEN"', 'construct  = "IDEAS"', "[[question]]#13", "S3.C13",
                     "Put a question with the construct OPEN last."),
    "R21 first": Twin("R21", "reply.toml",
               'wave       = "reply"\nseen_by    = "aggregate"\nrecall     = "event"\ntext',
                      'wave       = "reply"\nseen_by    = "safeguarding"\nrecall     = "event"\ntext',
               "[[question]]#1", "F1",
                      "Put a harmless question before it."),
    "R23": stem("R23", "What is your name?", "Ask without names, numbers or places."),
    "R23 placeholder": stem("R23", "What do you want, {child}?", "Ask without names, numbers or places."),
    "E303": Twin("E303", PLAN, FIRST, f"{FIRST}\n{FIRST}", f"{FIRST}#2", "", "Remove one."),
    "E310": Twin("E310", PLAN, 'construct  = "SAFETY"\n', "", "[[question]]#12", "S3.C12", "Add a line: construct"),
    "E310 wave": Twin("E310", PLAN, SAFE + '\nconstruct  = "SAFETY"\nformat     = "X3"\nwave       = "both"\n',
                      SAFE + '\nconstruct  = "SAFETY"\nformat     = "X3"\n', "[[question]]#12", "S3.C12",
               "Choose from: after"),
    "E311": Twin("E311", PLAN, SAFE, SAFE + '\nlable = "x"', "lable", "S3.C12", "Known here: concern"),
    "E311 near": Twin("E311", PLAN, SAFE, SAFE + '\nformatt = "x"', "formatt", "S3.C12", "Did you mean 'format'?"),
    "E311 required": Twin("E311", PLAN, SAFE, SAFE + "\nrequired = true", "required", "S3.C12",
                          "Delete it: children can always skip."),
    "E312 twice": Twin("E312", "reply.toml", 'id         = "F3"', 'id         = "F1"', 'id         = "F1"#2', "F1",
                       "Rename or remove one."),
    "E312 reserved": Twin("E312", "reply.toml", 'id         = "F3"', 'id         = "__proto__"', "__proto__",
               "__proto__",
                          "Write it like S3.C05."),
    "E313": Twin("E313", "reply.toml", "version  = 1", "version  = 0", "version  = 0", "", "Write version = 1."),
    "E314 text": Twin("E314", PLAN, FIRST + "\n", "", "[[question]]#1", "S3.C01", "Add text.10-12 = …"),
    "E314 twice": Twin("E314", "topics.toml", '{ code = "HEALTH", child = "Health and feelings"',
                       '{ code = "FAMILY", child = "Health and feelings"', 'child = "Health and feelings"', "D3.1",
                       "Rename or remove one."),
    "E314 phrase": Twin("E314", "topics.toml", 'decided.NEAR      = "you will go to a school near here"\n', "",
                        "[[topic]]#4", "D1.4", "Add decided.NEAR = …"),
    "E315 later": Twin("E315", PLAN, SAFE, SAFE + "\nrelevant = \"${S3.C13} != ''\"", "relevant", "S3.C12",
                       "Look only at questions that come before."),
    "E315 unknown": Twin("E315", PLAN, SAFE, SAFE + "\nrelevant = \"${S3.C99} != ''\"", "relevant", "S3.C12",
               "Did you mean"),
    "E315 circle": Twin("E315", PLAN, SAFE, SAFE + "\nrelevant = \"${S3.C12} = '2'\"", "relevant", "S3.C12",
                        "Delete one of them."),
    "E316": Twin("E316", PLAN, SAFE, SAFE + "\nrelevant = \"__import__('os')\"", "relevant", "S3.C12",
               "Write it like"),
    "E316 bare": Twin("E316", PLAN, SAFE, SAFE + '\nrelevant = "${S3.C05}"', "relevant", "S3.C12", "Write it like"),
    "E317": Twin("E317", PLAN, SAFE, SAFE + "\nrelevant = \"${S3.C05} = '7'\"", "relevant", "S3.C12",
                 "Choose from: 0, 1, 2."),
    "E318 markup": stem("E318", "What do <b>you</b> want?", "Write plain text"),
    "E318 address": stem("E318", "What is on www.example.org?", "Write plain text"),
    "E319": stem("E319", "What do you \\u202e want?", "Type the text again."),
    "E320": stem("E320", "Why " * 90 + "?", "Shorten it."),
    "E329": Twin("E329", PLAN, SAFE, SAFE + '\nkind = "oen"', 'kind = "oen"', "S3.C12", "Did you mean 'one'?"),
    "E329 picture": Twin("E329", "topics.toml", 'picture = "houses"', 'picture = "housse"', 'picture = "housse"',
                         "D1.1", "Did you mean 'house'?"),
    "E335 scale": Twin("E335", "topics.toml", 'staff = "Near, separate homes" }',
                       'staff = "Near, separate homes", picture = "house" }', "Near, separate homes", "D1.2",
                       "Delete picture"),
    "E335 none": Twin("E335", "topics.toml", 'picture = "near"', "last = false", 'child = "A school near here"', "D1.4",
                       "Give every option a picture, or none."),
    "E335 twice": Twin("E335", "topics.toml", 'picture = "both"', 'picture = "person"', "Same person plus", "D5.4",
                       "Choose another, or draw one."),
    "E330 unknown": Twin("E330", PLAN, 'pair       = "S3.P1"', 'pair       = "S3.PP1"', 'pair       = "S3.PP1"',
               "S3.C05",
                         "Did you mean 'S3.P1'?"),
    "E331": Twin("E331", PLAN, SAFE, SAFE + '\ntopic = "D3.1"', 'format     = "X3"#6', "S3.C12",
               "Give one of: topic"),
    "E332": Twin("E332", PLAN, 'topic      = "D3.1"', 'topic      = "D3.11"', 'topic      = "D3.11"', "S3.C01",
                 "Did you mean 'D3.1'?"),
    "E333 concern": Twin("E333", "care/01_receiving/child.toml",
               'seen_by    = "safeguarding"\nconcern    = { 0 = "amber" }',
                         'seen_by    = "aggregate"\nconcern    = { 0 = "amber" }', 'concern    = { 0 = "amber" }',
               "S1.C11",
                         'Write seen_by = "safeguarding"'),
    "E333 wish": Twin("E333", PLAN, 'wave       = "before"\nseen_by    = "team"\n' + FIRST,
                      'wave       = "before"\nseen_by    = "aggregate"\n' + FIRST, 'seen_by    = "aggregate"',
               "S3.C01",
                      'Write seen_by = "team".'),
    "E334": Twin("E334", STAFF, 'construct     = "DECISION"\ntopic         = "D3.1"',
                 'construct     = "DECISION"\ntopic         = "D3.2"', 'topic      = "D3.1"', "S3.C01",
                 "Add a question with this topic to care/03_planning/staff.toml.", PLAN),
}  # fmt: skip


def broken(twin: Twin, tmp_path: Path) -> list[Problem]:
    folder = tmp_path / "questionnaires"
    shutil.copytree(FOLDER, folder)
    path = folder / twin.file
    text = path.read_text("utf-8")
    assert twin.old in text, "the twin no longer fits the file"
    path.write_text(text.replace(twin.old, twin.new, 1), "utf-8")
    return read.library(folder).problems


def line_of(folder: Path, file: str, at: str) -> int:
    """The line of the n-th appearance of a text: 'text#n', by default the first."""
    sought, _, number = at.partition("#")
    lines = (folder / file).read_text("utf-8").split("\n")
    return [n for n, line in enumerate(lines, 1) if sought in line][int(number or 1) - 1]


@pytest.mark.parametrize("name", TWINS)
def test_a_broken_file_is_told_what_where_and_how(name: str, tmp_path: Path) -> None:
    twin = TWINS[name]

    problems = broken(twin, tmp_path)

    assert {problem.code for problem in problems} == {twin.code}, [str(one) for one in problems]
    told = [one for one in problems if one.question == twin.question]
    assert told
    assert all(twin.cure in str(one) for one in told), [str(one) for one in told]
    if twin.at:
        file = twin.place or twin.file
        line = line_of(tmp_path / "questionnaires", file, twin.at)
        assert {(one.file, one.line) for one in problems} == {(file, line)}


def test_every_rule_that_a_file_can_show_has_a_twin_or_a_test_of_its_own() -> None:
    of_their_own = {"R16", "R20", "R24"}
    seen = {twin.code for twin in TWINS.values()} | of_their_own | set(rules.ELSEWHERE)
    assert {f"R{number}" for number in range(1, 26)} <= seen


def test_two_ideas_are_a_warning_at_sixteen_and_an_error_before(tmp_path: Path) -> None:
    assert [one.warning for one in broken(TWINS["R9 warning"], tmp_path)] == [True]
    assert [one.warning for one in broken(TWINS["R9"], tmp_path / "younger")] == [False]


def test_without_a_practice_question_no_scale_is_asked(tmp_path: Path) -> None:
    folder = tmp_path / "questionnaires"
    shutil.copytree(FOLDER, folder)
    (folder / "practice.toml").unlink()

    problems = read.library(folder).problems

    assert {problem.code for problem in problems} == {"E328", "R16"}
    assert {one.file for one in problems if one.code == "E328"} == {"practice.toml"}


def test_a_pair_that_is_not_returned_is_told_on_both_sides(tmp_path: Path) -> None:
    problems = broken(Twin("E330", STAFF, '"S3.C05"', '"S3.C06"', "", "", ""), tmp_path)

    assert {problem.code for problem in problems} == {"E330"}
    assert {problem.question for problem in problems} == {"S3.C05", "S3.P1"}


def test_a_circle_of_conditions_is_shown(tmp_path: Path) -> None:
    old = 'id         = "S3.C12"'
    text = 'relevant = "${S3.C12} = \'2\'"\nid         = "S3.C11"'
    folder = tmp_path / "questionnaires"
    shutil.copytree(FOLDER, folder)
    path = folder / PLAN
    content = path.read_text("utf-8").replace('id         = "S3.C11"', text)
    path.write_text(content.replace(old, f"relevant = \"${{S3.C11}} = '2'\"\n{old}"), "utf-8")

    told = [str(problem) for problem in read.library(folder).problems]

    assert any("S3.C11 → S3.C12 → S3.C11" in line for line in told)


def test_an_assent_screen_is_short() -> None:
    group = read.library(FOLDER).age_groups["10-12"]

    assert not list(rules.r20_assent("word " * 120, group, "assent"))
    told = list(rules.r20_assent("word " * 121, group, "assent", 3))
    assert str(told[0]) == "assent:3: the assent has 121 words, at most 120 at 10-12. Shorten it."


def test_a_problem_reads_as_one_sentence_with_its_place() -> None:
    problem = Problem("care/03_planning/child.toml", 41, "E314", "S3.C01", "option 'LEARN' appears twice",
                      "Rename or remove one.")  # fmt: skip
    assert str(problem) == (
        "care/03_planning/child.toml:41, question S3.C01: option 'LEARN' appears twice. Rename or remove one."
    )
