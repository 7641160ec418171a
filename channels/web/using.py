"""How much was used on which day, with the forecast of the running month and how far it may be off."""

from datetime import date

from aiohttp import web

from channels.web import recorded
from channels.web.model import Asked, Get, Page, Route
from core.accounts.rights import Deed
from core.basics.periods import DAY, Month
from core.dossier.own import telling
from core.dossier.own.model import Day, Days
from pages.pictures import Column
from pages.volumes import UNITS, Volumes

MONTHS = 2
"""So many months are shown at a time."""

OLDEST = Month(2000, 1)


async def show(asked: Asked) -> Page:
    """The days of two months as a table, and the addresses of their picture and of the months before and behind."""
    asked.need(Deed.SHOW_SUMS)
    first = _first(asked)
    found = await _found(asked, first)
    if found is None:
        return Page("use.html", {"found": None})
    days = found.days
    query = f"since={first}&service={found.service}"
    values = {
        "found": found,
        "runs": tuple(_runs(days)),
        "chart_of": f"{asked.path('use/days.svg')}?{query}",
        "earlier": first.previous.previous,
        "later": None if first.next >= found.month else first.next.next,
        "first": first,
    }
    return Page("use.html", values)


async def picture(asked: Asked) -> web.Response:
    """The days as a picture."""
    asked.need(Deed.SHOW_SUMS)
    first = _first(asked)
    found = await _found(asked, first)
    t, told = asked.words, Volumes(asked.words)
    service = "electricity" if found is None else found.service
    columns = [
        Column(
            f"{one.day:%d.%m}",
            recorded.main(one.volume),
            f"{t.day(one.day)}: {told(one.volume, service)}",
            foretold=one.foretold,
            least=None if one.least is None else recorded.main(one.least),
            most=None if one.most is None else recorded.main(one.most),
        )
        for one in (() if found is None else found.days)
    ]
    unit = t(f"unit.{UNITS.get(service, 'm3')}")
    return recorded.picture(asked, columns, title=t("chart.days", service=t.get("service", service)), unit=unit)


async def _found(asked: Asked, first: Month) -> Days | None:
    past = await recorded.past(asked)
    return telling.days(
        past.life, past.account.meters, past.facts.tariffs, today=asked.today, first=first.first, end=_end(first),
        service=asked.query("service", longest=20),
    )  # fmt: skip


def _first(asked: Asked) -> Month:
    """The first month to show: that asked for, else the one before the running month."""
    now = Month.of(asked.today)
    try:
        told = Month.of(date.fromisoformat(f"{asked.query('since', longest=7)}-01"))
    except ValueError:
        return now.previous
    return min(max(told, OLDEST), now.previous)


def _end(first: Month) -> date:
    end = first
    for _ in range(MONTHS):
        end = end.next
    return end.first


def _runs(days: tuple[Day, ...]) -> list[tuple[date, date, Day]]:
    """Days in a row of the same use as one: the first, the last, and what holds for each of them."""
    found: list[tuple[date, date, Day]] = []
    for one in days:
        if found and _alike(found[-1][2], one) and found[-1][1] + DAY == one.day:
            found[-1] = (found[-1][0], one.day, found[-1][2])
        else:
            found.append((one.day, one.day, one))
    return found


def _alike(one: Day, other: Day) -> bool:
    return (one.volume, one.foretold, one.least, one.most) == (other.volume, other.foretold, other.least, other.most)


ROUTES: tuple[Route, ...] = (Get("/my/{account}/use", show), Get("/my/{account}/use/days.svg", picture))
