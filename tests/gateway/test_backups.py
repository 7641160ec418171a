"""The drill: a town that was texted with and billed is dumped and restored, and everything in it is as it was."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from core.audit import sql as audit
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing.engine import protocol
from core.books import closing, verifying
from core.outbox import sql as outbox
from core.store import pool as store
from gateway import backups
from tests import make
from tests.flows import conftest as flows
from tests.flows.test_network import post, sid
from tests.house import tree
from tests.make import A, M

HERO, SECOND = "+79780001705", "+79780001706"
ACCOUNTS = ("100004321", "100004322")
ON = date(2025, 11, 21)


@pytest.fixture
async def lived(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> str:
    """A database in which people texted and a day was closed."""
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    await make.account(company, A(ACCOUNTS[0], (M("0098765"),), ((HERO, "owner"),), claims=claims))
    await make.account(company, A(ACCOUNTS[1], (M("0098766"),), ((SECOND, "owner"),), claims=claims))
    async with flows.street(database, pool) as town:
        for said in ("04512", "04513", "ОТМ", "04514", "долг"):
            await town.text(HERO, said)
        await post(town, "04600", sid=sid(77), sender=SECOND)
        await town.quiet()
    conn = await store.connect(database)
    await closing.close_day(conn, date(2025, 11, 20), due_on=date(2025, 12, 10), at=flows.NOON)
    await conn.close()
    return database


@pytest.fixture
async def company(owner: asyncpg.Connection) -> asyncpg.Connection:
    await make.company(owner)
    return owner


async def told(dsn: str) -> list[object]:
    """Everything that can be said of the books: the protocols of the accounts, the sums and the seals."""
    conn = await store.connect(dsn)
    try:
        explained = [await billing.explain(conn, number, ON) for number in ACCOUNTS]
        assert all(explained)
        return [
            *(protocol.as_json(one) for one in explained if one),
            await audit.count(conn),
            await audit.sums(conn),
            await verifying.verify(conn),
        ]
    finally:
        await conn.close()


async def test_the_drill(lived: str, empty: str, tmp_path: Path) -> None:  # R25, R40
    before = await told(lived)
    file = tmp_path / "town.dump"
    note = await backups.backup(lived, file, at=flows.NOON)
    assert note.ledger == 0
    assert note.days > 0
    assert {os.stat(tmp_path / name).st_mode & 0o777 for name in ("town.dump", "town.dump.json")} == {0o600}
    restored = await backups.restore(empty, file, keyring=make.keyring())
    assert restored.note == note
    assert await told(empty) == before
    pool = await store.pool(empty, size=10)
    try:
        async with flows.street(empty, pool) as town:
            async with store.acquire(pool) as conn:
                await outbox.release(conn, Channel.SMS)
            (answer,) = await town.text(HERO, "долг")
            assert await post(town, "04600", sid=sid(77), sender=SECOND) == 200
            assert await town.answers(SECOND) == [], "it is known from before"
            assert "04610" in (await town.text(SECOND, "04610"))[0]
        rights = await pool.fetchval("select has_table_privilege('meterline_app', 'entries', 'update')")
        assert rights is False
    finally:
        await pool.close()
    assert "1059,08" in answer  # 431.60 + 189 x 3.32


async def test_nothing_goes_out_of_what_was_restored(
    lived: str, empty: str, tmp_path: Path, company: asyncpg.Connection
) -> None:  # R20, R25
    await company.execute("update outbox set state = 'ready', reference = null, lease_until = null")
    await backups.backup(lived, tmp_path / "dump", at=flows.NOON)
    await backups.restore(empty, tmp_path / "dump", keyring=make.keyring())
    conn = await store.connect(empty)
    try:
        assert await outbox.holding(conn, Channel.SMS)
        assert await outbox.lease(conn, Channel.SMS, owner="a worker", seconds=60, limit=100, at=flows.NOON) == []
        assert [row[0] for row in await conn.fetch("select distinct state from outbox")] == ["ready"]
    finally:
        await conn.close()


async def test_a_full_database_is_left_alone(lived: str, tmp_path: Path) -> None:
    await backups.backup(lived, tmp_path / "dump", at=flows.NOON)
    before = await told(lived)
    with pytest.raises(backups.BackupFailed, match="not empty"):
        await backups.restore(lived, tmp_path / "dump", keyring=make.keyring())
    assert await told(lived) == before


@pytest.mark.parametrize("damage", ["cut", "flipped", "no note", "no json"])
async def test_a_damaged_dump_is_not_restored(lived: str, empty: str, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "dump"
    await backups.backup(lived, file, at=flows.NOON)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    beside = tmp_path / "dump.json"
    match damage:
        case "cut":
            file.write_bytes(file.read_bytes()[:-10])
        case "flipped":
            file.write_bytes(whole)
        case "no note":
            beside.unlink()
        case _:
            beside.write_text("[]")
    with pytest.raises(backups.BackupFailed):
        await backups.restore(empty, file, keyring=make.keyring())
    conn = await store.connect(empty, role=None)
    assert await conn.fetch(audit.TABLES) == []
    await conn.close()


async def test_what_came_back_otherwise_is_told(lived: str, empty: str, tmp_path: Path) -> None:
    file, beside = tmp_path / "dump", tmp_path / "dump.json"
    note = await backups.backup(lived, file, at=flows.NOON)
    rows, total = note.tables["public.readings"]
    other = json.loads(beside.read_text()) | {"tables": dict(note.tables) | {"public.readings": (rows, total + "1")}}
    beside.write_text(json.dumps(other))
    with pytest.raises(backups.BackupFailed, match=r"public\.readings is not what was dumped"):
        await backups.restore(empty, file, keyring=make.keyring())


WRONG = [("other", "", "METERLINE_KEY"), ("", "other", "METERLINE_PEPPER")]


@pytest.mark.parametrize(("key", "pepper", "named"), WRONG)
async def test_wrong_keys_are_found(
    lived: str, empty: str, tmp_path: Path, key: str, pepper: str, named: str
) -> None:  # R40
    file = tmp_path / "dump"
    await backups.backup(lived, file, at=flows.NOON)
    keyring = Keyring(key=make.KEY + key, pepper=make.PEPPER + pepper)
    with pytest.raises(backups.BackupFailed, match=named):
        await backups.restore(empty, file, keyring=keyring)


@pytest.mark.prove
def test_the_drill_by_hand_with_our_own_database() -> None:  # R25
    """The commands as they are typed: furnish, dump, restore beside it, compare, examine."""
    folder = Path(tempfile.mkdtemp(prefix="meterline-drill-"))
    folder.chmod(0o711)
    try:
        examples = tree.ROOT / "docs" / "examples"
        meterline(folder / "first", "company", "--name", "Энергосбыт", "--phone", "8-800-000-00-00")
        meterline(folder / "first", "import", "tariffs", str(examples / "tariffs.csv"))
        meterline(folder / "first", "import", "customers", str(examples / "customers.csv"))
        meterline(folder / "first", "import", "charges", str(examples / "charges.csv"))
        before = meterline(folder / "first", "explain", "0012345", "--on", "2025-12-05", "--json")
        told = meterline(folder / "first", "backup", str(folder / "dump"))
        assert "ledger sums to 0" in told
        assert "keep two copies" in told
        assert "as they were" in meterline(folder / "second", "restore", str(folder / "dump"))
        assert meterline(folder / "second", "explain", "0012345", "--on", "2025-12-05", "--json") == before
        assert " 0 to mend" in meterline(folder / "second", "doctor", "--offline")
        refused = meterline(folder / "second", "restore", str(folder / "dump"), code=1)
        assert "not empty" in refused
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def meterline(data: Path, *arguments: str, code: int = 0) -> str:
    """What the command says, with the embedded database in the folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("METERLINE_")}
    own = {"METERLINE_DATA_DIR": str(data), "METERLINE_KEY": make.KEY, "METERLINE_PEPPER": make.PEPPER}
    command = [sys.executable, "-m", "gateway", *arguments]
    done = subprocess.run(command, cwd=tree.ROOT, env=env | own, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + (done.stderr if code else "")


def test_a_password_is_seen_by_nobody() -> None:  # R41
    env = backups._environment("postgresql://us%40er:pa%2Fss@host:5433/base?sslmode=require&connect_timeout=3&odd=1")
    wanted = {"PGUSER": "us@er", "PGPASSWORD": "pa/ss", "PGHOST": "host", "PGPORT": "5433", "PGDATABASE": "base"}
    assert {name: value for name, value in env.items() if name.startswith("PG")} == wanted | {
        "PGSSLMODE": "require",
        "PGCONNECT_TIMEOUT": "3",
    }
    socket = backups._environment("postgresql://meterline@/meterline?host=%2Fvar%2Frun&port=5432")
    assert (socket["PGHOST"], socket["PGPORT"], socket["PGDATABASE"]) == ("/var/run", "5432", "meterline")
