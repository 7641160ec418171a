"""What texts of many kinds are understood to want, kind by kind."""

from dataclasses import replace
from datetime import date

import pytest

from core.commands import (
    Choose,
    Code,
    Help,
    Named,
    No,
    NotUnderstood,
    OptIn,
    OptOut,
    Register,
    SetLanguage,
    Subject,
    SubmitReading,
    Unclear,
    Wanted,
    Yes,
)
from core.grammar.understanding import LONGEST_TEXT, understand
from core.grammar.world import Asked, OpenQuestion, World
from tests.core.grammar import worlds
from tests.core.grammar.worlds import (
    CHOOSING,
    CONFIRMING,
    DAY_NIGHT,
    REMINDED,
    SINGLE,
    STRANGER,
    THREE,
    TODAY,
    TWO_METERS,
    WATER,
)


def taken(text: str, world: World) -> dict[str, str] | None:
    """The numbers that a text gives without a doubt, None where it gives none."""
    command = understand(text, world)
    if not isinstance(command, SubmitReading) or not command.values or command.doubt:
        return None
    return {value.meter or value.register: value.digits for value in command.values}


@pytest.mark.parametrize(
    "text",
    [
        "12345", " 12345 ", "12345.", "#12345", "*12345#", "«12345»", "12345 квт*ч", "12345kWh", "🔌 12345",
        "показания: 12345", "Показания-12345", "показания №12345", "ПОКАЗАНИЯ12345", "пок.12345", "12345 - показания",
        "добрый вечер, передаю показания счётчика 12345, спасибо", "свет 12345", "э/э 12345", "на счетчике 12345",
        "показания на 24 ноября 12345", "показания за ноябрь 2025 г. 12345", "24.11.2025 12345", "12345 на 25.11",
        "кв. 7 - 12345", "Мира 3-17 показания 12345", "ул. Гагарина, д.5, кв.12: 12345", "д.5 кв.25 12345",
        "Петрова А.С. показания 12345", "показания 12345 тел. 8 978 123-45-67", "12 345", "показания 12\u00a0345",
        "показания 12\u200b345", "gjrfpfybz 12345", "pokazaniya 12345", "peredayu pokazania 12345", "п0казания 12345",
        "пoкaзaния 12345", "１２３４５", "١٢٣٤٥", "1️⃣2️⃣3️⃣4️⃣5️⃣", "12 тысяч 345",
        "двенадцать тысяч триста сорок пять", "один два три четыре пять", "one two three four five",
        "reading 12345", "READ12345", "my meter reading is 12345 kWh, thanks", "показники 12345", "көрсеткіш 12345",
        "счетчик күрсәткече 12345", "паказанні 12345", "stand meter 12345", "sayaç endeksi 12345",
        "stan licznika 12345", "rādījums 12345", "Zählerstand 12345", "stav elektroměru 12345", "lectura 12345",
        "показания 12345. С уважением, Захарова", "Hello, reading 12345. Regards, Anne", "показания.......12345",
        "ещё раз: показания 12345", "на конец месяца 12345", "показания 12 345 (двенадцать тысяч триста сорок пять)",
        "twelve thousand three hundred and forty-five", "=> 12345", "svet 12345", "пу 12345", "тариф 1 12345",
        "показания 12345\n--\nОтправлено с телефона 7", "12345 12345", "1#12345", "т1 - 12345", "день 12345",
        "показанмя 12345", "здравствуте, показания 12345", "електричество 12345", "показанияяя 12345", "12 тыс. 345",
        "tekushie pokazaniya 12345", "pokazaniia 12345", "показания на 24-е 12345", "понедельник 24.11 - 12345",
        "правильные показания 12345", "исправьте показания на 12345", "correct reading is 12345", "поправка: 12345",
        "12345 кВт⋅ч", "показания → 12345", "показания/12345", "ок, показания 12345",
        "двенатцать тысяч тристо сорок пять", "ноль двенадцать тысяч триста сорок пять",
        "кв. № 7 показания 12345", "Извините за опоздание, показания 12345", "показания составляют 12345",
        "Показания по адресу Мира 3 кв 17: 12345",
    ],
)  # fmt: skip
def test_one_number(text: str) -> None:
    given = taken(text, SINGLE)
    assert given is not None
    assert set(given.values()) == {"12345"}


