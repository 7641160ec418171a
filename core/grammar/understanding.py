"""What a customer's text wants: the one entrance to the grammar."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.money import minor
from core.commands import (
    Command,
    Help,
    Named,
    NotUnderstood,
    OptOut,
    Register,
    Subject,
    SubmitReading,
    Unclear,
    Wanted,
)
from core.grammar import (
    answering,
    asides,
    dates,
    intents,
    making,
    numerals,
    own,
    resolve,
    roles,
    scene,
    shapes,
    statement,
    tokens,
    visiting,
)
from core.grammar.folding import fold
from core.grammar.intents import Row
from core.grammar.refusing import LONGEST_NUMBER, NUMBERS, unclear
from core.grammar.scene import Piece, Scene
from core.grammar.senses import Sense
from core.grammar.statement import Statement
from core.grammar.world import Asked, World

LONGEST_TEXT = 2000
SHORTEST_ACCOUNT = 6
LONGEST_NAME = 6
_ANSWERED_BESIDE = frozenset((Sense.YES, Sense.NO))
_ASKED_BESIDE = frozenset((Sense.BALANCE, Sense.OWE, Sense.HOW_MUCH, Sense.ASK, Sense.QUERY, Sense.WHAT))


def understand(text: str, world: World) -> Command:
    """The command that a text is, in the world of its sender. Never raises.

    Whatever part of a text is not understood forbids to take a number from it; a reading that may be taken only after
    a yes carries the reason in `doubt`. Plausibility against the last value is not judged here.
    """
    return read(text, world).command


class End(StrEnum):
    """Why a text was not cut into pieces."""

    BARE = "bare"
    BROKEN = "broken"
    EMPTY = "empty"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Understanding:
    """How a text came to its command: `folded` with one sign for each meaning, `right` with what was mistyped put
    right, the pieces; `end` where it was not read so far."""

    command: Command
    folded: str
    right: str = ""
    pieces: tuple[Piece, ...] = ()
    end: End | None = None


def read(text: str, world: World) -> Understanding:
    """As `understand`, with the steps that led to the command."""
    bare = _bare_number(text, world)
    if bare is not None:
        return Understanding(bare, text, end=End.BARE)
    folded = fold(text[:LONGEST_TEXT])
    if tokens.is_broken(folded) or max(len(text), len(folded)) > LONGEST_TEXT:
        return Understanding(_broken(folded), folded, end=End.BROKEN)
    if not folded.strip():
        return Understanding(NotUnderstood(Unclear.EMPTY), folded, end=End.EMPTY)
    found = scene.read(folded, own.codes(world))
    if found.letter:
        return Understanding(unclear(Unclear.WORDS, folded), folded, end=End.LETTER)
    pieces = arranged(found, world)
    if not pieces:
        return Understanding(NotUnderstood(Unclear.EMPTY), folded, end=End.EMPTY)
    command = _to_a_person(_command(pieces, found, world), pieces)
    command = _as_written(command, text, pieces[0]) if isinstance(command, Wanted) else command
    return Understanding(command, folded, found.text, pieces)


def _name(pieces: Sequence[Piece]) -> str | None:
    """What stands after the command, None where no name can be in it: it asks how to give one."""
    if all(piece.sense in _NO_NAME for piece in pieces):
        return None
    return " ".join(piece.raw for piece in pieces)


_NO_NAME = frozenset((Sense.QUERY, Sense.MARK, Sense.ACCOUNT, Sense.BILL, Sense.MINE, Sense.POLITE, Sense.PREPOSITION))


def _as_written(command: Wanted, text: str, first: Piece) -> Wanted:
    """A name that is to be given, with every letter and sign as the customer wrote it."""
    words = text.split()
    if command.subject is not Subject.NAME or command.argument is None or fold(words[0]) != first.raw:
        return command
    return Wanted(Subject.NAME, command.account, " ".join(words[1:]) or None)


def arranged(read: Scene, world: World) -> tuple[Piece, ...]:
    """The pieces of a text with everything put together that belongs together: telephones, codes, number words, days,
    addresses, names, sums."""
    meters = [meter for account in world.accounts for meter in account.meters]
    hot = any(meter.service == "hot_water" for meter in meters)
    peak = not meters or any(register.zone == "peak" for meter in meters for register in meter.registers)
    pieces = asides.without_phones(own.recognized(read.pieces, world))
    pieces = shapes.shaped(pieces, hot_water=hot, peak=peak)
    pieces = numerals.spoken(pieces)
    pieces = dates.dated(pieces, world.today)
    return asides.without_glue(asides.set_aside(pieces))


def _bare_number(text: str, world: World) -> Command | None:
    """The answer to a plain number of the sender's only register, without looking at words."""
    if not is_bare(text) or len(world.accounts) != 1:
        return None
    question = world.question
    if question is not None and question.asked not in (Asked.CONFIRM, Asked.READING):
        return None
    meters = [meter for meter in world.accounts[0].meters if meter.removed is None]
    if len(meters) != 1 or len(meters[0].registers) != 1:
        return None
    if roles.known_meter(text, world) is not None:
        return None
    return bare_reading(text, world.accounts[0].number, meters[0].serial, digits=meters[0].digits)


