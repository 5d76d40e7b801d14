"""Reading aloud: what is recorded is evened out, found by its text, and never played under other words."""

import datetime as dt
import io
import threading
import unicodedata
import uuid
from typing import Any

import numpy as np
import pytest
import soundfile
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey import clock, publish, voice
from survey import models as m
from survey.translation import child_screens
from survey.translation.languages import LANGUAGES, Language
from survey.voice import phrases, sound

from .conftest import World
from .sounds import heard, hum

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
TEXT = "Where would you like to live later on?"


def kept(session: Session, text: str = TEXT, kind: str = "recorded", at: dt.datetime = NOW, **more: Any) -> m.Clip:
    """Keep a hum for a text."""
    clip = voice.keep(session, "en", text, hum(**more), kind, "Vera", at)
    session.commit()
    return clip


def row(**other: object) -> m.Clip:
    """Return a clip without the trouble of a sound."""
    words: dict[str, Any] = {
        "language": "en", "said": voice.said(TEXT), "kind": "recorded", "mp3": b"x", "seconds": 1.0, "made_by": "Vera",
        "made_at": NOW, **other,
    }  # fmt: skip
    return m.Clip(**words)


# ---- from a sound to a clip --------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["WAV", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_recording_in_any_usual_format_becomes_a_small_mp3(format: str, channels: int) -> None:
    made = sound.prepare(hum(3, format=format, channels=channels))

    samples, rate, heard_in = heard(made.mp3)
    assert (rate, heard_in) == (24_000, 1)
    assert 32 <= len(made.mp3) * 8 / (len(samples) / rate) / 1000 <= 48
    assert made.seconds == pytest.approx(3.16, abs=0.06)


def test_silence_at_both_ends_is_cut_off_but_for_a_breath() -> None:
    assert sound.prepare(hum(1, before=2, after=3)).seconds == pytest.approx(1.16, abs=0.03)
    assert sound.prepare(hum(1, before=0, after=0)).seconds == pytest.approx(1.0, abs=0.03)


def test_silence_is_cut_off_in_a_noisy_room_too() -> None:
    assert sound.prepare(hum(1, before=2, after=3, room=0.004)).seconds == pytest.approx(1.16, abs=0.06)


@pytest.mark.parametrize("level", [0.06, 0.3, 0.95])
def test_every_clip_is_equally_loud(level: float) -> None:
    samples, _rate, _channels = heard(sound.prepare(hum(level=level)).mp3)

    assert np.abs(samples).max() == pytest.approx(10 ** (-3 / 20), abs=0.06)


def test_a_whisper_is_made_louder_only_so_far() -> None:
    samples, _rate, _channels = heard(sound.prepare(hum(level=0.006, room=0)).mp3)

    assert np.abs(samples).max() == pytest.approx(0.006 * 10 ** (24 / 20), rel=0.2)


@pytest.mark.parametrize("rate", [8_000, 22_050, 24_000, 44_100, 48_000])
def test_the_pitch_of_a_voice_stays_as_it_is(rate: int) -> None:
    samples, heard_at, _channels = heard(sound.prepare(hum(2, rate=rate, pitch=440)).mp3)

    loudest = np.abs(np.fft.rfft(samples[:, 0])).argmax() * heard_at / len(samples)
    assert loudest == pytest.approx(440, abs=3)


