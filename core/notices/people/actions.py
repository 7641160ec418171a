"""Finds the people of notices, words what they are told in chunks, and keeps quiet hours. The caller owns transactions
where nothing else is said."""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Connection, DeadlockDetectedError, Record

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.ids import uuid7
from core.billing import profiles
from core.billing.terms import Pack
from core.billing.warning import WarningTerms, closes, opens
from core.contracts import actions as contracts
from core.notices import rules, texts
from core.notices import sql as notices
from core.notices.model import CLASS, RULES, SYSTEM, Bar, Class, Kind, Notice, Person, Progress, Refused, State, Why
from core.notices.people import sql
from core.notices.rules import Fresh
from core.notices.warnings import actions as warnings
from core.outbox import sql as outbox
from core.outbox.noticing import Wire
from core.wording import segments

OWNER = "notices"

CHUNK = 500
"""People worded in one transaction."""

SIFTED = 2000
"""People looked at in one statement when the audience is frozen."""

AHEAD = 4000
"""Messages that wait to be carried, beyond which no more are worded: what waits long is decided anew for nothing."""

GIVE_WAY = 5
"""So often is a pause or a stop tried again that was told to give way."""

CLASSES = tuple(str(one) for one in Class)


@dataclass(frozen=True, slots=True)
class Company:
    """Who writes, and by which rule pack."""

    profile: CompanyProfile
    pack: Pack

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.profile.timezone)

    def days(self, notice: Notice, to: Person) -> int:
        return self.pack.warnings.of(notice.kind, to.customer).days


class Told:
    """How many messages of a class phones have got of late, and may get within a day, a week and thirty days."""

    def __init__(self, limits: tuple[int, int, int]) -> None:
        self._limits = limits
        self._before: dict[bytes, tuple[int, int, int]] = {}
        self._now: Counter[bytes] = Counter()

    async def look(self, conn: Connection, notice: Notice, hashes: Sequence[bytes], *, at: datetime) -> None:
        if RULES[notice.cls].quiet:
            kinds = [str(kind) for kind, cls in CLASS.items() if cls is notice.cls]
            self._before |= await sql.recent(conn, hashes, kinds, at=at)
        else:
            self._limits = (2**31,) * 3

    def has_enough(self, phone: bytes) -> bool:
        had, now = self._before.get(phone, (0, 0, 0)), self._now[phone]
        return any(before + now >= most for before, most in zip(had, self._limits, strict=True))

    def one_more(self, phone: bytes) -> None:
        self._now[phone] += 1


async def company(conn: Connection) -> Company:
    """
    :raises Refused: no company is set up.
    """
    found = await accounts.company(conn)
    if found is None:
        raise Refused(Why.NOBODY, "no company is set up")
    return Company(found, profiles.profile(found.pack))


async def freeze(conn: Connection, notice: Notice, of: Company, *, at: datetime) -> tuple[int, bytes]:
    """Writes down who the audience is, with those barred and why; how many are to be told, and the hash of them all."""
    day = at.astimezone(of.zone).date()
    await sql.unplan(conn, notice.id)
    await sql.plan(conn, notice, day=day)
    after, told = 0, Told(of.pack.warnings.limit(notice.cls).spans)
    while rows := await sql.to_sift(conn, notice, after=after, day=day, limit=SIFTED):
        asked = [(row["id"], row["phone_hash"], row["account_id"]) for row in rows]
        consents = await _consents(conn, notice, asked, at=at)
        await told.look(conn, notice, [row["phone_hash"] for row in rows], at=at)
        known = texts.of(notice.draft)
        barred: list[tuple[int, str]] = []
        for row in rows:
            enough = told.has_enough(row["phone_hash"])
            fresh = _fresh(row, row["erased"], row["language"] in known, row["warned"], enough)
            why = rules.bar(notice.cls, fresh, consents.get(row["id"]), _terms(of, notice, row))
            if why is None:
                told.one_more(row["phone_hash"])
            else:
                barred.append((row["id"], str(why)))
        await sql.bar(conn, barred)
        after = rows[-1]["id"]
    return await sql.everybody(conn, notice.id)


def _terms(of: Company, notice: Notice, row: Record) -> WarningTerms:
    return of.pack.warnings.of(notice.kind, row["customer"])


def _fresh(row: Record, erased: bool, worded: bool, warned: bool, enough: bool) -> Fresh:
    return Fresh(row["debt"], row["planned"], warned, row["bounced"], row["opted_out"], erased, worded, enough)


