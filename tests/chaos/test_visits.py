"""Fifty phones book, move and call off at random while gateways and workers are killed: every place holds as many
visits as it says and never too many, and nothing is half done."""

import asyncio
import os
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from demo.carrier_faults import Faults
from gateway.clock import now
from tests import make, offices
from tests.chaos import looking
from tests.chaos.load import Load
from tests.chaos.recording import Record
from tests.chaos.stage import Stage, stage
from tests.chaos.striking import Striking
from tests.chaos.village import Wish

PHONES = 50
TEXTS = int(os.environ.get("METERLINE_TEST_VISIT_TEXTS", "6"))
KILLS = int(os.environ.get("METERLINE_TEST_VISIT_KILLS", "6"))
SEED = int(os.environ.get("METERLINE_SEED", random.SystemRandom().randrange(1_000_000)))
SECONDS = 1.0 * KILLS

LIVE = "v.state in ('held', 'booked', 'arrived', 'called')"
MISCOUNTED = f"""
select count(*) from slots s
 where s.taken > s.capacity or s.taken <> (select count(*) from visits v where s.id = any(v.slots) and {LIVE})
"""
ASTRAY = f"""
select count(*) from visits v
 where {LIVE} and (select count(*) from slots s where s.id = any(v.slots) and s.day = v.day
                      and s.office_id = v.office_id) <> cardinality(v.slots)
"""
HALF = """
select count(*) from visits v join lateral (
    select what, starts_at from visit_events e where e.visit_id = v.id order by id desc limit 1) as last on true
 where case v.state when 'cancelled' then last.what <> 'cancelled'
                    when 'booked' then last.what not in ('booked', 'moved') or last.starts_at <> v.starts_at
                    when 'held' then last.what not in ('held', 'moved') or last.starts_at <> v.starts_at
                    else true end
"""
"""Visits of which the last that is written down of them is not how they stand."""

EVENTS = "select encode(v.phone_hash, 'hex'), e.what from visit_events e join visits v on v.id = e.visit_id"
MINE = """
select v.ticket, v.state from visits v join accounts a on a.id = v.account_id
 where v.phone_hash is not null and a.id = $1 and v.state in ('held', 'booked')
"""
UNANSWERED = """
select fate, reason, command from inbox where fate <> 'answered' and (fate, command) <> ('muted', 'NotUnderstood')
"""
"""A reason without a question is a word that nobody understands, and one said for the fourth time is not answered."""
DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"


class Visitors(Load):
    """Phones that say next what their visits allow."""

    async def prepare(self, there: Stage, dice: random.Random) -> None:
        self._asking = await asyncpg.create_pool(there.database.url, min_size=1, max_size=2)
        self._accounts = {one.phone: one.id for one in there.people}
        self._chance = dice
        self._days = [now().date() + timedelta(days=ahead) for ahead in (3, 4)]

    async def done_asking(self) -> None:
        await self._asking.close()

    async def _talk(self, wishes: Sequence[Wish], seconds: float, last: bool) -> None:
        for wish in wishes:
            said = await self._next(wish.phone)
            await super()._talk([replace(wish, said=said)], seconds / len(wishes), last)

    async def _next(self, phone: str) -> str:
        """One word, so that nobody takes it for a machine's."""
        dice = self._chance
        mine = await self._asking.fetch(MINE, self._accounts[phone])
        place = f"{dice.choice(self._days):%d.%m.%y} {dice.choice((9, 10))}:{dice.choice(('00', '20', '40'))}"
        if not mine or dice.random() < 0.25:
            return f"ЗАПИСЬ {place}"
        ticket, state = dice.choice(mine)
        if state == "held" and dice.random() < 0.6:
            return "счетчик"
        return f"ОТМ {ticket}" if dice.random() < 0.5 else f"ПЕРЕНЕСТИ {ticket} {place}"


@pytest.mark.prove
async def test_places_hold_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:  # R17, R12
    dice = random.Random(SEED)
    async with stage(PHONES, faults=Faults()) as there:
        owner = await there.owner()
        hours = {"windows": "2", "hours": "mon-sun 09:00-11:00", "calendar": ""}
        await offices.set_up(owner, hours, at=now())
        load = Visitors(there.url, there.carrier, dice, there.session, Record(there.owner))
        await load.prepare(there, dice)
        strikes = Striking(there, dice)
        striking = asyncio.create_task(strikes.all(["kill"] * KILLS, seconds=SECONDS, done=load.done))
        await load.text({one.phone: [Wish(one.phone, "")] * TEXTS for one in there.people}, seconds=SECONDS)
        await striking
        assert await there.quiet(patience=60.0), "messages are on their way for ever"
        await load.done_asking()
        assert (await there.audit())["overbooked"] == 0
        assert [await owner.fetchval(one) for one in (MISCOUNTED, ASTRAY, HALF, DEADLOCKS)] == [0, 0, 0, 0]
        done = await written(owner)
        assert done == {name: told(there, mark) for name, mark in MARKS.items()}, "said and done"
        live = await owner.fetchval(f"select count(*) from visits v where {LIVE}")
        unanswered = [tuple(row) for row in await owner.fetch(UNANSWERED)]
        lost = [one.sid for one in load.texted if one.unrecorded]
        await owner.close()
    assert (unanswered, lost) == ([], [])
    with capsys.disabled():
        kinds = {name: sum(some.values()) for name, some in done.items()}
        print(f"\nvisits: seed {SEED}, {len(load.taken)} texts, {dict(strikes.counts)}, {kinds}, {live} ahead")


MARKS = {"booked": re.compile("Приём|Visit on"), "cancelled": re.compile("Визит .* отменён|.* is called off")}
"""How an answer begins that says so."""


async def written(owner: asyncpg.Connection) -> dict[str, Counter[str]]:
    """How often each phone booked and called off, by its hash."""
    rows = [tuple(row) for row in await owner.fetch(EVENTS)]
    return {name: Counter(phone for phone, what in rows if what == name) for name in MARKS}


def told(there: Stage, mark: re.Pattern[str]) -> Counter[str]:
    """How often each phone was told so, by its hash."""
    keyring = make.keyring()
    got = looking.got(there.carrier.book, there.messenger, there.people)
    return Counter(keyring.phone_hash(one.phone).hex() for one in got if mark.match(one.words))
