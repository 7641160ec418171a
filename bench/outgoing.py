"""What goes out: messages through the carrier against the library's bare loop, and a broadcast's rows against one
insert from a select."""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import aiohttp
from asyncpg import Connection
from rich.console import Console
from rich.table import Table

from bench import answers, contenders, processor, sql, town, webhooks
from bench.contenders import Mismatch
from core.notices import actions
from core.notices.model import Audience, Draft, Kind
from core.store import migrate
from core.store import pool as store
from gateway.embedded import EmbeddedPostgres
from gateway.parts import words

DELIVERY, BROADCAST, REPLY, ANSWERS = "delivery", "broadcast", "reply", "answers"
BENCHES = (DELIVERY, BROADCAST, REPLY, ANSWERS)
GOALS = {DELIVERY: 0.85, BROADCAST: 0.4}

_BEGUN, _LOOK = 0.4, 0.01
"""Seconds: the greetings go out for so long before the reply is put, and it is looked for so often."""

_TREE = Path(__file__).parents[1]
_TEXT = {"ru": "С Новым годом! Тепла и света вашему дому. {company}", "en": "Happy New Year! {company}"}

Round = Mapping[str, float]
"""What was measured in a round, by name: rates a second of both sides, and more."""


async def measure(bench: str, size: int, rounds: int, folder: Path, *, rate: float) -> list[Round]:
    """The rounds of one bench with so many messages; one more warms up. `rate`: texts a second of `answers`.

    :raises Mismatch: not every message went out or was worded, and once.
    """
    with EmbeddedPostgres(folder) as server:
        conn = await store.connect(server.url, role=None)
        await migrate.migrate(conn)
        await town.build(conn, size + (answers.texts(rate) if bench == ANSWERS else 0))
        if bench == ANSWERS:
            sides = answers.measure(
                conn, server.url, folder, size=size, rate=rate, rounds=rounds + 1, waiting=await _worded(conn, size)
            )
        else:
            sides = _SIDES[bench](conn, server.url, size, rounds + 1)
        found = [round_ async for round_ in sides]
        await conn.close()
    return found[1:]


async def _delivered(conn: Connection, address: str, size: int, rounds: int) -> AsyncIterator[Round]:
    port = contenders.free_port()
    env = _settings(address, port)
    server = processor.parent(conn.get_server_pid())
    async with (
        contenders.process("taking", str(port)),
        contenders.speaking("sending", "bare", str(port)) as bare,
        contenders.speaking("sending", "worker", env=env) as worker,
        aiohttp.ClientSession() as session,
    ):
        for _ in range(rounds):
            loop = await _sent(bare, size, session, port)
            await conn.execute(sql.NOTHING_SENT)
            await _wait_for_sending(conn, size)
            database = processor.seconds(server, family=True)
            ours = await _sent(worker, size, session, port)
            database = processor.seconds(server, family=True) - database
            sent = await conn.fetchval(sql.SENT)
            if sent != size:
                raise Mismatch(f"{sent} of {size} messages are on record as sent")
            yield {
                "ours": size / ours[0], "theirs": size / loop[0], "program": ours[1] / size * 1e6,
                "their_program": loop[1] / size * 1e6, "database": database / size * 1e6,
            }  # fmt: skip


async def _replied(conn: Connection, address: str, size: int, rounds: int) -> AsyncIterator[Round]:
    """A reply that nobody holds, beside so many greetings that wait: until the provider has it."""
    port = contenders.free_port()
    async with (
        contenders.process("taking", str(port)),
        contenders.speaking("sending", "worker", env=_settings(address, port)) as worker,
    ):
        assert worker.stdin is not None
        assert worker.stdout is not None
        for _ in range(rounds):
            await conn.execute(sql.NOTHING_SENT)
            await _wait_for_sending(conn, size)
            await conn.execute(sql.GREETINGS)
            worker.stdin.write(f"{size}\n".encode())
            await asyncio.sleep(_BEGUN)
            phone = town.phone(size + 1)
            row = await conn.fetchrow(sql.ONE_CUSTOMER)
            assert row is not None
            sealed = town.keyring().customer(row[1]).seal(phone.encode(), purpose=b"phone")
            id = await conn.fetchval(sql.REPLY, row[0], sealed)
            seconds, greetings = await _passed(conn, id)
            await worker.stdout.readline()
            if await conn.fetchval(sql.SENT) != size + 1:
                raise Mismatch("not all greetings went out")
            if greetings >= size:
                raise Mismatch("no greeting was left to wait")
            yield {"seconds": seconds, "greetings": greetings}


async def _passed(conn: Connection, id: UUID) -> tuple[float, int]:
    """Seconds until the message is sent, and how many greetings are by then."""
    since = time.monotonic()
    while True:
        told = await conn.fetchrow(sql.ENDED, id)
        assert told is not None
        if told["sent"]:
            return time.monotonic() - since, told["greetings"]
        await asyncio.sleep(_LOOK)


async def _wait_for_sending(conn: Connection, size: int) -> None:
    """So many messages that nobody holds, each to a phone of its own."""
    await conn.execute(sql.READY, *zip(*await _worded(conn, size), strict=True))
    await conn.execute("vacuum (analyze) outbox")
    await conn.execute("checkpoint")


async def _worded(conn: Connection, size: int) -> list[tuple[bytes, int, bytes]]:
    """The first phones with their customers, and words for each."""
    keys, rows = town.keyring(), await conn.fetch(sql.PHONES, size)
    text = "Плановые работы 25.11 с 10 до 14: света по л/с ..4321 не будет. 8-800"
    return [(row[0], row[1], keys.customer(row[2]).seal(text.encode(), purpose=b"outbox")) for row in rows]


