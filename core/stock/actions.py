"""Moves meters between stores, laboratories and customers; all the meters of a document, or none."""

from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.stock import rules, sql
from core.stock.model import Count, Device, Event, Fault, Kind, Moved, Place, Refused, Standing, Store, Turnover, Wish


async def stores(conn: Connection) -> list[Store]:
    """The stores, then the laboratories, by name."""
    return await sql.stores(conn)


async def add_store(conn: Connection, name: str, kind: Kind, *, author: str, at: datetime) -> bool:
    """Whether there was none of that name."""
    return await sql.add_store(conn, name, kind, author=author, at=at)


async def move(conn: Connection, wish: Wish, *, author: str, today: date, at: datetime) -> None:
    """Writes down what befell the meters. The transaction is the caller's.

    :raises Refused: the document lacks something, or it cannot befall one of the meters; nothing is written.
    """
    known = {one.id: one for one in await sql.stores(conn)}
    rules.checked(wish, known, today)
    if wish.event is Event.RECEIVED:
        await sql.bring(conn, wish.brand, wish.serials)
    devices = await sql.locked(conn, wish.brand, wish.serials)
    for serial in wish.serials:
        if serial not in devices:
            raise Refused(Fault.UNKNOWN, serial)
    moved = [(device, rules.after(device, wish, known)) for device in devices.values()]
    ends = [_ends(device.standing, after, wish) for device, after in moved]
    await sql.move(
        conn,
        moved,
        wish.event,
        ends,
        documents=[wish.document] * len(moved),
        until=wish.until if wish.event is Event.VERIFIED else None,
        reason=wish.reason,
        author=author,
        at=at,
    )


def _ends(before: Standing, after: Standing, wish: Wish) -> tuple[int | None, int | None]:
    """The store of a movement and the one on the other end of the way."""
    match wish.event:
        case Event.SENT:
            return before.store_id, after.goal_id
        case Event.ACCEPTED | Event.REJECTED:
            return before.goal_id, before.store_id
        case Event.RECEIVED:
            return after.store_id, None
        case _:
            return before.store_id, None


@dataclass(frozen=True, slots=True)
class Act:
    """A meter that was put up at a customer's or taken down there, by which document."""

    serial: str
    brand: str
    document: str


async def hung(conn: Connection, acts: Sequence[Act], *, up: bool, author: str, at: datetime) -> None:
    """Those of the meters that went through a store stand with a customer now, or are loose: what an act says holds,
    wherever a store believed them to be."""
    documents = {(one.serial, one.brand): one.document for one in acts}
    devices = await sql.found(conn, list(documents)) if documents else []
    if not devices:
        return
    after = Standing(Place.STANDING if up else Place.LOOSE)
    await sql.move(
        conn,
        [(one, after) for one in devices],
        Event.INSTALLED if up else Event.REMOVED,
        [(one.standing.store_id, None) for one in devices],
        documents=[documents[one.serial, one.brand] or "-" for one in devices],
        until=None,
        reason="",
        author=author,
        at=at,
    )


async def counts(conn: Connection) -> list[Count]:
    """How many meters of each brand lie in each store, and how many are on their way to it."""
    return await sql.counts(conn)


async def in_store(conn: Connection, store_id: int, *, after: int, most: int) -> list[Device]:
    """Meters that lie in a store or travel from or to it, behind that id, in the order of their ids."""
    return await sql.in_store(conn, store_id, after=after, limit=most)


async def told(conn: Connection, serial: str) -> list[tuple[Device, Sequence[Moved]]]:
    """The meters of any brand that bear the serial, each with what befell it."""
    devices = await sql.by_serial(conn, serial.strip().upper())
    history = await sql.history(conn, [one.id for one in devices])
    return [(one, history.get(one.id, ())) for one in devices]


async def turnover(conn: Connection, since: datetime, until: datetime) -> list[Turnover]:
    """What moved between the stores at or after the one and before the other time."""
    return await sql.turnover(conn, since, until)
