"""A contract from paper to its end, and what its phone may be told: whatever the order in which it was written down."""

import hashlib
import itertools
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import asyncpg
import pytest

from core.accounts import sql as accounts
from core.accounts.model import Role, Scope
from core.contracts import actions, texts
from core.contracts.model import TERMS, Bar, Contract, Document, How, Reason, Refused, State, Topic, Wanted
from core.outbox.noticing import Wire
from gateway.parts import words
from tests import make
from tests.make import A, M

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)
TODAY = date(2025, 11, 21)
PHONE, OWNER, NUMBER = "+79780001705", "+79780001701", "100004321"
HASH = make.keyring().phone_hash(PHONE)
PDF = b"%PDF-1.7\nsigned\n%%EOF\n"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Step = Callable[[datetime], Awaitable[object]]


def wire() -> Wire:
    return Wire(make.keyring(), words(), os.urandom)


def wanted(**more: Any) -> Wanted:
    usual = Wanted(
        PHONE, "Анна Иванова", Role.OWNER, Document.PASSPORT, "4321", TODAY, "ru", frozenset(), frozenset(TERMS)
    )
    return replace(usual, **more)


@dataclass(frozen=True, slots=True)
class Desk:
    conn: asyncpg.Connection
    account_id: int

    async def take(self, at: datetime = NOON, **more: Any) -> Contract:
        return await actions.take(self.conn, self.account_id, wanted(**more), by="ivanova", at=at, wire=wire())

    async def revoke(self, contract: Contract, at: datetime, on: date = TODAY) -> Contract:
        return await actions.revoke(
            self.conn, contract.id, Reason.REQUEST, "asked", on=on, by="ivanova", at=at, wire=wire()
        )

    async def bar(self, topic: Topic, at: datetime) -> Bar | None:
        [found] = await actions.bars(self.conn, [(HASH, self.account_id)], topic, at=at)
        return found

    async def link(self) -> asyncpg.Record | None:
        return await self.conn.fetchrow(
            "select role, extra, contract_on, evidence, name from links where phone_hash = $1 and account_id = $2"
            " and valid_to is null",
            HASH,
            self.account_id,
        )


@pytest.fixture
async def desk(conn: asyncpg.Connection, owner_conn: asyncpg.Connection) -> Desk:
    await make.company(owner_conn)
    account_id = await make.account(owner_conn, A(NUMBER, (M("0098765"),), ((OWNER, "owner"),)))
    await owner_conn.execute("set role meterline_app")
    return Desk(conn, account_id)


async def said(conn: asyncpg.Connection) -> dict[bytes, list[str]]:
    """The kinds of messages that wait, by phone."""
    rows = await conn.fetch("select address_hash, kind from outbox order by address_hash, kind")
    return {
        digest: [row["kind"] for row in group]
        for digest, group in itertools.groupby(rows, key=lambda row: bytes(row["address_hash"]))
    }


async def test_a_contract_links_a_strange_phone_and_tells_both(desk: Desk) -> None:
    contract = await desk.take()
    assert contract.state is State.IN_FORCE
    assert contract.number == f"SMS-{contract.id:06}"
    link = await desk.link()
    assert link is not None
    assert (link["role"], link["contract_on"], link["evidence"]) == ("owner", TODAY, f"contract {contract.number}")
    assert await said(desk.conn) == {
        HASH: ["ContractTaken"],
        make.keyring().phone_hash(OWNER): ["PhoneLinked"],
    }
    for topic in TERMS:
        assert await desk.bar(topic, NOON) is None
        assert await desk.bar(topic, NOON - HOUR) is Bar.NOT_LINKED


async def test_an_unverified_link_becomes_what_the_contract_says(desk: Desk) -> None:  # ruling 22
    customer = await desk.conn.fetchval("select customer_id from accounts where id = $1", desk.account_id)
    await make.link(desk.conn, desk.account_id, customer, PHONE, "unverified", name="дача")
    await desk.take(role=Role.HELPER, extra=frozenset({Scope.READ}), topics=frozenset({Topic.SERVICE}))
    link = await desk.link()
    assert link is not None
    assert (link["role"], link["extra"], link["name"]) == ("helper", ["read"], "дача")
    assert await desk.bar(Topic.LEGAL_SMS, NOON) is Bar.NO_RIGHT
    assert await desk.bar(Topic.SERVICE, NOON) is None
    assert await desk.bar(Topic.GREETING, NOON) is Bar.NO_CONSENT


