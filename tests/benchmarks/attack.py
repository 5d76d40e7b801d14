"""How many children can be worked out from the reports of made-up villages: must be 0 of all of them.

    python -m tests.benchmarks.attack [villages]

200 seeded villages of 8 to 400 children, every table of both audiences, before and after one more child
(tests/attack says what the attacker knows). Then the same with releases that have no ledger, as a check that the
attacker can find somebody.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests import attack

WITHOUT = 20  # villages attacked without the ledger


def main(villages: int = 200) -> int:
    """Attack, print what was found, return how many counts make a child known."""
    started = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(attack.attack, range(villages), chunksize=4))
        open_ = list(pool.map(_without_ledger, range(min(WITHOUT, villages)), chunksize=2))
    for audience in found[0]:
        known = {seed: one[audience] for seed, one in enumerate(found) if one[audience]}
        print(f"{audience}: children recovered in {len(known)} of {villages} villages {known or ''}")
    print(f"without a ledger: {sum(any(one.values()) for one in open_)} of {len(open_)} villages give somebody away")
    print(f"{time.perf_counter() - started:.0f} s")
    return sum(len(names) for one in found for names in one.values())


def _without_ledger(seed: int) -> dict[str, list[tuple]]:
    return attack.attack(seed, ledger=False)


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
