"""What is said of visits to an office: offers, bookings, reminders, and what became of them. Times are on the clock of
the office."""

from datetime import date, time
from enum import StrEnum

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """How messages call an office: its town in short and where it is, in its own letters and in Latin ones."""

    short: str
    short_latin: str
    where: str
    where_latin: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A time at an office."""

    day: date
    at: time
    place: Place


@dataclass(frozen=True, slots=True)
class Booked:
    """A visit as a customer is told of it: `ticket` is a letter and a number."""

    spot: Spot
    ticket: str


class Instead(StrEnum):
    """Why others are offered than what was asked for. TAKEN: another was quicker. FULL: nothing is free then. SHUT: the
    office receives nobody then. PAST: it is too late for it. FAR: that day is not open for booking yet."""

    TAKEN = "taken"
    FULL = "full"
    SHUT = "shut"
    PAST = "past"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class VisitsOffered:
    """Free times, the numbers of which are the answers. `instead`: why they differ from the `wanted` one; `at` of it is
    midnight where only a day was named. `moving`: the ticket of the visit that is to be moved."""

    offers: tuple[Spot, ...]
    instead: Instead | None = None
    wanted: Spot | None = None
    moving: str | None = None


@dataclass(frozen=True, slots=True)
class OfficesOffered:
    """Which office it shall be, where buttons answer; `moving`: the ticket of the visit that is to be moved."""

    places: tuple[Place, ...]
    moving: str | None = None


@dataclass(frozen=True, slots=True)
class DaysOffered:
    """Which day it shall be at that office; the days have free times."""

    place: Place
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class TimesOffered:
    """Which time it shall be on that day; the free ones, in order."""

    place: Place
    day: date
    times: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class VisitHeld:
    """The place is kept for ten minutes, until the customer says what he comes for: `words` are the answers, each in
    the company's own letters and in Latin ones, `codes` what they stand for. `yours`: he had chosen it before."""

    spot: Spot
    words: tuple[tuple[str, str], ...]
    yours: bool = False
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitBooked:
    """The place is taken. `yours`: it was before; `moved`: from another time."""

    visit: Booked
    yours: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True)
class VisitsTold:
    """The visits to come, the next first."""

    visits: tuple[Booked, ...]


@dataclass(frozen=True, slots=True)
class VisitsNone:
    """There is no visit to come."""


@dataclass(frozen=True, slots=True)
class VisitCancelled:
    """The place is free again."""

    visit: Booked


@dataclass(frozen=True, slots=True)
class WhichVisit:
    """Several visits to come: which one is to be called off, or moved?"""

    visits: tuple[Booked, ...]
    moving: bool = False


@dataclass(frozen=True, slots=True)
class TicketUnknown:
    """No visit of his has the ticket that he named."""

    ticket: str
    visits: tuple[Booked, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitThatDay:
    """There is a visit of that account on that day already."""

    visit: Booked


@dataclass(frozen=True, slots=True)
class NothingFree:
    """No place is free in the days that can be booked; `phone` is the company's telephone."""

    phone: str


@dataclass(frozen=True, slots=True)
class OfficeUnknown:
    """No office is called so; `places` are some that there are."""

    word: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class NoSuchTime:
    """The clocks go forward over that time: the day does not have it."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class WhichOfTwo:
    """The clocks go back: the day has that time twice. `offsets` are minutes ahead of UTC, the answers in order."""

    spot: Spot
    offsets: tuple[int, int]


@dataclass(frozen=True, slots=True)
class TooManyVisits:
    """So many visits are the most that may be booked at a time."""

    most: int
    phone: str


@dataclass(frozen=True, slots=True)
class TooManyMissed:
    """He was expected and did not come so often that he may book no more for a while; a live queue takes him."""

    missed: int
    phone: str


@dataclass(frozen=True, slots=True)
class VisitReminded:
    """The visit is tomorrow, or `soon`: in two hours. `asks`: a yes says that he comes."""

    visit: Booked
    soon: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class VisitAwaited:
    """He said that he comes."""

    visit: Booked


@dataclass(frozen=True, slots=True)
class VisitRevoked:
    """The office cannot receive then; other times are offered where there are any."""

    visit: Booked
    offers: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldLapsed:
    """Nothing was said of what he comes for, and the place is free again."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class CarrierBlocked:
    """The word that he sent ends all messages at the carrier, and cancels no visit; how to take it back."""

    visit: Booked


@dataclass(frozen=True, slots=True)
class BackAgain:
    """Messages come again; the visit stands."""

    visit: Booked


@dataclass(frozen=True, slots=True)
class MarkWanted:
    """The visit is over: how was it, from 1 to 5?"""

    ticket: str


@dataclass(frozen=True, slots=True)
class MarkTaken:
    mark: int


@dataclass(frozen=True, slots=True)
class InLine:
    """So many wait before him; `minutes` is about how long that takes."""

    ticket: str
    before: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CalledIn:
    """It is his turn, at that window."""

    ticket: str
    window: str


Visiting = (
    VisitsOffered
    | OfficesOffered
    | DaysOffered
    | TimesOffered
    | VisitHeld
    | VisitBooked
    | VisitsTold
    | VisitsNone
    | VisitCancelled
    | WhichVisit
    | TicketUnknown
    | VisitThatDay
    | NothingFree
    | OfficeUnknown
    | NoSuchTime
    | WhichOfTwo
    | TooManyVisits
    | TooManyMissed
    | VisitReminded
    | VisitAwaited
    | VisitRevoked
    | HoldLapsed
    | CarrierBlocked
    | BackAgain
    | MarkWanted
    | MarkTaken
    | InLine
    | CalledIn
)
