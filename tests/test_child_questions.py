"""The questions: whatever is sent, nothing the child said is lost, and nothing is kept that was not meant."""

import re
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from survey import models as m

from .conftest import World, token
from .test_child_walk import Child, answers, count, envelope_in

Sessions = sessionmaker[Session]
TYPED = "I miss my dog & <my> friends"


@pytest.fixture
def child(client: FlaskClient, world: World, session: Session) -> Child:
    """Return a child who has come to the questions."""
    made = Child(client)
    made.arrive(world.card(session))
    return made


def test_a_child_who_answers_nothing_has_skipped_everything(child: Child, sessions: Sessions) -> None:
    assert child.send({}).location == "/thanks"

    assert {answer.missing for answer in answers(sessions).values()} == {"SK"}


def test_what_is_not_an_answer_is_kept_by_its_own_name(child: Child, sessions: Sessions) -> None:
    child.send({"S3.C01": "~IDM", "S3.C01.share": "yes", "S3.C02": "~DK", "S3.C12": "~NA", "S3.C13.missing": "~DK"})

    rows = answers(sessions)
    assert (rows["S3.C01"].missing, rows["S3.C01"].shared) == ("IDM", True)
    assert [rows[q].missing for q in ("S3.C02", "S3.C12", "S3.C13")] == ["DK", "NA", "DK"]


@pytest.mark.parametrize(("share", "shared"), [("yes", True), ("no", False), (None, False)])
def test_a_wish_is_shown_to_the_coordinator_only_after_a_yes(
    child: Child, sessions: Sessions, share: str | None, shared: bool
) -> None:
    child.send({"S3.C01": "FAMILY"} | ({"S3.C01.share": share} if share else {}))

    assert answers(sessions)["S3.C01"].shared is shared


def test_a_yes_without_a_wish_shows_nothing(child: Child, sessions: Sessions) -> None:
    child.send({"S3.C01": "~SK", "S3.C01.share": "yes", "S3.C02.share": "yes"})

    assert not any(answer.shared for answer in answers(sessions).values())


def test_stopping_keeps_what_was_said_and_says_what_was_not_reached(child: Child, sessions: Sessions) -> None:
    envelope = envelope_in(child.page)

    assert child.send({"S3.C01": "LEARN"}, end="stopped").location == "/thanks"

    rows = answers(sessions)
    assert rows["S3.C01"].code == "LEARN"
    assert {row.missing for name, row in rows.items() if name != "S3.C01"} == {"NR"}
    with sessions() as opened:
        assert opened.get_one(m.Submission, uuid.UUID(envelope)).ended == "stopped"


def test_a_child_who_deletes_everything_leaves_only_a_number(child: Child, sessions: Sessions) -> None:
    assert child.send({"S3.C01": "LEARN", "S3.C13": TYPED}, end="erased").location == "/thanks"

    for kind in (m.Submission, m.Answer, m.Concern, m.SetAside):
        assert count(sessions, kind) == 0
    assert count(sessions, m.RefusalCount) == 1


def test_a_call_for_help_is_raised_with_everything_said_so_far(child: Child, sessions: Sessions) -> None:
    child.send({"S3.C01": "LEARN", "S3.C12": "0"}, end="talk")

    with sessions() as opened:
        raised = {(concern.rule, concern.level) for concern in opened.scalars(select(m.Concern))}
    assert raised == {("TALK", "red"), ("S3.C12", "red")}
    assert "Galina Petrova gets a message that you want to talk." in child.see("/thanks").text


@pytest.mark.parametrize("end", ["finished", "stopped", "erased", "set aside"])
def test_every_ending_shows_the_same_page(
    client: FlaskClient, world: World, session: Session, sessions: Sessions, end: str
) -> None:
    child = Child(client)
    said = child.arrive(world.card(session))
    if end == "set aside":
        world.card(session)  # a new card was printed meanwhile: this one is replaced
    child.press("/questions", envelope=said, end="finished" if end == "set aside" else end)
    ended = child.see("/thanks").text
    child.open_card(world.card(session))
    child.see("/before-you-start")
    child.press("/stop")

    refused = child.see("/thanks").text

    assert ended == refused


# ---- what does not fit ----

WRONG: list[dict[str, Any]] = [
    {"S3.C01": "9"},
    {"S3.C01": ["LEARN", "FAMILY"]},
    {"S3.C01": "~XX"},
    {"S3.C01": "LEARN", "S3.C01.share": "maybe"},
    {"S3.C12": "' OR 1=1"},
    {"S3.C13": "a\0b"},
    {"S3.C13": "a\ufffeb"},
    {"S3.C13": "a\x1b[31m"},
    {"S3.C13": "x" * 2001},
    {"S3.C13.missing": "~IDM"},
    {"S3.C12": "x" * 100_000},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:40])
def test_what_does_not_fit_is_asked_again_and_nothing_else_is_lost(
    child: Child, sessions: Sessions, wrong: dict[str, Any]
) -> None:
    said = {"S3.C02": "STAY", "S3.C02.share": "no", "S3.C03": "~DK", "S3.C13": TYPED} | wrong

    answer = child.send(said)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert checked(answer.text) >= {("S3.C02", "STAY"), ("S3.C02.share", "no"), ("S3.C03", "~DK")}
    if "S3.C13" not in wrong:
        assert "I miss my dog &amp; &lt;my&gt; friends" in answer.text
    assert count(sessions, m.Submission) == 0
    if wrong != WRONG[8]:  # the long text has to be made shorter first
        assert child.send(resend(answer.text)).location == "/thanks"  # once more, with what the page kept
        assert count(sessions, m.SetAside) == 0


