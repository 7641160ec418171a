"""Warnings and broadcasts over HTTP, from the draft to what the customer answers: journeys J13 and J14."""

import os
from datetime import date

import asyncpg
import pytest

from core.accounts.model import Role
from core.billing import actions as billing
from core.billing.sql import PaymentRow
from core.contracts import actions as contracts
from core.contracts.model import Document, Topic, Wanted
from core.notices import actions
from core.notices.model import Audience, Draft, Kind, Notice, Refused, State
from core.notices.warnings import actions as warnings
from core.outbox.noticing import Wire
from core.store.pool import acquire
from demo.carrier_faults import Faults
from gateway import noticing
from gateway.parts import words
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

PHONES = {"ru": "+79780001705", "en": "+79780001706"}
DEBT = (("2025-10", "433.56", date(2025, 11, 10)),)
WIRE = Wire(make.keyring(), words(), os.urandom)
TOPICS = frozenset({Topic.LEGAL_SMS, Topic.SERVICE})


async def home(town: Street, company: asyncpg.Connection, language: str, *, topics: frozenset[Topic] = TOPICS) -> int:
    """An account whose owner has a contract, and a debt."""
    phone, number = PHONES[language], "100004321"
    made = A(number, (M("0098765"),), ((phone, "owner"),), DEBT, language)
    id = await make.account(company, made)
    wanted = Wanted(
        phone, "Анна Иванова", Role.OWNER, Document.PASSPORT, "4321", date(2025, 11, 21), language, frozenset(), topics
    )
    async with acquire(town.pool) as conn, conn.transaction():
        await contracts.take(conn, id, wanted, by="ivanova", at=town.clock.at, wire=WIRE)
    await town.answers(phone)
    return id


async def told(town: Street, draft: Draft) -> Notice:
    """The notice, approved by another, counted down, worded and carried."""
    async with acquire(town.pool) as conn, conn.transaction():
        made = await actions.create(conn, draft, by="author", at=town.clock.at)
        await actions.submit(conn, made.id, by="author", at=town.clock.at, words=words())
        await actions.approve(conn, made.id, version=1, by="approver", at=town.clock.at)
        await make.staff_phone(conn, at=town.clock.at)
        await actions.trial(conn, made.id, by="author", at=town.clock.at, wire=WIRE)
        await actions.start(conn, made.id, by="author", at=town.clock.at)
    town.clock.forward(minutes=5)
    await followed(town)
    return made


async def followed(town: Street) -> None:
    """What the worker does until nothing is left, and what the carrier tells of it."""
    await noticing.look(town.parts)
    await town.quiet()
    await noticing.look(town.parts)


def warning() -> Draft:
    return Draft(Kind.DISCONNECTION, Audience(debt=40_000), {}, "п. 119 ПП 354")


async def number_and_code(town: Street) -> tuple[int, str]:
    row = await town.pool.fetchrow("select id, code from notice_recipients where outbound_id is not null")
    assert row is not None
    return row["id"], row["code"]


async def lacks(town: Street, number: int, day: date) -> set[str]:
    async with acquire(town.pool) as conn:
        return {str(one) for one in await warnings.missing(conn, number, day=day, keyring=make.keyring())}


async def paid(town: Street, account_id: int) -> None:
    """The bank's word that all of it came."""
    row = PaymentRow(account_id, 0, "100004321", "", "p1", date(2025, 12, 15), 43356, None)
    async with acquire(town.pool) as conn, conn.transaction():
        await billing.post_payments(conn, [row], at=town.clock.at)


