"""`heard voices`: make drafts, see what is missing, load recordings made elsewhere."""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy.orm import Session

from . import clock, voice
from .cli import DATA, SETTINGS, main, opened, plain_errors, stop
from .translation.languages import LANGUAGES
from .voice import speak

SOMETHING_MISSING = 1
FIRST = 10  # how many missing sentences are named
AT_ONCE = 10  # drafts that are kept together: what is made stays, whenever somebody stops it
SOUNDS = {".wav", ".flac", ".ogg", ".oga", ".mp3"}

in_language = click.option("--language", metavar="CODE", help="One language only, for example ru.")


@main.group()
def voices() -> None:
    """Read questions aloud: drafts, recordings, what is missing."""


@voices.command("draft")
@in_language
@click.option("--again", is_flag=True, help="Make the drafts that are there once more.")
@plain_errors
def make_drafts(language: str | None, again: bool) -> None:
    """Speak every sentence nobody has recorded, with espeak-ng."""
    with opened() as session:
        for code in _codes(session, language):
            try:
                speak.ready(code)
            except speak.NoProgram as error:
                stop(SETTINGS, _sentence(error))
            except speak.NoVoice:
                click.echo(
                    f"{code}: there is no draft voice. Record it, or name a voice of espeak-ng in languages.toml."
                )
                continue
            _draft(session, code, again)


@voices.command("check")
@in_language
@click.option("--strict", is_flag=True, help="End with 1 when something is missing.")
@plain_errors
def check_voices(language: str | None, strict: bool) -> None:
    """Show what is recorded, drafted and missing in each language."""
    with opened() as session:
        codes = _codes(session, language)
        asked = {code: voice.wanted(session, code) for code in codes}
    click.echo(f"{'language':10} {'wanted':>7} {'recorded':>9} {'draft':>6} {'missing':>8} {'bytes':>11}")
    for code, phrases in asked.items():
        click.echo(_line(code, phrases))
    silent = [one for phrases in asked.values() for one in phrases if one.state == voice.MISSING]
    for one in silent[:FIRST]:
        click.echo(f"missing: {one.language} {one.said}  {one.text}")
    if len(silent) > FIRST:
        click.echo(f"… and {len(silent) - FIRST} more. `heard voices list` shows all.")
    if strict and silent:
        sys.exit(SOMETHING_MISSING)


@voices.command("list")
@click.option("--language", metavar="CODE", required=True, help="The language, for example ru.")
@plain_errors
def list_voices(language: str) -> None:
    """List all sentences as CSV, with the file name `heard voices load` looks for."""
    with opened() as session:
        phrases = [one for code in _codes(session, language) for one in voice.wanted(session, code)]
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["file", "text", "state"])
    rows.writerows([f"{one.said}.wav", one.text, one.state] for one in phrases)


@voices.command("load")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--language", metavar="CODE", required=True, help="The language of the recordings, for example ru.")
@click.option("--by", default="recorded elsewhere", show_default=True, help="Whose voice it is.")
@plain_errors
def load_voices(folder: Path, language: str, by: str) -> None:
    """Keep recordings: files named as in `heard voices list`, or named in a CSV file with the columns file and text."""
    bad = kept = 0
    with opened() as session:
        code = _codes(session, language)[0]
        texts = {one.said: one.text for one in voice.wanted(session, code)}
        for name, address in _named(folder):
            wrong = _load(session, folder, name, code, texts.get(address), by)
            bad, kept = bad + bool(wrong), kept + (not wrong)
            if wrong:
                session.rollback()
                click.echo(f"{name}: {wrong}", err=True)
            else:
                session.commit()
    click.echo(f"{kept} kept, {bad} not.")
    if bad or not kept:
        stop(DATA, "Mend what is named above and load again; what is kept stays." if bad else _nothing_found())


def _codes(session: Session, language: str | None) -> list[str]:
    """The language asked for, or all that the organisation offers."""
    if language is None:
        return voice.languages(session)
    if language not in LANGUAGES:
        stop(DATA, f"There is no language {language!r}. Known are: {', '.join(LANGUAGES)}.")
    return [language]


def _draft(session: Session, code: str, again: bool) -> None:
    phrases = voice.wanted(session, code)
    session.commit()
    to_do = [one for one in phrases if one.state == voice.MISSING or (again and one.state == voice.DRAFT)]
    silent = []
    with click.progressbar(to_do, label=f"{code}: {len(to_do)} drafts") as bar:
        for n, one in enumerate(bar, start=1):
            if not _keep_draft(session, one):
                silent.append(one.text)
            if n % AT_ONCE == 0:
                session.commit()
    session.commit()
    click.echo(f"{code}: {len(to_do) - len(silent)} drafts made, {len(phrases) - len(to_do)} sentences had a voice.")
    for text in silent:
        click.echo(f"{code}: espeak-ng could not speak {text!r}. Record it.", err=True)


def _keep_draft(session: Session, one: voice.Phrase) -> bool:
    try:
        wav = speak.aloud(one.text, one.language)
        voice.keep(session, one.language, one.text, wav, voice.DRAFT, speak.PROGRAM, clock.now())
    except voice.NotInstalled as error:
        stop(SETTINGS, _sentence(error))
    except (speak.CannotSpeak, voice.Unusable):
        return False
    return True


def _line(code: str, phrases: list[voice.Phrase]) -> str:
    states = Counter(one.state for one in phrases)
    size = sum(one.heard.size for one in phrases if one.heard)
    return (
        f"{code:10} {len(phrases):>7} {states[voice.RECORDED]:>9} {states[voice.DRAFT]:>6} "
        f"{states[voice.MISSING]:>8} {size:>11,}"
    )


def _named(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (file, address of its text): from the CSV lists in the folder, then from files named by their address."""
    listed = set()
    for table in sorted(folder.glob("*.csv")):
        for row in _rows(table):
            listed.add(row["file"])
            yield row["file"], voice.said(row["text"])
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in SOUNDS and file.name not in listed:
            yield file.name, file.stem.lower()


def _rows(table: Path) -> Iterator[dict[str, str]]:
    try:
        rows = list(csv.DictReader(table.read_text("utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error):
        stop(DATA, f"{table.name} cannot be read. Save it as CSV in UTF-8, with the columns file and text.")
    if rows and not {"file", "text"} <= set(rows[0]):
        stop(DATA, f"{table.name} lacks a column. The first line must be: file,text")
    for row in rows:
        # Our own list of everything (it has a column `state`) names also what nobody has recorded yet.
        if "state" not in row or (table.parent / row["file"]).is_file():
            yield row


def _load(session: Session, folder: Path, name: str, code: str, text: str | None, by: str) -> str:
    """Keep one file; return what is wrong with it, or nothing."""
    if Path(name).name != name or "\\" in name:
        return f"only files in {folder} itself are read. Put it there and name it without a folder."
    if text is None:
        return f"no child reads this text in {code}. Copy text or file name from `heard voices list --language {code}`."
    file = folder / name
    if not file.is_file():
        return "there is no such file. Correct the name in the list."
    if file.stat().st_size > voice.MOST_BYTES:
        return _sentence(voice.TooBig())
    try:
        voice.keep(session, code, text, file.read_bytes(), voice.RECORDED, by, clock.now())
    except voice.NotInstalled as error:
        stop(SETTINGS, _sentence(error))
    except voice.Unusable as error:
        return _sentence(error)
    return ""


def _nothing_found() -> str:
    return "There are no sound files here. `heard voices list` shows how to name them."


def _sentence(error: Exception) -> str:
    return " ".join((error.__doc__ or "").split())
