"""`heard voices`, as an operator types it; the drafts are spoken by the real program."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import config, db, voice
from survey import models as m
from survey.voice import speak

from .sounds import heard as sound_of
from .sounds import hum
from .test_cli import DATA, SETTINGS, heard, home
from .test_voice import row

__all__ = ["home"]


@pytest.fixture
def session(home: Path) -> Session:
    """Return a session on a fresh installation whose screens are read aloud, all but the first three sentences."""
    heard("init")
    opened = db.sessions(db.engine(config.load().database))()
    for one in voice.wanted(opened, "en")[3:]:
        opened.add(row(said=one.said, kind="draft"))
    opened.commit()
    return opened


def table(output: str) -> list[str]:
    """Return the row of English."""
    return next(line for line in output.splitlines() if line.startswith("en ")).split()


def test_drafts_are_spoken_for_what_is_missing_and_only_once(session: Session) -> None:
    before = voice.wanted(session, "en")
    session.commit()

    first, second = heard("voices", "draft"), heard("voices", "draft")

    assert first.exit_code == second.exit_code == 0
    assert "en: 3 drafts made" in first.output
    assert "en: 0 drafts made" in second.output
    clip = voice.find(session, "en", before[0].said)
    assert clip is not None
    assert (clip.kind, clip.made_by) == ("draft", "espeak-ng")
    assert 0.3 < clip.seconds < 15
    assert sound_of(clip.mp3)[1:] == (24_000, 1)
    assert {one.state for one in voice.wanted(session, "en")} == {"draft"}


def test_again_makes_drafts_anew_but_never_over_a_recording(session: Session) -> None:
    asked = voice.wanted(session, "en")
    for one in asked[4:]:
        session.add(row(said=one.said))
    session.commit()

    assert "en: 4 drafts made" in heard("voices", "draft", "--again").output
    redone = voice.find(session, "en", asked[3].said)
    assert redone is not None
    assert len(redone.mp3) > 1000


def test_without_the_program_the_cure_is_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.commit()
    monkeypatch.setenv("PATH", "/nowhere")

    result = heard("voices", "draft")

    assert result.exit_code == SETTINGS
    assert "apt-get install espeak-ng" in result.output


def test_a_language_without_a_draft_voice_is_named(session: Session, home: Path) -> None:
    from survey.translation.languages import LANGUAGES, Language

    session.commit()
    LANGUAGES["sah"] = Language("sah", "Саха тыла")
    try:
        result = heard("voices", "draft", "--language", "sah")
    finally:
        del LANGUAGES["sah"]

    assert result.exit_code == 0
    assert "sah: there is no draft voice. Record it" in result.output


@pytest.mark.parametrize("language", ["en", "ru", "sw", "ar", "fr", "es", "uk"])
def test_every_language_we_bring_has_a_voice_the_program_knows(language: str) -> None:
    assert len(sound_of(_clip(language))[0]) > 2_000


def _clip(language: str) -> bytes:
    from survey.voice import sound

    return sound.prepare(speak.aloud("Да, yes, نعم, sí.", language)).mp3


def test_a_sentence_is_never_an_option_of_the_program() -> None:
    for text in ("--version", "-f /etc/hostname", "<speak>one</speak>"):
        assert speak.aloud(text, "en")[:4] == b"RIFF"


def test_the_table_counts_and_names_what_is_missing(session: Session) -> None:
    asked = voice.wanted(session, "en")
    session.commit()

    loose, strict = heard("voices", "check"), heard("voices", "check", "--strict")

    assert table(loose.output) == ["en", str(len(asked)), "0", str(len(asked) - 3), "3", str(len(asked) - 3)]
    assert [f"missing: en {one.said}  {one.text}" in loose.output for one in asked[:4]] == [True, True, True, False]
    assert (loose.exit_code, strict.exit_code) == (0, 1)
    for one in asked[:3]:
        session.add(row(said=one.said))
    session.commit()
    assert heard("voices", "check", "--strict").exit_code == 0


def test_an_unknown_language_is_refused_with_the_known_ones(session: Session) -> None:
    session.commit()

    for words in (["check"], ["draft"], ["list"], ["load", "."]):
        result = heard("voices", *words, "--language", "../en")
        assert result.exit_code == DATA
        assert "Known are: en, ru" in result.output


def test_recordings_are_loaded_by_their_address_and_by_a_list(session: Session, tmp_path: Path) -> None:
    first, second, third = voice.wanted(session, "en")[:3]
    session.commit()
    folder = tmp_path / "sounds"
    folder.mkdir()
    (folder / f"{first.said}.flac").write_bytes(hum(format="FLAC"))
    (folder / "take 2.wav").write_bytes(hum())
    (folder / "bad.wav").write_bytes(b"no sound")
    (folder / "other.mp3").write_bytes(hum())
    rows = [("take 2.wav", second.text), ("bad.wav", third.text), ("gone.wav", third.text), ("../x.wav", third.text)]
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("file", "text"), *rows])

    result = heard("voices", "load", str(folder), "--language", "en", "--by", "Olga")

    assert result.exit_code == DATA
    assert "2 kept, 4 not." in result.output
    assert "bad.wav: This is not a sound file" in result.output
    assert "gone.wav: there is no such file." in result.output
    assert "../x.wav: only files in" in result.output
    assert "other.mp3: no child reads this text in en." in result.output
    states = {one.said: one.state for one in voice.wanted(session, "en")}
    assert [states[one.said] for one in (first, second, third)] == ["recorded", "recorded", "missing"]
    assert set(session.scalars(select(m.Clip.made_by).where(m.Clip.kind == "recorded"))) == {"Olga"}


def test_our_own_list_is_what_load_takes(session: Session, tmp_path: Path) -> None:
    first = voice.wanted(session, "en")[0]
    session.commit()
    written = heard("voices", "list", "--language", "en").output
    (tmp_path / "list.csv").write_text(written, encoding="utf-8")
    (tmp_path / f"{first.said}.wav").write_bytes(hum())

    result = heard("voices", "load", str(tmp_path), "--language", "en")

    assert next(csv.DictReader(io.StringIO(written)))["text"] == first.text
    assert (result.exit_code, result.output.strip()) == (0, "1 kept, 0 not.")


def test_an_empty_folder_and_a_broken_list_say_how_to_go_on(session: Session, tmp_path: Path) -> None:
    session.commit()
    folder = tmp_path / "sounds"
    folder.mkdir()
    assert "heard voices list" in heard("voices", "load", str(folder), "--language", "en").output

    for content in (b"\xff\xfe\x00file", b"name;words\nx;y\n"):
        (folder / "list.csv").write_bytes(content)
        result = heard("voices", "load", str(folder), "--language", "en")
        assert result.exit_code == DATA
        assert "list.csv" in result.output


def test_help_explains_every_command() -> None:
    page = heard("voices", "--help").output

    assert all(f"  {command} " in page for command in ("draft", "check", "list", "load"))
