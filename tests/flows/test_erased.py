"""A customer is erased: what was his opens with no key any more, his phone is a stranger's, and the ledger stays."""

import os
from collections.abc import Iterator
from datetime import date, timedelta

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from core.accounts.model import Role
from core.basics.sealing import Sealer
from core.contracts import actions as contracts
from core.contracts.model import TERMS, Document, Wanted
from core.erasing import actions
from core.erasing.model import Obstacle, Refused, State
from core.outbox.noticing import Wire
from core.store.pool import acquire
from gateway.parts import words
from tests import make
from tests.flows.conftest import NOON, Street
from tests.flows.test_identity import CODE
from tests.flows.test_traces import dump
from tests.house.test_secrets import numbers, shapes
from tests.make import A, M

HIS, MOTHERS, NEIGHBOUR = "+79780001705", "+79780001706", "+79780001707"
NUMBER, HERS, OTHERS = "100004321", "100004322", "100004323"
NAME, WORDS, STRANGE = "Сидоров Пётр", "Кошка Мурка съела квитанцию", "Соседский пароход ещё неизвестен"
HASH = make.keyring().phone_hash(HIS)
METER = M("0098765", readings=("4325",), removed_on=date(2025, 11, 1))
PURPOSES = (
    b"phone", b"name", b"address", b"inbox", b"outbox", b"report", b"request", b"task", b"extras", b"chat", b"visit",
    b"document", b"bank", b"contract", b"sheet", b"file", b"photo", b"evidence", b"bill",
)  # fmt: skip
BYTES = """
select table_name, column_name from information_schema.columns
 where table_schema = 'public' and data_type = 'bytea'
   and table_name in (select relname from pg_class where relkind in ('r', 'p'))
"""


async def opened(owner: asyncpg.Connection) -> str:
    """Everything in the database that any key opens which is in it, with the installation's."""
    ring = make.keyring()
    keys: list[Sealer] = [ring.installation]
    keys += [ring.customer(row[0]) for row in await owner.fetch("select data_key from customers") if row[0]]
    said: list[str] = []
    for table, column in await owner.fetch(BYTES):
        for (sealed,) in await owner.fetch(f"select {column} from {table} where {column} is not null"):
            said += [plain.decode("utf-8", "replace") for plain in _opened(sealed, keys)]
    return "\n".join(said)


def _opened(sealed: bytes, keys: list[Sealer]) -> Iterator[bytes]:
    for sealer in keys:
        for purpose in PURPOSES:
            try:
                yield sealer.open(sealed, purpose=purpose)
            except InvalidTag:
                continue


@pytest.fixture
async def lived(company: asyncpg.Connection, town: Street) -> int:
    """A customer who has moved out and owes nothing, whose phone speaks for his mother's account too; his id."""
    ring = make.keyring()
    assert len(await town.text(HIS, STRANGE)) == 1
    account = await make.account(company, A(NUMBER, (METER,), ((HIS, "owner"),), names=("дача",)))
    customer: int = await company.fetchval("select customer_id from accounts where id = $1", account)
    sealer = ring.customer(await company.fetchval("select data_key from customers where id = $1", customer))
    await company.execute(
        "update customers set name_sealed = $2 where id = $1", customer, sealer.seal(NAME.encode(), purpose=b"name")
    )
    await make.account(company, A(OTHERS, (M("0098767"),), ((NEIGHBOUR, "owner"),)))
    for said in (WORDS, "долг", "жалоба кошка мурка не тот счёт"):
        await town.text(HIS, said)
    await town.text(NEIGHBOUR, "04512")
    await town.quiet()
    return customer


async def erase(town: Street, *, number: str = NUMBER, supply: str = "") -> tuple[int, dict[str, str]]:
    """Has it asked for and done by two persons; the number and the acts."""
    async with acquire(town.pool) as conn:
        async with conn.transaction():
            one = await actions.ask(conn, number, request="1042", supply=supply, by="ivanova", at=NOON)
        async with conn.transaction():
            done = await actions.erase(conn, one.id, by="petrova", at=NOON, keyring=make.keyring())
    assert done.state is State.DONE
    return done.id, dict(done.text)


