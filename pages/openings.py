"""Hours of offices as people write them."""

from collections.abc import Sequence

from core.bookings.model import Hours
from core.bookings.opening import reading
from pages.words import PageWords


def spoken(words: PageWords, hours: Sequence[Hours]) -> str:
    """The usual hours: пн–чт 08:00–17:00, перерыв 12:00–13:00. The words are weekday.mon to weekday.sun and
    offices.pause."""
    parts = []
    for part in filter(None, reading.written(hours).split("; ")):
        days, span, *pause = part.split(" ")
        named = "–".join(words(f"weekday.{one}") for one in days.split("-"))
        rest = f", {words('offices.pause')} {pause[0].replace('-', '–')}" if pause else ""
        parts.append(f"{named} {span.replace('-', '–')}{rest}")
    return "; ".join(parts)
