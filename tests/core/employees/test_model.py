"""What an employee may be called, which password he may have, and how long his login holds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.employees import proving
from core.employees.model import FIRST, Refused, check_login, check_password, is_open, look_hash

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize("login", ["ivanova", "a1", "i.ivanov-2_x", "a" * 32])
def test_a_login_is_taken(login: str) -> None:
    check_login(login)


@pytest.mark.parametrize("login", ["", "a", "Ivanova", "иванова", "1abc", "a b", "a" * 33, "ab\n", "customer;"])
def test_what_is_no_login_is_refused(login: str) -> None:
    with pytest.raises(Refused):
        check_login(login)


@pytest.mark.parametrize("password", ["correct horse battery", "шесть слов подряд и всё", "x7#kQ!p0zz9L"])
def test_a_password_is_taken(password: str) -> None:
    check_password(password, login="ivanova", name="Anna Ivanova")


@pytest.mark.parametrize("password", ["", "short", "a" * 40, "ivanova anna ivanova", "meterlinemeterline", "y" * 129])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Refused):
        check_password(password, login="ivanova", name="Anna Ivanova")


@pytest.mark.parametrize(
    ("begun", "seen", "open_"), [(0, 0, True), (29, 29, True), (60, 30, False), (60, 0, True), (721, 1, False)]
)
def test_a_login_holds_for_a_while(begun: int, seen: int, open_: bool) -> None:
    # R35
    ago = [NOON - timedelta(minutes=one) for one in (begun, seen)]
    assert is_open(ago[0], ago[1], None, at=NOON) == open_
    assert not is_open(ago[0], ago[1], ago[1], at=NOON)


def test_a_code_holds_for_its_step_and_those_beside_it() -> None:
    secret = proving.new_secret()
    for seconds, right in ((0, True), (30, True), (-30, True), (90, False), (-90, False)):
        code = proving.code_of(secret, at=NOON + timedelta(seconds=seconds))
        assert (proving.step_of(secret, f"{code[:3]} {code[3:]}", at=NOON) is not None) == right


@given(st.text(max_size=12))
def test_no_text_raises_as_a_code(text: str) -> None:
    proving.step_of("JBSWY3DPEHPK3PXP", text, at=NOON)


@given(st.text(), st.text())
def test_the_parts_of_a_look_cannot_run_into_each_other(what: str, reason: str) -> None:
    # R30: the border between page and reason counts
    told = look_hash(1, 2, NOON, 3, what, reason, FIRST)
    assert told != look_hash(1, 2, NOON, 3, what + "x", reason, FIRST)
    assert what + reason == "" or told != look_hash(1, 2, NOON, 3, reason + what + "!", "", FIRST)


def test_the_zone_of_a_look_does_not_matter() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=3)))
    assert look_hash(1, 2, NOON, None, "/", "list", FIRST) == look_hash(1, 2, there, None, "/", "list", FIRST)


def test_an_invitation_is_known_however_it_is_typed() -> None:
    code = proving.new_invitation()
    assert len(code) == 23
    assert proving.invitation_digest(code) == proving.invitation_digest(f" {code.lower().replace('-', ' ')} ")
