"""Sealing and finding personal data: SM4-GCM (GB/T 32907, GB/T 36624) and HMAC-SM3 (GB/T 32905).

A sealed value is `version (1 byte) · nonce (12) · ciphertext · tag (16)`. Its purpose (`person.phone`) is
authenticated with it, so that a value copied into another column does not open. The blind index of a value is
the first 16 bytes of HMAC-SM3 under a key of its own: equal values can be found, nothing can be read from it.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NONCE, TAG, INDEX_LENGTH = 12, 16, 16
PIECE = 1 << 20


class CannotOpen(Exception):
    """The value was sealed for another purpose, with a key that is not here, or was changed."""


@dataclass(frozen=True)
class Keyring:
    """The sealing keys by version (1–255), the version that seals now, and the index key."""

    keys: dict[int, bytes] = field(repr=False)
    current: int
    index_key: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "Keyring":
        return cls({1: secrets.token_bytes(16)}, 1, secrets.token_bytes(32))

    @classmethod
    def from_json(cls, text: str) -> "Keyring":
        raw = json.loads(text)
        keys = {int(v): bytes.fromhex(k) for v, k in raw["keys"].items()}
        current, index_key = int(raw["current"]), bytes.fromhex(raw["index_key"])
        if current not in keys or any(len(k) != 16 for k in keys.values()) or len(index_key) < 16:
            raise ValueError("vault keys: `current` must name one of `keys`, each 16 bytes in hexadecimal")
        return cls(keys, current, index_key)

    def to_json(self) -> str:
        return json.dumps(
            {
                "keys": {str(v): k.hex() for v, k in self.keys.items()},
                "current": self.current,
                "index_key": self.index_key.hex(),
            }
        )

    def with_new_key(self) -> "Keyring":
        version = max(self.keys) + 1
        return Keyring({**self.keys, version: secrets.token_bytes(16)}, version, self.index_key)

    @cached_property
    def _ciphers(self) -> dict[int, algorithms.SM4]:
        return {v: algorithms.SM4(k) for v, k in self.keys.items()}

    @cached_property
    def _mac(self) -> hmac.HMAC:
        return hmac.HMAC(self.index_key, hashes.SM3())

    def seal(self, purpose: str, text: str) -> bytes:
        """Seals a text; the empty text stays the empty value, so that "nothing known" costs nothing."""
        if not text:
            return b""
        nonce = os.urandom(NONCE)
        encryptor = Cipher(self._ciphers[self.current], modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(purpose.encode())
        sealed = encryptor.update(text.encode()) + encryptor.finalize()
        return bytes((self.current,)) + nonce + sealed + encryptor.tag

    def open(self, purpose: str, sealed: bytes | memoryview) -> str:
        """The text behind a sealed value. Raises CannotOpen."""
        if not sealed:
            return ""
        sealed = bytes(sealed)
        version, nonce, body, tag = sealed[0], sealed[1 : 1 + NONCE], sealed[1 + NONCE : -TAG], sealed[-TAG:]
        if version not in self._ciphers:
            raise CannotOpen(f"key version {version} is not on the ring")
        decryptor = Cipher(self._ciphers[version], modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(purpose.encode())
        try:
            return (decryptor.update(body) + decryptor.finalize()).decode()
        except InvalidTag as error:
            raise CannotOpen(purpose) from error

    def index(self, purpose: str, text: str) -> bytes | None:
        """The blind index of a text, None for the empty one (unknown values are not equal to each other)."""
        if not text:
            return None
        mac = self._mac.copy()
        mac.update(f"{purpose}\0{text}".encode())
        return mac.finalize()[:INDEX_LENGTH]

    def seal_all(self, purpose: str, texts: Iterable[str]) -> list[bytes]:
        return [self.seal(purpose, t) for t in texts]

    def version(self, sealed: bytes | memoryview) -> int:
        """The key version that sealed a value; 0 for the empty value."""
        return bytes(sealed)[0] if sealed else 0


def seal_stream(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A file under a key of its own (16 bytes, kept sealed beside it): nonce · ciphertext · tag, piece by piece."""
    nonce = os.urandom(NONCE)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    yield nonce
    for piece in pieces:
        yield encryptor.update(piece)
    yield encryptor.finalize() + encryptor.tag


def open_stream(key: bytes, sealed: IO[bytes], size: int, into: IO[bytes]) -> None:
    """Writes the `size` bytes behind a sealed file into another. Raises CannotOpen; `into` is worth nothing then."""
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(sealed.read(NONCE))).decryptor()
    left = size
    while left and (piece := sealed.read(min(PIECE, left))):
        into.write(decryptor.update(piece))
        left -= len(piece)
    try:
        into.write(decryptor.finalize_with_tag(sealed.read(TAG)))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("file") from error
