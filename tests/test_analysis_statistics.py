"""What must hold for every table: symmetry, bounds, the jackknife by brute force, other programs on random tables."""

import doctest

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.stats.inter_rater import cohens_kappa

from analysis import agreement, counts, direction, perception, raters, report, uncertainty
from analysis import tables as tables_module

TWO_RATERS = [agreement.cohen, agreement.scott, agreement.gwet, agreement.brennan_prediger]


@st.composite
def tables(draw, least=0):
    k = draw(st.integers(2, 5))
    cells = draw(st.lists(st.integers(least, 30), min_size=k * k, max_size=k * k))
    table = np.array(cells, dtype=float).reshape(k, k)
    assume((table.sum(axis=0) > 0).sum() > 1 and (table.sum(axis=1) > 0).sum() > 1)
    return table


@st.composite
def pairs(draw):
    size = draw(st.integers(4, 40))
    code = st.lists(st.sampled_from("abc"), min_size=size, max_size=size)
    who = draw(st.lists(st.sampled_from("pqrst"), min_size=size, max_size=size))
    return pd.DataFrame({"W": draw(code), "D": draw(code), "who": who})


@given(tables(), st.sampled_from(["unweighted", "linear", "quadratic"]))
def test_it_does_not_matter_who_is_the_first_rater(table, weights):
    for coefficient in TWO_RATERS:
        assert coefficient(table, weights).estimate == pytest.approx(coefficient(table.T, weights).estimate)


@given(tables(), st.randoms())
def test_the_order_of_the_options_does_not_matter_without_weights(table, random):
    order = list(range(len(table)))
    random.shuffle(order)

    for coefficient in TWO_RATERS:
        assert coefficient(table).estimate == pytest.approx(coefficient(table[np.ix_(order, order)]).estimate)


@given(tables(), st.sampled_from(["unweighted", "linear", "quadratic"]))
def test_no_coefficient_is_above_one_and_equal_answers_give_one(table, weights):
    alike = np.diag(table.sum(axis=0) + 1)

    for coefficient in TWO_RATERS:
        assert coefficient(table, weights).estimate <= 1 + 1e-12
        assert coefficient(alike, weights).estimate == pytest.approx(1)


@given(tables())
def test_merging_options_never_lowers_percent_agreement(table):
    merged = np.add.reduceat(np.add.reduceat(table, [0, len(table) - 1], 0), [0, len(table) - 1], 1)

    assert agreement.percent(merged).estimate >= agreement.percent(table).estimate - 1e-12


@given(tables(least=1))
def test_kappa_and_its_error_are_those_of_statsmodels(table):
    ours, theirs = agreement.cohen(table), cohens_kappa(table)
    weighted, weighted_theirs = agreement.cohen(table, "linear"), cohens_kappa(table, wt="linear")

    assert (ours.estimate, ours.se) == pytest.approx((theirs.kappa, theirs.std_kappa))
    assert agreement.cohen_null_error(table) == pytest.approx(theirs.std_kappa0)
    assert (weighted.estimate, weighted.se) == pytest.approx((weighted_theirs.kappa, weighted_theirs.std_kappa))


@given(pairs(), st.sampled_from(["linear", "quadratic"]))
def test_kappa_is_that_of_scikit_learn(frame, weights):
    table = counts.squares(frame, "W", "D", "abc", "who").sum(axis=0)
    assume(agreement.cohen(table).reason == "")

    expected = cohen_kappa_score(frame["W"], frame["D"], labels=list("abc"))
    assert agreement.cohen(table).estimate == pytest.approx(expected)
    expected = cohen_kappa_score(frame["W"], frame["D"], labels=list("abc"), weights=weights)
    assert agreement.cohen(table, weights).estimate == pytest.approx(expected)


@given(tables(least=1))
def test_tests_of_direction_are_those_of_statsmodels_without_shifted_zeros(table):
    assume(np.triu(table, 1).any() or np.tril(table, -1).any())
    theirs = SquareTable(table.copy(), shift_zeros=False)

    assert direction.bowker(table).statistic == pytest.approx(theirs.symmetry().statistic)
    assert direction.bowker(table).p == pytest.approx(theirs.symmetry().pvalue)
    assert direction.stuart_maxwell(table).statistic == pytest.approx(theirs.homogeneity().statistic, rel=1e-6)


