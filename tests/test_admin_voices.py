"""The recording studio, as the administrator who records meets it; without script, and in any browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey import clock, voice
from survey import models as m

from .conftest import World, token
from .inspect_page import Page, inspect
from .sounds import hum
from .staff_room import browser


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the administrator's browser."""
    return browser(app, "admin")


@pytest.fixture
def asked(session: Session, world: World) -> list[voice.Phrase]:
    """Return what is to be read aloud in English."""
    found = voice.wanted(session, "en")
    session.commit()
    return found


def studio(one: voice.Phrase, view: str = "") -> str:
    """Return the address of a sentence's page."""
    return f"/admin/voice/en/{one.said}{view}"


def upload(client: FlaskClient, where: str, sound: bytes | None) -> TestResponse:
    """Send a sound file from the page of a sentence."""
    page = client.get(where).text
    inspect(page)
    return send(client, where, sound, token(page))


def send(client: FlaskClient, where: str, sound: bytes | None, csrf: str = "") -> TestResponse:
    """Send a form with a file, as a browser writes it. (The test client itself would leave temporary files open.)"""
    file = b"" if sound is None else _part('name="sound"; filename="a.wav"', sound)
    body = _part('name="csrf_token"', csrf.encode()) + file + b"--heard--\r\n"
    return client.post(where, data=body, content_type="multipart/form-data; boundary=heard")


def _part(name: str, content: bytes) -> bytes:
    return b"--heard\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\n" + content + b"\r\n"


def heard(session: Session, one: voice.Phrase) -> m.Clip | None:
    """Return what children hear for a sentence."""
    session.expire_all()
    found = voice.find(session, "en", one.said)
    session.commit()
    return found


def put(session: Session, one: voice.Phrase, kind: str = "recorded") -> m.Clip:
    """Keep a voice for a sentence behind the pages."""
    made = voice.keep(session, "en", one.text, hum(), kind, "Olga", clock.now())
    session.commit()
    return made


def test_a_file_is_kept_evened_out_and_the_next_sentence_comes(
    admin: FlaskClient, session: Session, asked: list[voice.Phrase]
) -> None:
    reply = upload(admin, studio(asked[0]), hum(2))

    assert (reply.status_code, reply.location) == (303, studio(asked[1], "?show=open&q="))
    clip = heard(session, asked[0])
    assert clip is not None
    assert (clip.kind, clip.made_by, round(clip.seconds, 1)) == ("recorded", "Admin", 2.2)
    assert clip.mp3 != hum(2)
    page = admin.get(reply.location).text
    assert "Saved: 2.2 seconds." in page
    assert f"1 of {len(asked)} sentences are recorded" in page
    entry = session.scalars(select(m.Record).where(m.Record.kind == "clip")).one()
    assert (entry.action, entry.object_id) == ("recorded a voice", str(clip.id))


def test_the_sentence_stands_large_in_its_language_with_what_is_heard_now(
    admin: FlaskClient, session: Session, asked: list[voice.Phrase]
) -> None:
    clip = put(session, asked[0])

    page = Page(admin.get(studio(asked[0])).text)

    sentence = next(one for one in page.all("p") if one.attributes.get("class") == "aloud")
    assert (sentence.text, sentence.attributes["lang"], sentence.attributes["dir"]) == (asked[0].text, "en", "ltr")
    sources = [one.attributes["src"] for one in page.all("audio") if "src" in one.attributes]
    assert sources == [f"/voice/en/{asked[0].said}.mp3?v={clip.id.hex[:8]}"]
    assert admin.get(sources[0]).data == clip.mp3
    assert "by Olga on" in page.root.text


