"""A number alone is understood without telling the grammar of everything, and as it is with that."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from core.accounts.model import SCOPES, Account, Link, Question, Role, Sender
from core.basics.periods import DAY, Period
from core.billing.model import AccountState
from core.commands import Named, SubmitReading
from core.grammar import understanding
from core.grammar.world import Asked
from core.metering.model import Anchor, Meter, RegisterState, Usual
from core.selfservice import knowing
from core.selfservice.model import AccountFacts, Company, Facts
from tests.conftest import EXAMPLES

AT = datetime(2025, 11, 21, 9, tzinfo=UTC)
TODAY = date(2025, 11, 21)
METER = Meter(
    1, 1, 1, "0098765", "", "electricity", "FLAT", 5, 0, 1000, None, ("total",), Period(date(2020, 1, 1), None)
)
ACCOUNT = Account(1, "100004321", ZoneInfo("Europe/Moscow"), "RUB", 1)
LINK = Link(1, Role.OWNER, SCOPES[Role.OWNER])
COMPANY = Company("8-800", due=lambda month: month.last)

METERS = st.builds(
    lambda of, **changed: replace(of, **changed),
    st.just(METER),
    serial=st.sampled_from(["0098765", "98766", "4521", "A-7", "12345678", ""]),
    digits=st.integers(3, 9),
    zones=st.sampled_from([("total",)] * 5 + [("day", "night")]),
    installed=st.sampled_from(
        [METER.installed] * 5 + [Period(date(2020, 1, 1), TODAY), Period(TODAY + DAY, None), Period(TODAY, None)]
    ),
)
NUMBERS = st.sampled_from(["100004321", "4321", "0009876", "12345678", "12-345", "АБ-12"])
TEXTS = st.one_of(
    st.from_regex(r"\A[0-9]{1,10}\Z"),
    st.sampled_from(
        ["98765", "0098765", "4521", "100004321", "12345678", "987600", "9876", "12345", "٠١٢", "²", "1 2"]
    ),
)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    meters = tuple(replace(one, id=no) for no, one in enumerate(draw(st.lists(METERS, min_size=1, max_size=2)), 1))
    register = RegisterState((Anchor(TODAY - timedelta(draw(st.integers(0, 90))), 4_325_000),), Usual(2_244_000, 365))
    states = {(one.id, no): register for one in meters for no in range(1, len(one.zones) + 1)}
    account = replace(ACCOUNT, number=draw(NUMBERS))
    state = AccountState(1, 1, 0, None, (), (), states)
    one = AccountFacts(account, LINK, meters, state, TODAY)
    accounts = draw(st.sampled_from([(one,)] * 5 + [(), (one, replace(one, account=replace(account, id=2)))]))
    kind = draw(st.sampled_from([None] * 5 + [*Asked]))
    terms = {"choices": [account.number], "account": account.number, "tries": 0}
    question = None if kind is None else Question(kind, terms, AT - DAY, AT + draw(st.sampled_from([DAY, -DAY])))
    return Facts(AT, Sender(b"1"), "ru", accounts, {}, COMPANY, question)


@settings(max_examples=EXAMPLES * 2)
@given(TEXTS, facts())
def test_a_number_alone_is_what_the_grammar_makes_of_it(text: str, known: Facts) -> None:
    plain = knowing.plain_number(text, known)
    event(f"plain: {plain is not None}")
    if plain is not None:
        world = knowing.world_of(known)
        assert plain == understanding.understand(text, world)
        assert plain == understanding.understand(f"{text} ", world), "as by all of the grammar"
        assert plain == knowing.understood(text, known)


@pytest.mark.parametrize("text", ["04512", "4512", "1", "00004512"])
def test_a_reading_of_an_only_register_is_plain(text: str) -> None:
    register = RegisterState((Anchor(date(2025, 10, 24), 4_325_000),))
    state = AccountState(1, 1, 0, None, (), (), {(1, 1): register})
    known = Facts(AT, Sender(b"1"), "ru", (AccountFacts(ACCOUNT, LINK, (METER,), state, TODAY),), {}, COMPANY)
    assert knowing.plain_number(text, known) == SubmitReading((Named("total", text),))