def is_bare(text: str) -> bool:
    """Whether a text is nothing but a number that may be a reading."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def bare_reading(text: str, account: str, serial: str, *, digits: int) -> SubmitReading | None:
    """The reading that a bare number is of the only register of an only account; None where it calls the account or the
    meter, or has more digits than the meter."""
    if len(text.lstrip("0")) > digits or roles.is_account(text, account) or roles.is_serial(text, serial):
        return None
    return SubmitReading((Named("total", text),))


def _broken(folded: str) -> Command:
    """A text with broken characters, or a letter: only the wish to hear no more is taken from it."""
    words = tokens.words_of(folded[:40])
    found = intents.match(frozenset(piece.sense for piece in scene.read(" ".join(words)).pieces)) if words else None
    whole = len(folded) <= 40 and not any(sign.isdigit() for sign in folded)
    return (
        OptOut() if whole and found is not None and found.kind == "opt_out" else unclear(Unclear.WORDS, " ".join(words))
    )


def _to_a_person(command: Command, pieces: Sequence[Piece]) -> Command:
    """«ОПЕРАТОР у нас во дворе…»: what begins with the wish for a person is his to read, whatever else is in it."""
    if isinstance(command, NotUnderstood) and pieces[0].sense is Sense.HUMAN:
        return Wanted(Subject.HUMAN)
    return command


def _command(pieces: tuple[Piece, ...], read: Scene, world: World) -> Command:
    senses = frozenset(piece.sense for piece in pieces)
    weighty = senses - intents.WEIGHTLESS
    row = intents.match(senses)
    if row is not None and row.kind == "help":
        return Help()
    if row is not None and row.kind == "opt_out" and not senses & NUMBERS:
        return _opted_out(pieces, senses, read)
    if weighty == {Sense.CANCEL} and [piece.text for piece in pieces if piece.sense is not Sense.MARK] == ["cancel"]:
        return unclear(Unclear.WORDS, pieces[0].raw) if world.reminded else OptOut()
    answer = answering.answer(pieces, weighty, world)
    if answer is not None:
        return answer
    if pieces[0].sense is Sense.NAME and len(pieces) <= LONGEST_NAME and not senses >= {Sense.READING, Sense.NUMBER}:
        return Wanted(Subject.NAME, argument=_name(pieces[1:]))
    visit = visiting.wanted(pieces, world.today) if row is None or row.kind in _VISITS else None
    if visit is not None:
        return visit
    if row is not None and not _is_reading_after_all(row, pieces, senses, world):
        return making.made(row, pieces, world, slip=read.slip)
    if senses & NUMBERS:
        return _reading(pieces, senses, read, world)
    return making.loose(pieces, senses) or making.no_command(pieces, weighty)


_VISITS = frozenset((Subject.BOOK, Subject.MOVE_VISIT, Subject.CANCEL_VISIT))

_CURT = frozenset(
    [
        "end",
        "quit",
        "pause",
        "remove",
        "revoke",
        "leave",
        "td",
        "dur",
        "alto",
        "baja",
        "basta",
        "koniec",
        "parar",
        "henti",
        "ferma",
    ]
)
"""Words that end the messages only where they stand alone."""


def _opted_out(pieces: Sequence[Piece], senses: frozenset[Sense], read: Scene) -> Command:
    curt = any(piece.sense is Sense.STOP and piece.text in _CURT for piece in pieces)
    if (
        read.slip
        or _is_negated(pieces)
        or (curt and not senses <= {Sense.STOP, Sense.MARK, Sense.POLITE, Sense.MESSAGES})
    ):
        return making.no_command(pieces, frozenset())
    return OptOut()


def _is_negated(pieces: Sequence[Piece]) -> bool:
    """«не отключайте смс»: the opposite of what its words say."""
    words = [piece for piece in pieces if piece.sense not in intents.WEIGHTLESS]
    return any(first.sense in _NEGATING and second.sense in _ENDING for first, second in pairwise(words))


_NEGATING = frozenset((Sense.NOT, Sense.NO_MORE))
_ENDING = frozenset((Sense.STOP, Sense.CEASE, Sense.SWITCH_OFF, Sense.CANCEL))


def _reading(pieces: Sequence[Piece], senses: frozenset[Sense], read: Scene, world: World) -> Command:
    """The reading of a text with numbers, or why it has none."""
    shape = _registration_shape(pieces, world) or _nicknamed(pieces)
    if shape is not None:
        return shape
    ahead = next((piece for piece in pieces if _is_day_to_come(piece, world)), None)
    if ahead is not None:
        return unclear(Unclear.DATE, ahead.raw)
    confirming = world.question is not None and world.question.asked is Asked.CONFIRM
    asking = senses & {Sense.BALANCE, Sense.OWE} and _reading_comes_first(pieces)
    also = _ASKED_BESIDE if asking else _ANSWERED_BESIDE if confirming else frozenset()
    said = statement.state(pieces, also=also)
    if not isinstance(said, Statement):
        return said
    found = resolve.resolve(said, world)
    if isinstance(found, SubmitReading) and found.values and found.doubt is None:
        doubt = "typo" if read.slip else "lookalike" if read.lookalike else None
        return SubmitReading(found.values, found.account, found.meter, found.on, doubt)
    return found


def _is_day_to_come(piece: Piece, world: World) -> bool:
    """«завтра», «в пятницу»: words for a day on which nothing can have been read yet."""
    named = piece.sense is Sense.DATE and not any(sign.isdigit() for sign in piece.raw)
    return named and len(piece.value) > len("2025-11") and piece.value > world.today.isoformat()


def _registration_shape(pieces: Sequence[Piece], world: World) -> Command | None:
    """«613288*12*45,50» from a phone that is linked to nothing: account, house, last payment."""
    if world.accounts or len(pieces) != 5 or [piece.text for piece in pieces[1:4:2]] != ["*", "*"]:
        return None
    account, house, paid = pieces[0], pieces[2], pieces[4]
    if not all(piece.sense is Sense.NUMBER for piece in (account, house, paid)) or "." not in paid.text:
        return None
    if not account.text.isdigit() or len(account.text) < SHORTEST_ACCOUNT or len(paid.text.partition(".")[2]) != 2:
        return None
    return Register(account=account.text, amount=minor(paid.text))


def _nicknamed(pieces: Sequence[Piece]) -> Command | None:
    """«Reg 0002000002000 dacha»: an account and the name that it is to have."""
    if [piece.sense for piece in pieces] != [Sense.LINK, Sense.NUMBER, Sense.UNKNOWN]:
        return None
    number = pieces[1].text
    return Register(account=number) if number.isdigit() and len(number) >= LONGEST_NUMBER else None


def _is_reading_after_all(row: Row, pieces: Sequence[Piece], senses: frozenset[Sense], world: World) -> bool:
    """«12345\nдолг», «мои показания 12345»: a reading, though its words make a question too."""
    if not senses & NUMBERS:
        return False
    if row.kind is Subject.HISTORY:
        numbers = [piece.text for piece in pieces if piece.sense in NUMBERS]
        told = [number for number in numbers if roles.known_account(number, world) is None]
        return Sense.READING in senses and bool(told) and all(len(number) < LONGEST_NUMBER for number in told)
    return row.kind == "balance" and (_reading_comes_first(pieces) or _is_number_of_account(pieces, senses, world))


def _is_number_of_account(pieces: Sequence[Piece], senses: frozenset[Sense], world: World) -> bool:
    """«8841 по счету 100200400»: a number, and the sender's account that it is of, with no question."""
    numbers = [piece for piece in pieces if piece.sense in NUMBERS]
    own = [piece for piece in numbers if roles.known_account(piece.text, world) is not None]
    return len(numbers) == 2 and len(own) == 1 and Sense.BILL in senses and senses.isdisjoint(_ASKED_BESIDE)


def _reading_comes_first(pieces: Sequence[Piece]) -> bool:
    """Whether the text gives a reading, named or on a line of its own, and then asks for the debt."""
    numbers = [position for position, piece in enumerate(pieces) if piece.sense in NUMBERS]
    asked = next((position for position, piece in enumerate(pieces) if piece.sense in _ASKED_BESIDE), len(pieces))
    if asked == len(pieces) or numbers[-1] > asked:
        return False
    named = any(piece.sense is Sense.READING for piece in pieces[: numbers[0]])
    return named or any(piece.gap == "\n" for piece in pieces[numbers[-1] : asked + 1])
