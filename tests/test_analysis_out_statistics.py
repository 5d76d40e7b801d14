"""SPSS and Stata files, read by programs that did not write them: pandas, and R and PSPP where they are installed."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis.out import spss, stata
from analysis.out.dataset import numbers
from analysis.out.gather import gather

LONG = "Проживание в семье родственников," * 5
ARABIC = "أقارب"


def worded(made):
    made["labels"] = [
        {"names": "option", "topic": "D1.1", "code": "PARENTS", "language": "ru", "label": LONG},
        {"names": "option", "topic": "D1.1", "code": "KIN", "language": "ru", "label": ARABIC},
        {"names": "topic", "topic": "", "code": "D1.1", "language": "ru", "label": LONG + LONG},
    ]


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    rows = made_up.rows(children=40, coordinators=4, stages=2)
    return gather(made_up.write(tmp_path_factory.mktemp("export"), rows, worded), "ru")


@pytest.fixture(scope="module")
def sav(gathered, tmp_path_factory):
    place = tmp_path_factory.mktemp("spss")
    return place, spss.write(gathered, place)


@pytest.fixture(scope="module")
def dta(gathered, tmp_path_factory):
    place = tmp_path_factory.mktemp("stata")
    return place, stata.write(gathered, place)


def wish(gathered):
    one = next(one for one in gathered.named("wide").variables if one.name == "w_d1_1")
    return numbers(one, gathered.named("wide").frame["w_d1_1"])


def r(script):
    return subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True, timeout=60).stdout


def test_spss_holds_every_number_and_every_text(gathered, sav):
    for dataset in gathered.numbered():
        found, told = pyreadstat.read_sav(sav[0] / f"{dataset.name}.sav", user_missing=True)
        assert list(found.columns) == [one.name for one in dataset.variables]
        for one in dataset.variables:
            cells = dataset.frame[one.name]
            if one.numeric:
                np.testing.assert_array_equal(found[one.name].to_numpy(float), numbers(one, cells).to_numpy())
            else:
                assert found[one.name].fillna("").tolist() == cells.tolist(), (dataset.name, one.name)
            if len(cells):
                assert told.variable_measure[one.name] == one.measure


def test_spss_leaves_what_is_missing_out(gathered, sav):
    found, told = pyreadstat.read_sav(sav[0] / "wide.sav")

    assert told.missing_ranges == {} or found["w_d1_1"].max() <= 5
    assert found["w_d1_1"].count() == (wish(gathered) < 91).sum() < wish(gathered).count()


def test_spss_labels_are_cut_at_a_whole_letter_and_told(gathered, sav):
    _, told = pyreadstat.read_sav(sav[0] / "wide.sav", user_missing=True)
    label = told.variable_value_labels["w_d1_1"][1]

    assert label.endswith("…")
    assert LONG.startswith(label[:-1])
    assert 115 < len(label.encode()) <= 120
    assert told.variable_value_labels["w_d1_1"][2] == ARABIC
    cut = {(one.file, one.variable, one.code): one.label for one in sav[1]}
    assert cut["wide.sav", "w_d1_1", "PARENTS"] == LONG
    assert ("wide.sav", "w_d1_1", "") in cut
    assert len(told.column_names_to_labels["w_d1_1"].encode()) <= 256


def test_stata_holds_every_number_and_letters_for_what_is_missing(gathered, dta):
    found = pd.read_stata(dta[0] / "wide.dta", convert_categoricals=False, convert_missing=True)["w_d1_1"].astype(str)
    expected = wish(gathered)

    assert (found[expected == 91] == ".a").all()
    assert (found[expected == 93] == ".c").all()
    assert (expected >= 91).any()
    options = expected < 91
    np.testing.assert_array_equal(found[options].astype(float), expected[options])


def test_a_mean_in_stata_does_not_count_what_is_missing(gathered, dta):
    found = pd.read_stata(dta[0] / "wide.dta", convert_categoricals=False)["w_d1_1"]

    assert found.mean() == pytest.approx(wish(gathered)[wish(gathered) < 91].mean())
    assert found.mean() < 6


def test_stata_labels_fit_and_the_long_ones_are_told(gathered, dta):
    reader = pd.io.stata.StataReader(dta[0] / "wide.dta")
    with reader:
        labels = reader.variable_labels()
        values = reader.value_labels()

    assert len(labels["w_d1_1"]) <= 80
    assert labels["w_d1_1"].endswith("…")
    assert any(LONG in one.values() for one in values.values())
    assert ("wide.dta", "w_d1_1", "") in [(one.file, one.variable, one.code) for one in dta[1]]


def test_stata_texts_are_the_exported_ones(gathered, dta):
    found = pd.read_stata(dta[0] / "decisions.dta", convert_categoricals=False)

    assert found["decision"].tolist() == gathered.tables.decisions["decision"].tolist()
    assert found["told"].astype(int).astype(str).tolist() == gathered.tables.decisions["told"].tolist()


def test_the_same_export_gives_the_same_bytes_whatever_the_clock_says(gathered, sav, dta, tmp_path):
    spss.write(gathered, tmp_path)
    stata.write(gathered, tmp_path)

    for place in (sav[0], dta[0]):
        for file in place.iterdir():
            assert file.read_bytes() == (tmp_path / file.name).read_bytes(), file.name
    assert (tmp_path / "wide.sav").read_bytes()[92:109] == b"01 Nov 2600:00:00"
    assert b"<timestamp>\x1101 Nov 2026 00:00</timestamp>" in (tmp_path / "wide.dta").read_bytes()


def test_r_reads_the_spss_file_the_same(gathered, sav):
    out = r(
        f"library(haven); x <- read_sav('{sav[0]}/wide.sav', user_na = TRUE)$w_d1_1;"
        "cat(sum(!is.na(x)), sum(unclass(x) >= 91, na.rm = TRUE), attr(x, 'na_range'), names(attr(x, 'labels'))[2])"
    )

    values = wish(gathered)
    known, missing = int((values < 91).sum()), int((values >= 91).sum())
    assert out == f"{known} {missing} 91 95 {ARABIC}"


def test_r_reads_the_stata_file_the_same(gathered, dta):
    out = r(
        f"library(haven); x <- read_dta('{dta[0]}/wide.dta')$w_d1_1;"
        "cat(sum(na_tag(x) == 'a', na.rm = TRUE), sum(!is.na(x)), format(mean(x, na.rm = TRUE), digits = 10))"
    )

    values = wish(gathered)
    known = values[values < 91]
    assert out == f"{(values == 91).sum()} {len(known)} {known.mean():.10g}"


def test_pspp_declares_the_same_missing_values_and_computes_the_same_mean(gathered, sav, tmp_path):
    syntax = tmp_path / "s.sps"
    syntax.write_text(f"GET FILE='{sav[0]}/wide.sav'.\nDISPLAY DICTIONARY /VARIABLES=w_d1_1.\nDESCRIPTIVES w_d1_1.\n")

    subprocess.run(
        ["pspp", "-O", "format=csv", "-o", tmp_path / "o.csv", syntax], check=True, capture_output=True, timeout=60
    )

    out = (tmp_path / "o.csv").read_text(encoding="utf-8")
    known = wish(gathered)[wish(gathered) < 91]
    assert "91 THRU 95" in out
    assert ARABIC in out
    assert f",{len(known)},{known.mean():.2f}," in out
