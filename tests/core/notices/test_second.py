"""What an SMS did not bring goes on to the person's chat, once and as the classes allow; then a letter (R29, J13)."""

import json
from datetime import timedelta

import pytest

from core.contracts.model import Topic
from core.notices import actions
from core.notices.model import Kind
from core.notices.people import actions as people
from core.notices.people import second
from core.notices.warnings import actions as warnings
from core.notices.warnings import chain
from core.notices.warnings.model import What
from tests.core.notices.conftest import EVERY_TOPIC, NOON, WIRE, Village
from tests.core.notices.test_warnings import case, reported, warned

KEYS = WIRE.keyring
WITH_CHAT = EVERY_TOPIC | {Topic.LEGAL_CHAT}
HOUR = timedelta(hours=1)


async def chat(village: Village, phone: str, *, dead: bool = False, id: str = "5001") -> None:
    """A private chat that speaks for the phone."""
    row = await village.conn.fetchrow(
        """select p.customer_id, c.data_key from phones p join customers c on c.id = p.customer_id where p.hash = $1""",
        KEYS.phone_hash(phone),
    )
    assert row is not None
    await village.conn.execute(
        """insert into chats (hash, phone_hash, customer_id, sealed, evidence, bound_at, dead_at)
           values ($1, $2, $3, $4, 'contact 1', $5, $6)""",
        KEYS.chat_hash(id), KEYS.phone_hash(phone), row["customer_id"],
        KEYS.customer(row["data_key"]).seal(id.encode(), purpose=b"chat"), NOON, NOON if dead else None,
    )  # fmt: skip


async def failed(village: Village, code: str = "30006", state: str = "failed") -> None:
    told = "update outbox set state = $2, code = $1, changed_at = clock_timestamp() where kind like 'Notice %'"
    await village.conn.execute(told + " and channel = 'sms'", code, state)


async def followed(village: Village, *, after: timedelta = timedelta(0), chats: bool = True) -> None:
    village.at += after
    await second.by_chat(village.conn, WIRE, at=village.at)
    await warnings.follow(village.conn, WIRE, at=village.at, chats=chats)


async def kinds(village: Village, number: int) -> list[What]:
    of = await case(village, number)
    assert chain.broken_at(of) is None
    return [one.what for one in of.rows[5:] if one.what is not What.ATTEMPT]


async def in_chats(village: Village) -> list[dict[str, str]]:
    """What waits to go into chats: to which, the words, and the buttons."""
    rows = await village.conn.fetch(
        """select o.*, c.data_key from outbox o join customers c on c.id = o.customer_id
            where o.channel = 'telegram' order by o.id"""
    )
    told = []
    for row in rows:
        mine = KEYS.customer(row["data_key"])
        extras = mine.open(row["extras"], purpose=b"extras").decode() if row["extras"] else "{}"
        told.append(
            {
                "to": mine.open(row["address"], purpose=b"phone").decode(),
                "words": mine.open(row["body"], purpose=b"outbox").decode(),
                "buttons": json.dumps(json.loads(extras).get("buttons", []), ensure_ascii=False),
                "class": row["class"],
            }
        )
    return told


@pytest.mark.parametrize("code", ["30006", "21610"])
async def test_a_warning_goes_on_to_the_chat_with_its_button(village: Village, code: str) -> None:  # R29
    number, _, phone = await warned(village, topics=WITH_CHAT)
    await chat(village, phone)
    await failed(village, code)
    await followed(village)
    await followed(village)
    assert await kinds(village, number) == [What.UNDELIVERED, What.CHAT], "once"
    [said] = await in_chats(village)
    row = await village.conn.fetchrow("select outbound_id, code from notice_recipients where id = $1", number)
    assert row is not None
    assert (said["to"], said["class"]) == ("5001", "official")
    assert said["words"] == await village.text(row["outbound_id"])
    assert "Ознакомлен(а)" in said["buttons"]
    assert f"o.{row['code']}." in said["buttons"]
    assert await village.conn.fetchval("select count(*) from alarms") == 0, "no letter yet"


async def test_what_the_chat_took_proves_nothing_and_three_days_later_it_is_a_letter(village: Village) -> None:  # R29
    number, _, phone = await warned(village, topics=WITH_CHAT)
    await chat(village, phone)
    await failed(village)
    await followed(village)
    await village.conn.execute("update outbox set state = 'sent', reference = '7-x' where channel = 'telegram'")
    await followed(village, after=71 * HOUR)
    assert await kinds(village, number) == [What.UNDELIVERED, What.CHAT, What.CHAT_SENT]
    assert (await case(village, number)).begun is None
    await followed(village, after=2 * HOUR)
    of = await case(village, number)
    assert of.rows[-1].what is What.LETTER
    body = of.rows[-1].body
    assert body is not None
    assert body["why"] == "not acknowledged"
    assert f"№ {number}" in body["text"]
    assert "5210,40" in body["text"]
    assert await village.conn.fetchval("select kind from alarms") == "letter wanted"


