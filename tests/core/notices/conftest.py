"""A company with accounts in houses, phones with contracts, and debts; and people who write, approve and send."""

import itertools
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from core.accounts.model import Role
from core.contracts import actions as contracts
from core.contracts.model import Document, Topic, Wanted
from core.notices import actions
from core.notices.model import Audience, Draft, Kind, Notice
from core.notices.people import actions as people
from core.notices.telling import actions as telling
from core.outbox.noticing import Wire
from gateway.parts import words
from tests import make
from tests.make import A, M

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)
DEBT = (("2025-10", "5210.40", date(2025, 11, 10)),)
WIRE = Wire(make.keyring(), words(), os.urandom)
EVERY_TOPIC = frozenset({Topic.LEGAL_SMS, Topic.SERVICE, Topic.GREETING})
_numbers = itertools.count(1)


@dataclass(slots=True)
class Village:
    """Accounts by number, each of one phone, on a connection that owns the tables."""

    conn: asyncpg.Connection
    at: datetime = NOON
    ids: dict[str, int] = field(default_factory=dict)

    async def house(self, code: str) -> int:
        id: int = await self.conn.fetchval("insert into buildings (code) values ($1) returning id", code)
        return id

    async def home(
        self,
        *,
        debt: str = "0.00",
        house: int | None = None,
        topics: frozenset[Topic] | None = EVERY_TOPIC,
        language: str = "ru",
        zone: str = "Europe/Moscow",
        kind: str = "household",
    ) -> tuple[int, str]:
        """An account and its phone; with a contract about the topics, or none."""
        no = next(_numbers)
        number, phone = f"1{no:08}", f"+7978{no:07}"
        claims = (("2025-10", debt, date(2025, 11, 10)),)
        made = A(number, (M(f"0{no:06}", months=0),), ((phone, "owner"),), claims, language, zone=zone)
        id = await make.account(self.conn, made)
        self.ids[number] = id
        await self.conn.execute("update accounts set building_id = $2 where id = $1", id, house)
        await self.conn.execute(
            "update customers set kind = $2 where id = (select customer_id from accounts where id = $1)", id, kind
        )
        if topics is not None:
            wanted = Wanted(
                phone, "Анна Иванова", Role.OWNER, Document.PASSPORT, "4321", date(2025, 11, 21), language, frozenset(),
                topics,
            )  # fmt: skip
            await contracts.take(self.conn, id, wanted, by="ivanova", at=self.at, wire=WIRE)
            await self.conn.execute("update outbox set state = 'delivered' where kind = 'ContractTaken'")
        return id, phone

    async def written(self, kind: Kind = Kind.WORKS, **of: object) -> Notice:
        audience = Audience(**of) if of else Audience(customer="household")  # type: ignore[arg-type]
        said = {"ru": "Работы 25.11, л/с {account}. {phone}", "en": "Works on 25 Nov, account {account}. {phone}"}
        draft = Draft(kind, audience, said, "plan 17")
        return await actions.create(self.conn, draft, by="author", at=self.at)

    async def approved(self, notice: Notice) -> Notice:
        await actions.submit(self.conn, notice.id, by="author", at=self.at, words=words())
        return await actions.approve(self.conn, notice.id, version=notice.version, by="approver", at=self.at)

    async def tried(self, notice: Notice) -> Notice:
        """The notice as it was approved, its trial sent to the one employee there is."""
        await self.approved(notice)
        await make.staff_phone(self.conn, at=self.at)
        await actions.trial(self.conn, notice.id, by="author", at=self.at, wire=WIRE)
        await self.conn.execute("update outbox set state = 'delivered' where kind = 'Trial'")
        return notice

    async def running(self, notice: Notice) -> Notice:
        await self.tried(notice)
        await actions.start(self.conn, notice.id, by="author", at=self.at)
        self.at += timedelta(minutes=5)
        await people.advance(self.conn, at=self.at)
        return await actions.one(self.conn, notice.id)

    async def worded(self) -> list[asyncpg.Record]:
        """Words what is due; the messages of notices that wait to be carried, in their order."""
        while await telling.word_due(self.conn, WIRE, at=self.at):
            pass
        asked = "select * from outbox where kind like 'Notice %' order by id"
        return list(await self.conn.fetch(asked))

    async def text(self, outbound: object) -> str:
        row = await self.conn.fetchrow(
            "select o.body, c.data_key from outbox o join customers c on c.id = o.customer_id where o.id = $1", outbound
        )
        assert row is not None
        return make.keyring().customer(row["data_key"]).open(row["body"], purpose=b"outbox").decode()


@pytest.fixture
async def village(owner_conn: asyncpg.Connection) -> Village:
    await make.company(owner_conn)
    return Village(owner_conn)
