"""Free text is kept sealed: AES-256-GCM, one key file, and the place it belongs to bound into the seal.

A stolen database file or backup holds no child's sentence. The key lies beside the configuration, never in the
database. (Answers that a tablet sealed to the server's public key will be opened here too.)
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12


class Unreadable(Exception):
    """The sealed text cannot be opened: another key, another place, or damaged bytes."""


class Seal:
    """Seals and opens text with one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, text: str, place: str) -> bytes:
        """Return `text` sealed for `place` (for example `answer:<submission>:<question>`)."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """Return the text, or raise `Unreadable`."""
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"The text for {place} cannot be opened with this key.") from error


def new_key(path: Path) -> None:
    """Write a fresh key that only the owner may read; an existing key is never overwritten."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(AESGCM.generate_key(256))


def from_file(path: Path) -> Seal:
    """Return the seal whose key lies in `path`."""
    return Seal(path.read_bytes())
