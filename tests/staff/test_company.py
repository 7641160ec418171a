"""The page of the company: everybody reads it, an administrator says what it says of itself."""

import asyncpg
import pytest

from core.employees.model import Role
from tests import make
from tests.staff.conftest import Office

SAID = {"name": "Энергосбыт", "phone": "8-800-000-00-00", "window": "15-25", "pay": ""}


async def test_everybody_reads_profile_and_tariffs(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    page = (await (await office.enter("ivanova", Role.CLERK)).get("/company")).text
    for said in ("Энергосбыт", "RU-household", "RU-FLAT", "3.32", "15-25", "3 years"):
        assert said in page
    assert '<form method="post" action="/company"' not in page


async def test_a_tariff_of_two_parts_is_told(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    await owner.execute(
        "insert into tariffs (plan, valid_from, currency, terms, source) select 'POWER', valid_from, currency,"
        """ terms || '{"demand": "950.5", "ratchet": "80", "ratchet_months": 11}', source"""
        " from tariffs where plan = 'RU-FLAT'"
    )
    page = (await (await office.enter("ivanova", Role.CLERK)).get("/company")).text
    assert "demand 950.5 a kW and month" in page
    assert "at least 80 % of the highest of 11 months before" in page


async def test_a_company_of_which_nothing_is_said_yet(office: Office) -> None:
    browser = await office.enter("root", Role.ADMIN)
    assert "meterline company" in (await browser.get("/company")).text
    assert (await browser.post("/company", **SAID)).status == 422


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "The name is one line"),
        ({"phone": "call us"}, "The phone: digits"),
        ({"window": "25-15"}, "first and last"),
        ({"window": "x"}, "first and last"),
        ({"pay": "x" * 33}, "up to 32 characters"),
        ({"pay": "a\nb"}, "up to 32 characters"),
    ],
)
async def test_what_cannot_be_is_told_and_kept_in_the_form(
    office: Office, owner: asyncpg.Connection, changes: dict[str, str], said: str
) -> None:
    await make.company(owner)
    browser = await office.enter("root", Role.ADMIN)
    told = await browser.post("/company", **(SAID | changes))
    assert told.status == 422
    assert said in told.text
    assert await owner.fetchval("select name from company") == "Энергосбыт"


async def test_what_is_said_is_kept(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    browser = await office.enter("root", Role.ADMIN)
    changed = SAID | {"name": "<i>Свет</i> & Ко", "window": "20-25", "pay": "в любом банке"}
    assert (await browser.post("/company", **changed)).to == "/company?said=company"
    row = await owner.fetchrow("select name, window_from, window_to, pay, profile from company")
    assert row is not None
    assert tuple(row) == ("<i>Свет</i> & Ко", 20, 25, "в любом банке", "RU-household")
    assert "&lt;i&gt;Свет&lt;/i&gt; &amp; Ко" in (await browser.get("/company")).text


PAYEE = {
    "name": "ООО «МаякЭнерго»", "inn": "9109001231", "kpp": "910901001", "account": "4070 2810 7000 0001 2345",
    "bank": "АО «Маяк-Банк»", "bic": "040909901", "correspondent": "30101810300000000901",
}  # fmt: skip


async def test_whom_bills_are_paid_to_is_kept_and_taken_back(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    browser = await office.enter("root", Role.ADMIN)
    assert (await browser.post("/company/payee", **PAYEE)).to == "/company?said=payee"
    assert await owner.fetchval("select payee_account from company") == "40702810700000012345"
    assert "9109001231" in (await (await office.enter("ivanova", Role.CLERK)).get("/company")).text
    assert (await browser.post("/company", **SAID)).to == "/company?said=company"
    assert await owner.fetchval("select payee_inn from company") == "9109001231"
    assert (await browser.post("/company/payee", **dict.fromkeys(PAYEE, ""))).status == 303
    assert await owner.fetchval("select payee_inn from company") is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"inn": "9109001232"}, "its check digits do not hold"),
        ({"account": "40702810800000012345"}, "does not go with the BIC"),
        ({"name": ""}, "one line of up to 160"),
        ({"bank": "a|b"}, "one line of up to 45"),
        ({"kpp": ""}, "nine characters"),
    ],
)
async def test_a_payee_that_cannot_be_is_told_and_kept_in_the_form(
    office: Office, owner: asyncpg.Connection, changes: dict[str, str], said: str
) -> None:
    await make.company(owner)
    told = await (await office.enter("root", Role.ADMIN)).post("/company/payee", **(PAYEE | changes))
    assert told.status == 422
    assert said in told.text
    assert "30101810300000000901" in told.text
    assert await owner.fetchval("select payee_inn from company") is None
