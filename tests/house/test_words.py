"""Every reply is worded in every language, within its segments, at the largest values that can occur."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from core.commands import Subject, Unclear
from core.messages import Reply
from core.selfservice.deciding import PERFORMED
from core.visiting import CarrierBlocked
from core.wording.segments import count
from core.wording.texts import TEXTS
from core.wording.words import Words, segments_allowed
from tests.house import samples

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "locales"
LANGUAGES = sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/*.po"))
WORDS = Words.read(LOCALES)

SAMPLES = samples.replies(LANGUAGES)
KINDS: tuple[type, ...] = get_args(Reply)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_reply_has_a_sample(kind: type) -> None:
    assert any(isinstance(sample, kind) for sample in SAMPLES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_replies_fit_their_segments(kind: type, language: str) -> None:
    for sample in SAMPLES:
        if isinstance(sample, kind):
            text = WORDS.say(sample, language)
            assert text.strip(), sample
            assert count(text).segments <= segments_allowed(sample), (text, sample)
            assert text.encode().decode() == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_holds_a_sign_that_costs_or_misleads(language: str) -> None:
    for name, forms in _source(language).items():
        for text in forms:
            assert not re.search("[₽×–—…№\u00a0\u202f\t\n]|  |^ | $", text), name
            assert not re.search(r"}\s?х\s?{", text), f"{name}: a Cyrillic х between numbers"
            if language == "en":
                assert count(text.replace("{", "").replace("}", "")).encoding == "GSM-7", name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_complete(language: str) -> None:
    assert _source(language).keys() == TEXTS.keys()
    assert all(text for forms in _source(language).values() for text in forms)


def test_the_template_for_new_languages_is_current() -> None:
    with (LOCALES / "meterline.pot").open("rb") as file:
        template = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)} - {""}
    assert template == TEXTS.keys()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_language_says_the_same_values(name: str) -> None:
    """A date is written in the order and with the parts that its language is used to."""
    said = {language: _values(_source(language)[name]) for language in LANGUAGES}
    assert all(values <= TEXTS[name] for values in said.values())
    if not name.startswith("date."):
        assert set(said.values()) == {TEXTS[name]}


def test_every_text_is_used() -> None:
    strings = {
        node.value
        for path in (ROOT / "core" / "wording").glob("*.py")
        if path.name not in ("texts.py", "chat_texts.py", "notice_texts.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    groups = {
        "zone",
        "service",
        "meter_of",
        "used",
        "unclear",
        "not_yet",
        "language",
        "send",
        "role",
        "unit",
        "request",
        "not_taken",
        "kind",
        "chat",
    }
    assert {name for name in TEXTS if name.partition(".")[0] not in groups} <= strings
    assert {f"unclear.{reason}" for reason in Unclear} <= TEXTS.keys()
    assert {f"unclear.{reason}_quoted" for reason in set(Unclear) - _UNQUOTED} <= TEXTS.keys()
    not_yet = {f"not_yet.{subject}" for subject in Subject if subject not in PERFORMED}
    assert not_yet == {name for name in TEXTS if name.startswith("not_yet.")}


_UNQUOTED = {Unclear.EMPTY, Unclear.GREETING, Unclear.THANKS}

OPT_OUT = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
OPT_IN = {"YES", "START", "UNSTOP"}
"""Words that a carrier takes for itself: a customer may never be told to send it (product.md section 1)."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_command_that_is_suggested_is_a_carriers_own(language: str) -> None:
    for sample in SAMPLES:
        if isinstance(sample, CarrierBlocked):
            continue  # it tells of the carrier's words themselves
        assert not (OPT_OUT | OPT_IN) & set(re.findall(r"[A-Z]+", WORDS.say(sample, language))), sample


@cache
def _source(language: str) -> dict[str, tuple[str, ...]]:
    with (LOCALES / language / "LC_MESSAGES" / "meterline.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    texts: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if message.id:
            name = message.id if isinstance(message.id, str) else message.id[0]
            texts[name] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return texts


def _values(forms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(re.findall(r"{(\w+)}", " ".join(forms)))
