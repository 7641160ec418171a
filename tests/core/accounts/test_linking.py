"""Who could do what on a day, as known on another: links that end, come again, lie ahead, or are recorded late."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from core.accounts.linking import sql
from core.accounts.linking.actions import who_could
from core.accounts.linking.model import EndedLink, NewLink
from core.accounts.rights import Deed, Operation, Proof
from core.commands import Balance, SubmitReading
from tests import make
from tests.make import A

START = datetime(2025, 11, 1, 12, tzinfo=UTC)
PHONE, OTHER = (make.keyring().phone_hash(phone) for phone in ("+79780001701", "+79780001702"))
INSERT = """
insert into links (phone_hash, account_id, role, valid_from, evidence, recorded_at) values ($1, $2, $3, $4, 'test', $5)
"""


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture
async def account(owner_conn: asyncpg.Connection) -> int:
    made = await make.account(owner_conn, A("100004321", ()))
    customer = await owner_conn.fetchval("select customer_id from accounts where id = $1", made)
    for phone in (PHONE, OTHER):
        await sql.add_phone(owner_conn, phone, customer_id=customer, sealed=b"", language="ru", at=START)
    return made


async def could(
    conn: asyncpg.Connection, account: int, on: int, known: int, what: Operation = Balance, proof: Proof = Proof.NUMBER
) -> bool:
    return PHONE in await who_could(conn, account, what, on=day(on), known_at=day(known), proof=proof)


async def test_unlinked_and_linked_again(owner_conn: asyncpg.Connection, account: int) -> None:  # R32
    conn = owner_conn
    await sql.add_links(conn, [NewLink(account, PHONE, "owner", "first")], at=day(1))
    await sql.end_links(conn, [EndedLink(account, PHONE, "not me")], at=day(5))
    await sql.add_links(conn, [NewLink(account, PHONE, "unverified", "again")], at=day(9))
    seen = [await could(conn, account, on, 20) for on in (0, 1, 4, 5, 8, 9)]
    assert seen == [False, True, True, False, False, False], "the second link only submits"
    submits = [await could(conn, account, on, 20, SubmitReading) for on in (0, 1, 4, 5, 8, 9)]
    assert submits == [False, True, True, False, False, True]
    assert await could(conn, account, 6, 4), "its end was not known yet"
    assert not await could(conn, account, 9, 8, SubmitReading), "nor was its second beginning"


async def test_what_lies_ahead(owner_conn: asyncpg.Connection, account: int) -> None:
    await owner_conn.execute(INSERT, PHONE, account, "payer", day(10), day(1))
    assert [await could(owner_conn, account, on, 2) for on in (2, 9, 10, 30)] == [False, False, True, True]
    assert not await could(owner_conn, account, 10, 0), "not recorded yet"


async def test_what_was_recorded_late(owner_conn: asyncpg.Connection, account: int) -> None:
    """A contract of the 2nd reaches the books on the 8th: nobody could have known it on the 5th."""
    await owner_conn.execute(INSERT, PHONE, account, "owner", day(2), day(8))
    assert not await could(owner_conn, account, 5, 5)
    assert await could(owner_conn, account, 5, 8)


async def test_each_by_his_role_and_his_proof(owner_conn: asyncpg.Connection, account: int) -> None:  # R32
    new = [NewLink(account, PHONE, "owner", "a"), NewLink(account, OTHER, "helper", "b")]
    await sql.add_links(owner_conn, new, at=day(1))

    async def who(what: Operation, proof: Proof = Proof.NUMBER) -> frozenset[bytes]:
        return await who_could(owner_conn, account, what, on=day(2), known_at=day(2), proof=proof)

    assert await who(SubmitReading) == {PHONE, OTHER}
    assert await who(Balance) == await who(Deed.OPEN_ACCOUNT) == {PHONE}
    assert await who(Balance, Proof.STRANGER) == frozenset()
