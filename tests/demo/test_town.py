"""The synthetic town: the same for the same seed, whole, and loaded through the doors that a company uses."""

from datetime import date
from itertools import pairwise

import asyncpg
import phonenumbers
import pytest

from core.accounts import sql as accounts
from core.audit import sql as audit
from core.basics.periods import Month
from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import profiles
from core.billing import sql as billing_sql
from core.messages import Impossible, Unusual
from core.metering import rules
from core.metering import sql as metering
from core.metering.model import Given, Usual
from core.metering.verdicts import Accept, Ask, Verdict
from core.store import pool as store
from demo import sql, stored, town, town_people, town_uses
from demo.clock import START
from demo.town_model import Trait
from demo.town_specials import DAUGHTER_PHONE, HERO, HERO_PHONE

TOWN = town_people.town()
TODAY = START.date()


def test_the_same_seed_makes_the_same_town() -> None:
    assert town_people.town(1) == town_people.town(1)
    assert town_people.town(1) != town_people.town(2)
    for dwelling in TOWN.dwellings[:40]:
        assert town_uses.readings(dwelling, seed=1) == town_uses.readings(dwelling, seed=1)


def test_there_is_somebody_of_every_kind() -> None:
    assert 190 <= len(TOWN.dwellings) <= 210
    assert {trait for one in TOWN.inhabitants for trait in one.traits} == set(Trait)
    assert any(not dwelling.links for dwelling in TOWN.dwellings)


def test_numbers_names_and_phones_are_unique_and_possible() -> None:
    assert len({one.number for one in TOWN.dwellings}) == len(TOWN.dwellings)
    assert len({one.key for one in TOWN.inhabitants}) == len(TOWN.inhabitants)
    assert len({one.phone for one in TOWN.inhabitants}) == len(TOWN.inhabitants)
    for one in TOWN.inhabitants:
        assert phonenumbers.is_possible_number(phonenumbers.parse(one.phone))


def test_counts_never_go_down_but_past_zero() -> None:
    for dwelling in TOWN.dwellings:
        wheels = {meter.serial: 10**meter.digits * 1000 for meter in dwelling.meters}
        for before, after in pairwise(town_uses.readings(dwelling, seed=TOWN.seed)):
            assert before.day < after.day < TODAY
            for (serial, old), (_, new) in zip(before.values, after.values, strict=True):
                for low, high in zip(old, new, strict=True):
                    assert (high - low) % wheels[serial] < wheels[serial] // 10, dwelling.number


async def test_the_first_example_stands_as_it_is_told(town_conn: asyncpg.Connection) -> None:
    account = (await sql.account_ids(town_conn, [HERO]))[HERO]
    state = (await billing_sql.read_states(town_conn, [account]))[account]
    (register,) = state.registers.values()
    assert register.last is not None
    assert (register.last.day, register.last.value) == (date(2025, 10, 31), 4_325_000)
    assert register.usual == Usual(3_250_000, 365)
    assert [(one.month, one.due_on, one.remaining) for one in state.claims] == [
        (Month(2025, 10), date(2025, 11, 10), 431_60)
    ]
    assert state.balance == 431_60


@pytest.mark.parametrize(("value", "expected"), [(4512, Accept), (4912, Unusual), (45120, Impossible)])
async def test_the_first_example_is_believed_asked_and_corrected(
    town_conn: asyncpg.Connection, value: int, expected: type
) -> None:
    verdict = await _judged(town_conn, value)
    found = verdict if isinstance(verdict, Accept) else verdict.reply
    assert isinstance(found, expected)
    if isinstance(verdict, Ask):
        assert [one.digits for one in verdict.yes] == ["04912" if value == 4912 else "04512"]


async def _judged(conn: asyncpg.Connection, value: int) -> Verdict:
    account = (await sql.account_ids(conn, [HERO]))[HERO]
    state = (await billing_sql.read_states(conn, [account]))[account]
    meters = (await metering.meters(conn, [account]))[account]
    given = Given(meters[0], 1, f"{value:05d}", value * 1000)
    return rules.check(
        [given], state.registers, meters, today=TODAY, day=TODAY, window=town.COMPANY.window,
        billed_through=state.billed_through,
    )  # fmt: skip


async def test_everything_before_is_paid_to_the_kopeck(town_conn: asyncpg.Connection) -> None:
    account = (await sql.account_ids(town_conn, [HERO]))[HERO]
    claims = (await billing_sql.claims(town_conn, [account]))[account]
    paid = (await billing_sql.payments(town_conn, [account]))[account]
    assert len(claims) == 24
    assert sum(one.amount for one in paid) == sum(one.amount for one in claims[:-1])


async def test_a_phone_with_three_accounts_has_its_own_names_for_them(
    town_conn: asyncpg.Connection, keyring: Keyring
) -> None:
    found = await stored.snapshot(town_conn, keyring.phone_hash(DAUGHTER_PHONE), at=START, due=_due)
    assert [(one.number[-4:], one.name, one.reads) for one in found.accounts] == [
        ("4321", "Свободы", True), ("4407", "Дача", True), ("5110", "Мама", False)
    ]  # fmt: skip


def _due(month: Month) -> date:
    return profiles.due_on(town.COMPANY.pack, month)


async def test_the_company_is_set(town_conn: asyncpg.Connection) -> None:
    assert await accounts.company(town_conn) == town.COMPANY


async def test_the_books_are_sound_and_the_states_are_those_of_the_facts(town_conn: asyncpg.Connection) -> None:
    counted = await audit.count(town_conn)
    assert {name: number for name, number in counted.items() if number} == {}
    ids = list((await sql.account_ids(town_conn, [one.number for one in town_people.town(count=0).dwellings])).values())
    assert len(ids) == len(town_people.town(count=0).dwellings)
    assert await billing.rebuild(town_conn, ids) == 0


async def test_loading_again_changes_nothing(town_conn: asyncpg.Connection, keyring: Keyring) -> None:
    before = await _everything(town_conn)
    assert not await town.load(town_conn, keyring, town=town_people.town(count=0))
    assert await _everything(town_conn) == before


class Interrupted(Exception):
    """What a test makes of a kill."""


@pytest.mark.parametrize("steps", [2, 15, 27])
async def test_a_load_that_was_interrupted_goes_on_where_it_stopped(
    database: str, town_conn: asyncpg.Connection, keyring: Keyring, steps: int
) -> None:
    def kill(done: int, _: int) -> None:
        if done == steps:
            raise Interrupted

    conn = await store.connect(database)
    try:
        with pytest.raises(Interrupted):
            await town.load(conn, keyring, town=town_people.town(count=0), progress=kill)
        assert await town.load(conn, keyring, town=town_people.town(count=0))
        assert await _everything(conn) == await _everything(town_conn)
    finally:
        await conn.close()


async def _everything(conn: asyncpg.Connection) -> list[tuple[object, ...]]:
    """The states and the number of every kind of fact."""
    states = await conn.fetch(
        "select a.number, s.fact_no, s.balance, s.billed_through, s.claims from account_states s"
        " join accounts a on a.id = s.account_id order by 1"
    )
    counts = [
        await conn.fetchval(f"select count(*) from {name}") for name in ("readings", "claims", "payments", "links")
    ]
    return [*map(tuple, states), tuple(counts)]


async def test_the_phones_of_the_town_are_not_in_the_database_in_clear(town_conn: asyncpg.Connection) -> None:
    # R40
    found = await town_conn.fetchval(
        "select count(*) from phones where position($1::bytea in sealed) > 0", HERO_PHONE.encode()
    )
    assert found == 0
