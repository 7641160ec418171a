"""A folder of PostgreSQL's data: made where it is missing, looked at, and a server started on it."""

import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from gateway import binaries

USER = DATABASE = "meterline"
_LONGEST_SOCKET = 103 - len("/.s.PGSQL.5432")  # bytes; macOS allows a socket's path 103, Linux 107
_LOG_LIMIT = 8 * 1024 * 1024
_SERVERS_USERS = ("meterline", "nobody")  # PostgreSQL refuses root: the first of these that exists runs it
OUTSIDE = Path("/var/lib/meterline")
_SET_PDEATHSIG = 1


class EmbeddedFailed(Exception):
    """PostgreSQL did not start; the message is one line for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class Server:
    """What a running server wrote of itself into its postmaster.pid; `status` is "ready" when it has started."""

    pid: int
    port: str
    sockets: str
    status: str

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={quote(self.sockets, safe='')}&port={self.port}"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the data live, which programs serve them, and as whom."""

    home: Path
    programs: binaries.Binaries
    account: binaries.Account

    @property
    def data(self) -> Path:
        return self.home / "data"

    def locked(self) -> BinaryIO | None:
        """The lock of the program that may start and stop the server, held until closed; None: another has it."""
        lock = _private(self.home / "lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return lock

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    def server(self) -> Server | None:
        """The server that runs on the data now, ready or not; None where only a dead one's note is left."""
        pid, _, _, port, sockets, _, _, status = self._note()
        if not pid.isdecimal() or not _is_postmaster(int(pid), self.data):
            return None
        return Server(pid=int(pid), port=port, sockets=sockets, status=status)

    def answers(self, server: Server) -> bool:
        """Whether it accepts connections: one on its way down may still look ready in its note."""
        asked = [self.programs.program("pg_isready"), "-q", "-h", server.sockets, "-p", server.port]
        return binaries.Account().run(asked, env=self._environment()).returncode == 0

    def prepare(self, *, synced: bool) -> None:
        """Makes the data and their database where there are none: beside, then renamed, so that they are whole.

        :raises EmbeddedFailed: they could not be made, or these programs cannot serve them.
        """
        if self.data.exists():
            self._check_version()
            return
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._own_folder(unfinished)
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = builtin if self.programs.version >= 17 else ["--locale=C.UTF-8"]
        initdb = ["initdb", "-D", str(unfinished), "-U", USER, "-A", "trust", "-E", "UTF8", "--data-checksums", *locale]
        self._run([*initdb, *([] if synced else ["--no-sync"])])
        single = ["postgres", "--single", "-D", str(unfinished), *([] if synced else ["-F"]), "template1"]
        self._run(single, f"CREATE DATABASE {DATABASE}\n")
        unfinished.rename(self.data)

    def spawn(self, settings: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
        """The server, only just started, and where in its log its words begin. It is ended by the end of our thread."""
        sockets = self._sockets()
        self._disown_stale_notes(sockets)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = [self.programs.program("postgres"), "-D", str(self.data), "-k", str(sockets), *options]
        with _private(self.log) as log:
            since = log.tell()
            process = subprocess.Popen(  # noqa: S603 - the command is our own, without a shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                env=self._environment(),
                start_new_session=True,  # else Ctrl-C in a terminal ends it before us
                preexec_fn=_ending_with(os.getpid()),
                user=self.account.uid,
                group=self.account.gid,
                extra_groups=self.account.groups,
            )
            return process, since

    def said(self, since: int) -> str:
        """The last thing that the server complained of since that place in its log, in one line."""
        with self.log.open("rb") as log:
            log.seek(since)
            lines = log.read().decode(errors="replace").splitlines()
        grave = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line]
        return (grave or lines or ["it said nothing"])[-1]

    def _disown_stale_notes(self, sockets: Path) -> None:
        """Keeps a process that was given a dead server's number from being taken for that server.

        The note itself stays: by it the server finds out whether processes of its predecessor are still alive.
        The number of its own parent it knows to be stale.
        """
        for left in sockets.glob(".s.PGSQL.*"):
            left.unlink()
        note = self.data / "postmaster.pid"
        if note.exists():
            note.write_text("\n".join([str(os.getpid()), *note.read_text().splitlines()[1:], ""]))

    def _sockets(self) -> Path:
        """The folder of the socket, closed to others; a temporary one where the path would be too long.

        A server that is started again is found where it was.
        """
        folder = self.home / "run"
        if len(os.fsencode(folder)) > _LONGEST_SOCKET:
            former = self._note()[4]
            folder = Path(former) if former and Path(former).is_dir() else Path(tempfile.mkdtemp(prefix="meterline-"))
        if len(os.fsencode(folder)) > _LONGEST_SOCKET:
            raise EmbeddedFailed(f"the path of {folder} is too long for a socket: choose a shorter METERLINE_DATA_DIR")
        self._own_folder(folder)
        return folder

    def _note(self) -> tuple[str, ...]:
        """The eight lines that a server, running or dead, wrote of itself; empty ones for those that are missing."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            lines = []
        return tuple(line.strip() for line in [*lines, *[""] * 8][:8])

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if self.account.uid is not None and self.account.gid is not None:
            os.chown(folder, self.account.uid, self.account.gid)

    def _check_version(self) -> None:
        written = (self.data / "PG_VERSION").read_text().strip()
        if written != str(self.programs.version):
            raise EmbeddedFailed(
                f"{self.data} was written by PostgreSQL {written}, here is {self.programs.version}: "
                "dump it with the one and restore it with the other"
            )

    def _run(self, command: list[str], said: str = "") -> None:
        program = [self.programs.program(command[0]), *command[1:]]
        done = self.account.run(program, said=said, folder=self.home, env=self._environment())
        grave = [line for line in done.stderr.splitlines() if "error" in line.lower() or "FATAL" in line]
        if done.returncode != 0 or grave:
            raise EmbeddedFailed(f"{command[0]} failed: {(grave or ['it said nothing'])[-1]}")

    def _environment(self) -> dict[str, str]:
        """Nothing of ours: no secrets, and no PGPORT that was meant for somebody else."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.home)}


def of(folder: Path, *, outside: Path = OUTSIDE, programs: binaries.Binaries | None = None) -> Cluster:
    """The cluster that is kept in this folder, served by these programs or those that are found.

    As root the server runs as another user; a folder which that user cannot enter gets a link to one `outside`.

    :raises EmbeddedFailed: the data belong to another user.
    :raises binaries.PostgresMissing: there is no PostgreSQL to serve them.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    elsewhere = folder / "postgresql"
    home = (elsewhere if elsewhere.is_symlink() else folder).resolve()
    programs = programs or binaries.find()
    if os.geteuid() != 0:
        _check_owner(home / "data")
        return Cluster(home, programs, binaries.Account())
    account = _servers_account(home / "data")
    if not _can(account, ["/bin/sh", "-c", 'cd "$0"', str(home)]):
        home = _linked(elsewhere, outside, account)
    if not _can(account, [programs.program("postgres"), "--version"]):
        programs = binaries.copied(home)
    return Cluster(home, programs, account)


def _check_owner(data: Path) -> None:
    if data.exists() and data.stat().st_uid != os.geteuid():
        owner = data.stat().st_uid
        raise EmbeddedFailed(f"{data} belongs to user {owner}: start as him, or choose another METERLINE_DATA_DIR")


def _servers_account(data: Path) -> binaries.Account:
    if data.exists() and data.stat().st_uid != 0:
        return binaries.Account(data.stat().st_uid, data.stat().st_gid)
    known = {user.pw_name: user for user in pwd.getpwall()}
    for name in _SERVERS_USERS:
        if name in known:
            return binaries.Account(known[name].pw_uid, known[name].pw_gid)
    raise EmbeddedFailed("PostgreSQL does not run as root: create a user meterline, or start as an ordinary user")


def _linked(link: Path, outside: Path, account: binaries.Account) -> Path:
    """A new folder outside that the account can enter; the link leads to it from now on."""
    outside.mkdir(parents=True, exist_ok=True, mode=0o711)
    home = Path(tempfile.mkdtemp(dir=outside, prefix=""))
    home.chmod(0o711)
    if not _can(account, ["/bin/sh", "-c", 'cd "$0"', str(home)]):
        home.rmdir()
        raise EmbeddedFailed(f"{link.parent} is closed to the user of PostgreSQL: choose another METERLINE_DATA_DIR")
    try:
        link.symlink_to(home)
    except FileExistsError:  # another program was faster
        home.rmdir()
    return link.resolve()


def _private(path: Path) -> BinaryIO:
    """The file, opened to append to and closed to others."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def _can(account: binaries.Account, command: list[str]) -> bool:
    try:
        return account.run(command, folder=Path("/")).returncode == 0
    except PermissionError:
        return False


def _is_postmaster(pid: int, data: Path) -> bool:
    if sys.platform != "linux":
        return "postgres" in binaries.Account().run(["ps", "-o", "comm=", "-p", str(pid)]).stdout
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data
    except PermissionError:  # root in a container may not look there
        return "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _ending_with(parent: int) -> Callable[[], None] | None:
    """What makes a new process end, gently, with the thread that started it; Linux only.

    It runs after the change of user, which would undo it.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def end_with_parent() -> None:
        prctl(_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return end_with_parent
