"""What stands on record, in words, from the fullest wording to the shortest."""

from collections.abc import Iterator, Sequence
from datetime import date

from core.basics.periods import Month
from core.messages import Money
from core.records import (
    AccountNamed,
    AccountsTold,
    BillTold,
    ForecastTold,
    ForecastTooEarly,
    HistoryTold,
    MeterForecast,
    MeterHistory,
    NameFault,
    NameHow,
    NameRefused,
    NoBill,
    OwnAccount,
    PaymentCame,
    PaymentsTold,
    PayTold,
    SumChanged,
)
from core.wording.phrases import Phrases, quoted, sentences

_NAME = 16
"""Units of a customer's own name for an account."""


def accounts(phrases: Phrases, reply: AccountsTold) -> Iterator[str]:
    """The numbered accounts: with names, tails and roles and how to name one, then ever less of each."""
    put, own = phrases.catalog.put, reply.accounts
    full = [_account(phrases, one, role=True) for one in own]
    yield sentences(put("accounts.full", accounts=_numbered(phrases, full, ", ")), put("accounts.hint"))
    yield put("accounts.full", accounts=_numbered(phrases, full, ", "))
    yield put("accounts.full", accounts=_numbered(phrases, [_account(phrases, one, role=False) for one in own], ", "))
    short = [(one.name and quoted(one.name, 8)) or _tail(phrases, one.tail) for one in own]
    yield put("accounts.full", accounts=_numbered(phrases, short, " "))
    for kept in range(len(short) - 1, 0, -1):
        yield put("accounts.full", accounts=put("which.more", choices=_numbered(phrases, short[:kept], " ")))


def _account(phrases: Phrases, one: OwnAccount, *, role: bool) -> str:
    put, text = phrases.catalog.put, _tail(phrases, one.tail)
    if one.name is not None:
        text = put("accounts.named", name=quoted(one.name, _NAME), tail=text)
    return put("accounts.role", account=text, role=phrases.named("role", one.role)) if role else text


def _numbered(phrases: Phrases, choices: Sequence[str], between: str) -> str:
    put = phrases.catalog.put
    return between.join(
        put("which.choice", number=str(number), choice=choice) for number, choice in enumerate(choices, 1)
    )


def _tail(phrases: Phrases, tail: str) -> str:
    return phrases.catalog.put("account.tail", tail=tail[-4:])


def named(phrases: Phrases, reply: AccountNamed) -> Iterator[str]:
    name = quoted(reply.name, 2 * 12)
    yield phrases.catalog.put("name.given", account=_tail(phrases, reply.tail), name=name)


def not_named(phrases: Phrases, reply: NameRefused) -> Iterator[str]:
    yield phrases.catalog.put(_REFUSED[reply.fault], number=str(reply.number))


def name_how(phrases: Phrases, reply: NameHow) -> Iterator[str]:
    """How to name an account: of several what they are called now, as many as there is room for."""
    put, number = phrases.catalog.put, str(reply.number)
    if len(reply.accounts) == 1:
        yield put("name.how_one", account=phrases.account(reply.accounts[0]))
        return
    for room in (16, 8):
        choices = _numbered(phrases, [phrases.account(one, room) for one in reply.accounts], " ")
        yield put("name.how", choices=choices, number=number)
    for kept in range(len(reply.accounts) - 1, 0, -1):
        some = _numbered(phrases, [phrases.account(one, 8) for one in reply.accounts[:kept]], " ")
        yield put("name.how", choices=put("which.more", choices=some), number=number)


_REFUSED = {
    NameFault.TOO_LONG: "name.too_long",
    NameFault.UNFIT: "name.unfit",
    NameFault.TAKEN: "name.taken",
}


def history(phrases: Phrases, reply: HistoryTold) -> Iterator[str]:
    """The readings of each meter, fewer of them where there is no room; in the end only how many meters there are."""
    put = phrases.catalog.put
    if not reply.meters:
        yield phrases.about(reply.account, put("history.none"))
        return
    for kept in range(max(len(one.rows) for one in reply.meters), 0, -1):
        meters = [_meter(phrases, one, kept, reply.today) for one in reply.meters]
        for shown in range(len(meters), 0, -1) if kept == 1 else (len(meters),):
            listed = "; ".join(meters[:shown])
            if shown < len(meters):
                listed = put("which.more", choices=listed)
            if len(meters) == 1 and len(reply.meters[0].zones) > 1:
                names = "/".join(phrases.named("zone", zone) for zone in reply.meters[0].zones)
                yield phrases.about(reply.account, put("history.zones", zones=names, readings=listed))
            else:
                yield phrases.about(reply.account, put("history.full", readings=listed))
    yield phrases.about(reply.account, put("history.full", readings=_meter(phrases, reply.meters[0], 1, reply.today)))


