"""What is done with money that came: registries and statements noted, accounts found, payments taken back."""

from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.billing import actions as billing
from core.billing.booking import sql as booking
from core.billing.booking.sql import COMPANY, EntryRow
from core.billing.model import Ledger, PaymentKind
from core.billing.sql import PaymentRow
from core.books.payments import sql
from core.books.payments.model import Known, Registry, Statement


class NoPayment(Exception):
    """No such payment is on record."""

    def __init__(self, agent: str, external_id: str) -> None:
        super().__init__(f"no payment {external_id!r} of the agent {agent!r} is on record")


class NotInSuspense(Exception):
    """The payment has an account already, or was taken back; nothing was written."""


class TakenBack(Exception):
    """The payment was taken back before; nothing was written."""


async def note_registry(conn: Connection, digest: bytes, registry: Registry, *, today: date, at: datetime) -> int:
    """Notes a registry that is not on record, with its commission, which the agent keeps of what it owes; its id."""
    number = None
    if registry.commission:
        (number,) = await booking.company_numbers(conn, 1)
        day = registry.day or today
        lines = [
            EntryRow(COMPANY, number, Ledger.COMMISSION, registry.commission, day),
            EntryRow(COMPANY, number, Ledger.AGENTS, -registry.commission, day),
        ]
        await booking.add_entries(conn, lines, at=at)
    return await sql.add_registry(conn, digest, registry, company_no=number, at=at)


async def match(conn: Connection, found: Sequence[tuple[Known, int]], *, document: str, by: str, at: datetime) -> None:
    """Gives payments in suspense the accounts that were found for them, by their value dates. The caller owns the
    transaction.

    :raises NotInSuspense: one of them has an account or was taken back.
    """
    for payment, _ in found:
        if payment.account_id is not None or payment.reversed:
            state = "was taken back" if payment.reversed else "has an account already"
            raise NotInSuspense(f"the payment {payment.external_id!r} {state}")
    rows = [
        _following(payment, account, payment.amount, PaymentKind.MATCHED, document, by) for payment, account in found
    ]
    await billing.write_payments(conn, rows, at=at)


async def reverse(conn: Connection, agent: str, external_id: str, *, document: str, by: str, at: datetime) -> Known:
    """Takes back a payment, as if it had never come; what it was. Debts and penalties follow from its value date. The
    caller owns the transaction.

    :raises NoPayment: it is not on record.
    :raises TakenBack: it was taken back before.
    """
    payment = await sql.payment(conn, agent, external_id)
    if payment is None:
        raise NoPayment(agent, external_id)
    if payment.reversed:
        raise TakenBack(f"the payment {external_id!r} was taken back before")
    row = _following(payment, payment.account_id, -payment.amount, PaymentKind.REVERSAL, document, by)
    await billing.write_payments(conn, [row], at=at)
    return payment


def _following(
    payment: Known, account: int | None, amount: int, kind: PaymentKind, document: str, by: str
) -> PaymentRow:
    return PaymentRow(
        account,
        None,
        payment.account_text,
        payment.agent,
        payment.external_id,
        payment.paid_on,
        amount,
        payment.month,
        kind=kind,
        original_id=payment.id,
        document=document,
        by=by,
    )


async def note_statements(conn: Connection, lines: Sequence[Statement], *, at: datetime) -> None:
    """Notes lines of the bank's statement that are not on record: what an agent owed has come. Money that came without
    an agent stands at the bank already. The caller owns the transaction."""
    if not lines:
        return
    numbers = await booking.company_numbers(conn, len(lines))
    entries = [
        EntryRow(COMPANY, number, ledger, amount, line.came_on)
        for line, number in zip(lines, numbers, strict=True)
        if line.agent
        for ledger, amount in ((Ledger.BANK, line.amount), (Ledger.AGENTS, -line.amount))
    ]
    await booking.add_entries(conn, entries, at=at)
    await sql.add_statements(conn, lines, numbers, at=at)
