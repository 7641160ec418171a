"""Proves the evidence of all official warnings from the rows themselves: what was changed since is named (R30)."""

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.notices.warnings import actions, chain, sql

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Proven:
    """How many warnings and rows were computed again; `broken` the number of the first warning that does not hold and
    of its row, None where all do."""

    warnings: int
    rows: int
    broken: tuple[int, int] | None = None


async def verify(conn: Connection, keyring: Keyring) -> Proven:
    """Opens every row and computes its hash again, oldest warning first, up to the first that does not hold. Of an
    erased customer what the rows say is gone; that they hang together is still shown."""
    warnings = rows = after = 0
    while numbers := await sql.numbers(conn, after=after, limit=CHUNK):
        for number in numbers:
            of = await actions.case(conn, number, keyring=keyring)
            broken = chain.broken_at(of)
            if broken is not None:
                return Proven(warnings, rows, (number, broken))
            warnings, rows = warnings + 1, rows + of.length
        after = numbers[-1]
    return Proven(warnings, rows)
