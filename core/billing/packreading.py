"""Turns a rule pack, as an analyst writes it, into terms; everything that is wrong in it is told at once."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeVar

from core.basics.periods import DAY, Period
from core.billing import keeping, warning
from core.billing.engine.houses import Negative
from core.billing.engine.ordering import Ahead, AllocationRules, Mode
from core.billing.engine.penalty import Cap, PenaltyRules, Rate, RatePolicy, Stage
from core.billing.estimation import Case, Estimation, Norm, NormUnit, Uplift
from core.billing.model import Component, Scaling, ZoneRule
from core.billing.packtable import PackProblem, Table, read
from core.billing.terms import (
    Calendar,
    DueRule,
    Habits,
    LateFee,
    LateReading,
    Messenger,
    OnDayOff,
    Pack,
    PlanRules,
    VatRate,
    Window,
)

SERVICES = ("electricity", "cold_water", "hot_water", "gas", "heat", "sewerage", "waste", "common_needs")
_YEARLY = re.compile(r"(\d\d)-(\d\d)")
_LEAP = 2024
_RANKED = (Component.COSTS, Component.PRINCIPAL, Component.PENALTY)
_Row = TypeVar("_Row")


class PackWrong(ValueError):
    """The rule pack cannot be used; `problems` has all that is wrong, in the order of the file."""

    def __init__(self, problems: Sequence[PackProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def parse(text: str) -> Pack:
    """The rule pack that is written in a file.

    :raises PackWrong: with every problem of the file.
    """
    top, problems = read(text)
    if top is None:
        raise PackWrong(problems)
    pack = Pack(
        name=top.text("name"),
        title=top.text("title"),
        jurisdiction=top.text("jurisdiction"),
        currency=top.text("currency"),
        due=_due(top),
        calendar=_calendar(top.table("calendar")),
        window=_window(top.table("window")),
        estimation=_estimation(top),
        vat=_dated(top, "vat", _vat, lambda one: (one.valid, ())),
        penalty=_penalty(top.table("penalty")),
        late_fee=_late_fee(top),
        allocation=_allocation(top.table("allocation")),
        limitation=top.whole("limitation_years", 0, 30, 3),
        lapsing=top.whole("lapsing_months", 0, 24, 3),
        plans=_plans(top.table("instalments")),
        habits=_habits(top.table("habits")),
        warnings=warning.read(top),
        keeping=keeping.read(top),
    )
    _check_rates(top, pack)
    top.end()
    if problems:
        raise PackWrong(sorted(problems, key=lambda one: one.line))
    return pack


def _due(top: Table) -> tuple[DueRule, ...]:
    found: dict[object, DueRule] = {}
    for row in top.rows("due"):
        rule = DueRule(row.month("months_from"), row.whole("day", 1, 31), row.text("source"))
        if rule.since in found:
            row.wrong("months_from", f"{rule.since} stands twice")
        found[rule.since] = rule
        row.end()
    if not found:
        top.wrong("due", "missing: a row [[due]] with months_from, day and source")
    return tuple(sorted(found.values(), key=lambda rule: rule.since))


def _check_rates(top: Table, pack: Pack) -> None:
    """A bill of the first month that is payable must find a rate of penalty."""
    if pack.penalty and pack.penalty.rates and pack.due and pack.penalty.rates[0].since > pack.due[0].since.next.first:
        top.wrong("penalty", f"the first rate must hold from {pack.due[0].since.next.first} on, when bills are payable")


def _calendar(table: Table | None) -> Calendar:
    if table is None:
        return Calendar()
    weekend = tuple(day for day in table.list_of("weekend") if type(day) is int and 1 <= day <= 7)
    if len(weekend) != len(table.values.get("weekend", ())) or len(weekend) > 6:
        table.wrong("weekend", "days of the week from 1 (Monday) to 7, at least one of them left to work on")
    made = Calendar(
        table.choice("when_off", OnDayOff, OnDayOff.KEEP),
        weekend[:6],
        tuple(found for text in table.list_of("holidays") if (found := _yearly(table, text))),
        frozenset(_days(table, "days_off")),
        frozenset(_days(table, "working_days")),
    )
    table.text("source")
    for day in sorted(made.off & made.working):
        table.wrong("working_days", f"{day} stands in days_off too")
    table.end()
    return made


def _yearly(table: Table, text: object) -> tuple[int, int] | None:
    found = _YEARLY.fullmatch(text) if isinstance(text, str) else None
    try:
        day = date(_LEAP, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        table.wrong("holidays", f'{text!s} is no day of a year in quotes, such as "01-07" for 7 January')
        return None
    return day.month, day.day


def _days(table: Table, key: str) -> list[date]:
    values = table.list_of(key)
    days = [day for day in values if type(day) is date]
    if len(days) < len(values):
        table.wrong(key, "days such as 2025-05-02, without quotes")
    return days


def _window(table: Table | None) -> Window | None:
    if table is None:
        return None
    window = Window(table.whole("first", 1, 31), table.whole("last", 1, 31), table.text("source"))
    if window.first > window.last:
        table.wrong("last", f"before the first day ({window.first})")
    table.end()
    return window


def _estimation(top: Table) -> Estimation:
    norms = _dated(top, "norm", _norm, lambda one: (one.valid, (one.service, one.category)))
    uplifts = _dated(top, "uplift", _uplift, lambda one: (one.valid, (one.service, one.case)))
    table = top.table("estimation")
    if table is None:
        return Estimation(norms=norms, uplifts=uplifts)
    made = Estimation(
        table.whole("average_months", 1, 36, 12),
        table.whole("least_months", 1, 36, 3),
        table.whole("average_periods", 0, 36, 3),
        norms,
        uplifts,
    )
    if made.least_months > made.average_months:
        table.wrong("least_months", f"more than average_months ({made.average_months})")
    table.text("source")
    table.end()
    return made


def _norm(row: Table) -> Norm:
    service, category = _service(row), row.text("category", "")
    per, volume = row.choice("per", NormUnit), row.scaled("volume", 3, 100_000)
    return Norm(service, category, per, volume, row.period(), row.text("source"))


def _uplift(row: Table) -> Uplift:
    service, case, factor = _service(row), row.choice("case", Case), row.scaled("factor", 3, 10)
    if factor < 1000:
        row.wrong("factor", "less than 1 would lower the norm")
    return Uplift(service, case, factor, row.period(), row.text("source"))


def _service(row: Table) -> str:
    service = row.text("service")
    if service and service not in SERVICES:
        row.wrong("service", f"is {service}: one of {', '.join(SERVICES)}")
    return service


def _vat(row: Table) -> VatRate:
    return VatRate(row.scaled("percent", 1, 100), row.flag("included", default=True), row.period(), row.text("source"))


def _penalty(table: Table | None) -> PenaltyRules | None:
    if table is None:
        return None
    most = table.whole("most_percent", 1, 1000) if "most_percent" in table.values else None
    table.seen.add("most_percent")
    rules = PenaltyRules(
        stages=tuple(_stage(row) for row in table.rows("days")),
        rates=tuple(sorted((_rate(row) for row in table.rows("rate")), key=lambda one: one.since)),
        caps=_dated(table, "cap", _cap, lambda one: (one.valid, ())),
        moratoria=_dated(table, "moratorium", _moratorium, lambda days: (days, ())),
        policy=table.choice("rate_policy", RatePolicy),
        most=None if most is None else Fraction(most, 100),
    )
    table.text("source")
    _check_stages(table, rules.stages)
    if not rules.rates:
        table.wrong("rate", "missing: a row [[penalty.rate]] with from, percent and source")
    if len({one.since for one in rules.rates}) < len(rules.rates):
        table.wrong("rate", "two rows begin on the same day")
    table.end()
    return rules


def _stage(row: Table) -> Stage:
    first, last = row.whole("first", 1, 100_000), row.whole("last", 1, 100_000) if "last" in row.values else None
    row.seen.add("last")
    share = Fraction(row.whole("numerator", 0, 1000), row.whole("denominator", 1, 100_000))
    row.end()
    return Stage(first, last, share)


def _check_stages(table: Table, stages: Sequence[Stage]) -> None:
    expected: int | None = 1
    for one in stages:
        if expected is None or one.first != expected:
            wanted = "no row behind the one without last" if expected is None else f"day {expected}"
            table.wrong("days", f"a row begins with day {one.first} of the delay, not with {wanted}")
        expected = None if one.last is None else one.last + 1
    if expected is not None:
        table.wrong("days", "the last row must have no last day, or the delay would end by itself")


def _rate(row: Table) -> Rate:
    found = Rate(row.day("from"), _share(row))
    row.text("source")
    row.end()
    return found


def _share(row: Table) -> Fraction:
    return Fraction(row.scaled("percent", 4, 1000), 10**6)


def _cap(row: Table) -> Cap:
    row.text("source")
    return Cap(row.period(), _share(row))


def _moratorium(row: Table) -> Period:
    first, last = row.day("first"), row.day("last")
    if last < first:
        row.wrong("last", f"before the first day ({first})")
        last = first
    row.text("source")
    return Period(first, last + DAY if last < date.max else None)


def _late_fee(top: Table) -> LateFee | None:
    table = top.table("late_fee")
    if table is None:
        return None
    if "penalty" in top.values:
        table.wrong("", "a pack has either [penalty] or [late_fee]")
    fee = LateFee(
        table.scaled("percent_a_month", 1, 100),
        table.whole("grace_days", 0, 366, 0),
        table.whole("least", 0, 10**9, 0),
    )
    table.text("source")
    table.end()
    return fee


def _allocation(table: Table | None) -> AllocationRules:
    if table is None:
        return AllocationRules()
    order = table.list_of("order")
    if sorted(map(str, order)) != sorted(_RANKED):
        table.wrong("order", f"each of {', '.join(_RANKED)} once, in the order in which they are paid")
        order = list(_RANKED)
    made = AllocationRules(
        tuple(Component(one) for one in order),
        table.choice("mode", Mode),
        table.choice("advance", Ahead),
        table.flag("designated_first", default=True),
        table.flag("barred_last", default=False),
    )
    table.text("source")
    table.end()
    return made


def _plans(table: Table | None) -> PlanRules:
    if table is None:
        return PlanRules()
    made = PlanRules(table.flag("penalty_frozen", default=True), table.whole("grace_days", 0, 90, 0))
    table.text("source")
    table.end()
    return made


def _habits(table: Table | None) -> Habits:
    if table is None:
        return Habits()
    made = Habits(
        table.choice("threshold_scaling", Scaling, Scaling.NONE),
        table.choice("zones", ZoneRule, ZoneRule.PRO_RATA),
        table.choice("late_reading", LateReading, LateReading.RECALCULATE),
        table.choice("telegram", Messenger, Messenger.FULL),
        table.choice("negative_common", Negative, Negative.NOTHING),
    )
    table.text("source", "")
    table.end()
    return made


def _dated(
    parent: Table, key: str, make: Callable[[Table], _Row], of: Callable[[_Row], tuple[Period, object]]
) -> tuple[_Row, ...]:
    """The rows of a table in the order of their days; two rows of one subject may not share a day."""
    read_rows: list[tuple[Table, _Row]] = []
    for row in parent.rows(key):
        made = make(row)
        row.end()
        days, subject = of(made)
        for _, other in read_rows:
            theirs, about = of(other)
            if about == subject and theirs.meet(days) is not None:
                row.wrong("", f"holds on days on which an earlier row of [[{key}]] holds")
                break
        read_rows.append((row, made))
    return tuple(sorted((made for _, made in read_rows), key=lambda made: of(made)[0].start))
