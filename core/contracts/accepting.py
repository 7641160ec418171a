"""A person reads the contract that an employee prepared for his phone, and accepts it with a code that goes there.

The employee knew him by his document, as for a contract on paper; the code stands in the place of the signature
(63-ФЗ ст. 6 ч. 2: a simple electronic signature, by agreement).
"""

from datetime import datetime, timedelta

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.contracts import actions, sql, texts
from core.contracts.model import Contract, State
from core.outbox.noticing import Wire

HOLDS = timedelta(days=30)
"""So long after it was prepared a contract can be accepted."""

BY = "customer"
"""Who signed, where it was no employee."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A contract of the person's own phone with its text, as it is or was signed; `open_`: it waits for his code."""

    contract: Contract
    text: str
    open_: bool


async def of_phone(
    conn: Connection, account_id: int, phone_hash: bytes, *, at: datetime, keyring: Keyring
) -> tuple[Offered, ...]:
    """The contracts of the account for this phone that hold or may be accepted, the latest first; one whose text does
    not come out as it was printed is left out. One statement."""
    told = []
    known = texts.read()
    for contract, kept in await sql.of_phone(conn, account_id, phone_hash, since=at - HOLDS):
        if kept.data_key is None:
            continue
        blanks, _ = sql.unpacked(keyring.customer(kept.data_key).open(kept.blanks, purpose=actions.SEALED_FOR))
        text = known.printed(kept.version, kept.language, blanks)
        if texts.digest(text) == kept.text_hash:
            told.append(Offered(contract, text, contract.state is State.PREPARED))
    return tuple(told)


async def accept(
    conn: Connection, account_id: int, phone_hash: bytes, contract_id: int, *, at: datetime, wire: Wire
) -> bool:
    """Signs it, whose code was given; False where it is none of this phone, or waits no more."""
    found = await of_phone(conn, account_id, phone_hash, at=at, keyring=wire.keyring)
    if not any(one.open_ and one.contract.id == contract_id for one in found):
        return False
    signed = await actions.sign(conn, contract_id, by=BY, at=at, wire=wire)
    return signed.state is State.IN_FORCE
