"""Takes what comes out of chats: commands of those that speak for a phone go to the one door, the rest is answered here
in one transaction with its note (R9)."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, PostgresError, Record

from core.accounts import sql as accounts
from core.accounts.linking import sql as linking
from core.answer import flooding, muting, offering
from core.answer.model import Carry
from core.basics import phone as phones
from core.basics.channel import Channel
from core.chats import photos, rowing, rules, sql
from core.chats.knowing import Knowing
from core.chats.model import (
    DAY,
    TALKS,
    Blocked,
    Bound,
    Chat,
    Choosing,
    Facts,
    Heard,
    Ignored,
    Pictured,
    Pressing,
    Said,
    Sharing,
    Talk,
    Turn,
)
from core.chatting import ChatCode, ChatMoved, Unfit
from core.commands import Command, SetLanguage
from core.inbox import sql as inbox
from core.inbox.model import Fate, Inbound, Unavailable
from core.messages import Reply
from core.outbox import sql as outbox
from core.outbox.model import Outbound
from core.store.failures import GONE

PROVIDER = "telegram"
PATIENCE = 2.5
"""Seconds in which something is stored, or its sender told to come again (R4)."""

_OWN_WORDS = (
    "NotForChat", "ButtonOld", "ChatBound", "NumberWanted", "ChatGreeted", "ContactRefused", "OnlyReadings",
    "OfficesOffered", "DaysOffered", "TimesOffered",
)  # fmt: skip
"""What makes no sense outside the chat: it is about the chat itself, or only its buttons answer it."""

_TELLS_SOMETHING = frozenset({Unfit.VOICE, Unfit.PHOTO, Unfit.FILE})
"""Who sends these again and again wants something that nobody hears: it is shown to the staff (ruling 15)."""

Acquire = Callable[[], AbstractAsyncContextManager[Connection]]
Answer = Callable[[Inbound], Awaitable[object]]


class Chats:
    """All chats. `answer` is the one door, `carry` is given replies after their commit."""

    def __init__(self, *, acquire: Acquire, wire: rowing.Wire, answer: Answer, carry: Carry) -> None:
        self._acquire = acquire
        self._knowing = Knowing(acquire, PATIENCE)
        self._wire = wire
        self._keyring = wire.keyring
        self._words = wire.words
        self._answer = answer
        self._carry = carry

    async def heard(self, one: Heard) -> None:
        """Returns once what came is committed together with everything that it brought about.

        :raises Unavailable: nothing was stored, or nobody can tell; the same may come again.
        """
        chat = await self._known(one)
        inbound = self._for_the_door(one, chat)
        if inbound is not None:
            if isinstance(one.what, Pictured) and chat.bound is not None:
                await self._want(one, chat.bound)
            await self._answer(inbound)
            return
        try:
            async with asyncio.timeout(PATIENCE), self._acquire() as conn:
                outbounds = await self._talk(conn, one)
        except GONE as error:
            raise Unavailable(type(error).__name__) from error
        except PostgresError as error:
            raise Unavailable(type(error).__name__) from error
        if outbounds:
            self._carry(outbounds)

    async def _want(self, one: Heard, bound: Bound) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self._acquire() as conn:
                await photos.want(conn, one, bound, self._keyring)
        except (*GONE, PostgresError) as error:
            raise Unavailable(type(error).__name__) from error

    async def _known(self, one: Heard) -> Chat:
        digest = self._keyring.chat_hash(one.chat)
        chat = self._chat(one.chat, digest, await self._knowing.of(digest))
        if chat.bound is not None and chat.bound.dead and not isinstance(one.what, Blocked):
            try:
                async with asyncio.timeout(PATIENCE), self._acquire() as conn:
                    await sql.alive(conn, chat.bound.id)
            except (*GONE, PostgresError) as error:
                raise Unavailable(type(error).__name__) from error
        return chat

    async def _read(self, conn: Connection, chat: str) -> Chat:
        digest = self._keyring.chat_hash(chat)
        [row] = await sql.known(conn, [digest])
        return self._chat(chat, digest, row)

    def _chat(self, chat: str, digest: bytes, row: Record) -> Chat:
        bound = None
        if row["id"] is not None:
            mine, sealed = self._keyring.installation, row["phone_sealed"]
            if row["sealed"] is not None and row["data_key"] is not None:
                mine, sealed = self._keyring.customer(row["data_key"]), row["sealed"]
            if (number := rowing.opened(mine, sealed, b"phone")) is not None:
                bound = Bound(
                    row["id"], number, row["phone_hash"], row["customer_id"], row["data_key"], row["language"],
                    row["dead"], row["bound_at"],
                )  # fmt: skip
        talk = None
        if row["began"] is not None:
            waiting = rowing.opened(self._keyring.installation, row["waiting"], b"phone")
            talk = Talk(
                row["began"], row["tongue"], waiting, row["code"], row["code_until"], row["wrong"], row["codes"]
            )
        return Chat(chat, digest, bound, talk)

    def _for_the_door(self, one: Heard, chat: Chat) -> Inbound | None:
        """The message for the door; None for what is answered here."""
        if chat.bound is None:
            return None
        said: str | Command
        about = ""
        match one.what:
            case Said(text=text):
                if rules.awaits_code(chat.talk) and rules.is_code(text):
                    return None
                said = offering.of_menu(text, self._words) or text
            case Pressing(data=data):
                button = offering.pressed(data, one.chat, self._keyring)
                if button is None:
                    return None
                said, about = button.command, button.about
            case Choosing(name=name):
                said = offering.SAYS[name]
            case Pictured(caption=caption) if caption.strip():
                said = caption
            case _:
                return None
        return Inbound(
            Channel.TELEGRAM, PROVIDER, one.reference, chat.bound.phone, said, one.at, one.payload, one.content,
            answer_to=one.chat, about=about, since=chat.bound.since,
        )  # fmt: skip

    async def _talk(self, conn: Connection, one: Heard) -> list[Outbound]:
        """Answers what is no command, or comes from a chat that speaks for no phone."""
        async with conn.transaction():
            named = phones.parse(one.what.phone) if isinstance(one.what, Sharing) and not one.what.foreign else None
            await accounts.lock_strangers(conn, [self._keyring.chat_hash(one.chat)])
            chat = await self._read(conn, one.chat)
            if isinstance(one.what, Said) and named is None and chat.talk is not None:
                named = chat.talk.phone
            if named is not None:
                await accounts.lock_strangers(conn, [self._keyring.phone_hash(named)])
            if await self._is_repeat(conn, one):
                return []
            if isinstance(one.what, Blocked):
                return await self._blocked(conn, one, chat)
            turn = await self._turn(conn, one, chat, named)
            return await self._stored(conn, one, chat, turn)

    async def _is_repeat(self, conn: Connection, one: Heard) -> bool:
        content = await sql.seen(conn, PROVIDER, one.reference)
        if content is not None and content != one.content:
            await inbox.alarm(conn, [("content changed", one.reference, one.at)])
        return content is not None

    async def _blocked(self, conn: Connection, one: Heard, chat: Chat) -> list[Outbound]:
        assert isinstance(one.what, Blocked)
        if chat.bound is not None:
            await (sql.alive(conn, chat.bound.id) if one.what.back else sql.dead(conn, chat.bound.id, at=one.at))
        await self._file(conn, one, chat, None, reason="opened again" if one.what.back else "blocked")
        return []

    async def _turn(self, conn: Connection, one: Heard, chat: Chat, named: str | None) -> Turn:
        if chat.bound is not None and (silence := await self._silence(conn, one, chat.bound)):
            return silence
        if chat.bound is None and not isinstance(one.what, Ignored):
            had = await inbox.answered(conn, [(chat.hash, one.at - DAY)], limit=TALKS)
            if had.get(chat.hash, 0) >= TALKS:
                return Turn(reason="unknown chat")
        about = named or (chat.bound.phone if chat.bound else None)
        known, elsewhere = None, False
        if about is not None:
            known = await sql.of_phone(conn, self._keyring.phone_hash(about), at=one.at)
            elsewhere = known["chat"] is not None and known["chat"] != chat.hash
        spent = False
        if isinstance(one.what, Sharing) and elsewhere:
            spent = await linking.spend(conn, "codes", at=one.at) > self._wire.codes_per_hour
        code = f"{int.from_bytes(self._wire.chance(16)) % 1_000_000:06}"
        given = one.what.text.strip() if isinstance(one.what, Said) else ""
        facts = Facts(
            one.at,
            chat,
            named=named,
            elsewhere=elsewhere,
            accounts=tuple(known["accounts"]) if known else (),
            code=code,
            digest=self._keyring.code_digest(code, chat.hash),
            given=self._keyring.code_digest(given, chat.hash) if given else "",
            spent=spent,
            chosen=self._chosen(one),
        )
        return rules.turn(one.what, facts)

    async def _silence(self, conn: Connection, one: Heard, bound: Bound) -> Turn | None:
        """Silence for a chat that speaks for a phone, None where it is answered: the same kind of thing that can be no
        command came again and again (ruling 15), or as much in a day as is answered by any wire (T4)."""
        digest, kind = bound.phone_hash, rules.kind(one.what)
        if kind is not None:
            earlier = (await inbox.recent(conn, [digest])).get(digest, ())
            alike = [past for past in earlier if past.said_hash == _print(kind) and past.at > one.at - muting.WINDOW]
            if len(alike) >= muting.LIMIT:
                first = alike[0].fate is not Fate.MUTED
                return Turn(reason="repeated", alarm=first and kind in _TELLS_SOMETHING)
        sent = await inbox.sent(conn, [(digest, one.at - DAY)], limit=flooding.MOST)
        return Turn(reason="too many messages") if sent.get(digest, 0) >= flooding.MOST else None

    def _chosen(self, one: Heard) -> str | None:
        """The language that was chosen by its button."""
        if not isinstance(one.what, Pressing):
            return None
        button = offering.pressed(one.what.data, one.chat, self._keyring)
        language = button.command.language if button and isinstance(button.command, SetLanguage) else None
        return language if language in self._words.languages else None

    async def _stored(self, conn: Connection, one: Heard, chat: Chat, turn: Turn) -> list[Outbound]:
        out: list[tuple[outbox.Row, Outbound]] = []
        if turn.bind is not None:
            out += await self._bound(conn, one, chat, turn)
            chat = await self._read(conn, one.chat)
        if turn.talk is not None:
            await self._keep(conn, chat, turn.talk)
            chat = Chat(chat.id, chat.hash, chat.bound, turn.talk)
        answer = None
        if turn.reply is not None:
            answer = self._answered(one, chat, turn, turn.reply)
            out.append(answer)
        if turn.code and turn.talk is not None and turn.talk.phone is not None:
            out.append(await self._code(conn, one, turn.talk.phone, turn.code, rowing.tongue(chat, self._words)))
        made = answer[0].id if answer else None
        await self._file(conn, one, chat, made, reason=turn.reason, alarm=turn.alarm)
        if out:
            await outbox.put(conn, [row for row, _ in out], owner=self._wire.owner, lease=self._wire.lease)
        return [outbound for _, outbound in out]

    async def _bound(self, conn: Connection, one: Heard, chat: Chat, turn: Turn) -> list[tuple[outbox.Row, Outbound]]:
        """Binds the chat; the words to the chats that the phone has left."""
        assert turn.bind is not None
        digest = self._keyring.phone_hash(turn.bind)
        left = await sql.end(conn, chat.hash, digest, at=one.at)
        known = await sql.of_phone(conn, digest, at=one.at)
        mine = self._keyring.customer(known["data_key"]) if known["data_key"] else self._keyring.installation
        await sql.bind(
            conn,
            chat.hash,
            digest,
            customer_id=known["customer_id"] if known["data_key"] else None,
            sealed=mine.seal(chat.id.encode(), purpose=b"chat"),
            phone_sealed=None if known["data_key"] else mine.seal(turn.bind.encode(), purpose=b"phone"),
            evidence=f"{'contact' if isinstance(one.what, Sharing) else 'code'} {one.reference}",
            at=one.at,
        )
        language = chat.talk.language if chat.talk else None
        if language is not None and known["customer_id"] is not None:
            await accounts.set_languages(conn, [(digest, language)])
        told = ChatMoved(phones.tail(turn.bind), self._wire.telephone)
        moved = []
        for row in left:
            theirs = self._keyring.customer(row["data_key"]) if row["data_key"] else self._keyring.installation
            old = rowing.opened(theirs, row["sealed"], b"chat")
            if old is not None:
                tongue = row["language"] or self._words.default
                moved.append(rowing.row(self._wire, one.at, told, tongue, to=old, digest=row["hash"]))
        return moved

    async def _keep(self, conn: Connection, chat: Chat, talk: Talk) -> None:
        phone = self._keyring.installation.seal(talk.phone.encode(), purpose=b"phone") if talk.phone else None
        await sql.keep_talk(
            conn,
            chat.hash,
            language=talk.language,
            phone=phone,
            code=talk.code,
            code_until=talk.code_until,
            wrong=talk.wrong,
            codes=talk.codes,
            began=talk.began,
        )

    def _answered(self, one: Heard, chat: Chat, turn: Turn, reply: Reply) -> tuple[outbox.Row, Outbound]:
        tongue = rowing.tongue(chat, self._words)
        bound = chat.bound
        return rowing.row(
            self._wire,
            one.at,
            reply,
            tongue,
            to=chat.id,
            digest=bound.phone_hash if bound else chat.hash,
            customer=(bound.customer_id, bound.sealed_key) if bound else (None, None),
            extras=rowing.keys(turn.keys, chat.id, tongue, self._wire),
        )

    async def _code(
        self, conn: Connection, one: Heard, phone: str, code: str, tongue: str
    ) -> tuple[outbox.Row, Outbound]:
        digest = self._keyring.phone_hash(phone)
        known = await sql.of_phone(conn, digest, at=one.at)
        return rowing.row(
            self._wire,
            one.at,
            ChatCode(code),
            known["language"] or tongue,
            to=phone,
            digest=digest,
            channel=Channel.SMS,
            customer=(known["customer_id"], known["data_key"]),
        )

    async def _file(
        self, conn: Connection, one: Heard, chat: Chat, outbound: UUID | None, *, reason: str, alarm: bool = False
    ) -> None:
        bound = chat.bound
        key = bound.sealed_key if bound else None
        mine = self._keyring.customer(key) if key else self._keyring.installation
        filed = inbox.Filed(
            channel=Channel.TELEGRAM,
            provider=PROVIDER,
            reference=one.reference,
            sender_hash=bound.phone_hash if bound else chat.hash,
            customer_id=bound.customer_id if bound and key else None,
            received_at=one.at,
            content_hash=one.content,
            payload=mine.seal(_words_of(one) + b"\0" + one.payload, purpose=b"inbox"),
            said_hash=_print(kind) if (kind := rules.kind(one.what)) is not None else b"",
            shape_hash=b"",
            command=type(one.what).__name__,
            fate=Fate.ANSWERED if outbound is not None else Fate.MUTED,
            reason=reason,
            account_id=None,
            outbound_id=outbound,
        )
        for number in (await inbox.file(conn, [filed])).values():
            if alarm:
                await inbox.alarm(conn, [("muted", one.reference, one.at)], messages=[number])


async def lost(conn: Connection, messages: Sequence[UUID], *, dead: bool, at: datetime) -> int:
    """What follows from messages of which nobody knows that they reached their chats: the replies go by SMS; how many.
    `dead`: Telegram said that they did not, and the chats are dead. The caller owns the transaction."""
    return await sql.fall_back(conn, messages, [by_sms(one) for one in messages], _OWN_WORDS, dead=dead, at=at)


def by_sms(message: UUID) -> UUID:
    """The id under which a message goes out by SMS that was lost on its way to a chat."""
    return UUID(int=message.int ^ 1)


def _print(kind: Unfit) -> bytes:
    """By what the same kind of thing is known again in the inbox."""
    return hashlib.blake2b(kind.encode(), digest_size=8).digest()


def _words_of(one: Heard) -> bytes:
    return one.what.text.encode() if isinstance(one.what, Said) else b""
