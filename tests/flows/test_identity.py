"""Who speaks: a phone is tied to an account by texts; its owner is asked and told, and may end it (J1, J3, J5)."""

import asyncio
import re
from datetime import date

import asyncpg
import pytest

from tests import make
from tests.flows.conftest import Street
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


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


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
    assert accepted.startswith("Принято 04512 (+187)")
    assert "431" not in accepted, "such a link only submits"
    assert await town.pool.fetchval("select max(value) from readings where inbox_id is not null") == 4512


async def test_without_a_reading_before_it(town: Street, home: int) -> None:  # J1
    assert await linked(town) == "Привязан л/с ..4321. Теперь шлите просто показание. Команды: ПОМОЩЬ"
    accepted = await one(town, NEW, "04512")
    assert accepted.startswith("Принято 04512 (+187)")
    assert "431" not in accepted
    for sums in ("долг", "почему"):
        assert "431" not in await one(town, NEW, sums)


async def test_the_same_in_english(town: Street, english: int) -> None:  # J1
    assert (await one(town, NEW, "reading 04512")).startswith("This phone is linked to no account. Send: REG")
    told = await linked(town, "REG 100004407 0098766")
    assert told == "Account ..4407 is linked. Record 04512? Reply Y or send another number."
    assert (await one(town, NEW, "Y")).startswith("Accepted 04512 (+187 kWh)")
    (notice,) = await town.answers(ENGLISH)
    assert notice.startswith("Phone ..17-05 is linked to account ..4407. May it see what is owed? Reply Y, or NOT ME")
    assert (await one(town, ENGLISH, "Y")).startswith("That phone now sees what is owed on account ..4407")
    assert "1052.44" in await one(town, NEW, "BAL")


async def test_an_offered_reading_is_checked_like_any_other(town: Street, home: int) -> None:  # J1, J3
    await town.text(NEW, "04912")
    assert "04912" in await linked(town)
    assert (await one(town, NEW, "ДА")).startswith("04912: расход 587")
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 0


async def test_bad_readings_of_a_linked_phone_are_asked_about(town: Street, home: int) -> None:  # J3
    await linked(town)
    assert "меньше прошлого" in await one(town, NEW, "04112")
    assert "04512" in await one(town, NEW, "45120")
    assert (await one(town, NEW, "ДА")).startswith("Принято 04512")


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
    assert (await one(town, OWNER, "ДА")).startswith("Принято 04512")
    assert await role(town, home) == "unverified"


# НЕ Я


@pytest.mark.parametrize(("text", "told"), [("НЕ Я", "Номер отвязан от л/с"), ("NOT ME", "Номер отвязан от л/с")])
async def test_not_me_unlinks_the_sender_from_everything(
    town: Street, home: int, company: asyncpg.Connection, text: str, told: str
) -> None:  # ruling 24
    second = await make.account(company, A("100004500", (M("0098770"),), ((OWNER, "payer"),)))
    assert (await one(town, OWNER, text)).startswith(told)
    assert await role(town, home, OWNER) is None
    assert await role(town, second, OWNER) is None
    assert "не привязан" in await one(town, OWNER, "долг")
    assert await town.pool.fetchval("select about from alarms where kind = 'phone unlinked'") == "100004321, 100004500"
    evidence = await town.pool.fetch("select evidence from link_ends")
    assert [row["evidence"] for row in evidence] == ["not me", "not me"]


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


# Those who try


async def test_a_wrong_serial_and_an_unknown_account_are_answered_alike(town: Street, home: int) -> None:  # T8
    told = {
        (await one(town, phone, text))
        for phone, text in (
            ("+79780002001", "РЕГ 100004321 0011111"),
            ("+79780002002", "РЕГ 999999999 0098765"),
            ("+79780002003", "РЕГ 100004321 0098765 999,99"),
            ("+79780002004", "РЕГ 999999999 0011111 431,60"),
        )
    }
    assert told == {"Не сходится. Проверьте по квитанции номер л/с и номер счётчика"}
    assert await town.answers(OWNER) == []


async def test_an_unknown_phone_gets_three_answers_to_reg(town: Street, home: int) -> None:  # ruling 23
    for _ in range(3):
        await one(town, NEW, "РЕГ 100004321 0011111")
    assert await town.text(NEW, "РЕГ 100004321 0098765") == []
    assert "не привязан" in await one(town, NEW, "долг"), "neutral answers have a cap of their own"
    town.clock.forward(hours=25)
    assert CODE.search(await one(town, NEW, "РЕГ 100004321 0098765"))


