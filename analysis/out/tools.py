"""What several writers need: optional packages with a sentence when they are missing, a fixed date, a fixed zip."""

from __future__ import annotations

import datetime as dt
import importlib
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PACKED = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can tell: the same content gives the same bytes


class NotInstalled(ValueError):
    """A package that writes one of the formats is not there; the message says how to get it."""


def needed(package: str) -> Any:
    """An optional package.

    Raises
    ------
    NotInstalled
        When it is not installed.

    Examples
    --------
    >>> needed("no_such_package")
    Traceback (most recent call last):
    analysis.out.tools.NotInstalled: The package no_such_package is not installed: pip install no_such_package
    """
    try:
        return importlib.import_module(package)
    except ImportError:
        name = package.split(".")[0]
        raise NotInstalled(f"The package {name} is not installed: pip install {name}") from None


def stamp(month: str) -> dt.date:
    """The first day of the month an export was made in; of 1980 when it does not say.

    Examples
    --------
    >>> stamp("2026-11"), stamp("?")
    (datetime.date(2026, 11, 1), datetime.date(1980, 1, 1))
    """
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)
    return dt.date(int(found[1]), int(found[2]), 1) if found and int(found[1]) >= 1980 else dt.date(1980, 1, 1)


def pack(place: Path, content: Mapping[str, bytes], first: tuple[str, ...] = ()) -> Path:
    """Write a zip whose bytes depend on its content alone: sorted names, one fixed time, one kind of rights."""
    names = [*first, *sorted(set(content) - set(first))]
    with zipfile.ZipFile(place, "w") as packed:
        for name in names:
            entry = zipfile.ZipInfo(name, PACKED)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            packed.writestr(entry, content[name])
    return place
