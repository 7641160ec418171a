"""From rows to the views of an account: pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import TERMS, Conditions, Dated, Kind, Subject, conditions_of, filled
from core.billing.model import AccountState, Tariffs
from core.dossier.model import (
    ClaimSeen,
    DeviceSeen,
    FactSeen,
    Held,
    MeterSeen,
    MonthUse,
    Move,
    PaymentSeen,
    PointSeen,
    ReadingSeen,
    RouteSeen,
    Status,
)
from core.dossier.sql import FactRow
from core.metering import expecting
from core.metering.model import Meter, Point, Source

MONTHS = 36
"""So many months of the billing history are shown as a chart."""

_COUNTED = ("bill", "opening", "recalculation")


def facts_seen(rows: Iterable[FactRow], today: date) -> tuple[FactSeen, ...]:
    """The dated facts of the account, the latest first; what a later one took the place of is not in force."""
    told = [row for row in rows if row.fact is not None]
    holds = conditions_of(row.fact for row in told if row.fact is not None)
    alive = {one.no for timeline in holds.timelines.values() for one in timeline if today in one.days}
    gone = {row.fact.withdraws for row in told if row.fact is not None}
    return tuple(
        FactSeen(row.fact, row.source, row.document, row.author, row.fact.no in alive, row.fact.no in gone, row.reason)
        for row in reversed(told)
        if row.fact is not None
    )


def holders(
    rows: Sequence[FactRow], names: Mapping[int, str | None], *, opener: int, account: int, opened_on: date
) -> tuple[Held, ...]:
    """Who held the account, the latest first: whom it was opened for where no fact says another."""
    facts = {row.fact.no: row for row in rows if row.fact is not None and row.fact.kind is Kind.HOLDER}
    known = conditions_of(row.fact for row in facts.values() if row.fact is not None)
    first = min((one.days.start for one in known.said(Kind.HOLDER, account)), default=opened_on)
    days = Period(min(first, opened_on), None)
    held = known.said(Kind.HOLDER, account)
    said = (Dated(one.days, one.value, one.no) for one in held if isinstance(one.value, int))
    found = [
        Held(one.value, names.get(one.value), one.days, *_rests_on(facts.get(one.no)))
        for one in filled(said, days, opener)
    ]
    return tuple(reversed(found))


def _rests_on(row: FactRow | None) -> tuple[str, str]:
    return ("", "") if row is None else (row.document, row.author)


def meters(
    own: Sequence[Meter],
    rows: Sequence[Mapping[str, Any]],
    facts: Sequence[FactSeen],
    moves: Sequence[Move],
    today: date,
) -> tuple[MeterSeen, ...]:
    """The meters, those that stand first, each with what is on record of it."""
    seen = [
        MeterSeen(
            meter,
            today in meter.installed,
            meter.multiplied(Period(today, today + DAY))[0][2],
            tuple(_readings(meter, [row for row in rows if row["meter_id"] == meter.id])),
            tuple(one for one in facts if _of(one, Subject.METER, meter.id)),
            tuple(one for one in moves if one.meter_id == meter.id),
        )
        for meter in own
    ]
    return tuple(sorted(seen, key=_order))


def _order(one: MeterSeen) -> tuple[bool, int, int]:
    """Those that stand first; at a point the latest first."""
    return not one.stands, one.meter.point_id, -one.meter.installed.start.toordinal()


def _of(one: FactSeen, subject: Subject, id: int) -> bool:
    return TERMS[one.fact.kind].subject is subject and one.fact.subject == id


def _readings(meter: Meter, rows: Sequence[Mapping[str, Any]]) -> Iterator[ReadingSeen]:
    """The readings, the latest first; what was used is told of those in force, against the one in force before."""
    facts: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        facts.setdefault(row["no"], []).append(row)
    in_force: dict[date, dict[int, tuple[int, int, int]]] = {}
    for row in rows:
        if not row["withdrawn"] and row["source"] != Source.GUEST:
            best = in_force.setdefault(row["day"], {})
            mine = (row["source"], row["no"], row["value"])
            if mine > best.get(row["register"], (-1, -1, -1)):
                best[row["register"]] = mine
    days = sorted(in_force)
    for no, some in facts.items():
        first = some[0]
        shown: list[str | None] = [None] * len(meter.zones)
        for row in some:
            if row["register"] <= len(shown):
                shown[row["register"] - 1] = expecting.shown(meter, row["value"])
        best = in_force.get(first["day"], {})
        holds = all(best.get(row["register"], (0, 0, 0))[1] == no for row in some)
        yield ReadingSeen(
            no,
            first["day"],
            tuple(shown),
            Source(first["source"]),
            _used(meter, days, in_force, first["day"]) if holds else None,
            first["withdrawn"],
            tuple(flag for flag in first["flags"] if flag),
            first["document"],
            first["author"],
            first["recorded_at"],
            first["photo"],
        )


def _used(
    meter: Meter, days: Sequence[date], in_force: Mapping[date, Mapping[int, tuple[int, int, int]]], day: date
) -> int | None:
    before = next((one for one in reversed(days) if one < day), None)
    if before is None or in_force[before].keys() != in_force[day].keys():
        return None
    raw = sum(
        (value - in_force[before][register][2]) % meter.wheel for register, (_, _, value) in in_force[day].items()
    )
    return round(raw * meter.mean_multiplier(Period(before + DAY, day + DAY)) / 1000)


def points(
    own: Sequence[Point], standing_meters: Sequence[Meter], held: Conditions, tariffs: Tariffs, today: date
) -> tuple[PointSeen, ...]:
    """The supply points with the tariff of the day."""
    found = []
    for point in own:
        [now] = held.words(Kind.PLAN, point.id, Period(today, today + DAY), point.tariff)
        version = next((one for one in tariffs.get(now.value, ()) if today in one.valid), None)
        at = tuple(meter for meter in standing_meters if meter.point_id == point.id)
        found.append(PointSeen(point, now.value, version, at))
    return tuple(found)


def devices(rows: Sequence[FactRow], today: date) -> tuple[DeviceSeen, ...]:
    """The control devices, those that stand first, the latest before the others."""
    known = {row.fact.no: row for row in rows if row.fact is not None and row.fact.kind is Kind.DEVICE}
    held = conditions_of(row.fact for row in known.values() if row.fact is not None)
    found = [
        DeviceSeen(number, str(one.value), point, one.days, today in one.days, *_rests_on(known.get(one.no)))
        for (_, point, number), timeline in held.timelines.items()
        for one in timeline
    ]
    return tuple(sorted(found, key=lambda one: (not one.stands, -one.days.start.toordinal(), one.number)))


def route(rows: Sequence[FactRow], account: int, today: date) -> RouteSeen | None:
    """On which route the account lies on the day; None where nobody said."""
    kinds = (Kind.ROUTE, Kind.SEQUENCE)
    held = conditions_of(row.fact for row in rows if row.fact is not None and row.fact.kind in kinds)
    day = Period(today, today + DAY)
    [name] = held.words(Kind.ROUTE, account, day, "")
    [place] = held.numbers(Kind.SEQUENCE, account, day, 0)
    return RouteSeen(name.value, place.value or None) if name.value else None


def claims(rows: Iterable[Mapping[str, Any]], state: AccountState, today: date) -> tuple[ClaimSeen, ...]:
    """What was demanded, the latest first, with what of it is open."""
    left: dict[int, int] = {}
    for one in state.claims:
        left[one.no] = left.get(one.no, 0) + one.remaining
    found = [
        ClaimSeen(
            row["no"],
            Month.of(row["month"]),
            row["kind"],
            row["amount"],
            row["due_on"],
            row["day"],
            row["agent"],
            tuple(sorted(json.loads(row["volumes"] or "{}").items())),
            left.get(row["no"], 0),
            _status(left.get(row["no"], 0), row["due_on"], today),
        )
        for row in rows
        if row["what"] == "claim"
    ]
    return tuple(reversed(found))


def _status(left: int, due_on: date, today: date) -> Status:
    if left <= 0:
        return Status.PAID
    return Status.OVERDUE if due_on < today else Status.OPEN


def payments(rows: Iterable[Mapping[str, Any]]) -> tuple[PaymentSeen, ...]:
    """What was paid, the latest first."""
    found = [
        PaymentSeen(
            row["no"], row["day"], row["amount"], row["month"] and Month.of(row["month"]), row["kind"], row["agent"]
        )
        for row in rows
        if row["what"] == "payment"
    ]
    return tuple(reversed(found))


def months(claimed: Iterable[ClaimSeen]) -> tuple[MonthUse, ...]:
    """What the last months came to, oldest first, without a gap from the first of them that was billed."""
    amounts: dict[Month, int] = {}
    volumes: dict[Month, dict[str, int]] = {}
    for one in claimed:
        if one.kind in _COUNTED:
            amounts[one.month] = amounts.get(one.month, 0) + one.amount
            of_month = volumes.setdefault(one.month, {})
            for service, volume in one.volumes:
                of_month[service] = of_month.get(service, 0) + volume
    if not amounts:
        return ()
    month, last = min(amounts), max(amounts)
    found = []
    while month <= last:
        found.append(MonthUse(month, amounts.get(month, 0), volumes.get(month, {})))
        month = month.next
    return tuple(found[-MONTHS:])
