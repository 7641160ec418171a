"""The inhabitants with a story: each shows something that the gateway does."""

from datetime import date

from core.accounts.model import Role
from demo.town_model import Dwelling, Link, Paying, Reading, TownMeter, Trait

HERO = "100004321"
"""The account of the first example: 04325 on 31.10.2025, October unpaid, everything before paid to the kopeck."""

HERO_PHONE = "+79780001705"
DAUGHTER_PHONE = "+79780001717"
ENGLISH_PHONE = "+79780003438"

_HERO_MONTHS = (
    *(95, 110, 118, 104, 96, 84, 76, 74, 82, 80, 72, 76),
    *(300, 420, 470, 400, 330, 240, 170, 160, 230, 250, 150, 130),
)
"""Two years from November to October: 00008 becomes 04325, and the last year's mean is 187 kWh in 21 days."""


def specials() -> tuple[Dwelling, ...]:
    """In the order in which they are imported, which is that of a phone's accounts."""
    return (*_family(), *_meters(), *_payers(), *_people(), *_organisations())


def _flat(serial: str, monthly: int, start: int, *, fraction: int = 0, verified_until: date | None = None) -> TownMeter:
    return TownMeter(serial, "RU-FLAT", (monthly,), (start,), fraction=fraction, verified_until=verified_until)


def _family() -> tuple[Dwelling, ...]:
    hero = TownMeter("0098765", "RU-FLAT", (180,), (8,), brand="СЕ-101", capacity_kw=15, months=_HERO_MONTHS)
    return (
        Dwelling(
            HERO, "Соколов Дмитрий Петрович", "Свободы 4", "12", (hero,),
            links=(Link(HERO_PHONE), Link(DAUGHTER_PHONE, Role.PAYER, "Свободы", "Ковалёва Анна")),
            contract=date(2024, 3, 12), paid_until=date(2025, 9, 1), traits=(Trait.HERO,),
        ),
        Dwelling(
            "100004407", "Ковалёва Анна Дмитриевна", "СНТ Прибой 17", "",
            (TownMeter("0045170", "RU-FLAT", (38,), (310,), brand="СЕ-101"),),
            links=(Link(DAUGHTER_PHONE, Role.OWNER, "Дача", "Ковалёва Анна"),),
        ),
        Dwelling(
            "100005110", "Соколова Мария Ивановна", "Лесная 9", "3",
            (TownMeter("0051101", "RU-FLAT", (84,), (1120,), brand="Меркурий 201"),),
            links=(Link("+79780001771"), Link(DAUGHTER_PHONE, Role.HELPER, "Мама", "Ковалёва Анна")), persons=1,
        ),
    )  # fmt: skip


def _meters() -> tuple[Dwelling, ...]:
    day_night, three_zones = ("day", "night"), ("peak", "halfpeak", "night")
    return (
        Dwelling(
            "100005778", "Бондарь Игорь Олегович", "Морская 18", "41",
            (TownMeter("02542877", "RU-DN", (140, 62), (2410, 1090), day_night, "Меркурий 206"),),
            links=(Link("+79780002542"),), persons=3,
        ),
        Dwelling(
            "100006003", "Ткаченко Олег Викторович", "Набережная 2", "7",
            (TownMeter("33006003", "TOWN-3Z", (48, 96, 58), (1200, 2300, 1400), three_zones, "НЕВА МТ"),),
            links=(Link("+79780003006"),), persons=4,
        ),
        Dwelling(
            "100005823", "Литвиненко Павел Андреевич", "Тихая 31", "",
            (TownMeter("7005823", "CRIMEA-CITY", (430,), (8020,), brand="СЕ-102", heated=True, capacity_kw=15),),
            links=(Link("+79780003823"),), persons=5,
        ),
        Dwelling(
            "100004810", "Гаврилова Нина Сергеевна", "Школьная 12", "58",
            (_flat("0194810", 118, 3300, verified_until=date(2025, 6, 30)),),
            links=(Link("+79780003810"),),
        ),
        Dwelling(
            "100004915", "Руденко Алексей Ильич", "Победы 44", "9",
            (_flat("8104915", 96, 1870, fraction=1),),
            links=(Link("+79780003915"),),
        ),
        Dwelling(
            "100005044", "Чернова Людмила Павловна", "Школьная 3", "16",
            (TownMeter("0005044", "RU-FLAT", (110,), (97310,), months=(110,) * 24),),
            links=(Link("+79780003044"),), traits=(Trait.ROLLOVER,),
        ),
        Dwelling(
            "100005936", "Мельник Виктор Степанович", "Морская 5", "22",
            (_flat("5936001", 150, 4100), _flat("5936002", 22, 260)),
            links=(Link("+79780003936"),),
        ),
        Dwelling(
            "КР-1024", "Захарова Ольга Юрьевна", "Садовая 1", "10",
            (TownMeter("НТ-77/1", "CRIMEA-CITY", (170,), (2600,)),),
            links=(Link("+79780001024"),), traits=(Trait.LETTERS,),
        ),
    )  # fmt: skip


