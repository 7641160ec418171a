"""Gives messages that answer an official warning what stands of it, and keeps what they say to it: one statement of
each kind for a whole batch."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from core.accounts import sql as accounts
from core.answer.case import Case
from core.basics.sealing import Keyring
from core.billing import profiles
from core.inbox.model import Fate
from core.notices.model import Kind
from core.notices.warnings import actions, sql
from core.notices.warnings.actions import Entry
from core.notices.warnings.model import Acknowledge, Promise, Warned, What
from core.selfservice import noticing


async def with_warnings(conn: Connection, cases: Mapping[int, Case]) -> dict[int, Case]:
    """The cases, those that answer a warning with the warnings that stand."""
    found = dict(cases)
    asking = {
        no: case for no, case in cases.items() if case.fate is Fate.ANSWERED and noticing.asks(case.command, case.facts)
    }
    asked = [(one.account.id, case.sender.hash) for case in asking.values() for one in case.facts.accounts]
    if not asked:
        return found
    profile = await accounts.company(conn)
    rows = await sql.of_accounts(conn, asked)
    for no, case in asking.items():
        mine = {one.account.id for one in case.facts.accounts}
        own = [
            row for row in rows if row["account_id"] in mine and asked[row["no"] - 1][1] == case.sender.hash
        ]  # fmt: skip
        pack = profiles.profile(profile.pack) if profile else None
        days = {row["id"]: pack.warnings.of(row["kind"], row["customer"]).promise_days if pack else 0 for row in own}
        warned = tuple(_warned(row, case, days[row["id"]]) for row in own)
        found[no] = replace(case, facts=replace(case.facts, warned=warned))
    return found


def _warned(row: Record, case: Case, promise_days: int) -> Warned:
    zone = ZoneInfo(row["timezone"])

    def day(name: str) -> date | None:
        return None if row[name] is None else row[name].astimezone(zone).date()

    said, today = day("worded_at"), case.inbound.at.astimezone(zone).date()
    assert said is not None, "only what was worded stands"
    return Warned(
        number=row["id"], account_id=row["account_id"], code=row["code"], day=said, today=today, mine=row["mine"],
        contract=row["contract"], promise_days=promise_days, acknowledged=day("acknowledged_at"),
        promised=row["promised_until"], ended=day("ended_at"), court=row["kind"] == Kind.COURT,
    )  # fmt: skip


async def store(conn: Connection, cases: Sequence[Case], keyring: Keyring) -> None:
    """Writes down what was said to warnings, each time only the first."""
    said = [(case, case.decision.noticed) for case in cases if case.decision and case.decision.noticed]
    entries: list[Entry] = []
    for case, act in said:
        at = case.inbound.at
        body = {
            "channel": str(case.inbound.channel), "reference": case.inbound.reference,
            "payload_sha256": hashlib.sha256(case.inbound.payload).hexdigest(),
        }  # fmt: skip
        match act:
            case Acknowledge(number=number):
                if await sql.acknowledge(conn, [number], at=at):
                    entries.append((number, What.ACKNOWLEDGED, at, body, None))
            case Promise(numbers=numbers, until=until):
                told = {**body, "until": until.isoformat()}
                new = await sql.promise(conn, [(number, until) for number in numbers])
                entries += [(number, What.PROMISED, at, told, None) for number in sorted(new)]
    await actions.append(conn, entries, keyring)
