"""Takes what an SMS did not bring to a person on to his chat: of a broadcast, once, and as the classes allow."""

from datetime import datetime
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from core.billing.terms import Pack
from core.billing.warning import closes
from core.contracts import actions as contracts
from core.notices import chatting
from core.notices.model import CLASS, RULES, Class, Kind
from core.notices.people import actions as people
from core.notices.people import sql
from core.outbox import sql as outbox
from core.outbox.noticing import Wire
from core.outbox.sql import Chatted

STOPPED = ("21610", "opted out", "stopped", "erased")
"""Codes of messages that were not sent for somebody's wish: he is not told in another way either."""


async def by_chat(conn: Connection, wire: Wire, *, at: datetime) -> int:
    """Puts messages of broadcasts before the chats of those whom the SMS of the last day did not reach, in a
    transaction of its own; how many people were looked at, each once (R27)."""
    async with conn.transaction():
        rows = await sql.lost(conn, STOPPED, people.CHUNK)
        if not rows:
            return 0
        pack = (await people.company(conn)).pack
        told = await _may_be_told(conn, rows, at=at) if chatting.may(pack) else frozenset()
        said: dict[int, Chatted] = {}
        for row in rows:
            if row["id"] in told and row["data_key"] is not None:
                made = chatting.message(row, wire, at=at, until=_until(row, pack, at))
                if made is not None:
                    said[row["id"]] = made
        if said:
            await outbox.by_chat(conn, list(said.values()))
        looked = [(row["id"], said[row["id"]].id if row["id"] in said else None) for row in rows]
        await sql.chatted(conn, looked, at=at)
    return len(rows)


async def _may_be_told(conn: Connection, rows: list[Record], *, at: datetime) -> frozenset[int]:
    """Those who may be told now: by consent, and where nobody stopped it since."""
    may: set[int] = set()
    for cls in Class:
        mine = [row for row in rows if CLASS[Kind(row["kind"])] is cls and not (RULES[cls].stops and row["opted_out"])]
        topic = RULES[cls].topic
        bars: tuple[object, ...] = (None,) * len(mine)
        if topic is not None and mine:
            bars = await contracts.bars(conn, [(row["phone_hash"], row["account_id"]) for row in mine], topic, at=at)
        may |= {row["id"] for row, why in zip(mine, bars, strict=True) if why is None}
    return frozenset(may)


def _until(row: Record, pack: Pack, at: datetime) -> datetime | None:
    """Until when it may be begun; at once no more where it is quiet, so that it is looked at again in the morning."""
    if not RULES[CLASS[Kind(row["kind"])]].quiet:
        return None
    quiet = pack.warnings.quiet.within(row["told_from"], row["told_till"])
    return closes(at, ZoneInfo(row["timezone"]), quiet, pack.calendar.is_off) or at
