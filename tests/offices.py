"""Offices for tests: set up as a file sets them up, with their places made from a time on."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime

from asyncpg import Connection

from core.bookings import sql
from core.bookings.model import Office
from core.bookings.opening import actions, reading

PLAIN: Mapping[str, str] = {
    "code": "feodosia",
    "name": "Феодосия",
    "name_latin": "Feodosia",
    "short": "Феодосия",
    "short_latin": "Feodosia",
    "address": "Феодосия, ул. Свободы, 4",
    "place": "Феодосия, Свободы 4",
    "place_latin": "Feodosia, Svobody 4",
    "phone": "+7 978 993 69 61",
    "timezone": "Europe/Moscow",
    "windows": "1",
    "step": "20",
    "calendar": "RU",
    "services": "",
    "hours": "mon-fri 08:00-17:00 12:00-13:00",
}

YALTA = {
    "code": "yalta",
    "name": "Ялта",
    "name_latin": "Yalta",
    "short": "Ялта",
    "short_latin": "Yalta",
    "address": "Ялта, ул. Бирюкова, 16, каб. 1",
    "place": "Ялта, Бирюкова 16",
    "place_latin": "Yalta, Biryukova 16",
}


def text(*rows: Mapping[str, str]) -> str:
    """The rows as a file, each with what it does not name from PLAIN."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(PLAIN), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**PLAIN, **row} for row in rows)
    return out.getvalue()


async def set_up(conn: Connection, *rows: Mapping[str, str], at: datetime) -> dict[str, Office]:
    """The offices of the rows by code."""
    async with conn.transaction():
        await actions.take_in(conn, reading.read(text(*rows)), None, by="test", at=at)
    return {one.code: one for one in (await sql.offices(conn)).values()}
