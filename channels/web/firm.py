"""The cabinet of who has many accounts, such as an organisation: all points, contract and period, and readings of all
meters in one file with an answer for each row (row G1)."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from channels.web import packing
from channels.web.model import Asked, Form, Get, Go, Page, Post, Route
from channels.web.overview import balance
from core.accounts import rights
from core.accounts.rights import Deed, Proof
from core.basics.channel import Channel
from core.basics.periods import Month
from core.cabinet import viewing
from core.cabinet.model import Holding
from core.cabinet.sheets import actions as sheets
from core.cabinet.sheets.model import ROWS, Answered, Place, Reading
from core.commands import Named, SubmitReading
from core.importing.model import FileRefused, Problem
from core.inbox.model import Inbound
from core.messages import About, Accepted, BalanceTold
from core.metering import expecting
from core.selfservice.model import AccountFacts, Facts
from core.store.pool import Connection
from pages import forms

LARGEST = 64 * 1024
"""Bytes of a file with readings."""

HEADER = ("account", "meter", "zone", "date", "reading")


@dataclass(frozen=True, slots=True)
class Line:
    """An account in the list: what it is, its meters with their last readings, and what there is to pay."""

    holding: Holding
    path: str
    place: Place | None
    plans: tuple[tuple[str, str], ...]
    meters: tuple[tuple[str, str, date | None], ...]
    balance: BalanceTold | None
    reads: bool


async def show(asked: Asked) -> Page:
    """All accounts with their points, contract and period, and the form for a file."""
    return await _page(asked)


async def _page(asked: Asked, trouble: str | None = None) -> Page:
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
        places = await sheets.places(conn, asked.person, keyring=asked.house.keyring)
    lines = [_line(asked, facts, one, places) for one in facts.accounts]
    month = Month.of(facts.today)
    told = [one.balance.money for one in lines if one.balance is not None]
    values = {
        "lines": lines,
        "total": sum(one.to_pay for one in told),
        "overdue": sum(one.overdue for one in told),
        "month": month,
        "window": facts.company.window,
        "due": facts.company.due(month),
        "most": ROWS,
        "trouble": trouble,
    }
    return Page("firm.html", values, 422 if trouble else 200)


def _line(asked: Asked, facts: Facts, account: AccountFacts, places: Mapping[int, Place]) -> Line:
    holding = Holding(account.account, account.link)
    reads = rights.allowed(Deed.SHOW_SUMS, account.link, Proof.SESSION)
    place = places.get(account.account.id)
    plans = place.plans(account.state.conditions, account.today) if place else ()
    meters = tuple(_meter(account, reads, meter.id) for meter in account.working)
    return Line(
        holding, asked.path(of=holding), place if reads else None, plans if reads else (), meters,
        balance(facts, holding), reads,
    )  # fmt: skip


def _meter(account: AccountFacts, reads: bool, id: int) -> tuple[str, str, date | None]:
    """The serial, what it showed last, and when."""
    meter = next(one for one in account.working if one.id == id)
    states = [account.state.registers.get((id, no)) for no in expecting.needed(meter)]
    last = [one.last for one in states if one is not None and one.last is not None]
    if not reads or len(last) != len(states):
        return meter.serial, "", None
    return meter.serial, " / ".join(expecting.shown(meter, one.value) for one in last), last[0].day


async def sample(asked: Asked) -> web.Response:
    """A file with a row for each register of all meters, to be filled in."""
    async with asked.connection() as conn:
        facts = await asked.facts(conn)
    rows = [
        (account.account.number, meter.serial, meter.zones[no - 1], str(account.today), "")
        for account in facts.accounts
        for meter in account.working
        for no in expecting.needed(meter)
    ]
    return _csv("readings.csv", HEADER, rows)


async def upload(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Sends the readings of a file, each as a text would be, and keeps what was answered to each row."""
    try:
        rows = sheets.read(asked.file)
    except FileRefused:
        return await _page(asked, "firm.no_table" if asked.file else "firm.no_file")
    except sheets.TooManyRows:
        return await _page(asked, "firm.too_many")
    answers = [wrong for one in rows if (wrong := _wrong(asked, one)) is not None]
    lines = {one.line for one in answers}
    for group in _groups(one for one in rows if isinstance(one, Reading) and one.line not in lines):
        answers.extend(await _said(asked, form["key"], group))
    answers.sort(key=lambda one: one.line)
    await sheets.keep(
        conn, asked.person, form["key"], answers, keyring=asked.house.keyring, wall=asked.house.wall()
    )  # fmt: skip
    return Go(f"/firm/result?file={form['key']}")


