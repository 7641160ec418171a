"""Answers as they come: whole, in pieces, in chunks, and such as make no sense."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from channels.sms import answer
from channels.sms.answer import Answer, NoSense

TAKEN = (
    b"HTTP/1.1 201 Created\r\nDate: Fri, 21 Nov 2025 09:00:00 GMT\r\ncontent-type: application/json\r\n"
    b"Content-Length: 13\r\n\r\n"
    b'{"sid": "SM"}'
)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    b'8;why=not\r\n{"sid": \r\n5\r\n"SM"}\r\n0\r\nTrailer: yes\r\n\r\n'
)
SAID = b'{"sid": "SM"}'


@pytest.mark.parametrize(
    ("came", "status", "body", "stays"),
    [
        (TAKEN, 201, SAID, True),
        (CHUNKED, 200, SAID, True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, b"", True),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n" + TAKEN, 201, SAID, True),
        (b"HTTP/1.1 204\r\n\r\n", 204, b"", True),
        (TAKEN.replace(b"Content-Length", b"connection: Close\r\nContent-Length"), 201, SAID, False),
        (TAKEN.replace(b"1.1 ", b"1.0 "), 201, SAID, False),
        (TAKEN + b"HTTP/1.1 201 Created\r\n", 201, SAID, False),
        (CHUNKED + b"x", 200, SAID, False),
    ],
)
def test_an_answer(came: bytes, status: int, body: bytes, stays: bool) -> None:
    told = answer.read(came)
    assert told is not None
    assert (told.status, told.body, told.stays) == (status, body, stays)


def test_what_ends_with_the_connection() -> None:
    came = b"HTTP/1.1 500 Internal Server Error\r\nRetry-After: 7\r\nX: a\r\nX: b\r\n\r\noops"
    assert answer.read(came) is None
    assert answer.read(came, ended=True) == Answer(500, {"Retry-After": "7", "X": "a, b"}, b"oops", False)


@pytest.mark.parametrize("whole", [TAKEN, CHUNKED])
def test_less_than_all_is_no_answer_yet(whole: bytes) -> None:
    for size in range(len(whole)):
        assert answer.read(whole[:size]) is None, size
        assert answer.read(whole[:size], ended=True) is None, size


@pytest.mark.parametrize(
    "came",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: a\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\r\n folded: b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        b"a" * (answer.MOST + 1),
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + b"a" * answer.MOST,
    ],
)
def test_what_makes_no_sense(came: bytes) -> None:
    with pytest.raises(NoSense):
        answer.read(came)


@given(some.binary(max_size=200), some.booleans(), some.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", TAKEN, CHUNKED]))
def test_nothing_else_is_raised(came: bytes, ended: bool, before: bytes) -> None:
    with suppress(NoSense):
        answer.read(before + came, ended=ended)
