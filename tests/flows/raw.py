"""HTTP said byte by byte to a running gateway, and what it says back."""

import asyncio
from urllib.parse import unquote_plus, urlencode

from channels.sms import signature
from tests.flows.conftest import NUMBER, SID, TOKEN, Street


def form(body: str = "04512", *, sid: int = 1, sender: str = "+79780001705") -> bytes:
    """A webhook's body."""
    told = {"From": sender, "To": NUMBER, "Body": body, "MessageSid": f"SM{sid:032x}", "AccountSid": SID}
    return urlencode(told).encode()


def signed(town: Street, body: bytes, path: str = "/sms/twilio") -> str:
    """The signature of a webhook as Twilio makes it."""
    pairs = [tuple(one.split("=", 1)) for one in body.decode().split("&")]
    return signature.sign(town.url + path, [(name, unquote_plus(value)) for name, value in pairs], TOKEN)


def webhook(town: Street, body: bytes, *more: str, path: str = "/sms/twilio", host: str | None = "Host: gate") -> bytes:
    """A right webhook, whole; `more` are further lines of its head."""
    lines = [f"POST {path} HTTP/1.1", host, "Content-Type: application/x-www-form-urlencoded"]
    lines += [f"Content-Length: {len(body)}", f"X-Twilio-Signature: {signed(town, body)}", *more]
    return "\r\n".join(line for line in lines if line is not None).encode() + b"\r\n\r\n" + body


LAST = b"GET /last HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n"
"""A request that ends a connection: what comes after its 404 was never asked for."""


async def say(town: Street, said: bytes, *, patience: float = 5.0) -> bytes:
    """All that comes back until the connection is closed, or until nothing more comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.parts.settings.port)
    came = b""
    try:
        writer.write(said)
        async with asyncio.timeout(patience):
            while more := await reader.read(65536):
                came += more
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()
    return came


def statuses(answer: bytes) -> list[int]:
    """The status of each answer in what came back."""
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]] + [
        int(part[:3]) for part in answer.split(b"HTTP/1.0 ")[1:]
    ]
