"""What a customer's text wants: the one entrance to the grammar."""

from collections.abc import Callable, Sequence
from datetime import date

from core.basics.money import minor
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
    Unclear,
    Undo,
    Wanted,
    Why,
    Yes,
)
from core.grammar import asides, dates, intents, numerals, resolve, roles, scene, shapes, statement, tokens
from core.grammar.folding import fold
from core.grammar.intents import Row
from core.grammar.scene import Piece, Scene
from core.grammar.senses import Sense
from core.grammar.statement import LONGEST_NUMBER, Statement, unclear
from core.grammar.world import Asked, World

LONGEST_TEXT = 2000
SHORTEST_ACCOUNT = 6
LONGEST_NAME = 6
_NUMBERS = frozenset((Sense.NUMBER, Sense.CODE))
_ASKED_BESIDE = frozenset((Sense.BALANCE, Sense.OWE, Sense.HOW_MUCH, Sense.ASK, Sense.QUERY, Sense.WHAT))
_UNCHANGING = frozenset(
    ("balance", "help", "why", "submit", "complaint", Subject.HISTORY, Subject.PAYMENTS, Subject.PAY, Subject.NOTICES,
     Subject.VISITS, Subject.BILL, Subject.FORECAST, Subject.BOOK, Subject.HUMAN)
)  # fmt: skip
"""Commands that change nothing by themselves: these may be understood from a word with a slip."""

_LOOSE = frozenset(("balance", "help", Subject.HISTORY, Subject.PAYMENTS, Subject.PAY))
"""Commands that are understood though one word of a short text is unknown."""


def understand(text: str, world: World) -> Command:
    """The command that a text is, in the world of its sender. Never raises.

    Whatever part of a text is not understood forbids to take a number from it; a reading that may be taken only after
    a yes carries the reason in `doubt`. Plausibility against the last value is not judged here.
    """
    bare = _bare_number(text, world)
    if bare is not None:
        return bare
    folded = fold(text[:LONGEST_TEXT])
    if tokens.is_broken(folded) or len(text) > LONGEST_TEXT:
        return _broken(folded)
    if not folded.strip():
        return NotUnderstood(Unclear.EMPTY)
    read = scene.read(folded)
    pieces = arranged(read, world)
    if len(read.pieces) >= tokens.MOST_TOKENS:
        return unclear(Unclear.WORDS, folded)
    return _command(pieces, read, world)


def arranged(read: Scene, world: World) -> tuple[Piece, ...]:
    """The pieces of a text with everything put together that belongs together: telephones, codes, number words, days,
    addresses, names, sums."""
    meters = [meter for account in world.accounts for meter in account.meters]
    hot = any(meter.service == "hot_water" for meter in meters)
    peak = not meters or any(register.zone == "peak" for meter in meters for register in meter.registers)
    pieces = asides.without_phones(read.pieces)
    pieces = shapes.shaped(pieces, hot_water=hot, peak=peak)
    pieces = numerals.spoken(pieces)
    pieces = dates.dated(pieces, world.today)
    return asides.set_aside(pieces)


