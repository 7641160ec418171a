"""The signature of a file that a metering system sends: HMAC-SHA256 over its bytes with the key of that name."""

import hashlib
import hmac
from typing import BinaryIO

from core.importing.model import FileRefused

_BLOCK = 1 << 20


def check(stream: BinaryIO, key: bytes, signature: str) -> None:
    """Whether the signature, in hexadecimal digits, is that of the file by this key; the stream stands at its start
    afterwards.

    :raises FileRefused: it is not; nothing was stored.
    """
    found = hmac.new(key, digestmod=hashlib.sha256)
    while block := stream.read(_BLOCK):
        found.update(block)
    stream.seek(0)
    if not hmac.compare_digest(found.hexdigest().encode(), signature.strip().lower().encode()):
        raise FileRefused("the signature is not that of the file by this key: nothing was stored")
