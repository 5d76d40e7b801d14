"""The last door: no number leaves before it has passed here, and what is hidden stays hidden under subtraction.

Children of one site know each other, so every table is treated as if the reader knew everybody in it but one.

- **Size.** Fewer than 10 answers or fewer than 3 coordinators: nothing. 10–29: a share, with its interval, no kappa.
  From 30, and every option used at least 5 times: kappa and AC. Fewer than 5 coordinators: no interval.
- **Small cells.** A count of 1–4 is hidden. So is a share resting on one (0–4 "almost none", all but 0–4 "almost all":
  that "everybody here said so" is told about no group).
- **Companions.** Where a total is printed, a hidden cell gets hidden companions, until those hidden together are at
  least two and hold a count of 5, and no hidden cell follows from the printed totals.
- Nobody is told which of the hidden cells were the small ones, neither here nor in the log.

The statistics hand over raw frames, the report and the pictures take only ``Released``, and only this module makes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog

from .contract import MISSING
from .uncertainty import Array

Mask = npt.NDArray[np.bool_]

SHOWN, FEW, MOST, CLOSED, HIDDEN = "shown", "almost none", "almost all", "withheld", "hidden"


@dataclass(frozen=True)
class Rules:
    """The thresholds; stricter ones may be given, laxer ones are refused."""

    cell: int = 5
    answers: int = 10
    coordinators: int = 3
    interval_coordinators: int = 5
    kappa: int = 30
    option: int = 5

    def __post_init__(self) -> None:
        """Refuse rules that protect less than the defaults."""
        least_of = {"cell": 5, "answers": 10, "coordinators": 3, "interval_coordinators": 5, "kappa": 30, "option": 5}
        for name, least in least_of.items():
            if getattr(self, name) < least:
                raise ValueError(f"the rule {name} may not be below {least}.")


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


class Door:
    """The one way out. Make one per report; ``log`` says afterwards how much was hidden and why."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.log: list[Entry] = []

    def rates(self, name: str, raw: pd.DataFrame, under: Released | None = None, part: bool = False) -> Released:
        """Release shares: rows with ``group``, ``hits``, ``n``, ``clusters``, ``estimate``, ``low``, ``high`` and more.

        Rows with the same ``parent`` add up to the row of ``under`` whose ``group`` is that parent; without ``parent``
        each row stands alone. With ``part`` the row's own ``n`` is part of the row above, and goes where that goes.
        ``hits`` never leaves; other columns of numbers leave where the estimate does, and ``kappa…``, ``ac…`` and
        tests only from 30 answers with every option in use.
        """
        frame = raw.assign(status=self._status(raw))
        if "parent" in frame and len(frame):
            above = under.frame.set_index("group")["status"].to_dict() if under else {}
            if part:
                above = {group: SHOWN if status == SHOWN else HIDDEN for group, status in above.items()}
            blocks = [
                self._block(rows, above.get(parent, SHOWN)) for parent, rows in frame.groupby("parent", sort=False)
            ]
            frame = pd.concat(blocks).loc[frame.index]
        hidden = int((frame["status"] != SHOWN).sum())
        return self._out(name, _blank(frame, self.rules), hidden, "size, small cells, companions")

    def parts_shown(self, whole: Released, column: str, parts: Released) -> Released:
        """Keep a column computed from parts only in rows whose parts are all shown: else it gives them away."""
        closed = set(parts.frame.loc[parts.frame["status"] != SHOWN, "parent"])
        frame = whole.frame.assign(**{column: whole.frame[column].mask(whole.frame["group"].isin(closed))})
        return Released(whole.name, frame, whole.hidden)

    def rounded(self, whole: Released) -> Released:
        """Round numbers of answers to the nearest 5 and shares to whole per cent: neither can be subtracted exactly."""
        frame = _coarse(whole.frame).assign(n=(whole.frame["n"] / 5 + 0.5).apply(np.floor) * 5)
        return self._out(whole.name, frame, 0, "n rounded to the nearest 5, shares to whole per cent")

    def alike(self, whole: Released) -> Released:
        """Say one and the same of every row that is not shown, and give no row its size: nobody can tell them apart."""
        shown = whole.frame["status"] == SHOWN
        frame = _coarse(whole.frame).drop(columns=["n", "clusters", "topic_mean", "method", "reason"], errors="ignore")
        frame["status"] = np.where(shown, SHOWN, CLOSED)
        return Released(whole.name, frame, whole.hidden)

    def earlier(self, name: str, raw: pd.DataFrame) -> Released:
        """Release the headline without the last month, from 30 decisions and unless the last month has only 1 to 4."""
        fine = (self._status(raw) == SHOWN) & (raw["n"] >= self.rules.kappa) & (raw["last"] >= self.rules.cell)
        frame = _blank(raw.assign(status=fine.map({True: SHOWN, False: CLOSED})), self.rules)
        frame = _coarse(frame)[["group", "estimate", "low", "high", "status"]]
        return self._out(name, frame, int((~fine).sum()), "size, small cells")

    def counts(self, name: str, raw: pd.DataFrame, clusters: int) -> Released:
        """Release a table of counts whose row and column totals are known or printed."""
        hidden = self._all_or(raw, clusters, rows=True)
        return self._out(name, raw.astype(float).mask(hidden), int(hidden.sum()), "small cells and companions")

    def lists(self, name: str, raw: pd.DataFrame, clusters: int) -> Released:
        """Release columns of counts, each with its total; rows are not added up. Adds a row ``total``.

        The wishes that name an option have a second total, the n of the match: hidden options of ``W`` are at least
        two and hold 5 together without "don't know" and its like.
        """
        total = raw.sum()
        hidden = self._all_or(raw, clusters, rows=False)
        if "W" in raw:
            place = list(raw.columns).index("W")
            hidden[:, place] = self._options(raw["W"], hidden[:, place])
        frame = raw.astype(float).mask(hidden)
        frame.loc["total"] = total.where(total >= self.rules.answers).astype(float)
        return self._out(name, frame, int(frame.isna().sum().sum()), "small cells and companions")

    def reasons(self, name: str, raw: pd.DataFrame) -> Released:
        """Release how often reasons were given: ``hits`` of ``n`` decisions."""
        n, clusters = (int(raw[key].iloc[0]) if len(raw) else 0 for key in ("n", "clusters"))
        hits = raw[["hits"]]
        small = n < self.rules.answers or clusters < self.rules.coordinators
        hidden = np.full(hits.shape, True) if small else protect(hits.to_numpy(float), False, True, self.rules.cell)
        frame = raw.assign(hits=hits.astype(float).mask(hidden)["hits"], n=float("nan") if small else float(n))
        return self._out(name, frame, int(hidden.sum()), "small cells and companions")

    def flow(self, name: str, raw: pd.DataFrame) -> Released:
        """Release steps of a flow, each rounded to the nearest 5, so that a step cannot be subtracted from the next."""
        frame = pd.concat([raw, raw.sum().to_frame("all").T])
        rounded = (frame / 5 + 0.5).apply(np.floor).astype(float) * 5
        return self._out(name, rounded, 0, "every count rounded to the nearest 5")

    def gaps(self, name: str, raw: pd.DataFrame) -> Released:
        """Release perception gaps; nothing where nearly all gave the same answer; never just one row hidden."""
        small = (raw["n"] < self.rules.answers) | (raw["clusters"] < self.rules.coordinators)
        edge = ~raw["child"].between(0.1, 1.9) | ~raw["staff"].between(0.1, 1.9)
        few = (raw["hits"] < self.rules.cell) | (raw["n"] - raw["hits"] < self.rules.cell)
        frame = raw.assign(status=np.select([small, edge], [HIDDEN, CLOSED], SHOWN))
        if (frame["status"] != SHOWN).sum() == 1 < len(frame):  # it would follow from the others and the whole
            least = frame["n"].where(frame["status"] == SHOWN).idxmin()
            frame.loc[least, "status"] = CLOSED
        frame = _blank(frame, self.rules)
        frame.loc[few, "same"] = np.nan
        return self._out(name, frame, int((frame["status"] != SHOWN).sum()), "size, and answers nearly all the same")

    def bounds(self, name: str, raw: pd.DataFrame, under: Released) -> Released:
        """Release missingness bounds where the match itself was released and the missing are none or at least 5."""
        match = under.frame.set_index("group")["status"].to_dict().get("followed", HIDDEN)
        open_ = (match == SHOWN) & ((raw["missing"] == 0) | (raw["missing"] >= self.rules.cell))
        frame = _blank(raw.assign(status=open_.map({True: SHOWN, False: CLOSED})), self.rules)
        return self._out(name, frame, int((~open_).sum()), "small cells")

    def total(self, name: str, n: int) -> int | None:
        """Release one total; None when it is one of the small numbers nobody is told."""
        if 0 < n < self.rules.cell:
            self.log.append(Entry(name, 1, "small cells"))
            return None
        return n

    def summary(self) -> list[Entry]:
        """The log, one line per table and rule."""
        found: dict[tuple[str, str], int] = {}
        for entry in self.log:
            found[entry.table, entry.rule] = found.get((entry.table, entry.rule), 0) + entry.hidden
        return [Entry(table, hidden, rule) for (table, rule), hidden in found.items()]

    def _out(self, name: str, frame: pd.DataFrame, hidden: int, rule: str) -> Released:
        self.log.append(Entry(name, hidden, rule))
        return Released(name, frame, hidden)

    def _status(self, raw: pd.DataFrame) -> npt.NDArray[np.str_]:
        small = (raw["n"] < self.rules.answers) | (raw["clusters"] < self.rules.coordinators)
        few, most = raw["hits"] < self.rules.cell, raw["n"] - raw["hits"] < self.rules.cell
        return np.select([small, few, most], [HIDDEN, FEW, MOST], SHOWN)

    def _block(self, part: pd.DataFrame, above: str) -> pd.DataFrame:
        """Companions among rows that add up to a row above."""
        status = part["status"].to_numpy(dtype=object).copy()
        n, hits = part["n"].to_numpy(float), part["hits"].to_numpy(float)
        if above == HIDDEN:
            return part.assign(status=HIDDEN)
        if above != SHOWN:
            status[status == SHOWN] = CLOSED
        closed = _join(status != SHOWN, np.column_stack([hits, n - hits]), n, self.rules.cell)
        status[closed & (status == SHOWN)] = CLOSED
        order = np.where(closed, n, n + n.sum())
        status[_join(status == HIDDEN, n[:, None], order, self.rules.answers)] = HIDDEN
        return part.assign(status=status)

    def _options(self, wishes: pd.Series[int], hidden: Mask) -> Mask:
        """Add companions among the options alone, cheapest first."""
        option = ~wishes.index.isin([*MISSING, "NV"])
        counts = np.asarray(wishes, dtype=float)[option]
        order = np.where(counts > 0, counts, counts.sum() + 1)
        hidden = hidden.copy()
        hidden[option] = _join(hidden[option], counts[:, None], order, self.rules.cell)
        return hidden

    def _all_or(self, raw: pd.DataFrame, clusters: int, rows: bool) -> Mask:
        """The cells to hide, column by column where columns stand alone; all of them below the least size."""
        values = raw.to_numpy(float)
        if clusters < self.rules.coordinators or (rows and values.sum() < self.rules.answers):
            return np.full(values.shape, True)
        hidden = protect(values, rows, True, self.rules.cell)
        if not rows:
            hidden = hidden | (values.sum(axis=0) < self.rules.answers)
        return hidden


