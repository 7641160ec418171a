"""Which files belong to the house, for tests that look at all of them."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("core/", "pages/", "channels/", "staff/", "gateway/")
"""What runs at a company, as against the demo, the benches and the tests."""


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """The tracked files that end so, relative to the root; the tests are skipped outside a checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nobody knows which files are tracked", allow_module_level=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = (Path(name) for name in listed.decode().split("\0") if name.endswith(suffixes or ""))
    return tuple(path for path in paths if (ROOT / path).is_file())


def python(*folders: str) -> tuple[Path, ...]:
    """The tracked Python files in these folders, in all of them where none is named."""
    return tuple(path for path in files(".py") if not folders or path.as_posix().startswith(folders))


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
