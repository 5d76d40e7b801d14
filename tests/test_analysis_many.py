"""Many tables at once give the numbers of one table at a time, and its silences; the bootstrap is a bootstrap."""

import doctest
from unittest.mock import ANY

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from analysis import agreement, counts, many, raters, uncertainty
from tests.data.analysis import oracles

KINDS = ["unweighted", "linear", "quadratic"]
OWN = np.array([[1, 0.4, 0.1], [0.7, 1, 0.3], [0, 0.6, 1]])


@st.composite
def clustered(draw, groups=3):
    """Groups × clusters × k × k, with many empty clusters, unused options and constant raters among them."""
    k = draw(st.integers(2, 4))
    clusters = draw(st.integers(1, 6))
    table = draw(arrays(np.int64, (groups, clusters, k, k), elements=st.integers(0, 12), fill=st.just(0)))
    return table * draw(arrays(np.int64, (groups, clusters, 1, 1), elements=st.integers(0, 1)))


def alpha(table, weights):
    """Krippendorff's alpha by the module for many raters, from the same table written out as ratings."""
    rows, columns = np.nonzero(table)
    ratings = np.repeat(np.column_stack([rows, columns]), table[rows, columns].astype(int), axis=0)
    return raters.krippendorff(ratings, range(len(table)), weights).estimate if len(ratings) else np.nan


def one_by_one(weights):
    """The same seven coefficients, in the same order, from the functions for one table."""
    return [
        lambda t: agreement.percent(t, weights).estimate,
        lambda t: agreement.cohen(t, weights).estimate,
        lambda t: agreement.scott(t, weights).estimate,
        lambda t: agreement.gwet(t, weights).estimate,
        lambda t: agreement.brennan_prediger(t, weights).estimate,
        lambda t: alpha(t, weights),
        lambda t: agreement.bangdiwala(t).estimate,
    ]


def bounds_of(name, k, weights):
    if name.startswith(("percent", "Bangdiwala")):
        return 0.0, 1.0
    chance = agreement.weights_of(weights, k).mean()
    return min(-1.0, -chance / (1 - chance)) if name.startswith("Brennan") else -1.0, 1.0


@settings(max_examples=60, deadline=None)
@given(clustered(), st.sampled_from(KINDS))
def test_every_row_is_what_the_jackknife_of_that_one_table_says(table, weights):
    found = many.coefficients(table, weights=weights, resamples=0)

    for group, part in enumerate(table):
        rows = found[found["group"] == group]
        for row, statistic in zip(rows.itertuples(), one_by_one(weights), strict=True):
            one = uncertainty.jackknife(part, statistic, bounds=bounds_of(row.coefficient, table.shape[-1], weights))
            expected = (one.estimate, one.low, one.high, one.se)
            assert (row.estimate, row.low, row.high, row.se) == pytest.approx(expected, abs=1e-12, nan_ok=True)
            assert (row.n, row.clusters) == (one.n, one.clusters)
            assert bool(row.reason) == bool(one.reason)


@settings(deadline=None)
@given(arrays(np.int64, (6, 3, 3), elements=st.integers(0, 9)))
def test_weights_of_ones_own_need_not_be_symmetric(table):
    found = many.estimates(table, OWN)

    expected = [[agreement.cohen(t, OWN).estimate, agreement.gwet(t, OWN).estimate] for t in table]
    assert found[:, [1, 3]] == pytest.approx(np.array(expected), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("unweighted", [0.89, 0.7964094, 0.7962397, 0.8493305, 0.835, 0.7972585, 0.8059604]),
        ("quadratic", [ANY, 0.8921569, ANY, 0.9402369, 0.9175, 0.8926487, 0.8059604]),
    ],
)
def test_the_published_values_of_irrcac_come_out(weights, expected):
    # irrCAC::pa2.table, kappa2.table, scott2.table, gwet.ac1.table, bp2.table, krippen2.table(cont3x3abstractors),
    # and the B statistic of its README: O7, O8, O9.
    found = many.estimates([[13, 0, 0], [0, 20, 7], [0, 4, 56]], weights)

    for ours, published in zip(found, expected, strict=True):
        assert published == ANY or ours == pytest.approx(published, abs=6e-8)


