"""What customers and their money leave for a person becomes a task: taken by one, answered, handed over, closed."""

import asyncio
from collections.abc import Awaitable
from datetime import date, timedelta

import asyncpg
import pytest

from core.books.payments import actions as payments
from core.requests.model import State
from core.store.pool import acquire
from core.tasking import TaskKind
from core.tasks import actions, deciding, reading, sql
from core.tasks.gathering import actions as gathering
from core.tasks.gathering.actions import Found
from core.tasks.model import Actor, Filter, Mark, Paper, Refused, Task, What, Why
from gateway import gathering as worker
from tests import make
from tests.flows import inbox, test_identity, test_loops, test_payments
from tests.flows.conftest import NOON, Street
from tests.flows.inbox import BILLER, CHIEF, DESK, IVANOV, PETROVA
from tests.make import A, M

HERO, OTHER, NEW = "+79780001701", "+79780001702", "+79780001705"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def home(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=OCTOBER))


async def refused(act: Awaitable[object]) -> Why:
    with pytest.raises(Refused) as told:
        await act
    return told.value.why


async def paper(town: Street, task: Task) -> Paper:
    async with acquire(town.pool) as conn:
        return await reading.paper(conn, task.id, keyring=make.keyring())


# From each source a task


async def test_requests_become_tasks_with_their_terms(town: Street, home: int) -> None:  # G8
    for text in ("СПОР столько не жгли", "света нет", "ОПЕРАТОР"):
        await town.text(HERO, text)
    found = await inbox.gather(town)
    assert [one.kind for one in found] == [TaskKind.OUTAGE, TaskKind.HUMAN, TaskKind.DISPUTE], "the most urgent first"
    assert [one.account for one in found] == ["100004321"] * 3
    assert found[0].due_at == NOON + timedelta(hours=2)
    seen = await paper(town, found[2])
    assert (seen.words, seen.phone, seen.linked) == ("СПОР столько не жгли", HERO, True)
    assert await inbox.gather(town) == found, "another look makes nothing twice"


async def test_a_customer_who_says_it_is_not_him(town: Street, home: int) -> None:
    await town.text(HERO, "НЕ Я")
    task = await inbox.only(town, TaskKind.NOT_ME)
    seen = await paper(town, task)
    assert (task.account, seen.words, seen.linked) == ("100004321", "НЕ Я", False)


async def test_a_phone_that_its_owner_denied(town: Street, home: int) -> None:
    await test_identity.linked(town, phone=NEW)
    await town.text(HERO, "НЕ Я")
    seen = await paper(town, await inbox.only(town, TaskKind.LINK))
    assert (seen.phone, seen.linked) == (NEW, False)


async def test_an_owner_who_is_silent_about_a_phone(town: Street, home: int) -> None:  # ruling 24
    await test_identity.linked(town, phone=NEW)
    assert await inbox.gather(town) == [], "he has three days to say"
    town.clock.forward(hours=73)
    assert (await inbox.only(town, TaskKind.LINK)).account == "100004321"
    await town.text(HERO, "ДА")
    async with acquire(town.pool) as conn:
        await conn.execute("update links set valid_to = now() where role = 'unverified'")
    assert await inbox.gather(town) == [], "what was decided elsewhere waits no more"


async def test_a_phone_without_an_owner_to_ask_is_no_task(town: Street, company: asyncpg.Connection) -> None:
    await make.account(company, A("100004321", (M("0098765"),), claims=OCTOBER))
    await test_identity.linked(town, phone=NEW)
    town.clock.forward(hours=73)
    assert await inbox.gather(town) == []


async def test_readings_of_guests(town: Street, home: int) -> None:
    for number in range(4):
        await town.text(f"+7978000{2000 + number}", f"100004321 0098765 0451{number}")
    assert len(await inbox.gather(town)) == 1, "of three the owner was told"
    town.clock.forward(hours=73)
    found = await inbox.gather(town)
    assert [one.kind for one in found] == [TaskKind.READING] * 4, "and has not taken them"
    seen = await paper(town, found[0])
    assert seen.aside is not None
    assert seen.aside.counts == (("0098765", "total", "04513"),)
    await town.text(HERO, "04512 на 21.11")
    assert await inbox.gather(town) == [], "another reading of the day stands"


