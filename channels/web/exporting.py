"""What a person takes away of what is kept of him."""

from typing import Any

from channels.web.model import Asked
from core.accounts import rights
from core.accounts.rights import Deed, Proof
from core.cabinet import looking
from core.cabinet.model import Holding
from core.contracts import actions as contracts
from core.dossier.timeline import actions as timelines
from core.dossier.timeline.model import What
from core.store.pool import Connection

EVENTS = 20_000
"""Events of an account at most; a meter read each month for a century has some thousand."""

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
