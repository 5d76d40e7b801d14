"""What must not leave: children alone in their group, free text, doubles; what a reader must know of versions."""

import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis import __main__ as command
from analysis.out import checks, csv, privacy
from analysis.out.coarsen import coarsen
from analysis.out.gather import gather
from analysis.tables import BadExport


def small():
    return made_up.rows(children=8, coordinators=2, stages=1)


def spoiled(folder, change):
    with pytest.raises(BadExport) as error:
        checks.refuse(gather(made_up.write(folder, small(), change)))
    return str(error.value)


def alike(made, children=6):
    """Everybody of one site, sex, age group, month and language, but for one child."""
    for table in ("children", "rounds", "visits", "answers"):
        for row in made[table]:
            row.update({"site": "NORTH"} | ({"sex": "F"} if table == "children" else {"age_group": "10-12"}))
    made["children"][0]["sex"] = "M"


def test_a_good_export_has_nothing_against_it(tmp_path):
    found = gather(made_up.write(tmp_path, small()))

    assert list(checks.problems(found)) == []
    assert checks.notes(found) == []


def test_words_in_the_place_of_a_code_are_free_text(tmp_path):
    def write(made):
        made["questions"].append(made_up._question("S1.X", "S1", "child", "X", "", "", ""))
        made["answers"][0].update(question="S1.X", code="I miss my mother", missing="")

    assert spoiled(tmp_path, write) == (
        "answers.csv, row 2, column code: 'I miss my mother': E807: is not a code but words; free text needs an "
        "approval to leave. Correct the cell or export again."
    )


def test_answers_to_open_and_sealed_questions_stay(tmp_path):
    def write(made):
        made["questions"].append(
            {**made_up._question("S1.S", "S1", "child", "X", "", "", "X3"), "seen_by": "safeguarding"}
        )
        made["answers"][1].update(question="S1.S", code="1", missing="")

    assert "answers.csv, row 3, column question: 'S1.S': E807: answers to this question are free text or sealed" in (
        spoiled(tmp_path, write)
    )


def test_a_column_nobody_agreed_on_stays(tmp_path):
    folder = made_up.write(tmp_path, small())
    place = folder / "rounds.csv"
    frame = pd.read_csv(place, dtype=str, keep_default_na=False).assign(diagnosis="")
    frame.to_csv(place, index=False)

    with pytest.raises(BadExport, match=r"rounds.csv, row 1, column diagnosis: .* E807: .* Remove the column."):
        checks.refuse(gather(folder))


def test_a_number_for_a_missing_answer_is_not_an_answer(tmp_path):
    def write(made):
        made["questions"].append(made_up._question("IC.1", "", "staff", "X", "", "", "X3"))
        row = {"interview": "i-1", "staff": "p-1", "role": "coordinator", "site": "", "question": "IC.1", "missing": ""}
        made["interviews"] = [{**row, "code": "99"}]

    assert "interviews.csv, row 2, column code: '99': E804: looks like a number for a missing answer" in (
        spoiled(tmp_path, write)
    )


def test_an_ordinal_list_out_of_order_is_refused(tmp_path):
    def write(made):
        next(row for row in made["topics"] if row["topic"] == "D1.2")["position"] = 4

    assert "E804: the positions of a topic's options must be 1, 2, … in order" in spoiled(tmp_path, write)


def test_a_pseudonym_that_differs_in_a_capital_only_is_a_double(tmp_path):
    def write(made):
        made["children"].append({**made["children"][3], "child": "C-3"})

    assert "children.csv, row 10, column child: 'C-3': E806: this pseudonym stands there twice" in (
        spoiled(tmp_path, write)
    )


def test_the_same_pseudonym_twice_is_refused_when_read(tmp_path):
    with pytest.raises(BadExport, match=r"children.csv, row 10, column child: 'c-0': this key stands there twice"):
        gather(made_up.write(tmp_path, small(), lambda made: made["children"].append(made["children"][0])))


def versions(made, source):
    for i, row in enumerate(made["visits"]):
        row.update(version=str(1 + i % 2), digest=("aa", "bb")[i % 2])
    counts = dict.fromkeys(("texts", "reviewed"), 9) | dict.fromkeys(("tried", "draft", "stale"), 0)
    made["languages"] = [
        {"questionnaire": "care.planning.child", "version": v, "digest": d, "language": "ru", "source": s, **counts}
        for v, d, s in (("1", "aa", "s1"), ("2", "bb", source))
    ]


def test_mixed_versions_with_other_questions_are_told(tmp_path):
    found = gather(made_up.write(tmp_path, small(), lambda made: versions(made, "s2")))

    assert checks.notes(found) == [
        "E805: care.planning.child was on screens in the versions 1 (aa), 2 (bb), whose questions differ. Compare "
        "within a version (visits.version, visits.digest), or say which questions stayed the same."
    ]


def test_versions_that_differ_in_translations_only_are_told_as_such(tmp_path):
    found = gather(made_up.write(tmp_path, small(), lambda made: versions(made, "s1")))

    assert checks.notes(found) == [
        "care.planning.child was on screens in the editions 1 (aa), 2 (bb): the same questions, other translations."
    ]


def test_a_file_edited_after_the_export_is_told(tmp_path):
    folder = made_up.write(tmp_path, small())
    place = folder / "refusals.csv"
    place.write_text(place.read_text(encoding="utf-8").replace("5", "10"), encoding="utf-8")

    assert checks.notes(gather(folder)) == [
        "refusals.csv was changed after the export: its checksum in about.json no longer fits."
    ]


