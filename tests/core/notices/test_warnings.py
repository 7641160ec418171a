"""An official warning: its evidence, its term, and the gate of a disconnection (J13, R29, R30)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from core.contracts.model import Topic
from core.notices import actions
from core.notices.model import Audience, Draft, Kind, Notice, Refused, Why
from core.notices.warnings import actions as warnings
from core.notices.warnings import chain, proving
from core.notices.warnings.model import FOUNDATION, Case, Premise, What
from core.notices.warnings.proving import Proven
from gateway.parts import words
from tests.core.notices.conftest import NOON, WIRE, Village

KEYS = WIRE.keyring


async def warned(village: Village, *, kind: Kind = Kind.DISCONNECTION, **of: Any) -> tuple[int, int, str]:
    """The number of a warning that was worded, its account and its phone."""
    id, phone = await village.home(debt="5210.40", **of)
    notice = await village.running(await written(village, kind))
    await village.worded()
    number = await village.conn.fetchval(
        "select id from notice_recipients where notice_id = $1 and account_id = $2", notice.id, id
    )
    return number, id, phone


async def written(village: Village, kind: Kind = Kind.DISCONNECTION) -> Notice:
    draft = Draft(kind, Audience(debt=40_000), {}, "п. 119 ПП 354")
    return await actions.create(village.conn, draft, by="author", at=village.at)


async def reported(village: Village, number: int, state: str, at: datetime) -> None:
    """A receipt of the carrier about the warning, as the receiver keeps it."""
    conn = village.conn
    outbound = await conn.fetchval("select outbound_id from notice_recipients where id = $1", number)
    raw = KEYS.installation.seal(f"MessageStatus={state}".encode(), purpose=b"report")
    await conn.execute(
        """insert into reports (channel, outbound_id, reference, state, raw, received_at)
           values ('sms', $1, $2, $3, $4, $5)""",
        outbound, f"SM{number}", state, raw, at,
    )  # fmt: skip
    moved = "update outbox set state = $2, reference = $3 where id = $1 and state <> 'delivered'"
    await conn.execute(moved, outbound, state, f"SM{number}")


async def followed(village: Village, at: datetime) -> None:
    await warnings.follow(village.conn, WIRE, at=at)


async def case(village: Village, number: int) -> Case:
    return await warnings.case(village.conn, number, keyring=KEYS)


async def missing(village: Village, number: int, day: date) -> set[Premise]:
    return set(await warnings.missing(village.conn, number, day=day, keyring=KEYS))


async def paid(village: Village, account_id: int) -> None:
    await village.conn.execute("update account_states set claims = '[]' where account_id = $1", account_id)


async def test_the_whole_text_with_the_full_number_and_a_code_in_three_segments(village: Village) -> None:
    number, _, _ = await warned(village)
    row = await village.conn.fetchrow("select * from notice_recipients where id = $1", number)
    assert row is not None
    text = await village.text(row["outbound_id"])
    account = await village.conn.fetchval("select number from accounts where id = $1", row["account_id"])
    assert text == (
        f"Увед.{number}. Предупреждение: л/с {account}, долг 5210,40 р на 21.11. Не погасите за 20 дней с получения - "
        f"ограничим, затем приостановим подачу электроэнергии (п.119 ПП 354). Прочли? Ответьте ОК {row['code']}"
    )
    assert await village.conn.fetchval("select segments from outbox where id = $1", row["outbound_id"]) == 3
    of = await case(village, number)
    assert tuple(one.what for one in of.rows) == FOUNDATION
    assert chain.broken_at(of) is None
    debt = of.first(What.DEBT)
    assert debt is not None
    assert debt.body is not None
    assert debt.body["debt"] == 521_040
    assert debt.body["claims"] == [[debt.body["claims"][0][0], "2025-10", "2025-11-10", 521_040]]


async def test_only_debtors_under_contract_with_no_plan_and_no_other_warning(village: Village) -> None:
    await village.home(debt="5210.40")
    await village.home(debt="5210.40", topics=None)
    await village.home(debt="5210.40", topics=frozenset({Topic.SERVICE}))
    shown = await actions.preview(village.conn, (await written(village)).id, at=NOON, words=words())
    assert (shown.people, shown.segments) == (1, 3)
    assert shown.barred == {"no_contract": 1, "no_consent": 1}
    await village.running(await written(village))
    await village.worded()
    again = await actions.preview(village.conn, (await written(village)).id, at=village.at, words=words())
    assert (again.people, again.barred["warned"]) == (0, 1)


async def test_a_debt_that_was_paid_meanwhile_is_not_warned_of(village: Village) -> None:
    id, _ = await village.home(debt="5210.40")
    notice = await village.running(await written(village))
    await paid(village, id)
    assert await village.worded() == []
    assert (await actions.progress(village.conn, notice.id)).barred == {"small_debt": 1}


async def test_the_term_of_a_household_begins_when_it_is_delivered(village: Village) -> None:  # R29
    number, _, _ = await warned(village)
    await reported(village, number, "sent", village.at)
    await followed(village, village.at)
    assert (await case(village, number)).begun is None, "sent begins nothing"
    delivered = datetime(2025, 11, 21, 21, 30, tzinfo=UTC)  # half past midnight of the 22nd in Moscow
    await reported(village, number, "delivered", delivered)
    await followed(village, delivered)
    of = await case(village, number)
    assert of.begun == delivered
    assert chain.broken_at(of) is None
    assert await missing(village, number, date(2025, 12, 11)) == {Premise.DAYS}
    assert await missing(village, number, date(2025, 12, 12)) == {Premise.DAYS, Premise.LAWFUL_DAY}
    assert await missing(village, number, date(2025, 12, 13)) == {Premise.LAWFUL_DAY}
    assert await missing(village, number, date(2025, 12, 15)) == set()


async def test_that_of_an_organisation_when_it_is_sent(village: Village) -> None:  # R29
    number = await org(village)
    await reported(village, number, "sent", village.at)
    await followed(village, village.at)
    of = await case(village, number)
    text = of.first(What.TEXT)
    assert text is not None
    assert text.body is not None
    assert "за 10 дней с отправки" in text.body["text"], "its term begins with the sending, and another law holds"
    assert "(ПП 442)" in text.body["text"]
    assert text.body["template"] == "disconnection.organisation.txt"
    assert of.begun == village.at
    assert await missing(village, number, date(2025, 12, 1)) == {Premise.DAYS}
    assert await missing(village, number, date(2025, 12, 2)) == set()


async def org(village: Village) -> int:
    """The number of a warning to an organisation."""
    await village.home(debt="5210.40", kind="organisation")
    notice = await village.running(await written(village))
    await village.worded()
    number: int = await village.conn.fetchval("select id from notice_recipients where notice_id = $1", notice.id)
    return number


async def test_an_order_is_refused_with_the_names_of_what_is_missing_and_given_once(village: Village) -> None:
    number, _, _ = await warned(village)
    at = datetime(2025, 12, 15, 9, tzinfo=UTC)
    with pytest.raises(Refused) as caught:
        await warnings.order(village.conn, number, by="collector", at=at, keyring=KEYS)
    assert caught.value.why is Why.PREMISE
    assert caught.value.told["premises"] == "received, days"
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    ordered = await warnings.order(village.conn, number, by="collector", at=at, keyring=KEYS)
    assert ordered.ordered is not None
    with pytest.raises(Refused) as caught:
        await warnings.order(village.conn, number, by="collector", at=at, keyring=KEYS)
    assert caught.value.told["premises"] == "no_order"


async def test_a_payment_withdraws_the_warning_cancels_the_order_and_says_so(village: Village) -> None:
    number, id, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    at = datetime(2025, 12, 15, 9, tzinfo=UTC)
    await warnings.order(village.conn, number, by="collector", at=at, keyring=KEYS)
    await paid(village, id)
    await followed(village, at)
    of = await case(village, number)
    assert [one.what for one in of.rows[-2:]] == [What.WITHDRAWN, What.CANCELLED]
    assert of.ordered is None
    told = await village.conn.fetchval("select id from outbox where kind = 'NoticeWithdrawn'")
    assert await village.text(told) == f"Долг погашен 15.12. Увед.{number} отозвано, ограничения не будет. Спасибо"
    assert Premise.NOT_WITHDRAWN in await missing(village, number, date(2025, 12, 16))
    await followed(village, at + timedelta(hours=1))
    assert await village.conn.fetchval("select count(*) from outbox where kind = 'NoticeWithdrawn'") == 1


async def test_a_demand_before_court_is_withdrawn_in_its_own_words(village: Village) -> None:
    number, id, _ = await warned(village, kind=Kind.COURT)
    await paid(village, id)
    await followed(village, village.at)
    told = await village.conn.fetchval("select id from outbox where kind = 'NoticeWithdrawn'")
    assert await village.text(told) == f"Долг погашен 21.11. Увед.{number} отозвано, суда не будет. Спасибо"


NEWER = '[[77, "2025-11", "2025-12-10", 900000]]'
"""A claim that came due after the warning."""


async def test_what_came_due_since_is_not_what_it_warned_of(village: Village) -> None:
    """The debt that it states is paid, another has grown: there is nothing left to disconnect for, and it says so."""
    number, id, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    at = datetime(2025, 12, 15, 9, tzinfo=UTC)
    await village.conn.execute("update account_states set claims = $2::jsonb where account_id = $1", id, NEWER)
    assert await missing(village, number, at.date()) == {Premise.DEBT_NOW}
    await followed(village, at)
    assert (await case(village, number)).rows[-1].what is What.WITHDRAWN
    assert await village.conn.fetchval("select count(*) from outbox where kind = 'NoticeWithdrawn'") == 1


async def test_a_part_of_the_debt_withdraws_nothing(village: Village) -> None:
    number, id, _ = await warned(village)
    await village.conn.execute(
        "update account_states set claims = jsonb_set(claims, '{0,3}', '100') where account_id = $1", id
    )
    await followed(village, village.at)
    assert (await case(village, number)).first(What.WITHDRAWN) is None
    assert Premise.DEBT_NOW in await missing(village, number, date(2025, 12, 15))


@pytest.mark.parametrize("state", ["undelivered", "failed", "expired"])
async def test_what_is_not_delivered_goes_by_letter(village: Village, state: str) -> None:  # R29
    number, _, _ = await warned(village)
    await village.conn.execute("update outbox set state = $1, code = '21610' where class = 'official'", state)
    await followed(village, village.at)
    of = await case(village, number)
    assert [one.what for one in of.rows[-2:]] == [What.UNDELIVERED, What.LETTER]
    assert await village.conn.fetchval("select about from alarms where kind = 'letter wanted'") == of.account


async def test_what_is_not_known_to_be_delivered_in_72_hours_goes_by_letter(village: Village) -> None:  # R29
    number, _, _ = await warned(village)
    await reported(village, number, "sent", village.at)
    await followed(village, village.at + timedelta(hours=72) - timedelta(seconds=1))
    assert (await case(village, number)).first(What.LETTER) is None
    await followed(village, village.at + timedelta(hours=72))
    letter = (await case(village, number)).first(What.LETTER)
    assert letter is not None
    assert letter.body is not None
    assert letter.body["why"] == "no receipt"
    assert f"№ {number}" in letter.body["text"], "worded at once"
    await followed(village, village.at + timedelta(hours=90))
    assert await village.conn.fetchval("select count(*) from alarms where kind = 'letter wanted'") == 1
    posted: dict[str, Any] = {"receipt": "80111", "by": "clerk", "keyring": KEYS}
    on, at = date(2025, 11, 25), datetime(2025, 11, 25, 9, tzinfo=UTC)
    with pytest.raises(Refused):
        await warnings.post_letter(village.conn, number, on=on, received=True, at=at, **posted)
    await warnings.post_letter(village.conn, number, on=on, received=False, at=at, **posted)
    assert (await case(village, number)).begun is None
    later = at + timedelta(days=9)
    await warnings.post_letter(village.conn, number, on=date(2025, 12, 1), received=True, at=later, **posted)
    of = await case(village, number)
    assert of.begun == datetime(2025, 12, 1, 9, tzinfo=UTC)
    assert await missing(village, number, date(2025, 12, 22)) == set()


async def test_the_phone_that_disowns_it_does_not_stop_the_term_but_a_letter_goes(village: Village) -> None:
    number, id, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    at = village.at + timedelta(days=1)
    await village.conn.execute(
        """with gone as (update links set valid_to = $2 where account_id = $1 and valid_to is null returning id)
           insert into link_ends (link_id, at, evidence, recorded_at) select id, $2, 'not me', $2 from gone""",
        id, at,
    )  # fmt: skip
    await followed(village, at)
    of = await case(village, number)
    assert [one.what for one in of.rows[-2:]] == [What.DISPUTED, What.LETTER]
    assert of.begun == village.at
    assert await missing(village, number, date(2025, 12, 15)) == {Premise.LETTER}


async def test_a_stale_phone_gets_a_letter_as_well(village: Village) -> None:  # R29
    await village.home(debt="5210.40")
    await village.conn.execute("update phones set proven_at = '2024-01-01'")
    notice = await village.running(await written(village))
    await village.worded()
    number = await village.conn.fetchval("select id from notice_recipients where notice_id = $1", notice.id)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    assert [one.what for one in (await case(village, number)).rows[5:]].count(What.LETTER) == 1
    assert await missing(village, number, date(2025, 12, 15)) == {Premise.LETTER}


@pytest.mark.parametrize("column", ["what", "at", "body", "digest", "previous", "hash", "no"])
async def test_a_row_that_was_changed_or_taken_away_is_named(village: Village, column: str) -> None:  # R30
    number, _, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    of = await case(village, number)
    assert chain.broken_at(of) is None
    changed = {
        "what": "'sent'", "at": "at + interval '1 us'", "digest": "sha256('')", "previous": "sha256('')",
        "hash": "sha256('')", "no": "19",
        "body": "(select body from notice_evidence where recipient_id = $1 and no = 2)",
    }[column]  # fmt: skip
    await village.conn.execute(
        f"update notice_evidence set {column} = {changed} where recipient_id = $1 and no = 4",
        number,
    )
    assert chain.broken_at(await case(village, number)) == 4
    assert Premise.CHAIN in await missing(village, number, date(2025, 12, 15))


async def test_one_damaged_byte_is_named_and_holds_up_no_other_warning(village: Village) -> None:  # R30
    number, _, _ = await warned(village)
    other, _, _ = await warned(village)
    assert await proving.verify(village.conn, KEYS) == Proven(2, 10)
    flipped = "update notice_evidence set body = set_byte(body, 40, get_byte(body, 40) # 1) where recipient_id = $1"
    await village.conn.execute(f"{flipped} and no = 5", number)
    assert await proving.verify(village.conn, KEYS) == Proven(0, 0, (number, 5))
    later = village.at + timedelta(days=4)
    await followed(village, later)
    assert (await case(village, other)).rows[-1].what is What.LETTER
    assert Premise.CHAIN in await missing(village, number, date(2025, 12, 15))
    assert await village.conn.fetchval("select count(*) from alarms where kind = 'letter wanted'") == 2


@pytest.mark.parametrize("no", range(1, 10))
async def test_without_any_one_row_the_chain_fails(village: Village, no: int) -> None:  # R29
    number, _, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    of = await case(village, number)
    assert of.length == 9
    await village.conn.execute("delete from notice_evidence where recipient_id = $1 and no = $2", number, no)
    assert chain.broken_at(await case(village, number)) == no


async def test_receipts_stand_raw_in_the_chain_each_once(village: Village) -> None:  # R23
    number, _, _ = await warned(village)
    for state in ("sent", "delivered", "sent", "delivered"):
        await reported(village, number, state, village.at)
    await followed(village, village.at)
    await followed(village, village.at)
    raws = [one.body["raw"] for one in (await case(village, number)).rows if one.what is What.CALLBACK and one.body]
    assert raws == [f"MessageStatus={state}" for state in ("sent", "delivered", "sent", "delivered")]


async def test_two_documents_that_differ_have_different_hashes(conn: asyncpg.Connection) -> None:
    at = datetime(2025, 11, 21, tzinfo=UTC)
    rows = {chain.following(b"", 1, What.TEXT, at, body).hash for body in (b"{}", b"[]", b"")}
    assert len(rows) == 3
