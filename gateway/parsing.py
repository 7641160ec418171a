"""What the core would understand of a text in a described world: the pure half of `meterline parse`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, assert_never

from core.commands import (
    Balance,
    Choose,
    Code,
    Command,
    Help,
    Named,
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
from core.grammar import plausible, understanding
from core.grammar.folding import fold
from core.grammar.plausible import Plausibility
from core.grammar.refusing import NUMBERS
from core.grammar.scene import Piece
from core.grammar.senses import Sense
from core.grammar.world import Asked, KnownAccount, KnownMeter, KnownRegister, OpenQuestion, World
from core.wording import understood
from core.wording.understood import Part, Read, Sender, Shown

TODAY = date(2025, 11, 24)
ACCOUNT = "100200300"
LAST = 12_000_000
USUAL = 187_000
"""The default world: one account with one meter of five digits that last showed 12000 and adds some 187 a month."""

_QUESTIONS = {
    "numbered_menu_sent": Asked.MENU,
    "awaiting_reading": Asked.READING,
    "awaiting_account": Asked.ACCOUNT,
    "awaiting_confirmation_of_reading": Asked.CONFIRM,
}
_REMINDED = "appointment_reminder_sent"
_WATER = frozenset(("cold_water", "hot_water"))
_INCOMPLETE = frozenset(("zones", "meter", "account"))
"""Doubts that a yes cannot settle: more must be said."""

_INTENTS = {
    Subject.ACCOUNTS: "help",
    Subject.NAME: "unknown",
    Subject.HISTORY: "history",
    Subject.FORECAST: "history",
    Subject.PAYMENTS: "history",
    Subject.BILL: "pay",
    Subject.PAY: "pay",
    Subject.PROMISE: "pay",
    Subject.BOOK: "appointment_book",
    Subject.VISITS: "appointment_list",
    Subject.CANCEL_VISIT: "appointment_cancel",
    Subject.MOVE_VISIT: "appointment_book",
    Subject.NOTICES: "notices",
    Subject.ACKNOWLEDGE: "notices",
    Subject.DISPUTE: "complaint",
    Subject.OUTAGE: "complaint",
    Subject.HUMAN: "help",
}


def world_of(context: Mapping[str, Any] | None) -> World:
    """The world that a context describes: keys `registers`, `zones`, `services`, `meters`, `linked_accounts`,
    `dialog`, `pending`, `appointments`; what it does not name is as in the default world."""
    context = context or {}
    linked = context.get("linked_accounts", (ACCOUNT,))
    numbers = tuple(str(number) for number in linked) if isinstance(linked, Sequence) else (ACCOUNT,) * bool(linked)
    meters = _meters(context)
    others = tuple(_unread(meter) for meter in meters)
    return World(
        today=TODAY,
        accounts=tuple(KnownAccount(one, None, meters if one == ACCOUNT else others) for one in numbers),
        question=_question(context),
        visits=int(context.get("appointments", 0)),
        reminded=context.get("dialog") == _REMINDED,
    )


def _meters(context: Mapping[str, Any]) -> tuple[KnownMeter, ...]:
    if "meters" in context:
        register = KnownRegister("total", None, 0)
        return tuple(KnownMeter(str(serial), "electricity", 5, 0, (register,)) for serial in context["meters"])
    if "services" in context:
        register = KnownRegister("total", None, 0)
        return tuple(KnownMeter("", name, 5, 3 if name in _WATER else 0, (register,)) for name in context["services"])
    names = [str(name) for name in context.get("registers", ())]
    if not names:
        return (KnownMeter("", "electricity", 5, 0, (KnownRegister("total", None, LAST, USUAL),)),)
    zones = _zones(str(context.get("zones", "")), names)
    registers = tuple(KnownRegister(name, zones.get(name), 0) for name in names)
    return (KnownMeter("", "electricity", 5, 0, registers),)


def _unread(meter: KnownMeter) -> KnownMeter:
    """The meter of another account than the described one: nothing is known of its last values."""
    return replace(meter, registers=tuple(replace(one, last=0, usual=None) for one in meter.registers))


def _zones(text: str, names: Sequence[str]) -> dict[str, str]:
    """The zone of each register of «t1=day,t2=night», or «positional order peak,halfpeak,night»."""
    listed = text.partition("(")[0].replace("positional order", "").strip()
    parts = [part.strip() for part in listed.split(",") if part.strip()]
    if all("=" in part for part in parts):
        return {name.strip(): zone.strip() for name, _, zone in (part.partition("=") for part in parts)}
    return dict(zip(names, parts, strict=False))


def _question(context: Mapping[str, Any]) -> OpenQuestion | None:
    asked = _QUESTIONS.get(str(context.get("dialog", "")))
    pending = context.get("pending")
    return OpenQuestion(asked, None if pending is None else str(pending)) if asked else None


def predict(line: Mapping[str, Any]) -> dict[str, Any]:
    """The prediction for one object with `id`, `text` and `context`: `id`, `intent`, `readings`, `account`, `meter`,
    `confirm`."""
    world = world_of(line.get("context"))
    command = understanding.understand(str(line.get("text", "")), world)
    said: dict[str, Any] = {
        "id": line.get("id"),
        "intent": "unknown",
        "readings": {},
        "account": None,
        "meter": None,
        "confirm": False,
    }
    return {**said, **_said(command, world)}


def _said(command: Command, world: World) -> dict[str, Any]:
    match command:
        case SubmitReading():
            return _submitted(command, world)
        case Balance(account=account):
            return {"intent": "balance", "account": account}
        case Why(account=account):
            return {"intent": "history", "account": account}
        case Wanted(subject=Subject.NEWS):
            return {"intent": "notices"}
        case Wanted(subject=subject, account=account):
            return {"intent": _INTENTS[subject], "account": account}
        case Register(account=account, meter=meter):
            return {"intent": "link_account", "account": account, "meter": meter}
        case Yes():
            return _confirmed(world)
        case Help():
            return {"intent": "help"}
        case OptOut():
            return {"intent": "opt_out"}
        case OptIn():
            return {"intent": "opt_in"}
        case SetLanguage():
            return {"intent": "language"}
        case Undo() | No() | Choose() | NotMe() | Code() | NotUnderstood():
            return {}
        case _:
            assert_never(command)


def _confirmed(world: World) -> dict[str, Any]:
    question = world.question
    if question is None or question.pending is None:
        return {}
    return {"intent": "submit_reading", "readings": {"total": _bare(question.pending)}}


def _submitted(command: SubmitReading, world: World) -> dict[str, Any]:
    """A reading; refused or incomplete ones have no numbers, for the core takes none before it has asked."""
    said: dict[str, Any] = {"intent": "submit_reading", "account": command.account, "meter": command.meter}
    judged = _judged(command, world)
    if command.doubt in _INCOMPLETE or Plausibility.LOWER in judged:
        return {**said, "account": None, "meter": None}
    unusual = bool({Plausibility.JUMP, Plausibility.ROLLED_OVER} & judged)
    readings = {value.meter or value.register: _bare(value.digits) for value in command.values}
    return {**said, "readings": readings, "confirm": bool(readings) and (unusual or command.doubt is not None)}


def _judged(command: SubmitReading, world: World) -> frozenset[Plausibility]:
    """What the last values say of the numbers; nothing is known of another's account or an unknown meter."""
    own = [one for one in world.accounts if command.account in (None, one.number)]
    if len(own) != 1 or command.meter is not None:
        return frozenset()
    found = set()
    for value in command.values:
        meter, register = _register_of(value, own[0])
        if meter is not None and register is not None:
            found.add(plausible.judge(value.digits, register, meter))
    return frozenset(found)


