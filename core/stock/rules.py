"""What may befall a meter where it is, and where it is then: pure (rows C1, C3)."""

import re
from collections.abc import Mapping
from datetime import date

from core.stock.model import Device, Event, Fault, Kind, Place, Refused, Standing, Store, Wish

MOST = 1000
"""Meters of one document at most."""

LONGEST = 20
"""Characters of a serial at most."""

_RANGE = re.compile(r"(?P<head>\S*?)(?P<first>[0-9]+)\s*(?:-|–|—|\.\.)\s*(?P=head)(?P<last>[0-9]+)", re.ASCII)
_SERIAL = re.compile(r"[\w/.\-]+")


def serials(text: str) -> tuple[str, ...]:
    """The serials of a list such as «30001-30010, 30015»: a range counts up the digits at the end and keeps their
    number, zeros too. Each once, in the order of the text.

    :raises Refused: there is none, one that no meter bears, a range that goes down, or too many.
    """
    found: dict[str, None] = {}
    for part in re.split(r"[,;\n]+", text):
        for one in _of(part.strip().upper()):
            found[one] = None
            if len(found) > MOST:
                raise Refused(Fault.TOO_MANY)
    if not found:
        raise Refused(Fault.NO_SERIAL)
    return tuple(found)


def _of(part: str) -> list[str]:
    if not part:
        return []
    ranged = _RANGE.fullmatch(part)
    if ranged is None or len(ranged["first"]) != len(ranged["last"]):
        if not _SERIAL.fullmatch(part) or len(part) > LONGEST:
            raise Refused(Fault.NO_SERIAL, part[:40])
        return [part]
    first, last = int(ranged["first"]), int(ranged["last"])
    if last < first or len(part) > 2 * LONGEST + 3:
        raise Refused(Fault.RANGE, part[:40])
    if last - first >= MOST:
        raise Refused(Fault.TOO_MANY)
    return [f"{ranged['head']}{number:0{len(ranged['first'])}}" for number in range(first, last + 1)]


def checked(wish: Wish, stores: Mapping[int, Store], today: date) -> None:
    """Looks whether the document says all that such an event needs.

    :raises Refused: it does not.
    """
    if not wish.document:
        raise Refused(Fault.NO_DOCUMENT)
    if wish.event in (Event.RECEIVED, Event.SENT) and wish.store not in stores:
        raise Refused(Fault.NO_STORE)
    if wish.event in (Event.REJECTED, Event.WRITTEN_OFF, Event.FAILED) and not wish.reason:
        raise Refused(Fault.NO_REASON)
    if wish.event is Event.VERIFIED and (wish.until is None or wish.until <= today):
        raise Refused(Fault.NO_DAY)


def after(device: Device, wish: Wish, stores: Mapping[int, Store]) -> Standing:
    """Where the meter is after it.

    :raises Refused: this cannot befall it where it is.
    """
    now = device.standing
    if now.place is Place.GONE:
        raise Refused(Fault.GONE, device.serial)
    match wish.event:
        case Event.RECEIVED:
            _need(now.place is Place.LOOSE, Fault.KNOWN, device)
            return Standing(Place.STORED, wish.store)
        case Event.SENT:
            _need(now.place is Place.STORED, Fault.NOT_STORED, device)
            _need(now.store_id != wish.store, Fault.SAME_STORE, device)
            return Standing(Place.TRAVELLING, now.store_id, wish.store)
        case Event.ACCEPTED | Event.REJECTED:
            _need(now.place is Place.TRAVELLING, Fault.NOT_TRAVELLING, device)
            return Standing(Place.STORED, now.goal_id if wish.event is Event.ACCEPTED else now.store_id)
        case Event.VERIFIED | Event.FAILED:
            here = stores.get(now.store_id or 0)
            there = now.place is Place.STORED and here is not None and here.kind is Kind.LABORATORY
            _need(there, Fault.NOT_IN_LABORATORY, device)
            return now
        case Event.WRITTEN_OFF:
            _need(now.place in (Place.STORED, Place.LOOSE), Fault.NOT_STORED, device)
            return Standing(Place.GONE)
        case Event.INSTALLED | Event.REMOVED:
            raise Refused(Fault.BY_ACT, device.serial)


def _need(holds: bool, fault: Fault, device: Device) -> None:
    if not holds:
        raise Refused(fault, device.serial)
