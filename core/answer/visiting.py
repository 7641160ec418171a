"""Performs what messages want of visits, one by one: the replies depend on what the database says (R17)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from asyncpg import Connection

from core.accounts import rights
from core.accounts.linking.model import OtherPhone
from core.accounts.rights import Deed as Right
from core.answer import introducing, offering, welcoming
from core.answer.case import Case
from core.basics.channel import Channel
from core.basics.sealing import Keyring
from core.billing import posting
from core.billing.engine import charging
from core.bookings import actions, picking, sql
from core.bookings.model import COMING, ENDED, HERE, TODAY, Outcome, Person, Request, State, Visit
from core.bookings.offering import Known, Wish
from core.bookings.receiving import actions as receiving
from core.bookings.sql import Event
from core.commands import Why
from core.conversing import NoRoom, OptedIn, OptedOut
from core.inbox.model import Fate
from core.messages import Explained
from core.selfservice import deciding, telling, visiting
from core.selfservice.model import AccountFacts, Decision, Facts, Introduced, Notice
from core.selfservice.visiting import Deed, Wished
from core.visiting import BackAgain, CarrierBlocked, VisitAwaited, VisitsNone

_TAKING = (Deed.REASON, Deed.TWICE, Deed.CANCEL, Deed.CLEAR, Deed.STAY, Deed.MOVE)
"""Deeds that lock places, besides a booking that names one: each has a transaction of its own, so that no two wait for
each other in a ring."""


MOST = 16
"""Messages about visits in one batch at most: each takes statements of its own, and a batch is cut off when its senders
have waited too long (R4)."""


def standing_back(cases: Mapping[int, Case]) -> frozenset[int]:
    """Those of the messages that wait for the next batch, for there are enough about visits in this one."""
    return frozenset([no for no, case in cases.items() if wish(case) is not None][MOST:])


async def going_alone(conn: Connection, cases: Mapping[int, Case]) -> tuple[int, ...]:
    """Those of the messages that are answered alone: that are about more than their sender's accounts, or may take a
    place or free one. Who chooses a place that is full already takes none."""
    wishes = {no: found for no, case in cases.items() if isinstance(found := wish(case), Wished)}
    chosen = {no: _chosen(found) for no, found in wishes.items() if found.deed is Deed.CHOOSE}
    free: frozenset[int] = frozenset()
    if chosen:
        ids = {one for some in chosen.values() for one in some}
        free = frozenset(slot.id for slot in await sql.by_ids(conn, ids) if slot.free)
    taking = {
        no
        for no, found in wishes.items()
        if found.deed in _TAKING
        or (found.deed is Deed.BOOK and found.exact)
        or (no in chosen and (not chosen[no] or free.issuperset(chosen[no])))
    }
    return tuple(no for no, case in cases.items() if no in taking or introducing.goes_alone(case.command, case.facts))


def wish(case: Case) -> Wished | Decision | None:
    """What a message wants of visits, where it is to be answered and nothing bars it."""
    if case.fate is not Fate.ANSWERED or case.decision is not None:
        return None
    if case.inbound.about and offering.is_old(case.inbound.about, case.command, case.facts):
        return None
    found = visiting.wish(case.command, case.facts, case.inbound.said)
    if found is None or deciding.barred(case.command, case.facts) is not None:
        return None
    return found


def _chosen(wished: Wished) -> tuple[int, ...]:
    terms = wished.terms or {}
    return tuple(int(one) for one in terms["choices"][wished.number - 1])


async def performed(conn: Connection, cases: Mapping[int, Case], keyring: Keyring) -> dict[int, Case]:
    """The cases, those about visits with their decision."""
    wishes = {no: found for no, case in cases.items() if (found := wish(case)) is not None}
    done = dict(cases)
    visitors = [no for no, case in cases.items() if welcoming.may_be_guest(case)]
    if not wishes and not visitors:
        return done
    to = await actions.known(conn)
    for no in visitors:
        done[no] = await welcoming.performed(conn, cases[no], to, keyring)
    for no, wished in wishes.items():
        case = cases[no]
        if isinstance(wished, Decision):
            done[no] = replace(case, decision=wished)
            continue
        full = case.facts.full and wished.deed not in (Deed.LIST, Deed.CARRIER, Deed.BACK)
        decided = Decision(NoRoom(case.facts.company.phone)) if full else await _done(conn, case, wished, to, keyring)
        done[no] = replace(case, decision=decided)
    return done


async def _done(conn: Connection, case: Case, wished: Wished, to: Known, keyring: Keyring) -> Decision:
    match wished.deed:
        case Deed.BOOK | Deed.PICK | Deed.CHOOSE | Deed.TWICE | Deed.REASON:
            return await _booked(conn, case, wished, to, keyring)
        case Deed.CARRIER | Deed.BACK:
            return await _carrier(conn, case, wished, to)
        case _:
            return await _changed(conn, case, wished, to)


def person(facts: Facts, account: AccountFacts, channel: Channel, *, customer_id: int | None) -> Person:
    """For whom a visit is booked by a message."""
    return Person(
        account.account.id, customer_id, facts.sender.hash, facts.language, channel, phone=facts.company.phone
    )


async def _booked(conn: Connection, case: Case, wished: Wished, to: Known, keyring: Keyring) -> Decision:
    facts, account, at = case.facts, wished.accounts[0], case.inbound.at
    who = person(facts, account, case.inbound.channel, customer_id=facts.sender.customer_id)
    terms = wished.terms or {}
    match wished.deed:
        case Deed.BOOK:
            outcome = await actions.book(conn, who, Wish(wished.request), to, at=at)
        case Deed.PICK:
            outcome = await picking.pick(conn, who, terms, wished.number, to, at=at)
        case Deed.CHOOSE:
            outcome = await actions.choose(conn, who, terms, wished.number, to, at=at)
        case Deed.TWICE:
            request = Request(
                date.fromisoformat(terms["day"]), time.fromisoformat(terms["at"]), words=tuple(terms["words"]),
                fold=wished.number - 1,
            )  # fmt: skip
            moving = await actions.moved(conn, who, terms, to, at=at)
            outcome = await actions.book(conn, who, Wish(request, moving, to.service(terms["service"])), to, at=at)
        case _:
            outcome = await actions.give_reason(
                conn, who, terms, wished.words, to, at=at, reason=_sealed(case, keyring)
            )
    decided = visiting.decision(outcome, account, facts)
    return await _explained(conn, case, decided, outcome, account) if outcome.explain else decided


def _sealed(case: Case, keyring: Keyring) -> bytes | None:
    said = case.inbound.said
    if not isinstance(said, str):
        return None
    key = case.sender.sealed_key
    return (keyring.customer(key) if key else keyring.installation).seal(said.encode(), purpose=b"visit")


async def _explained(
    conn: Connection, case: Case, decided: Decision, outcome: Outcome, account: AccountFacts
) -> Decision:
    """The decision with the sums as a message of their own, behind the answer: they may spare the visit."""
    facts = case.facts
    visible = rights.allowed(Right.SHOW_SUMS, account.link, facts.proof)
    if outcome.visit is None or not visible or case.inbound.channel is Channel.WEB:
        return decided
    histories = await posting.history(conn, [account.account.id])
    known = replace(facts, record=replace(facts.record, history=histories.get(account.account.id)))
    try:
        told = telling.tell(Why(account.account.number), known).reply
    except charging.NoTariff:
        return decided
    if not isinstance(told, Explained) or facts.sender.customer_id is None:
        return decided
    reply = replace(told, account=None, changed=None, spares=outcome.visit.ticket)
    sender = facts.sender
    to = OtherPhone(sender.hash, facts.sender.customer_id, sender.sealed_key, b"", facts.language, free=True)
    return replace(decided, introduced=Introduced(notices=(Notice(to, reply),)))


async def _changed(conn: Connection, case: Case, wished: Wished, to: Known) -> Decision:
    """МОИ ВИЗИТЫ, calling off, moving, and answers to what was asked of a visit."""
    facts, at = case.facts, case.inbound.at
    if wished.deed in (Deed.COME, Deed.STAY, Deed.MARK):
        return await _said(conn, case, wished, to)
    ids = [one.account.id for one in wished.accounts]
    named = ENDED if wished.request.ticket is not None else ()
    visits = await sql.of_accounts(conn, ids, to.offices, (*COMING, *named), since=at)
    if wished.deed is Deed.LIST:
        here = await sql.of_accounts(conn, ids, to.offices, HERE, since=at - TODAY)
        told = await receiving.in_line(conn, here)
        outcome = actions.listed(visits) if told is None else Outcome(told, settled=False)
        return visiting.decision(outcome, wished.accounts[0], facts)
    moving = wished.deed is Deed.MOVE
    found = actions.meant(visits, wished.request, moving=moving)
    if isinstance(found, Outcome):
        return visiting.decision(found, wished.accounts[0], facts)
    account = next(one for one in wished.accounts if one.account.id == found.account_id)
    if not moving:
        cleared = wished.deed is Deed.CLEAR
        outcome = await actions.cancel(conn, found, by="customer", at=at, cleared=cleared)
        return visiting.decision(outcome, account, facts)
    who = person(facts, account, case.inbound.channel, customer_id=facts.sender.customer_id)
    request = replace(wished.request, ticket=None)
    return visiting.decision(await actions.book(conn, who, Wish(request, found), to, at=at), account, facts)


async def _said(conn: Connection, case: Case, wished: Wished, to: Known) -> Decision:
    """An answer to a reminder, to what he comes for, or to how the visit was."""
    facts, at, account = case.facts, case.inbound.at, wished.accounts[0]
    visit = await sql.one(conn, int((wished.terms or {})["visit"]), to.offices)
    if visit is None:
        return visiting.decision(Outcome(VisitsNone()), account, facts)
    if wished.deed is Deed.MARK:
        return visiting.decision(
            await actions.mark(conn, visit, wished.number, wished.terms or {}, at=at), account, facts
        )
    if visit.state not in COMING:
        return visiting.decision(Outcome(VisitsNone()), account, facts)
    if wished.deed is Deed.STAY:
        return visiting.decision(await actions.cancel(conn, visit, by="customer", at=at), account, facts)
    await sql.confirm(conn, visit.id)
    await sql.note(conn, [Event(visit.id, "confirmed", at, "customer")])
    return visiting.decision(Outcome(VisitAwaited(visit.booked)), account, facts)


async def _carrier(conn: Connection, case: Case, wished: Wished, to: Known) -> Decision:
    """The word that ends messages at the carrier, from somebody who has a visit: it stands, he is told how to take the
    word back, and so are the staff, for the carrier may hold our answer back. When he is back he is told of it."""
    facts, at = case.facts, case.inbound.at
    ids = [one.account.id for one in wished.accounts]
    visits: tuple[Visit, ...] = await sql.of_accounts(conn, ids, to.offices, (State.BOOKED,), since=at)
    if wished.deed is Deed.BACK:
        return Decision(BackAgain(visits[0].booked) if visits else OptedIn(), opted_out=False)
    if not visits:
        return Decision(OptedOut(question=facts.question is not None), opted_out=True)
    alarm = ("stopped by a word", visits[0].ticket)
    return Decision(CarrierBlocked(visits[0].booked), visits[0].account_id, opted_out=True, alarm=alarm)
