"""Chunks of rows become counts: codes stay small integers, and labels get their places as they are first met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .counts import Whole, cells

Codes = npt.NDArray[np.int64]

SPAN = 4096
MISSING = "a missing value"
UNLISTED = "a code that is not among the options"


class Counted(NamedTuple):
    """Counts with their labels: ``table[group, cluster, first, second]``.

    ``groups`` are tuples of the values of ``by`` (one empty tuple without it), sorted as ``clusters`` are; ``left_out``
    says how many rows were not counted, and why.
    """

    table: npt.NDArray[np.int64]
    groups: list[tuple[object, ...]]
    clusters: list[object]
    options: list[object]
    left_out: dict[str, int]


class Plan(NamedTuple):
    """What to count: ``columns`` are those of ``by``, then the cluster, then the two with options."""

    columns: list[str]
    options: list[object]


class Partial(NamedTuple):
    """Counts of some rows, with the labels of all axes but the last two: those hold the options, unlisted, missing."""

    labels: list[list[object]]
    table: npt.NDArray[np.int64]


def tally(chunks: Iterable[Any], plan: Plan) -> Partial:
    """Count chunks; labels get their places as they are first met."""
    places: list[dict[object, int]] = [{} for _ in plan.columns[:-2]]
    k = len(plan.options)
    table = np.zeros((0,) * len(places) + (k, k), dtype=np.int64)
    for chunk in chunks:
        if chunk.num_rows:
            codes = [placed(chunk.column(j), known) for j, known in enumerate(places)]
            codes += [_listed(chunk.column(j), plan.options) for j in range(len(places), len(plan.columns))]
            # Room for what is not an option only once there is some: twice as many cells are twice as slow.
            wide = [
                k if size == k and column.max() < k else k + 2
                for size, column in zip(table.shape[-2:], codes[-2:], strict=True)
            ]
            found = cells(codes, [*map(len, places), *wide])
            table = _grown(table, found.shape)
            table += found
    return Partial([list(known) for known in places], _grown(table, [*table.shape[:-2], k + 2, k + 2]))


def _grown(table: npt.NDArray[np.int64], sizes: Sequence[int]) -> npt.NDArray[np.int64]:
    if table.shape == tuple(sizes):
        return table
    return np.pad(table, [(0, size - had) for size, had in zip(sizes, table.shape, strict=True)])


def _encoded(column: Any) -> tuple[Whole, list[object]]:
    """Codes and their values; a missing value is the code after the last."""
    span = _span(column)
    if span:
        low, high = span
        codes = column.to_numpy(zero_copy_only=False)
        return (codes if low == 0 else codes.astype(np.int64) - low), list(range(low, high + 1))
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    values = column.dictionary.to_pylist()
    codes = column.indices
    if codes.null_count:
        codes = codes.cast(pa.int64()).fill_null(len(values))
    return codes.to_numpy(zero_copy_only=False), values


def _span(column: Any) -> tuple[int, int] | None:
    """Least and greatest value of a column of small whole numbers without gaps, else None."""
    if not pa.types.is_integer(column.type) or column.null_count or not len(column):
        return None
    found = pc.min_max(column)
    low, high = found["min"].as_py(), found["max"].as_py()
    return (min(low, 0), high) if low >= -SPAN and high < SPAN else None


def placed(column: Any, known: dict[object, int]) -> Whole:
    """Codes of a column of labels in the places of all chunks so far."""
    codes, values = _encoded(column)
    plain = [*map(_plain, values), *([None] * column.null_count)[:1]]
    for value in plain:
        known.setdefault(value, len(known))
    return _moved(codes, [known[value] for value in plain])


def _listed(column: Any, options: list[object]) -> Whole:
    """0 … k − 1 for the options, k for any other code, k + 1 for missing."""
    codes, values = _encoded(column)
    place: dict[object, int] = {option: number for number, option in enumerate(options)}
    place[None] = len(options) + 1
    return _moved(codes, [place.get(_plain(value), len(options)) for value in [*values, None]])


def _moved(codes: Whole, places: list[int]) -> Whole:
    """Translate codes, unless they are in place already."""
    used = int(codes.max()) + 1 if len(codes) else 0
    if places[:used] == list(range(used)):
        return codes
    return np.asarray(places, dtype=np.int32).take(codes)


def _plain(value: object) -> object:
    """The label itself; None for the ways of having no value."""
    return None if value is None or value == "" or value != value else value


def added(one: Partial, other: Partial) -> Partial:
    """Counts over the labels of both."""
    labels = [list(dict.fromkeys([*a, *b])) for a, b in zip(one.labels, other.labels, strict=True)]
    table = _grown(one.table, [*map(len, labels), *one.table.shape[-2:]]).copy()
    k = range(table.shape[-1])
    table[np.ix_(*map(_found, labels, other.labels), k, k)] += other.table
    return Partial(labels, table)


def _found(labels: list[object], wanted: list[object]) -> list[int]:
    """Where the wanted labels stand."""
    place = {label: number for number, label in enumerate(labels)}
    return [place[label] for label in wanted]


def _kept(labels: list[object], rows: Codes) -> list[object]:
    """Labels that at least one row has, sorted."""
    return sorted((x for x, n in zip(labels, rows, strict=True) if x is not None and n), key=_order)


def labelled(partial: Partial, plan: Plan) -> Counted:
    """Sorted labels, only what is complete and listed, and how much that leaves out."""
    axes, k = range(partial.table.ndim), len(plan.options)
    rows = [partial.table.sum(axis=tuple(a for a in axes if a != axis)) for axis in axes[:-2]]
    *by, clusters = map(_kept, partial.labels, rows)
    where = map(_found, partial.labels, [*by, clusters])
    groups = pd.MultiIndex.from_product(by).to_list() if by else [()]
    wide = partial.table[np.ix_(*where, range(k + 2), range(k + 2))]
    wide = wide.reshape(len(groups), len(clusters), k + 2, k + 2)
    seen = np.asarray(wide.any(axis=(1, 2, 3))) if by else np.ones(1, dtype=bool)
    table, listed = wide[seen, :, :k, :k], int(wide[:, :, : k + 1, : k + 1].sum())
    left_out = {MISSING: int(partial.table.sum()) - listed, UNLISTED: listed - int(table.sum())}
    used = [group for group, there in zip(groups, seen, strict=True) if there]
    return Counted(np.ascontiguousarray(table), used, clusters, plan.options, left_out)


def _order(value: Any) -> tuple[bool, Any]:
    return (isinstance(value, str), value)
