"""The doctor finds what is wrong, each with its words in both languages, and nothing where all is right."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from demo.carrier import Carrier
from demo.carrier_calls import Line
from gateway import disk, doctoring
from gateway.doctor_words import LANGUAGES, WORDS
from gateway.settings import Settings, load_settings
from tests import make
from tests.flows.conftest import NUMBER, SID, TOKEN
from tests.make import A, M

PUBLIC = "https://sms.example.org"
RIGHT = {
    "KEY": make.KEY + " of forty characters in all, at least",
    "PEPPER": make.PEPPER + " of forty characters in all, at least",
    "AUDIT_TOKEN": "the token of a monitor, of forty characters",
    "PUBLIC_URL": PUBLIC,
    "TRUSTED_PROXIES": "127.0.0.1",
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_NUMBERS": NUMBER,
}


@pytest.fixture
async def carrier() -> AsyncIterator[str]:
    made = Carrier(account_sid=SID, auth_token=TOKEN, numbers=(NUMBER,), now=lambda: datetime(2025, 11, 21, tzinfo=UTC))
    made.line = Line(webhook=f"{PUBLIC}/sms/twilio")
    yield await made.start()
    await made.stop()


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "used", lambda _: 0.4)


def settings(database: str, carrier: str, **changes: str) -> Settings:
    told = RIGHT | {"DATABASE_URL": database, "TWILIO_API_BASE": carrier} | changes
    return load_settings({f"METERLINE_{name}": value for name, value in told.items() if value})


async def found(told: Settings, *, offline: bool = False) -> dict[str, str]:
    """The level of each finding; its words are there in both languages."""
    seen: dict[str, str] = {}
    async for one in doctoring.examine(told, offline=offline):
        for language in LANGUAGES:
            assert not re.search(r"[{}]", one.said(language))
            for secret in (RIGHT["KEY"], RIGHT["PEPPER"], RIGHT["AUDIT_TOKEN"], TOKEN):
                assert secret not in one.said(language)
        seen[one.what] = one.level
    return seen


@pytest.fixture
async def town(owner: asyncpg.Connection) -> asyncpg.Connection:
    await make.company(owner)
    return owner


async def test_where_all_is_right_nothing_fails(town: asyncpg.Connection, database: str, carrier: str) -> None:
    seen = await found(settings(database, carrier))
    wrong = {what for what, level in seen.items() if level != "ok"}
    # The test's server is made to be thrown away; how Python was built is not for the test to say.
    assert wrong <= {"abroad", "not durable", "python slow"}
    assert {"aiohttp", "secrets", "url", "proxies", "disk", "database", "migrations", "rights", "clock", "keys"} <= set(
        seen
    )
    assert {"clock", "keys", "company", "pack", "jobs", "alarms", "carrier"} <= set(seen)


OFF = [
    ({"KEY": "sixteen letters!"}, "secrets short", "warn"),
    ({"PEPPER": RIGHT["KEY"]}, "secrets same", "fail"),
    ({"AUDIT_TOKEN": ""}, "no audit token", "warn"),
    ({"PUBLIC_URL": "http://127.0.0.1:8080"}, "url local", "warn"),
    ({"PUBLIC_URL": "http://10.0.0.7"}, "url local", "warn"),
    ({"PUBLIC_URL": "http://sms.example.org"}, "url plain", "fail"),
    ({"TRUSTED_PROXIES": ""}, "no proxies", "warn"),
    ({"TWILIO_AUTH_TOKEN": "another token than Twilio's"}, "carrier silent", "fail"),
    ({"TWILIO_API_BASE": "http://127.0.0.1:9"}, "carrier silent", "fail"),
    ({"TWILIO_NUMBERS": "+79780000009"}, "carrier number", "fail"),
    ({"PUBLIC_URL": "https://other.example.org"}, "carrier elsewhere", "warn"),
    ({"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "TWILIO_NUMBERS": ""}, "no sms", "warn"),
    ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, "database gone", "fail"),
]


@pytest.mark.parametrize(("changes", "what", "level"), OFF)
async def test_what_is_wrong_in_the_settings(
    town: asyncpg.Connection, database: str, carrier: str, changes: dict[str, str], what: str, level: str
) -> None:
    assert (await found(settings(database, carrier, **changes)))[what] == level


DAMAGE = [
    ("grant update on entries to meterline_app", "rights too many", "fail"),
    ("delete from store.migrations where name = (select max(name) from store.migrations)", "migrations wait", "fail"),
    ("update store.migrations set digest = 'x'", "migrations odd", "fail"),
    ("delete from company", "no company", "warn"),
    ("update company set profile = 'no such pack'", "pack wrong", "fail"),
    ("delete from tariffs", "no tariffs", "warn"),
    (
        "with firm as (update company set profile = 'RU-legal') insert into tariffs (plan, valid_from, terms, source)"
        """ select 'SAID', '2019-02-01', terms || '{"vat": "20"}', source from tariffs where plan = 'RU-FLAT'""",
        "vat",
        "fail",
    ),
    ("insert into alarms (kind, about, at) values ('muted', 'SM1', now())", "alarms new", "warn"),
    ("insert into jobs (name, period, state) values ('prove', '2025-11-01', 'done')", "jobs late", "warn"),
]


@pytest.mark.parametrize(("damage", "what", "level"), DAMAGE)
async def test_what_is_wrong_in_the_database(
    town: asyncpg.Connection, database: str, carrier: str, damage: str, what: str, level: str
) -> None:
    await town.execute(damage)
    assert (await found(settings(database, carrier)))[what] == level


async def test_keys_that_open_nothing(town: asyncpg.Connection, database: str, carrier: str) -> None:  # R40
    await make.account(town, A("100004321", (M("0098765"),), (("+79780001705", "owner"),)))
    keys = {"KEY": make.KEY, "PEPPER": make.PEPPER}
    assert (await found(settings(database, carrier, **keys)))["keys"] == "ok"
    assert (await found(settings(database, carrier)))["keys wrong"] == "fail"
    assert (await found(settings(database, carrier, KEY=make.KEY)))["keys wrong"] == "fail"


SHARES = [(0.5, "disk"), (0.9, "disk high"), (0.97, "disk full"), (None, "disk unseen")]


@pytest.mark.parametrize(("share", "what"), SHARES)
async def test_the_disk(
    database: str, carrier: str, monkeypatch: pytest.MonkeyPatch, share: float | None, what: str
) -> None:
    monkeypatch.setattr(disk, "used", lambda _: share)
    assert what in await found(settings(database, carrier), offline=True)


async def test_offline_asks_nobody(town: asyncpg.Connection, database: str) -> None:
    seen = await found(settings(database, "http://127.0.0.1:9"), offline=True)
    assert not any(what.startswith("carrier") for what in seen)


def test_every_word_is_there_twice() -> None:
    for what, words in WORDS.items():
        assert len(words) == len(LANGUAGES), what
        fields = [sorted(re.findall(r"{(\w+)}", one)) for one in words]
        assert fields[0] == fields[1], what
