"""What is said of a reading that was taken, from the fullest wording to the shortest."""

from collections.abc import Iterator, Sequence
from enum import IntEnum

from core.basics.periods import Month
from core.messages import Accepted, NoTariff, Withdrawn
from core.records import CountsLater, Doubt, ForecastReplaced
from core.wording.phrases import Phrases, sentences
from core.wording.segments import fits


class Room(IntEnum):
    """What is left out where there is no room, one after another: at each step everything before it is gone too
    (billing.md section 8; what the customer can ask for goes before what he cannot). At REMARK_ALONE nothing else is
    said."""

    ALL = 0
    NO_HINT = 1
    NO_ALL_WELL = 2
    NO_USE = 3
    NO_DATE = 4
    ONE_REMARK = 5
    REMARK_ALONE = 6
    SHORT_REMARK = 7
    SHORT_OVERDUE = 8
    NO_FORMER = 9
    NO_WORD = 10
    BARE_RECALCULATION = 11
    NO_OVERDUE_BESIDE_REMARK = 12
    LEAST_REMARK = 13
    NO_OVERDUE = 14
    NO_NUMBERS = 15
    NO_REMARK = 16


def accepted(phrases: Phrases, reply: Accepted) -> Iterator[str]:
    """The wordings of an accepted reading: what was taken, what there is to pay, what is to be remarked."""
    return (text for _, text in steps(phrases, reply))


def steps(phrases: Phrases, reply: Accepted) -> Iterator[tuple[Room, str]]:
    """The wordings, each with what is left out in it."""
    for room in _steps(reply):
        text = at(phrases, reply, room)
        # Nothing but a hint is no reason for a second segment.
        if room is not Room.ALL or not _is_hinted(reply) or fits(text, 1):
            yield room, text


def at(phrases: Phrases, reply: Accepted, room: Room) -> str:
    """The wording with so much left out, of those that this reply has."""
    if room is Room.REMARK_ALONE:
        return phrases.about(reply.account, _remarks(phrases, reply)[0][0])
    parts = [_taken(phrases, reply, room), _money(phrases, reply, _of_money(reply, room))]
    if reply.replaced is not None and room < Room.NO_REMARK:
        parts.insert(1, _recalculated(phrases, reply.replaced, room))
        if Room.BARE_RECALCULATION <= room < Room.NO_NUMBERS and reply.day is None:
            del parts[0]
    if room < Room.NO_REMARK and _is_remarked(reply):
        parts += _kept(_remarks(phrases, reply), room)
    if room is Room.ALL and _is_hinted(reply):
        parts.append(phrases.catalog.put("accepted.hint"))
    return phrases.about(reply.account, sentences(*parts))


_LEAVES_MONEY = frozenset({Room.NO_HINT, Room.SHORT_REMARK, Room.NO_FORMER, Room.NO_WORD})
"""Steps that leave out something else, and the sums as they were."""


def _of_money(reply: Accepted, room: Room) -> Room:
    """The step of the sums in the wording of a step."""
    if room not in _LEAVES_MONEY:
        return room
    return max(one for one in _steps(reply) if one < room and one not in _LEAVES_MONEY)


def _steps(reply: Accepted) -> Iterator[Room]:
    """The steps at which this reply has something to leave out."""
    money, several, remarks = reply.money, len(reply.taken) > 1, sum(_told(reply))
    overdue = money is not None and money.overdue > 0
    yield Room.ALL
    if _is_hinted(reply):
        yield Room.NO_HINT
    if money is not None and not overdue:
        yield Room.NO_ALL_WELL
    if not reply.repeated and not reply.instead:
        yield Room.NO_USE
    if money is not None and money.due_on is not None and not overdue:
        yield Room.NO_DATE
    if remarks > 1:
        yield Room.ONE_REMARK
    if remarks:
        if _tells_enough(reply):
            yield Room.REMARK_ALONE
        yield Room.SHORT_REMARK
    if overdue:
        yield Room.SHORT_OVERDUE
    if reply.instead:
        yield Room.NO_FORMER
    if several:
        yield Room.NO_WORD
    if reply.replaced is not None:
        yield Room.BARE_RECALCULATION
    if overdue and (remarks or reply.replaced is not None):
        yield Room.NO_OVERDUE_BESIDE_REMARK
    if remarks:
        yield Room.LEAST_REMARK
    if overdue or reply.replaced is not None:
        yield Room.NO_OVERDUE
    yield Room.NO_NUMBERS
    if remarks or reply.replaced is not None:
        yield Room.NO_REMARK