def test_what_is_above_the_new_rate_does_not_come_back_as_another_tone() -> None:
    both = hum(1, pitch=440, level=0.3, before=0, after=0, room=0)
    high = hum(1, pitch=20_000, level=0.3, before=0, after=0, room=0)
    mixed = (np.frombuffer(both[44:], "<i2") // 2 + np.frombuffer(high[44:], "<i2") // 2).astype("<i2")

    samples, rate, _channels = heard(sound.prepare(both[:44] + mixed.tobytes()).mp3)
    tones = np.abs(np.fft.rfft(samples[:, 0] * np.hanning(len(samples))))
    assert tones[int(4_000 * len(samples) / rate)] < tones.max() / 1000  # 20 kHz would fold to 4 kHz


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", sound.NotSound),
        (b"<html>not a sound</html>" * 100, sound.NotSound),
        (hum(format="AIFF"), sound.NotSound),
        (hum(rate=4_000), sound.NotSound),
        (hum(59, before=1, after=1.5, format="FLAC", rate=8_000, room=0), sound.TooLong),
        (hum(0.05, before=0.05, after=0.05), sound.TooShort),
        (hum(0.01, before=2, after=2), sound.TooShort),
        (hum(2, level=0), sound.Silent),
        (hum(2, level=0, room=0), sound.Silent),
        (b"RIFF" + bytes(8 * 1024 * 1024), sound.TooBig),
    ],
    ids=["nothing", "a page", "aiff", "telephone", "long", "short", "a click", "a quiet room", "zeros", "big"],
)  # fmt: skip
def test_what_cannot_be_a_clip_is_refused_by_its_name(data: bytes, wrong: type[sound.Unusable]) -> None:
    with pytest.raises(sound.Unusable) as refused:
        sound.prepare(data)

    assert refused.type is wrong
    assert (wrong.__doc__ or "").strip().endswith(".")


def test_hours_in_a_small_file_are_not_unpacked() -> None:
    hours = hum(60 * 60, before=0, after=0, level=0, room=0, rate=8_000, format="FLAC")

    assert len(hours) < sound.MOST_BYTES
    with pytest.raises(sound.TooLong):
        sound.prepare(hours)


def test_a_sound_whose_header_promises_too_much_is_read_to_its_end() -> None:
    data = hum(1)
    promised = data[:40] + (0x7FFFF000).to_bytes(4, "little") + data[44:]

    assert sound.prepare(promised).seconds == pytest.approx(1.16, abs=0.03)


def test_a_broken_sound_with_numbers_that_are_none_becomes_no_broken_clip() -> None:
    import io

    import soundfile

    samples = np.frombuffer(hum()[44:], "<i2").astype("float32") / 32768
    samples[30_000:30_010] = np.nan
    made = io.BytesIO()
    soundfile.write(made, samples, 48_000, format="WAV", subtype="FLOAT")

    mended, _rate, _channels = heard(sound.prepare(made.getvalue()).mp3)
    assert np.isfinite(mended).all()
    assert np.abs(mended).max() > 0.5


# ---- the address is the text -------------------------------------------------------------------------------


def test_the_address_of_a_text_does_not_depend_on_how_its_letters_are_composed() -> None:
    word = "Ещё й ça"

    assert voice.said(word) == voice.said(f" {unicodedata.normalize('NFD', word)}\n")
    assert voice.said("Yes") != voice.said("yes")
    assert voice.said("abc") == "ba7816bf8f01"  # the first twelve digits of its SHA-256


def test_a_changed_text_has_no_clip(session: Session, world: World) -> None:
    kept(session)

    assert voice.find(session, "en", voice.said(TEXT)) is not None
    assert voice.find(session, "en", voice.said(TEXT.replace("later on", "later"))) is None
    assert voice.find(session, "ru", voice.said(TEXT)) is None


def test_the_newest_recording_is_heard_before_any_draft(session: Session, world: World) -> None:
    first = kept(session)
    second = kept(session, at=LATER)
    draft = kept(session, kind="draft", at=LATER + dt.timedelta(hours=1))
    heard_now = voice.find(session, "en", voice.said(TEXT))
    assert heard_now is not None
    assert heard_now.id == second.id
    assert voice.marks(session, "en") == {voice.said(TEXT): second.id.hex[:8]}

    for then in (first, draft):
        voice.take_back(session, heard_now)
        heard_now = voice.find(session, "en", voice.said(TEXT))
        assert heard_now is not None
        assert heard_now.id == then.id

    voice.take_back(session, heard_now)
    assert voice.available(session, "en") == frozenset()


