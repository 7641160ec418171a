"""A chunk of customers, from rows to a plan: pure, so that what a file does can be told without storing it."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.basics.sealing import Keyring
from core.importing.known import Known
from core.importing.meters import Meters
from core.importing.model import CustomerRow
from core.importing.people import People, Taken
from core.importing.plan import Ids, Plan, Setting, Tally


def plan(
    rows: Sequence[CustomerRow],
    known: Known,
    tally: Tally,
    *,
    buildings: Mapping[str, int],
    keyring: Keyring,
    ids: Ids,
    setting: Setting,
) -> Plan:
    """What is to be stored of the rows, given what is known; what is stored already, or contradicts it, is left out and
    counted. `known` grows by the plan. An account and a meter begin with their first reading of the chunk."""
    made = Plan()
    people = People(known, made, tally, keyring=keyring, ids=ids, setting=setting)
    meters = Meters(known, made, tally, ids=ids, setting=setting)
    begun = _begun(rows)
    taken: list[Taken] = []
    # A row that leaves the kind out rests on another of its account, which may stand behind it.
    for row in sorted(rows, key=lambda row: row.kind is None):
        account = people.account(row, begun.get((row.account, ""), setting.today), buildings)
        if account is None:
            continue
        if row.meter is not None:
            installed_on = begun.get((row.account, row.meter.serial), setting.today)
            meters.add(row, account, row.meter, installed_on)
        taken.append((row, account))
    people.link(taken)
    people.papers(taken)
    return made


def _begun(rows: Sequence[CustomerRow]) -> dict[tuple[str, str], date]:
    """The earliest reading of each account, and of each of its meters by serial."""
    found: dict[tuple[str, str], date] = {}
    for row in rows:
        if row.meter is not None and row.meter.reading is not None:
            day = row.meter.reading.day
            for key in ((row.account, ""), (row.account, row.meter.serial)):
                found[key] = min(found.get(key, day), day)
    return found
