"""Wish, belief, first view and decision side by side, and the rates made of them, against rows counted one by one."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis import measures, pairs, participation, perception, tables


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    rows = made_up.rows(children=60, coordinators=6, stages=3)
    return rows, tables.read(made_up.write(tmp_path_factory.mktemp("export"), rows))


def by_hand(rows):
    """Wish, belief, first view, decision per round and topic, in plain Python."""
    visits = {v["visit"]: v for v in rows["visits"]}
    found = {(d["round"], d["topic"]): {"D": d} for d in rows["decisions"]}
    for answer in rows["answers"]:
        if answer["topic"]:
            found[answer["round"], answer["topic"]]["W"] = answer | {"late": visits[answer["visit"]]["retrospective"]}
    for view in rows["views"]:
        found[view["round"], view["topic"]]["V"] = view
    return [f for f in found.values() if "W" in f and f["W"]["code"]]


def test_rates_are_those_counted_by_hand(made):
    rows, read = made
    event = participation.events(pairs.preference(read))
    cases = by_hand(rows)
    differ = [c for c in cases if c["W"]["shared"] and c["D"]["decision"] != c["W"]["code"]]
    heard = [c for c in differ if c["V"]["belief"] == c["W"]["code"]]
    prompt = [c for c in heard if c["D"]["reasons"] and c["D"]["told"] and c["D"]["days_to_told"] <= 14]
    silent = [c for c in differ if not c["D"]["reasons"] or not c["D"]["told"]]
    moved = [
        c
        for c in cases
        if c["W"]["shared"] and not c["W"]["late"] and c["V"]["first_view"] not in (c["W"]["code"], "DK")
    ]
    expected = {
        "followed": (sum(c["D"]["decision"] == c["W"]["code"] for c in cases), len(cases)),
        "heard": (sum(c["V"]["belief"] == c["W"]["code"] for c in cases), len(cases)),
        "unexplained": (len(silent), len(differ)),
        "account": (len(prompt), len(heard)),
        "shift": (sum(c["D"]["decision"] == c["W"]["code"] for c in moved), len(moved)),
    }

    for indicator, (hits, n) in expected.items():
        found = participation.rate(event, indicator).iloc[0]
        assert (found["hits"], found["n"]) == (hits, n), indicator
        assert found["estimate"] == pytest.approx(hits / n)


def test_staff_answer_only_for_wishes_the_child_shared(made):
    _, read = made
    event = participation.events(pairs.preference(read))
    nobody_shared = participation.events(pairs.preference(read).assign(shared=False))

    assert participation.rate(nobody_shared, "followed").equals(participation.rate(event, "followed"))
    assert len(participation.rate(nobody_shared, "unexplained")) == 0
    assert len(participation.rate(nobody_shared, "told")) == 0


def test_the_fourteenth_day_is_in_time_and_the_fifteenth_is_not(made):
    frame = pairs.preference(made[1])
    told = frame[frame["shared"] & (frame["W"] != "")].head(2).assign(told=True, days_to_told=[14.0, 15.0])

    assert participation.events(told)["told_in_time"].tolist() == [True, False]


def test_not_minding_is_an_answer_and_never_disagreement(made):
    _, read = made
    event = participation.events(pairs.preference(read))
    delegated = event[event["W_missing"] == "IDM"]

    assert len(delegated)
    assert not delegated["decided"].any()
    assert participation.rate(event, "delegated")["hits"].iloc[0] == len(delegated)


def test_every_round_and_topic_of_its_stage_has_one_row(made):
    _, read = made
    frame = pairs.preference(read)

    assert not frame.duplicated(["round", "topic"]).any()
    assert len(frame) == 60 * (4 + 3 + 4)
    assert (frame.loc[frame["W"] == "", "W_missing"] != "").all()


def wish_after(tmp_path, *visits):
    """The wish that counts when one child sat down several times: (month, code or missing, retrospective)."""

    def change(made):
        first = next(a for a in made["answers"] if a["topic"] == "D1.2")
        of = next(v for v in made["visits"] if v["visit"] == first["visit"])
        made["answers"] = [a for a in made["answers"] if a["round"] != first["round"]]
        for i, (month, said, late) in enumerate(visits):
            made["visits"].append({**of, "visit": f"v-x{i}", "n": i + 1, "month": month, "retrospective": late})
            code, missing = (said, "") if said.isdigit() else ("", said)
            made["answers"].append({**first, "visit": f"v-x{i}", "code": code, "missing": missing})
        change.round = first["round"]

    read = tables.read(made_up.write(tmp_path, made_up.rows(4, 2, 1), change))
    frame = pairs.preference(read).set_index(["round", "topic"])
    return frame.loc[(change.round, "D1.2")]


def test_the_latest_wish_counts(tmp_path):
    assert wish_after(tmp_path, ("2026-03", "0", 0), ("2026-02", "1", 0), ("2026-03", "2", 0))["W"] == "2"


def test_not_reaching_a_question_again_does_not_unsay_the_wish(tmp_path):
    assert wish_after(tmp_path, ("2026-02", "1", 0), ("2026-03", "NR", 0))["W"] == "1"


def test_changing_a_wish_to_do_not_know_counts(tmp_path):
    assert wish_after(tmp_path, ("2026-02", "1", 0), ("2026-03", "DK", 0))["W_missing"] == "DK"


def test_a_wish_asked_after_the_decision_never_replaces_one_given_before(tmp_path):
    found = wish_after(tmp_path, ("2026-02", "1", 0), ("2026-03", "2", 1))

    assert found["W"] == "1"
    assert not found["retrospective"]


def test_the_flow_never_grows(made):
    _, read = made
    event = participation.events(pairs.preference(read))
    flow = participation.flow(event, read.rounds, read.visits).to_numpy()

    assert (np.diff(flow, axis=1) <= 0).all()
    assert (flow[:, 0] == 60).all()


def test_missingness_bounds_hold_what_was_seen(made):
    _, read = made
    event = participation.events(pairs.preference(read))
    row, seen = participation.bounds(event).iloc[0], participation.rate(event, "followed")["estimate"].iloc[0]

    assert row["least"] < seen < row["most"]
    assert row["most"] - row["least"] == pytest.approx(row["missing"] / (row["n"] + row["missing"]))


def test_the_perception_gap_is_the_mean_difference_of_the_rows(made):
    _, read = made
    both = pairs.perception(read)
    voice = both[(both["construct"] == "VOICE") & (both["C"] != "") & (both["P"] != "")]
    difference = voice["P"].astype(int) - voice["C"].astype(int)

    found = perception.gaps(both).set_index("group").loc["VOICE"]

    assert found["estimate"] == pytest.approx(difference.mean())
    assert found["same"] == pytest.approx((difference == 0).mean())
    assert found["child"] == pytest.approx(voice["C"].astype(int).mean())


def test_the_reasons_of_one_decision_are_all_counted(made):
    _, read = made
    frame = pairs.preference(read)
    one = frame.index[frame["shared"] & (frame["W"] != "") & (frame["D"] != frame["W"])][0]
    frame.loc[one, "reasons"] = "SAFETY MONEY"
    event = participation.events(frame.loc[[one]])

    found = participation.reasons(event, read.reasons).set_index("reason")["hits"]

    assert found.sum() == 2
    assert (found["SAFETY"], found["MONEY"], found[""]) == (1, 1, 0)


def test_an_indicator_nobody_knows_is_refused_with_the_list(made):
    with pytest.raises(ValueError, match="choose from followed, heard"):
        participation.rate(made[1].rounds, "satisfaction")


def test_measures_of_an_empty_export_are_empty_and_not_an_error(tmp_path):
    found = measures.measure(tables.read(made_up.write(tmp_path, made_up.rows(0))))

    assert found.overall["estimate"].isna().all()
    assert len(found.topics) == 0
