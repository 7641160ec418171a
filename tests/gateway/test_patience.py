"""Work that can wait gives way, in its own process and in the database's."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from core.store import pool as store
from gateway import patience
from gateway.embedded import EmbeddedPostgres


@pytest.fixture
async def near(tmp_path: Path) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a server of our own on this machine."""
    with EmbeddedPostgres(tmp_path, throwaway=True) as server:
        connection = await store.connect(server.url, role=None)
        yield connection
        await connection.close()


async def test_the_databases_process_of_a_job_gives_way_and_no_other(near: asyncpg.Connection) -> None:
    dsn = f"{await near.fetchval('show unix_socket_directories')}"
    other = await asyncpg.connect(host=dsn, user=near.get_settings().session_authorization, database="postgres")
    assert patience.step_back_in(near)
    assert os.getpriority(os.PRIO_PROCESS, near.get_server_pid()) == patience.PATIENT
    assert os.getpriority(os.PRIO_PROCESS, other.get_server_pid()) == os.getpriority(os.PRIO_PROCESS, 0)
    assert await near.fetchval("select 1") == 1
    await other.close()


class _Elsewhere:
    """A connection to a server of another machine, where this one has a process of the same number."""

    def get_server_pid(self) -> int:
        return os.getpid()


def test_a_process_that_is_no_backend_is_left_alone() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert not patience.step_back_in(_Elsewhere())  # type: ignore[arg-type]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