async def test_unusual_readings_of_an_account_are_one_task(town: Street, home: int) -> None:
    for value in ("04912", "05912"):
        await town.text(HERO, value)
        await town.text(HERO, "ДА")
    task = await inbox.only(town, TaskKind.ANOMALY)
    assert [one.what for one in (await paper(town, task)).history] == [What.AGAIN]


async def test_a_machine_that_was_muted(town: Street, home: int) -> None:
    await test_loops.turns(town, test_loops.RESPONDERS["ru, an echo"], first="кукареку", pause=1)
    assert (await paper(town, await inbox.only(town, TaskKind.MUTED))).phone == HERO


async def test_a_message_on_which_the_program_failed(town: Street, home: int, owner: asyncpg.Connection) -> None:
    await owner.execute("alter table questions add constraint poison check (phone_hash is null) not valid")
    (apology,) = await town.text(HERO, "04912")
    assert apology
    await owner.execute("alter table questions drop constraint poison")
    task = await inbox.only(town, TaskKind.QUARANTINED)
    assert (await paper(town, task)).words == "04912"
    async with acquire(town.pool) as conn:
        await actions.answer(conn, task.id, "Записали 04912", PETROVA, at=NOON, desk=DESK)
    assert await town.answers(HERO) == ["На ваше сообщение: Записали 04912"]


async def test_money_of_nobody(town: Street, home: int, company: asyncpg.Connection) -> None:
    await test_payments.load(company, "p1,НЕТ ТАКОГО,2025-11-20,700.00,")
    task = await inbox.only(town, TaskKind.SUSPENSE)
    seen = await paper(town, task)
    assert seen.money is not None
    assert (seen.money.amount, seen.money.text, seen.money.waits) == (70000, "НЕТ ТАКОГО", True)
    async with acquire(town.pool) as conn:
        assert await refused(actions.close(conn, task.id, "надоело", BILLER, at=NOON, desk=DESK)) is Why.WAITS
        match = deciding.match_payment(conn, task.id, "100009999", "письмо", BILLER, at=NOON, desk=DESK)
        assert await refused(match) is Why.NO_ACCOUNT
        await deciding.match_payment(conn, task.id, "100004321", "письмо 17", BILLER, at=NOON, desk=DESK)
        assert await conn.fetchval("select count(*) from payments_in_suspense") == 0
        assert await conn.fetchval("select by from payments where kind = 'matched'") == "sidorova"
    assert (await town.audit())["ledger_sum"] == 0
    assert await inbox.gather(town) == []


async def test_money_that_finds_its_account_by_itself(town: Street, home: int, company: asyncpg.Connection) -> None:
    await test_payments.load(company, "p1,НЕТ ТАКОГО,2025-11-20,700.00,")
    task = await inbox.only(town, TaskKind.SUSPENSE)
    await payments.reverse(company, "Bank", "p1", document="чек", by="Bank", at=NOON)
    assert await inbox.gather(town) == []
    (event,) = (await paper(town, task)).history
    assert (event.what, event.by, event.why) == (What.SETTLED, "meterline", "Bank: taken back")


# What is done with a task


