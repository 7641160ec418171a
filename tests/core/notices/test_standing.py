"""What may be warned of and cut at the moment at which it is asked: limitation, payments, protections, attempts."""

import asyncio
import json
import random
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import asyncpg
import pytest

from core.billing import actions as billing
from core.billing.sql import PaymentRow
from core.checking import evidence as checking
from core.doors.model import Door, Role
from core.notices import actions
from core.notices.listing import actions as listing
from core.notices.model import Kind, Refused
from core.notices.owing import rules as owing
from core.notices.owing.sql import overdue_of
from core.notices.warnings import actions as warnings
from core.notices.warnings import evidence, gate, standing
from core.notices.warnings.model import Premise, What
from core.outbox import actions as sending
from core.outbox.model import Outcome, State
from core.store.pool import acquire
from gateway.parts import words
from tests import make
from tests.core.doors.bringing import bring, told
from tests.core.notices.conftest import NOON, WIRE, Village
from tests.core.notices.test_warnings import case, followed, missing, reported, warned, written

KEYS = WIRE.keyring
MONDAY = datetime(2025, 12, 15, 9, tzinfo=UTC)
"""The first day on which what was warned of on 21 November may be done."""

NEW = [2, "2025-10", "2025-11-10", 521_040]


async def owes(village: Village, account: int, claims: object) -> None:
    await village.conn.execute(
        "update account_states set claims = $2::jsonb where account_id = $1", account, json.dumps(claims)
    )


async def test_a_debt_whose_limitation_has_run_is_not_warned_of_and_the_protocol_says_so(village: Village) -> None:
    """M11b: three years, each month by itself; the last day still counts."""
    id, _ = await village.home(debt="5210.40")
    other, _ = await village.home(debt="5210.40")
    last, gone = [1, "2022-10", "2022-11-21", 100_000], [0, "2022-09", "2022-11-20", 300_000]
    await owes(village, id, [gone, last, NEW])
    await owes(village, other, [gone])
    shown = await actions.preview(village.conn, (await written(village)).id, at=NOON, words=words())
    assert (shown.people, shown.barred) == (1, {}), "who owes nothing else is not of the audience"
    notice = await village.running(await written(village))
    (row,) = await village.worded()
    assert "долг 6210,40 р" in await village.text(row["id"])
    number = await village.conn.fetchval("select id from notice_recipients where notice_id = $1", notice.id)
    of = await case(village, number)
    debt = of.first(What.DEBT)
    assert debt is not None
    assert debt.body is not None
    assert debt.body["claims"] == [last, NEW]
    assert (debt.body["debt"], debt.body["limitation_years"]) == (621_040, 3)
    assert debt.body["lapsed"] == [[*gone, "2025-11-20"]]
    content = await evidence.file(village.conn, number, at=village.at, keyring=KEYS)
    assert checking.problems(content) == []


async def test_what_lapses_after_the_warning_is_nothing_to_cut_off_for(village: Village) -> None:
    id, _ = await village.home(debt="5210.40")
    await owes(village, id, [[1, "2022-11", "2022-12-10", 500_000]])
    notice = await village.running(await written(village))
    await village.worded()
    number = await village.conn.fetchval("select id from notice_recipients where notice_id = $1", notice.id)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    assert Premise.DEBT_NOW not in await missing(village, number, date(2025, 12, 10))
    assert Premise.DEBT_NOW in await missing(village, number, date(2025, 12, 11))
    await followed(village, MONDAY)
    assert (await case(village, number)).first(What.WITHDRAWN) is None, "nobody says that it was paid"


def _told(chance: random.Random) -> object:
    """The claims of a state row, some of them old, some acknowledged by plans."""
    years = [chance.randrange(2010, 2026) for _ in range(chance.randrange(4))]
    claims: list[list[Any]] = [[no, f"{year}-02", f"{year}-03-10", 100 + no] for no, year in enumerate(years, 1)]
    if claims and chance.random() < 0.3:
        claims.append([90, *claims[0][1:3], 7, "penalty"])
    if chance.random() < 0.3:
        return claims
    plans = []
    for no in range(chance.randrange(4)):
        start = f"{chance.randrange(2010, 2026)}-03-{chance.randrange(9, 12):02}"
        covers = [one[0] for one in claims if one[0] < 90 and one[2] < start and chance.random() < 0.7]
        plans.append([no, start, None, None, [], covers, 0, 0, 0])
    late = [[one[0], one[1], one[2], one[3], [], 0, one[2], []] for one in claims if len(one) == 4]
    return {"open": claims, "plans": plans, "late": late}


