"""Who is followed, and does it change: the regression against published and other programs' values, and its limits."""

import doctest
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
from examples import FIFTEEN, depression

from analysis import contrasts, gee, participation


def events(n=1500, coordinators=16, seed=1, spread=0.6, older=0.0, slope=0.0):
    """Children with several stages each; log odds of being followed: 0.4, the coordinator's own, age and stage."""
    random = np.random.default_rng(seed)
    child = random.integers(0, n // 6, n)
    who = child % coordinators
    stage, topic = random.integers(1, 7, n), random.integers(1, 3, n)
    age, sex = np.array(["10-12", "13-15", "16-17"])[child // 7 % 3], np.where(child % 7 < 4, "F", "M")
    own = random.normal(0, spread, coordinators)[who]
    odds = 0.4 + own + older * (age == "16-17") + slope * (stage - 3.5)
    follows = random.random(n) < 1 / (1 + np.exp(-odds))
    words = {"child": child, "coordinator": who, "stage": stage, "site": who % 4}
    marks = {"child": "c-", "coordinator": "p-", "stage": "S", "site": "V"}
    text = {name: [f"{marks[name]}{value}" for value in values] for name, values in words.items()}
    names = [f"D{s}.{t}" for s, t in zip(stage, topic, strict=True)]
    return pd.DataFrame({**text, "topic": names, "age_group": age, "sex": sex, "decided": True, "follows": follows})


def theirs(frame, x, kind):
    groups = pd.factorize(frame["coordinator"])[0]
    order = np.argsort(groups, kind="stable")
    model = sm.GEE(
        frame["follows"].to_numpy(dtype=float)[order], x[order], groups=groups[order],
        family=sm.families.Binomial(), cov_struct=sm.cov_struct.Exchangeable(),
    )  # fmt: skip
    return model.fit(maxiter=300, ctol=1e-8, cov_type=kind)


def counted(frame, x):
    patterns, which = np.unique(x, axis=0, return_inverse=True)
    who = pd.factorize(frame["coordinator"])[0]
    counts = np.zeros((who.max() + 1, len(patterns), 2))
    np.add.at(counts, (who, which.ravel(), frame["follows"].to_numpy(dtype=int)), 1)
    return counts, patterns


def design(frame):
    parts = [frame["age_group"] == "10-12", frame["age_group"] == "16-17", frame["sex"] == "F"]
    return np.column_stack([np.ones(len(frame)), *parts]).astype(float)


def test_340_patients_with_depression_as_published():
    """Agresti, CDA, table 12.1; R geepack::geeglm(y ~ sev + treat*time, id=case, binomial, corstr="exch") (O28)."""
    found = depression()

    assert found.clusters == 340
    np.testing.assert_allclose(found.coefficients, [-0.0281, -1.3139, -0.0593, 0.4825, 1.0172], atol=5e-5)
    np.testing.assert_allclose(found.errors, [0.1742, 0.1460, 0.2286, 0.1199, 0.1877], atol=5e-5)
    assert found.correlation == pytest.approx(-0.0034, abs=5e-5)


@pytest.mark.parametrize("seed", range(4))
def test_coefficients_and_both_covariances_are_those_of_statsmodels(seed):
    frame = events(n=[120, 250, 400, 800][seed], seed=seed, spread=[0.2, 0.6, 1.0, 1.5][seed])
    x = design(frame)
    counts, patterns = counted(frame, x)

    plain, corrected = gee.logit(counts, patterns, corrected=False), gee.logit(counts, patterns)

    robust, reduced = theirs(frame, x, "robust"), theirs(frame, x, "bias_reduced")
    np.testing.assert_allclose(corrected.coefficients, reduced.params, atol=1e-7)
    np.testing.assert_allclose(plain.errors, robust.bse, rtol=1e-6)
    np.testing.assert_allclose(corrected.errors, reduced.bse, rtol=1e-6)
    assert corrected.correlation == pytest.approx(robust.cov_struct.dep_params, abs=1e-7)
    assert (corrected.errors > plain.errors).all()


def test_intervals_use_t_and_not_z():
    frame = events(n=300, coordinators=12)
    found = gee.logit(*counted(frame, design(frame)))

    reach = (found.interval()[:, 1] - found.interval()[:, 0]) / 2 / found.errors

    assert found.df == 8 and reach == pytest.approx(2.306004)  # qt(.975, 8)
    assert found.p_values() == pytest.approx(2 * (1 - _t_cdf(np.abs(found.coefficients / found.errors), 8)))


def _t_cdf(value, df):
    """Closed form of Student's t for an even number of degrees of freedom (Abramowitz and Stegun 26.7.4)."""
    angle = np.arctan(value / np.sqrt(df))
    cosine = np.cos(angle) ** 2
    return 0.5 + np.sin(angle) / 2 * (1 + cosine / 2 + 3 * cosine**2 / 8 + 15 * cosine**3 / 48)


def test_contrasts_are_one_model_with_each_groups_own_share_beside_it():
    frame = events()
    x = design(frame)
    other = theirs(frame, x, "bias_reduced")

    rows = contrasts.contrasts(frame, ["age_group", "sex"], reference={"age_group": "13-15", "sex": "M"})

    rows = rows.set_index(["column", "level"])
    compared = rows.loc[[("age_group", "10-12"), ("age_group", "16-17"), ("sex", "F")]]
    np.testing.assert_allclose(compared["estimate"].to_numpy(dtype=float), other.params[1:], atol=1e-7)
    np.testing.assert_allclose(compared["se"].to_numpy(dtype=float), other.bse[1:], rtol=1e-6)
    assert rows.loc[("sex", "M"), "reason"] == contrasts.REFERENCE and np.isnan(rows.loc[("sex", "M"), "estimate"])
    own = participation.rate(frame, "followed", by="sex").set_index("group")
    names = {"share": "estimate", "share_low": "low", "share_high": "high", "n": "n", "clusters": "clusters"}
    for ours, reported in names.items():
        assert rows.loc["sex"][ours].tolist() == own[reported].tolist()


def test_a_difference_that_was_put_in_is_found_and_others_are_not():
    rows = contrasts.contrasts(events(n=6000, coordinators=30, older=0.8, seed=4), ["age_group", "sex"])
    rows = rows.set_index(["column", "level"])

    # coordinators differ: the population-averaged odds ratio is a little below 0.8
    reference = rows.loc[("age_group", "16-17"), "reference"]
    assert reference in ("10-12", "13-15")
    assert 0.55 < rows.loc[("age_group", "16-17"), "estimate"] < 0.95
    assert rows.loc[("age_group", "16-17"), "p_adjusted"] < 0.01
    assert rows.loc["sex"]["p_adjusted"].dropna().iloc[0] > 0.05


def test_the_largest_group_is_the_reference_unless_another_is_named():
    frame = events()
    largest = frame["stage"].value_counts().idxmax()

    assert set(contrasts.contrasts(frame, ["stage"])["reference"]) == {largest}
    assert set(contrasts.contrasts(frame, ["stage"], reference={"stage": "S1"})["reference"]) == {"S1"}


def test_p_values_are_adjusted_over_all_contrasts_of_the_call():
    rows = contrasts.contrasts(events(older=0.7), ["age_group", "stage"])
    explored = contrasts.contrasts(events(older=0.7), ["age_group", "stage"], adjust="bh")
    p = rows["p"].dropna().to_numpy()

    np.testing.assert_allclose(rows["p_adjusted"].dropna(), multipletests(p, method="holm")[1])
    np.testing.assert_allclose(explored["p_adjusted"].dropna(), multipletests(p, method="fdr_bh")[1])


def test_fifteen_p_values_of_benjamini_and_hochberg_as_published():
    """1995: four hypotheses are rejected at .05, by Bonferroni three (O23)."""
    assert (contrasts.benjamini_hochberg(FIFTEEN) <= 0.05).sum() == 4
    assert (contrasts.holm(FIFTEEN) <= 0.05).sum() == 3


def test_what_could_not_be_tested_does_not_count_as_a_test():
    random = np.random.default_rng(2)
    for _ in range(10):
        p = random.random(random.integers(1, 9)) ** 2
        gaps = np.insert(p, 1, np.nan)
        for ours, name in ((contrasts.holm, "holm"), (contrasts.benjamini_hochberg, "fdr_bh")):
            adjusted = multipletests(p, method=name)[1]
            np.testing.assert_allclose(ours(p), adjusted)
            np.testing.assert_allclose(ours(gaps), np.insert(adjusted, 1, np.nan))
    with pytest.raises(ValueError, match="between 0 and 1"):
        contrasts.holm([1.2])


def test_below_ten_coordinators_there_are_shares_and_no_model():
    frame = events(coordinators=9)

    rows = contrasts.contrasts(frame, ["sex"])
    moved = contrasts.change(frame)

    assert rows["share"].notna().all() and rows["share_low"].notna().all()
    assert rows[["estimate", "low", "high", "se", "p"]].isna().all().all()
    assert set(rows["reason"]) == {contrasts.TOO_FEW, contrasts.REFERENCE}
    assert moved.stages["estimate"].notna().all() and moved.trend["estimate"].isna().all()
    assert set(moved.trend["reason"]) == {contrasts.TOO_FEW} and moved.cochran.reason == contrasts.TOO_FEW


@pytest.mark.parametrize(
    ("change", "by", "reason"),
    [
        (lambda d: d, ["stage", "topic"], gee.OVERLAP),
        (lambda d: d.assign(follows=d["follows"] | (d["sex"] == "F")), ["sex"], gee.SEPARATED),
        (lambda d: d.assign(follows=d["follows"] & (d["sex"] == "F")), ["sex"], gee.SEPARATED),
        (lambda d: d.assign(language=d["coordinator"].map({"p-1": "ru"}).fillna("en")), ["language"], gee.ALONE),
        (lambda d: d.assign(topic=d["topic"] + d["site"]), ["topic"], gee.FEW),
    ],
)
def test_what_cannot_be_computed_is_not_a_number_and_says_why(change, by, reason):
    rows = contrasts.contrasts(change(events(n=3000)), by)

    assert rows[["estimate", "low", "high", "se", "p"]].isna().all().all()
    assert set(rows["reason"]) == {reason, contrasts.REFERENCE}
    assert rows["share"].notna().all()


def test_children_without_a_value_are_left_out_of_the_comparison():
    frame = events()
    frame.loc[:299, "sex"] = ""

    rows = contrasts.contrasts(frame, ["sex"])

    assert rows["n"].sum() == 1200 and set(rows["level"]) == {"F", "M"}
    pd.testing.assert_frame_equal(rows, contrasts.contrasts(frame.loc[300:], ["sex"]))


def test_one_group_alone_has_a_share_and_nothing_to_compare_with():
    rows = contrasts.contrasts(events().assign(sex="F"), ["sex"])

    assert rows["reason"].tolist() == [contrasts.REFERENCE] and rows["share"].notna().all()
    assert contrasts.contrasts(events().head(0), ["sex"]).empty


def test_only_permitted_columns_may_be_compared():
    with pytest.raises(ValueError, match=r"E801: 'religion' .* age_group, sex, language, stage, topic, site"):
        contrasts.contrasts(events().assign(religion="x"), ["religion"])
    with pytest.raises(ValueError, match="E801: 'child'"):
        contrasts.contrasts(events(), ["child"])
    with pytest.raises(ValueError, match="E801: the table has no column 'language'"):
        contrasts.contrasts(events(), ["language"])


def test_bad_input_is_told_in_a_sentence():
    with pytest.raises(ValueError, match=r"as a list: \['sex'\]"):
        contrasts.contrasts(events(), "sex")
    with pytest.raises(ValueError, match="sex has no group 'Q' to compare with; it has F, M"):
        contrasts.contrasts(events(), ["sex"], reference={"sex": "Q"})
    with pytest.raises(ValueError, match="choose from holm, bh"):
        contrasts.contrasts(events(), ["sex"], adjust="none")
    with pytest.raises(ValueError, match="is not an indicator"):
        contrasts.contrasts(events(), ["sex"], indicator="liked")
    with pytest.raises(ValueError, match=r"no column 'believed'|no column 'hears'"):
        contrasts.contrasts(events(), ["sex"], indicator="heard")
    with pytest.raises(ValueError, match="clusters × patterns"):
        gee.logit([[1, 2]], [[1]])
    with pytest.raises(ValueError, match="zero or more"):
        gee.logit([[[1, -2]]], [[1]])


def test_a_trend_that_was_put_in_is_found_again():
    moved = contrasts.change(events(n=6000, coordinators=30, slope=0.3, spread=0.3)).trend.set_index("term")

    for term in ("all children", "same child"):
        assert moved.loc[term, "low"] < 0.3 < moved.loc[term, "high"]
        assert moved.loc[term, "p"] < 1e-6


def test_other_children_at_later_stages_are_no_change_of_the_same_child():
    """Children followed anyway come in late, the others early; for no child anything changes."""
    random = np.random.default_rng(5)
    child = np.repeat(np.arange(800), 3)
    late = child % 2
    stage = 1 + 3 * late + np.tile(np.arange(3), 800)
    follows = random.random(2400) < np.where(late, 0.8, 0.4)
    frame = pd.DataFrame({
        "child": [f"c-{one}" for one in child], "coordinator": [f"p-{one % 20}" for one in child // 2],
        "stage": [f"S{one}" for one in stage], "decided": True, "follows": follows,
    })  # fmt: skip

    moved = contrasts.change(frame).trend.set_index("term")

    assert moved.loc["all children", "estimate"] > 0.3 and moved.loc["all children", "p"] < 0.001
    assert moved.loc["same child", "low"] < 0 < moved.loc["same child", "high"]
    assert moved.loc["same child", "children"] == 800


def test_cochrans_q_uses_children_with_every_stage_only_and_every_wish_of_a_stage():
    frame = events(n=4000, coordinators=12)
    known = {}
    for row in frame.itertuples():
        known.setdefault(row.child, {}).setdefault(row.stage, []).append(row.follows)
    whole = np.array([[all(one[f"S{s}"]) for s in range(1, 7)] for one in known.values() if len(one) == 6], dtype=float)

    found = contrasts.change(frame).cochran

    assert found.n == len(whole) < frame["child"].nunique()
    column, total = whole.sum(axis=0), whole.sum()
    q = 5 * (6 * (column**2).sum() - total**2) / (6 * total - (whole.sum(axis=1) ** 2).sum())
    assert found.statistic == pytest.approx(q) and found.df == 5


def test_stages_that_are_no_step_of_the_way_are_left_out_of_the_trend():
    frame = events()
    more = pd.concat([frame, frame.head(200).assign(stage="G"), frame.head(100).assign(stage="R")], ignore_index=True)

    ours, plain = contrasts.change(more), contrasts.change(frame)

    pd.testing.assert_frame_equal(ours.trend, plain.trend)
    assert ours.stages["group"].tolist() == ["S1", "S2", "S3", "S4", "S5", "S6"]


def test_the_same_table_gives_the_same_numbers():
    frame = events()

    pd.testing.assert_frame_equal(contrasts.contrasts(frame, ["stage"]), contrasts.contrasts(frame.copy(), ["stage"]))


@pytest.mark.parametrize("module", [contrasts, gee])
def test_the_examples_in_the_documentation_are_true(module):
    assert doctest.testmod(module).failed == 0
