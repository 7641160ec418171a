"""How the books speak to the company's people: sums, closed days, what does not hold."""

from decimal import Decimal

from core.books.model import DayClosed
from core.books.verifying import Broken


def money(amount: int) -> str:
    """Kopecks as 1054.40."""
    return f"{Decimal(amount).scaleb(-2):.2f}"


def closed(found: DayClosed) -> list[str]:
    """What came of closing a day, for people."""
    head = found.head
    if found.again:
        return [f"{head.day}: closed before, head {head.head.hex()}"]
    lines = [
        f"{head.day}: {head.accounts - 1} accounts, {found.corrections} corrections, {money(found.amount)} demanded, "
        f"{money(found.penalties)} penalties, "
        + (f"{money(found.interest)} interest of instalment plans, " if found.interest else "")
        + f"{head.lines} lines sealed",
        f"{head.day}: head {head.head.hex()}",
    ]
    if found.failed:
        lines.append(f"{head.day}: {found.failed} accounts NOT recalculated for want of a tariff, see the alarms")
    return lines


def broken(found: Broken) -> str:
    """What does not hold, on one line."""
    return f"BROKEN {found.day}{f', account {found.account}' if found.account else ''}: {found.reason}"
