"""Twilio's signature of a webhook, made and checked by hand.

What is signed: the URL that Twilio called, then every parameter's name and value, sorted by name and value, repeats of
a pair once. A body that is no form is not signed itself: the URL carries its SHA-256 as `bodySHA256` instead.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from urllib.parse import parse_qsl

HEADER = "X-Twilio-Signature"
_PORTS = {"https": "443", "http": "80"}
_LENGTH = 28
"""An SHA-1 in base64."""


def sign(url: str, params: Sequence[tuple[str, str]], token: str) -> str:
    """The signature that goes with a call of `url` with these form parameters (none for a body that is no form)."""
    return _mac(_utf8(url), _tail(params), _utf8(token)).decode()


def verify(
    url: str,
    params: Sequence[tuple[str, str]] | None,
    body: bytes | None,
    signature: str | bytes | None,
    token: str,
) -> bool:
    """Whether `signature` is Twilio's for this call; never raises (R6).

    `url` is the address as Twilio was given it, with path and query as they came, undecoded. `params` are a form's
    parameters in full, repeats and blanks kept. `body` is a body that is no form; its hash must then stand in the
    query exactly once. Twilio signs with and without the port in the address, so both are tried.
    """
    given = _utf8(signature) if isinstance(signature, str) else signature
    if given is None or len(given) != _LENGTH or not token:
        return False
    if body is not None and (params or not _hash_matches(url, body)):
        return False
    key, tail = _utf8(token), _tail(params or ())
    if hmac.compare_digest(_mac(_utf8(url), tail, key), given):
        return True
    other = _port_toggled(url)
    return other is not None and hmac.compare_digest(_mac(_utf8(other), tail, key), given)


def _mac(url: bytes, tail: bytes, key: bytes) -> bytes:
    return b64encode(hmac.digest(key, url + tail, "sha1"))


def _tail(params: Sequence[tuple[str, str]]) -> bytes:
    # Well-formed text sorts alike as code points and as bytes; only broken text needs the slower way. Where no name is
    # repeated the names alone are sorted, which is faster than pairs.
    named = dict(params)
    try:
        if len(named) == len(params):
            return "".join([name + named[name] for name in sorted(named)]).encode()
        return "".join([name + value for name, value in sorted(set(params))]).encode()
    except UnicodeEncodeError:
        pairs = {(_utf8(name), _utf8(value)) for name, value in params}
        return b"".join([name + value for name, value in sorted(pairs)])


def _utf8(text: str) -> bytes:
    """The bytes a text came from: an undecodable byte as itself, any other lone surrogate as its three bytes."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _port_toggled(url: str) -> str | None:
    """The URL without its port, or with the scheme's default one where it names none; None where neither is sense."""
    scheme, mark, rest = url.partition("://")
    default = _PORTS.get(scheme)
    if default is None or not mark:
        return None
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    authority, path = rest[:end], rest[end:]
    userinfo, at, host = authority.rpartition("@")
    name, colon, port = host.rpartition(":")
    if not colon or port.endswith("]"):
        host = f"{host}:{default}"
    elif port.isascii() and port.isdigit():
        host = name
    else:
        return None
    return f"{scheme}{mark}{userinfo}{at}{host}{path}"


def _hash_matches(url: str, body: bytes) -> bool:
    query = url.partition("?")[2].partition("#")[0]
    try:
        fields = parse_qsl(query, keep_blank_values=True)
    except ValueError:
        return False
    named = [value for name, value in fields if name == "bodySHA256"]
    expected = hashlib.sha256(body).hexdigest().encode()
    return len(named) == 1 and hmac.compare_digest(_utf8(named[0]), expected)
