"""Do two coders of an interview find the same codes, and which challenges do staff name at which stage?

Krippendorff's alpha starts from coincidences: how often two codes stand beside each other in one unit. They add up over
units, so that leaving out one unit is a subtraction and the interval needs no resampling.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from .agreement import CONSTANT, EMPTY
from .counts import tally
from .participation import rates_of
from .raters import panel
from .tables import Tables
from .uncertainty import NO_CLUSTERS, NOT_WITHOUT, Array, Result, jackknife, nothing

LEVELS = ("nominal", "ordinal", "interval", "ratio")
CHALLENGES = ("FIN", "DOC", "CUL", "LOAD", "REJ", "GATE")
NO_CHALLENGE = "NONE"
RATINGS = ("0", "1", "2", "DK", "SK", "NA", "NR")


def krippendorff(
    ratings: npt.ArrayLike, options: Sequence[object], level: str = "nominal", confidence: float = 0.95
) -> Result:
    r"""Krippendorff's alpha for any number of coders, with gaps, and a delete-one-unit jackknife interval.

    .. math:: \alpha = 1 - \frac{(n-1) \sum_{ck} o_{ck} \delta^2_{ck}}{\sum_{ck} n_c n_k \delta^2_{ck}}

    with coincidences o, their margins n_c and the squared difference of two codes: 1 (nominal); the cases between them,
    half of each end (ordinal); (c − k)² (interval); ((c − k)/(c + k))² (ratio). Krippendorff (2011).
    ``raters.krippendorff`` has a linearised error for fixed weights; only here the codes' own use can set the distance.

    Validated against: Krippendorff 2011, example C: nominal .743, ordinal .815, interval .849, ratio .797 (O13), and
    A: .095; three coders .691 and .811 (O14); the package ``krippendorff`` on random ratings; the jackknife against
    leaving out each unit by hand.

    Parameters
    ----------
    ratings : array (units, coders)
        Codes; NaN or None where a coder did not code a unit. Units coded once are left out.
    options : sequence
        The full list of codes in order; numbers for ``interval`` and ``ratio``.
    level : {"nominal", "ordinal", "interval", "ratio"}
    confidence : float

    Returns
    -------
    Result
        ``n`` and ``clusters`` are the units coded at least twice; NaN with a reason when one code was used throughout.

    Raises
    ------
    ValueError
        For an unknown level or code, or options that are not numbers where numbers are needed.

    Examples
    --------
    >>> two = np.array([[0, 1], [1, 1], [0, 1], [0, 0], [0, 0], [0, 1], [0, 0], [0, 0], [1, 0], [0, 0]])
    >>> round(krippendorff(two, [0, 1]).estimate, 3)
    0.095
    """
    values = _values(options, level)
    units = coincidences(ratings, options)
    name = f"Krippendorff alpha, {level}, jackknife over {len(units)} units"
    if not len(units):
        return nothing(0, name, EMPTY)
    if (units.sum(axis=(0, 1)) > 0).sum() < 2:
        return nothing(len(units), name, CONSTANT, len(units))
    found = jackknife(units, lambda table: _alpha(table, level, values), level=confidence, bounds=(-np.inf, 1.0))
    words = {NO_CLUSTERS: "one unit only: no interval", NOT_WITHOUT: "rests on a single unit: no interval"}
    return found._replace(n=len(units), method=name, reason=words.get(found.reason, found.reason))


def coincidences(ratings: npt.ArrayLike, options: Sequence[object]) -> Array:
    """How often two codes meet in each unit: n_c (n_k − [c = k]) / (m − 1), m codings of the unit.

    Returns
    -------
    array (U, k, k)
        One table per unit coded at least twice; each sums to m.
    """
    data = panel(ratings, options)
    counts = data.counts[data.raters >= 2]
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(options))
    table: Array = pairs / (counts.sum(axis=1) - 1)[:, None, None]
    return table


def per_code(codings: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Alpha of every code of a list: did the coders agree that it is there or is not there?

    A unit may hold several codes, so each code is a yes or no question of its own. Custom asks for .800, and .667 for
    tentative conclusions (Krippendorff 2004); look at the interval.

    Parameters
    ----------
    codings : DataFrame
        Columns unit, coder, code: a row for every code a coder gave a unit, and a row with code "" for a unit in which
        the coder found none. A unit without any row of a coder was not coded by them.
    codes : sequence of str
        The full list.

    Returns
    -------
    DataFrame
        One row per code: code, used (how often it was given), and the fields of ``Result``.

    Raises
    ------
    ValueError
        For a missing column or a code that is not on the list, with its row.

    Examples
    --------
    >>> rows = [(1, "a", "FIN"), (1, "b", "FIN"), (2, "a", ""), (2, "b", ""), (3, "a", "FIN"), (3, "b", "DOC")]
    >>> found = per_code(pd.DataFrame(rows, columns=["unit", "coder", "code"]), ["FIN", "DOC"])
    >>> found[["code", "used"]].values.tolist(), found["estimate"].round(2).tolist()
    ([['FIN', 3], ['DOC', 1]], [0.44, 0.0])
    """
    frame = _checked(codings, codes)
    unit, units = pd.factorize(frame["unit"], sort=True)
    coder, coders = pd.factorize(frame["coder"], sort=True)
    blank = np.full((len(units), len(coders)), np.nan)
    blank[unit, coder] = 0
    rows = [_one_code(code, frame["code"].to_numpy() == code, blank, unit, coder) for code in codes]
    return pd.DataFrame(rows, columns=["code", "used", *Result._fields])