def _meter(phrases: Phrases, meter: MeterHistory, kept: int, today: date) -> str:
    put = phrases.catalog.put
    rows = ", ".join(
        put("history.row", digits=phrases.formats.counts(digits, "/"), day=_day(phrases, day, today))
        for day, digits in meter.rows[:kept]
    )
    if meter.serial is None:
        return rows
    return put("reading.named", name=phrases.serial(meter.serial), reading=rows)


def payments(phrases: Phrases, reply: PaymentsTold) -> Iterator[str]:
    """The payments, fewer of them where there is no room."""
    put, formats = phrases.catalog.put, phrases.formats
    if not reply.payments:
        yield phrases.about(reply.account, put("payments.none"))
    rows = [
        put("payments.row", day=_day(phrases, day, reply.today), amount=formats.money(amount))
        for day, amount in reply.payments
    ]
    for kept in range(len(rows), 0, -1):
        yield phrases.about(reply.account, put("payments.full", payments=", ".join(rows[:kept])))


def payment_came(phrases: Phrases, reply: PaymentCame) -> Iterator[str]:
    """What came, what it settles and what is left to pay; then the largest parts and the rest, then no parts."""
    put, formats = phrases.catalog.put, phrases.formats
    parts = [(put("part.plain", month=_month(phrases, month, reply.today), amount=formats.money(amount)), amount)
             for month, amount in reply.months]  # fmt: skip
    parts += [(put("part.penalty", amount=formats.money(reply.penalty)), reply.penalty)] if reply.penalty else []
    parts += [(put("part.paid", amount=formats.money(reply.ahead)), reply.ahead)] if reply.ahead else []
    largest = sorted(parts, key=lambda part: -part[1])
    left = _left(phrases, reply.to_pay)
    amount = formats.money(reply.amount)
    for kept in range(len(parts), 0, -1):
        shown = [text for text, of in parts if (text, of) in largest[:kept]]
        rest = sum(of for _, of in largest[kept:])
        if rest:
            shown.append(put("why.rest", amount=formats.money(rest)))
        head = put("payment.full", amount=amount, parts=", ".join(shown))
        yield phrases.about(reply.account, sentences(head, left[0]))
    for each in left:
        yield phrases.about(reply.account, sentences(put("payment.bare", amount=amount), each))


def sum_changed(phrases: Phrases, reply: SumChanged) -> Iterator[str]:
    """What was brought, what there is to pay now and by how much that has changed; less where there is no room."""
    put, formats = phrases.catalog.put, phrases.formats
    head = put("changed.fact")
    if reply.digits and reply.day is not None:
        day = _day(phrases, reply.day, reply.today)
        head = put("changed.count", digits=formats.counts(reply.digits, "/"), day=day)
    change = put("changed.by", change=("+" if reply.difference > 0 else "") + formats.money(reply.difference))
    left = _left(phrases, reply.to_pay)
    for said in ((head, left[0], change), (head, left[-1]), (left[-1], change), (left[-1],)):
        yield phrases.about(reply.account, sentences(*said))


def _left(phrases: Phrases, to_pay: int | None) -> tuple[str, ...]:
    """What is left to pay, from the fullest wording to the shortest."""
    if to_pay is None:
        return ("",)
    if to_pay > 0:
        return (phrases.catalog.put("money.sum", to_pay=phrases.formats.money(to_pay)),)
    money = Money(0, credit=-to_pay)
    return phrases.money(money), phrases.money(money, all_well=False)


