"""An export as datasets: names every tool takes, labels cut at a whole letter, answers as numbers."""

import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis import pairs
from analysis.out import codebook, names
from analysis.out.dataset import NUMBERS, Code, Dataset, Variable, numbers
from analysis.out.gather import gather

ARABIC = "مع والديّ"


def labelled(made):
    made["labels"] = [
        {"names": "option", "topic": "D1.1", "code": "PARENTS", "language": "ar", "label": ARABIC},
        {"names": "topic", "topic": "", "code": "D1.1", "language": "ar", "label": "مكان الرعاية"},
    ]


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    rows = made_up.rows(children=12, coordinators=3, stages=3)
    return made_up.write(tmp_path_factory.mktemp("export"), rows, labelled)


@pytest.fixture(scope="module")
def gathered(export):
    return gather(export, "ar")


def test_names_are_snake_case_and_no_two_are_alike():
    made = names.unique(["D1.1", "d1-1", "D1,1\n", "by", "1st wish", "желание", "x" * 40, "x" * 40])

    assert made == ["d1_1", "d1_1_2", "d1_1_3", "by_v", "v_1st_wish", "v", "x" * 32, "x" * 30 + "_2"]


@given(st.lists(st.text(max_size=50), max_size=20))
def test_every_name_is_one_that_spss_and_stata_take(given_names):
    made = names.unique(given_names)

    assert len(set(made)) == len(given_names)
    assert all(name[0].isalpha() and name.isascii() and len(name) <= 32 and name == name.lower() for name in made)


@given(st.text(), st.integers(4, 50))
def test_a_shortened_label_fits_and_is_a_beginning_of_the_whole(text, most):
    made = names.shortened(text, octets=most)

    assert len(made.encode("utf-8", "surrogatepass")) <= most
    assert made == text or (made.endswith("…") and text.startswith(made[:-1]))


def test_a_letter_is_never_parted_from_its_accents():
    assert names.shortened("ملفّ الطفل", letters=4) == "مل…"
    assert names.shortened("e\u0301e\u0301", letters=3) == "e\u0301…"


@given(st.text())
def test_what_no_file_can_hold_is_written_visibly_and_can_be_read_back(text):
    made = names.printable(text)

    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in made)
    assert names.original(made) == text


def test_answers_become_numbers_and_what_is_missing_stands_beside_them():
    wish = Variable("w", "", "ordinal", (Code("0", 1, "less"), Code("1", 2, "more"), Code("DK", 91, "?", True)))

    assert numbers(wish, pd.Series(["1", "DK", "0"])).tolist() == [2, 91, 1]
    assert numbers(wish, pd.Series([""])).isna().all()
    with pytest.raises(ValueError, match="w: the code '8' is not in its list"):
        numbers(wish, pd.Series(["8"]))


def test_the_five_missing_codes_have_the_numbers_91_to_95():
    assert NUMBERS == {"DK": 91, "IDM": 92, "SK": 93, "NA": 94, "NR": 95}


def test_the_wide_table_says_the_same_as_one_row_per_wish(gathered):
    wide = gathered.named("wide").frame.set_index("round")
    long = pairs.preference(gathered.tables)

    for topic, rows in long.groupby("topic"):
        column = f"_{topic.lower().replace('.', '_')}"
        rows = rows.set_index("round")
        assert (wide.loc[rows.index, f"d{column}"] == rows["D"]).all()
        told = rows["W"].where(rows["W"] != "", rows["W_missing"].where(rows["W_missing"] != "NV", ""))
        assert (wide.loc[rows.index, f"w{column}"] == told).all()
        assert (wide.drop(rows.index)[f"w{column}"] == "").all()


def test_child_and_staff_stand_side_by_side_in_the_wide_table(gathered):
    wide = gathered.named("wide").frame.set_index("round")
    rows = pairs.perception(gathered.tables).query("question == 'S1.C.INFO'").set_index("round")

    assert (wide.loc[rows.index, "c_s1_c_info"] == rows["C"]).all()
    assert (wide.loc[rows.index, "p_s1_p_info"] == rows["P"]).all()