async def _sent(
    of: asyncio.subprocess.Process, size: int, session: aiohttp.ClientSession, port: int
) -> tuple[float, float]:
    """Seconds, and seconds of processor time, in which the process handed over so many messages."""
    assert of.stdin is not None
    assert of.stdout is not None
    used = processor.seconds(of.pid)
    of.stdin.write(f"{size}\n".encode())
    seconds = float(await of.stdout.readline())
    used = processor.seconds(of.pid) - used
    async with session.get(f"http://127.0.0.1:{port}/counts") as answer:
        told = await answer.json()
    if told != {"total": size, "different": size}:
        raise Mismatch(f"{size} messages were to go out once each, the provider took {told}")
    return seconds, used


async def _broadcast(conn: Connection, address: str, size: int, rounds: int) -> AsyncIterator[Round]:
    await conn.execute(sql.CONSENT, town.TODAY)
    await conn.execute("vacuum (analyze) consents")
    server = processor.parent(conn.get_server_pid())
    for _ in range(rounds):
        await conn.execute(sql.NOTHING_SAID)
        their_database = processor.seconds(server, family=True)
        theirs = await _inserted(conn, size)
        their_database = processor.seconds(server, family=True) - their_database
        await conn.execute(sql.NOTHING_SAID)
        notice = await _submitted(conn)
        await conn.execute("checkpoint")
        database = processor.seconds(server, family=True)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.wording", address, str(notice), cwd=_TREE, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await process.communicate()
        database = processor.seconds(server, family=True) - database
        if process.returncode:
            raise RuntimeError("wording failed")
        found = json.loads(told)
        rows = await conn.fetchrow(sql.WORDED, notice)
        assert rows is not None
        if not found["worded"] == size == rows[0] == rows[1]:
            raise Mismatch(f"{size} people, {found['worded']} worded, {rows[0]} rows for {rows[1]} phones")
        micro = 1e6 / size
        yield {
            "ours": size / found["seconds"], "theirs": size / theirs, "peak": found["peak"],
            "approved": found["approved"] * micro, "program": found["processor"] * micro,
            "database": database * micro, "their_database": their_database * micro,
        }  # fmt: skip


async def _inserted(conn: Connection, size: int) -> float:
    """Seconds of one insert from a select of as many rows of the outbox, as wide as those of the broadcast."""
    await conn.execute("checkpoint")
    since = time.monotonic()
    await conn.execute(sql.ONE_INSERT, size)
    return time.monotonic() - since


async def _submitted(conn: Connection) -> int:
    draft = Draft(Kind.GREETING, Audience(customer="household"), _TEXT, "bench")
    async with conn.transaction():
        made = await actions.create(conn, draft, by="author", at=town.TODAY)
        await actions.submit(conn, made.id, by="author", at=town.TODAY, words=words())
    return made.id


_SIDES = {DELIVERY: _delivered, BROADCAST: _broadcast, REPLY: _replied}


def _settings(address: str, provider: int) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("METERLINE_")}
    return env | {
        "METERLINE_DATABASE_URL": address,
        "METERLINE_PUBLIC_URL": webhooks.PUBLIC_URL,
        "METERLINE_KEY": town.KEY,
        "METERLINE_PEPPER": town.PEPPER,
        "METERLINE_POLL_SECONDS": "86400",
        **webhooks.settings(provider),
    }


def show(out: Console, measured: Mapping[str, Sequence[Round]]) -> None:
    """The medians, and the ratio of each round's two sides."""
    table = Table("", "ours /s", "theirs /s", "ratio", "lowest", "highest", "goal", "more")
    for bench, rounds in measured.items():
        if bench in (REPLY, ANSWERS):
            continue
        ratios = sorted(one["ours"] / one["theirs"] for one in rounds)
        middle = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
        shown = (statistics.median(ratios), ratios[0], ratios[-1])
        more = json.dumps({name: round(value) for name, value in middle.items() if name not in ("ours", "theirs")})
        rates = (f"{middle['ours']:,.0f}", f"{middle['theirs']:,.0f}")
        table.add_row(bench, *rates, *(f"{one:.2f}" for one in shown), str(GOALS[bench]), more)
    if table.rows:
        out.print(table)
    if replied := measured.get(REPLY):
        seconds = [one["seconds"] for one in replied]
        before = statistics.median(one["greetings"] for one in replied)
        out.print(
            f"a reply beside greetings: {statistics.median(seconds):.2f} s, {max(seconds):.2f} at most (goal 2); "
            f"{before:,.0f} greetings had gone"
        )
    if answered := measured.get(ANSWERS):
        _show_answers(out, answered)


def _show_answers(out: Console, rounds: Sequence[Round]) -> None:
    table = Table("answers, ms", "p50", "p99", "most", "webhook p50", "p99", "texts")
    names = ("p50", "p99", "most", "http_p50", "http_p99", "texts")
    for title, prefix in (("alone", "alone_"), ("beside greetings", "")):
        middle = (statistics.median(one[prefix + name] for one in rounds) for name in names)
        table.add_row(title, *(f"{value:,.0f}" for value in middle))
    out.print(table)
    took, most = statistics.median(one["seconds"] for one in rounds), max(one["most"] for one in rounds)
    out.print(f"the greetings took {took:.1f} s; {most:,.0f} ms at most of all rounds (goal 2,000)")
