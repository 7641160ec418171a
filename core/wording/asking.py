"""What is asked and refused, from the fullest wording to the shortest."""

from collections.abc import Iterator, Sequence

from core.commands import Unclear
from core.messages import (
    BeforeControl,
    HigherThanLater,
    Impossible,
    LowerThanLast,
    MeterGone,
    NotUnderstoodTold,
    OtherMeter,
    ReadingWanted,
    RolledOver,
    TooManyDigits,
    Unusual,
    WhichAccount,
    WhichMeter,
    ZonesSwapped,
    ZonesWanted,
)
from core.records import Total
from core.wording.phrases import Phrases, is_tail, quoted, sentences

FRAGMENT = 12
"""Units of the customer's words that are quoted back to him."""


def wanted(phrases: Phrases, reply: ReadingWanted) -> Iterator[str]:
    put = phrases.catalog.put
    example = phrases.formats.counts(reply.example)
    if len(reply.zones) > 1:
        yield put("wanted.several", zones=phrases.zones(reply.zones), example=example)
        yield put("wanted.several_short", example=example)
        yield put("wanted.least", zones=phrases.zones(reply.zones))
    else:
        yield put("wanted.one", example=example)


def zones_wanted(phrases: Phrases, reply: ZonesWanted) -> Iterator[str]:
    put = phrases.catalog.put
    zones, example = phrases.zones(reply.zones), phrases.formats.counts(reply.example)
    if len(reply.zones) in (2, 3):
        yield put("zones.two" if len(reply.zones) == 2 else "zones.three", zones=zones, example=example)
    yield put("wanted.several", zones=zones, example=example)
    yield put("wanted.several_short", example=example)
    yield put("wanted.least", zones=zones)


def lower(phrases: Phrases, reply: LowerThanLast) -> Iterator[str]:
    put, day = phrases.catalog.put, phrases.formats.day(reply.on)
    if reply.handed_over:
        yield put(
            "lower.handed", digits=phrases.formats.count(reply.digits), last=phrases.formats.count(reply.last), day=day
        )
        yield put(
            "lower.handed_short", digits=phrases.formats.count(reply.digits), last=phrases.formats.count(reply.last)
        )
    else:
        yield put(
            "lower.full", digits=phrases.formats.count(reply.digits), last=phrases.formats.count(reply.last), day=day
        )
        yield put(
            "lower.short", digits=phrases.formats.count(reply.digits), last=phrases.formats.count(reply.last), day=day
        )


def higher(phrases: Phrases, reply: HigherThanLater) -> Iterator[str]:
    put, day = phrases.catalog.put, phrases.formats.day(reply.on)
    yield put(
        "higher.full", digits=phrases.formats.count(reply.digits), later=phrases.formats.count(reply.later), day=day
    )
    yield put(
        "higher.short", digits=phrases.formats.count(reply.digits), later=phrases.formats.count(reply.later), day=day
    )


def control(phrases: Phrases, reply: BeforeControl) -> Iterator[str]:
    put, day = phrases.catalog.put, phrases.formats.day(reply.day)
    yield put("control.full", day=day, control=phrases.formats.count(reply.control))
    yield put("control.short", day=day, control=phrases.formats.count(reply.control))


def unusual(phrases: Phrases, reply: Unusual) -> Iterator[str]:
    put, volume = phrases.catalog.put, phrases.formats.volume
    used = volume(reply.used)
    yield put("unusual.full", digits=phrases.formats.count(reply.digits), used=used, usual=volume(reply.usual))
    yield put("unusual.short", digits=phrases.formats.count(reply.digits), used=used)
    yield put("unusual.least", digits=phrases.formats.count(reply.digits))


