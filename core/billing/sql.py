"""What the database is asked about states, tariffs, claims, charges, payments and the ledger."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from asyncpg import Connection, Record

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing import stored
from core.billing.conditions import stored as conditions_stored
from core.billing.model import (
    AccountState,
    ChargeFact,
    Claim,
    ClaimKind,
    Payment,
    PaymentKind,
    Tariffs,
    TariffVersion,
)
from core.billing.tariffs import decode, in_order

READ_STATES = """
select account_id, fact_no, balance, billed_through, claims::text, issued::text, registers::text,
       conditions::text
  from account_states where account_id = any($1::bigint[])
"""

FACT_NUMBERS = """
select account_id, fact_no from account_states where account_id = any($1::bigint[])
"""

WRITE_STATES = """
insert into account_states as s (account_id, fact_no, balance, billed_through, claims, issued, registers, conditions)
select account_id, fact_no, balance, billed_through, claims::jsonb, issued::jsonb, registers::jsonb, conditions::jsonb
  from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[])
       as new (account_id, fact_no, balance, billed_through, claims, issued, registers, conditions)
on conflict (account_id) do update
   set fact_no = excluded.fact_no, balance = excluded.balance, billed_through = excluded.billed_through,
       claims = excluded.claims, issued = excluded.issued, registers = excluded.registers,
       conditions = excluded.conditions
"""

WRITE_COUNTS = """
insert into account_states as s (account_id, fact_no, registers)
select account_id, fact_no, registers::jsonb
  from unnest($1::bigint[], $2::bigint[], $3::text[]) as new (account_id, fact_no, registers)
on conflict (account_id) do update set fact_no = excluded.fact_no, registers = excluded.registers
"""

TARIFFS = """
select id, plan, valid_from, valid_to, terms::text, source from tariffs order by plan, valid_from
"""

NEWEST_TARIFF = """
select coalesce(max(id), 0) from tariffs
"""

ADD_CLAIMS = """
insert into claims (account_id, no, month, kind, amount, due_on, issued_on, about, agent, external_id, recorded_at)
select * from unnest($1::bigint[], $2::bigint[], $3::date[], $4::text[], $5::bigint[], $6::date[], $7::date[],
                     $8::bigint[], $9::text[], $10::text[], $11::timestamptz[])
"""

ADD_CLAIM_NAMES = """
insert into claim_names (agent, external_id, account_id, no)
select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
"""

ADD_CHARGES = """
insert into charges (account_id, no, line, month, point_id, service, kind, volume, amount, known, tariffs)
select account_id, no, line, month, point_id, service, kind, volume * 0.001, amount, known,
       string_to_array(tariffs, ' ')::bigint[]
  from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::date[], $5::bigint[], $6::text[], $7::text[],
              $8::bigint[], $9::bigint[], $10::date[], $11::text[])
       as new (account_id, no, line, month, point_id, service, kind, volume, amount, known, tariffs)
"""

ADD_PAYMENTS = """
insert into payments (account_id, no, account_text, agent, external_id, paid_on, amount, month, kind, original_id,
                      registry_id, company_no, document, by, recorded_at)
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::date[], $7::bigint[],
                     $8::date[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::text[],
                     $15::timestamptz[])
"""

KNOWN_PAYMENTS = """
select p.agent, p.external_id
  from unnest($1::text[], $2::text[]) as asked (agent, external_id)
  join payments p on p.agent = asked.agent and p.external_id = asked.external_id and p.kind = 'received'
"""

KNOWN_CLAIMS = """
select n.agent, n.external_id
  from unnest($1::text[], $2::text[]) as asked (agent, external_id)
  join claim_names n on n.agent = asked.agent and n.external_id = asked.external_id
"""

ACCOUNT = """
select id, persons from accounts where number = $1
"""

METERED = """
select id from accounts as a
 where id > $1 and exists (select from points where account_id = a.id)
 order by id limit $2
"""

METERED_COUNT = """
select count(distinct account_id) from points
"""

START_CLOSE = """
insert into jobs as j (name, period, state, started_at)
values ('close_month', $1, 'running', $2)
on conflict (name, period) do update
   set state = 'running', finished_at = null, error = null,
       counts = case when j.state = 'done' then '{}' else j.counts end
returning counts::text
"""

MARK_CLOSE = """
update jobs set counts = $2::text::jsonb where name = 'close_month' and period = $1
"""

END_CLOSE = """
update jobs set state = 'done', finished_at = $3, counts = $2::text::jsonb where name = 'close_month' and period = $1
"""

CLAIMS = """
select c.account_id, c.no, c.month, c.kind, c.amount, c.due_on, c.issued_on, c.about
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select * from claims where account_id = asked.account_id) as c
 order by c.account_id, c.no
