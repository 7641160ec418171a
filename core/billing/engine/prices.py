"""What a month of a plan costs by volumes alone: for all meters that stand all month, each sum reckoned once."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine import charging
from core.billing.engine.charging import NoTariff
from core.billing.engine.lining import LineKind, Segment, Use
from core.billing.engine.pricing import NoRate
from core.billing.engine.usage import Curve
from core.billing.model import Tariffs

MOST_PRICES = 20_000
"""So many prices of one plan in one month are remembered."""


class Prices:
    """What a month costs by volumes alone, for all meters of a plan that stand all month."""

    __slots__ = ("_edges", "_length", "_prices", "_segments", "_zones", "ids", "tariffs")

    def __init__(self, segments: tuple[Segment, ...], month: Month, zones: tuple[str, ...]) -> None:
        self._segments = segments
        self._zones = zones
        self._length = month.days
        starts = [one.charged.start.toordinal() - 1 for one in segments]
        self._edges = (*starts, month.last.toordinal())
        self._prices: dict[tuple[tuple[int, ...], ...], Price] = {}
        self.tariffs = list(dict.fromkeys(one.version.id for one in segments))
        self.ids = "{" + ",".join(map(str, self.tariffs)) + "}"

    def volumes(self, counts: Sequence["Counted"]) -> tuple[tuple[int, ...], ...]:
        """The volumes of each register in each segment."""
        edges = self._edges
        if len(counts) == 1 and len(edges) == 2:
            only = counts[0]
            return ((only[edges[1]] - only[edges[0]],),)
        return tuple(tuple([of[last] - of[before] for before, last in pairwise(edges)]) for of in counts)

    def of(self, volumes: tuple[tuple[int, ...], ...]) -> "Price":
        """What they cost.

        :raises NoRate: a zone has no rate.
        """
        found = self._prices.get(volumes)
        if found is None:
            uses = [
                Use({zone: of[place] for zone, of in zip(self._zones, volumes, strict=True)}, None)
                for place in range(len(self._segments))
            ]
            charge = charging.priced(self._segments, uses, length=self._length, fixed=True)
            lines = tuple(
                (str(line.kind), charge.volume if line.kind is LineKind.ENERGY else 0, line.amount)
                for line in charge.lines
            )
            if len(self._prices) >= MOST_PRICES:
                self._prices.clear()
            found = self._prices[volumes] = Price(charge.amount, charge.volume, lines)
        return found


class Counted(dict[int, int]):
    """A register's counts at the ends of days, each reckoned once: months share their edges."""

    def __init__(self, curve: Curve) -> None:
        self._curve = curve

    def __missing__(self, day: int) -> int:
        found = self[day] = self._curve.count(day)
        return found


@dataclass(frozen=True, slots=True)
class Price:
    amount: int
    volume: int
    lines: tuple[tuple[str, int, int], ...]


def prices_of(tariffs: Tariffs, plan: str, text: str, persons: int, zones: str) -> Prices | None:
    """None where a day of the month, or a zone, has no tariff: who is told of it is not decided here."""
    month = month_of(text)
    try:
        segments = charging.segments_of(month.period, month, tariffs.get(plan, ()), persons=persons)
        found = Prices(segments, month, tuple(zones.split()))
        found.of(((1,) * len(segments),) * len(zones.split()))
    except (NoTariff, NoRate):
        return None
    return found


@lru_cache(maxsize=1024)
def month_of(text: str) -> Month:
    return Month(int(text[:4]), int(text[5:]))
