"""A conversation with the town in the terminal: real texts, real answers, and whether their sums are the engine's."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from rich.console import Console
from rich.text import Text

from core.basics.money import MICRO, MILLI, half_up
from core.billing import tariffs
from core.wording import segments
from demo import carrier_book
from demo.carrier import Carrier
from demo.carrier_book import Message
from demo.clock import START
from demo.town_people import STRANGER
from demo.town_specials import ENGLISH_PHONE, HERO_PHONE

PATIENCE = 10.0
"""Seconds for which an answer and its receipt are waited for."""

_LOOK = 0.002
_OCTOBER = 130 * MILLI
_SINCE = 187 * MILLI
"""What the hero used in October, which is billed and unpaid, and from then until 04512; thousandths."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text, what its answer must say, and what it must not."""

    phone: str
    by: str
    text: str
    says: tuple[str, ...]
    hides: tuple[str, ...] = ()


def lines() -> tuple[Line, ...]:
    """The conversation; the sums are computed here from the tariff, apart from the gateway."""
    bill, used = _costs(_OCTOBER), _costs(_SINCE)
    total, owed = _shown(bill + used), _shown(bill)
    hero, name = HERO_PHONE, "Соколов, ..4321"
    return (
        Line(hero, name, "04512", ("04512", total, owed)),
        Line(hero, name, "ПОЧЕМУ", (owed, "187", total)),
        Line(hero, name, "04112", ("04112", "04325")),
        Line(hero, name, "45120", ("45120", "04512")),
        Line(hero, name, "ОТМ", ("04512", "04325")),
        Line(hero, name, "долг", (owed,), (total,)),
        Line(ENGLISH_PHONE, "Emma Clarke, ..6438", "balance", ("To pay",)),
        Line(STRANGER.phone, "чужой телефон", "показание 04512", ("не привязан",), (total, owed)),
    )


async def converse(
    carrier: Carrier,
    *,
    number: str,
    console: Console,
    conversation: Sequence[Line] | None = None,
    patience: float = PATIENCE,
) -> bool:
    """Has the conversation with the gateway behind `number` and prints it; whether every answer was delivered and says
    what it must."""
    went_well = True
    for by, said in groupby(lines() if conversation is None else conversation, key=lambda line: line.by):
        console.print(Text(f"\n{by}", style="bold"))
        for line in said:
            text, answer = await _said(carrier, line, number, patience)
            faults = tuple(_faults(line, answer))
            _print(console, line, text, answer, faults)
            went_well = went_well and not faults
    verdict = "every answer was delivered and says what it must" if went_well else "NOT every answer is right"
    console.print(Text(f"\n{verdict}", style="bold green" if went_well else "bold red"))
    return went_well


async def _said(carrier: Carrier, line: Line, number: str, patience: float) -> tuple[Message | None, Message | None]:
    """The text and its answer as the carrier has them; the answer as far as it came in the time there is."""
    texted = await carrier.text(sender=line.phone, to=number, body=line.text)
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    text = carrier.book.get(texted.sid)
    answer = _answer(carrier, line, text)
    while loop.time() < until and (answer is None or answer.status in ("queued", "sent")):
        await asyncio.sleep(_LOOK)
        answer = _answer(carrier, line, text)
    return text, answer


def _answer(carrier: Carrier, line: Line, text: Message | None) -> Message | None:
    """The first message to the phone since its text."""
    if text is None:
        return None
    later = (one for one in carrier.book.conversation(line.phone) if one.number > text.number)
    return next((one for one in later if one.direction == "outbound-api"), None)


def _faults(line: Line, answer: Message | None) -> Iterator[str]:
    """What is wrong with an answer."""
    if answer is None:
        yield "no answer"
        return
    if answer.status != "delivered":
        yield f"not delivered but {answer.status}"
    for part in line.says:
        if part not in answer.body:
            yield f"does not say {part}"
    for part in line.hides:
        if part in answer.body:
            yield f"tells {part}"


def _print(console: Console, line: Line, text: Message | None, answer: Message | None, faults: tuple[str, ...]) -> None:
    console.print(Text.assemble(("  -> ", "dim"), (line.text, "bold cyan")))
    if answer is not None and text is not None:
        console.print(Text.assemble(("  <- ", "dim"), answer.body), soft_wrap=True)
        counted = segments.count(answer.body)
        took = (answer.created - text.created).total_seconds() * 1000
        price = carrier_book.price(answer)
        told = (
            f"{answer.segments} SMS, {counted.units} units {counted.encoding}",
            f"${abs(Decimal(price or 0)):.4f}",
            f"{took:.0f} ms",
            answer.status,
        )
        console.print(Text("     " + " · ".join(told), style="dim"))
    for fault in faults:
        console.print(Text(f"     {fault}", style="bold red"))


def _costs(volume: int) -> int:
    """Kopecks for so many thousandths of kWh by the hero's tariff."""
    today = START.date()
    version = next(one for one in tariffs.shipped() if one.plan == "RU-FLAT" and today in one.valid)
    return half_up(volume * version.blocks[0].rates["total"] * 100, MILLI * MICRO)


def _shown(kopecks: int) -> str:
    return f"{kopecks // 100},{kopecks % 100:02d}"
