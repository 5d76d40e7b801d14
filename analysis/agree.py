"""``python -m analysis agree DATA …``: every coefficient of agreement of any table of pairs, as CSV."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from . import engines, many, report

OK, DATA, UNAVAILABLE, CANNOT_WRITE = 0, 65, 69, 73  # sysexits.h; argparse itself ends with 2 on wrong usage


def agree(arguments: Sequence[str]) -> int:
    """Count, compute, and print or write the table.

    Returns 0, 65 when the data are wrong, 69 when an engine is missing, 73 when a file cannot be written.
    """
    given = _parser().parse_args(arguments)
    output = Path(given.output) if given.output else None
    if output and output.exists() and not given.force:
        return _say(f"{output} is there already; give --force to replace it.", CANNOT_WRITE)
    try:
        source, by = _source(given.data), _listed(given.by)
        options = _options(source, given.first, _listed(given.options))
        found = engines.count(
            source, given.first, given.second, options, given.cluster, by, given.engine, given.scheduler
        )
        groups = [" × ".join(map(str, group)) or "all" for group in found.groups]
        table = many.coefficients(found.table, groups, given.weights, resamples=given.resamples, seed=given.seed)
    except engines.EngineMissing as error:
        return _say(str(error), UNAVAILABLE)
    except ValueError as error:
        return _say(f"{given.data} cannot be counted: {error}", DATA)
    return _hand_over(table, found.left_out, output)


def _hand_over(table: pd.DataFrame, left_out: dict[str, int], output: Path | None) -> int:
    text = table.to_csv(index=False)
    try:
        if output:
            report.replace_file(output, text)
        else:
            print(text, end="")
    except OSError as error:
        return _say(f"{output} cannot be written: {error.strerror}.", CANNOT_WRITE)
    for why, rows in left_out.items():
        _say(f"{rows} rows left out: {why}.", OK)
    return _say("Small numbers are still in this table: it is not safe to publish.", OK)


def _source(data: str) -> engines.Source:
    """A path of Parquet, or the rows of a CSV file as text."""
    if not data.lower().endswith(".csv"):
        return data
    try:
        return pd.read_csv(data, dtype=str, keep_default_na=False)
    except (OSError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(f"the CSV file cannot be read ({error}).") from error


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def _options(source: engines.Source, column: str, words: list[str]) -> list[object]:
    """The options in the type of the column."""
    if engines.kind_of(source, column) != "numbers":
        return list(words)
    return [int(number) if number.is_integer() else number for number in map(float, words)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis agree",
        description="All coefficients of agreement of two columns, with jackknife and bootstrap over clusters, as CSV.",
    )
    parser.add_argument("data", help="a Parquet file, a folder of Parquet files, or a CSV file: one row per pair")
    parser.add_argument("--first", required=True, metavar="COLUMN", help="the first rater's codes, such as W")
    parser.add_argument("--second", required=True, metavar="COLUMN", help="the second rater's codes, such as D")
    parser.add_argument("--options", required=True, metavar="A,B,C", help="the full list of codes, in order")
    parser.add_argument("--cluster", required=True, metavar="COLUMN", help="what is left out as a whole: coordinator")
    parser.add_argument("--by", default="", metavar="COLUMN,COLUMN", help="one group for each value of these columns")
    parser.add_argument("--weights", default="unweighted", choices=["unweighted", "linear", "quadratic"])
    parser.add_argument("--resamples", type=int, default=many.RESAMPLES, help="bootstrap resamples; 0 for none")
    parser.add_argument("--seed", type=int, default=many.SEED)
    parser.add_argument("--engine", default="pandas", choices=["pandas", "duckdb", "dask"])
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, such as tcp://10.0.0.5:8786")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")
    parser.add_argument("--force", action="store_true", help="replace the output when it is there")
    return parser


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
