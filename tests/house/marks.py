"""Finds the marks such as `# R17` in the tests, and compares them with docs/reliability.md.

`python -m tests.house.marks` prints the rules that no test names; with `--write` it writes the lines "Tests:" of the
page anew.
"""

import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from tests.house import tree

PAGE = tree.ROOT / "docs" / "reliability.md"

_MARK = re.compile(r"#\s*((?:[RQ]\d+)(?:\s*,\s*[RQ]\d+)*)\s*$")
_RULE = re.compile(
    r"^### (?P<name>[RQ]\d+)\. (?P<title>.+)\n(?P<text>(?:(?!###? ).*\n)*?)"
    r"\*\*(?P<state>Held|In part|Not yet)\.\*\*(?P<rest>(?:(?!###? ).*\n)*?)(?P<line>Tests:.*)$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the page has it; `line` is what it says of its tests."""

    name: str
    title: str
    state: str
    line: str


def rules(page: str) -> tuple[Rule, ...]:
    """The rules of the page in their order."""
    return tuple(Rule(found["name"], found["title"], found["state"], found["line"]) for found in _RULE.finditer(page))


def marks(tests: Iterable[Path]) -> dict[str, list[str]]:
    """The files that name each rule, as paths from the root."""
    found: dict[str, set[str]] = {}
    for path in tests:
        for name in _named(path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(path.relative_to(tree.ROOT).as_posix())
    return {name: sorted(files) for name, files in found.items()}


def line(files: Iterable[str]) -> str:
    """What the page says of a rule that these files name."""
    return "Tests: " + (", ".join(f"`{file}`" for file in files) or "none") + "."


def written(page: str, found: dict[str, list[str]]) -> str:
    """The page with its lines "Tests:" anew."""

    def anew(rule: re.Match[str]) -> str:
        return rule[0].removesuffix(rule["line"]) + line(found.get(rule["name"], ()))

    return _RULE.sub(anew, page)


def all_tests() -> list[Path]:
    """The tracked tests."""
    return [tree.ROOT / path for path in tree.python("tests/") if path.name.startswith("test_")]


def _named(source: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.COMMENT and (mark := _MARK.search(token.string)):
            yield from re.findall(r"[RQ]\d+", mark[1])


def main(arguments: list[str]) -> int:
    page, found = PAGE.read_text(encoding="utf-8"), marks(all_tests())
    if "--write" in arguments:
        PAGE.write_text(written(page, found), encoding="utf-8")
    missing = [rule for rule in rules(page) if rule.name not in found]
    for rule in missing:
        print(f"{rule.name:4} {rule.state:8} {rule.title}")
    return 1 if any(rule.state == "Held" for rule in missing) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
