"""Agreement of more than two raters, some of whom did not rate everything: coders of interviews, panels.

Input is an array of units × raters holding option codes, NaN (or None) where a rater did not rate, and the **full**
list of options. Standard errors are linearised over units (Gwet 2014, chapters 2 and 5): the variance of each unit's
contribution to the coefficient, divided by n.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from .agreement import CONSTANT, EMPTY, Weights, weights_of
from .uncertainty import Array, Result, nothing


class Panel(NamedTuple):
    """Ratings turned into counts: ``chosen[i, g, k]`` is 1 when rater g put unit i in option k."""

    chosen: Array
    w: Array

    @property
    def counts(self) -> Array:
        """Units × options."""
        counts: Array = self.chosen.sum(axis=1)
        return counts

    @property
    def raters(self) -> Array:
        """How many rated each unit."""
        raters: Array = self.chosen.sum(axis=(1, 2))
        return raters


def panel(ratings: npt.ArrayLike, options: Sequence[object], weights: Weights = "unweighted") -> Panel:
    """Turn ratings into counts over the full option list.

    Parameters
    ----------
    ratings : array (units, raters)
        Codes; NaN or None where missing. Units nobody rated are dropped.
    options : sequence
        Every option there is, in order, used or not.

    Raises
    ------
    ValueError
        For a code that is not an option, fewer than two options, or ratings that are not units × raters.
    """
    frame = pd.DataFrame(np.asarray(ratings, dtype=object))
    if frame.shape[1] < 2 or len(options) < 2:
        raise ValueError("agreement needs at least two raters (columns) and the full list of at least two options.")
    unknown = ~(frame.isin(list(options)) | frame.isna()).to_numpy()
    if unknown.any():
        raise ValueError(f"{frame.to_numpy()[unknown][0]!r} is not one of the options: pass the full list.")
    chosen = np.stack([(frame == option).to_numpy(dtype=float) for option in options], axis=2)
    return Panel(chosen[chosen.sum(axis=(1, 2)) > 0], weights_of(weights, len(options)))


def gwet(ratings: npt.ArrayLike, options: Sequence[object], weights: Weights = "unweighted") -> Result:
    """Gwet's AC1 / AC2 for many raters with gaps. Validated against irrCAC (O10, O11, O12b)."""
    data = panel(ratings, options, weights)
    use = _mean_use(data)
    scale = data.w.sum() / (len(use) * (len(use) - 1))
    unit = scale * (data.counts @ (1 - use)) / data.raters
    return _coefficient(data, float(scale * use @ (1 - use)), unit, "Gwet AC")


def fleiss(ratings: npt.ArrayLike, options: Sequence[object], weights: Weights = "unweighted") -> Result:
    """Fleiss' kappa (1971), with gaps and weights. Validated against irrCAC (O10) and Fleiss' example (O24)."""
    data = panel(ratings, options, weights)
    use = _mean_use(data)
    unit = data.counts @ (data.w @ use) / data.raters
    return _coefficient(data, float(use @ data.w @ use), unit, "Fleiss kappa")


def brennan_prediger(ratings: npt.ArrayLike, options: Sequence[object], weights: Weights = "unweighted") -> Result:
    """Brennan–Prediger for many raters: chance is T / k². Validated against irrCAC (O10)."""
    data = panel(ratings, options, weights)
    expected = float(data.w.sum()) / len(data.w) ** 2
    return _coefficient(data, expected, np.full(len(data.chosen), expected), "Brennan-Prediger")


def conger(ratings: npt.ArrayLike, options: Sequence[object], weights: Weights = "unweighted") -> Result:
    """Conger's kappa (1980): chance from each rater's own use of the options. Validated against irrCAC (O12)."""
    data = panel(ratings, options, weights)
    n, r = data.chosen.shape[:2]
    rated = data.chosen.sum(axis=2)
    size = rated.sum(axis=0)
    own = data.chosen.sum(axis=0) / size[:, None]
    others = (own.sum(axis=0) - own) @ data.w
    expected = float((own * others).sum()) / (r * (r - 1))
    shift = (data.chosen - rated[:, :, None] * own) * (n / size)[None, :, None]
    unit = expected + (shift * others).sum(axis=(1, 2)) / (r * (r - 1))
    return _coefficient(data, expected, unit, "Conger kappa")


def krippendorff(ratings: npt.ArrayLike, options: Sequence[object], weights: Weights = "unweighted") -> Result:
    """Krippendorff's alpha for nominal data, or for any agreement weights.

    Units rated once say nothing about agreement and are left out, as Krippendorff (2011) does.
    Validated against irrCAC (O10, O12) and Krippendorff's own examples (O13, O14).
    """
    data = panel(ratings, options, weights)
    data = Panel(data.chosen[data.raters >= 2], data.w)
    n, total = len(data.chosen), float(data.raters.sum())
    if n == 0 or _one_option(data):
        return nothing(n, "Krippendorff alpha", CONSTANT if n else EMPTY)
    mean, share = total / n, data.raters * n / total
    use = data.counts.sum(axis=0) / total
    agree = (data.counts * (data.counts @ data.w - 1)).sum(axis=1) / (mean * (data.raters - 1))
    observed, expected = float(agree.mean()), float(use @ data.w @ use)
    rough = (observed - expected) / (1 - expected)
    observed_i = agree - observed * (share - 1)
    expected_i = data.counts @ (data.w @ use) / mean - expected * (share - 1)
    unit = (observed_i - expected - 2 * (1 - rough) * (expected_i - expected)) / (1 - expected)
    value = ((1 - 1 / total) * observed + 1 / total - expected) / (1 - expected)
    return _with_interval(value, unit - rough, "Krippendorff alpha")


def _mean_use(data: Panel) -> Array:
    """Each unit counts once, however many rated it."""
    use: Array = (data.counts / data.raters[:, None]).mean(axis=0)
    return use


def _one_option(data: Panel) -> bool:
    return bool((data.counts.sum(axis=0) > 0).sum() <= 1)


def _agreeing(data: Panel) -> Array:
    """Per unit: the share of pairs of raters who agree; 0 where fewer than two rated (they are weighted out)."""
    pairs = data.raters * (data.raters - 1)
    agree = (data.counts * (data.counts @ data.w - 1)).sum(axis=1)
    share: Array = np.divide(agree, pairs, out=np.zeros(len(pairs)), where=pairs > 0)
    return share


def _coefficient(data: Panel, expected: float, expected_i: Array, method: str) -> Result:
    """(pa − pe) / (1 − pe) over units, with the linearised error."""
    n, twice = len(data.chosen), data.raters >= 2
    if not twice.any() or _one_option(data):
        return nothing(n, method, CONSTANT if twice.any() else EMPTY)
    agree = _agreeing(data)
    value = (float(agree[twice].mean()) - expected) / (1 - expected)
    unit = n / twice.sum() * (agree - expected) * twice / (1 - expected)
    unit = unit - 2 * (1 - value) * (expected_i - expected) / (1 - expected)
    return _with_interval(value, unit - value, method)


def _with_interval(value: float, unit: Array, method: str) -> Result:
    n = len(unit)
    if n < 2:
        return Result(value, np.nan, np.nan, n, 0, method, "one unit only: no interval")
    se = float(np.sqrt((unit**2).sum() / (n * (n - 1))))
    reach = se * float(stats.t.ppf(0.975, n - 1))
    return Result(value, value - reach, min(value + reach, 1.0), n, 0, method, "", se)
