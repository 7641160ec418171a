"""Samples of what is said of visits, at the largest values that can occur."""

from collections.abc import Sequence
from datetime import date, time

from core import visiting
from core.messages import Explained, Reply, Slice
from core.visiting import Booked, Place, Spot

PHONE = "8-800-000-00-00"
LONG = Place("Кр-копск", "Kr-kopsk", "Кр-копск, Привокз. 66", "Kr-kopsk, Privokz. 66")
OTHER = Place("Феодосия", "Feodosia", "Феодосия, Свободы 104", "Feodosia, Svobody 104")
THIRD = Place("Бахчис.А", "Bakhchis", "Бахчис., Чекалина 3-2", "Bakhchis, Chekal. 3-2")
WORDS = (("СВЕРКА", "DEBT"), ("СЧЕТЧИК", "METER"), ("ДОГОВОР", "CONTRACT"), ("ДРУГОЕ", "OTHER"))
DAYS = (date(2025, 12, 22), date(2025, 12, 23), date(2025, 12, 24))
TICKET = "M195"


def replies(slices: Sequence[tuple[Slice, ...]], most: int) -> list[Reply]:
    """Every reply about visits, where it is longest."""
    spots = [Spot(day, time(14, 20), place) for day, place in zip(DAYS, (LONG, OTHER, THIRD), strict=True)]
    here = [Spot(day, time(14, 20), LONG) for day in DAYS]
    same = [Spot(DAYS[0], time(14, 20 + no), place) for no, place in enumerate((LONG, OTHER, THIRD))]
    groups = (tuple(spots), tuple(here), tuple(same), tuple(spots[:1]))
    visits = tuple(Booked(one, TICKET) for one in (*spots, *here[:2]))
    wanted = (spots[0], Spot(DAYS[0], time(0), LONG), Spot(date(2026, 1, 9), time(14, 20), OTHER))
    return [
        *[visiting.VisitsOffered(some, moving=moving) for some in groups for moving in (None, TICKET)],
        *[
            visiting.VisitsOffered(some, instead, one)
            for some in groups
            for instead in visiting.Instead
            for one in wanted
        ],
        *[visiting.OfficesOffered((LONG, OTHER, THIRD), moving) for moving in (None, TICKET)],
        visiting.DaysOffered(OTHER, DAYS),
        visiting.TimesOffered(OTHER, DAYS[0], (time(14, 20),)),
        *[visiting.VisitHeld(spots[0], words, yours) for words in (WORDS, WORDS * 3, ()) for yours in (False, True)],
        *[visiting.VisitBooked(visits[0], *each) for each in ((), (True,), (False, True))],
        *[Explained(some, total, spares=TICKET) for some in slices for total in (most, 0, -most)],
        *[visiting.VisitsTold(visits[:number]) for number in (1, 2, 5)],
        visiting.VisitsNone(),
        visiting.VisitCancelled(visits[0]),
        *[visiting.WhichVisit(visits[:number], moving) for number in (2, 5) for moving in (False, True)],
        *[visiting.TicketUnknown(TICKET, some) for some in ((), visits)],
        visiting.VisitThatDay(visits[0]),
        *[visiting.NothingFree(phone) for phone in (PHONE, "")],
        *[visiting.OfficeUnknown(word, (LONG, OTHER, THIRD) * 2) for word in ("Ж" * 40, "x", "🏡" * 9)],
        visiting.NoSuchTime(spots[0]),
        *[visiting.WhichOfTwo(spots[0], offsets) for offsets in ((180, 120), (-210, -570), (345, 285))],
        visiting.TooManyVisits(5, PHONE),
        *[visiting.TooManyMissed(99, phone) for phone in (PHONE, "")],
        *[visiting.VisitReminded(visits[0], *each) for each in ((), (True,), (False, True))],
        visiting.VisitAwaited(visits[0]),
        *[visiting.VisitRevoked(visits[0], some) for some in ((), *groups)],
        visiting.HoldLapsed(spots[0]),
        visiting.CarrierBlocked(visits[0]),
        visiting.BackAgain(visits[0]),
        visiting.MarkWanted(TICKET),
        visiting.MarkTaken(5),
        visiting.InLine(TICKET, 99, 999),
        visiting.CalledIn(TICKET, "12, 2 этаж"),
    ]
