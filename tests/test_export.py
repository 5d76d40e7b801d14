"""What researchers get: complete, tidy, without names, times or words; and safe to open in a spreadsheet."""

import csv
import json
import uuid
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from survey import clock, decide, export, export_rows, export_words, fill, publish, reply
from survey import models as m

from .conftest import TODAY, World, envelope
from .test_receive import take

DOCS = Path(__file__).parent.parent / "docs" / "tables.md"
TEXT = "My uncle Boris hits me"


@pytest.fixture
def lived(session: Session, world: World) -> World:
    """A full round: visits, views, decision, reply told, staff form."""
    answers = {"S3.C01": {"code": "LEARN", "shared": True}, "S3.C12": {"code": "0"}, "S3.C13": {"text": TEXT}}
    take(session, {**envelope(session, world), "answers": answers})
    in_round = world.round(session)
    decide.lock(session, in_round, "D3.1", "LEARN", "FAMILY", world.vera, clock.now())
    outcome = decide.Outcome("FAMILY", TODAY, "yes", ("COORDINATOR",), ("SAFETY",), f"{TEXT}!")
    made = decide.close(session, in_round, "D3.1", outcome, reply.Draft(), world.vera, clock.now())
    owed = reply.of_round(session, in_round.id)[0]
    reply.write(session, owed, reply.Draft("", "d", "b"), world.vera, clock.now())
    reply.tell(owed, TODAY, "card")
    take(session, {**envelope(session, world, wave="after"), "answers": {"S3.C05": {"code": "2"}}})
    document = publish.latest(session, "staff", "S3")
    assert document is not None
    form = fill.begin(session, document, world.vera, TODAY, clock.now(), in_round)
    fill.save(session, form, {"S3.P1": fill.Entry(("1",)), "S3.O1": fill.Entry(("LOAD", "FIN"))}, clock.now())
    fill.finish(session, form, world.vera, TODAY, clock.now())
    session.commit()
    assert made.differs
    return world


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Read a table back."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_round_comes_out_as_it_went_in(session: Session, lived: World, tmp_path: Path) -> None:
    export.tables(session, tmp_path, TODAY)

    (decision,) = rows(tmp_path, "decisions")
    assert decision["decision"] == "FAMILY"
    assert (decision["reasons"], decision["told"], decision["days_to_told"]) == ("SAFETY", "1", "0")
    (view,) = rows(tmp_path, "views")
    assert (view["belief"], view["first_view"], view["released"]) == ("LEARN", "FAMILY", "0")
    wish = next(a for a in rows(tmp_path, "answers") if a["question"] == "S3.C01")
    assert (wish["code"], wish["missing"], wish["shared"], wish["topic"]) == ("LEARN", "", "1", "D3.1")
    assert {a["question"]: a["code"] for a in rows(tmp_path, "staff_answers")} == {"S3.P1": "1", "S3.O1": "FIN LOAD"}
    assert [v["wave"] for v in sorted(rows(tmp_path, "visits"), key=lambda v: v["wave"])] == ["after", "before"]
    assert wish["round"] == decision["round"] == view["round"]


def test_each_answer_says_its_language_and_each_visit_who_held_the_tablet(
    session: Session, world: World, tmp_path: Path
) -> None:
    said = {"S3.C01": {"code": "LEARN", "language": "en"}, "S3.C02": {"missing": "DK"}}
    sent = {**envelope(session, world), "language": "ru", "held_by": "other", "watched": "yes", "answers": said}
    assert take(session, sent).state == "kept"
    session.commit()

    export.tables(session, tmp_path, TODAY)

    (visit,) = rows(tmp_path, "visits")
    assert (visit["language"], visit["held_by"], visit["watched"]) == ("ru", "other", "yes")
    languages = {answer["question"]: answer["language"] for answer in rows(tmp_path, "answers")}
    assert (languages["S3.C01"], languages["S3.C02"]) == ("en", "ru")


