"""The contract desk over HTTP: a contract from its form to its end, scans, consents, what is masked and looked at."""

import asyncio
import re

import asyncpg
import pytest

from core.contracts import actions as contracts
from core.contracts.model import Topic
from core.contracts.rules import LARGEST
from core.employees.model import Role
from core.store.pool import acquire
from tests import make
from tests.make import A, M
from tests.staff.conftest import Browser, Office, Told

NUMBER, PHONE = "100004321", "+79780001705"
HASH = make.keyring().phone_hash(PHONE)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
FORM = {
    "account": NUMBER, "phone": "+7 978 000-17-05", "person": "Анна Иванова", "document": "passport",
    "document_tail": "4321", "role": "owner", "topic_legal_sms": "1", "topic_service": "1", "dated": "2025-11-21",
    "language": "ru",
}  # fmt: skip


@pytest.fixture
async def account_id(owner: asyncpg.Connection) -> int:
    await make.company(owner)
    return await make.account(owner, A(NUMBER, (M("0098765"),), (("+79780001701", "owner"),)))


async def looking(office: Office, account_id: int, login: str = "ivanova", *roles: Role) -> Browser:
    """Somebody who has said why he looks at the account."""
    browser = await office.enter(login, *(roles or (Role.CLERK,)))
    await browser.post("/why", account=str(account_id), back="/", reason="visit")
    return browser


async def prepared(browser: Browser, **more: str) -> str:
    told = await browser.post("/contracts/new", **(FORM | more))
    assert told.status == 303, told.text
    return told.to.partition("?")[0]


async def may(office: Office, account_id: int, topic: Topic = Topic.LEGAL_SMS) -> bool:
    async with acquire(office.pool) as conn:
        return await contracts.may_be_told(conn, HASH, account_id, topic, at=office.time.at)


async def test_a_contract_taken_at_the_desk_allows_legal_notices_until_it_is_revoked(
    office: Office, account_id: int
) -> None:
    clerk = await office.enter("ivanova", Role.CLERK)
    asked = await clerk.get(f"/contracts/new?account={NUMBER}")
    assert asked.to.startswith("/why?"), "first the reason"
    await clerk.post("/why", account=str(account_id), back="/", reason="visit")
    form = await clerk.get(f"/contracts/new?account={NUMBER}")
    assert f"For account {NUMBER}" in form.text
    path = await prepared(clerk)
    page = await clerk.get(path)
    assert "to be signed" in page.text
    assert "СОГЛАШЕНИЕ ОБ ОБМЕНЕ СООБЩЕНИЯМИ № SMS-000001" in page.text
    assert not await may(office, account_id)
    told = await clerk.upload(f"{path}/sign", PDF)
    assert told.to == f"{path}?said=signed"
    assert "in force" in (await clerk.get(told.to)).text
    assert await may(office, account_id)
    assert not await may(office, account_id, Topic.ADVERTISING), "what was not ticked"
    office.time.forward(minutes=1)
    told = await clerk.post(f"{path}/revoke", reason="phone_lost", words="", on="2025-11-21")
    assert told.to == f"{path}?said=revoked"
    assert "phone lost" in (await clerk.get(path)).text
    assert not await may(office, account_id)


async def test_what_was_typed_waits_for_the_reason(
    office: Office, account_id: int, owner: asyncpg.Connection
) -> None:  # R39
    clerk = await office.enter("ivanova", Role.CLERK)
    asked = await clerk.post("/contracts/new", **(FORM | {"words": "<b>typed</b>"}))
    assert asked.status == 200
    assert 'name="words" value="&lt;b&gt;typed&lt;/b&gt;"' in asked.text
    assert await owner.fetchval("select count(*) from contracts") == 0
    given = {"why-account": str(account_id), "why-reason": "other"}
    again = await clerk.post("/contracts/new", **(FORM | given))
    assert again.status == 422
    assert FORM["person"] in again.text
    assert await owner.fetchval("select count(*) from looks") == 0
    told = await clerk.post("/contracts/new", **(FORM | given | {"why-words": "came with a passport"}))
    assert told.status == 303
    assert await owner.fetchval("select reason from looks order by no limit 1") == "other: came with a passport"
    assert await owner.fetchval("select count(*) from contracts") == 1


