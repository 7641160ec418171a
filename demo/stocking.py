"""Stores of meters, control devices and inspectors' routes for the demo's employees, so that their pages have something
to show."""

import io
from datetime import date, datetime

from asyncpg import Connection

from core.doors import actions as doors
from core.doors.model import Author, Door, Role
from core.stock import actions
from core.stock.model import Event, Kind, Wish
from demo import town_people

STORES = (("Склад, Свободы 4", Kind.STORE), ("Склад, Ялта", Kind.STORE), ("Лаборатория поверки", Kind.LABORATORY))

VERIFIED = 16
"""Years for which a verification holds."""


PLACED = 120
"""So many accounts have their place on a route, and a breaker."""

EACH = 40
"""Accounts of a route."""

INSPECTOR = Author("demo", frozenset((Role.CONTROLLER,)))


async def place(conn: Connection, *, today: date, at: datetime) -> None:
    """Puts accounts onto routes, house by house, and breakers before their meters; some were exchanged."""
    metered = [one for one in town_people.town().dwellings if one.meters][:PLACED]
    homes = sorted(metered, key=lambda one: (one.building, one.flat.zfill(4)))
    routes, devices = ["account,route,sequence,from,document"], ["account,meter,device,change,model,date,document"]
    for number, home in enumerate(homes):
        routes.append(f"{home.number},{number // EACH + 1},{number % EACH + 1},2024-01-01,приказ 7")
        before = f"{home.number},{home.meters[0].serial}"
        devices.append(f'{before},QF-{1000 + number},installed,"автомат С25, 25 А",2023-11-01,акт {number + 1}')
        if number % 9 == 0:
            devices.append(f"{before},QF-{1000 + number},removed,,2025-06-02,акт {number + 300}")
            devices.append(f'{before},QF-{2000 + number},installed,"автомат С32, 32 А",2025-06-02,акт {number + 300}')
    for door, rows in ((Door.ROUTES, routes), (Door.DEVICES, devices)):
        stream = io.BytesIO("\n".join(rows).encode())
        await doors.take(door, stream, conn=conn, author=INSPECTOR, today=today, at=at)


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