def protect(values: Array, rows: bool, columns: bool, least: int = 5) -> Mask:
    """Which cells of a table of counts to hide, given that row and/or column totals are printed.

    Parameters
    ----------
    values : array (r, c)
        Counts.
    rows, columns : bool
        Whether row totals and column totals are printed (or known).
    least : int
        Counts from 1 to ``least − 1`` are small.

    Returns
    -------
    array of bool (r, c)
        Small cells; lines in which everybody is in one cell; and companions, until in every line those hidden are none
        or at least two, hold ``least`` together, and none follows from the totals.

    Notes
    -----
    Validated against: linear programming must find more than one value for each hidden cell (property test).

    Examples
    --------
    >>> protect(np.array([[3.0], [20], [9], [0]]), rows=False, columns=True)[:, 0].tolist()
    [True, False, True, False]
    """
    lines = _lines(values.shape, rows, columns)
    hidden = ((values > 0) & (values < least)).ravel()
    flat = values.ravel()
    for line in lines:
        if line.sum() > 1 and (flat[line] > 0).sum() == 1:
            hidden |= line
    while (cell := _companion(flat, hidden, lines, least)) is not None:
        hidden[cell] = True
    return hidden.reshape(values.shape)


def _lines(shape: tuple[int, ...], rows: bool, columns: bool) -> list[Mask]:
    """One mask over the flattened table per printed total."""
    place = np.indices(shape)
    masks = [(place[0] == i).ravel() for i in range(shape[0]) if rows]
    return masks + [(place[1] == j).ravel() for j in range(shape[1]) if columns]


