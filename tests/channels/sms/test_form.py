"""Reading a webhook's form: strictly, and without losing a byte of what was signed."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms import form

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=20))
def test_reads_what_was_written(fields: list[tuple[str, str]]) -> None:
    written = urlencode(fields).encode()
    assert form.parse(written) == tuple(fields)
    assert list(form.parse(written)) == parse_qsl(written.decode(), keep_blank_values=True, strict_parsing=bool(fields))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        fields = form.parse(body)
    except form.Malformed:
        return
    for name, value in fields:
        (name + value).encode("utf-8", "surrogateescape")
        form.clean(value).encode()


@pytest.mark.parametrize("body", [b"a", b"a=1&", b"&a=1", b"a=1&&b=2", b"a=%", b"a=%4", b"a=%zz"])
def test_broken_forms_are_refused(body: bytes) -> None:  # R10
    with pytest.raises(form.Malformed):
        form.parse(body)


def test_only_an_ampersand_separates() -> None:
    assert form.parse(b"a=1;b=2&c=") == (("a", "1;b=2"), ("c", ""))


def test_a_hundred_fields_and_no_more() -> None:  # R10
    assert len(form.parse(b"&".join([b"a=1"] * 100))) == 100
    with pytest.raises(form.Malformed):
        form.parse(b"&".join([b"a=1"] * 101))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("04512", "04512"),
        ("04\x00512", "04512"),
        ("\x00\x00", ""),
        ("и\u0306", "й"),
        ("e\u0301", "é"),
        ("a\ud83db", "a\ufffdb"),
        ("\udced\udca0\udcbd", "\ufffd\ufffd\ufffd"),
        ("４", "４"),
    ],
)
def test_cleaning(raw: str, clean: str) -> None:  # R10
    assert form.clean(raw) == clean


@pytest.mark.parametrize(
    ("content_type", "accepted"),
    [
        ("application/x-www-form-urlencoded", True),
        ("application/x-www-form-urlencoded; charset=UTF-8", True),
        ('Application/X-WWW-Form-Urlencoded ;charset="utf-8"', True),
        ("application/x-www-form-urlencoded;", True),
        ("application/x-www-form-urlencoded; charset=utf-7", False),
        ("application/x-www-form-urlencoded; charset=utf-16", False),
        ("application/x-www-form-urlencoded; charset=utf-8; charset=utf-16", False),
        ("application/x-www-form-urlencoded; boundary=x", False),
        ("multipart/form-data; boundary=x", False),
        ("application/json", False),
        ("text/plain", False),
        ("", False),
    ],
)
def test_content_types(content_type: str, accepted: bool) -> None:  # R10
    assert form.is_form(content_type) is accepted
