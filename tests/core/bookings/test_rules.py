"""What a text asks for, what is offered, what a ticket is called."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.bookings import rules
from core.bookings.model import Office, Request, Service, Slot
from core.bookings.rules import DayLoad

DAY = date(2025, 11, 24)
NINE = datetime(2025, 11, 24, 6, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def slot(no: int, taken: int = 0, capacity: int = 2, *, office: int = 1, day: date = DAY) -> Slot:
    starts_at = datetime.combine(day, time(), MOSCOW) + timedelta(minutes=20 * no)
    return Slot(no, office, day, no, time(*divmod(20 * no, 60)), starts_at, capacity, taken)


def office(id_: int, name: str, latin: str, place: str) -> Office:
    return Office(id_, latin.lower(), name, latin, name, latin, place, place, latin, "", MOSCOW, 1, 20)


YALTA = office(1, "Ялта", "Yalta", "Ялта, Бирюкова 16")
FEODOSIA = office(2, "Феодосия", "Feodosia", "Феодосия, Свободы 4")
SAKI = office(3, "Саки", "Saki", "Саки, Новосел. ш. 9")
OFFICES = (YALTA, FEODOSIA, SAKI)
DEBT = Service("reconcile", "Сверка", "Debt", "СВЕРКА", "DEBT", 20, True, ("сверк", "долг", "debt"))
CONTRACT = Service("contract", "Договор", "Contract", "ДОГОВОР", "CONTRACT", 40, False, ("договор", "contract"))


@pytest.mark.parametrize(
    ("argument", "request_"),
    [
        (None, Request()),
        ("2025-11-24 10:20", Request(DAY, time(10, 20))),
        ("2025-11-24 part:morning ?ялте", Request(DAY, None, None, time(12), words=("ялте",))),
        ("?сверка after:15:00", Request(after=time(15), words=("сверка",))),
        ("В17 2025-11-24", Request(DAY, ticket="B17")),
        ("25:99 2025-12", Request()),
    ],
)
def test_what_is_read(argument: str | None, request_: Request) -> None:
    assert rules.read(argument) == request_


@pytest.mark.parametrize(
    ("word", "ticket"),
    [("В17", "B17"), ("b17", "B17"), ("в017", "B17"), ("К5", "K5"), ("е31", "E31"), ("A7", "A7"), ("Z1", None),
     ("17", None), ("В", None), ("В12345", None)],
)  # fmt: skip
def test_tickets_in_both_alphabets(word: str, ticket: str | None) -> None:
    assert rules.ticket_of(word) == ticket


def test_tickets_of_one_place_have_letters_of_their_own() -> None:
    used: set[str] = set()
    for expected in ("B31", "K31", "M31", "E31", "P31", "B131"):
        found = rules.ticket_number(31, used)
        assert found == expected
        assert rules.ticket_of(found) == found
        used.add(found)


@pytest.mark.parametrize(
    ("words", "offices", "service", "unknown"),
    [
        (("ялте",), (YALTA,), None, None),
        (("ялту",), (YALTA,), None, None),
        (("феодосии",), (FEODOSIA,), None, None),
        (("фиодосия",), (FEODOSIA,), None, None),
        (("свободы",), (FEODOSIA,), None, None),
        (("yalta",), (YALTA,), None, None),
        (("саках",), (SAKI,), None, None),
        (("сверку", "долгу"), (), DEBT, None),
        (("сверка", "ялта"), (YALTA,), DEBT, None),
        (("париж",), (), None, "париж"),
        (("по",), (), None, None),
    ],
)
def test_what_words_call(
    words: tuple[str, ...], offices: tuple[Office, ...], service: Service | None, unknown: str | None
) -> None:
    found = rules.named(words, OFFICES, (DEBT, CONTRACT))
    assert (found.offices, found.service, found.unknown) == (offices, service, unknown)


def test_a_run_of_places_has_no_gap_and_nothing_taken() -> None:
    slots = [slot(27), slot(28, 2), slot(29), slot(30), slot(33), slot(34)]
    assert [run[0].no for run in rules.runs(slots, 1, 20)] == [27, 29, 30, 33, 34]
    assert [run[0].no for run in rules.runs(slots, 2, 20)] == [29, 33]
    assert rules.places_of(CONTRACT, YALTA) == 2
    assert rules.places_of(None, YALTA) == 1
    assert rules.places_of(CONTRACT, replace(YALTA, step=45)) == 1


def test_the_emptiest_hours_are_offered() -> None:
    slots = [slot(no, taken=1) for no in range(24, 33)] + [slot(no) for no in range(33, 36)]
    chosen = rules.least_loaded([(one,) for one in slots])
    assert [run[0].no for run in chosen] == [24, 27, 33], "the empty hour, and of those alike the sooner ones"
    assert len(rules.least_loaded([(slot(33),), (slot(34),)])) == 2
    assert rules.least_loaded([]) == ()


def test_the_emptiest_days_are_offered_one_an_office() -> None:
    loads = [
        DayLoad(1, DAY, 50, 30, 20),
        DayLoad(2, DAY, 50, 2, 40),
        DayLoad(2, DAY + timedelta(1), 50, 0, 50),
        DayLoad(3, DAY + timedelta(5), 50, 1, 40),
        DayLoad(4, DAY, 50, 50, 0),
    ]
    assert [(one.office_id, one.day.day) for one in rules.least_loaded_days(loads)] == [(2, 24), (3, 29), (1, 24)]
    assert [one.office_id for one in rules.least_loaded_days(loads[:3])] == [2, 1, 2]


def test_what_is_too_soon_is_not_offered() -> None:
    assert not rules.fits(Request(), slot(27), slot(27).starts_at - timedelta(minutes=19))
    assert rules.fits(Request(), slot(27), slot(27).starts_at - timedelta(minutes=20))
    assert not rules.fits(Request(after=time(9, 20)), slot(27), NINE - timedelta(days=1))
    assert not rules.fits(Request(before=time(9)), slot(27), NINE - timedelta(days=1))


def test_what_has_to_be_done_that_places_be_as_they_should() -> None:
    existing = {one.starts_at: one for one in (slot(27), slot(28, 1), slot(29))}
    wanted = {slot(27).starts_at: 2, slot(28).starts_at: 1, slot(30).starts_at: 2}
    assert rules.changed(existing, wanted) == ({28: 1, 29: 0}, (29,), (slot(30).starts_at,))
