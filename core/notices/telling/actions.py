"""Words what the people of running notices are told, chunk after chunk, each in a transaction of its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from core.basics.channel import Channel
from core.basics.ids import uuids7
from core.notices import rules
from core.notices import sql as notices
from core.notices.model import RULES, Bar, Class, Notice, Person
from core.notices.people import actions as people
from core.notices.people import sql as people_sql
from core.notices.people.actions import Company, Hours
from core.notices.people.judging import Facts, Judge
from core.notices.reminding import rules as reminding
from core.notices.reminding import sql as reminding_sql
from core.notices.telling import sql
from core.notices.texts import Said, Saying
from core.notices.warnings import actions as warnings
from core.notices.warnings import sparing
from core.outbox import sql as outbox
from core.outbox.noticing import Wire

AHEAD = 4000
"""Messages that wait to be carried, beyond which no more are worded: what waits long is decided anew for nothing."""

CLASSES = tuple(str(one) for one in Class)

_PERSON = 16
"""Columns of a `Person`; those of `Facts` follow."""

_DEBT = Facts._fields.index("debt")


async def word_due(conn: Connection, wire: Wire, *, at: datetime, ahead: int | None = AHEAD) -> int:
    """Words the next people of every running notice, in a transaction of its own; how much was settled, 0 where nothing
    is left to do now. What was worded is in the outbox in the same commit, so that a kill anywhere words nobody twice
    (R27). No more than `ahead` messages wait to be carried, or a chunk more; None: however many. Several may do so at a
    time, each at a chunk of its own.
    """
    async with conn.transaction():
        settled = 0
        for notice in await notices.running(conn):
            if ahead is not None and await sql.waiting(conn, CLASSES, ahead) >= ahead:
                break
            settled += await _word(conn, notice, await people.company(conn), wire, at=at)
    return settled


async def _word(conn: Connection, notice: Notice, of: Company, wire: Wire, *, at: datetime) -> int:
    day, topic = at.astimezone(of.zone).date(), RULES[notice.cls].topic or ""
    others = await people.had_of_late(conn, notice, at=at)
    chunk = await sql.chunk(conn, notice, at=at)
    rows = await sql.due(
        conn, notice, chunk, day=day, at=at, topic=topic, others=others, years=of.years(notice), limit=people.WARNED
    )
    sifted = _Sifted(notice, of, at)
    if rows and reminding.reminds(notice.kind):
        since, ids = reminding.wanted_since(day, of.profile.window), [row["account_id"] for row in rows]
        sifted.needless = await reminding_sql.needless(conn, ids, notice.kind, day=day, since=since)
    customers = {row["account_id"]: row["customer"] for row in rows}
    sifted.spared = await sparing.spared(conn, notice, customers, of.pack, day=day)
    for row in rows:
        sifted.look(row)
    await people_sql.bar(conn, sifted.barred)
    if chunk is not None and sifted.quiet and not sifted.told:
        await sql.chunk_later(conn, notice.id, chunk, min(until for _, until in sifted.quiet))
        return len(rows)
    await sql.later(conn, sifted.quiet)
    if sifted.told:
        await _put(conn, notice, sifted.told, of, wire, apart=chunk is None, at=at)
    if chunk is not None:
        await sql.chunk_worded(conn, notice.id, chunk, at=at)
    return len(rows) if chunk is None else max(len(rows), 1)


class _Sifted:
    """The people of a chunk by what becomes of them: told by when, later, or not at all."""

    def __init__(self, notice: Notice, of: Company, at: datetime) -> None:
        self._notice, self._of, self._at = notice, of, at
        self._judge = Judge(notice, of.pack)
        self._official, self._quiet = notice.cls is Class.OFFICIAL, RULES[notice.cls].quiet
        self._hours: dict[Hours, datetime | None] = {}
        self.needless: frozenset[int] = frozenset()
        self.spared: frozenset[int] = frozenset()
        self.barred: list[tuple[int, str]] = []
        self.quiet: list[tuple[int, datetime]] = []
        self.told: list[tuple[Person, datetime | None]] = []

    def look(self, row: Record) -> None:
        one, facts = Person(*row[:_PERSON]), row[_PERSON:]
        phone = one.phone_hash if self._official else None
        why = Bar.NEEDLESS if one.account_id in self.needless else self._judge.why(facts, phone=phone)
        if why is None and one.account_id in self.spared:
            why = Bar.PROTECTED
        if why is not None:
            self.barred.append((one.id, str(why)))
            return
        hours = one.timezone, one.told_from, one.told_till
        if hours not in self._hours:
            self._hours[hours] = people.until(self._notice.kind, hours, self._of, self._at)
        until = self._hours[hours]
        if self._quiet and until is None:
            self.quiet.append((one.id, people.opening(hours, self._of, self._at)))
            return
        self.told.append((replace(one, debt=facts[_DEBT]) if self._official else one, until))
        self._judge.told(phone)


async def _put(
    conn: Connection,
    notice: Notice,
    told: Sequence[tuple[Person, datetime | None]],
    of: Company,
    wire: Wire,
    *,
    apart: bool,
    at: datetime,
) -> None:
    """Puts their messages into the outbox. `apart`: they are not the rest of a chunk, so that each has a time of his
    own, as warnings have."""
    official = notice.cls is Class.OFFICIAL
    those = [one for one, _ in told]
    if official:
        ids = uuids7(at, wire.chance(10 * len(those)))
        those = [
            replace(one, code=rules.code_of(wire.chance(4)), outbound_id=id) for one, id in zip(those, ids, strict=True)
        ]
    said = _said(notice, those, of, wire, at)
    rows = _rows(notice, those, said, wire)
    await outbox.put_unheld(conn, rows, [until for _, until in told], owner=people.OWNER)
    if apart or official:
        tied = [one.id for one in those], [row.id for row in rows], [one.code for one in those if official]
        assert await sql.worded(conn, *tied, at=at) == len(those), "locked, and not worded before"
    if official:
        begun = [(one, words.text, row.id) for one, words, row in zip(those, said, rows, strict=True)]
        await warnings.begin(conn, notice, begun, wire, at=at)


def _said(notice: Notice, those: Sequence[Person], of: Company, wire: Wire, at: datetime) -> list[Said]:
    """What each of them is told."""
    saying = Saying(notice.draft, of.profile, wire.words.formats)
    days: dict[str, date] = {}
    official, said = notice.cls is Class.OFFICIAL, []
    for one in those:
        if one.timezone not in days:
            days[one.timezone] = at.astimezone(ZoneInfo(one.timezone)).date()
        said.append(saying.to(one, day=days[one.timezone], days=of.days(notice, one) if official else 0))
    return said


def _rows(notice: Notice, those: Sequence[Person], said: Sequence[Said], wire: Wire) -> list[outbox.Row]:
    channel, cls, kind = str(Channel.SMS), str(notice.cls), f"Notice {notice.kind}"
    sealed = wire.keyring.seal_each(_with_keys(those, said), purpose=b"outbox")
    return [
        outbox.Row(
            _id(one), channel, cls, one.customer_id, one.phone_hash, None, body, words.digest, words.segments,
            one.language, kind,
        )
        for one, words, body in zip(those, said, sealed, strict=True)
    ]  # fmt: skip


def _id(one: Person) -> UUID:
    assert one.outbound_id is not None, "given at the approval, or to a warning just now"
    return one.outbound_id


def _with_keys(those: Sequence[Person], said: Sequence[Said]) -> list[tuple[bytes, bytes]]:
    made = []
    for one, words in zip(those, said, strict=True):
        assert one.sealed_key is not None, "an erased customer is barred"
        made.append((one.sealed_key, words.plain))
    return made
