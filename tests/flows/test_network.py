"""A hostile network, hostile texts, and many at once (journey J7, R1-R4, R12, R13)."""

import asyncio
from datetime import date

import aiohttp
import asyncpg
import pytest

from channels.sms import signature
from tests import make
from tests.flows.conftest import NUMBER, SID, TOKEN, Street
from tests.make import A, M

HERO = "+79780001705"


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    return await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=claims))


async def post(town: Street, body: str, *, sid: str, sender: str = HERO, token: str = TOKEN) -> int:
    """The status of a webhook as Twilio makes it."""
    params = [("From", sender), ("To", NUMBER), ("Body", body), ("MessageSid", sid), ("AccountSid", SID)]
    url = f"{town.url}/sms/twilio"
    headers = {"X-Twilio-Signature": signature.sign(url, params, token)}
    async with aiohttp.ClientSession() as session, session.post(url, data=params, headers=headers) as response:
        assert response.status != 200 or await response.read() == b""
        return response.status


def sid(number: int) -> str:
    return f"SM{number:032x}"


async def test_forty_copies_are_one_reading_and_one_answer(town: Street, hero: int) -> None:  # R2
    statuses = await asyncio.gather(*(post(town, "04512", sid=sid(1)) for _ in range(40)))
    assert set(statuses) == {200}
    assert len(await town.answers(HERO)) == 1
    town.clock.forward(days=1)
    assert await post(town, "04512", sid=sid(1)) == 200
    assert await town.answers(HERO) == []
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 1
    assert await town.pool.fetchval("select count(*) from alarms") == 0


async def test_a_repeat_with_other_words_changes_nothing_and_is_an_alarm(town: Street, hero: int) -> None:  # R2
    await post(town, "04512", sid=sid(2))
    assert await post(town, "04600", sid=sid(2)) == 200
    assert len(await town.answers(HERO)) == 1
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'content changed'") == 1


async def test_a_forged_signature_is_refused(town: Street, hero: int) -> None:  # R6
    assert await post(town, "04512", sid=sid(3), token="another token for tests") == 403
    assert await town.pool.fetchval("select count(*) from inbox") == 0


async def test_eight_phones_of_one_account_at_once(town: Street, company: asyncpg.Connection) -> None:  # R13
    phones = [f"+7978000180{number}" for number in range(8)]
    account = await make.account(company, A("100005000", (M("55"),), tuple((phone, "owner") for phone in phones)))
    values = [f"0451{number}" for number in range(8)]
    texts = [post(town, value, sid=sid(100 + no), sender=phones[no]) for no, value in enumerate(values)]
    assert set(await asyncio.gather(*texts)) == {200}
    await town.quiet()
    rows = await town.pool.fetch(
        "select no, value from readings where account_id = $1 and inbox_id is not null order by no", account
    )
    assert len(rows) == 8
    assert len({row["no"] for row in rows}) == 8, "each took its turn"
    registers = await town.pool.fetchval("select registers::text from account_states where account_id = $1", account)
    assert str(int(rows[-1]["value"] * 1000)) in registers, "the last one holds"


async def test_eight_readings_of_one_phone_are_corrections(town: Street, hero: int) -> None:
    for number in range(8):
        await post(town, f"0451{number}", sid=sid(200 + number))
    answers = await town.answers(HERO)
    assert len(answers) == 8
    assert "04517" in answers[-1]
    assert "1069,04" in answers[-1]  # 431.60 + 192 x 3.32


HOSTILE = [
    "9" * 2000,
    "показания " * 200,
    "\x00",
    "12\x0045",
    "\u202e04512\u202c",
    "'; drop table readings; --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%(debt)999999d {0.__class__}",
    "\U0001f1f7\U0001f1fa",
    "\u0661\u0662\u0663",
    "",
    " ",
    "\ud83d",
    "a\r\nX-Injected: 1",
]


@pytest.mark.parametrize("body", HOSTILE)
async def test_hostile_text_gets_a_literal_answer(town: Street, hero: int, body: str) -> None:  # R3, R31
    raw = body.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert await post(town, raw, sid=sid(300)) == 200
    (answer,) = await town.answers(HERO)
    assert answer
    assert "49" not in answer or "7*7" in answer
    assert await town.pool.fetchval("select fate from inbox") == "answered"
    (good,) = await town.text(HERO, "04512")
    assert good.startswith("Принято 04512")


