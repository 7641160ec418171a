"""Tariffs as data: how a version is stored, and how a table of tariffs is read and checked."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.basics.facts import dataclass
from core.basics.money import MICRO, MILLI, micro, milli, minor
from core.basics.periods import Period
from core.billing import vat
from core.billing.model import MOST_RATCHET, Block, BlockMode, Scaling, Season, TariffVersion, ZoneRule
from core.billing.tariffrows import MONTHS, Row
from core.billing.tariffrows import TariffProblem as TariffProblem
from core.billing.vat import Vat

REQUIRED = ("plan", "valid_from", "rates", "source")
OPTIONAL = (
    *("valid_to", "currency", "months", "up_to", "alone", "flat", "standing", "minimum", "vat", "mode", "scaling"),
    *("zone_rule", "demand", "ratchet", "ratchet_months"),
)
"""The columns of a table of tariffs: a row for each block of a version, its last block without `up_to`.

`rates` are those of the zones, "total=3.32" or "day=3.81;night=2.27"; `flat`, `standing` and `minimum` sums of money;
`vat` per cent put on top; `alone` the bound of a block for who lives alone. `demand` makes a plan a two-part one: its
rate for a kW and month; of the highest demand of so many `ratchet_months` before, `ratchet` per cent are the least that
is charged. Rows with `months` ("5-9", "11-3", "1;7")
are a season of the version, those without are for the months that are not named. What concerns the whole version may
stand in its first row only.
"""

SHIPPED = Path(__file__).parent / "rulepacks" / "tariffs.csv"
"""The tariffs that come with the program, as a table."""

_PLAN = re.compile(r"[A-Z0-9-]{1,32}")
_MOST_BLOCKS = 20
_WHOLE = ("source", *(name for name in OPTIONAL if name not in ("months", "up_to", "alone", "flat")))


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A version of a table, its id 0; `line` is where it begins, `currency` "" where the table does not say. `began`:
    the first day of the row that it is part of, where VAT changes while that holds."""

    line: int
    version: TariffVersion
    currency: str
    began: date | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """The versions of a table that are right, and what is wrong in the rest."""

    versions: tuple[ReadVersion, ...]
    problems: tuple[TariffProblem, ...]


def in_order(versions: Iterable[TariffVersion]) -> tuple[TariffVersion, ...]:
    """The versions of one plan, oldest first, each ending at the latest where the next begins: a version without an end
    is superseded by adding the next, never by changing it."""
    ordered = sorted(versions, key=lambda version: version.valid.start)
    ends = [later.valid.start for later in ordered[1:]]
    clipped = [
        replace(one, valid=Period(one.valid.start, end if one.valid.end is None else min(one.valid.end, end)))
        for one, end in zip(ordered, ends, strict=False)
    ]
    return (*clipped, *ordered[len(clipped) :])


def encode(version: TariffVersion) -> dict[str, Any]:
    """The terms of a version as they are stored: numbers as text in whole units, VAT in per cent."""
    return {
        "zones": list(version.zones),
        "mode": str(version.mode),
        "scaling": str(version.scaling),
        "standing": plain(version.standing, 100),
        "minimum": plain(version.minimum, 100),
        "vat": plain(version.vat, 10),
        "blocks": [_encoded(block) for block in version.blocks],
        **({} if version.zone_rule is ZoneRule.PRO_RATA else {"zone_rule": str(version.zone_rule)}),
        **({"demand": plain(version.demand, MICRO)} if version.demand else {}),
        **(
            {"ratchet": plain(version.ratchet, 10), "ratchet_months": version.ratchet_months} if version.ratchet else {}
        ),
        **({"seasons": [_season(season) for season in version.seasons]} if version.seasons else {}),
    }


def _encoded(block: Block) -> dict[str, Any]:
    return {
        "up_to": None if block.up_to is None else plain(block.up_to, MILLI),
        "rates": {zone: plain(rate, MICRO) for zone, rate in block.rates.items()},
        "flat": plain(block.flat, 100),
        **({} if block.alone is None else {"alone": plain(block.alone, MILLI)}),
    }


def _season(season: Season) -> dict[str, Any]:
    return {"months": list(season.months), "blocks": [_encoded(block) for block in season.blocks]}


def decode(
    terms: Mapping[str, Any], *, id: int, plan: str, valid_from: date, valid_to: date | None, source: str
) -> TariffVersion:
    """The version with these stored terms.

    :raises ValueError: a number or a name in them is none.
    :raises KeyError: something is missing.
    """
    return TariffVersion(
        id=id,
        plan=plan,
        valid=Period(valid_from, valid_to),
        zones=tuple(terms["zones"]),
        blocks=_decoded(terms["blocks"]),
        mode=BlockMode(terms["mode"]),
        scaling=Scaling(terms["scaling"]),
        standing=minor(terms["standing"]),
        minimum=minor(terms["minimum"]),
        vat=per_cent(terms["vat"]),
        source=source,
        zone_rule=ZoneRule(terms.get("zone_rule", ZoneRule.PRO_RATA)),
        seasons=tuple(Season(tuple(one["months"]), _decoded(one["blocks"])) for one in terms.get("seasons", ())),
        demand=micro(terms.get("demand", "0")),
        ratchet=per_cent(terms.get("ratchet", "0")),
        ratchet_months=int(terms.get("ratchet_months", 0)),
    )


