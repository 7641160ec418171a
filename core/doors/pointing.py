"""Supply points through their door: whether they are supplied, what holds of those without a meter, new ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from asyncpg import Connection

from core.basics.periods import Period
from core.billing import sql as billing_sql
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import Conditions, Kind, conditions_of
from core.billing.model import Tariffs
from core.billing.recording import NewFact
from core.doors import dated
from core.doors.dated import Told
from core.doors.model import Setting
from core.doors.rows import ACCOUNT
from core.doors.stated import DATED, days_of
from core.importing import cells
from core.importing import sql as importing
from core.importing.cells import Unreadable
from core.importing.model import Problem
from core.importing.plan import Plan
from core.importing.rules import Reader
from core.importing.table import Columns, Row
from core.metering import sql as metering
from core.metering.model import Meter, Point

NOUN = "points"
SOURCE = "act"

POINTS = Columns(required=("account", "from"), optional=("meter", "supply", "metering", "service", "tariff", *DATED))

SUPPLY = ("connected", "limited", "suspended")
METERING = ("possible", "impossible", "unknown")
"""Whether there could be a meter where none is: the norm is put up where there could. `unknown` takes back what was
said: nothing is charged without a meter."""


@dataclass(frozen=True, slots=True)
class PointRow:
    """What holds of a point on the days; it is that of `meter`, that of `service`, or the only one of the account.
    `tariff` is the plan of one that is made."""

    line: int
    account: str
    days: Period
    meter: str
    supply: str
    metering: str
    service: str
    tariff: str
    document: str


def row(row: Row, today: date) -> PointRow | tuple[Problem, ...]:
    """A row about a point, or what is wrong with it."""
    del today
    reader = Reader(row, POINTS)
    account = reader.need("account", cells.code, ACCOUNT)
    days, document = days_of(reader), reader.take("document", cells.words, "")
    meter, tariff = reader.take("meter", cells.code, ""), reader.take("tariff", cells.plan, "")
    supply = reader.take("supply", lambda text: _one_of(text, SUPPLY, "not a state of supply"), "")
    said = reader.take("metering", lambda text: _one_of(text, METERING, "not said of a point without a meter"), "")
    service = reader.take("service", cells.service, "")
    if not supply and not said and not reader.problems:
        reader.wrong("supply", "empty, as metering is", "one of them at least, such as suspended")
    if meter and service:
        reader.wrong("service", "a meter names the point already", "an empty cell")
    if tariff and not service:
        reader.wrong("tariff", "the plan of a new point, whose service is not said", "a service, or an empty cell")
    if reader.problems or account is None or days is None:
        return tuple(reader.problems)
    return PointRow(reader.line, account, days, meter, supply, said, service, tariff, document)


def _one_of(text: str, words: Sequence[str], reason: str) -> str:
    found = text.lower()
    if found not in words:
        raise Unreadable(reason, ", ".join(words))
    return found


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the rows are about, as it stands; points that are made are put among the others."""

    accounts: Mapping[str, int]
    meters: Mapping[int, tuple[Meter, ...]]
    points: dict[int, list[Point]]
    known: Mapping[int, Conditions]
    tariffs: Tariffs


async def store(conn: Connection, rows: Sequence[PointRow], setting: Setting) -> None:
    """Makes the points that are new, records the facts that are new, and derives their accounts anew."""
    ground = await _ground(conn, rows)
    ids, plan, told = await importing.ids(conn, accounts=0, meters=len(rows)), Plan(), list[Told]()
    for one in rows:
        found = _point(one, ground)
        if isinstance(found, Problem):
            setting.tally.wrong(NOUN, [found])
            continue
        point = found or Point(next(ids.points), ground.accounts[one.account], one.service, one.tariff)
        if (wrong := _unpriced(one, point, ground)) is not None:
            setting.tally.wrong(NOUN, [wrong])
            continue
        if found is None:
            ground.points.setdefault(point.account_id, []).append(point)
            plan.points.append((point.id, point.account_id, point.service, point.tariff))
        told.append(Told(one.line, tuple(_facts(one, point))))
    await importing.store(conn, plan, at=setting.at)
    await dated.record(conn, told, setting, noun=NOUN)


async def _ground(conn: Connection, rows: Sequence[PointRow]) -> _Ground:
    accounts = await importing.locked(conn, {one.account for one in rows})
    ids = sorted(accounts.values())
    known = await conditions.of_accounts(conn, ids)
    return _Ground(
        accounts,
        await metering.meters_there(conn, ids),
        {id: list(found) for id, found in (await metering.points(conn, ids)).items()},
        {id: conditions_of(facts) for id, facts in known.items()},
        await billing_sql.tariffs(conn),
    )


def _point(row: PointRow, ground: _Ground) -> Point | Problem | None:
    """The point that is meant; None: one is to be made."""
    account = ground.accounts.get(row.account)
    if account is None:
        return Problem(row.line, "account", row.account, "no such account", "an account that is on record")
    own = ground.points.get(account, [])
    if row.meter:
        meters = ground.meters.get(account, ())
        named = next((one for one in meters if one.serial == row.meter), None)
        if named is None:
            expected = f"one of its meters: {', '.join(one.serial for one in meters) or 'none'}"
            return Problem(row.line, "meter", row.meter, "not a meter of the account", expected)
        own = [one for one in own if one.id == named.point_id]
    elif row.service:
        own = [one for one in own if one.service == row.service]
    if len(own) == 1:
        (found,) = own
        if row.tariff not in ("", found.tariff):
            expected = f"{found.tariff}, or nothing; another plan by a row of plans"
            return Problem(row.line, "tariff", row.tariff, "not that of the point, which is there already", expected)
        return found
    if own or not row.service:
        expected = "the serial of a meter that stands at the point, or the service of a new one"
        return Problem(row.line, "meter", "", f"{len(own)} points that can be meant", expected)
    if not row.tariff or not row.metering:
        column = "tariff" if not row.tariff else "metering"
        return Problem(row.line, column, "", "empty for a point that is new", "service, tariff and metering of it")
    if row.tariff not in ground.tariffs:
        expected = "import the tariffs first, or correct the name"
        return Problem(row.line, "tariff", row.tariff, "no such tariff plan is stored", expected)
    return None


def _unpriced(row: PointRow, point: Point, ground: _Ground) -> Problem | None:
    """Why the point cannot be charged without a meter: a norm knows no zones."""
    if row.metering not in ("possible", "impossible"):
        return None
    held = ground.known.get(point.account_id, conditions_of(())).words(Kind.PLAN, point.id, row.days, point.tariff)
    for one in held:
        for version in ground.tariffs.get(one.value, ()):
            if version.valid.meet(one.days) is not None and not all("total" in block.rates for block in version.blocks):
                expected = "a plan with a rate for all hours, by a row of plans from that day on"
                return Problem(row.line, "metering", row.metering, f"rates by zones in the plan {one.value}", expected)
    return None


def _facts(row: PointRow, point: Point) -> Iterator[NewFact]:
    said = (
        (Kind.SUPPLY, row.supply, row.supply),
        (Kind.METERING, row.metering, None if row.metering == "unknown" else row.metering),
    )
    for kind, given, value in said:
        if given:
            yield NewFact(point.account_id, kind, row.days, value, SOURCE, row.document, point.id)