async def test_a_dispute_from_the_message_to_the_answer(town: Street, home: int) -> None:
    """DISPUTE by SMS, a task, and the answer on the phone; what he asks meanwhile tells how it stands."""
    await town.text(HERO, "СПОР столько не жгли")
    task = await inbox.only(town, TaskKind.DISPUTE)
    async with acquire(town.pool) as conn:
        await actions.take(conn, task.id, PETROVA, at=NOON, desk=DESK)
        await actions.take(conn, task.id, PETROVA, at=NOON, desk=DESK)
        assert await town.text(HERO, "ОБРАЩЕНИЕ 101") == ["Обращение 101 в работе с 21.11"]
        await inbox.staff(conn)
        await actions.hand_over(conn, task.id, "sidorova", "проверьте сумму", PETROVA, at=NOON, desk=DESK)
        size = await actions.answer(conn, task.id, "Счётчик исправен, сумма верна", BILLER, at=NOON, desk=DESK)
        assert size == 1
        assert await town.answers(HERO) == ["Обращение 101: Счётчик исправен, сумма верна"]
        assert await town.text(HERO, "ОБРАЩЕНИЕ 101") == ["На обращение 101 ответили 21.11"]
        await actions.close(conn, task.id, "звонил, согласен", BILLER, at=NOON, desk=DESK)
    seen = await paper(town, task)
    assert [(one.what, one.by, one.owner, one.words) for one in seen.history] == [
        (What.TAKEN, "petrova", None, None),
        (What.HANDED, "petrova", "sidorova", "проверьте сумму"),
        (What.ANSWERED, "sidorova", None, "Счётчик исправен, сумма верна"),
        (What.CLOSED, "sidorova", None, "звонил, согласен"),
    ]
    assert seen.task.state is State.CLOSED
    notes = await town.pool.fetch(
        "select note from request_events where note is not null"
        " union all select note from task_events where note is not null"
    )
    assert len(notes) == 3
    assert all("исправен".encode() not in row["note"] for row in notes), "sealed"


async def test_what_a_customer_adds_is_shown(town: Street, home: int) -> None:
    await town.text(HERO, "СПОР столько не жгли")
    task = await inbox.only(town, TaskKind.DISPUTE)
    await town.text(HERO, "СПОР и соседи тоже")
    (event,) = (await paper(town, task)).history
    assert (event.what, event.by, event.words) == (None, "customer", "СПОР и соседи тоже")


async def test_two_take_a_task_at_one_instant(town: Street, home: int) -> None:
    await town.text(HERO, "ОПЕРАТОР")
    task = await inbox.only(town, TaskKind.HUMAN)

    async def take(who: Actor) -> str:
        async with acquire(town.pool) as conn:
            try:
                await actions.take(conn, task.id, who, at=NOON, desk=DESK)
            except Refused as told:
                return str(told)
        return who.login

    told = await asyncio.gather(take(PETROVA), take(IVANOV))
    one = next(who for who in ("petrova", "ivanov") if who in told)
    assert sorted(told) == sorted([one, f"task {task.id} was taken by {one}"])
    assert await town.pool.fetchval("select count(*) from task_events") == 1


async def test_what_is_refused(town: Street, home: int) -> None:
    await town.text(HERO, "СПОР столько не жгли")
    task = await inbox.only(town, TaskKind.DISPUTE)
    async with acquire(town.pool) as conn:
        await inbox.staff(conn)

        def answer(text: str, who: Actor = PETROVA) -> Awaitable[int]:
            return actions.answer(conn, task.id, text, who, at=NOON, desk=DESK)

        assert await refused(answer("Ж" * 300)) is Why.TOO_LONG
        assert await refused(answer("  ")) is Why.NO_WORDS
        assert await refused(actions.take(conn, 999, PETROVA, at=NOON, desk=DESK)) is Why.UNKNOWN
        await actions.take(conn, task.id, PETROVA, at=NOON, desk=DESK)
        assert await refused(answer("нет", BILLER)) is Why.TAKEN
        hand = actions.hand_over(conn, task.id, "ivanov", "", BILLER, at=NOON, desk=DESK)
        assert await refused(hand) is Why.NOT_OWNER
        for nobody in ("nobody", ""):
            hand = actions.hand_over(conn, task.id, nobody, "", PETROVA, at=NOON, desk=DESK)
            assert await refused(hand) is Why.NOBODY
        await actions.hand_over(conn, task.id, "ivanov", "он болен", CHIEF, at=NOON, desk=DESK)
        assert await refused(actions.reopen(conn, task.id, "?", IVANOV, at=NOON, desk=DESK)) is Why.NOT_CLOSED
        assert await refused(actions.close(conn, task.id, "", IVANOV, at=NOON, desk=DESK)) is Why.NO_WORDS
        await actions.close(conn, task.id, "пустое", IVANOV, at=NOON, desk=DESK)
        assert await refused(answer("поздно", IVANOV)) is Why.CLOSED
        await actions.reopen(conn, task.id, "не пустое", PETROVA, at=NOON, desk=DESK)
        match = deciding.match_payment(conn, task.id, "100004321", "чек", CHIEF, at=NOON, desk=DESK)
        assert await refused(match) is Why.NOT_THIS
    assert await town.text(HERO, "ОБРАЩЕНИЕ 101") == ["Обращение 101 от 21.11 ждёт ответа"]


