"""What may be done with a notice, by whom, and whether its texts can be sent. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from types import MappingProxyType

from core.basics import phone
from core.basics.facts import dataclass
from core.billing.warning import WarningTerms
from core.employees.model import Role
from core.notices.model import RULES, VISITS, Audience, Bar, Class, Draft, Notice, Refused, State, Verb, Why
from core.wording.catalogs import Template

COUNTDOWN = timedelta(minutes=5)
"""So long a notice can be stopped before its first message (R26)."""

TRIED = 10
"""Employees who get a trial at most (R26)."""

LONGEST = 1600
"""Characters of a message that the carrier takes."""

OLDEST = 36_500
"""Days since a debt was due, at most."""

CODE_DIGITS, CODE_LETTERS = "2456789", "CDFGHJKMNPQRTVWX"
"""The signs of a recipient's code: none that is read for another."""

FROM: Mapping[Verb, frozenset[State]] = MappingProxyType(
    {
        Verb.EDIT: frozenset({State.DRAFT, State.SUBMITTED, State.APPROVED, State.TRIAL}),
        Verb.SUBMIT: frozenset({State.DRAFT}),
        Verb.APPROVE: frozenset({State.SUBMITTED}),
        Verb.TRY: frozenset({State.APPROVED, State.TRIAL}),
        Verb.START: frozenset({State.TRIAL}),
        Verb.SEND: frozenset({State.SUBMITTED}),
        Verb.PAUSE: frozenset({State.RUNNING}),
        Verb.RESUME: frozenset({State.PAUSED}),
        Verb.STOP: frozenset(
            {State.SUBMITTED, State.APPROVED, State.TRIAL, State.COUNTDOWN, State.RUNNING, State.PAUSED}
        ),
        Verb.CHECK: frozenset({State.RUNNING, State.PAUSED, State.DONE, State.STOPPED}),
        Verb.BEGUN: frozenset({State.COUNTDOWN}),
        Verb.FINISHED: frozenset({State.RUNNING}),
    }
)
"""From which states each verb leads; there are no others (R26), but that a message for safety need not be tried."""

MAY: Mapping[Verb, frozenset[Role]] = MappingProxyType(
    {
        Verb.EDIT: frozenset({Role.AUTHOR}),
        Verb.SUBMIT: frozenset({Role.AUTHOR}),
        Verb.APPROVE: frozenset({Role.APPROVER}),
        Verb.TRY: frozenset({Role.AUTHOR, Role.APPROVER}),
        Verb.START: frozenset({Role.AUTHOR, Role.APPROVER}),
        Verb.SEND: frozenset({Role.AUTHOR, Role.APPROVER}),
        Verb.PAUSE: frozenset({Role.AUTHOR, Role.APPROVER, Role.ADMIN}),
        Verb.RESUME: frozenset({Role.AUTHOR, Role.APPROVER}),
        Verb.STOP: frozenset({Role.AUTHOR, Role.APPROVER, Role.ADMIN}),
        Verb.CHECK: frozenset({Role.APPROVER}),
    }
)
"""Who does what: the roles of the pages and of the command line (R39)."""

OFFICIAL_VALUES = frozenset({"number", "account", "debt", "day", "days", "code", "phone"})
VALUES = frozenset({"account", "debt", "company", "phone"})
"""What a text may hold: the recipient's account (its tail; in full in an official one), his overdue debt, the company
and its telephone; in a warning also its number, day, days of the clock and code."""


def allowed_values(draft: Draft) -> frozenset[str]:
    return OFFICIAL_VALUES if draft.cls == "official" else VALUES


def check_verb(notice: Notice, verb: Verb, *, by: str) -> None:
    """
    :raises Refused: not in this state, it was not tried on employees, or he wrote at it himself.
    """
    untried = verb is Verb.START and notice.state is State.APPROVED
    if untried and not RULES[notice.cls].alone:
        raise Refused(Why.UNTRIED, f"notice {notice.id} was not tried: send it to employees first, `notice try`")
    if notice.state not in FROM[verb] and not untried:
        raise Refused(Why.STATE, f"notice {notice.id} is {notice.state}: it cannot be done now", state=notice.state)
    if verb in (Verb.APPROVE, Verb.CHECK) and by in notice.editors:
        raise Refused(Why.OWN, f"{by} wrote at notice {notice.id}: another person has to approve it")
    if verb is Verb.SEND and not RULES[notice.cls].alone:
        raise Refused(Why.KIND, f"only a message for safety goes without approval, this one is {notice.kind}")
    if verb is Verb.CHECK and not RULES[notice.cls].alone:
        raise Refused(Why.KIND, "only a message for safety is looked at afterwards")


