"""What is said of visits, from the fullest wording to the shortest."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import assert_never

from core.messages import Explained
from core.visiting import (
    BackAgain,
    Booked,
    CalledIn,
    CarrierBlocked,
    DaysOffered,
    HoldLapsed,
    InLine,
    Instead,
    MarkTaken,
    MarkWanted,
    NoSuchTime,
    NothingFree,
    OfficesOffered,
    OfficeUnknown,
    Place,
    Spot,
    TicketUnknown,
    TimesOffered,
    TooManyMissed,
    TooManyVisits,
    VisitAwaited,
    VisitBooked,
    VisitCancelled,
    VisitHeld,
    Visiting,
    VisitReminded,
    VisitRevoked,
    VisitsNone,
    VisitsOffered,
    VisitsTold,
    VisitThatDay,
    WhichOfTwo,
    WhichVisit,
)
from core.wording.phrases import Phrases, quoted
from core.wording.visit_texts import VALUES

_CYRILLIC = str.maketrans("ABEKMP", "АВЕКМР")
_OWN = "ru"
"""The language of the company's own letters; every other gets names and tickets in Latin ones."""

_WORD = 12
"""Units of a word that calls no office."""


def visiting(phrases: Phrases, reply: Visiting) -> Iterator[str]:
    match reply:
        case VisitsOffered():
            return _offered(phrases, reply)
        case VisitHeld():
            return _held(phrases, reply)
        case VisitBooked() | VisitReminded() | VisitAwaited() | VisitCancelled() | VisitThatDay():
            return _booked(phrases, reply)
        case VisitsTold(visits=visits):
            return _told(phrases, visits)
        case WhichVisit(visits=visits, moving=moving):
            return _which(phrases, visits, "visit.which_move" if moving else "visit.which_cancel")
        case VisitRevoked():
            return _revoked(phrases, reply)
        case OfficeUnknown():
            return _unknown(phrases, reply)
        case _:
            return iter((_plain(phrases, reply),))


def spared(phrases: Phrases, reply: Explained, sums: Iterator[str]) -> Iterator[str]:
    """The sums before a visit that they may spare."""
    assert reply.spares is not None
    ticket = _ticket(phrases, reply.spares)
    return (phrases.catalog.put("visit.spared", sums=text.rstrip("."), ticket=ticket) for text in sums)


def below(phrases: Phrases, text: str) -> str:
    """What a text says, for a page: of several one is chosen there, and not answered by its number."""
    put = phrases.catalog.put
    return text.replace(put("visit.by_number"), put("visit.choose_below"))


def in_own_letters(language: str) -> bool:
    """Whether the language is written in the company's own letters."""
    return language == _OWN


def shown(ticket: str, language: str) -> str:
    """The ticket in the letters of the language."""
    return ticket.translate(_CYRILLIC) if in_own_letters(language) else ticket


def _own(phrases: Phrases) -> bool:
    return in_own_letters(phrases.catalog.language)


def _ticket(phrases: Phrases, ticket: str) -> str:
    return shown(ticket, phrases.catalog.language)


def _town(phrases: Phrases, place: Place) -> str:
    return place.short if _own(phrases) else place.short_latin


def _where(phrases: Phrases, place: Place) -> str:
    return place.where if _own(phrases) else place.where_latin


def clock(at: time) -> str:
    """A time on the clock: 10:20."""
    return f"{at.hour}:{at.minute:02d}"


def _values(phrases: Phrases, spot: Spot) -> dict[str, str]:
    return {"day": phrases.formats.day(spot.day), "time": clock(spot.at)}


def _offered(phrases: Phrases, reply: VisitsOffered) -> Iterator[str]:
    put = phrases.catalog.put
    offers, wanted = reply.offers, reply.wanted
    places = {spot.place for spot in (*offers, *((wanted,) if wanted else ()))}
    here = len(places) == 1
    if reply.instead is not None and wanted is not None:
        message = _INSTEAD[reply.instead]
        if message in _WHOLE_DAY and wanted.at == time(0):
            message += "_day"
        named = {"day": phrases.formats.day(wanted.day), "time": clock(wanted.at)}
        named = {name: value for name, value in named.items() if name in VALUES[message].split()}
        for number in range(len(offers), 0, -1):
            yield put(message, offers=_items(phrases, offers[:number], here=here, today=wanted.day), **named)
    days = {spot.day for spot in offers}
    today = next(iter(days)) if len(days) == 1 else None
    listed = _items(phrases, offers, here=here, today=None)
    if reply.moving is not None:
        yield put("visit.moving", ticket=_ticket(phrases, reply.moving), offers=listed)
    elif here and offers:
        yield put("visit.offered_at", place=_town(phrases, offers[0].place), offers=listed)
    if today is not None:
        shown = _items(phrases, offers, here=here, today=today)
        yield put("visit.offered_on", day=phrases.formats.day(today), offers=shown)
    yield put("visit.offered", offers=listed)
    for number in range(len(offers), 0, -1):
        yield put("visit.offered_short", offers=_items(phrases, offers[:number], here=here, today=None))


