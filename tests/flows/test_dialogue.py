"""Questions and their answers: bad readings, several accounts, day and night, a removed meter (J3, J5, J6), in both
languages; a question stays open for a day, through what is no answer to it, and ends with an honest word."""

from datetime import date

import asyncpg
import pytest

from core.wording.segments import count
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

RU, EN = "+79780001705", "+79780001706"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
PHONES = pytest.mark.parametrize("phone", [RU, EN], ids=["ru", "en"])
LANGUAGES = ((RU, "ru", "1"), (EN, "en", "2"))


@pytest.fixture
async def homes(company: asyncpg.Connection) -> None:
    """An account of one meter for each phone."""
    for phone, language, first in LANGUAGES:
        made = A(f"{first}00004321", (M(f"{first}0098765"),), ((phone, "owner"),), OCTOBER, language)
        await make.account(company, made)


@pytest.fixture
async def families(company: asyncpg.Connection) -> None:
    """Three accounts for each phone: the third is a mother's, whose sums the daughter may not see (J5)."""
    for phone, language, first in LANGUAGES:
        for tail, role, name in (("4321", "owner", None), ("4407", "owner", "Дача"), ("5110", "helper", None)):
            named = (("Cottage" if language == "en" else name) if name else None,)
            made = A(f"{first}0000{tail}", (M(f"{first}{tail}"),), ((phone, role),), OCTOBER, language, named)
            await make.account(company, made)


@pytest.fixture
async def zoned(company: asyncpg.Connection) -> None:
    """A meter of day and night, in the place of one that was removed (J6)."""
    for phone, language, first in LANGUAGES:
        new = M(f"{first}007788", ("5600", "2450"), ("day", "night"), "RU-DN", usual=("180", "90"))
        gone = M(f"{first}004521", removed_on=date(2025, 10, 3), day=date(2025, 9, 30))
        await make.account(company, A(f"{first}00004330", (new, gone), ((phone, "owner"),), language=language))


Told = list[tuple[str, str]]


async def had(town: Street, phone: str, said: Told) -> None:
    """The conversation is had word by word, each answer in one segment."""
    for text, expected in said:
        assert await town.text(phone, text) == [expected], text
        assert count(expected).segments == 1 or "Дача" in expected, expected


async def readings(town: Street) -> list[int]:
    rows = await town.pool.fetch("select value::int from readings where inbox_id is not null order by no, register")
    return [row[0] for row in rows]


# J3

BAD: dict[str, Told] = {
    RU: [
        ("04112", "Не принято: 04112 меньше прошлого 04325 (31.10). Пришлите ещё раз"),
        ("45120", "45120 невозможно: расход 40795. Может, 04512? ДА или новое число"),
        ("хм", "Не понял «хм». Принять 04512? ДА или новое число"),
        ("04912", "04912: расход 587, обычно 129. Принять 04912? ДА или новое число"),
        ("45х2", "Не понял «45х2». Пришлите цифры до запятой, напр. 04454"),
        ("НЕТ", "Хорошо, ничего не записали. Пришлите верное показание"),
        ("ДА", "Сейчас вопросов к вам нет. Пришлите показание или ПОМОЩЬ"),
        ("ДОЛГ", "К оплате 431,60: долг окт 431,60"),
        ("04912", "04912: расход 587, обычно 129. Принять 04912? ДА или новое число"),
        ("45О2", "Принято 4502 (+177). К оплате 1019,24 р., из них долг 431,60"),
        ("ДА", "Сейчас вопросов к вам нет. Пришлите показание или ПОМОЩЬ"),
    ],
    EN: [
        ("04112", "Not accepted: 04112 is less than the last 04325 (31 Oct). Please send it again."),
        ("45120", "45120 is impossible: 40795 used. Is it 04512? Reply Y or send a new number."),
        ("hm", 'Not understood: "hm". Accept 04512? Y or a new number.'),
        ("04912", "04912: 587 used, usually 129. Accept 04912? Reply Y or send a new number."),
        ("45x2", 'Not understood: "45x2". Send the digits before the point, e.g. 04454.'),
        ("NO", "All right, nothing was recorded. Please send the right reading."),
        ("Y", "We have asked you nothing now. Send a reading or HELP."),
        ("BAL", "To pay 431.60: overdue Oct 431.60."),
        ("04912", "04912: 587 used, usually 129. Accept 04912? Reply Y or send a new number."),
        ("45O2", "Accepted 4502 (+177 kWh). To pay 1019.24, of which overdue 431.60. "
                 "Reply WHY for the sums, UNDO if wrong."),
        ("Y", "We have asked you nothing now. Send a reading or HELP."),
    ],
}  # fmt: skip


