"""Writes what a batch brought about: one statement for each kind of thing, for all messages together."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from asyncpg import Connection

from core.accounts import sql as accounts
from core.answer import noticing, requesting, sql
from core.answer.case import Case
from core.basics.channel import Channel
from core.basics.sealing import Keyring, Sealer
from core.inbox import sql as inbox
from core.inbox.model import Fate, Inbound, Noted
from core.inbox.sql import Filed
from core.messages import About, Reply
from core.metering import sql as metering
from core.metering.sql import ReadingRow, WithdrawalRow
from core.notices.model import RULES
from core.notices.people import sql as people
from core.outbox import sql as outbox
from core.outbox.model import Outbound

_Key = tuple[str, str]

STOPPED = tuple(str(one) for one, rule in RULES.items() if rule.stops)
"""Classes of messages that are not sent any more to who says STOP, those that wait among them."""


class Overtaken(Exception):
    """Another process filed a message of this batch a moment ago; the batch must be done again without it."""


async def alarm_changed(conn: Connection, repeats: Iterable[tuple[Inbound, Noted]]) -> None:
    """An alarm for each repeat whose content is not what came first (R2, ruling 17); one for each message. Of a form
    the person himself is told so."""
    changed = [one for one, seen in repeats if seen.content != one.content and one.channel is not Channel.WEB]
    if changed:
        await inbox.alarm(conn, [("content changed", one.reference, one.at) for one in changed])


async def store(
    conn: Connection, cases: Sequence[Case], *, keyring: Keyring, owner: str, lease: float
) -> list[Outbound]:
    """Stores the messages, what they changed and what is answered; the answers as they go out.

    :raises Overtaken: a message was filed by another process since it was looked for.
    """
    if not cases:
        return []
    sealers = [_sealer(case, keyring) for case in cases]
    filed = await inbox.file(conn, [_filed(case, sealer) for case, sealer in zip(cases, sealers, strict=True)])
    if len(filed) != len(cases):
        raise Overtaken
    await _withdrawn(conn, cases, filed)
    await _people(conn, cases)
    await _alarm(conn, cases, filed)
    await requesting.store(conn, list(zip(cases, sealers, strict=True)), filed)
    await noticing.store(conn, cases, keyring)
    said = [(case, sealer) for case, sealer in zip(cases, sealers, strict=True) if case.outbound]
    shown = [_outgoing(case, sealer) for case, sealer in said if case.inbound.channel is Channel.WEB]
    if shown:
        await outbox.show(conn, shown)
    carried = [pair for pair in said if pair[0].inbound.channel is not Channel.WEB]
    readings = [row for case in cases for row in _readings(case, filed)]
    states = [case.decision.state for case in cases if case.decision and case.decision.state]
    if readings or states or carried:
        outgoing = [_outgoing(case, sealer) for case, sealer in carried]
        await sql.store(conn, readings, states, outgoing, owner=owner, lease=lease)
    return [
        Outbound(
            case.outbound,
            case.inbound.channel,
            case.inbound.answer_to or case.inbound.address,
            case.text,
            0,
            extras=case.extras,
        )
        for case, _ in carried
        if case.outbound and case.text is not None
    ]


async def _withdrawn(conn: Connection, cases: Sequence[Case], filed: Mapping[_Key, int]) -> None:
    withdrawals = [
        WithdrawalRow(case.decision.account_id, taken.no, taken.reading_no, filed[_key(case)], case.inbound.at)
        for case in cases
        if case.decision and (taken := case.decision.withdrawal) and case.decision.account_id is not None
    ]
    if withdrawals:
        await metering.add_withdrawals(conn, withdrawals)


async def _people(conn: Connection, cases: Sequence[Case]) -> None:
    asked = [(case.sender.hash, case.decision.ask) for case in cases if case.decision and case.decision.ask]
    if asked:
        await accounts.ask(conn, asked)
    # One that is asked anew has taken the place of the question that was answered.
    answered = [
        case.sender.hash
        for case in cases
        if case.facts.question and case.decision and case.decision.answered and not case.decision.ask
    ]
    if answered:
        await accounts.drop_questions(conn, answered)
    tongues = [(case.sender.hash, case.decision.language) for case in cases if case.decision and case.decision.language]
    if tongues:
        await accounts.set_languages(conn, tongues)
    names = [
        (case.sender.hash, case.decision.account_id, case.decision.name)
        for case in cases
        if case.decision and case.decision.name and case.decision.account_id is not None
    ]
    if names:
        await accounts.set_names(conn, names)
    wishes = [
        (case.sender.hash, case.decision.opted_out, case.inbound.at)
        for case in cases
        if case.decision and case.decision.opted_out is not None
    ]
    if wishes:
        await accounts.set_opt_outs(conn, wishes)
        if stopped := [digest for digest, out, _ in wishes if out]:
            await people.drop_for(conn, stopped, STOPPED)
    proven = [case for case in cases if _proves(case)]
    if proven:
        await accounts.prove(conn, [case.sender.hash for case in proven], at=proven[0].inbound.at)


async def _alarm(conn: Connection, cases: Sequence[Case], filed: Mapping[_Key, int]) -> None:
    alarms = [(case, alarm) for case in cases for alarm in _alarms(case)]
    if alarms:
        told = [(*alarm, case.inbound.at) for case, alarm in alarms]
        await inbox.alarm(conn, told, messages=[filed[_key(case)] for case, _ in alarms])


def _proves(case: Case) -> bool:
    """Whether the message shows that the phone is its person's; one that is doubted has to say so."""
    if case.decision is None or case.fate is not Fate.ANSWERED:
        return False
    if case.inbound.channel is not Channel.SMS:
        # A code that is sent back in a chat was read there, and shows nothing of the phone.
        return case.decision.proven and (case.inbound.channel is Channel.WEB or case.facts.doubted)
    at = case.inbound.at
    return case.decision.proven or (case.sender.proves(at) and not case.sender.stale(at))


