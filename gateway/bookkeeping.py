"""What the commands of the books do: closing days and proving their seals."""

from datetime import date

import typer
from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.periods import DAY, Month
from core.basics.sealing import Keyring
from core.billing import profiles
from core.billing.booking import sql as booking
from core.books import closing, verifying
from core.books import sql as books
from core.books.model import DayClosed
from core.notices.warnings import proving
from gateway import telling
from gateway.clock import now
from gateway.commands import Trouble, connected, progress
from gateway.settings import Settings


def day(text: str) -> date:
    """
    :raises Trouble: not a day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Trouble(f"not a day like 2025-11-21: {text!r}") from error


async def close_days(settings: Settings, through: date | None) -> int:
    """Closes the days behind the last closed one up to `through`, by default yesterday.

    :raises DayNotEnded: `through` has not ended; no day was closed, for a closed day is never opened again.
    """
    async with connected(settings) as conn:
        profile = await accounts.company(conn)
        pack = profile.pack if profile else settings.profile
        yesterday = await booking.business_day(conn, now()) - DAY
        end = through or yesterday
        if end > yesterday:
            raise closing.DayNotEnded(end)
        last = await books.last_head(conn)
        following = end if last is None or end <= last.day else last.day + DAY
        failed = 0
        while following <= end:
            closed = await close_day(conn, following, due_on=profiles.due_on(pack, Month.of(following)))
            typer.echo("\n".join(telling.closed(closed)))
            failed += closed.failed
            following += DAY
    return 1 if failed else 0


async def close_day(conn: Connection, closed: date, *, due_on: date) -> DayClosed:
    """Closes one day, with a bar."""
    with progress() as bar:
        task = bar.add_task(f"close {closed}", total=None)
        return await closing.close_day(
            conn,
            closed,
            due_on=due_on,
            at=now(),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


async def verify(settings: Settings) -> int:
    """Proves the seals of all closed days, and the evidence of all official warnings."""
    keyring = Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())
    async with connected(settings) as conn:
        with progress() as bar:
            task = bar.add_task("verify", total=None)
            proven = await verifying.verify(
                conn, progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
        evidence = await proving.verify(conn, keyring)
    if proven.broken is not None:
        typer.echo(telling.broken(proven.broken))
    else:
        typer.echo(f"{proven.days} days, {proven.rows} rows: all hold; head {proven.head.hex()}")
    if evidence.broken is not None:
        typer.echo("warning {}: row {} of its evidence does not hold".format(*evidence.broken))
    else:
        typer.echo(f"{evidence.warnings} warnings, {evidence.rows} rows of evidence: all hold")
    return 1 if proven.broken or evidence.broken else 0
