"""A draft voice: a sentence spoken by espeak-ng where it is installed. Only called as a program, never shipped."""

import shutil
import subprocess

from ..translation.languages import LANGUAGES

PROGRAM = "espeak-ng"
PACE = 140  # words a minute: slower than people talk
LONGEST_WAIT = 30  # seconds for one sentence


class NoProgram(Exception):
    """espeak-ng is not installed: on Debian or Ubuntu run `apt-get install espeak-ng`, on a Mac `brew install
    espeak-ng`."""


class NoVoice(Exception):
    """There is no draft voice for this language: record it, or name one of espeak-ng's voices in languages.toml."""


class CannotSpeak(Exception):
    """espeak-ng did not speak the sentence: try `espeak-ng --voices` to see whether it knows the language."""


def ready(language: str) -> None:
    """Check that drafts can be made in a language. Raises `NoProgram` or `NoVoice`."""
    _voice(language)
    _program()


def aloud(text: str, language: str) -> bytes:
    """Return a text as WAV. Raises `NoProgram`, `NoVoice` or `CannotSpeak`."""
    words = [_program(), "-v", _voice(language), "-s", str(PACE), "-b", "1", "--stdin", "--stdout"]
    try:
        # A list of words and no shell; the sentence goes through standard input, so it can never be an option.
        done = subprocess.run(words, input=text.encode("utf-8"), capture_output=True, timeout=LONGEST_WAIT)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotSpeak from error
    if done.returncode or not done.stdout:
        raise CannotSpeak
    return done.stdout


def _program() -> str:
    found = shutil.which(PROGRAM)
    if found is None:
        raise NoProgram
    return found


def _voice(language: str) -> str:
    known = LANGUAGES.get(language)
    if known is None or not known.voice:
        raise NoVoice
    return known.voice
