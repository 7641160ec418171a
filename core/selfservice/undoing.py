"""Takes back the sender's last reading of the day (ruling 8)."""

from core.billing.engine.standing import withdraw
from core.commands import Undo
from core.messages import NothingToWithdraw, Withdrawn
from core.metering.expecting import shown
from core.metering.model import Anchor, DayReading, Meter
from core.selfservice.choosing import about, allowed
from core.selfservice.model import AccountFacts, Decision, Facts, Withdrawal


def undo(facts: Facts) -> Decision:
    """Withdraws the last reading that this phone sent today, once; what held before it holds again."""
    found = [(readings[-1], one) for one in allowed(facts, Undo) if (readings := _own(facts, one))]
    if not found:
        return Decision(NothingToWithdraw())
    last, account = max(found, key=lambda pair: (pair[0].at, pair[0].no))
    if last.withdrawn:
        return Decision(NothingToWithdraw(), account.account.id)
    return _withdrawn(last, account, facts)


def _own(facts: Facts, account: AccountFacts) -> list[DayReading]:
    everything = facts.readings.get(account.account.id, ())
    return [one for one in everything if one.phone_hash == facts.sender.hash and one.at >= account.day_began]


def _withdrawn(last: DayReading, account: AccountFacts, facts: Facts) -> Decision:
    everything = facts.readings[account.account.id]
    rows = [one for one in everything if one.no == last.no]
    keys = [(one.meter_id, one.register) for one in rows]
    earlier = {
        (one.meter_id, one.register): Anchor(one.day, one.value, one.source)
        for one in sorted(everything, key=lambda one: (one.source, one.no))
        if not one.withdrawn and one.no != last.no and one.day == last.day and (one.meter_id, one.register) in keys
    }
    no = account.state.fact_no + 1
    state = withdraw(account.state, keys, day=last.day, no=no, earlier=earlier)
    meters = {meter.id: meter for meter in account.meters}
    standing = [(meters[key[0]], state.registers[key].last) for key in keys]
    reply = Withdrawn(
        digits=tuple(shown(meters[one.meter_id], one.value) for one in rows),
        standing=_shown(standing),
        since=max((anchor.day for _, anchor in standing if anchor), default=None),
    )
    told = about(reply, account, facts)
    return Decision(told, account.account.id, withdrawal=Withdrawal(no, last.no), state=state, answered=True)


def _shown(standing: list[tuple[Meter, Anchor | None]]) -> tuple[str, ...]:
    return tuple(shown(meter, anchor.value) for meter, anchor in standing if anchor)
