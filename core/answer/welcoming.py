"""What a phone without an account says of the visits that it booked as a guest; of anything else it is a stranger's."""

from dataclasses import replace

from asyncpg import Connection

from core.accounts.linking.model import Tries
from core.answer.case import Case
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.bookings import actions, rules, sql
from core.bookings.model import COMING, ENDED, HERE, TODAY, Asked, Outcome, Person, Visit
from core.bookings.offering import Known
from core.bookings.receiving import actions as receiving
from core.bookings.sql import Event
from core.commands import Choose, No, Subject, Wanted, Yes
from core.inbox.model import Fate
from core.selfservice import visiting
from core.visiting import VisitAwaited

ANSWERS = 12
"""So many answers a day gets a phone without an account that has a visit ahead."""

_SUBJECTS = (Subject.VISITS, Subject.CANCEL_VISIT)


def may_be_guest(case: Case) -> bool:
    """Whether a stranger's SMS may be about a visit of his: it asks for his visits, calls one off, or answers what he
    was asked of one. Moving needs a page, where there is room to choose."""
    if case.sender.links or case.inbound.channel is not Channel.SMS:
        return False
    if case.fate is not Fate.ANSWERED or case.decision is not None:
        return False
    asked = visiting.open_(case.facts)
    if isinstance(case.command, Yes | No | Choose):
        return asked is not None
    return isinstance(case.command, Wanted) and case.command.subject in _SUBJECTS


async def is_heard(conn: Connection, case: Case, tries: Tries) -> bool:
    """Whether a stranger who has had his answers of the day is answered all the same: on a visit that he expects."""
    if not may_be_guest(case) or tries.neutral >= ANSWERS:
        return False
    offices = await sql.offices(conn)
    return bool(await sql.of_guest(conn, case.sender.hash, offices, COMING, since=case.inbound.at))


async def performed(conn: Connection, case: Case, to: Known, keyring: Keyring) -> Case:
    """The case with its decision, where the phone has such a visit; else as it was."""
    outcome = await _outcome(conn, case, to, keyring)
    return case if outcome is None else replace(case, decision=visiting.decision(outcome, None, case.facts))


async def _outcome(conn: Connection, case: Case, to: Known, keyring: Keyring) -> Outcome | None:
    at, command = case.inbound.at, case.command
    if isinstance(command, Wanted):
        request = rules.read(command.argument)
        named = ENDED if request.ticket is not None and command.subject is not Subject.VISITS else ()
        if command.subject is Subject.VISITS:
            here = await sql.of_guest(conn, case.sender.hash, to.offices, HERE, since=at - TODAY)
            told = await receiving.in_line(conn, here)
            if told is not None:
                return Outcome(told, settled=False)
        visits = await sql.of_guest(conn, case.sender.hash, to.offices, (*COMING, *named), since=at)
        if not visits:
            return None
        if command.subject is Subject.VISITS:
            return actions.listed(visits)
        found = actions.meant(visits, request)
        return found if isinstance(found, Outcome) else await actions.cancel(conn, found, by="customer", at=at)
    return await _answered(conn, case, to, keyring)


async def _answered(conn: Connection, case: Case, to: Known, keyring: Keyring) -> Outcome | None:
    """The answer to a reminder, to an offer, or to how the visit was."""
    at, question = case.inbound.at, visiting.open_(case.facts)
    assert question is not None
    terms = question.terms
    match case.command, question.kind:
        case Choose(number=number), Asked.OFFER | Asked.TAKEN if number <= len(terms["choices"]):
            return await actions.choose(conn, person(case, keyring), terms, number, to, at=at)
        case Choose(number=number), Asked.MARK:
            visit = await _visit(conn, case, to)
            return None if visit is None else await actions.mark(conn, visit, number, terms, at=at)
        case Yes() | No(), Asked.COMING:
            visit = await _visit(conn, case, to)
            if visit is None or visit.state not in COMING:
                return None
            if isinstance(case.command, No):
                return await actions.cancel(conn, visit, by="customer", at=at)
            await sql.confirm(conn, visit.id)
            await sql.note(conn, [Event(visit.id, "confirmed", at, "customer")])
            return Outcome(VisitAwaited(visit.booked), visit=visit)
        case _:
            return None


async def _visit(conn: Connection, case: Case, to: Known) -> Visit | None:
    """The visit of the question, which is that phone's."""
    terms = (case.facts.question.terms if case.facts.question else None) or {}
    visit = await sql.one(conn, int(terms.get("visit", 0)), to.offices)
    return visit if visit is not None and visit.phone_hash == case.sender.hash else None


def person(case: Case, keyring: Keyring) -> Person:
    """The guest that a phone without an account is."""
    sealed = keyring.installation.seal(case.inbound.address.encode(), purpose=b"phone")
    company, channel = case.facts.company, case.inbound.channel
    return Person(None, None, case.sender.hash, case.facts.language, channel, phone=company.phone, sealed=sealed)
