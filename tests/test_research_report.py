"""The report: the same frozen numbers for everybody who may see it, and never so fresh that one child shows."""

import builtins
import datetime as dt
import html
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import clock, config, decide, publish, reply
from survey import models as m
from survey.language import LANGUAGES, Language

from .conftest import TODAY, World, _child, envelope, sign_in, token
from .inspect_page import inspect
from .test_receive import take

TOPIC = "D3.1"


@pytest.fixture
def researcher(app: Flask) -> FlaskClient:
    """Return the researcher's browser."""
    return browser(app, "marta")


def browser(app: Flask, login: str) -> FlaskClient:
    """Return the browser of somebody who is signed in."""
    client = app.test_client()
    sign_in(client, login)
    return client


def build(client: FlaskClient) -> str:
    """Press the button that builds the report; return the page one comes to."""
    page = client.get("/research/report").text
    return client.post("/research/report", data={"csrf_token": token(page)}, follow_redirects=True).text


def kept(settings: config.Settings) -> Path:
    """Return where the report is kept."""
    return settings.home / "report.json"


def lock(session: Session, world: World, age: int) -> m.View:
    """The coordinator says what the child of this age may want."""
    if age not in world.children:
        _child(session, world, age)
    made = decide.lock(session, world.round(session, age), TOPIC, "FAMILY", "LEARN", world.vera, clock.now())
    session.commit()
    return made


@pytest.fixture
def one_case(session: Session, world: World) -> None:
    """A child of eleven wishes, the coordinator believes, decides and owes a reply."""
    take(session, {**envelope(session, world), "answers": {"S3.C01": {"code": "LEARN", "shared": True}}})
    lock(session, world, 11)
    outcome = decide.Outcome("FAMILY", TODAY, "yes", ("COORDINATOR",), ("SAFETY",), "We talked it over.")
    draft = reply.Draft(decided="We decided.", because="Because.")
    decide.close(session, world.round(session), TOPIC, outcome, draft, world.vera, clock.now())
    session.commit()


def test_without_results_the_page_says_what_is_missing(researcher: FlaskClient) -> None:
    page = researcher.get("/research/report").text

    inspect(page)
    assert "No results yet" in page
    assert "A child has answered" in page
    assert "Build the report" not in page


@pytest.mark.usefixtures("one_case")
def test_a_built_report_is_shown_to_all_and_downloads_as_one_file(researcher: FlaskClient, app: Flask) -> None:
    page = build(researcher)

    inspect(page)
    assert "The report is built." in page
    for login in ("vera", "lidia", "galina", "admin"):
        seen = browser(app, login).get("/research/report").text
        assert '<div class="report">' in seen
        assert "Built on" in seen
    assert ".report" in researcher.get("/research/report.css").text
    sent = researcher.get("/research/report_file")
    assert sent.headers["Content-Disposition"].startswith("attachment; filename=heard-report-")
    assert "<style>" in sent.text
    assert "http://" not in sent.text.replace("http://www.w3.org", "")


@pytest.mark.usefixtures("one_case")
def test_a_report_names_no_child_and_shows_no_count_of_one(researcher: FlaskClient, world: World) -> None:
    page = build(researcher).partition('<div class="report">')[2]

    assert page
    for child in world.children.values():
        assert child.identity.name not in page
        assert child.identity.case_number not in page
        assert str(child.id) not in page
    assert "1 children" not in page


@pytest.mark.usefixtures("one_case")
@pytest.mark.parametrize(("ages", "again"), [((11, 13, 14, 16), False), ((11, 13, 14, 16, 17), True)])
def test_a_report_is_built_again_when_five_children_have_answered_since(
    researcher: FlaskClient,
    settings: config.Settings,
    session: Session,
    world: World,
    ages: tuple[int, ...],
    again: bool,
) -> None:
    build(researcher)
    built_days_ago(settings, 5)
    before = kept(settings).read_bytes()
    for age in ages:
        grown_up(session, world, age)
        take(session, {**envelope(session, world, age), "answers": {"S3.C01": {"code": "LEARN"}}})

    page = build(researcher)

    inspect(page)
    assert ("The report is built." in page) == again
    assert ("fewer than five children have answered since" in page) == (not again)
    assert (kept(settings).read_bytes() != before) == again


@pytest.mark.usefixtures("one_case")
def test_what_staff_do_is_no_news_so_that_nobody_can_time_a_report_to_one_child(
    researcher: FlaskClient, settings: config.Settings, session: Session, world: World
) -> None:
    build(researcher)
    built_days_ago(settings, 5)
    for age in (13, 14, 16, 17):
        grown_up(session, world, age)
        lock(session, world, age)

    assert "The report stays as it is" in build(researcher)


