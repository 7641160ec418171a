"""Facts are brought by forms that show beforehand what they change, and no form touches a charge."""

import ast
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from core.employees.model import Role
from core.importing.model import Problem
from staff import facts, site
from tests import make
from tests.staff.conftest import Office, sent

ROOT = Path(__file__).parents[2]
CONTROL = {"account": "3012345", "meter": "M1", "date": "2025-11-20", "reading": "04512", "document": "act 118"}


@pytest.fixture
async def account(owner: asyncpg.Connection) -> int:
    await make.company(owner)
    return await make.account(owner, make.A("3012345", (make.M("M1"),), (("+79001112233", "owner"),)))


@pytest.mark.usefixtures("account")
async def test_what_a_fact_changes_is_shown_before_it_is_brought(office: Office, owner: asyncpg.Connection) -> None:
    browser = await office.enter("igor", Role.CONTROLLER)
    before = await owner.fetchval("select count(*) from readings")
    charges = await owner.fetch("select * from charges order by account_id, no")
    shown = await browser.post("/facts/control", **CONTROL)
    assert shown.status == 200
    assert "Nothing is written yet" in shown.text
    assert "620.84" in shown.text
    assert await owner.fetchval("select count(*) from readings") == before
    told = await browser.post("/facts/control", confirm="1", **CONTROL)
    assert told.to == "/facts/control?said=fact"
    row = await owner.fetchrow("select author, document, day from readings order by no desc limit 1")
    assert row is not None
    assert tuple(row) == ("igor", "act 118", date(2025, 11, 20))
    again = await browser.post("/facts/control", confirm="1", **CONTROL)
    assert again.status == 422
    assert "on record already" in again.text
    assert await owner.fetch("select * from charges order by account_id, no") == charges


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ru", "Контролёр снял 04512 20.11. К оплате 620,84 р. Изменение +620,84"),
        ("en", "Our inspector read 04512 on 20 Nov. To pay 620.84. Change +620.84"),
    ],
)
async def test_the_customer_is_told_what_a_control_reading_changed(
    office: Office, owner: asyncpg.Connection, account: int, language: str, told: str
) -> None:
    assert account
    await owner.execute("update phones set language = $1", language)
    browser = await office.enter("igor", Role.CONTROLLER)
    shown = await browser.post("/facts/control", **CONTROL)
    assert 'name="tell" value="1" checked' in shown.text
    assert await sent(office) == []
    done = await browser.post("/facts/control", confirm="1", tell="1", **CONTROL)
    assert done.to == "/facts/control?said=fact_told"
    assert await sent(office) == [told]


async def test_nobody_is_told_of_sums_who_may_not_see_them(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    phones = (("+79001112233", "helper"), ("+79001112244", "owner"), ("+79001112255", "owner"))
    await make.account(owner, make.A("3012345", (make.M("M1"),), phones))
    await owner.execute("update phones set opted_out = true where hash = $1", make.keyring().phone_hash("+79001112244"))
    browser = await office.enter("igor", Role.CONTROLLER)
    await browser.post("/facts/control", confirm="1", tell="1", **CONTROL)
    assert len(await sent(office)) == 1


async def test_each_field_that_is_wrong_is_told_in_the_language_of_the_page(office: Office, account: int) -> None:
    assert account
    browser = await office.enter("igor", Role.CONTROLLER, language="ru")
    odd = CONTROL | {"date": "2026-01-01", "reading": "<b>много</b>"}
    told = await browser.post("/facts/control", **odd)
    assert told.status == 422
    assert "день ещё не наступил" in told.text
    assert "&lt;b&gt;много&lt;/b&gt;" in told.text
    assert "<b>много" not in told.text
    lower = await browser.post("/facts/control", **(CONTROL | {"meter": "M2"}))
    assert "у счёта нет такого счётчика. Нужно: один из его счётчиков: M1" in lower.text
    nobody = await browser.post("/facts/control", **(CONTROL | {"account": "999"}))
    assert "такого счёта нет" in nobody.text


@pytest.mark.parametrize("name", ["account", "document"])
async def test_what_is_no_text_is_told(office: Office, account: int, name: str) -> None:
    assert account
    browser = await office.enter("igor", Role.CONTROLLER, language="ru")
    told = await browser.post("/facts/control", **CONTROL | {name: "30\ufffd12345"})
    assert told.status == 422
    assert "знаки, которые нельзя напечатать" in told.text


async def test_a_look_at_sums_is_noted_even_where_nothing_is_brought(
    office: Office, owner: asyncpg.Connection, account: int
) -> None:
    # R39
    browser = await office.enter("igor", Role.CONTROLLER)
    await browser.post("/facts/control", **CONTROL)
    row = await owner.fetchrow("select account_id, what, reason from looks")
    assert row is not None
    assert tuple(row) == (account, "/facts/control", "fact: act 118")


async def test_one_goes_back_with_what_was_typed(office: Office, account: int) -> None:
    assert account
    browser = await office.enter("igor", Role.CONTROLLER)
    told = await browser.post("/facts/control", again="1", **CONTROL)
    assert told.status == 200
    assert 'value="act 118"' in told.text


async def test_each_door_has_its_form(office: Office) -> None:
    browser = await office.enter("all", *facts.BRINGERS)
    listed = await browser.get("/facts")
    for door in facts.OPEN:
        assert f'href="/facts/{door}"' in listed.text
        page = await browser.get(f"/facts/{door}")
        assert page.status == 200
        empty = await browser.post(f"/facts/{door}")
        assert empty.status == 422, door


def _reasons() -> set[str]:
    """Every reason that stands as a plain text in what reads and refuses facts."""
    place = {"Problem": 3, "wrong": 1, "Unreadable": 0}
    found: set[str] = set()
    for path in [*(ROOT / "core/doors").glob("*.py"), ROOT / "core/importing/cells.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in place and len(node.args) > place[name]:
                said = node.args[place[name]]
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    found.add(said.value)
    return found


_OF_FILES = (
    "time zone", "language", "role", "telephone", "phones", "known set", "tariff plan with", "bank account",
    "number of a document", "identity document",
)  # fmt: skip


@pytest.mark.parametrize("reason", sorted(one for one in _reasons() if not any(odd in one for odd in _OF_FILES)))
def test_every_reason_has_its_sentence(reason: str) -> None:
    for words in site.texts().values():
        assert facts.sentence(words, reason)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("lower than 4325 of 2025-10-31", "ниже показания 4325 за 31.10.2025"),
        ("more digits than the meter's 5", "цифр больше, чем у счётчика: у него 5"),
        ("2 value(s) for 3 register(s)", "показаний 2, а шкал 3"),
        ("something that nobody thought of", None),
    ],
)
def test_values_stand_in_the_sentence(reason: str, said: str | None) -> None:
    assert facts.sentence(site.texts()["ru"], reason) == said


