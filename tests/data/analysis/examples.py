"""More published examples: pairs in clusters, strata, scales. The data, and what our functions give on them."""

from __future__ import annotations

import numpy as np
from oracles import PSYCHIATRY, RAW4, Oracle, numbered

from analysis import clustered, coders, contrasts, dif, gee, scales

NAN = np.nan
# real-statistics.com, as pingouin's dataset cronbach_wide_missing: 12 persons, 11 questions, four gaps
WIDE = [
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0],
    [NAN, 0, 1, 1, NAN, 1, 1, 1, 1, 0, 0],
    [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0],
    [1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0],
    [0, 1, NAN, 0, 1, 1, 1, 1, 0, 0, 0],
    [1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0],
    [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
    [0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0],
    [1, 0, 0, 1, 0, 1, 0, 0, NAN, 0, 0],
    [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
]
# R mantelhaen.test, quoted in statsmodels' tests
FIVE = [[[20, 14], [10, 24]], [[15, 12], [3, 15]], [[3, 2], [3, 2]], [[12, 3], [7, 5]], [[1, 0], [3, 2]]]
# Smoking and lung cancer in eight Chinese cities (Liu 1992, in Agresti)
CITIES = [
    [[126, 100], [35, 61]],
    [[908, 688], [497, 807]],
    [[913, 747], [336, 598]],
    [[235, 172], [58, 121]],
    [[402, 308], [121, 215]],
    [[182, 156], [72, 98]],
    [[60, 99], [11, 43]],
    [[104, 89], [21, 36]],
]
# 340 patients, three visits: normal or abnormal; (severe, new drug): NNN NNA NAN NAA ANN ANA AAN AAA
PATTERNS = ["NNN", "NNA", "NAN", "NAA", "ANN", "ANA", "AAN", "AAA"]
DEPRESSION = {
    (0, 0): [16, 13, 9, 3, 14, 4, 15, 6],
    (0, 1): [31, 0, 6, 0, 22, 2, 9, 0],
    (1, 0): [2, 2, 8, 9, 9, 15, 27, 28],
    (1, 1): [7, 2, 5, 2, 31, 5, 32, 6],
}
FIFTEEN = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.324,
    0.4262,
    0.5719,
    0.6528,
    0.759,
    1,
]
APPROVAL = [[794, 150], [86, 570]]
# R CVST cochranq.test, in statsmodels' tests
ANSWERS = [[1, 0, 1, 1], [0, 1, 1, 1], [1, 1, 1, 0], [0, 1, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [1] * 4,
           [0, 1, 0, 0]]  # fmt: skip
MAIZE = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]
PSYCHIATRISTS = PSYCHIATRY[:, 1:].reshape(-1, 2, 2)
HIERARCHY = np.zeros((9, 3))
HIERARCHY[:3, 0], HIERARCHY[3:6, 1], HIERARCHY[6:, 2] = [0.8, 0.7, 0.6], [0.7, 0.6, 0.5], [0.6, 0.5, 0.4]


def depression() -> gee.Fit:
    """Agresti's model of 340 patients: severe, drug, time, drug × time."""
    design = [[1, s, t, k, t * k] for s in (0, 1) for t in (0, 1) for k in range(3)]
    each = []
    for (severe, drug), sizes in DEPRESSION.items():
        for pattern, size in zip(PATTERNS, sizes, strict=True):
            patient = np.zeros((12, 2))
            patient[(severe * 2 + drug) * 3 + np.arange(3), [int(one == "N") for one in pattern]] = 1
            each += [patient] * size
    return gee.logit(each, design, corrected=False)


def _alpha_of(level: str) -> float:
    return coders.krippendorff(RAW4, [1, 2, 3, 4, 5], level).estimate


def _fit(which: str, place: int) -> float:
    return float(getattr(depression(), which)[place])


