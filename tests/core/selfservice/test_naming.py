"""A customer's own names for his accounts."""

import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.model import SCOPES, Account, Link, Role, Sender
from core.billing import stored
from core.commands import Subject, Wanted
from core.records import AccountNamed, NameFault, NameHow, NameRefused
from core.selfservice import naming
from core.selfservice.model import AccountFacts, Company, Facts

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)


def facts(*names: str | None) -> Facts:
    """A phone with accounts of these names."""
    accounts = tuple(
        AccountFacts(
            Account(no, f"10000{no}000", ZoneInfo("Europe/Moscow"), "RUB", 1),
            Link(no, Role.OWNER, SCOPES[Role.OWNER], name),
            (),
            stored.blank(no),
            NOON.date(),
        )
        for no, name in enumerate(names, 1)
    )
    company = Company(phone="", due=lambda month: month.last)
    sender = Sender(b"", "ru", tuple(one.link for one in accounts))
    return Facts(NOON, sender, "ru", accounts, {}, company)


def fault(argument: str, *names: str | None) -> NameFault | None:
    reply = naming.name(Wanted(Subject.NAME, argument=argument), facts(*names)).reply
    return reply.fault if isinstance(reply, NameRefused) else None


@pytest.mark.parametrize(
    "name",
    ["Дом", "Дача", "Мама", "Cottage", "Кв 12", "家", "घर", "بيت", "Ёлка", "2-й дом", "Дом №2", "👨\u200d👩 дом"],
)
def test_what_people_call_their_homes_is_taken(name: str) -> None:
    decision = naming.name(Wanted(Subject.NAME, argument=f"1 {name}"), facts(None, None))
    assert decision.reply == AccountNamed("..1000", name)
    assert (decision.account_id, decision.name) == (1, name)


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("1 тринадцать_зн", NameFault.TOO_LONG),
        ("1 12-34", NameFault.UNFIT),
        ("1 🏡", NameFault.UNFIT),
        ("1 долг", NameFault.UNFIT),
        ("1 STOP", NameFault.UNFIT),
        ("1 До\u202eм", NameFault.UNFIT),
        ("1 До\x00м", NameFault.UNFIT),
        ("1 МАМА", NameFault.TAKEN),
    ],
)
def test_what_misleads_is_refused(argument: str, why: NameFault) -> None:
    assert fault(argument, None, "Мама") is why


@pytest.mark.parametrize("argument", ["", "2", "3 Дом", "0 Дом", "1000000 Дом"])
def test_how_to_name_is_told_with_his_own_accounts(argument: str) -> None:
    assert naming.name(Wanted(Subject.NAME, argument=argument), facts("Мама", None)).reply == NameHow(
        ("Мама", "..2000"), 2
    )


def test_the_same_account_may_keep_its_name() -> None:
    assert fault("2 МАМА", None, "Мама") is None


@given(st.text(max_size=20))
def test_whatever_is_stored_can_be_seen_and_fits(argument: str) -> None:
    decision = naming.name(Wanted(Subject.NAME, argument=argument), facts(None))
    if decision.name is not None:
        assert decision.reply == AccountNamed("..1000", decision.name)
        assert 1 <= len(decision.name) <= naming.LONGEST
        assert decision.name == unicodedata.normalize("NFC", decision.name).strip()
        assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in decision.name)
    else:
        assert isinstance(decision.reply, NameRefused | NameHow)
