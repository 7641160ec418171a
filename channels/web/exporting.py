"""What a person takes away of what is kept of him."""

from functools import partial
from typing import Any

from channels.web.model import Asked
from channels.web.packing import Paper
from core.accounts import rights
from core.accounts.rights import Deed, Proof
from core.cabinet import looking
from core.cabinet.model import Holding
from core.commands import Subject
from core.contracts import actions as contracts
from core.dossier import printing
from core.dossier.own import actions as own
from core.dossier.timeline import actions as timelines
from core.dossier.timeline.model import What
from core.store.pool import Connection
from pages import bills

EVENTS = 20_000
"""Events of an account at most; a meter read each month for a century has some thousand."""

BILLS = 120
"""Bills in one file at most, the latest of each account first; which others there are, the events tell."""

PIECES = 200
"""Pieces of the history of messages at most."""


async def gathered(asked: Asked, conn: Connection) -> dict[str, Any]:
    """The person, his accounts and his messages, as plain values."""
    person = asked.person
    return {
        "phone": person.phone,
        "language": person.sender.language,
        "no_news": person.sender.opted_out,
        "accounts": [await _account(asked, conn, one) for one in person.holdings],
        "messages": await _messages(asked, conn),
    }


async def _account(asked: Asked, conn: Connection, holding: Holding) -> dict[str, Any]:
    account, keyring, person = holding.account, asked.house.keyring, asked.person
    told: dict[str, Any] = {
        "number": account.number,
        "name": holding.link.name,
        "role": holding.link.role,
        "scopes": sorted(holding.link.scopes),
        "consents": [
            {"topic": one.topic, "given": one.given, "how": one.how, "since": one.since}
            for one in await contracts.own_words(conn, person.sender.hash, account.id)
        ],
        "requests": [
            {"number": one.number, "subject": one.subject, "state": one.state, "at": one.opened_at, "words": one.words,
             "notes": [{"at": note.at, "words": note.words} for note in one.notes]}
            for one in await looking.requests(conn, person, account.id, all_=False, keyring=keyring)
        ],
    }  # fmt: skip
    if rights.allowed(Deed.SHOW_SUMS, holding.link, Proof.SESSION):
        kinds = (What.READING, What.CLAIM, What.PAYMENT)
        piece = await timelines.piece(conn, account.id, keyring=keyring, full=True, kinds=kinds, most=EVENTS)
        told["events"] = [
            {"what": one.what, "kind": one.kind, "day": one.day, "amount": one.amount, "recorded_at": one.at,
             "values": one.words, "state": one.state}
            for one in piece.events
        ]  # fmt: skip
    return told


async def papers(asked: Asked, conn: Connection, told: dict[str, Any]) -> list[Paper]:
    """The bills of the accounts whose bills he may see, as they were issued, in the language of the page; which they
    are is told in each account too."""
    found: list[Paper] = []
    for holding, account in zip(asked.person.holdings, told["accounts"], strict=True):
        if not rights.allowed(Subject.BILL, holding.link, Proof.SESSION):
            continue
        account["bills"] = []
        life = await own.life(conn, holding.account.id)
        for no in [one.no for one in reversed(life.facts.claims)][: max(BILLS - len(found), 0)]:
            paper = await printing.paper(
                conn, holding.account.id, no, keyring=asked.house.keyring, at=asked.at, form=f"pdf-{asked.language}",
                draw=partial(bills.pdf, language=asked.language),
            )  # fmt: skip
            if paper is None:
                continue
            name = f"bills/{plain(holding.account.number)}-{no}.pdf"
            found.append(Paper(name, paper.body))
            account["bills"].append({"number": no, "file": name, "sha256": paper.digest.hex()})
    return found


def plain(name: str) -> str:
    """A name for a file that no program reads otherwise."""
    return "".join(one if one.isascii() and (one.isalnum() or one in ".-") else "-" for one in name)


async def _messages(asked: Asked, conn: Connection) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    before = ""
    for _ in range(PIECES):
        piece = await looking.messages(conn, asked.person, before=before, keyring=asked.house.keyring)
        told += [
            {"at": one.at, "from": "company" if one.ours else "me", "channel": one.channel, "words": one.words}
            for one in piece.messages
        ]
        if piece.older is None:
            break
        before = piece.older
    return told
