"""Logs that an operator can read and a thief cannot use: JSON, UTC, no phone, secret or customer's words (R41)."""

import json
import logging
import re
import secrets as random
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from core.basics import phone

_HIDDEN = "[hidden]"
_PRIVATE = re.compile(
    r"(.*_)?(authorization|balance|body|debt|key|password|payload|pepper|phone|said|secret|signature|text|token)"
    r"|address|amount|code|name|raw|serial|value",
    re.IGNORECASE,
)
# With a plus, bare or percent-encoded, a number may be written in groups; without one it has ten digits or more.
_PHONE = re.compile(r"(?:\+|%2[Bb])[\s(]*[1-9](?:[\s().-]*[0-9]){6,14}|(?<![0-9A-Za-z])[1-9][0-9]{9,14}(?![0-9A-Za-z])")
_DIGITS = re.compile(r"[0-9]+")


def configure(*, secrets: Iterable[str] = (), stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """From now on every log line, of ours and of the libraries, is one JSON object on the stream (standard error).

    `secrets` are replaced wherever they occur. Of the libraries only warnings are kept.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            describe_exception,
            hide_private,
            _hide(tuple(secret for secret in secrets if secret)),
            mask_phones,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)


def correlated(correlation: str | None = None) -> AbstractContextManager[None]:
    """Within it every line, of tasks started in it too, bears the same `correlation`, made up where none is given."""
    return structlog.contextvars.bound_contextvars(correlation=correlation or random.token_hex(8))


def mask_phones(logger: object, method: str, event: EventDict) -> EventDict:
    """Whatever looks like a telephone number, in any value or name at any depth, keeps its last two digits."""
    return {_masked(name): _each(value, _masked) for name, value in event.items()}


def hide_private(logger: object, method: str, event: EventDict) -> EventDict:
    """What stands under a name such as `text`, `token` or `debt` is hidden, at any depth."""
    return {name: _without_private(name, value) for name, value in event.items()}


def describe_exception(logger: object, method: str, event: EventDict) -> EventDict:
    """An exception as its type and the places it came through; its message may hold what a customer wrote.

    Only the messages of the operating system are kept, and the database's code.
    """
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event["exception"] = _described(error)
    return event


def _described(error: BaseException) -> dict[str, Any]:
    described: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    for name in ("sqlstate", "constraint_name"):
        if isinstance(told := getattr(error, name, None), str):
            described[name.removesuffix("_name")] = told
    if isinstance(error, OSError) and error.strerror:
        described["reason"] = error.strerror
    places, at = [], error.__traceback__
    while at is not None:
        places.append(f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno} {at.tb_frame.f_code.co_name}")
        at = at.tb_next
    described["through"] = places
    if isinstance(error, BaseExceptionGroup):
        described["of"] = [_described(one) for one in error.exceptions]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return described if cause is None else described | {"because": _described(cause)}


def _hide(secrets: tuple[str, ...]) -> Processor:
    def hide(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, _HIDDEN)
        return text

    def hide_secrets(logger: object, method: str, event: EventDict) -> EventDict:
        return {hide(name): _each(value, hide) for name, value in event.items()}

    return hide_secrets


def _each(value: Any, change: Any) -> Any:
    """The value as JSON has it, with every text in it changed."""
    match value:
        case None | bool() | float():
            return value
        case str():
            return change(value)
        case int():
            changed = change(str(value))
            return value if changed == str(value) else changed
        case Mapping():
            return {change(str(name)): _each(part, change) for name, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_each(part, change) for part in value]
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return change(str(value))


def _without_private(name: str, value: Any) -> Any:
    if _PRIVATE.fullmatch(name):
        return _HIDDEN
    if isinstance(value, Mapping):
        return {name: _without_private(str(name), part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_private("", part) for part in value]
    return value


def _masked(text: str) -> str:
    return _PHONE.sub(lambda found: phone.mask("".join(_DIGITS.findall(found[0]))), text)


def _render(logger: object, method: str, event: EventDict) -> str:
    """One line of printable ASCII: line ends, controls, lone surrogates and reversed writing are all escaped."""
    return json.dumps(event, ensure_ascii=True).replace("\x7f", "\\u007f")


class _Libraries(logging.Handler):
    """Passes on the first line of what libraries log: in further ones asyncio prints exceptions with their words."""

    def emit(self, record: logging.LogRecord) -> None:
        event = record.getMessage().split("\n", 1)[0]
        structlog.get_logger().log(record.levelno, event, logger=record.name, exc_info=record.exc_info)
