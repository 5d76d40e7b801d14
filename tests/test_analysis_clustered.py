"""Tests on pairs in clusters: published values, other programs on random tables, and what clusters do to p."""

import doctest
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from statsmodels.stats import contingency_tables

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import oracles

from analysis import clustered, direction

PSYCHIATRISTS = oracles.PSYCHIATRY[:, 1:].reshape(-1, 2, 2)
CORRECTED = [clustered.eliasziw_donner, clustered.obuchowski, clustered.durkalski, clustered.yang]
EVERY = [clustered.mcnemar, *CORRECTED]

tables = hnp.arrays(np.int64, st.tuples(st.integers(2, 12), st.just(2), st.just(2)), elements=st.integers(0, 9))


@pytest.mark.parametrize(
    ("test", "published"),
    [
        (clustered.mcnemar, 11.845),
        (clustered.eliasziw_donner, 10.23),
        (clustered.obuchowski, 7.19),
        (clustered.durkalski, 7.542),
        (clustered.yang, 8.43),
    ],
)
def test_29_psychiatrists_and_their_135_patients_as_published(test, published):
    """Donner and Petryshen 1989; values of R clust.bin.pair, clust.bin.pair(ak, bk, ck, dk, method = …) (O21)."""
    found = test(PSYCHIATRISTS)

    assert found.statistic == pytest.approx(published, abs=5e-3)
    assert (found.df, found.n, found.clusters) == (1, 135, 29)


def test_approval_of_the_prime_minister_as_published():
    """Agresti: 1600 people asked twice, 794 150 / 86 570, z² = 17.36 (O20); R's default correction gives 16.82."""
    table = [[794, 150], [86, 570]]

    assert clustered.mcnemar(table).statistic == pytest.approx(17.36, abs=5e-3)
    assert clustered.mcnemar(table, continuity=True).statistic == pytest.approx(63**2 / 236)


def test_cochran_q_as_published():
    """R CVST cochranq.test on 9 × 4, in statsmodels' tests: 4.2, df 3 (O25)."""
    rows = "1 0 1 1|0 1 1 1|1 1 1 0|0 1 0 0|0 1 0 0|1 0 1 0|0 1 0 0|1 1 1 1|0 1 0 0"
    answers = np.array([row.split() for row in rows.split("|")], dtype=float)

    found = clustered.cochran_q(answers)

    assert (found.statistic, found.df, found.n) == (pytest.approx(4.2), 3, 9)
    assert found.p == pytest.approx(0.240661, abs=1e-5)


def test_darwins_maize_as_published():
    """scipy's documentation: W 24, p 0.041259765625 (O35)."""
    heights = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]

    found = clustered.wilcoxon(heights)

    assert (found.statistic, found.p, found.n) == (24, 0.041259765625, 15)


