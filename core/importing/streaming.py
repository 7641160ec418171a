"""The rows of a file on their way into the database: read, put into chunks, each chunk stored in one transaction."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from asyncpg import Connection

from core.importing import sql
from core.importing.model import Problem, Progress
from core.importing.plan import Tally
from core.importing.table import Row, Table


class OfAccount(Protocol):
    """A row that is about an account."""

    @property
    def account(self) -> str: ...


_Read = TypeVar("_Read", bound=OfAccount)
_Good = TypeVar("_Good")
_Any = TypeVar("_Any")


def rows(table: Table, tally: Tally, parse: Callable[[Row], _Good | tuple[Problem, ...]]) -> Iterator[_Good]:
    """The rows of a file that are right; what is wrong with the others is told to the tally."""
    for row in table.rows():
        read = (row,) if isinstance(row, Problem) else parse(row)
        if isinstance(read, tuple):
            tally.unreadable(read)
        else:
            yield read


def chunks(rows: Iterator[_Read], size: int) -> Iterator[list[_Read]]:
    """The rows in lists of at least `size`, but the last; rows of an account that stand together stay together."""
    gathered: list[_Read] = []
    for row in rows:
        if len(gathered) >= size and gathered[-1].account != row.account:
            yield gathered
            gathered = []
        gathered.append(row)
    if gathered:
        yield gathered


def plain_chunks(rows: Iterator[_Any], size: int) -> Iterator[list[_Any]]:
    """The rows in lists of `size`, but the last."""
    while gathered := list(islice(rows, size)):
        yield gathered


async def each(
    conn: Connection,
    table: Table,
    tally: Tally,
    chunks: Iterator[list[_Any]],
    store: Callable[[Sequence[_Any]], Awaitable[None]],
    progress: Progress | None,
) -> None:
    """Stores chunk after chunk, each in a transaction of its own."""
    for rows in chunks:
        async with conn.transaction():
            await sql.take_turn(conn)
            await store(rows)
        tally.settle(len(rows))
        if progress is not None:
            progress(table.done, table.lines)
    if progress is not None:
        progress(table.lines, table.lines)
