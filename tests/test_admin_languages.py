"""The administrator chooses languages, a native speaker reviews them, translators take the words out and back."""

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey import clock, config, create_app, invite, ledger, publish
from survey import models as m
from survey.parts import Database
from survey.translation import books, store

from . import pseudo
from .conftest import TODAY, World, token
from .inspect_page import inspect
from .staff_room import browser, send

PAGE, REVIEW, FILES = "/admin/languages", f"/admin/language/{pseudo.CODE}", f"/admin/language/{pseudo.CODE}/files"


@pytest.fixture
def app(settings: config.Settings, world: World) -> Iterator[Flask]:
    """Return Heard in a home with a language of its own."""
    pseudo.write(settings.home)
    made = create_app(settings)
    made.testing = False
    yield made
    store: Database = made.extensions["heard"]
    store.engine.dispose()
    pseudo.forget()


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the browser of the administrator."""
    return browser(app, "admin")


def choose(admin: FlaskClient, *codes: str) -> str:
    """Choose languages, the first one first; return the page that follows."""
    sent = send(admin, PAGE, languages=list(codes), first=codes[0] if codes else "")
    page = admin.get(sent.location).text if sent.status_code == 303 else sent.text
    inspect(page)
    return page


def offered(session: Session) -> str:
    """Return what children are offered."""
    found = session.get_one(m.Organisation, 1, populate_existing=True).languages
    session.commit()
    return found


def reads(session: Session, world: World, *, in_round: bool) -> None:
    """A child reads the language of these tests; perhaps in a round that is open."""
    child = session.get_one(m.Child, world.children[11].id)
    child.language = pseudo.CODE
    if in_round:
        invite.open_round(session, child, "S3", world.vera, TODAY, clock.now())
    session.commit()


def test_what_is_chosen_is_offered_and_published_the_first_one_first(admin: FlaskClient, session: Session) -> None:
    page = choose(admin, pseudo.CODE, "en")

    assert "Saved." in page
    assert "documents are published" in page
    assert offered(session) == f"{pseudo.CODE} en"


def test_no_language_at_all_cannot_be_chosen(admin: FlaskClient, session: Session) -> None:
    assert "Choose at least one language." in choose(admin)
    assert offered(session) == "en"


def test_a_language_is_not_taken_away_while_a_child_with_an_open_round_reads_it(
    admin: FlaskClient, session: Session, world: World
) -> None:
    choose(admin, "en", pseudo.CODE)
    reads(session, world, in_round=True)

    page = choose(admin, "en")

    assert f"1 child with an open round reads {pseudo.OWN_NAME}." in page
    assert offered(session) == f"en {pseudo.CODE}"


def test_children_without_an_open_round_fall_back_and_are_counted(
    admin: FlaskClient, session: Session, world: World
) -> None:
    choose(admin, "en", pseudo.CODE)
    reads(session, world, in_round=False)

    page = choose(admin, "en")

    assert f"1 child reads {pseudo.OWN_NAME}. The next card of this child is in English." in page
    assert offered(session) == "en"


def keys_on(page: str) -> list[str]:
    """Return what can be ticked on a page."""
    return [part.split('"')[0] for part in page.split('name="keys" value="')[1:]]


def test_a_native_speaker_ticks_what_is_right_and_takes_one_back(admin: FlaskClient, session: Session) -> None:
    where = f"{REVIEW}?group=S3&age=10-12"
    page = admin.get(where).text
    inspect(page)
    keys = keys_on(page)
    assert len(keys) == 25
    assert f'<p lang="{pseudo.CODE}" dir="rtl">' in page and "Something to choose" in page

    marked = _mark(admin, where, keys[:2], "reviewed", reviewer="Amina Odhiambo")
    assert "2 sentences are marked." in marked and "Amina Odhiambo" in marked
    assert "1 sentence is marked." in _mark(admin, where, keys[:1], "draft", reviewer="Amina Odhiambo")

    summary = ledger.summary(session, pseudo.CODE)
    assert (summary.reviewed, summary.tried) == (1, 0)


def _mark(admin: FlaskClient, where: str, keys: list[str], state: str, **more: str) -> str:
    sent = send(admin, where, keys=keys, state=state, **{"reviewer": "Amina", **more})
    page = admin.get(sent.location).text if sent.status_code == 303 else sent.text
    inspect(page)
    return page


def test_whoever_is_signed_in_is_not_taken_for_the_reader(admin: FlaskClient, session: Session) -> None:
    page = admin.get(REVIEW).text
    assert reader(page) == ""

    refused = _mark(admin, REVIEW, keys_on(page)[:1], "reviewed", reviewer=" ")

    assert "Write the name of the native speaker." in refused
    assert ledger.summary(session, pseudo.CODE).reviewed == 0


def test_the_reader_is_remembered_for_the_language_that_was_read(admin: FlaskClient) -> None:
    _mark(admin, REVIEW, keys_on(admin.get(REVIEW).text)[:1], "reviewed", reviewer="Amina Odhiambo")

    assert reader(admin.get(REVIEW).text) == "Amina Odhiambo"
    assert reader(admin.get("/admin/language/ru").text) == ""


def reader(page: str) -> str:
    """Return what stands in the field for the reader's name."""
    found = re.search(r'<input[^>]*name="reviewer"[^>]*>', page)
    assert found and " required" in found[0]
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def test_the_options_of_a_list_stand_together_under_their_question(admin: FlaskClient) -> None:
    page = admin.get(f"{REVIEW}?q=D3.1").text

    shown = re.findall(r"<code>(D3\.1 \w+)</code>", page)[:5]
    assert shown == [f"D3.1 {code}" for code in ("LEARN", "FAMILY", "HEALTH", "SOCIAL", "INDEP")]
    assert '<small lang="en" dir="ltr">The main goal of your plan</small>' in page
    assert f'<small lang="{pseudo.CODE}" dir="rtl">{pseudo.said("The main goal of your plan")}</small>' in page
    inspect(page)


