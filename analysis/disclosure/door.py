"""Raw frames in, released tables out: which rows and cells of each kind of table may be seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..contract import MISSING
from .cells import Mask, Rest, gives_away, join, protect
from .rules import CLOSED, FEW, HIDDEN, MOST, SHOWN, Entry, Released, Rules, rules_for

BASE = 5  # numbers of answers stand in several tables, so they are rounded for everybody
TWO_DIGITS = ("low", "high", "estimate", "topic_mean", "least", "most", "child", "staff", "same", "mean")
COEFFICIENTS = ("kappa", "ac", "bowker", "margins", "balance")


class Door:
    """The one way out. Make one per report; ``log`` says afterwards how much was hidden and why.

    Parameters
    ----------
    audience : str
        ``inside`` (counts of 1–4 are small) or ``outside`` (1–9, and every count rounded to 5).
    rules : Rules, optional
        Stricter thresholds than the audience's own.

    Raises
    ------
    ValueError
        For an audience nobody knows, and for laxer rules.

    Examples
    --------
    >>> raw = pd.DataFrame({"group": ["S1", "S2"], "hits": [3, 20], "n": [40, 41], "clusters": [6, 6], "estimate": 0.5})
    >>> Door().rates("by stage", raw).frame[["group", "n", "status"]].to_dict("list")
    {'group': ['S1', 'S2'], 'n': [40.0, 40.0], 'status': ['almost none', 'shown']}
    """

    def __init__(self, audience: str = "inside", rules: Rules | None = None) -> None:
        self.audience = audience
        self.rules = rules_for(audience, rules)
        self.log: list[Entry] = []
        self._wholes: dict[str, tuple[int, int]] = {}  # indicator: n and hits of all wishes together

    def rates(self, name: str, raw: pd.DataFrame, under: Released | None = None, part: bool = False) -> Released:
        """Release shares: rows with ``group``, ``hits``, ``n``, ``clusters``, ``estimate``, ``low``, ``high`` and more.

        Rows with the same ``parent`` add up to the row of ``under`` whose ``group`` is that parent; without ``parent``
        each row stands alone. With ``part`` the row's own ``n`` is part of the row above, and goes where that goes.
        ``hits`` never leaves; ``n`` is rounded to the nearest 5, shares to whole per cent; other columns of numbers
        leave where the estimate does, and ``kappa…``, ``ac…`` and tests only from 30 answers with every option in use.
        """
        frame = raw.assign(status=self._status(raw))
        if "parent" not in frame:
            self._wholes |= {str(row["group"]): (row["n"], row["hits"]) for row in raw.to_dict("records")}
        elif len(frame):
            above = under.frame.set_index("group")["status"].to_dict() if under else {}
            if part:
                above = {group: SHOWN if status == SHOWN else HIDDEN for group, status in above.items()}
            blocks = [
                self._block(rows, above.get(parent, SHOWN)) for parent, rows in frame.groupby("parent", sort=False)
            ]
            frame = pd.concat(blocks).loc[frame.index]
        hidden = int((frame["status"] != SHOWN).sum())
        return self._out(name, _coarse(_blank(frame, self.rules)), hidden, "size, small cells, companions")

    def parts_shown(self, whole: Released, column: str, parts: Released) -> Released:
        """Keep a column computed from parts only in rows whose parts are all shown: else it gives them away."""
        closed = set(parts.frame.loc[parts.frame["status"] != SHOWN, "parent"])
        frame = whole.frame.assign(**{column: whole.frame[column].mask(whole.frame["group"].isin(closed))})
        return Released(whole.name, frame, whole.hidden)

    def rounded(self, whole: Released) -> Released:
        """Round numbers of answers to the nearest 5 and shares to whole per cent, and say so in the log."""
        return self._out(whole.name, _coarse(whole.frame), 0, "n rounded to the nearest 5, shares to whole per cent")

    def alike(self, whole: Released) -> Released:
        """Say one and the same of every row that is not shown, and give no row its size: nobody can tell them apart."""
        shown = whole.frame["status"] == SHOWN
        frame = _coarse(whole.frame).drop(columns=["n", "clusters", "topic_mean", "method", "reason"], errors="ignore")
        frame["status"] = np.where(shown, SHOWN, CLOSED)
        return Released(whole.name, frame, whole.hidden)

    def earlier(self, name: str, raw: pd.DataFrame) -> Released:
        """Release the headline without the last month, from 30 decisions and unless the last month has only a few."""
        fine = (self._status(raw) == SHOWN) & (raw["n"] >= self.rules.kappa) & (raw["last"] >= self.rules.cell)
        frame = _blank(raw.assign(status=fine.map({True: SHOWN, False: CLOSED})), self.rules)
        frame = _coarse(frame)[["group", "estimate", "low", "high", "status"]]
        return self._out(name, frame, int((~fine).sum()), "size, small cells")

    def counts(self, name: str, raw: pd.DataFrame, clusters: int) -> Released:
        """Release a table of counts whose row and column totals are known or printed.

        Shares in whole per cent are exact counts for anybody who knows a group of fewer than 100. So less this table
        they tell of the wishes that are not in it, which may be two: then its counts are rounded to the nearest 5.
        """
        hidden, rests = self._all_or(raw, clusters, rows=True), self._rests(raw)
        least = self.rules.cell
        base = BASE if any(min(r.hits, r.n - r.hits) < least for r in rests if r.n) else self.rules.base
        frame = _nearest(raw.astype(float), base)
        if base > 1:
            self.log.append(Entry(name, 0, "every count rounded to the nearest 5"))
            hidden |= gives_away(frame.mask(hidden), raw.to_numpy().sum(), rests, base, least)
        return self._out(name, frame.mask(hidden), int(hidden.sum()), "small cells and companions")

    def lists(self, name: str, raw: pd.DataFrame, clusters: int) -> Released:
        """Release columns of counts, each with its total; rows are not added up. Adds a row ``total``.

        The wishes that name an option have a second total, the n of the match. So hidden options of ``W`` are at least
        two and hold enough together, hidden "don't know" and its like too, each without the others; where the latter
        are too few for that, the total of ``W`` is withheld: less the n of the match it would be their number.
        """
        hidden = self._all_or(raw, clusters, rows=False)
        total = raw.sum().astype(float)
        total = total.where(total >= self.rules.answers)
        if "W" in raw:
            place = list(raw.columns).index("W")
            if not hidden[:, place].all():
                hidden[:, place], known = self._wishes(raw["W"])
                total["W"] = total["W"] if known else np.nan
        frame = raw.astype(float).mask(hidden)
        frame.loc["total"] = total
        frame = _nearest(frame, self.rules.base)
        return self._out(name, frame, int(frame.isna().sum().sum()), "small cells and companions")

    def reasons(self, name: str, raw: pd.DataFrame) -> Released:
        """Release how often reasons were given: ``hits`` of ``n`` decisions; nor is told that all gave the same."""
        n, clusters = (int(raw[key].iloc[0]) if len(raw) else 0 for key in ("n", "clusters"))
        small = n < self.rules.answers or clusters < self.rules.coordinators
        hits = raw["hits"].to_numpy(float)[:, None]
        hidden = np.full(hits.shape, True) if small else protect(hits, False, True, self.rules.cell)
        hidden |= (hits > 0) & (n - hits < self.rules.cell)
        shown = _nearest(pd.DataFrame(hits, raw.index), self.rules.base).mask(hidden)[0]
        frame = raw.assign(hits=shown, n=float("nan") if small else _nearest(float(n), BASE))
        return self._out(name, frame, int(hidden.sum()), "small cells and companions")

    def flow(self, name: str, raw: pd.DataFrame) -> Released:
        """Release steps of a flow, each rounded to the nearest 5, so that a step cannot be subtracted from the next."""
        frame = pd.concat([raw, raw.sum().to_frame("all").T])
        return self._out(name, _nearest(frame.astype(float), BASE), 0, "every count rounded to the nearest 5")

    def gaps(self, name: str, raw: pd.DataFrame) -> Released:
        """Release perception gaps; nothing where nearly all gave the same answer; never just one row hidden."""
        small = (raw["n"] < self.rules.answers) | (raw["clusters"] < self.rules.coordinators)
        edge = ~raw["child"].between(0.1, 1.9) | ~raw["staff"].between(0.1, 1.9)
        few = (raw["hits"] < self.rules.cell) | (raw["n"] - raw["hits"] < self.rules.cell)
        frame = raw.assign(status=np.select([small, edge], [HIDDEN, CLOSED], SHOWN))
        if (frame["status"] != SHOWN).sum() == 1 < len(frame):  # it would follow from the others and the whole
            least = frame["n"].where(frame["status"] == SHOWN).idxmin()
            frame.loc[least, "status"] = CLOSED
        frame = _coarse(_blank(frame, self.rules))
        frame.loc[few, "same"] = np.nan
        return self._out(name, frame, int((frame["status"] != SHOWN).sum()), "size, and answers nearly all the same")

    def bounds(self, name: str, raw: pd.DataFrame, under: Released) -> Released:
        """Release missingness bounds where the match itself was released and the missing are none or not few."""
        match = under.frame.set_index("group")["status"].to_dict().get("followed", HIDDEN)
        open_ = (match == SHOWN) & ((raw["missing"] == 0) | (raw["missing"] >= self.rules.cell))
        frame = _blank(raw.assign(status=open_.map({True: SHOWN, False: CLOSED})), self.rules)
        frame = _coarse(frame.assign(missing=_nearest(frame["missing"], BASE)))
        return self._out(name, frame, int((~open_).sum()), "small cells")

    def total(self, name: str, n: int) -> int | None:
        """Release one total, to the nearest 5; None when it is one of the small numbers nobody is told, or zero."""
        if n < self.rules.cell:
            self.log.append(Entry(name, 1, "small cells"))
            return None
        return int(_nearest(float(n), BASE))

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
        closed = join(status != SHOWN, np.column_stack([hits, n - hits]), n, self.rules.cell)
        status[closed & (status == SHOWN)] = CLOSED
        order = np.where(closed, n, n + n.sum())
        status[join(status == HIDDEN, n[:, None], order, self.rules.answers)] = HIDDEN
        return part.assign(status=status)

    def _wishes(self, wishes: pd.Series[int]) -> tuple[Mask, bool]:
        """What to hide among the options and among the rest, each alone; whether the total of all may be told."""
        option = ~wishes.index.isin([*MISSING, "NV"])
        counts, least = np.asarray(wishes, dtype=float), self.rules.cell
        hidden = (counts > 0) & (counts < least)
        hidden[option] = protect(counts[option][:, None], False, True, least)[:, 0]
        rest = counts[~option]
        order = np.where(rest > 0, rest, counts.sum() + 1)
        hidden[~option] = join(hidden[~option], rest[:, None], order, least)
        others = hidden & ~option
        return hidden, not others.any() or bool(counts[others].sum() >= least)

    def _rests(self, raw: pd.DataFrame) -> list[Rest]:
        """Wishes in the totals of followed and of heard that are not in the table of both."""
        if not {"heard", "followed"} <= {*raw.index, *raw.columns}:
            return []
        margins = {"followed": [(row, "followed") for row in raw.index], "heard": [("heard", c) for c in raw.columns]}
        known = {name: self._wholes[name] for name in margins if name in self._wholes}
        size = int(raw.to_numpy().sum())
        return [
            Rest(margins[name], n - size, hits - sum(int(raw.loc[cell]) for cell in margins[name]), hits)
            for name, (n, hits) in known.items()
        ]

    def _all_or(self, raw: pd.DataFrame, clusters: int, rows: bool) -> Mask:
        """The cells to hide, column by column where columns stand alone; all of them below the least size."""
        values = raw.to_numpy(float)
        if clusters < self.rules.coordinators or (rows and values.sum() < self.rules.answers):
            return np.full(values.shape, True)
        hidden = protect(values, rows, True, self.rules.cell)
        if not rows:
            hidden = hidden | (values.sum(axis=0) < self.rules.answers)
        return hidden


def _nearest(counts: Any, base: int) -> Any:
    """Counts to the nearest multiple of ``base``, halves up; hidden ones stay hidden."""
    return np.floor(counts / base + 0.5) * base


def _coarse(frame: pd.DataFrame) -> pd.DataFrame:
    """Shares in whole per cent, n to the nearest 5: 0.731447 would tell that it is 581 of 794 (or 795)."""
    numbers = [name for name in frame if pd.api.types.is_float_dtype(frame[name])]
    two = [name for name in numbers if name in TWO_DIGITS or str(name).startswith(COEFFICIENTS)]
    fewer = {str(name): frame[name].round(3 if str(name).endswith("_p") else 2) for name in two}
    sizes = {name: _nearest(frame[name], BASE) for name in ("n", "pairs") if name in numbers}
    return frame.assign(**fewer, **sizes)


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