@pytest.mark.usefixtures("one_case")
def test_who_knows_the_children_does_not_choose_when_a_report_is_built_again(
    researcher: FlaskClient, app: Flask, settings: config.Settings
) -> None:
    build(researcher)
    before = kept(settings).read_bytes()

    page = build(browser(app, "vera"))

    assert "A researcher or an administrator builds it again." in page
    assert kept(settings).read_bytes() == before


def built_days_ago(settings: config.Settings, days: int) -> None:
    """Let the kept report be some days old."""
    made = json.loads(kept(settings).read_text("utf-8"))
    made["built_at"] = (clock.now() - dt.timedelta(days=days)).isoformat()
    kept(settings).write_text(json.dumps(made), "utf-8")


def grown_up(session: Session, world: World, age: int) -> None:
    """Make sure that there is a child of this age."""
    if age not in world.children:
        _child(session, world, age)
        session.commit()


@pytest.mark.usefixtures("one_case")
def test_the_kept_report_can_be_read_by_nobody_else_on_the_machine(
    researcher: FlaskClient, settings: config.Settings
) -> None:
    build(researcher)

    assert kept(settings).stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("one_case")
@pytest.mark.parametrize("damage", ["", "{", '{"built_at": "2026-11-01T00:00:00+00:00"}', "[]"])
def test_a_damaged_report_is_simply_built_again(
    researcher: FlaskClient, settings: config.Settings, damage: str
) -> None:
    kept(settings).write_text(damage)

    assert "The report is not built yet" in researcher.get("/research/report").text
    assert "The report is built." in build(researcher)


@pytest.mark.usefixtures("one_case")
def test_without_the_statistics_the_page_says_what_to_install(
    researcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "analysis":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)

    page = build(researcher)

    assert "The statistics are not installed on this machine." in page
    assert "heard[analysis,charts]" in page
    inspect(page)


@pytest.mark.usefixtures("one_case")
def test_tables_that_do_not_fit_together_are_told_in_words(
    researcher: FlaskClient, session: Session, world: World
) -> None:
    where = world.round(session, 14)
    made = {"topic": TOPIC, "belief": "NO SUCH CODE", "first_view": "LEARN", "locked_at": clock.now()}
    session.add(m.View(id=uuid.uuid4(), round_id=where.id, staff_id=world.vera.id, **made))
    session.commit()

    page = build(researcher)

    inspect(page)
    assert "The report could not be built" in page
    assert "NO SUCH CODE" not in page


@pytest.mark.usefixtures("one_case")
def test_building_a_report_is_written_in_the_record(researcher: FlaskClient, session: Session, world: World) -> None:
    build(researcher)

    deeds = session.scalars(select(m.Record.action).where(m.Record.staff_id == world.staff["marta"].id)).all()
    assert "built the report" in deeds


@pytest.mark.usefixtures("one_case")
def test_what_is_kept_holds_no_key_of_a_child(researcher: FlaskClient, settings: config.Settings, world: World) -> None:
    build(researcher)

    text = json.dumps(json.loads(kept(settings).read_text()))
    for thing in (*world.children.values(), *world.rounds.values()):
        assert str(thing.id) not in text


# ---- in the reader's language ----------------------------------------------------------------------------------


def numbers(page: str) -> list[str]:
    """Return the whole numbers in the tables and the text of an embedded report, in order."""
    report = page.partition('<div class="report">')[2].partition("</main>")[0]
    plain = re.sub(r"<svg.*?</svg>|<code>.*?</code>|<[^>]+>", " ", report, flags=re.S)
    return sorted(re.findall(r"\d+", html.unescape(plain)))


@pytest.mark.usefixtures("one_case")
@pytest.mark.parametrize(
    ("code", "way", "said"), [("ru", "ltr", "Главный результат"), ("ar", "rtl", "النتيجة الرئيسية")]
)
def test_everybody_reads_the_same_numbers_in_a_language_of_theirs(
    researcher: FlaskClient, app: Flask, code: str, way: str, said: str
) -> None:
    build(researcher)
    english = researcher.get("/research/report").text

    page = browser(app, "vera").get(f"/research/report?lang={code}").text

    inspect(page)
    assert f'<div lang="{code}" dir="{way}"><div class="report">' in page
    assert said in page
    assert "The main result" not in page
    assert numbers(page) == numbers(english)
    assert "The main result" in english


@pytest.mark.usefixtures("one_case")
def test_a_report_downloads_in_the_language_of_the_reader(researcher: FlaskClient) -> None:
    build(researcher)

    sent = researcher.get("/research/report_file?lang=ar")

    assert '<html lang="ar" dir="rtl">' in sent.text
    assert sent.headers["Content-Disposition"].endswith("-ar.html")


