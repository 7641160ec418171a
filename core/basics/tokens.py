"""What a browser holds while somebody is logged in, and what its forms carry: neither stands in the database."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """What a browser holds while its user is logged in; 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """The hash by which a login is known again."""
    return hashlib.sha256(b"session\0" + written(token)).digest()


def form_token(token: str) -> str:
    """What a form of this login carries, so that no other site can send one (R36)."""
    return hmac.digest(written(token), b"form", "sha256").hex()


def written(token: str) -> bytes:
    """A token as bytes, whatever a header held in its place."""
    return token.encode("utf-8", "surrogatepass")
