"""A chunk of payments, or of a bank's statement, compared with what is stored and stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from asyncpg import Connection

from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import sql as billing_sql
from core.billing.tariffs import plain
from core.books.payments import actions as payments
from core.books.payments import sql as payments_sql
from core.books.payments.model import Registry, Statement
from core.importing import matching, posting, receipts, sql, telling
from core.importing.model import FileRefused, PaymentRow, Problem, StatementRow
from core.importing.plan import Tally
from core.importing.telling import Telling
from core.inbox import sql as inbox


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all rows of a file of payments. `registry_id` is that of the file. `telling`: how the customers
    are told; without it nobody is."""

    keyring: Keyring | None
    registry: Registry
    registry_id: int
    today: date
    at: datetime
    telling: Telling | None = None


async def note(conn: Connection, registry: Registry, digest: bytes, *, today: date, at: datetime) -> tuple[int, bool]:
    """The id of the registry, and whether its file was loaded before. The caller owns the transaction.

    :raises FileRefused: the agent's registry of this number is on record with other content.
    """
    known = await payments_sql.registry(conn, digest, registry)
    if known is None:
        return await payments.note_registry(conn, digest, registry, today=today, at=at), False
    if known.digest != digest:
        named = f"the registry {registry.number!r} of {registry.agent!r}"
        raise FileRefused(f"{named} is on record with other content: nothing was stored")
    return known.id, True


async def store(conn: Connection, rows: Sequence[PaymentRow], *, tally: Tally, setting: Setting) -> int:
    """Stores the payments that are new, and tells of them; how many of all are in suspense, each of which is a task for
    a person."""
    meant = [found for row in rows if (found := _of_agent(row, setting.registry, tally)) is not None]
    texts = {row.account.upper() for row in meant}
    numbers = await matching.numbers_of(conn, texts, keyring=setting.keyring, at=setting.at)
    by_number = await sql.locked(conn, set(numbers.values()))
    ids = {text: by_number[number] for text, number in numbers.items()}
    stored = await sql.known_payments(conn, sorted({(row.agent, row.external_id) for row in meant}))
    new, suspense = posting.new_payments(meant, ids, stored, tally, keyring=setting.keyring)
    facts = [
        posting.payment(row, ids, numbers=by_number, keyring=setting.keyring, registry_id=setting.registry_id)
        for row in new
    ]
    credited = sorted({fact.account_id for fact in facts if fact.account_id is not None})
    before = await billing_sql.read_states(conn, credited)
    await billing.post_payments(conn, facts, at=setting.at)
    waiting = [row for row in new if row.account.upper() not in ids]
    if waiting:
        alarms = [("payment in suspense", f"{row.agent} {row.external_id}".strip(), setting.at) for row in waiting]
        await inbox.alarm(conn, alarms)
    await receipts.take(conn, new, ids, tally=tally, today=setting.today, at=setting.at)
    last = {account: state.fact_no for account, state in before.items()}
    await telling.tell(conn, last, today=setting.today, at=setting.at, telling=setting.telling)
    return suspense


def _of_agent(row: PaymentRow, registry: Registry, tally: Tally) -> PaymentRow | None:
    """The row with the agent of its registry, None where it names another."""
    if not registry.agent or row.agent == registry.agent:
        return row
    if row.agent:
        expected = f"{registry.agent}, as in the head of the registry, or nothing"
        tally.wrong("payments", [Problem(row.line, "agent", row.agent, "not the agent of the registry", expected)])
        return None
    return replace(row, agent=registry.agent)


async def store_statement(conn: Connection, rows: Sequence[StatementRow], *, tally: Tally, at: datetime) -> None:
    """Stores the lines of a bank's statement that are new."""
    known = await payments_sql.statements(conn, sorted({row.statement.external_id for row in rows}))
    new: list[Statement] = []
    for row in rows:
        line = row.statement
        before = known.setdefault(line.external_id, line)
        if before is line:
            new.append(line)
            tally.new(row.line, "statement lines")
        elif before == line:
            tally.unchanged("statement lines")
        else:
            reason = f"stored before with other content: {plain(before.amount, 100)} of {before.came_on}"
            problem = Problem(row.line, "external_id", line.external_id, reason, "a new number")
            tally.wrong("statement lines", [problem])
    await payments.note_statements(conn, new, at=at)
