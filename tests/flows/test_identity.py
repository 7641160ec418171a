"""Who speaks: a phone is tied to an account by texts; its owner is asked and told, and may end it (J1, J3, J5)."""

import re
from datetime import date, datetime, timedelta

import asyncpg
import pytest

from core.accounts.linking import sql as linking
from core.billing import actions as billing
from tests import make
from tests.flows.conftest import NOON, Street
from tests.make import A, M

OWNER, ENGLISH, NEW, OTHER = "+79780001701", "+79780001702", "+79780001705", "+79780001706"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
CODE = re.compile(r"\b\d{6}\b")
LINKS = "select role from links where account_id = $1 and phone_hash = $2 and valid_to is null"


@pytest.fixture
async def home(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))


@pytest.fixture
async def english(company: asyncpg.Connection) -> int:
    made = A("100004407", (M("0098766"),), ((ENGLISH, "owner"),), claims=OCTOBER, language="en")
    return await make.account(company, made)


async def role(town: Street, account: int, phone: str = NEW) -> str | None:
    found: str | None = await town.pool.fetchval(LINKS, account, make.keyring().phone_hash(phone))
    return found


async def one(town: Street, phone: str, text: str) -> str:
    """The one answer to a text; what came before it is not looked at."""
    await town.answers(phone)
    (told,) = await town.text(phone, text)
    return told


async def linked(town: Street, text: str = "РЕГ 100004321 0098765", phone: str = NEW) -> str:
    """Registers the phone; what it is told at the end."""
    code = CODE.search(await one(town, phone, text))
    assert code
    return await one(town, phone, code[0])


# J1


async def test_an_unknown_phone_is_linked_by_texts(town: Street, home: int) -> None:  # J1
    assert await one(town, NEW, "04512") == "Номер не привязан к л/с. Пришлите: РЕГ номер_л/с номер_счётчика"
    asked = await one(town, NEW, "РЕГ 100004321 0098765")
    code = CODE.search(asked)
    assert code
    assert asked == f"Код {code[0]}. Ответьте им, и л/с ..4321 будет привязан"
    assert await one(town, NEW, code[0]) == "Привязан л/с ..4321. Записать 04512? ДА или новое число"
    assert await role(town, home) == "unverified"
    accepted = await one(town, NEW, "ДА")
    assert accepted == "Принято 04512", "such a link only submits"
    assert await town.pool.fetchval("select max(value) from readings where inbox_id is not null") == 4512


async def test_without_a_reading_before_it(town: Street, home: int) -> None:  # J1
    assert await linked(town) == "Привязан л/с ..4321. Теперь шлите просто показание. Команды: ПОМОЩЬ"
    accepted = await one(town, NEW, "04512")
    assert accepted == "Принято 04512"
    for sums in ("долг", "почему"):
        assert "431" not in await one(town, NEW, sums)


async def test_the_same_in_english(town: Street, english: int) -> None:  # J1
    assert (await one(town, NEW, "reading 04512")).startswith("This phone is linked to no account. Send: REG")
    told = await linked(town, "REG 100004407 0098766")
    assert told == "Account ..4407 is linked. Record 04512? Reply Y or send another number."
    assert await one(town, NEW, "Y") == "Accepted 04512."
    (notice,) = await town.answers(ENGLISH)
    assert notice.startswith("Phone ..17-05 is linked to account ..4407. May it see what is owed? Reply Y, or NOT ME")
    assert (await one(town, ENGLISH, "Y")).startswith("That phone now sees what is owed on account ..4407")
    assert "1052.44" in await one(town, NEW, "BAL")


async def test_an_offered_reading_is_checked_like_any_other(town: Street, home: int) -> None:  # J1, J3
    await town.text(NEW, "04912")
    assert "04912" in await linked(town)
    assert (await one(town, NEW, "ДА")).startswith("04912: необычный расход")
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 0


async def test_bad_readings_of_a_linked_phone_are_asked_about(town: Street, home: int) -> None:  # J3
    await linked(town)
    assert "меньше прошлого" in await one(town, NEW, "04112")
    assert "45120 невозможно" in await one(town, NEW, "45120")
    assert (await one(town, NEW, "04912")).startswith("04912: необычный расход")
    assert await one(town, NEW, "ДА") == "Принято 04912"


async def test_who_names_the_sum_of_the_bill_sees_the_sums(town: Street, home: int) -> None:  # J1, ruling 22
    await linked(town, "РЕГ 100004321 0098765 431,60")
    assert await role(town, home) == "tenant"
    assert "431,60" in await one(town, NEW, "долг")
    assert await town.answers(OWNER) == ["К л/с ..4321 привязан тел. ..17-05, видит долг. Чужой? НЕ Я"]


async def test_naming_the_sum_later_opens_the_sums(town: Street, home: int) -> None:
    await linked(town)
    assert await one(town, NEW, "РЕГ 100004321 0098765") == "Л/с ..4321 уже привязан к этому номеру"
    await linked(town, "РЕГ 100004321 0098765 431,60")
    assert await role(town, home) == "tenant"
    assert await town.pool.fetchval("select count(*) from links where valid_to is null") == 2


