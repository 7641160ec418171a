"""A piece of the timeline, opened."""

from collections.abc import Collection
from typing import Any

from asyncpg import Connection
from cryptography.exceptions import InvalidTag

from core.basics.sealing import Keyring
from core.dossier import seeing
from core.dossier.timeline import sql
from core.dossier.timeline.model import FIRST, Event, Mark, Piece, What

SHOWN = 50

_PURPOSES = {
    What.CAME: b"inbox",
    What.SENT: b"outbox",
    What.NOTICE: b"outbox",
    What.REQUEST: b"request",
    What.LINK: b"phone",
}

_SECRET = frozenset({"Code", "CodeSent", "LoginCode", "VisitCode", "ContractCode", "MoveCode"})
"""Commands and replies that hold a one-time code: whoever reads one could pass for the customer."""


async def piece(
    conn: Connection,
    account_id: int,
    *,
    keyring: Keyring,
    full: bool,
    before: Mark = FIRST,
    kinds: Collection[What] = tuple(What),
    most: int = SHOWN,
) -> Piece:
    """So many events of the kinds that are older than the mark; phones as `full` allows (R39)."""
    rows = await sql.piece(conn, account_id, before, [str(one) for one in kinds], most=most + 1)
    events = tuple(_event(row, keyring, full=full) for row in rows[:most])
    last = events[-1] if len(rows) > most else None
    return Piece(events, None if last is None else Mark(last.at, last.what, last.ref))


def _event(row: Any, keyring: Keyring, *, full: bool) -> Event:
    what = What(row["what"])
    hidden = what in (What.CAME, What.SENT) and row["kind"] in _SECRET
    words: str | None = row["plain"] or ""
    if what in _PURPOSES and row["sealed"] is not None:
        words = None if hidden else _words(row, keyring, what, full=full)
    elif what in (What.CAME, What.SENT):  # emptied
        words = None
    by, state = row["by"] or "", row["state"] or ""
    return Event(what, row["at"], row["ref"], row["kind"], row["day"], row["amount"], state, by, words, hidden)


def _words(row: Any, keyring: Keyring, what: What, *, full: bool) -> str | None:
    """What was said; the customer's key opens it, the installation's where nobody was known."""
    for sealer in (() if row["data_key"] is None else (keyring.customer(row["data_key"]),)) + (keyring.installation,):
        try:
            said = sealer.open(row["sealed"], purpose=_PURPOSES[what])
        except InvalidTag:
            continue
        text = said.partition(b"\0")[0].decode("utf-8", "replace")
        return seeing.phone(text, full=full) if what is What.LINK else text
    return None