SAID = {
    "ru": (
        "Увед.{n}. Предупреждение: л/с 100004321, долг 433,56 р на 21.11. Не погасите за 20 дней с получения - "
        "ограничим, затем приостановим подачу электроэнергии (п.119 ПП 354). Прочли? Ответьте ОК {code}",
        "УВЕДОМЛЕНИЯ", "Увед. {n} от 21.11. Прочли? ОК {code}",
        "ок {code}", "Увед.{n}: записали, вы ознакомлены 21.11. Спасибо",
        "Увед. {n} от 21.11",
        "ОК 7ZZZ", "Код 7ZZZ не подходит. Он в конце уведомления, напр. ОК 7Q4K",
        "ОПЛАЧУ", "Когда оплатите? Пришлите дату не позже 05.12, напр. ОПЛАЧУ 05.12",
        "ОПЛАЧУ 06.12", "Не записано: 06.12. Можно не позже 05.12, напр. ОПЛАЧУ 05.12",
        "ОПЛАЧУ 05.12", "Записали: оплата до 05.12. До этой даты меры не применяем",
        "ОПЛАЧУ 01.12", "По увед.{n} уже обещано до 05.12. Ещё раз нельзя: 8-800-000-00-00",
        "СПОР долг неверный", "Обращение 101: проверим и ответим. Узнать: ОБРАЩЕНИЕ 101",
        "Долг погашен 15.12. Увед.{n} отозвано, ограничения не будет. Спасибо",
    ),
    "en": (
        "Notice {n}. Warning: account 100004321, debt 433.56 as of 21 Nov. If it is not paid within 20 days of "
        "receipt, the electricity supply will first be limited and then suspended (item 119 of Decree 354). "
        "Questions: 8-800-000-00-00. Read it? Reply OK {code}",
        "NOTICES", "Notices: {n} of 21 Nov. Read the latest? Reply OK {code}",
        "ok {code}", "Notice {n}: noted that you have read it on 21 Nov. Thank you.",
        "Notices: {n} of 21 Nov",
        "OK 7ZZZ", "Code 7ZZZ fits no notice of yours. It stands at the end of the notice, such as OK 7Q4K.",
        "PROMISE", "When will you pay? Send a day up to 5 Dec, such as PROMISE 5 Dec.",
        "PROMISE 6 Dec", "Not noted: 6 Dec. It can be 5 Dec at the latest. Send PROMISE 5 Dec.",
        "PROMISE 5 Dec", "Noted: you pay by 5 Dec. Until then nothing is done.",
        "PROMISE 1 Dec",
        "For notice {n} a promise until 5 Dec was noted. It cannot be made again. Call 8-800-000-00-00.",
        "DISPUTE wrong debt", "Case 101: we will check and answer. To ask how it stands: CASE 101",
        "The debt was paid on 15 Dec. Notice {n} is withdrawn, your supply will not be limited. Thank you.",
    ),
}  # fmt: skip


BARE = {"ru": "Ок", "en": "OK, thanks"}


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_a_warning_from_the_draft_to_the_payment(
    town: Street, company: asyncpg.Connection, language: str
) -> None:  # J13
    id, phone = await home(town, company, language), PHONES[language]
    await told(town, warning())
    number, code = await number_and_code(town)
    said = [one.format(n=number, code=code) for one in SAID[language]]
    text, lists, listed, ok, read, shorter, wrong, strange, when, asked, late, refused, *rest = said
    promise, promised, again, stands, dispute, opened, withdrawn = rest
    assert await town.answers(phone) == [text]
    assert await lacks(town, number, date(2025, 12, 10)) == {"days"}
    assert await town.text(phone, lists) == [listed]
    assert await town.text(phone, BARE[language]) == [listed], "he means the warning, and is told its code"
    assert await town.text(phone, wrong) == [strange]
    assert await town.text(phone, ok) == [read]
    assert await town.text(phone, ok) == [read], "said twice, noted once"
    assert await town.text(phone, lists) == [shorter]
    assert code not in "".join(await town.text(phone, BARE[language]))
    assert await town.text(phone, when) == [asked]
    assert await town.text(phone, late) == [refused]
    assert await town.text(phone, promise) == [promised]
    assert await town.text(phone, again) == [stands]
    assert await lacks(town, number, date(2025, 12, 4)) == {"days", "no_promise"}
    assert await lacks(town, number, date(2025, 12, 15)) == set()
    assert await town.text(phone, dispute) == [opened]
    assert await lacks(town, number, date(2025, 12, 15)) == {"no_dispute"}
    assert await lacks(town, number, date(2025, 12, 22)) == set(), "its thirty days are over, answered or not"
    answered = "insert into request_events (request_id, state, at, by) select id, 'answered', $1, 'clerk' from requests"
    await company.execute(answered, town.clock.at)
    assert await lacks(town, number, date(2025, 12, 15)) == set()
    town.clock.at = town.clock.at.replace(month=12, day=15)
    assert await town.text(phone, dispute) != [opened], "another request"
    assert await lacks(town, number, date(2025, 12, 22)) == set(), "the days are those of the first"
    with pytest.raises(Refused, match="no_dispute"):
        async with acquire(town.pool) as conn, conn.transaction():
            await warnings.order(conn, number, by="collector", at=town.clock.at, keyring=make.keyring())
    await paid(town, id)
    await followed(town)
    assert await town.answers(phone) == [withdrawn]
    told_now = await town.text(phone, lists)
    assert told_now in (["Действующих уведомлений у вас нет"], ["No notice to you is in force."])
    assert await town.text(phone, ok) == [withdrawn], "nobody is told that the code of what was withdrawn is wrong"
    assert "not_withdrawn" in await lacks(town, number, date(2025, 12, 16))
    kinds = await company.fetch("select what from notice_evidence where recipient_id = $1 order by no", number)
    whats = [row[0] for row in kinds]
    assert whats.count("attempt") >= 2
    assert [one for one in whats if one not in ("callback", "attempt")] == [
        "approval", "contract", "phone", "debt", "text", "sent", "delivered", "acknowledged", "promised", "withdrawn",
    ]  # fmt: skip