async def test_without_a_receipt_for_three_days_the_chat_comes_first(village: Village) -> None:  # R29
    number, _, phone = await warned(village, topics=WITH_CHAT)
    await chat(village, phone)
    await failed(village, "", "sent")
    await followed(village, after=71 * HOUR)
    assert await in_chats(village) == []
    await followed(village, after=timedelta(hours=1, minutes=1))
    assert What.CHAT in await kinds(village, number)
    await village.conn.execute("update outbox set state = 'failed' where channel = 'telegram'")
    await followed(village)
    assert (await kinds(village, number))[-1] is What.LETTER


async def test_delivered_after_all_needs_no_letter(village: Village) -> None:  # R29
    number, _, phone = await warned(village, topics=WITH_CHAT)
    await chat(village, phone)
    await failed(village, "", "sent")
    await followed(village, after=73 * HOUR)
    await reported(village, number, "delivered", village.at)
    await followed(village, after=80 * HOUR)
    assert What.LETTER not in await kinds(village, number)


@pytest.mark.parametrize("why", ["no consent", "dead", "none", "switched off"])
async def test_without_a_lawful_chat_it_is_a_letter_at_once(village: Village, why: str) -> None:  # R28, R29
    number, _, phone = await warned(village, topics=EVERY_TOPIC if why == "no consent" else WITH_CHAT)
    if why != "none":
        await chat(village, phone, dead=why == "dead")
    await failed(village)
    await followed(village, chats=why != "switched off")
    assert await kinds(village, number) == [What.UNDELIVERED, What.LETTER]
    assert await in_chats(village) == []


async def test_not_in_quiet_hours_and_no_letter_for_that(village: Village) -> None:  # R28
    number, _, phone = await warned(village, topics=WITH_CHAT)
    await chat(village, phone)
    await failed(village)
    await followed(village, after=12 * HOUR)
    assert await kinds(village, number) == []
    await followed(village, after=12 * HOUR)
    assert await kinds(village, number) == [What.UNDELIVERED, What.CHAT]


async def test_nor_in_the_hours_that_the_person_does_not_want(village: Village) -> None:  # R28
    number, _, phone = await warned(village, topics=WITH_CHAT)
    await chat(village, phone)
    await failed(village)
    await village.conn.execute("update phones set told_from = 14, told_till = 22")
    await followed(village)
    assert await kinds(village, number) == [], "it is noon"
    await followed(village, after=3 * HOUR)
    assert await kinds(village, number) == [What.UNDELIVERED, What.CHAT]


async def test_a_broadcast_goes_on_once_and_ends_when_the_chat_has_it(village: Village) -> None:  # R27
    _, phone = await village.home()
    await chat(village, phone)
    notice = await village.running(await village.written())
    await village.worded()
    await failed(village)
    for _ in range(3):
        await followed(village)
    [said] = await in_chats(village)
    assert (said["to"], said["class"], said["buttons"]) == ("5001", "works", "[]")
    assert said["words"].startswith("Работы 25.11")
    await people.advance(village.conn, at=village.at)
    assert str((await actions.one(village.conn, notice.id)).state) == "running", "the chat has not got it yet"
    await village.conn.execute("update outbox set state = 'sent' where channel = 'telegram'")
    await people.advance(village.conn, at=village.at)
    told = await actions.progress(village.conn, notice.id)
    assert (str((await actions.one(village.conn, notice.id)).state), told.states) == ("done", {"sent": 1})


@pytest.mark.parametrize("code", second.STOPPED)
async def test_a_broadcast_that_somebody_stopped_does_not(village: Village, code: str) -> None:  # R28
    _, phone = await village.home()
    await chat(village, phone)
    await village.running(await village.written())
    await village.worded()
    await failed(village, code)
    await followed(village)
    assert await in_chats(village) == []


async def test_consent_is_looked_at_again(village: Village) -> None:  # R28
    _, phone = await village.home()
    await chat(village, phone)
    await village.running(await village.written(Kind.GREETING))
    await village.worded()
    await failed(village)
    await village.conn.execute("update phones set opted_out = true")
    await followed(village)
    assert await in_chats(village) == []
