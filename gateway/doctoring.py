"""`meterline doctor`: looks at everything that must be right before customers write, and says what to do where it is
not."""

import sys
import sysconfig
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

import aiohttp
import typer
from aiohttp import http_parser
from asyncpg import Connection, PostgresError

from channels.sms import numbers
from core.accounts import sql as accounts
from core.audit import sql as audit
from core.basics.sealing import Keyring
from core.billing import profiles, vat
from core.billing import sql as billing
from core.billing.model import Tariffs
from core.billing.tariffs import plain
from core.jobs import sql as jobs
from core.quality import actions as quality
from core.quality.model import Fault
from core.store import migrate
from core.store import pool as store
from core.store.failures import GONE
from gateway import backups, disk, timing
from gateway.clock import now
from gateway.commands import Trouble, plain_database
from gateway.doctor_words import LANGUAGES, LEVELS, SUMMARY, WORDS
from gateway.running import run
from gateway.settings import Settings

LONG = 32
"""Characters of a secret that nobody guesses."""

OLDEST = 15
NAMED = 5
"""So many accounts are named where something is wrong with many."""

LATE = 7200.0
"""Seconds after which a job that is due is late."""

APART = 2.0
"""Seconds by which two clocks may differ."""

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `what` is a key of WORDS, `values` stand in its words."""

    level: Level
    what: str
    values: dict[str, object] = field(default_factory=dict)

    def said(self, language: str) -> str:
        words = WORDS[self.what][LANGUAGES.index(language)]
        return f"{LEVELS[language][self.level]}  {words.format(**self.values)}"


def _found(level: Level, what: str, **values: object) -> Finding:
    return Finding(level, what, values)


async def examine(settings: Settings, *, offline: bool = False) -> AsyncIterator[Finding]:
    """Everything, one thing after another; `offline` asks nobody outside."""
    for found in (*_of_program(), *_of_secrets(settings), *_of_network(settings), _of_disk(settings)):
        yield found
    async with plain_database(settings) as dsn:
        async for found in _of_database(settings, dsn):
            yield found
    async for found in _of_carrier(settings, offline=offline):
        yield found


def _of_program() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    arguments = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    optimised = "--enable-optimizations" in arguments and not hasattr(sys, "gettotalrefcount")
    yield (
        _found("ok", "python", version=version, optimised="+")
        if optimised
        else _found("warn", "python slow", version=version)
    )
    slow = http_parser.HttpRequestParser is http_parser.HttpRequestParserPy
    yield _found("fail", "aiohttp slow") if slow else _found("ok", "aiohttp", version=aiohttp.__version__)


def _of_secrets(settings: Settings) -> Iterator[Finding]:
    told = {
        "METERLINE_KEY": settings.key,
        "METERLINE_PEPPER": settings.pepper,
        "METERLINE_AUDIT_TOKEN": settings.audit_token,
    }
    values = {name: secret.get_secret_value() for name, secret in told.items() if secret is not None}
    short = [name for name, value in values.items() if len(value) < LONG]
    often = Counter(values.values())
    same = [name for name, value in values.items() if often[value] > 1]
    if short:
        yield _found("warn", "secrets short", names=", ".join(short))
    if same:
        yield _found("fail", "secrets same", names=", ".join(same))
    if not short and not same:
        yield _found("ok", "secrets")
    yield _found("ok", "audit token") if settings.audit_token else _found("warn", "no audit token")


def _of_network(settings: Settings) -> Iterator[Finding]:
    url, real = settings.public_url, settings.twilio_api_base.startswith("https://api.twilio.com")
    parts = urlsplit(url)
    if _is_local(parts.hostname or ""):
        yield _found("fail" if settings.twilio_account_sid and real else "warn", "url local", url=url)
    elif parts.scheme != "https":
        yield _found("fail", "url plain", url=url)
    else:
        yield _found("ok", "url", url=url)
    if settings.trusted_proxies:
        yield _found("ok", "proxies", proxies=", ".join(map(str, settings.trusted_proxies)))
    elif parts.scheme == "https":
        yield _found("warn", "no proxies")


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host in ("", "localhost") or host.endswith(".local")


def _of_disk(settings: Settings) -> Finding:
    share = disk.used(settings)
    if share is None:
        return _found("warn", "disk unseen")
    level: Level = "ok" if share < disk.HIGH else "warn" if share < disk.FULL else "fail"
    what = {"ok": "disk", "warn": "disk high", "fail": "disk full"}[level]
    return _found(level, what, share=f"{share:.0%}")


async def _of_database(settings: Settings, dsn: str) -> AsyncIterator[Finding]:
    try:
        conn = await store.connect(dsn, role=None)
    except (*GONE, PostgresError) as error:
        yield _found("fail", "database gone", error=type(error).__name__)
        return
    try:
        major = conn.get_server_version().major
        yield (
            _found("ok", "database", version=major)
            if major >= OLDEST
            else _found("fail", "database old", version=major)
        )
        try:
            waiting = await migrate.pending(conn)
        except migrate.MigrationError as error:
            yield _found("fail", "migrations odd", error=error)
            return
        if waiting:
            yield _found("fail", "migrations wait", number=len(waiting))
            return
        yield _found("ok", "migrations")
        for found in [*await _of_setup(conn, settings), *await _of_contents(conn, settings)]:
            yield found
    finally:
        await conn.close()


async def _of_setup(conn: Connection, settings: Settings) -> list[Finding]:
    """How the migrated database is set up."""
    setup = await audit.setup(conn, at=now().timestamp())
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if setup.settings[name] == "off"]
    found = [_found("fail", "not durable", names=", ".join(off)) if off else _found("ok", "durable")]
    if setup.settings["data_checksums"] == "off":
        found.append(_found("warn", "no checksums"))
    found.append(_found("fail", "rights too many") if setup.may_change_facts else _found("ok", "rights"))
    apart = abs(setup.ahead)
    found.append(
        _found("ok", "clock", zone=settings.timezone)
        if apart <= APART
        else _found("warn" if apart <= 60 else "fail", "clock off", seconds=round(apart))
    )
    found.append(_found("warn", "alarms new", number=setup.alarms) if setup.alarms else _found("ok", "alarms"))
    return found


async def _of_contents(conn: Connection, settings: Settings) -> list[Finding]:
    """What stands in it."""
    keyring = Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())
    sealed = await audit.sealed_phone(conn)
    wrong = backups.wrong_key(sealed, keyring) if sealed else None
    found = [_found("fail", "keys wrong", name=wrong) if wrong else _found("ok", "keys")]
    company = await accounts.company(conn)
    found.append(_found("ok", "company", company=company.name) if company else _found("warn", "no company"))
    zone, pack = await timing.company(conn, settings)
    try:
        terms = profiles.profile(pack)
        found.append(_found("ok", "pack", pack=pack))
        found.extend(_of_vat(await billing.tariffs(conn), terms.vat_on_top, timing.local(zone).date()))
    except (profiles.NoProfile, ValueError) as error:
        found.append(_found("fail", "pack wrong", pack=pack, error=error))
    today = timing.local(zone).date()
    if powerless := await quality.found(conn, Fault.NO_POWER, today=today, after=0, most=NAMED + 1):
        accounts_named = ", ".join(one.account for one in powerless[:NAMED])
        found.append(_found("warn", "no power", accounts=accounts_named + (" …" if len(powerless) > NAMED else "")))
    if not await billing.newest_tariff(conn):
        found.append(_found("warn", "no tariffs"))
    schedule = timing.schedule()
    done = await jobs.last_done(conn, [job.name for job in schedule])
    waits = timing.overdue([job for job in schedule if job.name in done], done=done, local=timing.local(zone))
    late = [name for name, seconds in waits.items() if seconds > LATE]
    found.append(_found("warn", "jobs late", names=", ".join(late)) if late else _found("ok", "jobs"))
    return found


def _of_vat(tariffs: Tariffs, law: vat.Vat, today: date) -> Iterator[Finding]:
    """Tariffs that go on at a rate of VAT that is not the law's any more, or will not be."""
    for one in vat.overtaken(tariffs, law):
        level: Level = "fail" if one.since <= today else "warn"
        rates = {"was": plain(one.version.vat, 10), "rate": plain(one.rate, 10)}
        yield _found(level, "vat", plan=one.version.plan, start=one.version.valid.start, since=one.since, **rates)


