"""Measures ratios in one run, alternating: `meterline bench [inbound] [balance] …`, as bench/README.md describes."""

import argparse
import asyncio
import json
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import beside, contenders, month, outgoing, peer, processor, sql, texts, town, updates, webhooks
from bench.baseline import PgbenchMissing
from bench.contenders import MESSAGE, READING, Contender, Ground, Measured, Mismatch, Pgbench, Webhooks
from core.store import migrate
from core.store import pool as store
from gateway.embedded import EmbeddedPostgres

RESULTS = Path(__file__).with_name("results.json")
MESSAGES = ("inbound", "balance", "telegram", "latency", "roundtrip", "mixed", "peer")
MONTH, GROWTH, MEMORY = "month", "growth", "memory"
BENCHES = (*MESSAGES, *texts.BENCHES, *outgoing.BENCHES, MONTH, GROWTH, MEMORY)

_SEVERAL = "several processes"
_MIXED_SHARE = 0.2
"""Of a round's messages: as long as these come a month is to be billed."""

_OUT = Console(width=120)

_RATIOS = (
    ("inbound", "pgbench", "1.0, 1.5 wanted"),
    ("inbound", "textbook", "4"),
    ("inbound", "signature only", ""),
    ("inbound", peer.NAME, "1.5"),
    ("balance", "inbound", "1.0"),
    ("telegram", "inbound", "0.6"),
    (_SEVERAL, "pgbench", ""),
)
"""What is divided by what, and the goal (performance.md section 2)."""

_OPEN, _OPEN_BARE, _ALONE = "open loop", "open loop, signature only", "before a month"
_DELAYS = ((_OPEN, _OPEN_BARE, "3 at most"), (beside.MIXED, _ALONE, "2 at most"))
"""The same for the time that 99 of 100 messages stay below."""


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Everything that was measured; in each round the contenders come one after another."""
    found: dict[str, Any] = {
        "machine": _interpreter(),
        "options": {name: value for name, value in vars(options).items() if not isinstance(value, Path)},
        "texts": {bench: texts.measure(bench, options.rounds) for bench in options.benches if bench in texts.BENCHES},
        "month": await _months(options) if MONTH in options.benches else {},
        "memory": await _memory(options) if MEMORY in options.benches else {},
        "outgoing": {one: await _outgoing(one, options) for one in options.benches if one in outgoing.BENCHES},
        "rounds": {},
        "peak_bytes": {},
    }
    if GROWTH in options.benches:
        for size in options.sizes:
            grown = await _measured(_with(options, accounts=size, benches=[GROWTH]))
            found["rounds"] |= {f"{name}, {size:,} accounts": rounds for name, rounds in grown["rounds"].items()}
    if messages := [bench for bench in options.benches if bench in MESSAGES]:
        measured = await _measured(_with(options, benches=messages))
        found |= measured | {key: found[key] | measured[key] for key in ("machine", "rounds")}
    return found


def _with(options: argparse.Namespace, **changed: object) -> argparse.Namespace:
    return argparse.Namespace(**(vars(options) | changed))


async def _measured(options: argparse.Namespace) -> dict[str, Any]:
    """The rounds of everybody who answers messages, one after another in each, and what there is to know of them."""
    rounds: dict[str, list[Measured]] = {}
    async with prepared(options) as (ground, running):
        for number in range(options.rounds + 1):
            for contender in running:
                await sql.restore(ground.conn)
                measured = await contender.round(ground)
                _OUT.print(f"round {number} {contender.name}: {measured.rate:,.0f}/s", style="dim")
                if number:  # the first round only warms up
                    rounds.setdefault(contender.name, []).append(measured)
        return {
            "machine": _server(ground),
            "rounds": {name: [asdict(one) for one in of_one] for name, of_one in rounds.items()},
            "kinds": {row[0]: row[1] for row in await ground.conn.fetch(sql.KINDS)},
            "peak_bytes": {one.name: one.peak for one in running if isinstance(one, Webhooks)},
            "billing": {one.name: one.shares for one in running if isinstance(one, beside.Mixed)},
        }


async def _memory(options: argparse.Namespace) -> dict[str, int]:
    """The memory of a gateway when it has started, and after so many messages, bytes."""
    async with prepared(_with(options, benches=[MEMORY])) as (ground, running):
        (gateway,) = running
        assert isinstance(gateway, Webhooks)
        began, done = processor.resident(gateway.pids[0]), 0
        while done < options.total:
            await sql.restore(ground.conn)
            await gateway.round(ground)
            done += min(ground.messages, ground.accounts)
        return {"messages": done, "began": began, "resident": processor.resident(gateway.pids[0]), "peak": gateway.peak}


async def _months(options: argparse.Namespace) -> dict[str, Any]:
    """The closing of a month at each size, and the peer's bills a second where it is installed."""
    with _folder(options.folder) as folder:
        found = []
        for size in options.sizes:
            (own := folder / str(size)).mkdir(mode=0o711)
            found.append(await month.measure(size, options.rounds, own))
    return {"closed": [asdict(one) for of_size in found for one in of_size], "peer": month.peer(options.rounds)}


