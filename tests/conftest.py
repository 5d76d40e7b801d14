"""One real database per test, on SQLite and on PostgreSQL; a small world of people in it; no mocks of our own code."""

import datetime as dt
import os
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session, sessionmaker

from survey import admit, clock, config, create_app, db, enrol, invite, publish, upgrade
from survey import models as m
from survey.cli import shipped
from survey.parts import Database

from . import postgres

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct-horse-battery"
TODAY = clock.today("Europe/Moscow")
NAMES = {"galina": "Galina Petrova", "ruth": "Ruth Achieng"}
LIBRARY = shipped(None)
ROWS: list[tuple[Table, list[dict[str, object]]]] = []


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; in tests it need not be. (One test checks the real parameters.)"""
    for where in (invite, enrol, admit):
        monkeypatch.setattr(where, "HASHER", QUICK)
    monkeypatch.setattr(invite, "UNKNOWN", QUICK.hash("no such card"))
    monkeypatch.setattr(admit, "NOBODY", QUICK.hash("nobody"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the address of a real PostgreSQL, started once."""
    with postgres.running() as address:
        yield address


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return an upgraded, published, otherwise empty database of either kind."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('store')}/heard.db"
    else:
        address = request.getfixturevalue("postgres_server")
    engine = db.engine(address)
    upgrade.to(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(store: Engine) -> Engine:
    """Return the database, emptied before the test."""
    empty(store)
    return store


def empty(engine: Engine) -> None:
    """Delete every row of every table."""
    with engine.begin() as connection:
        for table in reversed(m.Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """Return what opens sessions."""
    return db.sessions(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Return an open session that sees everything."""
    with sessions() as opened:
        yield opened


@dataclass
class World:
    """A village and a centre, everybody who works there, and some children."""

    site: m.Site
    other_site: m.Site
    staff: dict[str, m.StaffMember]
    children: dict[int, m.Child] = field(default_factory=dict)
    rounds: dict[tuple[int, str], m.Round] = field(default_factory=dict)

    @property
    def vera(self) -> m.StaffMember:
        """The coordinator whose caseload the children are."""
        return self.staff["vera"]

    def round(self, session: Session, age: int = 11, stage: str = "S3") -> m.Round:
        """Return the open round of the child of this age, opening it at the first call."""
        if (age, stage) not in self.rounds:
            child = self.children[age]
            self.rounds[age, stage] = invite.open_round(session, child, stage, self.vera, TODAY, clock.now())
            session.commit()
        return self.rounds[age, stage]

    def card(self, session: Session, age: int = 11, stage: str = "S3", wave: str = "before") -> str:
        """Print a card and return its code."""
        code = invite.card(session, self.round(session, age, stage), wave, self.vera, TODAY, clock.now(), QUICK)
        session.commit()
        return code


def settle(session: Session) -> World:
    """Bring in the people of the test world."""
    enrol.organisation(session, "Test organisation")
    sites = [_site(session, "PINE", "Pine village"), _site(session, "OAK", "Oak centre")]
    staff = {}
    for login, role, where in (
        ("vera", "coordinator", sites[:1]), ("pavel", "coordinator", sites[1:]), ("lidia", "psychologist", sites[:1]),
        ("galina", "safeguarding_lead", sites[:1]), ("ruth", "safeguarding_lead", sites),
        ("marta", "researcher", []), ("admin", "admin", []),
    ):  # fmt: skip
        name, joined = NAMES.get(login, login.title()), TODAY - dt.timedelta(days=400)
        staff[login] = enrol.staff(session, login, name, role, PASSWORD, where, joined)
    staff["ruth"].from_outside = True
    world = World(sites[0], sites[1], staff)
    for age in (9, 11, 14, 17, 18):
        _child(session, world, age)
    publish.everything(session, LIBRARY, clock.now())
    session.commit()
    return world


@pytest.fixture
def world(session: Session) -> World:
    """Return the test world. It is settled once; later tests put the same rows back, which is much quicker."""
    if not ROWS:
        settle(session)
        ROWS.extend((t, [dict(r._mapping) for r in session.execute(t.select())]) for t in m.Base.metadata.sorted_tables)
        session.rollback()
        return _known(session)
    for table, rows in ROWS:
        if rows:
            session.execute(table.insert(), rows)
    session.commit()
    return _known(session)


def _known(session: Session) -> World:
    sites = {site.code: site for site in session.scalars(select(m.Site))}
    staff = {one.login: one for one in session.scalars(select(m.StaffMember))}
    children = {clock.age(one.born_month, TODAY): one for one in session.scalars(select(m.Child))}
    session.commit()
    return World(sites["PINE"], sites["OAK"], staff, children)


def _site(session: Session, code: str, name: str) -> m.Site:
    made = enrol.site(session, code, name, "RU", "Europe/Moscow", TODAY - dt.timedelta(days=400))
    made.helpline_name, made.helpline_number = "Helpline", "0800 000 000"
    enrol.safe_adult(session, made, "Galina Petrova", "safe adult here")
    enrol.safe_adult(session, made, "Ruth Achieng", "safe adult from outside", "000", from_outside=True)
    return made


def _child(session: Session, world: World, age: int) -> None:
    born = dt.date(TODAY.year - age, 1, 1)
    came = TODAY - dt.timedelta(days=800)
    child = enrol.child(session, f"Child {age}", f"P-{age}", world.site, born, came, "F")
    for login in ("vera", "lidia"):
        enrol.assign(session, child, world.staff[login], came)
    enrol.permission(session, child, "guardian", came, world.vera, clock.now())
    world.children[age] = child


@pytest.fixture
def settings(tmp_path: Path, engine: Engine) -> config.Settings:
    """Return settings for an application on the test database."""
    config.prepare_home(tmp_path / "home")
    return config.load({"HEARD_HOME": str(tmp_path / "home"), "HEARD_DATABASE": address_of(engine)})


def address_of(engine: Engine) -> str:
    """Return the full address of a database."""
    return engine.url.render_as_string(hide_password=False)


# Templates are compiled once for all tests, not once for each application.
TEMPLATES = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="heard-templates-"))


@pytest.fixture
def app(settings: config.Settings, world: World) -> Iterator[Flask]:
    """Return the application on the test world."""
    made = create_app(settings)
    made.testing = False  # unexpected errors become pages, as for everybody else
    made.jinja_env.bytecode_cache = TEMPLATES
    yield made
    store: Database = made.extensions["heard"]
    store.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without script."""
    return app.test_client()


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD) -> None:
    """Sign somebody in through the page."""
    page = client.get("/staff/sign-in").text
    reply = client.post("/staff/sign-in", data={"csrf_token": token(page), "login": login, "password": password})
    assert reply.status_code == 303, reply.text


def token(page: str) -> str:
    """Return the token of the form on a page."""
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def envelope(
    session: Session, world: World, age: int = 11, stage: str = "S3", wave: str = "before"
) -> dict[str, object]:
    """Return an envelope for a fresh card, with no answers yet."""
    code = world.card(session, age, stage, wave)
    opened = invite.open_card(session, code, TODAY)
    document = publish.latest(session, "child", "reply" if wave == "reply" else stage)
    assert document is not None
    return {
        "id": str(uuid.uuid4()), "card": str(opened.card.id), "digest": document.digest, "language": "en",
        "ended": "finished", "helper": "alone", "rotation": 0, "talk": False, "answers": {},
    }  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a real Chromium; its absence is an error, not a skip."""
    found = os.environ.get("HEARD_CHROMIUM") or next(
        (
            path
            for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            if Path(path).exists()
        ),
        None,
    )
    if found is None:
        pytest.fail("The browser tests need Chromium: run `bash tests/install`, or set HEARD_CHROMIUM.")
    return found
