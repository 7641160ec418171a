"""A reading comes: onto which account and meter, whether it is believed, and what is owed after it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.accounts import rights
from core.accounts.rights import Deed
from core.basics.money import MILLI
from core.billing.engine import charging
from core.billing.engine.standing import accept
from core.billing.model import Standing
from core.commands import SubmitReading
from core.grammar.world import Asked
from core.messages import Accepted, DateUnclear, LowerThanLast, NoTariff, Taken
from core.metering import placing, plainly, rules, verdicts
from core.metering.model import Given, Source
from core.metering.placing import Placed
from core.metering.verdicts import Accept, Ask, Flag, Refuse, Usage
from core.records import CountsLater, ForecastReplaced
from core.selfservice import leaving, repeating, telling
from core.selfservice.choosing import about, allowed, ask_account, keep_given, open_question, pick, question, settled
from core.selfservice.model import AccountFacts, Decision, Facts, NewReading


def submit(command: SubmitReading, facts: Facts) -> Decision:
    """Takes a reading, or says what is missing or wrong."""
    found = pick(facts, SubmitReading, command.account)
    if found is None:
        mine = allowed(facts, SubmitReading)
        bearing = _bearing(command, mine)
        if not bearing and _is_stray_choice(command, mine):
            return repeating.unasked(facts)
        if len(bearing) != 1:
            return replace(ask_account(facts, _likely_first(command, mine), "reading", command), answered=True)
        found = bearing[0]
    if not isinstance(found, AccountFacts):
        return Decision(found)
    return submit_to(command, found, facts)


def submit_to(command: SubmitReading, account: AccountFacts, facts: Facts) -> Decision:
    """Takes a reading of this account, or says what is missing or wrong."""
    day = verdicts.reading_day(command.on, today=account.today)
    if day is None:
        assert command.on is not None
        return Decision(about(DateUnclear(command.on), account, facts), account.account.id)
    verdict = plainly.taken(
        command,
        account.meters,
        account.state.registers,
        today=account.today,
        day=day,
        window=facts.company.window,
        billed_through=account.state.billed_through,
        next_period=facts.company.next_period,
    )
    if verdict is not None:
        return _taken(verdict, account, facts)
    placed = placing.place(command, account.meters, account.state.registers, day=day)
    if isinstance(placed, Placed):
        return judge(placed.given, account, facts, day=day, doubtful=command.doubt is not None)
    return _not_taken(placed, account, facts, day)


def judge(
    given: Sequence[Given],
    account: AccountFacts,
    facts: Facts,
    *,
    day: date,
    confirmed: bool = False,
    doubtful: bool = False,
) -> Decision:
    """Checks placed numbers and takes them if they are believed."""
    verdict = rules.check(
        given,
        account.state.registers,
        account.meters,
        today=account.today,
        day=day,
        confirmed=confirmed,
        doubtful=doubtful,
        window=facts.company.window,
        tries=_tries(facts, account),
        billed_through=account.state.billed_through,
        next_period=facts.company.next_period,
    )
    if not isinstance(verdict, Accept):
        return _not_taken(verdict, account, facts, day)
    if _corrects_another(verdict, account, facts):
        return leaving.aside(verdict, account, facts)
    return _taken(verdict, account, facts)


def _corrects_another(verdict: Accept, account: AccountFacts, facts: Facts) -> bool:
    """Whether the reading would take the place of another phone's, and the sender may correct only his own."""
    if rights.allowed(Deed.CORRECT_ANOTHERS, account.link, facts.proof):
        return False
    sent = {
        (one.meter_id, one.register): one.phone_hash
        for one in facts.readings.get(account.account.id, ())
        if one.day == verdict.day and not one.withdrawn
    }
    corrected = [one.given.key for one in verdict.usages if Flag.CORRECTION in one.flags]
    return any(sent.get(key) != facts.sender.hash for key in corrected)


def _bearing(command: SubmitReading, accounts: Sequence[AccountFacts]) -> tuple[AccountFacts, ...]:
    """The accounts with the meters that the text names."""
    serials = {value.meter for value in command.values if value.meter} | ({command.meter} if command.meter else set())
    if not serials:
        return ()
    return tuple(one for one in accounts if serials <= {meter.serial for meter in one.meters})


def _is_stray_choice(command: SubmitReading, accounts: Sequence[AccountFacts]) -> bool:
    """Whether a number looks like an answer to a list that is not open: short, and less than every meter showed."""
    if len(command.values) != 1 or len(command.values[0].digits) > _LONGEST_CHOICE:
        return False
    states = [state for one in accounts for state in one.state.registers.values() if state.last is not None]
    number = command.values[0].digits
    return (
        number.isdecimal() and bool(states) and all(int(number) * MILLI < one.last.value for one in states if one.last)
    )


_LONGEST_CHOICE = 2


def _likely_first(command: SubmitReading, accounts: Sequence[AccountFacts]) -> tuple[AccountFacts, ...]:
    """The accounts in the order of their links, but first the only one that the numbers would suit (J5)."""
    likely = [one for one in accounts if command.values and _suits(command, one)]
    if len(likely) != 1:
        return tuple(accounts)
    return (likely[0], *(one for one in accounts if one is not likely[0]))


