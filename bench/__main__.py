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

from bench import contenders, month, processor, sql, texts, town, webhooks
from bench.baseline import PgbenchMissing
from bench.contenders import Contender, Ground, Measured, Mismatch, Pgbench, Webhooks
from core.store import migrate
from core.store import pool as store
from gateway.embedded import EmbeddedPostgres

RESULTS = Path(__file__).with_name("results.json")
MESSAGES = ("inbound", "balance")
MONTH = "month"
BENCHES = (*MESSAGES, *texts.BENCHES, MONTH)

_MESSAGE = frozenset({"message"})
_READING = frozenset({"message", "reading"})
_SEVERAL = "several processes"
_OUT = Console(width=120)

_RATIOS = (
    ("inbound", "pgbench", "1.0, 1.5 wanted"),
    ("inbound", "textbook", "4"),
    ("inbound", "signature only", ""),
    ("balance", "inbound", "1.0"),
    (_SEVERAL, "pgbench", ""),
)
"""What is divided by what, and the goal (performance.md section 2)."""


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Everything that was measured; in each round the contenders come one after another."""
    alone = {bench: texts.measure(bench, options.rounds) for bench in options.benches if bench in texts.BENCHES}
    months = await _months(options) if MONTH in options.benches else {}
    if not set(options.benches) & set(MESSAGES):
        return {"machine": _interpreter(), "texts": alone, "month": months, "rounds": {}, "peak_bytes": {}}
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
            "machine": _interpreter() | _server(ground),
            "texts": alone,
            "month": months,
            "options": {name: value for name, value in vars(options).items() if not isinstance(value, Path)},
            "rounds": {name: [asdict(one) for one in of_one] for name, of_one in rounds.items()},
            "kinds": {row[0]: row[1] for row in await ground.conn.fetch(sql.KINDS)},
            "peak_bytes": {one.name: one.peak for one in running if isinstance(one, Webhooks)},
        }


async def _months(options: argparse.Namespace) -> dict[str, Any]:
    """The closing of a month at each size, and the peer's bills a second where it is installed."""
    with _folder(options.folder) as folder:
        found = []
        for size in options.sizes:
            (own := folder / str(size)).mkdir(mode=0o711)
            found.append(await month.measure(size, options.rounds, own))
    return {"closed": [asdict(one) for of_size in found for one in of_size], "peer": month.peer(options.rounds)}


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
        yield ground, await _contenders(options.benches, options.processes, ground, stack)


@contextmanager
def _folder(where: Path | None) -> Iterator[Path]:
    """A new folder that is erased in the end; the server, which may run as another user, can enter it."""
    folder = Path(tempfile.mkdtemp(prefix="meterline-bench-", dir=where))
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _contenders(benches: Sequence[str], processes: int, ground: Ground, stack: AsyncExitStack) -> list[Contender]:
    async def started(kind: str, processes: int = 1) -> tuple[int, tuple[int, ...]]:
        return await stack.enter_async_context(contenders.gateways(kind, ground.address, processes))

    port, pids = await started("answering")
    readings = Webhooks("inbound", port, pids, webhooks.readings, _READING)
    await readings.round(ground)  # for the size of what is stored
    found: list[Contender] = []
    if "inbound" in benches:
        await contenders.prepare_pgbench(ground)
        textbook = Webhooks("textbook", *await started("textbook"), webhooks.readings, _READING, share=0.3)
        bare = Webhooks("signature only", *await started("signature"), webhooks.readings, frozenset())
        found += [Pgbench(), readings, textbook, bare]
        if processes > 1:
            found.append(Webhooks(_SEVERAL, *await started("answering", processes), webhooks.readings, _READING))
    if "balance" in benches:
        found += [] if found else [readings]
        found.append(Webhooks("balance", port, pids, webhooks.questions, _MESSAGE))
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
    for one, other, goal in _RATIOS:
        if one in rounds and other in rounds:
            pairs = zip(rounds[one], rounds[other], strict=True)
            found = sorted(first["rate"] / second["rate"] for first, second in pairs)
            middle_one = statistics.median(found)
            ratios.add_row(f"{one} / {other}", f"{middle_one:.2f}", f"{found[0]:.2f}", f"{found[-1]:.2f}", goal)
    if rounds:
        _OUT.print(table)
        _OUT.print(ratios)
    if measured["month"]:
        _show_month(measured["month"])
    for bench, found in measured["texts"].items():
        rate, micro = (statistics.median(one[part] for one in found) for part in ("rate", "micro"))
        _OUT.print(f"{bench}: {rate:,.0f} texts/s on one core, {micro:.1f} µs each")
        if any("most" in one for one in found):
            slowest = max(found, key=lambda one: float(one["most"]))
            _OUT.print(f"the slowest of them: {slowest['most'] / 1000:.1f} ms ({slowest['of']})")


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
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000], help="accounts of the benches of month")
    parser.add_argument("--rounds", type=int, default=7, help="that count; one more warms up")
    parser.add_argument("--processes", type=int, default=1, help="more than one: a gateway of so many is measured too")
    parser.add_argument("--in-flight", type=int, default=64, help="connections, each with one message at a time")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to be measured; default: the temporary one")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of phones and texts")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where everything that was measured is kept")
    options = parser.parse_args(arguments)
    unknown = set(options.benches) - set(BENCHES)
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    options.benches = options.benches or list(MESSAGES)
    return options


def main(arguments: Sequence[str]) -> None:
    """Prints the table and keeps everything in bench/results.json."""
    try:
        options = wanted(arguments)
        measured = asyncio.run(measure(options))
    except (Mismatch, PgbenchMissing, month.Wrong, texts.CasesMissing) as trouble:
        sys.exit(f"meterline bench: {trouble}")
    show(measured)
    options.results.write_text(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
