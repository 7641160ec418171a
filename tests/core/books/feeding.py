"""Brings the facts of a chronicle to a database, in bulk, by the ways on which facts come, and closes its books."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.basics.periods import DAY, Month
from core.billing import actions as billing
from core.billing import profiles, recording, tariffs
from core.billing import sql as billing_sql
from core.billing.actions import NewClaim
from core.billing.engine import standing
from core.billing.model import TariffVersion
from core.billing.recording import NewFact
from core.books import closing
from core.books.model import DayClosed
from core.books.payments import actions as payments
from core.importing import actions as importing
from core.metering import sql as metering
from core.metering import verdicts
from core.metering.model import Given, Source
from core.metering.sql import ReadingRow, WithdrawalRow
from tests.core.books import chronicle
from tests.core.books.chronicle import BEFORE, Counted, Fact, Home, Paid, Returned, Stated, TakenBack

PACK = "RU-household"
CHUNK = 500
_AGENT = "bank"
_GROWING = (
    "account_states, kept_counts, readings, withdrawals, conditions, claims, charges, payments, entries,"
    " bill_seals, day_accounts, day_rows"
)
_T = TypeVar("_T")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def night(day: date) -> datetime:
    """A little after the end of the day, by the company's clock."""
    return datetime(day.year, day.month, day.day, 22, tzinfo=UTC)


class Books:
    """A company's database: the facts of a chronicle go in, and its days and months are closed."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._numbers: dict[Counted, int] = {}

    async def furnish(self, homes: Sequence[Home]) -> None:
        """The company, its tariffs, and the accounts as they stand before the first month, as the tables' owner."""
        profile = CompanyProfile("Энергосбыт", "8-800-000-00-00", "Europe/Moscow", "RUB", PACK, (15, 25))
        await accounts.set_company(self.conn, profile)
        for version in chronicle.KNOWN:
            await self.price(version)
        for some in _chunks(homes, 5_000):
            await _people(self.conn, some)
        await self.conn.execute("set role meterline_app")
        for some in _chunks(homes, CHUNK):
            async with self.conn.transaction():
                await billing.post_claims(self.conn, [_opening(one) for one in some], at=noon(BEFORE))
                await self.tell([fact for one in some for fact in chronicle.begins(one)], on=BEFORE)

    async def price(self, version: TariffVersion) -> None:
        """The version of a tariff comes to be known."""
        await self.conn.execute(
            "insert into tariffs (plan, valid_from, terms, source) values ($1, $2, $3::jsonb, 'order')",
            version.plan,
            version.valid.start,
            json.dumps(tariffs.encode(version)),
        )

    async def tell(self, facts: Sequence[Fact], *, on: date) -> None:
        """The facts come, on that day; those that correct one another in the order in which they are given."""
        for some in _by_account([one for one in facts if not isinstance(one, Paid | Returned)], CHUNK):
            async with self.conn.transaction():
                counted = [one for one in some if isinstance(one, Counted | TakenBack)]
                texted = await self._text(counted, on)
                await self._count([one for one in counted if one.account not in texted], on)
                if stated := [_stated(one) for one in some if isinstance(one, Stated)]:
                    await recording.record_facts(self.conn, stated, by="office", at=noon(on))
        await self._pay(facts, on)

    async def _text(self, facts: Sequence[Counted | TakenBack], on: date) -> set[int]:
        """Takes what customers may text, as their messages bring it: by going on from the states. The accounts of which
        that was all."""
        ids = sorted({one.account for one in facts} - {one.account for one in facts if not _textable(one, on)})
        await accounts.lock(self.conn, ids)
        states = await billing_sql.read_states(self.conn, ids)
        meters = {one.id: one for own in (await metering.meters(self.conn, ids)).values() for one in own}
        wanted = set(ids)
        texts = [one for one in facts if isinstance(one, Counted) and one.account in wanted]
        fresh = {one.account for one in texts if (one.meter, 1) not in states[one.account].registers}
        readings: list[ReadingRow] = []
        for one in texts:
            if one.account not in fresh:
                no = self._numbers[one] = states[one.account].fact_no + 1
                readings.extend(_rows(one, no, on))
                given = [
                    Given(meters[one.meter], register, str(value), value * 1000)
                    for register, value in enumerate(one.values, 1)
                ]
                states[one.account] = standing.accept(states[one.account], given, day=one.day, no=no)
        texted = wanted - fresh
        if readings:
            await metering.add_readings(self.conn, readings)
            counts = billing_sql.counts([states[account] for account in sorted(texted)])
            await self.conn.execute(billing_sql.WRITE_COUNTS, *counts)
        return texted

    async def _count(self, facts: Sequence[Counted | TakenBack], on: date) -> None:
        ids = sorted({one.account for one in facts})
        await accounts.lock(self.conn, ids)
        numbers = await billing_sql.fact_numbers(self.conn, ids)
        readings: list[ReadingRow] = []
        gone: list[WithdrawalRow] = []
        for one in facts:
            no = numbers[one.account] = numbers.get(one.account, 0) + 1
            if isinstance(one, TakenBack):
                gone.append(WithdrawalRow(one.account, no, self._numbers[one.reading], None, noon(on)))
                continue
            self._numbers[one] = no
            readings.extend(_rows(one, no, on))
        if readings:
            await metering.add_readings(self.conn, readings)
        if gone:
            await metering.add_withdrawals(self.conn, gone)
        await billing.rebuild(self.conn, ids)

    async def _pay(self, facts: Sequence[Fact], on: date) -> None:
        """The payments of a day stand in the registries of an agent, with control totals, a name once in each."""
        rest = [one for one in facts if isinstance(one, Paid)]
        while rest:
            registry: dict[str, Paid] = {}
            again = [one for one in rest if registry.setdefault(one.name, one) is not one]
            await importing.import_payments(
                self.conn, io.BytesIO(_registry(list(registry.values()))), today=on, at=noon(on)
            )
            rest = again
        for one in facts:
            if isinstance(one, Returned):
                async with self.conn.transaction():
                    await payments.reverse(self.conn, _AGENT, one.name, document="D-1", by="office", at=noon(on))

    async def bill(self, month: Month) -> billing.Closed:
        """The bills of the month and of those before it that have none, issued on the first day behind it."""
        await self._tidy()
        issued = month.next.first
        due = profiles.due_on(PACK, month)
        return await billing.close_month(self.conn, month, issued_on=issued, due_on=due, at=night(month.last))

    async def _tidy(self) -> None:
        """What a server does by itself; those of tests do not."""
        await self.conn.execute("set role none")
        await self.conn.execute(f"vacuum (analyze) {_GROWING}")
        await self.conn.execute("set role meterline_app")

    async def close(self, day: date) -> DayClosed:
        due = profiles.due_on(PACK, Month.of(day))
        return await closing.close_day(self.conn, day, due_on=due, at=night(day))


