"""How much is said of an accepted reading: found once for all replies in which everything takes as much room."""

from collections.abc import Hashable

from core.messages import Accepted, Money
from core.records import ForecastReplaced
from core.wording import accepting
from core.wording.accepting import Room
from core.wording.phrases import Phrases
from core.wording.segments import fits

MOST = 4096
"""Shapes that are remembered at a time."""

SEGMENTS = 1
"""What a reply that has a shape may take."""


class Fitting:
    """Words accepted readings in one language as `accepting.accepted` does, without trying every wording each time: of
    two replies of one shape the same wording is the first that fits."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._rooms: dict[Hashable, Room] = {}

    def said(self, reply: Accepted) -> str | None:
        """The reply in its number of segments; None where it has no shape."""
        shape = shape_of(reply)
        if shape is None:
            return None
        known = self._rooms.get(shape)
        if known is not None:
            return accepting.at(self._phrases, reply, known)
        steps = list(accepting.steps(self._phrases, reply))
        room, text = next((step for step in steps if fits(step[1], SEGMENTS)), steps[-1])
        if len(self._rooms) >= MOST:
            self._rooms.clear()
        self._rooms[shape] = room
        return text


def shape_of(reply: Accepted) -> Hashable | None:
    """What decides which wordings a reply has and how long each of them is: of numbers the sign and the length, of all
    else the value. None where the customer's own words are in it, or several registers."""
    if len(reply.taken) != 1 or reply.account is not None:
        return None
    (one,) = reply.taken
    counts = (one.digits, *reply.instead)
    if one.serial is not None or one.zone != "total" or not all(map(_is_count, counts)):
        return None
    return (
        tuple(map(len, counts)),
        None if one.used is None else _volume(one.used),
        one.service,
        None if reply.money is None else _money(reply.money),
        reply.day,
        reply.repeated,
        reply.late_for,
        reply.early_for,
        reply.window,
        reply.unverified_since,
        None if reply.replaced is None else _replaced(reply.replaced),
        reply.later,
        reply.doubt,
    )


def _is_count(digits: str) -> bool:
    return digits.isascii() and digits.replace(".", "0").isdigit()


def _money(money: Money) -> Hashable:
    return (
        _sum(money.to_pay),
        _sum(money.overdue),
        money.overdue >= money.to_pay,
        _sum(money.credit),
        money.due_on,
        _sum(money.penalty),
        money.part and (money.part[0], _sum(money.part[1])),
    )


def _sum(minor: int) -> tuple[int, bool]:
    """Of kopecks the length, and whether there are any."""
    return (len(str(minor)), minor > 0) if minor else _NOTHING


_NOTHING = 1, False


def _volume(milli: int) -> tuple[int, int, bool]:
    """Of thousandths the length, how many decimals are not written, and the sign."""
    text = str(milli)
    return len(text), min(3, len(text) - len(text.rstrip("0"))), milli < 0


def _replaced(replaced: ForecastReplaced) -> Hashable:
    return _volume(replaced.forecast), _volume(replaced.actual), _sum(replaced.change)