@PHONES
async def test_bad_readings(town: Street, homes: None, phone: str) -> None:  # J3
    await had(town, phone, BAD[phone])
    assert await readings(town) == [4502], "nothing else was taken"


@PHONES
async def test_an_unusual_one_is_taken_on_a_yes(town: Street, homes: None, phone: str) -> None:  # J3
    await town.text(phone, "04912")
    (accepted,) = await town.text(phone, "ДА" if phone == RU else "YES")
    assert "04912 (+587" in accepted
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'unusual reading'") == 1


@PHONES
async def test_past_zero(town: Street, company: asyncpg.Connection, phone: str) -> None:  # J3
    language = "ru" if phone == RU else "en"
    made = A("100004500", (M("77", readings=("99990",), usual=("22",)),), ((phone, "owner"),), language=language)
    await make.account(company, made)
    (accepted,) = await town.text(phone, "00012")
    assert "00012 (+22" in accepted


# J5

FAMILY: dict[str, Told] = {
    RU: [
        ("04512", "Для какого л/с 04512? 1 ..4321 2 Дача 3 ..5110"),
        ("9", "Ответа 9 нет. Для какого л/с 04512? 1 ..4321 2 Дача 3 ..5110"),
        ("у мамы", "Не понял «мамы». Для какого л/с 04512? 1 ..4321 2 Дача 3 ..5110"),
        ("3", "..5110: принято 04512"),
        ("ДОЛГ 100005110", "С этого номера это не разрешено. Спросите владельца л/с"),
        ("ДОЛГ", "По 2 л/с долг 863,20. Не учтено л/с: 1. Какой л/с? 1 ..4321 2 Дача"),
        ("2", "Дача: к оплате 431,60: долг окт 431,60"),
        ("ИМЯ", "1 ..4321 2 Дача 3 ..5110. Назвать: ИМЯ 1 ДОМ"),
        ("ИМЯ 3 Мама", "Л/с ..5110 теперь зовётся Мама. Список: МОИ ЛС"),
        ("04112", "Для какого л/с 04112? 1 ..4321 2 Дача 3 Мама"),
        ("1", "..4321: не принято: 04112 меньше прошлого 04325 (31.10)"),
        ("04912", "Для какого л/с 04912? 1 ..4321 2 Дача 3 Мама"),
        ("1", "..4321: 04912: расход 587. Принять? ДА или новое число"),
        ("04512.35", "Для какого л/с 04512,35? 1 ..4321 2 Дача 3 Мама"),
        ("дача", "Дача: принято 04512 (+187). К оплате 1052,44 р., из них долг 431,60"),
        ("ОТМ", "Дача: отменено 04512. Действует 04325 от 31.10. Пришлите верное показание"),
    ],
    EN: [
        ("04512", "Which account is 04512 for? 1 ..4321 2 Cottage 3 ..5110"),
        ("9", "There is no answer 9. Which account is 04512 for? 1 ..4321 2 Cottage 3 ..5110"),
        ("granny", 'Not understood: "granny". Which account is 04512 for? 1 ..4321 2 Cottage 3 ..5110'),
        ("3", "..5110: accepted 04512."),
        ("BAL 200005110", "This phone may not do that. Please ask the owner of the account."),
        ("BAL", "2 accounts: overdue 863.20 in all. Not counted: 1 of your accounts. "
                "Which account? 1 ..4321 2 Cottage"),
        ("2", "Cottage: to pay 431.60: overdue Oct 431.60."),
        ("NAME", "1 ..4321 2 Cottage 3 ..5110. To name one: NAME 1 FLAT."),
        ("NAME 3 Mum", "Account ..5110 is now named Mum. The list: ACCOUNTS."),
        ("04112", "Which account is 04112 for? 1 ..4321 2 Cottage 3 Mum"),
        ("1", "..4321: not accepted: 04112 is less than the last 04325 (31 Oct). Please send it again."),
        ("04912", "Which account is 04912 for? 1 ..4321 2 Cottage 3 Mum"),
        ("1", "..4321: 04912: 587 used, usually 129. Accept 04912? Reply Y or send a new number."),
        ("04512,35", "Which account is 04512.35 for? 1 ..4321 2 Cottage 3 Mum"),
        ("cottage", "Cottage: accepted 04512 (+187 kWh). To pay 1052.44, of which overdue 431.60. "
                    "Reply WHY for the sums, UNDO if wrong."),
        ("UNDO", "Cottage: taken back 04512. 04325 of 31 Oct holds. Please send the right reading."),
    ],
}  # fmt: skip


