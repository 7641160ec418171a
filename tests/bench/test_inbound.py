"""The bench runs at the smallest size, and counts for nothing where what was answered is not stored."""

import json
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import baseline, contenders, webhooks
from bench.contenders import Mismatch, Webhooks

TREE = Path(__file__).resolve().parents[2]
SIZE = ("--accounts", "300", "--messages", "200", "--in-flight", "8", "--rounds", "2")


@pytest.fixture
def pgbench() -> str:
    try:
        return baseline.find()
    except baseline.PgbenchMissing as missing:
        pytest.skip(str(missing))


@pytest.mark.prove
@pytest.mark.usefixtures("pgbench")
def test_inbound_and_balance_at_the_smallest_size(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "inbound", "balance", *SIZE, "--results", str(results)],
        cwd=TREE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    measured = json.loads(results.read_text())
    assert {name: len(rounds) for name, rounds in measured["rounds"].items()} == {
        "pgbench": 2, "inbound": 2, "textbook": 2, "signature only": 2, "balance": 2,
    }  # fmt: skip
    assert set(measured["kinds"]) == {"Accepted", "BalanceTold"}
    assert "inbound / pgbench" in done.stdout


@pytest.mark.prove
def test_other_loads_at_the_smallest_size(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    loads = ("--rate", "50", "--steady", "50", "--billed", "200", "--sizes", "200", "400", "--total", "300")
    done = subprocess.run(
        [sys.executable, "-m", "bench", "latency", "roundtrip", "mixed", "growth", "memory", *SIZE, *loads, "--rounds",
         "1", "--results", str(results)],
        cwd=TREE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    measured = json.loads(results.read_text())
    assert set(measured["rounds"]) == {
        "open loop", "open loop, signature only", "roundtrip", "before a month", "while a month is billed",
        "inbound, 200 accounts", "inbound, 400 accounts", "balance, 200 accounts", "balance, 400 accounts",
    }  # fmt: skip
    assert measured["memory"]["messages"] >= 300
    assert len(measured["billing"]["while a month is billed"]) == 2


@pytest.mark.prove
async def test_answers_that_are_not_stored_count_for_nothing() -> None:
    async with bench.prepared(bench.wanted([*SIZE, "balance"])) as (ground, _), AsyncExitStack() as stack:
        port, pids = await stack.enter_async_context(contenders.gateways("signature", ground.address, 1))
        forgetful = Webhooks("forgetful", port, pids, webhooks.readings, frozenset({"message"}))
        with pytest.raises(Mismatch, match="inbox=200"):
            await forgetful.round(ground)
