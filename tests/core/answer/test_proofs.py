"""What a channel proves of a person is what the table of rights is asked with: text, chat, cabinet."""

import re
from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from core.accounts.model import SCOPES, Role, Scope
from core.answer.door import Answerer
from core.basics.channel import Channel
from core.billing.terms import Messenger
from core.inbox.model import Inbound
from core.messages import Accepted
from core.selfservice.model import Company
from core.store import pool as store
from tests import make
from tests.core.answer.test_door import NOON, desk
from tests.make import A, M

SUMS = re.compile(r"431[.,]60|\d+[.,]\d\d ?р|\d+\.\d\d\b")
CLAIMS = (("2025-10", "431.60", date(2025, 11, 10)),)
PHONES = {role: f"+797800018{number:02d}" for number, role in enumerate(Role)}
CHANNELS = ((Channel.SMS, "twilio"), (Channel.TELEGRAM, "telegram"), (Channel.WEB, "cabinet"))


@pytest.fixture
async def people(owner: asyncpg.Connection) -> asyncpg.Connection:
    """Somebody of each role, each with an account of his own."""
    await make.company(owner)
    for number, (role, phone) in enumerate(PHONES.items()):
        await make.account(owner, A(f"10000{number}", (M(f"5{number}"),), ((phone, role),), CLAIMS))
    return owner


async def test_each_channel_lets_a_role_do_what_the_table_says(
    database: str, people: asyncpg.Connection
) -> None:  # R32
    """Sums are told, and readings taken, on every channel to those and from those whose link has the scope; where chats
    are for readings only, a chat tells no sum to anybody."""
    wrong: list[str] = []
    number = 0
    for bare in (False, True):
        chats = Messenger.READINGS if bare else Messenger.FULL
        company: Company = replace(desk()._company, telegram=chats)
        clerk = desk()
        clerk._company = company

        async def connect() -> asyncpg.Connection:
            return await store.connect(database)

        answerer = Answerer(connect=connect, desk=clerk, carry=lambda _: None, patience=60.0)
        for channel, provider in CHANNELS:
            for role, phone in PHONES.items():
                for said in ("долг", "почему", "04512"):
                    number += 1
                    chat = f"chat {phone}" if channel is Channel.TELEGRAM else ""
                    at = NOON.replace(second=number % 60, minute=number // 60)
                    told = await answerer.answer(
                        Inbound(
                            channel, provider, f"SM{number:032x}", phone, said, at, payload=b"posted", answer_to=chat
                        )
                    )
                    sees = Scope.READ in SCOPES[role] and not (bare and channel is Channel.TELEGRAM)
                    if said == "04512":
                        took = isinstance(told.reply, Accepted) or "04512" in (told.text or "")
                        right = took is (Scope.SUBMIT in SCOPES[role])
                        right = right and (sees or not SUMS.search((told.text or "").replace("04512", "")))
                    else:
                        right = bool(SUMS.search(told.text or "")) is sees
                    if not right:
                        wrong.append(f"{channel} {role} bare={bare} {said}: {told.text}")
        await answerer.close()
    assert wrong == []
