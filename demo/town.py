"""Puts the synthetic town into a database, through the doors that a real company uses."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.basics.money import MILLI
from core.basics.payee import Payee
from core.basics.periods import Month
from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import company, profiles, tariffs
from core.billing import sql as billing_sql
from core.bookings.opening import actions as opening
from core.bookings.opening import reading
from core.importing import actions as importing
from core.importing.report import Report
from core.metering import sql as metering
from core.metering.model import Meter, Source
from core.metering.sql import ReadingRow
from demo import sql, town_pays, town_people, town_uses
from demo.clock import START
from demo.town_model import Dwelling, Town
from demo.town_uses import Read

COMPANY = CompanyProfile(
    "МаякЭнерго", "8-800-000-43-21", town_uses.ZONE, "RUB", "RU-household", (15, 25), "Сбер, Госуслуги, касса"
)

PAYEE = Payee(
    "ООО «МаякЭнерго»", "9109001231", "910901001", "40702810700000012345", "АО «Маяк-Банк», г. Маяк", "040909901",
    "30101810300000000901",
)  # fmt: skip

TARIFFS = Path(__file__).with_name("tariffs.csv")
"""The town's own tariffs, and versions of the shipped ones from before these begin."""

ISSUED_AFTER = timedelta(days=2)
"""Bills are made on the third of the next month."""

Progress = Callable[[int, int], None]
"""Told after each step: the steps done, and how many there are."""

OFFICES = Path(__file__).with_name("offices.csv")
"""Where the town's people are received."""

_JOB = "demo town"
_STEPS = 4 + len(tuple(town_uses.months()))


_Sent = tuple[Dwelling, list[Read]]
"""An account and its readings of a month."""


class TownRefused(Exception):
    """A row of the town was not taken in: the town and the program do not fit together."""


async def load(
    conn: Connection, keyring: Keyring, *, town: Town | None = None, progress: Progress | None = None
) -> bool:
    """Loads the town unless it is there; whether it was loaded now. One that was interrupted goes on where it stopped.

    Two years are lived through month by month: readings come in, states are derived, the month is closed and billed.
    Then what was paid is imported. `conn` is in no transaction.

    :raises TownRefused: something of the town was not taken in.
    """
    town = town or town_people.town()
    if await sql.done(conn, _JOB, str(town.seed)):
        return False
    tell = _Steps(progress)
    await accounts.set_company(conn, COMPANY)
    await company.tell_payee(conn, PAYEE)
    async with conn.transaction():
        lines = reading.read(OFFICES.read_text(encoding="utf-8"))
        await opening.take_in(conn, lines, None, by="demo", at=START)
    await _import_tariffs(conn)
    tell()
    await _import_customers(conn, keyring, town.dwellings)
    tell()
    ids = await sql.account_ids(conn, [one.number for one in town.dwellings])
    for month, sent in _sent(town, ids).items():
        await _live(conn, keyring, town, month, sent)
        tell()
    await _import_payments(conn, town, ids)
    await sql.mark(conn, _JOB, str(town.seed))
    tell()
    return True


class _Steps:
    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0

    def __call__(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, _STEPS)


async def _import_tariffs(conn: Connection) -> None:
    for path in (tariffs.SHIPPED, TARIFFS):
        with path.open("rb") as stream:
            _whole(await importing.import_tariffs(conn, stream, at=_moment(town_uses.FIRST.first)))


async def _import_customers(conn: Connection, keyring: Keyring, dwellings: Sequence[Dwelling]) -> None:
    report = await importing.import_customers(
        conn,
        _table(row for dwelling in dwellings for row in customer_rows(dwelling)),
        keyring=keyring,
        zone=town_uses.ZONE,
        today=START.date(),
        at=_moment(town_uses.BEGAN),
    )
    _whole(report)
    names = [
        (home.number, keyring.phone_hash(link.phone), link.name)
        for home in dwellings
        for link in home.links
        if link.name
    ]
    await sql.name_links(conn, names)
    await sql.prove_phones(conn, START - timedelta(days=30))
    verified = [
        (home.number, meter.serial, until)
        for home in dwellings
        for meter in home.meters
        if (until := meter.verified_until) is not None
    ]
    await sql.verify_meters(conn, verified)


