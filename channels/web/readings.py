"""Readings of all meters of an account on one form, judged as a text would be; what was read last."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web

from channels.web import asking
from channels.web.model import Asked, Form, Get, Page, Route, Said, Say
from core.accounts.rights import Deed
from core.cabinet import viewing
from core.commands import Named, Subject, SubmitReading, Undo, Wanted
from core.messages import About, Accepted, Reply
from core.metering import expecting
from core.metering.model import Meter
from core.records import HistoryTold
from core.selfservice import deciding, looking, veiling
from core.selfservice.model import AccountFacts, Facts
from pages import forms
from pages.volumes import Volumes

BACK = timedelta(days=31)
"""So far back may a reading's day lie (ruling 5)."""

_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """A register to be read: the name of its field, its meter, its zone ("total" for the only one), what it showed last
    and when, None where that may not be seen or nothing is known, and a number of its length."""

    name: str
    meter: Meter
    zone: str
    last: str | None
    on: date | None
    example: str


def fields(account: AccountFacts, facts: Facts) -> tuple[Field, ...]:
    """The registers of the meters that stand, in their order."""
    sees = veiling.may_see(account, facts)
    states = account.state.registers
    found = []
    for meter in account.working:
        for no in expecting.needed(meter):
            state = states.get((meter.id, no))
            last = state.last if state and sees else None
            shown = expecting.shown(meter, last.value) if last else None
            example = "0" * (meter.digits - 1) + "1" if shown is None else shown
            name = f"r{meter.id}.{no}"
            found.append(Field(name, meter, meter.zones[no - 1], shown, last.day if last else None, example))
    return tuple(found)


def reading(asked: Asked, known: tuple[Field, ...], form: Form) -> SubmitReading | str:
    """The reading that the form brings; else the name of the text that says what is wrong with it."""
    values = []
    for one in known:
        told = re.sub(r"\s", "", form.get(one.name, "")).replace(",", ".")
        if not told:
            continue
        if not _NUMBER.fullmatch(told):
            return "readings.no_number"
        values.append(Named(one.zone, told, one.meter.serial))
    if not values:
        return "readings.none_given"
    on = forms.day(form.get("on", ""))
    if form.get("on", "") and on is None:
        return "readings.no_day"
    return SubmitReading(tuple(values), account=asked.holding.account.number, on=on)


async def show(asked: Asked, *, trouble: str | None = None, status: int = 200) -> Page:
    """The form, the question that is open, and the last readings where the link may see them."""
    asked.need(SubmitReading)
    wanted = Wanted(Subject.HISTORY, asked.holding.account.number)
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
        facts = await viewing.with_record(conn, facts, wanted) if asked.may(Deed.SHOW_SUMS) else facts
    account = asked.mine(facts)
    history = looking.look(wanted, facts).reply
    return Page(
        "readings.html",
        {
            "fields": fields(account, facts),
            "history": history.meters if isinstance(history, HistoryTold) else (),
            "several": len(account.working) > 1,
            "today": account.today,
            "first_day": account.today - BACK,
            "window": facts.company.window,
            "asks": asking.open_question(asked, facts),
            "answers": asked.path("readings/answer"),
            "trouble": trouble,
        },
        status,
    )


async def _given(asked: Asked, form: Form) -> Said | Page:
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
    known = fields(asked.mine(facts), facts)
    command = reading(asked, known, form)
    if isinstance(command, str):
        return await show(asked, trouble=command, status=422)
    return Said(command, " ".join(form[one.name].strip() for one in known if form.get(one.name, "").strip()))


async def _undo(asked: Asked, _: Form) -> Said:
    return Said(Undo(), asked.words("readings.undo"))


async def preview(asked: Asked) -> web.Response:
    """What the numbers would come to, as JSON: nothing is stored. {"text": …, "good": whether they would be taken}."""
    asked.need(SubmitReading)
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
    account = asked.mine(facts)
    command = reading(asked, fields(account, facts), asked.request.query)
    if isinstance(command, str):
        return web.json_response({"text": "", "good": False})
    reply = deciding.decide(command, facts).reply
    bare = reply.reply if isinstance(reply, About) else reply
    return web.json_response({"text": _foretold(asked, bare, reply), "good": isinstance(bare, Accepted)})


def _foretold(asked: Asked, bare: Reply, reply: Reply) -> str:
    if not isinstance(bare, Accepted):
        return asked.house.speech.say(reply, asked.language, page=True)
    t, volume, money = asked.words, Volumes(asked.words), bare.money
    told = [t("readings.would_use", used=volume(one.used, one.service)) for one in bare.taken if one.used is not None]
    if money is not None:
        told.append(t("readings.would_pay", sum=t.money(money.to_pay - money.credit)))
    return ", ".join(told) or t("readings.would_do")


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/readings", show),
    Get("/my/{account}/readings/sum", preview),
    Say("/my/{account}/readings", _given, "readings"),
    Say("/my/{account}/readings/undo", _undo, "readings"),
)
