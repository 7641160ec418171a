"""A task with all that is known of it, its words and phone opened."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Connection, Record
from cryptography.exceptions import InvalidTag

from core.basics.money import MILLI
from core.basics.sealing import Keyring, Sealer
from core.billing.tariffs import plain
from core.importing import posting
from core.tasks import sql
from core.tasks.model import Aside, Event, Money, Paper, Refused, Source, Task, What, Why


async def paper(conn: Connection, id: int, *, keyring: Keyring) -> Paper:
    """The task with everything that was said.

    :raises Refused: there is none of that number.
    """
    found, row = await sql.task(conn, id), await sql.source(conn, id)
    if found is None or row is None:
        raise Refused(Why.UNKNOWN, task=id)
    source = source_of(row)
    sealer = keeper(row, keyring)
    aside = None
    if found.account_id is not None and source.reading_no is not None:
        aside = _aside(await sql.aside(conn, found.account_id, source.reading_no))
    return Paper(
        task=found,
        source=source,
        words=_words(row, sealer),
        phone=phone(row, keyring),
        name=_name(row, keyring),
        language=row["language"],
        channel=row["channel"],
        linked=row["linked"],
        history=tuple(_event(one, sealer) for one in await sql.history(conn, id)),
        aside=aside,
        money=await _money(conn, found, source, keyring),
    )


def source_of(row: Record) -> Source:
    """The ids of what a task was made from."""
    return Source(*list(row)[:9])


def keeper(row: Record, keyring: Keyring) -> Sealer | None:
    """What opens and seals the words of the task; None where its customer was erased."""
    if row["customer_id"] is None:
        return keyring.installation
    return None if row["data_key"] is None else keyring.customer(row["data_key"])


def phone(row: Record, keyring: Keyring) -> str | None:
    """The phone of the task: one in a customer's keeping, or that of a stranger as he was answered."""
    if row["phone"] is not None:
        return _opened(row["phone"], keyring.customer(row["phone_key"]), b"phone") if row["phone_key"] else None
    return _opened(row["address"], keyring.installation, b"phone")


def _name(row: Record, keyring: Keyring) -> str | None:
    return _opened(row["name"], keyring.customer(row["phone_key"]), b"name") if row["phone_key"] else None


def _words(row: Record, sealer: Sealer | None) -> str | None:
    if row["words"] is not None:
        return _opened(row["words"], sealer, b"request")
    if row["payload"] is None or sealer is None:
        return None
    try:
        payload = sealer.open(row["payload"], purpose=b"inbox")
    except InvalidTag:  # of one who asked to be erased and came back
        return None
    return payload.partition(b"\0")[0].decode("utf-8", "replace") or None


def _event(row: Record, sealer: Sealer | None) -> Event:
    purpose = b"request" if row["requests"] else b"task"
    words = _opened(row["note"], sealer, purpose)
    what = None if row["what"] is None else What(row["what"])
    return Event(
        what, row["at"], row["by"], row["owner"], words, row["note"] is not None and words is None, why=row["why"]
    )


def _opened(sealed: bytes | None, sealer: Sealer | None, purpose: bytes) -> str | None:
    if sealed is None or sealer is None:
        return None
    try:
        return sealer.open(sealed, purpose=purpose).decode("utf-8", "replace")
    except InvalidTag:
        return None


def _aside(rows: Sequence[Record]) -> Aside | None:
    if not rows:
        return None
    counts = tuple((row["serial"], row["zones"][row["register"] - 1], count(row)) for row in rows)
    return Aside(rows[0]["day"], counts)


def count(row: Any) -> str:
    """The count of a register as its meter shows it."""
    whole, _, rest = plain(row["value"], MILLI).partition(".")
    return whole.zfill(row["digits"]) + (f".{rest}" if rest else "")


async def _money(conn: Connection, task: Task, source: Source, keyring: Keyring) -> Money | None:
    row = await sql.money(conn, source.payment_id) if source.payment_id is not None else None
    if row is None:
        return None
    text = posting.account_text(row["account_text"], keyring=keyring)
    return Money(row["agent"], row["external_id"], row["paid_on"], row["amount"], text, row["waits"])
