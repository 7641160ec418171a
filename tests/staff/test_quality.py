"""The pages of faults in the data and of verifications."""

from datetime import date

import asyncpg

from core.employees.model import Role
from tests import make
from tests.staff.conftest import Office


async def test_faults_are_counted_and_listed(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    for no in range(60):
        await make.account(owner, make.A(f"10{no:05}", (make.M(f"M{no}", months=0),)), billed=False)
    browser = await office.enter("root", Role.ADMIN)
    assert "No phone" in (await browser.get("/quality")).text
    assert (await browser.post("/quality")).to == "/quality?said=counted"
    assert ">60<" in (await browser.get("/quality")).text
    page = await browser.get("/quality/no_phone")
    assert "1000049" in page.text
    assert "1000050" not in page.text
    assert "?after=" in page.text
    for odd in ("/quality/nothing", "/quality/%3Cb%3E"):
        assert (await browser.get(odd)).status == 404
    assert (await browser.get("/quality/no_phone?after=x")).status == 200


async def test_meters_to_verify_stand_by_month(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    for no, until in enumerate((date(2025, 10, 31), date(2025, 12, 1), date(2025, 12, 31))):
        meter = make.M(f"M{no}", months=0, verified_until=until)
        await make.account(owner, make.A(f"10{no:05}", (meter,)), billed=False)
    browser = await office.enter("igor", Role.CONTROLLER)
    page = (await browser.get("/calibration")).text
    assert "December 2025" in page
    listed = (await browser.get("/calibration/2025-12")).text
    assert "M1" in listed
    assert "M2" in listed
    assert "M0" in (await browser.get("/calibration/late")).text
    assert (await browser.get("/calibration/2025-13")).status == 404
    for odd in ("after=x", "after=2025-12-01:x", "after=:", "service=%3Cb%3E", "after=2025-12-01:" + "9" * 30):
        assert (await browser.get(f"/calibration/2025-12?{odd}")).status == 200, odd
