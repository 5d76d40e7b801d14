"""Differential item functioning against R, statsmodels and planted differences."""

import doctest
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.miscmodels.tests.results import results_ordinal_model
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up
from examples import CITIES, FIVE

from analysis import dif, tables


def children(seed=1, size=400, planted=0.0, items=6):
    """Three-point answers of two languages; the first item is harder for the second by ``planted``."""
    random = np.random.default_rng(seed)
    group = np.repeat(["en", "ru"], size // 2)
    behind = random.normal(size=(size, 1)) + random.logistic(scale=0.6, size=(size, items))
    behind[:, 0] -= planted * (group == "ru")
    scores = pd.DataFrame(np.digitize(behind, [-0.7, 0.7]) / 2, columns=list("abcdef")[:items])
    return scores, group


def test_five_strata_have_the_odds_ratio_and_the_test_of_r():
    """O26, mantelhaen.test: common odds ratio 3.5912, X-squared 11.8852 with continuity correction."""
    assert dif.odds_ratio(FIVE).estimate == pytest.approx(3.5912, abs=1e-4)
    assert dif.mantel_haenszel(FIVE).statistic == pytest.approx(11.8852, abs=1e-4)


def test_eight_cities_have_the_published_values():
    """O27: 2.174; 280.138 without correction; Breslow–Day 5.200."""
    assert dif.odds_ratio(CITIES).estimate == pytest.approx(2.174, abs=5e-4)
    assert dif.mantel_haenszel(CITIES, correction=False).statistic == pytest.approx(280.138, abs=5e-4)
    assert dif.breslow_day(CITIES).statistic == pytest.approx(5.200, abs=5e-4)
    assert dif.breslow_day(CITIES).df == 7


@st.composite
def stratified(draw):
    strata = draw(st.integers(2, 6))
    cells = draw(st.lists(st.integers(1, 40), min_size=strata * 4, max_size=strata * 4))
    return np.array(cells, dtype=float).reshape(strata, 2, 2)


@given(stratified())
@settings(max_examples=40, deadline=None)
def test_everything_is_that_of_statsmodels_on_random_tables(counts):
    theirs = StratifiedTable([table.copy() for table in counts], shift_zeros=False)
    odds = dif.odds_ratio(counts)

    assert odds.estimate == pytest.approx(theirs.oddsratio_pooled)
    assert (odds.low, odds.high) == pytest.approx(theirs.oddsratio_pooled_confint())
    for correction in (True, False):
        test = theirs.test_null_odds(correction=correction)
        apart = abs((counts[:, 0, 0] - counts[:, :, 0].sum(1) * counts[:, 0].sum(1) / counts.sum((1, 2))).sum())
        assume(apart > 0.5 or not correction)  # below 1/2 we stop at 0 (as R does), they come out on the other side
        assert dif.mantel_haenszel(counts, correction).statistic == pytest.approx(test.statistic, abs=1e-9)
    assume(not np.isclose(odds.estimate, 1, atol=1e-3))
    assert dif.breslow_day(counts).statistic == pytest.approx(theirs.test_equal_odds().statistic, rel=1e-5)


@given(stratified())
def test_changing_the_groups_turns_delta_round(counts):
    ours, turned = dif.delta(counts), dif.delta(counts[:, ::-1])

    assert turned.estimate == pytest.approx(-ours.estimate)
    assert (turned.low, turned.high) == pytest.approx((-ours.high, -ours.low))


def test_strata_that_say_nothing_are_dropped_and_change_nothing():
    silent = [[[5, 3], [0, 0]], [[0, 4], [0, 6]], [[0, 0], [0, 0]]]

    assert dif.odds_ratio([*FIVE, *silent]) == dif.odds_ratio(FIVE)
    assert dif.odds_ratio([*FIVE, *silent]).clusters == 5
    assert dif.mantel_haenszel([*FIVE, *silent]) == dif.mantel_haenszel(FIVE)


def test_delta_is_on_the_scale_of_the_testing_service():
    """−2.35 ln(odds ratio); Holland and Thayer 1988."""
    assert dif.delta(CITIES).estimate == pytest.approx(-2.35 * np.log(2.174), abs=1e-3)


def test_classes_need_size_and_certainty():
    found = [(0.99, 0.001), (1.0, 0.049), (-1.49, 0.049), (-1.5, 0.049), (9, 0.05)]

    assert [dif.ets_class(size, p) for size, p in found] == ["A", "B", "B", "C", "A"]


def test_what_cannot_be_told_has_a_reason():
    none, one_sided = [[[5, 3], [0, 0]]], [[[5, 0], [3, 4]]]

    assert np.isnan(dif.odds_ratio(none).estimate) and dif.odds_ratio(none).reason == dif.NO_STRATA
    assert np.isnan(dif.odds_ratio(one_sided).estimate) and dif.odds_ratio(one_sided).reason == dif.NO_SPREAD
    assert np.isnan(dif.mantel_haenszel(none).p) and np.isnan(dif.breslow_day(none).p)
    with pytest.raises(ValueError, match="S × 2 × 2"):
        dif.odds_ratio([[1, 2], [3, 4]])
    with pytest.raises(ValueError, match="zero or more"):
        dif.delta([[[1, -2], [3, 4]]])


def test_ordinal_regression_is_that_of_r_on_the_admission_data():
    """O29, R polr: 1.04769, −0.05879, 0.61594; cuts 2.2039, 4.2994. Stata ologit, run further: 1.047664, −.0586828."""
    data = results_ordinal_model.data_store.df

    fit = dif.proportional_odds(data["apply"].cat.codes, data[["pared", "public", "gpa"]])

    assert fit.coefficients == pytest.approx([1.04769, -0.05879, 0.61594], abs=5e-4)
    assert fit.coefficients == pytest.approx([1.047664, -0.0586828, 0.6157458], abs=1e-6)
    assert fit.cuts == pytest.approx([2.2039, 4.2994], abs=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_likelihood_ratio_tests_are_those_of_statsmodels(seed):
    scores, group = children(seed, planted=0.6)
    rest, focal = scores.drop(columns="a").sum(axis=1).to_numpy(), (group == "ru").astype(float)
    middle = rest - rest.mean()
    columns = [np.column_stack(x) for x in ([middle], [middle, focal], [middle, focal, middle * focal])]

    def loglik(x):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return OrderedModel((scores["a"] * 2).astype(int), x, distr="logit").fit(method="bfgs", disp=0).llf

    one, two, three = (loglik(x) for x in columns)
    uniform, crossed = dif.logistic_dif(scores["a"], focal, rest)

    assert uniform.statistic == pytest.approx(2 * (two - one), abs=1e-3)
    assert crossed.statistic == pytest.approx(2 * (three - two), abs=1e-3)


def test_a_planted_difference_is_found_and_the_other_items_are_left_alone():
    scores, group = children(7, size=1200, planted=1.2)

    found = dif.screen(scores, group).set_index("item")

    assert found.loc["a", "ets"] == "C" and found.loc["a", "delta"] < -1.5 and found.loc["a", "uniform_p"] < 1e-4
    assert not (found.drop(index="a")["ets"] == "C").any()


def test_p_values_are_adjusted_over_the_whole_screen():
    found = dif.screen(*children(3, planted=0.5))

    assert found["p_adjusted"].tolist() == pytest.approx(multipletests(found["p"], method="fdr_bh")[1].tolist())
    assert (found["p_adjusted"] > found["p"]).any()


def test_children_are_matched_on_the_other_items_only():
    scores, group = children(4)
    rest = scores.drop(columns="b").sum(axis=1).round(9)
    by_hand = [pd.crosstab(part["g"], ~part["y"]).reindex(index=["en", "ru"], columns=[False, True], fill_value=0)
               for _, part in pd.DataFrame({"g": group, "y": scores["b"] == 1, "r": rest}).groupby("r")]  # fmt: skip

    found = dif.screen(scores, group, "en").set_index("item")

    assert found.loc["b", "odds_ratio"] == pytest.approx(dif.odds_ratio([t.to_numpy() for t in by_hand]).estimate)


def test_small_languages_get_the_reason_and_no_number():
    scores, group = children(5, size=400)
    some = np.r_[0:200, 200:299]  # 99 of the second language
    middle = np.r_[0:200, 200:350]  # 150

    small, between = dif.screen(scores.iloc[some], group[some]), dif.screen(scores.iloc[middle], group[middle])

    assert small[["delta", "p", "uniform"]].isna().all(axis=None) and (small["reason"] == dif.TOO_FEW).all()
    assert between["delta"].notna().all() and between["uniform"].isna().all()
    assert between["reason"].str.contains("no ordinal regression").all()


def test_screening_nothing_is_refused_in_a_sentence():
    scores, group = children(1, size=40)

    with pytest.raises(ValueError, match="two groups"):
        dif.screen(scores, np.full(40, "en"))
    with pytest.raises(ValueError, match="nobody of the reference 'ar'"):
        dif.screen(scores, group, "ar")


def test_the_use_of_options_keeps_every_code_apart(tmp_path):
    rows = made_up.rows(children=20, stages=1)
    for i, answer in enumerate(a for a in rows["answers"] if a["construct"] == "INFO"):
        answer["language"] = "ru" if i % 2 else "en"
        if i < 3:
            answer.update(code="", missing="DK")
    read = tables.read(made_up.write(tmp_path, rows))

    found = dif.option_use(read)

    assert found.loc[("S1.C.INFO", "DK")].tolist() == [2, 1]
    assert found.loc["S1.C.INFO"].sum().sum() == sum(a["construct"] == "INFO" for a in rows["answers"])


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(dif).failed == 0
