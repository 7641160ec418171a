"""A chunk of dated facts: whose they are, whether they fit what is there, and their recording."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from asyncpg import Connection

from core.billing import sql as billing_sql
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import TERMS, Conditions, Kind, Subject, conditions_of
from core.billing.model import Claim, Tariffs
from core.billing.recording import NewFact
from core.doors import agreeing, dated, leaving, sql
from core.doors.dated import Told
from core.doors.model import Setting
from core.doors.stated import Say, StatedRow, accounts_of
from core.importing import sql as importing
from core.importing.model import Problem
from core.importing.rules import shown
from core.metering import sql as metering
from core.metering.model import Meter, Point

SOURCE = "office"

_AGREED = (Kind.INSTALMENTS, Kind.INSTALMENTS_END)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the rows are about, as it stands."""

    accounts: Mapping[str, int]
    buildings: Mapping[str, int]
    customers: Mapping[str, int]
    meters: Mapping[int, tuple[Meter, ...]]
    points: Mapping[int, tuple[Point, ...]]
    tariffs: Tariffs
    claims: Mapping[int, tuple[Claim, ...]]
    agreements: Mapping[int, Set[str]]
    devices: Mapping[int, Set[str]]
    said: Mapping[int, Conditions]


async def store(conn: Connection, rows: Sequence[StatedRow], setting: Setting, *, noun: str) -> None:
    """Records the facts that are new and derives their accounts anew."""
    ground = await _ground(conn, rows)
    told: list[Told] = []
    for row in rows:
        found = tuple(_facts(row, ground))
        problems = [one for one in found if isinstance(one, Problem)]
        if problems:
            setting.tally.wrong(noun, problems)
        else:
            told.append(Told(row.line, tuple(one for one in found if isinstance(one, NewFact))))
    await dated.record(conn, told, setting, noun=noun)


async def _ground(conn: Connection, rows: Sequence[StatedRow]) -> _Ground:
    accounts = await importing.locked(conn, set(accounts_of(rows)))
    ids = sorted(accounts.values())
    return _Ground(
        accounts,
        await sql.buildings(conn, sorted({row.building for row in rows if row.building})),
        await sql.customers(conn, sorted({row.holder for row in rows if row.holder})),
        await metering.meters_there(conn, ids),
        await metering.points(conn, ids),
        await billing_sql.tariffs(conn),
        *await _agreements(conn, rows, accounts),
        await _devices(conn, rows, accounts),
        await _said(conn, rows, accounts),
    )


async def _agreements(
    conn: Connection, rows: Sequence[StatedRow], accounts: Mapping[str, int]
) -> tuple[Mapping[int, tuple[Claim, ...]], Mapping[int, Set[str]]]:
    """What was demanded, and the names of the agreements on record and in the rows; nothing where none is meant."""
    about = [(row, say) for row in rows for say in row.says if say.kind in _AGREED and row.account in accounts]
    ids = sorted({accounts[row.account] for row, _ in about})
    names: dict[int, set[str]] = {id: set() for id in ids}
    for row, say in about:
        if say.kind is Kind.INSTALMENTS:
            names[accounts[row.account]].add(say.name)
    for id, facts in (await conditions.of_accounts(conn, ids)).items():
        names[id].update(one.name for one in facts if one.kind is Kind.INSTALMENTS)
    return await billing_sql.claims(conn, ids), names


async def _devices(conn: Connection, rows: Sequence[StatedRow], accounts: Mapping[str, int]) -> Mapping[int, Set[str]]:
    """The numbers of the control devices on record and in the rows; nothing where none is taken down."""
    told = [(accounts[row.account], say) for row in rows if row.account in accounts for say in row.says]
    ids = sorted({id for id, say in told if say.kind is Kind.DEVICE and say.value is None})
    names = {id: {say.name for of, say in told if of == id and say.value is not None} for id in ids}
    for id, facts in (await conditions.of_accounts(conn, ids)).items() if ids else ():
        names[id].update(one.name for one in facts if one.kind is Kind.DEVICE)
    return names


