"""How a phone stands, as the database tells it."""

from typing import NamedTuple

from core.accounts.model import SCOPES, Role, Scope
from core.contracts.model import Standing


class Stood(NamedTuple):
    """The columns `core.contracts.standing.sql.standing`: the link's role, None where there is none, the scopes that it
    has beyond that in one text, whether a contract holds, and the last words on the topic and on NEWS."""

    role: str | None
    extra: str | None
    contract: bool
    given: bool | None
    news: bool | None

    @property
    def standing(self) -> Standing:
        extra = frozenset(Scope(one) for one in (self.extra or "").split())
        scopes = None if self.role is None else SCOPES[Role(self.role)] | extra
        return Standing(scopes, self.contract, self.given, self.news)
