"""A full run leaves no phone, word, code, token or signature in the log, in a dump of the database or in an address of
ours (check 5)."""

import io
import logging
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import aiohttp
import asyncpg
import pytest
import structlog

from channels.sms import signature
from demo.carrier_faults import Faults
from gateway import backups, binaries, commands, observe
from tests import make
from tests.flows import raw
from tests.flows.conftest import AUDIT, TOKEN, Street, street
from tests.flows.raw import LAST
from tests.flows.test_identity import CODE
from tests.flows.test_network import post, sid
from tests.house.test_secrets import numbers, shapes
from tests.make import A, M

OWNER, NEW, STRANGER, FORGED = "+79780001701", "+79780001705", "+79031234567", "+79035550123"
WORDS = "Сдаю показания по даче Лариса"
ODD = ["04512\r\nlevel: fake", "<b>тайна</b>", "\x00\u202e04513", "%(debt)s {0.__class__}", "9" * 600]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as the program writes it, all levels."""
    stream, before = io.StringIO(), logging.root.handlers[:]
    observe.configure(secrets=[TOKEN, AUDIT, make.KEY, make.PEPPER], stream=stream, level=logging.DEBUG)
    yield stream
    structlog.reset_defaults()
    logging.root.handlers[:] = before


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every address that was signed, with its signature."""
    made: list[tuple[str, str]] = []
    sign = signature.sign

    def noting(url: str, params: list[tuple[str, str]], token: str) -> str:
        given = sign(url, params, token)
        made.append((url, given))
        return given

    monkeypatch.setattr(signature, "sign", noting)
    return made


async def dump(database: str) -> str:
    """What pg_dump writes, as text."""
    conn = await asyncpg.connect(database)
    program = binaries.fitting(conn.get_server_version().major, "pg_dump")
    await conn.close()
    done = binaries.Account().run([program, "--format=plain"], env=backups._environment(database))
    assert done.returncode == 0, done.stderr
    return done.stdout


async def live(town: Street) -> set[str]:
    """People text, register, dispute, forge and fail; what was said and answered."""
    told: list[str] = []
    for said in ("04512", "04513", "ОТМ", "долг", "45120", "не согласен с суммой", WORDS, *ODD):
        told += [said, *await town.text(OWNER, said)]
    for said in ("РЕГ 100004321 0098765", "04600", "НЕ Я"):
        answers = await town.text(NEW, said)
        told += [said, *answers]
        for code in CODE.findall(" ".join(answers)):
            told += [code, *await town.text(NEW, code)]
    told += [*await town.text(STRANGER, "кто здесь живёт"), *await town.answers(OWNER)]
    assert await post(town, "04600", sid=sid(1), sender=FORGED, token="another token for tests") == 403
    assert await post(town, "04512", sid=sid(2), sender=OWNER) == 200
    assert await post(town, "04999", sid=sid(2), sender=OWNER) == 200
    whole = raw.webhook(town, raw.form(sid=3, sender=FORGED))
    for shape in (whole.replace(b"Content-Length", b"Content-Size"), whole[:-20], whole.replace(b"POST", b"PUT")):
        await raw.say(town, shape + LAST, patience=0.3)
    for path, bearer in (("/audit", AUDIT), ("/metrics", AUDIT), ("/audit", "wrong bearer of nothing")):
        address = f"http://127.0.0.1:{town.parts.settings.staff_port}{path}"
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {bearer}"}) as session:
            await session.get(address)
    await town.quiet()
    return {one for one in told if len(one) > 5}


async def test_a_full_run_leaves_nothing_behind(
    owner: asyncpg.Connection, database: str, pool: asyncpg.Pool, log: io.StringIO, signed: list[tuple[str, str]]
) -> None:  # R40, R41
    await make.company(owner)
    claims = (("2025-10", "431.60", date(2025, 11, 10)),)
    await make.account(owner, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims, names=("дача Лариса",)))
    faults = Faults(before_429=0.1, before_500=0.1, after_500=0.1, receipt_doubled=0.3, undelivered=0.2)
    async with street(database, pool, faults) as town:
        said = await live(town)
        hidden_secrets = set(commands.secrets_of(town.parts.settings))
    phones = {shape for phone in (OWNER, NEW, STRANGER, FORGED) for shape in numbers(phone)}
    signatures = {given for _, given in signed}
    codes = {one for one in said if CODE.fullmatch(one)}
    assert len(codes) == 1
    assert len(signatures) > 20
    assert {TOKEN, AUDIT, make.KEY, make.PEPPER} <= hidden_secrets
    written = log.getvalue()
    assert "sms.refused" in written
    assert "delivery.unclear" in written
    told = written.lower()
    assert {one for one in phones | signatures | said | hidden_secrets if one.lower() in told} == set()
    kept = (await dump(database)).lower()
    assert "copy public.inbox" in kept
    secret = phones | codes | signatures | hidden_secrets | {one for one in said if not one.isdecimal()}
    assert {one for one in secret for shape in shapes(one) if shape in kept} == set()


async def test_no_address_of_ours_names_anybody(
    owner: asyncpg.Connection, database: str, pool: asyncpg.Pool, signed: list[tuple[str, str]]
) -> None:  # R41
    """What Twilio calls is a path, and for receipts our own mark: nothing of a customer, that a proxy would log."""
    await make.company(owner)
    await make.account(owner, A("100004321", (M("0098765"),), ((OWNER, "owner"),)))
    async with street(database, pool) as town:
        await town.text(OWNER, "04512")
        await town.text(NEW, "РЕГ 100004321 0098765")
    assert len(signed) > 3
    for url, _ in signed:
        parts = urlsplit(url)
        assert parts.path in ("/sms/twilio", "/sms/twilio/status")
        assert re.fullmatch(r"(oid=[0-9a-f-]{36})?", parts.query)
