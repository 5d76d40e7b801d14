"""``python -m analysis FOLDER -o report.html``: the report of an exported folder, from the command line.

The other things one can ask for stand in ``commands``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import commands, report
from .tables import BadExport
from .words import ENGLISH, UnknownLanguage

OK, DATA, CANNOT_WRITE = 0, 65, 73  # sysexits.h; argparse itself ends with 2 on wrong usage


def run(arguments: Sequence[str] | None = None) -> int:
    """Build the report, or run a sub-command.

    Returns 0, 65 when the data are wrong, 73 when a file cannot be written.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if command := commands.find(words):
        return command(words[1:])
    given = _parser().parse_args(words)
    output = Path(given.output)
    if output.exists() and not given.force:
        return _say(f"{output} is there already; give --force to replace it.", CANNOT_WRITE)
    try:
        found = report.build(given.folder, language=given.language)
        report.replace_file(output, found.html)
        if given.tables:
            report.write_tables(found, given.tables)
    except UnknownLanguage as error:
        return _say(str(error), DATA)
    except BadExport as error:
        return _say(f"{given.folder} cannot be analysed:\n{error}", DATA)
    except OSError as error:
        return _say(f"{error.filename or output} cannot be written: {error.strerror}.", CANNOT_WRITE)
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis", description="Make the report of an exported folder.",
        epilog=f"Also:\n{commands.summary()}", formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("folder", help="what `heard export` wrote")
    parser.add_argument("-o", "--output", default="report.html", help="the file to write (default: report.html)")
    parser.add_argument("--language", default=ENGLISH, metavar="CODE", help="its language, such as en, ru or ar")
    parser.add_argument("--tables", metavar="FOLDER", help="also write the report's tables there, as CSV")
    parser.add_argument("--force", action="store_true", help="replace the output when it is there")
    return parser


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(run())