def _tells_enough(reply: Accepted) -> bool:
    """Whether it is enough to say in which month a reading counts, which owes nothing by it yet."""
    plain = len(reply.taken) == 1 and not reply.instead and not reply.repeated
    return plain and reply.later is not None and reply.unverified_since is None and reply.replaced is None


def _is_hinted(reply: Accepted) -> bool:
    return reply.money is not None and reply.money.to_pay > 0


def _taken(phrases: Phrases, reply: Accepted, room: Room) -> str:
    put = phrases.catalog.put
    day = None if reply.day is None else phrases.formats.day(reply.day)
    if room >= Room.NO_NUMBERS and len(reply.taken) > 1:
        return _counted(phrases, len(reply.taken), day)
    message = _verb(reply, room)
    used = room < Room.NO_USE and not reply.repeated and not reply.instead
    values = {"readings": phrases.readings(reply.taken, used=used)}
    if message == "corrected":
        values["instead"] = phrases.formats.counts(reply.instead, "/")
    if day is None:
        return put(_TODAY[message], **values)
    return put(_THAT_DAY[message], day=day, **values)


_TODAY = {
    "repeated": "repeated.today",
    "recorded": "recorded.today",
    "corrected": "corrected.today",
    "corrected_short": "corrected.short",
    "accepted": "accepted.today",
    "several": "accepted.several",
    "bare": "accepted.bare",
}
_THAT_DAY = {
    "repeated": "repeated.day",
    "recorded": "recorded.day",
    "corrected": "corrected.day",
    "corrected_short": "corrected.short_day",
    "accepted": "accepted.day",
    "several": "accepted.several_day",
    "bare": "accepted.bare_day",
}


def _verb(reply: Accepted, room: Room) -> str:
    """How it is said that the reading is taken."""
    if reply.repeated:
        return "repeated"
    if reply.instead:
        return "corrected_short" if room >= Room.NO_FORMER else "corrected"
    if reply.unverified_since is not None:
        return "recorded"
    if len(reply.taken) == 1:
        return "accepted"
    return "bare" if room >= Room.NO_WORD else "several"


def _counted(phrases: Phrases, number: int, day: str | None) -> str:
    put = phrases.catalog.put_counted
    if day is None:
        return put("accepted.counted", number, number=str(number))
    return put("accepted.counted_day", number, number=str(number), day=day)


def _money(phrases: Phrases, reply: Accepted, room: Room) -> str:
    if reply.money is None:
        return ""
    remarked = reply.replaced is not None or _is_remarked(reply)
    overdue = "long" if room < Room.SHORT_OVERDUE else "short"
    if room >= (Room.NO_OVERDUE_BESIDE_REMARK if remarked else Room.NO_OVERDUE):
        overdue = ""
    if room >= Room.NO_NUMBERS and not overdue and reply.money.to_pay:
        return phrases.catalog.put("money.bare", to_pay=phrases.formats.money(reply.money.to_pay))
    return phrases.money(
        reply.money,
        all_well=room < Room.NO_ALL_WELL,
        due=room < Room.NO_DATE,
        overdue=overdue,
        penalty=room < Room.NO_USE,
    )


def _is_remarked(reply: Accepted) -> bool:
    return any(_told(reply))


def _told(reply: Accepted) -> tuple[bool, ...]:
    """Which remarks there are."""
    told = (reply.unverified_since, reply.late_for, reply.later, reply.early_for)
    return tuple([one is not None for one in told])


