"""Every child in their own language: chosen on the first page, changed at any moment, kept with every answer."""

import hashlib
import re
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from survey import clock, offer, voice
from survey import models as m

from .conftest import TODAY, World
from .sounds import hum
from .test_child_questions import checked, resend
from .test_child_walk import UNDERSTOOD, Child, answers, count, envelope_in

Sessions = sessionmaker[Session]
NAMES = {"en": "English", "ru": "Русский", "ar": "العربية"}
MINE = "I miss my dog. 🐕"


@pytest.fixture
def child(client: FlaskClient, world: World, session: Session) -> Child:
    """Return a child at a tablet of an organisation that asks in English, Russian and Arabic."""
    session.get_one(m.Organisation, 1).languages = "en ru ar"
    session.commit()
    return Child(client)


def in_language(page: str) -> str:
    """Return the language and the direction of a page."""
    return "-".join(re.findall(r'<html lang="(\w+)" dir="(\w+)"', page)[0])


def speak(child: Child, page: str, code: str, **said: Any) -> Any:
    """Press the name of a language on a page with a form, with what was tapped so far."""
    own = {"envelope": envelope_in(child.page)} if page == "/questions" else {}
    return child.press(page, speak=code, **own, **said)


def hidden(page: str, ending: str) -> dict[str, str]:
    """Return the hidden fields of a page whose names end so."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name.endswith(ending)}


# ---- the first page ----


def test_a_child_chooses_a_language_by_its_own_name_in_its_own_direction(child: Child) -> None:
    page = child.see("/").text

    for code, name in NAMES.items():
        direction = "rtl" if code == "ar" else "ltr"
        assert f'<li lang="{code}" dir="{direction}">' in page
        assert f">{name}</a>" in page
    assert "Kiswahili" not in page
    assert 'class="code"' not in page  # one thing at a time: the card comes next
    assert in_language(child.see("/?lang=ar").text) == "ar-rtl"
    assert 'class="code"' in child.page


def test_a_child_of_an_organisation_with_one_language_begins_with_the_card(client: FlaskClient, world: World) -> None:
    child = Child(client)

    page = child.see("/").text

    assert 'class="code"' in page
    assert "speak" not in page and "English</a>" not in page


def test_a_child_who_cannot_read_hears_the_name_of_a_language(child: Child, session: Session) -> None:
    clip = voice.keep(session, "ru", "Русский", hum(), voice.RECORDED, "Vera", clock.now())
    voice.keep(session, "en", "Русский", hum(), voice.DRAFT, "a machine", clock.now())
    session.commit()

    page = child.see("/").text

    assert re.findall(r'href="(/voice/[^"]+)"', page) == [f"/voice/ru/{clip.said}.mp3?v={clip.id.hex[:8]}"]
    assert child.client.get(f"/voice/ru/{clip.said}.mp3").mimetype == "audio/mpeg"


def test_a_language_that_the_questions_do_not_speak_is_not_offered(
    child: Child, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = m.Questionnaire(
        digest="0" * 64, name="care.planning.child", version=99, stage="S3", asked_of="child",
        document={"languages": ["en", "ar"]}, published_at=clock.now(),
    )  # fmt: skip
    session.add(newest)
    session.commit()
    monkeypatch.setattr(offer, "_spoken", {})

    page = child.see("/").text

    assert "العربية" in page
    assert "Русский" not in page


def test_a_scanned_card_speaks_the_language_the_child_reads(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    session.get_one(m.Child, world.children[11].id).language = "ru"
    code = world.card(session)
    child.see("/")  # the choice: a scanned code is sent from here without a language

    assert child.press("/card", code=code).location == "/before-you-start"

    assert in_language(child.see("/before-you-start").text) == "ru-ltr"


# ---- in the middle of a visit ----


@pytest.mark.parametrize("code", ["ru", "ar"])
def test_every_page_of_a_visit_can_change_the_language_and_keeps_the_taps(
    child: Child, world: World, session: Session, code: str
) -> None:
    child.open_card(world.card(session))
    child.see("/before-you-start")

    page = speak(child, "/before-you-start", code, stop="yes", at="1").text
    assert in_language(page).startswith(code)
    assert ("stop", "yes") in checked(page)
    assert 'data-at="1"' in page

    child.press("/before-you-start", **UNDERSTOOD)
    child.see("/assent")
    page = speak(child, "/assent", "en", helper="carer", held_by="child", watched="no", picture="kite").text
    assert in_language(page) == "en-ltr"
    assert checked(page) >= {("helper", "carer"), ("held_by", "child"), ("watched", "no"), ("picture", "kite")}

    assert child.see(f"/assent?lang={code}").location == "/assent"  # a link, where a page has no form
    assert in_language(child.see("/assent").text).startswith(code)


def test_a_child_who_changes_the_language_loses_no_answer(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    child.arrive(world.card(session))
    said = {"S3.C01": "LEARN", "S3.C01.share": "yes", "S3.C02": "~DK", "S3.C03": "9", "S3.C13": MINE}

    page = speak(child, "/questions", "ar", at="4", **said).text

    assert in_language(page) == "ar-rtl"
    assert {one for one in checked(page) if one[0].startswith("S3.")} == {
        ("S3.C01", "LEARN"), ("S3.C01.share", "yes"), ("S3.C02", "~DK"),
    }  # fmt: skip
    assert MINE in page
    assert 'data-at="4"' in page and "data-kept" in page
    assert 'role="alert"' not in page
    assert count(sessions, m.Submission) == 0


def test_each_answer_keeps_the_language_it_was_given_in(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    said = child.arrive(world.card(session))
    speak(child, "/questions", "ru", **{"S3.C01": "LEARN", "S3.C02": "STAY", "S3.C13": MINE})
    carried = hidden(child.page, ".spoken")
    speak(child, "/questions", "ar", **resend(child.page), **carried, **{"S3.C04": "PEER"})
    carried = hidden(child.page, ".spoken")

    child.send({**resend(child.page), **carried, "S3.C02": "KIN", "S3.C12": "2"})

    rows = answers(sessions)
    kept = {name: rows[name].language for name in ("S3.C01", "S3.C02", "S3.C04", "S3.C12", "S3.C13", "S3.C03")}
    assert kept == {
        "S3.C01": "en", "S3.C13": "en",  # before the first change
        "S3.C04": "ru",  # between the two
        "S3.C02": None, "S3.C12": None, "S3.C03": None,  # said anew, said now, not said: the language of the end
    }  # fmt: skip
    with sessions() as opened:
        assert opened.get_one(m.Submission, uuid.UUID(said)).language == "ar"


def test_an_answer_keeps_its_language_when_the_page_comes_back_with_a_mistake(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    child.arrive(world.card(session))
    speak(child, "/questions", "ru", **{"S3.C01": "LEARN"})
    once = child.send({**resend(child.page), **hidden(child.page, ".spoken"), "S3.C02": "nonsense"})

    child.send({**resend(once.text), **hidden(once.text, ".spoken")})

    assert once.status_code == 422
    assert answers(sessions)["S3.C01"].language == "en"


def test_the_page_does_not_hold_an_answer_once_more_beside_the_field(
    child: Child, world: World, session: Session
) -> None:
    child.arrive(world.card(session))

    speak(child, "/questions", "ru", **{"S3.C01": "LEARN", "S3.C13": "mum"})

    carried = hidden(child.page, ".spoken")
    assert set(carried) == {"S3.C01.spoken", "S3.C13.spoken"}
    assert all(re.fullmatch("en:[0-9a-f]{16}", one) for one in carried.values())
    assert carried["S3.C13.spoken"] != f"en:{hashlib.sha256(b'mum').hexdigest()[:16]}"  # a word cannot be guessed


def test_a_mark_holds_for_this_visit_only(child: Child, world: World, session: Session, sessions: Sessions) -> None:
    child.arrive(world.card(session))
    speak(child, "/questions", "ru", **{"S3.C01": "LEARN"})
    of_before = hidden(child.page, ".spoken")
    child.arrive(world.card(session), "ru")

    child.send({"S3.C01": "LEARN", **of_before})

    assert answers(sessions)["S3.C01"].language is None


@pytest.mark.parametrize("end", ["thanks", "first page", "abandoned"])
def test_which_language_a_child_read_does_not_stay_on_the_tablet(
    child: Child, world: World, session: Session, end: str
) -> None:
    child.arrive(world.card(session), "ar")
    with child.client.session_transaction() as cookie:
        assert cookie["language"] == "ar"

    if end == "thanks":
        child.send({})
        child.see("/thanks")
    elif end == "abandoned":
        session.execute(update(m.Card).values(replaced_on=TODAY))
        session.commit()
        child.see("/questions")
    page = child.see("/").text

    assert in_language(page) == "en-ltr"
    with child.client.session_transaction() as cookie:
        assert "language" not in cookie and "language_before" not in cookie


@pytest.mark.parametrize("https", [True, False])
def test_what_was_listened_to_does_not_stay_in_the_browser(
    child: Child, world: World, session: Session, https: bool
) -> None:
    child.arrive(world.card(session))
    child.send({})
    child.client.application.config["SESSION_COOKIE_SECURE"] = https

    page = child.client.get("/thanks")

    assert page.status_code == 200
    assert page.headers.get("Clear-Site-Data") == ('"cache"' if https else None)


def test_a_page_that_went_wrong_in_a_visit_has_no_button_that_leads_nowhere(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(world.card(session))

    page = child.client.get("/before-you-start?lang=sw").text

    assert 'href="#cover"' not in page
    assert 'href="#cover"' in child.see("/before-you-start").text


@pytest.mark.parametrize("where", ["/static/child/child.css?lang=ar", "/voice/en/aaaaaaaaaaaa.mp3?lang=ar"])
def test_what_is_kept_by_every_browser_sets_no_language(child: Child, where: str) -> None:
    with child.client.get(where) as answer:
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("code", ["sw", "de", "", "../../etc/passwd", "x" * 5000])
def test_only_a_language_of_the_visit_is_spoken_and_still_nothing_is_lost(
    child: Child, world: World, session: Session, sessions: Sessions, code: str
) -> None:
    child.arrive(world.card(session))

    page = speak(child, "/questions", code, **{"S3.C01": "LEARN"})

    assert page.status_code == 422
    assert in_language(page.text) == "en-ltr"
    assert ("S3.C01", "LEARN") in checked(page.text)
    assert count(sessions, m.Submission) == 0


@pytest.mark.parametrize("spoken", ["", "ru", "ru:FAMILY", "de:LEARN", "sw", ":", "ru:", "x" * 5000, "en:LEARN:"])
def test_a_language_that_was_made_up_is_not_believed(
    child: Child, world: World, session: Session, sessions: Sessions, spoken: str
) -> None:
    child.arrive(world.card(session))

    assert child.send({"S3.C01": "LEARN", "S3.C01.spoken": spoken, "at": "-1"}).location == "/thanks"

    assert answers(sessions)["S3.C01"].language is None
    assert count(sessions, m.SetAside) == 0


def test_a_link_to_a_language_of_nobody_says_so(child: Child, world: World, session: Session) -> None:
    child.open_card(world.card(session))

    assert child.client.get("/before-you-start?lang=sw").status_code == 422
    assert in_language(child.see("/before-you-start").text) == "en-ltr"


def test_enter_on_an_answer_never_changes_the_language(child: Child, world: World, session: Session) -> None:
    child.arrive(world.card(session))

    buttons = re.findall(r"<button(?![^>]*type=\"button\")[^>]*>", child.page.split('id="visit"')[1])
    first = next(one for one in buttons if "name=" in one)

    assert 'name="end"' in first  # a browser presses the first button of a form
    assert 'name="speak"' in child.page
    assert child.page.index('name="speak"') > child.page.index('name="end"')


# ---- the end ----


@pytest.mark.parametrize("code", ["en", "ar"])
def test_finishing_stopping_no_and_later_look_the_same_to_somebody_watching(
    child: Child, world: World, session: Session, code: str
) -> None:
    endings: dict[str, Any] = {
        "finished": {"S3.C01": "LEARN"}, "stopped": {}, "erased": {"S3.C13": MINE}, "no": None, "later": None,
    }  # fmt: skip
    seen = {}

    for end, said in endings.items():
        child.open_card(world.card(session), code)
        child.see("/before-you-start")
        child.press("/before-you-start", **UNDERSTOOD)
        child.see("/assent")
        present = {"helper": "staff", "watched": "yes", "held_by": "other", "picture": "moon"}
        if said is None:
            first = child.press("/assent", answer=end, **present)
        else:
            child.press("/assent", answer="yes", **present)
            child.see("/questions")
            first = child.send(said, end)
        last = child.see("/thanks")
        seen[end] = (first.status_code, first.location, len(first.data), last.status_code, last.text)

    assert len(set(seen.values())) == 1
    assert in_language(child.page) == ("ar-rtl" if code == "ar" else "en-ltr")


# ---- who is there ----


def test_who_is_there_is_kept_with_the_visit(child: Child, world: World, session: Session, sessions: Sessions) -> None:
    present = {"helper": "carer", "held_by": "other", "watched": "yes"}
    to_assent(child, world.card(session))
    assert "You can turn the tablet so that only you see it." in child.page
    child.press("/assent", answer="yes", **present)
    child.see("/questions")

    child.send({})

    with sessions() as opened:
        kept = opened.scalars(select(m.Submission)).one()
        assert {name: getattr(kept, name) for name in present} == present


def test_a_child_who_says_nothing_about_it_is_not_asked_again(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    to_assent(child, world.card(session))
    assert child.press("/assent", answer="yes", held_by="nonsense", picture="../../key").status_code == 200
    child.press("/assent", answer="yes", watched="")
    child.see("/questions")

    child.send({})

    with sessions() as opened:
        kept = opened.scalars(select(m.Submission)).one()
        assert (kept.helper, kept.held_by, kept.watched) == ("unsaid", "unsaid", "unsaid")


def test_the_picture_of_a_child_is_on_every_page_and_nowhere_else(
    child: Child, world: World, session: Session, sessions: Sessions
) -> None:
    to_assent(child, world.card(session))
    assert 'data-picture=""' in child.page
    assert len(re.findall(r'name="picture" value="', child.page)) == 9
    child.press("/assent", answer="yes", picture="drum")

    assert 'data-picture="drum"' in child.see("/questions").text

    child.send({})
    assert 'data-picture="drum"' not in child.see("/thanks").text
    with child.client.session_transaction() as cookie:
        assert "drum" not in str(dict(cookie))


def to_assent(child: Child, code: str) -> None:
    """Come to the page with yes, later and no."""
    child.open_card(code)
    child.see("/before-you-start")
    child.press("/before-you-start", **UNDERSTOOD)
    child.see("/assent")
