"""Why a sum changed, as data and as plain lines in English or Russian."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from core.basics.facts import dataclass
from core.billing.engine import protocol
from core.billing.engine.changing import Cause, Difference, Part

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Tongue:
    """The words of a language, and its decimal mark."""

    mark: str
    causes: Mapping[Cause, str]
    head: str
    same: str
    volumes: str
    total: str


_ENGLISH = _Tongue(
    mark=".",
    causes=MappingProxyType(
        {
            Cause.TARIFF: "a tariff that became known",
            Cause.READING: "a reading in place of what was billed",
            Cause.USE: "use that was read",
            Cause.WITHDRAWAL: "a reading taken back",
            Cause.CONDITION: "what the account is charged by",
            Cause.OPENING: "brought forward from an older system",
            Cause.BILL: "bill",
            Cause.RECALCULATION: "recalculation posted",
            Cause.PENALTY: "penalty",
            Cause.WRITE_OFF: "written off",
            Cause.PAYMENT: "payment",
            Cause.REVERSAL: "payment taken back",
            Cause.DAYS: "days of delay",
        }
    ),
    head="Account {account}: {before} on {since}, {after} on {on}",
    same="  nothing changed it",
    volumes="{after} in place of {before}",
    total="Difference {sum}",
)
_RUSSIAN = _Tongue(
    mark=",",
    causes=MappingProxyType(
        {
            Cause.TARIFF: "тариф, ставший известным",
            Cause.READING: "показание вместо начисленного",
            Cause.USE: "расход по показанию",
            Cause.WITHDRAWAL: "показание отозвано",
            Cause.CONDITION: "условия начисления",
            Cause.OPENING: "перенесено из прежней системы",
            Cause.BILL: "счёт",
            Cause.RECALCULATION: "перерасчёт проведён",
            Cause.PENALTY: "пени",
            Cause.WRITE_OFF: "списано",
            Cause.PAYMENT: "оплата",
            Cause.REVERSAL: "оплата возвращена",
            Cause.DAYS: "дни просрочки",
        }
    ),
    head="Лицевой счёт {account}: {before} на {since}, {after} на {on}",
    same="  ничего не изменилось",
    volumes="{after} вместо {before}",
    total="Разница {sum}",
)
LANGUAGES: Mapping[str, _Tongue] = MappingProxyType({"en": _ENGLISH, "ru": _RUSSIAN})


def as_json(account: str, found: Difference) -> Json:
    """The difference as a dictionary that JSON can hold; numbers are text in main units, a credit is negative."""
    return {
        "account": account,
        "since": found.since.isoformat(),
        "on": found.on.isoformat(),
        "before": protocol.money(found.before),
        "after": protocol.money(found.after),
        "difference": protocol.money(found.after - found.before),
        "parts": [_part(one) for one in found.parts],
    }


def _part(one: Part) -> Json:
    known = {
        "fact": one.fact,
        "period": one.month and str(one.month),
        "volume_before": one.volumes and protocol.volume(one.volumes[0]),
        "volume_after": one.volumes and protocol.volume(one.volumes[1]),
    }
    told = {"cause": one.cause.value, "amount": protocol.money(one.amount)}
    return told | {name: value for name, value in known.items() if value is not None}


def as_text(account: str, found: Difference, language: str = "en") -> Iterator[str]:
    """The difference as lines of text.

    :raises KeyError: not a language of `LANGUAGES`.
    """
    tongue = LANGUAGES[language]
    yield tongue.head.format(
        account=account,
        before=_marked(tongue, protocol.money(found.before)),
        since=found.since,
        after=_marked(tongue, protocol.money(found.after)),
        on=found.on,
    )
    for one in found.parts:
        said = [str(one.month)] if one.month else []
        said.append(tongue.causes[one.cause] + (f" ({one.fact})" if one.fact else ""))
        if one.volumes:
            before, after = (_marked(tongue, protocol.volume(volume)) for volume in one.volumes)
            said.append(tongue.volumes.format(before=before, after=after))
        yield f"  {', '.join(said)}: {_signed(tongue, one.amount)}"
    if not found.parts:
        yield tongue.same
    yield tongue.total.format(sum=_signed(tongue, found.after - found.before))


def _signed(tongue: _Tongue, kopecks: int) -> str:
    return ("+" if kopecks > 0 else "") + _marked(tongue, protocol.money(kopecks))


def _marked(tongue: _Tongue, text: str) -> str:
    return text.replace(".", tongue.mark)
