"""The report: the same numbers on screen, in one downloaded file, and as tidy tables, in the reader's language."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from . import labels as names
from . import plots
from .disclosure import SHOWN
from .labels import Labels
from .measures import BY_STAGE
from .results import Results, compute
from .tables import Tables, read
from .words import ENGLISH, Words, _l, filled, speak

TITLE = _l("What children wished and what was decided")
FOOT = _l("Made-up data: synthetic records, no real child")
HERE = Path(__file__).parent
SECTIONS = ("overall", "topics", "direction", "heard_followed", "reasons", "flow", "gaps", "gaps_by_stage")


@dataclass(frozen=True)
class Report:
    """A finished report: a fragment and its style for a web page, a whole file, and the released tables."""

    title: str
    fragment: str
    css: str
    synthetic: bool
    tables: dict[str, pd.DataFrame]
    words: Words

    def body(self, css_class: str = "report") -> str:
        """The sections in one element of this class (the style sheet's scope), without h1, style or script."""
        return str(Markup('<div class="{}">{}</div>').format(css_class, Markup(self.fragment)))  # noqa: S704 - same

    @property
    def html(self) -> str:
        """One self-contained page: style and pictures inside, no script, nothing fetched."""
        page = _templates(self.words).get_template("page.html.j2")
        facts = {"title": self.title, "synthetic": self.synthetic, "foot": self.words.gettext(FOOT)}
        facts |= {"lang": self.words.code, "dir": self.words.direction}
        return page.render(body=Markup(self.fragment), css=Markup(self.css), **facts)  # noqa: S704 - our own, escaped once


def build(folder: str | Path | Tables, title: str = "", language: str = ENGLISH) -> Report:
    """Read an export and make its report; the same export and language give the same bytes.

    Parameters
    ----------
    folder : path or Tables
        An exported folder, or tables already read by ``tables.read``.
    title : str
        Title and only h1; a sentence of our own when left out.
    language : str
        Code of the language the report is written in; ``words.known()`` lists them. The numbers are the same in all.

    Returns
    -------
    Report

    Raises
    ------
    tables.BadExport
        With every problem of the export.
    words.UnknownLanguage
        When nobody has translated the report into that language.

    Examples
    --------
    >>> build("export-2026-11", language="ru").html                     # doctest: +SKIP
    '<!doctype html>...'
    """
    words = speak(language)
    tables = folder if isinstance(folder, Tables) else read(folder)
    return render(compute(tables), words, title)


def render(results: Results, words: Words | None = None, title: str = "") -> Report:
    """Put results into words. It counts nothing: the numbers of all languages are those of ``results``."""
    words = words or Words()
    fragment = _templates(words).get_template("report.html.j2").render(r=_facts(results, Labels(words, results.labels)))
    css = (HERE / "report.css").read_text(encoding="utf-8")
    title = title or words.gettext(TITLE)
    return Report(title, fragment, css, bool(results.about["synthetic"]), _tidy(results.frames), words)


def write(folder: str | Path, output: str | Path, force: bool = False, language: str = ENGLISH) -> Path:
    """Build the report of a folder and write it to one file, all of it or nothing.

    Raises
    ------
    FileExistsError
        When the output is there and ``force`` is not given.
    OSError
        When the place cannot be written.
    tables.BadExport
        With every problem of the export.
    words.UnknownLanguage
        When nobody has translated the report into that language.
    """
    place = Path(output)
    if place.exists() and not force:
        raise FileExistsError(f"{place} is there already; give --force to replace it.")
    return replace_file(place, build(folder, language=language).html)


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


def _facts(results: Results, labels: Labels) -> dict[str, Any]:
    """What the template reads: released rows, names, pictures."""
    rows = {key: _rows(frame) for key, frame in results.frames.items()}
    say = labels.words.gettext
    return {
        **{key: rows[key] for key in SECTIONS}, **{name: rows[f"{name}_by_stage"] for name in BY_STAGE},
        "one": {row["group"]: row for row in rows["overall"]}, "bounds": rows["bounds"][0],
        "earlier": next((row for row in rows["earlier"] if row["status"] == SHOWN), None),
        "about": results.about, "edited": results.edited, "size": results.size, "software": results.software,
        "log": [
            (labels.one(names.LOG, what), hidden, labels.one(names.RULES, why)) for what, hidden, why in results.log
        ],
        "options": _option_tables(rows, labels), "labels": labels, "pictures": _pictures(results.frames, labels),
        "indicators": {name: [say(text) for text in texts] for name, texts in names.INDICATORS.items()},
        "steps": {step: say(text) for step, text in names.STEPS.items()},
    }  # fmt: skip


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries; an index becomes ``group``."""
    return [{str(key): value for key, value in row.items()} for row in _with_group(frame).to_dict("records")]


def _with_group(frame: pd.DataFrame) -> pd.DataFrame:
    return frame if "group" in frame or "reason" in frame else frame.rename_axis("group").reset_index()


def _option_tables(rows: dict[str, list[dict[str, Any]]], labels: Labels) -> list[dict[str, Any]]:
    found = []
    for key in rows:
        topic = key.removeprefix("options_")
        if topic != key:
            used = [r for r in rows[key] if r["group"] not in names.LINES or any(r[column] != 0 for column in "WBVD")]
            found.append({"name": f"{topic} {labels.topic(topic)}", "topic": topic, "rows": used})
    return found


def _pictures(frames: dict[str, pd.DataFrame], labels: Labels) -> dict[str, Markup]:
    """SVG from ``plots``, whose every word is escaped by the converter."""
    paper = plots.Paper(labels)
    drawn = {
        "flow": plots.flow(paper, frames["flow"], "flow"),
        "forest": plots.forest(paper, frames["followed_by_stage"], "forest"),
        "mosaic": plots.mosaic(paper, frames["heard_followed"], "mosaic"),
        "reasons": plots.reasons(paper, frames["reasons"], "reasons"),
        "gap": plots.dumbbell(paper, frames["gaps"], "gap"),
    }
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - drawn by us, words escaped


def _tidy(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The released tables, an index turned into a column; codes and numbers, the same in every language."""
    return {key: _with_group(frame) for key, frame in frames.items()}


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _known(value: object) -> bool:
    return isinstance(value, int | float) and not isnan(value)


def _chi(words: Words) -> Callable[[dict[str, Any], str], Markup]:
    """“11.96, df 3, p 0.008”, written from left to right everywhere, or a dot where it is withheld."""

    def chi(row: dict[str, Any], name: str) -> Markup:
        if not _known(row[name]):
            return Markup("·")
        p = row[f"{name}_p"]
        small = f"p < {words.decimal(0.001, 3)}" if p < 0.001 else f"p {words.decimal(p, 3)}"
        return Markup('<span dir="ltr">{}; df {:.0f}; {}</span>').format(
            words.decimal(row[name], 2), row[f"{name}_df"], small
        )

    return chi


def _said(words: Words) -> Callable[..., Markup]:
    """``_`` of the templates: a sentence, escaped, with values that are escaped unless they are marked as HTML."""

    def said(text: str, **values: object) -> Markup:
        safe = {name: escape(value) for name, value in values.items()}
        return Markup(filled(escape(words.find("", text)), escape(text), safe))  # noqa: S704 - every part is escaped

    return said


def _one_word(words: Words) -> Callable[[str], str]:
    """A code of one of our own tables in words."""
    tables = (names.WITHHELD, names.HEARD, names.KINDS, names.WEIGHTS)
    known = {code: text for table in tables for code, text in table.items()}
    return lambda code: words.gettext(known[code])


def _templates(words: Words) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "percent": words.percent, "known": _known, "decimal": words.decimal, "chi": _chi(words),
        "words": _one_word(words), "month": words.month, "listed": words.listed,
    }  # fmt: skip
    environment.globals |= {
        "_": _said(words), "bold": Markup("<b>{}</b>").format, "code": Markup("<code>{}</code>").format,
        "comma": words.listed(["", ""]),
    }  # fmt: skip
    environment.tests["known"] = _known
    return environment
