"""Why a sum is what it is: every line with its protocol, as text and as JSON, and what changed sums (rows M1, G7)."""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from aiohttp import web

from channels.web import recorded
from channels.web.model import Asked, Get, Page, Route
from channels.web.recorded import Past
from core.billing.engine import protocol, readable
from core.billing.engine.statement import Line, Statement
from core.commands import Why
from core.dossier.own import telling
from core.selfservice import telling as answering

SHOWN = 24
"""So many lines stand open, the latest first; the others unfold."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line with its number in the protocol and its text, which explains it."""

    no: int
    line: Line
    text: tuple[str, ...]


async def show(asked: Asked) -> Page:
    """The short answer, what changed, and the lines of the protocol."""
    asked.need(Why)
    past = await recorded.past(asked)
    try:
        found = _explained(asked, past)
    except recorded.UNTOLD:
        return Page("why.html", {"found": None})
    lines = [
        Told(no, line, readable.of_line(line, found.today, asked.language)[1:])
        for no, line in enumerate(found.lines, 1)
    ]
    lines.sort(key=lambda one: (one.line.day or date.max, one.no), reverse=True)
    values = {
        "found": found,
        "short": _short(asked, past),
        "changes": telling.changes(found, past.life, past.account.meters),
        "lines": lines[:SHOWN],
        "older": lines[SHOWN:],
    }
    return Page("why.html", values)


async def whole(asked: Asked) -> web.Response:
    """The protocol as JSON, as `meterline explain --json` writes it: the checker takes it."""
    asked.need(Why)
    past = await recorded.past(asked)
    try:
        told = protocol.as_json(_explained(asked, past))
    except recorded.UNTOLD:
        raise web.HTTPNotFound from None
    return _json(told, f"protocol-{asked.today}.json")


async def one(asked: Asked) -> web.Response:
    """One line of the protocol as JSON, with the facts that it names."""
    asked.need(Why)
    text = asked.request.match_info["line"]
    past = await recorded.past(asked)
    try:
        told = protocol.as_json(_explained(asked, past))
    except recorded.UNTOLD:
        raise web.HTTPNotFound from None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= len(told["lines"])):
        raise web.HTTPNotFound
    line = told["lines"][int(text) - 1]
    return _json(
        {"account": told["account"], "day": told["day"], "line": line, "facts": protocol.named(line, told["facts"])},
        f"line-{text}-{asked.today}.json",
    )


def _explained(asked: Asked, past: Past) -> Statement:
    """
    :raises recorded.UNTOLD: a day to be charged has no tariff.
    """
    return telling.explained(past.life, past.account.meters, past.facts.tariffs, past.facts.company.rules, asked.today)


def _short(asked: Asked, past: Past) -> str:
    """What a message would answer to WHY."""
    facts = replace(past.facts, record=replace(past.facts.record, history=past.life.facts))
    return asked.house.speech.say(answering.tell(Why(past.account.account.number), facts).reply, asked.language)


def _json(told: dict[str, Any], name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return web.Response(text=text, content_type="application/json", headers=headers)


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/why", show),
    Get("/my/{account}/why/protocol.json", whole),
    Get("/my/{account}/why/lines/{line}", one),
)