def test_the_29_psychiatrists_come_out_with_their_jackknife():
    found = many.coefficients([psychiatrists()], weights="unweighted").set_index("coefficient")

    kappa = found.loc["Cohen kappa"]
    assert (kappa["n"], kappa["clusters"]) == (135, 29)
    assert kappa["estimate"] == pytest.approx(-0.0159, abs=5e-5)
    assert kappa["se"] == pytest.approx(0.0935, abs=5e-5)
    assert (kappa["low"], kappa["high"]) == pytest.approx((-0.207, 0.176), abs=5e-4)
    assert found.loc["Gwet AC1", "estimate"] == pytest.approx(-0.0407, abs=5e-5)


def psychiatrists():
    """O21: one 2 × 2 table per psychiatrist."""
    return oracles.PSYCHIATRY[:, 1:].reshape(-1, 2, 2)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=40), st.sampled_from(KINDS[1:]))
def test_other_programs_agree_on_weighted_kappa_and_on_alpha(pairs, weights):
    first, second = np.array(pairs).T
    table = counts.cells([first, second], [4, 4])
    found = dict(zip(many.names(weights), many.estimates(table, weights), strict=True))
    nominal = dict(zip(many.names(), many.estimates(table), strict=True))

    if not np.isnan(found[f"Cohen kappa, {weights}"]):
        ours = found[f"Cohen kappa, {weights}"]
        assert ours == pytest.approx(cohen_kappa_score(first, second, labels=range(4), weights=weights))
        with np.errstate(invalid="ignore", divide="ignore"):  # theirs divides by a null error of 0
            assert ours == pytest.approx(cohens_kappa(table, wt=weights).kappa)
    if len(np.unique(pairs)) > 1:
        interval = krippendorff.alpha([first, second], value_domain=range(4), level_of_measurement="interval")
        quadratic = many.estimates(table, "quadratic")[5]
        assert quadratic == pytest.approx(interval)
        plain = krippendorff.alpha([first, second], value_domain=range(4), level_of_measurement="nominal")
        assert nominal["Krippendorff alpha"] == pytest.approx(plain)


def test_nothing_is_ever_zero_or_one_by_accident():
    nobody = np.zeros((2, 2, 2))
    constant = np.array([[[5, 0], [0, 0]], [[4, 0], [0, 0]]])
    single = np.array([[[5, 1], [2, 4]], [[0, 0], [0, 0]]])
    fragile = np.array([[[5, 0], [0, 0]], [[0, 0], [0, 4]]])

    found = many.coefficients([nobody, constant, single, fragile], ["nobody", "constant", "single", "fragile"])

    kappa = found[found["coefficient"] == "Cohen kappa"].set_index("group")
    assert kappa["reason"].to_dict() == {
        "nobody": agreement.EMPTY,
        "constant": agreement.CONSTANT,
        "single": uncertainty.NO_CLUSTERS,
        "fragile": uncertainty.NOT_WITHOUT,
    }
    assert kappa["estimate"].isna().tolist() == [True, True, False, False]
    limits = ["low", "high", "se", "boot_low", "boot_high", "boot_se", "boot_t_low", "boot_t_high"]
    assert kappa[limits].isna().all(axis=None)


def test_the_bootstrap_is_resampling_clusters_by_hand():
    rng = np.random.default_rng(3)
    table = rng.poisson([[6, 2], [3, 7]], (40, 2, 2))

    ours = many.coefficients([table], resamples=9000).set_index("coefficient").loc["Cohen kappa"]

    def kappa(which, axis):
        return np.apply_along_axis(lambda at: agreement.cohen(table[at].sum(axis=0)).estimate, axis, which)

    theirs = stats.bootstrap((np.arange(40),), kappa, n_resamples=1500, method="percentile", rng=rng, vectorized=True)
    assert ours["boot_se"] == pytest.approx(theirs.standard_error, rel=0.08)
    assert ours["boot_low"] == pytest.approx(theirs.confidence_interval.low, abs=0.02)
    assert ours["boot_high"] == pytest.approx(theirs.confidence_interval.high, abs=0.02)
    assert ours["boot_se"] == pytest.approx(ours["se"], rel=0.15)
    reach = stats.t.ppf(0.975, 39) * ours["boot_se"]
    assert (ours["boot_t_low"], ours["boot_t_high"]) == pytest.approx(
        (ours["estimate"] - reach, ours["estimate"] + reach)
    )


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones():
    table = np.random.default_rng(5).poisson(4, (3, 12, 3, 3))

    first, again = many.coefficients(table), many.coefficients(table)
    other = many.coefficients(table, seed=2)

    pd.testing.assert_frame_equal(first, again, check_exact=True)
    assert (first["boot_low"] != other["boot_low"]).all()
    pd.testing.assert_series_equal(first["low"], other["low"])


