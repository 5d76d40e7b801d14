"""No child can be found in a printed number, not even by subtraction."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.disclosure import (
    CLOSED,
    FEW,
    HIDDEN,
    MOST,
    SHOWN,
    Door,
    Released,
    Rules,
    System,
    ask,
    protect,
    said,
    unsafe,
)  # fmt: skip


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
    lines = [hidden[:, j] for j in range(values.shape[1])] + (
        [hidden[i] for i in range(values.shape[0])] if both else []
    )
    for low, high in could_be(values, hidden, both, True):
        nothing_left_to_hide = hidden.all() or (not both and any(column.all() for column in hidden.T))
        assert nothing_left_to_hide or (high - low > 2 - 1e-6 and high > 5 - 1e-6)
    assert hidden.all() or all(line.sum() != 1 or line.size == 1 for line in lines)


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
    assert (Door().total("refusals", 3), Door().total("refusals", 0), Door().total("children", 1203)) == (
        None,
        None,
        1205,
    )


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


def wishes(options, rest, rows=("DK", "IDM", "SK", "NA", "NR", "NV")):
    names = [f"O{i}" for i in range(len(options))]
    rest = [*rest, *[0] * (len(rows) - len(rest))]
    return pd.DataFrame({"W": [*options, *rest], "D": [*options, *[0] * len(rows)]}, index=[*names, *rows])


def test_a_hidden_wish_is_not_found_by_the_n_of_the_match():
    """The 3 and a hidden "don't know" protect each other in the column, but not in the n of the match."""
    found = Door().lists("options", wishes([3, 20, 12], [4, 0]), 6).frame["W"]

    assert found.isna().to_dict() | {"IDM": 0, "SK": 0, "NA": 0, "NR": 0, "NV": 0} == {
        "O0": True, "O1": False, "O2": True, "DK": True, "IDM": 0, "SK": 0, "NA": 0, "NR": 0, "NV": 0, "total": True,
    }  # fmt: skip


def test_the_total_of_the_wishes_less_the_match_does_not_tell_how_few_did_not_know():
    """20 + 15 wishes with a decision: a total of 38 would say that three did not name an option."""
    door = Door()

    few, many, none = (door.lists("options", wishes([20, 15], [n, 0]), 6).frame["W"] for n in (3, 12, 0))

    assert np.isnan(few["total"])
    assert few[["O0", "O1"]].tolist() == [20, 15]
    assert (many["total"], none["total"]) == (47, 35)


def test_where_all_who_named_an_option_named_the_same_nobody_reads_it_off_beside_the_undecided():
    found = Door().lists("options", wishes([40, 0, 0], [12, 9]), 6).frame["W"]

    assert found[["O0", "O1", "O2"]].isna().all()


@pytest.mark.parametrize(("n", "last", "shown"), [(40, 6, True), (29, 6, False), (40, 4, False), (40, 0, False)])
def test_the_headline_without_the_last_month_needs_thirty_decisions_and_no_small_last_month(n, last, shown):
    raw = rates(("all", 12, n, 6)).assign(last=last)

    found = Door().earlier("earlier", raw).frame

    assert (found["status"] == SHOWN).tolist() == [shown]
    assert found["estimate"].notna().tolist() == [shown]
    assert "n" not in found


# ---- what a reader can work out ------------------------------------------------------------------------------


def square(values, row_totals, column_totals):
    known = System()
    for i, total in enumerate(row_totals):
        known.add({(i, j): 1 for j in range(len(column_totals))}, total)
    for j, total in enumerate(column_totals):
        known.add({(i, j): 1 for i in range(len(row_totals))}, total)
    return known


def test_geurts_hidden_square_leaves_three_to_six_and_the_audit_asks_for_more():
    """O33, Geurts 1992: margins 7, 3 and 6, 4. X11 lies in [3, 6]; the other three are known too well."""
    known = square(None, (7, 3), (6, 4))

    found = known.intervals([(0, 0), (0, 1), (1, 0), (1, 1)])

    assert found == {(0, 0): (3, 6), (0, 1): (1, 4), (1, 0): (0, 3), (1, 1): (0, 3)}
    assert unsafe(found) == [(0, 1), (1, 0), (1, 1)]


def test_a_number_hidden_in_both_of_two_linked_tables_is_found_by_subtraction():
    """O34, the handbook on statistical disclosure control: 56,600 − 47,600 − 8,002 = 998."""
    known = System()
    known.add({"all": 1, "a": -1, "b": -1, "c": -1}, 0)
    known.add({"all": 1}, 56_600)
    known.add({"a": 1}, 47_600)
    known.add({"b": 1}, 8_002)

    assert known.interval("c") == (998, 998)
    assert unsafe(known.intervals(["c"])) == ["c"]


def test_a_rounded_total_leaves_room_and_the_audit_knows_how_much():
    known = System()
    known.rounded({"a": 1, "b": 1}, 40, 5)
    known.add({"a": 1}, 34)

    assert known.interval("b") == (4, 8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=6, max_size=6), st.integers(0, 63))
def test_the_ends_are_those_of_trying_every_table(cells, shown):
    """Two rows, three columns, all totals printed and some cells: every table with cells 0 … 8 is tried."""
    values = np.array(cells).reshape(2, 3)
    known = square(None, values.sum(axis=1), values.sum(axis=0))
    for i, j in np.ndindex(2, 3):
        if shown >> (3 * i + j) & 1:
            known.add({(i, j): 1}, int(values[i, j]))

    found = known.intervals(list(np.ndindex(2, 3)))

    free = np.array(np.meshgrid(*[range(9)] * 2)).reshape(2, -1).T
    first = np.column_stack([free, values[0].sum() - free.sum(axis=1)])
    tables = np.stack([first, values.sum(axis=0) - first], axis=1)
    fits = (tables >= 0).all(axis=(1, 2))
    for i, j in np.ndindex(2, 3):
        if shown >> (3 * i + j) & 1:
            fits &= tables[:, i, j] == values[i, j]
    kept = tables[fits]
    assert found == {(i, j): (kept[:, i, j].min(), kept[:, i, j].max()) for i, j in np.ndindex(2, 3)}


def test_three_sums_of_two_tell_each_of_three_though_no_single_sum_does():
    """1 + 1 three times: pushing bounds along one sum at a time stops at 0 to 2, linear programming does not."""
    known = System()
    for pair in ("ab", "bc", "ac"):
        known.add(dict.fromkeys(pair, 1), 2)

    assert known.intervals(list("abc")) == {"a": (1, 1), "b": (1, 1), "c": (1, 1)}


def test_two_possible_counts_are_too_few_and_three_small_ones_too():
    assert unsafe({"two": (5, 6), "small": (0, 4), "fine": (3, 5), "open": (0, float("inf"))}) == ["two", "small"]


def test_numbers_that_contradict_each_other_are_refused():
    known = System()
    known.add({"a": 1, "b": 1}, 5)
    known.add({"a": 1}, 9)

    with pytest.raises(ValueError, match="contradict each other"):
        known.interval("b")


# ---- audiences -----------------------------------------------------------------------------------------------


def test_outside_ten_is_the_least_and_every_count_is_rounded():
    raw = pd.DataFrame({"D": [8, 23, 41, 13]}, index=list("ABCD"))

    inside, outside = (Door(audience).lists("options", raw, 6).frame["D"] for audience in ("inside", "outside"))

    assert inside.tolist() == [8, 23, 41, 13, 85]
    assert outside.isna().tolist() == [True, False, False, True, False]
    assert (outside.dropna() % 5 == 0).all()


def test_a_share_resting_on_seven_is_told_inside_and_not_outside():
    raw = rates(("S1", 7, 40, 6), ("S2", 20, 40, 6), ("S3", 20, 40, 6))

    inside, outside = (Door(audience).rates("test", raw).frame["status"].tolist() for audience in ("inside", "outside"))

    assert inside == [SHOWN] * 3
    assert outside == [FEW, CLOSED, SHOWN]


def test_an_audience_is_known_and_its_rules_are_never_laxer():
    assert Door("inside", Rules(cell=7)).rules.cell == 7
    with pytest.raises(ValueError, match="'press' is not an audience; choose from inside, outside"):
        Door("press")
    with pytest.raises(ValueError, match="for the audience outside the rule cell may not be below 10"):
        Door("outside", Rules(cell=7))


# ---- between tables ------------------------------------------------------------------------------------------


def test_no_number_of_answers_is_exact_so_that_none_can_be_subtracted_from_another():
    raw = rates(("S1", 20, 41, 6), ("S2", 20, 43, 6)).assign(pairs=[41, 43], balance=[0.123456, 0.2])

    found = Door().rates("test", raw).frame

    assert found["n"].tolist() == found["pairs"].tolist() == [40, 45]
    assert found["estimate"].tolist() == [0.49, 0.47]
    assert found["balance"].tolist() == [0.12, 0.2]


def test_bounds_and_sizes_tell_no_exact_number_either():
    door = Door()
    under = door.rates("overall", rates(("followed", 60, 101, 6), parent="x"))
    raw = pd.DataFrame(
        {"group": ["all"], "hits": 60, "n": 101, "missing": 23, "clusters": 6, "least": 0.483871, "most": 0.669355}
    )

    found = door.bounds("bounds", raw, under).frame.iloc[0]

    assert (found["n"], found["missing"], found["least"], found["most"]) == (100, 25, 0.48, 0.67)
    assert door.total("pairs", 101) == 100


def test_a_reason_given_every_time_is_told_of_nobody():
    raw = pd.DataFrame({"kind": "system", "reason": ["A", "B", "C"], "hits": [40, 9, 12], "n": 40, "clusters": 6})

    assert Door().reasons("reasons", raw).frame["hits"].isna().tolist() == [True, False, False]


# ---- questions that are no table -----------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [{"filters": {"sex": "F"}}, {"since": "2026-03-01", "until": "2026-03-02"}])
def test_a_second_filter_or_a_range_of_days_is_refused(asked):
    with pytest.raises(ValueError, match="E802: this table is fixed so that no child can be recognised"):
        ask("stage", **asked)


def test_an_unknown_breakdown_is_refused_with_the_list_of_those_there_are():
    assert ask("stage") == "stage"
    with pytest.raises(ValueError, match=r"E801.*choose from stage, topic, construct"):
        ask("sort=;--")


def test_nobody_one_and_four_answers_read_the_same():
    """A3: a group of 0 to 4 (or 9) is one and the same text."""
    found = [
        Door().rates("test", rates(("S1", 0, n, 6), ("S2", 20, 40, 6), ("S3", 20, 40, 6))).frame for n in (0, 1, 4, 9)
    ]

    assert all(frame.drop(columns="reason", errors="ignore").equals(found[0]) for frame in found[1:])


def test_where_the_rest_would_be_too_few_the_whole_table_is_withheld():
    """A4: 40 in one stage and 3 in the other: the 40 less the whole are the 3."""
    found = Door().rates("test", rates(("S1", 20, 40, 6), ("S2", 1, 3, 3))).frame

    assert (found["status"] == HIDDEN).all()
    assert found[["n", "estimate"]].isna().all(axis=None)


def test_an_empty_wave_and_a_wave_of_one_have_no_results_yet():
    """A7, and A6 beside it: all the same is "almost all"."""
    nobody, one = (Door().rates("test", rates(*rows)) for rows in ([], [("all", 1, 1, 1)]))

    assert said(nobody) == said(one) == "no results yet"
    assert said(Door().rates("test", rates(("all", 20, 40, 6)))) == ""
    assert statuses(("S1", 40, 40, 6), ("S2", 20, 40, 6), ("S3", 20, 40, 6))["S1"] == MOST
    assert said(Released("lists", pd.DataFrame({"W": [np.nan, 0.0]}))) == "no results yet"


def test_the_last_door_is_quick():
    """A table of 40 × 12 with all totals printed is protected and audited within a second."""
    values = np.random.default_rng(1).integers(0, 40, (40, 12)).astype(float)
    started = time.perf_counter()

    protect(values, rows=False, columns=True)

    assert time.perf_counter() - started < 1
