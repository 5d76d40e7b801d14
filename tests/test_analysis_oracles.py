"""Our statistics against published tables and other programs' print-outs. Each docstring quotes what was published."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import examples
import oracles

from analysis import agreement, raters

ALL = [*oracles.ORACLES, *examples.MORE]
FOUND = {oracle.name: oracle for oracle in ALL}
DOC = Path(__file__).parents[1] / "docs" / "statistics.md"


@pytest.mark.parametrize("name", FOUND, ids=str)
def test_our_value_is_the_published_value(name):
    """The session or table each value was published in stands beside it in tests/data/analysis/oracles.py."""
    oracle = FOUND[name]

    assert oracle.ours() == pytest.approx(oracle.published, abs=oracle.within)


def test_the_table_in_the_documentation_shows_what_is_computed_now():
    """docs/statistics.md: | oracle | published | ours | difference |."""
    written = re.findall(r"^\| (O\d\S*) \| (.+?) \| (\S+) \| (\S+) \| (\S+) \|", DOC.read_text(encoding="utf-8"), re.M)

    assert written == [oracle.row() for oracle in ALL]


def test_an_option_nobody_used_keeps_its_place():
    """irrCAC without categories= drops it: AC1 .52941; with all three categories .67347 (O12b)."""
    child, staff = [1, 1, 2, 2, 2, 1, 2, 2], [1, 2, 2, 2, 2, 1, 2, 1]
    pairs = np.column_stack([child, staff])

    assert raters.gwet(pairs, [1, 2]).estimate == pytest.approx(0.52941, abs=5e-6)
    assert raters.gwet(pairs, [1, 2, 3]).estimate == pytest.approx(0.67347, abs=5e-6)
    assert agreement.gwet([[2, 1, 0], [1, 4, 0], [0, 0, 0]]).estimate == pytest.approx(0.67347, abs=5e-6)
