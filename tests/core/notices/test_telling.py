"""Many people at a time: what is decided, said and sealed for several together is each one's own."""

import hashlib
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from core.basics.ids import uuids7
from core.contracts.model import Topic
from core.notices import actions, rules
from core.notices.model import Audience, Draft, Kind, State
from core.notices.people import actions as people
from core.notices.telling import actions as telling
from gateway.parts import words
from tests.core.notices.conftest import NOON, WIRE, Village


async def test_who_stands_alike_is_decided_together_in_any_chunks(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:  # R28
    homes = [await village.home(topics=None if no % 3 == 0 else frozenset({Topic.SERVICE})) for no in range(9)]
    notice = await village.written()
    whole = await actions.preview(village.conn, notice.id, at=village.at, words=words())
    monkeypatch.setattr(people, "BARRED", 2)
    shown = await actions.preview(village.conn, notice.id, at=village.at, words=words())
    assert (shown.people, shown.barred) == (whole.people, whole.barred) == (6, {"no_contract": 3})
    await village.approved(notice)
    rows = await village.conn.fetch("select account_id, bar from notice_recipients order by account_id")
    assert [row["bar"] for row in rows] == ["no_contract", None, None] * 3
    assert [row["account_id"] for row in rows] == [id for id, _ in homes]


async def test_the_hash_of_an_audience_is_that_of_its_people_and_debts(village: Village) -> None:  # R26
    for debt in ("5210.40", "5210.40", "17.00"):
        await village.home(debt=debt)
    await village.home(debt="5210.40", topics=None)
    notice = await village.written(Kind.DISCONNECTION, debt=100)
    approved = await village.approved(notice)
    rows = await village.conn.fetch("select phone_hash, account_id, debt from notice_recipients where bar is null")
    told = sorted((row["phone_hash"], row["account_id"], row["debt"]) for row in rows)
    said = "\n".join(f"{phone.hex()} {account} {debt}" for phone, account, debt in told)
    whole = rules.frozen(approved.digest, 2, hashlib.sha256(said.encode()).digest())
    kept = await village.conn.fetchrow("select digest, people from notice_approvals where notice_id = $1", notice.id)
    assert kept is not None
    assert (kept["people"], kept["digest"]) == (2, whole)


async def test_each_has_his_own_text_sealed_for_him_alone(village: Village) -> None:  # R31, R40
    homes = [await village.home(language="en" if no % 2 else "ru") for no in range(4)]
    await village.running(await village.written())
    rows = await village.worded()
    assert len({row["id"] for row in rows}) == len(rows) == 4
    said = {row["customer_id"]: await village.text(row["id"]) for row in rows}
    keys = {row["id"]: row["data_key"] for row in await village.conn.fetch("select id, data_key from customers")}
    for id, _ in homes:
        home = await village.conn.fetchrow("select customer_id, number from accounts where id = $1", id)
        assert home is not None
        assert home["number"][-4:] in said[home["customer_id"]]
    assert sorted(text[:6] for text in said.values()) == ["Works ", "Works ", "Работы", "Работы"]
    one, other = rows[0], rows[1]
    with pytest.raises(InvalidTag):
        WIRE.keyring.customer(keys[other["customer_id"]]).open(one["body"], purpose=b"outbox")
    assert len({row["body"][:12] for row in rows}) == 4, "a nonce is used once"


async def test_what_changes_after_the_approval_counts_when_it_is_worded(village: Village) -> None:  # R28
    """STOP, an unlinked phone, and a phone that nothing reaches any more: each is looked at again."""
    homes = [await village.home() for _ in range(4)]
    notice = await village.running(await village.written())
    hashes = [WIRE.keyring.phone_hash(phone) for _, phone in homes]
    await village.conn.execute("update phones set opted_out = true where hash = $1", hashes[0])
    await village.conn.execute("update links set valid_to = $2 where phone_hash = $1", hashes[1], village.at)
    await village.conn.execute("update phones set bounced = 3 where hash = $1", hashes[2])
    assert [row["address_hash"] for row in await village.worded()] == [hashes[3]]
    assert (await actions.progress(village.conn, notice.id)).barred == {
        "stopped": 1, "not_linked": 1, "dead_number": 1,
    }  # fmt: skip


async def test_chunk_after_chunk_tells_everybody_once(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:  # R27
    monkeypatch.setattr(people, "TOGETHER", 2)
    for _ in range(5):
        await village.home()
    notice = await village.running(await village.written())
    done = [await telling.word_due(village.conn, WIRE, at=village.at) for _ in range(4)]
    assert done == [2, 2, 1, 0]
    again = await village.conn.fetch("select address_hash from outbox where kind = 'Notice works'")
    assert len({row[0] for row in again}) == len(again) == 5
    await village.conn.execute("update outbox set state = 'sent'")
    await people.advance(village.conn, at=village.at)
    assert (await actions.one(village.conn, notice.id)).state is State.DONE


async def test_a_chunk_that_seems_not_to_be_worded_is_refused_by_the_outbox(village: Village) -> None:  # R27
    await village.home()
    await village.running(await village.written())
    [row] = await village.worded()
    assert row["id"] == await village.conn.fetchval("select outbound_id from notice_recipients")
    await village.conn.execute("update notice_chunks set worded_at = null")
    with pytest.raises(asyncpg.UniqueViolationError):
        await telling.word_due(village.conn, WIRE, at=village.at)


async def test_nothing_is_written_of_a_person_who_is_told_with_his_chunk(village: Village) -> None:  # R27, R28
    """Nor where all of a chunk wait for the morning; who waits alone is written down, and told once."""
    await village.home(zone="Asia/Kamchatka")
    here, _ = await village.home()
    notice = await village.running(await village.written())
    village.at = NOON + timedelta(hours=10)
    assert await village.worded() == [], "ten in the evening, and seven in the morning there"
    village.at = NOON + timedelta(hours=12) - timedelta(minutes=1)
    assert await village.worded() == []
    assert await _put_off(village) == []
    village.at = NOON + timedelta(hours=12)
    [row] = await village.worded()
    assert row["closes_at"] == datetime(2025, 11, 22, 8, tzinfo=UTC), "eight in the evening there"
    assert await _put_off(village) == [here]
    village.at = datetime(2025, 11, 22, 6, tzinfo=UTC) - timedelta(seconds=1)
    assert await village.worded() == [row]
    village.at += timedelta(seconds=1)
    assert len(await village.worded()) == 2
    assert await telling.word_due(village.conn, WIRE, at=village.at) == 0
    assert (await actions.progress(village.conn, notice.id)).states == {"ready": 2}


async def _put_off(village: Village) -> list[int]:
    rows = await village.conn.fetch("select account_id from notice_recipients where look_after is not null")
    return [row[0] for row in rows]


async def test_what_waited_for_the_morning_counts_from_when_it_was_told(village: Village) -> None:  # R28
    """Greetings: two a day by the pack."""
    await village.home(zone="Asia/Kamchatka")
    await village.home()
    for _ in range(2):
        await village.running(await village.written(Kind.GREETING))
    village.at = NOON + timedelta(hours=1)  # ten in the evening in Kamchatka
    assert len(await village.worded()) == 2
    third = await village.written(Kind.GREETING)
    shown = await actions.preview(village.conn, third.id, at=village.at, words=words())
    assert (shown.people, shown.barred) == (1, {"too_many": 1})
    village.at = NOON + timedelta(hours=14)
    assert len(await village.worded()) == 4
    shown = await actions.preview(village.conn, third.id, at=village.at, words=words())
    assert (shown.people, shown.barred) == (0, {"too_many": 2})


async def test_a_debt_is_looked_up_where_somebody_speaks_of_it(village: Village) -> None:
    await village.home(debt="5210.40")
    for said, of, debt in (
        ("Работы 25.11", {"customer": "household"}, 0),
        ("Работы 25.11", {"debt": 100}, 521040),
        ("Долг {debt}", {"customer": "household"}, 521040),
    ):
        draft = Draft(Kind.WORKS, Audience(**of), {"ru": said}, "plan 17")
        await village.approved(await actions.create(village.conn, draft, by="author", at=village.at))
        assert await village.conn.fetchval("select debt from notice_recipients order by id desc limit 1") == debt


async def test_what_one_had_of_another_notice_counts_once_that_is_over(village: Village) -> None:  # R28
    """Greetings: two a day by the pack. A notice that is done counts for thirty days from its end, and no longer."""
    await village.home()
    for day, barred in ((0, {}), (0, {}), (0, {"too_many": 1}), (2, {})):
        village.at = NOON + timedelta(days=day)
        notice = await village.written(Kind.GREETING)
        shown = await actions.preview(village.conn, notice.id, at=village.at, words=words())
        assert shown.barred == barred
        if shown.people:
            await village.running(notice)
            await village.worded()
            await village.conn.execute("update outbox set state = 'sent'")
            await people.advance(village.conn, at=village.at)
            assert (await actions.one(village.conn, notice.id)).state is State.DONE
    assert await people.had_of_late(village.conn, notice, at=village.at)
    assert not await people.had_of_late(village.conn, notice, at=village.at + timedelta(days=31))


def test_ids_of_a_chunk_differ_and_tell_their_time() -> None:
    made = list(uuids7(NOON, bytes(range(30))))
    assert len(set(made)) == 3
    assert {one.version for one in made} == {7}
    assert {one.int >> 80 for one in made} == {int(NOON.timestamp() * 1000)}
