"""Every form and page of the staff with values that nobody types by mistake: each is answered clearly, and never with a
mistake of ours (T11, T12, R36)."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from urllib.parse import quote
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
import pytest
from aiohttp.test_utils import TestServer

from core.accounts.model import Role as Party
from core.contracts import actions as contracts
from core.contracts.model import Document, Topic, Wanted
from core.doors import actions as doors
from core.employees.model import EVERYBODY
from core.erasing import actions as erasing
from core.notices.people import actions as people
from core.notices.telling import actions as telling
from core.outbox.noticing import Wire
from core.store import pool as store
from core.store.pool import Connection, acquire
from gateway import timing
from gateway.parts import words
from staff import facts, menu, notices, site
from staff.model import Get, House, Post
from tests import make, offices
from tests.make import A, M
from tests.staff import test_inbox, test_notices, test_visits
from tests.staff.conftest import NOON, Browser, Office, Time

WIRE = Wire(make.keyring(), words(), os.urandom)
NUMBER, GOING, PDF = "100004321", "100009999", b"%PDF-1.4 a paper"
CLAIMS = (("2025-10", "5210.40", date(2025, 11, 10)),)
EACH = int(os.environ.get("METERLINE_TEST_ODD", "2"))
"""So many odd values are tried in each field; 28 are all."""

ODD = (
    "", "\0", "-1", "9" * 30, "9" * 5000, "x" * 3000, "1e9", "NaN", "٣", "²", "1_0", "2025-02-30", "0001-01-01",
    "9999-12-31", "2025-11-24T10:00", "08:00+03:00", "24:00", "' or 1=1 --", "<script>alert(1)</script>",
    "{{7*7}} {0.__class__} %(debt)9d", "\u202eабв", "\ufffe", "a\r\nb", "=1+1", "../../etc/passwd", "//evil.example",
    "0", " ",
)  # fmt: skip
"""What a field is filled with, the others left right."""

PLACES = ("0", "-1", "x", quote("٣"), "%00", "9" * 18, "9" * 40, "1%2F2", "9999-12", "0001-01", "late@x")
"""What stands where an address has something that changes."""

QUERIES = (
    "account", "after", "back", "before", "by", "check", "corrects", "day", "from", "kind", "lang", "late", "month",
    "name", "next", "no", "office", "owner", "said", "serial", "service", "state", "to", "where",
)  # fmt: skip

MARKS = (NUMBER, f"..{NUMBER[-4:]}", "Анна Иванова", test_inbox.PHONE, test_notices.PHONE, "столько не жгли")
"""What belongs to a customer."""

TAUGHT = {200, 303, 403, 404, 409, 413, 422}


class One:
    """A pool of one connection, in a transaction that never ends: what a request does is undone behind it."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    @asynccontextmanager
    async def acquire(self, *, timeout: float) -> AsyncIterator[Connection]:  # noqa: ASYNC109 as pools have it
        assert timeout
        yield self._conn

    async def looks(self) -> int:
        """How many looks at customers' data are noted."""
        return int(await self._conn.fetchval("select count(*) from looks"))

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """What is done within is undone behind it."""
        part = self._conn.transaction()
        await part.start()
        try:
            yield
        finally:
            await part.rollback()


@dataclass(frozen=True, slots=True)
class Desk:
    """An employee who may do everything, before a company in which there is one of each."""

    browser: Browser
    pool: One
    places: Mapping[str, str]

    def address(self, path: str) -> str:
        """An address that fits the path of a route."""
        for name, value in self.parts(path).items():
            path = path.replace(f"{{{name}}}", value)
        return path

    def parts(self, path: str) -> dict[str, str]:
        first = path.split("/")[1]
        told = {"id": self.places.get(first, "1"), "no": self.places["no"], "photo": "1", "run": "prove@2025-11-20",
                "fault": "no_seal", "month": "2025-12", "name": "RU-household"}  # fmt: skip
        return {name: value for name, value in told.items() if f"{{{name}}}" in path}


@pytest.fixture
async def desk(database: str, owner: asyncpg.Connection) -> AsyncIterator[Desk]:
    await make.company(owner)
    phones = ((test_inbox.PHONE, "owner"),)
    account = await make.account(owner, A(NUMBER, (M("0098765"),), phones, CLAIMS))
    await make.account(owner, A(GOING, (), ()))
    await offices.set_up(owner, {}, at=NOON)
    await test_inbox.asks(owner, account, "СПОР столько не жгли")
    conn = await store.connect(database)
    await conn.transaction().start()
    pool, time = One(conn), Time()
    house = House(
        pool, make.keyring(), time.now, time.now, ZoneInfo("Europe/Moscow"), site.texts(), words(), timing.schedule(),  # type: ignore[arg-type]
        lambda _, __: None,
    )  # fmt: skip
    async with (
        TestServer(site.build(house, site.Outside()), host="127.0.0.1") as server,
        aiohttp.ClientSession() as session,
    ):
        office = Office(pool, str(server.make_url("")).rstrip("/"), time, session)  # type: ignore[arg-type]
        places = await _filled(office, account)
        browser = await office.enter("everybody", *EVERYBODY)
        await browser.post("/why", account=str(account), back="/", reason="call")
        yield Desk(browser, pool, places)
    await conn.close()


