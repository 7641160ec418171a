"""What a customer probably meant by a number that cannot be: the slips of a thumb that lead to it."""

from collections.abc import Iterator

from core.basics.money import MILLI
from core.metering.expecting import Expectation


def suggest(digits: str, expected: Expectation) -> str | None:
    """The number that was probably meant by an impossible `digits`, as the meter shows it; None where no slip explains
    it (billing.md section 6, check 13).

    Of the slips whose result would be taken without a question the commonest kind wins, then the use nearest to the
    usual one, then the smaller number; so the same number always gets the same suggestion.
    """
    whole = digits.partition(".")[0].zfill(expected.meter.digits)
    best: tuple[int, int, int] | None = None
    for kind, number in _slips(whole):
        value = int(number) * MILLI
        if len(number) > expected.meter.digits or number == whole or not expected.ordinary(value):
            continue
        rank = (kind, expected.misfit(value), value)
        best = rank if best is None or rank < best else best
    return None if best is None else str(best[2] // MILLI).zfill(expected.meter.digits)


def _slips(whole: str) -> Iterator[tuple[int, str]]:
    """(kind, number meant), the commonest kinds first: a digit too many at the end (the leading zero left out, the
    first decimal taken along), two neighbours swapped, one digit wrong, a digit too many elsewhere."""
    yield 0, "0" + whole[:-1]
    for at in range(len(whole) - 1):
        yield 1, whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
    for at, digit in enumerate(whole):
        for other in "0123456789":
            if other != digit:
                yield 2, whole[:at] + other + whole[at + 1 :]
    for at in range(len(whole) - 1):
        yield 3, "0" + whole[:at] + whole[at + 1 :]