_INSTEAD = {
    Instead.TAKEN: "visit.instead_taken",
    Instead.FULL: "visit.instead_full",
    Instead.SHUT: "visit.instead_shut",
    Instead.PAST: "visit.instead_past",
    Instead.FAR: "visit.instead_far",
}
_WHOLE_DAY = ("visit.instead_full", "visit.instead_shut", "visit.instead_past")


def _items(phrases: Phrases, spots: Sequence[Spot], *, here: bool, today: date | None) -> str:
    """The numbered offers; `here`: without the place, `today`: without that day."""
    put = phrases.catalog.put
    texts = []
    for no, spot in enumerate(spots, 1):
        values = {"no": str(no), **_values(phrases, spot), "place": _town(phrases, spot.place)}
        message = "visit.offer"
        if spot.day == today:
            message = "visit.offer_time" if here else "visit.offer_today"
            del values["day"]
        elif here:
            message = "visit.offer_here"
        if here:
            del values["place"]
        texts.append(put(message, **values))
    return " ".join(texts)


def _held(phrases: Phrases, reply: VisitHeld) -> Iterator[str]:
    put, values = phrases.catalog.put, _values(phrases, reply.spot)
    own = _own(phrases)
    words = ", ".join(mine if own else latin for mine, latin in reply.words)
    if words:
        yield put("visit.held_yours" if reply.yours else "visit.held", words=words, **values)
    yield put("visit.held_plain", **values)


def _booked(
    phrases: Phrases, reply: VisitBooked | VisitReminded | VisitAwaited | VisitCancelled | VisitThatDay
) -> Iterator[str]:
    put, visit = phrases.catalog.put, reply.visit
    values = {**_values(phrases, visit.spot), "ticket": _ticket(phrases, visit.ticket)}
    where, town = _where(phrases, visit.spot.place), _town(phrases, visit.spot.place)
    match reply:
        case VisitBooked(yours=True):
            yield put("visit.yours", **values)
        case VisitBooked(moved=moved):
            yield put("visit.moved" if moved else "visit.booked", place=where, **values)
            yield put("visit.moved" if moved else "visit.booked", place=town, **values)
            yield put("visit.booked_short", place=town, **values)
        case VisitReminded(soon=soon, asks=asks):
            message = "visit.soon" if soon else "visit.tomorrow_asks" if asks else "visit.tomorrow"
            if soon:
                del values["day"]
            yield put(message, place=where, **values)
            yield put(message, place=town, **values)
        case VisitAwaited():
            yield put("visit.awaited", place=where, **values)
            yield put("visit.awaited", place=town, **values)
        case VisitCancelled():
            yield put("visit.cancelled", **values)
        case VisitThatDay():
            yield put("visit.that_day", **values)
        case _:
            assert_never(reply)


def _told(phrases: Phrases, visits: Sequence[Booked]) -> Iterator[str]:
    put = phrases.catalog.put
    if len(visits) == 1:
        spot = visits[0].spot
        values = {**_values(phrases, spot), "ticket": _ticket(phrases, visits[0].ticket)}
        yield put("visit.one", place=_where(phrases, spot.place), **values)
        yield put("visit.one", place=_town(phrases, spot.place), **values)
        yield put("visit.booked_short", place=_town(phrases, spot.place), **values)
    texts = [
        put(
            "visit.each",
            place=_town(phrases, one.spot.place),
            ticket=_ticket(phrases, one.ticket),
            **_values(phrases, one.spot),
        )
        for one in visits
    ]
    yield put("visit.several", visits="; ".join(texts))
    for number in range(len(texts) - 1, 0, -1):
        yield put("visit.more", visits="; ".join(texts[:number]), number=str(len(texts) - number))


