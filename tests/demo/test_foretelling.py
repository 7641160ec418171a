"""What `meterline forecast` tells of the town, and the trial that docs/billing/forecast.md publishes."""

import re
from pathlib import Path

import asyncpg
import pytest

from core.basics.sealing import Keyring
from core.billing import foretelling
from core.store import pool as store
from demo import town
from demo.clock import START
from gateway.foretelling import told

DOCS = Path("docs/billing/forecast.md").read_text(encoding="utf-8")


async def test_the_month_of_the_town_is_foretold_and_tried(town_conn: asyncpg.Connection) -> None:
    found = await foretelling.foretell(town_conn, today=START.date(), back=2)
    one = found.total
    assert one.accounts > 3
    assert one.least <= one.volume <= one.most
    assert one.least_amount <= one.amount <= one.most_amount
    assert [str(each.foretold.month) for each in found.tried] == ["2025-10", "2025-09"]
    lines = told(found)
    assert lines[0].startswith("2025-11: ")
    assert lines[-1].startswith("  mean error ")


async def test_without_accounts_nothing_is_foretold(conn: asyncpg.Connection) -> None:
    lines = told(await foretelling.foretell(conn, today=START.date()))
    assert lines[0] == "2025-11: 0 accounts foretold, of 0 too little is known"
    assert lines[-1] == "Not tried: no month before was read to its end"


@pytest.mark.prove
async def test_the_published_trial_is_what_comes_out(database: str, keyring: Keyring) -> None:
    (published,) = re.findall(r"```backtest\n(.*?)```", DOCS, re.DOTALL)
    conn = await store.connect(database)
    try:
        await town.load(conn, keyring)
        found = await foretelling.foretell(conn, today=START.date())
    finally:
        await conn.close()
    assert "\n".join(told(found)) + "\n" == published
