"""Promises kept by the schema itself, where no view can forget them; and the road up and down with data."""

import re
import uuid

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, String, inspect, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey import clock, db, upgrade
from survey import models as m
from survey.models.base import UTC

from .conftest import World, envelope
from .test_receive import WISH, take

SAID = ("submission", "answer", "set_aside", "concern")


def test_the_migrations_lead_to_exactly_the_tables_the_program_knows(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, m.Base.metadata) == []
    assert upgrade.is_current(engine)


def test_the_database_goes_down_and_up_again_with_data_in_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = db.engine(f"sqlite:///{tmp_path_factory.mktemp('road')}/heard.db")
    upgrade.to(engine)
    with db.sessions(engine).begin() as session:
        session.add(m.Organisation(id=1, name="Here"))

    upgrade.back(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    upgrade.to(engine)

    assert upgrade.is_current(engine)
    engine.dispose()


def test_what_was_said_before_the_tablet_had_columns_stays_as_it_was(
    session: Session, world: World, engine: Engine
) -> None:
    receipt = take(session, {**envelope(session, world), "answers": WISH, "held_by": "child", "watched": "yes"})
    session.commit()
    session.close()

    upgrade.back(engine, "0002")
    columns = {column["name"] for column in inspect(engine).get_columns("submission")}
    upgrade.to(engine)

    assert "held_by" not in columns and "rotation" in columns
    with db.sessions(engine)() as again:
        kept = again.get_one(m.Submission, receipt.submission)
        assert (kept.held_by, kept.watched, kept.helper) == ("unsaid", "unsaid", "alone")
        assert {answer.code for answer in kept.answers if answer.question in WISH} == {
            one["code"] for one in WISH.values()
        }
        assert {answer.language for answer in kept.answers} == {None}
        with pytest.raises(DBAPIError, match="append-only"):
            again.execute(update(m.Submission).values(held_by="other"))
    with db.sessions(engine)() as again, pytest.raises(DBAPIError, match="append-only"):
        again.execute(update(m.Answer).values(language="ru"))


@pytest.mark.parametrize(("column", "value"), [("held_by", "nobody"), ("watched", "maybe")])
def test_the_schema_knows_who_can_hold_and_see_a_tablet(
    session: Session, world: World, column: str, value: str
) -> None:
    receipt = take(session, envelope(session, world))
    known = session.get_one(m.Submission, receipt.submission)
    other = {c.name: getattr(known, c.name) for c in m.Submission.__table__.columns}
    card = world.card(session)
    spare = session.scalars(select(m.Card).where(m.Card.used_on.is_(None)).limit(1)).one()

    session.add(m.Submission(**{**other, "id": uuid.uuid4(), "card_id": spare.id, "n": 2, column: value}))
    assert card
    with pytest.raises(DBAPIError, match=f"{column}_known"):
        session.flush()


def test_postgresql_goes_down_and_up_again(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    upgrade.back(engine, "base")
    with engine.connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM pg_proc WHERE proname LIKE '%append_only'")).scalar()
    upgrade.to(engine)

    assert left == 0
    assert upgrade.is_current(engine)


@pytest.mark.parametrize("table", SAID)
def test_no_table_that_holds_a_voice_has_a_column_for_a_name(table: str) -> None:
    columns = {c.name for c in m.Base.metadata.tables[table].columns}

    assert not {c for c in columns if re.search(r"name|case_number|login|born|phone|address", c)}


@pytest.mark.parametrize("table", SAID)
def test_what_a_child_did_is_dated_by_the_day_and_no_finer(table: str) -> None:
    columns = m.Base.metadata.tables[table].columns
    fine = {c.name for c in columns if "TIME" in str(c.type).upper() or isinstance(c.type, UTC)}

    assert fine <= {"seen_at", "closed_at"}  # what staff did with a concern


@pytest.mark.parametrize("table", ["child", "round", "card", *SAID])
def test_rows_of_children_have_no_order_that_could_tell_who_came_when(table: str) -> None:
    assert m.Base.metadata.tables[table].dialect_options["sqlite"]["with_rowid"] is False


def test_every_key_is_random_and_every_constraint_has_a_name() -> None:
    for table in m.Base.metadata.tables.values():
        assert all(c.name for c in table.constraints), table.name
        if "id" in table.c and table.name != "organisation":
            assert "UUID" in str(table.c.id.type).upper() or "CHAR(32)" in str(table.c.id.type).upper()


def test_keys_made_by_the_program_are_version_four(session: Session, world: World) -> None:
    assert {child.id.version for child in world.children.values()} == {4}


@pytest.mark.parametrize("kind", [m.Submission, m.Answer, m.Questionnaire, m.Record])
def test_facts_cannot_be_changed_by_anybody(session: Session, world: World, kind: type[m.Base]) -> None:
    take(session, {**envelope(session, world), "answers": WISH})
    assert session.scalar(select(kind).limit(1)) is not None
    column = next(c for c in kind.__table__.columns if isinstance(c.type, String) and not c.primary_key)

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(update(kind).values({column.name: column.table.c[column.name]}))


def test_an_answer_is_a_value_or_its_absence_never_both(session: Session, world: World) -> None:
    receipt = take(session, {**envelope(session, world), "answers": WISH})

    session.add(m.Answer(submission_id=receipt.submission, question="X", seen_by="team", code="1", missing="DK"))
    with pytest.raises(DBAPIError, match="an_answer_or_its_absence"):
        session.flush()


def test_the_schema_refuses_to_share_what_is_not_a_wish(session: Session, world: World) -> None:
    receipt = take(session, {**envelope(session, world), "answers": WISH})

    session.add(m.Answer(submission_id=receipt.submission, question="X", seen_by="safeguarding", code="1", shared=True))
    with pytest.raises(DBAPIError, match="only_wishes_are_shared"):
        session.flush()


def test_a_release_without_a_locked_view_cannot_be_stored(session: Session, world: World) -> None:
    now = clock.now()
    session.add(m.Release(view_id=uuid.uuid4(), staff_id=world.vera.id, locked_at=now, released_at=now))

    with pytest.raises(DBAPIError):
        session.flush()


def test_sqlite_writes_safely(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        said = {
            p: connection.execute(text(f"PRAGMA {p}")).scalar() for p in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
