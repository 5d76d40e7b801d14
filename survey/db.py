"""Where the data is kept: one engine, one kind of session, no wrapper.

SQLite (one laptop, one process host, a local disk) runs with a write-ahead log, full syncs and `BEGIN IMMEDIATE`:
with the default transaction eight threads lost reads, with a deferred one most were told "database is locked".
PostgreSQL needs none of that.
"""

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

READ_ONLY = {"heard_reads_only": True}


def engine(url: str) -> Engine:
    """Return the engine for a database address (`sqlite:///heard.db`, `postgresql://…`)."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    made = create_engine(url, connect_args={"timeout": 30})
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def sessions(where: Engine) -> sessionmaker[Session]:
    """Return what opens sessions on `where`."""
    return sessionmaker(where, expire_on_commit=False)


def read_only(session: Session) -> Session:
    """Promise that this session only reads, so that on SQLite it need not wait for the one writer."""
    session.connection(execution_options=READ_ONLY)
    return session


def end_reading(session: Session) -> None:
    """What was only looked up ends here and stays at hand; the next statement begins to write.

    A form is checked before this, so that on SQLite nobody waits for somebody else's form to be checked.
    """
    session.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("heard_reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