async def _consents(
    conn: Connection, notice: Notice, asked: Sequence[tuple[int, bytes, int]], *, at: datetime
) -> dict[int, str]:
    """What core.contracts says of each of them who may not be told, by id."""
    topic = RULES[notice.cls].topic
    if topic is None or not asked:
        return {}
    bars = await contracts.bars(conn, [(digest, account) for _, digest, account in asked], topic, at=at)
    return {one[0]: str(why) for one, why in zip(asked, bars, strict=True) if why is not None}


async def word_due(conn: Connection, wire: Wire, *, at: datetime, limit: int = CHUNK, ahead: int | None = AHEAD) -> int:
    """Words the next people of every running notice, in a transaction of its own; how many rows were settled. What was
    worded is in the outbox in the same commit, so that a kill anywhere words nobody twice (R27). No more than `ahead`
    messages wait to be carried, or a chunk more; None: however many. Several may do so at a time."""
    async with conn.transaction():
        settled = 0
        for notice in await notices.running(conn):
            if ahead is not None and await sql.waiting(conn, CLASSES, ahead) >= ahead:
                break
            people = await sql.due(conn, notice.id, at=at, limit=limit)
            if people:
                settled += await _word(conn, notice, people, await company(conn), wire, at=at)
    return settled


async def _word(
    conn: Connection, notice: Notice, people: Sequence[Person], of: Company, wire: Wire, *, at: datetime
) -> int:
    stands = await sql.stands(conn, [one.id for one in people], day=at.astimezone(of.zone).date())
    consents = await _consents(conn, notice, [(one.id, one.phone_hash, one.account_id) for one in people], at=at)
    known, counted = texts.of(notice.draft), Told(of.pack.warnings.limit(notice.cls).spans)
    await counted.look(conn, notice, [one.phone_hash for one in people], at=at)
    terms = {kind: of.pack.warnings.of(notice.kind, kind) for kind in {one.customer for one in people}}
    hours = {chosen: _until(notice.kind, *chosen, of, at) for chosen in {_hours_of(one) for one in people}}
    barred: list[tuple[int, str]] = []
    quiet: list[tuple[int, datetime]] = []
    told: list[tuple[Person, datetime | None]] = []
    for one in people:
        enough = counted.has_enough(one.phone_hash)
        fresh = _fresh(stands[one.id], one.sealed_key is None, one.language in known, False, enough)
        why = rules.bar(notice.cls, fresh, consents.get(one.id), terms[one.customer])
        until = hours[_hours_of(one)]
        if why is not None:
            barred.append((one.id, str(why)))
        elif RULES[notice.cls].quiet and until is None:
            quiet.append((one.id, _opens(*_hours_of(one), of, at)))
        else:
            told.append((replace(one, debt=fresh.debt) if notice.cls is Class.OFFICIAL else one, until))
            counted.one_more(one.phone_hash)
    await sql.bar(conn, barred)
    await sql.later(conn, quiet)
    await _put(conn, notice, told, of, wire, at=at)
    return len(people)


async def _put(
    conn: Connection,
    notice: Notice,
    told: Sequence[tuple[Person, datetime | None]],
    of: Company,
    wire: Wire,
    *,
    at: datetime,
) -> None:
    if not told:
        return
    official = notice.cls is Class.OFFICIAL
    people = [(replace(one, code=rules.code_of(wire.chance(4))) if official else one, until) for one, until in told]
    rows = [_row(notice, one, of, wire, at) for one, _ in people]
    await outbox.put_unheld(conn, [row for row, _ in rows], [until for _, until in people], owner=OWNER)
    tied = [(one.id, row.id, one.code) for (one, _), (row, _) in zip(people, rows, strict=True)]
    assert await sql.worded(conn, tied, at=at) == len(tied), "locked, and not worded before"
    if official:
        said = [(one, text, row.id) for (one, _), (row, text) in zip(people, rows, strict=True)]
        await warnings.begin(conn, notice, said, wire, at=at)


