"""Tells account numbers and meter serials from readings, by their labels, by what the sender has, by their form."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from core.basics.facts import dataclass
from core.grammar.refusing import REGISTERS, SERVICES
from core.grammar.senses import Sense
from core.grammar.statement import Entry
from core.grammar.world import KnownAccount, KnownMeter, World

SURE_ACCOUNT = 9
"""A first number with so many digits is an account, whoever's."""

LIKELY_ACCOUNT = 6
LIKELY_SERIAL = 7
SHORTEST_AFTER_COMMA = 4
SHORTEST_END = 4
SHORTEST_WHOLE = 4


@dataclass(frozen=True, slots=True)
class Value:
    """A number that is a reading, and the serial that stands before it."""

    entry: Entry
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class Roles:
    """`account` and `serials` as written, the sender's own as the registry writes them. `doubt` where the form alone
    made a number an account or joined two."""

    values: tuple[Value, ...]
    account: str | None = None
    serials: tuple[str, ...] = ()
    doubt: str | None = None


def cast(entries: Sequence[Entry], world: World) -> Roles | None:
    """The part that each number plays; None where they contradict each other."""
    account: str | None = None
    doubt: str | None = None
    serial: str | None = None
    serials: list[str] = []
    values: list[Value] = []
    held: frozenset[Sense] = frozenset()
    entries = _joined_accounts(_parted_accounts(entries, world), world)
    for position, entry in enumerate(entries):
        following = entries[position + 1 :]
        if (number := _as_account(entry, position, following, world, account)) is not None:
            if account not in (None, number.text):
                return None
            account, doubt = number.text, doubt or number.doubt
            held = held | (entry.labels & (SERVICES | REGISTERS))
        elif (found := _as_serial(entry, following, world, account)) is not None:
            serial, doubt = found.text, doubt or found.doubt
            serials.append(found.text)
        else:
            values.append(Value(replace(entry, labels=entry.labels | held) if held else entry, serial))
            held = frozenset()
    if len(serials) == 1:
        values = [replace(value, serial=None) for value in values]
    return Roles(tuple(values), account, tuple(serials), doubt)


@dataclass(frozen=True, slots=True)
class _Number:
    text: str
    doubt: str | None = None


def _as_account(
    entry: Entry, position: int, following: Sequence[Entry], world: World, account: str | None
) -> _Number | None:
    known = known_account(entry.text, world)
    if known is not None and not entry.labels & REGISTERS:
        return _Number(known.number, _otherwise(entry.text, known.number))
    ending = account_ending(entry.text, world) if Sense.ACCOUNT in entry.labels else None
    if ending is not None:
        return _Number(ending.number)
    if entry.code and known_meter(entry.text, world) is None and not entry.labels & {Sense.SERIAL, Sense.METER}:
        return _Number(entry.text, None if Sense.ACCOUNT in entry.labels else "shape")
    if entry.code or entry.fraction or not entry.whole.isdigit():
        return None
    if Sense.ACCOUNT in entry.labels or (Sense.BILL in entry.labels and len(entry.text) >= LIKELY_ACCOUNT):
        return _Number(entry.text)
    if position or not following or account or Sense.SERIAL in entry.labels or known_meter(entry.text, world):
        return None
    if len(entry.text) >= SURE_ACCOUNT and not entry.labels & REGISTERS:
        return _Number(entry.text, "shape" if _may_be_phone(entry.text) else None)
    ending = account_ending(entry.text, world) if len(world.accounts) > 1 and not entry.labels else None
    if ending is not None:
        return _Number(ending.number, "shape")
    unnamed = not entry.labels & (REGISTERS | {Sense.METER})
    if unnamed and len(entry.text) >= LIKELY_ACCOUNT and len(entry.text) > longest_meter(world):
        return _Number(entry.text, "shape")
    return None


