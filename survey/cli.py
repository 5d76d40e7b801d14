"""The command line: `heard --help` lists everything. Errors say what, where and what to do; never a stack trace."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from . import clock, config, db, enrol, invite, publish, upgrade
from . import models as m
from ._version import VERSION
from .instrument import problem, read
from .instrument.nouns import Library
from .translation import books
from .translation.cli import translate
from .translation.languages import UnknownLanguage

DATA, CANNOT_WRITE, TRY_AGAIN, SETTINGS = 65, 73, 75, 78
Command = TypeVar("Command", bound=Callable[..., Any])


def stop(code: int, *sentences: str) -> NoReturn:
    """Say what is wrong on standard error and end with `code`."""
    for sentence in sentences:
        click.echo(sentence, err=True)
    sys.exit(code)


def plain_errors(command: Command) -> Command:
    """Turn the failures an operator can meet into sentences."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except config.Unsafe as error:
            stop(SETTINGS, str(error))
        except publish.NotPublishable as error:
            stop(DATA, *problem.report(error.problems))
        except publish.VersionNotRaised as error:
            stop(DATA, f"{error} Raise `version` in that file; answers stay pinned to the old one.")
        except OperationalError:
            stop(
                SETTINGS,
                "The database cannot be reached or is not set up. Check HEARD_DATABASE, then run `heard upgrade`.",
            )
        except PermissionError as error:
            stop(CANNOT_WRITE, f"No permission to write {error.filename}. Choose another place.")

    return guarded  # type: ignore[return-value]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="heard")
def main() -> None:
    """Heard: children say what they want, staff answer, and the gap is measured."""
    os.umask(0o077)  # whatever a command writes, others on this machine cannot read it
    try:
        books.also(config.home_of() / "translations")
    except UnknownLanguage as error:
        stop(SETTINGS, str(error))


@main.command()
@click.option("--name", default="Our organisation", help="What your organisation is called.")
@click.option("--login", default="admin", help="Sign-in name of the first administrator.")
@plain_errors
def init(name: str, login: str) -> None:
    """Set up an empty organisation and its first administrator."""
    home = config.home_of()
    config.prepare_home(home)
    engine = _engine()
    upgrade.to(engine)
    with db.sessions(engine).begin() as session:
        if session.get(m.Organisation, 1) is not None:
            stop(DATA, f"There is an organisation in {home} already. Nothing was changed. Start it with `heard serve`.")
        enrol.organisation(session, name)
        password = enrol.pass_phrase()
        enrol.staff(session, login, "Administrator", "admin", password, [], clock.today())
    click.echo(f"{name} is set up in {home}.")
    click.echo(f"Administrator: {login}   password: {password}   (shown once; change it after signing in)")
    click.echo("Next: `heard serve`, sign in, and follow the five steps on the first page.")


@main.command("upgrade")
@plain_errors
def upgrade_database() -> None:
    """Bring the database to the newest version."""
    upgrade.to(_engine())
    click.echo("The database is up to date.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, help="How many requests are answered at once.")
@plain_errors
def serve(host: str, port: int, threads: int) -> None:
    """Serve Heard (one process; see docs/running.md for several)."""
    from waitress import serve as listen

    from . import create_app

    settings = config.load()
    _must_be_current(db.engine(settings.database))
    app = create_app(settings)
    click.echo(
        f"Heard is ready:  children  http://{host}:{port}/   staff  http://{host}:{port}/staff/   (stop with Ctrl-C)"
    )
    if host not in ("127.0.0.1", "localhost", "::1") and not settings.https:
        click.echo("Without HTTPS tablets on the network can answer online only. See docs/running.md.", err=True)
    try:
        listen(app, host=host, port=port, threads=threads, ident=None)
    except OSError as error:
        stop(TRY_AGAIN, f"Port {port} cannot be used ({error.strerror}). Choose another: heard serve --port {port + 1}")


@main.command("publish")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@plain_errors
def publish_files(folder: Path | None) -> None:
    """Publish questionnaire files (the shipped ones by default)."""
    with opened() as session, session.begin():
        new = publish.everything(session, shipped(folder), clock.now())
        for row in new:
            click.echo(f"published {row.name} version {row.version}  {row.digest[:12]}")
    click.echo(f"{len(new)} new; everything else was published before.")


main.add_command(translate)


@main.group()
def staff() -> None:
    """Add staff, or give somebody a new password."""


@staff.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, type=click.Choice(m.ROLES), help="What they do.")
@click.option("--site", "codes", multiple=True, help="Code of a site they work at; may be given several times.")
@plain_errors
def add_staff(login: str, name: str, role: str, codes: tuple[str, ...]) -> None:
    """Add somebody who signs in; the password is made up and shown once."""
    with opened() as session, session.begin():
        sites = [_site(session, code) for code in codes]
        password = enrol.pass_phrase()
        try:
            enrol.staff(session, login, name, role, password, sites, clock.today())
        except enrol.AlreadyThere:
            stop(DATA, f"Somebody signs in as {login!r} already. Choose another name.")
    click.echo(f"{login}   password: {password}   (shown once)")