def customer_rows(dwelling: Dwelling) -> Iterator[dict[str, str]]:
    """The rows of a file of customers: one for each meter, the people on the first."""
    for place, meter in enumerate(dwelling.meters):
        first = place == 0
        values = town_uses.first_counts(meter)
        yield {
            "account": dwelling.number,
            "kind": dwelling.kind,
            "name": dwelling.name,
            "address": dwelling.address,
            "building": dwelling.building,
            "timezone": town_uses.ZONE,
            "language": dwelling.language,
            "service": "electricity",
            "tariff": meter.tariff,
            "meter": meter.serial,
            "brand": meter.brand,
            "digits": str(meter.digits),
            "fraction": str(meter.fraction),
            "multiplier": str(meter.multiplier),
            "capacity_kw": "" if meter.capacity_kw is None else str(meter.capacity_kw),
            "registers": "/".join(meter.zones),
            "reading": "/".join(str(value // MILLI) for value in values),
            "reading_date": town_uses.BEGAN.isoformat(),
            "persons": str(dwelling.persons),
            "phones": ";".join(link.phone for link in dwelling.links) if first else "",
            "roles": ";".join(link.role for link in dwelling.links) if first else "",
            "contract": dwelling.contract.isoformat() if first and dwelling.contract and dwelling.links else "",
        } | (_papers(dwelling) if first else {})


def _papers(dwelling: Dwelling) -> dict[str, str]:
    """A document and a bank account, as invented as the town: their numbers come from that of the account."""
    person = dwelling.kind == "household"
    own = "".join(sign for sign in dwelling.number if sign.isdigit())
    return {
        "document_type": "passport" if person else "taxpayer",
        "document": f"{'3916' if person else '9102'}{own[-6:]:0>6}",
        "bank_account": f"{'40817' if person else '40702'}810{own[-9:]:0>12}",
    }


async def _live(conn: Connection, keyring: Keyring, town: Town, month: Month, sent: Mapping[int, _Sent]) -> None:
    """One month of the town, in one transaction: its readings come in, and while it is a past one, its bills are made.
    A month that was lived through before is not again."""
    period = f"{town.seed} {month}"
    async with conn.transaction():
        if await sql.done(conn, _JOB, period):
            return
        await _read(conn, keyring, sent)
        if month <= town_uses.LAST:
            issued_on = month.next.first + ISSUED_AFTER
            due_on = profiles.due_on(COMPANY.pack, month)
            await billing.close_month(conn, month, issued_on=issued_on, due_on=due_on, at=_moment(issued_on))
        else:
            await billing.rebuild(conn, list(sent))
        await sql.mark(conn, _JOB, period)


async def _read(conn: Connection, keyring: Keyring, sent: Mapping[int, _Sent]) -> None:
    """Readings become facts; the states are derived from them by what follows in the same transaction."""
    await accounts.lock(conn, sorted(sent))
    states = await billing_sql.read_states(conn, list(sent))
    meters = await metering.meters(conn, list(sent))
    rows = [
        row
        for account, (one, some) in sent.items()
        for row in _facts(one, some, meters[account], keyring, after=states[account].fact_no)
    ]
    if rows:
        await metering.add_readings(conn, rows)


def _sent(town: Town, ids: Mapping[str, int]) -> dict[Month, dict[int, _Sent]]:
    """The readings of each month by account id."""
    found: dict[Month, dict[int, _Sent]] = {month: {} for month in (*town_uses.months(), town_uses.LAST.next)}
    for one in town.dwellings:
        for read in town_uses.readings(one, seed=town.seed):
            found[Month.of(read.day)].setdefault(ids[one.number], (one, []))[1].append(read)
    return found


def _facts(
    dwelling: Dwelling, some: Iterable[Read], meters: Sequence[Meter], keyring: Keyring, *, after: int
) -> Iterator[ReadingRow]:
    """The readings as facts, numbered on from the account's last."""
    by_serial = {meter.serial: meter for meter in meters}
    phone = keyring.phone_hash(dwelling.links[0].phone) if dwelling.links else None
    for no, read in enumerate(some, after + 1):
        for serial, values in read.values:
            meter = by_serial[serial]
            for register, value in enumerate(values, 1):
                yield ReadingRow(
                    account_id=meter.account_id,
                    no=no,
                    meter_id=meter.id,
                    register=register,
                    day=read.day,
                    value=value,
                    source=read.source,
                    phone_hash=phone if read.source is Source.CUSTOMER else None,
                    inbox_id=None,
                    flags=(),
                    recorded_at=read.at,
                )


async def _import_payments(conn: Connection, town: Town, ids: Mapping[str, int]) -> None:
    claims = await billing_sql.claims(conn, list(ids.values()))
    rows = [
        {
            "external_id": paid.external_id,
            "account": paid.account,
            "date": paid.on.isoformat(),
            "amount": tariffs.plain(paid.amount, 100),
            "period": "" if paid.month is None else str(paid.month),
            "agent": paid.agent,
        }
        for one in town.dwellings
        for paid in town_pays.payments(one, claims.get(ids[one.number], ()), seed=town.seed)
    ]
    _whole(await importing.import_payments(conn, _table(rows), today=START.date(), at=_moment(START.date())))


def _table(rows: Iterable[Mapping[str, str]]) -> io.BytesIO:
    """The rows as a CSV file."""
    text = io.StringIO(newline="")
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return io.BytesIO(text.getvalue().encode())


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), ZoneInfo(town_uses.ZONE))


def _whole(report: Report) -> None:
    if report.problems:
        first = report.problems[0]
        raise TownRefused(f"{report.kind}: line {first.line}, {first.column}: {first.reason} ({first.expected})")