def _companion(flat: Array, hidden: Mask, lines: list[Mask], least: int) -> int | None:
    """The next cell to hide, or None when the hidden ones protect each other."""
    for line in lines:
        inside = hidden & line
        if inside.any() and flat[inside].sum() < least and (line & ~hidden).any():
            return _smallest(flat, line & ~hidden)
    known = _determined(flat, hidden, lines)
    near = [line & ~hidden for line in lines if (line & known).any() and (line & ~hidden).any()]
    if known.any() and not hidden.all():
        return _smallest(flat, near[0] if near else ~hidden)
    return None


def _smallest(flat: Array, among: Mask) -> int:
    """The smallest count that is not zero, else a zero: it costs the reader least."""
    cost = np.where(flat > 0, flat, flat.sum() + 1)
    return int(np.where(among, cost, np.inf).argmin())


def _determined(flat: Array, hidden: Mask, lines: list[Mask]) -> Mask:
    """Hidden cells for which the printed totals, and that no count is below zero, leave one value only.

    Where each cell has one total, two hidden cells holding something protect each other; with row and column totals
    it takes the smallest and largest possible count of every hidden cell (linear programming).
    """
    known = np.zeros_like(hidden)
    if not hidden.any() or np.sum(lines, axis=0).max() < 2:
        return known
    sums = np.array([line[hidden] for line in lines], dtype=float)
    totals = [flat[hidden & line].sum() for line in lines]
    for place, goal in zip(hidden.nonzero()[0], np.eye(int(hidden.sum())), strict=True):
        least, most = (float(np.asarray(linprog(sign * goal, A_eq=sums, b_eq=totals).x) @ goal) for sign in (1, -1))
        known[place] = most - least < 0.5
    return known


