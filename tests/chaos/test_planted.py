"""The kill test turns red for each mistake that is planted, by the judge whose it is, and stays green without."""

import os
import random
import re
from dataclasses import replace

import pytest

from tests.chaos import planted
from tests.chaos.herd import Program
from tests.chaos.playing import Plan, play
from tests.chaos.stage import FAULTS

pytestmark = pytest.mark.prove

SEED = int(os.environ.get("METERLINE_SEED", random.SystemRandom().randrange(1_000_000)))

PLAN = Plan(
    seed=SEED,
    messages=300,
    accounts=60,
    seconds=10.0,
    kills=6,
    halts=3,
    database=("kill database", "kill database"),
    withheld=10,
    faults=replace(FAULTS, after_stall=0.4, stall_seconds=1.5, receipt_lost=0.8),
)
"""Many calls hang after the carrier took the message, so that whoever is struck has some under way, and few receipts
tell of them."""

IMPATIENT = replace(PLAN, patience=8.0, limit=120.0)
"""Where something stays undone for ever it is not waited for long."""

SEEN = {
    planted.EARLY: "acknowledged: .* while it was not on record",
    planted.NO_KEY: "filed_once: .* is filed [2-9] times",
    planted.BLIND: "answered_once: twice",
    planted.NO_RECOVERY: "nothing_open: .* is (ready|sending)",
    planted.UNMARKED: "answered_once: twice",
    planted.TWO: "answered_once: lost",
    planted.NO_KEY_AGAIN: "filed_once: .* was never texted",
    planted.LAST_WINS: "receipts_kept: .* was delivered and is sent",
    planted.LATE_COUNTS: "answered_once: twice",
    planted.NOT_SYNCED: "(answered_once: twice|acknowledged: .* not on record)",
}
"""What the judge says of each mistake."""


def test_every_mistake_is_planted() -> None:  # R43
    assert SEEN.keys() == planted.MISTAKES.keys()


TRIES = 3
"""Strikes fall by chance: a mistake that none of them has met is looked for with other seeds."""


@pytest.mark.parametrize("mistake", SEEN)
async def test_a_planted_mistake_is_seen(mistake: str, capsys: pytest.CaptureFixture[str]) -> None:  # R43
    damage = planted.KEYLESS if mistake == planted.NO_KEY else ""
    tables = []
    for more in range(TRIES):
        plan = replace(IMPATIENT, seed=SEED + more, program=Program(mistake), damage=damage)
        played = await play(plan)
        with capsys.disabled():
            print(f"\n  {mistake}: {len(played.wrong)} violations")
        if any(re.match(SEEN[mistake], line) for line in played.wrong):
            return
        tables.append(played.table)
    pytest.fail("\n".join(tables))


async def test_without_a_mistake_nothing_is_seen() -> None:  # R43
    played = await play(PLAN)
    assert played.calm, played.table
    assert not played.wrong, played.table


async def test_processes_that_die_at_the_very_line_lose_nothing() -> None:  # R1, R12, R19, R20, R43
    """Within the transaction, before its commit, after it, before the carrier is called, and after it has answered."""
    played = await play(replace(PLAN, kills=0, database=(), program=Program(planted.DEATHS, mortal=True)))
    assert played.calm, played.table
    assert not played.wrong, played.table
