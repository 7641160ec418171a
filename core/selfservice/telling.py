"""What an account owes and why."""

from core.accounts import rights
from core.billing.engine import charging
from core.billing.engine.standing import standing
from core.billing.model import Part, Standing
from core.commands import Balance, Why
from core.messages import BalanceTold, Explained, Money, NoTariff, Slice
from core.selfservice.choosing import about, allowed, ask_account, pick
from core.selfservice.model import AccountFacts, Decision, Facts


def tell(command: Balance | Why, facts: Facts) -> Decision:
    """What there is to pay, or the sums of which it is made."""
    what = rights.operation(command)
    found = pick(facts, what, command.account)
    if found is None:
        wish = "why" if isinstance(command, Why) else "balance"
        return ask_account(facts, allowed(facts, what), wish, None)
    if not isinstance(found, AccountFacts):
        return Decision(found)
    try:
        stands = stand(found, facts)
    except charging.NoTariff:
        return Decision(about(NoTariff(()), found, facts), found.account.id, alarm=("no tariff", found.account.number))
    name = found.called if len(facts.accounts) > 1 else None
    if isinstance(command, Why):
        return Decision(Explained(slices(stands), stands.to_pay - stands.credit, name), found.account.id)
    return Decision(BalanceTold(money(stands), slices(stands), name), found.account.id)


def stand(account: AccountFacts, facts: Facts) -> Standing:
    """Where the account stands today."""
    return standing(
        account.state,
        account.meters,
        facts.tariffs,
        persons=account.account.persons,
        today=account.today,
        due=facts.company.due,
    )


def money(stands: Standing) -> Money:
    """The sums that a message names."""
    return Money(stands.to_pay, stands.overdue, stands.credit, None if stands.overdue else stands.due_on)


def slices(stands: Standing) -> tuple[Slice, ...]:
    """What the sum consists of: open bills, corrections of billed months, use since the last bill, and, taken off,
    what is paid ahead."""
    corrections = tuple(Slice(one.month, one.amount - one.billed) for one in stands.recalculated)
    parts = (*map(_slice, stands.claims), *corrections, *map(_slice, stands.provisional))
    if not parts or stands.advance <= 0:
        return parts
    return (*parts, Slice(parts[-1].month, -stands.advance, paid=True))


def _slice(part: Part) -> Slice:
    return Slice(part.month, part.amount, part.overdue, part.pieces)
