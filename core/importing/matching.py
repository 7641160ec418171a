"""Whose account is meant by what stands in its place on a payment: its number, or a phone (billing.md section 4.3)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Connection

from core.basics.sealing import Keyring
from core.books.payments import actions as payments
from core.books.payments import sql as payments_sql
from core.importing import cells, posting, sql
from core.importing.cells import Unreadable

_LABEL = re.compile(r"^(?:ЛИЦЕВОЙ|Л/?С(?:Ч[ЕЁ]?Т?)?|СЧ[ЕЁ]Т|СЧ|ACCOUNT|ACC)?[\s.:№#N]*(?=[0-9A-ZА-ЯЁ])")
_GAPS = re.compile(r"[\s\u00a0]+")


@dataclass(frozen=True, slots=True)
class Matched:
    """How many payments in suspense were found an account, and how many wait still."""

    found: int
    waiting: int


async def numbers_of(
    conn: Connection, texts: Collection[str], *, keyring: Keyring | None, at: datetime
) -> dict[str, str]:
    """The numbers of the accounts that the texts mean, by text; one that means none, or several, is missing. A phone
    means the only account that it owns or pays for at that time; without a keyring none is looked up."""
    spelled = {text: tuple(dict.fromkeys(_spellings(text))) for text in texts}
    wanted = {number for numbers in spelled.values() for number in numbers}
    known = await sql.known_numbers(conn, sorted(wanted))
    found = {text: number for text, numbers in spelled.items() for number in reversed(numbers) if number in known}
    if keyring is not None:
        hashes = {text: keyring.phone_hash(phone) for text in texts if text not in found and (phone := _phone(text))}
        owned = await sql.paid_by(conn, sorted(hashes.values()), at=at)
        found |= {text: owned[digest] for text, digest in hashes.items() if digest in owned}
    return found


async def match_all(conn: Connection, *, keyring: Keyring, at: datetime) -> Matched:
    """Looks again for the accounts of all payments in suspense: accounts and phones may have come since. The caller
    owns the transaction."""
    await sql.take_turn(conn)
    waiting = await payments_sql.suspense(conn)
    texts = {one.id: posting.account_text(one.account_text, keyring=keyring) for one in waiting}
    numbers = await numbers_of(conn, set(texts.values()), keyring=keyring, at=at)
    ids = await sql.locked(conn, set(numbers.values()))
    found = [(one, ids[numbers[texts[one.id]]]) for one in waiting if texts[one.id] in numbers]
    await payments.match(conn, found, document="its own text", by="match", at=at)
    return Matched(len(found), len(waiting) - len(found))


def _spellings(text: str) -> list[str]:
    """The text as the number of an account: as it stands, and without a label and spaces."""
    plain = text.upper()
    return [plain, _GAPS.sub("", _LABEL.sub("", plain, count=1))]


def _phone(text: str) -> str | None:
    try:
        return cells.phone(text)
    except Unreadable:
        return None
