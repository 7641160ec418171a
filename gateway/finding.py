"""The commands that look for accounts: by whatever is typed, and the making of the keys by which they are found."""

from collections.abc import Iterator
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from core.basics.sealing import Keyring
from core.finding import actions, guessing, keying
from core.finding.model import MOST, Found, Hit, Way
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.running import run
from gateway.settings import Settings

WAYS = tuple(str(way) for way in Way)


async def told(settings: Settings, text: str, way: Way | None) -> int:
    """Tells what the text finds; the exit code.

    :raises Trouble: it is nothing that could be looked for, or a key is missing.
    """
    queries = guessing.guess(text, way)
    if not queries:
        raise Trouble(f"{text!r} is nothing to look for; type an account, a meter, a name, a document, an address, …")
    today = now().astimezone(ZoneInfo(settings.timezone)).date()
    async with connected(settings) as conn:
        found = await actions.find(conn, queries, keyring=_keyring(settings), today=today)
    for one in found:
        for line in _lines(one):
            typer.echo(line)
    typer.echo("looked by: " + ", ".join(one.query.way for one in found))
    return 0 if any(one.hits for one in found) else 1


def _lines(found: Found) -> Iterator[str]:
    if not found.hits:
        return
    count = f"more than {MOST}" if found.more else str(len(found.hits))
    brands = f" of several brands: {', '.join(one or 'no brand' for one in found.brands)}" if found.brands else ""
    yield f"{found.query.way}: {count}{brands}"
    for hit in found.hits:
        yield "  " + "  ".join(filter(None, _parts(hit)))


def _parts(hit: Hit) -> Iterator[str]:
    yield hit.number
    yield hit.holder or "(no name)"
    yield hit.address or ""
    yield f"{hit.brand} {hit.serial}".strip()
    yield f"point {hit.point}" if hit.point else ""
    yield "NOT ANY MORE" if hit.before or hit.gone else ""


async def fill(settings: Settings) -> None:
    """Makes the keys of all customers.

    :raises Trouble: a key is missing.
    """
    async with connected(settings) as conn:
        done = await keying.fill(conn, _keyring(settings))
    typer.echo(f"{done} customers can be found by name and address")


def _keyring(settings: Settings) -> Keyring:
    if settings.key is None or settings.pepper is None:
        raise Trouble("METERLINE_KEY and METERLINE_PEPPER are needed to look for people")
    return Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())


def find(
    text: Annotated[str, typer.Argument(help="An account or its last digits, a meter, a name, a phone, …")],
    by: Annotated[str, typer.Option(help=f"Look in one way only: {', '.join(WAYS)}.")] = "",
) -> None:
    """Find accounts by account number, point, meter, name, identity document, address, bank account or phone."""
    if by and by not in WAYS:
        raise Trouble(f"--by {by}: there are: {', '.join(WAYS)}")
    run(lambda settings: told(settings, text, Way(by) if by else None))


def search_keys() -> None:
    """Make the keys by which customers are found, for those who were imported before there were any."""
    run(fill, bulk=True)


def add_to(cli: typer.Typer) -> None:
    """Puts the commands among the others."""
    cli.command("find")(find)
    cli.command("search-keys")(search_keys)
