"""Exports go to researchers only, hold no name and no word of a child, and are recorded; the codebook explains them."""

import csv
import io
import json
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey import export_rows, publish
from survey import models as m

from .conftest import World, envelope, sign_in, token
from .inspect_page import inspect
from .test_receive import take

SECRET = "My brother hits me when nobody looks"


@pytest.fixture
def researcher(app: Flask) -> FlaskClient:
    """Return the researcher's browser."""
    client = app.test_client()
    sign_in(client, "marta")
    return client


@pytest.fixture
def answered(session: Session, world: World) -> None:
    """A child of eleven gives a wish, a rating of safety, and words of their own."""
    said = {"S3.C01": {"code": "LEARN", "shared": True}, "S3.C12": {"code": "0"}, "S3.C13": {"text": SECRET}}
    take(session, {**envelope(session, world), "answers": said})


def unpack(client: FlaskClient) -> zipfile.ZipFile:
    """Press the button and open what comes."""
    page = client.get("/research/exports").text
    reply = client.post("/research/exports", data={"csrf_token": token(page)})
    assert reply.mimetype == "application/zip", reply.text
    assert reply.headers["Cache-Control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(reply.data))


@pytest.mark.usefixtures("answered")
def test_an_export_holds_every_table_twice_with_codebook_and_about(researcher: FlaskClient) -> None:
    held = set(unpack(researcher).namelist())

    names = [name for name, _columns, _make in export_rows.TABLES]
    assert {f"heard-export/{name}.{kind}" for name in names for kind in ("csv", "parquet")} <= held
    assert {"heard-export/codebook.csv", "heard-export/about.json"} <= held


@pytest.mark.usefixtures("answered")
def test_an_export_holds_no_name_no_key_and_no_word_of_a_child(researcher: FlaskClient, world: World) -> None:
    packed = unpack(researcher)
    everything = b"".join(packed.read(name) for name in packed.namelist())

    child = world.children[11]
    for private in (child.identity.name, child.identity.case_number, str(child.id), child.id.hex, SECRET):
        assert private.encode() not in everything
    answers = packed.read("heard-export/answers.csv").decode()
    assert "S3.C01" in answers
    assert "S3.C12" not in answers  # for the safeguarding lead alone
    assert "S3.C13" not in answers


@pytest.mark.usefixtures("answered")
def test_two_exports_cannot_be_joined(researcher: FlaskClient) -> None:
    keys = []
    for _ in range(2):
        rows = csv.DictReader(unpack(researcher).read("heard-export/rounds.csv").decode().splitlines())
        keys.append({row[name] for row in rows for name in ("round", "child", "coordinator")})

    assert keys[0]
    assert keys[0].isdisjoint(keys[1])


@pytest.mark.usefixtures("answered")
def test_taking_an_export_is_written_in_the_record(researcher: FlaskClient, session: Session, world: World) -> None:
    unpack(researcher)

    deeds = session.scalars(select(m.Record.action).where(m.Record.staff_id == world.staff["marta"].id)).all()
    assert deeds.count("took an export") == 1


@pytest.mark.parametrize("login", ["vera", "lidia", "galina", "admin"])
def test_only_a_researcher_takes_exports(app: Flask, login: str) -> None:
    client = app.test_client()
    sign_in(client, login)

    assert client.get("/research/exports").status_code == 404
    page = client.get("/research/").text
    assert client.post("/research/exports", data={"csrf_token": token(page)}).status_code == 404
    assert "/research/exports" not in page


def test_the_page_names_every_table_and_column_of_an_export(researcher: FlaskClient) -> None:
    page = researcher.get("/research/exports").text

    inspect(page)
    for name, columns, _make in export_rows.TABLES:
        assert f'id="table-{name}"' in page
        assert all(f"<code>{column}</code>" in page for column in columns)


def test_before_anything_is_published_an_export_is_refused_in_words(researcher: FlaskClient, session: Session) -> None:
    session.execute(delete(m.Questionnaire))
    session.commit()
    page = researcher.get("/research/exports").text

    told = researcher.post("/research/exports", data={"csrf_token": token(page)}, follow_redirects=True).text

    inspect(told)
    assert "an administrator must publish the questionnaires first" in told
    empty = researcher.get("/research/codebook").text
    inspect(empty)
    assert "Nothing is published yet" in empty


def test_the_codebook_has_every_question_in_its_own_words_with_an_anchor(
    researcher: FlaskClient, session: Session
) -> None:
    page = researcher.get("/research/codebook").text

    inspect(page)
    for row in publish.all_current(session):
        for question in row.document["questions"]:
            assert f'id="{question["id"]}"' in page
    topics = publish.catalogue(session).topics
    assert all(f'id="topic-{name}"' in page for name in topics)
    words = publish.latest(session, "child", "S3").document["texts"]["en"]["10-12"]["questions"]["S3.C01"]["text"]  # type: ignore[union-attr]
    assert words in page


def test_the_codebook_shows_only_the_newest_version(researcher: FlaskClient, session: Session) -> None:
    row = publish.latest(session, "child", "S3")
    assert row is not None
    newer = json.loads(json.dumps(row.document))
    newer["version"] = 3
    newer["texts"]["en"]["10-12"]["questions"]["S3.C01"]["text"] = "A brand new question?"
    publish.document(session, newer, row.published_at)
    session.commit()

    page = researcher.get("/research/codebook").text

    inspect(page)
    assert "A brand new question?" in page
    assert "version 3" in page
