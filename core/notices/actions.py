"""The life of a notice, from its draft to its end: each verb by whom it may be done, in the caller's transaction."""

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import datetime

from asyncpg import Connection

from core.basics.channel import Channel
from core.basics.ids import uuid7
from core.employees.actions import phone_of
from core.notices import rules, sql, texts
from core.notices.listing import actions as listing
from core.notices.model import (
    RULES,
    SYSTEM,
    Class,
    Draft,
    Event,
    Notice,
    Preview,
    Progress,
    Refused,
    Sample,
    State,
    Verb,
    Why,
)
from core.notices.people import actions as people
from core.notices.people import sql as people_sql
from core.notices.people.actions import Company
from core.outbox import sql as outbox
from core.outbox.noticing import Wire
from core.wording import segments
from core.wording.words import Words

SHOWN = 3
"""Samples for real recipients."""


async def one(conn: Connection, id: int) -> Notice:
    """
    :raises Refused: there is no such notice.
    """
    found = await sql.one(conn, id)
    if found is None:
        raise Refused(Why.UNKNOWN, f"there is no notice {id}")
    return found


async def latest(conn: Connection, *, before: int = 2**62, limit: int = 50) -> tuple[Notice, ...]:
    """The notices with smaller ids, the latest first."""
    return await sql.latest(conn, before=before, limit=limit)


async def events(conn: Connection, id: int) -> tuple[Event, ...]:
    """What became of a notice, in order."""
    return await sql.events(conn, id)


async def progress(conn: Connection, id: int) -> Progress:
    """How far a notice is."""
    return await people.progress(conn, id)


async def create(conn: Connection, draft: Draft, *, by: str, at: datetime) -> Notice:
    """A new draft; an official kind takes its texts from the files, whatever the draft says.

    :raises Refused: it names no audience or reason, or a text cannot be filled; what it corrects is not there.
    """
    made = rules.check_draft(_with_texts(draft))
    if made.corrects is not None:
        await one(conn, made.corrects)
    id = await sql.create(conn, made, by=by, at=at)
    await sql.write(conn, id, 1, made, by=by, at=at)
    await sql.move(conn, id, State.DRAFT, at=at, version=1)
    await sql.note(conn, id, "created", at=at, by=by, version=1)
    return await one(conn, id)


async def edit(conn: Connection, id: int, draft: Draft, *, by: str, at: datetime) -> Notice:
    """The notice with other words or another audience; it is a draft again, whoever had approved it (R26).

    :raises Refused: as for `create`, or it has begun.
    """
    notice = await _locked(conn, id, Verb.EDIT, by=by)
    if draft.kind is not notice.kind:
        raise Refused(Why.KIND, f"notice {id} is of the kind {notice.kind}")
    made = rules.check_draft(_with_texts(replace(draft, corrects=notice.draft.corrects)))
    await people_sql.unplan(conn, id)
    await sql.write(conn, id, notice.version + 1, made, by=by, at=at)
    await sql.move(conn, id, State.DRAFT, at=at, version=notice.version + 1)
    await sql.note(conn, id, "edited", at=at, by=by, version=notice.version + 1)
    return await one(conn, id)


async def submit(conn: Connection, id: int, *, by: str, at: datetime, words: Words) -> Notice:
    """The draft is put before whoever approves.

    :raises Refused: a language of its audience has no text, a text is too long, or nobody would be told.
    """
    notice = await _locked(conn, id, Verb.SUBMIT, by=by)
    shown = await preview(conn, id, at=at, words=words)
    if shown.problems:
        language, what, detail = shown.problems[0]
        raise Refused(Why.TEXT, f"{language}: {what} {detail}", language=language, what=what, detail=detail)
    if not shown.people:
        raise Refused(Why.NOBODY, "nobody of the audience may be told")
    return await _moved(conn, notice, State.SUBMITTED, "submitted", by=by, at=at, people=shown.people)


async def approve(conn: Connection, id: int, *, version: int, by: str, at: datetime) -> Notice:
    """The words, the audience and each of its people are frozen and hashed; `version` is the one that the approver saw.

    :raises Refused: he wrote at it, it was changed since, it is approved already, or nobody is left.
    """
    notice = await _locked(conn, id, Verb.APPROVE, by=by)
    if version != notice.version:
        raise Refused(Why.CHANGED, f"notice {id} was changed: version {notice.version} now")
    number = await _freeze(conn, notice, by=by, after=False, at=at)
    return await _moved(conn, notice, State.APPROVED, "approved", by=by, at=at, people=number)


