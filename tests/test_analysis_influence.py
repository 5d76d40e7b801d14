"""Influence of the wish: simulated decisions give back what was put in, and statsmodels agrees."""

import doctest

import numpy as np
import pandas as pd
import pytest
from statsmodels.discrete.conditional_models import ConditionalLogit

from analysis import influence, participation

OPTIONS = {"T1": list("abc"), "T2": list("abcd"), "T3": list("abc")}
WISH = ("with first view", "wish")


def decisions(n=1200, coordinators=15, seed=1, wish=1.0, first=2.0, shared_ground=0.48):
    """Decisions drawn from the model itself; staff's first view equals the wish more often than chance would."""
    random = np.random.default_rng(seed)
    topic = random.integers(0, 3, n)
    size = np.array([3, 4, 3])[topic]
    w, v = ((random.random(n) * size).astype(int) for _ in range(2))
    v = np.where(random.random(n) < shared_ground, w, v)
    constant = np.array([[0, 0.4, -0.3, -1e9], [0, -0.5, 0.2, 0.3], [0, 0, 0.5, -1e9]])[topic]
    place = np.arange(4)
    use = constant + wish * (w[:, None] == place) + first * (v[:, None] == place) + random.gumbel(size=(n, 4))
    letter, who = np.array(list("abcd")), random.integers(0, coordinators, n)
    names = np.array(["T1", "T2", "T3"])[topic]
    columns = {"topic": names, "W": letter[w], "V": letter[v], "D": letter[use.argmax(axis=1)]}
    return pd.DataFrame({**columns, "coordinator": [f"p-{one:02}" for one in who], "stage": "S1"})


def found(event, **more):
    return influence.effect(event, OPTIONS, **more).set_index(["model", "term"])


def stacked(event, marks):
    """One row per case and option, as any program for conditional logit wants it."""
    lists = event.assign(case=range(len(event)), option=event["topic"].map(OPTIONS)).explode("option")
    x = pd.DataFrame({name: (lists[name] == lists["option"]).astype(float) for name in marks})
    for topic, options in OPTIONS.items():
        for option in options[1:]:
            x[topic + option] = ((lists["topic"] == topic) & (lists["option"] == option)).astype(float)
    return (lists["D"] == lists["option"]).astype(int).to_numpy(), x.to_numpy(), lists["case"].to_numpy()


def test_simulated_influence_is_found_again_and_overstated_without_the_first_view():
    """True β 1.0 and 2.0; without V the wish takes V's credit: about 1.5 (6000 cases, 40 coordinators)."""
    rows = found(decisions(n=6000, coordinators=40))

    wish, first, plain = (
        rows.loc[WISH],
        rows.loc[("with first view", "first view")],
        rows.loc[("without first view", "wish")],
    )
    assert wish["estimate"] == pytest.approx(1.0, abs=3 * wish["se"]) and wish["se"] < 0.05
    assert first["estimate"] == pytest.approx(2.0, abs=3 * first["se"])
    assert plain["estimate"] == pytest.approx(1.52, abs=0.1) and plain["low"] > 1.3
    assert rows["kind"].tolist() == ["influence", "association", "association"]


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    held = [found(decisions(n=300, coordinators=12, seed=seed)).loc[WISH] for seed in range(40)]

    assert 0.85 <= np.mean([row["low"] <= 1.0 <= row["high"] for row in held]) <= 1.0


@pytest.mark.parametrize("marks", [["W", "V"], ["W"]])
def test_coefficients_errors_and_likelihood_are_those_of_statsmodels(marks):
    event = decisions(n=400)
    y, x, case = stacked(event, marks)
    theirs = ConditionalLogit(y, x, groups=case).fit(disp=0, method="newton")
    model = "with first view" if "V" in marks else "without first view"

    cases = influence._count(event, OPTIONS, with_first=True)
    ours = influence._fit(cases, len(marks), cases.counts.sum(axis=0))

    assert ours.likelihood == pytest.approx(theirs.llf)
    np.testing.assert_allclose(ours.coefficients, theirs.params, atol=1e-6)
    np.testing.assert_allclose(np.sqrt(np.diag(ours.covariance)), theirs.bse, rtol=1e-5)
    assert found(event).loc[(model, "wish"), "estimate"] == pytest.approx(theirs.params[0], abs=1e-6)


def test_the_jackknife_is_that_of_leaving_out_rows_by_hand():
    event = decisions(n=240, coordinators=11)
    people = sorted(event["coordinator"].unique())
    fits = []
    for one in people:
        y, x, case = stacked(event[event["coordinator"] != one], ["W", "V"])
        fits.append(ConditionalLogit(y, x, groups=case).fit(disp=0, method="newton").params[0])
    error = np.sqrt(10 / 11 * ((np.array(fits) - np.mean(fits)) ** 2).sum())

    assert found(event).loc[WISH, "se"] == pytest.approx(error, rel=1e-5)


def test_an_option_nobody_uses_changes_nothing():
    event = decisions(n=400)
    longer = {topic: [*options, "unused"] for topic, options in OPTIONS.items()}

    pd.testing.assert_frame_equal(influence.effect(event, OPTIONS), influence.effect(event, longer))