def test_the_number_is_kept_as_written() -> None:
    assert taken("показания 0012345,6", SINGLE) == {"total": "0012345.6"}
    assert taken("012345", SINGLE) == {"total": "012345"}
    assert taken("45О2", SINGLE) == {"total": "4502"}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("день 5778 ночь 2542", {"day": "5778", "night": "2542"}),
        ("ночь: 2542, день: 5778", {"night": "2542", "day": "5778"}),
        ("Д5778 Н2542", {"day": "5778", "night": "2542"}),
        ("5778 д 2542 н", {"day": "5778", "night": "2542"}),
        ("день/ночь 5778/2542", {"day": "5778", "night": "2542"}),
        ("Добрый день! Ночь 2542, день 5778", {"night": "2542", "day": "5778"}),
        ("ltym 5778 yjxm 2542", {"day": "5778", "night": "2542"}),
        ("den 5778 noch 2542", {"day": "5778", "night": "2542"}),
        ("тариф 1 5778 тариф 2 2542", {"t1": "5778", "t2": "2542"}),
        ("Т2=2542; Т1=5778", {"t2": "2542", "t1": "5778"}),
        ("Т1 (день) 5778, Т2 (ночь) 2542", {"t1": "5778", "t2": "2542"}),
        ("Т1(день)=5778 Т2(ночь)=2542", {"t1": "5778", "t2": "2542"}),
        ("Т-1 5778 Т-2 2542", {"t1": "5778", "t2": "2542"}),
        ("первый тариф 5778 второй 2542", {"t1": "5778", "t2": "2542"}),
        ("тариф день 5778, ночная зона 2542", {"day": "5778", "night": "2542"}),
        ("т1 5 778 т2 2 542", {"t1": "5778", "t2": "2542"}),
        ("5778 2542", {"day": "5778", "night": "2542"}),
        ("5778/2542", {"day": "5778", "night": "2542"}),
        ("5778,2542", {"day": "5778", "night": "2542"}),
        ("100200300#5778#2542", {"day": "5778", "night": "2542"}),
        ("HT 5778 NT 2542", {"day": "5778", "night": "2542"}),
        ("общее 8320, день 5778, ночь 2542", {"day": "5778", "night": "2542"}),
        ("день 5778", {"day": "5778"}),
        ("Т.1 5778 Т.2 2542", {"t1": "5778", "t2": "2542"}),
        ("1т 5778 2т 2542", {"t1": "5778", "t2": "2542"}),
        ("Т1 5778 (день) Т2 2542 (ночь)", {"t1": "5778", "t2": "2542"}),
    ],
)
def test_two_zones(text: str, given: dict[str, str]) -> None:
    assert taken(text, DAY_NIGHT) == given


@pytest.mark.parametrize(
    "text",
    [
        "день 5778 день 2542", "т1 5778 день 2542", "день 5778 ночь", "т15778 т22542", "день 5778 ночь 2542 итого 999",
        "5778", "5778 2542 1000", "день 5778 2542", "день 2542 ночь 5778 ой наоборот", "день 577825 ночь 2542",
        "Т1 (ночь) 5778 Т2 (день) 2542", "т1 ночь 5778 т2 день 2542", "Т1 5778 (ночь) Т2 2542 (день)",
    ],
)  # fmt: skip
def test_zones_that_cannot_be_told(text: str) -> None:
    assert taken(text, DAY_NIGHT) is None


