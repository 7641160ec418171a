"""The conversations in the documents are what customers really get: each is had with a running gateway."""

import re
from collections.abc import Iterator
from datetime import date

import asyncpg
import pytest

from tests import make, offices
from tests.flows import conftest as flows
from tests.house import tree
from tests.make import A, M

_BLOCK = re.compile(r"^```sms (?P<who>\w+)\n(?P<said>.*?)^```$", re.MULTILINE | re.DOTALL)

OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
PEOPLE = {
    "ru": ("+79780001705", (A("100004321", (M("0098765"),), claims=OCTOBER),), "ru"),
    "en": ("+79780001706", (A("100004322", (M("0098766"),), claims=OCTOBER),), "en"),
    "zones": ("+79780001707", (A("100004323", (M("0098767", ("5600", "2450"), ("day", "night"), "RU-DN",
                                                 usual=("180", "90")),)),), "ru"),
    "three": ("+79780001708", (A("100004407", (M("0098768"),), names=("ДАЧА",)), A("100005110", (M("0098769"),),
                               names=("МАМА",)), A("100004324", (M("0098770"),))), "ru"),
    "stranger": ("+79780001709", (), "ru"),
    "visit": ("+79780001710", (A("100004325", (M("0098771"),), claims=OCTOBER),), "ru"),
}  # fmt: skip
"""Who speaks in a block: the phone, the accounts that it owns, the language of its link. Today is 21.11.2025; the last
reading was 04325 on 31.10, the bill of October, 431,60, was due on 10.11."""


def conversations() -> Iterator[tuple[str, str, list[str]]]:
    """Where each block stands, who speaks in it, and its lines: what was texted and what came."""
    for path in tree.files(".md"):
        text = tree.text(path)
        for block in _BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            yield f"{path}:{line}", block["who"], [one for one in block["said"].splitlines() if one.strip()]


TOLD = list(conversations())


def test_there_are_conversations() -> None:
    assert {who for _, who, _ in TOLD} <= set(PEOPLE)
    assert any(place.startswith("README.md") for place, _, _ in TOLD)


@pytest.mark.parametrize(("who", "said"), [told[1:] for told in TOLD], ids=[told[0] for told in TOLD])
async def test_conversation(
    owner: asyncpg.Connection, database: str, pool: asyncpg.Pool, who: str, said: list[str]
) -> None:
    await make.company(owner)
    phone, accounts, language = PEOPLE[who]
    for account in accounts:
        linked = A(account.number, account.meters, ((phone, "owner"),), account.claims, language, account.names)
        await make.account(owner, linked)
    had: list[str] = []
    if who == "visit":
        await offices.set_up(owner, {}, at=flows.NOON)
    async with flows.street(database, pool) as town:
        for line in said:
            if line.startswith("> "):
                had.append(line)
                had += [f"< {answer}" for answer in await town.text(phone, line[2:])]
    assert "\n".join(had) == "\n".join(said)
