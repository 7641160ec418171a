"""One run of the kill test: phones text while everything is struck, then all is judged from outside."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields

from demo.carrier_faults import Faults
from tests import make
from tests.chaos import broadcasting, judging, looking, striking, telling, village
from tests.chaos.chatting import BOT, SECRET
from tests.chaos.herd import Program
from tests.chaos.load import Load
from tests.chaos.observing import Observed
from tests.chaos.recording import Record
from tests.chaos.stage import FAULTS, LEASE, PROGRAM, Stage, stage
from tests.chaos.striking import Striking
from tests.chaos.village import Wish
from tests.flows.conftest import AUDIT, TOKEN


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a run is, and what is done to it. `withheld` texts are told by no webhook; in so many
    `broadcasts` all people are told something unasked; `patience` is for how many seconds it is waited for rest,
    `limit` after how many nobody texts any more, whatever was not taken; `damage` is done to the schema beforehand."""

    seed: int
    messages: int
    accounts: int
    seconds: float
    kills: int
    halts: int = 0
    ends: int = 0
    database: Sequence[str] = ()
    withheld: int = 0
    broadcasts: int = 0
    faults: Faults = FAULTS
    program: Program = PROGRAM
    patience: float = 60.0
    limit: float | None = None
    damage: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """What a run came to: `calm` where nothing was on its way in the end, `wrong` a line for each violation."""

    calm: bool
    wrong: list[str]
    table: str


async def play(plan: Plan) -> Played:
    dice = random.Random(plan.seed)
    async with stage(plan.accounts, faults=plan.faults, program=plan.program, damage=plan.damage) as there:
        record = Record(there.owner)
        load = Load(there.url, there.carrier, dice, there.session, record)
        strikes = Striking(there, dice)
        acts = striking.acts(dice, kills=plan.kills, halts=plan.halts, ends=plan.ends, database=plan.database)
        wishes = village.wishes(there.people, plan.messages, dice, withheld=plan.withheld)
        running = asyncio.create_task(strikes.all(acts, seconds=plan.seconds, done=load.done))
        telling_all = asyncio.create_task(broadcasting.all_parts(there, plan.broadcasts, seconds=plan.seconds))
        with suppress(TimeoutError):
            async with asyncio.timeout(plan.limit):
                await load.text(wishes, seconds=plan.seconds)
        await running
        await telling_all
        calm = await _rest(there, load, record, plan.patience)
        balances = {one.phone: [Wish(one.phone, village.BALANCE)] for one in there.people}
        with suppress(TimeoutError):
            async with asyncio.timeout(plan.patience):
                await load.text(balances, seconds=1.0, last=True)
        calm = await _rest(there, load, record, plan.patience) and calm
        await record.close()
        observed = await _look(there, load)
    observed = judging.with_logs(observed, there.herd.logs, there.herd.ended)
    wrong = judging.violations(observed)
    return Played(calm, wrong, telling.table(plan.seed, there, load, observed, strikes, wrong))


async def _rest(there: Stage, load: Load, record: Record, patience: float) -> bool:
    """Waits until what was withheld is there too, and no message is on its way; whether it came to that."""
    try:
        async with asyncio.timeout(patience):
            while not await record.hold(load.withheld):
                await asyncio.sleep(0.2)
    except TimeoutError:
        return False
    return await there.quiet(patience=patience)


async def _look(there: Stage, load: Load) -> Observed:
    conn = await there.owner()
    try:
        seen = await looking.tables(conn, there.people)
        told = await broadcasting.told(conn, there.people)
    finally:
        await conn.close()
    return Observed(
        lease=LEASE,
        accounts=there.people,
        texted=load.texted,
        got=looking.got(there.carrier.book, there.messenger, there.people),
        audit=await there.audit(),
        logs={},
        secrets=(TOKEN, AUDIT, make.KEY, make.PEPPER, BOT, SECRET),
        ended=(),
        told=told,
        **{one.name: getattr(seen, one.name) for one in fields(seen)},
    )