c, s = clustered, scales
TERMS = ("constant", "severe", "drug", "time", "drug × time")
COEFFICIENTS, ERRORS = (-0.0281, -1.3139, -0.0593, 0.4825, 1.0172), (0.1742, 0.1460, 0.2286, 0.1199, 0.1877)
MORE = numbered(
    [
        Oracle("O13b", "Krippendorff 2011 C, ordinal", 0.815, 5e-4, lambda: _alpha_of("ordinal")),
        Oracle("O13b", "Krippendorff 2011 C, ratio", 0.797, 5e-4, lambda: _alpha_of("ratio")),
        # Agresti, approval of the prime minister: z squared 17.36
        Oracle("O20", "Agresti, approval, McNemar", 17.36, 5e-3, lambda: c.mcnemar(APPROVAL).statistic),
        # R clust.bin.pair on Donner and Petryshen 1989
        Oracle("O21", "29 psychiatrists, McNemar", 11.845, 5e-4, lambda: c.mcnemar(PSYCHIATRISTS).statistic),
        Oracle("O21", "29 psychiatrists, Eliasziw", 10.23, 5e-3, lambda: c.eliasziw_donner(PSYCHIATRISTS).statistic),
        Oracle("O21", "29 psychiatrists, Obuchowski", 7.19, 5e-3, lambda: c.obuchowski(PSYCHIATRISTS).statistic),
        Oracle("O21", "29 psychiatrists, Durkalski", 7.542, 5e-4, lambda: c.durkalski(PSYCHIATRISTS).statistic),
        Oracle("O21", "29 psychiatrists, Yang", 8.43, 5e-3, lambda: c.yang(PSYCHIATRISTS).statistic),
        Oracle("O23", "Benjamini-Hochberg 1995, rejected", 4, 0,
               lambda: float((contrasts.benjamini_hochberg(FIFTEEN) <= 0.05).sum())),
        Oracle("O23", "Benjamini-Hochberg 1995, by Holm", 3, 0,
               lambda: float((contrasts.holm(FIFTEEN) <= 0.05).sum())),
        Oracle("O25", "R CVST, Cochran Q", 4.2, 5e-9, lambda: c.cochran_q(np.array(ANSWERS, float)).statistic),
        # R mantelhaen.test, in statsmodels' tests; eight cities: StratifiedTable in statsmodels' documentation
        Oracle("O26", "five strata, common odds ratio", 3.5912, 5e-5, lambda: dif.odds_ratio(FIVE).estimate),
        Oracle("O26", "five strata, Mantel-Haenszel", 11.8852, 5e-5, lambda: dif.mantel_haenszel(FIVE).statistic),
        Oracle("O27", "eight cities, common odds ratio", 2.174, 5e-4, lambda: dif.odds_ratio(CITIES).estimate),
        Oracle("O27", "eight cities, Mantel-Haenszel", 280.138, 5e-3,
               lambda: dif.mantel_haenszel(CITIES, correction=False).statistic),
        Oracle("O27", "eight cities, Breslow-Day", 5.2, 5e-4, lambda: dif.breslow_day(CITIES).statistic),
        # Agresti, CDA, table 12.1; R geepack::geeglm
        *(Oracle("O28", f"340 patients, GEE, {term}", value, 5e-5, lambda k=k: _fit("coefficients", k))
          for k, (term, value) in enumerate(zip(TERMS, COEFFICIENTS, strict=True))),
        *(Oracle("O28", f"340 patients, GEE, {term} SE", value, 5e-5, lambda k=k: _fit("errors", k))
          for k, (term, value) in enumerate(zip(TERMS, ERRORS, strict=True))),
        # R psych: sim.hierarchical, its default loadings
        Oracle("O30", "Jensen-Weng, alpha", 0.76, 5e-3, lambda: s.hierarchical(HIERARCHY, [0.9, 0.8, 0.7])[0]),
        Oracle("O30", "Jensen-Weng, omega hierarchical", 0.69, 5e-3,
               lambda: s.hierarchical(HIERARCHY, [0.9, 0.8, 0.7])[1]),
        Oracle("O30", "Jensen-Weng, omega total", 0.80, 5e-3, lambda: s.hierarchical(HIERARCHY, [0.9, 0.8, 0.7])[2]),
        # pingouin cronbach_alpha
        Oracle("O31", "12 persons with gaps, alpha", 0.732661, 5e-7, lambda: s.alpha(WIDE).estimate),
        Oracle("O31", "12 persons with gaps, Feldt low", 0.435, 5e-4, lambda: s.alpha(WIDE).low),
        Oracle("O31", "12 persons with gaps, Feldt high", 0.909, 5e-4, lambda: s.alpha(WIDE).high),
        Oracle("O31", "9 complete persons, alpha", 0.801695, 5e-7, lambda: s.alpha(WIDE, missing="listwise").estimate),
        # scipy's documentation
        Oracle("O35", "Darwin's maize, Wilcoxon W", 24, 0, lambda: c.wilcoxon(MAIZE).statistic),
        Oracle("O35", "Darwin's maize, p", 0.0412598, 5e-8, lambda: c.wilcoxon(MAIZE).p),
    ]
)  # fmt: skip