def _bare_number(text: str, world: World) -> Command | None:
    """The answer to a plain number of the sender's only register, without looking at words."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER and len(world.accounts) == 1):
        return None
    question = world.question
    if question is not None and question.asked not in (Asked.CONFIRM, Asked.READING):
        return None
    meters = [meter for meter in world.accounts[0].meters if meter.removed is None]
    if len(meters) != 1 or len(meters[0].registers) != 1 or len(text.lstrip("0")) > meters[0].digits:
        return None
    if roles.known_account(text, world) is not None or roles.known_meter(text, world) is not None:
        return None
    return SubmitReading((Named("total", text),))


def _broken(folded: str) -> Command:
    """A text with broken characters, or a letter: only the wish to hear no more is taken from it."""
    words = tokens.words_of(folded[:40])
    found = intents.match(frozenset(piece.sense for piece in scene.read(" ".join(words)).pieces)) if words else None
    whole = len(folded) <= 40
    return (
        OptOut() if whole and found is not None and found.kind == "opt_out" else unclear(Unclear.WORDS, " ".join(words))
    )


def _command(pieces: tuple[Piece, ...], read: Scene, world: World) -> Command:
    senses = frozenset(piece.sense for piece in pieces)
    weighty = senses - intents.WEIGHTLESS
    row = intents.match(senses)
    if row is not None and row.kind == "help":
        return Help()
    if row is not None and row.kind == "opt_out" and not senses & _NUMBERS:
        return _opted_out(pieces, senses, read)
    if weighty == {Sense.CANCEL} and [piece.text for piece in pieces if piece.sense is not Sense.MARK] == ["cancel"]:
        return unclear(Unclear.WORDS, pieces[0].raw) if world.reminded else OptOut()
    answer = _answer(pieces, weighty, world)
    if answer is not None:
        return answer
    if pieces[0].sense is Sense.NAME and 1 < len(pieces) <= LONGEST_NAME:
        return Wanted(Subject.NAME, argument=" ".join(piece.raw for piece in pieces[1:]))
    if row is not None:
        return _made(row, pieces, read, world)
    if senses & _NUMBERS:
        return _reading(pieces, senses, read, world)
    return _loose(pieces, senses) or _no_command(pieces, weighty)


_CURT = frozenset(
    (
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
        "parar",
        "henti",
        "ferma",
    )
)
"""Words that end the messages only where they stand alone."""


def _opted_out(pieces: Sequence[Piece], senses: frozenset[Sense], read: Scene) -> Command:
    curt = any(piece.sense is Sense.STOP and piece.text in _CURT for piece in pieces)
    if read.slip or (curt and not senses <= {Sense.STOP, Sense.MARK, Sense.POLITE, Sense.MESSAGES}):
        return _no_command(pieces, frozenset())
    return OptOut()


def _answer(pieces: Sequence[Piece], weighty: frozenset[Sense], world: World) -> Command | None:
    """The answer to the question that is open, or None where the text is no answer."""
    question = world.question
    confirming = world.reminded or (question is not None and question.asked is Asked.CONFIRM)
    texts = [piece.text for piece in pieces if piece.sense is not Sense.MARK]
    if confirming and (weighty in ({Sense.YES}, {Sense.CONFIRM}, {Sense.YES, Sense.CONFIRM}) or texts in _YES_TOO):
        return Yes()
    if weighty == {Sense.YES}:
        return OptIn() if any(piece.text == "yes" for piece in pieces) else unclear(Unclear.WORDS, pieces[0].raw)
    if world.reminded and any(piece.text in ("не приду", "не смогу прийти") for piece in pieces):
        return Wanted(Subject.CANCEL_VISIT)
    if weighty == {Sense.NO} or (confirming and question and weighty in ({Sense.NOT}, {Sense.CANCEL_WORD})):
        return No()
    if world.reminded and [piece.text for piece in pieces] == ["x"]:
        return Wanted(Subject.CANCEL_VISIT)
    if question is not None and question.asked is Asked.ACCOUNT and not question.choices:
        numbers = [piece.text for piece in pieces if piece.sense in _NUMBERS]
        named = weighty - _NUMBERS <= {Sense.ACCOUNT, Sense.MINE, Sense.BILL, Sense.NUMBER_SIGN}
        if len(numbers) == 1 and named and numbers[0].isdigit() and len(numbers[0]) >= SHORTEST_ACCOUNT:
            return Register(account=numbers[0])
    number = _only_number(pieces)
    if number is None:
        return None
    if len(number) <= 2 and (world.reminded or (question is not None and question.asked is Asked.MENU)):
        return _chosen(number, world)
    if question is not None and number.isdigit():
        if question.asked is Asked.CODE and 4 <= len(number) <= 8:
            return Code(number)
        if question.choices and len(number) <= 2:
            return _chosen(number, world)
    known = roles.known_account(number, world)
    if known is not None:
        return Balance(known.number)
    if not world.accounts and len(number) >= SHORTEST_ACCOUNT:
        return unclear(Unclear.WORDS, number)
    return None


_YES_TOO = (["так"], ["ja"], ["ya"], ["так", "вірно"])
"""Yes in languages whose word has another sense in a language that comes first."""


def _chosen(number: str, world: World) -> Command:
    choices = world.question.choices if world.question else 0
    if number.isdigit() and 1 <= int(number) <= choices:
        return Choose(int(number))
    return unclear(Unclear.WORDS, number)


def _only_number(pieces: Sequence[Piece]) -> str | None:
    """The number of a text that has nothing else but marks and what carries nothing."""
    numbers = [piece for piece in pieces if piece.sense in _NUMBERS]
    rest = {piece.sense for piece in pieces} - _NUMBERS - {Sense.MARK, Sense.POLITE, Sense.GREETING}
    return numbers[0].text if len(numbers) == 1 and not rest else None


def _made(row: Row, pieces: Sequence[Piece], read: Scene, world: World) -> Command:
    """The command of a row, with the account and the time that the text names."""
    if read.slip and row.kind not in _UNCHANGING:
        return _no_command(pieces, frozenset())
    if row.kind == "link":
        return _register(pieces)
    if isinstance(row.kind, Subject) and row.kind in _TIMED:
        return Wanted(row.kind, argument=_when(pieces, world.today))
    numbers = [piece for piece in pieces if piece.sense in _NUMBERS]
    account: str | None = None
    if row.kind is Subject.ACKNOWLEDGE:
        return Wanted(Subject.ACKNOWLEDGE, argument=numbers[0].text)
    if numbers and row.kind not in ("complaint", Subject.HUMAN):
        if len(numbers) > 1 or not _may_be_account(numbers[0], world):
            return unclear(Unclear.MONEY if row.kind == "balance" else Unclear.SEVERAL_NUMBERS, numbers[0].raw)
        known = roles.known_account(numbers[0].text, world)
        account = known.number if known else numbers[0].text
    elif len(numbers) == 1 and len(numbers[0].text) >= statement.LONGEST_NUMBER:
        account = numbers[0].text
    if row.kind == "submit" and any(_is_past_month(piece, world.today) for piece in pieces):
        return Wanted(Subject.HISTORY, account, _month_or_day(pieces))
    if isinstance(row.kind, Subject):
        return Wanted(row.kind, account, _month_or_day(pieces))
    return _PLAIN[row.kind](pieces, account)


_TIMED = frozenset((Subject.BOOK, Subject.CANCEL_VISIT, Subject.MOVE_VISIT, Subject.PROMISE))
_PLAIN: dict[str, Callable[[Sequence[Piece], str | None], Command]] = {
    "opt_out": lambda pieces, account: OptOut(),
    "opt_in": lambda pieces, account: OptIn(),
    "undo": lambda pieces, account: Undo(),
    "not_me": lambda pieces, account: NotMe(),
    "language": lambda pieces, account: SetLanguage(_tongue(pieces)),
    "help": lambda pieces, account: Help(),
    "balance": lambda pieces, account: Balance(account),
    "why": lambda pieces, account: Why(account),
    "submit": lambda pieces, account: SubmitReading(account=account),
    "complaint": lambda pieces, account: Wanted(_complaint(pieces), account),
}


def _is_past_month(piece: Piece, today: date) -> bool:
    return piece.sense is Sense.DATE and len(piece.value) == 7 and piece.value < today.isoformat()[:7]


def _tongue(pieces: Sequence[Piece]) -> str | None:
    return next((piece.value for piece in pieces if piece.sense is Sense.TONGUE), None)


def _complaint(pieces: Sequence[Piece]) -> Subject:
    return Subject.OUTAGE if any(piece.sense is Sense.OUTAGE for piece in pieces) else Subject.DISPUTE


def _may_be_account(piece: Piece, world: World) -> bool:
    known = roles.known_account(piece.text, world) is not None
    return known or piece.sense is Sense.CODE or (piece.text.isdigit() and len(piece.text) >= SHORTEST_ACCOUNT)


def _register(pieces: Sequence[Piece]) -> Command:
    """The account, the serial and the last bill's sum of «РЕГ 100004321 0098765 433,56»."""
    sums = [piece.value for piece in pieces if piece.sense is Sense.MONEY]
    numbers = [piece.text for piece in pieces if piece.sense in _NUMBERS]
    sums += [number for number in numbers if "." in number]
    plain = [number for number in numbers if "." not in number]
    if len(plain) > 2 or len(sums) > 1 or any(len(number) > statement.LONGEST_ACCOUNT for number in plain):
        return unclear(Unclear.SEVERAL_NUMBERS, " ".join(numbers))
    try:
        amount = minor(sums[0]) if sums else None
    except ValueError:
        return unclear(Unclear.MONEY, sums[0])
    account, meter, *_ = *plain, None, None
    return Register(account, meter, amount)