def bill(phrases: Phrases, reply: BillTold) -> Iterator[str]:
    """The bill, what corrected it, and what of it is to be paid by when; without the correction where there is no
    room, then without the bill's own sum."""
    put, formats = phrases.catalog.put, phrases.formats
    amount, due = formats.money(reply.amount), _day(phrases, reply.due_on, reply.today)
    month = _month(phrases, reply.month, reply.today)
    left = formats.money(reply.left)
    late = reply.due_on < reply.today
    paid = put("bill.overdue" if late else "bill.left", left=left, due=due) if reply.left else put("bill.paid")
    if reply.left and reply.planned == reply.left:
        late, paid = False, put("bill.planned", left=left)
    head = put("bill.sum", month=month, amount=amount)
    if reply.corrected:
        changed = put("bill.corrected", change=formats.money(reply.corrected))
        yield phrases.about(reply.account, sentences(head, changed, paid))
        if reply.left and late:
            short = put("bill.overdue_short", left=left, due=due)
            yield phrases.about(reply.account, sentences(head, changed, short))
    yield phrases.about(reply.account, sentences(head, paid))
    yield phrases.about(reply.account, sentences(put("bill.month", month=month), paid))


def no_bill(phrases: Phrases, reply: NoBill) -> Iterator[str]:
    put = phrases.catalog.put
    if reply.month is None:
        yield phrases.about(reply.account, put("bill.none"))
    else:
        yield phrases.about(reply.account, put("bill.none_of", month=phrases.formats.short_year(reply.month)))


def pay(phrases: Phrases, reply: PayTold) -> Iterator[str]:
    """What there is to pay, where, and for which account; without the overdue part, then the date, where there is no
    room."""
    put = phrases.catalog.put
    money = Money(reply.to_pay, reply.overdue, reply.credit, reply.due_on)
    if not reply.to_pay:
        yield sentences(phrases.money(money))
        yield sentences(phrases.money(money, all_well=False))
        return
    purpose = put("pay.account", account=_tail(phrases, reply.tail))
    ways = quoted(reply.ways, 32) or put("pay.on_bill")
    for overdue in ("long", "short", ""):
        yield sentences(phrases.money(money, all_well=False, overdue=overdue), ways, purpose)
    yield sentences(phrases.money(money, all_well=False, due=False, overdue=""), ways, purpose)


def forecast(phrases: Phrases, reply: ForecastTold) -> Iterator[str]:
    """The month's use and sum with their bounds, and on how many months they rest; the sum alone in the end."""
    put, formats = phrases.catalog.put, phrases.formats
    month = formats.month(reply.month)
    amount = put(
        "forecast.amount",
        amount=formats.whole(reply.amount),
        least=formats.whole(reply.least),
        most=formats.whole(reply.most),
    )
    used = ", ".join(_expected(phrases, one) for one in reply.meters)
    basis = put("forecast.basis", months=str(reply.months))
    full = put("forecast.full", month=month, used=used, amount=amount)
    yield phrases.about(reply.account, sentences(full, basis))
    yield phrases.about(reply.account, full)
    yield phrases.about(reply.account, sentences(put("forecast.sum", month=month, amount=amount), basis))
    yield phrases.about(reply.account, put("forecast.sum", month=month, amount=amount))


def _expected(phrases: Phrases, one: MeterForecast) -> str:
    put, volume = phrases.catalog.put, phrases.formats.volume
    text = put("forecast.used", volume=volume(one.volume), least=volume(one.least), most=volume(one.most))
    unit = f"unit.{one.service}"
    if unit in phrases.catalog.templates:
        text = put("forecast.unit", unit=put(unit), volume=volume(one.volume), least=volume(one.least),
                   most=volume(one.most))  # fmt: skip
    return text if one.serial is None else put("reading.named", name=phrases.serial(one.serial), reading=text)


def too_early(phrases: Phrases, reply: ForecastTooEarly) -> Iterator[str]:
    put, months, needed = phrases.catalog.put, str(reply.months), str(reply.needed)
    yield phrases.about(reply.account, put("forecast.few", months=months, needed=needed))
    yield phrases.about(reply.account, put("forecast.few_short", months=months, needed=needed))


def _day(phrases: Phrases, day: date, today: date) -> str:
    """The day, with its year where it is so long ago that one might take it for a day of this year."""
    return phrases.formats.day(day) if (today - day).days < 300 else phrases.formats.full_day(day)


def _month(phrases: Phrases, month: Month, today: date) -> str:
    return phrases.formats.month(month) if month.year == today.year else phrases.formats.short_year(month)
