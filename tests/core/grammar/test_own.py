"""Numbers called as the customer and the company call them: own names, ends of numbers, serials with letters."""

import pytest

from core.commands import Balance, Choose, Command, Named, NotUnderstood, SubmitReading
from core.grammar.understanding import understand
from core.grammar.world import Asked, KnownAccount, OpenQuestion, World
from tests.core.grammar.worlds import TODAY, meter


def having(*names: tuple[str, str | None, str], question: OpenQuestion | None = None) -> World:
    """A sender of accounts: number, own name, serial of the only meter."""
    accounts = tuple(KnownAccount(number, name, (meter(serial=serial),)) for number, name, serial in names)
    return World(TODAY, accounts=accounts, question=question)


OWN = having(("210040006", "Дача", "M1004B"), ("210040005", "Дом", "М1005Ч"), ("210040007", None, "55512345"))
OFFERED = OpenQuestion(Asked.ACCOUNT, choices=2, accounts=("210040005", "210040006"))
CHOOSING = World(TODAY, accounts=OWN.accounts, question=OFFERED)


def read(account: str | None = None, serial: str | None = None, doubt: str | None = None) -> SubmitReading:
    return SubmitReading((Named("total", "50320"),), account, serial, doubt=doubt)


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("M1004B 50320", "M1004B"), ("М1004В 50320", "M1004B"), ("m1004b*50320", "M1004B"),
        ("m-1004-b 50320", "M1004B"),
        ("счётчик M1004B показания 50320", "M1004B"), ("сч №M1004B: 50320", "M1004B"), ("M1005Ч 50320", "М1005Ч"),
        ("*2345 50320", "55512345"),
    ],
)  # fmt: skip
def test_a_meter_by_its_serial(text: str, serial: str) -> None:
    assert understand(text, OWN) == read(serial=serial)


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("..0006 50320", "210040006"), ("…0006: 50320", "210040006"), ("Дача ..0006 50320", "210040006"),
        ("Дача 50320", "210040006"), ("дом: 50320", "210040005"), ("л/с 0005 50320", "210040005"),
        ("50320 л/с ..0005", "210040005"), ("ЛС0007 50320", "210040007"),
    ],
)  # fmt: skip
def test_an_account_by_its_name_or_its_end(text: str, account: str) -> None:
    assert understand(text, OWN) == read(account)


def test_an_end_without_a_word_is_asked_about() -> None:
    assert understand("0006 50320", OWN) == read("210040006", doubt="shape")


@pytest.mark.parametrize("text", ["долг ..0006", "долг 0006", "долг дача", "баланс л/с 0006", "..0006", "дача"])
def test_a_balance_by_name_or_end(text: str) -> None:
    assert understand(text, OWN) == Balance("210040006")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("..0009 50320", "no account ends so"), ("M1004B50320", "where the serial ends cannot be told"),
        ("M1004B", "no reading"), ("XM1004B 50320", "another serial"), ("M9999B 50320", "nobody's serial"),
        ("*2345", "a star before a number only"),
    ],
)  # fmt: skip
def test_no_number_is_taken(text: str, reason: str) -> None:
    command = understand(text, OWN)
    assert not isinstance(command, SubmitReading) or command.doubt is not None, reason


def test_an_address_is_no_name() -> None:
    assert understand("дом 5 50320", OWN) == read(doubt="account")


def test_names_that_differ_by_their_number() -> None:
    world = having(("210040001", "Дача 1", ""), ("210040002", "Дача 2", ""))
    assert understand("дача 2 50320", world) == read("210040002")
    assert understand("дача 1: 50320", world) == read("210040001")
    assert isinstance(understand("дача 50320", world), NotUnderstood)


def test_an_end_that_two_accounts_have_is_none() -> None:
    world = having(("110040006", None, ""), ("210040006", None, ""))
    assert understand("л/с 0006 50320", world) == read("0006")
    assert isinstance(understand("..0006 50320", world), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2", Choose(2)), ("2.", Choose(2)), ("№2", Choose(2)), ("второй", Choose(2)), ("первый счёт", Choose(1)),
        ("two", Choose(2)), ("дача", Choose(2)), ("Дом", Choose(1)), ("..0006", Choose(2)), ("л/с 0005", Choose(1)),
        ("0005", Choose(1)), ("210040006", Choose(2)), ("210040007", Balance("210040007")),
    ],
)  # fmt: skip
def test_an_offered_account_is_chosen(text: str, answer: Command) -> None:
    assert understand(text, CHOOSING) == answer


@pytest.mark.parametrize("text", ["3", "третий", "0", "№9"])
def test_a_place_that_was_not_offered(text: str) -> None:
    assert isinstance(understand(text, CHOOSING), NotUnderstood)