def test_the_order_of_rows_changes_nothing():
    event = decisions(n=400)

    mixed = influence.effect(event.sample(frac=1, random_state=3), OPTIONS)

    pd.testing.assert_frame_equal(influence.effect(event, OPTIONS), mixed, rtol=1e-9)


@pytest.mark.parametrize(
    "without", [lambda d: d.drop(columns="V"), lambda d: d.assign(V=""), lambda d: d.assign(V="DK")]
)
def test_without_first_views_it_is_an_association_and_never_influence(without):
    rows = influence.effect(without(decisions()), OPTIONS)

    assert rows["kind"].tolist() == ["association"] and rows["term"].tolist() == ["wish"]
    assert rows["estimate"].notna().all() and rows["n"].tolist() == [1200]


def test_only_wishes_staff_could_have_acted_on_count():
    event = decisions(n=600).assign(shared=True, retrospective=False, released=True)
    event.loc[:49, "shared"] = False
    event.loc[50:99, "retrospective"] = True
    event.loc[100:149, "released"] = False
    event.loc[150:199, "V"] = "DK"
    event.loc[200:249, "D"] = ""

    rows = influence.effect(event, OPTIONS)

    assert rows["n"].tolist() == [350] * 3 and rows["left_out"].tolist() == [50] * 3
    clean = influence.effect(event.loc[250:], OPTIONS)
    assert rows["estimate"].tolist() == pytest.approx(clean["estimate"].tolist())


def test_below_ten_coordinators_there_is_no_model_but_the_shift_rate_is_told():
    event = decisions(coordinators=9)

    rows = influence.effect(event, OPTIONS)
    shifted = influence.shift(event.assign(open_mind=event["V"] != event["W"]))

    assert rows["estimate"].isna().all() and rows["low"].isna().all()
    assert all("fewer than 10 coordinators" in reason for reason in rows["reason"])
    assert rows["n"].tolist() == [1200] * 3 and rows["clusters"].tolist() == [9] * 3
    assert shifted["estimate"].notna().all() and shifted["low"].notna().all()


def test_decisions_that_always_follow_have_no_finite_effect_and_say_so():
    event = decisions()

    rows = influence.effect(event.assign(D=event["W"]), OPTIONS)

    assert rows["estimate"].isna().all()
    assert set(rows["reason"]) == {influence.SEPARATED}


def test_a_first_view_that_always_is_the_wish_cannot_be_told_apart():
    event = decisions()

    rows = found(event.assign(V=event["W"]))

    assert rows.loc[WISH, "reason"] == influence.TWINS and np.isnan(rows.loc[WISH, "estimate"])
    assert rows.loc[("without first view", "wish"), "estimate"] > 0


def test_nobody_gives_an_empty_table():
    assert influence.effect(decisions().head(0), OPTIONS).empty
    one_option = decisions().assign(D="a", W="a", V="a", topic="T1")
    assert influence.effect(one_option, {"T1": ["a"]})["estimate"].isna().all()


def test_groups_are_fitted_one_by_one():
    first, second = decisions(seed=1), decisions(seed=2, wish=2.0).assign(stage="S2")

    rows = influence.effect(pd.concat([first, second]), OPTIONS, by="stage").set_index(["group", "model", "term"])

    assert rows.loc[("S1", *WISH), "estimate"] == pytest.approx(found(first).loc[WISH, "estimate"])
    assert rows.loc[("S2", *WISH), "estimate"] == pytest.approx(2.0, abs=0.35)


def test_shift_is_the_indicator_of_the_report_and_counts_every_outcome():
    event = decisions().assign(open_mind=lambda d: d["V"] != d["W"], follows=lambda d: d["D"] == d["W"])
    rows = influence.shift(event, by="stage").set_index("outcome")
    open_rows = event[event["open_mind"]]

    told = participation.rate(event, "shift").iloc[0]

    assert (
        rows.loc["wish", ["hits", "n", "estimate", "low"]].tolist() == told[["hits", "n", "estimate", "low"]].tolist()
    )
    assert rows.loc["first view", "hits"] == (open_rows["D"] == open_rows["V"]).sum()
    assert rows["hits"].sum() == len(open_rows) and rows["estimate"].sum() == pytest.approx(1)


def test_bad_input_is_told_in_a_sentence():
    event = decisions(n=60)

    with pytest.raises(ValueError, match=r"E801: 'coordinator' .* age_group, sex, language, stage, topic, site"):
        influence.effect(event, OPTIONS, by="coordinator")
    with pytest.raises(ValueError, match=r"E801: the table has no column 'sex'; it has stage, topic"):
        influence.effect(event, OPTIONS, by="sex")
    with pytest.raises(ValueError, match="topic T1 has no list"):
        influence.effect(event, {})
    with pytest.raises(ValueError, match="'z' is not on the list of topic"):
        influence.effect(event.assign(V="z"), OPTIONS)
    with pytest.raises(ValueError, match="no column 'W'"):
        influence.effect(event.drop(columns="W"), OPTIONS)
    with pytest.raises(ValueError, match="only what was offered"):
        influence.conditional_logit([[1, 1]], [[[1], [0]]], [[True, False]])
    with pytest.raises(ValueError, match="situations × alternatives"):
        influence.conditional_logit([[1, 1]], [[1, 0]])


def test_the_examples_in_the_documentation_are_true():
    assert doctest.testmod(influence).failed == 0