async def test_a_prepared_contract_does_nothing_until_it_is_signed_and_once(desk: Desk) -> None:
    conn, keyring = desk.conn, make.keyring()
    prepared = await actions.prepare(conn, desk.account_id, wanted(), by="ivanova", at=NOON, keyring=keyring)
    assert prepared.state is State.PREPARED
    assert await desk.link() is None
    assert await said(conn) == {}
    first = await actions.sign(conn, prepared.id, by="ivanova", at=NOON + HOUR, wire=wire())
    again = await actions.sign(conn, prepared.id, by="petrova", at=NOON + 2 * HOUR, wire=wire())
    assert first == again
    assert await conn.fetchval("select count(*) from links where phone_hash = $1", HASH) == 1
    assert await conn.fetchval("select count(*) from consents") == len(TERMS)


async def test_revoked_it_ends_the_link_and_all_that_rests_on_it(desk: Desk) -> None:
    contract = await desk.take()
    ended = await desk.revoke(contract, NOON + HOUR)
    assert ended.state is State.REVOKED
    assert await desk.link() is None
    assert (await said(desk.conn))[HASH] == ["ContractEnded", "ContractTaken"]
    assert await desk.revoke(contract, NOON + 2 * HOUR) == ended
    for topic in TERMS:
        assert await desk.bar(topic, NOON + HOUR) is Bar.NOT_LINKED
        assert await desk.bar(topic, NOON) is None, "what was allowed then stays so on record"
    assert await desk.conn.fetchval("select count(*) from link_ends where evidence = 'contract revoked'") == 1


async def test_a_prepared_contract_that_is_revoked_is_not_signed(desk: Desk) -> None:
    prepared = await actions.prepare(
        desk.conn, desk.account_id, wanted(), by="ivanova", at=NOON, keyring=make.keyring()
    )
    await desk.revoke(prepared, NOON)
    with pytest.raises(Refused):
        await actions.sign(desk.conn, prepared.id, by="ivanova", at=NOON, wire=wire())
    assert await said(desk.conn) == {}


async def test_a_newer_contract_takes_the_place_of_the_older(desk: Desk) -> None:
    old = await desk.take(topics=frozenset({Topic.LEGAL_SMS}))
    new = await desk.take(NOON + HOUR, role=Role.TENANT, topics=frozenset({Topic.SERVICE}))
    found = {one.id: one.state for one in await actions.of_account(desk.conn, desk.account_id, before=2**62, most=9)}
    assert found == {new.id: State.IN_FORCE, old.id: State.UNLINKED}
    await desk.revoke(old, NOON + 2 * HOUR)
    link = await desk.link()
    assert link is not None
    assert link["role"] == "tenant"
    assert await desk.bar(Topic.SERVICE, NOON + 2 * HOUR) is None


async def test_stop_stops_all_but_notices_of_the_law(desk: Desk) -> None:
    await desk.take()
    at = NOON + HOUR
    await accounts.set_opt_outs(desk.conn, [(HASH, True, at)])
    stopped = {topic for topic in TERMS if await desk.bar(topic, at) is Bar.STOPPED}
    assert stopped == {Topic.SERVICE, Topic.GREETING, Topic.ADVERTISING}
    assert await desk.bar(Topic.LEGAL_SMS, at) is None
    await accounts.set_opt_outs(desk.conn, [(HASH, False, at + HOUR)])
    assert [await desk.bar(topic, at + HOUR) for topic in TERMS] == [None] * 5
    await accounts.set_opt_outs(desk.conn, [(make.keyring().phone_hash("+79990000000"), True, at)])
    assert await desk.conn.fetchval("select count(*) from consents where topic = 'news'") == 2, "nobody's phone"


async def _in_order(desk: Desk, steps: Sequence[Step], at: datetime) -> list[Bar | None]:
    for number, step in enumerate(steps):
        await step(at + number * HOUR)
    return [await desk.bar(topic, at + 9 * HOUR) for topic in TERMS]


async def test_late_is_early(desk: Desk) -> None:
    """Words on consent are written down in every order; how it stands goes by when they were said."""
    contract = await desk.take(dated=TODAY - 5 * DAY)
    now = NOON + DAY

    def word(topic: Topic, *, given: bool, on: date) -> Step:
        async def say(at: datetime) -> None:
            await actions.consent(desk.conn, contract.id, topic, given=given, how=How.PAPER, on=on, by="ivanova", at=at)

        return say

    async def stop(at: datetime) -> None:
        await accounts.set_opt_outs(desk.conn, [(HASH, True, NOON)])

    steps = [
        word(Topic.GREETING, given=False, on=TODAY - 3 * DAY),
        word(Topic.GREETING, given=True, on=TODAY - 1 * DAY),
        word(Topic.LEGAL_SMS, given=False, on=TODAY - 2 * DAY),
        stop,
    ]
    found = []
    for order in itertools.permutations(steps):
        undo = desk.conn.transaction()
        await undo.start()
        found.append(await _in_order(desk, order, now))
        await undo.rollback()
    first = [Bar.NO_CONSENT, None, Bar.STOPPED, Bar.STOPPED, Bar.STOPPED]
    assert all(one == first for one in found)


