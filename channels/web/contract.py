"""The SMS contract of a person's own phone: to be read, and accepted with a code that goes to that phone (row MS3)."""

import re

from channels.web import login
from channels.web.model import Asked, Done, Form, Get, Go, Page, Post, Route, Said, Say
from core.cabinet import confirming
from core.cabinet.confirming import Matter, Sent
from core.commands import Subject, Wanted
from core.contracts import accepting
from core.households import ContractCode
from core.store.pool import Connection

_CODE = re.compile(r"[0-9]{6}", re.ASCII)
KIND = "contract"


async def show(asked: Asked) -> Page:
    """The contracts that hold for this phone, and those that wait for its code."""
    async with asked.connection() as conn:
        return await _page(asked, conn)


async def _page(asked: Asked, conn: Connection, trouble: str | None = None) -> Page:
    found = await accepting.of_phone(
        conn, asked.holding.account.id, asked.person.sender.hash, at=asked.at, keyring=asked.house.keyring
    )
    return Page("contract.html", {"contracts": found, "trouble": trouble}, 422 if trouble else 200)


async def _send(asked: Asked, conn: Connection, form: Form) -> Go | Done | Page:
    """Sends the code for the contract that is named, where it waits for this phone."""
    found = await _waiting(asked, conn, form)
    if found is None:
        return Page("problem.html", {"problem": "form"}, 422)
    house, tail = asked.house, asked.holding.account.tail
    sent = await confirming.send(
        conn, Matter(asked.person, KIND, str(found)), asked.person.phone, lambda code: ContractCode(tail, code),
        network=login.network_of(house.client(asked.request)), door=house.door, wall=house.wall(), at=asked.at,
        wire=house.wire,
    )  # fmt: skip
    if sent is not Sent.SENT:
        return Done(await _page(asked, conn, f"contract.no_{sent}"), asked.path("contract"))
    return Go(asked.path("contract"), "contract_code")


async def _accept(asked: Asked, conn: Connection, form: Form) -> Go | Done | Page:
    """Signs it, where the code is right; a wrong one is counted for good, so nothing here is undone."""
    found = await _waiting(asked, conn, form)
    if found is None:
        return Page("problem.html", {"problem": "form"}, 422)
    code, house, me = re.sub(r"[\s-]", "", form.get("code", "")), asked.house, asked.person.sender.hash
    matter = Matter(asked.person, KIND, str(found))
    right = bool(_CODE.fullmatch(code)) and await confirming.given(
        conn, matter, me, code, door=house.door, wall=house.wall()
    )
    if not right:
        return Done(await _page(asked, conn, "contract.wrong"), asked.path("contract"))
    if not await accepting.accept(conn, asked.holding.account.id, me, found, at=asked.at, wire=house.wire):
        return Page("problem.html", {"problem": "form"}, 422)
    return Go(asked.path("contract"), "contract_taken")


async def _waiting(asked: Asked, conn: Connection, form: Form) -> int | None:
    """The id of the contract that the form names, where it waits for this very phone on this account."""
    told = form.get("contract", "")
    if not (told.isascii() and told.isdigit() and len(told) < 19):
        return None
    found = await accepting.of_phone(
        conn, asked.holding.account.id, asked.person.sender.hash, at=asked.at, keyring=asked.house.keyring
    )
    return next((one.contract.id for one in found if one.open_ and one.contract.id == int(told)), None)


async def _wish(asked: Asked, _: Form) -> Said:
    """An employee prepares it, for he has to see a document."""
    return Said(Wanted(Subject.HUMAN, asked.holding.account.number), asked.words("contract.wish_words"))


ROUTES: tuple[Route, ...] = (
    Get("/my/{account}/contract", show),
    Post("/my/{account}/contract/code", _send),
    Post("/my/{account}/contract", _accept),
    Say("/my/{account}/contract/wish", _wish, "contract"),
)