def test_a_new_draft_takes_the_place_of_the_old_one_and_of_nothing_else(session: Session, world: World) -> None:
    recorded, other = kept(session), kept(session, "No", kind="draft")
    old = kept(session, kind="draft")
    new = kept(session, kind="draft", at=LATER)

    assert set(session.scalars(select(m.Clip.id))) == {recorded.id, other.id, new.id}
    assert old.id != new.id


def test_a_draft_that_cannot_be_kept_leaves_the_old_one(session: Session, world: World) -> None:
    kept(session, kind="draft")

    with pytest.raises(voice.NotSound):
        voice.keep(session, "en", TEXT, b"no", "draft", "espeak-ng", LATER)

    assert voice.available(session, "en") == {voice.said(TEXT)}


def test_what_can_be_heard_is_told_by_language(session: Session, world: World) -> None:
    kept(session)
    session.add(row(language="ru", said=voice.said("Да")))
    session.flush()

    assert voice.available(session, "en") == {voice.said(TEXT)}
    assert voice.available(session, "ru") == {voice.said("Да")}
    assert voice.available(session, "ar") == frozenset()


@pytest.mark.parametrize(
    ("other", "promise"),
    [
        ({"kind": "sung"}, "kind_known"),
        ({"said": "ABCDEF012345"}, "said_is_the_mark_of_a_text"),
        ({"said": "abc"}, "said_is_the_mark_of_a_text"),
        ({"said": "abcdef../../"}, "said_is_the_mark_of_a_text"),
        ({"mp3": b""}, "can_be_heard"),
        ({"seconds": 0.0}, "no_longer_than_a_minute"),
        ({"seconds": 61.0}, "no_longer_than_a_minute"),
        ({"made_by": ""}, "somebody_made_it"),
        ({"language": ""}, "in_a_language"),
    ],
)
def test_the_schema_refuses_a_clip_that_cannot_be(session: Session, other: dict[str, Any], promise: str) -> None:
    session.add(row(**other))

    with pytest.raises(DBAPIError, match=promise):
        session.flush()


# ---- what is wanted ----------------------------------------------------------------------------------------


def test_every_text_a_child_reads_is_wanted_once(session: Session, world: World) -> None:
    asked = voice.wanted(session, "en")
    texts = {one.text for one in asked}

    assert len({one.said for one in asked}) == len(asked) > 600
    for document in (row.document for row in publish.newest(session) if row.asked_of == "child"):
        for group in document["texts"]["en"].values():
            assert {question["text"] for question in group["questions"].values()} <= texts
            assert set(group["missing"].values()) | set(group["next"].values()) <= texts
            assert group["practice"]["hint"] in texts
    assert {text.strip() for text in child_screens("en")} <= texts
    assert child_screens("en"), "there are sentences around the questions"


def test_what_only_staff_read_is_not_wanted(session: Session, world: World) -> None:
    asked = {one.questionnaire for one in voice.wanted(session, "en")}

    assert asked == {row.name for row in publish.newest(session) if row.asked_of == "child"} | {""}


def test_sentences_come_as_a_child_reads_them(session: Session, world: World) -> None:
    asked = [one for one in voice.wanted(session, "en") if one.questionnaire == "care.receiving.child"]

    first = _document(session, "S1")["questions"][0]
    words = _document(session, "S1")["texts"]["en"]["10-12"]["questions"][first["id"]]
    in_order = [words["text"], *(words["options"][code] for code in first["options"]["10-12"])]
    assert [one.text for one in asked[: len(in_order)]] == in_order
    assert [bool(one.question) for one in asked] == sorted((bool(one.question) for one in asked), reverse=True)
    journey = list(dict.fromkeys(one.questionnaire for one in voice.wanted(session, "en")))
    assert journey[:3] == ["care.receiving.child", "care.assessment.child", "care.planning.child"]
    assert journey[-2:] == ["reply", ""]


