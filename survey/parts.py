"""What the rooms share: the store, the seal, and a few words for templates."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from .seal import Seal

COOKIE = "heard_staff"


@dataclass(frozen=True)
class Database:
    """Where this process keeps things."""

    engine: Engine
    sessions: sessionmaker[Session]
    seal: Seal


def database() -> Database:
    """Return the store of the running application."""
    found: Database = current_app.extensions["heard"]
    return found


def seal() -> Seal:
    """Return what seals and opens free text."""
    return database().seal
