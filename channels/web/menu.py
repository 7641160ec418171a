"""All pages of the cabinet, and those that stand in the menu of an account."""

from channels.web import (
    bills,
    book,
    checking,
    explaining,
    firm,
    forecast,
    helping,
    home,
    me,
    messages,
    overview,
    payments,
    people,
    programs,
    readings,
    requests,
    still,
    tariffs,
    using,
    visiting,
    visits,
    wishes,
)
from channels.web.model import Entry, Route
from core.accounts.rights import Deed
from core.commands import Subject, SubmitReading, Why

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *visiting.ROUTES,
    *tariffs.ROUTES,
    *helping.ROUTES,
    *overview.ROUTES,
    *readings.ROUTES,
    *bills.ROUTES,
    *explaining.ROUTES,
    *payments.ROUTES,
    *book.ROUTES,
    *using.ROUTES,
    *forecast.ROUTES,
    *visits.ROUTES,
    *requests.ROUTES,
    *messages.ROUTES,
    *people.ROUTES,
    *wishes.ROUTES,
    *me.ROUTES,
    *still.ROUTES,
    *programs.ROUTES,
    *firm.ROUTES,
    *checking.ROUTES,
)

ENTRIES: tuple[Entry, ...] = (
    Entry("", "overview"),
    Entry("readings", "readings", SubmitReading),
    Entry("bills", "bills", Subject.BILL),
    Entry("payments", "payments", Deed.SHOW_SUMS),
    Entry("why", "why", Why),
    Entry("book", "book", Deed.SHOW_SUMS),
    Entry("use", "use", Deed.SHOW_SUMS),
    Entry("forecast", "forecast", Subject.FORECAST),
    Entry("visits", "visits", Subject.VISITS),
    Entry("requests", "requests"),
    Entry("history", "history", Deed.SHOW_SUMS),
    Entry("people", "people", Deed.OPEN_ACCOUNT),
    Entry("wishes", "wishes"),
)
"""In the order in which they are shown. A page that shows sums names Deed.SHOW_SUMS."""

PUBLIC: tuple[tuple[str, str], ...] = (
    ("/", "about"),
    ("/tariffs", "tariffs"),
    ("/help", "help"),
    ("/reading", "guest"),
    ("/visit", "visit"),
    ("/check", "check"),
)
"""The pages for everybody, with the names of their texts: site.NAME, and on the first page home.NAME."""