async def test_it_is_signed_once_however_often_the_form_is_sent(
    office: Office, account_id: int, owner: asyncpg.Connection
) -> None:  # R14
    clerk = await looking(office, account_id)
    path = await prepared(clerk)
    told = await asyncio.gather(
        *(clerk.upload(f"{path}/sign", PDF, key="the same form here") for _ in range(4)),
        *(clerk.upload(f"{path}/sign", PDF) for _ in range(2)),
    )
    assert {one.status for one in told} == {303}
    for table, count in (("contract_signings", 1), ("contract_scans", 1), ("outbox", 2), ("consents", 2)):
        assert await owner.fetchval(f"select count(*) from {table}") == count, table
    assert await owner.fetchval("select count(*) from links where evidence like 'contract%'") == 1
    other = await clerk.upload(f"{path}/sign", PDF + b"%%EOF", key="the same form here")
    assert other.status == 409, "another file under the same key"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("account", "999", "There is no account"),
        ("phone", "8 978 1705", "+79001234567"),
        ("person", "", "full name"),
        ("document", "library card", "Choose one"),
        ("document_tail", "4510 4321", "last three or four"),
        ("dated", "2025-11-22", "a year ago to today"),
        ("dated", "31.11.2025", "a year ago to today"),
        ("role", "emperor", "Choose one"),
        ("role", "payer", "for the owner alone"),
        ("extra_visit", "1", "cannot be allowed"),
        ("language", "de", "no text in this language"),
    ],
)
async def test_what_is_wrong_is_told_beside_what_was_typed(
    office: Office, account_id: int, owner: asyncpg.Connection, field: str, value: str, says: str
) -> None:
    clerk = await looking(office, account_id)
    told = await clerk.post("/contracts/new", **(FORM | {field: value}))
    assert told.status == 422
    assert says in told.text
    if field not in ("account", "person"):
        assert "Анна Иванова" in told.text
    assert await owner.fetchval("select count(*) from contracts") == 0


async def test_hostile_names_and_reasons_stay_literal(office: Office, account_id: int) -> None:  # R31
    clerk = await looking(office, account_id)
    path = await prepared(clerk, person="<script>alert(1)</script>{{7*7}} %s {0.__class__}")
    page = await clerk.get(path)
    literal = "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}} %s {0.__class__}"
    assert page.text.count(literal) == 3, "among the facts, and twice in the text"
    await clerk.post(f"{path}/sign")
    await clerk.post(f"{path}/revoke", reason="other", words="<b>{{7*7}}", on="2025-11-21")
    assert "&lt;b&gt;{{7*7}}" in (await clerk.get(path)).text


async def test_a_clerk_sees_the_whole_phone_only_where_he_typed_it_today(office: Office, account_id: int) -> None:
    # R39
    clerk = await looking(office, account_id)
    path = await prepared(clerk)
    await clerk.upload(f"{path}/sign", PDF)
    assert PHONE in (await clerk.get(path)).text
    scan = f"{path}/scan?no=1"
    assert (await clerk.get(scan)).status == 200
    other = await looking(office, account_id, "petrova")
    page = await other.get(path)
    assert PHONE not in page.text
    assert "..17-05" in page.text
    assert (await other.get(scan)).status == 403
    office.time.forward(days=1)
    clerk = await looking(office, account_id)
    page = await clerk.get(path)
    assert PHONE not in page.text
    assert (await clerk.get(scan)).status == 403
    auditor = await looking(office, account_id, "auditor", Role.AUDITOR)
    assert PHONE in (await auditor.get(path)).text
    assert (await auditor.get(scan)).status == 200
    assert (await auditor.post(f"{path}/revoke", reason="request", on="2025-11-21")).status == 403