async def test_the_statement_knows_what_has_lapsed_as_the_engine_does(conn: asyncpg.Connection) -> None:
    chance, day = random.Random(11), date(2025, 11, 21)
    states = [json.dumps(_told(chance)) for _ in range(400)]
    fragment = overdue_of.format(day="$2::date", years="$3::int")
    asked = "select d.debt from unnest($1::text[]) with ordinality as t (told, no)"
    asked += f" cross join lateral (select t.told::jsonb as claims) as s {fragment} order by t.no"
    for years in (0, 1, 3):
        found = [row[0] for row in await conn.fetch(asked, states, day, years)]
        assert found == [sum(one[3] for one in owing.overdue(told, day=day, years=years).claims) for told in states]
        assert years == 0 or any(owing.overdue(told, day=day, years=years).lapsed for told in states)


async def test_a_payment_holds_up_an_order_from_its_commit_on(pool: asyncpg.Pool, owner: asyncpg.Connection) -> None:
    """No worker looks in between: what a crew is shown is asked when it asks."""
    await make.company(owner)
    village = Village(owner)
    number, id, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    ordered = await warnings.order(owner, number, by="collector", at=MONDAY, keyring=KEYS)
    assert gate.withheld(ordered, await standing.today(owner, ordered, MONDAY.date())) == ()
    async with acquire(pool) as conn, conn.transaction():
        await billing.post_payments(conn, [_payment(village, id)], at=MONDAY)
    of = await case(village, number)
    assert of.ordered is not None, "no worker has looked"
    assert gate.withheld(of, await standing.today(owner, of, MONDAY.date())) == (Premise.DEBT_NOW,)
    await followed(village, MONDAY)
    of = await case(village, number)
    assert of.ordered is None
    assert [one.what for one in of.rows[-2:]] == [What.WITHDRAWN, What.CANCELLED]


async def test_an_order_waits_for_a_payment_that_is_being_booked(pool: asyncpg.Pool, owner: asyncpg.Connection) -> None:
    """Whoever comes second sees the first: never an order after a payment."""
    await make.company(owner)
    village = Village(owner)
    number, id, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)

    async def order() -> None:
        async with acquire(pool) as conn, conn.transaction():
            await warnings.order(conn, number, by="collector", at=MONDAY, keyring=KEYS)

    async with acquire(pool) as conn, conn.transaction():
        await billing.post_payments(conn, [_payment(village, id)], at=MONDAY)
        asked = asyncio.create_task(order())
        while not await owner.fetchval("select count(*) from pg_locks where not granted"):
            assert not asked.done(), "it does not go by what was before the payment"
    with pytest.raises(Refused) as caught:
        await asked
    assert caught.value.told["premises"] == "debt_now"
    assert (await case(village, number)).first(What.ORDER) is None


def _payment(village: Village, account: int) -> PaymentRow:
    number = next(one for one, id in village.ids.items() if id == account)
    return PaymentRow(account, 0, number, "", f"p{number}", MONDAY.date(), 521_040, None)


async def test_a_protected_supply_is_not_cut_and_the_evidence_says_why(village: Village) -> None:  # R29
    number, id, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    account = next(one for one, its in village.ids.items() if its == id)
    given = {"account": account, "protection": "life_support", "from": "2025-12-01", "document": "certificate 17"}

    async def brought(**more: str) -> None:
        report = await bring(village.conn, Door.PROTECTIONS, given | more, role=Role.CLERK)
        assert told(report) == []

    await brought(to="2025-12-31")
    assert await missing(village, number, MONDAY.date()) == {Premise.NOT_PROTECTED}
    assert await missing(village, number, date(2026, 1, 12)) == set()
    with pytest.raises(Refused) as caught:
        await warnings.order(village.conn, number, by="collector", at=MONDAY, keyring=KEYS)
    assert caught.value.told["premises"] == "not_protected"
    await followed(village, village.at)
    row = (await case(village, number)).rows[-1]
    assert row.what is What.PROTECTED
    assert row.body is not None
    expected = {"why": "life_support", "from": "2025-12-01", "to": "2026-01-01", "document": "certificate 17"}
    assert {name: row.body[name] for name in expected} == expected
    assert (row.body["author"], row.body["holds"]) == ("clerk1", True)
    await brought(status="ended", document="letter 3", **{"from": "2025-12-10"})
    assert await missing(village, number, MONDAY.date()) == set()
    of = await warnings.order(village.conn, number, by="collector", at=MONDAY, keyring=KEYS)
    assert of.ordered is not None
    assert of.ordered.body is not None
    assert [one["holds"] for one in of.ordered.body["protections"]] == [True, False]
    await brought(protection="court_order", document="ruling 2-118")
    await followed(village, MONDAY)
    of = await case(village, number)
    assert [one.what for one in of.rows[-2:]] == [What.PROTECTED, What.PROTECTED]
    assert gate.withheld(of, await standing.today(village.conn, of, MONDAY.date())) == (Premise.NOT_PROTECTED,)