def test_the_stages_are_named_in_the_language_of_the_page(admin: FlaskClient) -> None:
    title = publish.shipped().stages["S3"].title["staff"]

    page = admin.get(f"{REVIEW}?lang={pseudo.CODE}").text

    assert f"S3 · {pseudo.said(title)}" in page


def test_a_changed_sentence_shows_what_was_read_beside_what_stands_there_now(
    admin: FlaskClient, settings: config.Settings
) -> None:
    where, words = f"{REVIEW}?q=Do+you+want+to+stop%3F", pseudo.said("Do you want to stop?")
    _mark(admin, where, keys_on(admin.get(where).text)[:1], "reviewed", reviewer="Amina Odhiambo")
    file = settings.home / "translations" / pseudo.CODE / "LC_MESSAGES" / "messages.po"
    file.write_text(file.read_text("utf-8").replace(f'msgstr "{words}"', f'msgstr "{words} ب"'), "utf-8")
    books.forget()

    page = admin.get(where).text

    assert re.search("Amina Odhiambo read it on [^;]+; the words changed since.", page)
    assert f'<del lang="{pseudo.CODE}" dir="rtl">{words}</del>' in page
    inspect(page)


def test_a_language_without_a_word_has_passed_nothing_and_is_no_draft(
    admin: FlaskClient, settings: config.Settings
) -> None:
    for file in (settings.home / "translations" / pseudo.CODE / "LC_MESSAGES").iterdir():
        file.unlink()
    books.forget()

    row = admin.get(PAGE).text.split(f'id="name-{pseudo.CODE}"')[1].split("</tr>")[0]

    assert "Not translated" in row
    assert "Age rules passed" not in row and "Unreviewed draft" not in row
    assert "<small>reviewed: 0</small>" in row and re.search(r'<small class="some">missing for children: \d+', row)


@pytest.mark.parametrize("lacks", ["children", "place", "tried_on"])
def test_tried_asks_how_many_children_where_and_when_and_keeps_the_ticks(admin: FlaskClient, lacks: str) -> None:
    keys = keys_on(admin.get(REVIEW).text)[:1]
    known = {"children": "6", "place": "Pine village", "tried_on": "2026-11-01"}

    refused = _mark(admin, REVIEW, keys, "tried", **{**known, lacks: ""})

    assert "Fill in all three" in refused
    assert f'value="{keys[0]}" aria-describedby="words-1" checked' in refused
    assert "1 sentence is marked." in _mark(admin, REVIEW, keys, "tried", **known)


