"""Bringing facts: a file through a door, or a single fact, with its author; no charge is touched by any of them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from asyncpg import Connection

from core.doors import (
    agreeing,
    counting,
    leaving,
    meter_rows,
    metered,
    moving,
    placed,
    pointing,
    protecting,
    rows,
    stated,
    stating,
    withdrawing,
)
from core.doors.model import Author, Door, Setting, enter
from core.importing import sql as importing
from core.importing import streaming
from core.importing.model import Problem, Progress
from core.importing.plan import Tally
from core.importing.report import Report
from core.importing.table import Columns, Row, Table, damage
from core.metering.model import Source

CHUNK = 1000
"""Rows in one transaction (performance.md, rule 8): texts of the customers in them wait for it."""


@dataclass(frozen=True, slots=True)
class _Way:
    """What a door asks of a row, and what stores a chunk of them."""

    columns: Columns
    read: Callable[[Row, date], Any]
    store: Callable[[Connection, Sequence[Any], Setting], Awaitable[object]]


def _stated(columns: Columns, read: Callable[[Row, date], stated.Read], door: Door) -> _Way:
    return _Way(columns, read, partial(stating.store, noun=str(door)))


_WAYS: Mapping[Door, _Way] = MappingProxyType(
    {
        Door.CONTROL: _Way(rows.CONTROL, rows.control, partial(counting.store, source=Source.CONTROL)),
        Door.AMR: _Way(rows.AMR, rows.amr, metered.store),
        Door.METERS: _Way(meter_rows.METERS, meter_rows.event, moving.store),
        Door.MULTIPLIERS: _stated(stated.MULTIPLIERS, stated.multiplier, Door.MULTIPLIERS),
        Door.OCCUPANCY: _stated(stated.OCCUPANCY, stated.occupancy, Door.OCCUPANCY),
        Door.HOLDERS: _stated(stated.HOLDERS, stated.holder, Door.HOLDERS),
        Door.BENEFITS: _stated(stated.BENEFITS, stated.benefit, Door.BENEFITS),
        Door.PLANS: _stated(stated.PLANS, stated.plan, Door.PLANS),
        Door.DEMANDS: _stated(stated.DEMANDS, stated.demand, Door.DEMANDS),
        Door.POINTS: _Way(pointing.POINTS, pointing.row, pointing.store),
        Door.INSTALMENTS: _stated(agreeing.INSTALMENTS, agreeing.row, Door.INSTALMENTS),
        Door.HOUSES: _stated(stated.HOUSES, stated.house, Door.HOUSES),
        Door.DEVICES: _stated(placed.DEVICES, placed.device, Door.DEVICES),
        Door.ROUTES: _stated(placed.ROUTES, placed.route, Door.ROUTES),
        Door.PROTECTIONS: _stated(protecting.PROTECTIONS, protecting.protection, Door.PROTECTIONS),
        Door.ABSENCES: _stated(leaving.ABSENCES, leaving.absence, Door.ABSENCES),
        Door.WITHDRAWALS: _Way(withdrawing.WITHDRAWALS, withdrawing.row, withdrawing.store),
    }
)


def columns(door: Door) -> Columns:
    """What a row through the door has."""
    return _WAYS[door].columns


async def run(
    door: Door,
    path: Path,
    *,
    conn: Connection,
    author: Author,
    today: date,
    at: datetime,
    progress: Progress | None = None,
    chunk: int = CHUNK,
    check: Callable[[BinaryIO], None] | None = None,
) -> Report:
    """Brings the facts of a file. A row that is wrong is reported and the others go in; the same file again brings
    nothing new. What the facts change in billed months is in the next answer, and the next close posts it.

    `check` looks at the file before anything of it is taken.

    :raises NotAllowed: the author has no such door.
    :raises FileRefused: the file cannot be read as one of this kind; nothing was stored.
    """
    enter(author, door)
    with path.open("rb") as stream:
        if check is not None:
            check(stream)
        return await take(door, stream, conn=conn, author=author, today=today, at=at, progress=progress, chunk=chunk)


async def take(
    door: Door,
    stream: BinaryIO,
    *,
    conn: Connection,
    author: Author,
    today: date,
    at: datetime,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> Report:
    """Brings the facts that a stream of bytes has, as `run` does those of a file."""
    enter(author, door)
    way, tally = _WAYS[door], Tally()
    setting = Setting(author, today, at, tally)
    with closing(Table(stream, way.columns)) as table:
        found = streaming.rows(table, tally, lambda row: way.read(row, today))
        store = partial(_store, conn, way, setting)
        await streaming.each(conn, table, tally, streaming.plain_chunks(found, chunk), store, progress)
    return Report(door, tally.counts(), tally.in_order())


async def bring(
    conn: Connection, door: Door, given: Sequence[Mapping[str, str]], *, author: Author, today: date, at: datetime
) -> Report:
    """Brings single facts, each told by the columns of the door, numbered from 1; the caller owns the transaction.

    :raises NotAllowed: the author has no such door.
    """
    enter(author, door)
    way, tally = _WAYS[door], Tally()
    await importing.take_turn(conn)
    good = list(_read(given, way, today, tally))
    await _store(conn, way, Setting(author, today, at, tally), good)
    tally.settle(len(good))
    return Report(door, tally.counts(), tally.in_order())


def _read(given: Sequence[Mapping[str, str]], way: _Way, today: date, tally: Tally) -> Iterator[Any]:
    for cells, line in zip(given, count(1), strict=False):
        told = {name: cells.get(name, "").strip() for name in way.columns.names}
        wrong = damage(line, told)
        read = (wrong,) if wrong is not None else way.read(Row(line, [*told.values()]), today)
        if isinstance(read, tuple):
            tally.unreadable([one for one in read if isinstance(one, Problem)])
        else:
            yield read


async def _store(conn: Connection, way: _Way, setting: Setting, chunk: Sequence[Any]) -> None:
    await way.store(conn, chunk, setting)
