"""What an account owes and why."""

from collections.abc import Sequence

from core.accounts import rights
from core.basics.periods import Month
from core.billing import model as billing
from core.billing.engine import changing, charging
from core.billing.engine.changing import Cause, Part
from core.billing.engine.pricing import NoRate
from core.billing.engine.standing import standing
from core.billing.model import Standing
from core.commands import Balance, Choose, Command, Why
from core.grammar.world import Asked
from core.messages import BalanceTold, Explained, Money, NoTariff, Slice
from core.records import Changed, Shift, Total
from core.selfservice.choosing import about, allowed, ask_account, open_question, pick
from core.selfservice.model import AccountFacts, Decision, Facts


def tell(command: Balance | Why, facts: Facts) -> Decision:
    """What there is to pay, or the sums of which it is made."""
    what = rights.operation(command)
    found = pick(facts, what, command.account)
    if found is None:
        mine = allowed(facts, what)
        if isinstance(command, Why):
            return ask_account(facts, mine, "why", None)
        return ask_account(facts, mine, "balance", None, total=_total(mine, facts))
    if not isinstance(found, AccountFacts):
        return Decision(found)
    try:
        stands = stand(found, facts)
    except charging.NoTariff:
        return Decision(about(NoTariff(()), found, facts), found.account.id, alarm=("no tariff", found.account.number))
    name = found.called if len(facts.accounts) > 1 else None
    if isinstance(command, Why):
        total = stands.to_pay - stands.credit
        return Decision(Explained(slices(stands), total, name, _changed(found, facts, total)), found.account.id)
    return Decision(BalanceTold(money(stands), slices(stands), name), found.account.id)


def _total(mine: Sequence[AccountFacts], facts: Facts) -> Total:
    """What the accounts that the phone may see come to; one whose sum cannot be told now is not counted."""
    told: list[Standing] = []
    for one in mine:
        try:
            told.append(stand(one, facts))
        except (charging.NoTariff, NoRate):
            continue
    return Total(
        sum(one.to_pay for one in told),
        sum(one.overdue for one in told),
        len(told),
        len(facts.accounts) - len(told),
    )


def asks_why(command: Command, facts: Facts) -> int | None:
    """The id of the account of which the message asks why its sum is what it is; None where it asks nothing of the
    kind, or does not tell which."""
    number: str | None = None
    match command:
        case Why(account=account):
            number = account
        case Choose(number=chosen):
            terms = open_question(facts, Asked.ACCOUNT)
            if terms is None or terms["wish"] != "why" or not 1 <= chosen <= len(terms["choices"]):
                return None
            number = terms["choices"][chosen - 1]
        case _:
            return None
    found = pick(facts, rights.operation(Why(number)), number)
    return found.account.id if isinstance(found, AccountFacts) else None


def _changed(account: AccountFacts, facts: Facts, total: int) -> Changed | None:
    """What the last reading or bill changed, where that is a sum told before, and it ends in what is told now."""
    if facts.record.history is None:
        return None
    try:
        found = changing.last_change(
            facts.record.history,
            account.meters,
            facts.tariffs,
            persons=account.account.persons,
            today=account.today,
            rules=facts.company.rules,
        )
    except (charging.NoTariff, NoRate):
        return None
    return None if found is None or found.after != total else Changed(found.before, _shifts(found.parts))


def _shifts(parts: Sequence[Part]) -> tuple[Shift, ...]:
    """The parts, those of one month and kind in one; volumes where the month has one of them alone."""
    together: dict[tuple[Month | None, bool], list[Part]] = {}
    for part in parts:
        together.setdefault((part.month, part.cause is Cause.BILL), []).append(part)
    found = []
    for (month, bill), some in together.items():
        volumes = some[0].volumes if len(some) == 1 else None
        before, after = volumes or (None, None)
        found.append(Shift(month, sum(part.amount for part in some), before, after, bill))
    return tuple(one for one in found if one.amount)


def stand(account: AccountFacts, facts: Facts) -> Standing:
    """Where the account stands today."""
    return standing(
        account.state,
        account.meters,
        facts.tariffs,
        persons=account.account.persons,
        today=account.today,
        due=facts.company.due,
        late=facts.company.late,
        rules=facts.company.rules,
    )


def money(stands: Standing) -> Money:
    """The sums that a message names."""
    due_on = None if stands.overdue else stands.due_on
    penalty = min(stands.overdue, _penalty(stands))
    return Money(stands.to_pay, stands.overdue, stands.credit, due_on, penalty, stands.part if stands.to_pay else None)


def slices(stands: Standing) -> tuple[Slice, ...]:
    """What the sum consists of: open bills, what late payment costs, what an instalment plan puts off, corrections of
    billed months, use since the last bill, and, taken off, what is paid ahead."""
    corrections = tuple(Slice(one.month, one.amount - one.billed) for one in stands.recalculated)
    bills = [_slice(part) for part in stands.claims if not part.penalty and not part.planned]
    penalty = [Slice(_penal_month(stands), amount, penalty=True)] if (amount := _penalty(stands)) else []
    put_off = stands.interest + sum(part.amount for part in stands.claims if part.planned)
    planned = [Slice(_penal_month(stands), put_off, planned=True, next=stands.part)] if put_off else []
    parts = (*bills, *penalty, *planned, *corrections, *map(_slice, stands.provisional))
    if not parts or stands.advance <= 0:
        return parts
    return (*parts, Slice(parts[-1].month, -stands.advance, paid=True))


def _penalty(stands: Standing) -> int:
    """What late payment costs in all, posted and not: kopecks."""
    return stands.penalty + sum([part.amount for part in stands.claims if part.penalty])


def _penal_month(stands: Standing) -> Month:
    """The newest month of those that are open; it names nothing, for a penalty is told without its month."""
    return max((part.month for part in (*stands.claims, *stands.provisional)), default=Month(1, 1))


def _slice(part: billing.Part) -> Slice:
    return Slice(part.month, part.amount, part.overdue, part.pieces)
