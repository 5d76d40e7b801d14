"""The codebook for archives: DDI-Codebook 2.5, one XML file about all tables.

Only elements whose place and order the published schema fixes are used. No frequencies: a count of one in a codebook
tells as much as in a table.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as xml

from .csv import sha256
from .dataset import Code, Dataset, Variable
from .gather import Gathered
from .names import printable

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
NATURE = {"ordinal": "ordinal", "count": "ratio"}


def write(gathered: Gathered, place: Path, files: Path | None = None) -> Path:
    """Write the codebook; with ``files``, the folder of the CSV files, it also tells their checksums."""
    tree = xml.ElementTree(described(gathered, files))
    xml.indent(tree)
    xml.register_namespace("", NAMESPACE)
    xml.register_namespace("xsi", INSTANCE)
    tree.write(place, encoding="utf-8", xml_declaration=True)
    return place


def described(gathered: Gathered, files: Path | None = None) -> xml.Element:
    """The element ``codeBook``: the document, the study, each file, each variable with its codes."""
    root = xml.Element(f"{{{NAMESPACE}}}codeBook", {"version": "2.5", LANGUAGE: gathered.labels.words.code})
    root.set(f"{{{INSTANCE}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    about = gathered.about
    title = f"Heard: {about.get('organisation', '')}, {about['made_in']}"
    _citation(_add(root, "docDscr"), f"{title}: codebook", gathered)
    _study(_add(root, "stdyDscr"), title, gathered)
    for i, dataset in enumerate(gathered.datasets, 1):
        _file(root, f"F{i}", dataset, files)
    data = _add(root, "dataDscr")
    for i, dataset in enumerate(gathered.datasets, 1):
        for j, one in enumerate(dataset.variables, 1):
            _variable(data, f"V{i}_{j}", f"F{i}", one)
    return root


def _citation(parent: xml.Element, title: str, gathered: Gathered) -> None:
    citation = _add(parent, "citation")
    _add(_add(citation, "titlStmt"), "titl", title)
    _add(_add(citation, "rspStmt"), "AuthEnty", str(gathered.about.get("organisation", "")))
    made = _add(citation, "prodStmt")
    month = str(gathered.about["made_in"])
    _add(made, "prodDate", month, date=month)
    _add(made, "software", "Heard", version=str(gathered.about.get("heard", "")))


def _study(study: xml.Element, title: str, gathered: Gathered) -> None:
    _citation(study, title, gathered)
    info = _add(study, "stdyInfo")
    real = "Demonstration data: no child is behind any row." if gathered.about["synthetic"] else ""
    told = f"What children in alternative care wished for and what staff decided. {real}".strip()
    _add(info, "abstract", told)
    summary = _add(info, "sumDscr")
    for country in sorted(set(gathered.tables.sites["country"])):
        _add(summary, "nation", country, abbr=country)
    _add(summary, "anlyUnit", "a child's pass through a stage of case management")
    _add(summary, "universe", "children aged 10 to 17 in alternative care")


def _file(root: xml.Element, key: str, dataset: Dataset, files: Path | None) -> None:
    made = _add(root, "fileDscr", ID=key)
    about = _add(made, "fileTxt")
    _add(about, "fileName", f"{dataset.name}.csv")
    _add(about, "fileCont", dataset.label)
    size = _add(about, "dimensns")
    _add(size, "caseQnty", str(len(dataset.frame)))
    _add(size, "varQnty", str(len(dataset.variables)))
    _add(about, "fileType", "text/csv", charset="UTF-8")
    if files:
        _add(made, "notes", sha256(files / f"{dataset.name}.csv"), type="sha256")


def _variable(data: xml.Element, key: str, file: str, one: Variable) -> None:
    made = _add(data, "var", ID=key, name=one.name, files=file)
    made.set("intrvl", "contin" if one.kind == "count" else "discrete")
    made.set("nature", NATURE.get(one.kind, "nominal"))
    _add(made, "labl", one.label, level="variable")
    if one.missing:
        wrong = _add(made, "invalrng")
        for code in one.missing:
            _add(wrong, "item", VALUE=code.code)
    for code in one.codes:
        _category(made, code)
    _add(made, "varFormat", type="numeric" if one.kind in ("count", "flag") else "character", schema="other")


def _category(made: xml.Element, code: Code) -> None:
    category = _add(made, "catgry", missing="Y" if code.missing else "N")
    _add(category, "catValu", code.code)
    _add(category, "labl", code.label, level="category")


def _add(parent: xml.Element, tag: str, text: str = "", /, **attributes: str) -> xml.Element:
    made = xml.SubElement(parent, f"{{{NAMESPACE}}}{tag}", {key: printable(value) for key, value in attributes.items()})
    made.text = printable(text) or None
    return made
