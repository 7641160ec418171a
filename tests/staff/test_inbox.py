"""The inbox and the page of a task: who sees what, what may be done, and that customers' words stay as they were."""

import asyncio
import json
import re
from datetime import timedelta

import asyncpg
import pytest

from core.accounts.linking import sql as linking
from core.employees.model import Role
from core.store.pool import acquire
from core.tasks import sql
from core.tasks.gathering import actions as gathering
from core.tasks.gathering.actions import Found
from core.tasks.model import Filter, Task
from tests import make
from tests.flows.inbox import COMPANY
from tests.staff.conftest import NOON, Office, sent

PHONE, ACCOUNT = "+79001112233", "3012345"
HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}} {% raw %}",
    '=HYPERLINK("http://evil.example","x")',
    "\u202eабвг\u202c שלום",
    "й" * 2000,
    "' or 1=1 --",
    "&lt;b&gt;",
)


@pytest.fixture
async def account(owner: asyncpg.Connection) -> int:
    await make.company(owner)
    return await make.account(owner, make.A(ACCOUNT, (make.M("M1"),), ((PHONE, "owner"),)))


async def asks(owner: asyncpg.Connection, account: int, words: str, subject: str = "dispute") -> str:
    """A request as a message leaves it; its number."""
    keys, digest = make.keyring(), make.keyring().phone_hash(PHONE)
    row = await owner.fetchrow(
        "select p.customer_id, c.data_key from phones p join customers c on c.id = p.customer_id where p.hash = $1",
        digest,
    )
    assert row is not None
    inbox = await owner.fetchval(
        "insert into inbox (channel, provider, reference, sender_hash, customer_id, received_at, content_hash, fate)"
        " values ('sms', 'twilio', gen_random_uuid()::text, $1, $2, $3, $1, 'answered') returning id",
        digest,
        row["customer_id"],
        NOON,
    )
    number: str = await owner.fetchval(
        "insert into requests (number, subject, account_id, customer_id, phone_hash, inbox_id, words, opened_at)"
        " values (nextval('request_numbers')::text, $1, $2, $3, $4, $5, $6, $7) returning number",
        subject,
        account,
        row["customer_id"],
        digest,
        inbox,
        keys.customer(row["data_key"]).seal(words.encode(), purpose=b"request"),
        NOON,
    )
    return number


async def gather(office: Office) -> list[Task]:
    async with acquire(office.pool) as conn:
        await gathering.gather(conn, COMPANY, at=office.time.at)
        return await sql.listed(conn, Filter(), at=office.time.at)


async def test_a_dispute_is_answered_on_the_page(office: Office, owner: asyncpg.Connection, account: int) -> None:
    await asks(owner, account, "СПОР столько не жгли")
    [task] = await gather(office)
    browser = await office.enter("ivanova", Role.CLERK)
    listed = await browser.get("/inbox")
    assert "Dispute 101" in listed.text
    assert f'href="/inbox/{task.id}"' in listed.text
    page = await browser.get(f"/inbox/{task.id}")
    assert "СПОР столько не жгли" in page.text
    assert (await browser.post(f"/inbox/{task.id}/take")).to == f"/inbox/{task.id}?said=task_taken"
    looked = await browser.post(f"/inbox/{task.id}/answer", text="Сумма верна", preview="1")
    assert looked.status == 200
    assert "Обращение 101: Сумма верна" in looked.text
    assert "1 SMS will arrive" in looked.text
    assert await sent(office) == [], "it was only looked at"
    key = "the key of the form"
    told = await asyncio.gather(
        *(browser.post(f"/inbox/{task.id}/answer", key=key, text="Сумма верна") for _ in range(3))
    )
    assert {one.to for one in told} == {f"/inbox/{task.id}?said=task_answered"}
    assert await sent(office) == ["Обращение 101: Сумма верна"], "sent thrice, done once"
    page = await browser.get(f"/inbox/{task.id}?said=task_answered")
    assert "The answer is on its way." in page.text
    assert "Сумма верна" in page.text
    assert (await browser.post(f"/inbox/{task.id}/close", reason="звонил")).status == 303
    assert "waiting" in (await browser.get("/inbox")).text
    assert "Dispute 101" in (await browser.get("/inbox?state=closed")).text


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_words_stay_literal(office: Office, owner: asyncpg.Connection, account: int, words: str) -> None:
    # T11, check 6
    await asks(owner, account, words)
    [task] = await gather(office)
    browser = await office.enter("ivanova", Role.CLERK)
    shown = (await browser.get(f"/inbox/{task.id}")).text
    inner = re.search(r'<blockquote class="words" dir="auto">(.*?)</blockquote>', shown, re.DOTALL)
    assert inner
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
    assert inner[1] == escaped.replace("'", "&#39;")
    await browser.post(f"/inbox/{task.id}/close", reason=words[:100])
    assert "49" not in re.sub(r"\d{3,}|value=\"[^\"]*\"", "", (await browser.get(f"/inbox/{task.id}")).text)
    answered = await browser.post(f"/inbox/{task.id}/reopen", reason=words[:100])
    assert answered.status == 303
    refused = await browser.post(f"/inbox/{task.id}/answer", text=words)
    assert refused.status in (303, 422)
    if refused.status == 422:
        assert "Make it shorter" in refused.text
        assert words[:50] in refused.text, "what was typed is still there"


