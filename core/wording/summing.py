"""What there is to pay and why, from the fullest wording to the shortest."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import reduce

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.messages import BalanceTold, Explained, Money, Slice
from core.records import Changed, Shift
from core.wording.phrases import Phrases, sentences


@dataclass(frozen=True, slots=True)
class _Part:
    """A slice, or several overdue ones in one: kopecks of the months from `first` to `last`."""

    first: Month
    last: Month
    amount: int
    overdue: bool
    pieces: tuple[tuple[int, int], ...] = ()
    paid: bool = False
    penalty: bool = False
    planned: bool = False
    next: tuple[date, int] | None = None


def balance(phrases: Phrases, reply: BalanceTold) -> Iterator[str]:
    """The wordings of a balance: K оплате 1054,40: долг окт 433,56 + ноя 620,84 (187 x 3,32)."""
    money, put, formats = reply.money, phrases.catalog.put, phrases.formats
    if money.to_pay and reply.slices and not money.credit:
        to_pay = formats.money(money.to_pay)
        parts = _parts(reply.slices)
        due = None if money.due_on is None or money.overdue or money.part else formats.day(money.due_on)
        for pieces in (True, False):
            listed = _sum(phrases, parts, pieces=pieces)
            if due is not None:
                yield phrases.about(reply.account, put("balance.parts_due", to_pay=to_pay, parts=listed, due=due))
            yield phrases.about(reply.account, put("balance.parts", to_pay=to_pay, parts=listed))
    if money.part is not None and money.overdue:
        yield phrases.about(reply.account, sentences(_in_parts(phrases, money, money.part)))
    if money.penalty:
        yield phrases.about(reply.account, sentences(phrases.money(money, penalty=True)))
    yield phrases.about(reply.account, sentences(phrases.money(money)))
    yield phrases.about(reply.account, sentences(phrases.money(money, all_well=False)))
    yield phrases.about(reply.account, sentences(phrases.money(money, all_well=False, due=False, overdue="short")))


def _in_parts(phrases: Phrases, money: Money, part: tuple[date, int]) -> str:
    """What is overdue although a plan runs, and its next part."""
    formats = phrases.formats
    return phrases.catalog.put(
        "money.plan_overdue",
        to_pay=formats.money(money.to_pay),
        overdue=formats.money(money.overdue),
        part=formats.money(part[1]),
        due=formats.day(part[0]),
    )


def explained(phrases: Phrases, reply: Explained) -> Iterator[str]:
    """The wordings of the sums in one line (billing.md section 7): every part, then the overdue months in one, then
    without volumes and rates, then the largest parts and the rest."""
    slices = reply.slices
    if reply.changed is not None:
        yield from _changed(phrases, reply, reply.changed)
    elif slices:
        single = list(map(_single, slices))
        parts = _parts(slices)
        yield _line(phrases, reply, single, pieces=True)
        yield _line(phrases, reply, parts, pieces=True)
        yield _line(phrases, reply, parts, pieces=False)
        for kept in range(len(parts) - 1, 0, -1):
            yield _line(phrases, reply, parts, pieces=False, kept=kept)
    if reply.changed is None:
        yield phrases.about(reply.account, _total(phrases, reply.total))


def _changed(phrases: Phrases, reply: Explained, changed: Changed) -> Iterator[str]:
    """The wordings of a change: what it was, by what it changed, what it is now; then without volumes, then the largest
    parts and the rest, then the two sums."""
    put = phrases.catalog.put
    before, total = _stood(phrases, changed.before), _stood(phrases, reply.total)
    shifts = changed.shifts
    for volumes, kept in ((True, len(shifts)), *((False, kept) for kept in range(len(shifts), 0, -1))):
        largest = sorted(shifts, key=lambda one: -abs(one.amount))[:kept]
        parts = [_shift(phrases, one, shifts, volumes=volumes) for one in shifts if one in largest]
        rest = sum(one.amount for one in shifts if one not in largest)
        if rest:
            parts.append(put("change.more", amount=_signed(phrases, rest)))
        line = put("change.full", before=before, parts="; ".join(parts), total=total)
        yield phrases.about(reply.account, sentences(line))
    yield phrases.about(reply.account, sentences(put("change.bare", before=before, total=total)))


def _shift(phrases: Phrases, one: Shift, shifts: Sequence[Shift], *, volumes: bool) -> str:
    put, formats = phrases.catalog.put, phrases.formats
    amount = _signed(phrases, one.amount)
    if one.month is None:
        return put("change.more", amount=amount)
    newest = max(other.month.year for other in shifts if other.month)
    month = formats.month(one.month) if one.month.year == newest else formats.short_year(one.month)
    if one.bill:
        return put("change.bill", month=month, amount=amount)
    if volumes and one.before is not None and one.after is not None:
        before, after = formats.volume(one.before), formats.volume(one.after)
        return put("change.read", month=month, before=before, after=after, amount=amount)
    return put("change.part", month=month, amount=amount)


def _signed(phrases: Phrases, amount: int) -> str:
    return ("+" if amount > 0 else "") + phrases.formats.money(amount)


def _stood(phrases: Phrases, total: int) -> str:
    """A sum to pay, or a credit."""
    money = phrases.formats.money(abs(total))
    return phrases.catalog.put("change.credit", amount=money) if total < 0 else money


def _parts(slices: Sequence[Slice]) -> list[_Part]:
    """The slices with everything overdue as one part, then the penalty, the others in their order."""
    late = [one for one in slices if one.overdue]
    rest = sorted((_single(one) for one in slices if not one.overdue), key=lambda part: not part.penalty)
    if not late:
        return rest
    months = [one.month for one in late]
    pieces = late[0].pieces if len(late) == 1 else ()
    return [_Part(min(months), max(months), sum(one.amount for one in late), True, pieces), *rest]


def _single(one: Slice) -> _Part:
    return _Part(
        one.month, one.month, one.amount, one.overdue, one.pieces, one.paid, one.penalty, one.planned, one.next
    )


def _sum(phrases: Phrases, parts: Sequence[_Part], *, pieces: bool) -> str:
    """The parts as a sum, a negative one taken off."""
    put = phrases.catalog.put
    texts = [
        (part.amount < 0, _part(phrases, part, parts, first=not number, pieces=pieces))
        for number, part in enumerate(parts)
    ]

    def add(before: str, after: tuple[bool, str]) -> str:
        negative, text = after
        return put("part.minus" if negative else "part.plus", first=before, then=text)

    return reduce(add, texts[1:], texts[0][1])


def _part(phrases: Phrases, part: _Part, parts: Sequence[_Part], *, first: bool, pieces: bool) -> str:
    put = phrases.catalog.put
    month = _month(phrases, part, parts)
    amount = phrases.formats.money(part.amount if first else abs(part.amount))
    if part.paid or part.penalty:
        return put("part.paid" if part.paid else "part.penalty", amount=amount)
    if part.planned:
        return _planned(phrases, part, amount, whole=pieces)
    if part.overdue:
        return put("part.overdue", month=month, amount=amount)
    if pieces and part.pieces and part.amount > 0:
        sums = " + ".join(_pieces(phrases, part, "part.piece"))
        return put("part.computed", month=month, amount=amount, sums=sums)
    return put("part.plain", month=month, amount=amount)


def _line(phrases: Phrases, reply: Explained, parts: Sequence[_Part], *, pieces: bool, kept: int | None = None) -> str:
    put, formats = phrases.catalog.put, phrases.formats
    shown = list(parts)
    if kept is not None:
        largest = sorted(parts, key=lambda part: -abs(part.amount))[:kept]
        shown = [part for part in parts if part in largest][:kept]
    items = [_item(phrases, part, parts, pieces=pieces) for part in shown]
    rest = sum(part.amount for part in parts) - sum(part.amount for part in shown)
    if kept is not None:
        items.append(put("why.rest", amount=formats.money(rest)))
    message = "why.credit" if reply.total < 0 else "why.total"
    line = put(message, parts="; ".join(items), total=formats.money(abs(reply.total)))
    return phrases.about(reply.account, sentences(line))


def _item(phrases: Phrases, part: _Part, parts: Sequence[_Part], *, pieces: bool) -> str:
    put = phrases.catalog.put
    month, amount = _month(phrases, part, parts), phrases.formats.money(part.amount)
    if part.paid or part.penalty:
        return put("part.paid" if part.paid else "part.penalty", amount=amount)
    if part.planned:
        return _planned(phrases, part, amount, whole=pieces)
    if pieces and part.pieces:
        sums = "+".join(_pieces(phrases, part, "why.piece"))
        return put("why.computed_overdue" if part.overdue else "why.computed", month=month, amount=amount, sums=sums)
    if part.overdue:
        return put("part.overdue", month=month, amount=amount)
    return put("part.plain", month=month, amount=amount)


def _planned(phrases: Phrases, part: _Part, amount: str, *, whole: bool) -> str:
    """What a plan puts off, and where there is room its next part."""
    if part.next is None or not whole:
        return phrases.catalog.put("part.planned", amount=amount)
    day, left = phrases.formats.day(part.next[0]), phrases.formats.money(part.next[1])
    return phrases.catalog.put("part.planned_next", amount=amount, next=left, due=day)


def _pieces(phrases: Phrases, part: _Part, message: str) -> list[str]:
    put, formats = phrases.catalog.put, phrases.formats
    return [put(message, volume=formats.volume(volume), rate=formats.rate(rate)) for volume, rate in part.pieces]


def _month(phrases: Phrases, part: _Part, parts: Sequence[_Part]) -> str:
    """The month or months of a part; the year is added to those of another year than the newest."""
    newest = max(one.last.year for one in parts)
    name: Callable[[Month], str] = phrases.formats.month
    if part.first.year != newest:
        name = phrases.formats.short_year
    if part.first == part.last:
        return name(part.first)
    return phrases.catalog.put("date.months", first=name(part.first), last=name(part.last))


def _total(phrases: Phrases, total: int) -> str:
    put, formats = phrases.catalog.put, phrases.formats
    if total < 0:
        return put("money.credit", credit=formats.money(-total))
    return put("money.sum", to_pay=formats.money(total)) if total else put("money.nothing")
