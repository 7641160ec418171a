"""The pages on which a customer is erased: one asks, another does it, and the act is printed."""

from datetime import date

import asyncpg

from core.employees.model import Role
from tests import make
from tests.make import A, M
from tests.staff.conftest import Office

NUMBER, OWING = "100004321", "100004322"
GONE = M("0098765", removed_on=date(2025, 11, 1))


async def test_one_asks_and_another_does_it(office: Office, owner: asyncpg.Connection) -> None:  # R42, R39
    await make.company(owner)
    await make.account(owner, A(NUMBER, (GONE,), (("+79780001705", "owner"),)))
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    await make.account(owner, A(OWING, (M("0098766"),), (), claims))
    clerk = await office.enter("ivanova", Role.CLERK)
    told = await clerk.post("/erasures", account=OWING, request="1042")
    assert told.status == 422
    assert "431.60\u00a0₽ are to be paid" in told.text
    assert "has a meter in use" in told.text
    assert 'value="1042"' in told.text, "what was typed stays"
    for form, said in (
        ({"account": "1", "request": "1042"}, "no such account"),
        ({"account": NUMBER, "request": ""}, "Name the request by its number"),
        ({"account": NUMBER, "request": "x" * 61}, "60 characters at most"),
    ):
        told = await clerk.post("/erasures", **form)
        assert (told.status, said in told.text) == (422, True), said
    place = (await clerk.post("/erasures", account=NUMBER, request="1042")).to.partition("?")[0]
    page = (await clerk.get(place)).text
    assert "waits for another person" in page
    assert f'action="{place}/erase"' not in page
    assert (await clerk.post(f"{place}/erase", account=NUMBER)).status == 403
    approver = await office.enter("petrova", Role.APPROVER, language="ru")
    told = await approver.post(f"{place}/erase", account="100004320")
    assert (told.status, "Это не номер счёта" in told.text) == (422, True)
    assert await owner.fetchval("select count(*) from customers where data_key is null") == 0
    assert (await approver.post(f"{place}/erase", account=NUMBER)).to.startswith(place)
    assert await owner.fetchval("select count(*) from customers where data_key is null") == 1
    act = (await approver.get(place)).text
    for said in ("АКТ № ", "обращение 1042", "ivanova", "petrova", "402-FZ", NUMBER):
        assert said in act, said
    assert "+7978" not in act
    assert "ACT No." in (await clerk.get(place)).text, "in the language of who reads it"
    assert (await clerk.post(f"{place}/turn-down")).status == 422
    assert "1042" in (await clerk.get("/erasures")).text
    assert await owner.fetchval("select count(*) from looks where reason = 'other: erasure'") >= 2


async def test_who_asked_does_not_do_it_himself(office: Office, owner: asyncpg.Connection) -> None:  # R42
    await make.company(owner)
    await make.account(owner, A(NUMBER, (GONE,), ()))
    admin = await office.enter("sidorova", Role.ADMIN)
    place = (await admin.post("/erasures", account=NUMBER, request="1042")).to.partition("?")[0]
    assert f'action="{place}/erase"' not in (await admin.get(place)).text
    told = await admin.post(f"{place}/erase", account=NUMBER)
    assert (told.status, "another person must do it" in told.text) == (422, True)
    assert (await admin.post(f"{place}/turn-down")).to.startswith(place)
    assert "turned down" in (await admin.get(place)).text
    assert await owner.fetchval("select count(*) from customers where data_key is null") == 0
    assert (await admin.get("/erasures/77")).status == 404