def _register_of(value: Named, account: KnownAccount) -> tuple[KnownMeter | None, KnownRegister | None]:
    meters = [meter for meter in account.meters if meter.removed is None and value.meter in (None, meter.serial)]
    if len(meters) != 1:
        return None, None
    registers = meters[0].registers
    if len(registers) == 1:
        return meters[0], registers[0]
    return meters[0], next((one for one in registers if value.register in (one.name, one.zone)), None)


def _bare(digits: str) -> str:
    """A number without leading zeros."""
    whole, dot, fraction = digits.partition(".")
    return (whole.lstrip("0") or "0") + dot + fraction


def explain(text: str, world: World, language: str = "en") -> list[str]:
    """How a text was read, step by step, for the support desk, in English or Russian.

    :raises KeyError: another language.
    """
    found = understanding.read(text, world)
    parts = tuple(_part(piece) for piece in found.pieces if piece.sense is not Sense.MARK)
    told = Read(text, found.folded, found.right, parts, found.end or "", _sender(world), found.command,
                _judgement(found.command, world))  # fmt: skip
    return list(understood.lines(told, language))


def _part(piece: Piece) -> Part:
    said = piece.value or ("none" if piece.sense is Sense.DATE else "")
    if piece.sense in _WORDS_SAY and said not in ("", "?", "labelled"):
        said = ""
    written = fold(piece.raw).lower().replace("'", "")
    spelled = piece.sense in NUMBERS or written == piece.text or not piece.text.replace(" ", "").isalpha()
    return Part(piece.raw, piece.sense.value, said, "" if spelled else piece.text, piece.slip)


_WORDS_SAY = frozenset((Sense.ASIDE, Sense.MONEY, Sense.PHONE, Sense.TOTAL, Sense.DAY, Sense.NIGHT))
"""Senses whose words say by themselves what they carry."""


def _sender(world: World) -> Sender:
    accounts = tuple((account.number, tuple(_shown(meter) for meter in account.meters)) for account in world.accounts)
    return Sender(accounts, world.question.asked.value if world.question else "")


def _shown(meter: KnownMeter) -> Shown:
    registers = tuple((one.zone or one.name, str(one.last // 1000) if one.last else "?") for one in meter.registers)
    return Shown(meter.serial, meter.service, meter.digits, registers)


def _judgement(command: Command, world: World) -> str:
    judged = _judged(command, world) if isinstance(command, SubmitReading) else frozenset()
    if Plausibility.LOWER in judged:
        return "lower"
    return "unusual" if {Plausibility.JUMP, Plausibility.ROLLED_OVER} & judged else ""
