"""Instalment plans as they are brought: what a row must hold, and whether it fits what was demanded."""

from collections.abc import Collection, Iterable
from datetime import date

from core.basics.money import MICRO
from core.basics.periods import Month, Period
from core.billing.conditions.model import MOST_PARTS, Instalments, Kind
from core.billing.model import Claim
from core.doors.rows import ACCOUNT
from core.doors.stated import Read, Say, StatedRow
from core.importing import cells
from core.importing.cells import Unreadable
from core.importing.model import Problem
from core.importing.rules import Reader
from core.importing.table import Columns, Row

INSTALMENTS = Columns(
    required=("account", "agreement", "from", "document"),
    optional=("state", "months", "amount", "parts", "first", "percent"),
)

AGREED, TERMINATED, RESUMED = "agreed", "terminated", "resumed"
_STATES = (AGREED, TERMINATED, RESUMED)
_TERMS = ("months", "amount", "parts", "first", "percent")


def row(row: Row, today: date) -> Read:
    """An agreement from a day on, or a document that ends it, or says that it was not ended."""
    del today
    reader = Reader(row, INSTALMENTS)
    account = reader.need("account", cells.code, ACCOUNT)
    name = reader.need("agreement", _name, "the name by which it is known, such as R-17")
    start = reader.need("from", cells.day, "the first day, such as 2025-11-21")
    document = reader.need("document", cells.words, "the document, such as agreement R-17")
    state = reader.take("state", _state, AGREED)
    terms = _terms(reader, start) if state == AGREED else None
    if state != AGREED:
        _without_terms(reader)
    if reader.problems or account is None or name is None or start is None or document is None:
        return tuple(reader.problems)
    kind = Kind.INSTALMENTS if state == AGREED else Kind.INSTALMENTS_END
    say = Say(kind, terms if state == AGREED else TERMINATED if state == TERMINATED else None, name)
    return StatedRow(reader.line, Period(start, None), (say,), document, account)


def _terms(reader: Reader, start: date | None) -> Instalments | None:
    months = reader.need("months", _months, "the months of the debt, such as 2025-05..2025-08")
    amount = reader.need("amount", cells.money, "the sum that is to be paid in parts, such as 4000.00")
    parts = reader.need("parts", lambda text: cells.whole(text, 1, MOST_PARTS), "how many parts, such as 4")
    first = reader.need("first", cells.day, "the last day to pay the first part, such as 2025-12-15")
    rate = reader.take("percent", _percent, 0)
    if amount is not None and amount <= 0:
        reader.wrong("amount", "not above zero", "the sum that is to be paid in parts, such as 4000.00")
    if start is not None and first is not None and first < start:
        reader.wrong("first", f"before {start}, when the agreement begins", "the last day to pay the first part")
    if reader.problems or months is None or amount is None or parts is None or first is None:
        return None
    return Instalments(*months, amount, parts, first, rate)


def _without_terms(reader: Reader) -> None:
    for column in _TERMS:
        if reader.cells[column]:
            reader.wrong(column, "not of a document that ends an agreement, or resumes it", "empty")


def _months(text: str) -> tuple[Month, Month]:
    first, _, last = text.partition("..")
    found = cells.month(first.strip()), cells.month((last or first).strip())
    if found[1] < found[0]:
        raise Unreadable("the last month lies before the first", "a month, or two in their order: 2025-05..2025-08")
    return found


def _percent(text: str) -> int:
    """Per cent a year as millionths."""
    value = 0 if text.strip("0") == "" else cells.positive(text)
    if value > 100_000:
        raise Unreadable("more than 100 per cent a year", "a yearly rate, such as 9.5")
    return value * (MICRO // 100_000)


def _state(text: str) -> str:
    if text not in _STATES:
        raise Unreadable("not what becomes of an agreement", ", ".join(_STATES))
    return text


def _name(text: str) -> str:
    found = cells.words(text)
    if len(found) > 64:
        raise Unreadable("a longer name than can be kept", "64 characters at most")
    return found


def unfit(row: StatedRow, say: Say, claims: Iterable[Claim], names: Collection[str]) -> Problem | None:
    """Why it cannot be of the account with these claims, and with agreements of these names.

    What was paid does not matter here: money may come to be known later.
    """
    if say.kind is Kind.INSTALMENTS_END:
        known = ", ".join(sorted(names)) or "none"
        return (
            None
            if say.name in names
            else Problem(row.line, "agreement", say.name, "no such agreement is on record", f"one that is: {known}")
        )
    if not isinstance(say.value, Instalments):
        return None
    terms = say.value
    covered = [
        one.amount
        for one in claims
        if one.is_principal and terms.first <= one.month <= terms.last and one.due_on < row.days.start
    ]
    demanded = sum(one for one in covered if one > 0)
    if not demanded:
        months = f"{terms.first}..{terms.last}"
        reason = f"nothing was demanded for them that was payable before {row.days.start}"
        return Problem(row.line, "months", months, reason, "months of a debt")
    if terms.amount > demanded:
        reason = f"more than was demanded for these months, {_money(demanded)}"
        return Problem(row.line, "amount", _money(terms.amount), reason, "what is open of them")
    return None


def _money(kopecks: int) -> str:
    return f"{kopecks // 100}.{kopecks % 100:02d}"
