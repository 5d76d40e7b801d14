"""What staff expected beside what children said, against rows counted by hand."""

import dataclasses
import doctest
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis import agreement, pairs, participation, perception, predictions, tables

STAFF = {"p-0": ("NORTH", 60), "p-1": ("NORTH", 80), "p-7": ("SOUTH", 30), "p-9": ("", 50)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    rows = made_up.rows(children=48, coordinators=8, stages=3)
    rows["questions"] += [
        made_up._question(name, "", "staff", construct, "", "", "")
        for name, construct in (("IP.14", "PREDICTION"), ("IC.02a", "STAGE_RANKING"), ("IP.06", "STAGE_RANKING"))
    ]
    for i, (staff, (site, guess)) in enumerate(STAFF.items()):
        asked = {"interview": f"i-{i}", "staff": staff, "role": "psychologist", "site": site, "missing": ""}
        for j, element in enumerate(made_up.ELEMENTS):
            rows["interviews"].append({**asked, "question": f"IP.14.{element}", "code": str(guess + j)})
        for j in range(1, 7):
            rows["interviews"].append({**asked, "question": f"IC.02a.S{j}", "code": str(7 - j if i else j)})
            rows["interviews"].append({**asked, "question": f"IP.06.S{j}", "code": "1"})
    read = tables.read(made_up.write(tmp_path_factory.mktemp("export"), rows))
    return rows, read, participation.events(pairs.preference(read))


def test_beliefs_by_topic_are_those_of_scikit_learn_and_of_the_rows(made):
    _, read, event = made

    found = predictions.topics(event, read).set_index(["group", "statistic"])

    for topic, scale in (("D1.2", "ordinal"), ("D1.1", "nominal")):
        options = read.options(topic)
        rows = event[(event["topic"] == topic) & event["believed"] & (event["B"] != "DK")]
        weights = "linear" if scale == "ordinal" else None
        kappa = cohen_kappa_score(rows["W"], rows["B"], labels=options, weights=weights)
        assert found.loc[(topic, "kappa"), "estimate"] == pytest.approx(kappa)
        assert found.loc[(topic, "same"), "estimate"] == pytest.approx((rows["W"] == rows["B"]).mean())
        assert found.loc[(topic, "same"), "n"] == len(rows)
        if scale == "ordinal":
            gaps = rows["B"].map(options.index) - rows["W"].map(options.index)
            assert found.loc[(topic, "gap"), "estimate"] == pytest.approx(gaps.mean())
    assert ("D1.1", "gap") not in found.index


def test_elements_are_those_of_the_rows_and_of_the_gap_in_the_report(made):
    _, read, _ = made
    seen = pairs.perception(read)

    found = predictions.elements(seen).set_index(["group", "statistic"])
    report = perception.gaps(seen).set_index("group")

    for element in made_up.ELEMENTS:
        part = seen[(seen["construct"] == element) & (seen["C"] != "") & (seen["P"] != "")]
        table = pd.crosstab(part["C"], part["P"]).reindex(index=list("012"), columns=list("012"), fill_value=0)
        ac = agreement.gwet(table.to_numpy(), "linear").estimate
        assert found.loc[(element, "gap"), "estimate"] == pytest.approx(report.loc[element, "estimate"])
        assert found.loc[(element, "gap"), "low"] == pytest.approx(report.loc[element, "low"])
        assert found.loc[(element, "kappa"), "estimate"] == pytest.approx(report.loc[element, "kappa"])
        assert found.loc[(element, "AC"), "estimate"] == pytest.approx(ac)
        assert found.loc[(element, "AC"), "low"] <= ac <= found.loc[(element, "AC"), "high"]


def test_where_both_always_say_the_same_there_is_a_reason_and_no_kappa(made):
    _, read, _ = made
    seen = pairs.perception(read).assign(C="2", P="2")

    found = predictions.elements(seen).set_index(["group", "statistic"])

    assert np.isnan(found.loc[("INFO", "kappa"), "estimate"])
    assert "one single answer" in found.loc[("INFO", "kappa"), "reason"]
    assert found.loc[("INFO", "same"), "estimate"] == 1


def children_by_hand(rows, element):
    coordinator = {r["round"]: r["coordinator"] for r in rows["rounds"]}
    said = [a for a in rows["answers"] if a["construct"] == element]
    return pd.DataFrame(
        [(a["site"], coordinator[a["round"]], int(a["code"]) * 50) for a in said], columns=["site", "who", "points"]
    )


def gap_by_hand(child, element, without=""):
    """Each prediction against the children of its site, those of ``without`` left out."""
    j = made_up.ELEMENTS.index(element)
    return np.array(
        [
            guess + j - child.loc[((child["site"] == site) | (site == "")), "points"].mean()
            for staff, (site, guess) in STAFF.items()
            if staff != without
        ]
    )


def test_predictions_are_compared_with_the_children_of_ones_own_site(made):
    rows, read, _ = made

    found = predictions.expected(read).set_index("group")

    for element in made_up.ELEMENTS:
        child = children_by_hand(rows, element)
        assert found.loc[element, "estimate"] == pytest.approx(gap_by_hand(child, element).mean())
        assert found.loc[element, "staff"] - found.loc[element, "child"] == pytest.approx(
            found.loc[element, "estimate"]
        )
        assert (found.loc[element, "predictions"], found.loc[element, "children_n"]) == (4, len(child))


def test_the_interval_of_a_prediction_holds_both_errors(made):
    rows, read, _ = made
    child = children_by_hand(rows, "SPACE")

    row = predictions.expected(read).set_index("group").loc["SPACE"]
    staff = np.array([gap_by_hand(child, "SPACE", without=one).mean() for one in STAFF])
    cluster = np.array([gap_by_hand(child[child["who"] != one], "SPACE").mean() for one in child["who"].unique()])
    squares = [(len(x) - 1) / len(x) * ((x - x.mean()) ** 2).sum() for x in (staff, cluster)]

    assert row["se"] == pytest.approx(np.sqrt(sum(squares)))
    assert row["low"] == pytest.approx(row["estimate"] - stats.t.ppf(0.975, 3) * row["se"])


def test_a_prediction_that_is_no_number_is_refused_with_its_interview(made):
    _, read, _ = made
    changed = read.interviews.copy()
    changed.loc[changed["question"] == "IP.14.SPACE", "code"] = "120"

    with pytest.raises(ValueError, match=r"interviews, i-0, IP\.14\.SPACE: '120' is not a number from 0 to 100"):
        predictions.expected(dataclasses.replace(read, interviews=changed))


def test_without_interviews_there_is_a_reason_and_no_number(made):
    _, read, _ = made

    found = predictions.expected(dataclasses.replace(read, interviews=read.interviews.iloc[:0]))

    assert found["estimate"].isna().all() and (found["reason"] == predictions.NOBODY).all()


def test_one_member_of_staff_gives_no_interval(made):
    _, read, _ = made
    one = read.interviews[read.interviews["staff"] == "p-0"]

    found = predictions.expected(dataclasses.replace(read, interviews=one))

    assert found["estimate"].notna().all() and found["low"].isna().all()
    assert found["reason"].str.contains("fewer than two").all()


def test_the_stages_with_most_say_stand_beside_the_childrens(made):
    rows, read, _ = made

    found = predictions.most_say(read).set_index("stage")
    said = [a for a in rows["answers"] if a["construct"] == "INFLUENCE"]
    means = pd.Series({s: np.mean([int(a["code"]) * 50 for a in said if a["stage"] == s]) for s in ("S1", "S2", "S3")})

    assert found.loc["S1", "staff_place"] == pytest.approx((1 + 6 * 3) / 4)
    assert found.loc["S6", "staff_place"] == pytest.approx((6 + 1 * 3) / 4)
    assert found["child"].dropna().to_dict() == pytest.approx(means.to_dict())
    assert found["child_place"].dropna().idxmin() == means.idxmax()
    assert found["rankings"].tolist() == [4] * 6 and found.loc["S4":, "answers"].tolist() == [0, 0, 0]


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(predictions).failed == 0
