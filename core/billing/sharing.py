"""Parting what houses used in common among their accounts, before their month is billed (billing.md section 3.2)."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.basics.money import MILLI, half_up
from core.basics.periods import Month
from core.billing import posting, recording
from core.billing.actions import NotEnded
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import Conditions, Kind, conditions_of
from core.billing.engine import deriving, houses
from core.billing.engine.facts import Facts
from core.billing.engine.houses import Negative
from core.billing.engine.supplying import Supply, flows_by, supplies
from core.billing.estimation import ESTIMATED, Estimation
from core.billing.recording import NewFact
from core.billing.terms import Habits
from core.metering import sql as metering
from core.metering.model import Meter, Point

SERVICE = "electricity"


@dataclass(frozen=True, slots=True)
class Shared:
    """How many houses were parted, how many accounts got another share than they had, and the volume in common,
    thousandths."""

    houses: int = 0
    changed: int = 0
    volume: int = 0

    def __add__(self, other: "Shared") -> "Shared":
        return Shared(self.houses + other.houses, self.changed + other.changed, self.volume + other.volume)


async def share_common(conn: Connection, month: Month, *, on: date, at: datetime) -> Shared:
    """Records for every account of a house with a meter or a norm in common its share of the month, as a dated fact.

    The house's meter less all that was used in it (never less than nothing, unless the pack gives back what is less; at
    most the norm where one is set), or the norm alone, is parted by areas: what of `total_area` belongs to no account
    is nobody's here. The shares add up to the volume to the last thousandth. Doing it again records only what has
    changed. Each house is a transaction.

    :raises NotEnded: the month has not ended before `on`.
    """
    if on <= month.last:
        raise NotEnded(month, on)
    done = Shared()
    pack = await posting.pack(conn)
    rules = ESTIMATED if pack is None else pack.estimation
    negative = Habits().negative_common if pack is None else pack.habits.negative_common
    for building in await conditions.sharing(conn):
        async with conn.transaction():
            done += await _share(conn, building, month, rules, negative, at)
    return done


async def _share(
    conn: Connection, building: int, month: Month, rules: Estimation, negative: Negative, at: datetime
) -> Shared:
    ids = await conditions.accounts_in(conn, building)
    persons = {id: one.persons for id, one in (await accounts.lock(conn, ids)).items()}
    known = (await conditions.of_buildings(conn, [building])).get(building, ())
    history = await posting.history(conn, ids)
    meters, points = await metering.meters(conn, ids), await metering.points(conn, ids)
    members = [
        _Member(id, _supplies(history[id], meters.get(id, ()), points.get(id, ()), persons[id], rules, month))
        for id in ids
    ]
    areas = [_area(history[one.account], month) for one in members]
    used = sum(one.used(month) for one in members)
    volume = common_volume(conditions_of(known), building, month, used, negative)
    if volume is None or not any(areas):
        return Shared()
    total = _on(conditions_of(known), Kind.TOTAL_AREA, building, month)
    rest = max(0, (total or 0) - sum(areas))
    parts = houses.shares(volume, [*areas, rest])
    source = ", ".join(f"house fact {one.no}" for one in known if one.days.meet(month.period) is not None)
    facts = [
        NewFact(one.account, Kind.COMMON, month.period, part, "house meter", f"building {building}: {source}", point)
        for one, part in zip(members, parts, strict=False)
        if (point := one.point) and (_had(history[one.account], point, month) or 0) != part
    ]
    await recording.record_facts(conn, facts, by="billing", at=at)
    return Shared(1, len(facts), volume)


@dataclass(frozen=True, slots=True)
class _Member:
    """An account of a house and its supplies of the service."""

    account: int
    supplies: tuple[Supply, ...]

    @property
    def point(self) -> int:
        """The point that bears the share, 0 where there is none."""
        return self.supplies[0].point_id if self.supplies else 0

    def used(self, month: Month) -> int:
        """What the account used in the month, thousandths."""
        return sum(
            piece.curve.volume(met).volume
            for supply in self.supplies
            for flow in supply.flows
            for piece in flow.pieces
            if (met := piece.days.meet(month.period)) is not None
        )


def _supplies(
    facts: Facts, meters: Sequence[Meter], points: Sequence[Point], persons: int, rules: Estimation, month: Month
) -> tuple[Supply, ...]:
    use = deriving.use_of(facts, meters)
    state = deriving.whole(facts, use, use)
    found = supplies(state, meters, persons=persons, rules=rules, points=points, through=month.last)
    own = tuple(one for one in found if one.service == SERVICE)
    for one in own:
        one.flows = one.flows or flows_by(one, rules)
    return own


def common_volume(
    known: Conditions, building: int, month: Month, used: int, negative: Negative = Negative.NOTHING
) -> int | None:
    """What the house used in common in the month, thousandths, where its accounts used so much, negative where it is
    given back; None where nothing is known of it."""
    house = _on(known, Kind.HOUSE_VOLUME, building, month)
    norm, area = (_on(known, kind, building, month) for kind in (Kind.COMMON_NORM, Kind.COMMON_AREA))
    most = None if norm is None or area is None else houses.common_norm(Fraction(norm), Fraction(area, MILLI))
    if house is None:
        return None if most is None else half_up(most.numerator, most.denominator)
    others = [Fraction(used), Fraction(_on(known, Kind.HOUSE_OTHER, building, month) or 0)]
    found = houses.common_volume(Fraction(house), others, negative=negative, most=most)
    return half_up(found.numerator, found.denominator)


def _on(known: Conditions, kind: Kind, subject: int, month: Month) -> int | None:
    """The number that holds on the first day of the month."""
    said = next((one.value for one in known.said(kind, subject) if month.first in one.days), None)
    return said if isinstance(said, int) else None


def _area(facts: Facts, month: Month) -> int:
    return _on(conditions_of(facts.conditions), Kind.AREA, facts.account_id, month) or 0


def _had(facts: Facts, point: int, month: Month) -> int | None:
    return _on(conditions_of(facts.conditions), Kind.COMMON, point, month)
