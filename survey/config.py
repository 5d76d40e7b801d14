"""Settings: from the environment and one home folder; Heard refuses to start with unsafe ones.

`HEARD_HOME`      folder with the keys and, by default, the database (default: `./instance`)
`HEARD_DATABASE`  database address (default: SQLite in the home folder)
`HEARD_ROOMS`     which rooms this process serves, comma separated (default: all)
`HEARD_HTTPS`     `1` behind TLS: secure cookies, strict transport security
`HEARD_HOSTS`     host names this installation answers to, comma separated (required with HEARD_HTTPS=1)
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import seal

ROOMS = ("child", "staff", "research", "admin")
SHORTEST_SECRET = 32


class Unsafe(Exception):
    """A setting that would put children at risk; the message says which and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Everything the wiring needs to know."""

    home: Path
    database: str
    secret_key: bytes
    text_key: Path
    rooms: tuple[str, ...] = ROOMS
    https: bool = False
    hosts: tuple[str, ...] = ()


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises `Unsafe`; an installation that was never initialised says so."""
    home = home_of(environ)
    _must_be_initialised(home)
    settings = Settings(
        home=home,
        database=environ.get("HEARD_DATABASE") or f"sqlite:///{home / 'heard.db'}",
        secret_key=(home / "secret.key").read_bytes(),
        text_key=home / "text.key",
        rooms=_listed(environ.get("HEARD_ROOMS")) or ROOMS,
        https=environ.get("HEARD_HTTPS") == "1",
        hosts=_listed(environ.get("HEARD_HOSTS")),
    )
    _refuse_unsafe(settings, environ)
    return settings


def home_of(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the home folder."""
    return Path(environ.get("HEARD_HOME") or "instance").absolute()


def prepare_home(home: Path) -> None:
    """Create the home folder and its keys; what is there stays as it is."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (home / "secret.key").exists():
        descriptor = os.open(home / "secret.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(48))
    if not (home / "text.key").exists():
        seal.new_key(home / "text.key")


def _must_be_initialised(home: Path) -> None:
    for name in ("secret.key", "text.key"):
        if not (home / name).is_file():
            raise Unsafe(f"There is no {name} in {home}. Run `heard init` (or `heard demo`) first, or set HEARD_HOME.")


def _refuse_unsafe(settings: Settings, environ: Mapping[str, str]) -> None:
    if environ.get("FLASK_DEBUG") == "1":
        raise Unsafe("FLASK_DEBUG is on: it would show answers in error pages. Unset it.")
    if len(settings.secret_key) < SHORTEST_SECRET:
        raise Unsafe(f"secret.key is shorter than {SHORTEST_SECRET} bytes. Delete it and run `heard init`.")
    for name in ("secret.key", "text.key"):
        if (settings.home / name).stat().st_mode & 0o077:
            raise Unsafe(f"{name} can be read by others. Run: chmod 600 {settings.home / name}")
    unknown = set(settings.rooms) - set(ROOMS)
    if unknown:
        raise Unsafe(
            f"HEARD_ROOMS names no room of this house: {', '.join(sorted(unknown))}. Rooms: {', '.join(ROOMS)}."
        )
    if settings.https and not settings.hosts:
        raise Unsafe("HEARD_HTTPS=1 needs HEARD_HOSTS (the host names people type), so that forged hosts are refused.")


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