@PHONES
async def test_three_accounts(town: Street, families: None, phone: str) -> None:  # J5
    await had(town, phone, FAMILY[phone])


# J6

ZONES: dict[str, Told] = {
    RU: [
        ("5778", "Счётчик двухтарифный: пришлите день и ночь, напр. 05724 02512"),
        ("ДА", "Пришлите день и ночь, например 05724 02512"),
        ("2542 5778", "День и ночь перепутаны? День 5778, ночь 2542: ответьте ДА"),
        ("что", "Не понял «что». Принять 5778 2542? ДА или новое число"),
        ("ДА", "Принято: день 5778, ночь 2542. К оплате 998,22 р. до 10.12"),
        ("Д5779 Н2543", "Исправлено: день 5779, ночь 2543. К оплате 1005,06 р."),
        ("5780/2543", "Исправлено: день 5780, ночь 2543 вместо 05779. К оплате 1009,35 р."),
        ("день 5781", "Исправлено: день 5781 вместо 05780. К оплате 1013,64 р. до 10.12"),
        ("1004521 04400", "Счётчик *4521 снят 02.10.2025. Пришлите показание нового *7788"),
    ],
    EN: [
        ("5778", "Your meter has two rates: send day and night, e.g. 05724 02512."),
        ("Y", "Send day and night, for example 05724 02512."),
        ("2542 5778", "Day and night mixed up? Day 5778, night 2542: reply Y."),
        ("what", 'Not understood: "what". Accept 5778 2542? Y or a new number.'),
        ("Y", "Accepted: day 5778 (+178 kWh), night 2542 (+92 kWh). To pay 998.22 by 10 Dec. Nothing overdue. "
              "Reply WHY for the sums, UNDO if wrong."),
        ("day 5779 night 2543", "Corrected: day 5779, night 2543 instead of 05778/02542. To pay 1005.06 by 10 Dec. "
                                "Nothing overdue. Reply WHY for the sums, UNDO if wrong."),
        ("meter 2004521 04400", "Meter *4521 was removed on 2 Oct 2025. Please send the reading of the new *7788."),
    ],
}  # fmt: skip


@PHONES
async def test_day_and_night_and_a_removed_meter(town: Street, zoned: None, phone: str) -> None:  # J6
    await had(town, phone, ZONES[phone])


# How long a question is open

LAPSED = {
    RU: "Срок ответа прошёл, 04912 не записано. Пришлите показание снова",
    EN: "The time to answer is over, 04912 was not recorded. Please send the reading again.",
}
NOTHING = {
    RU: "Сейчас вопросов к вам нет. Пришлите показание или ПОМОЩЬ",
    EN: "We have asked you nothing now. Send a reading or HELP.",
}
YES = {RU: "ДА", EN: "YES"}


