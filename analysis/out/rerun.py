"""Count the numbers of this bundle again and compare them with those it came with: ``python run.py``.

Needs Python with the packages README.txt lists; everything else is in the folder ``code``.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from pathlib import Path
from typing import Any

CLOSE = 1e-9  # other processors and other versions of numpy differ in the last digits


def main(place: Path) -> int:
    """Check the files, count again, compare; 0 when all is the same, 1 when not."""
    if changed := _changed(place):
        print(f"Changed since the bundle was made: {', '.join(changed)}.")
        return 1
    expected = json.loads((place / "numbers.json").read_text(encoding="utf-8"))
    differ, count = compare(expected, _count(place))
    for line in differ[:20]:
        print(line)
    print(f"{count} numbers and words counted again: {'the same' if not differ else f'{len(differ)} differ'}.")
    return 1 if differ else 0


def numbers(folder: Path) -> dict[str, Any]:
    """The released numbers of an export as plain data. They have passed disclosure control; the rows have not."""
    from analysis import results, tables

    kept = results.compute(tables.read(folder)).freeze()
    kept.pop("software")  # what counted them, not what was counted
    plain: dict[str, Any] = json.loads(json.dumps(kept, default=str))
    return plain


def compare(expected: Any, found: Any, place: str = "") -> tuple[list[str], int]:
    """Every place where two results differ, and how many values were compared.

    Examples
    --------
    >>> compare({"a": [1, float("nan")]}, {"a": [1.0, float("nan")]})
    ([], 2)
    >>> compare({"a": 1}, {"a": 2})
    (['/a: was 1, is now 2'], 1)
    """
    pairs = _pairs(expected, found)
    if pairs is None:
        same = _same(expected, found)
        return ([] if same else [f"{place}: was {expected!r}, is now {found!r}"]), 1
    checked = [compare(one, other, f"{place}/{key}") for key, one, other in pairs]
    return [line for lines, _ in checked for line in lines], sum(count for _, count in checked)


def _pairs(expected: Any, found: Any) -> list[tuple[Any, Any, Any]] | None:
    """What stands at the same places of two mappings or two lists; None when they are values."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = sorted({*expected, *found})
        return [(key, expected.get(key, "absent"), found.get(key, "absent")) for key in keys]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [(i, one, other) for i, (one, other) in enumerate(zip(expected, found, strict=True))]
    return None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
    return bool(one == other)


def _count(place: Path) -> dict[str, Any]:
    sys.path.insert(0, str(place / "code"))
    return numbers(place / "data")


def _changed(place: Path) -> list[str]:
    lines = (place / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    told = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    return [name for name, digest in told.items() if _digest(place / name) != digest]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "absent"


if __name__ == "__main__":
    raise SystemExit(main(Path(__file__).resolve().parent))