@staff.command("password")
@click.argument("login")
@plain_errors
def new_password(login: str) -> None:
    """Give somebody a new password and end their sign-ins."""
    from . import admit

    with opened() as session, session.begin():
        found = session.scalar(select(m.StaffMember).where(m.StaffMember.login == login.lower()))
        if found is None:
            stop(DATA, f"Nobody signs in as {login!r}. `heard staff list` shows who does.")
        password = enrol.pass_phrase()
        admit.change_password(session, found, enrol.HASHER.hash(password))
    click.echo(f"{login}   password: {password}   (shown once)")


@staff.command("list")
@plain_errors
def list_staff() -> None:
    """Show who signs in."""
    with opened() as session:
        for row in session.scalars(select(m.StaffMember).order_by(m.StaffMember.login)):
            left = f"  left {row.left_on}" if row.left_on else ""
            click.echo(f"{row.login:20} {row.role:18} {' '.join(s.code for s in row.sites)}{left}")


@main.command()
@click.argument("case_number")
@click.option("--stage", default="S1", show_default=True, type=click.Choice(m.STAGES), help="Which stage.")
@click.option(
    "--wave", default="before", show_default=True, type=click.Choice(m.WAVES), help="Before or after the decision."
)
@plain_errors
def card(case_number: str, stage: str, wave: str) -> None:
    """Print a card for a child's open round; the code is shown once."""
    with opened() as session, session.begin():
        found = session.scalar(
            select(m.Round)
            .join(m.Child)
            .join(m.ChildIdentity)
            .where(m.ChildIdentity.case_number == case_number, m.Round.stage == stage, m.Round.closed_on.is_(None))
            .order_by(m.Round.n.desc())
        )
        if found is None:
            stop(DATA, f"Case {case_number!r} has no open round of stage {stage}. Open one on the child's page.")
        try:
            code = invite.card(session, found, wave, found.coordinator, clock.today(), clock.now())
        except (invite.NotReady, invite.NoPermission, invite.NotInvited) as error:
            stop(DATA, (error.__doc__ or "").strip())
    click.echo(invite.grouped(code))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace an export that is there.")
@plain_errors
def export(folder: Path, force: bool) -> None:
    """Write the tidy tables and the codebook (CSV and Parquet)."""
    from . import export as exports

    _room_for(folder, force)
    with opened() as session:
        rows = exports.tables(session, folder, clock.today())
    for name, count in rows.items():
        click.echo(f"{name:14} {count:>8} rows")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="The report.",
)
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Its language.")
@click.option("--force", is_flag=True, help="Replace a report that is there.")
@plain_errors
def analyse(folder: Path, output: Path, language: str, force: bool) -> None:
    """Compare what children said with what staff decided: an export in, a report out."""
    try:
        from analysis.__main__ import run
    except ImportError:
        stop(SETTINGS, "The statistics are not installed. Run: pip install 'heard[analysis,charts]'")
    given = [str(folder), "-o", str(output), f"--language={language}", *(["--force"] if force else [])]
    sys.exit(run(given))


@main.command()
@click.option("--children", default=120, show_default=True, help="How many children.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same organisation.")
@plain_errors
def demo(children: int, seed: int) -> None:
    """Build the demonstration organisation (synthetic; into an empty home)."""
    from . import demonstration

    config.prepare_home(config.home_of())
    engine = _engine()
    upgrade.to(engine)
    factory = db.sessions(engine)
    with factory() as session:
        there = session.get(m.Organisation, 1)
    if there is None:
        with click.progressbar(length=children, label="Making a year of a synthetic organisation") as bar:
            demonstration.build(factory, config.load(), shipped(None), children, seed, bar.update)
    elif not there.synthetic:
        stop(
            DATA,
            "There is a real organisation here; it stays as it is. For a demonstration, set HEARD_HOME elsewhere.",
        )
    with factory.begin() as session:
        click.echo(demonstration.welcome(session).text())


def shipped(folder: Path | None) -> Library:
    """Return the questionnaires in `folder`, or the shipped ones."""
    return read.library(folder) if folder else publish.shipped()


def opened() -> Session:
    """Return a session that sees everything: for the operator of the machine."""
    settings = config.load()
    return db.sessions(db.engine(settings.database))()


def _engine() -> Engine:
    return db.engine(config.load().database)


def _must_be_current(engine: Engine) -> None:
    try:
        current = upgrade.is_current(engine)
    except SQLAlchemyError:
        current = False
    if not current:
        stop(SETTINGS, "The database is not at this version of Heard. Run `heard upgrade` first.")


def _site(session: Session, code: str) -> m.Site:
    found = session.scalar(select(m.Site).where(m.Site.code == code))
    if found is None:
        stop(DATA, f"There is no site {code!r}.")
    return found


def _room_for(folder: Path, force: bool) -> None:
    if folder.exists() and any(folder.iterdir()) and not force:
        stop(CANNOT_WRITE, f"{folder} is not empty. Choose another folder, or add --force to replace the export in it.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


from . import cli_check, cli_voices  # noqa: E402, F401 - add their commands to `main`
