"""The engine computes without binary floats, without a clock and without the world (billing.md section 10, 9)."""

import ast
from pathlib import Path

import pytest

import core.billing.engine.charging

ENGINE = Path(core.billing.engine.charging.__file__).parent
PURE = [*sorted(ENGINE.glob("*.py")), ENGINE.parent / "model.py", ENGINE.parent / "tariffs.py"]


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.name)
def test_there_is_no_float_and_no_true_division(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        line = getattr(node, "lineno", 0)
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"a float on line {line}"
        assert not (isinstance(node, ast.Name) and node.id == "float"), f"float on line {line}"
        division = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        assert not division or path.name == "tariffs.py", f"true division on line {line}"


@pytest.mark.parametrize("path", sorted(ENGINE.glob("*.py")), ids=lambda path: path.name)
def test_it_reads_no_clock_and_nothing_outside(path: Path) -> None:
    allowed = {
        "bisect",
        "collections",
        "dataclasses",
        "datetime",
        "enum",
        "fractions",
        "functools",
        "itertools",
        "math",
        "types",
        "typing",
        "core",
    }
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] in allowed
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert not (node.value.id in ("date", "datetime") and node.attr in ("today", "now", "utcnow"))