@pytest.mark.parametrize(
    "filled", [{"state": "holy"}, {"state": "reviewed", "keys": []}, {"state": "tried", "children": "many"}]
)
def test_what_makes_no_sense_is_answered_in_words(admin: FlaskClient, filled: dict[str, object]) -> None:
    page = send(admin, REVIEW, **{"reviewer": "A", "keys": ["x"], **filled}).text

    assert "Something needs another look" in page
    inspect(page)


@pytest.mark.parametrize("asked", ["?page=x&group=9&age=%00&state=!", "?page=9999", "?q=%00%f0", "?page=-1"])
def test_an_odd_address_shows_the_page(admin: FlaskClient, asked: str) -> None:
    assert admin.get(f"{REVIEW}{asked}").status_code == 200


@pytest.mark.parametrize("where", ["/admin/language/en", "/admin/language/..", f"/admin/language/{pseudo.CODE}/x.po"])
def test_there_is_nothing_to_review_in_english_or_elsewhere(admin: FlaskClient, where: str) -> None:
    assert admin.get(where).status_code == 404


def bring(admin: FlaskClient, words: str, book: str = "messages") -> TestResponse:
    """Send a PO file."""
    data = {
        "csrf_token": token(admin.get(FILES).text), "book": book,
        "words": (io.BytesIO(words.encode()), f"{book}.po"),
    }  # fmt: skip
    return admin.post(FILES, data=data)


def put_in_place(admin: FlaskClient, preview: str, book: str = "messages") -> str:
    """Press the button under the preview; return the page that follows."""
    digest = preview.split('name="digest" value="')[1].split('"')[0]
    form = {"csrf_token": token(preview), "digest": digest}
    return admin.get(admin.post(f"/admin/language/{pseudo.CODE}/{book}/accept", data=form).location).text


def test_words_are_taken_out_corrected_and_brought_back(
    admin: FlaskClient, settings: config.Settings, session: Session
) -> None:
    words = admin.get(f"/admin/language/{pseudo.CODE}/messages.po").text
    before, after = (f'msgstr "{pseudo.said("Do you want to stop?")}{more}"' for more in ("", " ب"))
    assert before in words

    preview = bring(admin, words.replace(before, after)).text
    inspect(preview)
    assert "1 text would change." in preview
    assert books.book(pseudo.CODE, "messages").find("", "Do you want to stop?") == pseudo.said("Do you want to stop?")
    assert "1 text is changed." in put_in_place(admin, preview)

    folder = settings.home / "translations" / pseudo.CODE / "LC_MESSAGES"
    assert (
        books.book(pseudo.CODE, "messages").find("", "Do you want to stop?")
        == pseudo.said("Do you want to stop?") + " ب"
    )
    kept = {file.name.split(".")[1]: file for file in folder.glob("messages.*.po")}
    assert any(before in file.read_text("utf-8") for file in kept.values())
    assert not list(folder.glob("*.new")) and not list(folder.glob(".*"))
    line = session.query(m.Record).filter_by(action="put a translation in place").one()
    digest = hashlib.sha256((folder / "messages.po").read_bytes()).hexdigest()
    assert line.reason == f"{pseudo.CODE}/messages.po {digest}"
    assert digest[:12] in kept


