"""Twilio's signature: the published vectors, their mutations, Twilio's own implementation, and odd input."""

# mypy: disable-error-code="import-untyped"

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from channels.sms.signature import sign, verify

URL = "https://meter.example/sms/twilio"
TOKEN = "a token of the account"
PARAMS = (("Body", "04512"), ("From", "+79001112233"), ("NumMedia", "0"), ("FromCity", ""))

Vector = tuple[str, tuple[tuple[str, str], ...] | None, bytes | None, str, str]


def _vectors(cases: Path) -> Iterator[tuple[str, str, Vector]]:
    for line in (cases / "twilio_signatures.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        params = None if case["params"] is None else tuple((name, value) for name, value in case["params"])
        body = None if case["body"] is None else case["body"].encode()
        yield case["id"], case["expect"], (case["url"], params, body, case["signature"], case["token"])


def test_published_vectors(cases: Path) -> None:  # R6
    answered = {name: (expected, verify(*vector)) for name, expected, vector in _vectors(cases)}
    assert len(answered) == 24
    assert {name: got for name, (expected, got) in answered.items() if expected == "accept" and not got} == {}


def test_no_mutation_of_a_vector_passes(cases: Path) -> None:  # R6
    passed = []
    for name, expected, vector in _vectors(cases):
        if expected == "accept":
            passed += [(name, mutant) for mutant in _mutants(vector) if verify(*mutant)]
    # A port in the address may be one that was not signed: then its digits say nothing.
    assert [(name, mutant[0]) for name, mutant in passed if name != "pub-port-strip-https"] == []
    assert all(mutant[0].startswith("https://mycompany.com:") for _, mutant in passed)
    assert len(passed) == len("1234")


def _mutants(vector: Vector) -> Iterator[Vector]:
    url, params, body, signature, token = vector
    for changed in _changed(url):
        yield changed, params, body, signature, token
    for changed in _changed(signature):
        yield url, params, body, changed, token
    for changed in _changed(token):
        yield url, params, body, signature, changed
    for changed in _changed(body.decode() if body else ""):
        yield url, params, changed.encode(), signature, token
    for at, (name, value) in enumerate(params or ()):
        for other in _changed(value):
            yield url, _put(params or (), at, (name, other)), body, signature, token
        for other in _changed(name):
            yield url, _put(params or (), at, (other, value)), body, signature, token


def _changed(text: str) -> Iterator[str]:
    """The text with each of its characters replaced by its neighbour."""
    for at, char in enumerate(text):
        yield text[:at] + chr(ord(char) ^ 1) + text[at + 1 :]


def _put(params: Sequence[tuple[str, str]], at: int, pair: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (*params[:at], pair, *params[at + 1 :])


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=12), st.text(min_size=1, max_size=40))
def test_signs_as_twilio_does(params: list[tuple[str, str]], token: str) -> None:
    params = [pair for pair in params if _is_utf8(pair[0] + pair[1])]
    if not _is_utf8(token):
        return
    multi = _Multi(params)
    signed = sign(URL, params, token)
    assert signed == RequestValidator(token).compute_signature(URL, multi)
    assert verify(URL, params, None, signed, token)


class _Multi(dict[str, list[str]]):
    """The parameters as the library wants them: names with all their values."""

    def __init__(self, params: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for name, value in params:
            self.setdefault(name, []).append(value)

    def getall(self, name: str) -> list[str]:
        return self[name]


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


@pytest.mark.parametrize(
    "signature",
    [None, "", b"", "é" * 28, "\ud800" * 28, "A" * 100_000, b"\xff" * 28, "=" * 28, sign(URL, PARAMS, TOKEN) + "\n"],
)
def test_odd_signatures_are_refused(signature: str | bytes | None) -> None:  # R6
    assert not verify(URL, PARAMS, None, signature, TOKEN)


def test_a_spare_bit_in_the_last_character_is_refused() -> None:
    signed = sign(URL, PARAMS, TOKEN)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = alphabet[alphabet.index(signed[-2]) ^ 1]
    assert not verify(URL, PARAMS, None, signed[:-2] + other + "=", TOKEN)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "://",
        "https://",
        "https://[::1",
        "https://host:abc/",
        "nonsense",
        "https://h:99999999999/",
        "\ud800",
        "https://h/\udc80",
    ],
)
def test_odd_addresses_are_refused_quietly(url: str) -> None:  # R6
    assert not verify(url, PARAMS, None, sign(URL, PARAMS, TOKEN), TOKEN)
    assert not verify(url, None, b"{}", sign(URL, (), TOKEN), TOKEN)


def test_an_empty_token_lets_nobody_in() -> None:
    assert not verify(URL, PARAMS, None, sign(URL, PARAMS, ""), "")


@given(st.text(), st.text(), st.text(), st.binary())
def test_never_raises(url: str, name: str, value: str, body: bytes) -> None:  # R6
    assert not verify(url, [(name, value)], None, sign(URL, PARAMS, TOKEN), TOKEN)
    assert not verify(url, None, body, value, TOKEN)


def test_undecodable_bytes_are_signed_as_they_came() -> None:
    raw = b"\xed\xa0\xbd"
    params = (("Body", raw.decode("utf-8", "surrogateescape")),)
    assert verify(URL, params, None, sign(URL, params, TOKEN), TOKEN)
    assert not verify(URL, (("Body", "\ufffd"),), None, sign(URL, params, TOKEN), TOKEN)


@pytest.mark.parametrize("host", ["[::1]", "user:secret@[::1]", "meter.example", "user@meter.example"])
def test_the_default_port_may_be_signed_or_not(host: str) -> None:
    bare, named = f"https://{host}/x?a=:1", f"https://{host}:443/x?a=:1"
    assert verify(bare, PARAMS, None, sign(named, PARAMS, TOKEN), TOKEN)
    assert verify(named, PARAMS, None, sign(bare, PARAMS, TOKEN), TOKEN)


BODY = b'{"state": "delivered"}'
HASH = hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize(
    ("query", "accepted"),
    [
        (f"?bodySHA256={HASH}", True),
        (f"?a=1&bodySHA256={HASH}&b", True),
        ("", False),
        ("?bodySHA256=", False),
        (f"?bodySHA256={HASH.upper()}", False),
        (f"?bodySHA256={HASH}&bodySHA256={HASH}", False),
        (f"?bodySHA256={'0' * 64}", False),
        (f"#?bodySHA256={HASH}x", False),
    ],
)
def test_a_body_that_is_no_form(query: str, accepted: bool) -> None:  # R6
    url = URL + query
    assert verify(url, None, BODY, sign(url, (), TOKEN), TOKEN) is accepted


def test_a_body_and_parameters_together_are_refused() -> None:
    url = f"{URL}?bodySHA256={HASH}"
    assert not verify(url, PARAMS, BODY, sign(url, PARAMS, TOKEN), TOKEN)
