"""The commands of the books: what is refused before anything is done."""

from datetime import timedelta

import asyncpg
import pytest

from core.basics.periods import DAY
from core.billing.booking import sql as booking
from gateway import bookkeeping, commands
from gateway.clock import now
from gateway.commands import Trouble
from tests.gateway.test_doors import settings, town


async def test_no_day_is_closed_on_the_way_to_one_that_has_not_ended(owner: asyncpg.Connection, database: str) -> None:
    """A year too many is a slip of the hand, and a closed day is never opened again."""
    await town(owner)
    yesterday = await booking.business_day(owner, now()) - DAY
    await commands.told(bookkeeping.close_days(settings(database), yesterday - DAY))
    with pytest.raises(Trouble, match="has not ended"):
        await commands.told(bookkeeping.close_days(settings(database), yesterday + timedelta(days=365)))
    assert await owner.fetchval("select count(*) from day_heads") == 1
    assert await commands.told(bookkeeping.close_days(settings(database), None)) == 0
    assert await owner.fetchval("select max(day) from day_heads") == yesterday
