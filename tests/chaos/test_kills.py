"""Processes are killed, halted and told to end while phones text: nothing acknowledged is lost, nothing comes twice."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import datetime

import pytest

from core.store.failures import GONE
from gateway.clock import now
from tests import make
from tests.chaos import judging, looking, village
from tests.chaos.load import Load
from tests.chaos.observing import Observed
from tests.chaos.stage import LEASE, SERVING, WORKING, Stage, stage
from tests.chaos.village import Wish
from tests.flows.conftest import AUDIT, TOKEN

MESSAGES = int(os.environ.get("METERLINE_MESSAGES", "500"))
KILLS = int(os.environ.get("METERLINE_KILLS", "10"))
SEED = int(os.environ.get("METERLINE_SEED", random.SystemRandom().randrange(1_000_000)))
SECONDS = 5.0 + 1.5 * KILLS


@pytest.mark.prove
async def test_nothing_acknowledged_is_lost_and_nothing_comes_twice(capsys: pytest.CaptureFixture[str]) -> None:
    # Q3, R1, R2, R4, R12, R13, R16
    # R19, R20, R23, R24, R25, R41, R43
    dice = random.Random(SEED)
    async with stage(min(max(MESSAGES // 10, 20), 1000)) as there:
        load = Load(there.url, there.carrier, dice, there.session)
        strikes: Counter[str] = Counter()
        striking = asyncio.create_task(strike(there, strikes, dice))
        await load.text(village.wishes(there.people, MESSAGES, dice), seconds=SECONDS)
        back = await striking
        calm = await there.quiet(patience=60)
        balances = {one.phone: [Wish(one.phone, village.BALANCE)] for one in there.people}
        await load.text(balances, seconds=1.0, last=True)
        calm = await there.quiet(patience=60) and calm
        observed = await look(there, load)
    observed = judging.with_logs(observed, there.herd.logs, there.herd.ended)
    wrong = judging.violations(observed)
    with capsys.disabled():
        print(table(there, load, observed, strikes, back, wrong))
    assert calm, "messages are on their way for ever"
    assert not wrong


async def strike(there: Stage, strikes: Counter[str], dice: random.Random) -> datetime:
    """Kills as many as asked for, halts and ends some more, halts and kills the database once, all within the time.

    The time when the database was there again.
    """
    acts = ["kill"] * KILLS + ["halt"] * max(KILLS // 5, 1) + ["end"] * max(KILLS // 5, 1)
    dice.shuffle(acts)
    acts.insert(len(acts) // 2, "kill database")
    acts.insert(len(acts) // 4, "halt database")
    halted: list[asyncio.Task[None]] = []
    back = asyncio.create_task(asyncio.sleep(0, now()))
    for act in acts:
        await asyncio.sleep(dice.uniform(0.5, 1.5) * SECONDS / len(acts))
        name = dice.choice((*SERVING, *WORKING))
        strikes[act if "database" in act else f"{act} {name.partition('-')[0]}"] += 1
        match act:
            case "kill":
                await struck(there, name, signal.SIGKILL)
            case "end":
                await struck(there, name, signal.SIGTERM)
            case "halt":
                halted.append(asyncio.create_task(halt(there, name)))
            case "halt database":
                halted.append(asyncio.create_task(halt_database(there)))
            case _:
                os.kill(there.database.pid, signal.SIGKILL)
                back = asyncio.create_task(again(there))
    await asyncio.gather(*halted)
    return await back


async def again(there: Stage) -> datetime:
    """When the database takes connections again."""
    while True:
        try:
            await (await there.owner()).close()
        except GONE:
            await asyncio.sleep(0.05)
        else:
            return now()


async def struck(there: Stage, name: str, number: signal.Signals) -> None:
    while not there.herd.strike(name, number):
        await asyncio.sleep(0.05)


async def halt(there: Stage, name: str) -> None:
    """Longer than its leases, so that others take over what it has in hand (R24)."""
    await struck(there, name, signal.SIGSTOP)
    await asyncio.sleep(2.5 * LEASE)
    there.herd.strike(name, signal.SIGCONT)


async def halt_database(there: Stage) -> None:
    """It is there and silent, until after the leases that it gave."""
    halted = there.database_processes()
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for pid in halted:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if number is signal.SIGSTOP:
            await asyncio.sleep(2 * LEASE)


async def look(there: Stage, load: Load) -> Observed:
    conn = await there.owner()
    try:
        seen = await looking.tables(conn, there.people)
    finally:
        await conn.close()
    return Observed(
        lease=LEASE,
        accounts=there.people,
        texted=load.texted,
        got=looking.got(there.carrier.book),
        audit=await there.audit(),
        logs={},
        secrets=(TOKEN, AUDIT, make.KEY, make.PEPPER),
        ended=(),
        **{one.name: getattr(seen, one.name) for one in fields(seen)},
    )


def table(
    there: Stage, load: Load, observed: Observed, strikes: Mapping[str, int], back: datetime, wrong: Sequence[str]
) -> str:
    """The counts of a run, and what was wrong with it."""
    after = min((at for at in load.taken.values() if at > back), default=back)
    posted = judging.summary(observed.texted)
    rows = {
        "seed": SEED,
        "accounts": len(observed.accounts),
        "texts": len(observed.texted),
        "posted": f"{sum(posted.values())} ({_counted(posted)})",
        "filed": len(observed.filed),
        "readings": len(observed.readings),
        "answers": len(observed.got),
        "ends of answers": _counted(Counter(row.state for row in observed.sent)),
        "struck": _counted(strikes),
        "ended by themselves": sum(not one.ours for one in observed.ended),
        "longest time without a text taken": f"{load.longest_pause:.1f} s",
        "first text once the database was back": f"{(after - back).total_seconds():.1f} s",
        "longest end of a process told to end": f"{there.herd.slowest:.1f} s",
        "answers came after": waits(there, load, observed),
        "the carrier's faults": _counted(there.carrier.struck),
        "what was logged": _counted(judging.events(observed)),
        "violations": len(wrong),
    }
    lines = [f"  {name:38} {value}" for name, value in rows.items()]
    return "\n".join(["", *lines, *(f"    {line}" for line in wrong[:40])])


def waits(there: Stage, load: Load, observed: Observed) -> str:
    """From the acknowledgement of a text to the carrier's acceptance of its answer: the middle one, and the longest."""
    came = {got.sid: there.carrier.book.get(got.sid) for got in observed.got}
    seconds = sorted(
        (message.created - load.taken[sid]).total_seconds()
        for sid, got in judging.answers(observed).items()
        if (message := came[got.sid]) and sid in load.taken
    )
    return f"{seconds[len(seconds) // 2]:.2f} s, {seconds[-1]:.1f} s at most" if seconds else "-"


def _counted(counter: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counter.items())) or "none"
