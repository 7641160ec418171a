"""Tells the grammar what is known of the sender."""

from dataclasses import replace
from datetime import date, timedelta

from core.basics.periods import DAY, Period
from core.bookings.model import Asked as AskedOfVisit
from core.commands import Choose, Command, No, NotUnderstood, OptIn, OptOut, Subject, SubmitReading, Wanted, Yes
from core.grammar import understanding
from core.grammar.world import Asked, KnownAccount, KnownMeter, KnownRegister, OpenQuestion, World
from core.metering.model import Meter, Registers
from core.selfservice import visiting
from core.selfservice.model import AccountFacts, Facts, Pending

LATE = timedelta(days=7)
"""So long after a question has lapsed an answer to it is told so; later nobody means it any more."""


def understood(said: str, facts: Facts) -> Command:
    """The command of a text. What makes no sense without a question may be the answer to one that has lapsed, or a yes
    to nothing: such an answer is told so, and never that it is not understood."""
    plain = plain_number(said, facts)
    if plain is not None:
        return plain
    if said.strip().casefold() == visiting.CARRIERS_WORD:
        return OptOut()
    world = world_of(facts)
    command = visiting.as_answer(understanding.understand(said, world), said, facts)
    if world.question is None and isinstance(command, NotUnderstood | OptIn | SubmitReading) and _late(facts):
        late = understanding.understand(said, replace(world, question=_asked(facts)))
        if isinstance(late, Yes | No | Choose):
            return late
    if isinstance(command, NotUnderstood) and facts.accounts:
        asked = replace(world, question=OpenQuestion(Asked.CONFIRM))
        if isinstance(understanding.understand(said, asked), Yes):
            return Yes()
        absent = understanding.understand(said, replace(world, visits=1))
        if isinstance(absent, Wanted) and absent.subject is Subject.CANCEL_VISIT:
            return absent
    return command


def plain_number(said: str, facts: Facts) -> Command | None:
    """The reading that a number alone is of the sender's only register, who was asked nothing: as `understanding` has
    it, without telling the grammar of everything. None where it takes more to know."""
    if not understanding.is_bare(said) or facts.question is not None or len(facts.accounts) != 1:
        return None
    account = facts.accounts[0]
    if len(account.meters) != 1:
        return None
    meter = account.meters[0]
    if len(meter.zones) != 1 or facts.today not in meter.installed:
        return None
    return understanding.bare_reading(said, account.account.number, meter.serial, digits=meter.digits)


def _late(facts: Facts) -> bool:
    question = facts.question
    return question is not None and not facts.sender.opted_out and facts.at < question.expires_at + LATE


def world_of(facts: Facts) -> World:
    """What the grammar may know when it reads this sender's text."""
    return World(
        today=facts.today,
        language=facts.language,
        accounts=tuple(_account(one) for one in facts.accounts),
        question=_question(facts),
        reminded=_reminded(facts),
    )


def _account(facts: AccountFacts) -> KnownAccount:
    meters = tuple(_meter(meter, facts.state.registers, facts.today) for meter in facts.meters if not meter.void)
    return KnownAccount(facts.account.number, facts.link.name, meters)


def _meter(meter: Meter, registers: Registers, today: date) -> KnownMeter:
    known = tuple(_register(meter, no, registers, today) for no in range(1, len(meter.zones) + 1))
    removed = meter.installed.end if today not in meter.installed else None
    return KnownMeter(meter.serial, meter.service, meter.digits, meter.fraction, known, removed)


def _register(meter: Meter, no: int, registers: Registers, today: date) -> KnownRegister:
    zone = meter.zones[no - 1]
    name = "total" if zone == "total" else f"t{no}"
    state = registers.get((meter.id, no))
    last = state.last if state else None
    usual = None
    if state and state.usual and last and last.day < today:
        days = (today - last.day).days
        if meter.multipliers:
            multiplier = meter.mean_multiplier(Period(last.day + DAY, today + DAY))
            usual = int(state.usual.volume * days * 1000 / (state.usual.days * multiplier))
        else:
            usual = state.usual.volume * days * 1000 // (state.usual.days * meter.multiplier)
    return KnownRegister(name, None if zone == "total" else zone, last.value if last else 0, usual)


def _question(facts: Facts) -> OpenQuestion | None:
    question = facts.question
    if question is None:
        return None
    if question.expires_at <= facts.at and (question.kind != Asked.CODE or facts.accounts):
        return None  # a stranger who sends a code too late is told so
    return _asked(facts)


def _reminded(facts: Facts) -> bool:
    question = visiting.open_(facts)
    return question is not None and question.kind == AskedOfVisit.COMING


def _asked(facts: Facts) -> OpenQuestion | None:
    question = facts.question
    if question is None:
        return None
    terms = question.terms
    if question.kind == AskedOfVisit.COMING:
        return None
    if question.kind in set(AskedOfVisit):
        number = visiting.MARKS if question.kind == AskedOfVisit.MARK else len(terms["choices"])
        return OpenQuestion(Asked.MENU, None, number)
    asked = Asked.CONFIRM if question.kind in list(Pending) else Asked(question.kind)
    if question.kind == Pending.LEAVE:
        asked = Asked.MENU
    choices = terms.get("choices", ())
    accounts = tuple(choices) if asked is Asked.ACCOUNT else ()
    return OpenQuestion(asked, terms.get("pending"), len(choices), accounts)
