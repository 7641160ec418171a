"""Backup and restore, proven: what a dump holds is counted in its own snapshot and compared when it is restored."""

import asyncio
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from asyncpg import Connection, DuplicateObjectError
from cryptography.exceptions import InvalidTag

from core.audit import sql as audit
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.books import sql as books
from core.books import verifying
from core.outbox import sql as outbox
from core.store import migrate
from core.store import pool as store
from gateway import binaries

NOTE = ".json"
"""What the file beside a dump ends in, which says what the dump holds."""

_QUERY = {
    "host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"
}  # fmt: skip


class BackupFailed(Exception):
    """It could not be dumped or restored, or what came back is not what was there; the message is one line."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a dump holds: each table's rows and a sum over them, the ledger's sum (zero), what customers owe (kopecks),
    the seals of closed days and the last of them, the hash of the file, and by what it was made."""

    program: str
    server: int
    at: str
    tables: Mapping[str, tuple[int, str]]
    ledger: int
    owed: int
    days: int
    head: str
    sha256: str = ""

    @property
    def rows(self) -> int:
        return sum(rows for rows, _ in self.tables.values())


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and which migrations were applied after it."""

    note: Note
    migrated: tuple[str, ...]


async def backup(dsn: str, file: Path, *, at: datetime) -> Note:
    """Dumps the database into the file, with a note of its contents beside it; others go on meanwhile.

    :raises BackupFailed: pg_dump failed, or the file cannot be written.
    """
    unfinished = file.with_name(file.name + ".part")
    conn = await store.connect(dsn, role=None)
    try:
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            name = await audit.snapshot(conn)
            note = await _noted(conn, at=at)
            await _made_closed(unfinished)
            options = ["--format=custom", f"--snapshot={name}", "--no-owner", f"--file={unfinished}"]
            await _run("pg_dump", options, dsn, conn.get_server_version().major)
    finally:
        await conn.close()
    digest = await asyncio.to_thread(_synced, unfinished)
    note = Note(**{**asdict(note), "sha256": digest})
    beside = file.with_name(file.name + NOTE)
    await _made_closed(beside)
    await asyncio.to_thread(beside.write_text, json.dumps(asdict(note), indent=1), encoding="utf-8")
    await asyncio.to_thread(unfinished.replace, file)
    return note


async def restore(dsn: str, file: Path, *, keyring: Keyring) -> Restored:
    """Restores the file into a database without tables, proves that it is what was dumped, that its seals hold and that
    the keys open it, brings it to this version, and holds what would go out of it until it is released (R25).

    :raises BackupFailed: nothing was restored; or, where the message says so, what was does not hold.
    """
    note = await asyncio.to_thread(_read, file)
    conn = await store.connect(dsn, role=None)
    try:
        if there := await conn.fetch(audit.TABLES):
            raise BackupFailed(f"the database is not empty: it has {there[0]['name']} and others; nothing was touched")
        try:
            await conn.execute(f"create role {store.APP_ROLE} nologin")
        except DuplicateObjectError:
            await conn.execute(f"grant {store.APP_ROLE} to current_user")
        options = ["--single-transaction", "--exit-on-error", "--no-owner", str(file)]
        await _run("pg_restore", options, dsn, conn.get_server_version().major, into=True)
        await _prove(conn, note, keyring)
        migrated = await migrate.migrate(conn)
        await outbox.hold(conn, Channel.SMS)
    finally:
        await conn.close()
    return Restored(note, tuple(migrated))


async def _noted(conn: Connection, *, at: datetime) -> Note:
    ledger, owed = await audit.sums(conn)
    heads = await books.heads(conn)
    return Note(
        program=version("meterline"),
        server=conn.get_server_version().major,
        at=at.isoformat(),
        tables=await audit.contents(conn),
        ledger=ledger,
        owed=owed,
        days=len(heads),
        head=heads[-1].head.hex() if heads else "",
    )


async def _prove(conn: Connection, note: Note, keyring: Keyring) -> None:
    """Compares what was restored with what was dumped, and tries the keys.

    :raises BackupFailed: something differs; all is there, and nothing may be started on it.
    """
    found = await _noted(conn, at=datetime.fromisoformat(note.at))
    for name, held in note.tables.items():
        if tuple(held) != found.tables.get(name):
            raise BackupFailed(f"restored, but {name} is not what was dumped: do not start on it")
    if (found.ledger, found.owed, found.head) != (note.ledger, note.owed, note.head):
        raise BackupFailed("restored, but the sums of the books are not those that were dumped: do not start on it")
    proven = await verifying.verify(conn)
    if proven.broken is not None:
        raise BackupFailed(f"restored, but the seal of {proven.broken.day} does not hold: {proven.broken.reason}")
    sealed = await audit.sealed_phone(conn)
    if sealed is not None and (wrong := wrong_key(sealed, keyring)):
        raise BackupFailed(f"restored, but {wrong} is another than that of the dump: find the right one and start then")


def wrong_key(sealed: tuple[bytes, bytes, bytes], keyring: Keyring) -> str | None:
    """Which of the keys does not open some phone (its hash, sealed, and the sealed key of its customer), if any."""
    digest, phone, data_key = sealed
    try:
        plain = keyring.customer(data_key).open(phone, purpose=b"phone")
    except InvalidTag:
        return "METERLINE_KEY"
    return None if keyring.phone_hash(plain.decode()) == digest else "METERLINE_PEPPER"


def _read(file: Path) -> Note:
    beside = file.with_name(file.name + NOTE)
    try:
        told: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
        told["tables"] = {name: (int(rows), str(total)) for name, (rows, total) in told["tables"].items()}
        note = Note(**told)
        digest = _digest(file)
    except OSError as error:
        raise BackupFailed(f"cannot read {error.filename}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise BackupFailed(f"{beside} is not the note of a dump") from error
    if digest != note.sha256:
        raise BackupFailed(f"{file} is not the file that {beside} describes: changed or cut; nothing was touched")
    return note


async def _run(program: str, options: list[str], dsn: str, server: int, *, into: bool = False) -> None:
    """Runs a program of PostgreSQL on the database; passwords go by the environment, where others do not see them."""
    env = _environment(dsn)
    command = [binaries.fitting(server, program), *options, *([f"--dbname={env['PGDATABASE']}"] if into else [])]
    done = await asyncio.to_thread(lambda: binaries.Account().run(command, env=env))
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        told = next((line for line in lines if "error" in line.lower()), lines[-1])
        raise BackupFailed(f"{program} failed: {told}")


def _environment(dsn: str) -> dict[str, str]:
    parts = urlsplit(dsn)
    told = {name: value for name, value in parse_qsl(parts.query) if name in _QUERY}
    whole = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    told |= {name: unquote(str(value)) for name, value in whole.items() if value}
    told.setdefault("dbname", unquote(parts.path.lstrip("/")))
    names = {"dbname": "PGDATABASE"}
    env = {names.get(name, "PG" + name.upper().replace("_", "")): value for name, value in told.items()}
    if "connect_timeout" in told:
        env["PGCONNECT_TIMEOUT"] = env.pop("PGCONNECTTIMEOUT")
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(Path.home()), **env}


async def _made_closed(file: Path) -> None:
    """An empty file that nobody else may read."""

    def make() -> None:
        file.unlink(missing_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    try:
        await asyncio.to_thread(make)
    except OSError as error:
        raise BackupFailed(f"cannot write {file}: {error.strerror}") from error


def _synced(file: Path) -> str:
    """The file's hash, once it is on the disk."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
    return _digest(file)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