def impossible(phrases: Phrases, reply: Impossible) -> Iterator[str]:
    put, used = phrases.catalog.put, phrases.formats.volume(reply.used)
    if reply.suggestion is None:
        yield put("impossible.alone", digits=phrases.formats.count(reply.digits), used=used)
        yield put("impossible.alone_short", digits=phrases.formats.count(reply.digits))
    else:
        yield put(
            "impossible.full",
            digits=phrases.formats.count(reply.digits),
            used=used,
            suggestion=phrases.formats.count(reply.suggestion),
        )
        yield put(
            "impossible.short",
            digits=phrases.formats.count(reply.digits),
            suggestion=phrases.formats.count(reply.suggestion),
        )


def rolled_over(phrases: Phrases, reply: RolledOver) -> Iterator[str]:
    put, used = phrases.catalog.put, phrases.formats.volume(reply.used)
    yield put(
        "rolled.full", last=phrases.formats.count(reply.last), digits=phrases.formats.count(reply.digits), used=used
    )
    yield put("rolled.short", last=phrases.formats.count(reply.last), digits=phrases.formats.count(reply.digits))


def other_meter(phrases: Phrases, reply: OtherMeter) -> Iterator[str]:
    service, serial = phrases.named("meter_of", reply.service), phrases.serial(reply.serial)
    for message in ("other_meter.full", "other_meter.short"):
        yield phrases.catalog.put(message, digits=phrases.formats.count(reply.digits), service=service, serial=serial)


def swapped(phrases: Phrases, reply: ZonesSwapped) -> Iterator[str]:
    put = phrases.catalog.put
    placed = [
        put("reading.named", name=phrases.named("zone", zone), reading=phrases.formats.count(digits))
        for zone, digits in reply.placed
    ]
    listed = sentences(", ".join(placed))
    zones = sentences(phrases.zones(zone for zone, _ in reply.placed))
    yield put("swapped.full", zones=zones, placed=listed)
    yield put("swapped.short", placed=listed)
    yield put("swapped.least", placed=listed)


def gone(phrases: Phrases, reply: MeterGone) -> Iterator[str]:
    put, serial, day = phrases.catalog.put, phrases.serial(reply.serial), phrases.formats.full_day(reply.removed)
    if reply.current is None:
        yield put("gone.alone", serial=serial, day=day)
    else:
        yield put("gone.full", serial=serial, day=day, current=phrases.serial(reply.current))
        yield put("gone.short", serial=serial, current=phrases.serial(reply.current))


def too_many_digits(phrases: Phrases, reply: TooManyDigits) -> Iterator[str]:
    put, wheels = phrases.catalog.put_counted, str(reply.wheels)
    digits = quoted(phrases.formats.count(reply.digits), FRAGMENT)
    yield put("too_many.full", reply.wheels, digits=digits, wheels=wheels, example=phrases.formats.count(reply.example))
    yield put("too_many.short", reply.wheels, wheels=wheels, example=phrases.formats.count(reply.example))


def which_account(phrases: Phrases, reply: WhichAccount) -> Iterator[str]:
    """The accounts with a number each; names are shortened, then as many are named as there is room for."""
    put, digits = phrases.catalog.put, phrases.formats.counts(reply.digits)
    if reply.total is not None:
        yield from _totalled(phrases, reply, reply.total)
        return
    for room in (16, 12, 8):
        choices = [phrases.account(choice, room) for choice in reply.choices]
        if digits:
            yield put("which.account", digits=digits, choices=_numbered(phrases, choices))
        yield put("which.account_alone", choices=_numbered(phrases, choices))
    short = [choice if is_tail(choice) else quoted(choice, 8) for choice in reply.choices]
    yield put("which.account_short", choices=_numbered(phrases, short))
    for kept in range(len(short) - 1, 0, -1):
        choices_kept = put("which.more", choices=_numbered(phrases, short[:kept]))
        yield put("which.account_short", choices=choices_kept)


