"""Sounds for tests: a hum between two silences, in any format."""

import io
import math

import numpy as np
import soundfile


def hum(
    seconds: float = 1.0,
    *,
    before: float = 0.5,
    after: float = 0.5,
    level: float = 0.3,
    rate: int = 48_000,
    channels: int = 1,
    format: str = "WAV",
    pitch: float = 440.0,
    room: float = 0.0005,
) -> bytes:
    """Return a sound file: a quiet room, a hum, the quiet room again."""
    t = np.arange(int(seconds * rate)) / rate
    tone = level * np.sin(2 * math.pi * pitch * t)
    silences = [np.zeros(int(length * rate)) for length in (before, after)]
    samples = np.concatenate([silences[0], tone, silences[1]])
    samples = samples + room * np.random.default_rng(1).standard_normal(len(samples))
    made = io.BytesIO()
    soundfile.write(made, np.stack([samples] * channels, axis=1), rate, format=format)
    return made.getvalue()


def heard(mp3: bytes) -> tuple["np.ndarray[tuple[int, ...], np.dtype[np.float32]]", int, int]:
    """Return the samples of a clip, its rate and its channels."""
    with soundfile.SoundFile(io.BytesIO(mp3)) as file:
        assert file.format == "MP3"
        return file.read(dtype="float32", always_2d=True), file.samplerate, file.channels