"""

PAYMENTS = """
select account_id, no, paid_on, amount, month from payments where account_id = any($1::bigint[]) order by account_id, no
"""

CHARGES = """
select c.account_id, c.no, c.month, c.point_id, c.kind, (c.volume * 1000)::bigint as volume, c.amount, c.known,
       c.tariffs
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select * from charges where account_id = asked.account_id) as c
 order by c.account_id, c.no, c.line
"""


_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim of an account; `external_id` where another system knows it, one claim for each agent and id."""

    account_id: int
    claim: Claim
    agent: str = ""
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A line of a claim: thousandths and kopecks; `known` the last anchor's day that it rests on."""

    account_id: int
    line: int
    service: str
    fact: ChargeFact


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money received, kopecks; without `account_id` and `no` it waits in suspense. What follows a payment, the account
    found for it or its reversal, names it by `original_id`, with the document and who decided."""

    account_id: int | None
    no: int | None
    account_text: str
    agent: str
    external_id: str
    paid_on: date
    amount: int
    month: Month | None = None
    kind: PaymentKind = PaymentKind.RECEIVED
    original_id: int | None = None
    registry_id: int | None = None
    company_no: int | None = None
    document: str = ""
    by: str = ""


async def read_states(conn: Connection, account_ids: Sequence[int]) -> dict[int, AccountState]:
    """The state of each of the accounts; of one without a row the state of an account without facts."""
    found = {account: stored.blank(account) for account in account_ids}
    for row in await conn.fetch(READ_STATES, account_ids):
        found[row[0]] = state_of(row)
    return found


def state_of(row: Iterable[Any]) -> AccountState:
    """The state of a row that has the columns of READ_STATES."""
    account, no, balance, through, claims, issued, registers, conditions = row
    unsettled, late, plans, behind = stored.claims(claims)
    return AccountState(
        account,
        no,
        balance,
        through,
        unsettled,
        stored.issued(issued),
        stored.registers(registers),
        conditions_stored.conditions(conditions),
        late=late,
        plans=plans,
        behind=behind,
    )


async def fact_numbers(conn: Connection, account_ids: Sequence[int]) -> dict[int, int]:
    """The number of the last fact of each account that has any."""
    return {row[0]: row[1] for row in await conn.fetch(FACT_NUMBERS, account_ids)}


async def write_states(conn: Connection, states: Iterable[AccountState]) -> None:
    """Writes the states, in one statement; the accounts are locked by the caller."""
    rows = [
        (
            state.account_id,
            state.fact_no,
            state.balance,
            state.billed_through,
            stored.claims_text(state),
            stored.issued_text(state.issued),
            stored.registers_text(state.registers),
            conditions_stored.text(state.conditions),
        )
        for state in states
    ]
    if rows:
        await conn.execute(WRITE_STATES, *zip(*rows, strict=True))


def counts(states: Sequence[AccountState]) -> tuple[list[int], list[int], list[str]]:
    """The columns that WRITE_COUNTS writes of the states: what a reading changes in them, or its withdrawal, which are
    the registers and the number of the last fact. The accounts are locked by the caller."""
    return (
        [state.account_id for state in states],
        [state.fact_no for state in states],
        [stored.registers_text(state.registers) for state in states],
    )


async def tariffs(conn: Connection) -> Tariffs:
    """The versions of every plan, oldest first, each ending at the latest where the next begins."""
    plans: dict[str, list[TariffVersion]] = {}
    for row in await conn.fetch(TARIFFS):
        plans.setdefault(row["plan"], []).append(_version(row))
    return {plan: in_order(versions) for plan, versions in plans.items()}


def _version(row: Record) -> TariffVersion:
    return decode(
        json.loads(row["terms"]),
        id=row["id"],
        plan=row["plan"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        source=row["source"],
    )


async def newest_tariff(conn: Connection) -> int:
    """The highest id of a version, 0 where there is none: versions are only ever added."""
    newest: int = await conn.fetchval(NEWEST_TARIFF)
    return newest


async def add_claims(conn: Connection, rows: Sequence[ClaimRow], *, at: datetime) -> None:
    if rows:
        columns = (
            (
                row.account_id, row.claim.no, row.claim.month.first, row.claim.kind, row.claim.amount,
                row.claim.due_on, row.claim.issued_on, row.claim.about, row.agent, row.external_id, at,
            )
            for row in rows
        )  # fmt: skip
        await conn.execute(ADD_CLAIMS, *zip(*columns, strict=True))
    names = [(row.agent, row.external_id, row.account_id, row.claim.no) for row in rows if row.external_id is not None]
    if names:
        await conn.execute(ADD_CLAIM_NAMES, *zip(*names, strict=True))


async def add_charges(conn: Connection, rows: Sequence[ChargeRow]) -> None:
    if rows:
        columns = (
            (
                row.account_id, row.fact.no, row.line, row.fact.month.first, row.fact.point_id, row.service,
                row.fact.kind, row.fact.volume, row.fact.amount, row.fact.known,
                " ".join(map(str, row.fact.tariffs)),
            )
            for row in rows
        )  # fmt: skip
        await conn.execute(ADD_CHARGES, *zip(*columns, strict=True))


async def add_payments(conn: Connection, rows: Sequence[PaymentRow], *, at: datetime) -> None:
    if rows:
        columns = (
            (
                row.account_id, row.no, row.account_text, row.agent, row.external_id, row.paid_on, row.amount,
                row.month and row.month.first, row.kind, row.original_id, row.registry_id, row.company_no,
                row.document, row.by, at,
            )
            for row in rows
        )  # fmt: skip
        await conn.execute(ADD_PAYMENTS, *zip(*columns, strict=True))


async def known_payments(conn: Connection, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of the (agent, external id) pairs are on record."""
    if not keys:
        return set()
    return {(row[0], row[1]) for row in await conn.fetch(KNOWN_PAYMENTS, *zip(*keys, strict=True))}