async def _outgoing(bench: str, options: argparse.Namespace) -> list[outgoing.Round]:
    """The rounds of what goes out, with as many messages as a round has."""
    with _folder(options.folder) as folder:
        return await outgoing.measure(bench, options.messages, options.rounds, folder, rate=options.steady)


@asynccontextmanager
async def prepared(options: argparse.Namespace) -> AsyncIterator[tuple[Ground, Sequence[Contender]]]:
    """A server that keeps what it is given, the town in it, and a process for every contender that needs one."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(_folder(options.folder))
        server = stack.enter_context(EmbeddedPostgres(folder))
        conn = await store.connect(server.url, role=None)
        stack.push_async_callback(conn.close)
        await migrate.migrate(conn)
        with _OUT.status(f"making {options.accounts:,} accounts"):
            await town.build(conn, options.accounts)
        ground = Ground(
            server.url, server.pid, conn, options.accounts, options.messages, options.in_flight, folder,
            random.Random(options.seed),
        )  # fmt: skip
        yield ground, await _contenders(options, ground, stack)


@contextmanager
def _folder(where: Path | None) -> Iterator[Path]:
    """A new folder that is erased in the end; the server, which may run as another user, can enter it."""
    folder = Path(tempfile.mkdtemp(prefix="meterline-bench-", dir=where))
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _contenders(options: argparse.Namespace, ground: Ground, stack: AsyncExitStack) -> list[Contender]:
    async def started(kind: str, processes: int = 1) -> tuple[int, tuple[int, ...]]:
        return await stack.enter_async_context(contenders.gateways(kind, ground.address, processes))

    benches = set(options.benches)
    port, pids = await started("answering")
    readings = Webhooks("inbound", port, pids, webhooks.readings, READING)
    if MEMORY in benches:
        return [readings]
    found: list[Contender] = []
    bare = await started("signature") if benches & {"inbound", "latency"} else (0, ())
    if "inbound" in benches:
        await readings.round(ground)  # for the size of what is stored
        await contenders.prepare_pgbench(ground)
        textbook = Webhooks("textbook", *await started("textbook"), webhooks.readings, READING, share=0.3)
        found += [Pgbench(), readings, textbook, Webhooks("signature only", *bare, webhooks.readings, frozenset())]
        if options.processes > 1:
            several = await started("answering", options.processes)
            found.append(Webhooks(_SEVERAL, *several, webhooks.readings, READING))
    if benches & {"balance", "telegram", "peer", GROWTH}:
        found += [] if found else [readings]
    if "peer" in benches:
        (own := ground.folder / peer.NAME).mkdir()
        found.append(await stack.enter_async_context(peer.running(own)))
    if benches & {"balance", GROWTH}:
        found.append(Webhooks("balance", port, pids, webhooks.questions, MESSAGE))
    if "telegram" in benches:
        await town.open_chats(ground.conn, ground.accounts)
        found.append(Webhooks("telegram", port, pids, updates.readings, READING))
    if "latency" in benches:
        found.append(Webhooks(_OPEN, port, pids, webhooks.readings, READING, rate=options.rate))
        found.append(Webhooks(_OPEN_BARE, *bare, webhooks.readings, frozenset(), rate=options.rate))
    if "roundtrip" in benches:
        found.append(await stack.enter_async_context(beside.sending(ground.address)))
    if "mixed" in benches:
        steady = Webhooks(_ALONE, port, pids, webhooks.readings, READING, share=_MIXED_SHARE, rate=options.steady)
        found += [steady, beside.Mixed(steady, options.billed)]
    return found


def show(measured: Mapping[str, Any]) -> None:
    """The medians of each contender, and the ratios."""
    rounds, peaks = measured["rounds"], measured["peak_bytes"]
    table = Table("", "messages/s", "gateway µs", "database µs", "load µs", "p50 ms", "p99 ms", "peak MiB")
    for name in rounds:
        middle = _medians(rounds[name])
        shown = [f"{middle['rate']:,.0f}", *(f"{middle[part]:.1f}" for part in list(middle)[1:])]
        table.add_row(name, *shown, f"{peaks.get(name, 0) / 2**20:.0f}")
    ratios = Table("", "ratio", "lowest", "highest", "goal")
    for part, pairs in (("rate", [*_RATIOS, *_grown(rounds)]), ("p99", _DELAYS)):
        for one, other, goal in pairs:
            if one in rounds and other in rounds:
                each = zip(rounds[one], rounds[other], strict=True)
                found = sorted(first[part] / second[part] for first, second in each)
                name = f"{one} / {other}" if part == "rate" else f"p99 {one} / {other}"
                ratios.add_row(name, *(f"{x:.2f}" for x in (statistics.median(found), found[0], found[-1])), goal)
    if rounds:
        _OUT.print(table)
        _OUT.print(ratios)
    outgoing.show(_OUT, measured["outgoing"])
    if measured["month"]:
        _show_month(measured["month"])
    if kept := measured["memory"]:
        began, now, peak = (kept[part] / 2**20 for part in ("began", "resident", "peak"))
        _OUT.print(
            f"memory: {began:.0f} MiB at first, {now:.0f} after {kept['messages']:,} messages, {peak:.0f} at most"
        )
    for name, shares in measured.get("billing", {}).items():
        _OUT.print(f"{name}: for {min(shares):.0%} of the time of a round, or more")
    for bench, found in measured["texts"].items():
        rate, micro = (statistics.median(one[part] for one in found) for part in ("rate", "micro"))
        _OUT.print(f"{bench}: {rate:,.0f} texts/s on one core, {micro:.1f} µs each")
        if any("most" in one for one in found):
            slowest = max(found, key=lambda one: float(one["most"]))
            _OUT.print(f"the slowest of them: {slowest['most'] / 1000:.1f} ms ({slowest['of']})")


def _grown(rounds: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The most accounts against the fewest."""
    found = []
    for bench in ("inbound", "balance"):
        sizes = [name for name in rounds if name.startswith(f"{bench}, ")]
        found += [(sizes[-1], sizes[0], "0.75")] if len(sizes) > 1 else []
    return found


