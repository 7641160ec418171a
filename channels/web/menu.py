"""All pages of the cabinet, and those that stand in the menu of an account."""

from channels.web import home, me, overview, readings
from channels.web.model import Entry, Route
from core.commands import SubmitReading

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *overview.ROUTES,
    *readings.ROUTES,
    *me.ROUTES,
)

ENTRIES: tuple[Entry, ...] = (
    Entry("", "overview"),
    Entry("readings", "readings", SubmitReading),
)
"""In the order in which they are shown. A page that shows sums names Deed.SHOW_SUMS."""

PUBLIC: tuple[tuple[str, str], ...] = (("/", "about"),)
"""The pages for everybody, with the names of their texts: site.NAME, and on the first page home.NAME."""
