"""Gives messages that ask for what is on record the rows they need: one statement of each kind for a whole batch."""

from collections.abc import Mapping
from dataclasses import replace

from asyncpg import Connection

from core.answer import noticing, requesting, sql
from core.answer.case import Case
from core.billing import posting
from core.commands import Subject, SubmitReading
from core.selfservice import looking, telling
from core.selfservice.looking import Need
from core.selfservice.model import Record

_READ = (Subject.HISTORY, Subject.FORECAST)


async def with_more(conn: Connection, cases: Mapping[int, Case]) -> dict[int, Case]:
    """The cases, those that look at the record, answer a warning or turn to the staff with what stands of it; a reading
    does none of that."""
    asking = {no: case for no, case in cases.items() if not isinstance(case.command, SubmitReading)}
    if not asking:
        return dict(cases)
    recalled = await noticing.with_warnings(conn, await _with_records(conn, asking))
    return {**cases, **await requesting.with_requests(conn, recalled)}


async def _with_records(conn: Connection, cases: Mapping[int, Case]) -> dict[int, Case]:
    cases = await _with_histories(conn, cases)
    needs = {no: need for no, case in cases.items() if (need := looking.needs(case.command, case.facts))}
    if not needs:
        return dict(cases)
    records = await read_records(conn, needs)
    found = dict(cases)
    for no, record in records.items():
        found[no] = replace(cases[no], facts=replace(cases[no].facts, record=record))
    return found


async def read_records(conn: Connection, needs: Mapping[int, Need]) -> dict[int, Record]:
    """What stands on record of what is needed, by the same numbers: one statement of each kind."""
    wanted = list(needs.values())
    read = [(one.account_id, one.since) for one in wanted if one.subject in _READ]
    paid = [(one.account_id, one.through) for one in wanted if one.subject is Subject.PAYMENTS]
    billed = [(one.account_id, one.through) for one in wanted if one.subject is Subject.BILL]
    readings = await sql.readings_since(conn, read) if read else {}
    payments = await sql.last_payments(conn, paid, most=looking.SHOWN) if paid else {}
    claims = await sql.last_bills(conn, billed) if billed else {}
    return {
        no: Record(readings.get(account, ()), payments.get(account, ()), claims.get(account, ()))
        for no, account in ((no, need.account_id) for no, need in needs.items())
    }


async def _with_histories(conn: Connection, cases: Mapping[int, Case]) -> Mapping[int, Case]:
    """The cases, those that ask why a sum is what it is with all facts of their account."""
    asking = {no: account for no, case in cases.items() if (account := telling.asks_why(case.command, case.facts))}
    if not asking:
        return cases
    histories = await posting.history(conn, sorted(set(asking.values())))
    found = dict(cases)
    for no, account in asking.items():
        facts = cases[no].facts
        record = replace(facts.record, history=histories.get(account))
        found[no] = replace(cases[no], facts=replace(facts, record=record))
    return found
