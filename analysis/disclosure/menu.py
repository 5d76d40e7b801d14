"""Tables are fixed: nobody may filter twice or ask for a day, and an empty table says so in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .rules import SHOWN, Released

BY = ("stage", "topic", "construct")
FIXED = "E802: this table is fixed so that no child can be recognised. Take it whole, without another filter or a day."
NOTHING_YET = "no results yet"


def ask(by: str = "", filters: Mapping[str, Any] | None = None, since: str = "", until: str = "") -> str:
    """Check what somebody asks for before anything is counted; returns the breakdown.

    Parameters
    ----------
    by : str
        One of ``BY``, or "" for all together.
    filters : mapping, optional
        Column and value: a second cut through the same children, refused.
    since, until : str
        A range of days or months: two ranges can be subtracted, refused.

    Raises
    ------
    ValueError
        E801 for a breakdown that is not there, E802 for two filters at once or a range by day.

    Examples
    --------
    >>> ask("stage")
    'stage'
    >>> ask("stage", {"sex": "F"})
    Traceback (most recent call last):
    ValueError: E802: this table is fixed so that no child can be recognised. Take it whole, without another filter \
or a day.
    """
    if by and by not in BY:
        raise ValueError(f"E801: there is no table by {str(by)[:60]!a}; choose from {', '.join(BY)}.")
    if filters or since or until:
        raise ValueError(FIXED)
    return by


def said(released: Released) -> str:
    """``NOTHING_YET`` when a table shows no number at all, be it for want of children or of answers; else "".

    Examples
    --------
    >>> import pandas as pd
    >>> said(Released("overall", pd.DataFrame({"group": ["all"], "status": ["hidden"]})))
    'no results yet'
    """
    frame = released.frame
    shown = frame["status"] == SHOWN if "status" in frame else frame.select_dtypes("number").fillna(0).ne(0).any(axis=1)
    return "" if shown.any() else NOTHING_YET
