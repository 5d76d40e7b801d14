"""Who did not answer: codes, bounds, weights and sensitivity, against rows counted and refitted by hand."""

import doctest
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis import missing, pairs, participation, tables


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    rows = made_up.rows(children=60, coordinators=6, stages=3)
    read = tables.read(made_up.write(tmp_path_factory.mktemp("export"), rows))
    return rows, read, participation.events(pairs.preference(read))


def chances_by_statsmodels(event, rounds):
    """Rounds with any wish question answered, by the register, one row per round."""
    sex = event.drop_duplicates("child").set_index("child")["sex"]
    facts = rounds.assign(sex=rounds["child"].map(sex))
    design = sm.add_constant(pd.get_dummies(facts[list(missing.REGISTER)], drop_first=True, dtype=float))
    came = facts["round"].map(event.groupby("round")["asked"].any()).astype(float)
    fitted = sm.GLM(came, design, family=sm.families.Binomial()).fit(tol=1e-12)
    return pd.Series(fitted.fittedvalues.to_numpy(), index=facts["round"])


def weighted_by_hand(event, rounds):
    chance = chances_by_statsmodels(event, rounds)
    pairs_known = event[event["decided"]]
    weight = np.minimum(1 / pairs_known["round"].map(chance), 5)
    return float((weight * pairs_known["follows"]).sum() / weight.sum())


def test_every_code_is_counted_apart_and_they_add_up(made):
    rows, _, event = made

    found = missing.by_code(event)
    asked = [a for a in rows["answers"] if a["topic"] and a["stage"] == "S2"]

    for code in ("DK", "IDM", "SK"):
        assert found.loc["S2", code] == sum(a["missing"] == code for a in asked)
    assert found.loc["S2", "option"] == sum(a["code"] != "" for a in asked)
    assert (found[["option", *missing.CODES]].sum(axis=1) == found["total"]).all()
    assert found["total"].sum() == len(event)
    assert list(missing.by_code(event, by="site").index) == ["NORTH", "SOUTH"]


def test_bounds_by_stage_hold_the_match_and_add_up_to_the_whole(made):
    _, _, event = made

    found, whole = missing.bounds(event), participation.bounds(event).iloc[0]

    assert list(found["group"]) == ["S1", "S2", "S3"]
    assert found[["hits", "n", "missing"]].sum().tolist() == [whole["hits"], whole["n"], whole["missing"]]
    share = found["hits"] / found["n"]
    assert ((found["least"] <= share) & (share <= found["most"]) & (found["missing"] > 0)).all()


def test_chances_are_those_of_statsmodels(made):
    _, read, event = made

    ours, theirs = missing.propensities(event, read.rounds), chances_by_statsmodels(event, read.rounds)

    assert ours.to_numpy() == pytest.approx(theirs.reindex(ours.index).to_numpy(), abs=1e-5)


def test_the_weighted_match_and_its_interval_are_those_of_the_rows_refitted(made):
    _, read, event = made

    found = missing.weighted_match(event, read.rounds).set_index("group")
    people = read.rounds["coordinator"].unique()
    left_out = np.array(
        [
            weighted_by_hand(event[event["coordinator"] != one], read.rounds[read.rounds["coordinator"] != one])
            for one in people
        ]
    )
    se = np.sqrt((len(people) - 1) / len(people) * ((left_out - left_out.mean()) ** 2).sum())

    assert found.loc["weighted", "estimate"] == pytest.approx(weighted_by_hand(event, read.rounds), abs=1e-6)
    assert found.loc["weighted", "se"] == pytest.approx(se, rel=1e-3)
    plain = participation.rate(event, "followed").iloc[0]
    for field in ("estimate", "low", "high", "n", "clusters"):
        assert found.loc["unweighted", field] == pytest.approx(plain[field])
    assert found.loc["weighted", "n"] == plain["n"]


def thinned(made, keep):
    """The same with wishes of boys kept for a share of the rounds only, and a match that differs by sex."""
    _, read, event = made
    boys = event["sex"] == "M"
    rank = event["round"].rank(method="dense") % 10
    gone = boys & (rank >= 10 * keep)
    changed = event.assign(asked=event["asked"] & ~gone, decided=event["decided"] & ~gone, follows=~boys)
    return changed, read.rounds