async def test_a_contract_of_last_week_does_not_undo_a_stop_of_yesterday(desk: Desk) -> None:
    customer = await desk.conn.fetchval("select customer_id from accounts where id = $1", desk.account_id)
    await make.link(desk.conn, desk.account_id, customer, PHONE, "unverified")
    await accounts.set_opt_outs(desk.conn, [(HASH, True, NOON - DAY)])
    await desk.take(dated=TODAY - 7 * DAY)
    assert await desk.bar(Topic.SERVICE, NOON) is Bar.STOPPED
    assert await desk.bar(Topic.LEGAL_SMS, NOON) is None


async def test_the_text_is_printed_again_byte_for_byte(desk: Desk) -> None:
    contract = await desk.take(person="О'Нил {{7*7}} <b>% s")
    full = await actions.show(desk.conn, contract.id, keyring=make.keyring(), full=True)
    assert full.sound
    assert full.text is not None
    assert hashlib.sha256(full.text.encode()).digest() == full.text_hash
    assert "О'Нил {{7*7}} <b>% s" in full.text  # R31
    assert PHONE in full.text
    masked = await actions.show(desk.conn, contract.id, keyring=make.keyring(), full=False)
    assert PHONE not in repr(masked)  # R39
    assert masked.phone == "..17-05"
    dump = await desk.conn.fetch("select * from contracts")
    assert "7*7" not in repr(dump)  # R40


async def test_scans_are_kept_once_sealed_and_come_out_as_they_came(desk: Desk) -> None:
    contract, keyring = await desk.take(), make.keyring()
    for _ in range(2):
        digest = await actions.scan(desk.conn, contract.id, PDF, by="ivanova", at=NOON, keyring=keyring)
    assert digest == hashlib.sha256(PDF).hexdigest()
    [kept] = (await actions.show(desk.conn, contract.id, keyring=keyring, full=True)).scans
    assert (kept.kind, kept.size, kept.sha256.hex()) == ("pdf", len(PDF), digest)
    assert await actions.picture(desk.conn, contract.id, kept.id, keyring=keyring) == ("pdf", PDF)
    assert await actions.picture(desk.conn, contract.id + 1, kept.id, keyring=keyring) is None
    assert PDF not in await desk.conn.fetchval("select sealed from contract_scans")  # R40


async def test_an_erased_customer_leaves_the_contract_and_nothing_of_himself(desk: Desk) -> None:
    contract, keyring = await desk.take(), make.keyring()
    await actions.scan(desk.conn, contract.id, PDF, by="ivanova", at=NOON, keyring=keyring)
    await desk.conn.execute("update customers set data_key = null")
    paper = await actions.show(desk.conn, contract.id, keyring=keyring, full=True)
    assert (paper.person, paper.phone, paper.text, paper.document_tail) == (None,) * 4
    assert await actions.picture(desk.conn, contract.id, paper.scans[0].id, keyring=keyring) is None
    with pytest.raises(Refused):
        await actions.scan(desk.conn, contract.id, PDF, by="ivanova", at=NOON, keyring=keyring)
    with pytest.raises(Refused):
        await desk.take()
    assert (await desk.revoke(contract, NOON + HOUR)).state is State.REVOKED


@pytest.mark.parametrize(
    ("on", "words", "reason"),
    [
        (TODAY + DAY, "", Reason.REQUEST),
        (TODAY - DAY, "", Reason.REQUEST),
        (TODAY, " ", Reason.OTHER),
        (TODAY, "two\nlines", Reason.REQUEST),
        (TODAY, "x" * 201, Reason.REQUEST),
    ],
)
async def test_what_cannot_be_revoked_so_is_refused(desk: Desk, on: date, words: str, reason: Reason) -> None:
    contract = await desk.take()
    with pytest.raises(Refused):
        await actions.revoke(desk.conn, contract.id, reason, words, on=on, by="x", at=NOON, wire=wire())
    assert await desk.link() is not None


async def test_a_code_of_reg_that_is_open_does_not_weaken_the_contract(desk: Desk) -> None:
    await desk.conn.execute(
        "insert into questions (phone_hash, kind, terms, asked_at, expires_at) values ($1, 'code', '{}', $2, $2)",
        HASH,
        NOON,
    )
    await desk.take()
    assert await desk.conn.fetchval("select count(*) from questions") == 0


async def test_a_text_that_was_edited_is_not_used(tmp_path: Path) -> None:
    place = tmp_path / "texts"
    copytree(texts.PLACE, place)
    assert texts.read(place).languages == ("en", "ru")
    (place / "2025-01-01.ru.txt").write_text("другой {person}", encoding="utf-8")
    texts.read.cache_clear()
    with pytest.raises(texts.UnusableText, match=r"2025-01-01\.ru\.txt"):
        texts.read(place)
