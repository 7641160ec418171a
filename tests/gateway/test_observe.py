"""What a log line shows, and what it never shows."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from gateway import observe

WORDS = "word131word"
SECRET = "a-long-secret-of-the-carrier"


class Log(io.StringIO):
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    stream = Log()
    before = logging.root.handlers[:]
    observe.configure(secrets=[SECRET, ""], stream=stream)
    yield stream
    structlog.reset_defaults()
    logging.root.handlers[:] = before


def test_line_is_json_with_time_in_utc(log: Log) -> None:
    structlog.get_logger().info("started", port=8080, took=0.5, ready=True, peers=("a", "b"))
    (line,) = log.lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "started", "level": "info", "port": 8080, "took": 0.5, "ready": True, "peers": ["a", "b"]}


# R41
@pytest.mark.parametrize(
    "written",
    [
        "+79161234517",
        "79161234517",
        "89161234517",
        "9161234517",
        "+7 (916) 123-45-17",
        "+7 916 123.45.17",
        "%2B79161234517",
        "+4917612345617",
        "+1234517",
        "From=+79161234517&To=x",
        "('+79161234517',)",
    ],
)
def test_phone_keeps_two_digits(log: Log, written: str) -> None:
    structlog.get_logger().info(f"from {written}", peer=written, deep={"of": [{written: (written,)}]})
    (line,) = log.lines()
    assert "345" not in log.getvalue().replace(line["timestamp"], "")
    assert line["peer"].count("…17") == 1
    assert "…17" in line["event"]


def test_phone_as_number_is_masked(log: Log) -> None:
    structlog.get_logger().info("x", peer=79161234517, port=8080, id=123456)
    (line,) = log.lines()
    assert (line["peer"], line["port"], line["id"]) == ("…17", 8080, 123456)


@pytest.mark.parametrize("kept", ["SM" + "1234567890" * 3 + "12", "2025-11-21T12:00:00Z", "131.25", "12345"])
def test_what_is_no_phone_is_kept(log: Log, kept: str) -> None:
    structlog.get_logger().info("x", reference=kept)
    assert log.lines()[0]["reference"] == kept


# R41
@pytest.mark.parametrize(
    "name", ["text", "token", "auth_token", "signature", "debt", "Body", "code", "said", "session_key"]
)
def test_private_values_are_hidden(log: Log, name: str) -> None:
    structlog.get_logger().info("x", **{name: WORDS, "deep": {name: WORDS}, "list": [{name: WORDS}]})
    assert WORDS not in log.getvalue()


def test_secrets_are_hidden_wherever_they_occur(log: Log) -> None:
    structlog.get_logger().info(f"with {SECRET}", url=f"https://user:{SECRET}@example.org", deep=[{SECRET: SECRET}])
    assert SECRET not in log.getvalue()


def test_one_event_is_one_line_of_printable_ascii(log: Log) -> None:
    odd = "a\r\nb\x00c\x1b[31md\x7fe\x85f\u2028g\u202eh\ud800i ёж"
    structlog.get_logger().info(odd, **{"odd\nname": odd})
    written = log.getvalue()
    assert written.count("\n") == 1
    assert written.rstrip("\n").isascii()
    assert written.rstrip("\n").isprintable()
    assert log.lines()[0]["event"] == odd


class Refused(Exception):
    sqlstate = "23505"


def test_exception_is_told_without_its_words(log: Log) -> None:
    try:
        try:
            raise Refused("Key (text)=(сдаю показания) exists")
        except Refused as refused:
            raise ExceptionGroup("сдаю показания", [ValueError("сдаю показания")]) from refused
    except ExceptionGroup:
        structlog.get_logger().exception("failed")
    (line,) = log.lines()
    assert "показания" not in json.dumps(line, ensure_ascii=False)
    told = line["exception"]
    assert told["type"] == "builtins.ExceptionGroup"
    assert told["of"][0]["type"] == "builtins.ValueError"
    assert told["because"]["sqlstate"] == "23505"
    assert "test_exception_is_told_without_its_words" in told["through"][0]


def test_reason_of_operating_system_is_told(log: Log) -> None:
    structlog.get_logger().error("failed", exc_info=ConnectionRefusedError(111, "Connection refused"))
    assert log.lines()[0]["exception"]["reason"] == "Connection refused"


async def test_correlation_is_on_every_line_within(log: Log) -> None:
    async def work() -> None:
        structlog.get_logger().info("work")

    with observe.correlated("abc"):
        await asyncio.create_task(work())
    with observe.correlated():
        structlog.get_logger().info("made up")
    structlog.get_logger().info("outside")
    first, second, third = log.lines()
    assert first["correlation"] == "abc"
    assert len(second["correlation"]) == 16
    assert "correlation" not in third


def test_libraries_are_heard_in_one_line(log: Log) -> None:
    logging.getLogger("aiohttp.access").info("GET /sms/twilio?From=+79161234517")
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: ValueError('сдаю показания')")
    (line,) = log.lines()
    assert (line["event"], line["logger"]) == ("Task exception was never retrieved", "asyncio")
