"""The last door: no number leaves before it has passed here, and what is hidden stays hidden under subtraction.

Children of one site know each other, so every table is treated as if the reader knew who is in it.

- **Audience.** ``inside`` are people of the organisation: counts of 1–4 are small. ``outside`` is everybody else:
  counts of 1–9 are small and every count is rounded to the nearest 5. Rules may be made stricter, never laxer.
- **Size.** Fewer than 10 answers or fewer than 3 coordinators: nothing. 10–29: a share, with its interval, no kappa.
  From 30, and every option used at least 5 times: kappa and AC. Fewer than 5 coordinators: no interval.
- **Small cells.** A small count is hidden. So is a share resting on one ("almost none", "almost all": that "everybody
  here said so" is told about no group).
- **Companions.** Where a total is printed, a hidden cell gets hidden companions, until what a reader can work out about
  each (``audit``) leaves at least three numbers possible, one of them not small.
- **Between tables.** Denominators stand in several tables at once. All are rounded to the nearest 5 and shares to whole
  per cent, so that no two of them can be subtracted; the total of the wishes is withheld where it would give away how
  few did not name one.
- Nobody is told which of the hidden cells were the small ones, neither here nor in the log.

The statistics hand over raw frames, the report and the pictures take only ``Released``, and only ``Door`` makes one.
``audit`` is the subtraction a curious reader would do, ``cells`` chooses what to hide, ``menu`` refuses questions that
are no table of the report; ``analysis.releases`` keeps one release from being subtracted from the next.
"""

from .audit import System, unsafe
from .cells import protect
from .door import Door
from .menu import ask, said
from .rules import AUDIENCES, CLOSED, FEW, HIDDEN, MOST, SHOWN, Entry, Released, Rules

__all__ = [
    "AUDIENCES", "CLOSED", "FEW", "HIDDEN", "MOST", "SHOWN", "Door", "Entry", "Released", "Rules", "System", "ask",
    "protect", "said", "unsafe",
]  # fmt: skip
