"""Concerns: for safeguarding leads, today, without a name until there is a reason; to all others no page at all."""

import copy
import datetime as dt
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import clock, flag, publish
from survey import models as m
from survey.parts import Database
from survey.staff import concerns

from .conftest import TODAY, World, envelope
from .inspect_page import inspect
from .staff_room import browser, send
from .test_receive import take

WORDS = "Somebody shouts at night. <b>Please</b> come."


@pytest.fixture
def galina(app: Flask) -> FlaskClient:
    """Return the browser of the safeguarding lead of the village."""
    return browser(app, "galina")


def raised(
    app: Flask, session: Session, world: World, rule: str = "S3.C13", level: str = "read", text: str | None = WORDS,
    site: uuid.UUID | None = None, days: int = 0, visit: uuid.UUID | None = None,
) -> str:  # fmt: skip
    """A child's answer raises a concern; return its address."""
    store: Database = app.extensions["heard"]
    in_round = world.round(session)
    cause, visit, on = flag.Cause(rule, level, text), visit or uuid.uuid4(), TODAY - dt.timedelta(days=days)
    flag.raise_concern(session, store.seal, cause, visit, site or world.site.id, in_round.id, on)
    session.commit()
    found = select(m.Concern.id).where(m.Concern.submission_id == visit, m.Concern.rule == rule)
    key = session.scalars(found).one()
    session.commit()  # let go of the store: SQLite has one writer at a time
    return f"/staff/concern/{key}"


def test_lead_reads_what_a_child_wrote_without_learning_who_it_is(
    app: Flask, galina: FlaskClient, world: World, session: Session
) -> None:
    page = raised(app, session, world)

    shown = galina.get(page).text

    assert "Somebody shouts at night. &lt;b&gt;Please&lt;/b&gt; come." in shown
    assert "Child 11" not in shown and "P-11" not in shown
    inspect(shown)


def test_gravest_concerns_stand_first(app: Flask, galina: FlaskClient, world: World, session: Session) -> None:
    raised(app, session, world, "S3.C13", "read")
    raised(app, session, world, "S3.C12", "amber", None)
    raised(app, session, world, flag.TALK, "red", None)

    shown = galina.get("/staff/concerns").text

    assert shown.index("Urgent") < shown.index("Worrying") < shown.index("To read")
    assert "Wants to talk to someone" in shown
    inspect(shown)


def read(session: Session, world: World, page: str) -> str:
    """Somebody looks after it; return its address."""
    flag.take(session, session.get_one(m.Concern, uuid.UUID(page.rpartition("/")[2])), world.staff["ruth"], clock.now())
    session.commit()
    return page


def test_what_nobody_has_read_stands_before_what_somebody_looks_after(
    app: Flask, galina: FlaskClient, world: World, session: Session
) -> None:
    taken = [read(session, world, raised(app, session, world, days=days)) for days in (40, 30)]
    old = [raised(app, session, world, days=days) for days in (10, 20)]
    fresh = [raised(app, session, world, days=days) for days in (1, 5)]
    urgent = raised(app, session, world, "S3.C12", "red", None, days=6)

    shown = galina.get("/staff/concerns").text

    assert shown.index("<h2>New</h2>") < shown.index(urgent) < shown.index(fresh[0]) < shown.index(fresh[1])
    assert shown.index(fresh[1]) < shown.index("<h2>To read</h2>") < shown.index(old[0]) < shown.index(old[1])
    assert shown.index(old[1]) < shown.index(taken[0]) < shown.index(taken[1])
    inspect(shown)


def test_what_nobody_has_read_is_never_folded_away(
    app: Flask, galina: FlaskClient, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concerns, "MOST", 1)
    unread = [raised(app, session, world, days=days) for days in (10, 11)]
    taken = read(session, world, raised(app, session, world, days=12))

    open_part, folded = galina.get("/staff/concerns").text.split('<details class="more">')

    assert all(page in open_part for page in unread) and taken in folded


