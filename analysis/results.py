"""What a report says, once and for all languages: released numbers, counted once, that can be kept and put into words
later.

Nothing here is from before ``disclosure``: results that are kept tell no more than the report does.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pandas as pd

from .disclosure import Door, Released
from .measures import BY_STAGE, Measures, measure
from .tables import Tables

ABOUT = ("organisation", "made_in", "heard", "languages", "questionnaires", "synthetic")
PACKAGES = ("numpy", "pandas", "scipy", "altair", "vl-convert-python")


@dataclass(frozen=True)
class Results:
    """Released numbers and the names of things; ``size`` is None where a count is too small to tell."""

    about: dict[str, Any]
    edited: list[str]
    size: dict[str, int | None]
    log: list[tuple[str, int, str]]
    software: list[str]
    labels: dict[str, dict[str, str]]
    frames: dict[str, pd.DataFrame]

    def freeze(self) -> dict[str, Any]:
        """Everything as plain data, for a file."""
        return {**vars(self), "frames": {name: _frozen(frame) for name, frame in self.frames.items()}}

    @classmethod
    def thaw(cls, kept: Mapping[str, Any]) -> Results:
        """The same results again.

        Raises
        ------
        ValueError
            When this is not what ``freeze`` made.
        """
        try:
            frames = {name: _thawed(frame) for name, frame in kept["frames"].items()}
            return cls(**{**kept, "log": [tuple(line) for line in kept["log"]], "frames": frames})
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError("These are not the results of a report.") from error


def compute(tables: Tables) -> Results:
    """Count, measure, and let through what may be told.

    Parameters
    ----------
    tables : Tables
        As ``tables.read`` returns them.

    Returns
    -------
    Results
    """
    door = Door()
    raw = measure(tables)
    released = release(raw, door)
    size = {name: door.total(name, n) for name, n in raw.size.items()} | dict(raw.places)
    return Results(
        about={key: tables.about.get(key) for key in ABOUT}, edited=list(tables.edited), size=size,
        log=[(entry.table, entry.hidden, entry.rule) for entry in door.summary()],
        software=_software(), labels=labels(tables),
        frames={name: found.frame for name, found in released.items()},
    )  # fmt: skip


def release(raw: Measures, door: Door) -> dict[str, Released]:
    """Everything through the door, totals before their parts."""
    overall = door.rates("overall", raw.overall)
    stages = {name: door.rates(f"{name} by stage", _under(raw.stages[name], name), overall) for name in BY_STAGE}
    topics = door.rates("match by topic", raw.topics, stages["followed"])
    stages["followed"] = door.parts_shown(stages["followed"], "topic_mean", topics)
    stages["unexplained"] = door.alike(stages["unexplained"])
    stages["heard"] = door.rounded(stages["heard"])
    directed = raw.direction.assign(parent=raw.direction["group"])
    return {
        "overall": door.rounded(overall),
        "earlier": door.earlier("headline without the last month", raw.earlier),
        **{f"{name}_by_stage": found for name, found in stages.items()},
        "topics": topics,
        "direction": door.rates("direction by topic", directed, topics, part=True),
        "heard_followed": door.counts("heard and followed", raw.heard_followed, raw.heard_clusters),
        "reasons": door.reasons("reasons", raw.reasons),
        "flow": door.flow("flow of participation", raw.flow),
        "gaps": door.gaps("perception gap", raw.gaps),
        "gaps_by_stage": door.gaps("perception gap by stage", raw.gaps_by_stage),
        "bounds": door.bounds("missingness bounds", raw.bounds, overall),
        **{
            f"options_{t}": door.lists("use of options, by topic", raw.options[t], raw.option_clusters[t])
            for t in raw.options
        },
    }


def labels(tables: Tables) -> dict[str, dict[str, str]]:
    """The organisation's names for codes, by language: “stage S1”, “topic D3.1”, “option D3.1 LEARN”, “reason LAW”."""
    english = {f"topic {t}": str(name) for t, name in zip(tables.topics["topic"], tables.topics["name"], strict=True)}
    listed = zip(tables.topics["topic"], tables.topics["option"], tables.topics["staff_label"], strict=True)
    english |= {f"option {topic} {option}": str(label) for topic, option, label in listed}
    given = zip(tables.reasons["reason"], tables.reasons["label"], strict=True)
    found = {"en": english | {f"reason {reason}": str(label) for reason, label in given}}
    for row in tables.labels.to_dict("records"):
        key = " ".join(str(row[part]) for part in ("names", "topic", "code") if row[part])
        found.setdefault(str(row["language"]), {})[key] = str(row["label"])
    return found


def _under(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return frame.assign(parent=indicator)


def _software() -> list[str]:
    return [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)]


def _frozen(frame: pd.DataFrame) -> dict[str, Any]:
    kinds = {str(name): str(kind) for name, kind in frame.dtypes.items()}
    return {**frame.to_dict("split"), "kinds": kinds}


def _thawed(kept: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(kept["data"], index=kept["index"], columns=kept["columns"])
    return frame.astype(kept["kinds"])
