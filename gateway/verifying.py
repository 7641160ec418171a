"""Checks a file with a protocol: `meterline verify`."""

import json
import sys
from pathlib import Path

import typer

from core.checking import checker, words
from gateway.commands import Trouble

LARGEST = 64 * 1024 * 1024
"""Bytes; a protocol of ten years has less than a hundredth of them."""


def verify(file: str, *, language: str) -> int:
    """Tells what of the protocol in the file ("-": standard input) holds; 1 where anything does not.

    :raises Trouble: an unknown language, no such file, or no JSON in it.
    """
    if language not in words.LANGUAGES:
        raise Trouble(f"unknown language {language!r}; there are: {', '.join(words.LANGUAGES)}")
    try:
        document = json.loads(_read(file))
    except (ValueError, RecursionError) as error:
        raise Trouble(f"{file} is not JSON as `meterline explain --json` writes it: {error}") from error
    report = checker.check(document)
    for line in words.told(report, language):
        typer.echo(line)
    return 0 if report.holds else 1


def _read(file: str) -> bytes:
    try:
        if file == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as stream:
                content = stream.read(LARGEST + 1)
    except OSError as error:
        raise Trouble(f"cannot read {file}: {error.strerror}") from error
    if len(content) > LARGEST:
        raise Trouble(f"{file} has more than {LARGEST // 2**20} MiB: that is no protocol")
    return content
