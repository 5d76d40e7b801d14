"""From whatever was recorded to a small, even clip: cut to the voice, one channel, one loudness, MP3.

Libraries for sound are an extra (`heard[voice]`), loaded only when somebody records.
"""

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

RATE = 24_000  # enough for speech, and small
LEAST_RATE, MOST_RATE, MOST_CHANNELS = 8_000, 96_000, 8
BLOCK, MARGIN = 1, 0.5  # seconds: so much is worked on at once, with so much of its neighbours on both sides
MOST_BYTES = 8 * 1024 * 1024
SHORTEST, LONGEST = 0.2, 60.0
AROUND = 0.08  # seconds of silence kept at both ends, so that no sound begins with a click
FRAME = 0.01
FADE = 0.005
LOUDEST = 10 ** (-3 / 20)
MOST_GAIN = 10 ** (24 / 20)  # more would only make the room loud
SILENCE = 10 ** (-55 / 20)
FORMATS = {"WAV", "WAVEX", "FLAC", "OGG", "MP3"}
SMALL = 0.8  # of libsndfile's scale from 0 (large) to 1 (small): 40 kbit/s at this rate


_ONE_AT_A_TIME = threading.Lock()  # several people may record at once; a small server holds one sound in its memory


class Unusable(Exception):
    """This sound cannot be kept."""


class NotSound(Unusable):
    """This is not a sound file that Heard can read: use WAV, FLAC, OGG or MP3."""


class TooBig(Unusable):
    """The file is larger than 8 MiB: save it as MP3 or FLAC, or with a lower sampling rate."""


class TooLong(Unusable):
    """The sound is longer than 60 seconds: record one sentence only."""


class TooShort(Unusable):
    """There is less than 0.2 seconds of sound: record the whole sentence."""


class Silent(Unusable):
    """Nothing can be heard: check that the right microphone is chosen and not muted, and come closer."""


class NotInstalled(Unusable):
    """The library for sound is not installed: run pip install 'heard[voice]'."""


@dataclass(frozen=True)
class Sound:
    """What is stored."""

    mp3: bytes
    seconds: float


def prepare(data: bytes) -> Sound:
    """Return a recording as a clip. Raises an `Unusable`."""
    if len(data) > MOST_BYTES:
        raise TooBig
    with _ONE_AT_A_TIME:
        return _prepared(data)


def _prepared(data: bytes) -> Sound:
    samples, rate = _read(data)
    if len(samples) < SHORTEST * rate:
        raise TooShort
    voice = _cut(samples, rate)
    if len(voice) < SHORTEST * rate:
        raise TooShort
    even = _even(_resampled(voice, rate))
    return Sound(_mp3(even), round(len(even) / RATE, 2))


def _library() -> Any:
    try:
        import soundfile
    except (ImportError, OSError):  # OSError: installed, but without the C library it needs
        raise NotInstalled from None
    return soundfile


def _read(data: bytes) -> "tuple[Samples, int]":
    library = _library()
    try:
        with library.SoundFile(io.BytesIO(data)) as file:
            known = file.format in FORMATS and LEAST_RATE <= file.samplerate <= MOST_RATE
            if not known or file.channels > MOST_CHANNELS:
                raise NotSound
            return _one_channel(file), file.samplerate
    except library.LibsndfileError:
        raise NotSound from None


def _one_channel(file: Any) -> "Samples":
    # Second by second: what a file says of its length may be wrong, and a small file can hold hours.
    import numpy as np

    parts: list[Samples] = []
    for block in file.blocks(file.samplerate, dtype="float32", always_2d=True):
        if len(parts) >= LONGEST:
            raise TooLong
        # A file of floats may hold anything; louder than full scale is nothing, and sums of it end as infinity.
        parts.append(np.clip(np.nan_to_num(block, nan=0.0), -1.0, 1.0).mean(axis=1))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _cut(samples: "Samples", rate: int) -> "Samples":
    """Cut the silence before and after. What counts as silence depends on the room and on how loud the voice is."""
    import numpy as np

    samples = samples - samples.mean()
    step = int(FRAME * rate)
    frames = samples[: len(samples) // step * step].reshape(-1, step)
    loud = np.sqrt((frames**2).mean(axis=1))
    if loud.max() < SILENCE:
        raise Silent
    room = 2 * np.quantile(loud, 0.1)
    heard = np.flatnonzero(loud > np.clip(room, loud.max() / 100, loud.max() / 20))
    around = int(AROUND * rate)
    return samples[max(0, heard[0] * step - around) : (heard[-1] + 1) * step + around]


def _resampled(samples: "Samples", rate: int) -> "Samples":
    """Return the samples at our rate, second by second: a transform of a whole minute would fill the memory."""
    import numpy as np

    if rate == RATE:
        return samples
    length, margin = round(len(samples) * RATE / rate), int(MARGIN * rate)
    padded = np.pad(samples, (margin, rate + margin))
    window = BLOCK * rate + 2 * margin
    blocks = [_block(padded[at : at + window], margin, rate) for at in range(0, len(samples), BLOCK * rate)]
    return np.concatenate(blocks)[:length]


def _block(samples: "Samples", margin: int, rate: int) -> "Samples":
    """One second at our rate: the spectrum is cut or filled up, and what cannot be said at our rate is left out.

    The margins fade, so that the ends of the block meet, and are thrown away.
    """
    import numpy as np

    fade = np.sin(np.linspace(0, np.pi / 2, margin, dtype=np.float32)) ** 2
    samples = np.concatenate([samples[:margin] * fade, samples[margin:-margin], samples[-margin:] * fade[::-1]])
    spectrum = np.fft.rfft(np.pad(samples, (0, 2 * rate - len(samples))))  # two seconds are whole at either rate
    made = np.fft.irfft(spectrum, 2 * RATE) * (RATE / rate)
    begin = round(margin * RATE / rate)
    return made[begin : begin + BLOCK * RATE].astype(np.float32)


def _even(samples: "Samples") -> "Samples":
    """One loudness for every clip, and no click at the ends."""
    import numpy as np

    even = samples * min(LOUDEST / float(np.abs(samples).max()), MOST_GAIN)
    ramp = np.linspace(0, 1, int(FADE * RATE), dtype=np.float32)
    even[: len(ramp)] *= ramp
    even[-len(ramp) :] *= ramp[::-1]
    return even.astype(np.float32)


def _mp3(samples: "Samples") -> bytes:
    made = io.BytesIO()
    _library().write(
        made, samples, RATE, format="MP3", subtype="MPEG_LAYER_III", compression_level=SMALL, bitrate_mode="CONSTANT"
    )
    return made.getvalue()
