"""Pictures of released numbers, as SVG text: real words in them, a title and a description, readable in grey print.

Every picture has the same numbers in a table under it. Blue is followed / the child, orange is not followed / staff;
the two also differ in lightness and shape, and every mark carries its own label, so colour alone says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import altair as alt
import pandas as pd
import vl_convert

from .disclosure import CLOSED, FEW, HIDDEN, MOST, SHOWN, Released

BLUE, ORANGE, PALE_BLUE, PALE_ORANGE = "#0b5394", "#f0a030", "#9dc3e6", "#fbe0b5"
INK, GREY, LINE = "#1a1a1a", "#5a5a5a", "#d4d4d4"
FONT = "Noto Sans, sans-serif"
ROW = 34
WORDS = {FEW: "almost none", MOST: "almost all", CLOSED: "not shown", HIDDEN: "too few to show"}
KINDS = (
    ("best_interest", "The child's best interests", BLUE),
    ("system", "What the system lacks", ORANGE),
    ("other", "Other", "#8c8c8c"),
    ("none", "No reason at all", INK),
)


def percent(value: float) -> str:
    """A share as whole per cent, with a thin space: 0.637 → "64 %"."""
    return f"{value:.0%}".replace("%", "\u202f%")


def flow(released: Released, name: str) -> str:
    """Bars of how many rounds reached each step; the count and the share of the first step at each bar."""
    whole = released.frame.loc[["all"]]
    data = pd.DataFrame({"label": whole.columns, "n": whole.to_numpy(float)[0], "row": range(len(whole.columns))})
    first = max(float(data["n"].max()), 1.0)
    data["text"] = [f"{n:.0f}  ·  {percent(n / first)}" for n in data["n"]]
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, first]))
    bars = alt.Chart(data).mark_bar(orient="horizontal", size=20, color=BLUE).encode(x=x, y=_row(len(data)))
    ends = (
        alt.Chart(data)
        .mark_text(align="left", dx=7, fontSize=14, color=INK)
        .encode(x=x, y=_row(len(data)), text="text:N")
    )
    chart = _framed([bars, ends, _left(data)], 430, len(data))
    said = "; ".join(f"{row.label}: about {row.n:.0f}" for row in data.itertuples())
    return _svg(chart, name, "Flow of participation", f"Rounds that reached each step, rounded to 5: {said}.")


def forest(released: Released, name: str, labels: dict[str, str], title: str) -> str:
    """A point and its 95 % interval per row, with n and coordinators written beside it."""
    data = released.frame.reset_index(drop=True).assign(row=lambda d: range(len(d)))
    data["label"] = [labels.get(str(group), str(group)) for group in data["group"]]
    data["text"] = [_estimate(row) for row in data.to_dict("records")]
    drawn = data[data["status"] == SHOWN]
    y, size = _row(len(data)), len(data)
    axis = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], title=None, grid=True)
    x = alt.X("estimate:Q", axis=axis, scale=alt.Scale(domain=[0, 1]))
    whisker = (
        alt.Chart(drawn).mark_rule(strokeWidth=3, color=BLUE).encode(x=alt.X("low:Q", axis=axis), x2="high:Q", y=y)
    )
    points = alt.Chart(drawn).mark_point(filled=True, size=130, color=BLUE, opacity=1).encode(x=x, y=y)
    chart = _framed([whisker, points, _left(data), _right(data, 330)], 310, size)
    said = "; ".join(f"{row.label}: {row.text}" for row in data.itertuples())
    return _svg(chart, name, title, f"Share with its 95 per cent interval. {said}.")


def mosaic(released: Released, name: str) -> str:
    """Heard × followed as four areas whose size is their share of all wishes."""
    table = released.frame
    title = "Heard and followed"
    if table.isna().any(axis=None):
        return _svg(_words("Too few wishes to show."), name, title, "Too few wishes to show.")
    share = table / table.to_numpy().sum()
    tiles = pd.DataFrame(_tiles(share))
    scale = alt.Scale(domain=[0, 1])
    x, y = alt.X("x:Q", axis=None, scale=scale), alt.Y("y:Q", axis=None, scale=scale)
    boxes = (
        alt.Chart(tiles)
        .mark_rect(stroke="white", strokeWidth=4)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=alt.Color("fill:N", scale=None))
    )
    tall, flat = tiles[tiles["y2"] - tiles["y"] >= 0.15], tiles[tiles["y2"] - tiles["y"] < 0.15]
    flat = flat.assign(text=flat["text"] + "  " + flat["label"])
    words = [_inside(tall, "text", -9, 22, "bold"), _inside(tall, "label", 14, 14, "normal")]
    words.append(_inside(flat[flat["y2"] - flat["y"] > 0.05], "text", 0, 14, "bold"))
    head = (
        alt.Chart(tiles[tiles["top"]])
        .mark_text(fontSize=14, fontWeight="bold", color=INK, dy=-14)
        .encode(x=alt.X("mid:Q", axis=None, scale=scale), y=alt.value(0), text="head:N")
    )
    chart = alt.layer(boxes, *words, head).properties(width=640, height=300)
    said = "; ".join(f"{tile['label']}: {tile['text']}" for tile in _tiles(share))
    return _svg(chart, name, title, f"Each area is a share of all wishes with a belief and a decision. {said}.")


def reasons(released: Released, name: str) -> str:
    """How often each reason was given, best-interest reasons apart from system reasons."""
    data, heads, rows = _grouped(released.frame)
    most = max(float(data["hits"].max()), 1.0)
    x = alt.X("hits:Q", axis=None, scale=alt.Scale(domain=[0, most]))
    y = _row(rows, "row")
    bars = (
        alt.Chart(data[data["hits"].notna()])
        .mark_bar(orient="horizontal", size=18)
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None))
    )
    texts = data.assign(hits=data["hits"].fillna(0))
    ends = alt.Chart(texts).mark_text(align="left", dx=7, fontSize=14, color=INK).encode(x=x, y=y, text="text:N")
    titles = (
        alt.Chart(heads)
        .mark_text(align="right", fontSize=14, fontWeight="bold", color=INK)
        .encode(x=alt.value(-10), y=y, text="label:N")
    )
    chart = alt.layer(bars, ends, titles, _left(data, rows)).properties(width=330, height=rows * 27)
    said = "; ".join(f"{row.label}: {row.text}" for row in data.itertuples())
    return _svg(chart, name, "Reasons given when a wish was not followed", f"{said}.")


def dumbbell(released: Released, name: str, labels: dict[str, str]) -> str:
    """Child beside staff about the same events, one line per element, the gap written at the right."""
    data = released.frame.reset_index(drop=True).assign(row=lambda d: range(len(d)))
    data["label"] = [labels.get(str(group), str(group)) for group in data["group"]]
    data["text"] = [_gap(row) for row in data.to_dict("records")]
    drawn = data[data["status"] == SHOWN]
    words = "datum.value == 0 ? 'no' : datum.value == 1 ? 'partly' : 'yes'"
    axis = alt.Axis(values=[0, 1, 2], labelExpr=words, title=None, grid=True)
    y, scale = _row(len(data)), alt.Scale(domain=[0, 2])
    bar = (
        alt.Chart(drawn)
        .mark_rule(strokeWidth=4, color=LINE)
        .encode(x=alt.X("child:Q", axis=axis, scale=scale), x2="staff:Q", y=y)
    )
    child = alt.Chart(drawn).mark_point(filled=True, size=170, color=BLUE, opacity=1, shape="circle")
    staff = alt.Chart(drawn).mark_point(filled=True, size=170, color=ORANGE, opacity=1, shape="square", stroke=INK)
    layers = [bar, child.encode(x=alt.X("child:Q", axis=axis, scale=scale), y=y)]
    layers += [staff.encode(x=alt.X("staff:Q", axis=axis, scale=scale), y=y), _left(data), _right(data, 330)]
    layers += [_above(drawn.head(1), side, y, scale) for side in ("child", "staff")]
    chart = _framed(layers, 310, len(data))
    said = "; ".join(f"{row.label}: {row.text}" for row in data.itertuples())
    return _svg(chart, name, "What children and staff say about the same event", f"0 no, 1 partly, 2 yes. {said}.")


def _row(rows: float, field: str = "row") -> alt.Y:
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[-0.6, rows - 0.4], reverse=True))


def _left(data: pd.DataFrame, rows: float | None = None) -> Any:
    """The label of each row, to the left of the frame."""
    return (
        alt.Chart(data)
        .mark_text(align="right", fontSize=14, color=INK)
        .encode(x=alt.value(-10), y=_row(rows or len(data)), text="label:N")
    )


def _right(data: pd.DataFrame, x: float) -> Any:
    """The numbers of each row, to the right of the frame."""
    return (
        alt.Chart(data)
        .mark_text(align="left", fontSize=14, color=INK)
        .encode(x=alt.value(x), y=_row(len(data)), text="text:N")
    )


def _above(first: pd.DataFrame, side: str, y: alt.Y, scale: alt.Scale) -> Any:
    """The word "child" or "staff" over the first point, instead of a legend."""
    other = "staff" if side == "child" else "child"
    before = bool(len(first)) and bool(first[side].iloc[0] <= first[other].iloc[0])
    mark = alt.Chart(first.assign(word=side)).mark_text(
        align="right" if before else "left", dx=-2 if before else 2, dy=-16, fontSize=13, fontWeight="bold", color=INK
    )
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


def _estimate(row: dict[Any, Any]) -> str:
    """“64 % (58–70)  n 368, 12 coordinators”, or why there is no number."""
    size = "" if row["status"] == HIDDEN else f"  ·  n\u00a0{row['n']:.0f}, {row['clusters']:.0f} coordinators"
    if row["status"] != SHOWN:
        return WORDS[row["status"]] + size
    interval = "" if pd.isna(row["low"]) else f" ({row['low'] * 100:.0f}–{row['high'] * 100:.0f})"
    return percent(row["estimate"]) + interval + size


def _gap(row: dict[Any, Any]) -> str:
    if row["status"] != SHOWN:
        return WORDS[row["status"]]
    interval = "" if pd.isna(row["low"]) else f" ({_signed(row['low'])} to {_signed(row['high'])})"
    return f"gap {_signed(row['estimate'])}{interval}  ·  n\u00a0{row['n']:.0f}"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _tiles(share: pd.DataFrame) -> list[dict[str, Any]]:
    """Rectangles of the mosaic: columns heard and unheard, followed at the top."""
    fills = {
        ("heard", "followed"): BLUE, ("heard", "other"): ORANGE,
        ("unheard", "followed"): PALE_BLUE, ("unheard", "other"): PALE_ORANGE,
    }  # fmt: skip
    tiles, left = [], 0.0
    for line, parts in zip(share.index, share.to_numpy(float), strict=True):
        width, floor = float(parts.sum()), 1.0
        for column, what, part in zip(share.columns, ("followed", "not followed"), parts, strict=True):
            height = float(part) / width if width else 0.0
            tiles.append({
                "x": left, "x2": left + width, "y": floor - height, "y2": floor, "mid": left + width / 2,
                "mid_y": floor - height / 2, "fill": fills[line, column], "text": percent(float(part)),
                "label": f"{line}, {what}" if width > 0.25 else what,
                "head": f"{line} {percent(width)}", "top": column == "followed",
                "ink": "white" if fills[line, column] == BLUE else INK,
            })  # fmt: skip
            floor -= height
        left += width
    return tiles


def _inside(tiles: pd.DataFrame, field: str, dy: int, size: int, weight: Literal["normal", "bold"]) -> Any:
    scale = alt.Scale(domain=[0, 1])
    return alt.Chart(tiles).mark_text(fontSize=size, fontWeight=weight, dy=dy).encode(
        x=alt.X("mid:Q", axis=None, scale=scale), y=alt.Y("mid_y:Q", axis=None, scale=scale), text=f"{field}:N",
        color=alt.Color("ink:N", scale=None),
    )  # fmt: skip


def _grouped(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Rows of the reasons picture: a heading, then the group's bars, longest first."""
    bars: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    row = 0.0
    for kind, head, fill in KINDS:
        part = frame[frame["kind"] == kind].sort_values(["hits", "reason"], ascending=[False, True], na_position="last")
        if not len(part):
            continue
        heads.append({"row": row, "label": head})
        for entry in part.to_dict("records"):
            row += 1
            hits = entry["hits"]
            text = WORDS[CLOSED] if pd.isna(hits) else f"{hits:.0f}"
            bars.append({"row": row, "label": entry["label"], "hits": hits, "fill": fill, "text": text})
        row += 1.4
    return pd.DataFrame(bars), pd.DataFrame(heads), row - 0.4


@cache
def _fonts() -> None:
    """The converter draws no letters on a machine without fonts: give it ours."""
    vl_convert.register_font_directory(str(Path(__file__).parent / "fonts"))


def _svg(chart: Any, name: str, title: str, description: str) -> str:
    """Draw, then make it one labelled image with ids of its own and no scripts, styles or links."""
    _fonts()
    styled = chart.configure(font=FONT, background="white").configure_view(stroke=None)
    styled = styled.configure_axis(
        labelFontSize=13, labelColor=INK, gridColor=LINE, domainColor=GREY, tickColor=GREY, labelPadding=6
    )
    svg = str(vl_convert.vegalite_to_svg(styled.to_dict()))
    svg = re.sub(r' (?:role|aria-[a-z]+|class|pointer-events)="[^"]*"', "", svg)
    svg = re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    head = f'<svg role="img" class="picture" aria-labelledby="{name}-title {name}-desc" '
    inner = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    return re.sub(r"<svg ([^>]*)>", lambda found: f"{head}{found[1]}>{inner}", svg, count=1)
