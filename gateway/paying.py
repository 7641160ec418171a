"""What the commands about payments do: what is in suspense, matching, taking back, the balance with the bank."""

from datetime import date

import typer
from asyncpg import Connection

from core.basics.periods import DAY
from core.basics.sealing import Keyring
from core.billing.booking import sql as booking
from core.books.payments import actions as payments
from core.books.payments import sql as payments_sql
from core.books.payments.actions import NoPayment, NotInSuspense, TakenBack
from core.importing import matching, posting
from core.importing import sql as importing_sql
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.settings import Settings
from gateway.telling import money


def keyring(settings: Settings) -> Keyring:
    return Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())


def signed(document: str, by: str) -> tuple[str, str]:
    """The document and the person, as they are kept.

    :raises Trouble: one of them is not named.
    """
    if not document.strip() or not by.strip():
        raise Trouble("name the document (--document) and who decides (--by)")
    return document.strip(), by.strip()


async def suspense(settings: Settings) -> None:
    """Lists the payments whose account nobody has found, oldest first."""
    keys = keyring(settings)
    async with connected(settings) as conn:
        waiting = await payments_sql.suspense(conn)
    for one in waiting:
        text = posting.account_text(one.account_text, keyring=keys)
        typer.echo(f"{one.paid_on} {money(one.amount)} agent {one.agent!r} id {one.external_id!r}: {text!r}")
    typer.echo(f"{len(waiting)} payments in suspense, {money(sum(one.amount for one in waiting))}")


async def match_all(settings: Settings) -> None:
    """Looks again for the accounts of all payments in suspense."""
    async with connected(settings) as conn, conn.transaction():
        matched = await matching.match_all(conn, keyring=keyring(settings), at=now())
    typer.echo(f"{matched.found} found their account, {matched.waiting} wait still")


async def match(settings: Settings, agent: str, external_id: str, account: str, document: str, by: str) -> None:
    """Gives one payment in suspense its account."""
    document, by = signed(document, by)
    async with connected(settings) as conn, conn.transaction():
        await importing_sql.take_turn(conn)
        payment = await payments_sql.payment(conn, agent, external_id)
        if payment is None:
            raise Trouble(str(NoPayment(agent, external_id)))
        id = (await importing_sql.locked(conn, [account.upper()])).get(account.upper())
        if id is None:
            raise Trouble(f"no account {account!r}")
        try:
            await payments.match(conn, [(payment, id)], document=document, by=by, at=now())
        except NotInSuspense as error:
            raise Trouble(str(error)) from error
    typer.echo(f"{money(payment.amount)} of {payment.paid_on} now stand on account {account.upper()}")


async def reverse(settings: Settings, agent: str, external_id: str, document: str, by: str) -> None:
    """Takes back one payment."""
    document, by = signed(document, by)
    async with connected(settings) as conn, conn.transaction():
        await importing_sql.take_turn(conn)
        try:
            payment = await payments.reverse(conn, agent, external_id, document=document, by=by, at=now())
        except (NoPayment, TakenBack) as error:
            raise Trouble(str(error)) from error
    typer.echo(f"{money(payment.amount)} of {payment.paid_on} are taken back")


async def balance(settings: Settings, day: date | None) -> int:
    """Compares a day's payments with the bank's statement; by default yesterday's."""
    async with connected(settings) as conn:
        wanted = day or await yesterday(conn)
        found = await payments_sql.balance(conn, wanted)
    for one in found:
        says = f"difference {money(one.difference)}" if one.difference else "agrees"
        sums = f"accepted {money(one.accepted)}, suspense {money(one.suspense)}, commission {money(one.commission)}"
        typer.echo(f"{wanted} {one.agent or 'without an agent'}: {sums}, bank {money(one.bank)}: {says}")
    different = [one for one in found if one.difference]
    typer.echo(f"{wanted}: {len(found)} agents, {len(different)} with a difference")
    return 1 if different else 0


async def yesterday(conn: Connection) -> date:
    """The company's last full day."""
    return await booking.business_day(conn, now()) - DAY
