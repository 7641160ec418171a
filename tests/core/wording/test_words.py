"""What customers read: the wordings of the journeys, and what is left out first where there is no room."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import conversing, messages
from core.basics.periods import Month
from core.commands import Subject, Unclear
from core.messages import Accepted, BalanceTold, Explained, Money, NotUnderstoodTold, Reply, Slice, Taken
from core.records import CountsLater, Doubt, ForecastReplaced
from core.wording.phrases import quoted
from core.wording.segments import count, units
from core.wording.words import Words, segments_allowed

WORDS = Words.read(Path(__file__).parents[3] / "locales")

OCT, NOV = Month(2025, 10), Month(2025, 11)
DUE = date(2025, 12, 15)
ONE = (Taken("total", "04512", 187_000),)
TWO = (Taken("day", "05778", 150_000), Taken("night", "02542", 60_000))
OWED = Money(105_440, overdue=43_356, due_on=DUE)
FRESH = Money(114_030, due_on=DUE)
SLICES = (Slice(OCT, 43_356, overdue=True), Slice(NOV, 62_084, pieces=((187_000, 3_320_000),)))

SAID: list[tuple[Reply, str, str]] = [
    (
        Accepted(ONE, OWED),
        "Принято 04512 (+187). К оплате 1054,40 р., из них долг 433,56",
        "Accepted 04512 (+187 kWh). To pay 1054.40, of which overdue 433.56. Reply WHY for the sums, UNDO if wrong.",
    ),
    (
        Accepted(ONE, FRESH),
        "Принято 04512 (+187). К оплате 1140,30 р. до 15.12, долга нет",
        "Accepted 04512 (+187 kWh). To pay 1140.30 by 15 Dec. Nothing overdue. Reply WHY for the sums, UNDO if wrong.",
    ),
    (
        Accepted(ONE, Money(0, credit=35_970)),
        "Принято 04512 (+187). Переплата 359,70 р., платить не нужно",
        "Accepted 04512 (+187 kWh). You are 359.70 in credit, nothing to pay.",
    ),
    (Accepted(ONE, None), "Принято 04512 (+187)", "Accepted 04512 (+187 kWh)."),
    (
        Accepted(ONE, Money(0)),
        "Принято 04512 (+187). Долга нет, платить не нужно",
        "Accepted 04512 (+187 kWh). Nothing to pay.",
    ),
    (
        Accepted(TWO, FRESH),
        "Принято: день 05778, ночь 02542. К оплате 1140,30 р. до 15.12",
        "Accepted: day 05778 (+150 kWh), night 02542 (+60 kWh). To pay 1140.30 by 15 Dec. Nothing overdue."
        " Reply WHY for the sums, UNDO if wrong.",
    ),
    (
        Accepted((Taken("total", "00678", 3_250, service="cold_water"),), None),
        "Принято 00678 (+3,25)",
        "Accepted 00678 (+3.25 m3).",
    ),
    (
        Accepted(ONE, OWED, account="..4321"),
        "..4321: принято 04512 (+187). К оплате 1054,40 р., из них долг 433,56",
        "..4321: accepted 04512 (+187 kWh). To pay 1054.40, of which overdue 433.56."
        " Reply WHY for the sums, UNDO if wrong.",
    ),
    (
        Accepted(ONE, FRESH, instead=("04521",)),
        "Исправлено: 04512 вместо 04521. К оплате 1140,30 р. до 15.12",
        "Corrected: 04512 instead of 04521. To pay 1140.30 by 15 Dec. Nothing overdue."
        " Reply WHY for the sums, UNDO if wrong.",
    ),
    (
        Accepted(ONE, FRESH, day=date(2025, 11, 20), repeated=True),
        "04512 уже принято 20.11. К оплате 1140,30 р. до 15.12, долга нет",
        "04512 was accepted already on 20 Nov. To pay 1140.30 by 15 Dec. Nothing overdue."
        " Reply WHY for the sums, UNDO if wrong.",
    ),
    (
        Accepted(ONE, None, day=date(2025, 11, 28), late_for=NOV),
        "Принято 04512 на 28.11. Счёт за ноябрь по прогнозу, разницу учтём",
        "Accepted 04512 (+187 kWh) for 28 Nov. The bill for November is by forecast, the difference will follow.",
    ),
    (
        Accepted(ONE, OWED, late_for=NOV),
        "Принято 04512. К оплате 1054,40 р. Счёт за ноя по прогнозу",
        "Accepted 04512 (+187 kWh). To pay 1054.40, of which overdue 433.56."
        " The bill for November is by forecast, the difference will follow.",
    ),
    (
        Accepted(
            ONE,
            FRESH,
            day=date(2025, 11, 28),
            later=CountsLater(date(2025, 11, 28), date(2025, 11, 25), Month(2025, 12)),
        ),
        "Показание от 28.11 учтём в декабре: срок за ноябрь был 25.11",
        "Accepted 04512 (+187 kWh) for 28 Nov. To pay 1140.30 by 15 Dec. Nothing overdue."
        " The reading of 28 Nov counts in December: the deadline for November was 25 Nov.",
    ),
    (
        Accepted(ONE, None, unverified_since=date(2025, 11, 1), doubt=Doubt.FAILED),
        "Записано 04512. Счётчик неисправен с 01.11.2025, начислим без него",
        "Recorded 04512 (+187 kWh). The meter has been out of order since 1 Nov 2025: we bill without it.",
    ),
    (
        Accepted(ONE, None, day=date(2025, 11, 5), early_for=NOV, window=(15, 25)),
        "Принято 04512 (+187) на 05.11. Для счёта за ноябрь пришлите 15-25.11",
        "Accepted 04512 (+187 kWh) for 5 Nov. For the bill of November send it on 15-25 Nov.",
    ),
    (
        Accepted(ONE, None, unverified_since=date(2025, 10, 1)),
        "Записано 04512. Поверка истекла 01.10.2025, начислим по среднему",
        "Recorded 04512 (+187 kWh). The meter's verification expired on 1 Oct 2025: we bill your average.",
    ),
    (
        Accepted(ONE, OWED, replaced=ForecastReplaced(212_000, 187_000, -8_300)),
        "Пересчёт: прогноз 212, факт 187. Минус 83,00. К оплате 1054,40 р.",
        "Accepted 04512 (+187 kWh). Recalculated: forecast 212, actual 187, minus 83.00."
        " To pay 1054.40, of which overdue 433.56. Reply WHY for the sums, UNDO if wrong.",
    ),
    (
        messages.Withdrawn(("04512",), ("04325",), date(2025, 10, 20)),
        "Отменено 04512. Действует 04325 от 20.10. Пришлите верное показание",
        "Taken back 04512. 04325 of 20 Oct holds. Please send the right reading.",
    ),
    (
        BalanceTold(OWED, SLICES),
        "К оплате 1054,40: долг окт 433,56 + ноя 620,84 (187 x 3,32)",
        "To pay 1054.40: overdue Oct 433.56 + Nov 620.84 (187 x 3.32).",
    ),
    (
        BalanceTold(Money(62_084, due_on=DUE), SLICES[1:]),
        "К оплате 620,84 до 15.12: ноя 620,84 (187 x 3,32)",
        "To pay 620.84 by 15 Dec: Nov 620.84 (187 x 3.32).",
    ),
    (
        BalanceTold(Money(97_140, overdue=105_440), (Slice(OCT, 105_440, overdue=True), Slice(OCT, -8_300))),
        "К оплате 971,40: долг окт 1054,40 - окт 83,00",
        "To pay 971.40: overdue Oct 1054.40 - Oct 83.00.",
    ),
    (BalanceTold(Money(0), ()), "Долга нет, платить не нужно", "Nothing to pay."),
    (
        Explained(SLICES, 105_440),
        "Долг окт 433,56; ноя: 187x3,32=620,84. Всего 1054,40 р.",
        "Overdue Oct 433.56; Nov: 187x3.32=620.84. Total 1054.40.",
    ),
    (
        Explained((Slice(NOV, 108_330, pieces=((150_000, 5_050_000), (60_000, 5_430_000))),), 108_330),
        "Ноя: 150x5,05+60x5,43=1083,30. Всего 1083,30 р.",
        "Nov: 150x5.05+60x5.43=1083.30. Total 1083.30.",
    ),
    (
        messages.LowerThanLast("04112", "04325", date(2025, 10, 20)),
        "Не принято: 04112 меньше прошлого 04325 (20.10). Пришлите ещё раз",
        "Not accepted: 04112 is less than the last 04325 (20 Oct). Please send it again.",
    ),
    (
        messages.BeforeControl(date(2025, 10, 20), "12300"),
        "Показание на 20.10 уже снял контролёр: 12300. Пришлите новое",
        "An inspector read 12300 on 20 Oct. Please send a newer reading.",
    ),
    (
        messages.Unusual("04912", 587_000, 187_000),
        "04912: расход 587, обычно 187. Принять 04912? ДА или новое число",
        "04912: 587 used, usually 187. Accept 04912? Reply Y or send a new number.",
    ),
    (
        messages.Impossible("45120", 40_795_000, "04512"),
        "45120 невозможно: расход 40795. Может, 04512? ДА или новое число",
        "45120 is impossible: 40795 used. Is it 04512? Reply Y or send a new number.",
    ),
    (
        messages.RolledOver("00120", "99950", 170_000),
        "Счётчик перешёл через 0: 99950->00120, расход 170. Верно? ДА/НЕТ",
        "The meter passed 0: 99950->00120, 170 used. Right? Reply Y or NO.",
    ),
    (
        messages.OtherMeter("00678", "cold_water", "0004521"),
        "00678 похоже на счётчик холодной воды *4521. Если это он, ответьте ДА",
        "00678 looks like the cold water meter *4521. If so, reply Y.",
    ),
    (
        messages.ZonesSwapped((("day", "12345"), ("night", "6789"))),
        "День и ночь перепутаны? День 12345, ночь 6789: ответьте ДА",
        "Day and night mixed up? Day 12345, night 6789: reply Y.",
    ),
    (
        messages.ZonesWanted(("day", "night"), ("5778", "2542")),
        "Счётчик двухтарифный: пришлите день и ночь, напр. 5778 2542",
        "Your meter has two rates: send day and night, e.g. 5778 2542.",
    ),
    (
        messages.SumDiffers("19134", "19200"),
        "Сумма зон 19134, общий 19200. Проверьте числа",
        "The zones add up to 19134, the total is 19200. Please check the numbers.",
    ),
    (
        messages.MeterGone("00004521", date(2025, 10, 3), "00007788"),
        "Счётчик *4521 снят 03.10.2025. Пришлите показание нового *7788",
        "Meter *4521 was removed on 3 Oct 2025. Please send the reading of the new *7788.",
    ),
    (
        messages.TooManyDigits("123456", 4, "0451"),
        "123456: на счётчике 4 цифры до запятой. Пример: 0451",
        "123456: your meter has 4 digits before the point. Example: 0451",
    ),
    (
        messages.WhichAccount(("04512",), ("..4321", "Дача", "Мама")),
        "Для какого л/с 04512? 1 ..4321 2 Дача 3 Мама",
        "Which account is 04512 for? 1 ..4321 2 Дача 3 Мама",
    ),
    (
        messages.WhichMeter("04512", (("electricity", "4521"), ("cold_water", "7788"))),
        "Для какого счётчика 04512? 1 свет *4521 2 хол. вода *7788",
        "Which meter is 04512 for? 1 power *4521 2 cold water *7788",
    ),
    (
        NotUnderstoodTold(Unclear.NOT_DIGITS, "45х2", "04512"),
        "Не понял «45х2». Пришлите цифры до запятой, напр. 04512",
        'Not understood: "45х2". Send the digits before the point, e.g. 04512.',
    ),
    (
        NotUnderstoodTold(Unclear.EMPTY, "", None),
        "Пустое сообщение. Пришлите показание или ПОМОЩЬ",
        "The message is empty. Send the reading or HELP.",
    ),
    (
        messages.NotYet(Subject.NEWS, "8-800-000-00-00"),
        "Выбор новостей - скоро. Отключить: СТОП. Звоните 8-800-000-00-00",
        "Choosing your news comes soon. For now call 8-800-000-00-00.",
    ),
    (
        conversing.OptedOut(),
        "Новости отключены. Ответы на ваши SMS и официальные увед. остаются",
        "News messages are off. Answers to your messages and official notices stay.",
    ),
]


@pytest.mark.parametrize(("reply", "russian", "english"), SAID, ids=lambda value: type(value).__name__)
def test_what_is_said(reply: Reply, russian: str, english: str) -> None:
    assert WORDS.say(reply, "ru") == russian
    assert WORDS.say(reply, "en") == english


def test_a_language_that_is_not_known_is_answered_in_the_default_one() -> None:
    assert WORDS.say(conversing.OptedIn(), "tlh") == WORDS.say(conversing.OptedIn(), "ru")


def test_what_is_left_out_comes_in_the_order_of_the_rules() -> None:
    """billing.md section 8: «долга нет», then the use, then the date."""
    money = Money(62_084, due_on=DUE)
    said = [
        WORDS.say(Accepted((Taken("total", "1" * length, 187_000),), money), "ru").replace("1" * length, "N")
        for length in (9, 16, 28, 35)
    ]
    assert said == [
        "Принято N (+187). К оплате 620,84 р. до 15.12, долга нет",
        "Принято N (+187). К оплате 620,84 р. до 15.12",
        "Принято N. К оплате 620,84 р. до 15.12",
        "Принято N. К оплате 620,84 р.",
    ]


def test_many_months_are_told_as_one_debt() -> None:
    months = [Month(2022 + number // 12, number % 12 + 1) for number in range(36)]
    late = tuple(Slice(month, 100_00 + number, overdue=True) for number, month in enumerate(months))
    total = sum(one.amount for one in late) + 62_084
    assert WORDS.say(Explained((*late, SLICES[1]), total), "ru") == (
        "Долг янв22-дек24 3606,30; ноя: 187x3,32=620,84. Всего 4227,14 р."
    )


def test_what_does_not_fit_is_told_as_the_rest() -> None:
    slices = tuple(Slice(Month(2025, number), number * 100_000_00) for number in range(1, 12))
    said = WORDS.say(Explained(slices, 66 * 100_000_00), "ru")
    assert said == "Окт 1000000,00; ноя 1100000,00; прочее 4500000,00. Всего 6600000,00 р."


# R31
@pytest.mark.parametrize("fragment", ["{{7*7}}", "{digits}", "%(debt)s", "%s%n", "<b>"])
def test_the_customers_words_appear_literally(fragment: str) -> None:
    for language in WORDS.languages:
        assert fragment in WORDS.say(NotUnderstoodTold(Unclear.WORDS, fragment, "04512"), language)
        assert fragment in WORDS.say(Accepted(ONE, OWED, account=fragment), language)
        assert fragment in WORDS.say(messages.NotYours(fragment), language)


@given(st.text(max_size=60), st.integers(2, 30))
def test_a_quotation_has_room_and_can_be_seen_and_sent(text: str, room: int) -> None:
    shown = quoted(text, room)
    assert units(shown) <= room
    assert shown.encode("utf-16").decode("utf-16") == shown
    assert not set(shown) & set("\n\r\t\0\u202e\u200b\ufeff")
    assert shown.removesuffix("..") in text.translate({9: " ", 10: " "}) or not text.isprintable()


kopecks = st.integers(0, 999_999_999)
digits = st.from_regex(r"[0-9]{1,9}", fullmatch=True)
days = st.none() | st.dates(date(2025, 1, 1), date(2025, 12, 31))


@st.composite
def taken(draw: st.DrawFn) -> Accepted:
    zones = draw(st.sampled_from([("total",), ("day", "night"), ("peak", "halfpeak", "night")]))
    to_pay, credit = draw(st.sampled_from([(True, False), (False, True), (False, False)]))
    owed = draw(kopecks) if to_pay else 0
    money = Money(owed, draw(st.integers(0, owed)), draw(kopecks) if credit else 0, draw(days))
    return Accepted(
        tuple(Taken(zone, draw(digits), draw(st.integers(0, 10**9))) for zone in zones),
        draw(st.none() | st.just(money)),
        account=draw(st.sampled_from([None, "..4321"])),
        day=draw(days),
        late_for=draw(st.none() | st.just(NOV)),
        unverified_since=draw(days),
    )


@settings(max_examples=400)
@given(taken(), st.sampled_from(["ru", "en"]))
def test_every_accepted_reading_fits_and_names_the_sum(reply: Accepted, language: str) -> None:
    said = WORDS.say(reply, language)
    assert count(said).segments <= segments_allowed(reply)
    mark = "," if language == "ru" else "."
    money = reply.money
    if money is not None and (money.to_pay or money.credit):
        minor = money.credit or money.to_pay
        assert f" {minor // 100}{mark}{minor % 100:02d}" in said
    if len(reply.taken) == 1:
        assert reply.taken[0].digits in said


@given(st.lists(st.builds(Slice, st.just(NOV) | st.just(OCT), kopecks, st.booleans()), min_size=1, max_size=40))
def test_every_explanation_fits_and_names_the_total(slices: list[Slice]) -> None:
    reply = Explained(tuple(slices), 105_440)
    for language in WORDS.languages:
        said = WORDS.say(reply, language)
        assert count(said).segments == 1
        assert "1054" in said