async def known_claims(conn: Connection, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of the (agent, external id) pairs are on record, for whatever account."""
    if not keys:
        return set()
    return {(row[0], row[1]) for row in await conn.fetch(KNOWN_CLAIMS, *zip(*keys, strict=True))}


async def account(conn: Connection, number: str) -> tuple[int, int] | None:
    """The id of the account with this number, and the persons living there."""
    row = await conn.fetchrow(ACCOUNT, number)
    return None if row is None else (row[0], row[1])


async def metered(conn: Connection, *, after: int, limit: int) -> list[int]:
    """The ids of the next accounts that have a supply point."""
    return [row[0] for row in await conn.fetch(METERED, after, limit)]


async def metered_count(conn: Connection) -> int:
    """How many accounts have a supply point."""
    count: int = await conn.fetchval(METERED_COUNT)
    return count


async def start_close(conn: Connection, month: Month, *, at: datetime) -> str:
    """Notes that the closing of a month runs; what interrupted runs have noted by `mark_close`, else an empty object
    of JSON."""
    counts: str = await conn.fetchval(START_CLOSE, str(month), at)
    return counts


async def mark_close(conn: Connection, month: Month, counts: str) -> None:
    """Notes how far the closing of a month has come, as JSON; "after" is the last account done."""
    await conn.execute(MARK_CLOSE, str(month), counts)


async def end_close(conn: Connection, month: Month, counts: str, *, at: datetime) -> None:
    await conn.execute(END_CLOSE, str(month), counts, at)


async def claims(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[Claim, ...]]:
    """The claims of each account in the order of their numbers."""
    return _by_account(
        (account, Claim(no, Month.of(month), ClaimKind(kind), amount, due_on, issued_on, about))
        for account, no, month, kind, amount, due_on, issued_on, about in await conn.fetch(CLAIMS, account_ids)
    )


async def payments(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[Payment, ...]]:
    """The payments of each account in the order of their numbers; those in suspense belong to none."""
    return _by_account(
        (account, Payment(no, paid_on, amount, None if month is None else Month.of(month)))
        for account, no, paid_on, amount, month in await conn.fetch(PAYMENTS, account_ids)
    )


async def charges(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[ChargeFact, ...]]:
    """The lines of the claims of each account that were computed for a point, in the order of their numbers."""
    return _by_account(
        (account, ChargeFact(no, Month.of(month), point, kind, volume, amount, known, tuple(tariffs)))
        for account, no, month, point, kind, volume, amount, known, tariffs in await conn.fetch(CHARGES, account_ids)
        if point is not None and known is not None
    )


def _by_account(rows: Iterable[tuple[int, _Fact]]) -> dict[int, tuple[_Fact, ...]]:
    found: dict[int, list[_Fact]] = {}
    for account, fact in rows:
        found.setdefault(account, []).append(fact)
    return {account: tuple(facts) for account, facts in found.items()}
