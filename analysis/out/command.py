"""``python -m analysis convert`` and ``check``: an export for other tools, and what speaks against it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..tables import BadExport
from ..words import ENGLISH, UnknownLanguage
from . import bundle, codebook, csv, datapackage, ddi, excel, parquet, spss, stata
from .checks import notes, problems, refuse
from .coarsen import coarsen, steps
from .dataset import Shortened
from .gather import Gathered, gather
from .privacy import LADDER, Anonymity, advice, anonymity, coarsened, demand, effects, facts, sentence
from .tools import NotInstalled

OK, WRONG, DATA, CANNOT_WRITE = 0, 64, 65, 73  # sysexits.h
FORMATS = ("csv", "excel", "parquet", "spss", "stata", "ddi", "datapackage", "bundle")

Told = list[str]


def convert(arguments: Sequence[str]) -> int:
    """Write an export for other tools; 0, 64 wrong usage, 65 wrong data, 73 cannot write."""
    given = _converting().parse_args(arguments)
    wanted = [part for part in given.to.split(",") if part]
    if strange := [part for part in wanted if part not in FORMATS]:
        return _say(f"There is no format '{strange[0]}'; there are: {', '.join(FORMATS)}.", WRONG)
    output = Path(given.output)
    if output.exists() and not given.force and (not output.is_dir() or any(output.iterdir())):
        return _say(f"{output} is there already; give --force to write into it.", CANNOT_WRITE)
    return _guarded(lambda: _convert(given, wanted, output), given.folder, output)


def check(arguments: Sequence[str]) -> int:
    """Say what speaks against giving an export away; 0 when nothing does, 65 when something does."""
    given = _checking().parse_args(arguments)
    return _guarded(lambda: _check(given), given.folder, Path())


def _convert(given: argparse.Namespace, wanted: Sequence[str], output: Path) -> int:
    taken = steps(given.coarsen)
    if taken and "bundle" in wanted:
        return _say(
            "A bundle counts from the export as it is; it cannot be made coarser. Leave out one of the two.", WRONG
        )
    gathered = gather(given.folder, given.language)
    refuse(gathered)
    if given.k:
        demand(gathered.tables, given.k, taken)
    told = [*notes(gathered), sentence(_anonymity(gathered, given.k or 5, taken))]
    gathered = coarsen(gathered, taken) if taken else gathered
    output.mkdir(parents=True, exist_ok=True, mode=0o700)
    told += [line for name in FORMATS if name in wanted for line in WRITERS[name](gathered, output, given.excel)]
    book = csv.text(codebook.frame(gathered.numbered()), given.excel)
    (output / "codebook.csv").write_text(book, encoding="utf-8", newline="\n")
    for line in told:
        _say(line, OK)
    return OK


def _check(given: argparse.Namespace) -> int:
    gathered = gather(given.folder)
    found = list(problems(gathered))
    known, taken = facts(gathered.tables), steps(given.coarsen)
    reached = anonymity(coarsened(known, taken), least=given.k)
    lines = [*map(str, found), *notes(gathered), sentence(reached)]
    if reached.k < given.k:
        lines += ["", "What each step alone would bring:"]
        lines += [_line(step) for step in effects(known, taken, given.k)]
        lines += ["", f"E808: to reach k = {given.k}, one after the other:"]
        lines += [_line(step) for step in advice(known, given.k, taken)]
    print("\n".join(lines))
    return DATA if found or reached.k < given.k else OK


def _anonymity(gathered: Gathered, least: int, taken: dict[str, str]) -> Anonymity:
    return anonymity(coarsened(facts(gathered.tables), taken), least=least)


def _line(step: tuple[str, str, Anonymity]) -> str:
    name, how, found = step
    step_typed = f"{name}={how}"
    return f"  --coarsen {step_typed:<18} k = {found.k:<4} rounds shared by too few: {found.under} of {found.rounds}"


def _csv(gathered: Gathered, output: Path, bom: bool) -> Told:
    csv.write(gathered, output / "csv", bom)
    return []


def _excel(gathered: Gathered, output: Path, _bom: bool) -> Told:
    parts = excel.write(gathered, output / "export.xlsx")
    cells = sorted({f"{part.sheet}, row {part.row}, column {part.column}" for part in parts})
    return (
        [f"export.xlsx: {len(cells)} texts are too long for a cell and stand in the sheet long_texts: {cells}"]
        if cells
        else []
    )


def _parquet(gathered: Gathered, output: Path, _bom: bool) -> Told:
    parquet.write(gathered, output / "parquet")
    return []


def _spss(gathered: Gathered, output: Path, _bom: bool) -> Told:
    return _cut(spss.write(gathered, output / "spss"))


def _stata(gathered: Gathered, output: Path, _bom: bool) -> Told:
    return _cut(stata.write(gathered, output / "stata"))


def _ddi(gathered: Gathered, output: Path, _bom: bool) -> Told:
    files = output / "csv"
    ddi.write(gathered, output / "ddi.xml", files if files.is_dir() else None)
    return []


def _package(gathered: Gathered, output: Path, bom: bool) -> Told:
    csv.write(gathered, output / "csv", bom)
    datapackage.write(gathered, output / "csv")
    return []


def _bundle(gathered: Gathered, output: Path, _bom: bool) -> Told:
    bundle.write(gathered, output / "bundle.zip")
    return ["bundle.zip holds rows about children that have not passed disclosure control; read its README first."]


WRITERS: dict[str, Callable[[Gathered, Path, bool], Told]] = {
    "csv": _csv, "excel": _excel, "parquet": _parquet, "spss": _spss, "stata": _stata, "ddi": _ddi,
    "datapackage": _package, "bundle": _bundle,
}  # fmt: skip


def _cut(found: Sequence[Shortened]) -> Told:
    """One line per label that had to be shortened: where it is, and that the codebook has it whole."""
    return [
        f"{one.file}, {one.variable}{f', code {one.code}' if one.code else ''}: the label was shortened; "
        "codebook.csv has it whole."
        for one in found
    ]


def _guarded(work: Callable[[], int], folder: str, output: Path) -> int:
    try:
        return work()
    except BadExport as error:
        return _say(f"{folder} cannot be given to other tools:\n{error}", DATA)
    except (UnknownLanguage, NotInstalled, ValueError) as error:
        return _say(str(error), DATA)
    except OSError as error:
        return _say(f"{error.filename or output} cannot be written: {error.strerror}.", CANNOT_WRITE)


def _converting() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis convert", description="Give an export to other tools.")
    _shared(parser)
    parser.add_argument("-o", "--output", default="converted", help="the folder to write into (default: converted)")
    parser.add_argument(
        "--to", default="csv,excel", metavar="FORMATS", help=f"with commas between: {', '.join(FORMATS)}"
    )
    parser.add_argument("--language", default=ENGLISH, metavar="CODE", help="of the labels of codes: en, ru, ar, …")
    parser.add_argument("--excel", action="store_true", help="CSV with a byte order mark, for opening in Excel")
    parser.add_argument(
        "--k", type=int, default=0, metavar="N", help="refuse data in which fewer than N children are alike"
    )
    parser.add_argument("--force", action="store_true", help="write into a folder that is not empty")
    return parser


def _checking() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis check", description="What speaks against giving an export away."
    )
    _shared(parser)
    parser.add_argument("--k", type=int, default=5, metavar="N", help="how many children should be alike (default: 5)")
    return parser


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="what `heard export` wrote")
    told = "; ".join(f"{name}: {', '.join([*ladder, 'dropped'])}" for name, ladder in LADDER.items())
    parser.add_argument("--coarsen", action="append", default=[], metavar="NAME=STEP", help=told)


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