def test_the_same_words_in_two_places_are_recorded_once_for_all_their_ages(session: Session, world: World) -> None:
    first = voice.wanted(session, "en")[0]
    yes = next(one for one in voice.wanted(session, "en") if one.text == "Yes")

    assert first.question == _document(session, "S1")["questions"][0]["id"]
    assert "10-12" in first.age_groups
    assert yes.age_groups == ("10-12", "13-15", "16-17")
    spots = [spot for spot in phrases.everywhere(session, "en") if spot.text == "Yes"]
    assert len({(spot.questionnaire, spot.question) for spot in spots}) > 1


def _document(session: Session, stage: str) -> dict[str, Any]:
    found = publish.latest(session, "child", stage)
    assert found is not None
    return found.document


def test_a_sentence_knows_what_is_heard_for_it(session: Session, world: World) -> None:
    first, second, third = voice.wanted(session, "en")[:3]
    assert {first.state, second.state, third.state} == {"missing"}

    kept(session, first.text)
    kept(session, second.text, kind="draft")

    found = voice.wanted(session, "en")
    assert [one.state for one in found[:3]] == ["recorded", "draft", "missing"]
    assert found[0].heard is not None
    assert (found[0].heard.made_by, found[0].heard.made_at) == ("Vera", NOW)
    clip = voice.find(session, "en", first.said)
    assert clip is not None
    assert (found[0].heard.size, found[0].heard.seconds) == (len(clip.mp3), clip.seconds)


def test_a_language_asks_only_for_what_it_has(session: Session, world: World) -> None:
    published = {code for row in publish.newest(session) for code in row.document["languages"]}
    english = set(child_screens("en"))

    for code in ("ru", "ar", "sw"):
        asked = voice.wanted(session, code)
        assert not {one.text for one in asked} & english
        assert any(one.question for one in asked) == (code in published)


def test_nobody_is_asked_to_read_english_in_a_language_without_translation(session: Session, world: World) -> None:
    LANGUAGES["sah"] = Language("sah", "Саха тыла")
    try:
        assert child_screens("sah") == child_screens("en")
        assert voice.wanted(session, "sah") == []
    finally:
        del LANGUAGES["sah"]


def test_the_organisation_says_which_languages_are_read_aloud(session: Session, world: World) -> None:
    session.execute(update(m.Organisation).values(languages="ru en klingon"))

    assert voice.languages(session) == ["ru", "en"]


# ---- the address -------------------------------------------------------------------------------------------


@pytest.fixture
def clip(session: Session, world: World) -> m.Clip:
    """Return a clip that is kept."""
    return kept(session)


def loud(value: float) -> bytes:
    """A file of floats, far beyond anything that can be heard."""
    made = io.BytesIO()
    tone = np.where(np.sin(np.arange(48_000) / 20) < 0, -value, value)
    soundfile.write(made, np.stack([tone, tone], axis=1).astype("float32"), 48_000, format="WAV", subtype="FLOAT")
    return made.getvalue()


@pytest.mark.parametrize("value", [3e38, float("inf"), 1e20])
def test_a_file_louder_than_anything_is_cut_to_what_can_be_heard(value: float) -> None:
    made = sound.prepare(loud(value))

    assert made.seconds == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("rate", [96_001, 191_999, 192_000])
def test_a_rate_that_no_microphone_of_ours_has_is_refused(rate: int) -> None:
    with pytest.raises(sound.NotSound):
        sound.prepare(hum(0.5, rate=rate))
    assert sound.prepare(hum(0.5, rate=96_000)).seconds > 0.4


