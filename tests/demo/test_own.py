"""The whole town as its people see it: one statement tells the same as the many that the engine is given."""

from datetime import date

from asyncpg import Connection

from core.billing import actions as billing
from core.billing import posting
from core.billing import sql as billing_sql
from core.billing.engine import believing, protocol
from core.checking import checker
from core.dossier.own import sql, telling
from core.metering import sql as metering

TODAY = date(2025, 11, 21)


async def test_books_and_protocols_of_the_town(town_conn: Connection) -> None:
    conn = town_conn
    tariffs, rules = await billing_sql.tariffs(conn), await posting.estimation(conn)
    rows = await conn.fetch("select id, number from accounts order by id")
    states = await billing_sql.read_states(conn, [row["id"] for row in rows])
    meters = await metering.meters(conn, [row["id"] for row in rows])
    for row in rows:
        life = await sql.life(conn, row["id"])
        assert life is not None
        state = states[row["id"]]
        own = believing.as_told(tuple(meters.get(row["id"], ())), state.conditions)
        book = telling.book(life, own)
        assert (book[0].left if book else 0) == state.balance, row["number"]
        found = protocol.as_json(telling.explained(life, own, tariffs, rules, TODAY))
        told = await billing.explain(conn, row["number"], TODAY)
        assert told is not None
        assert found == protocol.as_json(told), row["number"]
        assert checker.check(found).holds, row["number"]
        assert (
            telling.days(life, own, tariffs, today=TODAY, first=date(2025, 10, 1), end=date(2025, 12, 1)) is not None
            or not own
        )