async def _filled(office: Office, account: int) -> dict[str, str]:
    """One of each: a task, a contract, a visit with a paper, a draft, a warning that has gone out, a store."""
    topics = frozenset({Topic.LEGAL_SMS, Topic.SERVICE})
    wanted = Wanted(
        test_notices.PHONE, "Анна Иванова", Party.OWNER, Document.PASSPORT, "4321", date(2025, 11, 21), "ru",
        frozenset(), topics,
    )  # fmt: skip
    async with acquire(office.pool) as conn:
        contract = await contracts.take(conn, account, wanted, by="ivanova", at=NOON, wire=WIRE)
        erasure = await erasing.ask(conn, GOING, request="1042", supply="", by="ivanova", at=NOON)
    [task] = await test_inbox.gather(office)
    visit = await test_visits.book(office, account, "13:20")
    place, author, _ = await test_notices.approved(office, test_notices.WARNING)
    await test_notices.tried(office, author, place)
    await author.post(f"{place}/start")
    async with acquire(office.pool) as conn:
        await people.advance(conn, at=NOON.replace(minute=5))
        await telling.word_due(conn, WIRE, at=NOON.replace(minute=5))
        warning = await conn.fetchval("select id from notice_recipients")
        where = await conn.fetchval("select id from offices")
    draft = await test_notices.written(author, test_notices.WORKS)
    clerk = await office.enter("filing", *EVERYBODY)
    await clerk.post("/why", account=str(account), back="/", reason="visit")
    await clerk.upload(f"/visits/{visit}/paper", PDF)
    await clerk.post("/stock", name="Central", kind="store")
    async with acquire(office.pool) as conn:
        paper = await conn.fetchval("select id from visit_papers")
        shelf = await conn.fetchval("select id from stores")
    return {
        "inbox": str(task.id), "contracts": str(contract.id), "visits": str(visit), "notices": draft.rsplit("/")[-1],
        "warnings": str(warning), "accounts": str(account), "stock": str(shelf), "offices": str(where),
        "erasures": str(erasure.id),
        "no": str(paper),
    }  # fmt: skip


OFFICE = {name: value for name, value in {**offices.PLAIN, **offices.YALTA}.items() if name != "services"}
ON = {"on": "2025-11-21"}
FORMS: Mapping[str, Mapping[str, str]] = {
    "/logout": {},
    "/language": {"language": "en", "back": "/"},
    "/why": {"account": "1", "back": "/", "reason": "other", "words": "a word"},
    "/inbox/watch": {"kind_dispute": "1"},
    "/inbox/{id}/take": {},
    "/inbox/{id}/hand": {"to": "filing", "word": "please"},
    "/inbox/{id}/answer": {"text": "It is right", "preview": ""},
    "/inbox/{id}/close": {"reason": "called"},
    "/inbox/{id}/reopen": {"reason": "called"},
    "/inbox/{id}/reading": {"word": "right"},
    "/inbox/{id}/phone": {"trust": "1", "word": "right"},
    "/inbox/{id}/payment": {"account": NUMBER, "document": "letter 5"},
    "/stock": {"name": "Second", "kind": "laboratory"},
    "/stock/move": {
        "event": "received", "brand": "CE102", "serials": "30001-30003", "document": "act 5", "store": "1",
        "until": "2030-01-01", "reason": "new",
    },
    "/quality": {},
    "/jobs/run": {"job": "close-day", "period": "2025-11-20"},
    "/company": {"name": "Energo", "phone": "8-800-000-00-00", "window": "20-25", "pay": "ex.ru"},
    "/company/payee": {
        "name": "Energo", "inn": "7707083893", "kpp": "770701001", "account": "40702810900000000001", "bank": "Bank",
        "bic": "044525225", "correspondent": "30101810400000000225",
    },
    "/company/rules": {},
    "/imports": {"kind": "customers", "do": "look"},
    "/contracts/new": {
        "account": NUMBER, "phone": "+79780001799", "person": "Анна", "document": "passport", "document_tail": "4321",
        "role": "owner", "dated": "2025-11-21", "language": "ru", "topic_legal_sms": "1",
    },
    "/contracts/{id}/sign": {},
    "/contracts/{id}/scan": {},
    "/contracts/{id}/revoke": {"reason": "phone_lost", "words": "lost", **ON},
    "/contracts/{id}/consent": {"topic": "greeting", "how": "page", "given": "1", **ON},
    "/erasures": {"account": GOING, "request": "1042", "supply": ""},
    "/erasures/{id}/erase": {"account": GOING},
    "/erasures/{id}/turn-down": {},
    "/notices/new": test_notices.WORKS | {
        "houses": "", "street": "", "accounts": NUMBER, "tariffs": "", "debt": "1.00", "most_debt": "", "age": "1",
        "language": "ru", "visits": "", "corrects": "",
    },
    "/notices/{id}/edit": test_notices.WORKS | {"debt": "1.00", "age": "1", "corrects": ""},
    "/notices/{id}/approve": {"version": "1"},
    "/warnings/{id}/order": {},
    "/warnings/{id}/letter": {"receipt": "801", "received": "1", **ON},
    "/people/add": {"login": "sidorov", "name": "Sidorov", "phone": "+79780001799", "role_clerk": "1"},
    "/people/roles": {"login": "filing", "role_clerk": "1"},
    "/people/invite": {"login": "filing"},
    "/search": {"typed": NUMBER, "by": "account", "after": ""},
    "/accounts/{id}/readings": {"r_1_1": "04512", "on": "2025-11-21", "confirmed": "1"},
    "/offices/new": OFFICE | {"code": "kerch"},
    "/offices/file": {"do": "take"},
    "/offices/{id}/edit": OFFICE,
    "/offices/{id}": {"windows": "2", "hours": "mon-fri 08:00-17:00", "receives": "1"},
    "/offices/{id}/day": {
        "day": "2025-11-24", "how": "hours", "opens": "09:00", "closes": "12:00", "windows": "2", "reason": "repair",
    },
    "/visits/walkin": {"office": "1", "account": NUMBER, "service": "other"},
    "/visits/next": {"office": "1", "window": "1"},
    "/visits/book": {
        "office": "1", "date": "2025-11-24", "time": "10:20", "account": NUMBER, "service": "meter",
    },
    "/visits/{id}/arrive": {},
    "/visits/{id}/cancel": {},
    "/visits/{id}/done": {"words": "A plan was signed"},
    "/visits/{id}/missed": {},
    "/visits/{id}/paper": {"name": "passport"},
}  # fmt: skip
"""What stands in each form; those of the facts have a column each."""

