"""SMS segments are counted exactly."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wording.segments import count, fits, units

CASES = Path(os.environ.get("METERLINE_CASES", Path(__file__).parents[4] / "shared" / "cases")) / "segments.jsonl"


def _vectors() -> list[dict[str, Any]]:
    if not CASES.exists():
        return []
    lines = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["mode"] == "default"]


@pytest.mark.skipif(not CASES.exists(), reason=f"no {CASES.name}: set METERLINE_CASES to the folder that holds it")
def test_vectors_of_other_calculators() -> None:
    vectors = _vectors()
    assert len(vectors) > 100
    for vector in vectors:
        counted = count(vector["text"])
        assert (counted.encoding, counted.segments) == (vector["encoding"], vector["segments"]), vector["id"]
        assert counted.units == vector.get("units", counted.units), vector["id"]


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("[" * 80, "GSM-7", 160, 1),
        ("[" + "a" * 159, "GSM-7", 161, 2),
        ("a" * 152 + "[" + "a" * 152, "GSM-7", 306, 3),
        ("[" * 76 + "a" + "[" * 76 + "a", "GSM-7", 306, 2),
        ("я" * 70, "UCS-2", 70, 1),
        ("я" * 71, "UCS-2", 71, 2),
        ("я" * 134, "UCS-2", 134, 2),
        ("я" * 135, "UCS-2", 135, 3),
        ("🏠" * 35, "UCS-2", 70, 1),
        ("я" * 66 + "🏠" + "я" * 66, "UCS-2", 134, 3),
        ("я" * 65 + "🏠" + "я" * 67, "UCS-2", 134, 2),
        ("a" * 159 + "ё", "UCS-2", 160, 3),
        ("\ud83d", "UCS-2", 1, 1),
        ("`", "UCS-2", 1, 1),
        ("¤§èΔ", "GSM-7", 4, 1),
        ("x\x1b", "UCS-2", 2, 1),
    ],
)
def test_boundaries(text: str, encoding: str, units: int, segments: int) -> None:
    counted = count(text)
    assert (counted.encoding, counted.units, counted.segments) == (encoding, units, segments)


texts = st.text(st.sampled_from("aZ9 €[]~яё🏠😀—\n"), max_size=500)


@given(texts)
def test_segments_follow_from_cutting_the_text(text: str) -> None:
    """An independent count: characters are put into segments one by one, none cut in two."""
    counted = count(text)
    gsm = counted.encoding == "GSM-7"
    sizes = [(2 if letter in "€[]~" else 1) if gsm else units(letter) for letter in text]
    assert counted.units == sum(sizes)
    assert gsm == (not set(text) & set("яё🏠😀—"))
    filled = [0]
    for size in sizes:
        if filled[-1] + size > (153 if gsm else 67):
            filled.append(0)
        filled[-1] += size
    assert counted.segments == (1 if sum(sizes) <= (160 if gsm else 70) else len(filled))


@given(texts, texts)
def test_a_longer_text_never_takes_fewer(first: str, second: str) -> None:
    assert count(first + second).segments >= count(first).segments


@given(st.text(st.characters(), max_size=300))
def test_any_text_is_counted(text: str) -> None:
    assert count(text).segments >= 1


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from("aя[€🏠"), max_size=20).flatmap(
        lambda piece: st.integers(0, 40).map(lambda times: piece * times)
    ),
    st.integers(1, 3),
)
def test_what_fits_is_what_is_counted(text: str, segments: int) -> None:
    assert fits(text, segments) == (count(text).segments <= segments)


@pytest.mark.parametrize("character", ["a", "я", "[", "🏠"])
def test_fits_at_every_size(character: str) -> None:
    for size in range(500):
        for segments in (1, 2, 3):
            assert fits(character * size, segments) == (count(character * size).segments <= segments)
