"""CSV, Excel, Parquet, DDI, Data Package, bundle: read back by somebody else, safe to open, always the same bytes."""

import csv as plain_csv
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from lxml import etree

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up

from analysis import __main__ as command
from analysis import tables
from analysis.contract import TABLES
from analysis.out import bundle, csv, datapackage, ddi, excel, parquet, rerun, tools
from analysis.out.gather import gather

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data" / "analysis"
HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-1",
    "-a",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "＝1",
    "a;b",
    'q"q',
    "l\nl",
    "\x00",
    "NA",
]


def spiced(made):
    made["labels"] = [{"names": "option", "topic": "D1.1", "code": "KIN", "language": "ar", "label": "أقارب"}]


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    rows = made_up.rows(children=12, coordinators=3, stages=2)
    folder = made_up.write(tmp_path_factory.mktemp("export"), rows, spiced)
    reasons = [[f"R{i}", text, "other"] for i, text in enumerate(HOSTILE)] + [[r, r, "other"] for r in made_up.REASONS]
    with (folder / "reasons.csv").open("w", encoding="utf-8", newline="") as file:
        plain_csv.writer(file, quoting=plain_csv.QUOTE_ALL).writerows([["reason", "label", "kind"], *reasons])
    return folder


@pytest.fixture(scope="module")
def gathered(export):
    return gather(export)


def test_csv_is_read_back_as_the_same_export(gathered, tmp_path):
    csv.write(gathered, tmp_path)

    found = tables.read(tmp_path)

    assert found.edited == ()
    for name in set(TABLES) - {"reasons"}:
        assert getattr(found, name).equals(getattr(gathered.tables, name)), name


def test_parquet_is_read_back_as_the_same_export(gathered, tmp_path):
    parquet.write(gathered, tmp_path)

    found = tables.read(tmp_path)

    assert found.kind == "parquet"
    for name in TABLES:
        assert getattr(found, name).equals(getattr(gathered.tables, name)), name


def test_no_cell_of_csv_runs_anything_and_numbers_stay_numbers(gathered, tmp_path):
    csv.write(gathered, tmp_path)

    with (tmp_path / "reasons.csv").open(encoding="utf-8", newline="") as file:
        cells = [row[1] for row in plain_csv.reader(file)][1 : len(HOSTILE) + 1]

    assert cells == [
        "'=1+1", "'+cmd|' /C calc'!A0", "-1", "'-a", "'@SUM(A1)", "'\tx", "'\\x0dx", "'＝1", "a;b", 'q"q', "l\nl",
        "\\x00", "NA",
    ]  # fmt: skip
    for file in tmp_path.glob("*.csv"):
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
        risky = frame.map(lambda cell: cell.startswith(csv.RISKY) and not cell.lstrip("+-").replace(".", "").isdigit())
        assert not risky.any(axis=None)


def test_csv_for_excel_begins_with_a_byte_order_mark(gathered, tmp_path):
    csv.write(gathered, tmp_path / "plain")
    csv.write(gathered, tmp_path / "excel", excel=True)

    assert (tmp_path / "excel" / "sites.csv").read_bytes() == b"\xef\xbb\xbf" + (
        tmp_path / "plain" / "sites.csv"
    ).read_bytes()
    assert tables.read(tmp_path / "excel").rounds.equals(gathered.tables.rounds)


def test_excel_holds_every_table_and_no_formula(gathered, tmp_path):
    excel.write(gathered, tmp_path / "x.xlsx")

    book = openpyxl.load_workbook(tmp_path / "x.xlsx")

    assert set(book.sheetnames) >= {*TABLES, "wide", "wishes", "codes", "labels", "codebook"}
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f" or c.hyperlink]
    cells = [row[1].value for row in book["reasons"].iter_rows(min_row=2, max_row=1 + len(HOSTILE))]
    assert cells == [text.replace("\r", "\\x0d").replace("\x00", "\\x00") for text in HOSTILE]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")


def test_excel_keeps_texts_texts_and_counts_numbers(gathered, tmp_path):
    excel.write(gathered, tmp_path / "x.xlsx")

    found = pd.read_excel(tmp_path / "x.xlsx", sheet_name="decisions", keep_default_na=False)

    days = gathered.tables.decisions["days_to_told"]
    assert found["days_to_told"].astype(str).tolist() == days.tolist()
    assert found["decision"].tolist() == gathered.tables.decisions["decision"].tolist()


def test_sheets_of_labels_run_from_right_to_left_in_arabic(export, tmp_path):
    excel.write(gather(export, "ar"), tmp_path / "x.xlsx")

    book = openpyxl.load_workbook(tmp_path / "x.xlsx")

    mirrored = {sheet.title for sheet in book if sheet.sheet_view.rightToLeft}
    assert mirrored == {"codes", "labels", "codebook"}