async def trial(conn: Connection, id: int, *, by: str, at: datetime, wire: Wire) -> int:
    """Sends the text in each language to employees who have a phone, ten at most (R26); to how many.

    :raises Refused: it is not approved, no employee has a phone, or nobody would be told.
    """
    notice = await _locked(conn, id, Verb.TRY, by=by)
    of = await people.company(conn)
    samples = {one.language: one for one in await _samples(conn, notice, of, wire.words, at=at, most=50)}
    staff = (await sql.phones_of_staff(conn))[: rules.TRIED]
    if not staff:
        raise Refused(Why.NO_PHONE, "no employee has a phone: there is nobody to try it on")
    if not samples:
        raise Refused(Why.NOBODY, "nobody would be told")
    rows = [
        _trial_row(phone_of(sealed, wire.keyring), samples.get(tongue) or next(iter(samples.values())), wire, at)
        for sealed, tongue in staff
    ]
    await outbox.put(conn, rows, owner=people.OWNER, lease=0.0)
    await _moved(conn, notice, State.TRIAL, "trial", by=by, at=at, people=len(rows))
    return len(rows)


async def start(conn: Connection, id: int, *, by: str, at: datetime) -> Notice:
    """The countdown begins: after five minutes the first message goes, unless it is stopped (R26).

    :raises Refused: it is not approved, was not tried on employees (which one for safety need not be), or counts down
        already; its words or people are not those that were approved.
    """
    notice = await _locked(conn, id, Verb.START, by=by)
    number, everybody, _, _ = await sql.everybody(conn, id)
    if notice.frozen != rules.frozen(rules.digest(notice.draft), number, everybody):
        raise Refused(Why.CHANGED, f"notice {id} is not what was approved: its words or people were changed since")
    return await _moved(conn, notice, State.COUNTDOWN, "started", by=by, at=at, starts=at + rules.COUNTDOWN)


async def send(conn: Connection, id: int, *, by: str, at: datetime) -> Notice:
    """A message for safety goes at once by one person's word; another looks at it afterwards (R26).

    :raises Refused: it is of another class, or not submitted.
    """
    notice = await _locked(conn, id, Verb.SEND, by=by)
    number, _ = await people.freeze(conn, notice, await people.company(conn), at=at)
    if not number:
        raise Refused(Why.NOBODY, "nobody of the audience can be told")
    return await _moved(conn, notice, State.RUNNING, "sent", by=by, at=at, people=number)


async def check(conn: Connection, id: int, *, by: str, at: datetime) -> Notice:
    """Somebody else has looked at a message for safety that went out.

    :raises Refused: he wrote it himself, it is of another class, or was looked at already.
    """
    notice = await _locked(conn, id, Verb.CHECK, by=by)
    if notice.checked:
        raise Refused(Why.STATE, f"notice {id} was looked at by {notice.approver}", state="checked")
    number, digest, _, _ = await sql.everybody(conn, id)
    await sql.approve(
        conn, notice, by=by, after=True, digest=rules.frozen(notice.digest, number, digest), people=number, at=at
    )
    await sql.note(conn, id, "checked", at=at, by=by)
    return await one(conn, id)


async def pause(conn: Connection, id: int, *, by: str, at: datetime) -> Notice:
    """From this moment on no message of it is begun, in whatever process, until it is resumed.

    :raises Refused: it does not run.
    """
    notice = await _locked(conn, id, Verb.PAUSE, by=by)
    waiting = await people.shut(conn, id)
    return await _moved(conn, notice, State.PAUSED, "paused", by=by, at=at, waiting=waiting)


async def resume(conn: Connection, id: int, *, by: str, at: datetime) -> Notice:
    """It goes on behind the last one who was told (R27).

    :raises Refused: it is not paused.
    """
    notice = await _locked(conn, id, Verb.RESUME, by=by)
    return await _moved(conn, notice, State.RUNNING, "resumed", by=by, at=at)


async def stop(conn: Connection, id: int, *, by: str, at: datetime) -> Notice:
    """From this moment on no message of it is begun, and what waits is never sent. What went out stays said: where it
    was wrong, a correction is a notice of its own.

    :raises Refused: it has ended, or was never submitted.
    """
    notice = await _locked(conn, id, Verb.STOP, by=by)
    dropped = await people.drop(conn, id)
    return await _moved(conn, notice, State.STOPPED, "stopped", by=by, at=at, dropped=dropped)


