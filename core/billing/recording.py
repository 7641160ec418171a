"""Taking in facts about accounts and buildings: numbered under the lock, and the accounts derived anew."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.basics.periods import Period
from core.billing import actions, sql
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import TERMS, BadValue, Condition, Kind, Subject, Value, check
from core.billing.conditions.sql import ConditionRow


@dataclass(frozen=True, slots=True)
class NewFact:
    """What is to be recorded: `owner_id` the account, or the building where the kind is of one; `subject` the point or
    the meter where the kind is of one, else left 0; `days` half-open; `value` in the kind's unit (`TERMS`), None to
    return to what held before any fact. `source` says whence it is known, `document` by what paper.
    `withdraws` is the number of a fact that it takes back, `reason` why."""

    owner_id: int
    kind: Kind
    days: Period
    value: Value | None
    source: str
    document: str = ""
    subject: int = 0
    name: str = ""
    withdraws: int = 0
    reason: str = ""


async def record_facts(conn: Connection, facts: Sequence[NewFact], *, by: str, at: datetime) -> None:
    """Writes the facts in the order in which they are given, `by` being their author, and derives their accounts anew.

    No charge is touched: what the facts change in billed months is in the next answer, and the next close posts it. The
    caller owns the transaction; nothing is written where one of the facts is wrong.

    :raises BadValue: a fact is not one of its kind, or its subject is none of the account's.
    """
    of_accounts = [fact for fact in facts if TERMS[fact.kind].subject is not Subject.BUILDING]
    ids = sorted({fact.owner_id for fact in of_accounts})
    await accounts.lock(conn, ids)
    known = await conditions.subjects(conn, ids)
    numbers = await sql.fact_numbers(conn, ids)
    rows = [_row(fact, _next(numbers, fact.owner_id), by=by, at=at) for fact in of_accounts]
    for row in rows:
        of = TERMS[row.fact.kind].subject
        if of is not Subject.ACCOUNT and (row.owner_id, of, row.fact.subject) not in known:
            raise BadValue(f"{row.fact.kind}: the account has no {of} {row.fact.subject}")
    of_buildings = [fact for fact in facts if TERMS[fact.kind].subject is Subject.BUILDING]
    last = await conditions.lock_buildings(conn, sorted({fact.owner_id for fact in of_buildings}))
    house_rows = [_row(fact, _next(last, fact.owner_id), by=by, at=at) for fact in of_buildings]
    await conditions.add(conn, rows)
    await conditions.add_of_buildings(conn, house_rows)
    await actions.rebuild(conn, ids)


def _next(numbers: dict[int, int], owner: int) -> int:
    numbers[owner] = numbers.get(owner, 0) + 1
    return numbers[owner]


def _row(fact: NewFact, no: int, *, by: str, at: datetime) -> ConditionRow:
    of = TERMS[fact.kind].subject
    subject = fact.owner_id if of in (Subject.ACCOUNT, Subject.BUILDING) else fact.subject
    condition = Condition(no, fact.kind, subject, fact.days, fact.value, fact.name, fact.withdraws)
    check(condition)
    return ConditionRow(fact.owner_id, condition, fact.source, fact.document, by, at, fact.reason)
