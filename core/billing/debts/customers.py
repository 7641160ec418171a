"""What a customer owes: the sum over all accounts that are his, with all their services (row Q7)."""

from collections.abc import Mapping, Sequence
from datetime import date

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.periods import DAY, Period
from core.billing import posting, sql
from core.billing.conditions.model import Kind
from core.billing.debts import sql as debts
from core.billing.engine.charging import NoTariff
from core.billing.engine.penalty import NoPenaltyRate
from core.billing.engine.pricing import NoRate
from core.billing.engine.standing import standing
from core.billing.estimation import Estimation
from core.billing.model import AccountState, Standing, Tariffs
from core.billing.terms import DebtTerms
from core.metering import sql as metering
from core.metering.model import Meter


@dataclass(frozen=True, slots=True)
class OwnDebt:
    """One of a customer's accounts and the services at its points; None where it cannot be told for want of a tariff
    or a rate."""

    number: str
    services: tuple[str, ...]
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class CustomerDebt:
    """What is to be paid on all accounts of a customer, kopecks. What is paid ahead on one of them is not set against
    another: money belongs to the account for which it came."""

    accounts: tuple[OwnDebt, ...]

    @property
    def to_pay(self) -> int:
        return sum(one.standing.to_pay for one in self.accounts if one.standing is not None)

    @property
    def overdue(self) -> int:
        return sum(one.standing.overdue for one in self.accounts if one.standing is not None)

    @property
    def credit(self) -> int:
        return sum(one.standing.credit for one in self.accounts if one.standing is not None)

    @property
    def untold(self) -> int:
        """How many accounts are not in the sums."""
        return sum(one.standing is None for one in self.accounts)


async def debt_of(conn: Connection, number: str, *, today: date) -> CustomerDebt | None:
    """What the customer who holds the account of this number on the day owes on all accounts that he holds then; None
    where there is no such account."""
    found = await debts.holder(conn, number)
    if found is None:
        return None
    account, base = found
    states = await sql.read_states(conn, [account])
    customer = holder_of(states[account], base, today)
    candidates = {one.id: one for one in await debts.accounts_of(conn, customer)}
    states = await sql.read_states(conn, sorted(candidates))
    own = [id for id, one in candidates.items() if holder_of(states[id], one.customer_id, today) == customer]
    stands = await _stands(conn, {id: states[id] for id in own}, today)
    points = await metering.points(conn, own)
    told = [
        OwnDebt(candidates[id].number, tuple(sorted({one.service for one in points.get(id, ())})), stands[id])
        for id in own
    ]
    return CustomerDebt(tuple(sorted(told, key=lambda one: one.number)))


def holder_of(state: AccountState, base: int, today: date) -> int:
    """Whose the account is on the day: the customer that a dated fact names, else the one that it was opened for."""
    (held,) = state.conditions.numbers(Kind.HOLDER, state.account_id, Period(today, today + DAY), base)
    return held.value


async def _stands(conn: Connection, states: dict[int, AccountState], today: date) -> dict[int, Standing | None]:
    people = await debts.people(conn, sorted(states))
    meters = await metering.meters(conn, sorted(states))
    tariffs = await sql.tariffs(conn)
    terms, rules = await posting.debt_terms(conn), await posting.estimation(conn)
    persons = {id: number for id, (_, number) in people.items()}
    return stands_of(states, persons, meters, tariffs, terms=terms, rules=rules, today=today)


def stands_of(
    states: Mapping[int, AccountState],
    persons: Mapping[int, int],
    meters: Mapping[int, Sequence[Meter]],
    tariffs: Tariffs,
    *,
    terms: DebtTerms,
    rules: Estimation,
    today: date,
) -> dict[int, Standing | None]:
    """Where each account stands on the day; None where it cannot be told for want of a tariff or a rate."""
    found: dict[int, Standing | None] = {}
    for id, state in states.items():
        try:
            found[id] = standing(
                state,
                meters.get(id, ()),
                tariffs,
                persons=persons[id],
                today=today,
                late=terms.late,
                rules=rules,
            )
        except (NoTariff, NoRate, NoPenaltyRate):
            found[id] = None
    return found
