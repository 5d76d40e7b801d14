"""The clips come and go with their revision; everything else stays."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, inspect, select

from survey import clock, db, upgrade
from survey import models as m

from .test_voice import row


@pytest.fixture
def before_the_voices(engine: Engine) -> Iterator[Engine]:
    """Return a database of the first release with an organisation in it; afterwards it is as new as the others."""
    with db.sessions(engine).begin() as session:
        session.add(m.Organisation(id=1, name="Here"))
        session.add(row(made_at=clock.now()))
    upgrade.back(engine, "0001")
    yield engine
    upgrade.to(engine)


def test_the_clips_go_and_the_organisation_stays(before_the_voices: Engine) -> None:
    assert "clip" not in inspect(before_the_voices).get_table_names()
    with before_the_voices.connect() as connection:
        assert connection.scalar(select(m.Organisation.name)) == "Here"


def test_an_installation_of_the_first_release_gets_room_for_clips(before_the_voices: Engine) -> None:
    upgrade.to(before_the_voices)

    with db.sessions(before_the_voices).begin() as session:
        assert session.get_one(m.Organisation, 1).name == "Here"
        session.add(row())
    with db.sessions(before_the_voices)() as session:
        found = session.scalars(select(m.Clip)).one()
        assert (found.mp3, found.made_at) == (b"x", row().made_at)
    assert upgrade.is_current(before_the_voices)