def test_a_text_too_long_for_a_cell_is_split_with_a_notice(tmp_path):
    long = "ж" * 70_000
    rows = made_up.rows(children=2, coordinators=1, stages=1)
    folder = made_up.write(tmp_path / "e", rows, lambda made: made["reasons"][0].update(label=long))

    parts = excel.write(gather(folder), tmp_path / "x.xlsx")

    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book["reasons"]["B2"].value.endswith(excel.NOTICE)
    assert "".join(row[4].value for row in book["long_texts"].iter_rows(min_row=2)) == long
    assert [(part.sheet, part.row, part.column) for part in parts] == [("reasons", "2", "label")] * 3


def test_duckdb_and_pandas_read_parquet_with_labels(gathered, tmp_path):
    parquet.write(gathered, tmp_path)

    counted = duckdb.sql(f"select decision, count(*) from '{tmp_path}/decisions.parquet' group by 1").fetchall()
    frame = pd.read_parquet(tmp_path / "wide.parquet")

    assert dict(counted) == gathered.tables.decisions["decision"].value_counts().to_dict()
    assert frame.attrs["variables"]["w_d1_1"]["missing"] == ["DK", "IDM", "SK", "NA", "NR"]
    assert list(frame["w_d1_1"].cat.categories[:2]) == ["PARENTS", "KIN"]


def test_the_data_package_fits_its_files(gathered, tmp_path):
    csv.write(gathered, tmp_path)
    package = json.loads(datapackage.write(gathered, tmp_path).read_text(encoding="utf-8"))

    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert len({one["name"] for one in package["resources"]}) == len(gathered.datasets)
    for one in package["resources"]:
        content = (tmp_path / one["path"]).read_bytes()
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert one["bytes"] == len(content)
        frame = pd.read_csv(tmp_path / one["path"], dtype=str, keep_default_na=False)
        fields = {field["name"]: field for field in one["schema"]["fields"]}
        assert list(fields) == list(frame.columns)
        assert one["schema"]["missingValues"] == [""]
        for name, field in fields.items():
            allowed = {category["value"] for category in field.get("categories", [])} | {""}
            assert not field.get("categories") or set(frame[name]) <= allowed
        if key := one["schema"].get("primaryKey"):
            assert not frame.duplicated(key).any()


def test_references_of_the_data_package_lead_somewhere(gathered, tmp_path):
    csv.write(gathered, tmp_path)
    package = datapackage.described(gathered, tmp_path)
    read = {one["name"]: pd.read_csv(tmp_path / one["path"], dtype=str) for one in package["resources"]}

    leads = [(one["name"], key) for one in package["resources"] for key in one["schema"].get("foreignKeys", [])]

    assert ("rounds", "child") in [(name, key["fields"][0]) for name, key in leads]
    for name, key in leads:
        other = read[key["reference"]["resource"]][key["reference"]["fields"][0]]
        assert read[name][key["fields"][0]].dropna().isin(other).all(), (name, key)


def test_the_ddi_codebook_has_the_published_structure(gathered, tmp_path):
    csv.write(gathered, tmp_path)
    grammar = etree.RelaxNG(etree.parse(DATA / "ddi_codebook_2_5_used.rng"))

    found = etree.parse(ddi.write(gathered, tmp_path / "ddi.xml", tmp_path))

    assert grammar.validate(found), grammar.error_log
    spaces = {"d": "ddi:codebook:2_5"}
    wish = found.xpath("//d:var[@name='w_d1_1']", namespaces=spaces)[0]
    assert wish.xpath("d:catgry[@missing='Y']/d:catValu/text()", namespaces=spaces) == ["DK", "IDM", "SK", "NA", "NR"]
    assert wish.xpath("d:labl/text()", namespaces=spaces)[0].startswith("D1.1 care setting on arrival")
    files = dict(zip(found.xpath("//d:fileDscr/@ID", namespaces=spaces), gathered.datasets, strict=True))
    for key, dataset in files.items():
        names = found.xpath(f"//d:var[@files='{key}']/@name", namespaces=spaces)
        assert names == list(dataset.frame.columns)


def test_the_ddi_codebook_holds_no_frequencies(gathered, tmp_path):
    text = ddi.write(gathered, tmp_path / "ddi.xml").read_text(encoding="utf-8")

    assert "catStat" not in text
    assert "sumStat" not in text


