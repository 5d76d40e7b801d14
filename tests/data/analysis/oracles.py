"""Published numerical examples: what was published, where, and what our functions give on the same data."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis import agreement, direction, raters, uncertainty

NAN = np.nan
COHEN60 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
FCE69 = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
FLP = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
DERMATOLOGY = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
SAS10 = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
# 12 units, 4 raters, gaps: cac.raw4raters of irrCAC
RAW4 = [
    [1, 1, NAN, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [NAN, 5, 5, 5],
    [NAN, NAN, 1, 1],
    [NAN, NAN, 3, NAN],
]
FIVE = [1, 2, 3, 4, 5]
# 29 psychiatrists, 135 patients (Donner and Petryshen 1989): pairs, both yes, only patient, only doctor, both no
PSYCHIATRY = np.array(
    [
        [7, 1, 0, 4, 2],
        [6, 1, 1, 2, 2],
        [7, 3, 1, 3, 0],
        [6, 2, 1, 2, 1],
        [4, 2, 0, 1, 1],
        [6, 0, 3, 3, 0],
        [5, 0, 3, 0, 2],
        [8, 0, 3, 2, 3],
        [4, 0, 1, 2, 1],
        [7, 0, 0, 4, 3],
        [3, 1, 0, 2, 0],
        [6, 1, 1, 4, 0],
        [7, 1, 0, 3, 3],
        [6, 2, 0, 2, 2],
        [5, 2, 0, 1, 2],
        [4, 1, 0, 3, 0],
        [6, 2, 0, 1, 3],
        [5, 1, 0, 2, 2],
        [4, 0, 3, 0, 1],
        [3, 2, 1, 0, 0],
        [5, 1, 1, 0, 3],
        [4, 0, 2, 2, 0],
        [4, 1, 0, 1, 2],
        [2, 0, 0, 2, 0],
        [3, 0, 0, 2, 1],
        [2, 0, 0, 0, 2],
        [2, 0, 0, 0, 2],
        [3, 1, 0, 1, 1],
        [1, 0, 0, 1, 0],
    ]
)
# 14 raters, 10 subjects, 5 categories (Fleiss' kappa, the encyclopaedia's example, in statsmodels' tests)
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]
# Krippendorff 2011, example A: two observers, ten units; and three coders, fifteen units, with gaps
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
CODERS = [
    [NAN] * 5 + [3, 4, 1, 2, 1, 1, 3, 3, NAN, 3],
    [1, NAN, 2, 1, 3, 3, 4, 3] + [NAN] * 7,
    [NAN, NAN, 2, 1, 3, 4, 4, NAN, 2, 1, 1, 3, 3, NAN, 4],
]
BYRT = [[22, 2], [4, 11]]
PARADOX = [[118, 5], [2, 0]]
EVEN, UNEVEN = [[40, 9], [6, 45]], [[80, 10], [5, 5]]
COST = 1 - np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]]) / 6
FCE_WEIGHTS = np.array([[1, 0, 0.4444], [0, 1, 0.6667], [0.4444, 0.6667, 1]])


class Oracle(NamedTuple):
    """A published value and ours."""

    name: str
    what: str
    published: float
    within: float
    ours: Callable[[], float]

    def row(self) -> tuple[str, str, str, str, str]:
        """As docs/statistics.md shows it."""
        value = self.ours()
        gap = abs(value - self.published)
        return self.name, self.what, f"{self.published:g}", f"{value:.7g}", f"{gap:.0e}" if gap > 1e-9 else "0"


def _fleiss_rows() -> list[list[int]]:
    """Counts per category, spelled out as ratings."""
    return [[k for k, n in enumerate(row, 1) for _ in range(n)] for row in FLEISS]


def _psychiatry() -> uncertainty.Result:
    tables = PSYCHIATRY[:, 1:].reshape(-1, 2, 2)
    return uncertainty.jackknife(tables, lambda t: agreement.cohen(t).estimate)


def _pooled() -> np.ndarray:
    return PSYCHIATRY[:, 1:].sum(axis=0).reshape(2, 2)


def _of(
    name: str, where: str, found: Callable[[], uncertainty.Result], values: dict[str, float], within: float
) -> list[Oracle]:
    """Several fields of one result."""
    words = {"estimate": "", "se": " SE", "low": " low", "high": " high"}

    def ours(key: str) -> Callable[[], float]:
        return lambda: float(getattr(found(), key))

    return [Oracle(f"{name}", f"{where}{words[key]}", value, within, ours(key)) for key, value in values.items()]


def numbered(found: list[Oracle]) -> list[Oracle]:
    """O5, O5.2, O5.3 … so that every row has a name of its own."""
    seen: dict[str, int] = {}
    named = []
    for oracle in found:
        seen[oracle.name] = seen.get(oracle.name, 0) + 1
        count = seen[oracle.name]
        named.append(oracle._replace(name=oracle.name if count == 1 else f"{oracle.name}.{count}"))
    return named


a, r, u, d = agreement, raters, uncertainty, direction
ORACLES = numbered(
    [
        # Cohen 1960, in R psych man/kappa.Rd: "kappa .49"; Cohen 1968: weighted .348
        *_of("O1", "Cohen 1960, kappa", lambda: a.cohen(COHEN60), {"estimate": 0.492}, 5e-4),
        *_of("O2", "Cohen 1968, weighted kappa", lambda: a.cohen(COHEN60, COST), {"estimate": 0.348}, 5e-4),
        # Fleiss, Cohen, Everitt 1969: kappa .429, var .002885; weighted .507, var .003248
        *_of("O3", "FCE 1969, kappa", lambda: a.cohen(FCE69), {"estimate": 0.429}, 5e-4),
        Oracle("O3", "FCE 1969, variance", 0.002885, 2e-6, lambda: a.cohen(FCE69).se ** 2),
        *_of("O3", "FCE 1969, weighted kappa", lambda: a.cohen(FCE69, FCE_WEIGHTS), {"estimate": 0.507}, 5e-4),
        Oracle("O3", "FCE 1969, weighted variance", 0.003248, 3e-6, lambda: a.cohen(FCE69, FCE_WEIGHTS).se ** 2),
        # Fleiss, Levin, Paik 2003, table 18.1: kappa .68, SE .088, null SE .076
        *_of("O4", "Fleiss-Levin-Paik 2003, kappa", lambda: a.cohen(FLP), {"estimate": 0.68}, 5e-3),
        *_of("O4", "Fleiss-Levin-Paik 2003, kappa", lambda: a.cohen(FLP), {"se": 0.088}, 1e-3),
        Oracle("O4", "Fleiss-Levin-Paik 2003, null SE", 0.076, 5e-4, lambda: a.cohen_null_error(FLP)),
        # SAS PROC FREQ, agreement study: "Kappa 0.3449 0.0724 0.2030 0.4868; Weighted 0.5082 0.0655 0.3798 0.6366"
        *_of(
            "O5",
            "SAS dermatology, kappa",
            lambda: a.cohen(DERMATOLOGY),
            {"estimate": 0.3449, "se": 0.0724, "low": 0.2030, "high": 0.4868},
            5e-5,
        ),
        *_of(
            "O5",
            "SAS dermatology, linear",
            lambda: a.cohen(DERMATOLOGY, "linear"),
            {"estimate": 0.5082, "se": 0.0655, "low": 0.3798, "high": 0.6366},
            5e-5,
        ),
        # SAS print-out in statsmodels test_inter_rater.py: "0.4842 0.1380 0.2137 0.7547, ASE under H0 0.1484"
        *_of(
            "O6",
            "SAS print-out, kappa",
            lambda: a.cohen(SAS10),
            {"estimate": 0.4842, "se": 0.1380, "low": 0.2137, "high": 0.7547},
            5e-5,
        ),
        Oracle("O6", "SAS print-out, null SE", 0.1484, 5e-5, lambda: a.cohen_null_error(SAS10)),
        Oracle("O6", "SAS print-out, z", 3.2626, 5e-5, lambda: a.cohen(SAS10).estimate / a.cohen_null_error(SAS10)),
        *_of(
            "O6",
            "SAS print-out, linear",
            lambda: a.cohen(SAS10, "linear"),
            {"estimate": 0.4701, "se": 0.1457, "low": 0.1845, "high": 0.7558},
            5e-5,
        ),
        # R irrCAC vignette, cont3x3abstractors: kappa2.table 0.7964094 0.05891072, scott2.table 0.7962397,
        # gwet.ac1.table
        # 0.8493305 0.04321747, bp2.table 0.835 0.04693346, pa2.table 0.89 0.03128898
        *_of(
            "O7", "irrCAC, Cohen kappa", lambda: a.cohen(ABSTRACTORS), {"estimate": 0.7964094, "se": 0.05891072}, 5e-8
        ),
        *_of("O7", "irrCAC, Scott pi", lambda: a.scott(ABSTRACTORS), {"estimate": 0.7962397}, 5e-8),
        *_of("O7", "irrCAC, AC1", lambda: a.gwet(ABSTRACTORS), {"estimate": 0.8493305, "se": 0.04321747}, 5e-8),
        *_of(
            "O7",
            "irrCAC, Brennan-Prediger",
            lambda: a.brennan_prediger(ABSTRACTORS),
            {"estimate": 0.835, "se": 0.04693346},
            5e-8,
        ),
        *_of(
            "O7",
            "irrCAC, percent agreement",
            lambda: a.percent(ABSTRACTORS),
            {"estimate": 0.89, "se": 0.03128898},
            5e-8,
        ),
        # R irrCAC weighting vignette, quadratic weights
        *_of(
            "O8",
            "irrCAC quadratic, Cohen kappa",
            lambda: a.cohen(ABSTRACTORS, "quadratic"),
            {"estimate": 0.8921569, "se": 0.03535151},
            5e-8,
        ),
        *_of(
            "O8",
            "irrCAC quadratic, AC2",
            lambda: a.gwet(ABSTRACTORS, "quadratic"),
            {"estimate": 0.9402369, "se": 0.01792019},
            5e-8,
        ),
        *_of(
            "O8",
            "irrCAC quadratic, Brennan-Prediger",
            lambda: a.brennan_prediger(ABSTRACTORS, "quadratic"),
            {"estimate": 0.9175},
            5e-8,
        ),
        # R irrCAC README: bangdiwala.table(cont3x3abstractors) 0.8059604
        *_of("O9", "irrCAC, Bangdiwala B", lambda: a.bangdiwala(ABSTRACTORS), {"estimate": 0.8059604}, 5e-8),
        # R irrCAC, cac.raw4raters: gwet.ac1.raw 0.77544 0.14295, fleiss 0.76117, krippen.alpha 0.74342, bp 0.77273
        *_of("O10", "irrCAC raw, AC1", lambda: r.gwet(RAW4, FIVE), {"estimate": 0.77544, "se": 0.14295}, 5e-6),
        *_of("O10", "irrCAC raw, Fleiss kappa", lambda: r.fleiss(RAW4, FIVE), {"estimate": 0.76117}, 5e-6),
        *_of("O10", "irrCAC raw, Krippendorff alpha", lambda: r.krippendorff(RAW4, FIVE), {"estimate": 0.74342}, 5e-6),
        *_of(
            "O10", "irrCAC raw, Brennan-Prediger", lambda: r.brennan_prediger(RAW4, FIVE), {"estimate": 0.77273}, 5e-6
        ),
        *_of(
            "O11",
            "irrCAC raw quadratic, AC2",
            lambda: r.gwet(RAW4, FIVE, "quadratic"),
            {"estimate": 0.914, "se": 0.10396},
            5e-6,
        ),
        *_of(
            "O12", "irrCAC raw, Conger kappa", lambda: r.conger(RAW4, FIVE), {"estimate": 0.76282, "se": 0.14917}, 5e-6
        ),
        *_of(
            "O12",
            "irrCAC raw quadratic, Conger kappa",
            lambda: r.conger(RAW4, FIVE, "quadratic"),
            {"estimate": 0.85771},
            5e-6,
        ),
        *_of("O12", "irrCAC raw, Krippendorff alpha", lambda: r.krippendorff(RAW4, FIVE), {"se": 0.14548}, 5e-6),
        # Krippendorff 2011: example C nominal .743, interval .849; example A .095; fifteen units .691 and .811
        *_of("O13", "Krippendorff 2011 C, nominal", lambda: r.krippendorff(RAW4, FIVE), {"estimate": 0.743}, 5e-4),
        *_of(
            "O13",
            "Krippendorff 2011 C, interval",
            lambda: r.krippendorff(RAW4, FIVE, "quadratic"),
            {"estimate": 0.849},
            5e-4,
        ),
        *_of(
            "O14",
            "Krippendorff 2011 A, nominal",
            lambda: r.krippendorff(np.transpose(BINARY), [0, 1]),
            {"estimate": 0.095},
            5e-4,
        ),
        *_of(
            "O14",
            "three coders, nominal",
            lambda: r.krippendorff(np.transpose(CODERS), [1, 2, 3, 4]),
            {"estimate": 0.691},
            5e-4,
        ),
        *_of(
            "O14",
            "three coders, interval",
            lambda: r.krippendorff(np.transpose(CODERS), [1, 2, 3, 4], "quadratic"),
            {"estimate": 0.811},
            5e-4,
        ),
        # Feinstein and Cicchetti 1990: both tables agree 85 %, kappa .70 and .32; ppos .84 .91, pneg .86 .40
        *_of("O15", "Feinstein-Cicchetti, even margins, kappa", lambda: a.cohen(EVEN), {"estimate": 0.70}, 5e-3),
        *_of("O15", "Feinstein-Cicchetti, uneven margins, kappa", lambda: a.cohen(UNEVEN), {"estimate": 0.32}, 5e-3),
        *_of("O15", "Feinstein-Cicchetti, PABAK", lambda: a.brennan_prediger(UNEVEN), {"estimate": 0.70}, 5e-9),
        Oracle("O15", "Feinstein-Cicchetti, even, positive agreement", 0.84, 5e-3, lambda: float(a.specific(EVEN)[0])),
        Oracle("O15", "Feinstein-Cicchetti, even, negative agreement", 0.86, 5e-3, lambda: float(a.specific(EVEN)[1])),
        Oracle(
            "O15", "Feinstein-Cicchetti, uneven, positive agreement", 0.91, 5e-3, lambda: float(a.specific(UNEVEN)[0])
        ),
        Oracle(
            "O15", "Feinstein-Cicchetti, uneven, negative agreement", 0.40, 5e-3, lambda: float(a.specific(UNEVEN)[1])
        ),
        # Sim and Wright 2005: kappa .67, PI .28, BI .05, PABAK .69
        *_of("O16", "Sim-Wright 2005, kappa", lambda: a.cohen(BYRT), {"estimate": 0.67}, 5e-3),
        Oracle("O16", "Sim-Wright 2005, prevalence index", 0.28, 5e-3, lambda: a.indices(BYRT).prevalence),
        Oracle("O16", "Sim-Wright 2005, bias index", 0.05, 5e-3, lambda: a.indices(BYRT).bias),
        *_of("O16", "Sim-Wright 2005, PABAK", lambda: a.brennan_prediger(BYRT), {"estimate": 0.69}, 5e-3),
        # Gwet 2002: kappa -.0234 although 118 of 125 agree; AC1 .941
        *_of("O17", "Gwet 2002, kappa", lambda: a.cohen(PARADOX), {"estimate": -0.0234}, 5e-5),
        *_of("O17", "Gwet 2002, AC1", lambda: a.gwet(PARADOX), {"estimate": 0.941}, 5e-4),
        # Stuart 1955, 7477 women: Bowker 19.107, df 6; Stuart-Maxwell 11.957, df 3
        Oracle("O18", "Stuart 1955, Bowker", 19.107, 5e-4, lambda: d.bowker(VISION).statistic),
        Oracle("O18", "Stuart 1955, Bowker df", 6, 0, lambda: d.bowker(VISION).df),
        Oracle("O18", "Stuart 1955, Stuart-Maxwell", 11.957, 5e-4, lambda: d.stuart_maxwell(VISION).statistic),
        Oracle("O18", "Stuart 1955, Stuart-Maxwell df", 3, 0, lambda: d.stuart_maxwell(VISION).df),
        # arithmetic: 1/1 + 9/3 + 4/6; adding .5 to the zero would give 2.619
        Oracle(
            "O19", "Bowker with a zero cell", 4.667, 5e-4, lambda: d.bowker([[8, 0, 3], [1, 9, 4], [0, 2, 7]]).statistic
        ),
        # Donner and Petryshen 1989: pooled kappa, textbook SE, jackknife SE and t interval
        *_of(
            "O21b",
            "29 psychiatrists, kappa, jackknife",
            _psychiatry,
            {"estimate": -0.0159, "se": 0.0935, "low": -0.207, "high": 0.176},
            6e-4,
        ),
        *_of("O21b", "29 psychiatrists, kappa, textbook", lambda: a.cohen(_pooled()), {"se": 0.0784}, 5e-5),
        *_of("O21b", "29 psychiatrists, AC1", lambda: a.gwet(_pooled()), {"estimate": -0.0407}, 5e-5),
        # Newcombe 1998, table I, method 3
        *_of("O22", "Newcombe 1998, 81/263", lambda: u.wilson(81, 263), {"low": 0.2553, "high": 0.3662}, 5e-5),
        *_of("O22", "Newcombe 1998, 15/148", lambda: u.wilson(15, 148), {"low": 0.0624, "high": 0.1605}, 5e-5),
        *_of("O22", "Newcombe 1998, 0/20", lambda: u.wilson(0, 20), {"low": 0.0, "high": 0.1611}, 5e-5),
        *_of("O22", "Newcombe 1998, 1/29", lambda: u.wilson(1, 29), {"low": 0.0061, "high": 0.1718}, 5e-5),
        *_of("O24", "Fleiss, 14 raters", lambda: r.fleiss(_fleiss_rows(), FIVE), {"estimate": 0.210}, 5e-4),
    ]
)
