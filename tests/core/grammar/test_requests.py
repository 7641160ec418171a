"""Asking how a request stands: its number is no reading, and no reading is its number."""

import pytest

from core.commands import LATEST_REQUEST, NotUnderstood, Subject, Wanted
from core.grammar import understanding
from gateway import parsing

WORLD = parsing.world_of(None)


@pytest.mark.parametrize(
    "said",
    [
        "обращение 482",
        "ОБРАЩЕНИЕ 482?",
        "обращение №482",
        "что с обращением 482",
        "статус заявки 482",
        "оператор 482",
        "J,hfotybt 482",
        "звернення 482",
        "CASE 482",
        "what about my request 482",
        "ticket number 482",
        "human 482",
    ],
)
def test_a_number_is_asked_for(said: str) -> None:
    assert understanding.understand(said, WORLD) == Wanted(Subject.HUMAN, argument="482")


@pytest.mark.parametrize(
    "said", ["мои обращения", "что с моим обращением?", "статус обращения", "ticket status", "my case"]
)
def test_the_latest_is_asked_for(said: str) -> None:
    assert understanding.understand(said, WORLD) == Wanted(Subject.DISPUTE, argument=LATEST_REQUEST)


@pytest.mark.parametrize("said", ["обращение: счётчик врёт", "обращение, верните деньги", "complaint about my case"])
def test_what_says_more_is_a_new_one(said: str) -> None:
    assert understanding.understand(said, WORLD) == Wanted(Subject.DISPUTE)


@pytest.mark.parametrize("said", ["оператор 04512", "обращение 482 04512", "обращение 12", "оператор"])
def test_other_numbers_are_none(said: str) -> None:
    """A leading zero, two numbers, two digits: a person is wanted, and reads the words."""
    assert understanding.understand(said, WORLD) == Wanted(Subject.HUMAN)


@pytest.mark.parametrize(
    "said",
    [
        "ОПЕРАТОР у нас во дворе третий день стоит ваша машина и мешает проезду, кто за это отвечает",
        "HUMAN please, the meter hums at night and nobody came on Tuesday as promised",
    ],
)
def test_whoever_begins_with_a_person_is_read_by_one(said: str) -> None:
    assert understanding.understand(said, WORLD) == Wanted(Subject.HUMAN)


def test_an_account_is_told_from_a_request() -> None:
    assert understanding.understand("оператор 100200300", WORLD) == Wanted(Subject.HUMAN, "100200300")


def test_just_in_case_is_no_case() -> None:
    assert isinstance(understanding.understand("just in case 4512", WORLD), NotUnderstood)