async def test_an_unknown_phone_gets_three_neutral_answers_a_day(town: Street, hero: int) -> None:  # ruling 23
    answers = [await town.text("+79789999999", "04512") for _ in range(5)]
    assert [len(one) for one in answers] == [1, 1, 1, 0, 0]
    assert "04512" not in answers[0][0] or "1052" not in answers[0][0]
    town.clock.forward(hours=25)
    assert len(await town.text("+79789999999", "БАЛ")) == 1


async def test_two_machines_that_answer_each_other_fall_silent(town: Street, hero: int) -> None:  # ruling 15
    said = 0
    for _ in range(6):
        said += len(await town.text(HERO, "Я сейчас не могу ответить, перезвоню позже"))
    assert said == 3
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'muted'") == 1
    assert (await town.text(HERO, "04512"))[0].startswith("Принято")


async def test_receipts_out_of_order_never_move_back(town: Street, hero: int) -> None:  # R23
    await town.text(HERO, "04512")
    row = await town.pool.fetchrow("select id, reference from outbox")
    assert row is not None
    for status in ("delivered", "sent", "queued", "sending"):
        url = f"{town.url}/sms/twilio/status?oid={row['id']}"
        params = [("MessageSid", row["reference"]), ("MessageStatus", status), ("AccountSid", SID), ("To", HERO)]
        headers = {"X-Twilio-Signature": signature.sign(url, params, TOKEN)}
        async with aiohttp.ClientSession() as session, session.post(url, data=params, headers=headers) as response:
            assert response.status == 200
    assert await town.pool.fetchval("select state from outbox") == "delivered"
    assert (await town.audit())["regressed"] == 0


async def test_the_books_are_sound_after_all(town: Street, hero: int) -> None:  # Q4
    for body in ("04512", "04513", "ОТМ", "долг", "чепуха"):
        await town.text(HERO, body)
    counted = await town.audit()
    sound = set(counted) - {"inbox_total", "outbox_total", "readings", "alarms", "inbox_muted"}
    assert {name: counted[name] for name in sound} == dict.fromkeys(sound, 0)
    assert counted["readings"] == 2


async def test_a_held_account_keeps_nobody_else_waiting(
    town: Street, hero: int, company: asyncpg.Connection
) -> None:  # R4, R13
    other = "+79780001999"
    await make.account(company, A("100009999", (M("99"),), ((other, "owner"),)))
    async with company.transaction():
        await company.execute("select from accounts where id = $1 for no key update", hero)
        waiting = asyncio.create_task(post(town, "04512", sid=sid(400)))
        second = asyncio.create_task(post(town, "04513", sid=sid(401)))
        (free,) = await town.text(other, "04512")
        assert free.startswith("Принято 04512")
        assert not waiting.done(), "he waits, and only he"
    assert [await waiting, await second] == [200, 200]
    answers = await town.answers(HERO)
    assert "04512" in answers[0]
    assert "04513" in answers[1], "in the order in which they came"


async def test_an_account_held_too_long_is_503_and_nothing_is_put_aside(
    town: Street, hero: int, company: asyncpg.Connection
) -> None:  # R4
    async with company.transaction():
        await company.execute("select from accounts where id = $1 for no key update", hero)
        assert await post(town, "04512", sid=sid(402)) == 503
    assert await town.pool.fetchval("select count(*) from inbox") == 0
    assert await post(town, "04512", sid=sid(402)) == 200
    assert len(await town.answers(HERO)) == 1


async def test_the_cap_of_unknown_phones_holds_under_a_flood(town: Street, hero: int) -> None:  # ruling 23
    said = 0
    for number in range(30):
        said += len(await town.text("+79787777777", f"долг {number}"))
        town.clock.forward(seconds=30)
    assert said == 3
    texts = [post(town, "долг", sid=sid(500 + number), sender="+79788888888") for number in range(12)]
    assert set(await asyncio.gather(*texts)) == {200}
    assert len(await town.answers("+79788888888")) == 3