async def test_silence_is_not_worn_out(town: Street, home: int) -> None:  # T8
    for _ in range(3):
        assert await town.text(NEW, "привет") != []
    for _ in range(12):
        assert await town.text(NEW, "привет") == []


async def test_five_wrong_guesses_lock_for_a_day(town: Street, home: int) -> None:  # J1
    code = CODE.search(await one(town, NEW, "РЕГ 100004321 0098765"))
    assert code
    for _ in range(4):
        assert await one(town, NEW, wrong(code[0])) == "Код не подошёл. Пришлите верный код или РЕГ заново"
    assert (await one(town, NEW, wrong(code[0]))).startswith("Слишком много попыток")
    await town.text(NEW, code[0])
    assert await role(town, home) is None, "the right one comes too late"
    assert await town.text(NEW, "РЕГ 100004321 0098765") == []
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'registration locked'") == 1
    town.clock.forward(hours=25)
    await linked(town)
    assert await role(town, home) == "unverified"


async def test_a_linked_phone_is_locked_too(town: Street, home: int, english: int) -> None:
    for _ in range(4):
        assert "Не сходится" in await one(town, OWNER, "РЕГ 100004407 0011111")
    assert (await one(town, OWNER, "РЕГ 100004407 0011111")).startswith("Слишком много попыток")
    assert await town.text(OWNER, "РЕГ 100004407 0098766") == []
    assert (await one(town, OWNER, "04512")).startswith("Принято"), "everything else goes on"


async def test_sixty_guesses_at_once_are_five(town: Street, home: int) -> None:  # T10
    code = CODE.search(await one(town, NEW, "РЕГ 100004321 0098765"))
    assert code
    guesses = [f"{(int(code[0]) + 1 + number) % 10**6:06}" for number in range(60)]
    await asyncio.gather(*(town.carrier.text(sender=NEW, to="+79780000000", body=guess) for guess in guesses))
    told = await town.answers(NEW)
    assert sum("Код не подошёл" in each for each in told) == 4
    assert sum("Слишком много попыток" in each for each in told) == 1
    assert await town.pool.fetchval("select wrong from attempts") == 5
    await town.text(NEW, code[0])
    assert await role(town, home) is None


async def test_a_code_is_used_once(town: Street, home: int) -> None:
    code = CODE.search(await one(town, NEW, "РЕГ 100004321 0098765"))
    assert code
    await town.text(NEW, code[0])
    await town.text(NEW, "НЕ Я")
    assert await role(town, home) is None
    await town.text(NEW, code[0])
    assert await role(town, home) is None


async def test_a_code_is_good_for_ten_minutes(town: Street, home: int) -> None:
    code = CODE.search(await one(town, NEW, "РЕГ 100004321 0098765"))
    assert code
    town.clock.forward(minutes=10)
    assert await one(town, NEW, code[0]) == "Код уже не действует. Пришлите РЕГ заново"
    assert await role(town, home) is None


async def test_a_code_is_good_for_its_phone_only(town: Street, home: int) -> None:
    code = CODE.search(await one(town, NEW, "РЕГ 100004321 0098765"))
    await one(town, OTHER, "РЕГ 100004321 0098765")
    assert code
    assert "Код не подошёл" in await one(town, OTHER, code[0])
    assert await role(town, home, OTHER) is None


async def test_a_code_is_not_stored(town: Street, home: int) -> None:  # R40
    code = CODE.search(await one(town, NEW, "РЕГ 100004321 0098765"))
    assert code
    assert code[0] not in await town.pool.fetchval("select terms::text from questions")


async def test_a_reading_is_not_taken_for_a_code(town: Street, home: int, english: int) -> None:
    await town.text(OWNER, "РЕГ 100004407 0098766")
    assert (await one(town, OWNER, "04512")).startswith("Принято 04512")


async def test_a_phone_from_elsewhere_is_not_answered(town: Street, home: int) -> None:  # T7, ruling 23
    abroad = "+4915112345678"
    assert await town.text(abroad, "РЕГ 100004321 0098765") == []
    assert await town.pool.fetchval("select reason from inbox") == "country"


async def test_of_an_erased_customer_nothing_is_told(town: Street, home: int, company: asyncpg.Connection) -> None:
    await company.execute("update customers set data_key = null")
    assert "Не сходится" in await one(town, NEW, "РЕГ 100004321 0098765")


async def test_reg_alone_says_how(town: Street, home: int) -> None:
    for text in ("РЕГ", "РЕГ 100004321"):
        assert (await one(town, OTHER, text)).startswith("Пришлите: РЕГ номер_л/с номер_счётчика")
