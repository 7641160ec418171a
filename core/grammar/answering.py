"""Reads a text as the answer to the question that is open to its sender."""

from collections.abc import Sequence

from core.commands import (
    Balance,
    Choose,
    Code,
    Command,
    No,
    OptIn,
    Register,
    Subject,
    Unclear,
    Wanted,
    Yes,
)
from core.grammar import roles
from core.grammar.refusing import NUMBERS, unclear
from core.grammar.roles import SHORTEST_END
from core.grammar.scene import Piece
from core.grammar.senses import Sense
from core.grammar.world import Asked, World

SHORTEST_ACCOUNT = 6


def answer(pieces: Sequence[Piece], weighty: frozenset[Sense], world: World) -> Command | None:
    """The answer to the question that is open, or None where the text is no answer."""
    question = world.question
    confirming = world.reminded or (question is not None and question.asked is Asked.CONFIRM)
    texts = [piece.text for piece in pieces if piece.sense is not Sense.MARK]
    if confirming and (weighty in ({Sense.YES}, {Sense.CONFIRM}, {Sense.YES, Sense.CONFIRM}) or texts in _YES_TOO):
        return Yes()
    if question is not None and question.asked is Asked.CONFIRM and Sense.YES in weighty and weighty <= _AGREEING:
        return Yes()
    if weighty == {Sense.YES}:
        return OptIn() if any(piece.text == "yes" for piece in pieces) else unclear(Unclear.WORDS, pieces[0].raw)
    if (world.reminded or world.visits) and Sense.ABSENT in weighty and weighty <= _ABSENT:
        return Wanted(Subject.CANCEL_VISIT)
    if weighty == {Sense.NO} or (
        confirming and question and (weighty in ({Sense.NOT}, {Sense.CANCEL_WORD}) or texts in _NO_TOO)
    ):
        return No()
    if world.reminded and [piece.text for piece in pieces] == ["x"]:
        return Wanted(Subject.CANCEL_VISIT)
    if question is not None and question.asked is Asked.ACCOUNT and not question.choices:
        numbers = [piece.text for piece in pieces if piece.sense in NUMBERS]
        named = weighty - NUMBERS <= {Sense.ACCOUNT, Sense.MINE, Sense.BILL, Sense.NUMBER_SIGN}
        if len(numbers) == 1 and named and numbers[0].isdigit() and len(numbers[0]) >= SHORTEST_ACCOUNT:
            return Register(account=numbers[0])
    if question is not None and question.asked is Asked.CODE and (code := _code(pieces, world)) is not None:
        return code
    choice = _choice(pieces, weighty, world)
    if choice is not None:
        return choice
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


_ABSENT = frozenset(
    (Sense.ABSENT, Sense.NO, Sense.VISIT, Sense.DATE, Sense.TIME, Sense.PART_OF_DAY, Sense.NOW, Sense.FEELING)
)
"""What may stand beside the word that one will not come."""

_YES_TOO = (["так"], ["ja"], ["ya"], ["так", "вірно"], ["da"], ["lf"], ["+"], ["confirmed"])
"""Yes in languages whose word has another sense in a language that comes first, and on the other keyboard layout."""

_AGREEING = frozenset((Sense.YES, Sense.CONFIRM, Sense.READING, Sense.SEND, Sense.RECORD))
"""«подтверждаю показания», «да, записывайте»: what may stand beside the yes to a reading."""

_NO_TOO = (["ошибка"], ["опечатка"])
"""No in words that are a complaint or nothing where no question is open."""


def _choice(pieces: Sequence[Piece], weighty: frozenset[Sense], world: World) -> Choose | None:
    """«второй», «№ 2», «дача», «..0006»: one of the offered answers, by its place or by its account."""
    question = world.question
    if question is None or not question.choices or not weighty <= _CHOOSING:
        return None
    said = [piece for piece in pieces if piece.sense in NUMBERS or piece.sense is Sense.ORDINAL]
    if len(said) != 1:
        return None
    place = said[0].value if said[0].sense is Sense.ORDINAL else said[0].text
    if place.isdigit() and len(place) < SHORTEST_END:
        return Choose(int(place)) if 1 <= int(place) <= question.choices else None
    own = roles.known_account(place, world) or roles.account_ending(place, world)
    if own is None or own.number not in question.accounts:
        return None
    return Choose(question.accounts.index(own.number) + 1)


CODE_DIGITS = 6


def _code(pieces: Sequence[Piece], world: World) -> Code | None:
    """«код 482 100», and from a phone that has no meter also «482 100»: the six digits, however they are grouped."""
    senses = {piece.sense for piece in pieces}
    numbers = [piece.text for piece in pieces if piece.sense in NUMBERS]
    grouped = "".join(numbers)
    if not (senses <= _BESIDE_CODE and grouped.isdecimal() and len(grouped) == CODE_DIGITS):
        return None
    return Code(grouped) if Sense.IDENTITY in senses or len(numbers) == 1 or not world.accounts else None


_BESIDE_CODE = NUMBERS | {
    Sense.IDENTITY, Sense.MARK, Sense.FILLER, Sense.MINE, Sense.POLITE, Sense.GREETING, Sense.THANKS, Sense.ACKNOWLEDGE,
}  # fmt: skip

_CHOOSING = NUMBERS | {Sense.ORDINAL, Sense.ACCOUNT, Sense.NUMBER_SIGN, Sense.BILL, Sense.METER, Sense.MINE}


def _chosen(number: str, world: World) -> Command:
    choices = world.question.choices if world.question else 0
    if number.isdigit() and 1 <= int(number) <= choices:
        return Choose(int(number))
    return unclear(Unclear.WORDS, number)


def _only_number(pieces: Sequence[Piece]) -> str | None:
    """The number of a text that has nothing else but marks and what carries nothing."""
    numbers = [piece for piece in pieces if piece.sense in NUMBERS]
    rest = {piece.sense for piece in pieces} - NUMBERS - {Sense.MARK, Sense.POLITE, Sense.GREETING}
    return numbers[0].text if len(numbers) == 1 and not rest else None
