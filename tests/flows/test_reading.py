"""A texted reading gets the debt (journeys J2 to J4 of the product)."""

from datetime import date

import asyncpg
import pytest

from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

HERO = "+79780001705"


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    return await make.account(
        company,
        A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=(("2025-10", "431.60", date(2025, 11, 10)),)),
    )


async def test_reading_gets_the_debt(town: Street, hero: int) -> None:
    answers = await town.text(HERO, "04512")
    assert answers == ["Принято 04512 (+187). К оплате 1052,44 р., из них долг 431,60"]