def _as_serial(entry: Entry, following: Sequence[Entry], world: World, account: str | None) -> _Number | None:
    known = known_meter(entry.text, world)
    if known is not None and not entry.labels & REGISTERS and following:
        return _Number(known.serial, _otherwise(entry.text, known.serial))
    if entry.code and Sense.ACCOUNT not in entry.labels and following:
        return _Number(entry.text)
    if entry.fraction or not entry.whole.isdigit():
        return None
    numbered = Sense.METER in entry.labels and Sense.NUMBER_SIGN in entry.labels
    if Sense.SERIAL in entry.labels or numbered or (known is not None and Sense.METER in entry.labels):
        return _Number(entry.text)
    too_long = len(entry.text) >= LIKELY_SERIAL and len(entry.text) > longest_meter(world)
    placed = account is not None or Sense.METER in entry.labels
    if too_long and placed and following and not entry.labels & (REGISTERS | {Sense.READING}):
        return _Number(entry.text)
    return None


def _otherwise(written: str, known: str) -> str | None:
    """The doubt where a number of the sender was written with other zeros or hyphens."""
    return None if written.upper() == known.upper() else "shape"


def _may_be_phone(text: str) -> bool:
    """Whether a number can be a Russian mobile one without its first digit."""
    return len(text) == 10 and text[0] == "9"


def known_account(text: str, world: World) -> KnownAccount | None:
    """The sender's account with that number, leading zeros aside."""
    return next((one for one in world.accounts if is_account(text, one.number)), None)


def is_account(text: str, number: str) -> bool:
    """Whether a text is the number of an account, leading zeros and hyphens aside."""
    return len(text) >= SHORTEST_WHOLE and _bare(text) == _bare(number)


def _bare(number: str) -> str:
    return number.upper().replace("-", "").lstrip("0")


def known_meter(text: str, world: World) -> KnownMeter | None:
    """The sender's meter with that serial, leading zeros aside; removed ones too."""
    return next((one for one in _meters(world) if is_serial(text, one.serial)), None)


def is_serial(text: str, serial: str) -> bool:
    """Whether a text is the serial of a meter, leading zeros aside."""
    return bool(serial) and len(text) >= SHORTEST_WHOLE and serial.lstrip("0") == text.lstrip("0")


def account_ending(text: str, world: World) -> KnownAccount | None:
    """The one account of the sender whose number has that end, of SHORTEST_END digits or more."""
    if len(text) < SHORTEST_END or not text.isdigit():
        return None
    ending = [one for one in world.accounts if one.number.endswith(text)]
    return ending[0] if len(ending) == 1 else None


def meter_ending(text: str, world: World) -> KnownMeter | None:
    """The one meter of the sender whose serial has that end, of SHORTEST_END digits or more."""
    if len(text) < SHORTEST_END or not text.isdigit():
        return None
    ending = [one for one in _meters(world) if one.serial.endswith(text)]
    return ending[0] if len(ending) == 1 else None


def longest_meter(world: World) -> int:
    """The most digits that a meter of the sender has before its decimal mark."""
    return max((meter.digits for meter in _meters(world)), default=LIKELY_ACCOUNT)


def _meters(world: World) -> Iterator[KnownMeter]:
    for account in world.accounts:
        yield from account.meters


def _parted_accounts(entries: Sequence[Entry], world: World) -> Sequence[Entry]:
    """«100200300,12345»: an account of the sender and a number, not a number with five decimals."""
    first = entries[0]
    if len(first.fraction) < SHORTEST_AFTER_COMMA or "." in first.fraction or known_account(first.whole, world) is None:
        return entries
    after = replace(first, text=first.fraction, labels=frozenset(), sign=",")
    return (replace(first, text=first.whole), after, *entries[1:])


def _joined_accounts(entries: Sequence[Entry], world: World) -> Sequence[Entry]:
    """«л/с 100 200 300»: groups that together are an account of the sender."""
    if len(entries) < 2 or all(first.gap == second.gap == "" for first, second in pairwise(entries)):
        return entries
    for length in (2, 3, 4):
        text = "".join(entry.text for entry in entries[:length])
        rest_plain = all(not entry.labels and not entry.sign for entry in entries[1:length])
        known = known_account(text, world) if len(entries) >= length and rest_plain else None
        if known is not None and known_account(entries[0].text, world) is None:
            return (replace(entries[0], text=known.number), *entries[length:])
    return entries