def _which(phrases: Phrases, visits: Sequence[Booked], message: str) -> Iterator[str]:
    put = phrases.catalog.put
    days = phrases.formats.day
    texts = [put("visit.cancel_each", ticket=_ticket(phrases, one.ticket), day=days(one.spot.day)) for one in visits]
    for number in range(len(texts), 0, -1):
        yield put(message, visits=", ".join(texts[:number]))


def _revoked(phrases: Phrases, reply: VisitRevoked) -> Iterator[str]:
    put, spot = phrases.catalog.put, reply.visit.spot
    here = all(one.place == spot.place for one in reply.offers)
    for number in range(len(reply.offers), 0, -1):
        listed = _items(phrases, reply.offers[:number], here=here, today=spot.day)
        yield put("visit.revoked_offers", offers=listed, **_values(phrases, spot))
    yield put("visit.revoked", **_values(phrases, spot))


def _unknown(phrases: Phrases, reply: OfficeUnknown) -> Iterator[str]:
    word = quoted(reply.word, _WORD)
    towns = [_town(phrases, place) for place in reply.places]
    for number in range(len(towns), -1, -1):
        yield phrases.catalog.put("visit.office_unknown", word=word, places=", ".join(towns[:number]))


_Plain = (
    VisitsNone
    | TicketUnknown
    | NothingFree
    | OfficesOffered
    | DaysOffered
    | TimesOffered
    | NoSuchTime
    | WhichOfTwo
    | TooManyVisits
    | TooManyMissed
    | HoldLapsed
    | CarrierBlocked
    | BackAgain
    | MarkWanted
    | MarkTaken
    | InLine
    | CalledIn
)


def _plain(phrases: Phrases, reply: _Plain) -> str:
    """A reply that has one wording."""
    put = phrases.catalog.put
    match reply:
        case VisitsNone():
            return put("visit.none")
        case TicketUnknown(ticket=ticket):
            return put("visit.ticket_unknown", ticket=_ticket(phrases, ticket))
        case NothingFree(phone=phone):
            return put("visit.nothing_free", phone=phone or put("phone.on_bill"))
        case OfficesOffered(moving=moving):
            return put("visit.which_office") if moving is None else _moving(phrases, moving)
        case DaysOffered(place=place):
            return put("visit.which_day", place=_where(phrases, place))
        case TimesOffered(place=place, day=day):
            return put("visit.which_time", place=_where(phrases, place), day=phrases.formats.day(day))
        case NoSuchTime(spot=spot):
            return put("visit.no_such_time", **_values(phrases, spot))
        case WhichOfTwo(spot=spot, offsets=(first, second)):
            return put("visit.which_of_two", first=_offset(first), second=_offset(second), **_values(phrases, spot))
        case TooManyVisits(most=most):
            return put("visit.too_many", most=str(most))
        case TooManyMissed(missed=missed, phone=phone):
            return put("visit.missed", missed=str(missed), phone=phone or put("phone.on_bill"))
        case HoldLapsed(spot=spot):
            return put("visit.lapsed", **_values(phrases, spot))
        case CarrierBlocked(visit=visit):
            return put("visit.carrier", ticket=_ticket(phrases, visit.ticket))
        case BackAgain(visit=visit):
            return put("visit.back", ticket=_ticket(phrases, visit.ticket), **_values(phrases, visit.spot))
        case _:
            return _of_the_day(phrases, reply)


def _moving(phrases: Phrases, ticket: str) -> str:
    return phrases.catalog.put("visit.which_office_moving", ticket=_ticket(phrases, ticket))


def _of_the_day(phrases: Phrases, reply: MarkWanted | MarkTaken | InLine | CalledIn) -> str:
    put = phrases.catalog.put
    match reply:
        case MarkWanted(ticket=ticket):
            return put("visit.mark", ticket=_ticket(phrases, ticket))
        case MarkTaken(mark=mark):
            return put("visit.marked", mark=str(mark))
        case InLine(ticket=ticket, before=before, minutes=minutes):
            return put("visit.in_line", ticket=_ticket(phrases, ticket), before=str(before), minutes=str(minutes))
        case CalledIn(ticket=ticket, window=window):
            return put("visit.called", ticket=_ticket(phrases, ticket), window=window)
        case _:
            assert_never(reply)


def _offset(minutes: int) -> str:
    """Minutes ahead of UTC as UTC+3 or UTC-3:30."""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
