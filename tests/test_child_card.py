"""The card: typed, scanned, mistyped, used; and the language of the page."""

import datetime as dt
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from survey import invite
from survey import models as m

from .conftest import TODAY, World
from .test_child_walk import Child

MISTYPED = "That code has a typing mistake. Look at the card again."
UNUSABLE = "This card cannot be used now. Ask an adult you trust for a new one."


@pytest.fixture
def child(client: FlaskClient) -> Child:
    """Return a child at a tablet."""
    return Child(client)


def wrong(code: str) -> str:
    """Return the code with its last symbol changed: a typing mistake."""
    return code[:-1] + next(symbol for symbol in invite.ALPHABET if symbol != code[-1])


def test_a_typing_mistake_is_said_kindly(child: Child, world: World, session: Session) -> None:
    answer = child.open_card(wrong(world.card(session)))

    assert answer.status_code == 422
    assert MISTYPED in answer.text


@pytest.mark.parametrize("typed", [str.lower, invite.grouped, lambda code: f" {code[:3]}-{code[3:7]}–{code[7:]} "])
def test_a_code_may_be_typed_with_blanks_and_in_small_letters(
    child: Child, world: World, session: Session, typed: Any
) -> None:
    assert child.open_card(typed(world.card(session))).location == "/before-you-start"


def test_every_card_that_cannot_be_used_is_answered_with_the_same_page(
    child: Child, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    used, expired = world.card(session, 11), world.card(session, 14)
    replaced, unknown = world.card(session, 17), invite.new_code()
    world.card(session, 17)
    cards = {code: invite.open_card(session, code, TODAY).card.id for code in (used, expired)}
    session.rollback()
    with sessions.begin() as opened:
        opened.get_one(m.Card, cards[used]).used_on = TODAY
        opened.get_one(m.Card, cards[expired]).printed_on = TODAY - dt.timedelta(days=9)
        opened.get_one(m.Card, cards[expired]).expires_on = TODAY - dt.timedelta(days=2)

    pages = {mask(child.open_card(code).text, code) for code in (used, expired, replaced, unknown)}

    assert len(pages) == 1
    assert UNUSABLE in pages.pop()


def mask(page: str, code: str) -> str:
    """Return a page without what always differs: its token and the code that was typed."""
    return re.sub(r'value="[A-Za-z0-9._-]{60,}"', "", page).replace(code, "")


def test_a_child_who_is_too_old_today_is_not_told_why(
    child: Child, world: World, session: Session, sessions: sessionmaker[Session]
) -> None:
    code = world.card(session, 17)
    with sessions.begin() as opened:
        opened.get_one(m.Child, world.children[17].id).born_month = dt.date(TODAY.year - 18, 1, 1)

    assert UNUSABLE in child.open_card(code).text


@pytest.mark.parametrize("typed", ["x", "Ы" * 11, "1" * 5000, "🙂" * 11, "١" * 11])
def test_whatever_is_typed_is_called_a_typing_mistake(child: Child, world: World, typed: str) -> None:
    answer = child.open_card(typed)

    assert answer.status_code == 422
    assert MISTYPED in answer.text


@pytest.mark.parametrize("typed", ["", "   ", "\0" * 11])
def test_a_child_who_types_nothing_is_not_told_of_a_mistake(child: Child, world: World, typed: str) -> None:
    answer = child.open_card(typed)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert ">Type the code first.</p>" in answer.text


def test_an_old_page_asks_for_one_more_press_and_keeps_the_code(child: Child, world: World, session: Session) -> None:
    code = world.card(session)
    child.see("/")

    answer = child.client.post("/card", data={"code": code, "csrf_token": "old"})

    assert answer.status_code == 400
    assert "Please press the button once more." in answer.text
    assert f'value="{code}"' in answer.text


@pytest.mark.parametrize("lang", ["xx_YY", "en-GB", "../../etc/passwd", "a" * 5000, "%00", "de"])
def test_an_unknown_language_becomes_english(child: Child, world: World, lang: str) -> None:
    answer = child.see(f"/?lang={lang}")

    assert answer.status_code == 200
    assert '<html lang="en" dir="ltr"' in answer.text


def test_only_the_languages_of_the_organisation_are_offered_by_their_own_name(
    child: Child, world: World, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as opened:
        opened.get_one(m.Organisation, 1).languages = "en ru ar"

    page = child.see("/").text

    assert all(name in page for name in ("English", "Русский", "العربية"))
    assert "Kiswahili" not in page
    assert 'dir="rtl"' in child.see("/?lang=ar").text.split(">", 2)[1]


def test_a_child_who_starts_again_begins_with_a_clean_visit(child: Child, world: World, session: Session) -> None:
    child.open_card(world.card(session))

    child.see("/")

    assert child.see("/before-you-start").location == "/"


def test_a_stage_without_questions_for_children_does_not_break_the_card(
    child: Child, world: World, session: Session
) -> None:
    assert UNUSABLE in child.open_card(world.card(session, stage="G")).text