async def test_nothing_of_who_was_erased_can_be_opened(
    town: Street, company: asyncpg.Connection, database: str, lived: int
) -> None:  # R42, R40
    secrets = (*sorted(numbers(HIS)), NAME, WORDS, STRANGE, "кошка мурка")
    before = await opened(company)
    assert [one for one in secrets if one not in before] == [], "each could be opened before"
    ledger = await company.fetch("select * from entries order by 1, 2, 3")
    readings = await company.fetchval("select count(*) from readings")
    _, text = await erase(town)
    after = await opened(company)
    assert [one for one in secrets if one in after] == []
    assert [one for one in numbers(NEIGHBOUR) if one in after] != [], "others' are as they were"
    plain = (await dump(database)).lower()
    assert [one for one in (*secrets, "дача") for shape in shapes(one) if shape in plain] == []
    assert await company.fetch("select * from entries order by 1, 2, 3") == ledger
    assert await company.fetchval("select count(*) from readings") == readings
    counted = await town.audit()
    assert (counted["ledger_sum"], counted["ledger_unbalanced"], counted["unknown_outcome"]) == (0, 0, 0)
    for said in (NUMBER, "1042", "ivanova", "petrova", "21.11.2025", "402-FZ"):
        assert said in text["ru"], said
        assert said in text["en"], said
    assert [one for one in secrets if one in "".join(text.values())] == []


async def test_a_text_from_an_erased_phone_is_a_strangers(
    town: Street, company: asyncpg.Connection, lived: int
) -> None:  # R42
    await erase(town)
    town.clock.forward(hours=25)
    (told,) = await town.text(HIS, "долг")
    assert "не привязан" in told
    [row] = await company.fetch("select customer_id, account_id, fate from inbox order by id desc limit 1")
    assert tuple(row) == (None, None, "answered")
    assert "Не сходится" in (await town.text(HIS, f"РЕГ {NUMBER} 0098765"))[0]
    assert await company.fetchval("select count(*) from links where valid_to is null and phone_hash = $1", HASH) == 0


async def test_the_phone_may_be_taken_by_who_has_it_next(
    town: Street, company: asyncpg.Connection, lived: int
) -> None:  # R42
    """A number that was given to somebody else is linked to his account, in his own keeping."""
    await erase(town)
    town.clock.forward(hours=25)
    asked = CODE.search((await town.text(HIS, f"РЕГ {OTHERS} 0098767"))[0])
    assert asked
    assert "Привязан" in (await town.text(HIS, asked[0]))[0]
    keeper = await company.fetchval("select customer_id from phones where hash = $1", HASH)
    assert keeper == await company.fetchval("select customer_id from accounts where number = $1", OTHERS)
    assert (await town.text(HIS, "04520"))[0].startswith("Принято")


async def test_a_phone_that_speaks_for_others_goes_to_their_keeping(
    town: Street, company: asyncpg.Connection, lived: int
) -> None:  # R42
    hers = await make.account(company, A(HERS, (M("0098766"),), ((MOTHERS, "owner"),)))
    mother = await company.fetchval("select customer_id from accounts where id = $1", hers)
    await make.link(company, hers, lived, HIS, "helper")
    _, text = await erase(town)
    assert await company.fetchval("select customer_id from phones where hash = $1", HASH) == mother
    assert "перешли к ним: 1" in text["ru"]
    assert (await town.text(HIS, "04520"))[0].startswith("Принято")
    after = await opened(company)
    assert WORDS not in after
    assert NAME not in after


