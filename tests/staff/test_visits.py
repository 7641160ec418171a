"""The staff's side of visits: offices and their days, the clerk's day, the queue, a visit opened, ended, marked."""

from datetime import date, time

import asyncpg
import pytest

from core.basics.channel import Channel
from core.bookings import actions
from core.bookings.model import Person, Request
from core.bookings.offering import Wish
from core.employees.model import Role
from core.store.pool import acquire
from tests import make, offices
from tests.make import A, M
from tests.staff.conftest import NOON, Browser, Office, sent

PHONE = "+79780001705"
PDF = b"%PDF-1.4 a certificate"


@pytest.fixture
async def booked(office: Office, owner: asyncpg.Connection) -> int:
    """The id of a visit today at 13:20 of the owner of an account, who owes."""
    await make.company(owner)
    account = await make.account(owner, A("100004321", (M("0098765"),), ((PHONE, "owner"),), language="en"))
    await offices.set_up(owner, {"windows": "2"}, at=NOON)
    return await book(office, account, "13:20")


async def book(office: Office, account: int, at: str, day: str = "2025-11-21") -> int:
    async with acquire(office.pool) as conn, conn.transaction():
        customer = await conn.fetchval("select customer_id from accounts where id = $1", account)
        who = Person(account, customer, make.keyring().phone_hash(PHONE), "en", Channel.SMS)
        to = await actions.known(conn)
        request = Request(date.fromisoformat(day), time.fromisoformat(at))
        done = await actions.book(conn, who, Wish(request, None, to.service("reconcile")), to, at=office.time.at)
        assert done.visit is not None
        return done.visit.id


async def reasoned(browser: Browser, account: str, path: str) -> None:
    assert (await browser.get(path)).to.startswith("/why")
    told = await browser.post("/why", account=account, back=path, reason="visit")
    assert told.status == 303


async def test_the_day_from_the_door_to_the_mark(office: Office, booked: int, owner: asyncpg.Connection) -> None:
    clerk = await office.enter("ivanova", Role.CLERK)
    page = await clerk.get("/visits")
    assert "B40" in page.text
    assert "..4321" in page.text, "a clerk sees the end of the number"
    account = str(await owner.fetchval("select id from accounts"))
    await reasoned(clerk, account, f"/visits/{booked}")
    opened = await clerk.get(f"/visits/{booked}")
    assert "Reconciliation, debt" in opened.text
    assert "To pay" in opened.text
    assert (await clerk.post(f"/visits/{booked}/arrive")).to == f"/visits/{booked}?said=arrived"
    assert (await clerk.post(f"/visits/{booked}/arrive")).status == 422
    place = str(await owner.fetchval("select id from offices"))
    assert (await clerk.post("/visits/walkin", office=place, account="nobody", service="other")).status == 422
    twice = await clerk.post("/visits/walkin", office=place, account="100004321", service="other")
    assert "has a visit today" in twice.text
    assert (await clerk.post("/visits/walkin", office=place, account="", service="other")).status == 303
    assert (await clerk.post("/visits/next", office=place, window="7")).status == 422
    assert (await clerk.post("/visits/next", office=place, window="2")).status == 303
    screen = await office.stranger().get("/display/feodosia")
    assert screen.status == 200
    assert "A1" in screen.text
    assert "4321" not in screen.text
    assert 'http-equiv="refresh"' in screen.text
    assert (await clerk.post("/visits/next", office=place, window="1")).status == 303
    assert "Somebody is at that window" in (await clerk.post("/visits/next", office=place, window="2")).text
    assert (await clerk.post(f"/visits/{booked}/done", words="")).status == 422
    assert (await clerk.post(f"/visits/{booked}/done", words="")).status == 422
    assert (await clerk.post(f"/visits/{booked}/done", words="A plan was signed")).status == 303
    assert "A plan was signed" in (await clerk.get(f"/visits/{booked}")).text
    assert set(await sent(office)) == {
        "Ticket B40: 0 before you, about 0 min.",
        "Ticket B40: it is your turn, window 1.",
        "Your visit B40 is over. How was it? Reply with a number from 1 to 5.",
    }
    looks = await owner.fetch("select distinct reason from looks where account_id is not null")
    assert [row[0] for row in looks] == ["visit"]


async def test_a_document_is_filed_by_its_hash(office: Office, booked: int, owner: asyncpg.Connection) -> None:
    clerk = await office.enter("ivanova", Role.CLERK)
    account = str(await owner.fetchval("select id from accounts"))
    await reasoned(clerk, account, f"/visits/{booked}")
    assert (await clerk.upload(f"/visits/{booked}/paper", PDF)).status == 303
    assert (await clerk.upload(f"/visits/{booked}/paper", b"MZ a program")).status == 422
    assert PDF not in bytes(await owner.fetchval("select sealed from visit_papers"))
    paper = await owner.fetchval("select id from visit_papers")
    got = await clerk.get(f"/visits/{booked}/papers/{paper}")
    assert got.text == PDF.decode()
    assert got.headers["Content-Disposition"] == "attachment"
    assert (await clerk.get(f"/visits/{booked}/papers/999")).status == 404


