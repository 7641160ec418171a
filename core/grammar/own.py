"""What the sender has, where a text calls it as he and the company do: his names for accounts, ends of numbers, serials
with letters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.grammar import roles, spelling
from core.grammar.folding import fold
from core.grammar.scene import Piece
from core.grammar.senses import Sense
from core.grammar.world import World

SHORTEST_NAME = 3
MOST_PARTS = 12
"""Pieces that one written code can be cut into."""

_PART = re.compile(r"[^\W\d_]+|\d+")
_NAMED_SENSES = frozenset(
    (
        Sense.UNKNOWN, Sense.HOUSE, Sense.FLAT, Sense.CITY, Sense.STREET, Sense.STREET_NAME, Sense.PERSON, Sense.CLERK,
        Sense.NUMBER, Sense.ORDINAL, Sense.PRONOUN, Sense.MINE, Sense.ADDRESS,
    )
)  # fmt: skip
"""Words with which an account may be named in a text; a name of other words is told by its number."""
_ADDRESSED = frozenset((Sense.HOUSE, Sense.FLAT, Sense.STREET))


def codes(world: World) -> frozenset[str]:
    """The sender's serials and accounts with letters or hyphens, in the form of `spelling.code_key`."""
    return frozenset(spelling.code_key(code) for code in _codes(world) if not code.isdigit())


def _codes(world: World) -> Iterator[str]:
    for account in world.accounts:
        yield account.number
        yield from (meter.serial for meter in account.meters if meter.serial)


def recognized(pieces: Sequence[Piece], world: World) -> tuple[Piece, ...]:
    """The pieces with every name of an account, every end of a number as the company prints it («..0006», «*5678») and
    every code with letters put to the number for which it stands."""
    kept = tuple(pieces)
    known = {spelling.code_key(code): code for code in _codes(world) if not code.isdigit()}
    if known:
        kept = _with_codes(kept, known)
    if any(account.name for account in world.accounts):
        kept = _with_names(kept, world)
    return _with_ends(kept, world) if not _BEFORE_ENDS.isdisjoint(piece.text for piece in kept) else kept


_BEFORE_ENDS = frozenset((".", "*"))


def _code(pieces: Sequence[Piece], code: str) -> Piece:
    return Piece(Sense.CODE, code, "".join(piece.gap[:1] + piece.raw for piece in pieces).strip(), pieces[0].gap)


def _with_codes(pieces: tuple[Piece, ...], known: dict[str, str]) -> tuple[Piece, ...]:
    result: list[Piece] = []
    position = 0
    while position < len(pieces):
        length = _code_at(pieces, position, known)
        if length:
            glued = pieces[position : position + length]
            result.append(_code(glued, known[spelling.code_key("".join(piece.raw for piece in glued))]))
        else:
            result.append(pieces[position])
        position += length or 1
    return tuple(result)


def _code_at(pieces: Sequence[Piece], start: int, known: dict[str, str]) -> int:
    """How many pieces from `start` on make one of the codes; a code glued to further letters or digits is none."""
    before = pieces[start - 1] if start else None
    if before is not None and pieces[start].gap == "" and before.raw[-1:].isalnum():
        return 0
    written, best = "", 0
    for length, piece in enumerate(pieces[start : start + MOST_PARTS], 1):
        if length > 1 and (piece.gap or not (piece.raw.isalnum() or piece.raw in ("-", "/"))):
            break
        written += piece.raw
        after = pieces[start + length] if start + length < len(pieces) else None
        ends = after is None or after.gap or not after.raw[:1].isalnum()
        best = length if ends and spelling.code_key(written) in known else best
    return best


def _with_names(pieces: tuple[Piece, ...], world: World) -> tuple[Piece, ...]:
    names = [(_parts(account.name), account.number) for account in world.accounts if account.name]
    for words, number in sorted(names, key=lambda named: -len(named[0])):
        if len("".join(words)) < SHORTEST_NAME or sum(words == others for others, _ in names) > 1:
            continue
        for start in range(len(pieces)):
            length = _name_at(pieces, start, words)
            if length:
                code = _code(pieces[start : start + length], number)
                pieces = (*pieces[:start], code, *pieces[start + length :])
                break
    return pieces


def _parts(text: str) -> list[str]:
    return _PART.findall(fold(text).lower())


def _name_at(pieces: Sequence[Piece], start: int, words: Sequence[str]) -> int:
    """How many pieces from `start` on are the name. «Дом 5» is an address though an account is called «Дом»."""
    said: list[str] = []
    for length, piece in enumerate(pieces[start : start + len(words)], 1):
        said += _parts(piece.raw)
        named = piece.sense in _NAMED_SENSES or piece.slip  # «cottage» is a name before it is a slip of «outage»
        if not named or said != list(words[: len(said)]):
            return 0
        if len(said) == len(words):
            after = pieces[start + length] if start + length < len(pieces) else None
            small = after is not None and after.sense is Sense.NUMBER and len(after.text) < roles.SHORTEST_END
            return 0 if small and piece.sense in _ADDRESSED else length
    return 0


def _with_ends(pieces: Sequence[Piece], world: World) -> tuple[Piece, ...]:
    """«..0006» as the account that ends so, «*5678 4321» as the meter that ends so and its reading."""
    result: list[Piece] = []
    for position, piece in enumerate(pieces):
        dots = _marks_before(result, ".") if piece.sense is Sense.NUMBER and piece.gap == "" else 0
        stars = _marks_before(result, "*") if piece.sense is Sense.NUMBER and piece.gap == "" else 0
        more = any(each.sense is Sense.NUMBER for each in pieces[position + 1 :])
        account = roles.account_ending(piece.text, world) if dots > 1 else None
        meter = roles.meter_ending(piece.text, world) if stars and more else None
        number = account.number if account else meter.serial if meter else None
        if number is None:
            result.append(piece)
            continue
        gap = result[-(dots or stars)].gap
        del result[-(dots or stars) :]
        result.append(replace(_code((piece,), number), gap=gap))
    return tuple(result)


def _marks_before(pieces: Sequence[Piece], sign: str) -> int:
    """How many marks stand glued together at the end, the first of them not glued to a word or number."""
    count = 0
    while count < len(pieces) and pieces[-1 - count].text == sign:
        count += 1
        if pieces[-count].gap:
            return count
    return count if count == len(pieces) else 0
