"""The customers of the kill test, and what they will text."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from tests import make
from tests.chaos import chatting
from tests.chaos.observing import Account
from tests.make import A, M

COUNT, OWED, RATE = 4325, 43160, 332
"""The last count of every meter in kWh, and kopecks: what every account owes, and the tariff RU-FLAT."""

USED = 150
"""kWh since the last count, in the first reading of an account; each further one is one more."""

IN_CHAT = 0.5
"""The share of the texts of a phone with a chat that are written there."""

BALANCE = "долг"
NONSENSE = ("абракадабра какая-то", "ну вы и выдумали, конечно")
OLD_ENOUGH = 20
"""Days that a reading must be old for the usual use since then to be plausible."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A text to be sent; `count` where it is a reading, `withheld` where no webhook tells of it, `chat` where it is
    written in the phone's chat."""

    phone: str
    said: str
    count: int | None = None
    withheld: bool = False
    chat: bool = False


async def populate(conn: Connection, size: int, *, today: date) -> tuple[Account, ...]:
    """So many accounts, each with one phone, one meter, a bill not yet due and readings up to the end of its month."""
    await make.company(conn)
    profile = CompanyProfile("Энергосбыт", "8-800-000-00-00", "Europe/Moscow", "RUB", "RU-household", None)
    await accounts.set_company(conn, profile)
    read = today.replace(day=1) - timedelta(days=1)
    if (today - read).days < OLD_ENOUGH:
        read = read.replace(day=1) - timedelta(days=1)
    bill = (f"{read:%Y-%m}", f"{OWED // 100}.{OWED % 100:02d}", today + timedelta(days=20))
    people = []
    for number in range(size):
        phone, meter = f"+7978{1000000 + number}", M(f"{500000 + number}", readings=(f"{COUNT:05d}",), day=read)
        language = "en" if number % 5 == 4 else "ru"
        made = A(f"1{number:08d}", (meter,), ((phone, "owner"),), claims=(bill,), language=language)
        people.append(Account(await make.account(conn, made), phone, COUNT, OWED, RATE))
    await chatting.bind(conn, people, since=read)
    return tuple(people)


def wishes(people: Sequence[Account], size: int, dice: random.Random, *, withheld: int = 0) -> dict[str, list[Wish]]:
    """So many texts, each phone's in order: mostly readings, no two of an account alike; and some of strangers. Of so
    many phones one text is withheld."""
    planned: dict[str, list[Wish]] = {one.phone: [] for one in people}
    for number in range(size):
        phone = people[number % len(people)].phone
        planned[phone].append(_wish(phone, planned[phone], dice))
    for one in chatting.chatting(people):
        planned[one.phone] = [replace(wish, chat=dice.random() < IN_CHAT) for wish in planned[one.phone]]
    for said in dice.sample([texts for texts in planned.values() if texts], withheld):
        number = dice.randrange(len(said))
        said[number] = replace(said[number], withheld=True, chat=False)
    for number in range(2):
        stranger = f"+7978999000{number}"
        planned[stranger] = [Wish(stranger, BALANCE) for _ in range(3)]
    return planned


def _wish(phone: str, before: Sequence[Wish], dice: random.Random) -> Wish:
    readings = sum(wish.count is not None for wish in before)
    said = {wish.said for wish in before}
    chance = dice.random()
    if chance < 0.15:
        return Wish(phone, BALANCE)
    nonsense = [words for words in NONSENSE if words not in said]
    if chance < 0.2 and nonsense:
        return Wish(phone, nonsense[0])
    count = COUNT + USED + readings
    return Wish(phone, f"{count:05d}", count)
