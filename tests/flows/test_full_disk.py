"""On a disk that is nearly full questions are answered, and what would have to be kept is asked to come again later."""

import shutil
from types import SimpleNamespace

import asyncpg
import pytest

from core.store import pool as store
from gateway import timing
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

OWNER, STRANGER = "+79780001705", "+79780001706"
NO_ROOM = "Пока не можем записать. Пришлите завтра, срочно: 8-800-506-00-12"


@pytest.fixture
async def home(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),)))


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(total=1000, used=951, free=49)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)


@pytest.mark.parametrize("said", ["04512", "ОТМ", "ОПЕРАТОР", "РЕГ 100004321 0098765", "99999"])
async def test_what_would_be_kept_is_asked_to_come_again(full: None, home: int, town: Street, said: str) -> None:
    phone = STRANGER if said.startswith("РЕГ") else OWNER
    [answer] = await town.text(phone, said)
    kept = await town.pool.fetchval("select count(*) from readings where inbox_id is not null")
    assert kept == await town.pool.fetchval("select count(*) from request_states") == 0
    if said not in ("ОТМ", "РЕГ 100004321 0098765"):
        assert answer.startswith("Пока не можем записать. Пришлите завтра")


@pytest.mark.parametrize(
    ("said", "begins"),
    [("ДОЛГ", "Долга нет"), ("ИСТОРИЯ", "31.10"), ("ПОМОЩЬ", ""), ("НЕ Я", ""), ("абракадабра", "")],
)
async def test_what_is_only_asked_is_answered(full: None, home: int, town: Street, said: str, begins: str) -> None:
    [answer] = await town.text(OWNER, said)
    assert "не можем" not in answer
    assert begins in answer


async def test_with_room_everything_is_taken(home: int, town: Street) -> None:
    [answer] = await town.text(OWNER, "04512")
    assert answer.startswith("Принято 04512")


async def test_a_person_is_told_once_an_hour(full: None, home: int, town: Street) -> None:
    async with store.acquire(town.pool) as conn:
        assert await timing.told_of_disk(conn, town.parts.settings)
        assert await timing.told_of_disk(conn, town.parts.settings)
        rows = await conn.fetch("select kind, about from alarms")
    assert [tuple(row) for row in rows] == [("disk filling", "95%")]
