"""From rows to counts, however many rows: pandas in chunks, DuckDB in one statement, or Dask on several machines.

All three give the same whole numbers, so everything after the counting is one and the same code (``many``). Codes stay
small integers from the file to the count; no text is looked at row by row.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow import fs

from .chunks import Counted, Partial, Plan, added, labelled, placed, tally

Source = pd.DataFrame | str | Path

CHUNK, PATIENCE = 1 << 20, 10  # rows; seconds
KINDS: dict[str, tuple[Callable[[Any], bool], tuple[type, ...]]] = {
    "yes or no": (pa.types.is_boolean, (bool,)),
    "numbers": (lambda kind: pa.types.is_integer(kind) or pa.types.is_floating(kind), (int, float)),
    "text": (lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind), (str,)),
}


class EngineMissing(ImportError):
    """An engine that is not installed, or a scheduler that does not answer."""


def count(
    source: Source,
    first: str,
    second: str,
    options: Sequence[object],
    cluster: str,
    by: str | Sequence[str] = (),
    engine: str = "pandas",
    scheduler: str | None = None,
) -> Counted:
    """Cross two columns of options, per group and cluster, over any number of rows.

    Parameters
    ----------
    source : DataFrame, or path of a Parquet file or of a folder of Parquet files
        One row per pair. Columns of small integers or categories are fastest.
    first, second : str
        Columns of option codes: rows and columns of each table.
    options : sequence
        The **full** list in its order, of the columns' type (text, numbers, or yes and no).
    cluster : str
        Column of what is left out or resampled as a whole: the coordinator.
    by : str or sequence of str
        Columns whose values make the groups; none for one group.
    engine : {"pandas", "duckdb", "dask"}
        ``pandas`` reads chunk by chunk in this process; ``duckdb`` uses all cores of this machine; ``dask`` counts
        parts of a Parquet source on a cluster, whose workers must see the same path.
    scheduler : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``; without it Dask uses threads of this process.

    Returns
    -------
    Counted
        Rows with a missing value (null, NaN or empty text) in any column, or with a code that is not an option, are in
        no table; ``left_out`` counts them. Clusters and groups all of whose rows were left out stay, with zeros.

    Raises
    ------
    ValueError
        For an unknown engine or column, a source that is not Parquet, or options of another type than the column.
    EngineMissing
        When DuckDB or Dask is not installed, or no scheduler answers.

    Notes
    -----
    Validated against: ``counts.squares``, and the three engines against each other (property test; Dask with two
    processes).

    Examples
    --------
    >>> d = pd.DataFrame({"W": ["a", "b", "b", "?"], "D": ["a", "a", "b", "a"], "who": ["x", "x", "y", "y"]})
    >>> found = count(d, "W", "D", ["a", "b"], "who")
    >>> found.table.tolist(), found.clusters
    ([[[[1, 0], [1, 0]], [[0, 0], [0, 1]]]], ['x', 'y'])
    >>> found.left_out
    {'a missing value': 0, 'a code that is not among the options': 1}
    """
    engines = {"pandas": _pandas, "duckdb": _duckdb, "dask": _dask}
    if engine not in engines:
        raise ValueError(f"engine must be one of {', '.join(engines)}, got {engine!r}.")
    if scheduler and engine != "dask":
        raise ValueError("a scheduler needs the engine dask: give engine='dask', or no scheduler.")
    groups = [by] if isinstance(by, str) else list(by)
    plain = [option.item() if isinstance(option, np.generic) else option for option in options]
    plan = Plan([*groups, cluster, first, second], plain)
    data = _opened(source, plan.columns)
    _check(data.schema, plan)
    try:
        return labelled(engines[engine](data, plan, scheduler), plan)
    except (OSError, pa.ArrowInvalid) as error:
        raise ValueError(f"the source cannot be read to its end: {error}") from error


def kind_of(source: Source, column: str) -> str:
    """Whether a column holds "text", "numbers", or "yes or no"; "something else" for dates and the like.

    Examples
    --------
    >>> kind_of(pd.DataFrame({"W": [1, 2]}), "W")
    'numbers'
    """
    return _kind(_opened(source, [column]).schema.field(column).type)


def _opened(source: Source, columns: Sequence[str]) -> Any:
    """A pyarrow table or dataset of the source; text columns of files arrive as codes with a dictionary."""
    if isinstance(source, pd.DataFrame):
        _has(list(map(str, source.columns)), columns)
        try:
            return pa.Table.from_pandas(source[list(dict.fromkeys(columns))], preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise ValueError(f"a column holds values of several types ({error}): make each one type first.") from error
    try:
        data = ds.dataset(source, format="parquet", exclude_invalid_files=False)
    except (OSError, pa.ArrowInvalid) as error:
        raise ValueError(f"{source} is not a Parquet file, nor a folder of such files that can be read.") from error
    if not data.files:
        raise ValueError(f"{source} holds no Parquet files.")
    _has(data.schema.names, columns)
    text = [name for name in set(columns) if _kind(data.schema.field(name).type) == "text"]
    return ds.dataset(data.files, format=ds.ParquetFileFormat(dictionary_columns=text))


def _has(names: Sequence[str], columns: Sequence[str]) -> None:
    for name in columns:
        if name not in names:
            raise ValueError(f"there is no column {name!r}; there are: {', '.join(names)}.")


def _kind(kind: Any) -> str:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return next((name for name, (fits, _) in KINDS.items() if fits(value)), "something else")


def _check(schema: Any, plan: Plan) -> None:
    """Options are two or more, different, and of the type of both columns."""
    if len(set(plan.options)) != len(plan.options) or len(plan.options) < 2:
        raise ValueError(f"options must be the full list of at least two different codes, got {plan.options}.")
    if len(set(plan.columns)) != len(plan.columns):
        raise ValueError(f"each column may be named once, got {', '.join(plan.columns)}.")
    for column in plan.columns[-2:]:
        kind = _kind(schema.field(column).type)
        types = KINDS[kind][1] if kind in KINDS else ()
        if not all(type(option) in types for option in plan.options):
            raise ValueError(f"column {column!r} holds {kind}, the options {plan.options} do not: give the same type.")


def _pandas(data: Any, plan: Plan, _: str | None = None) -> Partial:
    """Chunk after chunk in this process."""
    return tally(_chunks(data, plan.columns), plan)


def _chunks(data: Any, columns: list[str]) -> Iterator[Any]:
    if isinstance(data, pa.Table):
        return iter(data.select(columns).to_batches(max_chunksize=CHUNK))
    return iter(data.to_batches(columns=columns, batch_size=CHUNK))


def _duckdb(data: Any, plan: Plan, _: str | None = None) -> Partial:
    """One SQL statement; names are quoted, values and paths are parameters."""
    duckdb = _engine("duckdb")
    *labels, first, second = map(_quoted, plan.columns)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET enable_progress_bar = false")
        given: dict[str, object] = {"options": plan.options}
        if isinstance(data, pa.Table):
            connection.register("pairs", data)
            rows = "pairs"
        else:
            given["files"] = [glob.escape(name) for name in data.files]
            # Without can_have_nan DuckDB trusts the file's least and greatest value, and NaN is in neither (#25521).
            rows = "read_parquet($files, union_by_name = true, hive_partitioning = false, can_have_nan = true)"
        places = ", ".join(_place(name, plan) for name in (first, second))
        # Only quoted column names are put together here; codes are looked up once per combination, not per row.
        raw = f'SELECT {", ".join([*labels, first, second])}, count(*) AS "# rows" FROM {rows} GROUP BY ALL'  # noqa: S608
        statement = f'SELECT {", ".join(labels)}, {places}, sum("# rows")::BIGINT FROM ({raw}) GROUP BY ALL'  # noqa: S608
        return _from_long(connection.sql(statement, params=given).to_arrow_table(), plan)


def _place(column: str, plan: Plan) -> str:
    """The place of a code in the list as SQL, as ``_listed`` counts places."""
    text = isinstance(plan.options[0], str)
    plain = f"nullif({column}::VARCHAR, '')" if text else column
    number = not text and not isinstance(plan.options[0], bool)
    missing = f"({plain} IS NULL{f' OR isnan({plain}::DOUBLE)' if number else ''})"
    k = len(plan.options)
    return f"CASE WHEN {missing} THEN {k + 1} ELSE coalesce(list_position($options, {plain}), {k + 1}) - 1 END"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _from_long(long: Any, plan: Plan) -> Partial:
    """Dense counts from one row per combination."""
    places: list[dict[object, int]] = [{} for _ in plan.columns[:-2]]
    *labels, first, second, n = (column.combine_chunks() for column in long.columns)
    codes = [placed(column, known) for column, known in zip(labels, places, strict=True)]
    codes += [first.to_numpy(zero_copy_only=False), second.to_numpy(zero_copy_only=False)]
    k = len(plan.options)
    sizes = [*map(len, places), k + 2, k + 2]
    cell = np.ravel_multi_index(tuple(np.asarray(column, dtype=np.int64) for column in codes), sizes)
    table = np.bincount(cell, weights=n.to_numpy(), minlength=int(np.prod(sizes))).astype(np.int64)
    return Partial([list(known) for known in places], table.reshape(sizes))


def _dask(data: Any, plan: Plan, scheduler: str | None = None) -> Partial:
    """Count every part where a worker is free, then add up two by two."""
    if scheduler and isinstance(data, pa.Table):
        raise ValueError("Dask workers read files themselves: write the rows to Parquet and give its path.")
    dask = _engine("dask")
    parts = [dask.delayed(_part)(piece, plan) for piece in _pieces(data, plan.columns)]
    while len(parts) > 1:
        parts = [dask.delayed(_sum)(parts[i : i + 8]) for i in range(0, len(parts), 8)]
    if not scheduler:
        return parts[0].compute(scheduler="threads")  # type: ignore[no-any-return]
    try:
        client = _engine("distributed").Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise EngineMissing(f"no Dask scheduler answers at {scheduler}: start one with `dask scheduler`.") from error
    with client:
        return client.compute(parts[0]).result()  # type: ignore[no-any-return]


def _pieces(data: Any, columns: list[str]) -> list[Any]:
    """Slices of a table, or a file, one row group of it, and how to read it."""
    if isinstance(data, pa.Table):
        return [data.select(columns).slice(i, CHUNK) for i in range(0, max(len(data), 1), CHUNK)]
    return [
        (str(Path(fragment.path).absolute()), [group.id], data.format, data.schema)
        for fragment in data.get_fragments()
        for group in fragment.row_groups
    ] or [data.schema.empty_table().select(columns)]


def _part(piece: Any, plan: Plan) -> Partial:
    """Count one piece, on whatever machine this runs."""
    if isinstance(piece, pa.Table):
        return tally(piece.to_batches(), plan)
    path, groups, kind, schema = piece
    fragment = kind.make_fragment(path, fs.LocalFileSystem(), row_groups=groups)
    return tally(fragment.to_batches(schema=schema, columns=plan.columns, batch_size=CHUNK), plan)


def _sum(parts: list[Partial]) -> Partial:
    return reduce(added, parts)


def _engine(name: str) -> Any:
    """An optional package, or a sentence that says how to get it."""
    try:
        return import_module(name)
    except ImportError as error:
        raise EngineMissing(f"the engine {name} is not installed: pip install 'heard[scale]'.") from error
