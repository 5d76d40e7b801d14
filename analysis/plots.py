"""Pictures of released numbers, as SVG text: real words in them, a title and a description, readable in grey print.

Every picture has the same numbers in a table under it. Blue is followed / the child, orange is not followed / staff;
the two also differ in lightness and shape, and every mark carries its own label, so colour alone says nothing.

In a language that runs from right to left a picture is mirrored: names stand at the right, bars grow to the left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import altair as alt
import pandas as pd
import vl_convert

from .disclosure import CLOSED, HIDDEN, SHOWN
from .labels import FOLLOWED, HEARD, KINDS, STEPS, VOICES, WITHHELD, Labels
from .participation import EVERYBODY
from .words import Words

BLUE, ORANGE, PALE_BLUE, PALE_ORANGE = "#0b5394", "#f0a030", "#9dc3e6", "#fbe0b5"
INK, GREY, LINE = "#1a1a1a", "#5a5a5a", "#d4d4d4"
FONT = "Noto Sans, Noto Sans Arabic, sans-serif"
ROW = 34
FILLS = {"best_interest": BLUE, "system": ORANGE, "other": "#8c8c8c", "none": INK}


@dataclass(frozen=True)
class Paper:
    """What a picture is drawn on: names and words of a language, and the direction it runs in."""

    labels: Labels

    @property
    def words(self) -> Words:
        """The language."""
        return self.labels.words

    @property
    def mirrored(self) -> bool:
        """Does it run from right to left?"""
        return self.words.direction == "rtl"

    def scale(self, least: float, most: float) -> alt.Scale:
        """A scale that grows with the reading."""
        return alt.Scale(domain=[least, most], reverse=self.mirrored)

    def before(self, width: float) -> tuple[Any, Literal["left", "right"]]:
        """Where the names of rows end: just before the frame."""
        return (alt.value(width + 10), "left") if self.mirrored else (alt.value(-10), "right")

    def after(self, width: float, gap: float) -> tuple[Any, Literal["left", "right"]]:
        """Where the numbers of rows begin: behind the frame."""
        return (alt.value(-gap), "right") if self.mirrored else (alt.value(width + gap), "left")

    def on(self, dx: float) -> dict[str, Any]:
        """A text that begins ``dx`` behind its point."""
        return {"align": "right", "dx": -dx} if self.mirrored else {"align": "left", "dx": dx}

    def ticks(self, said: Mapping[float, str]) -> alt.Axis:
        """An axis with these words at these values."""
        asked = "".join(f"datum.value == {value} ? {json.dumps(text)} : " for value, text in said.items())
        return alt.Axis(values=list(said), labelExpr=f"{asked}''", title=None, grid=True)


def flow(paper: Paper, frame: pd.DataFrame, name: str) -> str:
    """Bars of how many rounds reached each step; the count and the share of the first step at each bar."""
    whole, say = frame.loc[[EVERYBODY]], paper.words
    names = [paper.labels.one(STEPS, step) for step in whole.columns]
    data = pd.DataFrame({"label": names, "n": whole.to_numpy(float)[0], "row": range(len(whole.columns))})
    first = max(float(data["n"].max()), 1.0)
    data["text"] = [f"{say.decimal(n)}  ·  {say.percent(n / first)}" for n in data["n"]]
    x = alt.X("n:Q", axis=None, scale=paper.scale(0, first))
    bars = alt.Chart(data).mark_bar(orient="horizontal", size=20, color=BLUE).encode(x=x, y=_row(len(data)))
    ends = (
        alt.Chart(data).mark_text(fontSize=14, color=INK, **paper.on(7)).encode(x=x, y=_row(len(data)), text="text:N")
    )
    chart = _framed([bars, ends, _names(paper, data, 430)], 430, len(data))
    title = say.gettext("Rounds that reached each step, by stage (rounded to 5)")
    return _svg(paper, chart, name, say.gettext("Flow of participation"), f"{title}. {_said(data)}")


def forest(paper: Paper, frame: pd.DataFrame, name: str) -> str:
    """A point and its 95% interval per row, with n and coordinators written beside it."""
    data = frame.reset_index(drop=True).assign(row=lambda d: range(len(d)))
    data["label"] = [paper.labels.coded(str(stage), paper.labels.stage(str(stage))) for stage in data["group"]]
    data["text"] = [_estimate(paper, row) for row in data.to_dict("records")]
    drawn = data[data["status"] == SHOWN]
    y, size = _row(len(data)), len(data)
    axis = paper.ticks({share: paper.words.percent(share) for share in (0, 0.25, 0.5, 0.75, 1)})
    x = alt.X("estimate:Q", axis=axis, scale=paper.scale(0, 1))
    whisker = (
        alt.Chart(drawn).mark_rule(strokeWidth=3, color=BLUE).encode(x=alt.X("low:Q", axis=axis), x2="high:Q", y=y)
    )
    points = alt.Chart(drawn).mark_point(filled=True, size=130, color=BLUE, opacity=1).encode(x=x, y=y)
    chart = _framed([whisker, points, _names(paper, data, 310), _numbers(paper, data, 310)], 310, size)
    title, what = paper.words.gettext("Followed wishes (D = W) by stage"), paper.words.gettext("share (95% interval)")
    return _svg(paper, chart, name, title, f"{what}. {_said(data)}")


def mosaic(paper: Paper, table: pd.DataFrame, name: str) -> str:
    """Heard × followed as four areas whose size is their share of all wishes."""
    title, few = paper.words.gettext("Heard and followed"), paper.words.gettext("Too few wishes to show.")
    if table.isna().any(axis=None):
        return _svg(paper, _words(few), name, title, few)
    share = table / table.to_numpy().sum()
    tiles, scale = pd.DataFrame(_tiles(paper, share)), paper.scale(0, 1)
    x, y = alt.X("x:Q", axis=None, scale=scale), alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    boxes = (
        alt.Chart(tiles)
        .mark_rect(stroke="white", strokeWidth=4)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=alt.Color("fill:N", scale=None))
    )
    tall, flat = tiles[tiles["y2"] - tiles["y"] >= 0.15], tiles[tiles["y2"] - tiles["y"] < 0.15]
    flat = flat.assign(text=flat["text"] + "  " + flat["label"])
    words = [_inside(tall, "text", -9, 22, "bold", scale), _inside(tall, "label", 14, 14, "normal", scale)]
    words.append(_inside(flat[flat["y2"] - flat["y"] > 0.05], "text", 0, 14, "bold", scale))
    head = (
        alt.Chart(tiles[tiles["top"]])
        .mark_text(fontSize=14, fontWeight="bold", color=INK, dy=-14)
        .encode(x=alt.X("mid:Q", axis=None, scale=scale), y=alt.value(0), text="head:N")
    )
    chart = alt.layer(boxes, *words, head).properties(width=640, height=300)
    what = paper.words.gettext("Each area is a share of all wishes with a belief and a decision.")
    return _svg(paper, chart, name, title, f"{what} {_said(tiles)}")


def reasons(paper: Paper, frame: pd.DataFrame, name: str) -> str:
    """How often each reason was given, best-interest reasons apart from system reasons."""
    data, heads, rows = _grouped(paper, frame)
    most = max(float(data["hits"].fillna(0).max()), 1.0)
    x = alt.X("hits:Q", axis=None, scale=paper.scale(0, most))
    y = _row(rows, "row")
    bars = (
        alt.Chart(data[data["hits"].notna()])
        .mark_bar(orient="horizontal", size=18)
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None))
    )
    texts = data.assign(hits=data["hits"].fillna(0))
    ends = alt.Chart(texts).mark_text(fontSize=14, color=INK, **paper.on(7)).encode(x=x, y=y, text="text:N")
    place, align = paper.before(330)
    titles = (
        alt.Chart(heads)
        .mark_text(align=align, fontSize=14, fontWeight="bold", color=INK)
        .encode(x=place, y=y, text="label:N")
    )
    chart = alt.layer(bars, ends, titles, _names(paper, data, 330, rows)).properties(width=330, height=rows * 27)
    title = paper.words.gettext("Reasons for deciding differently from a shared wish")
    return _svg(paper, chart, name, title, _said(data))


def dumbbell(paper: Paper, frame: pd.DataFrame, name: str) -> str:
    """Child beside staff about the same events, one line per element, the gap written at the right."""
    say = paper.words
    data = frame.reset_index(drop=True).assign(row=lambda d: range(len(d)))
    data["label"] = [paper.labels.element(str(code)) or str(code) for code in data["group"]]
    data["text"] = [_gap(paper, row) for row in data.to_dict("records")]
    drawn = data[data["status"] == SHOWN]
    axis = paper.ticks({0: say.gettext("no"), 1: say.gettext("partly"), 2: say.gettext("yes")})
    y, scale = _row(len(data)), paper.scale(0, 2)
    bar = (
        alt.Chart(drawn)
        .mark_rule(strokeWidth=4, color=LINE)
        .encode(x=alt.X("child:Q", axis=axis, scale=scale), x2="staff:Q", y=y)
    )
    child = alt.Chart(drawn).mark_point(filled=True, size=170, color=BLUE, opacity=1, shape="circle")
    staff = alt.Chart(drawn).mark_point(filled=True, size=170, color=ORANGE, opacity=1, shape="square", stroke=INK)
    layers = [bar, child.encode(x=alt.X("child:Q", axis=axis, scale=scale), y=y)]
    layers += [staff.encode(x=alt.X("staff:Q", axis=axis, scale=scale), y=y)]
    layers += [_names(paper, data, 310), _numbers(paper, data, 310)]
    layers += [_above(paper, drawn.head(1), side, y, scale) for side in VOICES]
    chart = _framed(layers, 310, len(data))
    title = say.gettext("What children and staff say about the same event")
    return _svg(paper, chart, name, title, _said(data))


def _said(data: pd.DataFrame) -> str:
    """The picture in words, for those who do not see it."""
    return "; ".join(f"{label}: {text}" for label, text in zip(data["label"], data["text"], strict=True)) + "."


def _row(rows: float, field: str = "row") -> alt.Y:
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[-0.6, rows - 0.4], reverse=True))


def _names(paper: Paper, data: pd.DataFrame, width: float, rows: float | None = None) -> Any:
    """The name of each row, before the frame."""
    place, align = paper.before(width)
    mark = alt.Chart(data).mark_text(align=align, fontSize=14, color=INK)
    return mark.encode(x=place, y=_row(rows or len(data)), text="label:N")


def _numbers(paper: Paper, data: pd.DataFrame, width: float) -> Any:
    """The numbers of each row, behind the frame."""
    place, align = paper.after(width, 20)
    mark = alt.Chart(data).mark_text(align=align, fontSize=14, color=INK)
    return mark.encode(x=place, y=_row(len(data)), text="text:N")


def _above(paper: Paper, first: pd.DataFrame, side: str, y: alt.Y, scale: alt.Scale) -> Any:
    """The word "child" or "staff" over the first point, instead of a legend."""
    other = "staff" if side == "child" else "child"
    smaller = bool(len(first)) and bool(first[side].iloc[0] <= first[other].iloc[0])
    ends_here = smaller != paper.mirrored
    mark = alt.Chart(first.assign(word=paper.labels.one(VOICES, side))).mark_text(
        align="right" if ends_here else "left", dx=-2 if ends_here else 2, dy=-16, fontSize=13, fontWeight="bold",
        color=INK,
    )  # fmt: skip
    return mark.encode(x=alt.X(f"{side}:Q", scale=scale), y=y, text="word:N")


def _framed(layers: Sequence[alt.Chart], width: int, rows: int) -> Any:
    return alt.layer(*layers).properties(width=width, height=rows * ROW)


def _words(text: str) -> Any:
    return (
        alt.Chart(pd.DataFrame({"t": [text]}))
        .mark_text(fontSize=15)
        .encode(text="t:N")
        .properties(width=640, height=60)
    )


def _estimate(paper: Paper, row: dict[Any, Any]) -> str:
    """“64% (58% to 70%)  ·  12 coordinators, n 368”, or why there is no number."""
    say, hidden = paper.words, row["status"] == HIDDEN
    held = "" if hidden else say.ngettext("%(num)s coordinator", "%(num)s coordinators", int(row["clusters"]))
    size = "" if hidden else f"  ·  {say.listed([held, ''])}n\u00a0{say.decimal(row['n'])}"
    if row["status"] != SHOWN:
        return paper.labels.one(WITHHELD, row["status"]) + size
    return spread(say, say.percent(row["estimate"]), row, say.percent) + size


def _gap(paper: Paper, row: dict[Any, Any]) -> str:
    if row["status"] != SHOWN:
        return paper.labels.one(WITHHELD, row["status"])
    say = paper.words
    gap = spread(say, say.signed(row["estimate"]), row, say.signed)
    return f"{gap}  ·  n\u00a0{say.decimal(row['n'])}"


def spread(say: Words, value: str, row: Mapping[Any, Any], written: Callable[[float], str]) -> str:
    """A value and its interval, where there is one."""
    if pd.isna(row["low"]):
        return value
    ends = {"low": written(row["low"]), "high": written(row["high"])}
    return say.gettext("%(value)s (%(low)s to %(high)s)", value=value, **ends)


def _tiles(paper: Paper, share: pd.DataFrame) -> list[dict[str, Any]]:
    """Rectangles of the mosaic: columns heard and unheard, followed at the top."""
    fills = {
        ("heard", "followed"): BLUE, ("heard", "other"): ORANGE,
        ("unheard", "followed"): PALE_BLUE, ("unheard", "other"): PALE_ORANGE,
    }  # fmt: skip
    tiles, left, percent = [], 0.0, paper.words.percent
    for line, parts in zip(share.index, share.to_numpy(float), strict=True):
        width, floor, heard = float(parts.sum()), 1.0, paper.labels.one(HEARD, line)
        for column, part in zip(share.columns, parts, strict=True):
            height, followed = float(part) / width if width else 0.0, paper.labels.one(FOLLOWED, column)
            tiles.append({
                "x": left, "x2": left + width, "y": floor - height, "y2": floor, "mid": left + width / 2,
                "mid_y": floor - height / 2, "fill": fills[line, column], "text": percent(float(part)),
                "label": paper.words.listed([heard, followed]) if width > 0.3 else followed,
                "head": f"{heard} {percent(width)}", "top": column == "followed",
                "ink": "white" if fills[line, column] == BLUE else INK,
            })  # fmt: skip
            floor -= height
        left += width
    return tiles


def _inside(
    tiles: pd.DataFrame, field: str, dy: int, size: int, weight: Literal["normal", "bold"], across: alt.Scale
) -> Any:
    scale = alt.Scale(domain=[0, 1])
    return alt.Chart(tiles).mark_text(fontSize=size, fontWeight=weight, dy=dy).encode(
        x=alt.X("mid:Q", axis=None, scale=across), y=alt.Y("mid_y:Q", axis=None, scale=scale), text=f"{field}:N",
        color=alt.Color("ink:N", scale=None),
    )  # fmt: skip


def _grouped(paper: Paper, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Rows of the reasons picture: a heading, then the group's bars, longest first."""
    bars: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    row = 0.0
    for kind, fill in FILLS.items():
        part = frame[frame["kind"] == kind].sort_values(["hits", "reason"], ascending=[False, True], na_position="last")
        if not len(part):
            continue
        heads.append({"row": row, "label": paper.labels.one(KINDS, kind)})
        for entry in part.to_dict("records"):
            row += 1
            hits = entry["hits"]
            text = paper.labels.one(WITHHELD, CLOSED) if pd.isna(hits) else paper.words.decimal(hits)
            label = paper.labels.reason(str(entry["reason"]))
            bars.append({"row": row, "label": label, "hits": hits, "fill": fill, "text": text})
        row += 1.4
    return pd.DataFrame(bars), pd.DataFrame(heads), row - 0.4