def test_options_are_numbered_in_the_order_of_their_list(gathered):
    one = next(one for one in gathered.named("wide").variables if one.name == "w_d1_1")

    assert [(code.code, code.number) for code in one.codes[:5]] == list(
        zip(["PARENTS", "KIN", "FOSTER", "VILLAGE", "OTHER"], range(1, 6), strict=True)
    )
    assert [code.number for code in one.missing] == [91, 92, 93, 94, 95]
    assert one.codes[0].label == ARABIC


def test_labels_a_language_lacks_are_in_english(gathered):
    one = next(one for one in gathered.named("wide").variables if one.name == "w_d1_1")

    assert one.codes[1].label == "kin"


def test_answers_have_their_place_in_the_list_as_a_number(gathered):
    answers = next(one for one in gathered.numbered() if one.name == "answers").frame
    wish = answers[answers["topic"] == "D1.1"]
    order = dict(zip(["PARENTS", "KIN", "FOSTER", "VILLAGE", "OTHER"], "12345", strict=True))

    expected = wish["code"].map(order).fillna(wish["missing"].map(NUMBERS).map("{:.0f}".format, na_action="ignore"))
    assert (wish["answer"] == expected).all()


def test_a_question_with_several_ticks_has_no_number(tmp_path):
    def tick(made):
        made["staff_answers"] += [
            {**made["staff_answers"][0], "question": "S1.O1", "code": "GATE DOC", "round": "r-0"},
            {**made["staff_answers"][0], "question": "S1.O1", "code": "GATE", "round": "r-1", "child": "c-1"},
        ]
        made["questions"].append(made_up._question("S1.O1", "S1", "staff", "OBSTACLES", "", "", ""))

    found = gather(made_up.write(tmp_path, made_up.rows(children=2, coordinators=1, stages=1), tick))
    frame = next(one for one in found.numbered() if one.name == "staff_answers").frame

    assert frame.loc[frame["question"] == "S1.O1", "answer"].tolist() == ["", ""]


def test_lists_and_labels_come_from_the_tables_options_and_codebook(tmp_path):
    def asked(made):
        made["questions"].append(made_up._question("IC.1", "", "staff", "X", "", "", ""))
        row = {"interview": "i-1", "staff": "p-1", "role": "coordinator", "site": "", "missing": ""}
        made["interviews"] = [
            {**row, "question": "IC.1.FIN", "code": "MUCH"},
            {**row, "question": "IC.1", "code": "NONE"},
        ]

    folder = made_up.write(tmp_path, made_up.rows(children=2, coordinators=1, stages=1), asked)
    (folder / "options.csv").write_text(
        "question,kind,code,text_10_12,text_13_15,text_16_17,text_staff\n"
        "IC.1,row,FIN,,,,money\nIC.1,option,NONE,,,,none\nIC.1,option,MUCH,,,,much\n"
        "S1.C.INFO,option,0,,,Not at all,\nS1.C.INFO,option,1,,,A bit,\nS1.C.INFO,option,2,,,Fully,\n",
        encoding="utf-8",
    )
    (folder / "codebook.csv").write_text(
        "table,column,type,label,values\nvisits,helper,code,who sat with the child,alone nobody | carer a carer\n",
        encoding="utf-8",
    )

    found = gather(folder)

    frame = next(one for one in found.numbered() if one.name == "interviews").frame
    assert frame["answer"].tolist() == ["2", "1"]
    labels = {one.name: one for one in found.named("wide").variables}
    assert [code.label for code in labels["c_s1_c_info"].codes[:3]] == ["0 Not at all", "1 A bit", "2 Fully"]
    helper = next(one for one in found.named("visits").variables if one.name == "helper")
    assert helper.label == "who sat with the child"
    assert [code.label for code in helper.codes[:3]] == ["nobody", "a carer", "staff"]


def test_the_codebook_explains_every_column_and_every_code(gathered):
    book = codebook.frame(gathered.numbered())
    wish = book[(book["table"] == "wide") & (book["variable"] == "w_d1_1")]

    for dataset in gathered.numbered():
        assert set(book.loc[book["table"] == dataset.name, "variable"]) == set(dataset.frame.columns)
    row = wish[wish["code"] == "DK"].iloc[0]
    assert (row["number"], row["stata"], row["missing"], row["measure"]) == ("91", ".a", "1", "nominal")


def test_a_dataset_that_is_described_wrongly_is_refused():
    with pytest.raises(ValueError, match="the table x has the columns"):
        Dataset("x", "", pd.DataFrame({"a": []}), (Variable("b", ""),))
