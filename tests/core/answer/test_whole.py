"""What is all or nothing, what is told of damage, and whose text is answered first."""

import asyncio
import random
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from core.inbox.model import Fate, Unavailable
from core.messages import Apology
from tests import make
from tests.chaos import valve
from tests.core.answer.test_door import PHONES, door, people, text

__all__ = ["people"]

CUTS = 20
"""Behind more answers of the server than a message takes."""

LEFT = """
select (select count(*) from inbox), (select count(*) from outbox), (select count(*) from inbox i join outbox o
         on o.id = i.outbound_id), (select count(distinct inbox_id) from readings where inbox_id is not null),
       (select count(*) from questions),
       (select count(*) from account_states s where s.fact_no <> (
           select coalesce(max(no), 0) from (select no from readings where account_id = s.account_id
            union all select no from claims where account_id = s.account_id) as facts))
"""


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged, kept off the screen."""
    with capture_logs() as kept:
        yield kept


@pytest.mark.parametrize(("said", "left"), [("04512", (1, 1, 1, 1, 0, 0)), ("45120", (1, 1, 1, 0, 1, 0))])
async def test_a_cut_leaves_all_of_a_message_or_nothing(
    database: str, people: asyncpg.Connection, tmp_path: Path, said: str, left: tuple[int, ...]
) -> None:  # R12
    """Behind each answer of the server the connection falls silent and is cut: with the note there is the reading, or
    the question, the account's number of facts and the answer; without it nothing of them."""
    async with valve.before(database, tmp_path) as (address, wire), asyncio.timeout(120):
        states = await people.fetch("select * from account_states")
        answerer, _ = door(address, patience=0.15)
        seen: list[tuple[int, ...]] = []
        for cut in range(1, CUTS):
            wire.open(for_answers=cut)
            with suppress(Unavailable):
                await answerer.answer(text(cut, said=said))
            wire.open()
            [row] = await people.fetch(LEFT)
            seen.append(tuple(row))
            await people.execute("delete from readings where inbox_id is not null; delete from questions")
            await people.execute("delete from inbox; delete from outbox; delete from kept_counts")
            await people.executemany(
                "update account_states set fact_no = $2, registers = $3 where account_id = $1",
                [(row["account_id"], row["fact_no"], row["registers"]) for row in states],
            )
        await answerer.close()
        patient, _ = door(address)
        await patient.answer(text(CUTS, said=said))
        [row] = await people.fetch(LEFT)
        seen.append(tuple(row))
        await patient.close()
    assert set(seen) <= {(0, 0, 0, 0, 0, 0), left}
    assert (seen[0], seen[-1]) == ((0, 0, 0, 0, 0, 0), left)


@pytest.mark.parametrize("damage", ["[1, 2]", ""])
async def test_what_fails_on_damage_is_quarantined_and_apologised_for(
    database: str, people: asyncpg.Connection, damage: str
) -> None:  # R3, R13
    """The stored state of one account cannot be read, or what it says cannot be: its customer is told that we failed,
    a person is told, the others do not notice, and once it is mended all goes on."""
    account = await people.fetchval(
        "select account_id from links where phone_hash = $1", make.keyring().phone_hash(PHONES[2])
    )
    sound = await people.fetchval("select registers::text from account_states where account_id = $1", account)
    assert "4325000" in sound
    damage = damage or sound.replace("4325000", '"x"')
    set_to = "update account_states set registers = $2::jsonb where account_id = $1"
    await people.execute(set_to, account, damage)
    answerer, carried = door(database)
    sent = [answerer.answer(text(number, phone=phone)) for number, phone in enumerate(PHONES, 1)]
    answers = await asyncio.gather(*sent)
    assert [one.fate for one in answers] == [
        Fate.ANSWERED, Fate.ANSWERED, Fate.QUARANTINED, Fate.ANSWERED, Fate.ANSWERED,
    ]  # fmt: skip
    assert len(carried) == len(PHONES), "the apology goes out"
    [apology] = await people.fetch(
        "select i.fate, i.payload is not null, o.kind from inbox i join outbox o on o.id = i.outbound_id"
        " where i.reference = $1",
        text(3).reference,
    )
    assert tuple(apology) == ("quarantined", True, Apology.__name__)
    assert await people.fetchval("select count(*) from alarms where kind = 'quarantined'") == 1
    await people.execute(set_to, account, sound)
    assert (await answerer.answer(text(9, phone=PHONES[2]))).fate is Fate.ANSWERED
    await answerer.close()