POSTS = tuple(one for one in menu.ROUTES if isinstance(one, Post))
GETS = tuple(one for one in menu.ROUTES if isinstance(one, Get))
FACT = {"account": NUMBER, "meter": "0098765", "date": "2025-11-20", "from": "2025-11-01", "reading": "04512"}


def form_of(path: str) -> Mapping[str, str]:
    """A form that could be right."""
    if not path.startswith("/facts/"):
        return FORMS.get(path, {})
    names = doors.columns(next(one for one in facts.OPEN if path == f"/facts/{one}")).names
    told = {name: FACT.get(name) or facts.CHOICES.get(name, ("2025-11-20" if name in facts.DAYS else "1",))[0]
            for name in names}  # fmt: skip
    return told | {"confirm": "1", "tell": "1"}


def tries() -> Iterator[tuple[Post, Mapping[str, str]]]:
    """Each form right, empty, and with some odd values in each of its fields."""
    values = cycle(ODD)
    for route in POSTS:
        form = form_of(route.path)
        yield route, form
        yield route, {}
        for name in form:
            for value in islice(values, EACH):
                yield route, {**form, name: value}
            if len(ODD) > EACH:
                next(values)  # so that no field has the same as the one above it


def test_every_form_is_known_here() -> None:
    bare = {f"/notices/{{id}}/{verb}" for verb in notices.VERBS}
    assert {one.path for one in POSTS if not one.path.startswith("/facts/")} <= FORMS.keys() | bare


async def test_odd_forms_are_answered(desk: Desk) -> None:  # R36, T11
    wrong: list[str] = []
    for route, form in tries():
        async with desk.pool.undone():
            path = desk.address(route.path)
            file = route.file and form.get("name") != "\0"
            told = await (desk.browser.upload(path, PDF, **form) if file else desk.browser.post(path, **form))
            says = told.status != 422 or 'role="alert"' in told.text or path == "/language"
            if told.status not in TAUGHT or not says:
                wrong.append(f"{told.status} {path} { {name: value[:60] for name, value in form.items()} }")
    assert not wrong, "\n".join(wrong)


async def test_odd_addresses_are_answered(desk: Desk) -> None:  # R36, R37
    wrong: list[tuple[str, int]] = []
    odd, values = cycle(PLACES), cycle(ODD)
    for route in GETS:
        asked = [desk.address(route.path)]
        for name in desk.parts(route.path):
            asked += [desk.address(route.path.replace(f"{{{name}}}", one)) for one in islice(odd, EACH)]
        for value in islice(values, EACH):
            told = "&".join(f"{name}={quote(value[:200])}" for name in QUERIES)
            asked.append(f"{desk.address(route.path)}?{told}")
        for path in asked:
            async with desk.pool.undone():
                status = (await desk.browser.get(path)).status
            if status not in TAUGHT:
                wrong.append((path, status))
    assert wrong == []


async def test_no_page_shows_a_customer_without_a_look(desk: Desk) -> None:  # R39
    looked: list[str] = []
    unseen: list[str] = []
    for route in GETS:
        async with desk.pool.undone():
            before = await desk.pool.looks()
            text = (await desk.browser.get(desk.address(route.path))).text
            if any(mark in text for mark in MARKS):
                (looked if await desk.pool.looks() > before else unseen).append(route.path)
    assert unseen == ["/looks"], "which has the numbers of accounts, and is what looks are seen on"
    assert len(looked) >= 10, looked
