"""Files stay short enough to be read in one sitting, functions short enough to be seen at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 50

TO_BE_PARTED = {Path("tests/demo/test_carrier.py")}
"""Too long still. Whoever parts one takes it off the list: the test says so."""


@pytest.mark.parametrize("path", tree.python(), ids=str)
def test_file_and_its_functions_are_short(path: Path) -> None:
    assert bool(list(_too_long(path))) is (path in TO_BE_PARTED), list(_too_long(path))


def _too_long(path: Path) -> Iterator[str]:
    text = tree.text(path)
    if len(text.splitlines()) > LONGEST_FILE:
        yield f"{path}: {len(text.splitlines())} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno} {node.name}: {length} lines"
