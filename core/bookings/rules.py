"""What a text asks for, which places are offered, and what a ticket is called: all pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from rapidfuzz.distance import OSA

from core.basics.facts import dataclass
from core.bookings.model import LEAD, OFFERS, Office, Request, Service, Slot

_PARTS = {"morning": (None, time(12)), "afternoon": (time(12), None), "evening": (time(16), None)}
LETTERS = "BKMEP"
"""The letters of tickets, which look the same in Cyrillic and Latin; A is that of who comes without a booking."""

_LATIN = str.maketrans("АВЕКМРавекмрabekmp", "ABEKMPABEKMPABEKMP")

LOAD_STEPS = 5
"""Loads of days that differ by less than a fifth are alike: of such the sooner day is offered."""

CLOSE = 2
"""So many letters may a word of six differ from the name of an office, one a shorter word."""


def read(argument: str | None) -> Request:
    """The request that the words of a command make: ISO days and times, hours after "after:" and "before:", parts of a
    day after "part:", "fold:1" for the later of two equal times, a ticket with its day after "on:", and any other word
    after "?"."""
    day, at, after, before, ticket, fold, on = None, None, None, None, None, None, None
    words: list[str] = []
    for word in (argument or "").split():
        kind, _, value = word.partition(":")
        if word.startswith("?"):
            words.append(word[1:])
        elif kind == "part":
            after, before = _PARTS.get(value, (None, None))
        elif kind == "after":
            after = time.fromisoformat(value)
        elif kind == "before":
            before = time.fromisoformat(value)
        elif kind == "fold":
            fold = int(value == "1")
        elif kind == "on":
            on = date.fromisoformat(value)
        elif len(word) == len("2025-11-24") and word[4] == "-":
            day = day or date.fromisoformat(word)
        elif len(word) == len("10:20") and word[2] == ":":
            at = at or _time(word)
        elif (named := ticket_of(word)) is not None:
            ticket = ticket or named
    return Request(day, at, after, before, ticket, tuple(words), fold, on)


def _time(word: str) -> time | None:
    try:
        return time.fromisoformat(word)
    except ValueError:
        return None


def ticket_of(word: str) -> str | None:
    """The ticket that is meant, in Latin letters: В17 and b17 are B17; None where it cannot be one."""
    letter, number = word[:1].translate(_LATIN), word[1:]
    if not letter or letter not in "A" + LETTERS or not number.isascii() or not number.isdigit() or len(number) > 4:
        return None
    return letter + str(int(number))


def ticket_number(no: int, used: Collection[str]) -> str:
    """The ticket of a place: its number in the day behind a letter, for several visits in one place one letter after
    another. `used` are those of the day that are taken."""
    while True:
        for letter in LETTERS:
            if f"{letter}{no}" not in used:
                return f"{letter}{no}"
        no += 100


@dataclass(frozen=True, slots=True)
class Named:
    """What words call: offices, a service, and the first word that calls nothing."""

    offices: tuple[Office, ...] = ()
    service: Service | None = None
    unknown: str | None = None


def named(words: Iterable[str], offices: Sequence[Office], services: Sequence[Service]) -> Named:
    """The offices and the service that the words call, in whatever case of the word, and with a slip of the finger."""
    found: list[Office] = []
    service, unknown = None, None
    for word in words:
        plain = word.casefold().replace("ё", "е").strip(".,")
        about = next(
            (one for one in services if plain == one.code or any(plain.startswith(stem) for stem in one.stems)), None
        )
        here = [one for one in offices if plain == one.code or any(_calls(plain, part) for part in _names(one))]
        if about is not None:
            service = service or about
        elif here:
            found += [one for one in here if one not in found]
        elif unknown is None and len(plain) > 2:
            unknown = word
    return Named(tuple(found), service, unknown)


def _names(office: Office) -> Iterator[str]:
    for text in (office.name, office.name_latin, office.place, office.place_latin):
        yield from (part.casefold().replace("ё", "е") for part in text.replace(",", " ").replace(".", " ").split())


def _calls(word: str, name: str) -> bool:
    """«ялте» calls «ялта»: the same beginning, and an end such as cases have; or a slip."""
    if len(name) < 4 or not name[0].isalpha():
        return word == name and len(name) > 1
    stem = name.rstrip("аеиоуыйьяю")
    if len(stem) >= 3 and word.startswith(stem) and len(word) - len(stem) <= 3:
        return True
    return OSA.distance(word, name) <= (CLOSE if len(name) > 5 else 1) and abs(len(word) - len(name)) <= 1


def places_of(service: Service | None, office: Office) -> int:
    """How many places in a row a service takes at an office."""
    return 1 if service is None else max(1, -(-service.minutes // office.step))


def runs(slots: Sequence[Slot], places: int, step: int) -> Iterator[tuple[Slot, ...]]:
    """Every run of so many free places that follow one another without a gap; `slots` by time."""
    for start in range(len(slots) - places + 1):
        run = tuple(slots[start : start + places])
        joined = all(later.starts_at - sooner.starts_at == timedelta(minutes=step) for sooner, later in pairwise(run))
        if joined and all(one.free for one in run):
            yield run


def fits(request: Request, slot: Slot, at: datetime) -> bool:
    """Whether a place can be offered: not too soon, and within the hours that were asked for."""
    if slot.starts_at < at + LEAD:
        return False
    if request.after is not None and slot.starts < request.after:
        return False
    return request.before is None or slot.starts < request.before


def least_loaded(found: Sequence[Sequence[Slot]], number: int = OFFERS) -> tuple[tuple[Slot, ...], ...]:
    """So many runs of one office and day: those of the emptiest hours, no two in one hour while there are others; in
    the order of time."""
    if not found:
        return ()
    load: dict[int, list[int]] = {}
    for run in found:
        hour = load.setdefault(run[0].starts.hour, [0, 0])
        hour[0] += run[0].taken
        hour[1] += run[0].capacity

    def emptiness(run: Sequence[Slot]) -> tuple[float, float, datetime]:
        taken, capacity = load[run[0].starts.hour]
        return taken / capacity, run[0].taken / run[0].capacity, run[0].starts_at

    ranked = sorted(found, key=emptiness)
    chosen: list[Sequence[Slot]] = []
    for again in (False, True):
        for run in ranked:
            hours = {one[0].starts.hour for one in chosen}
            if len(chosen) < number and run not in chosen and (again or run[0].starts.hour not in hours):
                chosen.append(run)
    return tuple(tuple(run) for run in sorted(chosen, key=lambda run: run[0].starts_at))


def nearest(found: Sequence[Sequence[Slot]], wanted: datetime, number: int) -> tuple[tuple[Slot, ...], ...]:
    """So many runs whose beginnings lie nearest to the moment that was wanted, the nearest first."""
    ranked = sorted(found, key=lambda run: (abs(run[0].starts_at - wanted), run[0].starts_at))
    return tuple(tuple(run) for run in ranked[:number])


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How full an office is on a day; `free` places are those that begin late enough."""

    office_id: int
    day: date
    capacity: int
    taken: int
    free: int