def test_what_is_expected_is_told_with_its_list() -> None:
    problem = Problem(1, "meter", "M9", "not a meter of the account", "one of its meters: M1, M2")
    told = facts.told(site.texts()["ru"], problem)
    assert told == "«M9»: у счёта нет такого счётчика. Нужно: один из его счётчиков: M1, M2"


async def test_what_was_brought_by_mistake_is_taken_back_from_the_page_of_the_account(
    office: Office, owner: asyncpg.Connection, account: int
) -> None:  # R16
    browser = await office.enter("igor", Role.CONTROLLER)
    seal = {
        "account": "3012345",
        "meter": "M1",
        "event": "sealed",
        "date": "2025-11-20",
        "seal": "77",
        "document": "a 1",
    }
    assert (await browser.post("/facts/meters", confirm="1", **seal)).to == "/facts/meters?said=fact"
    gone = {"account": "3012345", "meter": "M1", "event": "removed", "date": "2025-11-20", "document": "a 2"}
    assert (await browser.post("/facts/meters", confirm="1", **gone)).to == "/facts/meters?said=fact"
    no = await owner.fetchval("select no from conditions")
    page = await browser.get(f"/accounts/{account}")
    for name in (f"{no}", "M1"):
        assert f'href="/facts/withdrawals?account=3012345&amp;fact={name}"' in page.text
    form = await browser.get(f"/facts/withdrawals?account=3012345&fact={no}")
    assert f'value="{no}"' in form.text
    for name in (f"{no}", "M1"):
        back = {"account": "3012345", "fact": name, "reason": "wrong meter", "document": "memo 14"}
        assert "Nothing is written yet" in (await browser.post("/facts/withdrawals", **back)).text
        told = await browser.post("/facts/withdrawals", confirm="1", **back)
        assert told.to == "/facts/withdrawals?said=fact"
    page = await browser.get(f"/accounts/{account}")
    assert "fact=M1" not in page.text
    assert "wrong meter, memo 14" in page.text
    shown = await browser.get(f"/accounts/{account}/timeline?kind=fact")
    assert shown.text.count("wrong meter memo 14") == 2
    assert shown.text.count("Meter removed") == 1
    odd = await browser.post("/facts/withdrawals", account="3012345", fact="M9", reason="x", document="y")
    assert "the account has no such fact" in odd.text
    assert await owner.fetchval("select removed_on from meters") is None


async def test_only_who_may_bring_a_fact_is_offered_to_take_it_back(office: Office, account: int) -> None:
    controller = await office.enter("igor", Role.CONTROLLER)
    seal = {
        "account": "3012345",
        "meter": "M1",
        "event": "sealed",
        "date": "2025-11-20",
        "seal": "77",
        "document": "a 1",
    }
    assert (await controller.post("/facts/meters", confirm="1", **seal)).to == "/facts/meters?said=fact"
    clerk = await office.enter("olga", Role.CLERK)
    assert "/facts/withdrawals?account" not in (await clerk.get(f"/accounts/{account}")).text
