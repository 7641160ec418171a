"""What a message needs and brings about that is about more than its sender's own accounts (ruling 12)."""

from dataclasses import replace
from datetime import datetime, timedelta

from asyncpg import Connection

from core.accounts import rights
from core.accounts import sql as accounts
from core.accounts.household import sql as household
from core.accounts.household.model import MoveEnded
from core.accounts.linking import sql as linking
from core.accounts.linking.model import ANSWERS, REGISTRATIONS, WRONG, Named, Newcomer, Tries
from core.accounts.model import Link, Question, Role
from core.accounts.rights import Deed
from core.answer.case import Case
from core.answer.model import Chance
from core.basics import phone
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.commands import Choose, Code, Command, No, NotMe, Register, SubmitReading, Yes
from core.grammar.world import Asked
from core.inbox.model import Fate, Inbound
from core.outbox import noticing
from core.outbox import sql as outbox
from core.selfservice.model import AccountFacts, Alone, Facts, Notice, Pending
from core.wording.words import Words

NEW_FOR = timedelta(hours=72)
"""So long is a phone that was linked by REG a newcomer, whom the owner may be rid of (ruling 24)."""

DIGITS = 6

NONE = 0
"""The id of no account."""

STRANGER = "unknown sender"
"""Why an unknown phone that has had its answers of the day gets none."""

CODES_PER_HOUR = 500
STRANGERS_PER_HOUR = 2000
"""So many answers to REG, and so many to unknown phones, does the company pay for within an hour (T7)."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Why the hour's budget allows no answer; `first`: this message is the first that it stops."""

    reason: str
    first: bool


async def spend(conn: Connection, case: Case, *, codes: int) -> Spent | None:
    """Counts the answer in the hour's budgets, whether what was asked is right or wrong; the one that is used up."""
    asked = [("codes", codes)] if isinstance(case.command, Register) else []
    asked += [("strangers", STRANGERS_PER_HOUR)] if not case.sender.links else []
    for name, most in asked:
        used = await linking.spend(conn, name, at=case.inbound.at)
        if used > most:
            return Spent(f"budget of {name}", used == most + 1)
    return None


def goes_alone(command: Command, facts: Facts) -> bool:
    """Whether the message is answered alone: it names an account that may not be the sender's, or is about the phones
    of his own; and so is all that comes from a stranger, whose caps are counted one by one."""
    if not facts.sender.links or isinstance(command, Register | Code | NotMe):
        return True
    if corrects_only_his_own(command, facts):
        return True
    if facts.question is None:
        return False
    match command:
        case Yes():
            return facts.question.kind in (Pending.GRANT, Pending.INVITED)
        case No():
            return facts.question.kind in (Pending.STILL, Pending.INVITED)
        case Choose():
            return facts.question.kind == Pending.LEAVE
        case _:
            return False


def corrects_only_his_own(command: Command, facts: Facts) -> bool:
    """Whether the message may bring a reading of which an owner has to be told before it counts."""
    return isinstance(command, SubmitReading | Yes | Choose) and bool(_guarded(facts))


def _guarded(facts: Facts) -> list[AccountFacts]:
    """The sender's accounts where he may not correct what others sent."""
    return [one for one in facts.accounts if not rights.allowed(Deed.CORRECT_ANOTHERS, one.link, facts.proof)]


def account_named(command: Command, question: Question | None) -> str | None:
    """The number of the account that the message is about, where it is not among the sender's."""
    if isinstance(command, Register):
        return command.account.upper() if command.account else None
    if isinstance(command, SubmitReading):
        return command.account.upper() if command.account else None
    if isinstance(command, Code) and question is not None and question.kind == Asked.CODE:
        number: str = question.terms["account"]
        return number
    if answers_invitation(command, question):
        assert question is not None
        shared: str = question.terms["account"]
        return shared
    return None


def answers_invitation(command: Command, question: Question | None) -> bool:
    """Whether the message is a yes or a no to an invitation."""
    return isinstance(command, Yes | No) and question is not None and question.kind == Pending.INVITED


def tongue(facts: Facts, said: object, question: Question | None) -> str:
    """The language to answer in: to an unknown phone that sends nothing but digits, the one of its text before."""
    spoke = isinstance(said, str) and any(letter.isalpha() for letter in said)
    if facts.sender.language is not None or spoke or question is None:
        return facts.language
    before: str = question.terms.get("tongue", facts.language)
    return before


def why_silent(command: Command, tries: Tries, *, known: bool, invited: bool = False) -> str | None:
    """The reason to say nothing: guesses are judged five times a day, and an unknown phone gets three answers to REG
    and three others (ruling 23); `invited`: it answers a question of ours."""
    if isinstance(command, Register | Code) and tries.wrong >= WRONG:
        return "too many guesses"
    if known and isinstance(command, Register) and tries.asked >= REGISTRATIONS:
        return "too many registrations"
    if known or invited or isinstance(command, Code):
        return None
    had = tries.asked if isinstance(command, Register) else tries.neutral
    return STRANGER if had >= ANSWERS else None


