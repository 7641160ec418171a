"""The search box: what is typed goes in a form, never into an address or a log (T15)."""

from core.employees.model import Role
from core.finding import actions as finding
from core.finding import guessing
from core.finding.model import MOST, START, Found, Place, Way
from core.store.pool import Connection
from staff.model import Asked, Done, Entry, Form, Get, Page, Post, Route

READERS = frozenset({Role.CLERK, Role.CONTROLLER, Role.BILLER, Role.COLLECTOR, Role.AUDITOR, Role.ADMIN})
"""Who finds customers and opens their accounts."""

LONGEST = 200


async def box(asked: Asked) -> Page:
    """The box with nothing in it."""
    return _page("", None, None)


async def look_for(asked: Asked, conn: Connection, form: Form) -> Page | Done:
    """What the box finds; the look at the list is noted with the ways that were looked in, not with what was typed."""
    typed = " ".join(form.get("typed", "")[:LONGEST].split())
    way = Way(form["by"]) if form.get("by") in set(Way) else None
    queries = guessing.guess(typed, way)
    if not queries:
        return _page(typed, way, None, trouble="search.nothing" if typed else "search.empty")
    after = _place(form.get("after", ""))
    if after != START:
        queries = queries[:1]
    found = await finding.find(
        conn, queries, keyring=asked.house.keyring, today=asked.local(asked.at).date(), after=after
    )
    await asked.look(conn, None, "/search: " + ", ".join(query.way for query in queries))
    return Done(_page(typed, way, found), "/search")


def _page(typed: str, way: Way | None, found: tuple[Found, ...] | None, *, trouble: str | None = None) -> Page:
    hits = [one for one in found or () if one.hits]
    values = {
        "typed": typed,
        "way": way,
        "ways": tuple(Way),
        "found": hits,
        "looked": [one.query.way for one in found or ()],
        "searched": found is not None,
        "most": MOST,
        "trouble": trouble,
    }
    return Page("search.html", values, 422 if trouble else 200)


def _place(text: str) -> Place:
    """Where a list goes on, as the form before carried it."""
    customer, _, account = text.partition(".")
    if all(part.isascii() and part.isdigit() and len(part) < 19 for part in (customer, account)):
        return int(customer), int(account)
    return START


ROUTES: tuple[Route, ...] = (Get("/search", READERS, box), Post("/search", READERS, look_for))
ENTRY = Entry("/search", "search", READERS)