@given(tables, st.booleans())
def test_mcnemar_is_that_of_statsmodels(counts, continuity):
    whole = counts.sum(axis=0)
    assume(whole[0, 1] + whole[1, 0] > 0)
    theirs = contingency_tables.mcnemar(whole, exact=False, correction=False)
    exact = contingency_tables.mcnemar(whole, exact=True)

    ours = clustered.mcnemar(counts, exact=False)
    assert (ours.statistic, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert clustered.mcnemar(counts, exact=True).p == pytest.approx(exact.pvalue)
    if whole[0, 1] != whole[1, 0]:
        corrected = contingency_tables.mcnemar(whole, exact=False, correction=True)
        assert clustered.mcnemar(counts, exact=False, continuity=True).p == pytest.approx(corrected.pvalue)


def test_few_differing_pairs_are_tested_exactly():
    assert clustered.mcnemar([[9, 20], [4, 9]]).method == "McNemar, exact"
    assert clustered.mcnemar([[9, 20], [5, 9]]).method == "McNemar"


@given(hnp.arrays(np.int64, st.tuples(st.integers(1, 30), st.integers(2, 5)), elements=st.integers(0, 1)))
def test_cochran_q_is_that_of_statsmodels(answers):
    assume(((answers.sum(axis=1) > 0) & (answers.sum(axis=1) < answers.shape[1])).any())
    theirs = contingency_tables.cochrans_q(answers)

    ours = clustered.cochran_q(answers)

    assert (ours.statistic, ours.p, ours.df) == (
        pytest.approx(theirs.statistic),
        pytest.approx(theirs.pvalue),
        theirs.df,
    )


@given(tables)
def test_it_does_not_matter_who_is_called_first(counts):
    for test in EVERY:
        ours, turned = test(counts), test(counts.swapaxes(1, 2))
        assert ours.statistic == pytest.approx(turned.statistic, nan_ok=True)
        assert ours.reason == turned.reason


@given(tables, st.randoms())
def test_the_order_of_the_coordinators_does_not_matter(counts, random):
    order = list(range(len(counts)))
    random.shuffle(order)

    for test in EVERY:
        assert test(counts).statistic == pytest.approx(test(counts[order]).statistic, nan_ok=True)


@given(hnp.arrays(np.int64, st.integers(3, 60), elements=st.integers(0, 3)))
def test_with_one_pair_per_cluster_they_are_mcnemars_test(cell):
    assume(((cell == 1) | (cell == 2)).any() and (cell == 1).sum() != (cell == 2).sum())
    counts = np.eye(4)[cell].reshape(-1, 2, 2)
    plain, size = clustered.mcnemar(counts, exact=False).statistic, len(cell)

    assert clustered.durkalski(counts).statistic == pytest.approx(plain)
    assert clustered.eliasziw_donner(counts).statistic == pytest.approx(plain)
    assert clustered.obuchowski(counts).statistic == pytest.approx(plain * (size - 1) / size)


@given(tables)
def test_the_design_effect_never_makes_the_test_more_eager(counts):
    ours, plain = clustered.eliasziw_donner(counts), clustered.mcnemar(counts, exact=False)

    assert np.isnan(ours.statistic) or ours.statistic <= plain.statistic + 1e-9


def test_where_nothing_is_wrong_only_mcnemar_cries_wolf():
    """500 studies, 40 coordinators × 8 pairs, each coordinator leaning one way or the other, no way on the whole."""
    random = np.random.default_rng(20)
    lean = random.beta(1.5, 1.5, (500, 40))
    up = random.binomial(5, lean)
    counts = np.stack([np.full_like(up, 3), up, 5 - up, np.zeros_like(up)], axis=2).reshape(500, 40, 2, 2)

    found = {test: np.mean([test(study).p < 0.05 for study in counts]) for test in EVERY}

    assert found[clustered.mcnemar] > 0.12
    for test in CORRECTED[1:]:
        assert 0.02 <= found[test] <= 0.08, test


def test_more_less_and_the_same_are_counted_from_the_ordinal_table():
    counts = np.array([[[5, 3, 1], [1, 5, 2], [0, 0, 4]], [[2, 0, 0], [3, 1, 0], [1, 1, 2]]])

    collapsed = clustered.collapse(counts)
    shares = clustered.parts(counts).set_index("group")

    assert collapsed.tolist() == [[[14, 6], [1, 0]], [[5, 0], [5, 0]]]
    assert shares["estimate"].to_dict() == pytest.approx({"more": 6 / 31, "same": 19 / 31, "less": 6 / 31})
    assert shares["n"].tolist() == [31] * 3 and shares["clusters"].tolist() == [2] * 3
    assert sorted(clustered.steps(counts)) == [-2] + [-1] * 5 + [0] * 19 + [1] * 5 + [2]
    assert direction.balance(counts.sum(axis=0)) == pytest.approx(clustered.steps(counts).clip(-1, 1).mean())


def test_the_sign_test_counts_signs():
    """13 up, 2 down: 2 (1 + 15 + 105) / 2¹⁵."""
    assert clustered.sign_test([[9, 13], [2, 9]]).p == pytest.approx(242 / 2**15)


def test_what_cannot_be_tested_is_not_a_number_and_says_why():
    alike, empty, one = np.array([[[3, 0], [0, 2]]] * 3), np.zeros((3, 2, 2)), np.array([[[3, 2], [0, 2]]])
    evenly = np.array([[[3, 2], [2, 2]], [[1, 1], [1, 1]]])

    for test in EVERY:
        assert np.isnan(test(alike).p) and test(alike).reason == clustered.NOBODY_DIFFERS
        assert np.isnan(test(empty).p) and test(empty).reason == clustered.NO_PAIRS
    for test in CORRECTED:
        assert np.isnan(test(one).p) and test(one).reason == clustered.ONE_CLUSTER
    assert clustered.obuchowski(evenly).reason == clustered.NO_SPREAD
    assert np.isnan(clustered.cochran_q([[1, 1], [0, 0]]).p) and clustered.cochran_q([[1, 1]]).reason
    assert clustered.wilcoxon([0, 0]).reason == clustered.NOBODY_DIFFERS
    assert clustered.wilcoxon([]).reason == clustered.NO_PAIRS


def test_bad_input_is_told_in_a_sentence():
    with pytest.raises(ValueError, match="2 × 2 tables"):
        clustered.obuchowski(np.ones((3, 3, 3)))
    with pytest.raises(ValueError, match="zero or more"):
        clustered.mcnemar([[1, -1], [0, 2]])
    with pytest.raises(ValueError, match="0 and 1 only"):
        clustered.cochran_q([[1, np.nan], [0, 1]])
    with pytest.raises(ValueError, match="two occasions"):
        clustered.cochran_q([[1], [0]])
    with pytest.raises(ValueError, match="missing answer"):
        clustered.wilcoxon([1, np.nan])


def test_the_examples_in_the_documentation_are_true():
    assert doctest.testmod(clustered) == (0, 9)
