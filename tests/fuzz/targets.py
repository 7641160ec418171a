"""What is thrown at a fuzzer's bytes: each takes any bytes, and fails where something that must hold does not."""

import ipaddress
import unicodedata
from collections.abc import Callable

from channels.sms import form, signature
from core.commands import SubmitReading
from core.grammar import understanding
from gateway import guarding
from tests.core.grammar import worlds

WORLDS = (
    worlds.SINGLE, worlds.DAY_NIGHT, worlds.THREE, worlds.WATER, worlds.TWO_METERS, worlds.STRANGER,
    worlds.CONFIRMING, worlds.CHOOSING, worlds.REMINDED,
)  # fmt: skip
TOKEN = "a token of thirty-two characters"
GUARD = guarding.Guard(proxies=[ipaddress.ip_network("10.0.0.0/8")])


def a_form(data: bytes) -> None:
    """A body is a form or refused; what is read of it can be signed, cleaned and kept."""  # R10
    form.is_form(data.decode("latin-1"))
    try:
        fields = form.parse(data)
    except form.Malformed:
        return
    assert len(fields) <= form.MAX_FIELDS
    signature.sign("https://example.org/sms", fields, TOKEN)
    for _, value in fields:
        clean = form.clean(value)
        clean.encode()
        assert "\0" not in clean
        assert form.clean(clean) == clean == unicodedata.normalize("NFC", clean)


def a_signature(data: bytes) -> None:
    """Nothing raises; what we sign is accepted, and with anything changed it is not."""  # R6
    url, _, rest = data.partition(b"\n")
    address = url.decode("utf-8", "surrogateescape")
    try:
        fields = form.parse(rest)
    except form.Malformed:
        fields = ((rest.decode("latin-1"), "1"),)
    right = signature.sign(address, fields, TOKEN)
    assert signature.verify(address, fields, None, right, TOKEN)
    assert not signature.verify(address, fields, None, right, TOKEN + "x")
    assert not signature.verify(address, (*fields, ("Body", "another")), None, right, TOKEN) or not fields
    flipped = bytearray(right.encode())
    flipped[data[0] % 27 if data else 0] ^= 1
    assert not signature.verify(address, fields, None, bytes(flipped), TOKEN)
    assert not signature.verify(address, fields, None, rest, TOKEN) or rest == right.encode()
    signature.verify(address, None, rest, right, TOKEN)


def a_text(data: bytes) -> None:
    """Any text in any world is some command, always the same, and no reading comes of a text without any."""  # R3, R11
    world = WORLDS[data[0] % len(WORLDS)] if data else worlds.SINGLE
    text = data[1:].decode("utf-8", "ignore")
    command = understanding.understand(text, world)
    assert understanding.understand(text, world) == command
    if isinstance(command, SubmitReading):
        assert any(unicodedata.category(sign)[0] == "N" or sign.isalpha() for sign in text)


def a_proxys_word(data: bytes) -> None:
    """Whatever stands in X-Forwarded-For or Host, the client is an address, or the peer, and no proxy is taken for one
    where there is another."""  # R8
    text = data.decode("latin-1")
    client = GUARD._nearest(text, "10.0.0.1")
    assert client == "10.0.0.1" or ipaddress.ip_address(client.partition("%")[0])
    guarding._is_host(text)
    GUARD.trusts(text)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "form": a_form,
    "signature": a_signature,
    "text": a_text,
    "proxies": a_proxys_word,
}

SEEDS: dict[str, tuple[bytes, ...]] = {
    "form": (b"From=%2B79001112233&Body=04512&To=&MessageSid=SM0", b"Body=%D0%B9+%00%ED%A0%BD", b"a=1&a=1&=&b="),
    "signature": (b"https://example.org:443/sms?a=1\nFrom=%2B7900&Body=1", b"http://[::1]/\n", b"x://u@h:abc/#\na=1"),
    "text": tuple(
        bytes([number % 9]) + said.encode()
        for number, said in enumerate(
            ("04512", "день 100 ночь 200", "показания т1 00123, т2 00456", "Долг по 4321?", "не 04512 а 04513", "12,5",
             "сто двадцать", "0451О", "РЕГ 100200300 12345678", "на 25.11 04512", "\u0664\u0665", "ДА", "30/11 4512 м3")
        )
    ),
    "proxies": (b"1.2.3.4, 10.0.0.1", b"[2001:db8::1]:80", b"::ffff:1.2.3.4", b"fe80::1%eth0", b"unknown, 1.2.3.4:80"),
}  # fmt: skip
"""Where a fuzzer begins."""
