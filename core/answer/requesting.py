"""Gives messages to the staff what is known of requests, and stores what they open: one statement of each kind for a
whole batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from asyncpg import Connection

from core.answer.case import Case
from core.basics.sealing import Sealer
from core.commands import Wanted
from core.inbox.model import Fate
from core.requests import sql
from core.requests.model import Known, MoreWords, NewRequest
from core.requests.sql import Event, Opened
from core.selfservice import requesting


async def with_requests(conn: Connection, cases: Mapping[int, Case]) -> dict[int, Case]:
    """The cases, those that turn to the staff with the requests that they may be about."""
    found = dict(cases)
    turning = {no: case for no, case in cases.items() if _turns_to_staff(case)}
    asked = {no: number for no, case in turning.items() if (number := requesting.number_asked(case.command))}
    hashes = [case.sender.hash for no, case in turning.items() if no not in asked]
    own = await sql.of_phones(conn, hashes) if hashes else {}
    named = await sql.by_numbers(conn, list(asked.values())) if asked else {}
    for no, case in turning.items():
        known = Known(named=named.get(asked[no])) if no in asked else own[case.sender.hash]
        found[no] = replace(case, facts=replace(case.facts, requests=known))
    return found


def _turns_to_staff(case: Case) -> bool:
    command = case.command
    turns = isinstance(command, Wanted) and command.subject in requesting.SUBJECTS
    return turns and case.fate is Fate.ANSWERED and bool(case.sender.links)


async def store(conn: Connection, told: Sequence[tuple[Case, Sealer]], filed: Mapping[tuple[str, str], int]) -> None:
    """Writes down the requests that were opened and the words that were added to others."""
    opened: list[Opened] = []
    added: list[Event] = []
    for case, sealer in told:
        wanted = case.decision.request if case.decision else None
        sealed = sealer.seal(case.inbound.text.encode(), purpose=b"request") if wanted else b""
        match wanted:
            case NewRequest(number=number, subject=subject):
                assert case.decision is not None
                sender, inbox_id = case.sender, filed[case.inbound.provider, case.inbound.reference]
                about = case.decision.account_id
                new = Opened(number, subject, about, sender.customer_id, sender.hash, inbox_id, sealed, case.inbound.at)
                opened.append(new)
            case MoreWords(request_id=request_id):
                added.append(Event(request_id, None, case.inbound.at, "customer", sealed))
            case None:
                pass
    if opened:
        await sql.open_all(conn, opened)
    if added:
        await sql.add(conn, added)
