"""Facts that are taken back: a withdrawal is a fact of its own, and what was brought stays on record beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from asyncpg import Connection

from core.billing import actions as billing
from core.billing import recording
from core.billing import sql as billing_sql
from core.billing.conditions.model import Kind
from core.billing.engine.presence import REMOVED
from core.billing.recording import NewFact
from core.doors import judging, sql
from core.doors.judging import Building, Holding, Said, Taken
from core.doors.model import Setting
from core.doors.records import sql as records
from core.doors.rows import ACCOUNT
from core.importing import cells
from core.importing import sql as importing
from core.importing.cells import Unreadable
from core.importing.model import Problem
from core.importing.rules import Reader
from core.importing.table import Columns, Row
from core.metering import sql as metering
from core.stock import actions as stock
from core.stock.actions import Act

NOUN = "withdrawals"
SOURCE = "withdrawal"
FACT = "the number of a fact, such as 17, or of a movement, such as M2"

WITHDRAWALS = Columns(required=("fact", "reason", "document"), optional=("account", "building"))

_NAME = re.compile(r"[MМ]?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class TakenRow:
    """Which fact of an account, or of a building, is taken back, why and by what document; `movement`: the number is a
    place among the installations and removals of the account."""

    line: int
    account: str
    building: str
    movement: bool
    number: int
    reason: str
    document: str


def row(row: Row, today: date) -> TakenRow | tuple[Problem, ...]:
    """The row of a file of withdrawals, or what is wrong with it."""
    del today
    reader = Reader(row, WITHDRAWALS)
    fact = reader.need("fact", _fact, FACT)
    reason = reader.need("reason", cells.words, "why it does not hold, such as: wrong meter")
    document = reader.need("document", cells.words, "by what paper, such as: memo 14")
    account, building = reader.take("account", cells.code, ""), reader.take("building", cells.words, "")
    if not reader.problems and bool(account) == bool(building):
        said = "an account and a building" if account else "empty, as the building is"
        reader.wrong("account", said, f"{ACCOUNT}; or a building, where the fact is of one")
    if reader.problems or fact is None or reason is None or document is None:
        return tuple(reader.problems)
    movement, number = fact
    return TakenRow(row.line, account or "", building or "", movement, number, reason, document)


def _fact(text: str) -> tuple[bool, int]:
    found = text.strip().upper().removeprefix("№").strip()
    if not _NAME.fullmatch(found):
        raise Unreadable("not the number of a fact", FACT)
    return not found[0].isdigit(), int(found.lstrip("MМ"))


async def store(conn: Connection, rows: Sequence[TakenRow], setting: Setting) -> None:
    """Takes each fact back, those that came later first, and derives the accounts anew: what changes in months billed
    is in the next answer, and the next close posts it."""
    ids = await importing.locked(conn, {one.account for one in rows if one.account})
    buildings = await sql.buildings(conn, sorted({one.building for one in rows if one.building}))
    for one in sorted(rows, key=lambda one: (one.movement, -one.number, one.line)):
        found = ids.get(one.account) if one.account else buildings.get(one.building)
        if found is None:
            column = "account" if one.account else "building"
            value, known = one.account or one.building, f"{'an' if one.account else 'a'} {column} that is on record"
            setting.tally.wrong(NOUN, [Problem(one.line, column, value, f"no such {column}", known)])
        elif one.building:
            await _of_building(conn, one, found, setting)
        else:
            await _of_account(conn, one, found, setting)


async def _of_building(conn: Connection, row: TakenRow, building: int, setting: Setting) -> None:
    told = judging.of_building(_said(row), Building(tuple(await records.dated_of_building(conn, building))), setting)
    if _settled(row, told, setting):
        assert isinstance(told, Taken)
        await _record(conn, building, row, told, setting)


async def _of_account(conn: Connection, row: TakenRow, account: int, setting: Setting) -> None:
    holding = Holding(
        tuple(await records.dated(conn, account)),
        tuple(await records.moved(conn, account)),
        tuple(await records.read(conn, account)),
        (await metering.meters(conn, [account])).get(account, ()),
    )
    told = judging.of_account(_said(row), holding, setting)
    if not _settled(row, told, setting):
        return
    assert isinstance(told, Taken)
    if told.readings:
        no = (await billing_sql.fact_numbers(conn, [account])).get(account, 0)
        numbered = [(no + place, reading) for place, reading in enumerate(told.readings, 1)]
        await records.take_back(
            conn, account, numbered, document=row.document, reason=row.reason, by=setting.author.name, at=setting.at
        )
        await billing.rebuild(conn, [account])
    if told.movement is not None:
        await _move_back(conn, account, row, told, setting)
    await _record(conn, account, row, told, setting)


async def _move_back(conn: Connection, account: int, row: TakenRow, told: Taken, setting: Setting) -> None:
    """The meter stands where it did before; the stores know it."""
    moved = told.movement
    assert moved is not None
    meter = next(one for one in (await metering.meters(conn, [account]))[account] if one.id == moved.meter_id)
    removed = moved.event == REMOVED
    await (records.stand_again if removed else records.never_stood)(conn, account, moved.meter_id)
    act = Act(meter.serial, meter.brand, row.document)
    await stock.hung(conn, [act], up=removed, author=setting.author.name, at=setting.at)


async def _record(conn: Connection, owner: int, row: TakenRow, told: Taken, setting: Setting) -> None:
    facts = [
        NewFact(owner, one.kind, one.days, one.value, SOURCE, row.document, one.subject, one.name, one.no, row.reason)
        for one in told.facts
    ]
    if (moved := told.movement) is not None:
        days, name = judging.days_of(moved), moved.event
        facts.append(
            NewFact(owner, Kind.MOVEMENT, days, moved.id, SOURCE, row.document, moved.meter_id, name, reason=row.reason)
        )
    if facts:
        await recording.record_facts(conn, facts, by=setting.author.name, at=setting.at)


def _said(row: TakenRow) -> Said:
    return Said(row.movement, row.number, row.document)


def _settled(row: TakenRow, told: Taken | judging.Refusal | None, setting: Setting) -> bool:
    """Whether there is something to write; else what became of the row is told."""
    if told is None:
        setting.tally.unchanged(NOUN)
        return False
    if isinstance(told, judging.Refusal):
        named = f"{'M' if row.movement else ''}{row.number}"
        setting.tally.wrong(NOUN, [Problem(row.line, "fact", named, told.reason, told.expected)])
        return False
    setting.tally.new(row.line, NOUN)
    return True
