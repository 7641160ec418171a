"""The dataclass of facts: guarded in the tests, unguarded and as quick as any other where the program runs."""

import dataclasses
import subprocess
import sys

import pytest

from core.basics.facts import dataclass
from core.basics.periods import Month

RUNNING = """
from core.basics.periods import Month
month = Month(2025, 11)
month.year = 2026
assert month == Month(2026, 11) and hash(month) == hash(Month(2026, 11))
"""


def test_facts_that_are_changed_raise_in_the_tests() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Month(2025, 11).year = 2026  # type: ignore[misc]


def test_the_running_program_does_not_pay_for_the_guard() -> None:
    subprocess.run([sys.executable, "-c", RUNNING], check=True)


def test_what_is_not_frozen_is_as_the_standard_library_makes_it() -> None:
    @dataclass(slots=True)
    class Open:
        number: int

    one = Open(1)
    one.number = 2
    assert one == Open(2)
    with pytest.raises(TypeError):
        hash(one)
