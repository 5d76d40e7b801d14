"""Alpha, omega and polychoric correlations against published values and other programs."""

import doctest
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.decomposition import FactorAnalysis
from statsmodels.multivariate.factor import Factor

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up
from examples import HIERARCHY, WIDE

from analysis import polychoric, scales, tables

NAN = np.nan
OLSSON = [[13, 6, 0], [69, 113, 22], [41, 132, 104]]
DRASGOW = [[58, 52, 1], [26, 58, 3], [8, 12, 9]]


def answers(seed, persons=300, items=5, strength=0.7):
    """Three-point answers with one factor behind them."""
    random = np.random.default_rng(seed)
    common = random.normal(size=(persons, 1))
    behind = strength * common + np.sqrt(1 - strength**2) * random.normal(size=(persons, items))
    return np.digitize(behind, [-0.6, 0.5]).astype(float)


def test_alpha_with_gaps_is_the_published_one():
    """O31: pingouin 0.732660835214447, [0.435, 0.909]; psych::alpha(data, use = "pairwise")."""
    found = scales.alpha(WIDE)

    assert found.estimate == pytest.approx(0.732660835214447, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((0.435, 0.909), abs=5e-4)
    assert found.n == 12


def test_alpha_of_complete_rows_is_the_published_one():
    """O31: pingouin nan_policy="listwise" 0.8016949152542373. Its interval .581 to .933 still counts all 12 persons."""
    found = scales.alpha(WIDE, missing="listwise")
    theirs = 1 - (1 - found.estimate) * stats.f.ppf([0.975, 0.025], 11, 110)

    assert found.estimate == pytest.approx(0.8016949152542373, abs=1e-12)
    assert theirs == pytest.approx([0.581, 0.933], abs=5e-4)
    assert found.n == 9
    assert (found.low, found.high) == pytest.approx(1 - (1 - found.estimate) * stats.f.ppf([0.975, 0.025], 8, 80))


def test_a_known_hierarchy_has_the_published_reliabilities():
    """O30, Jensen and Weng: alpha .76, omega hierarchical .69, omega total .80."""
    found = scales.hierarchical(HIERARCHY, [0.9, 0.8, 0.7])

    assert found == pytest.approx((0.76, 0.69, 0.80), abs=5e-3)


def test_few_point_answers_are_called_a_lower_bound_and_others_are_not():
    random = np.random.default_rng(1)

    assert scales.LOWER in scales.alpha(answers(1)).method
    assert scales.LOWER not in scales.alpha(random.normal(size=(40, 3))).method


def test_the_three_point_values_are_indeed_below_those_of_what_lies_behind():
    scores = pd.DataFrame(answers(2, persons=4000))
    true = 5 * 0.49 / (1 + 4 * 0.49)

    assert scales.omega(scores).estimate < true - 0.03
    assert scales._omega(polychoric.matrix(scores)) == pytest.approx(true, abs=0.02)


def test_known_loadings_come_back():
    given_loadings = np.array([0.9, 0.7, 0.5, 0.3, 0.6])
    correlation = np.outer(given_loadings, given_loadings)
    np.fill_diagonal(correlation, 1)

    loading, unique = scales.one_factor(correlation)

    assert loading == pytest.approx(given_loadings, abs=1e-6)
    assert unique == pytest.approx(1 - given_loadings**2, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_one_factor_is_that_of_statsmodels_and_scikit_learn(seed):
    scores = answers(seed)
    correlation = np.corrcoef(scores.T)

    loading, _ = scales.one_factor(correlation)
    theirs = Factor(corr=correlation, n_factor=1, method="ml", nobs=len(scores)).fit(rng=0).loadings[:, 0]
    whitened = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    others = FactorAnalysis(n_components=1, tol=1e-10, max_iter=5000, svd_method="lapack").fit(whitened).components_[0]

    assert loading == pytest.approx(np.abs(theirs), abs=1e-4)
    assert loading == pytest.approx(np.abs(others), abs=1e-4)


def test_omega_is_above_alpha_when_loadings_differ_and_equal_when_they_do_not():
    uneven, even = np.array([0.9, 0.8, 0.4, 0.3]), np.full(4, 0.6)

    for loading, equal in ((uneven, False), (even, True)):
        matrix = np.outer(loading, loading)
        np.fill_diagonal(matrix, 1)
        apart = scales._omega(matrix) - scales._alpha(matrix)
        assert apart == pytest.approx(0, abs=1e-6) if equal else apart > 0.01


def test_omega_does_not_depend_on_the_units_by_item_but_on_the_sum_they_make():
    scores = answers(3)
    wide = scores * np.array([1, 1, 1, 1, 10])

    loading, unique = scales.one_factor(np.corrcoef(scores.T))
    sd = wide.std(axis=0, ddof=1)
    by_hand = (sd * loading).sum() ** 2 / ((sd * loading).sum() ** 2 + (sd**2 * unique).sum())

    assert scales.omega(wide).estimate == pytest.approx(by_hand, abs=1e-9)
    assert scales.omega(wide).estimate != pytest.approx(scales.omega(scores).estimate, abs=1e-3)


@pytest.mark.parametrize("statistic", [scales.alpha, scales.omega])
@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_the_interval_leaves_out_each_coordinators_children_by_hand(statistic, missing):
    scores, random = answers(4, persons=120), np.random.default_rng(4)
    scores[random.random(scores.shape) < 0.05] = np.nan
    who = np.repeat([f"p-{i}" for i in range(8)], 15)

    found = statistic(scores, who, missing=missing)
    left_out = np.array([statistic(scores[who != one], missing=missing).estimate for one in np.unique(who)])
    se = np.sqrt(7 / 8 * ((left_out - left_out.mean()) ** 2).sum())

    assert found.estimate == pytest.approx(statistic(scores, missing=missing).estimate)
    assert found.se == pytest.approx(se)
    assert found.low == pytest.approx(found.estimate - stats.t.ppf(0.975, 7) * se)
    assert (found.clusters, found.high <= 1) == (8, True)


@given(st.integers(0, 1000), st.floats(-50, 50), st.floats(0.1, 20))
@settings(max_examples=25, deadline=None)
def test_alpha_does_not_mind_other_units_or_the_order_of_items(seed, shift, unit):
    scores = answers(seed, persons=30)

    assert scales.alpha(scores * unit + shift).estimate == pytest.approx(scales.alpha(scores).estimate, abs=1e-7)
    assert scales.alpha(scores[:, ::-1]).estimate == pytest.approx(scales.alpha(scores).estimate)


def test_where_nothing_varies_there_is_a_reason_and_no_number():
    flat, two = np.ones((10, 3)), answers(1, items=2)
    one_flat = np.column_stack([answers(1, persons=30, items=3), np.ones(30)])

    assert np.isnan(scales.alpha(flat).estimate) and scales.alpha(flat).reason == scales.FLAT
    assert np.isnan(scales.omega(two).estimate) and scales.omega(two).reason == scales.TOO_FEW_ITEMS
    assert np.isnan(scales.omega(one_flat).estimate) and scales.omega(one_flat).reason == scales.FLAT
    assert np.isnan(scales.alpha(np.full((4, 3), NAN)).estimate)


def test_a_heywood_case_has_a_reason_and_no_number():
    impossible = np.array([[1, 0.9, 0.8], [0.9, 1, 0.5], [0.8, 0.5, 1.0]])

    assert np.isnan(scales._omega(impossible))  # its first loading would be 1.2


def test_bad_scores_are_refused_with_place_and_cure():
    with pytest.raises(ValueError, match="item 'b', row 2: scores must be numbers"):
        scales.alpha(pd.DataFrame({"a": [1, 2], "b": ["1", "DK"]}))
    with pytest.raises(ValueError, match="at least two items"):
        scales.alpha([[1], [2]])
    with pytest.raises(ValueError, match="3 persons need 3 coordinators, got 2"):
        scales.alpha([[1, 2], [2, 1], [1, 1]], ["p", "q"])
    with pytest.raises(ValueError, match="pairwise or listwise"):
        scales.omega(WIDE, missing="mean")


def test_the_participation_scale_is_read_from_an_export(tmp_path):
    rows = made_up.rows(children=30, stages=2)
    next(q for q in rows["questions"] if q["question"] == "S1.C.VOICE")["scale"] = "X3/X4"
    read = tables.read(made_up.write(tmp_path, rows))

    items = scales.participation_items(read, "S1")
    said = {(a["round"], a["construct"]): a for a in rows["answers"] if a["stage"] == "S1" and not a["topic"]}

    assert list(items.scores) == list(made_up.ELEMENTS)
    assert set(items.facts["stage"]) == {"S1"}
    for (number, element), answer in said.items():
        most = 3 if element == "VOICE" and answer["age_group"] != "10-12" else 2
        assert items.scores.loc[number, element] == pytest.approx(int(answer["code"]) / most)
    assert scales.alpha(items.scores, items.facts["coordinator"]).clusters == 8


def test_polychoric_correlations_are_the_published_ones():
    """Olsson 1979: rho .49; R: polychoric(x, correct = FALSE). Drasgow's table: .420, two-step."""
    olsson, drasgow = np.array(OLSSON), np.array(DRASGOW)

    assert polychoric.polychoric(olsson) == pytest.approx(0.49, abs=5e-3)
    assert polychoric.thresholds(olsson.sum(axis=1)) == pytest.approx([-1.77, -0.14], abs=5e-3)
    assert polychoric.thresholds(olsson.sum(axis=0)) == pytest.approx([-0.69, 0.67], abs=5e-3)
    assert polychoric.polychoric(drasgow) == pytest.approx(0.420, abs=1e-3)
    assert polychoric.thresholds(drasgow.sum(axis=1)) == pytest.approx([-0.027, 1.137], abs=1e-3)
    assert polychoric.thresholds(drasgow.sum(axis=0)) == pytest.approx([-0.240, 1.578], abs=1e-3)


@pytest.mark.parametrize(
    ("first", "second", "both", "rho"),
    [
        (0.5, 0.5, 0.333333, 0.5),
        (0.5, 0.5, 0.1150267, -0.75),
        (0.5, 0.5, 0.397584, 0.8),
        (*[0.158655254] * 2, 0.145003, 0.99),
    ],
)
def test_tetrachoric_correlations_are_those_of_kirk(first, second, both, rho):
    """Kirk 1973, as R psych: tetrachoric(c(.5, .5, .333333)) and so on."""
    table = 1e6 * np.array([[both, first - both], [second - both, 1 - first - second + both]])

    assert polychoric.polychoric(table) == pytest.approx(rho, abs=1e-4)


@given(st.floats(-0.99, 0.99), st.floats(-3, 3), st.floats(-3, 3))
@settings(max_examples=40, deadline=None)
def test_the_bivariate_normal_is_that_of_scipy(rho, h, k):
    ours = polychoric.cells(np.array([h]), np.array([k]), rho)
    theirs = stats.multivariate_normal.cdf([h, k], cov=[[1, rho], [rho, 1]])

    assert ours[0, 0] == pytest.approx(theirs, abs=2e-6)
    assert ours.sum() == pytest.approx(1)


def test_a_table_turned_over_turns_the_sign():
    table = np.array(DRASGOW)

    assert polychoric.polychoric(table[::-1]) == pytest.approx(-polychoric.polychoric(table), abs=1e-6)
    assert polychoric.polychoric(table.T) == pytest.approx(polychoric.polychoric(table), abs=1e-6)
    assert np.isnan(polychoric.polychoric([[3, 4], [0, 0]]))
    with pytest.raises(ValueError, match="zero or more"):
        polychoric.polychoric([[1, -1], [0, 1]])


def test_a_polychoric_matrix_uses_everybody_who_answered_both():
    scores = pd.DataFrame(answers(5, persons=100, items=3))
    scores.iloc[:20, 0] = np.nan

    found = polychoric.matrix(scores)
    pair = pd.crosstab(scores[0].dropna(), scores[1].iloc[20:]).to_numpy()

    assert found[0, 1] == pytest.approx(polychoric.polychoric(pair))
    assert (np.diag(found) == 1).all() and (found == found.T).all()


@pytest.mark.parametrize("module", [scales, polychoric], ids=lambda m: m.__name__)
def test_the_examples_in_the_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0