def least_loaded_days(loads: Sequence[DayLoad], number: int = OFFERS) -> tuple[DayLoad, ...]:
    """The emptiest days, of as many offices as there are: sooner ones first among those that are alike, and no office
    twice while another has room."""
    ranked = sorted(
        (one for one in loads if one.free),
        key=lambda one: (
            one.taken * LOAD_STEPS // one.capacity,
            one.day,
            one.taken / one.capacity,
            one.office_id,
        ),
    )
    chosen: list[DayLoad] = []
    for again in (False, True):
        for one in ranked:
            offices = {each.office_id for each in chosen}
            if len(chosen) < number and one not in chosen and (again or one.office_id not in offices):
                chosen.append(one)
    return tuple(chosen)


def changed(
    existing: Mapping[datetime, Slot], wanted: Mapping[datetime, int]
) -> tuple[dict[int, int], tuple[int, ...], tuple[datetime, ...]]:
    """What has to be done that the places be as they should: new capacities by slot, slots that shall go, moments of
    new ones. One that goes with visits in it is given the capacity 0, for its visits are first taken out of it."""
    capacities = {
        slot.id: wanted.get(moment, 0) for moment, slot in existing.items() if wanted.get(moment, 0) != slot.capacity
    }
    gone = tuple(slot.id for moment, slot in existing.items() if moment not in wanted)
    new = tuple(moment for moment in wanted if moment not in existing)
    return capacities, gone, new
