"""The translation ledger: who read which words, and that it holds only for those very words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey import clock, ledger
from survey import models as m
from survey.translation import books
from survey.translation.entry import Entry

from . import pseudo
from .conftest import World

ASKED = ("", "Do you want to stop?")
TRIAL = ledger.Trial(5, "Pine village", dt.date(2026, 11, 1))


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    """Return a home with a language of its own, which is on the table of this process."""
    pseudo.write(tmp_path)
    pseudo.known(tmp_path)
    yield tmp_path
    pseudo.forget()


def now(session: Session) -> ledger.Standing:
    """Return where the sentence of these tests stands."""
    found = ledger.state_of(session, pseudo.CODE, *ASKED)
    assert found is not None
    return found


def read(session: Session, world: World, state: str = ledger.REVIEWED, **more: object) -> int:
    """Somebody marks the sentence."""
    key = now(session).sentence.key
    return ledger.mark(session, pseudo.CODE, {key}, state, world.vera, clock.now(), **more)  # type: ignore[arg-type]


def change(home: Path, before: str, after: str, book: str = "messages") -> None:
    """Somebody changes a PO file."""
    file = home / "translations" / pseudo.CODE / "LC_MESSAGES" / f"{book}.po"
    file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
    books.forget()


def test_every_translation_is_a_draft_until_somebody_has_read_it(session: Session, world: World) -> None:
    summary = ledger.summary(session, pseudo.CODE)

    assert now(session).state == ledger.DRAFT
    assert (summary.draft, summary.reviewed, summary.tried, summary.stale) == (summary.texts, 0, 0, 0)
    assert summary.is_draft and ledger.unreviewed(session, pseudo.CODE)


def test_a_native_speaker_is_remembered_by_name_with_what_they_noted(session: Session, world: World) -> None:
    assert read(session, world, reviewer="Amina Odhiambo", note="Do you wish to end?") == 1

    found = now(session)
    assert found.state == ledger.REVIEWED
    assert found.last is not None
    assert (found.last.reviewer, found.last.note) == ("Amina Odhiambo", "Do you wish to end?")
    assert found.last.staff_id == world.vera.id
    assert ledger.unreviewed(session, pseudo.CODE)  # one sentence is not all of them


def test_taking_back_is_another_line_and_the_first_one_stays(session: Session, world: World) -> None:
    read(session, world)

    read(session, world, ledger.DRAFT)

    assert now(session).state == ledger.DRAFT
    lines = session.scalars(select(m.TranslationReview).order_by(m.TranslationReview.at)).all()
    assert [line.state for line in lines] == ["reviewed", "draft"]


def test_other_words_are_a_draft_again_and_the_old_words_are_reviewed_still(
    session: Session, world: World, home: Path
) -> None:
    read(session, world)
    words = now(session).sentence.said[0]

    change(home, f'msgstr "{words}"', f'msgstr "{words} ب"')
    assert now(session).state == ledger.STALE
    assert not now(session).english_changed
    change(home, f'msgstr "{words} ب"', f'msgstr "{words}"')

    assert now(session).state == ledger.REVIEWED


def test_words_for_another_english_are_a_draft_again(
    session: Session, world: World, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = next(one for one in ledger.sentences(pseudo.CODE) if one.asked.context == "S3.C01 / 10-12")
    ledger.mark(session, pseudo.CODE, {before.key}, ledger.REVIEWED, world.vera, clock.now())
    change(home, f'msgid "{before.asked.text}"', 'msgid "Another question?"', "questionnaires")
    asked = {name: books.wanted(name) for name in books.DOMAINS}
    asked["questionnaires"] = tuple(_asks_another(one, before.asked) for one in asked["questionnaires"])
    monkeypatch.setattr(books, "wanted", cache(asked.__getitem__))

    found = ledger.state_of(session, pseudo.CODE, before.asked.context, "Another question?")

    assert found is not None
    assert found.state == ledger.STALE
    assert found.english_changed


def _asks_another(one: Entry, before: Entry) -> Entry:
    return replace(one, text="Another question?") if one.key == before.key else one


def test_who_read_a_sentence_is_known_when_its_english_is_said_another_way(
    session: Session, world: World, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(session, world, reviewer="Amina Odhiambo")
    before = now(session).sentence
    asked = {name: books.wanted(name) for name in books.DOMAINS}
    again = "Do you want to stop now?"
    asked["messages"] = tuple(replace(one, text=again) if one.key == ASKED else one for one in asked["messages"])
    monkeypatch.setattr(books, "wanted", cache(asked.__getitem__))
    books.forget()

    lost = ledger.state_of(session, pseudo.CODE, "", again)
    change(home, f'msgid "{ASKED[1]}"', f'msgid "{again}"')
    found = ledger.state_of(session, pseudo.CODE, "", again)

    assert lost is not None and found is not None and lost.last is not None
    assert (lost.state, found.state) == (ledger.MISSING, ledger.STALE)
    assert lost.english_changed and found.english_changed
    assert lost.last.reviewer == "Amina Odhiambo"
    assert lost.before == found.before == (ASKED[1], before.said[0])


def test_a_sentence_that_says_something_else_was_read_by_nobody(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(session, world)
    asked = {name: books.wanted(name) for name in books.DOMAINS}
    other = "Where does the red boat sleep in winter?"
    asked["messages"] = tuple(replace(one, text=other) if one.key == ASKED else one for one in asked["messages"])
    monkeypatch.setattr(books, "wanted", cache(asked.__getitem__))
    books.forget()

    found = ledger.state_of(session, pseudo.CODE, "", other)

    assert found is not None
    assert (found.state, found.before) == (ledger.MISSING, None)


@pytest.mark.parametrize("gone", ['msgstr ""', None])
def test_who_read_words_is_known_when_they_are_gone_or_only_guessed_now(
    session: Session, world: World, home: Path, gone: str | None
) -> None:
    read(session, world)
    words = now(session).sentence.said[0]
    entry = f'msgid "{ASKED[1]}"\nmsgstr "{words}"'

    change(home, entry, f'msgid "{ASKED[1]}"\n{gone}' if gone else f"#, fuzzy\n{entry}")

    assert now(session).state == ledger.MISSING
    assert now(session).before == (ASKED[1], words)
    assert not now(session).english_changed


@pytest.mark.parametrize(
    "trial",
    [
        None, ledger.Trial(4, "Pine village", TRIAL.on), ledger.Trial(5, "  ", TRIAL.on),
        ledger.Trial(5, "Pine village", dt.date(2999, 1, 1)),
    ],
)  # fmt: skip
def test_tried_means_with_five_children_somewhere_on_a_day_that_has_come(
    session: Session, world: World, trial: ledger.Trial | None
) -> None:
    with pytest.raises(ledger.NotTried):
        read(session, world, ledger.TRIED, trial=trial)

    assert now(session).state == ledger.DRAFT


def test_what_was_tried_stays_tried_when_somebody_reads_it_again(session: Session, world: World) -> None:
    read(session, world, ledger.TRIED, trial=TRIAL)

    assert read(session, world) == 0
    assert now(session).state == ledger.TRIED


def test_words_that_changed_while_somebody_read_them_are_not_marked(session: Session, world: World, home: Path) -> None:
    key = now(session).sentence.key
    words = now(session).sentence.said[0]
    change(home, f'msgstr "{words}"', f'msgstr "{words} ب"')

    assert ledger.mark(session, pseudo.CODE, {key}, ledger.REVIEWED, world.vera, clock.now()) == 0
    assert now(session).state == ledger.DRAFT


def test_a_language_is_no_draft_once_all_a_child_reads_is_read(session: Session, world: World) -> None:
    keys = {one.key for one in ledger.sentences(pseudo.CODE) if one.for_child}

    ledger.mark(session, pseudo.CODE, keys, ledger.REVIEWED, world.vera, clock.now())
    session.commit()
    assert not ledger.unreviewed(session, pseudo.CODE)
    read(session, world, ledger.DRAFT)

    assert ledger.unreviewed(session, pseudo.CODE)
    assert not ledger.unreviewed(session, "en")


def test_the_ledger_cannot_be_changed_by_anybody(session: Session, world: World) -> None:
    read(session, world)

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(update(m.TranslationReview).values(state="tried"))


def test_the_schema_itself_asks_for_five_children(session: Session, world: World) -> None:
    read(session, world)
    line = session.scalars(select(m.TranslationReview)).one()
    values = {column.name: getattr(line, column.name) for column in m.TranslationReview.__table__.columns}
    session.execute(delete(m.TranslationReview))

    session.add(m.TranslationReview(**{**values, "state": "tried", "children": 4, "place": "x", "tried_on": TRIAL.on}))
    with pytest.raises(DBAPIError, match="tried_with_enough_children_somewhere"):
        session.flush()


def test_another_process_notices_a_corrected_file_by_itself(
    home: Path, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = now(session).sentence.said[0]
    file = home / "translations" / pseudo.CODE / "LC_MESSAGES" / "messages.po"
    file.write_text(file.read_text("utf-8").replace(f'msgstr "{words}"', f'msgstr "{words} ب"'), "utf-8")
    book = books.book(pseudo.CODE, books.MESSAGES)

    assert books.book(pseudo.CODE, books.MESSAGES) is book  # looked at a moment ago
    monkeypatch.setattr(books, "_looked", [-books.LOOK_EVERY])

    assert books.book(pseudo.CODE, books.MESSAGES).find(*ASKED) == f"{words} ب"
