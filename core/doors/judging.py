"""Whether a fact may be taken back, by whom, and what goes with it: pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from core.basics.periods import Period
from core.billing.conditions.model import Condition, Kind
from core.billing.engine.presence import INSTALLED, REMOVED
from core.doors.model import TABLE, Door, Role, Setting, allowed
from core.doors.records.model import Dated, Moved, Read
from core.metering.model import Meter, Source

DOORS: Mapping[Kind, Door] = MappingProxyType(
    {
        Kind.PERSONS: Door.OCCUPANCY,
        Kind.OWNERS: Door.OCCUPANCY,
        Kind.AREA: Door.OCCUPANCY,
        Kind.CATEGORY: Door.OCCUPANCY,
        Kind.ABSENCE: Door.ABSENCES,
        Kind.HOLDER: Door.HOLDERS,
        Kind.BENEFIT: Door.BENEFITS,
        Kind.PLAN: Door.PLANS,
        Kind.SUPPLY: Door.POINTS,
        Kind.METERING: Door.POINTS,
        Kind.DEMAND: Door.DEMANDS,
        Kind.MULTIPLIER: Door.MULTIPLIERS,
        Kind.FAILED: Door.METERS,
        Kind.VERIFIED: Door.METERS,
        Kind.SEAL: Door.METERS,
        Kind.ACCESS: Door.METERS,
        Kind.MOVEMENT: Door.METERS,
        Kind.INSTALMENTS: Door.INSTALMENTS,
        Kind.INSTALMENTS_END: Door.INSTALMENTS,
        Kind.DEVICE: Door.DEVICES,
        Kind.ROUTE: Door.ROUTES,
        Kind.SEQUENCE: Door.ROUTES,
        Kind.PROTECTED: Door.PROTECTIONS,
        Kind.HOUSE_VOLUME: Door.HOUSES,
        Kind.HOUSE_OTHER: Door.HOUSES,
        Kind.COMMON_NORM: Door.HOUSES,
        Kind.COMMON_AREA: Door.HOUSES,
        Kind.TOTAL_AREA: Door.HOUSES,
    }
)
"""Through which door a fact of the kind came, and so who may take it back; a kind that is reckoned has none."""

_AGREED = frozenset((Kind.INSTALMENTS, Kind.INSTALMENTS_END))
_TOGETHER = ((Kind.VERIFIED, Kind.VERIFIED), (Kind.ROUTE, Kind.SEQUENCE))
"""Facts that one row brings, the second right behind the first."""


@dataclass(frozen=True, slots=True)
class Said:
    """Which fact is meant, and by what document it is taken back."""

    movement: bool
    number: int
    document: str


@dataclass(frozen=True, slots=True)
class Holding:
    """What is on record of an account."""

    dated: tuple[Dated, ...]
    moved: tuple[Moved, ...]
    read: tuple[Read, ...]
    meters: Sequence[Meter]


@dataclass(frozen=True, slots=True)
class Building:
    """What is on record of a building."""

    dated: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be taken back together: dated facts, the readings by their numbers, a movement."""

    facts: tuple[Condition, ...] = ()
    readings: tuple[int, ...] = ()
    movement: Moved | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why it cannot be taken back, and what would be right."""

    reason: str
    expected: str


Told = Taken | Refusal | None
"""None: it is taken back already, by the same document."""

_UNKNOWN = Refusal(
    "no such fact is on record", "a number that the list of facts shows, such as 17, or M2 for a movement"
)


def days_of(moved: Moved) -> Period:
    """The days of which the movement says something."""
    return Period(moved.day, None)


def of_building(said: Said, known: Building, setting: Setting) -> Told:
    """What becomes of a fact of a building."""
    return _UNKNOWN if said.movement else _of_dated(said, known.dated, setting)


def of_account(said: Said, known: Holding, setting: Setting) -> Told:
    """What becomes of a fact of an account: a movement, a dated fact or a reading."""
    if said.movement:
        return _of_movement(said, known, setting)
    if any(one.fact.no == said.number for one in known.dated):
        return _of_dated(said, known.dated, setting)
    return _of_reading(said, known, setting)


def _barred(door: Door, setting: Setting) -> Refusal | None:
    if any(allowed(role, door) for role in setting.author.roles):
        return None
    who = " or ".join(sorted(role for role in TABLE[door] if role is not Role.AMR))
    return Refusal(f"facts of the kind {door} are not yours to take back", f"to be done by: {who}")


def _gone(one: Dated, said: Said) -> Refusal | None:
    """None where the very document took it back."""
    return None if one.document == said.document else _already(f"{one.at:%Y-%m-%d}", one.author)


def _already(day: str, author: str) -> Refusal:
    return Refusal(f"taken back on {day} by {author or 'the customer'}", "nothing more is needed")


def _of_dated(said: Said, dated: Sequence[Dated], setting: Setting) -> Told:
    meant = next((one for one in dated if one.fact.no == said.number), None)
    if meant is None:
        return _UNKNOWN
    fact = meant.fact
    if fact.kind is Kind.MOVEMENT and isinstance(fact.value, int) and fact.value < 0:
        return _depends("it was told with the removal of a meter")
    if fact.withdraws or fact.kind is Kind.MOVEMENT:
        return Refusal("it takes another fact back itself", "the fact brought anew, with its document")
    if fact.kind not in DOORS:
        return Refusal("it is reckoned, nobody brought it", "the fact from which it is reckoned")
    if (barred := _barred(DOORS[fact.kind], setting)) is not None:
        return barred
    back = next((one for one in dated if one.fact.withdraws == fact.no), None)
    if back is not None:
        return _gone(back, said)
    if fact.kind in _AGREED:
        return Refusal(
            "an agreement is not taken back", "a row of instalments: terminated, or the same agreement told anew"
        )
    in_force = tuple(_in_force(dated))
    if (later := _device_gone(fact, in_force)) is not None:
        return later
    return Taken(tuple(one.fact for one in (meant, *_with(meant, in_force))))


def _in_force(dated: Iterable[Dated]) -> Iterator[Dated]:
    known = tuple(dated)
    gone = {one.fact.withdraws for one in known}
    for one in known:
        if not one.fact.withdraws and one.fact.no not in gone and one.fact.kind is not Kind.MOVEMENT:
            yield one


def _with(meant: Dated, dated: Sequence[Dated]) -> Iterator[Dated]:
    """What the same row brought: where a verification ends, the place on a route."""
    for one in dated:
        first, second = (meant, one) if meant.fact.no < one.fact.no else (one, meant)
        same = (first.document, first.author, first.at, first.fact.subject) == (
            second.document, second.author, second.at, second.fact.subject,
        )  # fmt: skip
        if not same or second.fact.no != first.fact.no + 1 or (first.fact.kind, second.fact.kind) not in _TOGETHER:
            continue
        verified = first.fact.kind is Kind.VERIFIED
        if not verified or (second.fact.value == "expired" and first.fact.days.end == second.fact.days.start):
            yield one


def _device_gone(fact: Condition, dated: Sequence[Dated]) -> Refusal | None:
    """Why a device cannot be taken for one that was never put up."""
    if fact.kind is not Kind.DEVICE or fact.value is None:
        return None
    for one in dated:
        other = one.fact
        if other.kind is Kind.DEVICE and other.name == fact.name and other.value is None and other.no > fact.no:
            return _depends(f"the device was removed on {other.days.start}, which is fact {other.no}")
    return None


def _depends(reason: str) -> Refusal:
    return Refusal(reason, "that one taken back first")


def _of_reading(said: Said, known: Holding, setting: Setting) -> Told:
    meant = [one for one in known.read if one.no == said.number]
    if not meant:
        return _UNKNOWN
    if (barred := _barred(Door.CONTROL, setting)) is not None:
        return barred
    one = meant[0]
    if one.taken_at is not None:
        same = one.taken_by and one.taken_document == said.document
        return None if same else _already(f"{one.taken_at:%Y-%m-%d}", one.taken_by)
    moved = next((move for move in _standing(known) if _of_act(one, move)), None)
    if moved is not None:
        return _depends(f"it was told with the movement M{moved.place}")
    rest = [other for other in known.read if other.no != one.no and other.taken_at is None]
    for key in {(other.meter_id, other.register) for other in meant}:
        if not any((other.meter_id, other.register) == key for other in rest):
            return Refusal("nothing else is known of what the meter showed", "another reading of it brought first")
    return Taken(readings=(one.no,))


def _standing(known: Holding) -> Iterator[Moved]:
    """The movements that were not taken back."""
    gone = {one.fact.value for one in known.dated if one.fact.kind is Kind.MOVEMENT}
    return (one for one in known.moved if one.id not in gone)


def _of_act(read: Read, moved: Moved) -> bool:
    """Whether the reading came with the movement."""
    return (read.source, read.meter_id, read.day, read.author, read.at) == (
        Source.ACT, moved.meter_id, moved.day, moved.author, moved.at,
    )  # fmt: skip


def _of_movement(said: Said, known: Holding, setting: Setting) -> Told:
    moved = next((one for one in known.moved if one.place == said.number), None)
    if moved is None:
        return _UNKNOWN
    if (barred := _barred(Door.METERS, setting)) is not None:
        return barred
    back = next((one for one in known.dated if one.fact.kind is Kind.MOVEMENT and one.fact.value == moved.id), None)
    if back is not None:
        return _gone(back, said)
    meter = next(one for one in known.meters if one.id == moved.meter_id)
    own = [one for one in known.read if one.meter_id == moved.meter_id and one.taken_at is None]
    told = tuple(dict.fromkeys(one.no for one in own if _of_act(one, moved)))
    refused = _followed(moved, meter, known) if moved.event == REMOVED else _used(moved, own, told, known)
    return refused or Taken(readings=told, movement=moved)


def _followed(moved: Moved, meter: Meter, known: Holding) -> Refusal | None:
    """Why the meter cannot be taken for one that still stands: another stands in its place."""
    for other in known.meters:
        beside = other.point_id == meter.point_id and other.id != meter.id and not other.void
        if beside and other.installed.start >= moved.day:
            place = next((f", movement M{one.place}" for one in _standing(known) if _put(one, other)), "")
            return _depends(f"the meter '{other.serial}' stands in its place since {other.installed.start}{place}")
    return None


def _put(moved: Moved, meter: Meter) -> bool:
    return moved.event == INSTALLED and moved.meter_id == meter.id


def _used(moved: Moved, own: Sequence[Read], told: Sequence[int], known: Holding) -> Refusal | None:
    """Why the meter cannot be taken for one that never stood there: something is on record of it since."""
    for other in _standing(known):
        if other.meter_id == moved.meter_id and other.event == REMOVED:
            return _depends(f"it was removed on {other.day}, movement M{other.place}")
    if later := [one for one in own if one.no not in told]:
        last = max(later, key=lambda one: (one.day, one.no))
        return _depends(f"it was read on {last.day}, fact {last.no}")
    for one in _in_force(known.dated):
        if one.fact.kind in _OF_METERS and one.fact.subject == moved.meter_id:
            return _depends(f"the fact {one.fact.no} is about it")
    return None


_OF_METERS = frozenset((Kind.MULTIPLIER, Kind.FAILED, Kind.VERIFIED, Kind.SEAL, Kind.ACCESS))
