"""The contract desk: lists, a new contract, its text to be signed, taking and revoking it, consents (row MS3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from aiohttp import web

from core.accounts.model import Role as Party
from core.accounts.model import Scope
from core.contracts import actions as contracts
from core.contracts import rules, texts
from core.contracts.model import (
    EXTRA,
    ROLES,
    TOPICS,
    Contract,
    Document,
    How,
    Paper,
    Reason,
    Refused,
    State,
    Topic,
    Wanted,
)
from core.employees.model import Role
from core.store.pool import Connection
from staff.model import Asked, Form, Get, Go, Page, Post, Route

READERS = frozenset({Role.CLERK, Role.AUDITOR, Role.ADMIN})
TAKERS = frozenset({Role.CLERK, Role.ADMIN})

_Kind = TypeVar("_Kind", bound=StrEnum)

SHOWN = 50
_ALL = 2**62

BEYOND = tuple(one for one in Scope if any(one in extra for extra in EXTRA.values()))
"""What a contract may allow beyond some role."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form of a new contract."""

    phone: str
    person: str
    role: str
    document: str
    document_tail: str
    dated: str
    language: str
    extra: frozenset[str]
    topics: frozenset[str]


async def listed(asked: Asked) -> Page:
    """The contracts of an account, or of a day: today's where neither is named."""
    number, told = asked.query("account", longest=20), asked.query("day", longest=10)
    before = _before(asked)
    day = _day(told) or asked.local(asked.at).date()
    trouble = "contract_wrong.day" if told and _day(told) is None else None
    found: list[Contract] = []
    async with asked.connection() as conn:
        if number:
            account_id = await contracts.account(conn, number)
            if account_id:
                await _noted(asked, conn, account_id, "/contracts")
                found = await contracts.of_account(conn, account_id, before=before, most=SHOWN + 1)
            trouble = None if account_id else "contract_wrong.no_account"
        else:
            await _noted(asked, conn, None, "/contracts")
            found = await contracts.of_day(conn, day, before=before, most=SHOWN + 1)
    values = {
        "number": number, "day": day, "contracts": found[:SHOWN], "trouble": trouble, "may_take": _may_take(asked),
        "more": found[SHOWN - 1].id if len(found) > SHOWN else None,
    }  # fmt: skip
    return Page("contracts.html", values, 422 if trouble else 200)


async def blank(asked: Asked) -> Page:
    """The form of a new contract, once the account is named."""
    number = asked.query("account", longest=20)
    if not number:
        return _form(asked, None, None)
    async with asked.connection() as conn:
        account_id = await contracts.account(conn, number)
        if not account_id:
            return _form(asked, None, None, "no_account")
        await _noted(asked, conn, account_id, "/contracts/new")
        person = await contracts.person(conn, account_id, keyring=asked.house.keyring)
    assert person is not None, "accounts stay"
    known = texts.read().languages
    draft = Draft(
        phone="",
        person=person.holder or "",
        role=Party.OWNER,
        document=Document.PASSPORT,
        document_tail="",
        dated=asked.local(asked.at).date().isoformat(),
        language=person.language if person.language in known else "ru",
        extra=frozenset(),
        topics=frozenset(),
    )
    return _form(asked, person, draft)