def _row(notice: Notice, to: Person, of: Company, wire: Wire, at: datetime) -> tuple[outbox.Row, str]:
    day = at.astimezone(ZoneInfo(to.timezone)).date()
    formats = wire.words.formats(to.language)
    days = of.days(notice, to) if notice.cls is Class.OFFICIAL else 0
    text = texts.said(notice.draft, to, company=of.profile, formats=formats, day=day, days=days)
    assert to.sealed_key is not None, "an erased customer is barred"
    row = outbox.Row(
        id=uuid7(at, wire.chance(10)),
        channel=Channel.SMS,
        class_=str(notice.cls),
        customer_id=to.customer_id,
        address_hash=to.phone_hash,
        address=None,
        body=wire.keyring.customer(to.sealed_key).seal(text.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(text.encode()).digest(),
        segments=segments.count(text).segments,
        locale=to.language,
        kind=f"Notice {notice.kind}",
    )
    return row, text


_Own = tuple[int | None, int | None]
"""The hours in which a person himself wants to be told, None where he chose none."""


def _hours_of(one: Person) -> tuple[str, _Own]:
    return one.timezone, (one.told_from, one.told_till)


def _until(kind: Kind, timezone: str, own: _Own, of: Company, at: datetime) -> datetime | None:
    """When the recipient's quiet hours begin; None in them, and for a class that has none."""
    if not RULES[CLASS[kind]].quiet:
        return None
    return closes(at, ZoneInfo(timezone), of.pack.warnings.quiet.within(*own), of.pack.calendar.is_off)


def _opens(timezone: str, own: _Own, of: Company, at: datetime) -> datetime:
    return opens(at, ZoneInfo(timezone), of.pack.warnings.quiet.within(*own), of.pack.calendar.is_off)


async def reopen(conn: Connection, *, at: datetime) -> int:
    """Lets messages be begun again whose hours have come, or whose notice goes on after a pause; how many."""
    async with conn.transaction():
        await sql.drop_left(conn)
        rows = await sql.closed(conn, at=at, limit=CHUNK)
        if not rows:
            return 0
        of = await company(conn)
        ends: list[tuple[UUID, datetime | None]] = []
        for row in rows:
            kind = Kind(row["kind"])
            until = _until(kind, row["timezone"], (row["told_from"], row["told_till"]), of, at)
            if until is not None or not RULES[CLASS[kind]].quiet:
                ends.append((row["id"], until))
        await sql.close_at(conn, ends)
    return len(ends)


async def shut(conn: Connection, notice_id: int) -> int:
    """From now on no message of the notice is begun; how many there are that had not ended. What records attempts at
    this moment locks the same messages in its own order: who is told to give way tries again."""
    return await _patiently(conn, sql.shut, notice_id)


async def drop(conn: Connection, notice_id: int) -> int:
    """Messages of the notice that wait are never sent, and none is begun any more; how many."""
    dropped = await _patiently(conn, sql.drop, notice_id)
    await shut(conn, notice_id)
    return dropped


async def _patiently(conn: Connection, do: Callable[[Connection, int], Awaitable[int]], notice_id: int) -> int:
    for _ in range(GIVE_WAY):
        with suppress(DeadlockDetectedError):
            async with conn.transaction():
                return await do(conn, notice_id)
    return await do(conn, notice_id)


async def advance(conn: Connection, *, at: datetime) -> int:
    """Begins what has counted down, and ends what has nothing left; how many."""
    async with conn.transaction():
        begun, ended = await notices.counted_down(conn, at=at), await notices.finished(conn)
        for id, state, what in [(id, State.RUNNING, "begun") for id in begun] + [
            (id, State.DONE, "finished") for id in ended
        ]:
            await notices.move(conn, id, state, at=at)
            await notices.note(conn, id, what, at=at, by=SYSTEM)
    return len(begun) + len(ended)


async def progress(conn: Connection, id: int) -> Progress:
    """How far a notice is."""
    barred: Counter[str] = Counter()
    states: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    people = waiting = rate = 0
    for row in await sql.progress(conn, id):
        people += row["people"]
        rate += row["recent"]
        if row["state"] is not None:
            states[row["state"]] += row["people"]
            if row["code"]:
                errors[row["code"]] += row["people"]
        elif row["bar"] is not None:
            barred[row["bar"]] += row["people"]
        else:
            waiting += row["people"]
    return Progress(people, dict(barred), waiting, dict(states), dict(errors), rate)


async def without_phone(conn: Connection, notice: Notice, *, day: date) -> dict[str, int]:
    """Accounts of the audience that nobody can be told of, under their bar."""
    number = await sql.without_phone(conn, notice, day=day)
    return {str(Bar.NO_PHONE): number} if number else {}
