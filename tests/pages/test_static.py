"""Styles are whole: a block that is left open takes all behind it along, and no browser says so."""

import re
from pathlib import Path

import pytest

from tests.house import tree

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def depths(text: str) -> list[int]:
    """How deep each line of a style ends."""
    found, deep = [], 0
    for line in _COMMENT.sub(lambda said: "\n" * said[0].count("\n"), text).splitlines():
        deep += line.count("{") - line.count("}")
        found.append(deep)
    return found


@pytest.mark.parametrize("path", tree.files(".css"), ids=str)
def test_every_block_is_closed(path: Path) -> None:
    told = depths(tree.text(path))
    assert min(told) == 0
    assert told[-1] == 0
    # What begins at the margin stands in no other block.
    lines = _COMMENT.sub(lambda said: "\n" * said[0].count("\n"), tree.text(path)).splitlines()
    inside = [no for no, line in enumerate(lines) if line[:1] not in ("", " ", "}") and no and told[no - 1] > 0]
    assert inside == []


def test_an_open_block_is_seen() -> None:
    assert depths("@media print {\n.a { color: red; }\n")[-1] == 1