async def prepare(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Gives the contract its number and its text; it is signed on the next page."""
    account_id = await contracts.account(conn, form.get("account", "")[:20])
    person = await contracts.person(conn, account_id, keyring=asked.house.keyring)
    if person is None:
        return _form(asked, None, None, "no_account")
    draft = _draft(form)
    try:
        prepared = await contracts.prepare(
            conn, account_id, _wanted(draft), by=asked.employee.login, at=asked.at, keyring=asked.house.keyring
        )
    except Refused as refused:
        return _form(asked, person, draft, refused.key, refused.field)
    return Go(f"/contracts/{prepared.id}", "prepared")


async def opened(asked: Asked) -> Page:
    """A contract with its text, scans and consents."""
    async with asked.connection() as conn:
        contract = await _contract(conn, asked)
        await _noted(asked, conn, contract.account_id, f"/contracts/{contract.id}")
        return await _page(asked, conn, contract)


async def sign(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Takes the contract that was signed, with its scan where there is one already."""
    contract = await _contract(conn, asked)
    try:
        await contracts.sign(conn, contract.id, by=asked.employee.login, at=asked.at, wire=asked.wire)
        if asked.file:
            await _scanned(asked, conn, contract)
    except Refused as refused:
        return await _page(asked, conn, contract, refused)
    return Go(f"/contracts/{contract.id}", "signed")


async def attach(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Keeps a scan of the contract."""
    contract = await _contract(conn, asked)
    try:
        await _scanned(asked, conn, contract)
    except Refused as refused:
        return await _page(asked, conn, contract, refused)
    return Go(f"/contracts/{contract.id}", "scanned")


async def download(asked: Asked) -> Page | web.StreamResponse:
    """A scan as it came: it is saved, never shown by the browser as a page of ours."""
    told = asked.query("no", longest=18)
    async with asked.connection() as conn:
        contract = await _contract(conn, asked)
        await _noted(asked, conn, contract.account_id, f"/contracts/{contract.id}/scan")
        if not sees_in_full(asked, contract):
            return Page("problem.html", {"problem": "scan"}, 403)
        scan_id = int(told) if told.isascii() and told.isdigit() else 0
        found = await contracts.picture(conn, contract.id, scan_id, keyring=asked.house.keyring)
    if found is None:
        raise web.HTTPNotFound
    kind, picture = found
    type_ = "application/pdf" if kind == "pdf" else f"image/{kind}"
    name = f'attachment; filename="{contract.number}-{scan_id}.{kind}"'
    return web.Response(body=picture, content_type=type_, headers={"Content-Disposition": name})


async def revoke(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Ends the contract, and with it the link of its phone."""
    contract = await _contract(conn, asked)
    try:
        reason, on = _one_of(Reason, form.get("reason", ""), "reason"), _day(form.get("on", ""))
        if on is None:
            raise Refused("ended_on", "not a day", "on")
        await contracts.revoke(
            conn, contract.id, reason, form.get("words", "").strip(), on=on, by=asked.employee.login, at=asked.at,
            wire=asked.wire,
        )  # fmt: skip
    except Refused as refused:
        return await _page(asked, conn, contract, refused)
    return Go(f"/contracts/{contract.id}", "revoked")


async def consent(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Writes down that the person gives or withdraws a consent."""
    contract = await _contract(conn, asked)
    try:
        topic, how = _one_of(Topic, form.get("topic", ""), "topic"), _one_of(How, form.get("how", ""), "how")
        given, on = form.get("given"), _day(form.get("on", ""))
        if topic not in TOPICS or how not in (How.PAGE, How.PAPER) or given not in ("1", "0") or on is None:
            raise Refused("consent", "choose the topic, what is said, how and when", "topic")
        await contracts.consent(
            conn, contract.id, topic, given=given == "1", how=how, on=on, by=asked.employee.login, at=asked.at
        )
    except Refused as refused:
        return await _page(asked, conn, contract, refused)
    return Go(f"/contracts/{contract.id}", "consented")


def sees_in_full(asked: Asked, contract: Contract) -> bool:
    """Whether the phone is shown whole, and scans, in which it stands (R39): to those who see phones, and on the day to
    who typed it himself and has to print it."""
    typed = contract.prepared_by == asked.employee.login
    same_day = asked.local(contract.prepared_at).date() == asked.local(asked.at).date()
    return asked.employee.sees_in_full or (typed and same_day)


async def _contract(conn: Connection, asked: Asked) -> Contract:
    """:raises web.HTTPNotFound: there is none with the number in the address."""
    found = await contracts.one(conn, asked.number)
    if found is None:
        raise web.HTTPNotFound
    return found


async def look_at_account(asked: Asked, form: Form) -> None:
    """Notes the look that the form of a new contract is; it stays noted where the form cannot be done."""
    async with asked.connection() as conn:
        account_id = await contracts.account(conn, form.get("account", "")[:20])
        if account_id:
            await _noted(asked, conn, account_id, "/contracts/new")


async def look_at_contract(asked: Asked, _: Form) -> None:
    """Notes the look that a form of a contract is."""
    async with asked.connection() as conn:
        contract = await _contract(conn, asked)
        await _noted(asked, conn, contract.account_id, asked.request.path)


async def _noted(asked: Asked, conn: Connection, account_id: int | None, what: str) -> None:
    async with conn.transaction():
        await asked.look(conn, account_id, what)


async def _scanned(asked: Asked, conn: Connection, contract: Contract) -> None:
    await contracts.scan(
        conn, contract.id, asked.file, by=asked.employee.login, at=asked.at, keyring=asked.house.keyring
    )


async def _page(asked: Asked, conn: Connection, contract: Contract, refused: Refused | None = None) -> Page:
    full = sees_in_full(asked, contract)
    paper: Paper = await contracts.show(conn, contract.id, keyring=asked.house.keyring, full=full)
    values = {
        "paper": paper,
        "one": paper.contract,
        "full": full,
        "may_take": _may_take(asked),
        "is_open": paper.contract.state in (State.PREPARED, State.IN_FORCE, State.UNLINKED),
        "topics": TOPICS,
        "said_of": {one.topic: one for one in paper.consents},
        "reasons": tuple(Reason),
        "today": asked.local(asked.at).date().isoformat(),
        "largest": rules.LARGEST // 1024 // 1024,
        "trouble": f"contract_wrong.{refused.key}" if refused else None,
    }
    return Page("contract.html", values, 422 if refused else 200)


def _form(asked: Asked, person: contracts.Person | None, draft: Draft | None, wrong: str = "", field: str = "") -> Page:
    values = {
        "person": person,
        "draft": draft,
        "roles": ROLES,
        "extra": BEYOND,
        "topics": TOPICS,
        "documents": tuple(Document),
        "languages": texts.read().languages,
        "trouble": f"contract_wrong.{wrong}" if wrong else None,
        "wrong": field,
        "number": asked.query("account", longest=20),
    }
    return Page("contract_new.html", values, 422 if wrong else 200)


def _draft(form: Form) -> Draft:
    return Draft(
        phone="".join(one for one in form.get("phone", "") if one not in " -()"),
        person=form.get("person", ""),
        role=form.get("role", ""),
        document=form.get("document", ""),
        document_tail=form.get("document_tail", ""),
        dated=form.get("dated", ""),
        language=form.get("language", ""),
        extra=frozenset(one for one in BEYOND if form.get(f"extra_{one}")),
        topics=frozenset(one for one in TOPICS if form.get(f"topic_{one}")),
    )


def _wanted(draft: Draft) -> Wanted:
    """:raises Refused: what was chosen is none of what there is, or the day is none."""
    dated = _day(draft.dated)
    if dated is None:
        raise Refused("dated", f"not a day: {draft.dated!r}", "dated")
    return Wanted(
        phone=draft.phone,
        person=draft.person,
        role=_one_of(Party, draft.role, "role"),
        document=_one_of(Document, draft.document, "document"),
        document_tail=draft.document_tail,
        dated=dated,
        language=draft.language,
        extra=frozenset(Scope(one) for one in draft.extra),
        topics=frozenset(Topic(one) for one in draft.topics),
    )


def _one_of(kinds: Iterable[_Kind], told: str, field: str) -> _Kind:
    for one in kinds:
        if one == told:
            return one
    raise Refused("choose", f"choose one: {field}", field)


def _may_take(asked: Asked) -> bool:
    return asked.employee.may(TAKERS)


def _before(asked: Asked) -> int:
    told = asked.query("before", longest=18)
    return int(told) if told.isascii() and told.isdigit() else _ALL


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None


ROUTES: tuple[Route, ...] = (
    Get("/contracts", READERS, listed),
    Get("/contracts/new", TAKERS, blank),
    Post("/contracts/new", TAKERS, prepare, look_at_account),
    Get("/contracts/{id}", READERS, opened),
    Post("/contracts/{id}/sign", TAKERS, sign, look_at_contract, file=rules.LARGEST),
    Post("/contracts/{id}/scan", TAKERS, attach, look_at_contract, file=rules.LARGEST),
    Get("/contracts/{id}/scan", READERS, download),
    Post("/contracts/{id}/revoke", TAKERS, revoke, look_at_contract),
    Post("/contracts/{id}/consent", TAKERS, consent, look_at_contract),
)