async def test_several_accounts_are_linked_and_asked_for(town: Street, home: int, english: int) -> None:  # J5
    await linked(town)
    await linked(town, "РЕГ 100004407 0098766")
    asked = await one(town, NEW, "04512")
    assert "1 ..4321" in asked
    assert "2 ..4407" in asked
    assert "04512" in await one(town, NEW, "2")
    assert await town.pool.fetchval("select account_id from readings where inbox_id is not null") == english


# The owner is asked and told


async def test_the_owner_lets_the_phone_see_the_sums(town: Street, home: int) -> None:  # ruling 22
    await linked(town)
    asked = "К л/с ..4321 привязан тел. ..17-05. Показывать ему долг? ДА / НЕ Я"
    assert await town.answers(OWNER) == [asked]
    await town.text(OWNER, "04512")
    assert "долг л/с ..4321" in await one(town, OWNER, "ДА"), "a reading in between leaves the question open"
    assert await role(town, home) == "tenant"
    assert "1052,44" in await one(town, NEW, "долг")


async def test_the_owner_does_not_know_the_phone(town: Street, home: int) -> None:  # ruling 24
    await linked(town)
    town.clock.forward(hours=71)
    assert "отвязан от л/с ..4321" in await one(town, OWNER, "НЕ Я")
    assert await role(town, home) is None
    assert await role(town, home, OWNER) == "owner"
    assert "не привязан" in await one(town, NEW, "04512")
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'phone denied'") == 1


async def test_a_no_leaves_the_phone_as_it_is(town: Street, home: int) -> None:
    await linked(town)
    await town.text(OWNER, "НЕТ")
    assert await role(town, home) == "unverified"
    assert "431" not in await one(town, NEW, "долг")


async def test_a_phone_that_the_owner_trusted_can_still_be_removed(town: Street, home: int) -> None:
    await linked(town)
    await town.text(OWNER, "ДА")
    await town.text(OWNER, "НЕ Я")
    assert await role(town, home) is None


async def test_an_old_yes_opens_nothing(town: Street, home: int) -> None:
    await linked(town)
    town.clock.forward(hours=73)
    await town.text(OWNER, "ДА")
    assert await role(town, home) == "unverified"


async def test_a_question_about_a_reading_is_not_lost_to_a_strange_phone(town: Street, home: int) -> None:  # T4
    """The yes that the owner is about to send is about his number, not about who registers at that moment."""
    await town.text(OWNER, "45120")
    await linked(town)
    assert await town.answers(OWNER) == ["К л/с ..4321 привязан тел. ..17-05. Не знаете его? Ответьте НЕ Я"]
    told, asked = await town.text(OWNER, "ДА")
    assert told.startswith("Принято 04512")
    assert await role(town, home) == "unverified"
    assert asked == "К л/с ..4321 привязан тел. ..17-05. Показывать ему долг? ДА / НЕ Я", (
        "now that nothing else is open"
    )
    await town.text(OWNER, "ДА")
    assert await role(town, home) == "tenant"


# НЕ Я


async def test_not_me_later_than_three_days_is_about_the_sender(town: Street, home: int) -> None:  # ruling 24
    await linked(town)
    town.clock.forward(hours=73)
    assert (await one(town, OWNER, "НЕ Я")).startswith("Номер отвязан")
    assert await role(town, home, OWNER) is None
    assert await role(town, home) == "unverified"


async def test_a_phone_that_only_submits_removes_nobody(town: Street, home: int) -> None:
    await linked(town)
    await linked(town, phone=OTHER)
    assert (await one(town, NEW, "НЕ Я")).startswith("Номер отвязан")
    assert await role(town, home, OTHER) == "unverified"
    assert await role(town, home) is None


async def test_of_two_owners_who_say_not_me_none_is_taken_off(
    town: Street, home: int, company: asyncpg.Connection
) -> None:  # ruling 24
    """Both were told of the phone, and both answer."""
    customer = await company.fetchval("select customer_id from accounts where id = $1", home)
    await make.link(company, home, customer, OTHER, "owner")
    await linked(town)
    assert "отвязан от л/с ..4321" in await one(town, OTHER, "НЕ Я")
    told = "Тот телефон уже отвязан от л/с ..4321. Отвязать ваш? Ещё раз НЕ Я"
    assert await one(town, OWNER, "НЕ Я") == told
    assert (await one(town, OWNER, "04512")).startswith("Принято 04512"), "nothing is held back"
    assert await one(town, OWNER, "НЕ Я") == told
    assert (await one(town, OWNER, "НЕ Я")).startswith("Номер отвязан")
    assert (await role(town, home, OWNER), await role(town, home, OTHER)) == (None, "owner")


# A reading left by a guest

LEFT = "Если л/с и счётчик верны, владелец увидит показание и подтвердит"