def double_coded(codings: pd.DataFrame) -> Result:
    """The share of units that at least two coders coded; one in five is a common plan. No interval: it is a count."""
    coders = codings.groupby("unit")["coder"].nunique()
    if coders.empty:
        return nothing(0, "share of units coded twice", EMPTY)
    share = float((coders >= 2).mean())
    return Result(share, np.nan, np.nan, len(coders), 0, "share of units coded twice", "a count, not a sample")


def challenges(tables: Tables, by: str = "stage") -> pd.DataFrame:
    """How often staff ticked each of the six challenges, per stage, with a delete-one-coordinator interval.

    Parameters
    ----------
    tables : Tables
        As ``tables.read`` returns them.
    by : str
        A column of ``rounds`` (stage, site, age_group).

    Returns
    -------
    DataFrame
        group, challenge, hits (forms that ticked it), n (forms that answered the question), clusters, estimate, low,
        high, method, reason. Not safe to print: small counts are still in it.

    Raises
    ------
    ValueError
        For a code that is not one of the six.

    Notes
    -----
    Validated against: forms counted one by one (test).
    """
    forms = tables.staff_answers[(tables.staff_answers["construct"] == "OBSTACLES")]
    forms = forms[forms["code"] != ""].merge(
        tables.rounds[["round", "coordinator", *({by} - {"stage"})]].drop_duplicates(), on="round"
    )
    ticked = forms["code"].str.split()
    _known(ticked)
    found = []
    for challenge in CHALLENGES:
        hit = pd.Series([challenge in codes for codes in ticked], index=forms.index, dtype=bool)
        found.append(rates_of(tally(hit, forms[by], forms["coordinator"])).assign(challenge=challenge))
    both = pd.concat(found, ignore_index=True)
    return both.sort_values("group", kind="stable", ignore_index=True)[
        ["group", "challenge", "hits", "n", "clusters", "estimate", "low", "high", "method", "reason"]
    ]


def difficulty(tables: Tables) -> pd.DataFrame:
    """How heavy staff called each challenge in the interviews: interviews per answer.

    Returns
    -------
    DataFrame
        Rows the six challenges; columns 0 (not at all), 1 (a little), 2 (a lot), DK, SK, NA, NR.
    """
    asked = grid(tables, "CHALLENGE")
    answer = asked["code"].where(asked["code"] != "", asked["missing"])
    counted = pd.crosstab(asked["row"], answer)
    return counted.reindex(index=list(CHALLENGES), columns=list(RATINGS), fill_value=0).astype(int)


def grid(tables: Tables, construct: str) -> pd.DataFrame:
    """Interview answers to the rows of a grid (``IC.12a.FIN``): the table ``interviews`` with the column ``row``.

    Parameters
    ----------
    tables : Tables
    construct : str
        ``CHALLENGE``, ``PREDICTION``, ``STAGE_RANKING``: the construct of the grid's question.
    """
    asked = tables.questions.loc[tables.questions["construct"] == construct, "question"]
    question = tables.interviews["question"]
    base, row = question.str.replace(r"\.[^.]*$", "", regex=True), question.str.replace(r"^.*\.", "", regex=True)
    return tables.interviews.assign(row=row)[base.isin(set(asked))].reset_index(drop=True)


def _values(options: Sequence[object], level: str) -> Array:
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, got {level!r}.")
    if level in ("nominal", "ordinal"):
        return np.arange(len(options), dtype=float)
    try:
        return np.array([float(str(option)) for option in options])
    except ValueError:
        raise ValueError(f"level {level!r} needs options that are numbers; use nominal or ordinal.") from None


def _alpha(table: Array, level: str, values: Array) -> float:
    """1 − observed / expected disagreement of a table of coincidences; NaN when one code is left."""
    use = table.sum(axis=0)
    apart = _distance(use, level, values)
    expected = float(use @ apart @ use)
    return 1 - (float(use.sum()) - 1) * float((table * apart).sum()) / expected if expected else float("nan")


def _distance(use: Array, level: str, values: Array) -> Array:
    """Squared difference of every two codes."""
    if level == "nominal":
        return 1 - np.eye(len(use))
    if level == "ordinal":
        middle = np.cumsum(use) - use / 2  # the rank in the middle of each code: ends count half
        return np.asarray(np.subtract.outer(middle, middle) ** 2)
    apart = np.subtract.outer(values, values)
    if level == "ratio":
        whole = np.add.outer(values, values)
        apart = np.divide(apart, whole, out=np.zeros_like(apart), where=whole != 0)
    return np.asarray(apart**2)


def _one_code(
    code: str, given: npt.NDArray[np.bool_], blank: Array, unit: npt.NDArray[np.intp], coder: npt.NDArray[np.intp]
) -> dict[str, object]:
    found = blank.copy()
    found[unit[given], coder[given]] = 1
    return {"code": code, "used": int(np.nansum(found)), **krippendorff(found, [0, 1])._asdict()}


def _checked(codings: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    absent = [name for name in ("unit", "coder", "code") if name not in codings]
    if absent:
        raise ValueError(f"the codings have no column {absent[0]!r}; unit, coder and code are needed.")
    frame = codings.reset_index(drop=True)
    frame = frame.assign(code=frame["code"].fillna(""))
    wrong = (~frame["code"].isin(["", *codes])).to_numpy().nonzero()[0]
    if len(wrong):
        row = int(wrong[0])
        raise ValueError(f"codings, row {row + 1}: {frame['code'][row]!r} is not on the list of codes; add or mend it.")
    return frame


def _known(ticked: pd.Series[list[str]]) -> None:
    strange = sorted(set(ticked.explode().dropna()) - {*CHALLENGES, NO_CHALLENGE})
    if strange:
        raise ValueError(
            f"staff_answers, column code: {strange[0]!r} is not one of the six challenges"
            f" ({', '.join(CHALLENGES)}); export again."
        )
