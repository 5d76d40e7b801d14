"""The server's clock and calendar. Tablets may be wrong by years; only this one decides."""

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def now() -> dt.datetime:
    """Return the present moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def today(timezone: str = "UTC") -> dt.date:
    """Return the date it is at a site now."""
    return date_at(now(), timezone)


def date_at(moment: dt.datetime, timezone: str) -> dt.date:
    """Return the date a moment has at a site; its date in UTC where the zone is unknown."""
    try:
        return moment.astimezone(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return moment.astimezone(dt.UTC).date()


def month(day: dt.date) -> dt.date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def age(born_month: dt.date, on: dt.date) -> int:
    """Return the age in full years; a child is taken to be a year older from the first day of the birth month."""
    return on.year - born_month.year - (on.month < born_month.month)


def age_group(born_month: dt.date, on: dt.date) -> str | None:
    """Return `10-12`, `13-15` or `16-17`, or None for a child whom Heard does not ask."""
    years = age(born_month, on)
    for low, high in ((10, 12), (13, 15), (16, 17)):
        if low <= years <= high:
            return f"{low}-{high}"
    return None
