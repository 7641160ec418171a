"""A recipient's code is read as he types it, whichever he was given."""

import itertools
from collections.abc import Callable

import pytest

from core.commands import Subject, Wanted
from core.grammar.understanding import understand
from core.notices import rules
from tests.core.grammar.worlds import SINGLE

CODES = ["".join(signs) for signs in itertools.product(*(rules.CODE_DIGITS, rules.CODE_LETTERS) * 2)]
IN_RUSSIAN = str.maketrans("HKMPCTX", "НКМРСТХ")


@pytest.mark.parametrize("written", [str, str.lower, lambda code: code.translate(IN_RUSSIAN)])
@pytest.mark.parametrize("word", ["ок", "OK", "прочитал:"])
def test_every_code_is_read_beside_the_word(word: str, written: Callable[[str], str]) -> None:
    for code in CODES[::13]:
        command = understand(f"{word} {written(code)}", SINGLE)
        assert isinstance(command, Wanted), code
        assert command.subject is Subject.ACKNOWLEDGE, code
        assert rules.same_code(command.argument or "", code)


def test_chance_makes_every_code() -> None:
    assert rules.code_of(bytes(4)) == CODES[0]
    assert rules.code_of(bytes((6, 15, 6, 15))) == CODES[-1]
    assert rules.code_of(b"\xff\xff\xff\xff") in CODES