async def test_a_protection_of_organisations_is_none_of_a_household(village: Village) -> None:
    number, id, _ = await warned(village)
    await reported(village, number, "delivered", village.at)
    await followed(village, village.at)
    account = next(one for one, its in village.ids.items() if its == id)
    given = {"account": account, "protection": "hospital", "from": "2025-12-01", "document": "list 4"}
    await bring(village.conn, Door.PROTECTIONS, given, role=Role.CLERK)
    assert await missing(village, number, MONDAY.date()) == set()
    await village.conn.execute("update customers set kind = 'organisation'")
    assert Premise.NOT_PROTECTED in await missing(village, number, MONDAY.date())


async def test_nobody_is_warned_of_a_disconnection_that_could_not_follow(village: Village) -> None:
    """Idea 3: by what holds on the first day on which it could be done, 12 December. Of court he may be warned."""
    given: tuple[dict[str, str], ...] = (
        {},
        {"protection": "life_support"},
        {"protection": "hospital"},
        {"protection": "patient", "to": "2025-12-11"},
        {"protection": "court_order", "from": "2025-12-12"},
    )
    homes = [(await village.home(debt="5210.40"))[0] for _ in given]
    for id, more in zip(homes, given, strict=True):
        account = next(one for one, its in village.ids.items() if its == id)
        row = {"account": account, "from": "2025-11-01", "document": "No. 7", **more}
        if more:
            await bring(village.conn, Door.PROTECTIONS, row, role=Role.CLERK)
    notice = await written(village)
    shown = await actions.preview(village.conn, notice.id, at=NOON, words=words())
    assert (shown.people, shown.barred) == (3, {"protected": 2})
    assert (
        await actions.preview(village.conn, (await written(village, Kind.COURT)).id, at=NOON, words=words())
    ).barred == {}
    who = await listing.listed(village.conn, notice, bar="protected", behind=0, most=9, at=NOON)
    assert {village.ids[one.account] for one in who} == {homes[1], homes[4]}
    await village.running(notice)
    late = next(one for one, its in village.ids.items() if its == homes[0])
    row = {"account": late, "protection": "life_support", "from": "2025-11-21", "document": "No. 8"}
    await bring(village.conn, Door.PROTECTIONS, row, role=Role.CLERK)
    await village.worded()
    told = await village.conn.fetch("select account_id, bar from notice_recipients where notice_id = $1", notice.id)
    assert {row["account_id"]: row["bar"] for row in told} == {
        homes[0]: "protected", homes[1]: "protected", homes[2]: None, homes[3]: None, homes[4]: "protected",
    }, "looked at again when it is worded"  # fmt: skip


async def test_every_attempt_is_kept_with_what_came_of_it(village: Village) -> None:  # R29
    """What the outbox has is only the last of them."""
    number, _, _ = await warned(village)
    outbound = await village.conn.fetchval("select outbound_id from notice_recipients where id = $1", number)
    ends = [
        Outcome(outbound, 1, State.READY, code="20429", again_after=0.0),
        Outcome(outbound, 2, State.UNKNOWN),
        Outcome(outbound, 2, State.SENT, reference="SM2"),
    ]
    for one in ends:
        if one.state is not State.SENT:
            await village.conn.execute(
                "update outbox set state = 'sending', attempt = attempt + 1 where id = $1 and state = 'ready'", outbound
            )
        await sending.finish(village.conn, [one])
    await followed(village, village.at)
    await followed(village, village.at + timedelta(minutes=1))
    content = await evidence.file(village.conn, number, at=village.at, keyring=KEYS)
    assert checking.problems(content) == []
    with zipfile.ZipFile(BytesIO(content)) as zipped:
        steps = json.loads(zipped.read(checking.ATTEMPTS))
    assert [(one["attempt"], one["state"], one["reference"], one["code"]) for one in steps] == [
        (1, "sending", None, None), (1, "ready", None, "20429"), (2, "sending", None, "20429"),
        (2, "unknown", None, None), (2, "sent", "SM2", None),
    ]  # fmt: skip
    assert all(one["at"] and one["channel"] == "sms" and one["outbound"] == str(outbound) for one in steps)