async def test_kinds_have_their_people(town: Street, home: int, company: asyncpg.Connection) -> None:  # R39
    await test_payments.load(company, "p1,НЕТ ТАКОГО,2025-11-20,700.00,")
    task = await inbox.only(town, TaskKind.SUSPENSE)
    async with acquire(town.pool) as conn:
        assert await refused(actions.take(conn, task.id, PETROVA, at=NOON, desk=DESK)) is Why.NOT_ROLE
        await actions.take(conn, task.id, CHIEF, at=NOON, desk=DESK)


async def test_a_phone_that_is_linked_no_more_is_told_nothing(town: Street, home: int) -> None:  # R32
    await town.text(HERO, "СПОР столько не жгли")
    task = await inbox.only(town, TaskKind.DISPUTE)
    await town.text(HERO, "НЕ Я")
    async with acquire(town.pool) as conn:
        told = actions.answer(conn, task.id, "К оплате 431,60", PETROVA, at=NOON, desk=DESK)
        assert await refused(told) is Why.NOT_LINKED
    assert await town.answers(HERO) == []


async def test_a_reading_of_a_guest_is_taken(town: Street, home: int) -> None:  # check 3: no charge is touched
    for number in range(4):
        await town.text(f"+7978000{2000 + number}", f"100004321 0098765 0451{number}")
    task = await inbox.only(town, TaskKind.READING)
    before = await town.pool.fetchval("select count(*) from charges")
    async with acquire(town.pool) as conn:
        await deciding.accept_reading(conn, task.id, "звонил", PETROVA, today=NOON.date(), at=NOON, desk=DESK)
        (row,) = await conn.fetch("select value, source, author, document from readings where author <> ''")
        assert (int(row["value"]), row["source"], row["author"], row["document"]) == (
            4513,
            2,
            "petrova",
            f"task {task.id}",
        )
    await town.answers(HERO)
    assert "624,16" in (await town.text(HERO, "почему"))[0]
    assert await town.pool.fetchval("select count(*) from charges") == before
    assert (await paper(town, task)).task.state is State.CLOSED
    assert (await town.audit())["balance_differs"] == 0


async def test_a_reading_of_a_guest_that_cannot_be(town: Street, home: int, company: asyncpg.Connection) -> None:
    for number in range(4):
        await town.text(f"+7978000{2000 + number}", f"100004321 0098765 0100{number}")
    task = await inbox.only(town, TaskKind.READING)
    async with acquire(town.pool) as conn:
        told = deciding.accept_reading(conn, task.id, "звонил", PETROVA, today=NOON.date(), at=NOON, desk=DESK)
        assert await refused(told) is Why.REFUSED
        assert await conn.fetchval("select count(*) from readings where author <> ''") == 0
        await actions.close(conn, task.id, "ошибка гостя", PETROVA, at=NOON, desk=DESK)


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_phone_is_decided_about(town: Street, home: int, trusted: bool) -> None:  # ruling 22
    await test_identity.linked(town, phone=NEW)
    town.clock.forward(hours=73)
    task = await inbox.only(town, TaskKind.LINK)
    async with acquire(town.pool) as conn:
        decide = deciding.trust_phone if trusted else deciding.remove_phone
        await decide(conn, task.id, "договор показан", PETROVA, at=inbox.at(town), desk=DESK)
        evidence = await conn.fetchval("select evidence from link_ends")
        assert evidence == "staff petrova"
    assert await test_identity.role(town, home, NEW) == ("tenant" if trusted else None)
    (told,) = await town.answers(NEW)
    assert "..4321" in told
    assert await inbox.gather(town) == []


