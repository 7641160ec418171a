"""Why people of a notice are told nothing: decided once for all who stand alike. Pure."""

from typing import Any, NamedTuple

from core.billing.terms import Pack
from core.contracts import rules as contracts
from core.contracts.standing.model import Stood
from core.notices import rules
from core.notices.model import RULES, Bar, Notice
from core.notices.rules import Fresh


class Facts(NamedTuple):
    """What the database tells of one of the audience: of his phone, his key, the kind of the account's customer, the
    language, kopecks of overdue debt, whether a plan holds or another warning stands (all three of official warnings
    only), messages of the class that he had within a day, a week and thirty days, and how he stands to contracts."""

    bounced: int
    opted_out: bool
    erased: bool
    customer: str
    language: str
    debt: int
    planned: bool
    warned: bool
    day: int
    week: int
    month: int
    role: str | None
    extra: str | None
    contract: bool
    given: bool | None
    news: bool | None


class Judge:
    """Decides of the people of one notice, in turn."""

    def __init__(self, notice: Notice, pack: Pack) -> None:
        self._notice, self._terms = notice, pack.warnings
        self._rule = RULES[notice.cls]
        self._limits = pack.warnings.limit(notice.cls).spans if self._rule.quiet else ()
        self._known: dict[tuple[Any, ...], Bar | None] = {}
        self._now: dict[bytes, int] = {}

    def why(self, facts: tuple[Any, ...], *, phone: bytes | None) -> Bar | None:
        """Why who stands so is told nothing; None where he is told. `facts` are the values of `Facts`; `phone` is given
        where several of the people may have the same, whose messages count together."""
        if phone is not None:
            return self._decided(Facts(*facts), self._now.get(phone, 0))
        if facts not in self._known:
            self._known[facts] = self._decided(Facts(*facts), 0)
        return self._known[facts]

    def told(self, phone: bytes | None) -> None:
        """He is told once more."""
        if phone is not None:
            self._now[phone] = self._now.get(phone, 0) + 1

    def _decided(self, one: Facts, now: int) -> Bar | None:
        had = (one.day, one.week, one.month)
        fresh = Fresh(
            one.debt, one.planned, one.warned, one.bounced, one.opted_out, one.erased,
            one.language in self._notice.draft.texts,
            any(before + now >= most for before, most in zip(had, self._limits, strict=False)),
        )  # fmt: skip
        topic = self._rule.topic
        stood = Stood(one.role, one.extra, one.contract, one.given, one.news)
        consent = None if topic is None else contracts.bar(topic, stood.standing)
        return rules.bar(self._notice.cls, fresh, consent, self._terms.of(self._notice.kind, one.customer))