def counted(case: Case, tries: Tries) -> Tries:
    """The tries after this message; a day of silence begins with the last wrong guess."""
    if case.fate is Fate.MUTED or case.decision is None:
        return tries
    if case.decision.introduced.wrong:
        last = tries.wrong + 1 == WRONG
        tries = replace(tries, wrong=tries.wrong + 1, began=case.inbound.at if last else tries.began)
    if isinstance(case.command, Register):
        return replace(tries, asked=tries.asked + 1)
    asked = case.decision.introduced.invitation is not None or isinstance(case.command, Code)
    return tries if case.sender.links or asked else replace(tries, neutral=tries.neutral + 1)


async def know(
    conn: Connection,
    inbound: Inbound,
    command: Command,
    facts: Facts,
    account: AccountFacts | None,
    other: int,
    *,
    tries: Tries,
    keyring: Keyring,
    chance: Chance,
) -> Alone:
    """What the command rests on besides; `account` is the one that it names, locked, and `other` its id; NONE
    where there is none, of which as much is asked."""
    me = facts.sender.hash
    named: Named | None = None
    if account_named(command, facts.question):
        named = await linking.named(conn, other, me, managing=rights.managing(), at=inbound.at)
    newcomers: tuple[Newcomer, ...] = ()
    departed: frozenset[int] = frozenset()
    if isinstance(command, NotMe | Yes) and facts.accounts:
        since = inbound.at - NEW_FOR
        newcomers = await linking.newcomers(conn, facts.sender.account_ids, me, since=since)
        if isinstance(command, NotMe):
            departed = await linking.departed(conn, facts.sender.account_ids, me, since=since)
    invitation = None
    if answers_invitation(command, facts.question):
        assert facts.question is not None
        invitation = await household.one(conn, int(facts.question.terms["invitation"]), at=inbound.at)
    own: list[Named] = []
    if corrects_only_his_own(command, facts):
        for one in _guarded(facts):
            found = await linking.named(conn, one.account.id, me, managing=rights.managing(), at=inbound.at)
            own += [found] if found else []
    code = f"{int.from_bytes(chance(16)) % 10**DIGITS:0{DIGITS}}"
    return Alone(
        tries=tries,
        phone=phone.tail(inbound.address) if phone.is_e164(inbound.address) else "",
        evidence=f"reg {inbound.provider} {inbound.reference}",
        account=account,
        named=named,
        code=code,
        digest=keyring.code_digest(code, me),
        given=keyring.code_digest(command.digits, me) if isinstance(command, Code) else "",
        newcomers=newcomers,
        departed=departed,
        own=tuple(own),
        invitation=invitation if invitation and invitation.phone_hash == me else None,
        move=await household.move_of(conn, me) if isinstance(command, NotMe) else None,
    )


def prospect(facts: Facts, account_id: int) -> Link:
    """The link that the sender has to an account, or would have by REG."""
    held = (link for link in facts.sender.links if link.account_id == account_id)
    return next(held, Link(account_id, Role.UNVERIFIED, frozenset()))


async def store(conn: Connection, case: Case, *, keyring: Keyring, words: Words, chance: Chance, owner: str) -> None:
    """Writes the links that were made and ended, and what others are told; those messages are taken up by whoever
    delivers."""
    if case.decision is None or case.facts.alone is None:
        return
    alone, made, at = case.facts.alone, case.decision.introduced, case.inbound.at
    if made.new and alone.named and alone.named.sealed_key and case.sender.customer_id is None:
        sealed = keyring.customer(alone.named.sealed_key).seal(case.inbound.address.encode(), purpose=b"phone")
        tongue, customer = case.facts.language, alone.named.customer_id
        await linking.add_phone(conn, case.sender.hash, customer_id=customer, sealed=sealed, language=tongue, at=at)
    await linking.end_links(conn, made.ended, at=at)
    await linking.add_links(conn, made.new, at=at)
    kept = {case.sender.hash, *(one.phone_hash for one in made.new)}
    gone = [one.phone_hash for one in made.ended if one.phone_hash not in kept]
    if gone:
        await accounts.drop_questions(conn, gone)
    rows = [told for one in made.notices if (told := row(one, at, keyring=keyring, words=words, chance=chance))]
    if rows:
        await outbox.put(conn, rows, owner=owner, lease=0.0)
    if made.invitation:
        await household.end(conn, *made.invitation, at=at)
    if made.stopped is not None:
        await household.end_move(conn, made.stopped, MoveEnded.STOPPED, at=at)
    if made.waiting:
        await linking.wait(conn, made.waiting)
    asked = [(one.to.hash, one.ask) for one in made.notices if one.ask]
    if asked:
        await accounts.ask(conn, asked)
    tries = counted(case, alone.tries)
    if tries != alone.tries:
        await linking.keep_tries(conn, case.sender.hash, tries)


def row(notice: Notice, at: datetime, *, keyring: Keyring, words: Words, chance: Chance) -> outbox.Row | None:
    """The message as it stands in the outbox; none to a customer whose key was destroyed."""
    to = notice.to
    recipient = noticing.Recipient(to.hash, to.customer_id, to.sealed_key, to.language)
    return noticing.row(recipient, notice.reply, at, noticing.Wire(keyring, words, chance))
