"""The embedded PostgreSQL through kills, second programs and odd folders."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.store import pool as store
from core.store.failures import GONE
from gateway import binaries, cluster
from gateway.embedded import EmbeddedPostgres, throwaway

pytestmark = pytest.mark.prove

PROGRAM = """
import sys
from pathlib import Path
from gateway import observe
from gateway.embedded import EmbeddedPostgres
observe.configure()
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    print(server.url, server.pid, flush=True)
    for line in sys.stdin:
        print(server.url, server.pid, flush=True)
"""

# The last is what asyncpg raises between the server's farewell and the end of the connection.
LOST = (*GONE, asyncpg.InternalClientError)

MACHINES = [
    programs
    for folder in dict.fromkeys(path.resolve() for path in binaries.of_machine())
    if (folder / "initdb").exists() and (programs := binaries.at(folder)).version >= 15
]

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has ended")
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as another user")


class Program:
    """A program of its own that keeps a server on the folder."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.url, self.server = self._read()

    def ask(self) -> tuple[str, int]:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._read()

    def end(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _read(self) -> tuple[str, int]:
        assert self.process.stdout is not None
        url, pid = self.process.stdout.readline().split()
        return url, int(pid)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user can enter; pytest's own are closed to the server's user."""
    made = Path(tempfile.mkdtemp(prefix="meterline-test-"))
    made.chmod(0o711)
    yield made / "data dir"
    shutil.rmtree(made)


@pytest.fixture
def program(folder: Path) -> Iterator[Callable[[], Program]]:
    with contextlib.ExitStack() as stack:

        def start() -> Program:
            started = Program(folder)
            stack.callback(started.end)
            return started

        yield start


def ask(url: str, *statements: str) -> Any:
    """What the last of the statements answers."""

    async def asking() -> Any:
        conn = await store.connect(url, role=None)
        try:
            for statement in statements[:-1]:
                await conn.execute(statement)
            return await conn.fetchval(statements[-1])
        finally:
            await conn.close()

    return asyncio.run(asking())


async def answered(pool: asyncpg.Pool, question: str) -> Any:
    """The answer, as soon as there is a server to give it."""
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(*LOST):
                async with store.acquire(pool) as conn:
                    return await conn.fetchval(question)


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_data_stay_after_stop(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        ask(server.url, "create table kept as select 42 as value", "select 1")
    with EmbeddedPostgres(folder) as server:
        assert ask(server.url, "select value from kept") == 42


def test_one_object_starts_again_after_stop(folder: Path) -> None:
    server = EmbeddedPostgres(folder, throwaway=True)
    for _ in range(2):
        assert ask(server.start(), "select 1") == 1
        server.stop()


def test_nothing_acknowledged_may_be_lost(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert ask(server.url, f"show {setting}") == "on"
        assert ask(server.url, "show listen_addresses") == ""
        assert (folder / "run").stat().st_mode & 0o777 == 0o700


def test_texts_are_ordered_by_code_point_and_folded() -> None:
    with throwaway() as url:
        assert ask(url, "select lower('ЁЖ')") == "ёж"
        assert ask(url, "select 'я' < 'ё'") is True


# R41
def test_log_of_server_holds_no_values(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True) as server:
        with pytest.raises(asyncpg.UniqueViolationError):
            ask(
                server.url,
                "create table people (phone text primary key)",
                "insert into people values ('+79160000017')",
                "insert into people values ('+79160000017')",
            )
        written = (folder / "postgresql.log").read_text()
    assert "duplicate key" in written
    assert "9160000017" not in written


@linux
def test_server_ends_with_killed_program_and_data_stay(program: Callable[[], Program]) -> None:
    first = program()
    ask(first.url, "create table kept as select 1 as value", "select 1")
    for value in range(2, 5):
        ask(first.url, f"insert into kept values ({value})", "select 1")
        first.kill()
        second = program()
        assert second.server != first.server
        assert not alive(first.server)
        assert ask(second.url, "select max(value) from kept") == value
        first = second


# R4
async def test_killed_server_is_started_again(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        pool = await store.pool(server.url, size=2, role=None)
        async with store.acquire(pool) as conn:
            await conn.execute("create table kept as select 42 as value")
            os.kill(server.pid, signal.SIGKILL)
            with pytest.raises(LOST):
                await conn.fetchval("select pg_sleep(30)")
        assert await answered(pool, "select value from kept") == 42
        await pool.close()


def test_second_program_attaches_and_leaves_server_alone(program: Callable[[], Program]) -> None:
    first, second = program(), program()
    assert (second.url, second.server) == (first.url, first.server)
    second.end()
    assert ask(first.url, "select 1") == 1


def test_programs_started_at_once_share_a_server(program: Callable[[], Program]) -> None:
    with ThreadPoolExecutor(3) as threads:
        servers = {started.result().server for started in [threads.submit(program) for _ in range(3)]}
    assert len(servers) == 1


def test_folder_reached_through_a_link(folder: Path) -> None:
    folder.mkdir(mode=0o711)
    link = folder.with_name("link")
    link.symlink_to(folder)
    with EmbeddedPostgres(link / "data", throwaway=True) as server, EmbeddedPostgres(folder / "data") as second:
        assert second.pid == server.pid


@linux
async def test_second_program_takes_over(program: Callable[[], Program]) -> None:
    first, second = program(), program()
    first.kill()
    while second.ask()[1] == first.server:
        pass
    pool = await store.pool(second.url, size=1, role=None)
    assert await answered(pool, "select 1") == 1
    await pool.close()


def test_number_of_dead_server_given_to_another_process(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        ask(server.url, "create table kept as select 42 as value", "select 1")
        note = (folder / "data" / "postmaster.pid").read_text()
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as stranger:
        lines = note.splitlines()
        (folder / "data" / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        (folder / "run").mkdir(exist_ok=True)
        (folder / "run" / ".s.PGSQL.5432.lock").write_text("\n".join([str(stranger.pid), *lines[1:5], ""]))
        with EmbeddedPostgres(folder) as server:
            assert ask(server.url, "select value from kept") == 42
        assert stranger.poll() is None


def test_half_made_data_are_made_anew(folder: Path) -> None:
    (folder / "data.unfinished" / "base").mkdir(parents=True)
    with EmbeddedPostgres(folder, throwaway=True) as server:
        assert ask(server.url, "select 1") == 1
    assert not (folder / "data.unfinished").exists()


async def test_path_too_long_for_socket(folder: Path) -> None:
    deep = folder / ("long" * 20) / ("longer" * 20)
    with EmbeddedPostgres(deep, throwaway=True) as server, EmbeddedPostgres(deep) as second:
        assert second.url == server.url
        pool = await store.pool(server.url, size=1, role=None)
        sockets = await answered(pool, "show unix_socket_directories")
        assert os.stat(sockets).st_mode & 0o777 == 0o700
        os.kill(server.pid, signal.SIGKILL)
        assert await answered(pool, "show unix_socket_directories") == sockets
        await pool.close()
    assert Path(sockets).name not in os.listdir(tempfile.gettempdir())


@root
def test_folder_closed_to_user_of_server(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700, parents=True)
    for _ in range(2):
        with EmbeddedPostgres(closed / "data", outside=folder / "outside") as server:
            ask(server.url, "create table if not exists kept as select 42 as value", "select 1")
            assert ask(server.url, "select value from kept") == 42
    assert len(list((folder / "outside").iterdir())) == 1
    assert closed.stat().st_mode & 0o777 == 0o700


def test_data_of_other_version_are_refused(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True):
        pass
    (folder / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(cluster.EmbeddedFailed, match="was written by PostgreSQL 9"):
        EmbeddedPostgres(folder, throwaway=True).start()


def test_what_server_complains_of_is_told_in_one_line(folder: Path) -> None:
    with EmbeddedPostgres(folder, throwaway=True):
        pass
    with (folder / "data" / "postgresql.conf").open("a") as conf:
        conf.write("max_connections = 'many'\n")
    with pytest.raises(cluster.EmbeddedFailed, match=r"contains errors.*postgresql\.log") as failed:
        EmbeddedPostgres(folder, throwaway=True).start()
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize("programs", MACHINES, ids=lambda programs: str(programs.version))
def test_postgresql_of_machine(folder: Path, programs: binaries.Binaries) -> None:
    with EmbeddedPostgres(folder, throwaway=True, programs=programs) as server:
        assert ask(server.url, "select current_setting('server_version_num')::int / 10000") == programs.version
        assert ask(server.url, "select lower('ЁЖ')") == "ёж"
        assert ask(server.url, "select 'я' < 'ё'") is True


def test_copied_programs_run(folder: Path) -> None:
    folder.mkdir(mode=0o711)
    copy = binaries.copied(folder)
    assert copy == binaries.copied(folder)
    with EmbeddedPostgres(folder, throwaway=True, programs=copy) as server:
        assert ask(server.url, "select 1") == 1


def test_throwaway_leaves_nothing() -> None:
    with throwaway() as url:
        data = Path(ask(url, "show data_directory"))
        assert data.exists()
    assert not data.parent.exists()
