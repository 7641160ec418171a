"""What may be written down of a contract, and what its phone may be told."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.accounts.model import SCOPES, Role, Scope
from core.contracts import rules, texts
from core.contracts.model import EXTRA, TERMS, Bar, Document, Refused, Standing, Topic, Wanted

TODAY = date(2025, 11, 21)
MOSCOW = ZoneInfo("Europe/Moscow")


def wanted(**more: Any) -> Wanted:
    usual: dict[str, Any] = {
        "phone": "+79780001705", "person": "Анна  Иванова", "role": Role.OWNER, "document": Document.PASSPORT,
        "document_tail": "4321", "dated": TODAY, "language": "ru",
    }  # fmt: skip
    return Wanted(**usual | more)


def test_what_is_right_is_written_in_one_way() -> None:
    checked = rules.check(wanted(document_tail=" 4б1 "), today=TODAY)
    assert (checked.person, checked.document_tail) == ("Анна Иванова", "4Б1")


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("phone", {"phone": "89780001705"}),
        ("phone", {"phone": "+7 978 000"}),
        ("person", {"person": "  "}),
        ("person", {"person": "x" * 101}),
        ("person", {"person": "a\x07b"}),
        ("document_tail", {"document_tail": "4510 123456"}),
        ("document_tail", {"document_tail": "12"}),
        ("dated", {"dated": TODAY + timedelta(days=1)}),
        ("dated", {"dated": TODAY - timedelta(days=367)}),
        ("role", {"role": Role.UNVERIFIED}),
        ("extra", {"role": Role.HELPER, "extra": frozenset({Scope.LEGAL})}),
        ("extra", {"role": Role.TENANT, "extra": frozenset({Scope.MANAGE})}),
        ("topics", {"role": Role.PAYER, "topics": frozenset({Topic.LEGAL_SMS})}),
        ("topics", {"topics": frozenset({Topic.NEWS})}),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(field: str, more: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        rules.check(wanted(**more), today=TODAY)
    assert refused.value.field == field


def test_no_role_is_allowed_by_a_contract_what_is_the_owners_alone() -> None:  # R32
    for role, extra in EXTRA.items():
        assert not extra & {Scope.LEGAL, Scope.MANAGE}
        assert not extra & SCOPES[role], "what the role has is not given again"


PNG = b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("kind", "scan"),
    [("pdf", b"%PDF-1.4 x %%EOF"), ("jpeg", b"\xff\xd8\xff\xe0 x \xff\xd9"), ("png", PNG)],
)
def test_a_scan_is_known_by_its_bytes(kind: str, scan: bytes) -> None:
    assert rules.kind_of(scan) == kind
    with pytest.raises(Refused, match="did not come whole"):
        rules.kind_of(scan[:6] + b"cut" if kind != "png" else scan[:12])


@pytest.mark.parametrize(
    "scan", [b"", b"<html>%PDF-1.4 %%EOF", b"GIF89a", b"MZ\x90", b"%PDF-" + b"x" * rules.LARGEST + b"%%EOF"]
)
def test_what_is_no_scan_is_refused(scan: bytes) -> None:
    with pytest.raises(Refused):
        rules.kind_of(scan)


def test_a_paper_of_today_counts_from_now_and_an_older_one_from_its_day() -> None:
    at = datetime(2025, 11, 21, 9, tzinfo=UTC)
    assert rules.since(TODAY, zone=MOSCOW, at=at) == at
    assert rules.since(date(2025, 11, 20), zone=MOSCOW, at=at) == datetime(2025, 11, 19, 21, tzinfo=UTC)


_WORDS = (None, True, False)
_OWNER, _TENANT = SCOPES[Role.OWNER], SCOPES[Role.TENANT]


@pytest.mark.parametrize("topic", TERMS)
def test_every_topic_in_every_standing(topic: Topic) -> None:  # R28
    for scopes, contract, given, news in product((None, _OWNER, _TENANT), (True, False), _WORDS, _WORDS):
        found = rules.bar(topic, Standing(scopes, contract, given, news))
        legal = topic in (Topic.LEGAL_SMS, Topic.LEGAL_CHAT)
        needs = legal or topic is Topic.SERVICE
        may = (
            scopes is not None
            and given is True
            and (contract or not needs)
            and (scopes == _OWNER if legal else news is not False)
        )
        assert (found is None) == may, (topic, scopes, contract, given, news, found)
        if given and scopes == _OWNER and contract and news is False:
            assert found is (None if legal else Bar.STOPPED)


def test_news_is_no_topic_of_its_own() -> None:
    with pytest.raises(KeyError):
        rules.bar(Topic.NEWS, Standing(_OWNER, True, True, True))


_NAMES = {
    "role": set(map(str, EXTRA)),
    "scope": set(map(str, Scope)),
    "topic": set(map(str, TERMS)),
    "document": set(map(str, Document)),
}


def test_every_word_stands_in_every_language() -> None:
    known = texts.read()
    for language, group in product(known.languages, ("role", "scope", "topic", "document")):
        assert set(known.words[language][group]) == _NAMES[group], (language, group)
    for one in known.versions.values():
        assert one.names == texts.BLANKS


def test_the_text_of_a_day_is_the_last_that_was_there() -> None:
    known = texts.read()
    assert known.version(TODAY, "ru") == date(2025, 1, 1)
    with pytest.raises(Refused):
        known.version(date(2024, 12, 31), "ru")
    with pytest.raises(Refused):
        known.version(TODAY, "de")
