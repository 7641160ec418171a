"""Looking for accounts: each way by an index, at most MOST of each, the rest by going on from where a list was cut."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from asyncpg import Connection, Record
from cryptography.exceptions import InvalidTag

from core.basics.sealing import Keyring
from core.finding import sql
from core.finding.model import MOST, START, Found, Hit, Place, Query, Way
from core.finding.sql import Card

_LONGEST_POINT = 18


async def find(
    conn: Connection, queries: Sequence[Query], *, keyring: Keyring, today: date, after: Place = START
) -> tuple[Found, ...]:
    """What each of the queries finds, in their order. `after` is where the list of a single query was cut."""
    rows = [(query, await _rows(conn, query, keyring, today, after)) for query in queries]
    ids = sorted({row[1] for _, found in rows for row in found[:MOST]})
    cards = await sql.cards(conn, ids, today) if ids else {}
    return tuple(_found(query, found, cards, keyring) for query, found in rows)


async def _rows(conn: Connection, query: Query, keyring: Keyring, today: date, after: Place) -> list[Record]:
    """One more than is shown, by which it is known whether there are more."""
    way, values, most = query.way, query.values, MOST + 1
    match way:
        case Way.ACCOUNT:
            return await sql.by_tail(conn, values[0], after, most)
        case Way.POINT:
            pairs = [
                (int(point), number)
                for point, number in (values, values[::-1])
                if point.isdecimal() and len(point) <= _LONGEST_POINT
            ]
            return await sql.by_point(conn, pairs, after, most)
        case Way.METER:
            return await sql.by_meter(conn, values[0], values[1], today, after, most)
        case Way.BUILDING:
            return await sql.by_building(conn, values[0], after, most)
        case Way.PHONE:
            return await sql.by_phone(conn, keyring.phone_hash(values[0]), after, most)
        case Way.NAME | Way.DOCUMENT | Way.ADDRESS | Way.BANK:
            return await sql.by_keys(conn, [keyring.search_digest(way, one) for one in values], after, most)
    assert_never(way)


def _found(query: Query, rows: Sequence[Record], cards: dict[int, Card], keyring: Keyring) -> Found:
    shown = rows[:MOST]
    hits = tuple(_hit(query, row, cards[row[1]], keyring) for row in shown)
    more = (shown[-1][0], shown[-1][1]) if len(rows) > MOST else None
    return Found(query, hits, more)


def _hit(query: Query, row: Record, card: Card, keyring: Keyring) -> Hit:
    told = dict(row.items())
    by_person = query.way in (Way.NAME, Way.DOCUMENT)
    return Hit(
        card.account_id,
        card.number,
        card.kind,
        opened(keyring, card.holder_key, card.name_sealed, b"name"),
        opened(keyring, card.sealed_key, card.address_sealed, b"address"),
        before=bool(told.get("before")) or (by_person and row[0] != card.holder_id),
        serial=told.get("serial", ""),
        brand=told.get("brand", ""),
        gone=bool(told.get("gone")),
        point=told.get("point"),
    )


def opened(keyring: Keyring, key: bytes | None, sealed: bytes | None, purpose: bytes) -> str | None:
    """The words, None where there are none or they were erased, or cannot be opened."""
    if key is None or sealed is None:
        return None
    try:
        return keyring.customer(key).open(sealed, purpose=purpose).decode()
    except InvalidTag:
        return None
