"""The page of a rule pack: all that it sets with the days and the law, and what a change of it would do beforehand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.billing import company, packreading, previewing, profiles
from core.billing.packreading import PackWrong
from core.billing.previewing import Compared
from core.billing.terms import Pack
from core.employees.model import EVERYBODY, Role
from core.store.pool import Connection
from pages.words import PageWords
from staff.model import Asked, Form, Get, Page, Post, Route

TRIERS = frozenset({Role.BILLER, Role.ADMIN})

LARGEST = 256 * 1024
"""Bytes of a pack that is tried."""

MOST = 2_000
"""So many accounts are reckoned while the page waits; the command `meterline rules diff` reckons all."""

PLAIN = ("jurisdiction", "currency", "limitation_years", "lapsing_months")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack as a table: its columns by their names in the file, and its rows in words."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


async def shown(asked: Asked) -> Page:
    """The company's pack, or the one that is chosen."""
    async with asked.connection() as conn:
        return await _page(asked, conn, asked.query("name"))


async def sample(asked: Asked) -> Page:
    """The pack as the file that it is, to be copied and changed."""
    name = asked.request.match_info["name"]
    if name not in profiles.names():
        return Page("problem.html", {"problem": "404"}, 404)
    return Page("pack_file.html", {"name": name, "text": profiles.text(name)})


async def attempt(asked: Asked, conn: Connection, _: Form) -> Page:
    """What the file in place of the company's pack would do to accounts today; nothing is written."""
    if not asked.file:
        return await _page(asked, conn, trouble="packs.no_file")
    try:
        tried = packreading.parse(asked.file.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return await _page(asked, conn, trouble="packs.no_text")
    except PackWrong as wrong:
        return await _page(asked, conn, trouble="packs.wrong", problems=[str(one) for one in wrong.problems])
    found = await previewing.attempt(conn, tried, today=asked.today, most=MOST)
    if found is None:
        return await _page(asked, conn, trouble="company.none")
    return await _page(asked, conn, compared=found, tried=tried)


async def _page(
    asked: Asked,
    conn: Connection,
    name: str = "",
    *,
    trouble: str | None = None,
    problems: Sequence[str] = (),
    compared: Compared | None = None,
    tried: Pack | None = None,
) -> Page:
    said = await company.told(conn)
    own = said.pack if said else ""
    chosen = name if name in profiles.names() else own or profiles.names()[0]
    data = profiles.data(chosen)
    values = {
        "names": profiles.names(),
        "own": own,
        "chosen": chosen,
        "plain": [(key, str(data[key])) for key in PLAIN if key in data],
        "sections": tuple(_sections(asked.words, data)),
        "trouble": trouble,
        "problems": problems,
        "compared": compared,
        "tried": tried,
        "most": MOST,
        "may": asked.employee.may(TRIERS),
    }
    return Page("packs.html", values, 422 if trouble else 200)


def _sections(words: PageWords, data: Mapping[str, Any], before: str = "") -> Iterator[Section]:
    """Each table of the file in its order, those within a table after it."""
    for key, value in data.items():
        rows = value if isinstance(value, list) else [value]
        if not rows or not all(isinstance(row, Mapping) for row in rows):
            continue
        name = f"{before}{key}"
        told = [{one: cell for one, cell in row.items() if not _is_table(cell)} for row in rows]
        columns = tuple(dict.fromkeys(one for row in told for one in row))
        if columns:
            lines = tuple(tuple(_cell(words, row.get(one)) for one in columns) for row in told)
            yield Section(name, columns, lines)
        for row in rows:
            yield from _sections(words, row, f"{name}_")


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(one, Mapping) for one in value))


def _cell(words: PageWords, value: Any) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return words("packs.yes" if value else "packs.no")
        case int() | Decimal():
            return words.number(value)
        case date():
            return words.day(value)
        case list():
            return ", ".join(_cell(words, one) for one in value) or "–"
        case _:
            name = f"pack_value.{value}"
            return words(name) if value.isidentifier() and words.has(name) else str(value)


ROUTES: tuple[Route, ...] = (
    Get("/company/rules", EVERYBODY, shown),
    Get("/company/rules/{name}/file", EVERYBODY, sample),
    Post("/company/rules", TRIERS, attempt, file=LARGEST),
)
