"""No child can be found in a printed number, not even by subtraction."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.disclosure import CLOSED, FEW, HIDDEN, MOST, SHOWN, Door, Rules, protect


def rates(*rows, parent="all"):
    """(group, hits, n, coordinators) as the statistics hand them over."""
    frame = pd.DataFrame(rows, columns=["group", "hits", "n", "clusters"]).assign(parent=parent)
    return frame.assign(estimate=frame["hits"] / frame["n"], low=0.1, high=0.9, kappa=0.5, least_used=9)


def statuses(*rows):
    return Door().rates("test", rates(*rows)).frame.set_index("group")["status"].to_dict()


def could_be(values, hidden, rows, columns):
    """For each hidden cell the smallest and largest count the printed totals allow."""
    place = np.argwhere(hidden)
    lines = [(place[:, 0] == i) for i in range(values.shape[0]) if rows]
    lines += [(place[:, 1] == j) for j in range(values.shape[1]) if columns]
    inside = [values[tuple(place[line].T)].sum() for line in lines]
    for cell in range(len(place)):
        goal = np.eye(len(place))[cell]
        ends = [linprog(sign * goal, A_eq=np.array(lines, float), b_eq=inside).fun for sign in (1, -1)]
        yield ends[0], -ends[1]


def test_one_small_cell_cannot_be_found_by_subtraction():
    """A column 3, 20, 9, 40 with its total 72: hiding the 3 alone gives it away."""
    values = np.array([[3.0], [20], [9], [40]])

    hidden = protect(values, rows=False, columns=True)

    assert hidden[:, 0].tolist() == [True, False, True, False]
    assert all(high > low for low, high in could_be(values, hidden, False, True))


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda r: st.integers(1, 4).flatmap(
            lambda c: st.lists(st.lists(st.integers(0, 25), min_size=c, max_size=c), min_size=r, max_size=r)
        )
    ),
    st.booleans(),
)
def test_no_hidden_count_follows_from_the_totals(cells, both):
    values = np.array(cells, dtype=float)
    assume(values.shape[0] > 1 and (not both or values.shape[1] > 1))

    hidden = protect(values, rows=both, columns=True)

    assert hidden[(values > 0) & (values < 5)].all()
    for low, high in could_be(values, hidden, both, True):
        nothing_left_to_hide = hidden.all() or (not both and values[hidden].sum() < 5)
        assert nothing_left_to_hide or high > low


def test_the_handbook_example_hides_all_four():
    """Geurts 1992: a 2 × 2 block with margins 7, 3 and 6, 4 is hidden as a whole, so X11 may be 3 to 6."""
    values = np.array([[5.0, 2], [1, 2]])

    hidden = protect(values, rows=True, columns=True)

    assert hidden.all()
    assert next(could_be(values, hidden, True, True)) == pytest.approx((3, 6))


def test_where_everybody_chose_the_same_nobody_reads_it_off():
    assert protect(np.array([[40.0], [0], [0]]), rows=False, columns=True).all()


def test_fewer_than_ten_answers_or_three_coordinators_are_hidden_with_their_number():
    found = Door().rates("test", rates(("S1", 5, 9, 3), ("S2", 20, 40, 2), ("S3", 20, 40, 6), ("S4", 30, 60, 6))).frame

    assert found["status"].tolist() == [HIDDEN, HIDDEN, SHOWN, SHOWN]
    assert found["n"].isna().tolist() == [True, True, False, False]
    assert "hits" not in found


def test_a_share_resting_on_fewer_than_five_is_said_in_words():
    assert statuses(("S1", 0, 40, 6), ("S2", 36, 40, 6), ("S3", 20, 40, 6), ("S4", 20, 50, 6))["S1"] == FEW
    assert statuses(("S1", 4, 40, 6), ("S2", 40, 40, 6), ("S3", 20, 40, 6), ("S4", 20, 50, 6))["S2"] == MOST


def test_a_hidden_row_gets_a_companion_because_the_total_is_printed():
    """S1 alone hidden would follow from the row above; the smallest of the others goes with it."""
    found = statuses(("S1", 3, 40, 6), ("S2", 20, 30, 6), ("S3", 20, 40, 6))

    assert found == {"S1": FEW, "S2": CLOSED, "S3": SHOWN}


def test_a_hidden_number_of_answers_gets_a_companion_too():
    found = Door().rates("test", rates(("S1", 2, 4, 6), ("S2", 20, 30, 6), ("S3", 20, 40, 6))).frame

    assert found["n"].isna().sum() == 2


def test_when_a_total_is_withheld_its_parts_are_too():
    door = Door()
    above = door.rates("stages", rates(("S1", 3, 40, 6), ("S2", 20, 30, 6), ("S3", 20, 40, 6)))
    parts = rates(("D1.1", 1, 20, 6), ("D1.2", 2, 20, 6), parent="S1")
    whole = rates(("D3.1", 10, 20, 6), ("D3.2", 10, 20, 6), parent="S3")

    found = door.rates("topics", pd.concat([parts, whole], ignore_index=True), above).frame

    assert (found["status"] == SHOWN).tolist() == [False, False, True, True]
    assert found["estimate"].isna().tolist() == [True, True, False, False]


def test_a_mean_of_topics_is_withheld_when_one_of_them_is():
    """Two hidden shares follow from their mean and the total of their stage."""
    door = Door()
    stages = door.rates("stages", rates(("S1", 40, 80, 6), ("S3", 20, 40, 6)).assign(mean=0.5))
    parts = rates(("D1.1", 1, 30, 6), ("D1.2", 20, 25, 6), ("D1.3", 19, 25, 6), parent="S1")
    topics = door.rates("topics", parts, stages)

    found = door.parts_shown(stages, "mean", topics).frame.set_index("group")["mean"]

    assert found.isna().to_dict() == {"S1": True, "S3": False}


def test_parts_of_a_hidden_total_hide_their_numbers_of_answers_too():
    door = Door()
    above = door.rates("stages", rates(("S1", 3, 9, 6), ("S2", 20, 30, 6), ("S3", 20, 40, 6)))

    found = door.rates("topics", rates(("D1.1", 20, 40, 6), ("D1.2", 20, 50, 6), parent="S1"), above).frame

    assert found["n"].isna().all()
    assert (found["status"] == HIDDEN).all()


def test_kappa_needs_thirty_answers_every_option_in_use_and_intervals_five_coordinators():
    raw = rates(("few", 15, 29, 6), ("many", 15, 30, 6), ("rare", 15, 40, 6), ("alone", 15, 40, 4))
    raw.loc[2, "least_used"] = 4

    found = Door().rates("test", raw).frame

    assert found["kappa"].notna().tolist() == [False, True, False, True]
    assert found["low"].notna().tolist() == [True, True, True, False]
    assert found["estimate"].notna().all()


def test_steps_of_the_flow_are_rounded_so_that_a_drop_of_two_shows_nobody():
    raw = pd.DataFrame({"opened": [41], "visited": [39]}, index=["S1"])

    assert Door().flow("flow", raw).frame.loc["S1"].tolist() == [40.0, 40.0]


def test_the_log_counts_and_does_not_tell_which_were_small():
    door = Door()
    door.rates("match", rates(("S1", 3, 40, 6), ("S2", 20, 30, 6), ("S3", 20, 40, 6)))

    assert door.log == [("match", 2, "size, small cells, companions")]


def test_rules_can_be_stricter_and_never_laxer():
    assert Rules(cell=10).cell == 10
    with pytest.raises(ValueError, match="cell may not be below 5"):
        Rules(cell=3)


def test_a_small_total_is_not_told():
    assert (Door().total("refusals", 3), Door().total("refusals", 0), Door().total("children", 1200)) == (None, 0, 1200)


def test_rows_that_are_not_shown_cannot_be_told_apart():
    door = Door()
    raw = rates(("S1", 2, 9, 6), ("S2", 3, 40, 6), ("S3", 38, 40, 6), ("S4", 20, 40, 6), ("S5", 21, 40, 6))

    found = door.alike(door.rates("unexplained", raw.assign(topic_mean=0.5, method="m", reason="r"))).frame

    assert set(found["status"]) == {SHOWN, CLOSED}
    assert set(found.columns).isdisjoint({"n", "clusters", "hits", "topic_mean", "method", "reason"})
    silent = found[found["status"] == CLOSED].drop(columns=["group"])
    assert len(silent) > 2
    assert len(silent.drop_duplicates()) == 1


def test_numbers_of_answers_that_could_be_subtracted_are_rounded_with_their_shares():
    door = Door()

    found = door.rounded(door.rates("overall", rates(("heard", 581, 797, 8), ("followed", 577, 793, 8)))).frame

    assert found["n"].tolist() == [795.0, 795.0]
    assert found["estimate"].tolist() == [0.73, 0.73]


def test_a_hidden_wish_is_not_found_by_the_n_of_the_match():
    """The 3 and a hidden "don't know" protect each other in the column, but not in the n of the match."""
    raw = pd.DataFrame({"W": [3, 20, 12, 4, 0], "D": [9, 15, 15, 0, 0]}, index=["KIN", "STAY", "OWN", "DK", "NV"])

    hidden = Door().lists("options", raw, 6).frame["W"].isna()

    assert hidden.to_dict() == {"KIN": True, "STAY": False, "OWN": True, "DK": True, "NV": False, "total": False}


@pytest.mark.parametrize(("n", "last", "shown"), [(40, 6, True), (29, 6, False), (40, 4, False), (40, 0, False)])
def test_the_headline_without_the_last_month_needs_thirty_decisions_and_no_small_last_month(n, last, shown):
    raw = rates(("all", 12, n, 6)).assign(last=last)

    found = Door().earlier("earlier", raw).frame

    assert (found["status"] == SHOWN).tolist() == [shown]
    assert found["estimate"].notna().tolist() == [shown]
    assert "n" not in found