async def test_a_scan_is_saved_as_it_came_and_never_shown_as_a_page(office: Office, account_id: int) -> None:
    clerk = await looking(office, account_id)
    path = await prepared(clerk)
    await clerk.upload(f"{path}/sign", b"")
    assert "There is no scan yet" in (await clerk.get(path)).text
    assert (await clerk.upload(f"{path}/scan", PDF, name='../../x.html";a="b')).to.endswith("said=scanned")
    got, headers = await _fetched(clerk, f"{path}/scan?no=1")
    assert got == PDF
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'attachment; filename="SMS-000001-1.pdf"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    for odd in ("2", "x", "", "9" * 30):
        assert (await clerk.get(f"{path}/scan?no={odd}")).status == 404


async def _fetched(browser: Browser, path: str) -> tuple[bytes, dict[str, str]]:
    cookie = {"Cookie": f"{browser.cookie}={browser.token}"}
    async with browser.session.get(browser.url + path, headers=cookie) as got:
        return await got.read(), dict(got.headers)


@pytest.mark.parametrize(
    ("file", "status", "says"),
    [
        (b"", 422, "Choose the file"),
        (b"<html><script>alert(1)</script>", 422, "no PDF, JPEG or PNG"),
        (PDF[:-7], 422, "did not come whole"),
        (b"%PDF-" + b"x" * (LARGEST + 10) + b"%%EOF", 413, ""),
        (b"%PDF-" + b"x" * (LARGEST + 200_000) + b"%%EOF", 413, ""),
    ],
    ids=["none", "html", "cut", "large", "very large"],
)
async def test_what_is_no_scan_is_told(
    office: Office, account_id: int, owner: asyncpg.Connection, file: bytes, status: int, says: str
) -> None:  # R10, R38
    clerk = await looking(office, account_id)
    path = await prepared(clerk)
    told = await clerk.upload(f"{path}/scan", file)
    assert told.status == status
    assert says in told.text
    assert await owner.fetchval("select count(*) from contract_scans") == 0