async def test_a_denied_phone_is_put_back(town: Street, home: int) -> None:
    await test_identity.linked(town, phone=NEW)
    await town.text(HERO, "НЕ Я")
    task = await inbox.only(town, TaskKind.LINK)
    await town.answers(NEW)
    async with acquire(town.pool) as conn:
        await deciding.trust_phone(conn, task.id, "владелец ошибся", PETROVA, at=inbox.at(town), desk=DESK)
    assert await test_identity.role(town, home, NEW) == "tenant"
    assert len(await town.answers(NEW)) == 1


# Lists and counters


async def test_the_worker_looks_by_itself(town: Street, home: int) -> None:
    await town.text(HERO, "света нет")
    await worker.look(town.parts, settle=True)
    assert await town.pool.fetchval("select kind from tasks") == "outage"


async def test_lists_go_on_behind_their_marks(town: Street, home: int) -> None:
    async with acquire(town.pool) as conn:
        found = [Found("100004321", f"1 unread {no}", "point 1: a meter that was not read") for no in range(7)]
        made = await gathering.holes(conn, found, inbox.COMPANY, at=NOON)
        assert made == (7, 0)
        await town.text(HERO, "света нет")
        await inbox.gather(town)
        late = NOON + timedelta(hours=3)
        seen: list[int] = []
        after = None
        while page := await sql.listed(conn, Filter(), at=late, after=after, limit=3):
            seen += [one.id for one in page]
            after = Mark(page[-1].due_at, page[-1].id)
        assert len(seen) == len(set(seen)) == 8
        assert [one.kind for one in await sql.listed(conn, Filter(late=True), at=late)] == [TaskKind.OUTAGE]
        (outage, holes) = await sql.counts(conn, at=late, owner="petrova")
        assert (outage.open, outage.late, holes.open, holes.late) == (1, 1, 7, 0)
        await actions.take(conn, seen[1], IVANOV, at=late, desk=DESK)
        await actions.close(conn, seen[2], "измерено", IVANOV, at=late, desk=DESK)
        (mine,) = await sql.listed(conn, Filter(owner="ivanov"), at=late)
        assert mine.id == seen[1]
        assert [one.id for one in await sql.listed(conn, Filter(state=State.CLOSED), at=late)] == [seen[2]]
        assert [
            one.id for one in await sql.listed(conn, Filter(state=State.CLOSED, kind=TaskKind.HUMAN), at=late)
        ] == []
        assert len(await sql.listed(conn, Filter(kind=TaskKind.HOLE), at=late)) == 6
        (turn,) = [one for one in await sql.turns(conn, NOON, late + timedelta(1)) if one.kind is TaskKind.HOLE]
        assert (turn.came, turn.done, turn.late) == (7, 1, 0)
        assert len(await sql.of_account(conn, home)) == 8
        assert await gathering.holes(conn, [], inbox.COMPANY, at=late) == (0, 6), "found no more"


async def test_a_look_from_the_beginning_makes_nothing_twice(town: Street, home: int) -> None:
    for text in ("СПОР столько не жгли", "НЕ Я"):
        await town.text(HERO, text)
    found = await inbox.gather(town)
    async with acquire(town.pool) as conn:
        assert await gathering.gather(conn, inbox.COMPANY, at=NOON, whole=True) == 0
        for _ in range(2):
            await conn.execute("update task_marks set seen_at = seen_at - interval '1 hour'")
            assert await gathering.gather(conn, inbox.COMPANY, at=NOON) == 0
        marks = await conn.fetch("select mark, seen from task_marks where source = 'alarms'")
        assert [(row["mark"], row["seen"]) for row in marks] == [(2, 2)]
    assert await inbox.gather(town) == found
