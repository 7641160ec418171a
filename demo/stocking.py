"""A few stores of meters for the demo's employees, so that their pages have something to show."""

from datetime import date, datetime

from asyncpg import Connection

from core.stock import actions
from core.stock.model import Event, Kind, Wish

STORES = (("Склад, Свободы 4", Kind.STORE), ("Склад, Ялта", Kind.STORE), ("Лаборатория поверки", Kind.LABORATORY))

VERIFIED = 16
"""Years for which a verification holds."""


async def stock(conn: Connection, *, today: date, at: datetime) -> None:
    """Puts meters into the stores, some on their way and some verified."""
    for name, kind in STORES:
        await actions.add_store(conn, name, kind, author="demo", at=at)
    by_name = {one.name: one.id for one in await actions.stores(conn)}
    main, _, laboratory = (by_name[name] for name, _ in STORES)
    until = today.replace(year=today.year + VERIFIED, day=1)
    for event, brand, first, last, store in (
        (Event.RECEIVED, "СЕ-101", 30001, 30040, main),
        (Event.RECEIVED, "Меркурий 201", 20101, 20118, main),
        (Event.SENT, "СЕ-101", 30001, 30012, laboratory),
        (Event.ACCEPTED, "СЕ-101", 30001, 30008, None),
        (Event.VERIFIED, "СЕ-101", 30001, 30006, None),
    ):
        serials = tuple(str(number) for number in range(first, last + 1))
        wish = Wish(event, brand, serials, "накладная 17", store, until)
        await actions.move(conn, wish, author="demo", today=today, at=at)