async def test_two_employees_at_one_instant(office: Office, owner: asyncpg.Connection, account: int) -> None:
    await asks(owner, account, "СПОР")
    [task] = await gather(office)
    browsers = [await office.enter(login, Role.CLERK) for login in ("ivanova", "petrova")]
    told = await asyncio.gather(*(one.post(f"/inbox/{task.id}/take") for one in browsers))
    assert sorted(one.status for one in told) == [303, 422]
    [lost] = [one for one in told if one.status == 422]
    assert re.search(r"Name of (ivanova|petrova) took the task", lost.text)
    handed = await browsers[0].post(f"/inbox/{task.id}/hand", to="nobody")
    assert handed.status == 422


async def test_clerks_see_masked_numbers(office: Office, owner: asyncpg.Connection, account: int) -> None:
    # R39
    await asks(owner, account, "СПОР")
    [task] = await gather(office)
    for role, full in ((Role.CLERK, False), (Role.BILLER, False), (Role.CONTROLLER, True), (Role.AUDITOR, True)):
        browser = await office.enter(f"as-{role}", role)
        text = (await browser.get(f"/inbox/{task.id}")).text
        assert (PHONE in text, ACCOUNT in text) == (full, full)
        assert "22-33" in text or full
        assert (ACCOUNT in (await browser.get("/inbox")).text) == full


async def test_every_look_has_its_row(office: Office, owner: asyncpg.Connection, account: int) -> None:
    # R39
    await asks(owner, account, "СПОР")
    [task] = await gather(office)
    browser = await office.enter("ivanova", Role.CLERK)
    await browser.get("/inbox")
    await browser.get(f"/inbox/{task.id}")
    rows = await owner.fetch("select account_id, what, reason from looks order by no")
    assert [tuple(row) for row in rows] == [
        (None, "/inbox", "list"),
        (account, f"/inbox/{task.id}", f"task: {task.id}"),
    ]


async def test_who_may_not_work_on_a_kind_sees_no_forms(
    office: Office, owner: asyncpg.Connection, account: int
) -> None:
    await asks(owner, account, "ОПЕРАТОР", "human")
    [task] = await gather(office)
    for login, role in (("bill", Role.BILLER), ("audit", Role.AUDITOR)):
        browser = await office.enter(login, role)
        page = await browser.get(f"/inbox/{task.id}")
        assert page.status == 200
        assert f"/inbox/{task.id}/" not in page.text
        told = await browser.post(f"/inbox/{task.id}/take")
        assert told.status == (422 if role is Role.BILLER else 403)
    assert (await browser.get("/inbox/999")).status == 404
    assert (await browser.get("/inbox/x")).status == 404


async def test_a_collector_sees_what_lapses_and_what_has_lapsed(
    office: Office, owner: asyncpg.Connection, account: int
) -> None:
    claims = [[1, "2022-09", "2022-10-10", 5_000], [2, "2022-11", "2022-12-12", 43_356]]
    state = "update account_states set claims = $2::jsonb where account_id = $1"
    await owner.execute(state, account, json.dumps(claims))
    async with acquire(office.pool) as conn:
        await gathering.lapsing(conn, [Found(ACCOUNT, "limitation 2022-11 2025-12-12", "2022-11")], COMPANY, at=NOON)
        id = await conn.fetchval("select id from tasks where kind = 'lapsing'")
    browser = await office.enter("debts", Role.COLLECTOR)
    assert "Limitation runs out" in (await browser.get("/inbox?kind=lapsing")).text
    page = (await browser.get(f"/inbox/{id}")).text
    assert "433.56" in page
    assert "21 days" in page
    assert "has run: not demanded in warnings" in page
    assert (await browser.post(f"/inbox/{id}/take")).status == 303


