"""Processes are killed, halted and told to end while phones text: nothing acknowledged is lost, nothing comes twice."""

import os
import random

import pytest

from tests.chaos.playing import Plan, play

MESSAGES = int(os.environ.get("METERLINE_MESSAGES", "500"))
KILLS = int(os.environ.get("METERLINE_KILLS", "10"))
SEED = int(os.environ.get("METERLINE_SEED", random.SystemRandom().randrange(1_000_000)))
WITHHELD = 50
"""Texts that no webhook brings, where there are many more (R5)."""

ACCOUNTS = min(max(MESSAGES // 10, 20), 1000)
TOLD = 10
"""People of a broadcast: fewer calls at a time than failures by which a carrier is taken for dead, for the machine may
stand still."""

PLAN = Plan(
    seed=SEED,
    messages=MESSAGES,
    accounts=ACCOUNTS,
    seconds=5.0 + 1.5 * KILLS,
    kills=KILLS,
    halts=max(KILLS // 5, 1),
    ends=max(KILLS // 5, 1),
    database=("halt database", "kill database"),
    withheld=min(WITHHELD, MESSAGES // 10),
    broadcasts=ACCOUNTS // TOLD,
)


@pytest.mark.prove
async def test_nothing_acknowledged_is_lost_and_nothing_comes_twice(capsys: pytest.CaptureFixture[str]) -> None:
    # Q3, R1, R2, R4, R5, R12, R13, R16
    # R19, R20, R23, R24, R25, R41, R43
    played = await play(PLAN)
    with capsys.disabled():
        print(played.table)
    assert played.calm, "messages are on their way for ever"
    assert not played.wrong
