"""What is issued to accounts, as rows of claims, charges and the ledger; what the close of a day posts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.billing import profiles, sql
from core.billing.booking import sql as booking
from core.billing.booking.sql import EntryRow
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import UNPRICED
from core.billing.debts import sql as debts
from core.billing.engine import closing, deriving
from core.billing.engine.charging import NoTariff
from core.billing.engine.closing import Issue
from core.billing.engine.deriving import Facts
from core.billing.engine.kept import Kept, kept_of
from core.billing.engine.outages import outages
from core.billing.engine.pricing import NoRate
from core.billing.estimation import ESTIMATED, Estimation
from core.billing.model import AccountState, Tariffs
from core.billing.months import sql as months
from core.billing.sql import ChargeRow, ClaimRow
from core.billing.terms import PLAIN, DebtTerms, Pack
from core.inbox import sql as inbox
from core.metering import sql as metering
from core.metering.model import Meter, Point


@dataclass(frozen=True, slots=True)
class Changes:
    """What the close of a day posted: corrections of billed months and their sum in kopecks; accounts that could not be
    charged for want of a tariff."""

    corrections: int = 0
    amount: int = 0
    failed: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(self.corrections + other.corrections, self.amount + other.amount, self.failed + other.failed)


def with_issues(facts: Facts, issues: Iterable[Issue]) -> Facts:
    """The facts and what is issued beside them."""
    issued = tuple(issues)
    return deriving.with_facts(
        facts,
        claims=[issue.claim for issue in issued],
        charges=[line for issue in issued for line in issue.lines],
    )


def charge_rows(
    account: int, meters: Sequence[Meter], issues: Iterable[Issue], points: Sequence[Point] = ()
) -> list[ChargeRow]:
    """The lines of what is issued to an account, numbered within each claim."""
    services = {point.id: point.service for point in points} | {meter.point_id: meter.service for meter in meters}
    return [
        ChargeRow(account, number, services[line.point_id], line)
        for issue in issues
        for number, line in enumerate(issue.lines, 1)
    ]


async def write_claims(
    conn: Connection, rows: Sequence[ClaimRow], *, at: datetime, booked_on: date | None = None
) -> None:
    """Writes claims with their ledger lines, on the books of the open day; `booked_on` is for its close alone.

    :raises booking.DaySealed: the books of `booked_on` are sealed.
    """
    await sql.add_claims(conn, rows, at=at)
    lines = [
        EntryRow(row.account_id, row.claim.no, ledger, amount, row.claim.issued_on)
        for row in rows
        for ledger, amount in closing.entries(row.claim)
    ]
    await booking.add_entries(conn, lines, at=at, booked_on=booked_on)


async def post_changes(
    conn: Connection, account_ids: Sequence[int], *, day: date, due_on: date, at: datetime
) -> Changes:
    """Posts on the books of the day what readings and late tariffs have changed in the bills of the accounts, so that
    what answers have told becomes what is owed (rulings.md 1.2). What is posted is not posted again. The accounts stay
    locked until the transaction ends; one with days that have no tariff is left as it is, with an alarm."""
    if not account_ids:
        return Changes()
    locked = await accounts.lock(conn, account_ids)
    states = await sql.read_states(conn, account_ids)
    meters = await metering.meters(conn, account_ids)
    points = await metering.points(conn, account_ids)
    tariffs = await sql.tariffs(conn)
    rules = await estimation(conn)
    states |= await _with_outages(conn, states, meters, tariffs)
    issues: dict[int, tuple[Issue, ...]] = {}
    alarms: list[tuple[str, str, datetime]] = []
    for account in account_ids:
        try:
            found = closing.recalculate(
                states[account],
                meters.get(account, ()),
                tariffs,
                persons=locked[account].persons,
                issued_on=day,
                due_on=due_on,
                rules=rules,
                points=points.get(account, ()),
            )
        except (NoTariff, NoRate):
            alarm = ("not recalculated", locked[account].number)
            alarms.append((*alarm, at))
            continue
        if found:
            issues[account] = found
    if alarms:
        await inbox.alarm(conn, alarms)
    claims = [ClaimRow(account, issue.claim) for account, found in issues.items() for issue in found]
    await write_claims(conn, claims, at=at, booked_on=day)
    rows = [
        row
        for account, found in issues.items()
        for row in charge_rows(account, meters.get(account, ()), found, points.get(account, ()))
    ]
    await sql.add_charges(conn, rows)
    changed, keeps = await derived(conn, sorted(issues), tariffs)
    await sql.write_states(conn, changed)
    await months.keep(conn, keeps)
    return Changes(len(claims), sum(row.claim.amount for row in claims), len(alarms))


async def _with_outages(
    conn: Connection, states: Mapping[int, AccountState], meters: Mapping[int, Sequence[Meter]], tariffs: Tariffs
) -> dict[int, AccountState]:
    """The states anew of those with outages, or with a meter that was removed: what was usual before may rest on a
    count that a text has brought, and the state alone does not tell."""
    some = [
        id
        for id, own in meters.items()
        if any(one.installed.end is not None or outages(one, states[id].conditions) for one in own)
    ]
    return {one.account_id: one for one in (await derived(conn, some, tariffs))[0]}


async def derived(
    conn: Connection, account_ids: Sequence[int], tariffs: Tariffs
) -> tuple[list[AccountState], list[Kept]]:
    """The states of the accounts anew, from all their facts, and what is kept beside them."""
    states: list[AccountState] = []
    keeps: list[Kept] = []
    if not account_ids:
        return states, keeps
    meters = await metering.meters(conn, account_ids)
    points = await metering.points(conn, account_ids)
    for id, facts in (await history(conn, account_ids, short=True)).items():
        own, at = meters.get(id, ()), points.get(id, ())
        use = deriving.use_of(facts, own)
        states.append(deriving.derive(facts, own, use=use, tariffs=tariffs, points=at))
        keeps.append(kept_of(facts, own, at, use, tariffs))
    return states, keeps


async def pack(conn: Connection) -> Pack | None:
    """The company's rule pack, None where no company is set.

    :raises profiles.NoProfile: there is no such pack.
    """
    company = await accounts.company(conn)
    return None if company is None else profiles.profile(company.pack)


async def estimation(conn: Connection) -> Estimation:
    """How use is found where no reading tells it, by the company's rule pack."""
    found = await pack(conn)
    return ESTIMATED if found is None else found.estimation


