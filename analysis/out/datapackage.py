"""datapackage.json: the CSV files described to the Data Package standard, version 2 (datapackage.org)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..contract import TABLES
from .csv import sha256
from .dataset import CODED, Dataset, Variable
from .gather import Gathered
from .names import canonical

PROFILE = "https://datapackage.org/profiles/2.0/"
TYPES = {"flag": "boolean", "count": "integer", "month": "yearmonth"}


def write(gathered: Gathered, folder: Path) -> Path:
    """Describe the CSV files of a folder where ``csv.write`` has put them.

    Codes are strings and only the empty cell is a missing value: ``NA`` is a code here. Categories carry the labels.
    """
    place = folder / "datapackage.json"
    told = described(gathered, folder)
    place.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return place


def described(gathered: Gathered, folder: Path) -> dict[str, Any]:
    """The package as plain data."""
    about = gathered.about
    name = canonical(str(about.get("organisation", "")), 60).replace("_", "-")
    synthetic = "Demonstration data: no child is behind any row." if about["synthetic"] else ""
    return {
        "$schema": f"{PROFILE}datapackage.json",
        "name": f"heard-{name}-{about['made_in']}",
        "title": f"Heard: {about.get('organisation', '')}, {about['made_in']}",
        "description": f"What children wished for and what staff decided. {synthetic}".strip(),
        "version": str(about.get("heard", "")),
        "resources": [_resource(dataset, folder) for dataset in gathered.datasets],
    }


def _resource(dataset: Dataset, folder: Path) -> dict[str, Any]:
    file = folder / f"{dataset.name}.csv"
    return {
        "$schema": f"{PROFILE}dataresource.json", "name": dataset.name, "type": "table", "title": dataset.label,
        "path": file.name, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "bytes": file.stat().st_size, "hash": f"sha256:{sha256(file)}",
        "dialect": {"$schema": f"{PROFILE}tabledialect.json", "delimiter": ",", "lineTerminator": "\n"},
        "schema": _schema(dataset),
    }  # fmt: skip


def _schema(dataset: Dataset) -> dict[str, Any]:
    fields = [_field(one) for one in dataset.variables]
    made: dict[str, Any] = {"$schema": f"{PROFILE}tableschema.json", "fields": fields, "missingValues": [""]}
    if dataset.unique:
        made["primaryKey"] = list(dataset.unique)
    if foreign := _foreign(dataset):
        made["foreignKeys"] = foreign
    return made


def _foreign(dataset: Dataset) -> list[dict[str, Any]]:
    """Cells that name a row of another table. Topics have a row per option: no key of theirs is one column."""
    columns = TABLES[dataset.name].columns if dataset.name in TABLES else ()
    return [
        {"fields": [one.name], "reference": {"resource": one.refers, "fields": [TABLES[one.refers].columns[0].name]}}
        for one in columns
        if one.refers and one.kind != "codes" and TABLES[one.refers].unique == (TABLES[one.refers].columns[0].name,)
    ]


def _field(one: Variable) -> dict[str, Any]:
    made: dict[str, Any] = {"name": one.name, "type": TYPES.get(one.kind, "string"), "title": one.label}
    if one.kind == "flag":
        made |= {"trueValues": ["1"], "falseValues": ["0"]}
    elif one.kind in CODED and one.codes:
        made["categories"] = [{"value": code.code, "label": code.label} for code in one.codes]
        made["categoriesOrdered"] = one.kind == "ordinal" and not one.missing
    return made
