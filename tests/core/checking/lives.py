"""Accounts with random meters, tariffs of every kind and lives, and their protocols as other programs get them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from core.basics.periods import Period
from core.billing.conditions.model import Kind
from core.billing.engine import protocol
from core.billing.engine.facts import Facts
from core.billing.engine.statement import explain
from core.billing.model import Block, BlockMode, Scaling, Season, TariffVersion, ZoneRule
from core.billing.terms import DebtTerms
from core.metering.model import Meter
from tests.core.billing.engine.histories import Life
from tests.core.billing.engine.test_deriving import START, Play

Json = dict[str, Any]

ZONES = (("total",), ("day", "night"), ("total", "day", "night"), ("peak", "halfpeak", "night"))


def protocol_of(chance: Random, *, steps: int = 45) -> Json:
    """The protocol of a random account on its last day, once through JSON."""
    life = lived(chance, steps=steps)
    today = max(one.day for one in life.facts.readings) + timedelta(days=1)
    return told(life, max([today, *(one.issued_on for one in life.facts.claims)]))


def told(life: Life, today: date) -> Json:
    statement = explain(life.facts, life.meters, life.tariffs, account="100004321", persons=life.persons, today=today)
    document: Json = json.loads(json.dumps(protocol.as_json(statement)))
    return document


def lived(chance: Random, *, steps: int = 45) -> Life:
    """A random account after so many turns of its life."""
    meters = _meters(chance)
    tariffs = {meter.tariff: _versions(chance, meter, meter.tariff) for meter in meters}
    life = Life(meters, persons=chance.randint(0, 4), tariffs=tariffs, facts=Facts(1, terms=DebtTerms(limitation=1)))
    if chance.randint(0, 4) == 0:
        _demands(life, chance)
    Play(life, chance.randint).run(steps)
    return life


def _demands(life: Life, chance: Random) -> None:
    """The power of the first point, by the contract and in some months by what was measured."""
    life.record(Kind.DEMAND, Period(START, None), chance.randint(1, 90_000))
    for _ in range(chance.randint(0, 3)):
        first = START + timedelta(days=chance.randint(0, 150))
        days = Period(first, first + timedelta(days=chance.randint(1, 60)))
        life.record(Kind.DEMAND, days, None if chance.randint(0, 3) == 0 else chance.randint(0, 90_000))


def _meters(chance: Random) -> tuple[Meter, ...]:
    always = Period(date(2024, 1, 1), None)
    first = _meter(chance, 1, always)
    if chance.randint(0, 3):
        return (first,)
    if chance.randint(0, 1):
        return first, _meter(chance, 2, always)
    taken = START + timedelta(days=chance.randint(10, 150))
    removed, follows = _meter(chance, 1, Period(always.start, taken)), _meter(chance, 2, Period(taken, None))
    if chance.randint(0, 1):
        return removed, follows
    same = replace(follows, point_id=1, service=removed.service, zones=removed.zones, tariff=removed.tariff)
    return removed, same


def _meter(chance: Random, id: int, installed: Period) -> Meter:
    until = START + timedelta(days=chance.randint(20, 200)) if chance.randint(0, 5) == 0 else None
    service, zones = ("electricity", chance.choice(ZONES)) if chance.randint(0, 3) else ("cold_water", ("total",))
    return Meter(
        id=id,
        account_id=1,
        point_id=id,
        serial=f"M{id}",
        brand="",
        service=service,
        tariff=f"P{id}",
        digits=chance.choice((4, 5, 5, 6)),
        fraction=chance.randint(0, 3),
        multiplier=chance.choice((1000, 1000, 1000, 1250, 40_000)),
        capacity_kw=None,
        zones=zones,
        installed=installed,
        verified_until=until,
    )


def _versions(chance: Random, meter: Meter, plan: str) -> tuple[TariffVersion, ...]:
    """One to three versions of a plan, on from one another."""
    changes = sorted({START + timedelta(days=chance.randint(1, 200)) for _ in range(chance.randint(0, 2))})
    edges = [date(2020, 1, 1), *changes, None]
    zones = tuple(zone for zone in meter.zones if zone != "total") or ("total",)
    return tuple(
        _version(chance, meter.id * 10 + number, plan, Period(start, end), zones)
        for number, (start, end) in enumerate(pairwise(edges))
        if start is not None
    )


def _version(chance: Random, id: int, plan: str, valid: Period, zones: tuple[str, ...]) -> TariffVersion:
    least = chance.choice((0, 0, 20_000, 150_000))
    share = chance.choice((0, 500, 850))
    seasons = (Season((6, 7, 9), _blocks(chance, zones)),) if chance.randint(0, 4) == 0 else ()
    return TariffVersion(
        id=id,
        plan=plan,
        valid=valid,
        zones=zones,
        blocks=_blocks(chance, zones),
        mode=chance.choice(list(BlockMode)),
        scaling=chance.choice(list(Scaling)),
        standing=chance.choice((0, 0, 5_000, 7_777)),
        minimum=least,
        vat=chance.choice((0, 0, 100, 200)),
        source=f"decree {id}",
        zone_rule=chance.choice(list(ZoneRule)),
        seasons=seasons,
        demand=chance.choice((0, 7_654_321, 950_000_000)),
        ratchet=share,
        ratchet_months=chance.randint(1, 4) if share else 0,
    )


def _blocks(chance: Random, zones: tuple[str, ...]) -> tuple[Block, ...]:
    bounds = sorted(chance.sample(range(1, 300), chance.choice((0, 0, 1, 2, 3))))
    single = chance.randint(0, 1)
    return tuple(
        Block(
            None if bound is None else bound * 1000,
            _rates(chance, zones),
            chance.choice((0, 0, 1_234)),
            bound * 1500 if bound is not None and single else None,
        )
        for bound in (*bounds, None)
    )


def _rates(chance: Random, zones: tuple[str, ...]) -> Mapping[str, int]:
    if chance.randint(0, 4) == 0:
        return {"total": chance.randint(1, 12_000_000)}
    return {zone: chance.randint(1, 1200) * 10_000 for zone in zones}
