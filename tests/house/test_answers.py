"""The tables of answers in docs/commands.md: every command in both languages, had with a running gateway; what stands
there is what a customer gets."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import get_args

import asyncpg
import pytest

from core.commands import Choose, Code, Command, No, NotUnderstood, Subject, Wanted
from core.grammar import understanding
from core.wording.segments import count
from gateway import parsing
from tests import make, offices
from tests.flows import conftest as flows
from tests.house import tree
from tests.make import A, M

PHONES = {"Russian": "+79780001705", "English": "+79780001706"}
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
_TABLE = re.compile(r"^\| In (?P<language>\w+) \| The answer \|\n\|---\|---\|\n(?P<rows>(?:\|.*\|\n)+)", re.MULTILINE)
_LONG = ("ПОМОЩЬ", "HELP")
"""The help may take two segments (ruling 19)."""


def tables() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for table in _TABLE.finditer((tree.ROOT / "docs" / "commands.md").read_text(encoding="utf-8")):
        cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table["rows"].splitlines()]
        yield table["language"], [(said, told) for said, told in cells]


TABLES = dict(tables())


@pytest.mark.parametrize("language", PHONES)
async def test_the_answers_are_those_of_the_page(
    owner: asyncpg.Connection, database: str, pool: asyncpg.Pool, language: str
) -> None:
    await make.company(owner)
    phone, tongue = PHONES[language], language[:2].lower()
    await make.account(owner, A("100004321", (M("0098765"),), ((phone, "owner"),), OCTOBER, tongue))
    await offices.set_up(owner, {}, at=flows.NOON)
    async with flows.street(database, pool) as town:
        for said, told in TABLES[language]:
            assert await town.text(phone, said) == [told], said
            assert count(told).segments <= (2 if said in _LONG else 1), told


@pytest.mark.parametrize("language", PHONES)
def test_every_command_is_in_the_table(language: str) -> None:
    world = parsing.world_of(None)
    understood = [understanding.understand(said, replace(world, question=None)) for said, _ in TABLES[language]]
    assert {one.subject for one in understood if isinstance(one, Wanted)} == set(Subject)
    answers_to_questions = {Choose, Code, No, NotUnderstood, Wanted}
    plain = set(get_args(Command)) - answers_to_questions
    missing = {kind.__name__ for kind in plain - {type(one) for one in understood}}
    assert missing <= {"Yes", "OptOut"}, "a yes answers a question; the English STOP is the carrier's own"