async def test_a_list_goes_on_and_is_filtered(office: Office, owner: asyncpg.Connection, account: int) -> None:
    async with acquire(office.pool) as conn:
        found = [Found(ACCOUNT, f"1 gap {no}", "point 1") for no in range(60)]
        await gathering.holes(conn, found, COMPANY, at=NOON)
    await asks(owner, account, "света нет", "outage")
    await gather(office)
    office.time.forward(hours=3)
    browser = await office.enter("root", Role.ADMIN)
    first = (await browser.get("/inbox")).text
    assert first.index("No power") < first.index("Gap in consumption"), "late ones first"
    assert "61 waiting" in first
    assert "1 overdue" in first
    following = re.search(r'href="(/inbox\?after=[^"]+)"', first)
    assert following
    second = (await browser.get(following[1].replace("&amp;", "&"))).text
    ids = [re.findall(r'<p class="what"><a href="/inbox/(\d+)"', text) for text in (first, second)]
    assert [len(one) for one in ids] == [50, 11]
    assert len({*ids[0], *ids[1]}) == 61
    assert len(re.findall('<p class="what">', (await browser.get("/inbox?late=1&kind=outage")).text)) == 1
    for odd in ("?after=x", "?after=9-9", f"?after={'9' * 30}-1", "?kind=x&state=y&owner=%00", "?from=x&to=2025-01-01"):
        assert (await browser.get(f"/inbox{odd}")).status == 200


async def test_new_tasks_are_told_to_the_page(office: Office, owner: asyncpg.Connection, account: int) -> None:
    browser = await office.enter("ivanova", Role.CLERK)
    shown = re.search(r'data-news="([^"]+)" hidden', (await browser.get("/inbox")).text)
    assert shown
    assert json.loads((await browser.get(shown[1])).text) == {"count": 0, "last": 0, "text": ""}
    for _ in range(2):
        await asks(owner, account, "СПОР")
    await gather(office)
    told = json.loads((await browser.get(shown[1])).text)
    assert (told["count"], told["text"]) == (2, "2 new tasks came. Show them")
    assert json.loads((await browser.get(shown[1] + "&kind=outage")).text)["count"] == 0


async def test_a_script_that_asks_keeps_nobody_logged_in(office: Office) -> None:
    # R35
    browser = await office.enter("ivanova", Role.CLERK)
    for _ in range(5):
        office.time.forward(minutes=7)
        told = await browser.get("/inbox/news?after=0")
    assert told.status == 303
    assert told.to.startswith("/login")


async def test_what_one_is_told_of_by_sms(office: Office, owner: asyncpg.Connection) -> None:
    await office.invite("ivanova", Role.CLERK, phone="+79780009001")
    browser = await office.enter("ivanova", Role.CLERK)
    page = (await browser.get("/inbox/watch")).text
    assert "kind_dispute" in page
    assert "kind_suspense" not in page, "that is not for her"
    done = await browser.post("/inbox/watch", kind_dispute="1", kind_suspense="1")
    assert done.to == "/inbox/watch?said=watched"
    assert [row[0] for row in await owner.fetch("select kind from task_watches")] == ["dispute"]
    assert 'name="kind_dispute" value="1" checked' in (await browser.get("/inbox/watch")).text


@pytest.mark.parametrize(("trust", "role"), [("1", "tenant"), ("0", None)])
async def test_a_phone_is_decided_about_on_the_page(
    office: Office, owner: asyncpg.Connection, account: int, trust: str, role: str | None
) -> None:
    new = "+79001112244"
    customer = await owner.fetchval("select customer_id from accounts where id = $1", account)
    await make.link(owner, account, customer, new, "unverified")
    await owner.execute(
        "update links set evidence = 'reg twilio SM1', valid_from = $1 where role = 'unverified'",
        NOON - timedelta(days=9),
    )
    [task] = await gather(office)
    browser = await office.enter("ivanova", Role.CLERK)
    assert "Whose phone" in (await browser.get(f"/inbox/{task.id}")).text
    assert (await browser.post(f"/inbox/{task.id}/phone", trust=trust, word=" ")).status == 422
    done = await browser.post(f"/inbox/{task.id}/phone", trust=trust, word="показан договор")
    assert done.to == f"/inbox/{task.id}?said=task_decided"
    async with acquire(office.pool) as conn:
        links = dict(await linking.links_known(conn, account, on=office.time.at, known_at=office.time.at))
    held = links.get(make.keyring().phone_hash(new))
    assert (held and str(held.role)) == role
    assert len(await sent(office)) == 1
