"""What was published stays as it was, and two releases cannot be subtracted from each other."""

import dataclasses
import json
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis import releases, results, tables


def numbers(folder, children, change=None):
    return results.compute(tables.read(made_up.write(folder, made_up.rows(children, 6, 1), change)))


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """One village with 60, 61 and 220 children."""
    return {n: numbers(tmp_path_factory.mktemp(str(n)), n) for n in (60, 61, 220)}


def publish(folder, period, found, audience="inside"):
    releases.open(folder, period, audience)
    return releases.close(folder, period, found, "ab12", audience)


def _with(found, name, frame):
    return dataclasses.replace(found, frames=found.frames | {name: frame})


def same(first, second):
    return first.size == second.size and all(first.frames[name].equals(second.frames[name]) for name in first.frames)


def test_while_a_period_is_open_there_is_no_number(tmp_path, grown):
    releases.open(tmp_path, "2026-10")

    with pytest.raises(ValueError, match="inside-2026-10: no results yet"):
        releases.read(tmp_path, "2026-10")


def test_what_is_closed_is_read_as_it_was_closed(tmp_path, grown):
    frozen = publish(tmp_path, "2026-10", grown[60])

    assert same(releases.read(tmp_path, "2026-10"), frozen)
    assert same(frozen, grown[60])
    with pytest.raises(ValueError, match="is not open"):
        releases.close(tmp_path, "2026-10", grown[220], "ab12")
    with pytest.raises(ValueError, match="was opened before"):
        releases.open(tmp_path, "2026-10")


def test_two_releases_that_differ_by_one_child_are_equal(tmp_path, grown):
    """A5. Without the ledger their numbers differ."""
    first = publish(tmp_path, "2026-10", grown[60])
    second = publish(tmp_path, "2026-11", grown[61])

    assert same(first, second)
    assert not same(grown[60], grown[61])
    assert releases.compare(tmp_path / "inside-2026-10", tmp_path / "inside-2026-11").empty


def test_where_enough_children_differ_a_table_is_new_as_a_whole_else_old_as_a_whole(tmp_path, grown):
    first = publish(tmp_path, "2026-10", grown[60])
    second = publish(tmp_path, "2026-11", grown[220])

    found = releases.compare(tmp_path / "inside-2026-10", tmp_path / "inside-2026-11")
    new = {name for name in first.frames if second.frames[name].equals(grown[220].frames[name])}
    old = {name for name in first.frames if second.frames[name].equals(first.frames[name])}
    assert new | old == set(first.frames)
    assert "topics" in new
    assert old
    assert (found["differ"] >= 5).all()
    assert set(found["table"]) - {"size"} <= new


def test_the_ledger_says_what_became_of_every_cell(tmp_path, grown):
    publish(tmp_path, "2026-10", grown[60])
    publish(tmp_path, "2026-11", grown[61])

    ledgers = [json.loads((tmp_path / f"inside-2026-{m}" / "ledger.json").read_text()) for m in (10, 11)]

    assert [ledger["state"] for ledger in ledgers] == ["closed", "closed"]
    assert [(ledger["period"], ledger["export"], ledger["audience"]) for ledger in ledgers] == [
        ("2026-10", "ab12", "inside"), ("2026-11", "ab12", "inside"),
    ]  # fmt: skip
    assert {table["verdict"] for table in ledgers[1]["tables"].values()} == {"kept"}
    cells = [table["cells"] for table in ledgers[0]["tables"].values()]
    assert [table["cells"] for table in ledgers[1]["tables"].values()] == cells
    assert ledgers[0]["tables"]["topics"]["cells"]["D1.1 n"] == "shown"


def test_one_child_in_every_topic_is_one_child_and_not_four(grown):
    """60 and 61 children with four wishes each: the overall n moves by five, for one child."""
    found = releases.changes(grown[60], grown[61])

    assert len(found)
    assert found["differ"].max() <= 1


def test_a_cell_that_was_hidden_does_not_open_for_one_child_more(grown):
    frame = grown[60].frames["options_D1.1"]
    closed = dataclasses.replace(
        grown[60], frames=grown[60].frames | {"options_D1.1": frame.assign(W=frame["W"].mask(frame["W"] > 0))}
    )

    found = releases.following(closed, grown[60])

    assert found.frames["options_D1.1"].equals(closed.frames["options_D1.1"])


def test_each_audience_has_releases_of_its_own(tmp_path, grown):
    publish(tmp_path, "2026-10", grown[60])
    publish(tmp_path, "2026-11", grown[220], "outside")

    assert same(releases.read(tmp_path, "2026-11", "outside"), grown[220])
    with pytest.raises(ValueError, match="different audiences"):
        releases.compare(tmp_path / "inside-2026-10", tmp_path / "outside-2026-11")


@pytest.mark.parametrize(
    ("period", "audience", "said"),
    [
        ("2026-10-07", "inside", "is not a period"), ("../x", "inside", "is not a period"),
        ("2026-13", "inside", "is not a period"), ("2026-10", "press", "is not an audience"),
    ],
)  # fmt: skip
def test_a_day_or_an_unknown_audience_is_refused(tmp_path, period, audience, said):
    with pytest.raises(ValueError, match=said):
        releases.open(tmp_path, period, audience)


def test_releases_are_closed_in_their_order_and_damage_is_named(tmp_path, grown):
    releases.open(tmp_path, "2026-09")
    publish(tmp_path, "2026-10", grown[60])

    with pytest.raises(ValueError, match="inside-2026-10 was closed already"):
        releases.close(tmp_path, "2026-09", grown[60], "ab12")
    (tmp_path / "inside-2026-10" / "results.json").write_text("{")
    with pytest.raises(ValueError, match=r"results\.json cannot be read; restore it"):
        releases.read(tmp_path, "2026-10")
    (tmp_path / "inside-2026-10" / "ledger.json").write_text("[]")
    with pytest.raises(ValueError, match="not a ledger of format 1"):
        releases.read(tmp_path, "2026-10")


def test_the_same_numbers_make_the_same_bytes(tmp_path, grown):
    for folder in ("a", "b"):
        publish(tmp_path / folder, "2026-10", grown[60])

    for name in ("ledger.json", "results.json"):
        first, second = (tmp_path / folder / "inside-2026-10" / name for folder in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()


def test_a_table_without_any_row_can_be_compared(grown):
    empty = dataclasses.replace(
        grown[60], frames=grown[60].frames | {"direction": grown[60].frames["direction"].iloc[:0]}
    )

    assert isinstance(releases.changes(empty, grown[60]), pd.DataFrame)
