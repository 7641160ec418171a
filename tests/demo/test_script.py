"""The conversation in the terminal: well where all is well, and not where an answer is wrong, late or undelivered."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from demo import script
from demo.carrier_faults import Faults
from gateway.demonstrating import NUMBER, Stage


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=100)


def _printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def test_every_answer_is_delivered_and_right(stage: Stage, console: Console) -> None:
    assert await script.converse(stage.carrier, number=NUMBER, console=console)
    printed = _printed(console)
    assert "К оплате 1052,44 р., из них долг 431,60" in printed
    assert printed.count(" ms · delivered") == len(script.lines())
    assert "$0.0079" in printed


async def test_an_answer_that_does_not_arrive_is_told(stage: Stage, console: Console) -> None:
    stage.carrier.faults = Faults(undelivered=1.0)
    assert not await script.converse(stage.carrier, number=NUMBER, console=console, conversation=script.lines()[:1])
    assert "not delivered but undelivered" in _printed(console)


async def test_a_wrong_sum_is_told(stage: Stage, console: Console) -> None:
    first = replace(script.lines()[0], says=("1052,45",))
    assert not await script.converse(stage.carrier, number=NUMBER, console=console, conversation=[first])
    assert "does not say 1052,45" in _printed(console)


async def test_silence_is_told(stage: Stage, console: Console) -> None:
    stage.carrier.faults = Faults(text_lost=1.0)
    first = script.lines()[:1]
    assert not await script.converse(stage.carrier, number=NUMBER, console=console, conversation=first, patience=0.1)
    assert "no answer" in _printed(console)


def test_the_sums_are_those_of_the_tariff() -> None:
    assert script.lines()[0].says == ("04512", "1052,44", "431,60")
