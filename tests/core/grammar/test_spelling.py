"""Words are found behind other letters, other keys and slips of the finger."""

import pytest

from core.grammar import spelling


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pokazaniya", "показания"), ("pokazanija", "показания"), ("pokazania", "показания"),
        ("zadolzhennost", "задолженность"), ("schetchik", "счетчик"), ("pomoshch", "помощ"), ("dolg", "долг"),
        ("zadoljennost", "задолженность"), ("бaлaнc", "баланс"), ("cтoп", "стоп"), ("gjvjom", "помощь"),
        ("ыещз", "stop"), ("ltym", "день"), ("слон", None), ("zzzz", None),
    ],
)  # fmt: skip
def test_meant_word(written: str, meant: str | None) -> None:
    assert spelling.meant_word(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("показанмя", "показания"), ("пкоазания", "показания"), ("баллнас", "баланс"), ("длог", "долг"),
        ("raeding", "reading"), ("слоник", None), ("да", None), ("показательствование", None),
    ],
)  # fmt: skip
def test_corrected(written: str, meant: str | None) -> None:
    assert spelling.corrected(written) == meant


@pytest.mark.parametrize(
    ("written", "right", "lookalike"),
    [
        (",fkfyc", "баланс", False), ("ljku?", "ljku?", False), ("45О2", "4502", False), ("1234o", "12340", False),
        ("l2345", "12345", True), ("1З345", "13345", True), ("п0казания", "показания", False),
        ("6аланс", "баланс", False), ("т1", "т1", False), ("10кв25", "10кв25", False), ("В17", "В17", False),
        ("12345kWh", "12345kWh", False),
    ],
)  # fmt: skip
def test_put_right(written: str, right: str, lookalike: bool) -> None:
    assert spelling.put_right(written) == (right, lookalike)