def _when(pieces: Sequence[Piece], today: date) -> str | None:
    """The day, the time and the ticket that a text names, as ISO and as written, separated by blanks."""
    words = []
    for position, piece in enumerate(pieces):
        if piece.sense is Sense.DATE and piece.value:
            words.append(piece.value)
        elif piece.sense is Sense.TIME:
            words.append(piece.text.zfill(5))
        elif piece.sense in _NUMBERS and piece.text.isalnum():
            words.append(_hour(piece.text, pieces[position - 1] if position else None, today))
    return " ".join(words) or None


def _hour(text: str, before: Piece | None, today: date) -> str:
    """«в 10» as 10:00, «1012» as the tenth of December, «1430» as 14:30; else as written."""
    if (
        len(text) <= 2
        and text.isdigit()
        and int(text) < 24
        and before is not None
        and before.sense is Sense.PREPOSITION
    ):
        return f"{int(text):02d}:00"
    if len(text) == 4 and text.isdigit():
        day = dates.day_of(int(text[:2]), int(text[2:]), today)
        if day:
            return day
        if int(text[:2]) < 24 and int(text[2:]) < 60:
            return f"{text[:2]}:{text[2:]}"
    return text


def _month_or_day(pieces: Sequence[Piece]) -> str | None:
    return next((piece.value for piece in pieces if piece.sense is Sense.DATE), None) or None