@pytest.mark.usefixtures("one_case")
def test_what_a_reader_saw_in_a_language_stays_as_it_was(researcher: FlaskClient, settings: config.Settings) -> None:
    build(researcher)
    researcher.get("/research/report?lang=ru")
    place = settings.home / "report.ru.json"
    kept_page = {**json.loads(place.read_text("utf-8")), "body": "<p>as it was</p>"}
    place.write_text(json.dumps(kept_page), "utf-8")

    assert "<p>as it was</p>" in researcher.get("/research/report?lang=ru").text


@pytest.mark.usefixtures("one_case")
@pytest.mark.parametrize(
    "damage", ["", "[]", '{"built_at": "2020-01-01T00:00:00+00:00", "page": "", "body": "old", "style": ""}']
)
def test_a_page_of_another_report_is_written_anew(
    researcher: FlaskClient, settings: config.Settings, damage: str
) -> None:
    build(researcher)
    (settings.home / "report.ru.json").write_text(damage)

    assert "Главный результат" in researcher.get("/research/report?lang=ru").text
    assert not list(settings.home.glob("*.part"))


@pytest.mark.usefixtures("one_case")
def test_a_reader_of_an_untranslated_language_gets_the_english_report(
    researcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(researcher)
    monkeypatch.setitem(LANGUAGES, "tlh", Language("tlh", "tlhIngan Hol"))

    page = researcher.get("/research/report?lang=tlh").text

    assert '<div lang="en" dir="ltr"><div class="report">' in page
    assert "The main result" in page


@pytest.mark.usefixtures("one_case")
def test_an_organisations_own_language_reads_the_report_in_its_own_words(
    researcher: FlaskClient, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(researcher)
    monkeypatch.setitem(LANGUAGES, "tlh", Language("tlh", "tlhIngan Hol"))
    place = settings.home / "translations" / "tlh" / "LC_MESSAGES" / "report.po"
    place.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Language: tlh\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    place.write_text(f'{head}msgid "The main result"\nmsgstr "wa’DIch"\n', "utf-8")

    page = researcher.get("/research/report?lang=tlh").text

    assert "wa’DIch" in page
    assert '<div lang="tlh" dir="ltr">' in page

    place.write_text(f'{head}msgid "The main result"\nmsgstr "wa’DIcha"\n', "utf-8")

    assert "wa’DIcha" in researcher.get("/research/report?lang=tlh").text  # corrected meanwhile


@pytest.mark.usefixtures("one_case")
def test_without_the_statistics_an_old_report_is_still_read_in_english(
    researcher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(researcher)
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "analysis":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)

    assert '<div lang="en" dir="ltr"><div class="report">' in researcher.get("/research/report?lang=fr").text


@pytest.mark.usefixtures("one_case")
@pytest.mark.parametrize("broken", [{"frames": {}}, {"frames": {"flow": 3}, "log": 1}])
def test_numbers_that_were_damaged_leave_the_english_report(
    researcher: FlaskClient, settings: config.Settings, broken: dict[str, Any]
) -> None:
    build(researcher)
    kept(settings).write_text(json.dumps({**json.loads(kept(settings).read_text("utf-8")), "results": broken}), "utf-8")

    assert '<div lang="en" dir="ltr"><div class="report">' in researcher.get("/research/report?lang=uk").text


@pytest.mark.usefixtures("one_case")
def test_a_report_kept_by_an_older_make_is_read_in_english(researcher: FlaskClient, settings: config.Settings) -> None:
    build(researcher)
    made = json.loads(kept(settings).read_text("utf-8"))
    old = {name: made[name] for name in ("built_at", "page", "body", "style")}
    kept(settings).write_text(json.dumps(old), "utf-8")

    assert "The main result" in researcher.get("/research/report?lang=es").text


def test_the_codebook_names_topics_in_the_language_of_the_reader(researcher: FlaskClient, session: Session) -> None:
    last = session.scalars(select(m.Questionnaire).filter_by(name="catalogue")).one()
    name = publish.catalogue(session).topics["D3.1"].name
    topics = [{**topic, "name": f"Тема {topic['id']}"} for topic in last.document["topics"]]
    body = {**last.document, "version": 2, "translated": {"ru": {**last.document, "topics": topics}}}
    facts = {"name": last.name, "stage": last.stage, "asked_of": last.asked_of, "published_at": clock.now()}
    session.add(m.Questionnaire(digest="c" * 64, version=last.version + 1, document=body, **facts))
    session.commit()

    page = researcher.get("/research/codebook?lang=ru").text

    assert "<code>D3.1</code></a> Тема D3.1" in page
    assert name not in page
    assert name in researcher.get("/research/codebook?lang=en").text
