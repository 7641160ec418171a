"""Whom a bill is paid to: check digits, and the text of the payment code."""

from dataclasses import replace

import pytest

from core.basics import payee as payees
from core.basics.payee import BadPayee, Payee

GOOD = Payee(
    "ООО «МаякЭнерго»", "9109001231", "910901001", "40702810700000012345", "АО «Маяк-Банк», г. Маяк", "040909901",
    "30101810300000000901",
)  # fmt: skip


def test_spaces_do_not_matter() -> None:
    typed = replace(GOOD, name=" ООО  «МаякЭнерго» ", account="4070 2810 7000 0001 2345", inn=" 9109001231 ")
    assert payees.checked(typed) == GOOD


def test_the_published_examples_hold() -> None:
    """A bank's own correspondent account, INN of a company and of a person as the tax service writes them."""
    published = replace(
        GOOD, inn="7707083893", bic="044525225", correspondent="30101810400000000225", account="40702810200000012345"
    )
    assert payees.checked(published) == published
    person = replace(GOOD, inn="500100732259", kpp="")
    assert payees.checked(person) == person


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 161),
        ("name", "A|B"),
        ("name", "A\x07B"),
        ("inn", "9109001232"),
        ("inn", "910900123"),
        ("inn", "९109001231"),
        ("inn", "500100732258"),
        ("inn", "500100732259"),
        ("kpp", ""),
        ("kpp", "91090100"),
        ("kpp", "9109я1001"),
        ("account", "40702810800000012345"),
        ("account", "4070281070000001234"),
        ("bank", "b" * 46),
        ("bic", "140909901"),
        ("bic", "04090990"),
        ("correspondent", "30101810400000000901"),
        ("correspondent", "30101810400000000225"),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: str) -> None:
    with pytest.raises(BadPayee) as refused:
        payees.checked(replace(GOOD, **{field: value}))
    assert refused.value.field == ("kpp" if value == "500100732259" else field)


@pytest.mark.parametrize("field", ["inn", "account", "correspondent"])
def test_a_changed_digit_is_noticed(field: str) -> None:
    number = getattr(GOOD, field)
    for place, digit in enumerate(number):
        changed = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        with pytest.raises(BadPayee):
            payees.checked(replace(GOOD, **{field: changed}))


def test_the_code_says_whom_how_much_and_for_what() -> None:
    told = payees.payload(GOOD, amount=43160, account="0012345", purpose="Оплата | счёт")
    assert told == (
        "ST00012|Name=ООО «МаякЭнерго»|PersonalAcc=40702810700000012345|BankName=АО «Маяк-Банк», г. Маяк|BIC=040909901"
        "|CorrespAcc=30101810300000000901|PayeeINN=9109001231|KPP=910901001|Sum=43160|PersAcc=0012345"
        "|Purpose=Оплата / счёт"
    )
    assert "|KPP=" not in payees.payload(replace(GOOD, kpp=""), amount=1, account="1", purpose="x")


@pytest.mark.parametrize("amount", [0, -1])
def test_there_is_no_code_where_nothing_is_to_be_paid(amount: int) -> None:
    with pytest.raises(ValueError, match="nothing to pay"):
        payees.payload(GOOD, amount=amount, account="0012345", purpose="x")