@pytest.mark.parametrize(
    "text",
    [
        "пик 1324 полупик 125 ночь 444",
        "п1324 пп125 н444",
        "1324/125/444",
        "1324,125,444",
        "ночь 444 пик 1324 п/пик 125",
    ],
)
def test_three_zones(text: str) -> None:
    assert taken(text, THREE) == {"peak": "1324", "halfpeak": "125", "night": "444"}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("хвс 56,178 гвс 47,020", {"cold": "56.178", "hot": "47.020"}),
        ("Х 56 Г 47", {"cold": "56", "hot": "47"}),
        ("горячая вода 47 м3, холодная вода 56 м3", {"hot": "47", "cold": "56"}),
        ("свет 12345 хол 56 гор 47", {"total": "12345", "cold": "56", "hot": "47"}),
        ("Э-12345 Х-56 Г-47", {"total": "12345", "cold": "56", "hot": "47"}),
        ("хвс 56 гвс 56", {"cold": "56", "hot": "56"}),
    ],
)
def test_several_services(text: str, given: dict[str, str]) -> None:
    assert taken(text, WATER) == given


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("12345678 4321 87654321 765", {"12345678": "4321", "87654321": "765"}),
        ("сч 87654321 - 765; сч 12345678 - 4321", {"87654321": "765", "12345678": "4321"}),
        ("1) 4321 2) 765", {"1": "4321", "2": "765"}),
        ("счетчик 1 4321 счетчик 2 765", {"1": "4321", "2": "765"}),
        ("1 счетчик 4321, 2 счетчик 765", {"1": "4321", "2": "765"}),
    ],
)
def test_several_meters(text: str, given: dict[str, str]) -> None:
    assert taken(text, TWO_METERS) == given


def test_one_of_several_meters() -> None:
    assert understand("87654321*765", TWO_METERS) == SubmitReading((Named("total", "765"),), meter="87654321")
    assert understand("4321", TWO_METERS) == SubmitReading((Named("total", "4321"),), doubt="meter")


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("100200300*12345", "100200300"), ("100200300#12345", "100200300"), ("[100200300][12345]", "100200300"),
        ("л/с 100 200 300 показания 12345", "100200300"), ("<100200300><12345>", "100200300"),
        ("555666777 -> 12345", "555666777"), ("555666777 = 12345", "555666777"), ("л\\с 100200300 12345", "100200300"),
        ("KWH 12345 A/C 555666777", "555666777"), ("мамин счёт 100200300 показания 12345", "100200300"),
        ("12345 по счету 100200300", "100200300"), ("LS100200300 12345", "100200300"),
        ("показания 12345 лс 100200300", "100200300"), ("100200300,12345", "100200300"),
        ("ЛС100200300 П12345", "100200300"), ("ГАЗ 555666777 12345", "555666777"), ("555666777 12345", "555666777"),
        ("Лицевой счёт: 555666777\nАбонент: Петров П.П.\nАдрес: ул. Новая, д. 1\nПоказания: 12345", "555666777"),
        ("#SR 555666777 12345", "555666777"), ("*555666777#12345*Энск 1кв1", "555666777"),
    ],
)  # fmt: skip
def test_account_and_number(text: str, account: str) -> None:
    assert understand(text, SINGLE) == SubmitReading((Named("total", "12345"),), account=account)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("паказанмя 12345", "typo"), ("l2345", "lookalike"), ("показания 1З345", "lookalike"),
        ("613289 12345", "shape"), ("0100200300 12345", "shape"), ("100-200-300 12345", "shape"),
        ("9781234567 12345", "shape"), ("последние показания 12345", "last"),
        ("AB00456 12345", "shape"), ("Иванов 12345", "name"), ("ночь 12345", "register"),
    ],
)  # fmt: skip
def test_asked_before_it_is_taken(text: str, doubt: str) -> None:
    command = understand(text, SINGLE)
    assert isinstance(command, SubmitReading)
    assert (bool(command.values), command.doubt) == (True, doubt)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Unclear.EMPTY), ("  \n ", Unclear.EMPTY), ("показания 12345 слон", Unclear.WORDS),
        ("показания 123456", Unclear.TOO_MANY_DIGITS), ("12,345", Unclear.TOO_MANY_DECIMALS),
        ("показания -12345", Unclear.NEGATIVE), ("-12345", Unclear.NEGATIVE), ("12345 руб", Unclear.MONEY),
        ("долг 12345", Unclear.MONEY), ("сумма 12345", Unclear.MONEY), ("89781234567", Unclear.PHONE),
        ("24.11", Unclear.DATE), ("завтра 12345", Unclear.DATE), ("расход 12345", Unclear.USE),
        ("примерно 12345", Unclear.ROUGH), ("больше 12345", Unclear.ROUGH),
        ("12000-12345", Unclear.SEVERAL_NUMBERS),
        ("7 8 9", Unclear.SEVERAL_NUMBERS), ("показания за 01.2025 12345", Unclear.DATE_TOO_FAR),
        ("12345%", Unclear.NOT_DIGITS),
        ("45х2", Unclear.NOT_DIGITS), ("12345²", Unclear.NOT_DIGITS), ("12..345", Unclear.NOT_DIGITS),
    ],
)  # fmt: skip
def test_why_a_number_is_not_taken(text: str, reason: Unclear) -> None:
    command = understand(text, SINGLE)
    assert isinstance(command, NotUnderstood)
    assert command.reason is reason
    assert len(command.fragment) <= 12