def _decoded(blocks: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    return tuple(
        Block(
            None if block["up_to"] is None else milli(block["up_to"]),
            {zone: micro(rate) for zone, rate in block["rates"].items()},
            minor(block["flat"]),
            milli(block["alone"]) if "alone" in block else None,
        )
        for block in blocks
    )


def plain(number: int, scale: int) -> str:
    """A scaled whole number as a decimal without needless zeros: (3320000, MICRO) is "3.32"."""
    sign = "-" if number < 0 else ""
    whole, rest = divmod(abs(number), scale)
    places = len(str(scale)) - 1
    return f"{sign}{whole}.{rest:0{places}d}".rstrip("0") if rest else f"{sign}{whole}"


def per_cent(text: str) -> int:
    """Per cent as thousandths of the base: "20" is 200.

    :raises ValueError: not a number, or finer than a tenth of a per cent.
    """
    value = milli(text)
    if value % 100:
        raise ValueError(f"finer than a tenth of a per cent: {text!r}")
    return value // 100


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What holds where a table says nothing: the scaling of blocks, the rule of zones, the VAT of each day."""

    scaling: Scaling = Scaling.NONE
    zone_rule: ZoneRule = ZoneRule.PRO_RATA
    vat: Vat = Vat()


NOTHING = Unsaid()
"""No pack says anything."""


def read(rows: Iterable[tuple[int, Mapping[str, str]]], unsaid: Unsaid = NOTHING) -> Read:
    """The versions in the rows of a table: (line, cells by column name), as `REQUIRED` and `OPTIONAL` name them.

    A version with a problem is left out as a whole, and every problem in it is told. One that says nothing of VAT is
    one for each rate that the law sets while it holds.
    """
    groups: dict[tuple[str, str], list[tuple[int, Mapping[str, str]]]] = {}
    for line, cells in rows:
        groups.setdefault((cells.get("plan", ""), cells.get("valid_from", "")), []).append((line, cells))
    versions: list[ReadVersion] = []
    problems: list[TariffProblem] = []
    open_to_law = {group[0][0] for group in groups.values() if not (group[0][1].get("vat") or "").strip()}
    for group in groups.values():
        found: list[TariffProblem] = []
        version = _version(group, found, unsaid)
        problems.extend(found)
        if version is not None and not found:
            versions.append(ReadVersion(group[0][0], version, (group[0][1].get("currency") or "").strip()))
    clashes = _clashes(versions)
    refused = {clash.line for clash in clashes}
    right = [one for one in versions if one.line not in refused]
    return Read(
        tuple(part for one in right for part in (_parts(one, right, unsaid) if one.line in open_to_law else (one,))),
        tuple(sorted((*problems, *clashes), key=lambda problem: problem.line)),
    )


def _parts(one: ReadVersion, others: Sequence[ReadVersion], unsaid: Unsaid) -> Iterator[ReadVersion]:
    plan, start = one.version.plan, one.version.valid.start
    following = [other.version.valid.start for other in others if other.version.plan == plan]
    for version in vat.parted(one.version, following, unsaid.vat):
        yield one if version is one.version else replace(one, version=version, began=start)


def shipped() -> tuple[TariffVersion, ...]:
    """The versions that come with the program."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        found = read(enumerate(csv.DictReader(file), 2))
    assert not found.problems, found.problems
    return tuple(one.version for one in found.versions)


def _version(
    group: Sequence[tuple[int, Mapping[str, str]]], problems: list[TariffProblem], unsaid: Unsaid
) -> TariffVersion | None:
    rows = [Row(line, cells, problems) for line, cells in group]
    first = rows[0]
    if not _PLAN.fullmatch(first.text("plan")):
        first.blame("plan", "not the name of a plan", "capital Latin letters, digits and -, such as RU-FLAT")
    start = first.day("valid_from")
    if start is None:
        if not first.text("valid_from"):
            first.blame("valid_from", "missing", "2025-01-01")
        return None
    end = first.day("valid_to")
    if end is not None and end <= start:
        first.blame("valid_to", "not after valid_from", "the first day on which the version no longer holds")
    if not first.text("source"):
        first.blame("source", "missing", "the document that sets the tariff")
    _same(rows)
    blocks, seasons = _year(rows)
    demand, ratchet, ratchet_months = _demand(first)
    return TariffVersion(
        id=0,
        plan=first.text("plan"),
        valid=Period(start, end),
        zones=tuple(blocks[0].rates),
        blocks=blocks,
        mode=_choice(first, "mode", BlockMode) or BlockMode.GRADUATED,
        scaling=_choice(first, "scaling", Scaling) or unsaid.scaling,
        standing=first.number("standing", 100, "150.00"),
        minimum=first.number("minimum", 100, "100.00"),
        vat=first.number("vat", 10, "20") if first.text("vat") else unsaid.vat.on(start),
        source=first.text("source"),
        zone_rule=_choice(first, "zone_rule", ZoneRule) or unsaid.zone_rule,
        seasons=seasons,
        demand=demand,
        ratchet=ratchet,
        ratchet_months=ratchet_months,
    )


def _demand(row: Row) -> tuple[int, int, int]:
    """The rate of demand in millionths, the share of an earlier demand in thousandths, and the months of that."""
    rate, share = row.number("demand", MICRO, "950.00"), row.number("ratchet", 10, "80")
    months = row.number("ratchet_months", 1, "11")
    if (share or months) and not rate:
        row.blame("demand", "missing", "a rate for a kW and month, such as 950.00, where there is a ratchet")
    if share > 1000:
        row.blame("ratchet", "more than the whole", "per cent, at most 100")
    if months > MOST_RATCHET:
        row.blame("ratchet_months", "more than can be meant", f"from 1 to {MOST_RATCHET}")
    if bool(share) != bool(months):
        column, expected = ("ratchet", "per cent, such as 80") if months else ("ratchet_months", "such as 11")
        row.blame(column, "missing", expected)
    return rate, share, months


def _year(rows: Sequence[Row]) -> tuple[tuple[Block, ...], tuple[Season, ...]]:
    """The blocks of the months that no row names, and the seasons; where all months are named, the last season's."""
    groups: dict[tuple[int, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(row.months(), []).append(row)
    named = [month for months in groups for month in months]
    if len(named) != len(set(named)):
        rows[0].blame("months", "a month is named by two seasons", "each month in one season")
    if () not in groups and set(named) != set(MONTHS):
        rows[0].blame("months", "not all months are named", "rows without months for the others")
    every = {months: _blocks(group) for months, group in groups.items()}
    for months, group in groups.items():
        if set(every[months][0].rates) != set(every[next(iter(every))][0].rates):
            group[0].blame("rates", "not the zones of the first row", "the zones of the first season")
    base = () if () in every else list(every)[-1]
    return every[base], tuple(Season(months, blocks) for months, blocks in every.items() if months != base)


def _choice(row: Row, column: str, choices: type[BlockMode] | type[Scaling] | type[ZoneRule]) -> Any:
    text = row.text(column)
    if text and text not in list(choices):
        row.blame(column, "not known", "one of " + ", ".join(choices))
        return None
    return choices(text) if text else None


def _same(rows: Sequence[Row]) -> None:
    """What concerns the whole version must not differ between its rows."""
    for row in rows[1:]:
        for column in _WHOLE:
            if row.text(column) not in ("", rows[0].text(column)):
                row.blame(column, "differs from the first row of the version", "the same, or nothing")


def _blocks(rows: Sequence[Row]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    previous = single = 0
    social = any(row.text("alone") for row in rows)
    for place, row in enumerate(rows):
        rates = row.rates()
        if blocks and rates and set(rates) != set(blocks[0].rates):
            row.blame("rates", "not the zones of the first row", ";".join(f"{zone}=…" for zone in blocks[0].rates))
        bound = row.number("up_to", MILLI, "150") if row.text("up_to") else None
        if place == len(rows) - 1 and bound is not None:
            row.blame("up_to", "the last block has a bound", "nothing: the last block has no end")
        if place < len(rows) - 1 and (bound is None or bound <= previous):
            row.blame("up_to", "not above the block before it", "the largest volume of the block, in ascending order")
        previous = bound or previous
        alone = row.number("alone", MILLI, "110") if row.text("alone") else None
        if alone is not None and bound is None:
            row.blame("alone", "a block without a bound", "nothing, or a bound in up_to")
        if social and bound is not None and (alone or bound) <= single:
            row.blame("alone", "not above the block before it", "the bounds of who lives alone in ascending order")
        single = alone or bound or single
        blocks.append(Block(bound, rates, row.number("flat", 100, "10.00"), alone))
    if len(rows) > _MOST_BLOCKS:
        rows[-1].blame("", "too many blocks", f"at most {_MOST_BLOCKS}")
    return tuple(blocks)


def _clashes(versions: Sequence[ReadVersion]) -> list[TariffProblem]:
    """A version that says it goes on after the next one of its plan has begun."""
    found: list[TariffProblem] = []
    ordered = sorted(versions, key=lambda one: (one.version.plan, one.version.valid.start))
    for earlier, next_one in pairwise(ordered):
        one, later = earlier.version, next_one.version
        if one.plan == later.plan and one.valid.end is not None and one.valid.end > later.valid.start:
            end, start = one.valid.end.isoformat(), later.valid.start.isoformat()
            found.append(TariffProblem(earlier.line, "valid_to", end, f"the next version begins on {start}", start))
    return found
