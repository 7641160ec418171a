"""What stands on record of an account: last readings, payments, the bill, how to pay, and what the month comes to."""

from collections.abc import Mapping
from datetime import date, timedelta

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine import charging, deriving, putting_off, timely
from core.billing.engine.forecasting import ENOUGH, TooLittle, forecast
from core.commands import Choose, Command, Subject, Wanted
from core.grammar.world import Asked
from core.messages import NoMeter, NoTariff, Reply
from core.metering.expecting import shown
from core.metering.model import Meter, ReadingFact, RegisterKey
from core.records import (
    BillTold,
    ForecastTold,
    ForecastTooEarly,
    HistoryTold,
    MeterForecast,
    MeterHistory,
    NoBill,
    PaymentsTold,
    PayTold,
)
from core.selfservice import telling
from core.selfservice.choosing import about, allowed, ask_account, open_question, pick
from core.selfservice.model import AccountFacts, Decision, Facts

SHOWN = 4
"""Readings of a meter and payments that are told."""

KEPT = timedelta(days=3 * 365 + 31)
"""So far back readings are looked at: a slow reader's last four, and thirteen months with what stands before them."""


@dataclass(frozen=True, slots=True)
class Need:
    """What of an account's record an answer needs: all up to and including the day `through`."""

    subject: Subject
    account_id: int
    through: date

    @property
    def since(self) -> date:
        return self.through - KEPT


def needs(command: Command, facts: Facts) -> Need | None:
    """What has to be known of the record before the message can be answered."""
    meant = wish(command, facts)
    if meant is None or meant.subject not in _RECORDED:
        return None
    found = pick(facts, meant.subject, meant.account)
    if not isinstance(found, AccountFacts):
        return None
    return Need(meant.subject, found.account.id, _through(meant, found.today))


def wish(command: Command, facts: Facts) -> Wanted | None:
    """The wish that a message comes to: its own, or the one that waited for the account that is chosen now."""
    match command:
        case Wanted():
            return command
        case Choose(number=number):
            terms = open_question(facts, Asked.ACCOUNT)
            if terms is None or terms["wish"] not in set(Subject) or not 1 <= number <= len(terms["choices"]):
                return None
            return Wanted(Subject(terms["wish"]), terms["choices"][number - 1], terms.get("argument"))
        case _:
            return None


def look(command: Wanted, facts: Facts) -> Decision:
    """What the record says, of the account that is meant; of several it is asked."""
    found = pick(facts, command.subject, command.account)
    if found is None:
        mine = allowed(facts, command.subject)
        return ask_account(facts, mine, command.subject, None, argument=command.argument)
    if not isinstance(found, AccountFacts):
        return Decision(found)
    try:
        return Decision(_told(command, found, facts), found.account.id)
    except charging.NoTariff:
        return Decision(about(NoTariff(()), found, facts), found.account.id, alarm=("no tariff", found.account.number))


def _told(command: Wanted, account: AccountFacts, facts: Facts) -> Reply:
    match command.subject:
        case Subject.HISTORY:
            return _history(account, facts, _through(command, account.today))
        case Subject.PAYMENTS:
            return _payments(account, facts)
        case Subject.BILL:
            return _bill(account, facts, _month(command))
        case Subject.PAY:
            return _pay(account, facts)
        case _:
            return _forecast(account, facts)


def _history(account: AccountFacts, facts: Facts, through: date) -> HistoryTold:
    """The last readings in force of every meter that was read, those of removed ones where no other was."""
    read = _in_force(account, facts)
    found = [(meter, rows) for meter in account.meters if (rows := _rows(meter, read, through))]
    working = [one for one in found if one[0] in account.working] or found
    several = len(working) > 1
    meters = tuple(MeterHistory(meter.zones, rows, meter.serial if several else None) for meter, rows in working)
    return HistoryTold(meters, account.today, _called(account, facts))


def _in_force(account: AccountFacts, facts: Facts) -> Mapping[RegisterKey, tuple[ReadingFact, ...]]:
    return timely.in_force(deriving.Facts(account.account.id, readings=facts.record.readings), account.meters)


def _rows(
    meter: Meter, read: Mapping[RegisterKey, tuple[ReadingFact, ...]], through: date
) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """The latest days on which all registers of the meter were read."""
    registers = [{one.day: one.value for one in read.get((meter.id, no), ())} for no in range(1, len(meter.zones) + 1)]
    days = sorted(set.intersection(*map(set, registers)), reverse=True)
    kept = [day for day in days if day <= through][:SHOWN]
    return tuple((day, tuple(shown(meter, register[day]) for register in registers)) for day in kept)


def _payments(account: AccountFacts, facts: Facts) -> PaymentsTold:
    paid = sorted(facts.record.payments, key=lambda one: (one.paid_on, one.no), reverse=True)[:SHOWN]
    return PaymentsTold(tuple((one.paid_on, one.amount) for one in paid), account.today, _called(account, facts))


def _bill(account: AccountFacts, facts: Facts, wanted: Month | None) -> BillTold | NoBill:
    """The bill of the month that is named, else the last one."""
    claims = [one for one in facts.record.claims if wanted is None or one.month == wanted]
    bills = [one for one in claims if one.is_bill]
    if not bills:
        return NoBill(wanted, _called(account, facts))
    numbers = {one.no for one in claims if one.is_principal}
    amount = sum(one.amount for one in bills)
    return BillTold(
        month=bills[0].month,
        amount=amount,
        corrected=sum(one.amount for one in claims if one.is_principal) - amount,
        left=sum(one.remaining for one in account.state.claims if one.no in numbers),
        due_on=max(one.due_on for one in bills),
        today=account.today,
        account=_called(account, facts),
        planned=putting_off.planned(account.state, numbers, account.today),
    )


def _pay(account: AccountFacts, facts: Facts) -> PayTold:
    money = telling.money(telling.stand(account, facts))
    due_on = None if money.part else money.due_on  # by that day only a part of it is wanted
    return PayTold(money.to_pay, money.overdue, money.credit, due_on, facts.company.pay, account.account.tail)


def _forecast(account: AccountFacts, facts: Facts) -> Reply:
    foretold = forecast(
        account.meters,
        _in_force(account, facts),
        facts.tariffs,
        persons=account.account.persons,
        today=account.today,
        conditions=account.state.conditions,
        averaging=facts.company.rules.averaging,
    )
    called = _called(account, facts)
    if foretold is None:
        return about(NoMeter(), account, facts)
    if isinstance(foretold, TooLittle):
        return ForecastTooEarly(foretold.months, ENOUGH, called)
    several = len(foretold.expected) > 1
    meters = tuple(
        MeterForecast(one.meter.service, one.volume, one.least, one.most, one.meter.serial if several else None)
        for one in foretold.expected
    )
    return ForecastTold(foretold.month, meters, foretold.amount, foretold.least, foretold.most, foretold.months, called)


def _called(account: AccountFacts, facts: Facts) -> str | None:
    return account.called if len(facts.accounts) > 1 else None


def _month(command: Wanted) -> Month | None:
    """The month that was named, or that of the day."""
    return Month.parse(command.argument[:7]) if command.argument else None


def _through(command: Wanted, today: date) -> date:
    """The last day that is meant: of a month its last one, of a day itself; today where none is named."""
    if not command.argument or command.subject is Subject.FORECAST:
        return today
    if len(command.argument) > len("2025-11"):
        return date.fromisoformat(command.argument)
    return Month.parse(command.argument).last


_RECORDED = frozenset((Subject.HISTORY, Subject.PAYMENTS, Subject.BILL, Subject.FORECAST))
"""Subjects that need more than the state of the account."""
