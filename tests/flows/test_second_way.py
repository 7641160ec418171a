"""Over HTTP: the carrier refuses who sent it an English STOP; his warning comes into his chat, where he says that he
has read it (J13, J14, R29)."""

from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from core.accounts.model import Role
from core.contracts import actions as contracts
from core.contracts.model import Document, Topic, Wanted
from core.notices import actions
from core.notices.model import Audience, Draft, Kind
from core.notices.warnings import actions as warnings
from core.notices.warnings.model import What
from core.store.pool import acquire
from gateway import noticing
from gateway.parts import words
from tests import make
from tests.flows import chatting
from tests.flows.chatting import Town
from tests.flows.test_notices import DEBT, WIRE
from tests.make import A, M

PHONE, ANNA = "+79780001701", 5001
TOPICS = frozenset({Topic.LEGAL_SMS, Topic.LEGAL_CHAT, Topic.SERVICE})


@pytest.fixture
async def town(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[Town]:
    id = await make.account(company, A("100004321", (M("0098765"),), ((PHONE, "owner"),), DEBT, "en"))
    async with chatting.town(database, pool) as there:
        wanted = Wanted(
            PHONE, "Anna Ivanova", Role.OWNER, Document.PASSPORT, "4321", date(2025, 11, 21), "en", frozenset(), TOPICS
        )
        async with acquire(pool) as conn, conn.transaction():
            await contracts.take(conn, id, wanted, by="ivanova", at=there.clock.at, wire=WIRE)
        await there.begin(ANNA, PHONE, "English")
        await there.texted(PHONE)
        yield there


async def told(town: Town, draft: Draft) -> int:
    """The notice, approved, counted down, worded and carried, and what follows."""
    async with acquire(town.pool) as conn, conn.transaction():
        made = await actions.create(conn, draft, by="author", at=town.clock.at)
        await actions.submit(conn, made.id, by="author", at=town.clock.at, words=words())
        await actions.approve(conn, made.id, version=1, by="approver", at=town.clock.at)
        await make.staff_phone(conn, at=town.clock.at)
        await actions.trial(conn, made.id, by="author", at=town.clock.at, wire=WIRE)
        await actions.start(conn, made.id, by="author", at=town.clock.at)
    chatting.later(town, minutes=5)
    for _ in range(3):
        await noticing.look(town.parts)
        await town.quiet()
    return made.id


async def test_a_warning_that_the_carrier_refuses_is_read_in_the_chat(town: Town) -> None:  # J13, J14, R29
    assert (await town.carrier.text(sender=PHONE, to="+79780000000", body="STOP")).webhook == 200
    await town.texted(PHONE)
    await town.answers(ANNA)
    await told(town, Draft(Kind.DISCONNECTION, Audience(debt=40_000), {}, "item 119 of Decree 354"))
    assert await town.texted(PHONE) == []
    [text] = await town.answers(ANNA)
    number = await town.pool.fetchval("select id from notice_recipients")
    assert text.startswith(f"Notice {number}. Warning: account 100004321, debt 433.56")
    assert town.buttons(ANNA) == ["I have read it"]
    assert await town.press(ANNA, "I have read it") == [
        f"Notice {number}: noted that you have read it on 21 Nov. Thank you."
    ]
    async with acquire(town.pool) as conn:
        of = await warnings.case(conn, number, keyring=make.keyring())
        kinds = [str(one.what) for one in of.rows[5:]]
        steps = [(one.body or {})["channel"] for one in of.rows if one.what is What.ATTEMPT]
        assert (steps[0], steps[-1]) == ("sms", "telegram"), "both ways have all their steps"
        assert [one for one in kinds if one != "attempt"] == ["undelivered", "chat", "chat_sent", "acknowledged"]
        body = of.rows[-1].body
        assert body is not None
        assert body["channel"] == "telegram"
        lacking = await warnings.missing(conn, number, day=date(2025, 12, 10), keyring=make.keyring())
    assert [str(one) for one in lacking] == ["days"], "pressing it began the term"
    await noticing.look(town.parts)
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'letter wanted'") == 0
