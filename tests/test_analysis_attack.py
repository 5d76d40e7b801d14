"""Whoever has every report, and the register, works out no child: 0 of them, in villages of 8 to 400."""

import pandas as pd
import pytest

from analysis.disclosure import Door

from . import attack

FEW = range(4)  # all 200 villages: python -m tests.benchmarks.attack

LINKED = (61, 122)  # some wishes have no belief: the match less heard × followed tells of them, were both exact


class NoCompanions(Door):
    """Hides small counts, and nothing beside them."""

    def _wishes(self, wishes):
        return (wishes.between(1, self.rules.cell - 1)).to_numpy(), True

    def _all_or(self, raw, *_, **__):
        return raw.isin(range(1, self.rules.cell)).to_numpy(copy=True)


class NoLinks(Door):
    """Protects heard × followed as if no other table told the same totals."""

    def _rests(self, *_):
        return []


class NoThreshold(Door):
    """Shows every share, however few it rests on."""

    def _status(self, raw):
        return ["shown"] * len(raw)

    def _block(self, part, *_):
        return part


@pytest.mark.parametrize("seed", [*FEW, *LINKED])
def test_no_child_is_recovered_from_all_tables_of_both_audiences_before_and_after_one_more(seed):
    assert attack.attack(seed) == {"inside": [], "outside": []}


def test_a_door_that_forgets_linked_tables_gives_children_away():
    assert attack.attack(61, NoLinks)["inside"]


def test_a_door_without_companions_gives_children_away():
    assert sum(len(found) for seed in FEW for found in attack.attack(seed, NoCompanions).values()) > 0


def test_a_door_without_thresholds_gives_children_away():
    assert sum(len(found) for seed in FEW for found in attack.attack(seed, NoThreshold).values()) > 0


def test_reports_made_again_after_one_more_child_give_it_away_without_a_ledger():
    assert sum(len(found) for seed in FEW for found in attack.attack(seed, ledger=False).values()) > 0


def test_the_attacker_knows_what_subtraction_tells():
    """His own arithmetic: 12 children, 9 of them said yes, and so did 9 of the 11 without the last one."""
    know = attack.Knowledge()
    rest, last = know.count(("atom", "rest", True), 9, 11), know.count(("atom", "last", True), 0, 1)
    know.fact({rest: 1.0, last: 1.0}, 9, 9)
    before = attack.known(know, 5)
    know.fact({rest: 1.0}, 9, 9)

    assert before == []
    assert attack.known(know, 5) == [("atom", "last", True)]


def test_the_villages_are_different_and_the_same_every_time():
    sizes = [len(attack.village(seed).children) for seed in range(60)]

    assert (min(sizes) <= 10, max(sizes) >= 300) == (True, True)
    pd.testing.assert_frame_equal(attack.village(3).decisions, attack.village(3).decisions)