async def test_a_guests_reading_waits_for_the_owner(town: Street, home: int) -> None:
    assert await one(town, NEW, "100004321 0098765 04512") == LEFT
    assert await town.answers(OWNER) == ["Л/с ..4321: тел. ..17-05 прислал 04512. Принять? ДА или НЕТ"]
    assert "620,84" not in await one(town, OWNER, "почему"), "it counts for nothing"
    assert await town.pool.fetchval("select source from readings where inbox_id is not null") == 0
    assert (await one(town, OWNER, "ДА")).startswith("Принято 04512 (+187)")
    mine = make.keyring().phone_hash(OWNER)
    assert await town.pool.fetchval("select phone_hash from readings_in_force where source = 2") == mine
    assert (await town.audit())["balance_differs"] == 0


async def test_an_owner_is_told_of_three_a_day(town: Street, home: int) -> None:  # T4
    """Whoever forges senders does not fill his phone; the staff sees the rest, and the sender is told the same."""
    for number in range(5):
        assert await one(town, f"+7978000{2000 + number}", f"100004321 0098765 0451{number}") == LEFT
    assert len(await town.answers(OWNER)) == 3
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'reading left'") == 2
    town.clock.forward(hours=25)
    await one(town, NEW, "100004321 0098765 04519")
    assert len(await town.answers(OWNER)) == 1


async def test_a_guests_reading_is_refused(town: Street, home: int) -> None:
    await town.text(NEW, "100004321 0098765 04512")
    await town.text(OWNER, "НЕТ")
    assert await town.pool.fetchval("select count(*) from readings_in_force where source < 4") == 0


async def test_a_guests_odd_reading_is_asked_about_again(town: Street, home: int) -> None:  # T4
    await town.text(NEW, "100004321 0098765 04912")
    assert (await one(town, OWNER, "ДА")).startswith("04912: расход 587")


async def test_a_guest_is_told_nothing(town: Street, home: int) -> None:  # T8
    for phone, text in (
        ("+79780002001", "100004321 0098765 04512"),
        ("+79780002002", "100004321 0011111 04512"),
        ("+79780002003", "999999999 0098765 04512"),
    ):
        assert await one(town, phone, text) == LEFT
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 1


async def test_a_guest_cannot_take_back_what_the_owner_took(
    town: Street, home: int, company: asyncpg.Connection
) -> None:
    await town.text(NEW, "100004321 0098765 04512")
    await town.text(OWNER, "ДА")
    await linked(town)
    await town.text(NEW, "ОТМ")
    assert await town.pool.fetchval("select count(*) from withdrawals") == 0
    assert await billing.rebuild(company, [home]) == 0


# Links in time


async def test_what_was_known_of_a_day_can_be_shown(town: Street, home: int, company: asyncpg.Connection) -> None:
    before = town.clock.at
    town.clock.forward(hours=1)
    await linked(town)
    between = town.clock.at
    town.clock.forward(hours=1)
    await town.text(OWNER, "ДА")
    trusted = town.clock.at
    town.clock.forward(hours=1)
    await town.text(OWNER, "НЕ Я")
    after = town.clock.at
    new = make.keyring().phone_hash(NEW)

    async def known(on: datetime, known_at: datetime) -> str | None:
        links = dict(await linking.links_known(company, home, on=on, known_at=known_at))
        return links[new].role if new in links else None

    assert [await known(at, at) for at in (before, between, trusted, after)] == [None, "unverified", "tenant", None]
    assert await known(trusted, after) == "tenant", "of an earlier day as it was"
    assert await known(after, trusted) == "tenant", "the end was not on record yet"
    assert await known(between, before) is None, "nor the beginning"


async def test_since_when_a_phone_is_proven(town: Street, home: int) -> None:
    proven = "select proven_at from link_proofs where phone_hash = $1"
    hashed = make.keyring().phone_hash(OWNER)
    await town.pool.execute("update phones set proven_at = $2 where hash = $1", hashed, NOON)
    since = await town.pool.fetchval(proven, hashed)
    town.clock.forward(days=40)
    await town.text(OWNER, "долг")
    assert await town.pool.fetchval(proven, hashed) == town.clock.at != since


async def test_a_link_that_lies_ahead_does_nothing_yet(town: Street, company: asyncpg.Connection, home: int) -> None:
    """The owner's payer is to be linked from the next noon on: until then the phone is a stranger."""
    customer = await town.pool.fetchval("select customer_id from accounts where id = $1", home)
    digest = make.keyring().phone_hash(NEW)
    await linking.add_phone(company, digest, customer_id=customer, sealed=b"", language="ru", at=NOON)
    ahead = (
        "insert into links (phone_hash, account_id, role, valid_from, evidence) values ($1, $2, 'payer', $3, 'office')"
    )
    await town.pool.execute(ahead, digest, home, NOON + timedelta(days=1))
    assert await one(town, NEW, "долг") == "Номер не привязан к л/с. Пришлите: РЕГ номер_л/с номер_счётчика"
    assert (await one(town, NEW, "04512")).startswith("Номер не привязан")
    assert await town.pool.fetchval("select count(*) from readings where source > 0 and day > '2025-11-01'") == 0
    town.clock.at = NOON + timedelta(days=1)
    assert (await one(town, NEW, "долг")).startswith("К оплате 431,60")
