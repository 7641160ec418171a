"""The commands of the README give the output that stands below them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

pytestmark = pytest.mark.prove

_BLOCK = re.compile(r"^```\n(?P<lines>\$ .*?)^```$", re.MULTILINE | re.DOTALL)


def test_commands_print_what_is_shown(database: str, tmp_path: Path) -> None:
    """Each line that begins with a dollar is typed into one shell, in a tree of its own with the examples in it."""
    (tmp_path / "docs").symlink_to(tree.ROOT / "docs")
    block = _BLOCK.search(tree.text(Path("README.md")))
    assert block
    shown = block["lines"].splitlines()
    typed = [line[2:] for line in shown if line.startswith("$ ")]
    assert any("explain" in line for line in typed)
    command = tmp_path / "meterline"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gateway "$@"\n')
    command.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(tree.ROOT),
        "METERLINE_DATABASE_URL": database,
        "LC_ALL": "C.UTF-8",
    }
    script = "\n".join(f"echo {_quoted('$ ' + line)}\n{line}" for line in typed)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == shown, done.stderr


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
