"""The report: the same numbers on screen, in one downloaded file, and as tidy tables."""

from __future__ import annotations

import os
import platform
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import plots
from .disclosure import SHOWN, Door, Released
from .measures import BY_STAGE, Measures, measure
from .participation import STEPS
from .tables import Tables, read

TITLE = "What children wished and what was decided"
HERE = Path(__file__).parent
STAGES = {
    "S1": "1 Receiving", "S2": "2 Assessment", "S3": "3 Planning", "S4": "4 Implementing", "S5": "5 Reviewing",
    "S6": "6 Completing", "R": "Reintegration", "G": "Gatekeeping", "all": "all stages",
}  # fmt: skip
INDICATORS = {
    "followed": ("Followed: D = W", "wishes with a decision"),
    "heard": ("Heard: B = W", "wishes with a belief"),
    "unexplained": ("Unexplained divergence: no reason or never told", "shared wishes, D differs from W"),
    "account": ("Overruled with account: reason, and told within 14 days", "shared wishes, B = W, D differs from W"),
    "shift": ("Shift: D = W although V differs from W", "wishes shown before the decision, V differs from W"),
    "delegated": ("Delegated: “I don't mind”", "wish questions answered"),
    "undecided": ("“I don't know”", "wish questions answered"),
    "told": ("Told within 14 days", "shared wishes with a decision"),
}
KINDS = {"best_interest": "best interests", "system": "system", "other": "other", "none": "–"}
ELEMENTS = {
    "INFO": "Informed", "SPACE": "Space to speak", "VOICE": "Helped to speak", "AUDIENCE": "Listened to",
    "INFLUENCE": "Made a difference", "FEEDBACK": "Told the outcome",
}  # fmt: skip
LINES = {
    "DK": "don't know", "IDM": "don't mind", "SK": "don't want to answer", "NA": "did not happen", "NR": "not reached",
    "NV": "no visit",
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A finished report: a fragment and its style for a web page, a whole file, and the released tables."""

    title: str
    fragment: str
    css: str
    synthetic: bool
    tables: dict[str, pd.DataFrame]

    def body(self, css_class: str = "report") -> str:
        """The sections in one element of this class (the style sheet's scope), without h1, style or script."""
        return str(Markup('<div class="{}">{}</div>').format(css_class, Markup(self.fragment)))  # noqa: S704 - same

    @property
    def html(self) -> str:
        """One self-contained page: style and pictures inside, no script, nothing fetched."""
        page = _templates().get_template("page.html.j2")
        facts = {"title": self.title, "synthetic": self.synthetic, "lang": "en", "dir": "ltr"}
        return page.render(body=Markup(self.fragment), css=Markup(self.css), **facts)  # noqa: S704 - our own, escaped once


def build(folder: str | Path | Tables, title: str = TITLE) -> Report:
    """Read an export and make its report; the same export gives the same bytes.

    Parameters
    ----------
    folder : path or Tables
        An exported folder, or tables already read by ``tables.read``.
    title : str
        Title and only h1.

    Returns
    -------
    Report

    Raises
    ------
    tables.BadExport
        With every problem of the export.

    Examples
    --------
    >>> build("export-2026-11").html                     # doctest: +SKIP
    '<!doctype html>...'
    """
    tables = folder if isinstance(folder, Tables) else read(folder)
    door = Door()
    raw = measure(tables)
    released = release(raw, door)
    size = {name: door.total(name, n) for name, n in raw.size.items()} | raw.places
    facts = _facts(tables, released) | {"size": size, "log": door.summary(), "pictures": _pictures(released)}
    fragment = _templates().get_template("report.html.j2").render(r=facts)
    css = (HERE / "report.css").read_text(encoding="utf-8")
    return Report(title, fragment, css, bool(tables.about["synthetic"]), _tidy(released))


def write(folder: str | Path, output: str | Path, force: bool = False) -> Path:
    """Build the report of a folder and write it to one file, all of it or nothing.

    Raises
    ------
    FileExistsError
        When the output is there and ``force`` is not given.
    OSError
        When the place cannot be written.
    tables.BadExport
        With every problem of the export.
    """
    place = Path(output)
    if place.exists() and not force:
        raise FileExistsError(f"{place} is there already; give --force to replace it.")
    return replace_file(place, build(folder).html)


def write_tables(report: Report, folder: str | Path) -> list[Path]:
    """Write the released tables as CSV files a spreadsheet can open safely: no cell starts a formula."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    found = []
    for name, frame in report.tables.items():
        text = frame.map(_harmless).to_csv(index=False, lineterminator="\n", float_format="%.6g")
        found.append(replace_file(place / f"{name}.csv", text))
    return found


def replace_file(place: Path, text: str) -> Path:
    """Write beside the place, then rename: a reader never sees half a file."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return place


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


def _under(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return frame.assign(parent=indicator)


def _facts(tables: Tables, released: dict[str, Released]) -> dict[str, Any]:
    """What the template reads: released rows, names, pictures."""
    names = {str(t): f"{t} {name}" for t, name in zip(tables.topics["topic"], tables.topics["name"], strict=True)}
    rows = {key: _rows(found) for key, found in released.items()}
    by_name = {
        key: rows[key]
        for key in ("overall", "topics", "direction", "heard_followed", "reasons", "flow", "gaps", "gaps_by_stage")
    }
    by_stage = {name: rows[f"{name}_by_stage"] for name in BY_STAGE}
    return {
        **by_name, **by_stage, "one": {row["group"]: row for row in rows["overall"]}, "bounds": rows["bounds"][0],
        "earlier": next((row for row in rows["earlier"] if row["status"] == SHOWN), None),
        "synthetic": tables.about["synthetic"], "about": tables.about, "edited": tables.edited, "names": names,
        "options": _option_tables(tables, rows, names), "stages": STAGES, "indicators": INDICATORS, "kinds": KINDS,
        "elements": ELEMENTS, "steps": STEPS, "software": _software(),
    }  # fmt: skip


def _rows(released: Released) -> list[dict[str, Any]]:
    """Rows as dictionaries; an index becomes ``group``."""
    frame = released.frame
    if "group" not in frame and "reason" not in frame:
        frame = frame.rename_axis("group").reset_index()
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _option_tables(
    tables: Tables, rows: dict[str, list[dict[str, Any]]], names: dict[str, str]
) -> list[dict[str, Any]]:
    lines = zip(tables.topics["topic"], tables.topics["option"], tables.topics["staff_label"], strict=True)
    labels = {(str(topic), str(option)): str(label) for topic, option, label in lines}
    found = []
    for key in rows:
        topic = key.removeprefix("options_")
        if topic != key:
            own = {option: label for (of, option), label in labels.items() if of == topic and label}
            used = [row for row in rows[key] if row["group"] not in LINES or any(row[column] != 0 for column in "WBVD")]
            found.append({"name": names.get(topic, topic), "rows": used, "labels": LINES | own})
    return found


def _pictures(released: dict[str, Released]) -> dict[str, Markup]:
    """SVG from ``plots``, whose every word is escaped by the converter."""
    drawn = {
        "flow": plots.flow(released["flow"], "flow"),
        "forest": plots.forest(released["followed_by_stage"], "forest", STAGES, "Followed wishes by stage"),
        "mosaic": plots.mosaic(released["heard_followed"], "mosaic"),
        "reasons": plots.reasons(released["reasons"], "reasons"),
        "gap": plots.dumbbell(released["gaps"], "gap", ELEMENTS),
    }
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - drawn by us, words escaped


def _software() -> list[str]:
    packages = ("numpy", "pandas", "scipy", "altair", "vl-convert-python")
    return [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)]


def _tidy(released: dict[str, Released]) -> dict[str, pd.DataFrame]:
    """The released tables, an index turned into a column."""
    return {
        key: found.frame
        if "group" in found.frame or "reason" in found.frame
        else found.frame.rename_axis("group").reset_index()
        for key, found in released.items()
    }


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _known(value: object) -> bool:
    return isinstance(value, int | float) and not isnan(value)


def _decimal(value: float, digits: int) -> str:
    """A number with thin spaces between thousands and a real minus."""
    return f"{value:,.{digits}f}".replace(",", "\u202f").replace("-", "\u2212")


def _chi(row: dict[str, Any], name: str) -> str:
    """“11.96, df 3, p .008”, or a dot where it is withheld."""
    if not _known(row[name]):
        return "·"
    p = row[f"{name}_p"]
    small = "p < .001" if p < 0.001 else f"p {p:.3f}".replace("0.", ".")
    return f"{row[name]:.2f}, df {row[f'{name}_df']:.0f}, {small}"


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "percent": plots.percent, "known": _known, "decimal": _decimal, "chi": _chi, "words": plots.WORDS.__getitem__
    }  # fmt: skip
    environment.tests["known"] = _known
    return environment
