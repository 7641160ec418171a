"""What is said of logging in, in words."""

from collections.abc import Iterator

from core.logins import Login, VisitCode
from core.wording.phrases import Phrases


def entered(phrases: Phrases, reply: Login) -> Iterator[str]:
    """In one segment."""
    put = phrases.catalog.put
    if isinstance(reply, VisitCode):
        return iter((put("login.visit_code", code=reply.code),))
    return iter((put("login.code", code=reply.code),))
