"""What is said of logging in, in words."""

from collections.abc import Iterator

from core.logins import Login
from core.wording.phrases import Phrases


def entered(phrases: Phrases, reply: Login) -> Iterator[str]:
    """In one segment."""
    return iter((phrases.catalog.put("login.code", code=reply.code),))