def test_nothing_in_an_export_says_who_a_child_is_or_what_a_child_wrote(
    session: Session, lived: World, tmp_path: Path
) -> None:
    export.tables(session, tmp_path, TODAY)
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    secrets = [
        TEXT,
        "Boris",
        "Child 11",
        "P-11",
        str(lived.children[11].id),
        lived.children[11].id.hex,
        "Vera",
        f"{TODAY}",
    ]
    assert [word for word in secrets if word.encode() in everything] == []


def test_answers_for_the_safeguarding_lead_never_leave(session: Session, lived: World, tmp_path: Path) -> None:
    export.tables(session, tmp_path, TODAY)

    assert {a["question"] for a in rows(tmp_path, "answers")}.isdisjoint({"S3.C12", "S3.C13"})


def test_two_exports_cannot_be_joined(session: Session, lived: World, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        export.tables(session, tmp_path / name, TODAY)

    keys = [
        {r[k] for t in ("rounds", "visits") for r in rows(tmp_path / n, t) for k in ("round", "child")} for n in "ab"
    ]
    assert keys[0].isdisjoint(keys[1])


def test_every_column_is_in_the_codebook_and_in_the_documentation(
    session: Session, lived: World, tmp_path: Path
) -> None:
    export.tables(session, tmp_path, TODAY)
    described = {(r["table"], r["column"]) for r in rows(tmp_path, "codebook")}
    said = DOCS.read_text(encoding="utf-8")

    for table, columns, _make in export_rows.TABLES:
        with (tmp_path / f"{table}.csv").open(encoding="utf-8") as file:
            assert file.readline().strip().split(",") == list(columns)
        for column in columns:
            assert (table, column) in described
            assert column in said
    assert {c for _t, columns, _m in export_rows.TABLES for c in columns} == set(export_words.MEANING)


def test_csv_and_parquet_hold_the_same(session: Session, lived: World, tmp_path: Path) -> None:
    import pandas as pd

    export.tables(session, tmp_path, TODAY)

    for table, _columns, _make in export_rows.TABLES:
        csv_frame = pd.read_csv(tmp_path / f"{table}.csv", dtype=str, keep_default_na=False)
        parquet = pd.read_parquet(tmp_path / f"{table}.parquet")
        as_text = parquet.apply(
            lambda c: c.map(lambda v: "" if pd.isna(v) else str(int(v)) if isinstance(v, float) else str(v))
        )
        assert as_text.equals(csv_frame) or csv_frame.empty, table


def test_an_export_says_what_it_is(session: Session, lived: World, tmp_path: Path) -> None:
    counts = export.tables(session, tmp_path, TODAY)
    about = json.loads((tmp_path / "about.json").read_text(encoding="utf-8"))

    assert about["synthetic"] is False
    assert about["rows"] == counts
    assert set(about["sha256"]) == {p.name for p in tmp_path.glob("*.csv")}
    assert not list(tmp_path.glob(".*"))  # no half-written file stays behind


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert export.neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1", "12", "0.5", "LEARN", "", None])
def test_ordinary_cells_stay_as_they_are(cell: object) -> None:
    assert export.neutral(cell) == ("" if cell is None else cell)


def test_an_empty_organisation_exports_empty_tables(session: Session, world: World, tmp_path: Path) -> None:
    counts = export.tables(session, tmp_path, TODAY)

    assert counts["answers"] == 0
    assert rows(tmp_path, "answers") == []


def test_pseudonyms_do_not_repeat() -> None:
    names = export.Pseudonyms()
    made = {names.of("c", uuid.uuid4()) for _ in range(5000)}

    assert len(made) == 5000
    assert names.of("c", None) == ""


def test_an_unfinished_staff_form_is_not_exported(session: Session, world: World, tmp_path: Path) -> None:
    document = publish.latest(session, "staff", "S3")
    assert document is not None
    form = fill.begin(session, document, world.vera, TODAY, clock.now(), world.round(session))
    fill.save(session, form, {"S3.P1": fill.Entry(("1",))}, clock.now())
    session.commit()

    assert export.tables(session, tmp_path, TODAY)["staff_answers"] == 0
    assert session.get_one(m.StaffForm, form.id).finished_on is None