async def _of_carrier(settings: Settings, *, offline: bool) -> AsyncIterator[Finding]:
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        yield _found("warn", "no sms")
        return
    yield _found("warn", "abroad")
    if offline:
        return
    token = settings.twilio_auth_token.get_secret_value()
    try:
        there = await numbers.webhooks(
            api_base=settings.twilio_api_base, account_sid=settings.twilio_account_sid, auth_token=token
        )
    except numbers.NoAnswer as error:
        yield _found("fail", "carrier silent", error=error)
        return
    ours, right = numbers.address(settings.public_url), True
    for number in settings.twilio_numbers:
        if number not in there:
            right = False
            yield _found("fail", "carrier number", number=number)
        elif there[number] != ours:
            right = False
            yield _found("warn", "carrier elsewhere", number=number, there=there[number] or "—", url=ours)
    if right:
        yield _found("ok", "carrier", url=ours)


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody outside, Twilio neither.")] = False,
    language: Annotated[str, typer.Option(help="The language of the text: en or ru.")] = "en",
) -> None:
    """Look at everything that must be right before customers write, and say what to do where it is not."""
    if language not in LANGUAGES:
        raise Trouble(f"unknown language {language!r}; there are: {', '.join(LANGUAGES)}")
    run(lambda settings: _tell(settings, offline=offline, language=language))


async def _tell(settings: Settings, *, offline: bool, language: str) -> int:
    levels: Counter[str] = Counter(ok=0, warn=0, fail=0)
    async for found in examine(settings, offline=offline):
        levels[found.level] += 1
        typer.echo(found.said(language))
    typer.echo(SUMMARY[language].format(**levels))
    return 1 if levels["fail"] else 0


def add_to(cli: typer.Typer) -> None:
    cli.command()(doctor)