@PHONES
async def test_an_answer_that_comes_too_late_is_told_so(town: Street, homes: None, phone: str) -> None:
    await town.text(phone, "04912")
    town.clock.forward(hours=23)
    assert "04912" in (await town.text(phone, "кракозябра"))[0], "a day long it is asked again"
    town.clock.forward(hours=1)
    assert await town.text(phone, YES[phone]) == [LAPSED[phone]]
    assert await readings(town) == []
    assert await town.text(phone, "ДА") == [NOTHING[phone]], "it is told once"


async def test_yes_is_news_again_where_nothing_was_asked_of_late(town: Street, homes: None) -> None:  # ruling 6
    await town.text(EN, "04912")
    town.clock.forward(days=9)
    assert await town.text(EN, "YES") == ["News messages are on again."]


@pytest.mark.parametrize("wish", ["04512", "ДОЛГ", "ИСТОРИЯ"])
async def test_a_choice_that_comes_too_late_is_told_so(town: Street, families: None, wish: str) -> None:
    await town.text(RU, wish)
    town.clock.forward(days=2)
    (told,) = await town.text(RU, "1")
    assert told.startswith("Срок ответа")
    (told,) = await town.text(RU, "1")
    assert told == NOTHING[RU], "and is no reading"
    assert await readings(town) == []


async def test_stop_and_help_leave_the_question_open_and_say_so(town: Street, families: None) -> None:
    await town.text(RU, "04512")
    assert await town.text(RU, "СТОП") == ["Новости отключены. Наш вопрос ещё открыт, на него можно ответить"]
    (told,) = await town.text(RU, "ПОМОЩЬ")
    assert told.startswith("Для какого л/с 04512? 1 ..4321 2 Дача 3 ..5110. Или команда: ДОЛГ")
    assert (await town.text(RU, "1"))[0].startswith("..4321: принято 04512")
    assert await town.pool.fetchval("select opted_out from phones where hash = $1", make.keyring().phone_hash(RU))


@pytest.mark.parametrize("number", ["04530", "показание 04530"])
async def test_any_new_number_replaces_the_question(town: Street, homes: None, number: str) -> None:
    await town.text(RU, "45120")
    assert (await town.text(RU, number))[0].startswith("Принято 04530")
    assert await town.text(RU, "ДА") == [NOTHING[RU]]
    assert await readings(town) == [4530]


async def test_a_menu_of_meters_is_asked_again(town: Street, company: asyncpg.Connection) -> None:
    meters = (M("3208"), M("3209"))
    await make.account(company, A("100003112", meters, ((RU, "owner"),)))
    asked = "Для какого счётчика 04512? 1 свет *3208 2 свет *3209"
    assert await town.text(RU, "04512") == [asked]
    assert await town.text(RU, "7") == [f"Ответа 7 нет. {asked}"]
    assert await town.text(RU, "левый") == [f"Не понял «левый». {asked}"]
    assert "*3209 04512" in (await town.text(RU, "2"))[0]


async def test_no_is_an_answer_to_a_question_for_an_account(town: Street, families: None) -> None:
    await town.text(RU, "ДОЛГ")
    assert await town.text(RU, "НЕТ") == ["Хорошо. Пришлите показание или ПОМОЩЬ"]
    assert await town.pool.fetchval("select count(*) from questions") == 0


@pytest.mark.parametrize("said", ["ЯЗЫК KAZ", "казахский", "KAZ", "українською"])
async def test_a_language_that_is_not_there(town: Street, homes: None, said: str) -> None:
    told = "Такого языка ответов пока нет. Есть: RUS - русский, ENG - English"
    assert await town.text(RU, said) == [told]
    assert (await town.text(RU, "ДОЛГ"))[0].startswith("К оплате"), "nothing is changed"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("спасибо!", "Рады помочь! Все команды: ПОМОЩЬ"),
        ("ок", "Рады помочь! Все команды: ПОМОЩЬ"),
        ("Добрый день", "Здравствуйте! Пришлите показание, напр. 04454, или ПОМОЩЬ"),
    ],
)
async def test_courtesy(town: Street, homes: None, said: str, told: str) -> None:
    assert await town.text(RU, said) == [told]
