"""One timeline of all that befell an account, the latest first, in pieces that neither miss nor repeat anything."""

import hashlib
import os
from datetime import timedelta

import pytest
from asyncpg import Connection

from core.basics.ids import uuid7
from core.dossier.timeline import actions
from core.dossier.timeline.model import FIRST, Event, Mark, What
from tests import make
from tests.core.dossier import town
from tests.core.dossier.town import AT

PHONE = "+79780000017"


async def events(conn: Connection, account: int, *kinds: What, most: int = 1000, full: bool = True) -> list[Event]:
    found = await actions.piece(conn, account, keyring=make.keyring(), full=full, kinds=kinds or tuple(What), most=most)
    return list(found.events)


@pytest.fixture
async def old(conn: Connection) -> int:
    account = await town.old(conn)
    await said(conn, account, "ДОЛГ", "К оплате 431,60", command="Balance", reply="BalanceTold")
    return account


async def said(conn: Connection, account: int | None, text: str, answer: str, *, command: str, reply: str) -> None:
    """A message of Anna's phone, and the answer to it."""
    keys = make.keyring()
    digest = keys.phone_hash(PHONE)
    [(customer, key)] = await conn.fetch(
        "select c.id, c.data_key from phones p join customers c on c.id = p.customer_id where p.hash = $1", digest
    )
    sealer, sent = keys.customer(key), uuid7(at=AT, noise=os.urandom(10))
    await conn.execute(
        """insert into inbox (channel, provider, reference, sender_hash, customer_id, received_at, content_hash,
                              payload, command, fate, account_id, outbound_id)
           values ('sms', 'twilio', $1, $2, $3, $4, $2, $5, $6, 'answered', $7, $8)""",
        f"SM{sent}",
        digest,
        customer,
        AT + timedelta(minutes=1),
        sealer.seal(text.encode() + b"\0From=%2B79780000017", purpose=b"inbox"),
        command,
        account,
        sent,
    )
    await conn.execute(
        """insert into outbox (id, channel, class, customer_id, address_hash, body, body_hash, segments, locale, kind,
                               state, created_at)
           values ($1, 'sms', 'reply', $2, $3, $4, $5, 1, 'ru', $6, 'delivered', $7)""",
        sent,
        customer,
        digest,
        sealer.seal(answer.encode(), purpose=b"outbox"),
        hashlib.sha256(answer.encode()).digest(),
        reply,
        AT + timedelta(minutes=1, seconds=1),
    )


async def test_all_that_befell_it_stands_in_one_statement(conn: Connection, old: int) -> None:  # row K8
    async with town.counted(conn) as sent:
        found = await events(conn, old)
    assert len(sent) == 1
    counts = {what: sum(one.what is what for one in found) for what in What}
    assert counts == {
        What.READING: 121, What.CLAIM: 120, What.PAYMENT: 119, What.CAME: 1, What.SENT: 1, What.NOTICE: 0,
        What.REQUEST: 0, What.FACT: 0, What.LINK: 1,
    }  # fmt: skip
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)


async def test_messages_stand_with_their_words_and_fate(conn: Connection, old: int) -> None:
    sent, came, *_ = await events(conn, old)
    assert (came.what, came.words, came.state, came.by) == (What.CAME, "ДОЛГ", "answered", "sms")
    assert (sent.what, sent.words, sent.state, sent.kind) == (What.SENT, "К оплате 431,60", "delivered", "BalanceTold")


async def test_a_code_is_nobodys_but_the_customers(conn: Connection, old: int) -> None:
    await said(conn, old, "482100", "Код 482100", command="Code", reply="CodeSent")
    found = await events(conn, old, What.CAME, What.SENT)
    secret = [one for one in found if one.hidden]
    assert len(secret) == 2
    assert all("482100" not in str(one) for one in found)


async def test_what_concerns_another_account_of_the_phone_is_not_shown(conn: Connection, old: int) -> None:
    other = await conn.fetchval("select id from accounts where number = '0012399'")
    await said(conn, other, "ИСТОРИЯ", "другой счёт", command="Wanted", reply="HistoryTold")
    assert "другой счёт" not in {one.words for one in await events(conn, old)}
    assert "другой счёт" in {one.words for one in await events(conn, other)}


async def test_after_a_phone_is_taken_off_its_messages_are_not_shown(conn: Connection, old: int) -> None:
    await conn.execute("update links set valid_to = $1 where account_id = $2", AT + timedelta(seconds=1), old)
    await said(conn, None, "привет", "Не понял", command="NotUnderstood", reply="NotUnderstoodTold")
    assert not {"привет", "Не понял"} & {one.words for one in await events(conn, old)}


@pytest.mark.parametrize("most", [1, 7, 50])
async def test_pieces_neither_miss_nor_repeat(conn: Connection, old: int, most: int) -> None:
    whole = [(one.what, one.ref) for one in await events(conn, old, What.READING, What.SENT, What.CAME, What.LINK)]
    found: list[tuple[What, str]] = []
    mark: Mark | None = FIRST
    while mark is not None:
        piece = await actions.piece(
            conn,
            old,
            keyring=make.keyring(),
            full=True,
            before=mark,
            kinds=(What.READING, What.SENT, What.CAME, What.LINK),
            most=most,
        )
        found += [(one.what, one.ref) for one in piece.events]
        mark = piece.older and Mark.read(piece.older.written())
        assert (mark is None) == (piece.older is None)
    assert found == whole
    assert len(set(found)) == len(found) == 124


async def test_it_is_narrowed_to_a_kind(conn: Connection, old: int) -> None:
    assert {one.what for one in await events(conn, old, What.PAYMENT)} == {What.PAYMENT}


async def test_a_phone_is_veiled_for_a_clerk(conn: Connection, old: int) -> None:  # R39
    [link] = await events(conn, old, What.LINK, full=False)
    assert link.words == "+7 9** ***-**-17"


async def test_what_was_erased_is_not_shown(conn: Connection, old: int) -> None:
    await conn.execute("update customers set data_key = null")
    assert all(one.words is None for one in await events(conn, old, What.CAME, What.SENT, What.LINK))


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1.other.2", "99999999999999999999.reading.1", "-1.reading.1", "٣.sent.1"]
)
def test_a_mark_that_is_none_is_none(text: str) -> None:
    assert Mark.read(text) is None


def test_a_mark_comes_back_as_it_was_written() -> None:
    mark = Mark(AT + timedelta(microseconds=7), "reading", "0000000000000000012")
    assert Mark.read(mark.written()) == mark