def _show_month(measured: Mapping[str, Any]) -> None:
    closed: dict[int, list[Mapping[str, float]]] = {}
    for one in measured["closed"]:
        closed.setdefault(one["accounts"], []).append(one)
    table = Table("month", "accounts/s", "program µs", "database µs", "peak MiB")
    rates = {size: statistics.median(one["rate"] for one in found) for size, found in closed.items()}
    for size, found in closed.items():
        parts = (statistics.median(one[part] for one in found) for part in ("program", "database"))
        peak = max(one["peak"] for one in found) / 2**20
        table.add_row(f"{size:,} accounts", f"{rates[size]:,.0f}", *(f"{part:.0f}" for part in parts), f"{peak:.0f}")
    _OUT.print(table)
    if measured["peer"]:
        bills = statistics.median(measured["peer"])
        _OUT.print(f"PySAM: {bills:,.0f} bills/s; month / PySAM: {max(rates.values()) / bills:.2f} (goal 5)")
    if len(rates) > 1:
        _OUT.print(f"most accounts / fewest: {rates[max(rates)] / rates[min(rates)]:.2f} (goal 0.8)")


def _medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {one.name: statistics.median(each[one.name] for each in rounds) for one in fields(Measured)}


def _server(ground: Ground) -> dict[str, object]:
    return {"postgresql": ".".join(str(part) for part in ground.conn.get_server_version()[:2])}


def _interpreter() -> dict[str, object]:
    return {
        "processors": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "python_pace_ns": round(processor.pace()),
    }


def wanted(arguments: Sequence[str]) -> argparse.Namespace:
    """What is to be measured, and how much of it; exits where it cannot be."""
    parser = argparse.ArgumentParser("meterline bench", description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="|".join(BENCHES), help="default: the first two")
    parser.add_argument("--accounts", type=int, default=10_000, help="in the database")
    parser.add_argument("--messages", type=int, default=10_000, help="a round, each from another phone")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000], help="accounts of month and growth")
    parser.add_argument("--rounds", type=int, default=7, help="that count; one more warms up")
    parser.add_argument("--processes", type=int, default=1, help="more than one: a gateway of so many is measured too")
    parser.add_argument("--rate", type=float, default=500, help="messages a second of latency, whatever is answered")
    parser.add_argument("--steady", type=float, default=200, help="messages a second of mixed and answers")
    parser.add_argument("--billed", type=int, default=60_000, help="accounts of the month of mixed")
    parser.add_argument("--total", type=int, default=100_000, help="messages of memory")
    parser.add_argument("--in-flight", type=int, default=64, help="connections, each with one message at a time")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to be measured; default: the temporary one")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of phones and texts")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where everything that was measured is kept")
    options = parser.parse_args(arguments)
    unknown = set(options.benches) - set(BENCHES)
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    options.benches = options.benches or ["inbound", "balance"]
    return options


def main(arguments: Sequence[str]) -> None:
    """Prints the table and keeps everything in bench/results.json."""
    try:
        options = wanted(arguments)
        measured = asyncio.run(measure(options))
    except (Mismatch, PgbenchMissing, month.Wrong, texts.CasesMissing, peer.KannelMissing) as trouble:
        sys.exit(f"meterline bench: {trouble}")
    show(measured)
    options.results.write_text(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
