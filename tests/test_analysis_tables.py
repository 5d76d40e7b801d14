"""An export that somebody edited by hand gets sentences with place and cure, never a stack trace."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis import tables


def small():
    return made_up.rows(children=4, coordinators=2, stages=1)


def problems(folder):
    with pytest.raises(tables.BadExport) as error:
        tables.read(folder)
    return str(error.value)


def test_a_good_export_is_read_and_codes_stay_text(tmp_path):
    found = tables.read(made_up.write(tmp_path, small()))

    assert set(found.topics.loc[found.topics["topic"] == "D1.2", "option"]) == {"0", "1", "2"}
    assert found.options("D1.1") == ["PARENTS", "KIN", "FOSTER", "VILLAGE", "OTHER"]
    assert (found.kind, found.edited) == ("csv", ())


def test_parquet_holds_the_same_tables_as_csv(tmp_path):
    made = small()
    from_csv = tables.read(made_up.write(tmp_path / "csv", made))
    made_up.write(tmp_path / "parquet", made)
    for name, frame in made_up.frames(made).items():
        typed = frame.assign(**{c: frame[c].astype(int) for c in ("n", "position") if c in frame})
        typed = typed.assign(**{c: frame[c] == "1" for c in ("shared", "told", "closed") if c in frame})
        typed.replace({"days_to_told": {"": None}}).to_parquet(tmp_path / "parquet" / f"{name}.parquet")
        (tmp_path / "parquet" / f"{name}.csv").unlink()

    from_parquet = tables.read(tmp_path / "parquet")

    assert from_parquet.kind == "parquet"
    for name in made:
        assert getattr(from_parquet, name).equals(getattr(from_csv, name)), name


SPOILED = {
    "a missing code nobody knows": (
        lambda m: m["answers"][0].update(code="", missing="DKK"),
        "answers.csv, row 2, column missing: 'DKK': is not one of DK IDM SK NA NR.",
    ),
    "an answer that is both given and missing": (
        lambda m: m["answers"][1].update(code="1", missing="DK"),
        "answers.csv, row 3, column code: '1': exactly one of code and missing must be filled, both are.",
    ),
    "an answer that is neither given nor missing": (
        lambda m: m["answers"][1].update(code="", missing=""),
        "answers.csv, row 3, column code: '': exactly one of code and missing must be filled, neither is.",
    ),
    "a child of no table": (
        lambda m: m["rounds"][2].update(child="c-99"),
        "rounds.csv, row 4, column child: 'c-99': is not in the table children.",
    ),
    "a key used twice": (
        lambda m: m["children"].append(m["children"][0]),
        "children.csv, row 6, column child: 'c-0': this key stands there twice. Remove one row or export again.",
    ),
    "two decisions on one topic": (
        lambda m: m["decisions"].append(m["decisions"][0]),
        "column topic: 'D1.1': round + topic stand together twice.",
    ),
    "a month that is a date": (
        lambda m: m["rounds"][0].update(opened="2026-03-14"),
        "rounds.csv, row 2, column opened: '2026-03-14': is not a month like 2026-03.",
    ),
    "a thirteenth month": (lambda m: m["rounds"][0].update(opened="2026-13"), "is not a month like 2026-03."),
    "yes instead of 1": (
        lambda m: m["decisions"][0].update(told="yes"),
        "decisions.csv, row 2, column told: 'yes': is not 1 (yes) or 0 (no).",
    ),
    "days in words": (lambda m: m["decisions"][0].update(days_to_told="three"), "'three': is not a whole number."),
    "a decision that is no option of its topic": (
        lambda m: m["decisions"][0].update(decision="MOON"),
        "decisions.csv, row 2, column decision: 'MOON': is not an option of this row's topic.",
    ),
    "a wish that is no option of its question": (
        lambda m: m["answers"][0].update(code="MOON", missing=""),
        "answers.csv, row 2, column code: 'MOON': is not an answer this question offers.",
    ),
    "a reason of no list": (
        lambda m: m["decisions"][0].update(reasons="SAFETY BOREDOM"),
        "'SAFETY BOREDOM': one of the codes is not in the table reasons.",
    ),
    "an empty coordinator": (
        lambda m: m["rounds"][0].update(coordinator=""),
        "rounds.csv, row 2, column coordinator: '': the cell is empty and must not be.",
    ),
    "a stage that is not there": (
        lambda m: m["rounds"][0].update(stage="S9"),
        "'S9': is not one of S1 S2 S3 S4 S5 S6 R G.",
    ),
    "days until a child was told who was not told": (
        lambda m: m["decisions"][0].update(told=0, days_to_told=3),
        "decisions.csv, row 2, column days_to_told: '3': the child was not told (told is 0), so days_to_told must be",
    ),
    "a child told after nobody knows how many days": (
        lambda m: m["decisions"][0].update(told=1, days_to_told=""),
        "row 2, column days_to_told: '': the child was told (told is 1), so days_to_told must be filled.",
    ),
    "a child told before the decision": (
        lambda m: m["decisions"][0].update(told=1, days_to_told=-2),
        "row 2, column days_to_told: '-2': the child cannot be told before the decision: days_to_told is below 0.",
    ),
    **{
        f"the child of another round in {name}": (
            lambda m, name=name: m[name][0].update(child="c-3"),
            f"{name}.csv, row 2, column child: 'c-3': is not the child of this row's round.",
        )
        for name in ("visits", "answers", "views", "decisions", "staff_answers")
    },
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_spoiled_cell_is_named_with_its_place(what, tmp_path):
    change, expected = SPOILED[what]

    assert expected in problems(made_up.write(tmp_path, small(), change))


def test_every_problem_is_collected_and_the_message_stops_at_fifty(tmp_path):
    made = made_up.rows(children=12, coordinators=2, stages=6)
    for answer in made["answers"]:
        answer["missing"] = "OH"

    message = problems(made_up.write(tmp_path, made))

    assert message.count("\n") == 50
    assert message.splitlines()[-1].startswith("… and ")


def test_a_value_is_shown_short_and_harmless(tmp_path):
    message = problems(made_up.write(tmp_path, small(), lambda m: m["rounds"][0].update(stage="\x1b[31m" + "x" * 500)))

    assert "\x1b" not in message
    assert "\\x1b[31mxxx" in message
    assert len(message.splitlines()[0]) < 170


def test_files_that_are_missing_ragged_or_not_text_are_named(tmp_path):
    folder = made_up.write(tmp_path, small())
    (folder / "views.csv").unlink()
    (folder / "sites.csv").write_bytes(b"site,country\n\xff\xfe,RU\n")
    (folder / "reasons.csv").write_text("reason,label,kind\nA,b\n")
    (folder / "refusals.csv").write_text("")
    (folder / "topics.csv").write_text((folder / "topics.csv").read_text().replace("scale", "kind", 1))

    message = problems(folder)

    assert "views.csv: is missing." in message
    assert "sites.csv: is not UTF-8 text." in message
    assert "reasons.csv, row 2: 2 cells where the header has 3." in message
    assert "refusals.csv: is empty: not even a header row." in message


def test_a_file_saved_with_semicolons_gets_one_sentence(tmp_path):
    folder = made_up.write(tmp_path, small())
    decisions = folder / "decisions.csv"
    decisions.write_text(decisions.read_text().replace(",", ";"))

    message = problems(folder)

    assert message == "decisions.csv: the file is separated by semicolons; save it with commas. Or export again."


def test_a_lost_column_is_named(tmp_path):
    folder = made_up.write(tmp_path, small())
    (folder / "topics.csv").write_text((folder / "topics.csv").read_text().replace("scale", "kind", 1))

    assert "topics.csv, column scale: the column stands there 0 times, once is needed." in problems(folder)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "synthetic": "yes"}'])
def test_the_report_must_know_whether_children_are_real(text, tmp_path):
    folder = made_up.write(tmp_path, small())
    (folder / "about.json").write_text(text)

    assert problems(folder).startswith("about.json: ")


def test_a_folder_that_is_not_there(tmp_path):
    assert "is not a folder. Give the folder that `heard export` wrote." in problems(tmp_path / "nothing")


def test_a_file_changed_after_the_export_is_noticed(tmp_path):
    folder = made_up.write(tmp_path, small())
    sites = folder / "sites.csv"
    sites.write_text(sites.read_text().replace("KE", "UG"))

    assert tables.read(folder).edited == ("sites.csv",)
    assert json.loads((folder / "about.json").read_text())["synthetic"] is True
