"""The evidence of a warning as one file that proves itself without us."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from asyncpg import Connection

from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing.engine import protocol
from core.billing.engine.charging import NoTariff
from core.checking import evidence
from core.contracts import actions as contracts
from core.notices.model import Refused, Why
from core.notices.warnings import actions, chain
from core.notices.warnings.model import Case, What


@cache
def _script() -> bytes:
    return Path(evidence.__file__).read_bytes()


async def file(conn: Connection, number: int, *, at: datetime, keyring: Keyring) -> bytes:
    """A zip with the text, the contract, the protocol of the debt and how its charges were computed, all attempts to
    send it, every receipt as it came, the chain, and the script that proves them (`core/checking/evidence.py`).

    :raises Refused: there is no warning of that number, its customer was erased, or its chain does not hold.
    """
    of = await actions.case(conn, number, keyring=keyring)
    broken = chain.broken_at(of)
    if broken is not None:
        raise Refused(Why.PREMISE, f"the chain of warning {number} breaks at row {broken}", premises="chain")
    if any(row.body is None for row in of.rows):
        raise Refused(Why.CLOSED, f"the customer of warning {number} was erased")
    head = {
        "format": 2, "number": number, "account": of.account, "kind": str(of.kind), "length": of.length,
        "head": of.head.hex(), "made_at": at.astimezone(UTC).isoformat(),
    }  # fmt: skip
    return evidence.sealed(await _files(conn, of, keyring), head)


async def _files(conn: Connection, of: Case, keyring: Keyring) -> dict[str, bytes]:
    bodies = {row.what: row.body or {} for row in reversed(of.rows)}
    contract = await contracts.numbered(conn, bodies[What.CONTRACT]["number"])
    paper = await contracts.show(conn, contract.id, keyring=keyring, full=True)
    rows = [
        {
            "no": row.no, "what": str(row.what), "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "body": row.body, "digest": row.digest.hex(), "previous": row.previous.hex(), "hash": row.hash.hex(),
        }
        for row in of.rows
    ]  # fmt: skip
    attempts = [
        {"at": told["at"], **(row.body or {})}
        for row, told in zip(of.rows, rows, strict=True)
        if row.what is What.ATTEMPT
    ]
    receipts = [row.body["raw"].encode() for row in of.rows if row.what is What.CALLBACK and row.body]
    return {
        evidence.CHAIN: evidence.canonical(rows),
        evidence.TEXT: bodies[What.TEXT]["text"].encode(),
        evidence.CONTRACT: (paper.text or "").encode(),
        evidence.PROTOCOL: evidence.canonical(dict(bodies[What.DEBT])),
        evidence.ATTEMPTS: evidence.canonical(attempts),
        evidence.SCRIPT: _script(),
        **await _calculation(conn, of, bodies[What.DEBT]),
        **{f"callbacks/{no:04}.txt": raw for no, raw in enumerate(receipts, 1)},
    }


async def _calculation(conn: Connection, of: Case, debt: Mapping[str, Any]) -> dict[str, bytes]:
    """How the charges came about, by the facts that were on record when the debt was frozen: `meterline verify`
    computes it again. None where a day had no tariff."""
    try:
        found = await billing.explain(conn, of.account, date.fromisoformat(debt["as_of"]), through=debt["watermark"])
    except NoTariff:
        return {}
    return {} if found is None else {evidence.CALCULATION: evidence.canonical(protocol.as_json(found))}
