"""Before the first question: what a child is told, the two taps, yes, no and later."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import models as m
from survey import voice
from survey.admin.forms import SAFE_ROLE_NAMES
from survey.child import helpers, words

from .conftest import World
from .test_child_walk import UNDERSTOOD, Child, count

LIMITS = {"10-12": 120, "13-15": 160, "16-17": 200}


@pytest.fixture
def child(client: FlaskClient) -> Child:
    """Return a child at a tablet."""
    return Child(client)


@pytest.mark.parametrize("group", LIMITS)
@pytest.mark.parametrize("wave", ["before", "after"])
def test_what_a_child_is_told_is_short_enough_to_read(app: Flask, group: str, wave: str) -> None:
    with app.test_request_context():
        notes = words.notes(group, wave, "Galina Petrova", "Test organisation")

    said = " ".join(f"{note.title} {note.text}" for note in notes)
    assert len(said.split()) <= LIMITS[group]
    assert "Galina Petrova" in said


def test_a_child_is_told_who_reads_it_and_what_cannot_be_kept_secret(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(world.card(session))

    page = child.see("/before-you-start").text

    assert "We ask you before we show a wish to your coordinator." in page
    assert "in danger, Galina Petrova must help" in page


@pytest.mark.parametrize("age", [11, 14, 17])
@pytest.mark.parametrize("wave", ["before", "after"])
def test_a_child_is_told_when_the_name_does_not_stay_off(
    child: Child, world: World, session: Session, age: int, wave: str
) -> None:
    child.open_card(world.card(session, age, wave=wave))

    page = child.see("/before-you-start").text

    assert "If Galina Petrova must help you, they can find out your name." in page


def test_a_child_is_not_promised_that_a_yes_stays_secret(child: Child, world: World, session: Session) -> None:
    child.open_card(world.card(session))
    child.see("/before-you-start")
    child.press("/before-you-start", **UNDERSTOOD)

    page = child.see("/assent").text

    assert "No and later look the same as finishing." in page
    assert "Nobody is told" not in page


def test_a_child_knows_before_the_questions_that_calling_someone_spends_no_card(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(world.card(session))

    sheet = talk_sheet(child.see("/before-you-start").text)

    assert "Galina Petrova will get a message to come to you." in sheet
    assert "Your card stays good." in sheet
    assert "ends the questions" not in sheet


def test_a_child_knows_before_calling_someone_that_the_questions_end(
    child: Child, world: World, session: Session
) -> None:
    child.arrive(world.card(session))

    before, after = talk_sheet(child.page).split("<button", 1)

    assert "Galina Petrova will get a message to come to you." in before
    assert "This sends what you said so far, and ends the questions for today." in before
    assert "Go back to the questions" in after


def talk_sheet(page: str) -> str:
    """Return the screen on which a child calls for someone."""
    return page.split('id="talk"')[1].split("</section>")[0]


def test_one_wrong_tap_is_explained_and_asked_again(child: Child, world: World, session: Session) -> None:
    child.open_card(world.card(session))
    child.see("/before-you-start")

    page = child.press("/before-you-start", stop="yes", who="everyone").text

    assert "You choose for each wish." in page
    assert "Press Stop at the top" not in page  # that one was understood
    assert child.press("/before-you-start", **UNDERSTOOD).location == "/assent"


def test_two_wrong_taps_bring_an_adult_and_close_no_door(child: Child, world: World, session: Session) -> None:
    child.open_card(world.card(session))
    child.see("/before-you-start")
    child.press("/before-you-start", stop="no", who="everyone")

    page = child.press("/before-you-start", stop="no", who="everyone").text

    assert "An adult can explain this to you" in page
    assert child.see("/assent").status_code == 200


def test_a_child_who_was_wrong_once_sees_why_and_not_where_the_page_was(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(world.card(session))
    child.see("/before-you-start")

    page = child.press("/before-you-start", stop="no", who="mine", at="2").text

    assert "Press Stop at the top" in page
    assert "data-at" not in page


def test_a_child_who_skips_both_taps_is_told_what_is_right_and_goes_on(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(world.card(session))
    child.see("/before-you-start")

    page = child.press("/before-you-start").text

    assert "Press Stop at the top" in page
    assert "You choose for each wish." in page
    assert "An adult can explain this to you" not in page
    assert child.see("/assent").status_code == 200


def test_a_language_that_is_asked_for_on_the_first_page_wins_over_the_open_visit(
    child: Child, world: World, session: Session
) -> None:
    child.open_card(world.card(session))

    page = child.see("/?lang=uk").text

    assert '<html lang="uk"' in page


def test_every_sentence_without_a_name_can_be_recorded_and_those_with_one_per_site(
    app: Flask, world: World, session: Session
) -> None:
    wanted = {one.text for one in voice.wanted(session, "ru")}

    for group in LIMITS:
        with app.test_request_context("/?lang=ru"):
            notes = words.notes(group, "before", "Galina Petrova", session.get_one(m.Organisation, 1).name)
        assert {sentence for note in notes for sentence in note.sentences} <= wanted


def test_the_reader_a_child_is_told_about_comes_first_with_a_role_in_the_language(
    child: Child, world: World, session: Session
) -> None:
    ruth, galina = sorted(world.site.safe_adults, key=lambda one: one.name, reverse=True)
    ruth.position, galina.position, galina.role, ruth.role = 0, 1, "here", "helper from the city"
    session.commit()
    child.open_card(world.card(session))

    sheet = talk_sheet(child.see("/before-you-start").text)

    assert sheet.index("Galina Petrova") < sheet.index("Ruth Achieng")
    assert "Safe adult here" in sheet
    assert "helper from the city" in sheet


def test_every_role_a_page_names_can_be_said_to_staff_and_to_children(app: Flask) -> None:
    with app.test_request_context():
        assert {code: str(name) for code, name in SAFE_ROLE_NAMES.items()} == helpers.roles()
    assert tuple(SAFE_ROLE_NAMES) == m.SAFE_ROLES


def test_a_child_who_taps_nothing_can_still_go_on(child: Child, world: World, session: Session) -> None:
    child.open_card(world.card(session))
    child.see("/before-you-start")
    child.press("/before-you-start")
    child.press("/before-you-start")

    assert child.see("/assent").status_code == 200


@pytest.mark.parametrize("answer", ["no", "later"])
def test_a_child_who_says_no_leaves_no_trace_but_a_number(
    child: Child, world: World, session: Session, sessions: sessionmaker[Session], answer: str
) -> None:
    code = world.card(session)
    child.open_card(code)
    child.see("/before-you-start")
    child.press("/before-you-start", **UNDERSTOOD)
    child.see("/assent")

    assert child.press("/assent", answer=answer).location == "/thanks"

    assert child.see("/thanks").status_code == 200
    for kind in (m.Submission, m.Answer, m.Concern, m.SetAside):
        assert count(sessions, kind) == 0
    with sessions() as opened:
        assert opened.scalars(select(m.RefusalCount.n)).all() == [1]
        assert opened.scalars(select(m.Card.used_on)).all() == [None]
    assert child.open_card(code).location == "/before-you-start"  # and may come back


@pytest.mark.parametrize("path", ["/assent", "/questions"])
def test_a_child_cannot_be_led_past_what_must_be_told_first(
    child: Child, world: World, session: Session, path: str
) -> None:
    child.open_card(world.card(session))

    assert child.see(path).location == "/before-you-start"


def test_going_back_to_read_again_keeps_the_place(child: Child, world: World, session: Session) -> None:
    child.arrive(world.card(session))

    assert child.see("/before-you-start").status_code == 200
    assert child.see("/questions").status_code == 200
    child.see("/before-you-start")
    child.press("/before-you-start", **UNDERSTOOD)
    assert child.see("/questions").status_code == 200


def test_stop_before_the_first_question_is_a_no(
    child: Child, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    child.open_card(world.card(session))
    child.see("/before-you-start")

    assert child.press("/stop").location == "/thanks"

    assert count(sessions, m.RefusalCount) == 1
    assert count(sessions, m.Submission) == 0


def test_a_call_for_help_before_the_first_question_reaches_an_adult_and_spends_no_card(
    child: Child, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    code = world.card(session)
    child.open_card(code)
    child.see("/before-you-start")

    assert child.press("/talk").location == "/thanks"

    assert "gets a message that you want to talk" in child.see("/thanks").text
    with sessions() as opened:
        concern = opened.scalars(select(m.Concern)).one()
        assert (concern.level, concern.rule, concern.site_id) == ("red", "TALK", world.site.id)
    assert child.open_card(code).location == "/before-you-start"


@pytest.mark.parametrize("path", ["/stop", "/talk", "/questions", "/reply"])
def test_a_button_without_a_visit_leads_to_the_first_page(child: Child, world: World, path: str) -> None:
    child.see("/")

    assert child.press(path).location == "/"


@pytest.mark.parametrize("path", ["/before-you-start", "/assent", "/stop", "/talk", "/questions"])
def test_a_form_from_elsewhere_changes_nothing(
    child: Child, world: World, session: Session, sessions: sessionmaker[Session], path: str
) -> None:
    child.arrive(world.card(session))

    answer = child.client.post(path, data={"answer": "no", "end": "talk"})

    assert answer.status_code in (303, 400, 409)
    for kind in (m.Submission, m.Concern, m.RefusalCount):
        assert count(sessions, kind) == 0
