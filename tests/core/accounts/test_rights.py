"""Every operation has its row, and every row says for each way of being known what the pages promise (R32, T4)."""

import ast
from typing import get_args

import pytest

from core.accounts import rights
from core.accounts.model import SCOPES, Link, Role, Scope
from core.accounts.rights import TABLE, Deed, Operation, Proof, Verdict
from core.basics.channel import Channel
from core.commands import (
    Balance,
    Code,
    Command,
    Help,
    NotMe,
    NotUnderstood,
    Register,
    Subject,
    SubmitReading,
    Unclear,
    Wanted,
    Why,
)
from tests.house import tree

COMMANDS: tuple[type, ...] = tuple(kind for kind in get_args(Command) if kind is not Wanted)
OPERATIONS: tuple[Operation, ...] = (*COMMANDS, *Subject, *Deed)
SUMS = (Balance, Why, Subject.HISTORY, Subject.FORECAST, Subject.PAYMENTS, Subject.BILL, Subject.PAY, Deed.SHOW_SUMS)


def link(role: Role, *more: Scope) -> Link:
    return Link(1, role, SCOPES[role] | frozenset(more))


def test_every_operation_has_a_rule_for_every_proof() -> None:  # R32
    """A new command or subject without its row is seen here."""
    assert TABLE.keys() == set(OPERATIONS)
    assert all(row.keys() == set(Proof) for row in TABLE.values())


@pytest.mark.parametrize("proof", Proof)
@pytest.mark.parametrize("what", OPERATIONS, ids=str)
@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_each_is_allowed_or_refused_as_the_table_says(what: Operation, proof: Proof, role: Role | None) -> None:  # R32
    held = None if role is None else link(role)
    column = proof
    if proof is not Proof.STAFF:
        column = Proof.STRANGER if held is None else Proof.UNVERIFIED if role is Role.UNVERIFIED else proof
    rule = TABLE[what][column]
    expected = rule is Verdict.FREE or (role is not None and rule in SCOPES[role])
    assert rights.allowed(what, held, proof) is expected


@pytest.mark.parametrize("what", OPERATIONS, ids=str)
def test_a_link_by_reg_only_submits(what: Operation) -> None:  # ruling 22
    """Neither sums nor visits, promises or notices, even where the owner's scopes were written to it by mistake."""
    unverified = link(Role.UNVERIFIED, *Scope)
    rule = TABLE[what][Proof.UNVERIFIED]
    assert rule in (*Verdict, Scope.SUBMIT)
    for proof in (Proof.NUMBER, Proof.CHAT, Proof.SESSION):
        assert rights.allowed(what, unverified, proof) is (rule is not Verdict.REFUSED)


@pytest.mark.parametrize("what", OPERATIONS, ids=str)
def test_a_stranger_may_only_register_accept_and_leave_a_reading(what: Operation) -> None:  # T8
    free = (Register, Code, Deed.LEAVE_READING, Deed.ACCEPT_INVITATION)
    assert rights.allowed(what, None, Proof.NUMBER) is (what in free)


@pytest.mark.parametrize("what", SUMS, ids=str)
def test_sums_need_the_scope_to_read(what: Operation) -> None:
    readers = {role for role in Role if rights.allowed(what, link(role), Proof.NUMBER)}
    assert readers == {Role.OWNER, Role.PAYER, Role.TENANT}
    assert rights.allowed(what, link(Role.HELPER, Scope.READ), Proof.NUMBER), "the owner allowed it"


@pytest.mark.parametrize("what", [Subject.PROMISE, Subject.ACKNOWLEDGE, NotMe, Code], ids=str)
def test_the_staff_never_speaks_in_the_place_of_a_customer(what: Operation) -> None:
    assert not rights.allowed(what, link(Role.OWNER), Proof.STAFF)


def test_only_who_manages_opens_an_account() -> None:
    assert {role for role in Role if rights.allowed(Deed.OPEN_ACCOUNT, link(role), Proof.NUMBER)} == {Role.OWNER}


def test_a_command_is_judged_by_its_subject() -> None:
    assert rights.operation(Wanted(Subject.PAY)) is Subject.PAY
    assert rights.operation(SubmitReading()) is SubmitReading
    assert rights.operation(NotUnderstood(Unclear.WORDS)) is NotUnderstood


def test_one_account_is_enough_to_go_on() -> None:
    links = (link(Role.HELPER), link(Role.OWNER))
    assert rights.somewhere(Balance, links, Proof.NUMBER)
    assert not rights.somewhere(Balance, links[:1], Proof.NUMBER)
    assert not rights.somewhere(Help, (), Proof.NUMBER)


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_proves_something(channel: Channel) -> None:
    assert rights.proof_of(channel) in (Proof.NUMBER, Proof.CHAT, Proof.SESSION)


def test_nobody_else_looks_at_scopes() -> None:
    """What decides asks the table: a scope or a role is named by it alone (R32)."""
    for path in tree.python("core/selfservice/", "core/answer/"):
        named = {node.id for node in ast.walk(ast.parse(tree.text(path))) if isinstance(node, ast.Name)}
        assert "Scope" not in named, path