def test_concern_names_its_place_and_tells_days_of_that_place(
    app: Flask, galina: FlaskClient, world: World, session: Session
) -> None:
    page = raised(app, session, world)
    late = dt.datetime(2026, 3, 4, 22, 30, tzinfo=dt.UTC)  # half past one on the fifth, in Moscow
    flag.take(session, session.get_one(m.Concern, uuid.UUID(page.rpartition("/")[2])), world.staff["ruth"], late)
    session.commit()

    shown = galina.get(page).text

    assert " at Pine village." in shown
    assert "looks after this since March 5, 2026" in shown


@pytest.mark.parametrize(("age", "group"), [(11, "10-12"), (17, "16-17")])
def test_question_is_quoted_as_the_child_read_it(
    app: Flask, galina: FlaskClient, world: World, session: Session, age: int, group: str
) -> None:
    document = publish.latest(session, "child", "S3")
    assert document is not None
    asked = document.document["texts"]["en"]
    rule = next(q for q in asked["10-12"]["questions"]
                if q in asked["16-17"]["questions"]
                and asked["10-12"]["questions"][q]["text"] != asked["16-17"]["questions"][q]["text"])  # fmt: skip
    newer = copy.deepcopy({**document.document, "version": document.version + 1})
    newer["texts"]["en"][group]["questions"][rule]["text"] = "What nobody was asked yet"
    sent = envelope(session, world, age)
    take(session, sent)
    publish.document(session, newer, clock.now())
    session.commit()

    shown = galina.get(raised(app, session, world, rule, visit=uuid.UUID(str(sent["id"])))).text

    assert str(escape(asked[group]["questions"][rule]["text"])) in shown
    assert "What nobody was asked yet" not in shown


def test_lead_reads_the_question_in_her_language_and_sees_the_one_the_child_answered_in(
    app: Flask, galina: FlaskClient, world: World, session: Session
) -> None:
    document = publish.latest(session, "child", "S3")
    assert document is not None
    texts = document.document["texts"]
    words = {code: texts[code]["10-12"]["questions"]["S3.C12"]["text"] for code in ("en", "ru", "ar")}
    said = {"S3.C12": {"code": "0", "language": "ar"}, "S3.C13": {"text": "Приходите"}}
    sent = envelope(session, world)
    assert take(session, {**sent, "language": "ru", "answers": said}).state == "kept"
    key = session.scalars(select(m.Concern.id).where(m.Concern.rule == "S3.C12")).one()
    session.commit()

    shown = galina.get(f"/staff/concern/{key}").text
    assert str(escape(words["en"])) in shown and str(escape(words["ar"])) in shown
    assert "The child answered in another language: العربية." in shown
    assert '<p class="hint" lang="ar" dir="rtl">' in shown
    inspect(shown)

    russian = galina.get(f"/staff/concern/{key}?lang=ru").text
    assert str(escape(words["ru"])) in russian and str(escape(words["en"])) not in russian
    same = session.scalars(select(m.Concern.id).where(m.Concern.rule == "S3.C13")).one()
    session.commit()
    assert "العربية." not in galina.get(f"/staff/concern/{same}?lang=ru").text.split("<footer")[0]
    assert "another language: Русский." in galina.get(f"/staff/concern/{same}?lang=en").text


def test_answer_to_a_closed_question_is_shown_with_its_question(
    app: Flask, galina: FlaskClient, world: World, session: Session
) -> None:
    shown = galina.get(raised(app, session, world, "S3.C12", "red", None)).text

    assert "The question: " in shown and "“No”" in shown


@pytest.mark.parametrize("login", ["vera", "lidia", "marta", "admin"])
def test_concerns_do_not_exist_for_anybody_else(app: Flask, world: World, session: Session, login: str) -> None:
    page = raised(app, session, world)
    client = browser(app, login)

    assert client.get("/staff/concerns").status_code == client.get(page).status_code == 404
    assert client.get(page).data == client.get("/staff/no_such_page").data
    assert "concern" not in client.get("/staff/", follow_redirects=True).text.lower()


