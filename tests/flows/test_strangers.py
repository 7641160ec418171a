"""Those who try to get at an account that is not theirs, by texts (T4, T7, T8, T10)."""

import asyncio

import asyncpg

from tests.core.answer.test_door import door, text
from tests.flows.conftest import Street
from tests.flows.test_identity import CODE, NEW, OTHER, OWNER, english, home, linked, one, role

__all__ = ["english", "home"]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_a_wrong_serial_and_an_unknown_account_are_answered_alike(town: Street, home: int) -> None:  # T8
    told = {
        (await one(town, phone, said))
        for phone, said in (
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


async def test_a_strangers_reading_is_not_taken_for_a_code(town: Street, home: int) -> None:  # J1
    """It waits with the code, and no guess is counted."""
    asked = CODE.search(await one(town, NEW, "РЕГ 100004321 0098765"))
    assert asked
    for said in ("04512", "долг"):
        assert await one(town, NEW, said) == "Ответьте кодом из шести цифр, который мы прислали"
    assert await town.pool.fetchval("select wrong from attempts") == 0
    told = await one(town, NEW, f"код {asked[0][:3]} {asked[0][3:]}")
    assert told == "Привязан л/с ..4321. Записать 04512? ДА или новое число"
    assert await one(town, NEW, "ДА") == "Принято 04512"


async def test_a_phone_from_elsewhere_is_not_answered(town: Street, home: int) -> None:  # T7, ruling 23
    abroad = "+4915112345678"
    assert await town.text(abroad, "РЕГ 100004321 0098765") == []
    assert await town.pool.fetchval("select reason from inbox") == "country"


async def test_of_an_erased_customer_nothing_is_told(town: Street, home: int, company: asyncpg.Connection) -> None:
    await company.execute("update customers set data_key = null")
    assert "Не сходится" in await one(town, NEW, "РЕГ 100004321 0098765")


async def test_reg_alone_says_how(town: Street, home: int) -> None:
    for said in ("РЕГ", "РЕГ 100004321"):
        assert (await one(town, OTHER, said)).startswith("Пришлите: РЕГ номер_л/с номер_счётчика")


# Two processes


async def test_two_processes_link_a_phone_once(database: str, home: int, company: asyncpg.Connection) -> None:  # T10
    """Both have the same phone's messages; the code is used once, and guesses are counted together."""
    doors = [door(database)[0] for _ in range(2)]
    asked = [doors[no].answer(text(no + 1, phone=NEW, said="РЕГ 100004321 0098765")) for no in range(2)]
    told = [await answer for answer in asked]
    assert told[1].text
    code = CODE.search(told[1].text)
    assert code
    sent = [doors[no % 2].answer(text(no + 10, phone=NEW, said=code[0])) for no in range(10)]
    answers = await asyncio.gather(*sent)
    assert sum("Привязан" in (each.text or "") for each in answers) == 1
    assert await company.fetchval("select count(*) from links where valid_to is null and evidence like 'reg %'") == 1
    for one_door in doors:
        await one_door.close()


async def test_two_processes_judge_five_guesses(database: str, home: int, company: asyncpg.Connection) -> None:  # T10
    doors = [door(database)[0] for _ in range(2)]
    told = await doors[0].answer(text(1, phone=NEW, said="РЕГ 100004321 0098765"))
    code = CODE.search(told.text or "")
    assert code
    guesses = [text(no + 10, phone=NEW, said=f"{(int(code[0]) + 1 + no) % 10**6:06}") for no in range(20)]
    await asyncio.gather(*(doors[no % 2].answer(guess) for no, guess in enumerate(guesses)))
    assert await company.fetchval("select wrong from attempts") == 5
    for one_door in doors:
        await one_door.close()
