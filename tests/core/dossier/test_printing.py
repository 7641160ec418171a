"""An issued bill is the same bytes for ever (row Q3)."""

import hashlib

import pytest
from asyncpg import Connection

from core.billing import company as companies
from core.dossier import printing
from core.dossier.face import Face
from core.dossier.printing import Paper, Printed
from tests import make
from tests.core.basics.test_payee import GOOD
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


def drawn(face: Face) -> bytes:
    return f"{face.company} {face.closing}".encode()


async def paper(conn: Connection, account: int, no: int = 121, form: str | None = None) -> Paper:
    found = await printing.paper(conn, account, no, keyring=make.keyring(), at=AT, form=form, draw=drawn)
    assert found is not None
    return found


async def test_a_bill_says_how_the_balance_came(conn: Connection, old: int) -> None:
    await companies.tell_payee(conn, GOOD)
    face = (await paper(conn, old)).face
    assert (face.number, face.no, face.amount, face.lines) == ("0012345", 121, 43160, ())
    assert face.opening - face.paid + face.amount == face.closing
    before = await conn.fetchval("select sum(amount)::bigint from claims where account_id = $1 and no <= 121", old)
    paid = await conn.fetchval(
        "select coalesce(sum(amount), 0)::bigint from payments where account_id = $1 and no < 121", old
    )
    assert face.closing == before - paid
    assert face.code is not None
    assert (
        f"|Sum={face.closing}|PersAcc=0012345|Purpose=Оплата по лицевому счёту 0012345 за октябрь 2025 г." in face.code
    )


async def test_its_forms_stay_whatever_changes(conn: Connection, old: int) -> None:
    await companies.tell_payee(conn, GOOD)
    first, shown = await paper(conn, old, form="pdf-ru"), await paper(conn, old)
    await conn.execute("update company set name = 'Другая компания', phone = '1', payee_bank = 'другой банк'")
    again = await printing.paper(conn, old, 121, keyring=make.keyring(), at=AT, form="pdf-ru", draw=lambda _: b"other")
    assert again == first
    assert await paper(conn, old) == shown
    assert (await paper(conn, old, form="pdf-en")).body == f"Энергосбыт {shown.face.closing}".encode()


async def test_forms_are_kept_sealed_and_a_changed_one_is_noticed(owner_conn: Connection, old: int) -> None:  # R40
    await paper(owner_conn, old, form="pdf-ru")
    kept = await owner_conn.fetch("select form, body from printed_bills")
    assert {row["form"] for row in kept} == {"face", "pdf-ru"}
    assert not any("Энергосбыт".encode() in row["body"] for row in kept)
    await owner_conn.execute("update printed_bills set digest = sha256('other') where form = 'pdf-ru'")
    assert (await paper(owner_conn, old)).face.no == 121
    with pytest.raises(printing.Changed):
        await paper(owner_conn, old, form="pdf-ru")


async def test_without_a_payee_there_is_no_code(conn: Connection, old: int) -> None:
    face = (await paper(conn, old)).face
    assert (face.payee, face.code) == (None, None)


async def test_there_is_no_paper_of_what_was_not_issued(conn: Connection, old: int) -> None:
    assert await printing.paper(conn, old, 10_000, keyring=make.keyring(), at=AT) is None
    await conn.execute("update customers set data_key = null")
    assert await printing.paper(conn, old, 121, keyring=make.keyring(), at=AT) is None
