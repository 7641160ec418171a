"""All pages of the cabinet, and those that stand in the menu of an account."""

from channels.web import (
    bills,
    book,
    checking,
    contract,
    explaining,
    firm,
    forecast,
    helping,
    home,
    me,
    messages,
    moving,
    notices,
    offices,
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
    *offices.ROUTES,
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
    *notices.ROUTES,
    *people.ROUTES,
    *contract.ROUTES,
    *moving.ROUTES,
    *wishes.ROUTES,
    *me.ROUTES,
    *still.ROUTES,
    *programs.ROUTES,
    *firm.ROUTES,
    *checking.ROUTES,
)

ENTRIES: tuple[Entry, ...] = (
    Entry("", "overview", None, "money"),
    Entry("bills", "bills", Subject.BILL, "money"),
    Entry("payments", "payments", Deed.SHOW_SUMS, "money"),
    Entry("why", "why", Why, "money"),
    Entry("forecast", "forecast", Subject.FORECAST, "money"),
    Entry("readings", "readings", SubmitReading, "meters"),
    Entry("use", "use", Deed.SHOW_SUMS, "meters"),
    Entry("book", "book", Deed.SHOW_SUMS, "meters"),
    Entry("visits", "visits", Subject.VISITS, "contact"),
    Entry("requests", "requests", None, "contact"),
    Entry("notices", "notices", Subject.NOTICES, "contact"),
    Entry("history", "history", Deed.SHOW_SUMS, "contact"),
    Entry("people", "people", Deed.OPEN_ACCOUNT, "people"),
    Entry("wishes", "wishes", None, "people"),
    Entry("contract", "contract", None, "people"),
)
"""In the order in which they are shown. A page that shows sums names Deed.SHOW_SUMS."""

PUBLIC: tuple[tuple[str, str], ...] = (
    ("/", "about"),
    ("/tariffs", "tariffs"),
    ("/offices", "offices"),
    ("/help", "help"),
    ("/reading", "guest"),
    ("/visit", "visit"),
    ("/check", "check"),
)
"""The pages for everybody, with the names of their texts: site.NAME, and on the first page home.NAME."""