def test_a_long_sound_is_worked_on_second_by_second(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, real = [], np.fft.rfft
    monkeypatch.setattr(np.fft, "rfft", lambda samples: sizes.append(len(samples)) or real(samples))

    sound.prepare(hum(20, rate=44_101))

    assert len(sizes) >= 20
    assert max(sizes) <= 2 * 44_101


def test_where_two_seconds_meet_nothing_is_heard() -> None:
    t = np.arange(3 * 44_100) / 44_100

    made = sound._resampled((0.3 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), 44_100)

    wanted = 0.3 * np.sin(2 * np.pi * 440 * np.arange(len(made)) / 24_000)
    assert len(made) == 3 * 24_000
    assert np.abs(made - wanted)[12_000:-12_000].max() < 0.003


def test_one_sound_is_converted_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    both, met = threading.Barrier(2), []

    def meet(_data: bytes) -> None:
        try:
            both.wait(timeout=0.3)
            met.append(True)
        except threading.BrokenBarrierError:
            both.reset()

    monkeypatch.setattr(sound, "_prepared", meet)
    threads = [threading.Thread(target=sound.prepare, args=(b"",)) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert met == []


def test_everybody_may_hear_a_clip_and_keep_it(client: FlaskClient, clip: m.Clip) -> None:
    reply = client.get(f"/voice/en/{clip.said}.mp3?v={clip.id.hex[:8]}&lang=ar")

    assert (reply.status_code, reply.mimetype, reply.data) == (200, "audio/mpeg", clip.mp3)
    assert set(reply.headers["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
    assert "Set-Cookie" not in reply.headers
    assert "Cookie" not in reply.headers.get("Vary", "")


@pytest.mark.parametrize("mark", ["", "?v=x", "?v=00000000"])
def test_a_clip_without_its_mark_is_asked_for_again_so_that_a_new_recording_is_heard(
    client: FlaskClient, clip: m.Clip, mark: str
) -> None:
    reply = client.get(f"/voice/en/{clip.said}.mp3{mark}")

    assert reply.headers["Cache-Control"] == "no-cache"
    assert reply.headers["ETag"] == f'"{clip.id.hex}"'


def test_a_player_may_ask_for_a_part_and_whether_it_is_the_same(client: FlaskClient, clip: m.Clip) -> None:
    where = f"/voice/en/{clip.said}.mp3"
    part = client.get(where, headers={"Range": "bytes=100-199"})
    same = client.get(where, headers={"If-None-Match": part.headers["ETag"]})

    assert (part.status_code, part.data) == (206, clip.mp3[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(clip.mp3)}"
    assert (same.status_code, same.data) == (304, b"")
    assert client.get(where, headers={"Range": "bytes=999999999-"}).status_code == 416


def test_a_new_recording_has_another_etag_and_another_mark(client: FlaskClient, session: Session, clip: m.Clip) -> None:
    where, mark = f"/voice/en/{clip.said}.mp3", voice.marks(session, "en")[clip.said]
    before = client.get(where).headers["ETag"]
    session.commit()
    new = kept(session, at=clock.now(), seconds=2)

    assert client.get(where, headers={"If-None-Match": before}).data == new.mp3
    assert voice.marks(session, "en")[clip.said] != mark


@pytest.mark.parametrize(
    "where",
    [
        "/voice/ru/{said}.mp3", "/voice/en/000000000000.mp3", "/voice/en/{said}", "/voice/en/{said}.wav",
        "/voice/en/..%2F..%2Fsecret.mp3", "/voice/..%2Fen/{said}.mp3", "/voice/en%00/{said}.mp3",
        "/voice/en/%27%20OR%201=1-.mp3",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found_and_not_kept(client: FlaskClient, clip: m.Clip, where: str) -> None:
    reply = client.get(where.format(said=clip.said), follow_redirects=True)

    assert reply.status_code == 404
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_child_s_pages_may_play_clips_but_nobody_gets_the_microphone(app: Flask, client: FlaskClient) -> None:
    for where in ("/", "/staff/sign-in", "/voice/en/000000000000.mp3"):
        headers = client.get(where).headers
        assert "media-src 'self';" in headers["Content-Security-Policy"]
        assert "microphone=()" in headers["Permissions-Policy"]


def test_keys_of_clips_are_random(session: Session, world: World) -> None:
    assert isinstance(kept(session).id, uuid.UUID)
    assert kept(session, "No").id.version == 4