async def _said(conn: Connection, rows: Sequence[StatedRow], accounts: Mapping[str, int]) -> Mapping[int, Conditions]:
    """What holds of the accounts somebody was absent from; nothing of others."""
    about = {row.account for row in rows for say in row.says if say.kind is Kind.ABSENCE}
    away = {accounts[number] for number in about if number in accounts}
    known = await conditions.of_accounts(conn, sorted(away)) if away else {}
    return {id: conditions_of(known.get(id, ())) for id in away}


def _facts(row: StatedRow, ground: _Ground) -> Iterator[NewFact | Problem]:
    if row.building:
        building = ground.buildings.get(row.building)
        if building is None:
            yield Problem(row.line, "building", row.building, "no such building", "import the customers first")
            return
        yield from (_fact(row, building, say, 0) for say in row.says)
        return
    account = ground.accounts.get(row.account)
    if account is None:
        yield Problem(row.line, "account", row.account, "no such account", "an account that is on record")
    elif row.holder:
        customer = ground.customers.get(row.holder)
        if customer is None:
            yield Problem(row.line, "holder", row.holder, "no such account", "an account of the new holder")
        else:
            yield _fact(row, account, Say(Kind.HOLDER, customer), 0)
    else:
        for say in row.says:
            subject = _subject(row, account, say, ground)
            yield subject if isinstance(subject, Problem) else _fact(row, account, say, subject)


def _subject(row: StatedRow, account: int, say: Say, ground: _Ground) -> int | Problem:
    """The id of the meter or of the point that is meant; 0 for the account itself."""
    of = TERMS[say.kind].subject
    if say.kind in _AGREED:
        return agreeing.unfit(row, say, ground.claims.get(account, ()), ground.agreements[account]) or 0
    meters = ground.meters.get(account, ())
    if say.kind is Kind.ABSENCE:
        return leaving.unfit(row, meters, ground.points.get(account, ()), ground.said[account]) or 0
    if of is Subject.ACCOUNT:
        return 0
    named = next((one for one in meters if one.serial == row.meter), None)
    if row.meter and named is None:
        serials = ", ".join(one.serial for one in meters) or "none"
        return Problem(row.line, "meter", row.meter, "not a meter of the account", f"one of its meters: {serials}")
    if of is Subject.METER and named is not None:
        return named.id
    points = {one.id for one in ground.points.get(account, ())} if named is None else {named.point_id}
    if len(points) != 1:
        reason = f"{len(points)} points that can be meant"
        return Problem(row.line, "meter", "", reason, "the serial of a meter that stands at the point")
    (point,) = points
    wrong = _unpriced(row, say, [one for one in meters if one.point_id == point and _there(one, row)], ground.tariffs)
    return wrong or _absent(row, account, say, ground) or point


def _absent(row: StatedRow, account: int, say: Say, ground: _Ground) -> Problem | None:
    """Why the device cannot be taken down."""
    if say.kind is not Kind.DEVICE or say.value is not None or say.name in ground.devices[account]:
        return None
    known = ", ".join(sorted(ground.devices[account])) or "none"
    return Problem(row.line, "device", say.name, "no such device is on record", f"one of its devices: {known}")


def _there(meter: Meter, row: StatedRow) -> bool:
    return meter.installed.meet(row.days) is not None


def _unpriced(row: StatedRow, say: Say, meters: Sequence[Meter], tariffs: Tariffs) -> Problem | None:
    """Why the plan cannot be the point's."""
    if say.kind is not Kind.PLAN:
        return None
    versions = tariffs.get(str(say.value), ())
    if not versions:
        return Problem(
            row.line, "plan", shown("plan", str(say.value)), "no such tariff plan is stored", "import the tariffs first"
        )
    for meter in meters:
        for version in versions:
            if "total" not in version.zones and not set(version.zones).issuperset(meter.zones):
                reason = f"no price for each register of {meter.serial}"
                return Problem(row.line, "plan", str(say.value), reason, f"a plan with {'/'.join(meter.zones)}")
    return None


def _fact(row: StatedRow, owner: int, say: Say, subject: int) -> NewFact:
    return NewFact(owner, say.kind, row.days, say.value, SOURCE, row.document, subject, say.name)
