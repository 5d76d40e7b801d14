"""Who reads, and how small is small: the thresholds of each audience, and what a released table is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import pandas as pd

SHOWN, FEW, MOST, CLOSED, HIDDEN = "shown", "almost none", "almost all", "withheld", "hidden"


@dataclass(frozen=True)
class Rules:
    """The thresholds; stricter ones may be given, laxer ones are refused.

    Attributes
    ----------
    cell : int
        Counts from 1 to ``cell − 1`` children are small.
    answers, coordinators : int
        Fewer: nothing is shown.
    interval_coordinators : int
        Fewer: no interval.
    kappa, option : int
        Answers, and uses of the rarest option, from which kappa, AC and tests are shown.
    base : int
        Counts in cells are rounded to a multiple of it; 1 leaves them as they are.

    Raises
    ------
    ValueError
        When a threshold protects less than the default.

    Examples
    --------
    >>> Rules(cell=10).cell
    10
    """

    cell: int = 5
    answers: int = 10
    coordinators: int = 3
    interval_coordinators: int = 5
    kappa: int = 30
    option: int = 5
    base: int = 1

    def __post_init__(self) -> None:
        """Refuse rules that protect less than the defaults."""
        for field in fields(self):
            if getattr(self, field.name) < int(str(field.default)):
                raise ValueError(f"the rule {field.name} may not be below {field.default}.")

    def below(self, other: Rules) -> list[str]:
        """Names of the rules that protect less than those of ``other``."""
        return [field.name for field in fields(self) if getattr(self, field.name) < getattr(other, field.name)]


AUDIENCES = {"inside": Rules(), "outside": Rules(cell=10, base=5)}


def rules_for(audience: str, given: Rules | None) -> Rules:
    """The rules of an audience, or stricter ones that were given.

    Raises
    ------
    ValueError
        For an audience nobody knows, and for rules laxer than the audience's own.

    Examples
    --------
    >>> rules_for("outside", None).cell
    10
    """
    if audience not in AUDIENCES:
        raise ValueError(f"{audience!r} is not an audience; choose from {', '.join(AUDIENCES)}.")
    least = AUDIENCES[audience]
    if given and (lax := given.below(least)):
        raise ValueError(f"for the audience {audience} the rule {lax[0]} may not be below {getattr(least, lax[0])}.")
    return given or least


@dataclass(frozen=True)
class Released:
    """A table that may be printed. Hidden numbers are NaN; ``status`` says how to put a row into words."""

    name: str
    frame: pd.DataFrame
    hidden: int = 0


class Entry(NamedTuple):
    """One line of the disclosure log."""

    table: str
    hidden: int
    rule: str
