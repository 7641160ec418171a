"""Readings printed on payment receipts: they pass the checks that a texted reading passes, as the customer's own."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.accounts import sql as people
from core.billing import profiles
from core.billing import sql as billing
from core.billing.engine import believing
from core.billing.engine.standing import accept
from core.billing.model import AccountState
from core.importing import cells
from core.importing.cells import Unreadable
from core.importing.model import PaymentRow, Problem
from core.importing.plan import Tally
from core.importing.rules import shown
from core.metering import rules, verdicts
from core.metering import sql as metering
from core.metering.model import Given, Meter, Source
from core.metering.sql import ReadingRow
from core.metering.verdicts import Accept, Flag
from core.metering.writing import read

_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


async def take(
    conn: Connection, rows: Sequence[PaymentRow], ids: Mapping[str, int], *, tally: Tally, today: date, at: datetime
) -> None:
    """Takes the readings of new payments, for the end of the day of payment; `ids` are the accounts by what the rows
    call them, locked. One that is not believed is told and not stored; the money is."""
    read_ones = [row for row in rows if row.readings and row.account.upper() in ids]
    if not read_ones:
        return
    accounts = sorted({ids[row.account.upper()] for row in read_ones})
    states = await billing.read_states(conn, accounts)
    meters = await metering.meters(conn, accounts)
    company = await people.company(conn)
    window = company.window if company else None
    next_period = company is not None and profiles.profile(company.pack).habits.next_period
    stored: list[ReadingRow] = []
    for row in read_ones:
        account = ids[row.account.upper()]
        verdict = _judged(
            row, states[account], meters.get(account, ()), today=today, window=window, next_period=next_period
        )
        if isinstance(verdict, Problem):
            tally.wrong("readings", [verdict])
        elif verdict.repeated:
            tally.unchanged("readings")
        else:
            tally.new(row.line, "readings")
            new = [usage for usage in verdict.usages if Flag.REPEAT not in usage.flags]
            flags = tuple(dict.fromkeys(flag.value for usage in verdict.usages for flag in usage.flags))
            no = states[account].fact_no + 1
            given = [usage.given for usage in new]
            states[account] = accept(states[account], given, day=verdict.day, no=no, since=verdict.counts_in)
            stored.extend(_stored(account, no, given, verdict, flags, at))
    if stored:
        await metering.add_readings(conn, stored)
        await billing.write_states(conn, [states[account] for account in sorted({one.account_id for one in stored})])


def _judged(
    row: PaymentRow,
    state: AccountState,
    came: Sequence[Meter],
    *,
    today: date,
    window: tuple[int, int] | None,
    next_period: bool,
) -> Accept | Problem:
    day = verdicts.reading_day(row.paid_on, today=today)
    if day is None:
        return _problem(row, "paid too long ago for its reading", f"a payment of the last {verdicts.EARLIEST} days")
    try:
        counts = cells.receipt(row.readings)
    except Unreadable as error:
        return _problem(row, error.reason, error.expected)
    meters = believing.as_told(came, state.conditions)
    working = [one for one in meters if day in one.installed and row.meter.upper() in ("", one.serial)]
    if len(working) != 1:
        return _problem(row, f"{len(working)} meters that can be meant", "the column meter with the meter's serial")
    (meter,) = working
    if len(counts) != len(meter.zones):
        return _problem(row, f"{len(counts)} value(s) for {len(meter.zones)} register(s)", "/".join(meter.zones))
    given = [read(digits, meter, register) for register, digits in enumerate(counts, 1)]
    placed = tuple(one for one in given if isinstance(one, Given))
    if len(placed) != len(given):
        return _problem(row, "not a count that the meter can show", f"at most {meter.digits} digits")
    verdict = rules.check(
        placed,
        state.registers,
        meters,
        today=today,
        day=day,
        window=window,
        billed_through=state.billed_through,
        next_period=next_period,
    )
    if isinstance(verdict, Accept):
        return verdict
    reason = _WORDS.sub(" ", type(verdict.reply).__name__).lower()
    return _problem(row, f"not believed: {reason}", "a reading that would be taken from a text")


def _problem(row: PaymentRow, reason: str, expected: str) -> Problem:
    return Problem(row.line, "readings", shown("readings", row.readings), reason, expected)


def _stored(
    account: int, no: int, given: Sequence[Given], taken: Accept, flags: tuple[str, ...], at: datetime
) -> list[ReadingRow]:
    day, since = taken.day, taken.counts_in
    return [
        ReadingRow(
            account, no, one.meter.id, one.register, day, one.value, Source.CUSTOMER, None, None, flags, at, since
        )
        for one in given
    ]