@given(tables())
def test_two_raters_are_a_panel_of_two(table):
    rows, columns = np.nonzero(table)
    ratings = np.repeat(np.column_stack([rows, columns]), table[rows, columns].astype(int), axis=0)
    options = list(range(len(table)))

    assert raters.gwet(ratings, options).estimate == pytest.approx(agreement.gwet(table).estimate)
    assert raters.fleiss(ratings, options).estimate == pytest.approx(agreement.scott(table).estimate)
    assert raters.conger(ratings, options).estimate == pytest.approx(agreement.cohen(table).estimate)


@settings(max_examples=60)
@given(pairs())
def test_the_jackknife_is_leaving_out_one_coordinator_after_the_other(frame):
    people = sorted(frame["who"].unique())
    assume(len(people) > 1)
    found = uncertainty.jackknife(
        counts.squares(frame, "W", "D", "abc", "who"), lambda t: agreement.percent(t).estimate
    )

    left_out = np.array([(rest["W"] == rest["D"]).mean() for rest in (frame[frame["who"] != one] for one in people)])
    g = len(people)
    expected = np.sqrt((g - 1) / g * ((left_out - left_out.mean()) ** 2).sum())

    assert (found.n, found.clusters) == (len(frame), g)
    assert found.se == pytest.approx(expected)


def test_with_one_child_per_coordinator_the_jackknife_is_the_textbook_error():
    """The delete-one jackknife of a mean is s/√n: for 30 of 50, √(.6 × .4 / 49)."""
    each = [[0.0, 1.0]] * 30 + [[1.0, 0.0]] * 20

    assert uncertainty.jackknife(each, counts.share).se == pytest.approx(np.sqrt(0.6 * 0.4 / 49))


@pytest.mark.parametrize("coefficient", TWO_RATERS)
def test_two_who_always_say_the_same_single_thing_cannot_be_judged(coefficient):
    found = coefficient([[12, 0], [0, 0]])

    assert np.isnan(found.estimate)
    assert "single answer" in found.reason


def test_a_panel_that_always_says_the_same_cannot_be_judged():
    for coefficient in (raters.gwet, raters.fleiss, raters.conger, raters.krippendorff, raters.brennan_prediger):
        assert np.isnan(coefficient([[1, 1], [1, 1], [1, 1]], [1, 2]).estimate)


def test_no_pairs_give_no_number_and_a_reason():
    assert np.isnan(agreement.percent(np.zeros((3, 3))).estimate)
    assert agreement.cohen(np.zeros((3, 3))).reason == "no pairs to compare"
    assert uncertainty.jackknife(np.zeros((4, 3, 3)), np.sum).reason == "nobody to count"
    assert np.isnan(direction.bowker([[3, 0], [0, 4]]).p)
    assert np.isnan(direction.stuart_maxwell([[3, 0], [0, 4]]).p)


def test_one_coordinator_gives_a_number_without_an_interval():
    found = uncertainty.jackknife([[3.0, 7.0]], counts.share)

    assert found.estimate == pytest.approx(0.7)
    assert np.isnan(found.low)
    assert "two coordinators" in found.reason


def test_tests_drop_options_nobody_used():
    """An unused option adds no degree of freedom."""
    table = [[8, 3, 0], [1, 9, 0], [0, 0, 0]]

    assert (direction.bowker(table).df, direction.stuart_maxwell(table).df) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: agreement.cohen([[1, 2, 3], [4, 5, 6]]),
        lambda: agreement.cohen([[1, -2], [3, 4]]),
        lambda: agreement.cohen([[1, 2], [3, 4]], "cubic"),
        lambda: agreement.cohen([[1, 2], [3, 4]], [[0, 1], [1, 0]]),
        lambda: agreement.indices(np.ones((3, 3))),
        lambda: raters.gwet([[1, 9]], [1, 2]),
        lambda: uncertainty.wilson(5, 3),
        lambda: uncertainty.jackknife([1.0, 2.0], counts.share),
    ],
)
def test_bad_input_raises_with_advice(wrong):
    with pytest.raises(ValueError, match=r"[:;,] \w+"):
        wrong()


@pytest.mark.parametrize("module", [agreement, counts, direction, perception, report, tables_module, uncertainty])
def test_the_examples_in_the_docstrings_are_true(module):
    assert doctest.testmod(module, extraglobs={"np": np, "pd": pd}).failed == 0