def check_draft(draft: Draft) -> Draft:
    """The draft as it may be stored.

    :raises Refused: nothing tells for whom it is, or why; a text has an unknown placeholder.
    """
    if draft.audience.everybody:
        raise Refused(Why.BAD_AUDIENCE, "say for whom: at least one condition")
    if 0 < draft.audience.most_debt < draft.audience.debt:
        raise Refused(Why.BAD_AUDIENCE, "the debt at most is less than the debt at least")
    if draft.audience.age > OLDEST:
        raise Refused(Why.BAD_AUDIENCE, f"no debt is older than {OLDEST} days")
    if draft.audience.visits not in ("", *VISITS):
        raise Refused(Why.BAD_AUDIENCE, f"visits are one of {', '.join(VISITS)}")
    if not draft.basis.strip():
        raise Refused(Why.NO_BASIS, "say why it is told: the works, the law, the day")
    for language, text in draft.texts.items():
        for name, detail in problems_of(text, draft):
            raise Refused(Why.TEXT, f"{language}: {name}: {detail}", language=language, what=name, detail=detail)
    return draft


def problems_of(text: str, draft: Draft) -> tuple[tuple[str, str], ...]:
    """What is wrong in a text, as (what, detail)."""
    try:
        parsed = Template.parse(text, allowed_values(draft))
    except ValueError as error:
        return (("placeholder", str(error)),)
    if not text.strip():
        return (("empty", ""),)
    if not all(one.isprintable() or one == "\n" for one in text):
        return (("control", ""),)
    said = parsed.fill(dict.fromkeys(parsed.names, ""))
    if len(said) > LONGEST:
        return (("long", str(len(said))),)
    return ()


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is known of one of the audience at this moment: his overdue debt, whether an instalment plan holds or
    another warning of the kind stands, messages in a row that did not reach the phone, the company's own STOP, whether
    his key was destroyed, whether there is a text in his language, and whether the phone got as many messages of the
    class as it may."""

    debt: int = 0
    planned: bool = False
    warned: bool = False
    bounced: int = 0
    opted_out: bool = False
    erased: bool = False
    worded: bool = True
    enough: bool = False


def bar(cls: Class, fresh: Fresh, consent: str | None, terms: WarningTerms) -> Bar | None:
    """Why one of the audience is told nothing; None where he is told. `consent` is what core.contracts says."""
    if fresh.erased:
        return Bar.ERASED
    if consent is not None and RULES[cls].topic is not None:
        return Bar(consent)
    if RULES[cls].stops and fresh.opted_out:
        return Bar.STOPPED
    if cls is Class.OFFICIAL:
        if fresh.debt < terms.least:
            return Bar.SMALL_DEBT
        if fresh.planned:
            return Bar.PLAN
        if fresh.warned:
            return Bar.WARNED
    elif fresh.bounced >= phone.BOUNCES:
        return Bar.DEAD_NUMBER
    if not fresh.worded:
        return Bar.NO_TEXT
    return Bar.TOO_MANY if fresh.enough else None


def digest(draft: Draft) -> bytes:
    """The hash of what is written of a notice."""
    told = {
        "kind": draft.kind, "audience": packed_audience(draft.audience), "texts": dict(draft.texts),
        "basis": draft.basis, "corrects": draft.corrects,
    }  # fmt: skip
    return hashlib.sha256(canonical(told)).digest()


def frozen(draft: bytes, people: int, everybody: bytes) -> bytes:
    """The hash of what is approved: the words, the count, and the hash of all recipients."""
    return hashlib.sha256(b"%b\0%d\0%b" % (draft, people, everybody)).digest()


def canonical(told: object) -> bytes:
    """One way of writing JSON, so that the same facts have the same hash."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def packed_audience(audience: Audience) -> dict[str, object]:
    """The conditions that are set, for JSON."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(audience).items() if value
    }


def audience_of(told: Mapping[str, object]) -> Audience:
    """The conditions as they were packed."""
    return Audience(**{name: tuple(value) if isinstance(value, list) else value for name, value in told.items()})  # type: ignore[arg-type]


def code_of(chance: bytes) -> str:
    """A recipient's code, such as 7Q4K: no vowel and no sign that is taken for another, so no number and no word."""
    signs = (CODE_DIGITS, CODE_LETTERS) * 2
    return "".join(of[one % len(of)] for of, one in zip(signs, chance, strict=True))


def same_code(told: str, code: str) -> bool:
    """Whether a code is meant, whatever its letters were typed as."""
    return told.upper().translate(_LOOKS) == code.upper().translate(_LOOKS)


_LOOKS = str.maketrans("АВЕКМНОРСТУХЗ", "ABEKMHOPCTYX3")