WORKS = {"ru": "Работы 25.11 с 10 до 14, л/с {account}", "en": "Works on 25 Nov from 10 to 14, account {account}"}

J14 = {
    "ru": (
        "Работы 25.11 с 10 до 14, л/с ..4321",
        "СТОП", "Новости отключены. Ответы на ваши SMS и официальные увед. остаются",
        "Увед.{n}. Предупреждение", "НЕ Я", "Номер отвязан от л/с. Больше писем о нём не будет",
    ),
    "en": (
        "Works on 25 Nov from 10 to 14, account ..4321",
        "NEWS NO", "News messages are off. Answers to your messages and official notices stay.",
        "Notice {n}. Warning", "NOT ME",
        "This phone is linked to no account any more. We will write nothing more about it.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_works_stop_and_a_wrong_number(town: Street, company: asyncpg.Connection, language: str) -> None:  # J14
    await home(town, company, language)
    phone, (came, stop, stopped, warned, disowns, gone) = PHONES[language], J14[language]
    works = Draft(Kind.WORKS, Audience(debt=100), WORKS, "план 17")
    first = await told(town, works)
    assert await town.answers(phone) == [came]
    await followed(town)
    async with acquire(town.pool) as conn:
        assert (await actions.one(conn, first.id)).state is State.DONE
    town.clock.forward(minutes=1)
    assert await town.text(phone, stop) == [stopped]
    town.clock.forward(minutes=1)
    with pytest.raises(Refused, match="nobody"):
        await told(town, works)
    await told(town, warning())
    number, _ = await number_and_code_of_warning(town)
    (text,) = await town.answers(phone)
    assert text.startswith(warned.format(n=number))
    town.clock.forward(hours=1)
    assert await town.text(phone, disowns) == [gone]
    await followed(town)
    async with acquire(town.pool) as conn:
        of = await warnings.case(conn, number, keyring=make.keyring())
    assert [str(one.what) for one in of.rows[-2:]] == ["disputed", "letter"]
    assert of.begun is not None, "its term goes on"
    assert await town.pool.fetchval("select about from alarms where kind = 'letter wanted'") == "100004321"


async def number_and_code_of_warning(town: Street) -> tuple[int, str]:
    row = await town.pool.fetchrow("select id, code from notice_recipients where subject > 0")
    assert row is not None
    return row["id"], row["code"]


async def test_a_greeting_to_who_did_not_ask_for_it_is_refused(
    town: Street, company: asyncpg.Connection
) -> None:  # J14
    await home(town, company, "ru")
    greeting = Draft(Kind.GREETING, Audience(debt=100), {"ru": "С Новым годом!"}, "праздник")
    with pytest.raises(Refused, match="nobody"):
        await told(town, greeting)


async def test_a_promise_by_a_phone_without_a_contract_is_not_taken(town: Street, company: asyncpg.Connection) -> None:
    id = await home(town, company, "ru")
    customer = await company.fetchval("select customer_id from accounts where id = $1", id)
    other = "+79780001799"
    await make.link(company, id, customer, other, "payer")
    assert await town.text(other, "ОПЛАЧУ 01.12") == ["Предупреждений нет, обещание не нужно. Сумма: ДОЛГ"]
    await told(town, warning())
    _, code = await number_and_code(town)
    assert await town.text(other, "ОПЛАЧУ 01.12") == [
        "Обещание с этого номера записать нельзя. Звоните 8-800-000-00-00"
    ]
    (strange,) = await town.text(other, f"ОК {code}")
    assert "не" in strange, "the code is its recipient's"


@pytest.mark.parametrize("lost", [False, True], ids=["delivered", "no receipt"])
async def test_no_delivery_for_three_days_becomes_a_letter(
    town: Street, company: asyncpg.Connection, lost: bool
) -> None:  # R29
    await home(town, company, "ru")
    town.carrier.faults = Faults(receipt_lost=float(lost))
    await told(town, warning())
    number, _ = await number_and_code(town)
    town.clock.forward(days=2)
    await followed(town)
    assert "letter" not in await whats(town, number), "three days are not over"
    town.clock.forward(days=2)
    await followed(town)
    assert ("letter" in await whats(town, number)) is lost
    wanted = await town.pool.fetch("select about from alarms where kind = 'letter wanted'")
    assert [row[0] for row in wanted] == ["100004321"] * lost


async def whats(town: Street, number: int) -> list[str]:
    """What the evidence of a warning has."""
    async with acquire(town.pool) as conn:
        of = await warnings.case(conn, number, keyring=make.keyring())
    return [str(one.what) for one in of.rows]
