"""A language that only one organisation speaks: added in its home folder, and from there to the export."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import clock, config, create_app, decide, export, ledger, publish, reply
from survey import models as m
from survey.cli import main
from survey.parts import Database
from survey.translation import books, complete, extract
from survey.translation.entry import Entry
from survey.translation.languages import LANGUAGES, SHIPPED, UnknownLanguage

from . import pseudo
from .conftest import LIBRARY, TODAY, World
from .staff_room import browser, round_of, send
from .test_child_walk import Child, envelope_in

Sessions = sessionmaker[Session]
NAMES = {
    "Test", "organisation", "Galina", "Petrova", "Ruth", "Achieng", "safe", "adult", "here", "from", "outside",
    "Helpline",
}  # fmt: skip
ALLOWED = NAMES | {"Heard", "English", "Aa"}  # nobody translates names, another language, the sign for larger letters


@pytest.fixture
def home(settings: config.Settings) -> Iterator[Path]:
    """Return the home of an organisation that brought its own language."""
    pseudo.write(settings.home)
    yield settings.home
    pseudo.forget()


@pytest.fixture
def app(home: Path, settings: config.Settings, world: World) -> Iterator[Flask]:
    """Return Heard as it starts in that home."""
    made = create_app(settings)
    made.testing = False
    yield made
    store: Database = made.extensions["heard"]
    store.engine.dispose()


def offer(app: Flask, *codes: str) -> str:
    """The administrator offers languages, the first one first; return the page that follows."""
    client = browser(app, "admin")
    page = send(client, "/admin/languages", languages=list(codes), first=codes[0])
    return client.get(page.location).text if page.status_code == 303 else page.text


def in_own_words(page: str) -> None:
    """Nothing on the page is left in English, and the page says what it speaks."""
    assert f'<html lang="{pseudo.CODE}" dir="rtl"' in page
    assert pseudo.latin(page, ALLOWED) == set()


def test_the_new_language_is_whole_and_stands_on_the_page_of_languages(app: Flask) -> None:
    assert complete.problems(pseudo.CODE) == []

    page = browser(app, "admin").get("/admin/languages").text

    assert pseudo.OWN_NAME in page


def test_a_child_is_asked_thanked_and_answered_in_a_language_no_library_knows(
    app: Flask, world: World, session: Session, sessions: Sessions, tmp_path: Path
) -> None:
    offer(app, pseudo.CODE, "en")
    tablet = app.test_client()
    child = Child(tablet)

    in_own_words(child.see("/").text)  # the first language offered is the one that is met first
    assert f">{pseudo.OWN_NAME}<" in child.page
    envelope = _visit(child, world.card(session))
    _read_the_answer(Child(app.test_client()), session, world)

    with sessions() as opened:
        kept = opened.scalars(select(m.Submission).where(m.Submission.wave == "before")).one()
        assert (str(kept.id), kept.language) == (envelope, pseudo.CODE)
        (tmp_path / "out").mkdir()
        export.tables(opened, tmp_path / "out", TODAY)
    assert {row["language"] for row in _rows(tmp_path, "visits")} == {pseudo.CODE}
    drafts = [row for row in _rows(tmp_path, "languages") if row["language"] == pseudo.CODE]
    assert drafts and all(row["draft"] == row["texts"] != "0" for row in drafts)


def _visit(child: Child, code: str) -> str:
    """From the card to the thanks; every page is looked at."""
    in_own_words(child.see(f"/?lang={pseudo.CODE}").text)
    envelope = child.arrive(code, pseudo.CODE)
    for page in ("/before-you-start", "/assent", "/questions"):
        in_own_words(child.see(page).text)
    assert child.send({"S3.C01": "LEARN", "S3.C01.share": "yes"}).location == "/thanks"
    in_own_words(child.see("/thanks").text)
    return envelope


def _read_the_answer(child: Child, session: Session, world: World) -> None:
    of, at = world.round(session), clock.now()
    topic = publish.catalogue(session, pseudo.CODE).topics["D3.1"]
    decide.lock(session, of, "D3.1", "LEARN", "LEARN", world.vera, at)
    words = reply.draft(topic, "LEARN", "LEARN", [], pseudo.CODE)
    made = decide.close(session, of, "D3.1", decide.Outcome("LEARN", TODAY, "yes"), words, world.vera, at)
    owed = session.scalars(select(m.Reply).where(m.Reply.decision_id == made.id)).one()
    reply.write(session, owed, words, world.vera, at)
    session.commit()
    assert child.open_card(world.card(session, wave="reply"), pseudo.CODE).location == "/reply"
    in_own_words(child.see("/reply").text)
    assert child.press("/reply", envelope=envelope_in(child.page), end="finished", F1="2").location == "/thanks"
    in_own_words(child.see("/thanks").text)


def _rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / "out" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_card_speaks_it_too_with_the_date_in_figures(app: Flask, world: World, session: Session) -> None:
    offer(app, pseudo.CODE)
    session.get_one(m.Child, world.children[11].id).language = pseudo.CODE
    session.commit()
    vera, page = browser(app, "vera"), round_of(session, world)

    made = vera.get(send(vera, page, f"{page}/card/before").location).text

    slip = made.split('<section class="slip"')[1].split("</section>")[0]
    assert f'lang="{pseudo.CODE}" dir="rtl"' in slip.split(">")[0]
    code = slip.split('translate="no">')[1].split("<")[0]
    words = f"<section{slip}".replace(code, "").replace("The card", "").replace("Code to scan", "")  # said to staff
    assert pseudo.latin(words, NAMES) == set()
    assert re.search(r"\d{4}-\d\d-\d\d", slip)
    assert "unreviewed draft" in made and "unreviewed draft" not in slip


def test_a_language_that_lacks_one_sentence_cannot_be_offered_and_the_place_is_named(
    home: Path, settings: config.Settings, world: World, session: Session
) -> None:
    pseudo.write(home, without="Do you want to stop?")
    app = create_app(settings)

    page = offer(app, pseudo.CODE, "en")
    app.extensions["heard"].engine.dispose()

    assert "Nothing was changed" in page
    assert re.search(rf"<code>{pseudo.CODE}/messages.po:\d+</code>", page)
    assert "Do you want to stop?" in page
    assert session.get_one(m.Organisation, 1).languages == "en"


def test_what_the_organisation_adds_is_known_to_the_command_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_HOME", str(home))

    said = CliRunner().invoke(main, ["translate", "check", pseudo.CODE])

    assert said.exit_code == 0, said.output
    assert pseudo.CODE in said.output


def test_what_the_organisation_speaks_is_brought_up_to_date_in_its_own_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARD_HOME", str(home))
    own = home / "translations" / pseudo.CODE / "LC_MESSAGES"
    for file in own.iterdir():
        file.unlink()

    said = CliRunner().invoke(main, ["translate", "update", pseudo.CODE])

    assert said.exit_code == 0, said.output
    assert {file.name for file in own.iterdir()} == {"messages.po", "questionnaires.po", "report.po"}
    assert 'msgid "Do you want to stop?"' in (own / "messages.po").read_text("utf-8")
    assert not (books.shipped() / pseudo.CODE).exists()


def test_a_language_the_organisation_says_its_own_way_leaves_the_program_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARD_HOME", str(home))
    table = home / "translations" / "languages.toml"
    table.write_text(f'{pseudo.TOML}\n[sw]\nown_name = "Kiswahili cha hapa"\n', "utf-8")
    shipped = books.shipped() / "sw" / "LC_MESSAGES" / "report.po"
    before = shipped.stat().st_mtime_ns

    try:
        said = CliRunner().invoke(main, ["translate", "update", "sw"])
    finally:
        LANGUAGES["sw"] = SHIPPED["sw"]

    assert said.exit_code == 0, said.output
    assert shipped.stat().st_mtime_ns == before
    own = home / "translations" / "sw" / "LC_MESSAGES" / "report.po"
    assert own.read_text("utf-8").count("\nmsgstr") == shipped.read_text("utf-8").count("\nmsgstr")


@pytest.mark.parametrize(("strict", "code"), [([], 0), (["--strict"], 65)])
def test_templates_that_are_older_than_the_sources_are_noticed(
    home: Path, monkeypatch: pytest.MonkeyPatch, strict: list[str], code: int
) -> None:
    monkeypatch.setenv("HEARD_HOME", str(home))
    asked = {domain: [Entry.of(one) for one in made if one.id] for domain, made in extract.templates(LIBRARY).items()}
    asked["report"].pop()
    monkeypatch.setattr(books, "wanted", cache({domain: tuple(all_) for domain, all_ in asked.items()}.__getitem__))
    books.forget()

    said = CliRunner().invoke(main, ["translate", "check", pseudo.CODE, *strict])

    assert said.exit_code == code, said.output
    assert "The templates are old (report): run `heard translate template`." in said.output


def test_a_table_of_languages_that_cannot_be_read_stops_heard_with_a_sentence(
    home: Path, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "translations" / "languages.toml").write_text('[QAA]\nown_name = "x"\n', "utf-8")
    monkeypatch.setenv("HEARD_HOME", str(home))

    said = CliRunner().invoke(main, ["staff", "list"])

    assert said.exit_code == 78
    assert "is no code of a language" in said.output and "Traceback" not in said.output
    with pytest.raises(UnknownLanguage, match=r"languages\.toml"):
        create_app(settings)


def test_a_native_speaker_reads_it_all_and_it_is_a_draft_no_longer(app: Flask, session: Session, world: World) -> None:
    keys = {one.key for one in ledger.sentences(pseudo.CODE) if one.for_child}

    ledger.mark(session, pseudo.CODE, keys, ledger.REVIEWED, world.staff["admin"], clock.now())
    session.commit()

    assert not ledger.unreviewed(session, pseudo.CODE)
    session.commit()
    page: str = _row(browser(app, "admin"))
    assert "Unreviewed draft" not in page and "Reviewed" in page


def _row(admin: FlaskClient) -> str:
    page = admin.get("/admin/languages").text
    return page.split(f'id="name-{pseudo.CODE}"')[1].split("</tr>")[0]