def _remarks(phrases: Phrases, reply: Accepted) -> list[tuple[str, str, str]]:
    """What is to be remarked, the weightiest first, each long, short and least (checks 17, 16, 15)."""
    put, formats = phrases.catalog.put, phrases.formats
    remarks = []
    if reply.unverified_since is not None:
        day = formats.full_day(reply.unverified_since)
        long, short, least = _DOUBTS[reply.doubt]
        remarks.append((put(long, day=day), put(short, day=day), put(least)))
    if reply.late_for is not None:
        month = formats.month(reply.late_for)
        long = put("late.long", month=formats.full_month(reply.late_for))
        remarks.append((long, put("late.short", month=month), put("late.least", month=month)))
    if reply.later is not None:
        remarks.append(_later(phrases, reply.later))
    if reply.early_for is not None:
        remarks.append(_early(phrases, reply))
    return remarks


_DOUBTS = {
    Doubt.EXPIRED: ("unverified.long", "unverified.short", "unverified.least"),
    Doubt.FAILED: ("failed.long", "failed.short", "failed.least"),
    Doubt.SEAL: ("seal.long", "seal.short", "seal.least"),
    Doubt.ACCESS: ("access.long", "access.short", "access.least"),
}
"""The texts of each doubt."""


def _later(phrases: Phrases, later: CountsLater) -> tuple[str, str, str]:
    put, formats = phrases.catalog.put, phrases.formats
    month, deadline = formats.within(later.counts_in), formats.day(later.deadline)
    late = formats.full_month(Month.of(later.deadline))
    return (
        put("later.long", day=formats.day(later.day), month=month, late=late, deadline=deadline),
        put("later.short", month=month, deadline=deadline),
        put("later.least", month=month),
    )


def _early(phrases: Phrases, reply: Accepted) -> tuple[str, str, str]:
    put, formats = phrases.catalog.put, phrases.formats
    assert reply.early_for is not None
    month, full = formats.month(reply.early_for), formats.full_month(reply.early_for)
    if reply.window is None:
        return put("early.again", month=full), put("early.again", month=month), put("early.again_least")
    window = formats.span(reply.window, reply.early_for)
    return (
        put("early.long", month=full, window=window),
        put("early.short", month=month, window=window),
        put("early.least", window=window),
    )


def _kept(remarks: Sequence[tuple[str, str, str]], room: Room) -> list[str]:
    """The remarks that there is room for."""
    if room < Room.ONE_REMARK:
        return [long for long, _, _ in remarks]
    size = 0 if room < Room.SHORT_REMARK else 1 if room < Room.LEAST_REMARK else 2
    return [remark[size] for remark in remarks[:1]]


def _recalculated(phrases: Phrases, replaced: ForecastReplaced, room: Room) -> str:
    put, formats = phrases.catalog.put, phrases.formats
    if room >= Room.NO_OVERDUE:
        sign = "+" if replaced.change > 0 else ""
        return put("replaced.short", change=sign + formats.money(replaced.change))
    return put(
        "replaced.less" if replaced.change < 0 else "replaced.more",
        forecast=formats.volume(replaced.forecast),
        actual=formats.volume(replaced.actual),
        change=formats.money(abs(replaced.change)),
    )


def no_tariff(phrases: Phrases, reply: NoTariff) -> Iterator[str]:
    """The wordings of a reading that is taken, or of a question about sums, that cannot be priced yet."""
    put = phrases.catalog.put
    if not reply.taken:
        yield put("accepted.no_tariff")
        return
    message = "accepted.today" if len(reply.taken) == 1 else "accepted.several"
    for used in (True, False):
        readings = put(message, readings=phrases.readings(reply.taken, used=used))
        yield sentences(readings, put("accepted.no_tariff"))
    yield sentences(readings, put("accepted.no_tariff_short"))
    yield sentences(_counted(phrases, len(reply.taken), None), put("accepted.no_tariff"))


def withdrawn(phrases: Phrases, reply: Withdrawn) -> Iterator[str]:
    """The wordings of a reading that is taken back."""
    put = phrases.catalog.put
    digits = phrases.formats.counts(reply.digits, "/")
    if reply.standing and reply.since is not None:
        standing = phrases.formats.counts(reply.standing, "/")
        values = {"digits": digits, "standing": standing, "day": phrases.formats.day(reply.since)}
        yield put("withdrawn.full", **values)
        yield put("withdrawn.short", **values)
        yield put("withdrawn.least", digits=digits)
    else:
        yield put("withdrawn.alone", digits=digits)
    yield put("withdrawn.alone_short", digits=digits)
