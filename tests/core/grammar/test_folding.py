"""Signs that mean the same become one; what is broken is told."""

import pytest

from core.grammar.folding import BROKEN, JUNK, fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Счётчик", "Счетчик"), ("１２３", "123"), ("١٢٣", "123"), ("१२३", "123"), ("𝟏𝟐", "12"), ("①②", "12"),
        ("1️⃣2️⃣", "12"), ("12\xad345", "12345"), ("12\u200b3", "123"), ("а\u0336б\u0336", "аб"), ("Zähler", "Zahler"),
        ("rādījums", "radijums"), ("й ї", "й ї"), ("«а»", '"а"'), ("a—b–c", "a—b-c"), ("а\u00a0б", "а б"),
        ("a\r\nb", "a\n\nb"), ("кВт·ч", "кВт.ч"), ("❤️", " "), ("👍🏽", " "), ("ＳＴＯＰ", "STOP"), ("n’t", "n't"),
    ],
)  # fmt: skip
def test_one_sign_for_each_meaning(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("text", ["12\x0045", chr(0xD83D), "\ufffd", "\u202e12", "\u2066", "1\u03362", "1٢3"])
def test_broken(text: str) -> None:
    assert BROKEN in fold(text)


@pytest.mark.parametrize("text", ["12²", "½", "Ⅻ", "❌5", "−5"])
def test_no_plain_number(text: str) -> None:
    assert JUNK in fold(text)
