"""Tells why the sum of an account changed: `meterline explain --since`."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import typer

from core.billing.comparing import actions as comparing
from core.billing.engine import changes, charging
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.settings import Settings


async def changed(
    settings: Settings, account: str, *, since: date, on: date | None, language: str, as_json: bool
) -> None:
    """Prints why the sum at the end of `on` (today where None) is another than at the end of `since`.

    :raises Trouble: an unknown language or account, days in the wrong order, a day without a tariff.
    """
    if language not in changes.LANGUAGES:
        raise Trouble(f"unknown language {language!r}; there are: {', '.join(changes.LANGUAGES)}")
    zone = ZoneInfo(settings.timezone)
    last = on or now().astimezone(zone).date()
    if last < since:
        raise Trouble(f"--since {since} is after --on {last}; give the earlier day first")
    async with connected(settings) as conn:
        try:
            found = await comparing.changed(conn, account, since=since, on=last, zone=zone)
        except charging.NoTariff as error:
            raise Trouble(str(error)) from error
    if found is None:
        raise Trouble(f"no account {account!r}")
    if as_json:
        typer.echo(json.dumps(changes.as_json(account, found), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(changes.as_text(account, found, language)))
