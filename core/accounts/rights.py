"""Who may do what: one table of every operation and every way in which a person is known (R32, ruling 22)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from core.accounts.model import SCOPES, Link, Role, Scope
from core.basics.channel import Channel
from core.commands import (
    Balance,
    Choose,
    Code,
    Command,
    Help,
    No,
    NotMe,
    NotUnderstood,
    OptIn,
    OptOut,
    Register,
    SetLanguage,
    Subject,
    SubmitReading,
    Undo,
    Wanted,
    Why,
    Yes,
)


class Proof(StrEnum):
    """How it is known who speaks. STRANGER: an address that is linked to nothing. NUMBER: the sender of an SMS, which
    can be forged. UNVERIFIED: a link made by REG, whatever the channel. CHAT: a bound chat. READINGS: one where the
    company may tell nothing of sums. SESSION: a login with a code. STAFF: an employee at his desk, with the customer's
    document."""

    STRANGER = "stranger"
    UNVERIFIED = "unverified"
    NUMBER = "number"
    CHAT = "chat"
    READINGS = "readings"
    SESSION = "session"
    STAFF = "staff"


class Verdict(StrEnum):
    """What holds whatever the link allows."""

    FREE = "free"
    REFUSED = "refused"


class Deed(StrEnum):
    """What is done by the answer to a question, or by a text that names another's account."""

    LEAVE_READING = "leave_reading"
    """A reading for the account of another; it stays aside until he takes it."""
    CORRECT_ANOTHERS = "correct_anothers"
    """A reading in the place of one that another phone sent for the same day."""
    SHOW_SUMS = "show_sums"
    """A sum, a count or a use in the answer to something else."""
    OPEN_ACCOUNT = "open_account"
    """Another phone is to see the account's sums, or is taken off it."""
    SEE_REQUEST = "see_request"
    """How a request about the account stands that another phone opened."""
    ACCEPT_INVITATION = "accept_invitation"
    """An account is taken that its owner shares with just this phone."""


Rule = Verdict | Scope
"""A scope: the link to the account must have it."""

Operation = type[Command] | Subject | Deed

_COLUMNS = (Proof.STRANGER, Proof.UNVERIFIED, Proof.NUMBER, Proof.CHAT, Proof.SESSION, Proof.STAFF)


def _row(*rules: Rule) -> Mapping[Proof, Rule]:
    row = dict(zip(_COLUMNS, rules, strict=True))
    chat = row[Proof.CHAT]
    return row | {Proof.READINGS: chat if chat in (Verdict.FREE, Verdict.REFUSED, Scope.SUBMIT) else Verdict.REFUSED}


_F, _R = Verdict.FREE, Verdict.REFUSED

_ANYBODY = _row(_F, _F, _F, _F, _F, _R)
"""For every phone, with its own caps."""
_LINKED = _row(_R, _F, _F, _F, _F, _R)
"""The customer's own word: for every phone that is linked, and nobody speaks it in his place."""
_ASSISTED = _row(_R, _F, _F, _F, _F, _F)
"""The same, but the staff may do it for him."""
_READ = _row(_R, _R, Scope.READ, Scope.READ, Scope.READ, _F)
_SUBMIT = _row(_R, Scope.SUBMIT, Scope.SUBMIT, Scope.SUBMIT, Scope.SUBMIT, _F)
_VISIT = _row(_R, _R, Scope.VISIT, Scope.VISIT, Scope.VISIT, _F)
_PROMISE = _row(_R, _R, Scope.PROMISE, Scope.PROMISE, Scope.PROMISE, _R)
_LEGAL = _row(_R, _R, Scope.LEGAL, Scope.LEGAL, Scope.LEGAL, _R)
_MANAGE = _row(_R, _R, Scope.MANAGE, Scope.MANAGE, Scope.MANAGE, _F)

TABLE: Mapping[Operation, Mapping[Proof, Rule]] = {
    SubmitReading: _SUBMIT,
    Balance: _READ,
    Why: _READ,
    Undo: _SUBMIT,
    Help: _LINKED,
    SetLanguage: _ASSISTED,
    OptOut: _ASSISTED,
    OptIn: _LINKED,
    Yes: _LINKED,
    No: _LINKED,
    Choose: _LINKED,
    Register: _ANYBODY,
    Code: _ANYBODY,
    NotMe: _LINKED,
    NotUnderstood: _LINKED,
    Subject.ACCOUNTS: _ASSISTED,
    Subject.NAME: _LINKED,
    Subject.HISTORY: _READ,
    Subject.FORECAST: _READ,
    Subject.PAYMENTS: _READ,
    Subject.BILL: _READ,
    Subject.PAY: _READ,
    Subject.PROMISE: _PROMISE,
    Subject.BOOK: _VISIT,
    Subject.VISITS: _VISIT,
    Subject.CANCEL_VISIT: _VISIT,
    Subject.MOVE_VISIT: _VISIT,
    Subject.NOTICES: _READ,
    Subject.ACKNOWLEDGE: _LEGAL,
    Subject.DISPUTE: _ASSISTED,
    Subject.OUTAGE: _ASSISTED,
    Subject.HUMAN: _ASSISTED,
    Subject.NEWS: _ASSISTED,
    Deed.LEAVE_READING: _row(_F, _R, _R, _R, _R, _F),
    Deed.CORRECT_ANOTHERS: _row(_R, _R, Scope.SUBMIT, Scope.SUBMIT, Scope.SUBMIT, _F),
    Deed.SHOW_SUMS: _READ,
    Deed.OPEN_ACCOUNT: _MANAGE,
    Deed.SEE_REQUEST: _MANAGE,
    Deed.ACCEPT_INVITATION: _ANYBODY,
}
"""The table. An operation without a row does not exist."""

_PROOFS = {Channel.SMS: Proof.NUMBER, Channel.TELEGRAM: Proof.CHAT, Channel.WEB: Proof.SESSION}


def proof_of(channel: Channel, *, bare: bool = False) -> Proof:
    """How a person who is linked is known on this channel; `bare`: chats are for readings only."""
    return Proof.READINGS if bare and channel is Channel.TELEGRAM else _PROOFS[channel]


def operation(command: Command) -> Operation:
    """The row of a command."""
    return command.subject if isinstance(command, Wanted) else type(command)


def allowed(what: Operation, link: Link | None, proof: Proof) -> bool:
    """Whether a person who is known by `proof` may do it to the account of the link: the one place where access is
    decided. Without a link he is a stranger; a link made by REG is no more than that on every channel.

    :raises KeyError: the operation has no row.
    """
    rule = TABLE[what][_known_by(link, proof)]
    if isinstance(rule, Scope):
        return link is not None and rule in link.scopes
    return rule is Verdict.FREE


def somewhere(what: Operation, links: Iterable[Link], proof: Proof) -> bool:
    """Whether he may do it to any account at all."""
    held = tuple(links)
    return any(allowed(what, link, proof) for link in held) if held else allowed(what, None, proof)


def managing() -> tuple[Role, ...]:
    """The roles whose phones are asked and told when another is tied to the account."""
    return tuple(one for one in Role if allowed(Deed.OPEN_ACCOUNT, Link(0, one, SCOPES[one]), Proof.NUMBER))


def _known_by(link: Link | None, proof: Proof) -> Proof:
    if proof is Proof.STAFF:
        return proof
    if link is None:
        return Proof.STRANGER
    return Proof.UNVERIFIED if link.role is Role.UNVERIFIED else proof