async def test_two_persons_do_it_and_once(town: Street, company: asyncpg.Connection, lived: int) -> None:  # R42
    async with acquire(town.pool) as conn:
        async with conn.transaction():
            one = await actions.ask(conn, NUMBER, request="ВХ-77/25", supply="", by="ivanova", at=NOON)
        for odd, key in (("", "papers"), ("x" * 61, "papers"), ("a\nb", "papers"), ("1043", "asked")):
            with pytest.raises(Refused) as told:
                await actions.ask(conn, NUMBER, request=odd, supply="", by="petrova", at=NOON)
            assert told.value.key == key
        with pytest.raises(Refused) as told:
            await actions.erase(conn, one.id, by="ivanova", at=NOON, keyring=make.keyring())
        assert told.value.key == "same"
        with pytest.raises(asyncpg.CheckViolationError):
            await conn.execute(
                "insert into erasure_ends (erasure_id, asked_by, by, done, at, act)"
                " values ($1, 'ivanova', 'ivanova', true, now(), '{}')",
                one.id,
            )
        assert await company.fetchval("select data_key is not null from customers where id = $1", lived)
        async with conn.transaction():
            await actions.turn_down(conn, one.id, by="petrova", at=NOON)
        with pytest.raises(Refused) as told:
            await actions.erase(conn, one.id, by="petrova", at=NOON, keyring=make.keyring())
        assert told.value.key == "turned_down"
    id, text = await erase(town)
    async with acquire(town.pool) as conn, conn.transaction():
        again = await actions.erase(conn, id, by="sidorova", at=NOON + timedelta(1), keyring=make.keyring())
        assert (again.ended_by, dict(again.text)) == ("petrova", text)
        with pytest.raises(Refused) as told:
            await actions.ask(conn, NUMBER, request="1044", supply="", by="ivanova", at=NOON)
        assert told.value.key == "gone"
        with pytest.raises(Refused) as told:
            await actions.turn_down(conn, id, by="ivanova", at=NOON)
        assert told.value.key == "done"
        for number in ("999999999", ""):
            with pytest.raises(Refused) as told:
                await actions.case(conn, number, at=NOON)
            assert told.value.key == "no_account"


async def test_what_stands_in_the_way_is_named(town: Street, company: asyncpg.Connection) -> None:  # R42
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    account = await make.account(company, A(NUMBER, (M("0098765"),), ((HIS, "owner"),), claims))
    customer = await company.fetchval("select customer_id from accounts where id = $1", account)
    async with acquire(town.pool) as conn, conn.transaction():
        of = await actions.case(conn, NUMBER, at=NOON)
    assert (of.customer_id, of.numbers) == (customer, (NUMBER,))
    assert {(one.obstacle, one.about, one.amount) for one in of.standing} == {
        (Obstacle.DEBT, NUMBER, 43160), (Obstacle.SUPPLY, NUMBER, 0),
    }  # fmt: skip
    assert [one.obstacle for one in of.hinders(supply="AKT-1")] == [Obstacle.DEBT]
    async with acquire(town.pool) as conn:
        with pytest.raises(Refused) as told:
            await actions.ask(conn, NUMBER, request="1042", supply="AKT-1", by="ivanova", at=NOON)
    assert (told.value.key, [one.obstacle for one in told.value.standing]) == ("stands", [Obstacle.DEBT])
    assert await company.fetchval("select count(*) from erasures") == 0


async def test_contracts_warnings_and_visits_stand_in_the_way(town: Street, company: asyncpg.Connection) -> None:  # R42
    account = await make.account(company, A(NUMBER, (METER,), ((HIS, "owner"),)))
    customer = await company.fetchval("select customer_id from accounts where id = $1", account)
    wanted = Wanted(
        HIS, NAME, Role.OWNER, Document.PASSPORT, "1234", date(2025, 11, 20), "ru", frozenset(), frozenset(TERMS)
    )
    async with acquire(town.pool) as conn, conn.transaction():
        contract = await contracts.take(
            conn, account, wanted, by="ivanova", at=NOON, wire=Wire(make.keyring(), words(), os.urandom)
        )
    await company.execute("set session_replication_role = replica")  # as if there were an office and a notice
    visit = """insert into visits (office_id, day, starts, starts_at, ticket, account_id, channel, state, since,
                                   made_at)
               values (1, '2025-12-01', '10:00', $2, 'A1', $1, 'web', 'booked', $2, $2)"""
    warned = """insert into notice_recipients (notice_id, phone_hash, subject, account_id, customer_id, language, debt,
                                               outbound_id, worded_at, ended_at)
                values ($6, $2, $1, $1, $3, 'ru', 0, gen_random_uuid(), $4, $5)"""
    await company.execute(visit, account, NOON)
    for no, ended in enumerate((None, NOON - timedelta(1000), NOON - timedelta(1200))):
        await company.execute(warned, account, HASH, customer, NOON - timedelta(1300), ended, no)
    await company.execute("set session_replication_role = origin")
    async with acquire(town.pool) as conn, conn.transaction():
        of = await actions.case(conn, NUMBER, at=NOON)
    assert [(one.obstacle, one.about) for one in of.standing] == [
        (Obstacle.CONTRACT, contract.number),
        (Obstacle.WARNING, NUMBER),
        (Obstacle.WARNING, f"{NUMBER} 2026-02-27"),
        (Obstacle.VISIT, "2025-12-01"),
    ]
