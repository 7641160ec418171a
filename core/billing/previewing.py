"""What a change of rules or tariffs would do to the accounts, computed and not written (billing.md section 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.billing import posting, sql, tariffs
from core.billing.debts import sql as debts
from core.billing.engine import deriving, standing
from core.billing.engine.charging import NoTariff
from core.billing.engine.facts import Facts
from core.billing.engine.pricing import NoRate
from core.billing.model import Claim, ClaimKind, Tariffs, TariffVersion
from core.billing.terms import Pack
from core.metering import sql as metering
from core.metering.model import Meter
from core.metering.rules import open_month

CHUNK = 500
LARGEST = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """By what accounts are reckoned: a rule pack and tariffs."""

    pack: Pack
    tariffs: Tariffs


@dataclass(frozen=True, slots=True)
class Touched:
    """An account that would stand otherwise: kopecks to be paid before and after, negative for a credit."""

    number: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The accounts looked at, those that cannot be reckoned for want of a tariff, the sums of all others before and
    after, how many are touched, and the most touched of them."""

    accounts: int
    failed: int
    before: int
    after: int
    touched: int
    largest: tuple[Touched, ...]


async def attempt(conn: Connection, pack: Pack, *, today: date, most: int) -> Compared | None:
    """What the company's accounts, so many at most, would have to pay today by this pack in place of its own; None
    where no company is set. Nothing is written."""
    own = await posting.pack(conn)
    if own is None:
        return None
    now = Rules(own, await sql.tariffs(conn))
    return await compare(conn, now, replace(now, pack=pack), today=today, most=most)


async def compare(conn: Connection, before: Rules, after: Rules, *, today: date, most: int | None = None) -> Compared:
    """What the accounts with a meter would have to pay today by the one and by the other rules: due dates of bills,
    tariffs of all their days, estimation, penalties, the order of settling, and what readings that came after the
    window change; of `most` accounts, or of all. Nothing is written."""
    looked, failed, sums = 0, 0, [0, 0]
    changed: list[Touched] = []
    after_id = 0
    company = await accounts.company(conn)
    window = None if company is None else company.window
    while ids := await sql.metered(conn, after=after_id, limit=CHUNK if most is None else min(CHUNK, most - looked)):
        after_id = ids[-1]
        people = await debts.people(conn, ids)
        meters = await metering.meters(conn, ids)
        came = await metering.arrivals(conn, ids)
        for account, facts in (await posting.history(conn, ids)).items():
            number, persons = people[account]
            own = meters.get(account, ())
            try:
                was, would = (
                    _total(_counted(facts, came.get(account, {}), rules.pack, window), own, rules, persons, today)
                    for rules in (before, after)
                )
            except (NoTariff, NoRate):
                failed += 1
                continue
            sums[0] += was
            sums[1] += would
            if was != would:
                changed.append(Touched(number, was, would))
        looked += len(ids)
    changed.sort(key=lambda one: (-abs(one.after - one.before), one.number))
    return Compared(looked, failed, sums[0], sums[1], len(changed), tuple(changed[:LARGEST]))


def _counted(facts: Facts, came: Mapping[int, date], pack: Pack, window: tuple[int, int] | None) -> Facts:
    """The facts as if all customers' readings had been taken by the pack: `came` are the days on which they came by
    their numbers, `window` the company's own days for them."""
    days = window or (pack.window and (pack.window.first, pack.window.last))
    counts = days is not None and pack.habits.next_period
    readings = tuple(
        replace(one, since=open_month(came[one.no], days) if counts and days and one.no in came else None)
        for one in facts.readings
    )
    return replace(facts, readings=readings)


def _total(facts: Facts, meters: Sequence[Meter], rules: Rules, persons: int, today: date) -> int:
    claims = tuple(_due(claim, rules.pack) for claim in facts.claims)
    known = replace(facts, claims=claims, terms=rules.pack.debts, averaging=rules.pack.estimation.averaging)
    state = deriving.derive(known, meters, tariffs=rules.tariffs)
    stands = standing.standing(
        state,
        meters,
        rules.tariffs,
        persons=persons,
        today=today,
        rules=rules.pack.estimation,
        late=rules.pack.debts.late,
    )
    return stands.to_pay - stands.credit


def _due(claim: Claim, pack: Pack) -> Claim:
    """The claim with the due date that the pack sets for its month, where it is one of our bills."""
    day = pack.due_on(claim.month) if claim.kind is ClaimKind.BILL else None
    return claim if day is None else replace(claim, due_on=day)


def overlaid(stored: Tariffs, versions: Sequence[TariffVersion]) -> Tariffs:
    """The stored tariffs with the versions of a table: beside those of other days, in place of those of the same."""
    found: dict[str, dict[date, TariffVersion]] = {
        plan: {one.valid.start: one for one in of_plan} for plan, of_plan in stored.items()
    }
    for number, version in enumerate(versions, 1):
        of_plan = found.setdefault(version.plan, {})
        before = of_plan.get(version.valid.start)
        same = before is not None and replace(version, id=before.id, valid=before.valid) == before
        if not same:
            of_plan[version.valid.start] = replace(version, id=-number)
    return _ordered(found)


def _ordered(found: Mapping[str, Mapping[date, TariffVersion]]) -> Tariffs:
    return {plan: tariffs.in_order(versions.values()) for plan, versions in found.items()}