@cache
def _fonts() -> None:
    """The converter draws no letters on a machine without fonts: give it ours."""
    vl_convert.register_font_directory(str(Path(__file__).parent / "fonts"))


def _svg(paper: Paper, chart: Any, name: str, title: str, description: str) -> str:
    """Draw, then make it one labelled image with ids of its own and no scripts, styles or links.

    The direction stands in the picture, so that no page around it turns it round. Where letters run from right to
    left, a text starts at its right end: the ends that the converter wrote for left to right change places.
    """
    _fonts()
    room = {"left": 12, "right": 12, "top": 5, "bottom": 5}  # a reader's machine may draw wider letters than ours
    styled = chart.configure(font=FONT, background="white", padding=room).configure_view(stroke=None)
    styled = styled.configure_axis(
        labelFontSize=13, labelColor=INK, gridColor=LINE, domainColor=GREY, tickColor=GREY, labelPadding=6
    )
    svg = str(vl_convert.vegalite_to_svg(styled.to_dict()))
    svg = re.sub(r' (?:role|aria-[a-z]+|class|pointer-events)="[^"]*"', "", svg)
    svg = re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    if paper.mirrored:
        ends = {"start": "end", "end": "start", "middle": "middle"}
        svg = re.sub(r'(?<= text-anchor=")(start|end|middle)(?=")', lambda found: ends[found[1]], svg)
    way = f'overflow="visible" direction="{paper.words.direction}"'
    head = f'<svg role="img" class="picture" {way} aria-labelledby="{name}-title {name}-desc" '
    inner = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    return re.sub(r"<svg ([^>]*)>", lambda found: f"{head}{found[1]}>{inner}", svg, count=1)
