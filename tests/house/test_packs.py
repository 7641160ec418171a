"""Every key that a rule pack may carry changes something outside of what reads, checks and shows packs."""

import ast
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from core.billing.terms import Pack
from tests.house import tree

READS = {"core/billing/packreading.py", "core/billing/packtext.py", "core/billing/packtable.py"}
"""What turns files into packs and packs into text: that a key is read there makes nothing of it."""

TOLD = {"source", "title", "jurisdiction"}
"""Where a rule comes from, and what the pack is called: for people."""

WAITS = {"plans", "grace", "frozen"}
"""Terms of instalment plans, which go by them where there are plans."""


def terms() -> set[str]:
    """The fields of a pack, and those of all that it consists of."""
    found: set[str] = set()
    waiting: list[type] = [Pack]
    seen: set[type] = set()
    while waiting:
        one = waiting.pop()
        if one in seen or not one.__module__.startswith("core.billing"):
            continue
        seen.add(one)
        for name, hint in get_type_hints(one).items():
            if name in {field.name for field in fields(one)}:
                found.add(name)
                waiting.extend(part for part in _parts(hint) if is_dataclass(part))
    return found


def _parts(hint: object) -> list[type]:
    inner = [part for arg in get_args(hint) for part in _parts(arg)]
    return [*inner, hint] if isinstance(hint, type) else inner


def read(path: Path) -> set[str]:
    """The attributes that a file reads."""
    return {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }


@pytest.fixture(scope="module")
def used() -> set[str]:
    product = [path for path in tree.python() if path.parts[0] in ("core", "gateway") and str(path) not in READS]
    return {name for path in product for name in read(path)}


def test_a_pack_is_made_of_something() -> None:
    assert {"average_months", "late_reading", "scaling", "vat", "stages"} <= terms()


@pytest.mark.parametrize("name", sorted(terms() - TOLD - WAITS))
def test_every_term_is_read(name: str, used: set[str]) -> None:
    assert name in used
