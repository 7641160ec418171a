"""An issued bill is the same bytes for ever (row Q3)."""

import hashlib

import pytest
from asyncpg import Connection

from core.dossier import printing
from core.dossier.printing import Printed
from tests import make
from tests.core.dossier import town
from tests.core.dossier.town import AT

BILL = """\
ВХОДЯЩИЙ ОСТАТОК № 0012345-121
Энергосбыт
тел. 8-800-000-00-00

Лицевой счёт: 0012345
Адрес: ул. Садовая, д. 4
За октябрь 2025 г.
Выставлен 01.11.2025, оплатить до 10.11.2025

ИТОГО ................................................... 431,60
"""


async def printed(conn: Connection, account: int, no: int = 121) -> Printed:
    found = await printing.bill(conn, account, no, keyring=make.keyring(), at=AT)
    assert found is not None
    return found


@pytest.fixture
async def old(conn: Connection) -> int:
    return await town.old(conn)


async def test_a_bill_says_what_was_demanded(conn: Connection, old: int) -> None:
    found = await printed(conn, old)
    assert found.body.decode() == BILL
    assert found.digest == hashlib.sha256(found.body).digest()


async def test_it_stays_as_it_was_whatever_changes(conn: Connection, old: int) -> None:
    first = await printed(conn, old)
    await conn.execute("update company set name = 'Другая компания', phone = '1', pay = 'иначе'")
    assert await printed(conn, old) == first


async def test_it_is_kept_sealed(conn: Connection, old: int) -> None:  # R40
    await printed(conn, old)
    assert "Садовая".encode() not in await conn.fetchval("select body from printed_bills")


async def test_a_changed_byte_is_noticed(owner_conn: Connection, old: int) -> None:
    await printed(owner_conn, old)
    await owner_conn.execute("update printed_bills set digest = sha256('other')")
    with pytest.raises(printing.Changed):
        await printed(owner_conn, old)


async def test_there_is_none_of_what_was_not_issued(conn: Connection, old: int) -> None:
    assert await printing.bill(conn, old, 10_000, keyring=make.keyring(), at=AT) is None
    await conn.execute("update customers set data_key = null")
    assert await printing.bill(conn, old, 121, keyring=make.keyring(), at=AT) is None
