"""What a check found, in words, English or Russian."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.checking.model import Finding, Place, Report, What


@dataclass(frozen=True, slots=True)
class _Tongue:
    """The words of a language; `whats` fill in what is stated and what was found."""

    holds: str
    fails: str
    counted: str
    given: str
    line: str
    whole: str
    said: str
    step: str
    days: str
    field: str
    more: str
    kinds: Mapping[str, str]
    whats: Mapping[What, str]


_ENGLISH = _Tongue(
    holds="Account {account} on {day}: the protocol holds",
    fails="Account {account} on {day}: the protocol does NOT hold, {faults} faults",
    counted="{lines} lines, {computed} of them computed again from the facts",
    given="Taken as they stand, for nothing here tells otherwise:",
    line="line {line} ({kind}{month})",
    whole="the whole",
    said="    {place}: {said}",
    step="step {number}",
    days="span of days {number}",
    field="“{field}”",
    more="and {count} more",
    kinds=MappingProxyType(
        {
            "opening": "opening balance",
            "bill": "bill",
            "recalculation": "recalculation",
            "payment": "payment",
            "provisional": "used since the last bill",
            "pending": "recalculation, not posted yet",
            "penalty": "penalty",
            "accrued": "penalty, not posted yet",
            "write_off": "written off",
            "interest": "interest of an instalment plan",
            "agreed": "interest of an instalment plan, not posted yet",
        }
    ),
    whats=MappingProxyType(
        {
            What.UNREADABLE: "cannot be read, wanted: {found}",
            What.UNKNOWN: "a kind of line that this check does not know: {stated}",
            What.DAYS: "the days or the manner do not fit the kind of line: {stated}, should be {found}",
            What.TWICE: "charges days {stated}, but those before {found} are charged already",
            What.UNCOVERED: "no one tariff covers the days from {stated} to {found}",
            What.SPANS: "the days of constant use do not join: {stated}, {found}",
            What.PER_DAY: "the use a day is {stated}, computed {found}",
            What.ESTIMATED: "estimated is {stated}, but the last reading is of {found}",
            What.FOREIGN: "{stated} is not a reading of {found}",
            What.LATER: "{stated} came after {found}, which rests on it",
            What.USUAL: "the usual use is {stated}, computed {found}",
            What.COUNT: "the count is {stated}, computed from the readings {found}",
            What.VOLUME: "the volume is {stated}, the counts differ by {found}",
            What.ZONES: "measured are the zones {stated}, the meter has {found}",
            What.LACKS: "lacks {found}",
            What.NEEDLESS: "does not belong there: {stated}",
            What.BLOCK: "the volume at this rate is {stated}, by the tariff {found}",
            What.RATE: "the rate is {stated}, by the tariff {found}",
            What.FEE: "the fee is {stated}, by the tariff {found}",
            What.PRODUCT: "comes to {stated}, computed {found}",
            What.EXACT: "before rounding {stated}, the products add up to {found}",
            What.RULE: "the rule is {stated}, should be {found}",
            What.ROUNDED: "rounded {stated}, should be {found}",
            What.PART: "is {stated}, by the tariff {found}",
            What.PERSONS: "counted are {stated} persons, by the facts {found}",
            What.MULTIPLIER: "the multiplier is {stated}, by the facts {found}",
            What.POWER: "the demand is {stated} kW, by the facts {found}",
            What.NORM: "the use a day by the norm is {stated}, computed {found}",
            What.FORMULA: "the formula {stated} does not come to {found}",
            What.LAW: "the documents are {stated}, those of the tariffs {found}",
            What.RESULT: "the result is {stated}, the steps add up to {found}",
            What.BEFORE: "demanded until then {stated}, by the lines before {found}",
            What.AMOUNT: "the sum is {stated}, computed {found}",
            What.REPRODUCED: "reproduced is {stated}, should be {found}",
            What.TOTAL: "is {stated}, the lines add up to {found}",
            What.OVERDUE: "overdue is {stated}, by the open claims {found}",
            What.DUE: "the next due date is {stated}, by the open claims {found}",
            What.PARTS: "a part of the plan is {stated}, by the agreement and the payments {found}",
            What.COVERS: "the plan covers {stated}, by the agreement {found}",
            What.ENDED: "the plan's days are said to begin or end {stated}, by the facts {found}",
            What.FROZEN: "a penalty runs on {stated}, though the plan freezes it on {found}",
            What.LIMITATION: "the limitation runs out {stated}, by the due date, the plans and what is open {found}",
            What.OPENING: "{stated}, brought forward from elsewhere",
            What.PAYMENT: "{stated}, as it was received",
            What.DEMAND: "{stated}, demanded without a calculation",
            What.SHARE: "what {stated} is of",
        }
    ),
)
_RUSSIAN = _Tongue(
    holds="Лицевой счёт {account} на {day}: протокол верен",
    fails="Лицевой счёт {account} на {day}: протокол НЕ сходится, ошибок: {faults}",
    counted="строк: {lines}, заново посчитано по фактам: {computed}",
    given="Принято как есть, проверить это здесь не по чему:",
    line="строка {line} ({kind}{month})",
    whole="итог",
    said="    {place}: {said}",
    step="шаг {number}",
    days="отрезок дней {number}",
    field="«{field}»",
    more="и ещё {count}",
    kinds=MappingProxyType(
        {
            "opening": "входящий остаток",
            "bill": "счёт",
            "recalculation": "перерасчёт",
            "payment": "оплата",
            "provisional": "расход после последнего счёта",
            "pending": "перерасчёт, ещё не проведён",
            "penalty": "пени",
            "accrued": "пени, ещё не проведены",
            "write_off": "списано",
            "interest": "проценты по рассрочке",
            "agreed": "проценты по рассрочке, ещё не проведены",
        }
    ),
    whats=MappingProxyType(
        {
            What.UNREADABLE: "не читается, нужно: {found}",
            What.UNKNOWN: "вид строки, которого проверка не знает: {stated}",
            What.DAYS: "дни или порядок расчёта не подходят виду строки: {stated}, должно быть {found}",
            What.TWICE: "начислено за дни {stated}, но дни до {found} уже начислены",
            What.UNCOVERED: "дни с {stated} по {found} не покрыты ровно одним тарифом",
            What.SPANS: "дни равного расхода не стыкуются: {stated}, {found}",
            What.PER_DAY: "расход в день {stated}, по расчёту {found}",
            What.ESTIMATED: "признак прогноза {stated}, а последнее показание от {found}",
            What.FOREIGN: "{stated} не показание для {found}",
            What.LATER: "{stated} получено позже, чем {found}, где оно учтено",
            What.USUAL: "обычный расход {stated}, по расчёту {found}",
            What.COUNT: "счёт {stated}, по показаниям {found}",
            What.VOLUME: "объём {stated}, а разность {found}",
            What.ZONES: "измерены зоны {stated}, у счётчика {found}",
            What.LACKS: "не хватает: {found}",
            What.NEEDLESS: "лишнее: {stated}",
            What.BLOCK: "объём по этой цене {stated}, по тарифу {found}",
            What.RATE: "цена {stated}, по тарифу {found}",
            What.FEE: "плата {stated}, по тарифу {found}",
            What.PRODUCT: "получилось {stated}, по расчёту {found}",
            What.EXACT: "до округления {stated}, сумма произведений {found}",
            What.RULE: "правило {stated}, должно быть {found}",
            What.ROUNDED: "округлено до {stated}, должно быть {found}",
            What.PART: "стоит {stated}, по тарифу {found}",
            What.PERSONS: "учтено человек {stated}, по фактам {found}",
            What.MULTIPLIER: "коэффициент {stated}, по фактам {found}",
            What.POWER: "мощность {stated} кВт, по фактам {found}",
            What.NORM: "расход в день по нормативу {stated}, по расчёту {found}",
            What.FORMULA: "формула {stated} не даёт {found}",
            What.LAW: "документы {stated}, у тарифов {found}",
            What.RESULT: "результат {stated}, сумма шагов {found}",
            What.BEFORE: "начислено до этого {stated}, по прежним строкам {found}",
            What.AMOUNT: "сумма {stated}, по расчёту {found}",
            What.REPRODUCED: "признак повторяемости {stated}, должен быть {found}",
            What.TOTAL: "стоит {stated}, сумма строк {found}",
            What.OVERDUE: "долг {stated}, по неоплаченным счетам {found}",
            What.DUE: "ближайший срок {stated}, по неоплаченным счетам {found}",
            What.PARTS: "часть рассрочки {stated}, по соглашению и оплатам {found}",
            What.COVERS: "рассрочка охватывает {stated}, по соглашению {found}",
            What.ENDED: "начало или конец рассрочки {stated}, по фактам {found}",
            What.FROZEN: "пени идут {stated}, хотя рассрочка их останавливает {found}",
            What.LIMITATION: "срок исковой давности истекает {stated}, по сроку оплаты, рассрочке и остатку {found}",
            What.OPENING: "{stated}, перенесено извне",
            What.PAYMENT: "{stated}, как поступило",
            What.DEMAND: "{stated}, предъявлено без расчёта",
            What.SHARE: "от чего берётся {stated}",
        }
    ),
)
LANGUAGES: Mapping[str, _Tongue] = MappingProxyType({"en": _ENGLISH, "ru": _RUSSIAN})

SHOWN = 20
"""So many findings are told one by one."""


def told(report: Report, language: str = "en") -> Iterator[str]:
    """The report as lines of text: the verdict, what does not hold, what was taken as it stands.

    :raises KeyError: not a language of `LANGUAGES`.
    """
    tongue = LANGUAGES[language]
    verdict = tongue.holds if report.holds else tongue.fails
    yield verdict.format(account=report.account, day=report.day, faults=len(report.faults))
    yield "  " + tongue.counted.format(lines=report.lines, computed=report.computed)
    yield from _listed(tongue, report.faults)
    if report.given:
        yield "  " + tongue.given
        yield from _listed(tongue, report.given)


def _listed(tongue: _Tongue, findings: tuple[Finding, ...]) -> Iterator[str]:
    for one in findings[:SHOWN]:
        said = tongue.whats[one.what].format(stated=one.stated or "—", found=one.found or "—")
        yield tongue.said.format(place=_place(tongue, one.place), said=said)
    if len(findings) > SHOWN:
        yield "    " + tongue.more.format(count=len(findings) - SHOWN)


def _place(tongue: _Tongue, place: Place) -> str:
    month = f" {place.month}" if place.month else ""
    kind = tongue.kinds.get(place.kind, place.kind)
    line = tongue.line.format(line=place.line, kind=kind, month=month) if place.line is not None else tongue.whole
    return f"{line}, {_step(tongue, place.step)}" if place.step else line


def _step(tongue: _Tongue, step: str) -> str:
    """A path such as steps.1.after in words; any other as it is."""
    found = re.fullmatch(r"(steps|days)\.(\d+)(?:\.(.+))?", step)
    if found is None:
        return tongue.field.format(field=step)
    part, number, name = found.groups()
    said = (tongue.step if part == "steps" else tongue.days).format(number=number)
    return f"{said} {tongue.field.format(field=name)}" if name else said
