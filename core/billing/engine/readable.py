"""The protocol as plain lines for a person, in English or Russian, from the same data as the JSON."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from core.basics.facts import dataclass
from core.basics.money import MICRO, MILLI, half_up
from core.basics.periods import DAY, Month
from core.billing.engine import planning, plans_told, protocol
from core.billing.engine.lining import ChargeLine, LineKind
from core.billing.engine.measuring import Basis, Measured, Span
from core.billing.engine.penalty import Penalty
from core.billing.engine.statement import Calculation, Kind, Line, Statement
from core.billing.model import Plan, PlanEnd
from core.billing.tariffs import plain


@dataclass(frozen=True, slots=True)
class _Tongue:
    """The words of a language, and its decimal mark."""

    mark: str
    kinds: Mapping[Kind, str]
    parts: Mapping[LineKind, str]
    units: Mapping[str, str]
    account: str
    to_pay: str
    overdue: str
    credit: str
    meter: str
    due: str
    barred: str
    instead: str
    forecast: str
    bases: Mapping[Basis, str]
    cause: str
    bare: str
    power: str
    raised: str
    volume: str
    days: str
    moratorium: str
    least: str
    over: str
    differs: str
    total: str
    plan: str
    part: str
    ends: Mapping[PlanEnd, str]


_ENGLISH = _Tongue(
    mark=".",
    kinds=MappingProxyType(
        {
            Kind.OPENING: "opening balance",
            Kind.BILL: "bill",
            Kind.RECALCULATION: "recalculation",
            Kind.PAYMENT: "payment",
            Kind.PROVISIONAL: "used since the last bill",
            Kind.PENDING: "recalculation, not posted yet",
            Kind.PENALTY: "penalty",
            Kind.ACCRUED: "penalty, not posted yet",
            Kind.WRITE_OFF: "written off",
            Kind.INTEREST: "interest of an instalment plan",
            Kind.AGREED: "interest of an instalment plan, not posted yet",
        }
    ),
    parts=MappingProxyType(
        {
            LineKind.ENERGY: "energy",
            LineKind.STANDING: "standing charge",
            LineKind.DEMAND: "demand",
            LineKind.MINIMUM: "up to the minimum",
            LineKind.UPLIFT: "put on the norm",
            LineKind.COMMON: "common needs of the house",
            LineKind.VAT: "VAT",
            LineKind.BENEFIT: "benefit",
        }
    ),
    units=MappingProxyType({"kWh": "kWh", "m3": "m³", "Gcal": "Gcal"}),
    account="Account {account} on {day}",
    to_pay="to pay {sum}",
    overdue="of which overdue {sum}",
    credit="in credit {sum}",
    meter="meter {serial}",
    due="payable until {day}",
    barred="limitation ran out on {day}",
    instead="in place of {sum}",
    forecast="of it {first} to {last} {basis} {rate} {unit} a day",
    bases=MappingProxyType(
        {
            Basis.MEASURED: "by readings",
            Basis.AVERAGE: "forecast at",
            Basis.NORM: "by the norm at",
            Basis.NOTHING: "with nothing to go by:",
        }
    ),
    cause="because of {facts}",
    bare="without a meter",
    power="{power} kW × {rate} × {days}/{length} days",
    raised="{share} % of {power} kW on {first} to {last}",
    volume="volume",
    days="{first} to {last}, {days} days",
    moratorium="nothing accrues",
    least="the least fee is {sum}",
    over="{sum} were posted before",
    differs="computed again it is {sum}: not what was issued",
    total="Total",
    plan="instalment plan ({fact}) from {first}",
    part="part of {sum} until {day}, unpaid {left}",
    ends=MappingProxyType(
        {
            PlanEnd.BROKEN: "broken on {day}",
            PlanEnd.TERMINATED: "ended on {day}",
            PlanEnd.FULFILLED: "paid in full before {day}",
        }
    ),
)
_RUSSIAN = _Tongue(
    mark=",",
    kinds=MappingProxyType(
        {
            Kind.OPENING: "входящий остаток",
            Kind.BILL: "счёт",
            Kind.RECALCULATION: "перерасчёт",
            Kind.PAYMENT: "оплата",
            Kind.PROVISIONAL: "расход после последнего счёта",
            Kind.PENDING: "перерасчёт, ещё не проведён",
            Kind.PENALTY: "пени",
            Kind.ACCRUED: "пени, ещё не проведены",
            Kind.WRITE_OFF: "списано",
            Kind.INTEREST: "проценты по рассрочке",
            Kind.AGREED: "проценты по рассрочке, ещё не проведены",
        }
    ),
    parts=MappingProxyType(
        {
            LineKind.ENERGY: "энергия",
            LineKind.STANDING: "абонентская плата",
            LineKind.DEMAND: "мощность",
            LineKind.MINIMUM: "до минимальной платы",
            LineKind.UPLIFT: "повышение к нормативу",
            LineKind.COMMON: "общедомовые нужды",
            LineKind.VAT: "НДС",
            LineKind.BENEFIT: "льгота",
        }
    ),
    units=MappingProxyType({"kWh": "кВт·ч", "m3": "м³", "Gcal": "Гкал"}),
    account="Лицевой счёт {account} на {day}",
    to_pay="к оплате {sum}",
    overdue="из них долг {sum}",
    credit="переплата {sum}",
    meter="счётчик {serial}",
    due="оплатить до {day} включительно",
    barred="срок исковой давности истёк {day}",
    instead="вместо {sum}",
    forecast="из них с {first} по {last} {basis} {rate} {unit} в день",
    bases=MappingProxyType(
        {
            Basis.MEASURED: "по показаниям",
            Basis.AVERAGE: "по прогнозу",
            Basis.NORM: "по нормативу",
            Basis.NOTHING: "не по чему считать:",
        }
    ),
    cause="причина: {facts}",
    bare="без счётчика",
    power="{power} кВт × {rate} × {days}/{length} дней",
    raised="{share} % от {power} кВт с {first} по {last}",
    volume="объём",
    days="{first}–{last}, дней: {days}",
    moratorium="не начисляются",
    least="наименьшая плата {sum}",
    over="раньше проведено {sum}",
    differs="при повторном расчёте {sum}: не то, что выставлено",
    total="Итого",
    plan="рассрочка ({fact}) с {first}",
    part="часть {sum} до {day} включительно, не оплачено {left}",
    ends=MappingProxyType(
        {
            PlanEnd.BROKEN: "нарушена {day}",
            PlanEnd.TERMINATED: "прекращена {day}",
            PlanEnd.FULFILLED: "выплачена до {day}",
        }
    ),
)
LANGUAGES: Mapping[str, _Tongue] = MappingProxyType({"en": _ENGLISH, "ru": _RUSSIAN})


def as_text(statement: Statement, language: str = "en") -> tuple[str, ...]:
    """The statement as lines of text.

    :raises KeyError: not a language of `LANGUAGES`.
    """
    tongue = LANGUAGES[language]
    stands = statement.standing
    head = tongue.account.format(account=statement.account, day=statement.today.isoformat()) + ": "
    if stands.credit:
        head += tongue.credit.format(sum=_money(tongue, stands.credit))
    else:
        head += tongue.to_pay.format(sum=_money(tongue, stands.to_pay))
    if stands.overdue:
        head += ", " + tongue.overdue.format(sum=_money(tongue, stands.overdue))
    body = [text for line in statement.lines for text in _line(tongue, line, statement.today)]
    total = sum(line.amount for line in statement.lines)
    plans = [text for plan in statement.plans for text in _plan(tongue, plan)]
    return (head, *body, f"{tongue.total} {_money(tongue, total)}", *plans)


def of_line(line: Line, today: date, language: str) -> tuple[str, ...]:
    """A line of a statement of that day as text: what it is with its sum, then how it came about.

    :raises KeyError: not a language of `LANGUAGES`.
    """
    return tuple(text.strip() for text in _line(LANGUAGES[language], line, today))


def _plan(tongue: _Tongue, plan: Plan) -> Iterator[str]:
    said = tongue.plan.format(fact=f"condition:{plan.no}", first=plan.start.isoformat())
    if plan.end is not None and plan.until is not None:
        said += ", " + tongue.ends[plan.end].format(day=plan.until.isoformat())
    yield said
    for part in plan.parts:
        amount, left = _money(tongue, part.amount), _money(tongue, part.left)
        yield "  " + tongue.part.format(sum=amount, day=part.due_on.isoformat(), left=left)


def _line(tongue: _Tongue, line: Line, today: date) -> Iterator[str]:
    said = [str(line.month)] if line.month else []
    said.append(tongue.kinds[line.kind] + (f" ({line.fact})" if line.fact else ""))
    if line.kind is Kind.PAYMENT and line.day is not None:
        said.append(line.day.isoformat())
    if line.calculation is not None:
        serials = ", ".join(meter.serial for meter in line.calculation.meters)
        said.append(tongue.meter.format(serial=serials) if serials else tongue.bare)
    if line.due_on is not None:
        said.append(tongue.due.format(day=line.due_on.isoformat()))
    if line.limitation_on is not None and line.limitation_on < today:
        said.append(tongue.barred.format(day=line.limitation_on.isoformat()))
    amount = _money(tongue, line.amount)
    if line.before is not None and line.penalty is None and line.plan is None:
        amount += " " + tongue.instead.format(sum=_money(tongue, line.before))
    if line.about is not None:
        said.append(line.about)
    yield f"  {', '.join(said)}: {amount}"
    if line.causes:
        yield "    " + tongue.cause.format(facts=", ".join(line.causes))
    if line.penalty is not None:
        yield from (f"    {text}" for text in _penalty(tongue, line, line.penalty))
    if line.plan is not None:
        yield from (f"    {text}" for text in _interest(tongue, line, line.plan))
    if line.calculation is not None:
        yield from (f"    {text}" for text in _calculation(tongue, line.calculation))
        if not line.reproduced:
            yield "    " + tongue.differs.format(sum=_money(tongue, line.calculation.charge.amount))


def _penalty(tongue: _Tongue, line: Line, cost: Penalty) -> Iterator[str]:
    for one in cost.segments:
        days = tongue.days.format(first=one.first.isoformat(), last=one.last.isoformat(), days=one.days)
        if not one.worth:
            yield f"{days}: {tongue.moratorium}"
            continue
        product = protocol.segment(one).split(" × ", 1)[1]
        worth = half_up(one.worth.numerator, one.worth.denominator)
        yield f"{days} × {_marked(tongue, product)} = {_money(tongue, worth)}"
    if cost.at_least:
        yield tongue.least.format(sum=_money(tongue, cost.amount))
    if line.before:
        yield tongue.over.format(sum=_money(tongue, line.before))
    if not line.reproduced:
        yield tongue.differs.format(sum=_money(tongue, cost.amount - (line.before or 0)))


def _interest(tongue: _Tongue, line: Line, plan: Plan) -> Iterator[str]:
    for part, end, worth in planning.interest_steps(plan):
        days = tongue.days.format(
            first=plan.start.isoformat(), last=(end - DAY).isoformat(), days=(end - plan.start).days
        )
        product = plans_told.formula(plan, part, end).split(" × ", 1)[1]
        yield f"{days} × {_marked(tongue, product)} = {_money(tongue, half_up(worth.numerator, worth.denominator))}"
    if line.before:
        yield tongue.over.format(sum=_money(tongue, line.before))
    if not line.reproduced:
        yield tongue.differs.format(sum=_money(tongue, planning.interest(plan) - (line.before or 0)))


def _calculation(tongue: _Tongue, found: Calculation) -> Iterator[str]:
    unit = tongue.units[protocol.UNITS[found.service]]
    for one in found.measured:
        yield _volume(tongue, one, unit)
        yield from ("  " + _forecast(tongue, span, unit) for span in one.spans if span.estimated)
    for step in found.charge.pieces:
        product = f"{protocol.volume(step[0])} × {plain(step[1], MICRO)}"
        yield _marked(tongue, product)
    for line in found.charge.lines:
        yield f"{tongue.parts[line.kind]}: {_money(tongue, line.amount)}"
        told = _powers(tongue, found) if line.kind is LineKind.DEMAND else _products(line)
        yield from (_marked(tongue, f"  {product}") for product in told)


def _powers(tongue: _Tongue, found: Calculation) -> Iterator[str]:
    """The power charged in each segment, and by what it is more than that of its days."""
    length = Month.of(found.days.start).days
    for one in found.segments:
        version = one.version
        if one.demand is None or not (billed := one.demand.billed(version.ratchet)):
            continue
        power, rate = plain(billed, MILLI * MILLI), plain(version.demand, MICRO)
        said = tongue.power.format(power=power, rate=rate, days=one.days, length=length)
        if billed > one.demand.own * MILLI:
            most = max(one.demand.before, key=lambda each: each.value)
            assert most.days.end is not None
            first, last = most.days.start.isoformat(), (most.days.end - DAY).isoformat()
            share, power = plain(version.ratchet, 10), protocol.volume(most.value)
            said += f" ({tongue.raised.format(share=share, power=power, first=first, last=last)})"
        yield said


def _products(line: ChargeLine) -> Iterator[str]:
    """What a line is the rounded sum of."""
    for share in line.shares:
        worth = protocol.exact(Fraction(*share.worth) * Fraction(1, 100))
        name = f"{share.name}: " if share.name else ""
        yield f"{name}{worth} × {plain(share.factor, MILLI)}"


def _volume(tongue: _Tongue, one: Measured, unit: str) -> str:
    assert one.days.end is not None
    first, last = one.days.start - DAY, one.days.end - DAY
    counts = f"C({last}) {protocol.volume(one.after)} − C({first}) {protocol.volume(one.before)}"
    zone = "" if one.zone == "total" else f" {one.zone}"
    return _marked(tongue, f"{tongue.volume}{zone} {protocol.volume(one.volume)} {unit} = {counts}")


def _forecast(tongue: _Tongue, span: Span, unit: str) -> str:
    assert span.days.end is not None
    rate = span.per_day
    thousandths = (2 * rate.numerator + rate.denominator) // (2 * rate.denominator)
    return tongue.forecast.format(
        first=span.days.start.isoformat(),
        last=(span.days.end - DAY).isoformat(),
        basis=tongue.bases[span.basis],
        rate=_marked(tongue, protocol.volume(thousandths)),
        unit=unit,
    )


def _money(tongue: _Tongue, kopecks: int) -> str:
    return _marked(tongue, protocol.money(kopecks))


def _marked(tongue: _Tongue, text: str) -> str:
    return text.replace(".", tongue.mark)