async def test_each_process_answers_a_sender_in_the_order_of_receipt(
    database: str, people: asyncpg.Connection
) -> None:  # R13
    """Two processes, whose texts of the same phones come at one instant: each keeps the order in which it got them, and
    a text that comes once the one before it was acknowledged is answered behind it, by whichever process."""
    doors = [door(database)[0] for _ in range(2)]
    sent = [
        (number, phone, number % 2) for number, phone in enumerate((phone for _ in range(8) for phone in PHONES), 1)
    ]
    answers = [doors[side].answer(text(number, phone=phone, said="долг")) for number, phone, side in sent]
    await asyncio.gather(*answers)
    rows = await people.fetch("select reference from inbox order by id")
    place = {row[0]: no for no, row in enumerate(rows)}
    for phone in PHONES:
        for side in (0, 1):
            mine = [place[text(number).reference] for number, one, there in sent if (one, there) == (phone, side)]
            assert mine == sorted(mine), (phone, side)
    for turn in range(6):
        said = f"0{4510 + turn}"
        told = await doors[turn % 2].answer(text(100 + turn, said=said))
        assert told.text is not None
        assert said in told.text
    values = await people.fetch("select r.value::int from readings r join inbox i on i.id = r.inbox_id order by r.no")
    assert [row[0] for row in values] == [4510 + turn for turn in range(6)]
    for one in doors:
        await one.close()


FORMS = (
    "{}", "показания {}", "Показания: {}", "{} квтч", "00{}", "{},5", "{}.49", "{} {}", "{}e1", "-{}", "+{}", "{}_0",
    "1{}", "9{}{}", "reading {} kWh", "здравствуйте, передаю {}, спасибо", "{} на 20.11", "день {}", "№{}", "{}!",
)  # fmt: skip


async def test_what_an_answer_takes_is_what_is_stored(database: str, people: asyncpg.Connection) -> None:  # R11
    """Texts of all shapes, right and wrong, through the door: of those that are accepted the number stands in the text,
    in the answer and in the column, and of the others no number is stored."""
    chance = random.Random(11)
    answerer, _ = door(database)
    last = dict.fromkeys(PHONES, 4325)
    accepted = number = 0
    for _ in range(40):
        said = {phone: chance.choice(FORMS) for phone in PHONES}
        shown = {phone: str(last[phone] + chance.randrange(0, 9)).zfill(5) for phone in PHONES}
        batch = []
        for phone in PHONES:
            number += 1
            whole = said[phone].format(*[shown[phone]] * 2)
            batch.append((phone, whole, number))
        told = await asyncio.gather(*(answerer.answer(text(no, phone=phone, said=one)) for phone, one, no in batch))
        for (phone, whole, no), answer in zip(batch, told, strict=True):
            stored = await people.fetch(
                "select r.value from readings r join inbox i on i.id = r.inbox_id where i.reference = $1",
                text(no).reference,
            )
            if not stored:
                assert not (answer.text or "").startswith("Принято"), (whole, answer)
            for one in stored:
                accepted += 1
                assert str(int(one[0])) in whole, (whole, answer)
                assert str(int(one[0])) in (answer.text or ""), (whole, answer)
                last[phone] = int(one[0])
    await answerer.close()
    assert accepted > 60
