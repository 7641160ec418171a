"""Work that can wait gives way to the answers of customers: in its own process, and in the database's."""

import contextlib
import os
from pathlib import Path

from asyncpg import Connection

LOWEST = 19
"""The nicest that a process can be to others."""

PATIENT = 10
"""The database's process has a tenth of what another gets, and not less: answers wait for what it has locked."""

_PROCESSES = Path("/proc")
_BACKEND = b"postgres: "


def step_back() -> None:
    """Gives way to every other process (performance.md, rule 8)."""
    os.nice(LOWEST)


def step_back_in(conn: Connection) -> bool:
    """Lets the database's process behind a connection give way to those of others; whether it does now.

    Only a server on this machine, of the same user or under root, can be asked that. Elsewhere nothing changes: there
    the chunks of the work, which are small, are what answers wait for.
    """
    pid = conn.get_server_pid()
    if not _is_backend(pid):
        return False
    try:
        os.setpriority(os.PRIO_PROCESS, pid, PATIENT)
    except OSError:
        return False
    # A kernel that shares the processors out by sessions looks at the session's own number, and a backend is one.
    with contextlib.suppress(OSError):
        if os.getsid(pid) == pid:
            (_PROCESSES / str(pid) / "autogroup").write_text(str(PATIENT))
    return True


def _is_backend(pid: int) -> bool:
    """Whether the process of this machine with the number is a backend of PostgreSQL, which tells what it is: where the
    server is elsewhere, or in a container, the number may be anybody's."""
    try:
        return (_PROCESSES / str(pid) / "cmdline").read_bytes().startswith(_BACKEND)
    except OSError:
        return False