def test_no_words_come_into_force_without_a_line_in_the_record(
    admin: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def noted(_home: Path, made: store.Proposal) -> None:
        assert session.query(m.Record).filter_by(action="put a translation in place").count() == 1

    monkeypatch.setattr(store, "put", noted)
    preview = bring(admin, admin.get(f"/admin/language/{pseudo.CODE}/messages.po").text).text

    assert "texts are changed." in put_in_place(admin, preview)


def test_what_comes_into_force_is_what_was_looked_at_whatever_was_sent_meanwhile(
    admin: FlaskClient, settings: config.Settings
) -> None:
    home, words = settings.home, admin.get(f"/admin/language/{pseudo.CODE}/messages.po").text.encode()
    seen = store.propose(home, pseudo.CODE, "messages", words)
    found = store.proposed(home, pseudo.CODE, "messages", seen.digest)
    later = store.propose(home, pseudo.CODE, "messages", words + b"\n# another\n")

    store.put(home, found)

    folder = home / "translations" / pseudo.CODE / "LC_MESSAGES"
    assert (folder / "messages.po").read_bytes() == words
    assert store.proposed(home, pseudo.CODE, "messages", later.digest).digest == later.digest


def test_the_newest_twenty_versions_are_kept(admin: FlaskClient, settings: config.Settings) -> None:
    home, words = settings.home, admin.get(f"/admin/language/{pseudo.CODE}/report.po").text.encode()
    folder = home / "translations" / pseudo.CODE / "LC_MESSAGES"

    for n in range(store.VERSIONS + 3):
        made = store.propose(home, pseudo.CODE, "report", words + b"# %d\n" % n)
        store.put(home, made)

    assert len(list(folder.glob("report.*.po"))) == store.VERSIONS
    assert (folder / f"report.{made.digest[:12]}.po").read_bytes() == (folder / "report.po").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "the header is missing"), ("\0", "NUL"), ("msgid", "cannot"),
        ('msgid ""\nmsgstr ""\n"Language: ru\\n"\n', "This file is for &#39;qaa-heard&#39;"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named_with_place_and_cure(admin: FlaskClient, words: str, said: str) -> None:
    page = bring(admin, words).text

    assert "This file cannot be used yet." in page
    assert said in page or "last line" in page
    inspect(page)


def test_the_words_of_another_file_are_not_taken_for_these(admin: FlaskClient) -> None:
    words = admin.get(f"/admin/language/{pseudo.CODE}/questionnaires.po").text

    page = bring(admin, words).text

    assert "these are words of questionnaires.po, not of messages.po" in page
    assert books.book(pseudo.CODE, "messages").find("", "Do you want to stop?")


def test_a_file_that_would_put_english_before_children_is_refused(admin: FlaskClient, session: Session) -> None:
    choose(admin, "en", pseudo.CODE)
    words = admin.get(f"/admin/language/{pseudo.CODE}/messages.po").text
    lacking = words.replace(f'msgstr "{pseudo.said("Do you want to stop?")}"', 'msgstr ""')

    preview = bring(admin, lacking).text

    assert "This file cannot be put in place" in preview
    assert "would miss sentences" in put_in_place(admin, preview)
    assert books.book(pseudo.CODE, "messages").find("", "Do you want to stop?")


def test_of_two_files_only_the_one_that_was_looked_at_is_put_in_place(admin: FlaskClient) -> None:
    words = admin.get(f"/admin/language/{pseudo.CODE}/messages.po").text
    preview = bring(admin, words).text
    bring(admin, words + "\n# another\n")

    assert "another file was sent meanwhile" in put_in_place(admin, preview)


def test_coordinator_gives_a_child_another_language_that_is_offered(
    app: Flask, admin: FlaskClient, session: Session, world: World
) -> None:
    choose(admin, "en", pseudo.CODE)
    vera, where = browser(app, "vera"), f"/staff/child/{world.children[11].id}"
    form = vera.get(f"{where}/language").text
    inspect(form)
    assert f"{pseudo.OWN_NAME} (unreviewed draft)" in form
    assert "Русский" not in form.split("<main")[1].split("</main>")[0]

    assert send(vera, f"{where}/language", language=pseudo.CODE).status_code == 303
    assert send(vera, f"{where}/language", language="ru").status_code == 200

    assert "is an unreviewed draft" in vera.get(where).text
    session.expire_all()
    assert session.get_one(m.Child, world.children[11].id).language == pseudo.CODE
    lines = session.query(m.Record).filter_by(action="changed a child's language").all()
    assert [line.staff_id for line in lines] == [world.vera.id]


def test_researchers_read_how_far_each_language_is_reviewed(app: Flask, admin: FlaskClient) -> None:
    choose(admin, "en", pseudo.CODE)

    page = browser(app, "marta").get("/research/codebook").text

    assert "Unreviewed draft" in page.split('id="languages"')[1]
    inspect(page)


def test_nobody_but_the_administrator_chooses_or_reviews(app: Flask, settings: config.Settings) -> None:
    for login in ("vera", "galina", "marta"):
        client = browser(app, login)
        assert {client.get(where).status_code for where in (PAGE, REVIEW, FILES)} == {404}
    assert not Path(settings.home / "translations" / "ru").exists()
