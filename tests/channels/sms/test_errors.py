"""What Twilio's refusals mean: clear or not, and whether the same message may be tried again."""

import json
from collections.abc import Mapping

import pytest

from channels.port import SendFailed, SendUnclear
from channels.sms import errors

NO_HEADERS: Mapping[str, str] = {}


def told(code: int, words: str = "No") -> str:
    return json.dumps({"code": code, "message": words, "more_info": "", "status": 400})


@pytest.mark.parametrize(
    ("status", "code", "again"),
    [
        (400, 21211, False),
        (400, 21214, False),
        (400, 21408, False),
        (400, 21602, False),
        (400, 21606, True),
        (400, 21610, False),
        (400, 21611, True),
        (400, 21612, False),
        (400, 21614, False),
        (400, 21617, False),
        (400, 30001, True),
        (400, 30003, False),
        (400, 30005, False),
        (400, 30006, False),
        (400, 30007, False),
        (400, 59999, False),
        (401, 20003, True),
        (401, 59999, True),
        (403, 20005, True),
        (404, 20404, True),
        (500, 21610, False),
        (503, 30001, True),
    ],
)
def test_clear_refusals(status: int, code: int, again: bool) -> None:  # R20
    refused = errors.refusal(status, NO_HEADERS, told(code))
    assert isinstance(refused, SendFailed)
    assert (refused.code, refused.detail, refused.again, refused.retry_after) == (str(code), "No", again, None)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (500, told(20500)),
        (500, told(59999)),
        (500, ""),
        (502, "<html>"),
        (503, told(20503)),
        (429, told(20429)),
        (429, told(59999)),
        (429, ""),
        (503, "overloaded"),
        (504, told(504)),
        (408, told(20408)),
        (302, ""),
        (100, ""),
        (599, "[]"),
        (500, '{"code": "21610"}'),
        (500, '{"code": true}'),
        (500, '{"code": null, "message": 7}'),
    ],
)
def test_unclear_answers(status: int, text: str) -> None:  # R20
    assert isinstance(errors.refusal(status, NO_HEADERS, text), SendUnclear)


@pytest.mark.parametrize(("status", "again"), [(400, False), (403, True), (404, True), (407, True)])
def test_refused_by_somebody_between(status: int, again: bool) -> None:
    refused = errors.refusal(status, NO_HEADERS, "<html>blocked by a proxy")
    assert isinstance(refused, SendFailed)
    assert (refused.code, refused.again) == (f"http-{status}", again)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 0 "}, 0.0),
        ({"Retry-After": "999999999999999999"}, 3600.0),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "٧"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
        ({"Retry-After": "Fri, 21 Nov 2025 09:00:30 GMT", "Date": "Fri, 21 Nov 2025 09:00:00 GMT"}, 30.0),
        ({"Retry-After": "Fri, 21 Nov 2025 09:00:00 GMT", "Date": "Fri, 21 Nov 2025 09:00:30 GMT"}, 0.0),
        ({"Retry-After": "Fri, 21 Nov 2025 09:00:30 GMT"}, None),
        ({"Retry-After": "Fri, 21 Nov 2025 09:00:30 GMT", "Date": "Fri, 21 Nov 2025 09:00:00 -0000"}, None),
    ],
)
def test_when_to_come_again(headers: Mapping[str, str], wait: float | None) -> None:
    refused = errors.refusal(401, headers, told(20003))
    assert isinstance(refused, SendFailed)
    assert refused.retry_after == wait


@pytest.mark.parametrize(
    ("status", "text", "refused"),
    [
        (429, told(20429), "20429"),
        (429, "<html>slow down", "http-429"),
        (503, told(20503), None),
        (503, "overloaded", None),
        (500, told(20500), None),
    ],
)
def test_who_is_overloaded_is_left_alone_and_not_believed(status: int, text: str, refused: str | None) -> None:  # R20
    """Only the list tells whether the message was taken all the same; of 429 it may do so at once."""
    unclear = errors.refusal(status, {"Retry-After": "2"}, text)
    assert isinstance(unclear, SendUnclear)
    assert (unclear.retry_after, unclear.refused) == (2.0, refused)


def test_a_final_refusal_names_no_time() -> None:
    refused = errors.refusal(400, {"Retry-After": "2"}, told(21610))
    assert isinstance(refused, SendFailed)
    assert refused.retry_after is None


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("The 'To' number +79001112233 is not valid", "The 'To' number … is not valid"),
        ("+1 (415) 867-5309 and 8 900 111-22-33 opted out", "… and … opted out"),
        ("Attempt 2 of 3", "Attempt 2 of 3"),
        ("x" * 500, "x" * 200),
    ],
)
def test_words_hold_no_phone(words: str, shown: str) -> None:  # R41
    refused = errors.refusal(400, NO_HEADERS, told(21211, words))
    assert isinstance(refused, SendFailed)
    assert refused.detail == shown