def test_weights_give_back_those_who_answered_less_often(made):
    event, rounds = thinned(made, keep=0.5)
    _, _, whole = made

    found = missing.weighted_match(event, rounds).set_index("group")["estimate"]
    truth = (whole.loc[whole["decided"], "sex"] != "M").mean()

    assert abs(found["weighted"] - truth) < abs(found["unweighted"] - truth) / 2


def test_no_child_stands_for_more_than_five(made):
    event, rounds = thinned(made, keep=0.1)

    found = missing.weighted_match(event, rounds).set_index("group")

    assert found.loc["weighted", "largest"] == 5
    assert found.loc["weighted", "trimmed"] > 0
    assert found.loc["unweighted", ["least", "largest", "trimmed"]].tolist() == [1, 1, 0]


def test_where_everybody_answers_weights_change_nothing(made):
    _, read, event = made

    found = missing.weighted_match(event.assign(asked=True), read.rounds)

    assert found["estimate"].iloc[1] == pytest.approx(found["estimate"].iloc[0], abs=1e-6)
    assert found["largest"].iloc[1] == pytest.approx(1, abs=1e-3)


def test_rounds_without_wish_questions_are_nobodys_silence(made):
    _, read, event = made
    other = read.rounds.iloc[:5].assign(round=[f"g-{i}" for i in range(5)], stage="G")

    more = missing.weighted_match(event, pd.concat([read.rounds, other], ignore_index=True))

    assert more.equals(missing.weighted_match(event, read.rounds))


def test_without_any_pair_there_is_a_reason_and_no_number(made):
    _, read, event = made

    found = missing.weighted_match(event.assign(decided=False), read.rounds)

    assert found["estimate"].isna().all() and (found["reason"] != "").all()


def test_sensitivity_leaves_out_helpers_and_late_wishes(made):
    _, _, event = made
    said = np.array(["alone", "carer", "staff", "other", "unsaid", ""])
    event = event.assign(helper=said[np.arange(len(event)) % 6])

    found = missing.sensitivity(event).set_index("group")
    rows = event[event["decided"]]
    alone, early = ~rows["helper"].isin(["carer", "staff", "other"]), ~rows["retrospective"]

    for name, mask in {
        "all": alone | True,
        "no helper": alone,
        "not retrospective": early,
        "neither": alone & early,
    }.items():
        assert found.loc[name, "n"] == mask.sum()
        assert found.loc[name, "estimate"] == pytest.approx(rows.loc[mask, "follows"].mean())
    assert found.loc["neither", "n"] < found.loc["no helper", "n"] < found.loc["all", "n"]


def test_sensitivity_keeps_a_line_for_nobody(made):
    _, _, event = made

    found = missing.sensitivity(event.assign(helper="carer")).set_index("group")

    assert np.isnan(found.loc["no helper", "estimate"]) and found.loc["no helper", "reason"] == "nobody to count"


def test_bad_weights_are_listed_row_by_row():
    """E803."""
    with pytest.raises(missing.BadWeights, match=r"row 2: the weight is 0\nrow 3: the weight is -1") as refused:
        missing.weighted_share([True] * 6, [1, 0, -1, np.nan, np.inf, 2], list("pqrstu"))

    assert refused.value.rows == [2, 3, 4, 5]
    assert "row 5: the weight is inf" in str(refused.value) and "E803" in str(refused.value)


def test_a_long_list_of_bad_weights_is_cut_and_counted():
    with pytest.raises(missing.BadWeights, match="… and 10 more"):
        missing.check_weights(np.zeros(60))


def test_weights_of_another_length_are_refused():
    with pytest.raises(ValueError, match="3 hits, 2 weights and 3 coordinators"):
        missing.weighted_share([True] * 3, [1, 1], list("pqr"))


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 5), st.sampled_from("pqr")), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_a_weighted_share_is_the_weighted_mean(rows):
    hits, weights, who = map(list, zip(*rows, strict=True))

    found = missing.weighted_share(hits, weights, who)

    assert found.estimate == pytest.approx(np.average(hits, weights=weights))
    assert found.n == len(rows)


def test_equal_weights_are_no_weights():
    hits, who = [True, False, True, True, False, True], list("ppqqrr")
    event = pd.DataFrame({"decided": True, "follows": hits, "coordinator": who})

    plain = participation.rate(event, "followed").iloc[0]
    found = missing.weighted_share(hits, np.full(6, 2.5), who)

    assert (found.estimate, found.low, found.high) == pytest.approx((plain["estimate"], plain["low"], plain["high"]))


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(missing).failed == 0
