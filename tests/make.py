"""Makes customers, accounts, meters and phones for tests, straight in the tables, as their owner."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.basics.money import milli, minor
from core.basics.periods import DAY, Month
from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import tariffs
from core.billing.actions import NewClaim
from core.employees import actions as employees
from core.employees.model import Role as Employed
from core.metering import sql as metering
from core.metering.model import Source
from core.metering.sql import ReadingRow

KEY, PEPPER = "a key for tests only", "a pepper for tests only"
BEGUN = datetime(2025, 10, 31, 12, tzinfo=UTC)


def keyring() -> Keyring:
    return _KEYRING


_KEYRING = Keyring(key=KEY, pepper=PEPPER)


@dataclass(frozen=True, slots=True)
class M:
    """A meter to be made: the reading of each register on `day`, and so many months of readings with the usual use
    before it."""

    serial: str
    readings: tuple[str, ...] = ("4325",)
    zones: tuple[str, ...] = ("total",)
    tariff: str = "RU-FLAT"
    service: str = "electricity"
    digits: int = 5
    fraction: int = 0
    multiplier: str = "1"
    capacity: str | None = "15"
    day: date = date(2025, 10, 31)
    usual: tuple[str, ...] = ("187",)
    verified_until: date | None = None
    removed_on: date | None = None
    months: int = 12


@dataclass(frozen=True, slots=True)
class A:
    """An account to be made: (phone, role) pairs, and (month, sum, due) claims that are open."""

    number: str
    meters: tuple[M, ...]
    phones: tuple[tuple[str, str], ...] = ()
    claims: tuple[tuple[str, str, date], ...] = ()
    language: str = "ru"
    names: tuple[str | None, ...] = ()
    zone: str = "Europe/Moscow"


async def company(conn: Connection) -> None:
    """The company, and the tariffs that come with the program."""
    profile = CompanyProfile("Энергосбыт", "8-800-000-00-00", "Europe/Moscow", "RUB", "RU-household", (15, 25))
    await accounts.set_company(conn, profile)
    for version in tariffs.shipped():
        await conn.execute(
            "insert into tariffs (plan, valid_from, valid_to, terms, source) values ($1, $2, $3, $4::jsonb, $5)",
            version.plan,
            version.valid.start,
            version.valid.end,
            json.dumps(tariffs.encode(version)),
            version.source,
        )


async def account(conn: Connection, made: A, *, billed: bool = True) -> int:
    """The id of the new account; `billed`: by an older system, up to the last month of its claims."""
    keys = keyring()
    data_key = keys.new_customer_key()
    customer = await conn.fetchval(
        "insert into customers (kind, data_key) values ('household', $1) returning id", data_key
    )
    account_id: int = await conn.fetchval(
        """insert into accounts (customer_id, number, timezone, opened_on) values ($1, $2, $3, '2023-11-01')
           returning id""",
        customer,
        made.number,
        made.zone,
    )
    for no, (phone, role) in enumerate(made.phones):
        name = made.names[no] if no < len(made.names) else None
        await link(conn, account_id, customer, phone, role, language=made.language, name=name)
    await _facts(conn, account_id, made, billed=billed)
    return account_id


async def link(
    conn: Connection,
    account_id: int,
    customer: int,
    phone: str,
    role: str,
    *,
    language: str = "ru",
    name: str | None = None,
) -> None:
    """Ties a phone to an account; the phone is made where it is new."""
    keys = keyring()
    digest = keys.phone_hash(phone)
    sealed = await conn.fetchval("select data_key from customers where id = $1", customer)
    await conn.execute(
        "insert into phones (hash, customer_id, sealed, language) values ($1, $2, $3, $4) on conflict do nothing",
        digest,
        customer,
        keys.customer(sealed).seal(phone.encode(), purpose=b"phone"),
        language,
    )
    await conn.execute(
        "insert into links (phone_hash, account_id, role, name, valid_from, evidence)"
        " values ($1, $2, $3, $4, $5, 'test')",
        digest,
        account_id,
        role,
        name,
        BEGUN,
    )


async def _facts(conn: Connection, account_id: int, made: A, *, billed: bool) -> None:
    no = 0
    for meter in made.meters:
        meter_id = await _meter(conn, account_id, meter)
        for day, values in _history(meter):
            no += 1
            rows = [
                ReadingRow(account_id, no, meter_id, register, day, value, Source.ACT, None, None, (), BEGUN)
                for register, value in enumerate(values, 1)
            ]
            await metering.add_readings(conn, rows)
    await conn.execute("insert into account_states (account_id, fact_no) values ($1, $2)", account_id, no)
    if not billed:
        await billing.rebuild(conn, [account_id])
        return
    claims = [
        NewClaim(
            account_id, Month.parse(month), minor(amount), due, Month.parse(month).last, "", f"{made.number}-{month}"
        )
        for month, amount, due in made.claims or (("2025-10", "0.00", date(2025, 11, 10)),)
    ]
    await billing.post_claims(conn, claims, at=BEGUN)


def _history(made: M) -> Iterator[tuple[date, list[int]]]:
    """Readings at the ends of months, down from the last one, which has its day."""
    last = [milli(text) for text in made.readings]
    monthly = [milli(text) for text in made.usual] or [0] * len(last)
    months = [Month.of(made.day)]
    while len(months) < 13:
        months.append(months[-1].previous)
    for back in range(made.months, 0, -1):
        values = [value - back * use for value, use in zip(last, monthly, strict=True)]
        if min(values) >= 0 and months[back].last < made.day - DAY:
            yield months[back].last, values
    yield made.day, last


async def _meter(conn: Connection, account_id: int, made: M) -> int:
    point = await conn.fetchval(
        "insert into points (account_id, service, tariff) values ($1, $2, $3) returning id",
        account_id,
        made.service,
        made.tariff,
    )
    meter_id: int = await conn.fetchval(
        """insert into meters (account_id, point_id, serial, digits, fraction, multiplier, capacity_kw, zones,
                               installed_on, removed_on, verified_until)
           values ($1, $2, $3, $4, $5, $6::text::numeric, $7::text::numeric, $8, '2023-11-01', $9, $10) returning id""",
        account_id,
        point,
        made.serial,
        made.digits,
        made.fraction,
        made.multiplier,
        made.capacity,
        list(made.zones),
        made.removed_on,
        made.verified_until,
    )
    return meter_id


async def staff_phone(conn: Connection, *, at: datetime) -> None:
    """Sees to it that somebody who works here has a phone on which notices can be tried."""
    if not any(one.has_phone for one in await employees.everybody(conn)):
        phone, roles = "+79780009998", frozenset({Employed.AUTHOR})
        await employees.add(conn, "tried", "Anna", roles, phone=phone, by="tests", at=at, keyring=keyring())