def test_a_group_does_not_depend_on_its_neighbours():
    table = np.random.default_rng(5).poisson(4, (20, 12, 3, 3))
    table[3, 4:7] = 0

    alone = many.coefficients(table[3:4], [3], "linear")
    among = many.coefficients(table, weights="linear")

    pd.testing.assert_frame_equal(alone, among[among["group"] == 3].reset_index(drop=True), rtol=1e-12)
    assert set(alone["clusters"]) == {9}


def test_resamples_that_cannot_be_computed_are_left_out_while_they_are_few():
    # Only one of six clusters ever uses the second option: without it both are constant, in about (5/6)^6 = 33 %.
    rare = np.array([[[9, 0], [0, 0]]] * 5 + [[[3, 1], [1, 2]]])
    common = np.array([[[9, 0], [0, 0]]] * 2 + [[[3, 1], [1, 2]]] * 4)

    found = many.coefficients([rare, common])

    kappa = found[found["coefficient"] == "Cohen kappa"]
    assert kappa["boot_low"].isna().tolist() == [True, False]
    assert kappa["boot_se"].isna().tolist() == [True, False]
    assert found[found["coefficient"] == "percent agreement"]["boot_low"].notna().all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (np.zeros((3, 2, 2)), "groups × clusters × k × k"),
        (np.zeros((1, 3, 2, 3)), "groups × clusters × k × k"),
        (np.full((1, 3, 2, 2), -1), "zero or more"),
        (np.full((1, 3, 2, 2), np.nan), "zero or more"),
    ],
)
def test_what_are_not_counts_is_refused_with_advice(wrong, words):
    with pytest.raises(ValueError, match=words):
        many.coefficients(wrong)


def test_labels_and_resamples_are_checked_too():
    with pytest.raises(ValueError, match="one label per group"):
        many.coefficients(np.ones((2, 2, 2, 2)), ["only one"])
    with pytest.raises(ValueError, match="at least 2"):
        many.coefficients(np.ones((2, 2, 2, 2)), resamples=1)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_cells_are_counted_as_a_crosstab_does_over_block_borders(data):
    sizes = data.draw(array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=5))
    n = data.draw(st.integers(1, 60))
    kind = data.draw(st.sampled_from(["int8", "uint8", "int16", "int64"]))
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    codes = [rng.integers(0, size, n).astype(kind) for size in sizes]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "BLOCK", 7)
        found = counts.cells(codes, sizes)

    expected = np.zeros(sizes, dtype=int)
    for row in zip(*codes, strict=True):
        expected[row] += 1
    assert (found == expected).all()


@pytest.mark.parametrize(
    ("codes", "sizes", "words"),
    [
        ([[0, 1]], [2, 2], "one size for each"),
        ([[0, 1], [0]], [2, 2], "one length"),
        ([[0, 2]], [2], "outside 0 … 1"),
        ([[-1, 0]], [2], "outside 0 … 1"),
        ([[0], [0]], [10**5, 10**5], "too many cells"),
    ],
)
def test_codes_that_do_not_fit_are_refused(codes, sizes, words):
    with pytest.raises(ValueError, match=words):
        counts.cells([np.array(column) for column in codes], sizes)


def test_no_codes_are_no_counts():
    assert counts.cells([np.zeros(0, dtype=np.int8)] * 2, [2, 3]).tolist() == [[0] * 3] * 2


@pytest.mark.parametrize("module", [many, counts])
def test_the_examples_in_the_documentation_hold(module):
    assert doctest.testmod(module).failed == 0