async def test_a_change_of_an_office_tells_who_is_booked(
    office: Office, booked: int, owner: asyncpg.Connection
) -> None:  # R17
    admin = await office.enter("root", Role.ADMIN)
    place = await owner.fetchval("select id from offices")
    later = await book(office, await owner.fetchval("select id from accounts"), "10:20", "2025-11-24")
    page = await admin.get(f"/offices/{place}")
    assert "mon-fri 08:00-17:00 12:00-13:00" in page.text
    assert (await admin.get("/offices")).text.count("<rect") >= 5
    for wrong in ({"windows": "0", "hours": "mon 08:00-09:00"}, {"windows": "2", "hours": "always"}):
        assert (await admin.post(f"/offices/{place}", **wrong)).status == 422
    for wrong in ({"day": "x"}, {"day": "2020-01-01", "how": "closed"}, {"day": "2025-11-24", "how": "hours"}):
        assert (await admin.post(f"/offices/{place}/day", **wrong)).status == 422
    told = await admin.post(f"/offices/{place}/day", day="2025-11-24", how="closed", reason="repair")
    assert "1 visits called off, 1 messages sent" in told.text
    assert await owner.fetchval("select state from visits where id = $1", later) == "revoked"
    assert (await sent(office))[-1].startswith("The office had to call off your visit on 24 Nov at 10:20. Free: 1)")
    told = await admin.post(f"/offices/{place}", windows="1", hours="mon-fri 14:00-17:00", receives="1")
    assert "1 visits called off" in told.text, "13:20 is before the new hours"
    assert await owner.fetchval("select sum(taken) from slots") == 0
    assert "repair" in (await admin.get(f"/offices/{place}")).text
    await book(office, await owner.fetchval("select id from accounts"), "14:20", "2025-11-25")
    told = await admin.post(f"/offices/{place}", windows="1", hours="mon-fri 14:00-17:00")
    assert "1 visits called off, 1 messages sent" in told.text, "nobody is received anywhere"
    said = "The office had to call off your visit on 25 Nov at 14:20. For another time, reply BOOK."
    assert said in await sent(office)


async def test_who_did_not_come_is_counted(office: Office, booked: int, owner: asyncpg.Connection) -> None:
    clerk = await office.enter("ivanova", Role.CLERK)
    await reasoned(clerk, str(await owner.fetchval("select id from accounts")), f"/visits/{booked}")
    assert "Its time has not come" in (await clerk.post(f"/visits/{booked}/missed")).text
    office.time.at = NOON.replace(hour=10, minute=25)
    clerk = await office.enter("ivanova", Role.CLERK)
    await reasoned(clerk, str(await owner.fetchval("select id from accounts")), f"/visits/{booked}")
    assert (await clerk.post(f"/visits/{booked}/missed")).status == 303
    assert "0 were, 1 missed" in (await clerk.get(f"/visits/{booked}")).text
    assert (await clerk.post(f"/visits/{booked}/done", words="late")).status == 422


async def test_what_is_of_another_day_is_not_done_today(office: Office, booked: int, owner: asyncpg.Connection) -> None:
    account = await owner.fetchval("select id from accounts")
    later = await book(office, account, "10:20", "2025-11-24")
    clerk = await office.enter("ivanova", Role.CLERK)
    await reasoned(clerk, str(account), f"/visits/{later}")
    for what, words in (("arrive", ""), ("done", "given"), ("missed", "")):
        told = await clerk.post(f"/visits/{later}/{what}", words=words)
        assert told.status == 422, what
    assert await owner.fetchval("select state from visits where id = $1", later) == "booked"


async def test_a_clerk_books_and_calls_off_for_who_calls(
    office: Office, booked: int, owner: asyncpg.Connection
) -> None:  # R17
    """Also for who did not come three times, and is told to call."""
    await owner.execute("update visits set state = 'missed', day = day - 1, starts_at = starts_at - interval '1 day'")
    clerk = await office.enter("ivanova", Role.CLERK)
    place = str(await owner.fetchval("select id from offices"))
    page = await clerk.get(f"/visits?office={place}&day=2025-11-24")
    assert '<option value="10:20">10:20</option>' in page.text
    form = {"office": place, "date": "2025-11-24", "time": "10:20", "service": "meter"}
    assert "no such account" in (await clerk.post("/visits/book", account="5", **form)).text
    told = await clerk.post("/visits/book", account="100004321", **form)
    assert told.to == f"/visits?office={place}&day=2025-11-24&said=booked"
    again = await clerk.post("/visits/book", account="100004321", **form)
    assert (again.status, "This time is yours already" in again.text) == (422, True)
    row = await owner.fetchrow("select id, state, made_by from visits order by id desc limit 1")
    assert row is not None
    assert tuple(row)[1:] == ("booked", "ivanova")
    taken = await clerk.post("/visits/book", account="100004321", **(form | {"time": "12:20"}))
    assert "It is not booked." in taken.text
    await reasoned(clerk, str(await owner.fetchval("select id from accounts")), f"/visits/{row['id']}")
    assert (await clerk.post(f"/visits/{row['id']}/cancel")).to == f"/visits/{row['id']}?said=visit_cancelled"
    assert (await clerk.post(f"/visits/{row['id']}/cancel")).status == 422
    assert set(await sent(office)) == {
        "Visit on 24 Nov at 10:20, Feodosia, Svobody 4. Your ticket is B31. To call it off, reply UNDO B31.",
        "Your visit on 24 Nov at 10:20 is called off, ticket B31. To book another, reply BOOK.",
    }
    assert await owner.fetchval("select sum(taken) from slots where day = '2025-11-24'") == 0


async def test_a_look_at_a_guest_is_noted(office: Office, booked: int, owner: asyncpg.Connection) -> None:  # R39
    clerk = await office.enter("ivanova", Role.CLERK)
    place = str(await owner.fetchval("select id from offices"))
    await clerk.post("/visits/walkin", office=place, account="", service="other")
    visit = await owner.fetchval("select max(id) from visits")
    assert (await clerk.get(f"/visits/{visit}")).status == 200
    assert await owner.fetchval("select reason from looks order by no desc limit 1") == f"visit: {visit}"
