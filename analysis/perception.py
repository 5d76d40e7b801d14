"""One event, two voices: what staff say they did beside what the child says happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .agreement import cohen
from .counts import squares
from .uncertainty import Array, jackknife

SCALE = ("0", "1", "2")
ELEMENTS = ("INFO", "SPACE", "VOICE", "AUDIENCE", "INFLUENCE", "FEEDBACK")


def gap(table: Array) -> float:
    """Mean of staff minus child on the 0–2 scale, −2 … 2; above 0 staff see more participation than the child.

    Rows are the child's answer C, columns staff's answer P.

    Examples
    --------
    >>> round(gap(np.array([[0, 0, 2], [0, 4, 0], [0, 0, 4]])), 2)
    0.4
    """
    return means(table)[1] - means(table)[0]


def means(table: Array) -> tuple[float, float]:
    """Mean answer of the child (rows) and of staff (columns), 0 … 2."""
    n, points = table.sum(), np.arange(len(table))
    if n == 0:
        return float("nan"), float("nan")
    return float(table.sum(axis=1) @ points / n), float(table.sum(axis=0) @ points / n)


def gaps(perception: pd.DataFrame, by: str = "construct") -> pd.DataFrame:
    r"""The perception gap per construct, or per stage over all constructs.

    .. math:: \overline{P - C} \pm t_{G-1}\, se_{jack}

    Parameters
    ----------
    perception : DataFrame
        As ``pairs.perception`` returns it; pairs with a missing answer on either side are left out.
    by : str
        ``construct`` or ``stage``.

    Returns
    -------
    DataFrame
        One row per construct or stage: group, hits (same answer), n, clusters, child, staff (means 0–2),
        estimate (the gap), low, high, kappa (linear weights), same (share of equal answers), method, reason.

    Notes
    -----
    Validated against: means and differences of the raw rows (test).
    """
    frame = perception[perception["construct"].isin(ELEMENTS)]
    rows = []
    for name in ELEMENTS if by == "construct" else sorted(frame[by].unique()):
        part = frame[frame[by] == name]
        table = squares(part, "C", "P", SCALE, "coordinator")
        if table.sum():
            rows.append({"group": name, **_row(table)})
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "group", "hits", "n", "clusters", "child", "staff", "estimate", "low", "high", "same", "kappa", "least_used",
    "method", "reason",
]  # fmt: skip


def _row(table: Array) -> dict[str, object]:
    whole = table.sum(axis=0)
    found = jackknife(table, gap, bounds=(-2.0, 2.0))
    child, staff = means(whole)
    hits = round(float(np.trace(whole)))
    use = np.maximum(whole.sum(axis=0), whole.sum(axis=1))
    return {
        "hits": hits, "n": found.n, "clusters": found.clusters, "child": child, "staff": staff,
        "least_used": int(use.min()), "estimate": found.estimate, "low": found.low, "high": found.high,
        "same": hits / found.n, "kappa": cohen(whole, "linear").estimate,
        "method": found.method, "reason": found.reason,
    }  # fmt: skip