@pytest.mark.parametrize(
    ("sound", "wrong"),
    [
        (None, "Record the sentence, or choose a sound file."),
        (b"<html>", "This is not a sound file that Heard can read. Save it as WAV, FLAC, OGG or MP3."),
        (hum(0.05, before=0, after=0), "The recording is too short."),
        (hum(2, level=0), "Nothing can be heard. Check that the right microphone is chosen"),
        (hum(61, rate=8000), "The recording is longer than 60 seconds. Record this one sentence only."),
        (bytes(9 * 1024 * 1024), "The file is larger than 8 MB. Save it as MP3 or FLAC and try again."),
    ],
    ids=["nothing", "a page", "short", "silent", "long", "big"],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_cure(
    admin: FlaskClient, session: Session, asked: list[voice.Phrase], sound: bytes | None, wrong: str
) -> None:
    reply = upload(admin, studio(asked[0]), sound)

    assert reply.status_code == 200
    inspect(reply.text)
    assert wrong in reply.text
    assert 'class="error-summary"' in reply.text
    assert heard(session, asked[0]) is None


def test_only_who_is_let_in_may_send_something_large(app: Flask, asked: list[voice.Phrase]) -> None:
    large = bytes(3 * 1024 * 1024)

    assert send(app.test_client(), studio(asked[0]), large).status_code == 303
    assert send(browser(app, "vera"), studio(asked[0]), large).status_code == 404
    assert send(browser(app, "admin"), "/admin/organisation", large).status_code == 413
    assert send(browser(app, "admin"), studio(asked[0]), bytes(40 * 1024 * 1024)).status_code == 413


def test_only_the_studio_may_use_the_microphone(admin: FlaskClient, asked: list[voice.Phrase]) -> None:
    here, elsewhere = admin.get(studio(asked[0])).headers, admin.get("/admin/voices").headers

    assert "microphone=(self)" in here["Permissions-Policy"]
    assert "media-src 'self' blob:;" in here["Content-Security-Policy"]
    assert "microphone=()" in elsewhere["Permissions-Policy"]
    assert "blob:" not in elsewhere["Content-Security-Policy"]
    assert here["Cache-Control"] == "no-store"


def test_a_recording_is_taken_back_and_the_one_before_is_heard_again(
    admin: FlaskClient, session: Session, asked: list[voice.Phrase]
) -> None:
    draft, clip = put(session, asked[0], "draft"), put(session, asked[0])
    data = {"csrf_token": token(admin.get(studio(asked[0])).text), "clip": clip.id.hex}

    reply = admin.post(f"{studio(asked[0])}/take_back", data=data)

    assert (reply.status_code, reply.location) == (303, studio(asked[0], "?show=open&q="))
    now = heard(session, asked[0])
    assert now is not None
    assert now.id == draft.id
    assert "A program reads this." in admin.get(studio(asked[0])).text


def test_a_draft_cannot_be_taken_back_nor_a_recording_nobody_listened_to(
    admin: FlaskClient, session: Session, asked: list[voice.Phrase]
) -> None:
    draft, seen = put(session, asked[0], "draft"), put(session, asked[1])
    newer = put(session, asked[1])
    csrf = token(admin.get(studio(asked[0])).text)

    for one, clip in ((asked[0], draft), (asked[1], seen)):
        page = admin.post(f"{studio(one)}/take_back", data={"csrf_token": csrf, "clip": clip.id.hex})
        assert "Nothing was taken back" in admin.get(page.location).text

    kept = heard(session, asked[1])
    assert heard(session, asked[0]) is not None
    assert kept is not None
    assert kept.id == newer.id


def links(page: str) -> list[str]:
    """Return the sentences a page lists."""
    return [one.text for one in Page(page).all("a") if one.all("bdi") and one.parent and one.parent.tag == "th"]


def test_sentences_are_listed_by_what_they_lack(
    admin: FlaskClient, session: Session, asked: list[voice.Phrase]
) -> None:
    put(session, asked[0])
    put(session, asked[1], "draft")
    texts = [one.text for one in asked]

    shown = {show: links(admin.get(f"/admin/voices?show={show}").text) for show in ("open", "missing", "draft", "all")}

    assert shown == {"open": texts[1:], "missing": texts[2:], "draft": [texts[1]], "all": texts}
    assert links(admin.get("/admin/voices?show=nonsense&spoken=nonsense").text) == texts[1:]


def test_sentences_are_found_by_their_words_and_by_the_question(admin: FlaskClient, asked: list[voice.Phrase]) -> None:
    first = asked[0]

    assert links(admin.get("/admin/voices", query_string={"q": first.text.upper()}).text) == [first.text]
    by_question = links(admin.get(f"/admin/voices?q={first.question.lower()}").text)
    assert by_question == [one.text for one in asked if first.question in one.question]
    page = admin.get("/admin/voices?q=<script>").text
    inspect(page)
    assert "No sentence is left here" in page


def test_the_next_sentence_is_the_next_of_those_that_are_looked_at(
    admin: FlaskClient, session: Session, asked: list[voice.Phrase]
) -> None:
    put(session, asked[3], "draft")
    put(session, asked[1], "draft")

    first = upload(admin, studio(asked[1], "?show=draft"), hum())
    last = upload(admin, studio(asked[3], "?show=draft"), hum())

    assert first.location == studio(asked[3], "?show=draft&q=")
    assert last.location == "/admin/voices?spoken=en&show=draft&q="


def test_an_organisation_without_questionnaires_is_told_what_comes_first(
    admin: FlaskClient, session: Session, world: World
) -> None:
    session.get_one(m.Organisation, 1).languages = "ar"
    session.commit()
    page = admin.get("/admin/voices").text

    inspect(page)
    assert "العربية" in page


@pytest.mark.parametrize("where", ["/admin/voice/en/000000000000", "/admin/voice/xx/{}", "/admin/voice/en%00/{}"])
def test_what_no_child_reads_cannot_be_recorded(admin: FlaskClient, asked: list[voice.Phrase], where: str) -> None:
    assert admin.get(where.format(asked[0].said)).status_code == 404


@pytest.mark.parametrize("where", ["/admin/voice/x/x", "/admin/voice/en/x", f"/admin/voice/en/{'a' * 12}"])
def test_a_stranger_learns_nothing_from_an_address_of_the_studio(app: Flask, admin: FlaskClient, where: str) -> None:
    assert app.test_client().get(where).location == "/staff/sign-in"
    assert admin.get(where).status_code == 404