async def test_a_file_is_taken_by_its_own_forms_alone(office: Office, account_id: int) -> None:  # R10, R38
    clerk = await looking(office, account_id)
    path = await prepared(clerk)
    assert (await clerk.upload("/contracts/new", PDF, **FORM)).status == 415
    assert (await clerk.upload(f"{path}/revoke", PDF)).status == 415
    assert (await clerk.upload(f"{path}/scan", PDF, more="x" * 5000)).status == 413
    many = {f"f{number}": "x" for number in range(120)}
    assert (await clerk.upload(f"{path}/scan", PDF, **many)).status == 400
    torn = {"Content-Type": "multipart/form-data; boundary=x", "Origin": clerk.url}
    for body in (b"", b"--x\r\nno", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--", b"\xff" * 100):
        assert (await _raw(clerk, f"{path}/scan", body, torn)).status == 400 or body == b""
    assert (await _raw(clerk, f"{path}/scan", b"", {**torn, "Content-Type": "multipart/form-data"})).status == 400


async def _raw(browser: Browser, path: str, body: bytes, headers: dict[str, str]) -> Told:
    more = {"Cookie": f"{browser.cookie}={browser.token}", "Accept": "text/html"} | headers
    async with browser.session.post(browser.url + path, data=body, headers=more, allow_redirects=False) as got:
        return Told(got.status, "", await got.text(), dict(got.headers))


async def test_a_scan_that_is_none_leaves_the_contract_unsigned(
    office: Office, account_id: int, owner: asyncpg.Connection
) -> None:
    clerk = await looking(office, account_id)
    path = await prepared(clerk)
    assert (await clerk.upload(f"{path}/sign", b"GIF89a")).status == 422
    for table in ("contract_signings", "contract_scans", "outbox", "consents"):
        assert await owner.fetchval(f"select count(*) from {table}") == 0, table


async def test_consents_are_given_and_withdrawn(office: Office, account_id: int) -> None:
    clerk = await looking(office, account_id)
    path = await prepared(clerk)
    early = await clerk.post(f"{path}/consent", topic="greeting", given="1", how="page", on="2025-11-21")
    assert "does not hold" in early.text
    await clerk.post(f"{path}/sign")
    word = {"topic": "greeting", "given": "1", "how": "page", "on": "2025-11-21"}
    assert (await clerk.post(f"{path}/consent", **word)).to.endswith("said=consented")
    assert await may(office, account_id, Topic.GREETING)
    office.time.forward(minutes=1)
    await clerk.post(f"{path}/consent", **(word | {"given": "0"}))
    assert not await may(office, account_id, Topic.GREETING)
    assert "withdrawn" in (await clerk.get(path)).text
    wrong: dict[str, str]
    for wrong in ({"topic": "news"}, {"given": "2"}, {"how": "text"}, {"how": "contract"}, {"on": "x"}, {"topic": "?"}):
        assert (await clerk.post(f"{path}/consent", **(word | wrong))).status == 422
    assert (await clerk.post(f"{path}/consent", **(word | {"on": "2025-11-20"}))).status == 422, "told here is today"


async def test_every_look_has_its_row(office: Office, account_id: int, owner: asyncpg.Connection) -> None:  # R39
    clerk = await looking(office, account_id)
    path = await prepared(clerk)
    await clerk.upload(f"{path}/sign", PDF)
    for page in (path, f"{path}/scan?no=1", f"/contracts?account={NUMBER}", f"/contracts/new?account={NUMBER}"):
        before = await owner.fetchval("select count(*) from looks where account_id = $1", account_id)
        assert (await clerk.get(page)).status == 200
        assert await owner.fetchval("select count(*) from looks where account_id = $1", account_id) == before + 1
    before = await owner.fetchval("select count(*) from looks where account_id = $1", account_id)
    assert (await clerk.post(f"{path}/revoke", reason="other", words="", on="2025-11-21")).status == 422
    assert await owner.fetchval("select count(*) from looks where account_id = $1", account_id) == before + 1
    stranger = await office.enter("petrova", Role.CLERK)
    for page in (path, f"{path}/scan?no=1", f"/contracts?account={NUMBER}", f"/contracts/new?account={NUMBER}"):
        assert (await stranger.get(page)).to.startswith("/why?")
    assert (await stranger.get("/contracts")).status == 200
    assert await owner.fetchval("select reason from looks order by no desc limit 1") == "list"


async def test_lists_go_on_by_pages(office: Office, account_id: int, owner: asyncpg.Connection) -> None:
    clerk = await looking(office, account_id)
    await prepared(clerk)
    await owner.execute(
        """insert into contracts (account_id, customer_id, phone_hash, role, extra, topics, dated, document,
               text_version, language, text_hash, sealed, prepared_at, prepared_by)
           select account_id, customer_id, phone_hash, role, extra, topics, dated, document, text_version, language,
                  text_hash, sealed, prepared_at, prepared_by from contracts, generate_series(1, 119)"""
    )
    for start in (f"/contracts?account={NUMBER}", "/contracts?day=2025-11-21", "/contracts"):
        seen: list[str] = []
        page = await clerk.get(start)
        for _ in range(3):
            seen += re.findall(r">(SMS-\d+)</a>", page.text)
            more = re.search(r'href="([^"]+before=\d+)"', page.text)
            if more:
                page = await clerk.get(more[1].replace("&amp;", "&"))
        assert seen == [f"SMS-{number:06}" for number in range(120, 0, -1)]
    for odd in ("/contracts?day=2025-13-01", "/contracts?account=999", "/contracts?account=%3Cb%3E"):
        told = await clerk.get(odd)
        assert told.status == 422
        assert "<b>" not in told.text
    assert (await clerk.get("/contracts/999999")).status == 404