def _textable(one: Counted | TakenBack, on: date) -> bool:
    return isinstance(one, Counted) and one.source is Source.CUSTOMER and (on - one.day).days <= verdicts.EARLIEST


def _rows(one: Counted, no: int, on: date) -> list[ReadingRow]:
    flags = ("late",) if one.late else ()
    return [
        ReadingRow(one.account, no, one.meter, register, one.day, value * 1000, one.source, None, None, flags, noon(on))
        for register, value in enumerate(one.values, 1)
    ]


def _stated(one: Stated) -> NewFact:
    return NewFact(one.account, one.kind, one.days, one.value, "office", "D-1", one.subject, one.name)


def _opening(one: Home) -> NewClaim:
    return NewClaim(one.id, Month.of(BEFORE), one.owes, BEFORE + 10 * DAY, BEFORE, external_id=f"O-{one.id}")


def _registry(rows: Sequence[Paid]) -> bytes:
    total = sum(one.amount for one in rows)
    head = f"# agent={_AGENT}; count={len(rows)}; sum={total // 100}.{total % 100:02d}"
    lines = [
        f"{one.name},{100_000_000 + one.account},{one.day},{one.amount // 100}.{one.amount % 100:02d},{one.month or ''}"
        for one in rows
    ]
    return "\n".join([head, "external_id,account,date,amount,period", *lines, ""]).encode()


def _by_account(facts: Sequence[Fact], size: int) -> Iterator[list[Fact]]:
    """The facts of so many accounts at a time, in their order."""
    own: dict[int, list[Fact]] = {}
    for one in facts:
        own.setdefault(one.account, []).append(one)
    for some in _chunks(sorted(own), size):
        yield [fact for account in some for fact in own[account]]


def _chunks(items: Sequence[_T], size: int) -> Iterable[Sequence[_T]]:
    return (items[at : at + size] for at in range(0, len(items), size))


async def _people(conn: Connection, homes: Sequence[Home]) -> None:
    customers = [(one.id, "household") for one in homes]
    await conn.copy_records_to_table("customers", records=customers, columns=["id", "kind"])
    rows = [(one.id, one.id, str(100_000_000 + one.id), "Europe/Moscow", date(2020, 1, 1), one.persons)
            for one in homes]  # fmt: skip
    names = ["id", "customer_id", "number", "timezone", "opened_on", "persons"]
    await conn.copy_records_to_table("accounts", records=rows, columns=names)
    points = [(point, one.id, "electricity", plan) for one in homes for point, plan in one.points]
    await conn.copy_records_to_table("points", records=points, columns=["id", "account_id", "service", "tariff"])
    meters = [
        (of.id, one.id, of.point, f"{of.id:08d}", 5, list(of.zones), of.installed.start, of.installed.end)
        for one in homes
        for of in one.meters
    ]
    names = ["id", "account_id", "point_id", "serial", "digits", "zones", "installed_on", "removed_on"]
    await conn.copy_records_to_table("meters", records=meters, columns=names)