def test_concern_of_another_place_looks_exactly_like_no_concern(
    app: Flask, galina: FlaskClient, world: World, session: Session
) -> None:
    page = raised(app, session, world, site=world.other_site.id)

    other, missing = galina.get(page), galina.get(f"/staff/concern/{uuid.uuid4()}")

    assert other.status_code == 404 and other.data == missing.data
    assert send(galina, "/staff/concerns", f"{page}/identify", reason="Why not").status_code == 404
    assert "To read" not in galina.get("/staff/concerns").text
    assert WORDS[:10] in browser(app, "ruth").get(page).text  # who is responsible for both places


def test_lead_says_that_she_looks_after_it(app: Flask, galina: FlaskClient, world: World, session: Session) -> None:
    page = raised(app, session, world)

    send(galina, page, f"{page}/take")

    assert "Galina Petrova looks after this" in galina.get(page).text
    assert "somebody looks after it" in browser(app, "ruth").get("/staff/concerns").text


def test_concern_is_closed_only_with_an_outcome_and_only_once(
    app: Flask, galina: FlaskClient, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    page = raised(app, session, world)

    silent = send(galina, page, f"{page}/close", note="Nothing chosen.")
    assert silent.status_code == 422
    assert "Choose what came of it." in silent.text and "Nothing chosen." in silent.text
    inspect(silent.text)
    send(galina, page, f"{page}/close", outcome="spoken_to", note="She is with her aunt.")
    again = send(galina, page, f"{page}/close", outcome="no_risk")

    assert "Somebody closed this concern before you" in galina.get(again.location).text
    with sessions() as seen:
        assert [(c.outcome, c.outcome_note) for c in seen.scalars(select(m.Concern))] == [
            ("spoken_to", "She is with her aunt.")
        ]
    inspect(galina.get(page).text)
    inspect(galina.get("/staff/concerns").text)


def test_name_is_shown_for_a_reason_that_is_kept(
    app: Flask, galina: FlaskClient, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    page = raised(app, session, world)

    silent = send(galina, page, f"{page}/identify", reason=" ")
    assert silent.status_code == 422 and "Child 11" not in silent.text
    inspect(silent.text)
    shown = send(galina, page, f"{page}/identify", reason="Call the night nurse")

    assert "Child 11" in shown.text and "P-11" in shown.text
    assert "Child 11" not in galina.get(page).text
    with sessions() as seen:
        actions = [(r.reason, r.staff_id) for r in seen.scalars(select(m.Record)) if "looked up" in r.action]
        assert actions == [("Call the night nurse", world.staff["galina"].id)]
    inspect(shown.text)


def test_what_was_set_aside_is_listed_but_not_opened(
    app: Flask, galina: FlaskClient, world: World, session: Session
) -> None:
    store: Database = app.extensions["heard"]
    aside = m.SetAside(
        id=uuid.uuid4(), site_id=world.site.id, reason="card_used_twice", content_hash="h", received_on=TODAY
    )
    aside.sealed_content = store.seal.close("secret words", f"set_aside:{aside.id}")
    session.add(aside)
    session.commit()

    shown = galina.get("/staff/concerns").text

    assert "The card was used twice" in shown and "secret words" not in shown
    inspect(shown)


def test_lead_without_concerns_is_asked_to_look_again_tomorrow(galina: FlaskClient) -> None:
    shown = galina.get("/staff/concerns").text

    assert "No open concerns" in shown
    inspect(shown)


def test_lead_cannot_open_a_childs_page(galina: FlaskClient, world: World) -> None:
    assert galina.get(f"/staff/child/{world.children[11].id}").status_code == 404
    assert galina.get("/staff/caseload").status_code == 404
