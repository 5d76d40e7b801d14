"""Coders of interviews: alpha against Krippendorff's own examples and the package of his name; challenges by hand."""

import dataclasses
import doctest
import sys
from pathlib import Path

import krippendorff as package
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up
import oracles

from analysis import coders, raters, tables

FIVE = [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_four_levels_are_krippendorffs_own(level, published):
    """O13, Krippendorff 2011, example C."""
    assert coders.krippendorff(oracles.RAW4, FIVE, level).estimate == pytest.approx(published, abs=5e-4)


def test_binary_data_and_three_coders_are_the_published_ones():
    """O14: Krippendorff 2011, example A .095; three coders .691 nominal, .811 interval."""
    three = np.array(oracles.CODERS).T

    assert coders.krippendorff(np.array(oracles.BINARY).T, [0, 1]).estimate == pytest.approx(0.095, abs=5e-4)
    assert coders.krippendorff(three, [1, 2, 3, 4]).estimate == pytest.approx(0.691, abs=5e-4)
    assert coders.krippendorff(three, [1, 2, 3, 4], "interval").estimate == pytest.approx(0.811, abs=5e-4)


@st.composite
def ratings(draw):
    units, people = draw(st.integers(3, 25)), draw(st.integers(2, 5))
    code = st.sampled_from([1.0, 2.0, 3.0, 4.0, np.nan])
    found = np.array(draw(st.lists(code, min_size=units * people, max_size=units * people))).reshape(units, people)
    twice = found[(~np.isnan(found)).sum(axis=1) >= 2]
    assume(len(np.unique(twice[~np.isnan(twice)])) > 1)
    return found


@given(ratings(), st.sampled_from(coders.LEVELS))
@settings(max_examples=120, deadline=None)
def test_alpha_is_that_of_the_package_with_any_gaps(found, level):
    theirs = package.alpha(reliability_data=found.T, level_of_measurement=level, value_domain=[1.0, 2.0, 3.0, 4.0])

    assert coders.krippendorff(found, [1.0, 2.0, 3.0, 4.0], level).estimate == pytest.approx(theirs, abs=1e-9)


@given(ratings())
@settings(max_examples=40, deadline=None)
def test_nominal_alpha_is_that_of_the_linearised_one(found):
    options = [1.0, 2.0, 3.0, 4.0]

    assert coders.krippendorff(found, options).estimate == pytest.approx(raters.krippendorff(found, options).estimate)


@given(ratings(), st.sampled_from(["nominal", "ordinal"]))
@settings(max_examples=30, deadline=None)
def test_it_does_not_matter_who_coded_first_or_in_which_order(found, level):
    options = [1.0, 2.0, 3.0, 4.0]
    same = coders.krippendorff(found[::-1, ::-1], options, level).estimate

    assert coders.krippendorff(found, options, level).estimate == pytest.approx(same)


def test_the_interval_leaves_out_each_unit_by_hand():
    rated = oracles.RAW4[:11]  # the twelfth unit was coded once and is no unit here

    found = coders.krippendorff(oracles.RAW4, FIVE, "ordinal")
    left_out = np.array(
        [coders.krippendorff(np.delete(np.array(rated, float), i, axis=0), FIVE, "ordinal").estimate for i in range(11)]
    )
    se = np.sqrt(10 / 11 * ((left_out - left_out.mean()) ** 2).sum())

    assert found.se == pytest.approx(se)
    assert found.low == pytest.approx(found.estimate - stats.t.ppf(0.975, 10) * se)
    assert (found.n, found.clusters, found.high <= 1) == (11, 11, True)
    assert "11 units" in found.method


def test_one_code_throughout_and_nothing_coded_twice_have_a_reason_and_no_number():
    constant, single = coders.krippendorff([[1, 1], [1, 1]], [1, 2]), coders.krippendorff([[1, np.nan]], [1, 2])

    assert np.isnan(constant.estimate) and "one single answer" in constant.reason
    assert np.isnan(single.estimate) and single.reason == "no pairs to compare"
    assert coders.krippendorff([[1, 2]], [1, 2]).reason == "one unit only: no interval"


def test_bad_levels_codes_and_columns_are_refused_in_a_sentence():
    good = pd.DataFrame({"unit": [1], "coder": ["a"], "code": ["FIN"]})

    with pytest.raises(ValueError, match="level must be one of nominal"):
        coders.krippendorff([[1, 2]], [1, 2], "metric")
    with pytest.raises(ValueError, match="numbers; use nominal"):
        coders.krippendorff([["a", "b"]], ["a", "b"], "interval")
    with pytest.raises(ValueError, match="codings, row 1: 'FIN' is not on the list"):
        coders.per_code(good, ["DOC"])
    with pytest.raises(ValueError, match="no column 'coder'"):
        coders.per_code(good.drop(columns="coder"), ["FIN"])


def test_every_code_of_a_list_is_a_question_of_its_own():
    random = np.random.default_rng(1)
    seen = random.random((40, 2, 3)) < 0.4
    seen[:30, 1] = seen[:30, 0]
    rows = [
        (unit, "ab"[coder], code)
        for unit in range(40)
        for coder in range(2)
        if not (unit == 39 and coder)  # the second coder did not have the last one
        for code in ([c for c, there in zip("XYZ", seen[unit, coder], strict=True) if there] or [""])
    ]
    codings = pd.DataFrame(rows, columns=["unit", "coder", "code"])

    found = coders.per_code(codings, list("XYZ")).set_index("code")

    for i, code in enumerate("XYZ"):
        by_hand = seen[:, :, i].astype(float)
        by_hand[39, 1] = np.nan
        theirs = package.alpha(reliability_data=by_hand.T, level_of_measurement="nominal")
        assert found.loc[code, "estimate"] == pytest.approx(theirs)
        assert (found.loc[code, "used"], found.loc[code, "n"]) == (np.nansum(by_hand), 39)
    assert coders.double_coded(codings).estimate == pytest.approx(39 / 40)


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    rows = made_up.rows(children=40, coordinators=5, stages=2)
    random = np.random.default_rng(2)
    for stage in ("S1", "S2"):
        rows["questions"].append(made_up._question(f"{stage}.O1", stage, "staff", "OBSTACLES", "", "", ""))
    for of in rows["rounds"]:
        ticked = " ".join(c for c in coders.CHALLENGES if random.random() < 0.3) or "NONE"
        missing = "SK" if random.random() < 0.1 else ""
        key = {"round": of["round"], "child": of["child"], "stage": of["stage"], "staff": of["coordinator"]}
        answer = {"question": f"{of['stage']}.O1", "construct": "OBSTACLES", "code": "" if missing else ticked}
        rows["staff_answers"].append({**key, **answer, "missing": missing})
    rows["questions"].append(made_up._question("IC.12a", "", "staff", "CHALLENGE", "", "", "WEIGHT3"))
    for i, (weight, challenge) in enumerate([("2", "FIN"), ("0", "DOC"), ("", "CUL")]):
        asked = {"interview": "i-1", "staff": "p-1", "role": "coordinator", "site": "NORTH"}
        rows["interviews"].append(
            {**asked, "question": f"IC.12a.{challenge}", "code": weight, "missing": "DK" if i == 2 else ""}
        )
    return rows, tables.read(made_up.write(tmp_path_factory.mktemp("export"), rows))


def test_challenges_are_those_counted_by_hand(export):
    rows, read = export
    forms = [a for a in rows["staff_answers"] if a["construct"] == "OBSTACLES" and a["code"]]

    found = coders.challenges(read).set_index(["group", "challenge"])

    assert len(found) == 12
    for (stage, challenge), row in found.iterrows():
        here = [a for a in forms if a["stage"] == stage]
        assert row["n"] == len(here)
        assert row["hits"] == sum(challenge in a["code"].split() for a in here)
        assert row["estimate"] == pytest.approx(row["hits"] / row["n"])
        assert (row["clusters"], row["low"] <= row["estimate"] <= row["high"]) == (5, True)


def test_challenges_can_be_counted_by_site(export):
    _, read = export

    assert set(coders.challenges(read, by="site")["group"]) == {"NORTH", "SOUTH"}


def test_a_challenge_nobody_knows_is_refused(export):
    _, read = export
    changed = dataclasses.replace(read, staff_answers=read.staff_answers.assign(code="MOON"))

    with pytest.raises(ValueError, match="'MOON' is not one of the six"):
        coders.challenges(changed)


def test_difficulty_keeps_answers_and_codes_apart(export):
    _, read = export

    found = coders.difficulty(read)

    assert (found.loc["FIN", "2"], found.loc["DOC", "0"], found.loc["CUL", "DK"], int(found.sum().sum())) == (
        1,
        1,
        1,
        3,
    )
    assert list(found.index) == list(coders.CHALLENGES)


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(coders).failed == 0