async def preview(conn: Connection, id: int, *, at: datetime, words: Words) -> Preview:
    """Who would be told, who not and why, three samples, and how much it is at the longest values. Before it is
    approved the audience is found anew, and nothing of that stays."""
    notice = await one(conn, id)
    of = await people.company(conn)
    found = conn.transaction()
    await found.start()
    try:
        if notice.state in (State.DRAFT, State.SUBMITTED):
            await sql.lock(conn, id)
            notice = await one(conn, id)
        if notice.state in (State.DRAFT, State.SUBMITTED):
            await people.freeze(conn, notice, of, at=at)
        return await _previewed(conn, notice, of, words, at=at)
    finally:
        await found.rollback()


async def _previewed(conn: Connection, notice: Notice, of: Company, words: Words, *, at: datetime) -> Preview:
    languages: Counter[str] = Counter()
    largest: dict[str, dict[str, int]] = {}
    barred: Counter[str] = Counter(await people.without_phone(conn, notice, of, day=at.astimezone(of.zone).date()))
    missing: Counter[str] = Counter()
    for row in await people_sql.counts(conn, notice.id):
        if row["bar"] is None:
            languages[row["language"]] += row["people"]
            largest[row["language"]] = {name: row[name] for name in ("debt", "number", "account")}
        else:
            barred[row["bar"]] += row["people"]
            if row["bar"] == "no_text":
                missing[row["language"]] += row["people"]
    formats = {language: words.formats(language) for language in words.languages}
    quiet, opens = await listing.quiet(conn, notice, of, at=at)
    longest = {
        language: texts.longest(notice.draft, language, company=of.profile, formats=formats[language], **values)
        for language, values in largest.items()
    }
    return Preview(
        people=sum(languages.values()),
        languages=dict(languages),
        barred=dict(barred),
        samples=await _samples(conn, notice, of, words, at=at, most=SHOWN),
        segments=sum(languages[language] * size for language, size in longest.items()),
        longest=longest,
        quiet=quiet,
        opens=opens,
        dear=texts.dear(notice.draft),
        problems=texts.problems(notice.draft, missing, company=of.profile, formats=formats),
    )


async def _samples(
    conn: Connection, notice: Notice, of: Company, words: Words, *, at: datetime, most: int
) -> tuple[Sample, ...]:
    """The text for some of those who are to be told, the largest debts first."""
    made: list[Sample] = []
    for to in await people_sql.some(conn, notice.id, most):
        text = texts.said(
            notice.draft,
            to,
            company=of.profile,
            formats=words.formats(to.language),
            day=at.astimezone(of.zone).date(),
            days=of.days(notice, to),
        )
        made.append(Sample(to.language, text, segments.count(text).segments, f"..{to.account[-4:]}"))
    return tuple(made)


async def _freeze(conn: Connection, notice: Notice, *, by: str, after: bool, at: datetime) -> int:
    number, digest = await people.freeze(conn, notice, await people.company(conn), at=at)
    if not number:
        raise Refused(Why.NOBODY, "nobody of the audience may be told")
    whole = rules.frozen(notice.digest, number, digest)
    await sql.approve(conn, notice, by=by, after=after, digest=whole, people=number, at=at)
    return number


async def _locked(conn: Connection, id: int, verb: Verb, *, by: str) -> Notice:
    """The notice, locked, with which this may be done by him.

    :raises Refused: it may not, or there is none.
    """
    await sql.lock(conn, id)
    notice = await one(conn, id)
    rules.check_verb(notice, verb, by=by)
    return notice


async def _moved(
    conn: Connection,
    notice: Notice,
    state: State,
    what: str,
    *,
    by: str,
    at: datetime,
    starts: datetime | None = None,
    **told: object,
) -> Notice:
    await sql.move(conn, notice.id, state, at=at, starts=starts)
    await sql.note(conn, notice.id, what, at=at, by=by or SYSTEM, **told)
    return await one(conn, notice.id)


def _with_texts(draft: Draft) -> Draft:
    """An official text is the file's, in every language that it has."""
    return replace(draft, texts=dict(texts.ready(draft.kind))) if draft.cls is Class.OFFICIAL else draft


def _trial_row(phone: str, sample: Sample, wire: Wire, at: datetime) -> outbox.Row:
    mine = wire.keyring.installation
    return outbox.Row(
        id=uuid7(at, wire.chance(10)),
        channel=Channel.SMS,
        class_="notice",
        customer_id=None,
        address_hash=wire.keyring.phone_hash(phone),
        address=mine.seal(phone.encode(), purpose=b"phone"),
        body=mine.seal(sample.text.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(sample.text.encode()).digest(),
        segments=sample.segments,
        locale=sample.language,
        kind="Trial",
    )


def alone(notice: Notice) -> bool:
    """Whether one person may send it."""
    return RULES[notice.cls].alone