def _reading(pieces: Sequence[Piece], senses: frozenset[Sense], read: Scene, world: World) -> Command:
    """The reading of a text with numbers, or why it has none."""
    shape = _registration_shape(pieces, world) or _nicknamed(pieces)
    if shape is not None:
        return shape
    confirming = world.question is not None and world.question.asked is Asked.CONFIRM
    also = (
        frozenset((Sense.NO,))
        if confirming
        else _ASKED_BESIDE
        if senses & {Sense.BALANCE, Sense.OWE} and _reading_comes_first(pieces)
        else frozenset()
    )
    said = statement.state(pieces, also=also)
    if not isinstance(said, Statement):
        return said
    if any(
        piece.sense is Sense.DATE and piece.text.isalpha() and piece.value > world.today.isoformat() for piece in pieces
    ):
        return unclear(Unclear.DATE, next(piece.raw for piece in pieces if piece.sense is Sense.DATE))
    found = resolve.resolve(said, world)
    if isinstance(found, SubmitReading) and found.values and found.doubt is None:
        doubt = "typo" if read.slip else "lookalike" if read.lookalike else None
        return SubmitReading(found.values, found.account, found.meter, found.on, doubt)
    return found


def _registration_shape(pieces: Sequence[Piece], world: World) -> Command | None:
    """«713289*125*13,50» from a phone that is linked to nothing: account, house, last payment."""
    if world.accounts or len(pieces) != 5 or [piece.text for piece in pieces[1:4:2]] != ["*", "*"]:
        return None
    account, house, paid = pieces[0], pieces[2], pieces[4]
    if not all(piece.sense is Sense.NUMBER for piece in (account, house, paid)) or "." not in paid.text:
        return None
    if not account.text.isdigit() or len(account.text) < SHORTEST_ACCOUNT or len(paid.text.partition(".")[2]) != 2:
        return None
    return Register(account=account.text, amount=minor(paid.text))


def _nicknamed(pieces: Sequence[Piece]) -> Command | None:
    """«Reg 0001000001000 home»: an account and the name that it is to have."""
    if [piece.sense for piece in pieces] != [Sense.LINK, Sense.NUMBER, Sense.UNKNOWN]:
        return None
    number = pieces[1].text
    return Register(account=number) if number.isdigit() and len(number) >= LONGEST_NUMBER else None


def _reading_comes_first(pieces: Sequence[Piece]) -> bool:
    """Whether the text gives a reading before it asks for the debt."""
    for piece in pieces:
        if piece.sense in (Sense.BALANCE, Sense.OWE, Sense.HOW_MUCH, Sense.ASK):
            return piece.gap == "\n" or any(each.sense is Sense.READING for each in pieces)
        if piece.sense in _NUMBERS:
            break
    numbers = [position for position, piece in enumerate(pieces) if piece.sense in _NUMBERS]
    asked = [position for position, piece in enumerate(pieces) if piece.sense in (Sense.BALANCE, Sense.OWE)]
    own_line = any(pieces[position].gap == "\n" for position in asked)
    named = any(piece.sense is Sense.READING for piece in pieces[: numbers[0]])
    return numbers[-1] < asked[0] and (named or own_line)


def _loose(pieces: Sequence[Piece], senses: frozenset[Sense]) -> Command | None:
    """A command that changes nothing, from a short text with one unknown word."""
    unknown = [piece for piece in pieces if piece.sense is Sense.UNKNOWN]
    if len(unknown) != 1 or len(pieces) > 6:
        return None
    row = intents.match(senses - {Sense.UNKNOWN})
    if row is None or row.kind not in _LOOSE:
        return None
    return Wanted(row.kind) if isinstance(row.kind, Subject) else _PLAIN[row.kind](pieces, None)


def _no_command(pieces: Sequence[Piece], weighty: frozenset[Sense]) -> NotUnderstood:
    """The words that stood in the way."""
    piece = next((each for each in pieces if each.sense is Sense.UNKNOWN), None)
    piece = piece or next((each for each in pieces if each.sense in weighty), pieces[0] if pieces else None)
    return unclear(Unclear.WORDS, piece.raw if piece else "")