def _suits(command: SubmitReading, account: AccountFacts) -> bool:
    day = verdicts.reading_day(command.on, today=account.today)
    if day is None:
        return False
    placed = placing.place(command, account.meters, account.state.registers, day=day)
    if not isinstance(placed, Placed):
        return False
    states = account.state.registers
    return isinstance(rules.check(placed.given, states, account.meters, today=account.today, day=day), Accept)


def _tries(facts: Facts, account: AccountFacts) -> int:
    terms = open_question(facts, Asked.READING)
    return terms["tries"] if terms and terms["account"] == account.account.number else 0


def _not_taken(verdict: Ask | Refuse, account: AccountFacts, facts: Facts, day: date) -> Decision:
    """Says why, and keeps open what a yes, a choice or another number would answer."""
    number, on = account.account.number, day.isoformat()
    if isinstance(verdict, Ask) and verdict.yes:
        pending = " ".join(one.digits for one in verdict.yes)
        asked = question(facts, Asked.CONFIRM, account=number, given=keep_given(verdict.yes), on=on, pending=pending)
    elif isinstance(verdict, Ask) and verdict.choices:
        choices = [keep_given(choice) for choice in verdict.choices]
        asked = question(facts, Asked.MENU, account=number, choices=choices, on=on)
    else:
        refused = isinstance(verdict.reply, LowerThanLast)
        tries = _tries(facts, account) + refused
        asked = question(facts, Asked.READING, account=number, tries=tries)
    handed_over = isinstance(verdict.reply, LowerThanLast) and verdict.reply.handed_over
    alarm = ("readings refused", number) if handed_over else None
    return Decision(about(verdict.reply, account, facts), account.account.id, ask=asked, alarm=alarm)


def _taken(verdict: Accept, account: AccountFacts, facts: Facts) -> Decision:
    """Stores an accepted reading and says what is owed after it; a repeat stores nothing."""
    reading, state = None, account.state
    if not verdict.repeated:
        reading = _reading(verdict, account)
        # What an unverified meter shows is in the state too; the engine charges nothing by it (check 17).
        given = [one.given for one in _new(verdict)]
        state = accept(state, given, day=verdict.day, no=reading.no, since=verdict.counts_in)
    after = AccountFacts(account.account, account.link, account.meters, state, account.today)
    several = len(account.working) > 1
    taken = tuple([_told(usage, several=several) for usage in verdict.usages])
    try:
        stands = telling.stand(after, facts)
    except charging.NoTariff:
        alarm = ("no tariff", account.account.number)
        told = about(NoTariff(taken), account, facts)
        return Decision(told, account.account.id, reading, state=state, answered=settled(facts), alarm=alarm)
    reply = _reply(verdict, taken, stands, account, facts)
    unusual = reading is not None and "unusual" in reading.flags
    alarm_about = ("unusual reading", account.account.number) if unusual else None
    new_state = state if reading else None
    return Decision(reply, account.account.id, reading, state=new_state, answered=settled(facts), alarm=alarm_about)


def _reading(verdict: Accept, account: AccountFacts) -> NewReading:
    rows = tuple([(one.given.meter.id, one.given.register, one.given.value) for one in _new(verdict)])
    flags = tuple(dict.fromkeys([str(flag) for usage in verdict.usages for flag in usage.flags]))
    return NewReading(account.state.fact_no + 1, rows, verdict.day, Source.CUSTOMER, flags, verdict.counts_in)


def _new(verdict: Accept) -> tuple[Usage, ...]:
    """The numbers that do not stand for that day already."""
    return tuple([usage for usage in verdict.usages if Flag.REPEAT not in usage.flags])


def _told(usage: Usage, *, several: bool) -> Taken:
    meter = usage.given.meter
    zone = meter.zones[usage.given.register - 1]
    return Taken(zone, usage.given.digits, usage.used, meter.serial if several else None, meter.service)


def _reply(
    verdict: Accept, taken: tuple[Taken, ...], stands: Standing, account: AccountFacts, facts: Facts
) -> Accepted:
    may_read = rights.allowed(Deed.SHOW_SUMS, account.link, facts.proof)
    later = _later(verdict, facts)
    return Accepted(
        taken=taken,
        money=telling.money(stands) if may_read else None,
        account=account.called if len(facts.accounts) > 1 else None,
        day=verdict.day if verdict.day != account.today else None,
        instead=verdict.instead,
        repeated=verdict.repeated,
        late_for=None if later else verdict.late_for,
        early_for=verdict.early_for,
        window=facts.company.window,
        unverified_since=verdict.unverified_since,
        replaced=_replaced(stands) if may_read and not verdict.repeated else None,
        later=later,
        doubt=verdict.doubt,
    )


def _later(verdict: Accept, facts: Facts) -> CountsLater | None:
    """In which later month the reading counts, where it came too late for its own."""
    month, window = verdict.late_for, facts.company.window
    if verdict.counts_in is None or month is None or window is None:
        return None
    deadline = month.first.replace(day=min(window[1], month.days))
    return CountsLater(verdict.day, deadline, verdict.counts_in)


def _replaced(stands: Standing) -> ForecastReplaced | None:
    if not stands.recalculated:
        return None
    return ForecastReplaced(
        forecast=sum([one.billed_volume for one in stands.recalculated]),
        actual=sum([one.volume for one in stands.recalculated]),
        change=sum([one.amount - one.billed for one in stands.recalculated]),
    )
