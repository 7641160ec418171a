"""What a program may look at: accounts, what there is to pay, readings, bills, payments, use, the protocol."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from aiohttp import web

from channels.web.api import model
from channels.web.api.calling import Call, Refused
from channels.web.overview import balance as balance_of
from core.basics.periods import Month
from core.billing.engine import protocol, timely
from core.billing.engine.charging import NoTariff
from core.billing.engine.pricing import NoRate
from core.dossier import printing
from core.dossier.own import telling
from core.dossier.own.model import Life
from core.dossier.printing import Paper
from core.messages import Slice
from core.metering.expecting import shown
from pages import bills

OLDEST = Month(2000, 1)


def money(minor: int) -> str:
    return f"{Decimal(minor).scaleb(-2):.2f}"


def volume(thousandths: int) -> str:
    return format(Decimal(thousandths).scaleb(-3).normalize(), "f")


async def accounts(call: Call) -> model.Accounts:
    """The accounts that the phone is linked to."""
    told = [
        model.Account(
            id=call.house.address_of(one.account.id),
            number=one.account.number,
            name=one.link.name,
            role=one.link.role.value,
            may=sorted(scope.value for scope in one.link.scopes),
        )
        for one in call.person.holdings
    ]
    return model.Accounts(accounts=told)


async def balance(call: Call) -> model.Balance:
    """What there is to pay.

    :raises Refused: it cannot be told now.
    """
    facts = await call.facts()
    found = balance_of(facts, call.holding)
    if found is None:
        raise Refused(409, "The sum cannot be told now", "The account has no tariff for some day.")
    sums = found.money
    return model.Balance(
        to_pay=money(sums.to_pay), overdue=money(sums.overdue), credit=money(sums.credit), due_on=sums.due_on,
        parts=[_part(one) for one in found.slices],
    )  # fmt: skip


def _part(one: Slice) -> model.Part:
    kind: Any = "paid_ahead" if one.paid else "penalty" if one.penalty else "planned" if one.planned else "charge"
    month = None if one.month is None else str(one.month)
    return model.Part(kind=kind, month=month, amount=money(one.amount), overdue=one.overdue)


async def readings(call: Call) -> model.Readings:
    """The readings in force, the latest first."""
    _, account, life = await call.past()
    meters = {meter.id: meter for meter in account.meters}
    found = [
        model.Reading(
            meter=meters[meter].serial,
            zone=meters[meter].zones[register - 1],
            day=one.day,
            value=shown(meters[meter], one.value),
            source=one.source.name.lower(),
        )
        for (meter, register), some in timely.in_force(life.facts, account.meters).items()
        for one in some
    ]
    found.sort(key=lambda one: (one.day, one.meter, one.zone), reverse=True)
    return model.Readings(readings=found)


async def listed(call: Call) -> model.Bills:
    """What was demanded, the latest first."""
    _, account, life = await call.past()
    found = [
        model.Bill(
            no=one.no, kind=one.kind, month=str(one.month), amount=money(one.amount), issued_on=one.issued_on,
            due_on=one.due_on, left=money(one.left), status=one.status.value,
        )
        for one in telling.bills(life, account.state, call.today)
    ]  # fmt: skip
    return model.Bills(bills=found)


async def bill(call: Call) -> model.BillPaper:
    """A bill as it was issued.

    :raises Refused: there is no such bill.
    """
    paper = await _paper(call)
    face = paper.face
    lines = [
        model.BillLine(
            service=one.service, kind=one.kind, volume=None if one.volume is None else volume(one.volume),
            amount=money(one.amount),
        )
        for one in face.lines
    ]  # fmt: skip
    return model.BillPaper(
        no=face.no, kind=face.kind, month=str(face.month), issued_on=face.issued_on, due_on=face.due_on, lines=lines,
        amount=money(face.amount), opening=money(face.opening), paid=money(face.paid), closing=money(face.closing),
        code=face.code, sha256=paper.digest.hex(),
    )  # fmt: skip


async def pdf(call: Call) -> web.Response:
    """The bill on paper, in the phone's language.

    :raises Refused: there is no such bill.
    """
    paper = await _paper(call, f"pdf-{call.language}")
    return web.Response(body=paper.body, content_type="application/pdf")


async def _paper(call: Call, form: str | None = None) -> Paper:
    text = call.request.match_info["no"]
    async with call.connection() as conn:
        paper = await printing.paper(
            conn, call.holding.account.id, int(text), keyring=call.house.keyring, at=call.at, form=form,
            draw=partial(bills.pdf, language=call.language),
        )  # fmt: skip
    if paper is None:
        raise Refused(404, "There is no such bill")
    return paper


async def payments(call: Call) -> model.Payments:
    """What was paid, the latest first."""
    _, _, life = await call.past()
    found = sorted(life.facts.payments, key=lambda one: (one.paid_on, one.no), reverse=True)
    return model.Payments(
        payments=[
            model.Payment(
                day=one.paid_on, amount=money(one.amount), month=None if one.month is None else str(one.month)
            )
            for one in found
        ]
    )


async def book(call: Call) -> model.Book:
    """The subscriber's book, the latest month first."""
    _, account, life = await call.past()
    rows = [
        model.BookMonth(
            month=str(row.month),
            volumes={service: volume(amount) for service, amount in sorted(row.volumes.items())},
            charged=money(row.charged), corrected=money(row.corrected), late=money(row.late), paid=money(row.paid),
            left=money(row.left),
        )
        for row in telling.book(life, account.meters)
    ]  # fmt: skip
    return model.Book(months=rows)


async def use(call: Call) -> model.Use:
    """The use a day of one service, of two months from that asked for.

    :raises Refused: the account has no meter, or a day has no tariff.
    """
    facts, account, life = await call.past()
    first = _month(call)
    try:
        found = telling.days(
            life, account.meters, facts.tariffs, today=call.today, first=first.first, end=first.next.next.first,
            service=call.request.query.get("service", ""),
        )  # fmt: skip
    except (NoTariff, NoRate):
        raise Refused(409, "The use cannot be told now", "The account has no tariff for some day.") from None
    if found is None:
        raise Refused(404, "The account has no meter")
    days = [
        model.Day(
            day=one.day, volume=volume(one.volume), foretold=one.foretold,
            least=None if one.least is None else volume(one.least), most=None if one.most is None else volume(one.most),
        )
        for one in found.days
    ]  # fmt: skip
    return model.Use(service=found.service, days=days)


def _month(call: Call) -> Month:
    now = Month.of(call.today)
    told = call.request.query.get("since")
    if not told:
        return now.previous
    return min(max(Month.of(date.fromisoformat(f"{told}-01")), OLDEST), now)


async def explained(call: Call) -> dict[str, Any]:
    """The protocol of what there is to pay, which the checker takes.

    :raises Refused: it cannot be told now.
    """
    facts, account, life = await call.past()
    return _explained(life, account.meters, facts, call.today)


def _explained(life: Life, meters: Any, facts: Any, today: date) -> dict[str, Any]:
    try:
        return protocol.as_json(telling.explained(life, meters, facts.tariffs, facts.company.rules, today))
    except (NoTariff, NoRate):
        raise Refused(409, "The sum cannot be told now", "The account has no tariff for some day.") from None
