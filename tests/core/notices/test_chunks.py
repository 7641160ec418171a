"""Chunks are worded by several workers at a time, and killed ones leave nothing behind (R27)."""

import shutil
from pathlib import Path

import asyncpg
import pytest

from core.notices import actions
from core.notices.people import actions as people
from core.notices.people import sql
from core.notices.telling import actions as telling
from core.store import migrate
from core.store import pool as store
from tests import make
from tests.core.notices.conftest import WIRE, Village

SAID = "select address_hash from outbox where kind = 'Notice works'"


@pytest.fixture
async def two(database: str, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch) -> tuple[Village, Village]:
    """The same village on two connections, and five of its homes; two people in a chunk."""
    monkeypatch.setattr(people, "TOGETHER", 2)
    await make.company(owner)
    village = Village(owner)
    for _ in range(5):
        await village.home()
    return village, Village(await store.connect(database, role=None))


async def test_of_two_workers_each_has_chunks_of_its_own_and_a_killed_one_leaves_its_to_the_other(
    two: tuple[Village, Village],
) -> None:  # R27
    one, other = two
    notice = await one.running(await one.written())
    killed = other.conn.transaction()
    await killed.start()
    assert await telling.word_due(other.conn, WIRE, at=one.at) == 2
    assert [await telling.word_due(one.conn, WIRE, at=one.at) for _ in range(3)] == [2, 1, 0]
    await killed.rollback()
    assert len(await one.conn.fetch(SAID)) == 3
    assert [await telling.word_due(one.conn, WIRE, at=one.at) for _ in range(2)] == [2, 0]
    said = [row[0] for row in await one.conn.fetch(SAID)]
    assert len(set(said)) == len(said) == 5
    assert (await actions.progress(one.conn, notice.id)).waiting == 0
    await other.conn.close()


BEFORE = 46
"""The migrations of a version that tied each person to his message when that was worded."""

HALF_WORDED = """
insert into customers (kind) values ('household');
insert into accounts (customer_id, number, timezone, opened_on) select id, '100000001', 'Europe/Moscow', '2023-11-01'
  from customers;
insert into phones (hash, customer_id, sealed) select sha256(n::text::bytea), c.id, ''
  from customers c, generate_series(1, 4) n;
insert into notices (kind, created_at, created_by, since, state, version)
values ('works', now(), 'author', now(), 'running', 1);
insert into notice_recipients (notice_id, phone_hash, subject, account_id, customer_id, language, debt)
select n.id, p.hash, 0, a.id, p.customer_id, 'ru', 0 from notices n, phones p, accounts a order by p.hash;
update notice_recipients set outbound_id = gen_random_uuid(), worded_at = now() where id = 4821;
update notice_recipients set bar = 'stopped' where id = 4822;
update notice_recipients set look_after = now() where id = 4823;
"""

LEFT = """
select r.id, r.outbound_id is not null as given, c.first is not null and r.look_after is null as of_chunk
  from notice_recipients r left join notice_chunks c on c.worded_at is null and r.id between c.first and c.last
 where r.bar is null and r.worded_at is null order by r.id
"""


async def test_a_notice_that_was_under_way_goes_on(empty: str, tmp_path: Path) -> None:  # R27
    for migration in migrate.read()[:BEFORE]:
        shutil.copy(migrate.MIGRATIONS / f"{migration.name}.sql", tmp_path)
    conn = await store.connect(empty, role=None)
    await migrate.migrate(conn, tmp_path)
    await conn.execute(HALF_WORDED)
    await migrate.migrate(conn)
    assert [tuple(row) for row in await conn.fetch(LEFT)] == [(4823, True, False), (4824, True, True)]
    await conn.close()


async def test_whoever_was_told_stays_on_record_when_the_audience_is_found_anew(village: Village) -> None:  # R27
    await village.home()
    notice = await village.running(await village.written())
    await village.worded()
    await village.conn.execute("update notices set state = 'draft' where id = $1", notice.id)
    await sql.unplan(village.conn, notice.id)
    assert (await actions.progress(village.conn, notice.id)).states == {"ready": 1}
