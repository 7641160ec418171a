"""The API against its own description, tried by schemathesis: no failure of ours, all answers as described."""

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.web.api import serving
from gateway import app
from tests.channels.web.conftest import SECRET, Cabinet
from tests.channels.web.test_api import OWNER, account, program
from tests.flows.conftest import street

__all__ = ["account"]

pytestmark = pytest.mark.prove

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "negative_data_rejection", "unsupported_method", "ignored_auth",
)  # fmt: skip
EXAMPLES = 25


@pytest.fixture
async def patient(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[str]:
    """The address of an API that answers as often as it is called."""
    async with street(database, pool) as there:
        application = web.Application()
        calls = serving.application(app.cabinet_house(there.parts, SECRET), per_minute=1_000_000)
        application.add_subapp("/api/v1", calls)
        async with TestServer(application, host="127.0.0.1") as server:
            yield str(server.make_url("")).rstrip("/")


@pytest.mark.skipif(importlib.util.find_spec("schemathesis") is None, reason="the extra `api` is not installed")
async def test_it_does_as_it_says(cabinet: Cabinet, patient: str, account: int, tmp_path: Path) -> None:
    it = await program(cabinet, "read", "submit", "command", phone=OWNER)
    place = (await it.home()).rpartition("/")[2]
    no = (await it.get(f"/accounts/{place}/bills"))["bills"][0]["no"]
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[parameters]\n"path.account" = "{place}"\n"path.no" = "{no}"\n', encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run",
        f"{patient}/api/v1/openapi.json", "--header", f"Authorization: Bearer {it.token}", "--checks",
        ",".join(CHECKS), "--max-examples", str(EXAMPLES), "--phases", "examples,coverage,fuzzing", "--no-color",
        "--seed", "1", "--generation-database", "none",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()[-6000:]
