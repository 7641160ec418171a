"""The number that is stored is the number in the answer, and stands in the text (R11)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from core.accounts.model import SCOPES, Account, Link, Role, Sender
from core.basics.money import milli
from core.basics.periods import Period
from core.billing import stored
from core.grammar.understanding import understand
from core.messages import Accepted, NoTariff
from core.metering.model import Anchor, Meter, RegisterState, Usual
from core.selfservice import deciding, knowing
from core.selfservice.model import AccountFacts, Company, Decision, Facts
from core.wording.words import Words

NOON = datetime(2025, 11, 24, 9, tzinfo=UTC)
LAST = 12_000_000
USUAL = Usual(12_000_000, 365)
WORDS = Words.read(Path(__file__).parents[3] / "locales")


def facts(*zones: str, service: str = "electricity", fraction: int = 0, last: int = LAST) -> Facts:
    """A phone with one account and one meter that last showed so many thousandths on every register."""
    installed = Period(date(2024, 1, 1), None)
    meter = Meter(1, 1, 1, "12345678", "", service, "plan", 5, fraction, 1000, None, zones, installed)
    anchor = Anchor(date(2025, 11, 1), last)
    registers = {(1, no): RegisterState((anchor,), USUAL) for no in range(1, len(zones) + 1)}
    state = replace(stored.blank(1), registers=registers)
    account = Account(1, "100200300", ZoneInfo("Europe/Moscow"), "RUB", 1)
    link = Link(1, Role.OWNER, SCOPES[Role.OWNER], None)
    own = AccountFacts(account, link, (meter,), state, NOON.date())
    company = Company(phone="", due=lambda month: month.last)
    return Facts(NOON, Sender(b"", "ru", (link,)), "ru", (own,), {}, company)


def answered(text: str, known: Facts) -> tuple[Decision, list[str]]:
    """What a text brings about, and the numbers that its answer tells as taken."""
    decision = deciding.decide(understand(text, knowing.world_of(known)), known)
    assert isinstance(decision.reply, Accepted | NoTariff), (text, decision.reply)
    said = [one.digits for one in decision.reply.taken]
    for language in ("ru", "en"):
        words = WORDS.say(decision.reply, language)
        assert all(digits.replace(".", ",") in words.replace(".", ",") for digits in said), words
    return decision, said


def values(decision: Decision) -> list[int]:
    assert decision.reading is not None
    return [value for _, _, value in decision.reading.rows]


FORMS = st.sampled_from(
    ("{}", "показания {}", "Показания: {}", "{} квтч", "л/с 100200300 {}", "100200300*{}", "сч 12345678 - {}", "00{}",
     "здравствуйте, передаю показания счётчика {}, спасибо", "reading {} kWh", "кв. 5 показания {}", "свет {} на 24.11")
)  # fmt: skip


@given(st.integers(12_000, 13_500), FORMS)
def test_one_register(number: int, form: str) -> None:  # R11
    decision, said = answered(form.format(number), facts("total"))
    assert values(decision) == [number * 1000]
    assert [milli(digits) for digits in said] == values(decision)


@given(st.integers(12_000, 13_500), st.integers(0, 99), st.sampled_from((",", ".")))
def test_decimals(number: int, hundredths: int, mark: str) -> None:  # R11
    text = f"показания {number}{mark}{hundredths:02d}"
    decision, said = answered(text, facts("total"))
    assert values(decision) == [number * 1000] == [milli(digits) for digits in said]
    decision, said = answered(text, facts("total", service="gas", fraction=3))
    assert values(decision) == [number * 1000 + hundredths * 10] == [milli(digits) for digits in said]


@given(st.lists(st.integers(12_000, 13_500), min_size=2, max_size=2), st.booleans())
def test_two_zones(numbers: list[int], swapped: bool) -> None:  # R11
    parts = [f"день {numbers[0]}", f"ночь {numbers[1]}"]
    text = ", ".join(reversed(parts) if swapped else parts)
    decision, said = answered(text, facts("day", "night"))
    assert decision.reading is not None
    assert {register: value for _, register, value in decision.reading.rows} == {
        1: numbers[0] * 1000, 2: numbers[1] * 1000,
    }  # fmt: skip
    assert sorted(milli(digits) for digits in said) == sorted(values(decision))