@pytest.mark.parametrize(
    "text",
    [
        "12345?", "это 12345?", "не 12345", "если 12345", "12345 или 12346", "было 12345", "с 12000 до 12345",
        "12000+345", "=12345", "+12345", "~12345", "12345±5", "1_000", "12345e0", "0x3039", "1e5", "NaN", "inf",
        "12\x0045", "показания \u202e54321", "12345 \ud83d", "\ufffd 12345", "???? 12345", "½ 12345",
        "№ 12345 от 3 мая",
        "соседка сказала 12345", "передал вчера 12345", "у вас 12345", "Показания 12345 приняты", "код 12345",
        "счетчик №12345", "номер счетчика 12345", "новый счетчик 12345", "договор 12345", "квитанция 12345",
        "#ST 2000123456 12345", "5 квартира слон 12345", "<b>12345</b>", "{12345}", "12345; drop table x",
        "https://example.com/12345", "user12345@example.com", "x12345y", "перезвоните 12345", "травма 12345",
        "12000 -> 12345", "12000 = 12345", "мамин счётчик 12345", "12000 плюс 345", "below 12345", "taken back 12345",
        "показания за прошлый год 12345", "reading for last month 12345", "показания за следующий месяц 12345",
        "показания прошлого месяца 12345", "is it 12345", "is the reading 12345", "12345 верные показания",
        "10020030012345", "1 2 3 4 5", "показания 12345 и запишите на прием", "стоп 12345", "(978) 12345",
    ],
)  # fmt: skip
def test_no_reading_in_it(text: str) -> None:
    assert not isinstance(understand(text, SINGLE), SubmitReading | OptOut | OptIn | Register | SetLanguage)


def test_a_reading_beside_a_question_of_the_debt() -> None:
    plain = SubmitReading((Named("total", "12345"),))
    assert understand("показания 12345 и сколько с меня?", SINGLE) == plain
    assert understand("12345\nдолг", SINGLE) == plain


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("показания на 20.11 12345", date(2025, 11, 20)), ("вчера 12345", date(2025, 11, 23)),
        ("12345 на 25.11", None), ("показания за ноябрь 12345", None), ("показания на 24 число 12345", None),
        ("показания на 30 число 12345", date(2025, 10, 30)), ("20 ноября 2025 года 12345", date(2025, 11, 20)),
    ],
)  # fmt: skip
def test_day_of_a_reading(text: str, on: date | None) -> None:
    command = understand(text, SINGLE)
    assert isinstance(command, SubmitReading)
    assert command.on == on


@pytest.mark.parametrize(
    "text", ["да", "ДА!", "yes", "Да, верно", "иә", "evet", "так", "da", "lf", "дa", "подтверждаю показания"]
)
def test_yes_to_the_open_question(text: str) -> None:
    assert understand(text, CONFIRMING) == Yes()


def test_answers_to_the_open_question() -> None:
    assert understand("нет", CONFIRMING) == No()
    assert understand("отмена", CONFIRMING) == No()
    assert understand("ошибка", CONFIRMING) == No()
    assert isinstance(understand("да ну", CONFIRMING), NotUnderstood)
    assert understand("12354", CONFIRMING) == SubmitReading((Named("total", "12354"),))
    assert understand("нет, 12354", CONFIRMING) == SubmitReading((Named("total", "12354"),))
    assert understand("ок", CONFIRMING) == NotUnderstood(Unclear.THANKS)
    assert understand("3", CHOOSING) == Choose(3)
    assert understand("4", CHOOSING) == NotUnderstood(Unclear.WORDS, "4")
    code = worlds.world(worlds.meter(), question=OpenQuestion(Asked.CODE))
    assert understand("482913", code) == Code("482913")
    for said in ("код 482913", "Код: 482 913", "482 913", "482-913", "my code is 482913"):
        assert understand(said, replace(code, accounts=())) == Code("482913")
    assert understand("код 482-913", code) == Code("482913")
    assert not isinstance(understand("482 913", code), Code), "these may be two registers of a meter"
    account = worlds.world(worlds.meter(), question=OpenQuestion(Asked.ACCOUNT))
    assert understand("076543210", account) == Register("076543210")


