"""Everybody else in the town: made by a seed, the same for the same seed."""

import random
from collections.abc import Iterator
from datetime import date

from core.accounts.model import Role
from demo.town_model import Dwelling, Link, Paying, Reading, TownMeter

_STREETS = ("Свободы", "Морская", "Лесная", "Победы", "Школьная", "Садовая", "Тихая", "Набережная", "Южная", "Речная")
_SURNAMES = (
    "Иванов", "Петров", "Смирнов", "Кузнецов", "Попов", "Васильев", "Морозов", "Новиков", "Фёдоров", "Волков",
    "Алексеев", "Лебедев", "Семёнов", "Егоров", "Козлов", "Степанов", "Орлов", "Андреев", "Макаров", "Никитин",
)  # fmt: skip
_MEN = ("Алексей", "Борис", "Виктор", "Глеб", "Денис", "Иван", "Кирилл", "Максим", "Олег", "Юрий")
_WOMEN = ("Алла", "Вера", "Галина", "Дарья", "Елена", "Инна", "Ксения", "Лариса", "Наталья", "Раиса")
_FIRMS = ("ИП Рассвет", "ООО Маяк-Сервис", "Кафе Чайка", "Школа 7", "ООО Причал", "Библиотека 2", "ТСН Высокий берег")
_ENGLISH = ("Alice Moore", "Peter Novak", "Grace Hill", "Lucas Meyer", "Nora Olsen")

_HABITS = (Reading.LAST_DAY,) * 6 + (Reading.WINDOW,) * 4
_PAYING = (Paying.EXACT,) * 11 + (Paying.ROUNDED,) * 4 + (Paying.LATE,) * 3 + (Paying.PARTIAL,) + (Paying.AHEAD,)
_DEBTS = (None,) * 16 + (date(2025, 9, 1),) * 5 + (date(2025, 7, 1), date(2025, 2, 1), date(2024, 8, 1))


def neighbours(count: int, *, seed: int) -> tuple[Dwelling, ...]:
    """So many accounts: households in flats and houses, some organisations, some without a phone."""
    chance = random.Random(f"neighbours {seed}")
    return tuple(_dwelling(place, chance) for place in range(count))


def _dwelling(place: int, chance: random.Random) -> Dwelling:
    number = f"{100010000 + place * 37 + chance.randrange(30):09d}"
    links = tuple(_links(place, chance))
    paid_until = chance.choice(_DEBTS)
    paying = chance.choice(_PAYING)
    flat = str(chance.randrange(1, 90)) if chance.random() < 0.75 else ""
    building = f"{chance.choice(_STREETS)} {chance.randrange(1, 60)}"
    if place % 25 == 7:
        meter = TownMeter(f"9{place:06d}", "TOWN-BIZ", (chance.randrange(300, 1500),), (chance.randrange(9000),))
        return Dwelling(
            f"2{number[1:]}", _FIRMS[place // 25 % len(_FIRMS)], building, "", (meter,), links, kind="organisation",
            persons=0, reading=Reading.AUTOMATIC, paying=Paying.EXACT, contract=date(2024, 2, 1),
        )  # fmt: skip
    english = place % 31 == 5
    return Dwelling(
        number=number,
        name=_ENGLISH[place // 31 % len(_ENGLISH)] if english else _name(chance),
        building=building,
        flat=flat,
        meters=(_meter(place, chance),),
        links=links,
        persons=chance.randrange(1, 6),
        language="en" if english else "ru",
        contract=date(2024, chance.randrange(1, 13), chance.randrange(1, 28)) if chance.random() < 0.5 else None,
        reading=chance.choice(_HABITS),
        paying=paying,
        silent_from=date(2025, chance.randrange(3, 10), 1) if chance.random() < 0.06 else None,
        skips=chance.random() < 0.15,
        paid_until=paid_until,
    )


def _links(place: int, chance: random.Random) -> Iterator[Link]:
    if chance.random() < 0.12:
        return
    yield Link(f"+7978000{4000 + place * 3}")
    if chance.random() < 0.15:
        role = chance.choice((Role.PAYER, Role.HELPER, Role.TENANT))
        yield Link(f"+7978000{4001 + place * 3}", role, None, _name(chance))


def _meter(place: int, chance: random.Random) -> TownMeter:
    kind = chance.random()
    serial = f"{chance.randrange(10**6, 10**7)}{place % 10}"
    monthly = chance.randrange(60, 260)
    fraction = 1 if chance.random() < 0.1 else 0
    start = chance.randrange(20, 60000)
    if kind < 0.22:
        night = monthly * chance.randrange(25, 45) // 100
        return TownMeter(serial, "RU-DN", (monthly - night, night), (start, start // 2), ("day", "night"))
    if kind < 0.27:
        zones = ("peak", "halfpeak", "night")
        parts = (monthly // 4, monthly // 2, monthly // 4)
        return TownMeter(serial, "TOWN-3Z", parts, (start // 4, start // 2, start // 4), zones)
    plan = "CRIMEA-CITY" if kind < 0.5 else "RU-FLAT"
    return TownMeter(
        serial, plan, (monthly,), (start,), fraction=fraction, heated=chance.random() < 0.2, capacity_kw=15,
        verified_until=date(2025, 4, 30) if chance.random() < 0.04 else None,
    )  # fmt: skip


def _name(chance: random.Random) -> str:
    surname = chance.choice(_SURNAMES)
    if chance.random() < 0.5:
        return f"{surname} {chance.choice(_MEN)}"
    return f"{surname}а {chance.choice(_WOMEN)}"
