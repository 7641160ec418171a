"""How a text was read, step by step, in words for the support desk."""

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from core.basics.facts import dataclass
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
    SubmitReading,
    Undo,
    Wanted,
    Why,
    Yes,
)
from core.wording.understood_en import ENGLISH
from core.wording.understood_ru import RUSSIAN
from core.wording.understood_tongue import Tongue

TONGUES: Mapping[str, Tongue] = {"en": ENGLISH, "ru": RUSSIAN}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text: `kind` is the name of its meaning, `value` what it carries, `meant` the word as which it was
    read where it is written otherwise; `slip` where it was misspelled."""

    raw: str
    kind: str
    value: str = ""
    meant: str = ""
    slip: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """`accounts`: each account's number with its meters (`Shown`); `question` the name of what is open to him."""

    accounts: tuple[tuple[str, tuple["Shown", ...]], ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A meter: `registers` are names with the last value, "" where it is not known."""

    serial: str
    service: str
    digits: int
    registers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A text with the steps that led to its command. `end` names why it was not cut into parts; `judged` what the last
    values say of its numbers ("lower", "unusual")."""

    text: str
    cleaned: str
    right: str
    parts: tuple[Part, ...]
    end: str
    sender: Sender
    command: Command
    judged: str = ""


def lines(told: Read, language: str) -> Iterator[str]:
    """The steps, a line each; those in which nothing happened are left out.

    :raises KeyError: a language without words.
    """
    tongue = TONGUES[language]
    frame = tongue.frame
    yield f"{frame['text']}: {_quoted(told.text)}"
    if told.cleaned != told.text:
        yield f"{frame['cleaned']}: {_quoted(told.cleaned)}"
    if told.right and told.right != told.cleaned:
        yield f"{frame['right']}: {_quoted(told.right)}"
    yield f"{frame['sender']} {_sender(told.sender, tongue)}"
    if told.end in frame:
        yield frame[told.end]
    if told.parts:
        yield f"{frame['parts']}:"
        yield from (f"  {_part(part, tongue)}" for part in told.parts)
    yield f"{frame['found']}: {_command(told.command, tongue)}"
    if isinstance(told.command, NotUnderstood) and told.command.fragment:
        yield f"{frame['stopped']}: {_stopping(told.command.fragment, told.parts, tongue)}"
    yield from (f"{frame['next']}: {consequence}" for consequence in _consequences(told, tongue))


def _quoted(text: str) -> str:
    """The text with every sign that cannot be seen as an escape."""
    seen = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
    return f"«{seen}»"


def _sender(sender: Sender, tongue: Tongue) -> str:
    frame = tongue.frame
    said = [
        frame["linked"].format(account=account, meters="; ".join(_meter(meter, tongue) for meter in meters))
        for account, meters in sender.accounts
    ] or [frame["nobody"]]
    if sender.question:
        said.append(frame["question"].format(question=tongue.questions[sender.question]))
    return "; ".join(said)


def _meter(meter: Shown, tongue: Tongue) -> str:
    registers = ", ".join(f"{tongue.registers.get(name, name)} {last}".strip() for name, last in meter.registers)
    serial = f" {meter.serial}" if meter.serial else ""
    service = tongue.services[meter.service]
    return tongue.frame["meter"].format(service=service, serial=serial, digits=meter.digits, registers=registers)


def _part(part: Part, tongue: Tongue) -> str:
    said = f"{_quoted(part.raw)}: {tongue.parts[part.kind]}"
    if part.value:
        said += f" ({tongue.values.get(part.value, part.value)})"
    return said + (f"; {tongue.frame['slip' if part.slip else 'meant']} {_quoted(part.meant)}" if part.meant else "")


def _command(command: Command, tongue: Tongue) -> str:
    """What was understood, with the numbers and accounts that belong to it."""
    name = tongue.commands[type(command).__name__] if not isinstance(command, Wanted) else ""
    match command:
        case SubmitReading(values=()):
            return _with(tongue.commands["Wish"], _place(command.account, command.meter, tongue))
        case SubmitReading():
            return _with(f"{name}: {_values(command, tongue)}", _of_reading(command, tongue))
        case Wanted(subject=subject, account=account, argument=argument):
            more = [f"{tongue.frame['argument']} {_quoted(argument)}"] if argument else []
            return _with(tongue.subjects[subject], [*_place(account, None, tongue), *more])
        case Balance(account=account) | Why(account=account):
            return _with(name, _place(account, None, tongue))
        case Register(account=account, meter=meter):
            return _with(name, _place(account, meter, tongue))
        case Choose(number=number):
            return f"{name}: {number}"
        case Code(digits=digits):
            return f"{name}: {digits}"
        case SetLanguage(language=language):
            return f"{name}: {language}" if language else name
        case Undo() | Help() | OptOut() | OptIn() | Yes() | No() | NotMe() | NotUnderstood():
            return name
        case _:
            assert_never(command)


def _with(said: str, more: Sequence[str]) -> str:
    return ", ".join((said, *more))


def _place(account: str | None, meter: str | None, tongue: Tongue) -> list[str]:
    said = [tongue.frame["for_account"].format(account=account)] if account else []
    return said + ([tongue.frame["for_meter"].format(meter=meter)] if meter else [])


def _of_reading(command: SubmitReading, tongue: Tongue) -> list[str]:
    on = [tongue.frame["on"].format(day=command.on.isoformat())] if command.on else []
    return _place(command.account, command.meter, tongue) + on


def _values(command: SubmitReading, tongue: Tongue) -> str:
    return ", ".join(
        f"{value.meter or tongue.registers.get(value.register, value.register)} {value.digits}".strip()
        for value in command.values
    )


def _stopping(fragment: str, parts: Sequence[Part], tongue: Tongue) -> str:
    """The customer's words in question, with what they were taken for."""
    part = next((part for part in parts if " ".join(part.raw.split())[: len(fragment)] == fragment), None)
    return _quoted(fragment) if part is None else _part(part, tongue)


def _consequences(told: Read, tongue: Tongue) -> Iterator[str]:
    frame, command = tongue.frame, told.command
    if isinstance(command, NotUnderstood):
        yield frame["refused"].format(reason=tongue.reasons[command.reason])
    elif isinstance(command, SubmitReading):
        if command.doubt is not None and told.judged != "lower":
            yield frame["asked"].format(doubt=tongue.doubts[command.doubt])
        if command.values and told.judged:
            yield frame[told.judged]
        elif command.values and command.doubt is None:
            yield frame["taken"]
