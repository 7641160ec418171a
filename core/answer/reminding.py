"""Asks owners about phones that were linked while another question was open to them, once none is."""

from collections.abc import Sequence
from datetime import timedelta

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.linking import sql as linking
from core.accounts.linking.model import Due, Waiting
from core.accounts.model import Question
from core.answer import introducing
from core.answer.case import Case
from core.answer.model import Chance
from core.basics import phone
from core.basics.sealing import Keyring
from core.introductions import PhoneLinked
from core.outbox import sql as outbox
from core.selfservice.choosing import by_number
from core.selfservice.model import Notice, Pending
from core.wording.words import Words

AFTER = timedelta(milliseconds=1)
"""By so much the question is younger than the answer to the same phone, and so goes out after it."""


async def remind(
    conn: Connection, cases: Sequence[Case], *, keyring: Keyring, words: Words, chance: Chance, owner: str
) -> None:
    """Keeps the questions about phones that others have displaced, and asks one of those that wait of each sender to
    whom nothing is open any more."""
    displaced = [one for case in cases if (one := _displaced(case))]
    if displaced:
        await linking.wait(conn, displaced)
    free = {case.sender.hash: case for case in cases if _is_free(case)}
    if not free:
        return
    at = max(case.inbound.at for case in free.values())
    due = [one for one in await linking.due(conn, list(free), at=at) if one.phone_key and one.to.sealed_key]
    if not due:
        return
    notices = [_notice(one, free[one.waiting.owner_hash], keyring) for one in due]
    rows = [introducing.row(one, at + AFTER, keyring=keyring, words=words, chance=chance) for one in notices]
    await outbox.put(conn, [one for one in rows if one], owner=owner, lease=0.0)
    await accounts.ask(conn, [(one.to.hash, one.ask) for one in notices if one.ask])
    await linking.asked(conn, [one.waiting for one in due])


def _displaced(case: Case) -> Waiting | None:
    """The question whether a phone may see the sums, where the answer to another text has taken its place."""
    question, decision = case.facts.question, case.decision
    if question is None or decision is None or decision.ask is None or question.kind != Pending.GRANT:
        return None
    account = by_number(case.facts.accounts, question.terms["account"])
    if account is None or question.expires_at <= case.inbound.at:
        return None
    phone_hash = bytes.fromhex(question.terms["phone"])
    return Waiting(case.sender.hash, account.account.id, phone_hash, question.expires_at)


def _is_free(case: Case) -> bool:
    """Whether a question was open to the sender, and none is after this message."""
    question, decision = case.facts.question, case.decision
    if question is None or decision is None or decision.ask is not None:
        return False
    return decision.answered or question.expires_at <= case.inbound.at


def _notice(due: Due, case: Case, keyring: Keyring) -> Notice:
    assert due.phone_key is not None
    number = keyring.customer(due.phone_key).open(due.phone, purpose=b"phone").decode()
    terms = {"account": due.number, "phone": due.waiting.phone_hash.hex()}
    asked = Question(Pending.GRANT, terms, case.inbound.at, due.waiting.until)
    return Notice(due.to, PhoneLinked(".." + due.number[-4:], phone.tail(number), asks=True), asked)
