"""A reading is checked by what holds on its day: multipliers, failures, seals and verification that facts tell of."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.basics.periods import Period
from core.billing import recording
from core.billing.conditions.model import Kind, Value
from core.billing.recording import NewFact
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

PHONE = "+79780001720"
AT = datetime(2025, 11, 20, 9, tzinfo=UTC)
FLAGS = "select flags from readings where account_id = $1 and inbox_id is not null order by no desc limit 1"


async def home(company: asyncpg.Connection, language: str = "ru", **more: object) -> int:
    meter = M("0098765", **more)  # type: ignore[arg-type]
    return await make.account(company, A("100004321", (meter,), ((PHONE, "owner"),), language=language))


async def told(conn: asyncpg.Connection, account: int, kind: Kind, days: Period, value: Value, name: str = "") -> None:
    meter = await conn.fetchval("select id from meters where account_id = $1", account)
    fact = NewFact(account, kind, days, value, "office", "act 5", meter, name)
    await recording.record_facts(conn, [fact], by="Petrova", at=AT)


async def test_a_multiplier_of_some_of_the_days(town: Street, company: asyncpg.Connection) -> None:
    """30 in 21 days, the multiplier 20 from 11 November on: 14 + 314 kWh, as the bill counts them."""
    account = await home(company)
    await told(company, account, Kind.MULTIPLIER, Period(date(2025, 11, 11), None), 20_000)
    (answer,) = await town.text(PHONE, "04355")
    assert answer.startswith("Принято 04355 (+328)")
    assert "К оплате 1088,96 р." in answer


async def test_what_was_impossible_is_possible_with_the_multiplier(town: Street, company: asyncpg.Connection) -> None:
    """15 kW for 21 days are 7560 kWh: 900 counted are not too much, times 20 they are."""
    account = await home(company)
    (answer,) = await town.text(PHONE, "05225")
    assert answer.startswith("05225: расход 900")
    await told(company, account, Kind.MULTIPLIER, Period(date(2025, 10, 1), None), 20_000)
    (answer,) = await town.text(PHONE, "05225")
    assert answer.startswith("05225 невозможно: расход 18000")


@pytest.mark.parametrize(
    ("kind", "value", "name", "ru", "en", "flag"),
    [
        (Kind.FAILED, "failed", "", "Счётчик неисправен с 01.11.2025", "out of order since 1 Nov 2025", "doubted"),
        (Kind.SEAL, "broken", "S1", "Пломба нарушена с 01.11.2025", "broken since 1 Nov 2025", "doubted"),
        (Kind.VERIFIED, "expired", "", "Поверка истекла 31.10.2025", "expired on 31 Oct 2025", "unverified"),
    ],
)
@pytest.mark.parametrize("language", ["ru", "en"])
async def test_a_count_that_is_not_believed_is_recorded(
    town: Street,
    company: asyncpg.Connection,
    kind: Kind,
    value: str,
    name: str,
    ru: str,
    en: str,
    flag: str,
    language: str,
) -> None:
    account = await home(company, language)
    await told(company, account, kind, Period(date(2025, 11, 1), None), value, name)
    (answer,) = await town.text(PHONE, "04512")
    assert answer.startswith("Записано 04512." if language == "ru" else "Recorded 04512")
    assert (ru if language == "ru" else en) in answer, answer
    assert flag in await town.pool.fetchval(FLAGS, account)


async def test_a_meter_that_was_verified_anew_is_believed(town: Street, company: asyncpg.Connection) -> None:
    """It came with a verification until 1 October; a fact says that it holds again from the 20th on."""
    account = await home(company, verified_until=date(2025, 10, 1))
    (answer,) = await town.text(PHONE, "04400")
    assert "Поверка истекла 01.10.2025" in answer
    await told(company, account, Kind.VERIFIED, Period(date(2025, 10, 20), None), "verified")
    (answer,) = await town.text(PHONE, "04512")
    assert answer.startswith("Исправлено: 04512"), answer
    assert "Поверка" not in answer
    assert await town.pool.fetchval(FLAGS, account) == ["correction"]


async def test_no_statement_more_is_needed(town: Street, company: asyncpg.Connection) -> None:
    """What the checks go by comes in the state: no table of facts is read for an answer."""
    account = await home(company)
    await told(company, account, Kind.MULTIPLIER, Period(date(2025, 11, 11), None), 20_000)
    reads = "select seq_scan + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = 'conditions'"
    await company.execute("select pg_stat_force_next_flush()")
    before = await company.fetchval(reads)
    await town.text(PHONE, "04355")
    await company.execute("select pg_stat_clear_snapshot()")
    assert await company.fetchval(reads) == before
