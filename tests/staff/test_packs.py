"""The page of a rule pack: all of it in both languages, and a change tried without a trace."""

import asyncpg
import pytest

from core.billing import profiles
from core.employees.model import Role
from staff import packs, site
from tests import make
from tests.staff.conftest import Office


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", profiles.names())
async def test_every_pack_has_its_words(office: Office, owner: asyncpg.Connection, name: str, language: str) -> None:
    await make.company(owner)
    data, words = profiles.data(name), site.texts()[language]
    for section in packs._sections(words, data):
        assert words.has(f"pack.{section.name}"), section.name
        assert [one for one in section.columns if not words.has(f"pack_column.{one}")] == []
    told = await (await office.enter("ivanova", Role.CLERK, language=language)).get(f"/company/rules?name={name}")
    assert told.status == 200
    assert str(data["due"][-1]["source"]) in told.text.replace("&#39;", "'")


async def test_a_change_is_tried_and_leaves_no_trace(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    browser = await office.enter("root", Role.ADMIN)
    text = profiles.text("RU-household")
    told = await browser.upload("/company/rules", text.replace("percent = 16", "percent = 20").encode())
    assert told.status == 200
    assert "If the pack RU-household held" in told.text
    wrong = await browser.upload("/company/rules", text.replace("day = 10", "day = 40").encode())
    assert wrong.status == 422
    assert "line " in wrong.text
    assert "a whole number from 1 to" in wrong.text
    assert (await browser.upload("/company/rules", b"\xff\xfe")).status == 422
    assert (await browser.upload("/company/rules", b"")).status == 422
    assert profiles.text("RU-household") == text


async def test_a_file_is_shown_and_nothing_outside(office: Office, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    browser = await office.enter("ivanova", Role.CLERK)
    assert "[[due]]" in (await browser.get("/company/rules/KZ-household/file")).text
    assert (await browser.get("/company/rules/..%2Ftariffs/file")).status == 404
    assert (await browser.upload("/company/rules", b"x")).status == 403
