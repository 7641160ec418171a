"""A visit that an employee books or calls off for a customer who calls, or stands before him."""

from datetime import datetime

from asyncpg import Connection

from core.bookings import actions, sql
from core.bookings.model import Outcome, Person, Request, State
from core.bookings.offering import Wish
from core.bookings.receiving import sql as receiving
from core.bookings.receiving.actions import NotSo, tell
from core.outbox.noticing import Wire
from core.visiting import VisitBooked

CHANNEL = "desk"


async def book(
    conn: Connection, number: str, service: str, request: Request, wire: Wire, *, by: str, at: datetime
) -> Outcome:
    """Takes the place that is named by office, day and time for the holder of the account of that number, who is told
    by SMS; where it cannot be had, what there is to say, with the nearest others. How often he did not come before is
    the employee's to judge.

    :raises NotSo: there is no such account.
    """
    holder = await receiving.holder(conn, number)
    if holder is None:
        raise NotSo("no_account")
    to = await actions.known(conn)
    who = Person(holder["id"], holder["customer_id"], None, holder["language"] or "ru", CHANNEL, by=by)
    wish = Wish(request, None, to.service(service) or to.services[-1])
    done = await actions.book(conn, who, wish, to, at=at)
    if done.visit is not None and isinstance(done.reply, VisitBooked) and done.settled:
        await tell(conn, done.visit, done.reply, wire, at=at)
    return done


async def cancel(conn: Connection, visit_id: int, wire: Wire, *, by: str, at: datetime) -> None:
    """Frees the place of a visit; its customer is told.

    :raises NotSo: it is over, under way, or called off.
    """
    visit = await sql.one(conn, visit_id, await sql.offices(conn))
    if visit is None:
        raise NotSo("not_so")
    await sql.lock(conn, visit.slots)
    if await sql.lock_one(conn, visit_id) not in (State.HELD, State.BOOKED):
        raise NotSo("not_so")
    done = await actions.cancel(conn, visit, by=by, at=at)
    await tell(conn, visit, done.reply, wire, at=at)