def test_a_bundle_counts_the_same_numbers_again(gathered, tmp_path):
    place = bundle.write(gathered, tmp_path / "b.zip")
    with zipfile.ZipFile(place) as packed:
        packed.extractall(tmp_path / "b")

    done = subprocess.run(
        [sys.executable, "-I", "run.py"], cwd=tmp_path / "b", capture_output=True, text=True, check=False, timeout=60
    )

    assert done.stdout.rstrip().endswith("the same."), done.stdout + done.stderr
    assert done.returncode == 0


def test_a_bundle_that_was_changed_says_which_file(gathered, tmp_path, capsys):
    with zipfile.ZipFile(bundle.write(gathered, tmp_path / "b.zip")) as packed:
        packed.extractall(tmp_path)
    (tmp_path / "data" / "decisions.csv").write_text("", encoding="utf-8")

    assert rerun.main(tmp_path) == 1
    assert capsys.readouterr().out == "Changed since the bundle was made: data/decisions.csv.\n"


def test_numbers_that_differ_are_named_with_their_place():
    was, now = {"a": [1.0, float("nan"), "x"]}, {"a": [1.5, float("nan"), "x"], "b": 1}

    differ, count = rerun.compare(was, now)

    assert differ == ["/a/0: was 1.0, is now 1.5", "/b: was 'absent', is now 1"]
    assert count == 4


def test_the_same_export_gives_the_same_bytes(export, tmp_path):
    for name in ("one", "two"):
        found = gather(export)
        csv.write(found, tmp_path / name)
        datapackage.write(found, tmp_path / name)
        excel.write(found, tmp_path / name / "x.xlsx")
        parquet.write(found, tmp_path / name)
        ddi.write(found, tmp_path / name / "ddi.xml")
        bundle.write(found, tmp_path / name / "b.zip")

    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_the_clock_is_in_no_file(gathered, tmp_path):
    excel.write(gathered, tmp_path / "x.xlsx")

    with zipfile.ZipFile(tmp_path / "x.xlsx") as packed:
        assert {entry.date_time for entry in packed.infolist()} == {tools.PACKED}
        core = packed.read("docProps/core.xml").decode()
    assert core.count("2026-11-01T00:00:00Z") == 2


def test_a_missing_package_is_a_sentence():
    with pytest.raises(ValueError, match="is not installed: pip install no_such_package"):
        tools.needed("no_such_package")


def test_convert_writes_every_format(export, tmp_path, capsys):
    wanted = "excel,spss,stata,parquet,csv,ddi,datapackage,bundle"

    assert command.run(["convert", str(export), "-o", str(tmp_path / "out"), "--to", wanted]) == 0

    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "bundle.zip", "codebook.csv", "csv", "ddi.xml", "export.xlsx", "parquet", "spss", "stata",
    }  # fmt: skip
    told = capsys.readouterr().err
    assert "k is " in told
    assert "have not passed disclosure control" in told


def test_convert_refuses_what_it_cannot_do_in_a_sentence(export, tmp_path, capsys):
    out = str(tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x", encoding="utf-8")

    assert command.run(["convert", str(export), "-o", out, "--to", "pickle"]) == 64
    assert command.run(["convert", str(tmp_path), "-o", out]) == 65
    assert command.run(["convert", str(export), "-o", out, "--language", "xx"]) == 65
    assert command.run(["convert", str(export), "-o", out, "--coarsen", "month"]) == 65
    assert command.run(["convert", str(export), "-o", str(tmp_path / "full")]) == 73
    assert not Path(out).exists()
    said = capsys.readouterr().err
    for sentence in (
        "There is no format 'pickle'; there are: csv,",
        "about.json: is missing",
        "There is no report in 'xx'",
        "takes NAME=STEP",
        "is there already; give --force",
    ):
        assert sentence in said


def test_the_report_is_still_made_without_a_sub_command(export, tmp_path):
    assert command.run([str(tmp_path / "none"), "-o", str(tmp_path / "r.html")]) == 65


def test_the_notebook_for_pandas_runs(export):
    script = ROOT / "docs" / "notebooks" / "read_export.py"

    done = subprocess.run([sys.executable, script, export], capture_output=True, text=True, check=True, timeout=60)

    assert " decisions followed the wish." in done.stdout


def test_the_notebook_for_r_counts_the_same(export, tmp_path):
    command.run(["convert", str(export), "-o", str(tmp_path), "--to", "csv,spss"])
    scripts = ROOT / "docs" / "notebooks"

    ours = subprocess.run(
        [sys.executable, scripts / "read_export.py", export], capture_output=True, text=True, check=True, timeout=60
    )
    theirs = subprocess.run(
        ["Rscript", scripts / "read_export.R", tmp_path], capture_output=True, text=True, check=True, timeout=60
    )

    assert ours.stdout.splitlines()[0] == theirs.stdout.splitlines()[0]