def by_hand(known, quasi):
    """k, counted without pandas: the children of every combination, in a set."""
    groups = defaultdict(set)
    for row in known.to_dict("records"):
        groups[tuple(row[name] for name in quasi)].add(row["child"])
    return min(map(len, groups.values())), groups


ROWS = st.lists(
    st.tuples(*(st.sampled_from(letters) for letters in ("abcdef", "XY", "FM", "12"))), min_size=1, max_size=40
)


@settings(deadline=None)
@given(ROWS, st.integers(1, 5))
def test_k_is_the_number_of_children_in_the_smallest_group(rows, least):
    known = pd.DataFrame(rows, columns=["child", "site", "sex", "month"])
    quasi = ["site", "sex", "month"]
    k, groups = by_hand(known, quasi)

    found = privacy.anonymity(known, quasi, least)

    small = {group for group, children in groups.items() if len(children) < least}
    assert found.k == k
    assert found.under == sum(row[1:] in small for row in rows)
    assert found.children == len({row[0] for row in rows if row[1:] in small})


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_making_a_variable_coarser_never_lowers_k(rows):
    known = pd.DataFrame(rows, columns=["child", "site", "sex", "age_group"])
    known = known.assign(month="2026-01", language="en", stage="S1")
    before = privacy.anonymity(known)

    for _, _, after in privacy.effects(known, {}, 5):
        assert after.k >= before.k
        assert after.under <= before.under


def test_two_rounds_of_one_child_do_not_make_two_children():
    known = pd.DataFrame({"child": ["a", "a", "b"], "site": ["X", "X", "Y"]})

    assert privacy.anonymity(known, ["site"], 2)[:4] == (1, 3, 3, 2)


def test_months_become_quarters_and_years_and_the_empty_cell_stays_empty():
    known = pd.DataFrame({"month": ["2026-03", "2026-04", ""], "age_group": ["13-15", "16-17", ""]})

    assert privacy.coarsened(known, {"month": "quarter"})["month"].tolist() == ["2026-Q1", "2026-Q2", ""]
    assert privacy.coarsened(known, {"month": "year"})["month"].tolist() == ["2026", "2026", ""]
    assert privacy.coarsened(known, {"age_group": "two"})["age_group"].tolist() == ["13-17", "13-17", ""]


def test_a_step_that_does_not_exist_names_those_that_do():
    with pytest.raises(ValueError, match="E801: month has no step 'decade'; there are: quarter, year, dropped"):
        privacy.coarse("month", "decade")
    with pytest.raises(ValueError, match="E801: 'name' cannot be made coarser; there are: month,"):
        privacy.coarse("name", "dropped")
    with pytest.raises(ValueError, match="E801: 'shoe' is no quasi-identifier"):
        privacy.anonymity(pd.DataFrame({"child": ["a"]}), ["shoe"])


def test_children_who_are_alone_are_refused_with_what_would_help(tmp_path, capsys):
    folder = made_up.write(tmp_path / "e", small(), alike)
    out = str(tmp_path / "o")

    assert command.run(["convert", str(folder), "-o", out, "--to", "csv", "--k", "5"]) == 65

    said = capsys.readouterr().err
    assert said == (
        "E808: k is 1 for site, sex, age_group, stage, month, language: 1 of 8 rounds (1 children) are shared by fewer "
        "than 5 children; 1 children are alone by all their rounds together.\n"
        "What would help, one after the other:\n"
        "  --coarsen sex=dropped: k becomes 8, 0 rounds are still shared by too few\n"
    )
    assert not Path(out).exists()
    assert command.run(["convert", str(folder), "-o", out, "--to", "csv", "--k", "5", "--coarsen", "sex=dropped"]) == 0


def test_a_coarser_export_holds_nothing_finer_in_any_table(tmp_path):
    found = gather(made_up.write(tmp_path / "e", small()))

    csv.write(coarsen(found, {"month": "year", "site": "dropped", "sex": "dropped"}), tmp_path / "o")

    for file in (tmp_path / "o").glob("*.csv"):
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
        for column in {"month", "opened"} & set(frame.columns):
            assert frame[column].str.fullmatch(r"(\d{4})?").all(), (file.name, column)
        for column in {"site", "sex"} & set(frame.columns):
            assert (frame[column] == "").all(), (file.name, column)


def test_check_says_k_and_the_effect_of_every_step(tmp_path, capsys):
    folder = made_up.write(tmp_path, small(), alike)

    assert command.run(["check", str(folder)]) == 65
    said = capsys.readouterr().out

    assert "k is 1 for site, sex, age_group, stage, month, language: 1 of 8 rounds" in said
    assert "  --coarsen sex=dropped        k = 8    rounds shared by too few: 0 of 8" in said
    assert command.run(["check", str(folder), "--coarsen", "sex=dropped"]) == 0


def test_a_bundle_is_not_made_coarser(tmp_path, capsys):
    folder = made_up.write(tmp_path / "e", small())

    assert (
        command.run(["convert", str(folder), "-o", str(tmp_path / "o"), "--to", "bundle", "--coarsen", "sex=dropped"])
        == 64
    )
    assert "it cannot be made coarser" in capsys.readouterr().err
