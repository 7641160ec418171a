"""Twilio's webhooks as bytes, signed beforehand: what a load generator sends without thinking."""

import random
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from bench import town
from channels.sms import message, signature

ACCOUNT_SID, TOKEN, NUMBER = "AC" + "0" * 32, "a token for benches only", "+79780000000"
PUBLIC_URL = "https://sms.example.org"

_EMPTY = [(f"{whose}{part}", "") for whose in ("To", "From") for part in ("Country", "State", "City", "Zip")]
_HEAD = (
    f"POST {message.PATH} HTTP/1.1\r\nHost: sms.example.org\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
    "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
    "I-Twilio-Idempotency-Token: {token}\r\nX-Twilio-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n"
)


def settings(provider: int) -> dict[str, str]:
    """Of a gateway whose provider listens on this port of this machine."""
    return {
        "METERLINE_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "METERLINE_TWILIO_AUTH_TOKEN": TOKEN,
        "METERLINE_TWILIO_NUMBERS": NUMBER,
        "METERLINE_TWILIO_API_BASE": f"http://127.0.0.1:{provider}",
    }


def readings(numbers: Sequence[int], dice: random.Random) -> Iterator[bytes]:
    """A reading from each of these accounts: 28 days' use, a fifth more or less, written as people write it."""
    for number in numbers:
        yield _request(number, reading(dice), dice)


def reading(dice: random.Random) -> str:
    """One of them."""
    count = town.LAST + town.USUAL * 28 // 30 * dice.randint(80, 120) // 100
    form = dice.choices(("{0:05d}", "{0}", "показания {0:05d}", "Добрый день! {0:05d}"), (60, 20, 10, 10))[0]
    return form.format(count)


def questions(numbers: Sequence[int], dice: random.Random) -> Iterator[bytes]:
    """The question for the balance from each of these accounts."""
    for number in numbers:
        yield _request(number, dice.choice(("баланс", "долг", "Сколько платить?", "BAL")), dice)


def _request(number: int, text: str, dice: random.Random) -> bytes:
    sid = f"SM{dice.getrandbits(128):032x}"
    params = [
        *_EMPTY,
        ("SmsMessageSid", sid),
        ("NumMedia", "0"),
        ("SmsSid", sid),
        ("SmsStatus", "received"),
        ("Body", text),
        ("To", NUMBER),
        ("NumSegments", "1"),
        ("MessageSid", sid),
        ("AccountSid", ACCOUNT_SID),
        ("From", town.phone(number)),
        ("ApiVersion", "2010-04-01"),
    ]
    body = urlencode(params).encode()
    signed = signature.sign(PUBLIC_URL + message.PATH, params, TOKEN)
    return _HEAD.format(token=f"{dice.getrandbits(128):032x}", signature=signed, length=len(body)).encode() + body
