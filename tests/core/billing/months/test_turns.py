"""Chunks by two connections: read beside each other, written one behind the other."""

import asyncio
from collections.abc import Sequence

import pytest

from core.billing.months import turns


class Trial:
    """Ten chunks of one account that tell what they do; `fails` does so when its turn has come."""

    def __init__(self, fails: int | None = None) -> None:
        self.told: list[tuple[str, int]] = []
        self._fails = fails

    async def following(self, _: object, after: int) -> list[int]:
        await asyncio.sleep(0)
        return [after + 1] if after < 10 else []

    async def work(self, _: object, ids: Sequence[int], turn: turns.Turn) -> None:
        (account,) = ids
        self.told.append(("read", account))
        await asyncio.sleep(0)
        await turn()
        if account == self._fails:
            raise LookupError(account)
        self.told.append(("write", account))
        for _ in range(9 + account % 3):
            await asyncio.sleep(0)
        self.told.append(("done", account))

    async def run(self, conns: int) -> None:
        await turns.in_turn([object()] * conns, self.following, self.work, after=0)  # type: ignore[list-item]

    def order(self, *what: str) -> list[tuple[str, int]]:
        return [one for one in self.told if one[0] in what]


@pytest.mark.parametrize("conns", [1, 2, 3])
async def test_no_two_chunks_are_written_at_a_time(conns: int) -> None:
    trial = Trial()
    await trial.run(conns)
    assert trial.order("write", "done") == [(what, one) for one in range(1, 11) for what in ("write", "done")]


async def test_a_chunk_is_read_beside_the_one_before_it_and_not_two_before_it() -> None:
    trial = Trial()
    await trial.run(2)
    for one in range(2, 11):
        assert trial.told.index(("read", one)) < trial.told.index(("done", one - 1))
    for one in range(3, 11):
        assert trial.told.index(("read", one)) > trial.told.index(("done", one - 2))


@pytest.mark.parametrize("conns", [1, 2])
async def test_nothing_behind_a_chunk_that_failed_is_written(conns: int) -> None:
    trial = Trial(fails=4)
    with pytest.raises(LookupError):
        await trial.run(conns)
    assert trial.order("write") == [("write", one) for one in (1, 2, 3)]
