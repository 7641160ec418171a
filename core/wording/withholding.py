"""Words for a phone that may send readings and not see what the account uses."""

from collections.abc import Iterator
from typing import assert_never

from core.withheld import Doubted, NotTaken, Withheld
from core.wording.phrases import Phrases


def withheld(phrases: Phrases, reply: Withheld) -> Iterator[str]:
    """The reply in words, from the fullest wording to the shortest."""
    put, digits = phrases.catalog.put, reply.digits
    match reply:
        case NotTaken(fault=fault):
            yield put(f"not_taken.{fault}", digits=digits)
        case Doubted():
            yield put("doubted.full", digits=digits)
            yield put("unusual.least", digits=digits)
        case _:
            assert_never(reply)