def _wrong(asked: Asked, one: Reading | Problem) -> Answered | None:
    """What is wrong with a row that is not sent; None where it is."""
    if isinstance(one, Problem):
        return _unread(asked, one)
    if not any(own.account.number == one.account for own in asked.person.holdings):
        return _answered(one, False, asked.words("firm.not_yours"))
    if not re.fullmatch(r"[0-9]{1,12}([.,][0-9]{1,6})?", one.value, re.ASCII):
        return _answered(one, False, asked.words("readings.no_number"))
    return None


def _groups(rows: Iterable[Reading]) -> list[list[Reading]]:
    """The rows that are one message: those of one meter and day, each zone once."""
    found: list[list[Reading]] = []
    for one in rows:
        for group in found:
            first = group[0]
            same = (first.account, first.meter, first.day) == (one.account, one.meter, one.day)
            if same and one.zone not in {other.zone for other in group}:
                group.append(one)
                break
        else:
            found.append([one])
    return found


async def _said(asked: Asked, key: str, group: Sequence[Reading]) -> list[Answered]:
    """The answers to the rows of one meter and day, which are one message."""
    first = group[0]
    values = tuple(Named(one.zone, one.value.replace(",", "."), one.meter) for one in group)
    content = repr((first.account, first.meter, first.day, values)).encode()
    told = await asked.house.answer(
        Inbound(
            channel=Channel.WEB,
            provider=viewing.PROVIDER,
            reference=hashlib.sha256(b"sheet\0" + asked.person.sender.hash + key.encode() + content).hexdigest(),
            address=asked.person.phone,
            said=SubmitReading(values, account=first.account, on=first.day),
            at=asked.at,
            payload=content,
            words=" ".join(one.value for one in group),
        )
    )
    bare = told.reply.reply if isinstance(told.reply, About) else told.reply
    taken = isinstance(bare, Accepted)
    text = told.text or asked.words("firm.repeated" if told.repeated else "firm.no_answer")
    return [_answered(one, taken or told.repeated, text) for one in group]


def _answered(one: Reading, taken: bool, told: str) -> Answered:
    return Answered(one.line, one.account, one.meter, one.zone, str(one.day or ""), one.value, taken, told)


def _unread(asked: Asked, one: Problem) -> Answered:
    column = asked.words(f"firm.column_{one.column}") if one.column in HEADER else ""
    told = asked.words("firm.bad_cell", column=column) if column else asked.words("firm.bad_row")
    return Answered(one.line, "", "", "", "", one.value, False, told)


async def result(asked: Asked) -> Page:
    """What was answered to each row of a file."""
    key, answers = await _kept(asked)
    return Page("sheet.html", {"answers": answers, "file": key, "taken": sum(one.taken for one in answers)})


async def download(asked: Asked) -> web.Response:
    """The same as a file."""
    _, answers = await _kept(asked)
    rows = [
        (str(one.line), one.account, one.meter, one.zone, one.day, one.value, "yes" if one.taken else "no", one.told)
        for one in answers
    ]
    return _csv("result.csv", ("line", *HEADER, "taken", "answer"), rows)


async def _kept(asked: Asked) -> tuple[str, tuple[Answered, ...]]:
    """
    :raises web.HTTPNotFound: the person has no such file.
    """
    key = asked.query("file")
    if not forms.is_key(key):
        raise web.HTTPNotFound
    async with asked.connection() as conn:
        answers = await sheets.kept(conn, asked.person, key, keyring=asked.house.keyring)
    if answers is None:
        raise web.HTTPNotFound
    return key, answers


def _csv(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> web.Response:
    """A file for spreadsheets, in which no cell is a formula."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=packing.sheet(header, rows), content_type="text/csv", charset="utf-8", headers=headers)


ROUTES: tuple[Route, ...] = (
    Get("/firm", show),
    Get("/firm/sample.csv", sample),
    Post("/firm", upload, file=LARGEST),
    Get("/firm/result", result),
    Get("/firm/result.csv", download),
)
