"""The gate of a disconnection: it opens only where every premise of the closed list is shown that day. Pure."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from core.billing.warning import earliest
from core.notices.model import Kind
from core.notices.warnings import chain
from core.notices.warnings.model import Case, Premise, Row, Today, What

Shown = Callable[[Case, Today], bool]


def unpaid(case: Case, overdue: Sequence[Sequence[Any]]) -> int:
    """Kopecks of the debt that the warning states and that is still unpaid, by the claims that are overdue now: what
    came due since was not warned of."""
    left = {_claim(one): one[3] for one in overdue}
    claims = _body(case.first(What.DEBT), "claims")
    return sum(min(one[3], left.get(_claim(one), 0)) for one in claims) if isinstance(claims, list) else 0


def _claim(told: Sequence[Any]) -> tuple[Any, ...]:
    """By what a claim is known again: its number, and its component where it is not the principal."""
    return told[0], *told[4:]


def _body(row: Row | None, name: str) -> object:
    return None if row is None or row.body is None else row.body.get(name)


def _chain(case: Case, _: Today) -> bool:
    return chain.broken_at(case) is None


def _kind(case: Case, _: Today) -> bool:
    return case.kind is Kind.DISCONNECTION


def _approved(case: Case, _: Today) -> bool:
    row = case.first(What.APPROVAL)
    editors, approver = _body(row, "editors"), _body(row, "approver")
    return isinstance(editors, list) and bool(editors) and isinstance(approver, str) and approver not in editors


def _contract(case: Case, _: Today) -> bool:
    contract, phone, text = (case.first(one) for one in (What.CONTRACT, What.PHONE, What.TEXT))
    dated, signed = _body(contract, "dated"), _body(contract, "signed_by")
    if contract is None or text is None or not isinstance(dated, str) or not signed:
        return False
    same = _body(contract, "phone") == _body(phone, "phone") and _body(contract, "account") == case.account
    return same and date.fromisoformat(dated) <= text.at.astimezone(case.zone).date()


def _debt_stated(case: Case, _: Today) -> bool:
    row = case.first(What.DEBT)
    claims, debt = _body(row, "claims"), _body(row, "debt")
    if not isinstance(claims, list) or not isinstance(debt, int) or debt < case.terms.least:
        return False
    return sum(one[3] for one in claims) == debt and _body(row, "account") == case.account


def _text(case: Case, _: Today) -> bool:
    row, debt = case.first(What.TEXT), case.first(What.DEBT)
    text, digest = _body(row, "text"), _body(row, "sha256")
    if not isinstance(text, str) or hashlib.sha256(text.encode()).hexdigest() != digest:
        return False
    stated = _body(debt, "stated")
    return isinstance(stated, str) and stated in text and case.account in text and str(case.number) in text


def _received(case: Case, _: Today) -> bool:
    return case.begun is not None


def _days(case: Case, today: Today) -> bool:
    return case.begun is not None and today.day >= earliest(case.begun, case.zone, case.terms.days)


def _letter(case: Case, _: Today) -> bool:
    """Where the phone disowned the warning, or may have gone to somebody else, a letter is on its way as well."""
    doubted = case.first(What.DISPUTED) is not None or _body(case.first(What.PHONE), "stale") is True
    return not doubted or case.first(What.POSTED) is not None


def _debt_now(case: Case, today: Today) -> bool:
    return today.stated >= case.terms.least


def _not_withdrawn(case: Case, _: Today) -> bool:
    return case.first(What.WITHDRAWN) is None


def _no_plan(_: Case, today: Today) -> bool:
    return not today.planned


def _no_promise(case: Case, today: Today) -> bool:
    return case.promised is None or today.day > case.promised


def _no_dispute(case: Case, today: Today) -> bool:
    """For so many days as the rule pack gives it from the first dispute on: no later one begins them anew."""
    since = today.disputed
    return since is None or today.day >= since + timedelta(case.terms.dispute_days)


def _not_protected(_: Case, today: Today) -> bool:
    return not today.protected


def _season(_: Case, today: Today) -> bool:
    return not today.spared


def _lawful_day(_: Case, today: Today) -> bool:
    return not today.off and not today.eve


def _no_order(case: Case, _: Today) -> bool:
    return case.ordered is None


PREMISES: Mapping[Premise, Shown] = MappingProxyType(
    {
        Premise.CHAIN: _chain,
        Premise.KIND: _kind,
        Premise.APPROVED: _approved,
        Premise.CONTRACT: _contract,
        Premise.DEBT_STATED: _debt_stated,
        Premise.TEXT: _text,
        Premise.RECEIVED: _received,
        Premise.DAYS: _days,
        Premise.LETTER: _letter,
        Premise.DEBT_NOW: _debt_now,
        Premise.NOT_WITHDRAWN: _not_withdrawn,
        Premise.NO_PLAN: _no_plan,
        Premise.NO_PROMISE: _no_promise,
        Premise.NO_DISPUTE: _no_dispute,
        Premise.NOT_PROTECTED: _not_protected,
        Premise.SEASON: _season,
        Premise.LAWFUL_DAY: _lawful_day,
        Premise.NO_ORDER: _no_order,
    }
)
"""Every premise, and how it is shown."""


def missing(case: Case, today: Today) -> tuple[Premise, ...]:
    """The premises that are not shown on the day; none where the supply may be cut."""
    return tuple(premise for premise, shown in PREMISES.items() if not shown(case, today))


def withheld(case: Case, today: Today) -> tuple[Premise, ...]:
    """What an order that stands lacks on the day: while anything is missing, nobody may carry it out. So a payment, a
    promise or a dispute holds it up from the moment at which it is on record."""
    return tuple(one for one in missing(case, today) if one is not Premise.NO_ORDER)
