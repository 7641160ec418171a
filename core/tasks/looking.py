"""What the page of the inbox shows at once: a page of tasks, what follows it, and the counters."""

from datetime import datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.requests.model import PENDING
from core.tasking import TaskKind
from core.tasks import sql
from core.tasks.model import PAGE, Count, Filter, Mark, Task, Turn


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the list: `following` is where the next page begins, None at the end; `newest` the last task that there
    was, by which a page that stands open learns of new ones."""

    tasks: tuple[Task, ...]
    following: Mark | None
    counts: tuple[Count, ...]
    newest: int


async def inbox(
    conn: Connection, wanted: Filter, *, login: str, at: datetime, after: Mark | None = None, limit: int = PAGE
) -> Inbox:
    """The tasks that are wanted, late ones first, with what waits of each kind, and how much is this employee's."""
    newest = await sql.last(conn)
    found = await sql.listed(conn, wanted, at=at, after=after, limit=limit + 1)
    shown, more = found[:limit], len(found) > limit
    counts = await sql.counts(conn, at=at, owner=login)
    return Inbox(tuple(shown), _mark(wanted, shown[-1]) if more else None, tuple(counts), newest)


def _mark(wanted: Filter, last: Task) -> Mark:
    waits = wanted.state is None or wanted.state in PENDING
    return Mark(last.due_at if waits else last.since, last.id)


async def newer(conn: Connection, id: int, kind: TaskKind | None = None) -> tuple[int, int]:
    """How many tasks, of one kind or of all, wait that came behind that one; and the last of them."""
    return await sql.newer(conn, id, [kind] if kind else list(TaskKind))


async def turns(conn: Connection, since: datetime, until: datetime) -> list[Turn]:
    """What came and what was done from then until then, by kind (row G8)."""
    return await sql.turns(conn, since, until)


async def of_account(conn: Connection, account_id: int, *, limit: int = PAGE) -> list[Task]:
    """The last tasks about an account, whatever became of them, the latest first."""
    return await sql.of_account(conn, account_id, limit=limit)
