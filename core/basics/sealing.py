"""How phones, names and raw messages are kept: looked up by a keyed hash, readable only with a key (R40).

The installation's key seals a data key for each customer; what belongs to the customer is sealed with that data key,
so destroying it erases the customer in every row, and in every copy that is made from then on.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE, _TAG = 12, 16


class Sealer:
    """Seals and opens with one key (AES-256-GCM); every sealed value is bound to what it is for."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, *, purpose: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, purpose)

    def open(self, sealed: bytes, *, purpose: bytes) -> bytes:
        """The plain bytes.

        :raises cryptography.exceptions.InvalidTag: another key, another purpose, changed bytes, or none.
        """
        if len(sealed) < _NONCE + _TAG:  # emptied
            raise InvalidTag
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose)


class Keyring:
    """The installation's secrets: its sealing key, and the pepper of the phones' hashes."""

    def __init__(self, *, key: str, pepper: str) -> None:
        self._installation = Sealer(_derived(key, b"meterline data key 1"))
        self._pepper = _derived(pepper, b"meterline phone pepper 1")

    @property
    def installation(self) -> Sealer:
        """Seals what belongs to nobody yet, such as the words of an unknown phone."""
        return self._installation

    def phone_hash(self, address: str) -> bytes:
        """The keyed hash by which an address is looked up; 32 bytes."""
        return hmac.digest(self._pepper, address.encode(), "sha256")

    def code_digest(self, code: str, phone_hash: bytes) -> str:
        """The keyed hash by which a one-time code is known again, of this phone only; hexadecimal."""
        return hmac.digest(self._pepper, b"code\0" + phone_hash + code.encode(), "sha256").hex()

    def chat_hash(self, chat: str) -> bytes:
        """The keyed hash by which a chat is looked up; 32 bytes, and never that of a phone."""
        return hmac.digest(self._pepper, b"chat\0" + chat.encode(), "sha256")

    def button_digest(self, chat: str, data: str) -> str:
        """The keyed hash by which a button is known for one that was put before this chat; 12 characters."""
        digest = hmac.digest(self._pepper, b"button\0" + chat.encode() + b"\0" + data.encode(), "sha256")
        return base64.urlsafe_b64encode(digest[:9]).decode()

    def search_digest(self, kind: str, word: str) -> int:
        """The keyed hash by which somebody is found by a word of the kind: 64 bits, for bigint. Of one kind and word it
        is always the same, so that a dump tells how often a word occurs, and never which it is."""
        digest = hmac.digest(self._pepper, b"find\0" + kind.encode() + b"\0" + word.encode(), "sha256")
        return int.from_bytes(digest[:8], "big", signed=True)

    def new_customer_key(self) -> bytes:
        """A fresh data key for a customer, sealed with the installation's key, as it is stored."""
        return self._installation.seal(os.urandom(32), purpose=b"customer key")

    def customer(self, sealed_key: bytes) -> Sealer:
        """What seals and opens for the customer whose stored key this is."""
        return Sealer(self._installation.open(sealed_key, purpose=b"customer key"))

    def seal_each(self, plains: Sequence[tuple[bytes, bytes]], *, purpose: bytes) -> list[bytes]:
        """What each of these plain bytes is when the customer seals it whose stored key stands before it."""
        nonces, unwrap, sealed = os.urandom(_NONCE * len(plains)), self._installation.open, []
        for place, (key, plain) in enumerate(plains):
            nonce = nonces[place * _NONCE : place * _NONCE + _NONCE]
            sealed.append(nonce + AESGCM(unwrap(key, purpose=b"customer key")).encrypt(nonce, plain, purpose))
        return sealed


@lru_cache(maxsize=8)
def _derived(secret: str, purpose: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=purpose, n=2**14, r=8, p=1, dklen=32)
