"""One zip that counts the same numbers again anywhere: data, codebook, code, versions, checksums, and ``run.py``.

The same export gives the same bytes on every day and every machine with the same versions.
"""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .. import __file__ as package
from . import codebook, csv, rerun
from .checks import notes
from .gather import Gathered
from .privacy import anonymity, facts, sentence
from .tools import pack

USED = ("numpy", "pandas", "scipy", "pyarrow", "babel", "altair", "vl-convert-python")  # results name the last two
README = """Heard: the data and the numbers of {organisation}, {month}
{real}
Count the numbers again:

    python -m pip install {pins}
    python run.py

It checks SHA256SUMS, counts, compares with numbers.json and says “the same”, or every place that differs.

data/          the export as it was written; the columns are explained in codebook.csv. Read every column as text:
               pandas.read_csv(file, dtype=str, keep_default_na=False), or in R
               read.csv(file, colClasses = "character", na.strings = "")
codebook.csv   every variable and every code at full length; 91 to 95 are the missing codes in SPSS, .a to .e in Stata
numbers.json   the released numbers, after disclosure control
code/          the code that counted them
versions.json  what counted them

Before this goes to anybody else: the rows in data/ have NOT passed disclosure control, only numbers.json has.
{privacy}
{notes}"""


def write(gathered: Gathered, place: Path) -> Path:
    """Write the bundle.

    Parameters
    ----------
    gathered : Gathered
    place : path
        The zip to write.

    Returns
    -------
    path
    """
    content = _data(gathered) | _code()
    content["codebook.csv"] = csv.text(codebook.frame(gathered.numbered())).encode()
    content["numbers.json"] = _json(rerun.numbers(gathered.folder))
    content["versions.json"] = _json(versions(gathered))
    content["run.py"] = Path(rerun.__file__).read_bytes()
    content["README.txt"] = _readme(gathered).encode()
    content["SHA256SUMS"] = "".join(f"{_digest(content[name])}  {name}\n" for name in sorted(content)).encode()
    return pack(place, content)


def versions(gathered: Gathered) -> dict[str, str]:
    """What counted the numbers: Heard, Python and the packages."""
    return {
        "heard": str(gathered.about.get("heard", "")),
        "python": platform.python_version(),
        **{name: _version(name) for name in USED},
    }


def _data(gathered: Gathered) -> dict[str, bytes]:
    """The export as it was written, byte for byte, of the one kind that was read."""
    files = [*gathered.folder.glob(f"*.{gathered.tables.kind}"), gathered.folder / "about.json"]
    return {f"data/{file.name}": file.read_bytes() for file in files}


def _code() -> dict[str, bytes]:
    """The package ``analysis`` without what it does not need to count: formats, pictures, fonts."""
    home = Path(package).parent
    files = [file for file in home.rglob("*.py") if "out" not in file.relative_to(home).parts]
    return {f"code/analysis/{file.relative_to(home).as_posix()}": file.read_bytes() for file in files}


def _readme(gathered: Gathered) -> str:
    told = gathered.about
    pins = " ".join(f'"{name}=={number}"' for name, number in versions(gathered).items() if name in USED)
    real = "\nDemonstration data: no child is behind any row.\n" if told["synthetic"] else ""
    found = anonymity(facts(gathered.tables))
    return README.format(
        organisation=told.get("organisation", ""),
        month=told["made_in"],
        real=real,
        pins=pins,
        privacy=sentence(found),
        notes="".join(f"{note}\n" for note in notes(gathered)),
    )


def _json(told: object) -> bytes:
    return (json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
