"""The week of free places that a page shows, and the place that its form names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from channels.web.model import Form
from core.bookings import rules, viewing
from core.bookings.model import Office, Service
from core.bookings.offering import Known
from core.bookings.viewing import Start
from core.store.pool import Connection
from pages import forms

LONGEST = 8
"""Signs of a ticket."""

_WEEK = timedelta(days=viewing.SPAN)
_LAST = timedelta(days=53)
"""The last week that can be asked for begins so long after today."""


@dataclass(frozen=True, slots=True)
class Week:
    """What is chosen, None where there is no office, and the free times of the days from `first` on."""

    office: Office | None
    service: Service | None
    first: date
    before: date | None
    after: date
    free: Mapping[date, Sequence[Start]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A place that a form names, and the ticket of the visit that is to be moved there."""

    office: Office
    service: Service
    named: str
    ticket: str | None

    @property
    def argument(self) -> str:
        """The place as the words of a command."""
        return f"{self.named} ?{self.office.code} ?{self.service.code}"


async def week(conn: Connection, to: Known, query: Callable[[str], str], *, today: date, at: datetime) -> Week:
    """The week that the address asks for by `office`, `about` and `from`; of what it does not name the first."""
    told = query("office")
    office = next((one for one in to.offices.values() if one.code == told), next(iter(to.offices.values()), None))
    service = to.service(query("about")) or next(iter(to.services), None)
    here = office.today(at) if office else today
    first = min(max(forms.day(query("from")) or here, here), here + _LAST)
    free = await viewing.free(conn, office, service, first, at=at) if office and service else {}
    return Week(office, service, first, first - _WEEK if first > here else None, first + _WEEK, free)


def chosen(form: Form, to: Known) -> Chosen | None:
    """The place that the button of a form names by day, time and, of a time that the clock shows twice, which of the
    two; None where it is none."""
    told, _, rest = form.get("slot", "").partition(" ")
    at, _, fold = rest.partition(" ")
    day = forms.day(told)
    try:
        named = f"{day} {time.fromisoformat(at):%H:%M}"
    except ValueError:
        return None
    if day is None:
        return None
    if fold in ("0", "1"):
        named += f" fold:{fold}"
    office = next((one for one in to.offices.values() if one.code == form.get("office")), None)
    service = to.service(form.get("about"))
    if office is None or service is None:
        return None
    return Chosen(office, service, named, rules.ticket_of(form.get("move", "")))
