"""/metrics: what this process has done and how the database stands, in the words of Prometheus. Nothing of a customer
is in them: labels are kinds, states and reasons of ours."""

import asyncio
import gc
import platform
import time
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version

import structlog
from asyncpg import Connection, PostgresError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from core.audit import sql as audit
from core.audit.model import Stand
from core.basics.spread import Spread
from core.jobs import sql as jobs
from core.store.failures import GONE
from core.store.pool import acquire, connect
from gateway import disk, timing
from gateway.guarding import Guard
from gateway.parts import Parts

log = structlog.get_logger()

COUNTED_EVERY = 3600.0
"""Seconds between two counts of what must be zero: they read everything."""

_NEVER_ZERO = frozenset(
    {
        "inbox_total",
        "outbox_total",
        "readings",
        "alarms",
        "inbox_muted",
        "requests_open",
        "outbox_open",
        "unknown_outcome",
        "bcast_open",
    }
)
"""Counters of the audit that may be other than zero in a sound installation at work."""


class Metrics:
    """What one process tells of itself and of the database."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self, parts: Parts, guards: Mapping[str, Guard]) -> None:
        self._parts = parts
        self._guards = guards
        self._process = ProcessCollector(registry=None)
        self._counted: Mapping[str, int] = {}
        self._counted_at: float | None = None
        self._counting: asyncio.Task[None] | None = None

    async def text(self) -> bytes:
        """All of it, as Prometheus reads it; without the database what is known without it."""
        families = [*self._of_process(), *await self._of_database(), *self._of_audit()]
        registry = CollectorRegistry()
        registry.register(_Told(families))
        return await asyncio.to_thread(generate_latest, registry)

    async def count(self) -> None:
        """Counts anew what must be zero, on a connection of its own."""
        conn = await connect(self._parts.dsn)
        try:
            self._counted = await audit.count(conn)
            self._counted_at = time.monotonic()
        finally:
            await conn.close()

    def _of_process(self) -> Iterator[Metric]:
        parts = self._parts
        tally = parts.answerer.tally
        yield _info({"version": version("meterline"), "python": platform.python_version()})
        yield _counter("inbound", "Messages by how they ended in this process.", "fate", tally.fates)
        yield _counter("inbound_unavailable", "Messages refused with 503.", "", {"": tally.unavailable})
        yield _spread("answer_seconds", "From the arrival of a message to its commit.", tally.waits)
        yield _spread("batch_seconds", "One batch in the database.", tally.seconds)
        yield _spread("batch_messages", "Messages in a batch.", tally.batches)
        yield _counter("webhooks_refused", "Webhooks refused, by the ground.", "why", parts.watched.refused)
        yield _counter("sends", "Calls of the carrier, by how they ended.", "outcome", parts.watched.sends)
        yield _spread("send_seconds", "One call of the carrier.", parts.watched.seconds)
        yield from self._of_guards()
        share = disk.used(parts.settings)
        yield _gauge(
            "disk_used_ratio", "The used share of the database's disk.", "", {} if share is None else {"": share}
        )
        if parts.delivery:
            yield _gauge(
                "breaker_open", "Whether the carrier is left alone.", "", {"": float(parts.delivery.is_broken)}
            )
        pool, idle = parts.pool.get_size(), parts.pool.get_idle_size()
        yield _gauge("pool_connections", "The pool's connections.", "state", {"used": pool - idle, "idle": idle})
        collected = {str(one): float(told["collections"]) for one, told in enumerate(gc.get_stats())}
        yield _counter("gc_collections", "Collections of garbage.", "generation", collected)
        yield from self._process.collect()

    def _of_guards(self) -> Iterator[Metric]:
        here = GaugeMetricFamily(
            "meterline_connections", "Open connections, by how they stand.", labels=("port", "state")
        )
        out = CounterMetricFamily(
            "meterline_connections_shown_out", "Connections that we closed, by the reason.", labels=("port", "why")
        )
        for port, guard in self._guards.items():
            for state, number in guard.connections().items():
                here.add_metric((port, state), number)
            for why, number in guard.shown_out.items():
                out.add_metric((port, why), number)
        yield here
        yield out

    async def _of_database(self) -> Iterable[Metric]:
        try:
            async with acquire(self._parts.pool) as conn:
                stand = await audit.stand(conn)
                overdue = await self._overdue(conn)
        except (*GONE, PostgresError) as error:
            log.warning("metrics.no-database", error=type(error).__name__)
            return [_gauge("database_up", "Whether the database answers.", "", {"": 0})]
        return [_gauge("database_up", "Whether the database answers.", "", {"": 1}), *_of_stand(stand, overdue)]

    async def _overdue(self, conn: Connection) -> dict[str, float]:
        """Seconds for which each job of the schedule has been due and not done; those never looked at are left out."""
        zone, _ = await timing.company(conn, self._parts.settings)
        schedule, local = timing.schedule(), timing.local(zone)
        done = await jobs.last_done(conn, [job.name for job in schedule])
        return timing.overdue([job for job in schedule if job.name in done], done=done, local=local)

    def _of_audit(self) -> Iterator[Metric]:
        """What the last count said, and how old it is; a new one is begun where that is too old."""
        age = None if self._counted_at is None else time.monotonic() - self._counted_at
        if (age is None or age > COUNTED_EVERY) and (self._counting is None or self._counting.done()):
            self._counting = asyncio.create_task(self._count_quietly(), name="audit")
        wrong = {name: number for name, number in self._counted.items() if name not in _NEVER_ZERO}
        yield _gauge("must_be_zero", "Counters of the audit that are zero in sound books.", "counter", wrong)
        yield _gauge(
            "counted_age_seconds", "Since the last count of what must be zero.", "", {} if age is None else {"": age}
        )

    async def _count_quietly(self) -> None:
        try:
            await self.count()
        except (*GONE, PostgresError) as error:
            log.warning("metrics.no-database", error=type(error).__name__)


class _Told(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _of_stand(stand: Stand, overdue: Mapping[str, float]) -> Iterator[Metric]:
    states = ("ready", "sending", "unknown")
    messages = {state: stand.open.get(state, (0, 0.0))[0] for state in states}
    oldest = {state: stand.open.get(state, (0, 0.0))[1] for state in states}
    yield _gauge("outbox_messages", "Messages on their way, by state.", "state", messages)
    yield _gauge("outbox_oldest_seconds", "The age of the oldest message in a state.", "state", oldest)
    yield _gauge("outbox_lost_day", "Messages that did not arrive, of the last day.", "state", stand.lost)
    alarms = {kind: number for kind, (number, _) in stand.alarms.items()}
    recent = {kind: number for kind, (_, number) in stand.alarms.items()}
    yield _gauge("alarms", "Alarms for a person to look at, by kind.", "kind", alarms)
    yield _gauge("alarms_hour", "Those of the last hour.", "kind", recent)
    yield _gauge("quarantined", "Messages on which the program failed.", "", {"": alarms.get("quarantined", 0)})
    yield _gauge("jobs_failed", "Periods whose job failed.", "job", stand.failed_jobs)
    yield _gauge("job_overdue_seconds", "For how long a job has been due.", "job", overdue)
    since = {provider: poll[0] for provider, poll in stand.polls.items()}
    failed = {provider: poll[1] for provider, poll in stand.polls.items()}
    fetched = {provider: float(poll[2]) for provider, poll in stand.polls.items()}
    yield _gauge("poll_age_seconds", "Since the provider's list of texts was last read.", "provider", since)
    yield _gauge("poll_failures", "Readings of that list that failed in a row.", "provider", failed)
    yield _counter("poll_fetched", "Texts that only that list brought.", "provider", fetched)
    yield _gauge("outbox_held", "Channels that are held after a restore.", "channel", dict.fromkeys(stand.held, 1.0))
    yield _gauge("database_bytes", "The size of the database.", "", {"": stand.size})
    yield _gauge("database_connections", "Connections to the database, of everybody.", "", {"": stand.connections})
    yield _gauge("database_info", "Its version.", "version", {stand.version: 1})


def _gauge(name: str, tells: str, label: str, values: Mapping[str, float]) -> Metric:
    made = GaugeMetricFamily(f"meterline_{name}", tells, labels=(label,) if label else ())
    for value, number in values.items():
        made.add_metric((value,) if label else (), number)
    return made


def _counter(name: str, tells: str, label: str, values: Mapping[str, float]) -> Metric:
    made = CounterMetricFamily(f"meterline_{name}", tells, labels=(label,) if label else ())
    for value, number in values.items():
        made.add_metric((value,) if label else (), number)
    return made


def _info(values: Mapping[str, str]) -> Metric:
    made = GaugeMetricFamily("meterline_info", "This program.", labels=tuple(values))
    made.add_metric(tuple(values.values()), 1)
    return made


def _spread(name: str, tells: str, spread: Spread) -> Metric:
    made = HistogramMetricFamily(f"meterline_{name}", tells)
    buckets, so_far = [], 0
    for bound, number in zip((*map(str, spread.bounds), "+Inf"), spread.counts, strict=True):
        so_far += number
        buckets.append((bound, float(so_far)))
    made.add_metric((), buckets, sum_value=spread.total)
    return made
