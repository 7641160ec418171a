"""Dated facts of a chunk: compared with what is on record, and recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from asyncpg import Connection

from core.billing import recording
from core.billing.conditions.model import TERMS, Subject
from core.billing.recording import NewFact
from core.doors import sql
from core.doors.model import Setting


@dataclass(frozen=True, slots=True)
class Told:
    """The facts that a row tells, all or none of which are new."""

    line: int
    facts: tuple[NewFact, ...]


async def record(conn: Connection, told: Sequence[Told], setting: Setting, *, noun: str) -> None:
    """Records what is not on record with the same document, in the order given; the accounts are locked."""
    facts = [fact for one in told for fact in one.facts]
    known = await sql.known_facts(conn, sorted({one.owner_id for one in facts if not _of_building(one)}))
    known |= await sql.known_building_facts(conn, sorted({one.owner_id for one in facts if _of_building(one)}))
    new: list[NewFact] = []
    for one in told:
        fresh = [fact for fact in one.facts if sql.identity(fact) not in known]
        if fresh:
            known.update(map(sql.identity, fresh))
            new.extend(fresh)
            setting.tally.new(one.line, noun)
        else:
            setting.tally.unchanged(noun)
    if new:
        await recording.record_facts(conn, new, by=setting.author.name, at=setting.at)


def _of_building(fact: NewFact) -> bool:
    return TERMS[fact.kind].subject is Subject.BUILDING