def _totalled(phrases: Phrases, reply: WhichAccount, total: Total) -> Iterator[str]:
    """What all accounts come to, and which of them is meant; then fewer of them by name, then the sums alone. That
    accounts are left out is always said."""
    put, number = phrases.catalog.put, str(total.accounts)
    to_pay, overdue = phrases.formats.money(total.to_pay), phrases.formats.money(total.overdue)
    hidden = put("total.hidden", number=str(total.hidden)) if total.hidden else ""
    bare = put("total.sum", number=number, to_pay=to_pay) if total.to_pay else put("total.nothing", number=number)
    sums = put("total.overdue", number=number, to_pay=to_pay, overdue=overdue) if total.overdue else bare
    if total.overdue and total.overdue == total.to_pay:
        sums = bare = put("total.all_overdue", number=number, to_pay=to_pay)
    tails = [choice if is_tail(choice) else quoted(choice, 8) for choice in reply.choices]
    for told in (sums, bare):
        asked = put("which.account_alone", choices=_numbered(phrases, tails))
        yield sentences(told, hidden, asked)
        for kept in range(len(tails), 0, -1):
            numbered = _numbered(phrases, tails[:kept])
            listed = numbered if kept == len(tails) else put("which.more", choices=numbered)
            yield sentences(told, hidden, put("which.account_short", choices=listed))
        yield sentences(told, hidden)


def which_meter(phrases: Phrases, reply: WhichMeter) -> Iterator[str]:
    put = phrases.catalog.put
    choices = [
        put("which.meter_choice", service=phrases.named("service", service), serial=phrases.serial(serial))
        for service, serial in reply.choices
    ]
    yield put("which.meter", digits=phrases.formats.count(reply.digits), choices=_numbered(phrases, choices))
    yield put("which.meter_short", choices=_numbered(phrases, choices))
    serials = [phrases.serial(serial) for _, serial in reply.choices]
    yield put("which.meter_short", choices=_numbered(phrases, serials))
    for kept in range(len(serials) - 1, 0, -1):
        yield put("which.meter_short", choices=put("which.more", choices=_numbered(phrases, serials[:kept])))


def _numbered(phrases: Phrases, choices: Sequence[str]) -> str:
    put = phrases.catalog.put
    return " ".join(
        put("which.choice", number=str(number), choice=choice) for number, choice in enumerate(choices, start=1)
    )


_DIGITS_WANTED = frozenset({Unclear.NOT_DIGITS, Unclear.TOO_MANY_DIGITS, Unclear.TOO_MANY_DECIMALS})
_HELP_OFFERED = frozenset({Unclear.EMPTY, Unclear.WORDS, Unclear.GREETING})


def not_understood(phrases: Phrases, reply: NotUnderstoodTold) -> Iterator[str]:
    """What could not be used and why, then what to send; without the customer's words where there is no room."""
    put = phrases.catalog.put
    if reply.reason is Unclear.THANKS:
        yield put("unclear.thanks")
        return
    fragment = quoted(reply.fragment, FRAGMENT).strip()
    reasons = [put(f"unclear.{reply.reason}")]
    if fragment and reply.reason not in (Unclear.EMPTY, Unclear.GREETING):
        reasons.insert(0, put(f"unclear.{reply.reason}_quoted", fragment=fragment))
    for reason in reasons:
        for wish in _wishes(phrases, reply):
            yield sentences(reason, wish)


def _wishes(phrases: Phrases, reply: NotUnderstoodTold) -> Iterator[str]:
    put, example = phrases.catalog.put, reply.example and phrases.formats.count(reply.example)
    wish = "send.digits" if reply.reason in _DIGITS_WANTED else "send.reading"
    if example is None:
        if reply.reason in _HELP_OFFERED:
            yield put("send.or_help_plain")
        yield put(wish)
        yield put("send.short")
        return
    if reply.reason in _HELP_OFFERED:
        yield put("send.or_help", example=example)
    yield put(f"{wish}_example", example=example)
    yield put("send.short_example", example=example)
