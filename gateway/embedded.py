"""The PostgreSQL that nobody has to install: it starts with us, ends with us, and keeps its data."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import structlog

from gateway import binaries, cluster

_PATIENCE = 120.0  # seconds; recovery after a crash may have much to replay
_THROWAWAY_PREFIX = "meterline-throwaway-"
_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108  a disk in memory, and the bytes that must be free there
_THROWAWAY_LEFT = 3600.0  # seconds after which a throw-away without a program was left by a kill

_SETTINGS = {
    "port": "5432",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_locks_per_transaction": "128",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",
    "jit": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failed statement and the details of an error hold customers' data: they stay out of the log (R41).
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

_log = structlog.get_logger()


class EmbeddedPostgres:
    """A PostgreSQL on the data in a folder, kept alive until we stop or end.

    A thread starts it and waits by it: on Linux the server is told when that thread ends, however it ends. A server
    that already runs on the folder is attached to; it belongs to the program that holds the folder's lock, and when
    that program is gone, one of those attached starts it again. `throwaway` is for tests: nothing is synced to disk.
    """

    def __init__(
        self,
        folder: Path,
        *,
        throwaway: bool = False,
        outside: Path = cluster.OUTSIDE,
        programs: binaries.Binaries | None = None,
    ) -> None:
        self._folder = folder.absolute()
        self._outside = outside
        self._programs = programs
        self._throwaway = throwaway
        self._lock: BinaryIO | None = None
        self._keeper: threading.Thread | None = None
        self._stopping = threading.Event()
        self._decided = threading.Event()
        self._server: cluster.Server | None = None
        self._failure: Exception | None = None

    def start(self) -> str:
        """The address of the database, as asyncpg and libpq take it; by then it accepts connections.

        :raises cluster.EmbeddedFailed: it did not start; the message says why in one line.
        :raises binaries.PostgresMissing: there is no PostgreSQL to start.
        """
        self._stopping.clear()
        self._decided.clear()
        self._keeper = threading.Thread(target=self._keep, name="postgresql", daemon=True)
        self._keeper.start()
        self._decided.wait()
        if self._failure is not None:
            self._keeper.join()
            raise self._failure
        return self.url

    @property
    def url(self) -> str:
        if self._server is None:
            raise cluster.EmbeddedFailed("PostgreSQL has not been started")
        return self._server.url

    @property
    def pid(self) -> int:
        """The process of the server, which changes when it had to be started again."""
        if self._server is None:
            raise cluster.EmbeddedFailed("PostgreSQL has not been started")
        return self._server.pid

    def stop(self) -> None:
        """Ends the server where it is ours; the data stay."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.join()
            self._keeper = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _keep(self) -> None:
        self._failure = None
        try:
            place = cluster.of(self._folder, outside=self._outside, programs=self._programs)
            while not self._stopping.is_set():
                self._serve(place)
        except OSError as error:
            self._failure = cluster.EmbeddedFailed(f"PostgreSQL did not start: {error}")
        except Exception as error:
            self._failure = error
        finally:
            if self._lock is not None:
                self._lock.close()
                self._lock = None
            self._decided.set()

    def _serve(self, place: cluster.Cluster) -> None:
        """Obtains the server and stays by it until it is gone."""
        try:
            server, process = self._obtain(place)
        except (cluster.EmbeddedFailed, OSError) as failure:
            if not self._decided.is_set():
                raise
            _log.error("postgresql.not_started", why=str(failure))
            self._stopping.wait(1)
            return
        self._server = server
        self._decided.set()
        while process.poll() is None if process is not None else place.server() == server:
            if self._stopping.wait(0.1):
                if self._lock is not None:
                    self._quit(place, server, process)
                return
        _log.warning("postgresql.ended", pid=server.pid)

    def _obtain(self, place: cluster.Cluster) -> tuple[cluster.Server, subprocess.Popen[bytes] | None]:
        """The server that runs on the folder, or one started by us where none is left and the lock is ours."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and not self._stopping.is_set():
            self._lock = self._lock or place.locked()
            server = place.server()
            if server is not None and server.status == "ready" and place.answers(server):
                return server, None
            if server is None and self._lock is not None:
                return self._launch(place, deadline)
            self._stopping.wait(0.05)
        raise cluster.EmbeddedFailed(f"another program uses {place.home}, but no PostgreSQL answers there")

    def _launch(self, place: cluster.Cluster, deadline: float) -> tuple[cluster.Server, subprocess.Popen[bytes] | None]:
        place.prepare(synced=not self._throwaway)
        while True:
            process, since = place.spawn(_SETTINGS | (_UNSAFE if self._throwaway else {}))
            while process.poll() is None and time.monotonic() < deadline:
                server = place.server()
                if server is not None and server.pid == process.pid and server.status == "ready":
                    return server, process
                time.sleep(0.01)
            if process.poll() is None:
                process.send_signal(signal.SIGQUIT)
                process.wait()
            why = place.said(since)
            # The processes of a server that was killed need a moment to see that it is gone.
            if "shared memory block" not in why or time.monotonic() > deadline:
                raise cluster.EmbeddedFailed(f"PostgreSQL did not start: {why} (see {place.log})")
            time.sleep(0.1)

    def _quit(self, place: cluster.Cluster, server: cluster.Server, process: subprocess.Popen[bytes] | None) -> None:
        os.kill(server.pid, signal.SIGQUIT if self._throwaway else signal.SIGINT)
        if process is not None:
            process.wait()
        while place.server() is not None:
            time.sleep(0.02)
        shutil.rmtree(server.sockets, ignore_errors=True)


@contextlib.contextmanager
def throwaway(programs: binaries.Binaries | None = None) -> Iterator[str]:
    """The address of a PostgreSQL for tests, in a temporary folder that goes with it; in memory where there is room,
    for a database is copied for each of many tests."""
    folder = Path(tempfile.mkdtemp(prefix=_THROWAWAY_PREFIX, dir=_in_memory()))
    folder.chmod(0o711)
    for place in {Path(tempfile.gettempdir()), folder.parent}:
        _sweep(place, folder.stat().st_mtime - _THROWAWAY_LEFT)
    server = EmbeddedPostgres(folder, throwaway=True, programs=programs)
    try:
        yield server.start()
    finally:
        server.stop()
        _erase(folder)


def _in_memory() -> Path | None:
    with contextlib.suppress(OSError):
        if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
            return _MEMORY
    return None


def _sweep(place: Path, before: float) -> None:
    """Erases what throw-aways started there before then, by programs since killed, have left."""
    for lock in place.glob(f"{_THROWAWAY_PREFIX}*/lock"):
        with contextlib.suppress(OSError), lock.open("a") as file:
            if lock.stat().st_mtime < before:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _erase(lock.parent)


def _erase(folder: Path) -> None:
    elsewhere = folder / "postgresql"
    if elsewhere.is_symlink():
        shutil.rmtree(elsewhere.resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
