"""Numbers in words, thousands written apart, digit by digit."""

from collections.abc import Sequence
from dataclasses import replace

from core.grammar.scene import Piece
from core.grammar.senses import Sense

ROUND = "round"
"""The value of a number that was said in whole thousands: it may be meant roughly."""

SPLIT = "split"
"""The value of number words that make several numbers: they may be meant as one."""


def spoken(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces with every run of number words put together to one number; where a run can be read in two ways, it
    becomes several numbers."""
    if not any(piece.sense in (Sense.NUMERAL, Sense.THOUSAND, Sense.FRACTION) for piece in pieces):
        return tuple(pieces)
    result: list[Piece] = []
    run: list[Piece] = []
    for place, piece in enumerate(pieces):
        if run and _is_within(pieces, place, run):
            continue
        if piece.value == "1000" and piece.sense is Sense.NUMERAL and not run and result and _is_short(result[-1]):
            result.append(replace(piece, sense=Sense.THOUSAND))
        elif piece.sense is Sense.NUMERAL or (piece.sense is Sense.AND and run and piece.text == "and"):
            run.append(piece)
        else:
            result.extend(_put_together(run))
            run = []
            result.append(piece)
    result.extend(_put_together(run))
    return _with_fractions(_with_thousands(result))


def _put_together(run: list[Piece]) -> list[Piece]:
    spare: list[Piece] = []
    while run and run[-1].sense is Sense.AND:
        spare.insert(0, run.pop())
    values = [int(piece.value) for piece in run if piece.sense is Sense.NUMERAL]
    if not values:
        return run + spare
    first = run[0]
    raw = " ".join(piece.raw for piece in run)
    while len(values) > 1 and values[0] == 0 and max(values) > 9:
        del values[0]
    if len(values) > 1 and all(value < 10 for value in values):
        return [replace(first, sense=Sense.NUMBER, text="".join(map(str, values)), raw=raw, value=""), *spare]
    groups = _groups(values)
    kinds = [SPLIT if len(groups) > 1 else _round(group) for group in groups]
    numbers = zip(groups, kinds, strict=True)
    return [
        replace(first, sense=Sense.NUMBER, text=str(number), raw=raw, value=kind) for number, kind in numbers
    ] + spare


def _is_within(pieces: Sequence[Piece], place: int, run: Sequence[Piece]) -> bool:
    """Whether a mark stands within a number: «forty-five», «one, two, three»."""
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    if pieces[place].text == "-":
        return pieces[place].gap == "" and after is not None and after.gap == "" and after.sense is Sense.NUMERAL
    digits = pieces[place].text == "," and all(int(each.value or 10) < 10 for each in run)
    return digits and _digit_follows(pieces, place)


def _digit_follows(pieces: Sequence[Piece], place: int) -> bool:
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    return after is not None and after.sense is Sense.NUMERAL and int(after.value) < 10


def _round(number: int) -> str:
    return ROUND if number % 1000 == 0 else ""


def _groups(values: Sequence[int]) -> list[int]:
    """Cuts a run of number words where one number ends and the next begins."""
    groups: list[int] = []
    thousands = below = 0
    room = 1000
    open_group = False
    for value in values:
        if value == 1000 and open_group and not thousands:
            thousands, below, room = (below or 1) * 1000, 0, 1000
        elif value == 100 and 0 < below < 10:
            below, room = below * 100, 100
        elif value == 0 and open_group:
            continue
        elif value < room or (value == 1000 and not open_group):
            if value == 1000:
                thousands = 1000
            else:
                below += value
                room = 100 if value >= 100 else 10 if value >= 20 else 0
        else:
            groups.append(thousands + below)
            thousands, below = 0, value
            room = 100 if value >= 100 else 10 if value >= 20 else 0
        open_group = True
    return [*groups, thousands + below]


def _with_thousands(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """«12 тыс 345» as 12345."""
    result: list[Piece] = []
    position = 0
    while position < len(pieces):
        piece = pieces[position]
        if piece.sense is Sense.THOUSAND and result and _is_short(result[-1]):
            before = result.pop()
            dot = position + 2 < len(pieces) and pieces[position + 1].text == "." and not pieces[position + 1].gap
            position += dot and _is_short(pieces[position + 2])
            after = pieces[position + 1] if position + 1 < len(pieces) else None
            rest = int(after.text) if after is not None and _is_short(after) else 0
            raw = f"{before.raw} {piece.raw}" + (f" {after.raw}" if after and rest else "")
            number = int(before.text) * 1000 + rest
            result.append(replace(before, text=str(number), raw=raw, value=_round(number)))
            position += 2 if after is not None and _is_short(after) else 1
        else:
            result.append(piece)
            position += 1
    return tuple(result)


def _with_fractions(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """«двести две целых пять десятых», «99 запятая 3» as one number; its hundredths have two digits."""
    result: list[Piece] = []
    position = 0
    while position < len(pieces):
        mark, part, *unit = *pieces[position : position + 3], None, None
        joins = result and mark is not None and mark.sense is Sense.FRACTION and not mark.value
        if joins and _is_whole(result[-1]) and part is not None and _is_whole(part) and len(part.text) <= 2:
            named = unit[0] is not None and unit[0].sense is Sense.FRACTION and unit[0].value
            digits = part.text.zfill(len(unit[0].value) - 1) if unit[0] is not None and named else part.text
            whole = result.pop()
            raw = " ".join(piece.raw for piece in (whole, *pieces[position : position + 2 + bool(named)]))
            result.append(replace(whole, text=f"{whole.text}.{digits}", raw=raw, value=""))
            position += 3 if named else 2
        else:
            result.append(pieces[position])
            position += 1
    return tuple(result)


def _is_whole(piece: Piece) -> bool:
    return piece.sense is Sense.NUMBER and piece.text.isdigit()


def _is_short(piece: Piece) -> bool:
    return piece.sense is Sense.NUMBER and piece.text.isdigit() and len(piece.text) <= 3
