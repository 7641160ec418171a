"""Forks gateways off a process that has read the program already: one that is killed is back in a moment, so that
strikes meet gateways at their work and not the reading of modules.

`python -m tests.chaos.nursery [MISTAKE]` reads a line of JSON for each process to be started, [NAME, LOG, ARGUMENTS];
it writes `["started", NAME, PID]`, and `["ended", PID, CODE]` when one has ended.
"""

import ctypes
import json
import os
import select
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from channels.telegram import carry
from gateway import __main__ as command
from tests.chaos import planted

LOOK = 0.02
"""Seconds between two looks for those that have ended."""

_SET_PDEATHSIG = 1

READ = (carry,)
"""What a gateway reads only when it first needs it, which takes seconds."""


def end_with_parent() -> None:
    """From now on this process is killed when its parent dies, where the system can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL)


def keep() -> None:
    """Starts what it is told to, until its input ends."""
    alive: set[int] = set()
    heard = b""
    while True:
        if select.select([0], [], [], LOOK)[0]:
            piece = os.read(0, 65536)
            if not piece:
                return
            *lines, heard = (heard + piece).split(b"\n")
            for line in lines:
                name, log, arguments = json.loads(line)
                pid = os.fork() or _live(log, arguments)
                alive.add(pid)
                _tell("started", name, pid)
        while alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            alive.discard(pid)
            _tell("ended", pid, os.waitstatus_to_exitcode(status))


def _live(log: str, arguments: Sequence[str]) -> NoReturn:
    """The child: the command `meterline` with these arguments, writing into the log; does not return."""
    end_with_parent()
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in ((0, nothing), (1, written), (2, written)):
        os.dup2(file, number)
    sys.argv = ["meterline", *arguments]
    code: object = 1
    try:
        command.main()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def _tell(*told: object) -> None:
    os.write(1, json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    for mistake in sys.argv[1:]:
        planted.plant(mistake)
    keep()