@pytest.mark.parametrize("text", ["СТОП", "stop", "ПОМОЩЬ"])
@pytest.mark.parametrize("world", [CONFIRMING, CHOOSING, REMINDED, STRANGER])
def test_stop_and_help_win_over_every_dialogue(text: str, world: World) -> None:
    assert understand(text, world) == (Help() if text == "ПОМОЩЬ" else OptOut())


def test_after_a_reminder_of_a_visit() -> None:
    assert understand("ДА", REMINDED) == Yes()
    assert understand("приду", REMINDED) == Yes()
    assert understand("не приду", REMINDED) == Wanted(Subject.CANCEL_VISIT)
    assert understand("I can't come, sorry", REMINDED) == Wanted(Subject.CANCEL_VISIT)
    assert understand("X", REMINDED) == Wanted(Subject.CANCEL_VISIT)
    assert understand("RSCH", REMINDED) == Wanted(Subject.MOVE_VISIT)


def test_a_stranger() -> None:
    assert understand("613288*12*45,50", STRANGER) == Register("613288", amount=4550)
    assert understand("04512", STRANGER) == SubmitReading((Named("total", "04512"),), doubt="account")
    assert isinstance(understand("887766", STRANGER), NotUnderstood)


def test_which_account_is_asked() -> None:
    several = worlds.world(worlds.meter(), accounts=2)
    assert understand("04512", several) == SubmitReading((Named("total", "04512"),), doubt="account")
    assert understand("100200301 04512", several) == SubmitReading((Named("total", "04512"),), account="100200301")


def test_a_removed_meter_is_told_by_its_serial() -> None:
    old = worlds.meter(serial="11112222")
    new = worlds.meter(serial="33334444")
    removed = type(old)(old.serial, old.service, old.digits, old.fraction, old.registers, removed=TODAY)
    world = worlds.world(removed, new)
    assert understand("11112222 4321", world) == SubmitReading((Named("total", "4321"),), meter="11112222")
    assert understand("4321", world) == SubmitReading((Named("total", "4321"),))


def test_a_letter_is_not_read() -> None:
    assert isinstance(understand("показания 12345 " * LONGEST_TEXT, SINGLE), NotUnderstood)
    assert isinstance(understand("показания " * 300, SINGLE), NotUnderstood)
    assert isinstance(understand("12345 " + "добрый день " * 120 + "не верно", SINGLE), NotUnderstood)
    assert isinstance(understand("показания 12345 \ufdfa" + "\ufdfa" * 200, SINGLE), NotUnderstood)


@pytest.mark.parametrize("text", ["12345a", "a12345", "EIC 62Z1234567890123 stan 2210", "z12345", "12345 и3"])
def test_a_letter_glued_to_a_number_makes_no_reading(text: str) -> None:
    assert taken(text, SINGLE) is None


@pytest.mark.parametrize("text", ["🌙 1870 ☀ 5566", "☀️5566 🌙1870", "5566☀ 1870🌜"])
def test_a_sun_and_a_moon_are_day_and_night(text: str) -> None:
    assert taken(text, DAY_NIGHT) == {"day": "5566", "night": "1870"}


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("двенадцать тысяч двести две целых пять десятых", "12202.5"),
        ("двенадцать тысяч двести две целых пять сотых", "12202.05"),
        ("показания двенадцать тысяч девяносто девять запятая три", "12099.3"),
        ("12099 целых 3 десятых", "12099.3"),
    ],
)
def test_a_fraction_in_words(text: str, digits: str) -> None:
    assert taken(text, SINGLE) == {"total": digits}
