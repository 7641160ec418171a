"""The stores of meters: what lies where, what moves between stores and laboratories, what befell one (rows C1, C3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.basics.periods import DAY
from core.employees.model import Role
from core.stock import actions, rules
from core.stock.model import Device, Event, Kind, Refused, Store, Wish
from core.store.pool import Connection
from staff.model import Asked, Form, Get, Go, Page, Post, Route

READERS = frozenset({Role.CLERK, Role.CONTROLLER, Role.BILLER, Role.AUDITOR, Role.ADMIN})
MOVERS = frozenset({Role.CONTROLLER})
ADMINS = frozenset({Role.ADMIN})

EVENTS = (Event.RECEIVED, Event.SENT, Event.ACCEPTED, Event.REJECTED, Event.VERIFIED, Event.FAILED, Event.WRITTEN_OFF)
"""What an employee writes down here; comings and goings at customers come by acts, through the door for facts."""

SHOWN = 100
LONGEST = 200
BRAND = 40
SERIALS = 4000
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store with how many meters of each brand lie in it and come to it; `share` of the fullest store, per cent."""

    store: Store
    brands: tuple[tuple[str, int, int], ...]
    stored: int
    coming: int
    share: int


async def stores(asked: Asked) -> Page:
    """What lies in each store."""
    return await _stores(asked)


async def _stores(asked: Asked, trouble: str | None = None) -> Page:
    async with asked.connection() as conn:
        known, counts = await actions.stores(conn), await actions.counts(conn)
    of = {one.id: [count for count in counts if count.store_id == one.id] for one in known}
    most = max((sum(count.stored for count in each) for each in of.values()), default=0)
    shelves = []
    for one in known:
        stored, coming = sum(count.stored for count in of[one.id]), sum(count.coming for count in of[one.id])
        brands = tuple((count.brand, count.stored, count.coming) for count in of[one.id])
        shelves.append(Shelf(one, brands, stored, coming, -(-100 * stored // most) if most else 0))
    values = {"shelves": shelves, "kinds": list(Kind), "trouble": trouble, "mover": asked.employee.may(MOVERS),
              "admin": asked.employee.may(ADMINS)}  # fmt: skip
    return Page("stock.html", values, 422 if trouble else 200)


async def add(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """A new store."""
    name, kind = form.get("name", "").strip(), form.get("kind", "")
    if not name or len(name) > BRAND or not name.isprintable() or kind not in list(Kind):
        return await _stores(asked, "stock.name_wanted")
    if not await actions.add_store(conn, name, Kind(kind), author=asked.employee.login, at=asked.at):
        return await _stores(asked, "stock.name_taken")
    return Go("/stock", "store")


async def store(asked: Asked) -> Page:
    """The meters of one store, by pages."""
    after = asked.query("after", longest=18)
    async with asked.connection() as conn:
        known = {one.id: one for one in await actions.stores(conn)}
        here = known.get(asked.number)
        if here is None:
            return Page("problem.html", {"problem": "404"}, 404)
        found = await actions.in_store(
            conn, here.id, after=int(after) if after.isascii() and after.isdigit() else 0, most=SHOWN + 1
        )
    more = found[SHOWN - 1].id if len(found) > SHOWN else None
    return Page("stock_store.html", {"store": here, "stores": known, "found": found[:SHOWN], "more": more})


async def form(asked: Asked) -> Page:
    """The empty form of a movement."""
    return await _form(asked)


async def _form(asked: Asked, refused: Refused | None = None) -> Page:
    async with asked.connection() as conn:
        known = await actions.stores(conn)
    return Page("stock_move.html", {"stores": known, "events": EVENTS, "refused": refused}, 422 if refused else 200)


async def move(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Writes down what befell meters: all of the list, or none."""
    try:
        wish = _wish(form)
        await actions.move(conn, wish, author=asked.employee.login, today=asked.today, at=asked.at)
    except Refused as refused:
        return await _form(asked, refused)
    return Go("/stock", "moved")


def _wish(form: Form) -> Wish:
    """What the form asks for.

    :raises Refused: its serials are none.
    """
    event, store = form.get("event", ""), form.get("store", "")
    return Wish(
        event=Event(event) if event in list(EVENTS) else Event.INSTALLED,
        brand=_line(form.get("brand", ""), BRAND),
        serials=rules.serials(form.get("serials", "")[:SERIALS]),
        document=_line(form.get("document", ""), LONGEST),
        store=int(store) if store.isascii() and store.isdigit() and len(store) < 19 else None,
        until=_day(form.get("until", "")),
        reason=_line(form.get("reason", ""), LONGEST),
    )


def _line(text: str, longest: int) -> str:
    return "".join(one for one in text[:longest] if one.isprintable()).strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def device(asked: Asked) -> Page:
    """What befell the meters that bear a serial."""
    serial = asked.query("serial", longest=rules.LONGEST)
    told: Sequence[tuple[Device, Sequence[object]]] = ()
    known: Mapping[int, Store] = {}
    if serial:
        async with asked.connection() as conn:
            told = await actions.told(conn, serial)
            known = {one.id: one for one in await actions.stores(conn)}
    return Page("stock_device.html", {"serial": serial, "told": told, "stores": known})


async def turnover(asked: Asked) -> Page:
    """What moved between the stores within some days, the last month where none are named."""
    until = _within(asked, "to") or asked.today
    since = _within(asked, "from") or until - timedelta(days=30)
    if since > until:
        since, until = until, since
    async with asked.connection() as conn:
        rows = await actions.turnover(conn, _begins(asked, since), _begins(asked, until + DAY))
    return Page("stock_turnover.html", {"rows": rows, "since": since, "until": until})


def _within(asked: Asked, name: str) -> date | None:
    day = _day(asked.query(name, longest=10))
    return day if day is not None and FIRST_YEAR <= day.year < LAST_YEAR else None


def _begins(asked: Asked, day: date) -> datetime:
    return datetime.combine(day, time.min, asked.house.zone)


ROUTES: tuple[Route, ...] = (
    Get("/stock", READERS, stores),
    Post("/stock", ADMINS, add),
    Get("/stock/move", MOVERS, form),
    Post("/stock/move", MOVERS, move),
    Get("/stock/device", READERS, device),
    Get("/stock/turnover", READERS, turnover),
    Get("/stock/{id}", READERS, store),
)
