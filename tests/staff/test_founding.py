"""Offices set up on pages: a new one, what is said of one, and many by a file."""

import asyncpg
import pytest

from core.employees.model import Role
from tests import make, offices
from tests.staff.conftest import NOON, Browser, Office
from tests.staff.test_visits import book

FORM = {name: value for name, value in offices.PLAIN.items() if name != "services"}


@pytest.fixture
async def admin(office: Office, owner: asyncpg.Connection) -> Browser:
    await make.company(owner)
    return await office.enter("root", Role.ADMIN)


async def test_an_office_is_founded_changed_and_can_be_booked(
    office: Office, admin: Browser, owner: asyncpg.Connection
) -> None:
    assert "New office" in (await admin.get("/offices")).text
    assert 'name="short_latin"' in (await admin.get("/offices/new")).text
    told = await admin.post("/offices/new", **FORM, service_meter="1", service_reconcile="1")
    place = await owner.fetchval("select id from offices")
    assert told.to == f"/offices/{place}?said=office"
    assert await owner.fetchval("select services from offices") == ["reconcile", "meter"]
    account = await make.account(owner, make.A("100004321", (make.M("0098765"),), (("+79780001705", "owner"),)))
    visit = await book(office, account, "16:20", "2025-11-24")
    again = await admin.post("/offices/new", **FORM)
    assert (again.status, "there is such an office already" in again.text) == (422, True)
    page = await admin.get(f"/offices/{place}/edit")
    assert 'value="Феодосия, ул. Свободы, 4"' in page.text
    assert 'name="code"' not in page.text
    changed = FORM | {"address": "Феодосия, ул. Новая, 1", "hours": "mon-fri 08:00-16:00", "phone": ""}
    assert (await admin.post(f"/offices/{place}/edit", **changed)).to == f"/offices/{place}?said=office"
    shown = (await admin.get(f"/offices/{place}")).text
    assert "address Феодосия, ул. Новая, 1; phone -; services -; hours mon-fri 08:00-16:00" in shown
    assert await owner.fetchval("select state from visits where id = $1", visit) == "revoked"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"code": "Ялта"}, "Code: look again."),
        ({"short": "Красноперекопск"}, "Short: look again."),
        ({"timezone": "Europe"}, "Time zone: look again."),
        ({"calendar": "utils"}, "Public holidays: look again."),
        ({"windows": "9" * 5000}, "Windows: look again."),
        ({"hours": "always"}, "Hours: look again."),
        ({"name": " "}, "Town: look again."),
    ],
)
async def test_what_cannot_be_is_told_and_kept_in_the_form(
    admin: Browser, owner: asyncpg.Connection, wrong: dict[str, str], told: str
) -> None:
    got = await admin.post("/offices/new", **(FORM | wrong))
    assert (got.status, told in got.text) == (422, True)
    assert 'value="Феодосия, ул. Свободы, 4"' in got.text
    assert await owner.fetchval("select count(*) from offices") == 0


async def test_offices_come_by_a_file(admin: Browser, owner: asyncpg.Connection) -> None:
    await offices.set_up(owner, {}, at=NOON)
    file = offices.text({"phone": "+7 978 000 00 00"}, offices.YALTA).encode()
    looked = await admin.upload("/offices/file", file, do="look")
    assert (looked.status, "Nothing has been written yet" in looked.text) == (200, True)
    assert await owner.fetchval("select count(*) from offices") == 1
    taken = await admin.upload("/offices/file", file, do="take")
    assert (taken.status, "(yalta): new" in taken.text, "(feodosia): known" in taken.text) == (200, True, True)
    assert await owner.fetchval("select phone from offices where code = 'feodosia'") == "+7 978 000 00 00"
    wrong = {
        b"": "", b"\xff\xfe": "not in UTF-8", b"a,b\n1,2\n": "columns missing",
        offices.text({"services": "dance"}).encode(): "line 2, services: there is no dance",
        b'code,name\n"' + b"x" * 200_000 + b'"\n': "line",
    }  # fmt: skip
    for one, said in wrong.items():
        got = await admin.upload("/offices/file", one, do="take")
        assert (got.status, said in got.text) == (422, True), one[:40]
    assert await owner.fetchval("select count(*) from offices") == 2