def _payers() -> tuple[Dwelling, ...]:
    return (
        Dwelling(
            "100005201", "Кравцов Сергей Юрьевич", "Победы 8", "30", (_flat("0005201", 210, 5600),),
            links=(Link("+79780003201"),), contract=date(2024, 9, 2), paid_until=date(2025, 5, 1),
        ),
        Dwelling(
            "100005305", "Павленко Ирина Викторовна", "Тихая 6", "2", (_flat("0005305", 160, 2050),),
            links=(Link("+79780003305"),), paying=Paying.PARTIAL,
        ),
        Dwelling(
            "100005409", "Громов Андрей Николаевич", "Набережная 11", "64", (_flat("0005409", 145, 7210),),
            links=(Link("+79780003409"),), paying=Paying.AHEAD,
        ),
        Dwelling(
            "100005512", "Шевчук Татьяна Олеговна", "Лесная 20", "", (_flat("0005512", 130, 900),),
            links=(Link("+79780003512"),), paying=Paying.LATE,
        ),
        Dwelling(
            "100005618", "Яковенко Роман Денисович", "Садовая 27", "5", (_flat("0005618", 175, 3480),),
            links=(Link("+79780003618"),), silent_from=date(2025, 7, 1),
        ),
        Dwelling(
            "100005700", "Власова Елена Игоревна", "Школьная 12", "7", (_flat("0005700", 120, 15),),
            links=(Link("+79780003700"),), silent_from=date(2023, 11, 1), traits=(Trait.UNREAD,),
        ),
        Dwelling(
            "100006644", "Костенко Юлия Романовна", "Морская 18", "12", (_flat("0006644", 155, 2900),),
            links=(Link("+79780003644"),), reading=Reading.WINDOW, traits=(Trait.SENT,),
        ),
    )  # fmt: skip


def _people() -> tuple[Dwelling, ...]:
    return (
        Dwelling(
            "100006117", "Савченко Николай Ильич", "Свободы 4", "31", (_flat("0006117", 190, 6020),),
            links=(
                Link("+79780003117"),
                Link("+79780003118", Role.PAYER, None, "Савченко Вера"),
                Link("+79780003119", Role.HELPER, None, "Савченко Миша"),
            ),
            persons=3,
        ),
        Dwelling(
            "100006225", "Лысенко Галина Фёдоровна", "Победы 15", "4", (_flat("0006225", 140, 1510),),
            links=(Link("+79780003225"), Link("+79780003226", Role.TENANT, None, "Орлов Денис")),
        ),
        Dwelling(
            "100006331", "Зайцев Пётр Кузьмич", "Тихая 19", "", (_flat("0006331", 75, 880),),
            links=(Link("+79780003331"), Link("+79780003332", Role.UNVERIFIED, None, "Сосед Зайцева")), persons=1,
        ),
        Dwelling(
            "100006438", "Emma Clarke", "Набережная 2", "15", (_flat("0006438", 165, 2200),),
            links=(Link(ENGLISH_PHONE),), language="en", paid_until=date(2025, 9, 1),
        ),
        Dwelling(
            "100006540", "Tom Becker", "Морская 5", "3",
            (TownMeter("0006540", "RU-DN", (120, 55), (1400, 640), ("day", "night")),),
            links=(Link("+79780003540"),), language="en",
        ),
    )  # fmt: skip


def _organisations() -> tuple[Dwelling, ...]:
    chemist = "+79780003300"
    shops = (("101", 820, 12000), ("102", 640, 9100), ("103", 910, 4300), ("104", 505, 700))
    return (
        Dwelling(
            "200007060", "ООО Пекарня Колос", "Заводская 3", "",
            (TownMeter("60007060", "TOWN-BIZ", (9400,), (2100,), multiplier=60, capacity_kw=150),),
            links=(Link("+79780003060"),), kind="organisation", persons=0, contract=date(2024, 1, 15),
        ),
        *(
            Dwelling(
                f"200008{number}", "ООО Аптеки Здравница", street, "",
                (TownMeter(f"8008{number}", "TOWN-BIZ", (monthly,), (start,), capacity_kw=30),),
                links=(Link(chemist, Role.OWNER, f"Аптека {number[-1]}"),), kind="organisation", persons=0,
                contract=date(2024, 1, 15), reading=Reading.AUTOMATIC if number == "104" else Reading.LAST_DAY,
                paying=Paying.LATE if number == "102" else Paying.EXACT,
            )
            for (number, monthly, start), street in zip(
                shops, ("Свободы 1", "Морская 7", "Победы 40", "Лесная 2"), strict=True
            )
        ),
    )  # fmt: skip