def checked(page: str) -> set[tuple[str, str]]:
    """Return what is chosen on a page."""
    return set(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked', page))


def resend(page: str) -> dict[str, Any]:
    """Return what a browser would send from this page as it stands."""
    texts = re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.S)
    return dict(checked(page)) | dict(texts)


def test_an_old_page_gives_everything_back_and_asks_for_one_more_press(child: Child, sessions: Sessions) -> None:
    said = {"S3.C01": "LEARN", "S3.C13": TYPED, "envelope": envelope_in(child.page), "csrf_token": "old"}

    answer = child._seen(child.client.post("/questions", data=said))

    assert answer.status_code == 400
    assert "Please press the button once more." in answer.text
    assert ("S3.C01", "LEARN") in checked(answer.text)
    assert "I miss my dog" in answer.text
    assert count(sessions, m.Submission) == 0
    assert child.send(resend(answer.text)).location == "/thanks"


def test_two_taps_on_the_last_button_are_one_visit(child: Child, sessions: Sessions) -> None:
    said = {"csrf_token": token(child.page), "envelope": envelope_in(child.page), "S3.C01": "LEARN"}
    with child.client.session_transaction() as cookie:
        before = dict(cookie)

    first = child.client.post("/questions", data=said)
    with child.client.session_transaction() as cookie:
        cookie.update(before)  # the second tap left before the first was answered
    second = child.client.post("/questions", data=said)
    third = child.client.post("/questions", data=said)  # and one after

    assert {answer.location for answer in (first, second, third)} == {"/thanks"}
    assert count(sessions, m.Submission) == 1
    assert count(sessions, m.SetAside) == 0


def test_a_second_window_is_told_so_and_changes_nothing(child: Child, sessions: Sessions) -> None:
    answer = child.press("/questions", envelope=str(uuid.uuid4()), **{"S3.C01": "LEARN"})

    assert answer.status_code == 409
    assert "open in another window" in answer.text
    assert count(sessions, m.Submission) == 0


def test_a_visit_whose_card_was_used_meanwhile_cannot_be_seen_again(
    child: Child, world: World, session: Session
) -> None:
    world.card(session)  # a new card replaces this one

    assert child.see("/questions").location == "/"


@pytest.mark.parametrize("blank", ["   ", "\u200b\u200b", "\n\r\n", "\u2060 \ufeff"])
def test_a_text_without_words_is_skipped(child: Child, sessions: Sessions, blank: str) -> None:
    child.send({"S3.C13": blank})

    assert answers(sessions)["S3.C13"].missing == "SK"
    assert count(sessions, m.Concern) == 0


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "=1+1",
        "🙂👨‍👩‍👧🫨",
        "\u202eevil",
        "Z̷̨͎a̴l̶g̵o",
        "x" * 2000,
    ],
)
def test_whatever_a_child_writes_is_kept_as_it_was_written(child: Child, sessions: Sessions, text: str) -> None:
    assert child.send({"S3.C13": text}).location == "/thanks"

    row = answers(sessions)["S3.C13"]
    assert row.sealed_text is not None
    opened = child.client.application.extensions["heard"].seal.open(
        row.sealed_text, f"answer:{row.submission_id}:S3.C13"
    )
    assert opened == text


def test_a_text_that_comes_back_to_the_page_can_never_run(child: Child) -> None:
    page = child.send({"S3.C01": "9", "S3.C13": "</textarea><script>alert(1)</script>"}).text

    assert "<script>alert" not in page


def test_the_practice_question_is_never_kept(child: Child, sessions: Sessions) -> None:
    assert "Do you like ice cream?" in child.page

    child.send({"practice": "2"})

    assert "practice" not in answers(sessions)
    assert count(sessions, m.SetAside) == 0


def test_nothing_is_ever_required(child: Child) -> None:
    assert not re.findall(r"<(?:input|textarea)[^>]*\srequired", child.page)


def test_every_question_says_who_will_see_the_answer(child: Child) -> None:
    signs = re.findall(r'<p class="sign">.*?<span[^>]*>(.*?)</span>', child.page, re.S)

    assert signs == ["Only shown if you say so"] * 4 + ["Goes to Galina Petrova"] * 2


def test_the_answers_of_adults_eyes_and_counted_ones_are_marked_apart(
    client: FlaskClient, world: World, session: Session
) -> None:
    child = Child(client)
    child.arrive(world.card(session, 14, wave="after"))

    signs = re.findall(r'<p class="sign">.*?<span[^>]*>(.*?)</span>', child.page, re.S)
    assert signs == ["Nobody sees your name"] * 7 + ["Goes to Galina Petrova"] * 2
    assert ".share" not in child.page


def test_too_much_at_once_is_refused_with_a_page(child: Child) -> None:
    answer = child.client.post("/questions", data={"S3.C13": "x" * 1_100_000})

    assert answer.status_code == 413
    assert "too much at once" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_only_reading_and_sending_are_possible(child: Child, method: str) -> None:
    assert child.client.open("/questions", method=method).status_code == 405
