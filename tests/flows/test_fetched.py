"""Texts that no webhook brought are fetched from the carrier's list and answered, once and in their order (R5)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from channels.sms.message import PROVIDER
from channels.sms.twilio import TwilioCarrier
from core.answer.model import Answer
from core.inbox.model import Inbound, Unavailable
from demo.carrier_faults import Faults
from gateway.parts import opened
from gateway.polling import ALARMED, Polled, Polling
from tests import make
from tests.flows.conftest import NUMBER, Street
from tests.make import A, M

PHONES = tuple(f"+7978001{number:04d}" for number in range(50))


@pytest.fixture
async def people(company: asyncpg.Connection) -> None:
    for number, phone in enumerate(PHONES):
        await make.account(company, A(f"1{number:08d}", (M(f"{500000 + number}"),), ((phone, "owner"),)))


def polling(town: Street) -> Polling:
    assert town.parts.polling is not None
    return town.parts.polling


@asynccontextmanager
async def another(
    town: Street, answer: Callable[[Inbound], Awaitable[Answer]], *, lease: float
) -> AsyncIterator[Polling]:
    """The reading of another process, whose door is `answer`."""
    told = town.parts.settings
    assert told.twilio_account_sid
    assert told.twilio_auth_token
    mailbox = TwilioCarrier(
        account_sid=told.twilio_account_sid,
        auth_token=told.twilio_auth_token.get_secret_value(),
        numbers=told.twilio_numbers,
        public_url=told.public_url,
        api_base=told.twilio_api_base,
    )
    yield Polling(
        provider=PROVIDER,
        mailbox=mailbox,
        pool=town.pool,
        answer=answer,
        now=town.clock.now,
        owner="another",
        every=told.poll_seconds,
        lease=lease,
    )
    await mailbox.close()


async def row(town: Street) -> asyncpg.Record:
    found = await town.pool.fetchrow("select * from inbox_polls")
    assert found is not None
    return found


async def polled(town: Street) -> Polled:
    """One reading, as soon as it is due."""
    async with asyncio.timeout(20):
        while (done := await polling(town).poll()) is None:
            await asyncio.sleep(0.05)
    return done


async def withheld(town: Street) -> None:
    """Every phone texts its reading, and the carrier tells nobody."""
    town.carrier.faults = Faults(text_lost=1.0)
    for phone in PHONES:
        assert (await town.carrier.text(sender=phone, to=NUMBER, body="04400")).webhook is None
    town.carrier.faults = Faults()


async def told(town: Street) -> Counter[str]:
    """How many answers came to each phone."""
    await town.quiet()
    book = town.carrier.book.from_number(0, limit=10_000)
    return Counter(one.to for one in book if one.direction == "outbound-api")


async def test_fifty_texts_that_no_webhook_told_are_answered_once(people: None, town: Street) -> None:  # R5
    await withheld(town)
    assert (await polled(town)).fetched == 50
    assert (await polled(town)) == Polled(pages=1, listed=50)
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1))
    assert await town.pool.fetchval("select count(distinct account_id) from readings where source = 2") == 50
    kept = await row(town)
    assert (kept["completed"], kept["fetched"], kept["failed"], kept["lease_until"]) == (2, 50, 0, None)
    assert (await town.audit())["inbox_fetched"] == 50


async def test_texts_that_come_both_ways_at_once_are_answered_once(people: None, town: Street) -> None:  # R2, R5
    """Half the webhooks are late; the list is read again and again while they come."""
    town.carrier.faults = Faults(text_delayed=0.5, text_doubled=0.3, text_replayed=0.3, delay_seconds=0.5, seed=5)

    async def reading() -> int:
        fetched: int = 0
        for _ in range(20):
            await town.pool.execute("update inbox_polls set due_at = now()")
            done = await polling(town).poll()
            fetched += done.fetched if done else 0
            await asyncio.sleep(0.02)
        return fetched

    texts = (town.carrier.text(sender=phone, to=NUMBER, body="04400") for phone in PHONES)
    fetched, _ = await asyncio.gather(reading(), asyncio.gather(*texts))
    assert fetched > 0, "some came by the list first"
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1))
    assert await town.pool.fetchval("select count(*) from inbox") == 50
    assert await town.pool.fetchval("select count(*) from alarms") == 0


async def test_what_one_phone_wrote_is_answered_in_its_order(people: None, town: Street) -> None:  # R5, R13
    """Within one second too, where the list tells no difference in time."""
    town.carrier.faults = Faults(text_lost=1.0)
    said = [f"{4400 + number:05d}" for number in range(8)]
    for body in said:
        for phone in PHONES[:3]:
            await town.carrier.text(sender=phone, to=NUMBER, body=body)
    town.carrier.faults = Faults()
    assert (await polled(town)).fetched == 24
    values = "select value::int from readings r join inbox i on i.id = inbox_id where r.account_id = $1 order by i.id"
    for account in await town.pool.fetch("select distinct account_id from readings where inbox_id is not null"):
        assert [row[0] for row in await town.pool.fetch(values, account[0])] == [int(body) for body in said]


async def test_many_processes_read_the_list_once_in_an_interval(
    people: None, town: Street, database: str
) -> None:  # R5
    await withheld(town)
    async with AsyncExitStack() as kept:
        others = [
            await kept.enter_async_context(opened(town.parts.settings, database, now=town.clock.now)) for _ in range(3)
        ]
        every = [parts.polling for parts in (town.parts, *others) if parts.polling]
        ends = await asyncio.gather(*(one.poll(starting=True) for one in every))
        assert [end.fetched for end in ends if end] == [50], "one process did it"
        assert not any(await asyncio.gather(*(one.poll() for one in every))), "and it is not due yet"
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1))


async def test_a_process_that_starts_reads_at_once_unless_one_has_just_begun(town: Street) -> None:  # R5
    assert await polled(town) is not None
    await town.pool.execute("update inbox_polls set due_at = now() + interval '1 hour'")
    assert await polling(town).poll() is None
    assert await polling(town).poll(starting=True) is None, "one began a moment ago"
    await town.pool.execute("update inbox_polls set begun_at = now() - interval '11 seconds'")
    assert await polling(town).poll(starting=True) is not None


async def test_a_reading_that_was_broken_off_is_taken_up_by_another(people: None, town: Street) -> None:  # R5
    await withheld(town)
    door, let_in = town.parts.answerer.answer, 0

    async def breaks(inbound: Inbound) -> Answer:
        nonlocal let_in
        let_in += 1
        if let_in > 20:
            raise asyncio.CancelledError
        return await door(inbound)

    async with another(town, breaks, lease=0.3) as dying:
        with pytest.raises(asyncio.CancelledError):
            await dying.poll()
    assert (await row(town))["completed"] == 0
    assert (await polled(town)).fetched == 30
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1))


async def test_after_a_long_absence_the_list_is_read_step_by_step(people: None, town: Street) -> None:  # R5
    """A day and a half without us: what was said in it is answered, the oldest first, and quiet hours cost little."""
    assert await polled(town) is not None
    town.carrier.faults = Faults(text_lost=1.0)
    for number, phone in enumerate(PHONES):
        if number in (10, 30):
            town.clock.forward(hours=13)
        town.clock.forward(minutes=3)
        await town.carrier.text(sender=phone, to=NUMBER, body="04400")
    town.carrier.faults = Faults()
    town.clock.forward(hours=9)
    done = await polled(town)
    assert done.fetched == 50
    assert done.pages <= 20
    order = await town.pool.fetch("select reference from inbox order by id")
    book = [one.sid for one in town.carrier.book.from_number(0, limit=10_000) if one.direction == "inbound"]
    firsts = [[row[0] for row in order][place] for place in (0, 10, 30)]
    assert {firsts[0]} <= set(book[:10])
    assert {firsts[1]} <= set(book[10:30])
    assert {firsts[2]} <= set(book[30:])
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1))
    at = await town.pool.fetchval("select max(received_at) from inbox")
    assert town.clock.now() - at == timedelta(hours=9), "each text has the time at which it was written"


async def test_a_list_that_cannot_be_read_is_told_once_and_tried_again(people: None, town: Street) -> None:  # R5
    await withheld(town)
    town.carrier.faults = Faults(list_500=1.0)
    for number in range(1, ALARMED + 3):
        assert await polled(town) == Polled()
        assert (await town.audit())["polls_failed"] == number
        await town.pool.execute("update inbox_polls set due_at = now()")
    alarms = await town.pool.fetch("select kind, about from alarms")
    assert [tuple(row) for row in alarms] == [("list unreadable", "twilio")]
    town.carrier.faults = Faults()
    assert (await polled(town)).fetched == 50
    assert (await town.audit())["polls_failed"] == 0
    assert await told(town) == Counter(dict.fromkeys(PHONES, 1))


async def test_where_the_door_is_shut_nothing_is_confirmed(people: None, town: Street) -> None:  # R4, R5
    await withheld(town)

    async def shut(inbound: Inbound) -> Answer:
        raise Unavailable("database")

    before = town.clock.now()
    town.clock.forward(minutes=5)
    async with another(town, shut, lease=5.0) as unlucky:
        assert await unlucky.poll() == Polled()
    assert (await row(town))["confirmed"] >= before
    assert await town.pool.fetchval("select count(*) from alarms") == 0
    assert (await polled(town)).fetched == 50
