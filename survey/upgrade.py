"""Bring the database to the newest revision, or back; one code path for SQLite and PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

import migrations

HEAD = "head"


def to(engine: Engine, revision: str = HEAD) -> None:
    """Upgrade to `revision`. Either all of it or nothing is done."""
    with engine.begin() as connection:
        command.upgrade(configuration(connection), revision)


def back(engine: Engine, revision: str) -> None:
    """Downgrade to `revision`."""
    with engine.begin() as connection:
        command.downgrade(configuration(connection), revision)


def is_current(engine: Engine) -> bool:
    """Is the database at the newest revision this program knows?"""
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
        return at == ScriptDirectory.from_config(configuration(connection)).get_current_head()


def configuration(connection: Connection) -> Config:
    """Return Alembic's settings for one connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent))
    made.attributes["connection"] = connection
    return made
