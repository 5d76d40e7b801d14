"""The demonstration: made through the same doors as real data, and with something in it to find."""

import datetime as dt
import random
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from survey import clock, config, db, demonstration, flag, invite, upgrade
from survey import models as m
from survey.demonstration import people, year

from .conftest import LIBRARY

TODAY = dt.date(2026, 11, 20)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> sessionmaker[Session]:
    """Return a demonstration organisation of forty children."""
    home = tmp_path_factory.mktemp("demo") / "home"
    config.prepare_home(home)
    settings = config.load({"HEARD_HOME": str(home)})
    engine: Engine = db.engine(settings.database)
    upgrade.to(engine)
    factory = db.sessions(engine)
    demonstration.build(factory, settings, LIBRARY, 40, 7, lambda _n: None, TODAY)
    return factory


def count(session: Session, kind: type[m.Base], *where: object) -> int:
    """Return how many rows there are."""
    return session.scalar(select(func.count()).select_from(kind).where(*where)) or 0  # type: ignore[arg-type]


def test_the_organisation_says_that_it_is_synthetic(made: sessionmaker[Session]) -> None:
    with made() as session:
        assert session.get_one(m.Organisation, 1).synthetic


def test_there_are_seven_sites_fifteen_staff_and_children_of_every_age(made: sessionmaker[Session]) -> None:
    with made() as session:
        assert (count(session, m.Site), count(session, m.StaffMember), count(session, m.Child)) == (7, 15, 40)
        ages = {clock.age(born, TODAY) for born in session.scalars(select(m.Child.born_month))}
    assert ages <= set(range(10, 18))
    assert set(people.READY_AGES) <= ages


def test_the_reader_of_each_site_is_one_of_its_own_safe_adults(made: sessionmaker[Session]) -> None:
    with made() as session:
        for site in session.scalars(select(m.Site)):
            assert flag.readers(session, site)[0].name in {adult.name for adult in site.safe_adults}, site.name
            assert {adult.role for adult in site.safe_adults} <= set(m.SAFE_ROLES)


def test_every_stage_is_lived_through_in_both_waves_and_answered(made: sessionmaker[Session]) -> None:
    with made() as session:
        found = {
            (row.stage, row.wave)
            for row in session.execute(select(m.Round.stage, m.Submission.wave).join(m.Submission))
        }
        stages = {"S1", "S2", "S3", "S4", "S5", "S6"}
        assert {stage for stage, _wave in found} == stages
        assert {wave for _stage, wave in found} == {"before", "after", "reply"}
        assert count(session, m.Reply, m.Reply.told_on.is_not(None)) > 50


def test_the_hard_things_are_in_it_too(made: sessionmaker[Session]) -> None:
    with made() as session:
        assert count(session, m.RefusalCount) > 0
        assert count(session, m.Answer, m.Answer.missing.in_(("SK", "DK", "IDM"))) > 100
        assert count(session, m.Submission, m.Submission.ended == "stopped") > 0
        assert count(session, m.Concern) > 10
        assert count(session, m.Decision, m.Decision.amends_id.is_not(None)) > 0
        assert count(session, m.Reply, m.Reply.told_on.is_(None)) > 0
        assert count(session, m.SetAside) == 0


def test_nothing_was_shown_before_a_view_was_locked(made: sessionmaker[Session]) -> None:
    with made() as session:
        assert count(session, m.Release) > 100
        assert count(session, m.Release, m.Release.locked_at > m.Release.released_at) == 0


def test_three_cards_are_ready_at_every_start(made: sessionmaker[Session]) -> None:
    with made.begin() as session:
        first = demonstration.welcome(session, TODAY)
        second = demonstration.welcome(session, TODAY)

        assert [age for age, _stage, _code in second.cards] == [11, 14, 17]
        assert [invite.open_card(session, code, TODAY).round.stage for _a, _s, code in second.cards] == [
            "S3",
            "S5",
            "S6",
        ]
        for _age, _stage, code in first.cards:
            with pytest.raises(invite.Unusable):
                invite.open_card(session, code, TODAY)
    assert people.PASSWORD in second.text()


def test_the_same_seed_plans_the_same_year(made: sessionmaker[Session]) -> None:
    with made() as session:
        child = session.scalars(select(m.Child).limit(1)).one()
        lives = [year.Life(session, None, None, {}, TODAY, random.Random(3)) for _ in range(2)]  # type: ignore[arg-type]

        assert list(year.plan(lives[0], child)) == list(year.plan(lives[1], child))


def test_no_name_of_the_demonstration_is_in_its_database_file_beside_an_answer(made: sessionmaker[Session]) -> None:
    with made() as session:
        folder = Path(str(session.get_bind().engine.url.database)).parent  # type: ignore[union-attr]
    said = b"".join(path.read_bytes() for path in folder.glob("heard.db*"))

    assert year.SAID[0].encode() not in said