def _alarms(case: Case) -> Iterable[tuple[str, str]]:
    return [alarm for alarm in (case.alarm, case.decision and case.decision.alarm) if alarm]


def _key(case: Case) -> _Key:
    return case.inbound.provider, case.inbound.reference


def _sealer(case: Case, keyring: Keyring) -> Sealer:
    key = case.facts.sender.sealed_key
    return keyring.customer(key) if key else keyring.installation


def _filed(case: Case, sealer: Sealer) -> Filed:
    inbound, decision, sender = case.inbound, case.decision, case.facts.sender
    payload = sealer.seal(inbound.text.encode() + b"\0" + inbound.payload, purpose=b"inbox")
    return Filed(
        inbound.channel, inbound.provider, inbound.reference, sender.hash, sender.customer_id, inbound.at,
        inbound.content, payload, case.said_hash, case.shape_hash, type(case.command).__name__, case.fate, case.reason,
        decision.account_id if decision else None, case.outbound,
    )  # fmt: skip


def _readings(case: Case, filed: Mapping[_Key, int]) -> Iterable[ReadingRow]:
    decision = case.decision
    if not decision or not decision.reading or decision.account_id is None:
        return []
    new, account_id = decision.reading, decision.account_id
    sender, inbox_id, at = case.facts.sender.hash, filed[_key(case)], case.inbound.at
    return [
        ReadingRow(
            account_id, new.no, meter_id, register, new.day, value, new.source, sender, inbox_id, new.flags, at,
            new.since,
        )
        for meter_id, register, value in new.rows
    ]  # fmt: skip


def _outgoing(case: Case, sealer: Sealer) -> outbox.Row:
    assert case.outbound is not None
    assert case.text is not None
    assert case.decision is not None
    body, sender, inbound = case.text.encode(), case.facts.sender, case.inbound
    address = inbound.answer_to or ("" if sender.customer_id else inbound.address)
    return outbox.Row(
        case.outbound,
        inbound.channel,
        "reply",
        sender.customer_id,
        sender.hash,
        sealer.seal(address.encode(), purpose=b"phone") if address else None,
        sealer.seal(body, purpose=b"outbox"),
        hashlib.sha256(body).digest(),
        case.segments,
        case.decision.language or case.facts.language,
        _kind(case.decision.reply),
        sealer.seal(case.extras.encode(), purpose=b"extras") if case.extras else None,
    )


def _kind(reply: Reply) -> str:
    """What is said, whatever account it is about."""
    return _kind(reply.reply) if isinstance(reply, About) else type(reply).__name__