async def history(conn: Connection, account_ids: Sequence[int], *, short: bool = False) -> dict[int, Facts]:
    """All facts of the accounts that the engine derives from; `short`: claims as `debts.claims_in_short` has
    them, which is enough for a state."""
    readings = await metering.history(conn, account_ids)
    withdrawals = await metering.withdrawn(conn, account_ids)
    claims = await (debts.claims_in_short if short else sql.claims)(conn, account_ids)
    charges = await sql.charges(conn, account_ids)
    payments = await sql.payments(conn, account_ids)
    known = await conditions.of_accounts(conn, account_ids)
    given = await sql.fact_numbers(conn, account_ids)
    terms, averaging = await debt_terms(conn), (await estimation(conn)).averaging
    return {
        account: Facts(
            account,
            given=max([given.get(account, 0), *(one.no for one in known.get(account, ()))]),
            readings=readings.get(account, ()),
            withdrawals=withdrawals.get(account, ()),
            claims=claims.get(account, ()),
            charges=charges.get(account, ()),
            payments=payments.get(account, ()),
            conditions=tuple(one for one in known.get(account, ()) if one.kind not in UNPRICED),
            terms=terms,
            averaging=averaging,
        )
        for account in account_ids
    }


async def debt_terms(conn: Connection) -> DebtTerms:
    """What the company's rule pack says of debts; where no company is set, that late payment costs nothing.

    :raises profiles.NoProfile: there is no such pack.
    """
    found = await pack(conn)
    return PLAIN if found is None else found.debts
