"""A peer: Kannel, an SMS gateway in C, answers every text by a fixed one and keeps its messages in its spool.

`python -m bench.peer FOLDER` starts it in that folder, in a network of its own, since its ports cannot be kept to the
loopback otherwise. Prints "ready", reads numbers of messages from its input, and prints for each the seconds until the
last answer came, with the processor time of Kannel and of the load.
"""

import asyncio
import fcntl
import json
import os
import shutil
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import contenders, processor, town
from bench.contenders import Ground, Measured, Mismatch

NAME = "kannel"
TEXT = "To pay 1052.44, of which overdue 431.60"

_IN_FLIGHT = 5000
"""Texts on their way at a time, for it is quickest with many."""

_PATIENCE = 30.0
_HERE, _PORT, _BOX, _ADMIN = "127.0.0.1", 13902, 13901, 13900
_SHORT = "200"
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41
_FOLDERS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"

_SETTINGS = """
group = core
admin-port = {admin}
admin-password = bench
smsbox-port = {box}
box-allow-ip = {here}
store-type = spool
store-location = {spool}

group = smsc
smsc = fake
port = {port}
connect-allow-ip = {here}

group = smsbox
bearerbox-host = {here}

group = sms-service
keyword = default
max-messages = 1
text = "{text}"
"""


class KannelMissing(Exception):
    """There is no Kannel: Debian has it as the package kannel."""


@dataclass(frozen=True, slots=True)
class Kannel:
    """The peer behind a process of ours that speaks to it."""

    process: asyncio.subprocess.Process
    name: str = NAME

    async def round(self, ground: Ground) -> Measured:
        """:raises Mismatch: not every text was answered once."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{ground.messages}\n".encode())
        told = json.loads(await self.process.stdout.readline() or "null")
        if told is None or told["answered"] != ground.messages:
            raise Mismatch(f"{NAME}: {ground.messages} texts were answered {told}")
        used, load = (told[part] / ground.messages * 1e6 for part in ("used", "load"))
        return Measured(ground.messages / told["seconds"], used, 0.0, load)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Kannel]:
    """Kannel, until the end.

    :raises KannelMissing: it is not installed.
    """
    _programs()
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    async with contenders.speaking("peer", str(folder), under=apart) as process:
        yield Kannel(process)


def _programs() -> tuple[str, str]:
    bearer, sms = (shutil.which(name, path=_FOLDERS) for name in ("bearerbox", "smsbox"))
    if bearer is None or sms is None:
        raise KannelMissing("no Kannel found: install the package kannel")
    return bearer, sms


async def main(folder: Path) -> None:
    """Kannel and what speaks to it, until the input ends."""
    _loopback()
    spool, settings = folder / "spool", folder / "kannel.conf"
    spool.mkdir()
    settings.write_text(
        _SETTINGS.format(admin=_ADMIN, box=_BOX, port=_PORT, here=_HERE, spool=spool, text=TEXT), encoding="ascii"
    )
    started: list[asyncio.subprocess.Process] = []
    try:
        for program in _programs():
            quiet = asyncio.subprocess.DEVNULL
            started.append(
                await asyncio.create_subprocess_exec(program, "-v", "4", str(settings), stdout=quiet, stderr=quiet)
            )
            await _listening(_BOX)
        reader, writer = await _connected()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while number := (await asyncio.to_thread(sys.stdin.readline)).strip():
            told = await _answered(reader, writer, int(number), [one.pid for one in started])
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()
    finally:
        for one in reversed(started):
            one.terminate()
            await one.wait()


async def _answered(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, pids: Sequence[int]
) -> dict[str, float]:
    """The texts of so many phones, each with its answer."""
    phones = [town.phone(one + 1).removeprefix("+") for one in range(number)]
    lines, answers = [f"{phone} {_SHORT} text 04512\n".encode() for phone in phones], set[bytes]()
    since, used, load = time.monotonic(), sum(map(processor.seconds, pids)), time.process_time()
    writer.writelines(lines[:_IN_FLIGHT])
    for got in range(number):
        answers.add(await asyncio.wait_for(reader.readline(), _PATIENCE))
        if got + _IN_FLIGHT < number:
            writer.write(lines[got + _IN_FLIGHT])
    seconds, load = time.monotonic() - since, time.process_time() - load
    expected = {f"{_SHORT} {phone} text {TEXT}\n".encode() for phone in phones}
    used = sum(map(processor.seconds, pids)) - used
    return {"answered": len(answers & expected), "seconds": seconds, "used": used, "load": load}


async def _listening(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection(_HERE, port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return writer.close()
    raise RuntimeError(f"nobody listens on port {port}")


async def _connected() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """As the fake centre of SMS, once one text of it is answered: until the boxes know each other all of them wait."""
    await _listening(_PORT)
    reader, writer = await asyncio.open_connection(_HERE, _PORT)
    writer.write(f"1 {_SHORT} text 04512\n".encode())
    await asyncio.wait_for(reader.readline(), _PATIENCE)
    return reader, writer


def _loopback() -> None:
    """Brings up the loopback of the new network."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP_AND_RUNNING))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
