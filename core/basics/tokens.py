"""What a browser holds while somebody is logged in, and what its forms carry: neither stands in the database."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """What a browser holds while its user is logged in; 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """The hash by which a login is known again."""
    return hashlib.sha256(b"session\0" + token.encode()).digest()


def form_token(token: str) -> str:
    """What a form of this login carries, so that no other site can send one (R36)."""
    return hmac.digest(token.encode(), b"form", "sha256").hex()