def _join(hidden: Mask, parts: Array, order: Array, least: int) -> Mask:
    """Add whole rows, cheapest first, until the hidden ones are two or more and hold ``least`` in every part."""
    hidden = hidden.copy()
    while hidden.any() and (~hidden).any() and (hidden.sum() < 2 or (parts[hidden].sum(axis=0) < least).any()):
        hidden[np.where(hidden, np.inf, order).argmin()] = True
    return hidden


def _coarse(frame: pd.DataFrame) -> pd.DataFrame:
    """Shares in whole per cent: 0.731447 would tell that it is 581 of 794 (or 795)."""
    shares = [name for name in ("estimate", "low", "high", "topic_mean") if name in frame]
    return frame.assign(**{name: frame[name].round(2) for name in shares})


def _blank(frame: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Take out the numbers that a row's status, its size and its coordinators do not allow."""
    out = frame.drop(columns=["hits"], errors="ignore").copy()
    numbers = [name for name in out.columns if pd.api.types.is_numeric_dtype(out[name])]
    out[numbers] = out[numbers].astype(float)
    fine = out["clusters"] >= rules.interval_coordinators
    coefficients = [name for name in numbers if name.startswith(("kappa", "ac", "bowker", "margins"))]
    least = out.get("least_used", pd.Series(np.inf, index=out.index))
    answers = out.get("pairs", out["n"])
    out.loc[(answers < rules.kappa) | (least < rules.option), coefficients] = np.nan
    out.loc[~fine, [name for name in numbers if name.endswith(("low", "high"))]] = np.nan
    keep = ["n", "clusters"]
    out.loc[out["status"] != SHOWN, [name for name in numbers if name not in keep]] = np.nan
    out.loc[out["status"] == HIDDEN, keep] = np.nan
    return out.drop(columns=["least_used"], errors="ignore")
