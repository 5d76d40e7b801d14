"""The sub-commands of ``python -m analysis``, each in a file of its own and loaded only when it is asked for.

``python -m analysis FOLDER -o report.html`` remains the report: a folder is no sub-command. To analyse a folder that
is called like one, write ``./convert``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

Command = Callable[[Sequence[str]], int]

# What is typed → the module, its function, and one line of help. The function takes the rest of the arguments and
# returns the exit code.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "agree": ("analysis.agree", "agree", "count agreement in any table of pairs"),
    "convert": ("analysis.out.command", "convert", "give an export to Excel, SPSS, Stata, R, archives"),
    "check": ("analysis.out.command", "check", "what speaks against giving an export away"),
}


def find(arguments: Sequence[str]) -> Command | None:
    """The sub-command somebody typed first; None when they want the report.

    Examples
    --------
    >>> find(["export-2026-11", "-o", "report.html"]) is None
    True
    """
    if not arguments or arguments[0] not in COMMANDS:
        return None
    module, function, _ = COMMANDS[arguments[0]]
    found: Command = getattr(importlib.import_module(module), function)
    return found


def summary() -> str:
    """The sub-commands as lines of help.

    Examples
    --------
    >>> "convert" in summary()
    True
    """
    return "\n".join(f"  python -m analysis {name} …  {told}" for name, (_, _, told) in COMMANDS.items())
