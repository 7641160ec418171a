"""The pages of notices: an author writes, another approves, it counts down, is stopped; a warning and its gate."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.accounts.model import Role as Party
from core.billing import actions as billing
from core.billing.sql import PaymentRow
from core.contracts import actions as contracts
from core.contracts.model import Document, Topic, Wanted
from core.employees.model import Role
from core.notices.people import actions as people
from core.notices.telling import actions as telling
from core.notices.warnings import actions as warnings
from core.outbox.noticing import Wire
from core.store.pool import acquire
from gateway.parts import words
from tests import make
from tests.make import A, M
from tests.staff.conftest import Browser, Office

WIRE = Wire(make.keyring(), words(), lambda size: bytes(range(7, 7 + size)))
PHONE = "+79780001705"
WORKS = {"kind": "works", "basis": "plan 17", "customer": "household", "text_ru": "Работы, л/с {account}"}
WARNING = {"kind": "disconnection", "basis": "п. 119 ПП 354", "debt": "400.00"}


@pytest.fixture
async def home(office: Office, owner: asyncpg.Connection) -> int:
    """An account with a debt, whose owner has a contract."""
    await make.company(owner)
    claims = (("2025-10", "5210.40", date(2025, 11, 10)),)
    id = await make.account(owner, A("100004321", (M("0098765", months=0),), ((PHONE, "owner"),), claims))
    topics = frozenset({Topic.LEGAL_SMS, Topic.SERVICE})
    wanted = Wanted(
        PHONE, "Анна Иванова", Party.OWNER, Document.PASSPORT, "4321", date(2025, 11, 21), "ru", frozenset(), topics
    )
    async with acquire(office.pool) as conn, conn.transaction():
        await contracts.take(conn, id, wanted, by="ivanova", at=office.time.at, wire=WIRE)
    return id


async def written(author: Browser, fields: dict[str, str]) -> str:
    """The address of a new draft."""
    got = await author.post("/notices/new", **fields)
    assert got.status == 303, got.text
    return got.to.partition("?")[0]


async def approved(office: Office, fields: dict[str, str]) -> tuple[str, Browser, Browser]:
    author, approver = await office.enter("author", Role.AUTHOR), await office.enter("approver", Role.APPROVER)
    place = await written(author, fields)
    assert (await author.post(f"{place}/submit")).status == 303
    assert (await approver.post(f"{place}/approve", version="1")).status == 303
    return place, author, approver


async def tried(office: Office, author: Browser, place: str) -> None:
    """Sends the trial, to one employee."""
    async with acquire(office.pool) as conn, conn.transaction():
        await make.staff_phone(conn, at=office.time.at)
    assert (await author.post(f"{place}/try")).to == f"{place}?said=notice_try"


async def test_from_the_draft_to_the_countdown_and_the_stop(office: Office, home: int) -> None:  # J14
    author, approver = await office.enter("author", Role.AUTHOR), await office.enter("approver", Role.APPROVER)
    place = await written(author, WORKS)
    shown = await author.get(place)
    assert "Работы, л/с ..4321" in shown.text
    assert "Submit for approval" in shown.text
    assert "Approve this version" not in shown.text
    assert (await author.post(f"{place}/submit")).to == f"{place}?said=notice_submit"
    assert (await author.post(f"{place}/approve", version="1")).status == 403, "an author is no approver"
    assert (await approver.post(f"{place}/approve", version="1")).to == f"{place}?said=notice_approve"
    again = await approver.post(f"{place}/approve", version="1")
    assert again.status == 422
    assert "the notice is approved" in again.text
    assert "Start the countdown" not in again.text
    early = await author.post(f"{place}/start")
    assert early.status == 422
    assert "Send a trial to employees first" in early.text
    alone = await author.post(f"{place}/try")
    assert alone.status == 422
    assert "No employee has a phone" in alone.text
    await tried(office, author, place)
    assert (await author.post(f"{place}/start")).status == 303
    assert "It begins on" in (await author.get(place)).text
    assert (await author.post(f"{place}/stop")).status == 303
    assert "stopped" in (await author.get(place)).text
    assert place.rpartition("/")[2] in (await author.get("/notices")).text


async def test_who_is_author_and_approver_does_not_approve_his_own(office: Office, home: int) -> None:  # R26
    both = await office.enter("both", Role.AUTHOR, Role.APPROVER)
    place = await written(both, WORKS)
    await both.post(f"{place}/submit")
    got = await both.post(f"{place}/approve", version="1")
    assert got.status == 422
    assert "another person has to approve it" in got.text
    assert "Approve this version" not in (await both.get(place)).text


async def test_an_edit_asks_for_another_approval(office: Office, home: int) -> None:  # R26
    place, author, approver = await approved(office, WORKS)
    assert "plan 17" in (await author.get(f"{place}/edit")).text
    assert (await author.post(f"{place}/edit", **{**WORKS, "basis": "plan 18"})).status == 303
    assert (await approver.post(f"{place}/approve", version="2")).status == 422, "it was not submitted"
    await author.post(f"{place}/submit")
    got = await approver.post(f"{place}/approve", version="1")
    assert got.status == 422
    assert "was changed since" in got.text


@pytest.mark.parametrize("role", [Role.CLERK, Role.CONTROLLER, Role.BILLER])
async def test_other_roles_see_no_notices(office: Office, role: Role) -> None:  # R39
    other = await office.enter("other", role)
    assert (await other.get("/notices")).status == 403
    assert (await other.post("/notices/new", **WORKS)).status == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({**WORKS, "customer": ""}, "at least one condition"),
        ({**WORKS, "basis": ""}, "Say why it is told"),
        ({**WORKS, "debt": "many"}, "Overdue debt at least: “many” is not a number"),
        ({**WORKS, "age": "a lot"}, "Overdue for so many days at least: “a lot” is not a number"),
        ({**WORKS, "age": "999999999"}, "no debt of over a hundred years"),
        ({**WORKS, "corrects": "909"}, "There is no such notice"),
        ({**WORKS, "debt": "9" * 14}, "is not a number that can be, such as 400.00"),
        ({**WORKS, "text_ru": "{debtor}"}, "an unknown value in braces"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    office: Office, home: int, fields: dict[str, str], said: str
) -> None:
    got = await (await office.enter("author", Role.AUTHOR)).post("/notices/new", **fields)
    assert got.status == 422
    assert said in got.text
    assert fields["text_ru"] in got.text


async def test_a_warning_its_gate_its_letter_and_its_file(office: Office, home: int) -> None:  # J13
    place, author, _ = await approved(office, WARNING)
    assert "Увед." in (await author.get(place)).text
    await tried(office, author, place)
    await author.post(f"{place}/start")
    office.time.forward(minutes=5)
    async with acquire(office.pool) as conn:
        await people.advance(conn, at=office.time.at)
        assert await telling.word_due(conn, WIRE, at=office.time.at) == 1
        number = await conn.fetchval("select id from notice_recipients")
        await conn.execute("update outbox set state = 'failed', code = '30006' where class = 'official'")
        await warnings.follow(conn, WIRE, at=office.time.at)
    collector = await office.enter("collector", Role.COLLECTOR)
    assert f"/warnings/{number}" in (await collector.get(place)).text
    asked = await collector.get(f"/warnings/{number}")
    assert asked.to.startswith("/why?"), "a look at an account has a reason"
    await collector.post("/why", account=str(home), reason="debt", back=f"/warnings/{number}")
    shown = await collector.get(f"/warnings/{number}")
    assert "This warning has to go by letter" in shown.text
    assert shown.text.count("in the way:") >= 2
    refused = await collector.post(f"/warnings/{number}/order")
    assert refused.status == 422
    assert "it was not received, the days of the term are not over" in refused.text
    letter = (await collector.get(f"/warnings/{number}/letter")).text
    assert "на 21.11.2025 числится задолженность 5210,40 р." in letter
    paper = await collector.get(f"/warnings/{number}/letter.pdf")
    assert (paper.status, paper.headers["Content-Type"]) == (200, "application/pdf")
    assert paper.headers["Content-Disposition"] == f'inline; filename="letter-{number}.pdf"'
    office.time.at = datetime(2025, 11, 24, 9, tzinfo=UTC)
    collector = await office.enter("collector", Role.COLLECTOR)
    await collector.post("/why", account=str(home), reason="debt", back="/")
    assert (await collector.post(f"/warnings/{number}/letter", receipt="801", on="2025-11-24")).status == 303
    signed = {"receipt": "801", "on": "2025-11-24", "received": "1"}
    assert (await collector.post(f"/warnings/{number}/letter", **signed)).status == 303
    assert "is whole" in (await collector.get(f"/warnings/{number}")).text
    got = await collector.get(f"/warnings/{number}/evidence.zip")
    assert got.status == 200
    assert got.headers["Content-Type"] == "application/zip"
    office.time.at = datetime(2025, 12, 15, 9, tzinfo=UTC)
    collector = await office.enter("collector", Role.COLLECTOR)
    await collector.post("/why", account=str(home), reason="debt", back="/")
    assert (await collector.post(f"/warnings/{number}/order")).to == f"/warnings/{number}?said=warning_ordered"
    assert "It may be carried out today." in (await collector.get(f"/warnings/{number}")).text
    async with acquire(office.pool) as conn, conn.transaction():
        paid = PaymentRow(home, 0, "100004321", "", "p1", date(2025, 12, 15), 521_040, None)
        await billing.post_payments(conn, [paid], at=office.time.at)
    told = (await collector.get(f"/warnings/{number}")).text
    assert "It must not be carried out today: less is overdue today than it takes." in told, "no worker has looked"


async def test_how_far_it_is(office: Office, home: int) -> None:
    place, author, _ = await approved(office, WORKS)
    await tried(office, author, place)
    await author.post(f"{place}/start")
    office.time.forward(minutes=5)
    async with acquire(office.pool) as conn:
        await people.advance(conn, at=office.time.at)
        await telling.word_due(conn, WIRE, at=office.time.at)
    told = await author.get(f"{place}/progress")
    assert '"over": 0' in told.text
    assert '"people": 1' in told.text
    assert "data-progress" in (await author.get(place)).text


async def test_a_message_for_safety_waits_for_another_to_look_at_it(office: Office, home: int) -> None:  # R26
    author = await office.enter("author", Role.AUTHOR)
    place = await written(author, {**WORKS, "kind": "safety"})
    await author.post(f"{place}/submit")
    assert (await author.post(f"{place}/send")).to == f"{place}?said=notice_send"
    assert "another has to look at it" in (await author.get(place)).text
    approver = await office.enter("approver", Role.APPROVER)
    assert "not looked at by another yet" in (await approver.get("/notices")).text
    assert (await approver.post(f"{place}/check")).to == f"{place}?said=notice_check"
    assert "another has to look at it" not in (await author.get(place)).text


async def test_a_correction_begins_with_what_it_corrects(office: Office, home: int) -> None:
    author = await office.enter("author", Role.AUTHOR)
    place = await written(author, WORKS)
    form = (await author.get(f"/notices/new?kind=works&corrects={place.rpartition('/')[2]}")).text
    assert "Работы, л/с {account}" in form
    assert '<option value="household" selected>' in form
    assert "plan 17" not in form, "it has a reason of its own"
    assert (await author.get("/notices/new?kind=works&corrects=909")).status == 200


async def test_people_one_by_one(office: Office, home: int) -> None:
    author = await office.enter("author", Role.AUTHOR)
    place = await written(author, WORKS)
    page = (await author.get(f"{place}/people")).text
    assert "..4321" in page
    assert "5,210.40" in page
    assert "is told" in page
    assert "There is nobody" in (await author.get(f"{place}/people?bar=no_contract")).text
    assert "There is nobody" in (await author.get(f"{place}/people?from=1")).text
    assert (await author.get(f"{place}/people?from=x&bar=%27")).status == 200
    assert (await author.get("/notices/909/people")).status == 404
    assert (await (await office.enter("clerk", Role.CLERK)).get(f"{place}/people")).status == 403


async def test_in_russian(office: Office, home: int) -> None:
    author = await office.enter("author", Role.AUTHOR, language="ru")
    place = await written(author, WORKS)
    assert "До кого дойдёт" in (await author.get(place)).text
    assert "Уведомления" in (await author.get("/notices")).text
