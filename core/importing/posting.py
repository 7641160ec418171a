"""A chunk of charges or payments, from rows to what billing is to post: no connection is used."""

from base64 import b64decode, b64encode
from collections.abc import Container, Mapping, Sequence
from datetime import date

from core.basics.sealing import Keyring
from core.billing.actions import NewClaim
from core.billing.sql import PaymentRow as PaymentFact
from core.billing.tariffs import plain
from core.importing.known import KnownClaim, KnownPayment
from core.importing.model import ChargeRow, PaymentRow, Problem
from core.importing.plan import Tally

_SEALED = "sealed:"
_PURPOSE = b"account text"


def new_charges(
    rows: Sequence[ChargeRow],
    accounts: Mapping[str, int],
    stored: Mapping[str, KnownClaim],
    tally: Tally,
) -> list[ChargeRow]:
    """The rows that are not stored yet, of `accounts` (ids by number); one whose number is stored with other content or
    for another account is refused."""
    known = dict(stored)
    made: list[ChargeRow] = []
    for row in rows:
        account_id = accounts.get(row.account)
        if account_id is None:
            problem = Problem(row.line, "account", row.account, "no such account", "import the customers first")
            tally.wrong("claims", [problem])
            continue
        content = KnownClaim(account_id, row.month, row.service, row.amount, row.due_on)
        before = known.setdefault(row.external_id, content)
        if before is content:
            made.append(row)
            tally.new(row.line, "claims")
        elif before == content:
            tally.unchanged("claims")
        elif before.account_id != account_id:
            reason = "stored before for another account"
            expected = "a new number; what stands for the wrong account is taken back by a negative amount"
            tally.wrong("claims", [Problem(row.line, "external_id", row.external_id, reason, expected)])
        else:
            stored_as = f"{before.month} {before.service} {plain(before.amount, 100)} due {before.due_on}"
            tally.wrong("claims", [_changed(row.line, row.external_id, stored_as)])
    return made


def new_payments(
    rows: Sequence[PaymentRow],
    accounts: Mapping[str, int],
    stored: Mapping[tuple[str, str], KnownPayment],
    tally: Tally,
    *,
    keyring: Keyring | None,
) -> tuple[list[PaymentRow], int]:
    """The rows that are not stored yet, and how many of all are kept without an account, as it is not known (billing.md
    section 4.3)."""
    known = dict(stored)
    made: list[PaymentRow] = []
    suspense = 0
    for row in rows:
        account_id = accounts.get(row.account.upper())
        if account_id is None and keyring is None:
            problem = Problem(row.line, "account", "", "no such account", "the number of a stored account")
            tally.wrong("payments", [problem])
            continue
        content = KnownPayment(account_id, row.account, row.paid_on, row.amount, row.month)
        before = known.setdefault((row.agent, row.external_id), content)
        if before is content:
            made.append(row)
            tally.new(row.line, "payments")
        elif _same(before, content, keyring):
            tally.unchanged("payments")
        else:
            month = f" for {before.month}" if before.month else ""
            stored_as = f"{plain(before.amount, 100)} of {before.paid_on}{month}"
            if (before.paid_on, before.amount, before.month) == (row.paid_on, row.amount, row.month):
                stored_as = "another account"
            tally.wrong("payments", [_changed(row.line, row.external_id, stored_as)])
            continue
        suspense += before.account_id is None
    return made, suspense


def claim(row: ChargeRow, account_id: int, *, today: date) -> NewClaim:
    """The claim that a row becomes. It is taken to have been issued on the first day after its month, or today where
    that day is yet to come."""
    issued_on = min(today, row.month.next.first)
    return NewClaim(account_id, row.month, row.amount, row.due_on, issued_on, external_id=row.external_id)


def payment(
    row: PaymentRow,
    accounts: Mapping[str, int],
    *,
    numbers: Container[str],
    keyring: Keyring | None,
    registry_id: int | None = None,
) -> PaymentFact:
    """The payment that a row becomes; its number is given where it is posted. What is not among the accounts' `numbers`
    may be a phone or a name: it is sealed (R40)."""
    account_id = accounts.get(row.account.upper())
    plain_text = row.account.upper() in numbers or not row.account or keyring is None
    return PaymentFact(
        account_id,
        None,
        row.account if plain_text or keyring is None else _sealed(row.account, keyring),
        row.agent,
        row.external_id,
        row.paid_on,
        row.amount,
        row.month,
        registry_id=registry_id,
    )


def account_text(stored: str, *, keyring: Keyring) -> str:
    """What the payer wrote as the account, from what is stored of it.

    :raises cryptography.exceptions.InvalidTag: it was sealed with another key.
    """
    if not stored.startswith(_SEALED):
        return stored
    return keyring.installation.open(b64decode(stored.removeprefix(_SEALED)), purpose=_PURPOSE).decode()


def _sealed(text: str, keyring: Keyring) -> str:
    return _SEALED + b64encode(keyring.installation.seal(text.encode(), purpose=_PURPOSE)).decode()


def _same(before: KnownPayment, content: KnownPayment, keyring: Keyring | None) -> bool:
    """Whether it is the same payment again, though its account may have come to be known since."""
    text = before.account_text if keyring is None else account_text(before.account_text, keyring=keyring)
    return (text.upper(), before.paid_on, before.amount, before.month) == (
        content.account_text.upper(), content.paid_on, content.amount, content.month,
    )  # fmt: skip


def _changed(line: int, external_id: str, stored_as: str) -> Problem:
    return Problem(line, "external_id", external_id, f"stored before with other content: {stored_as}", "a new number")
