"""Writes the table of who may do what into docs/access.md: `python -m tests.house.access`."""

import re

from core.accounts.rights import TABLE, Operation, Proof, Rule
from core.accounts.rights import Verdict as Held
from tests.house import tree

PAGE = tree.ROOT / "docs" / "access.md"

_COLUMNS = {
    Proof.STRANGER: "unknown phone",
    Proof.UNVERIFIED: "unverified link",
    Proof.NUMBER: "number of an SMS",
    Proof.CHAT: "bound chat",
    Proof.READINGS: "chat for readings only",
    Proof.SESSION: "session",
    Proof.STAFF: "staff",
}
_PLACE = re.compile(r"(?<=<!-- access -->\n).*?(?=<!-- end of access -->)", re.DOTALL)


def table() -> str:
    """The table in Markdown, a row for each operation, as core/accounts/rights.py has it."""
    head = " | ".join(("operation", *_COLUMNS.values()))
    lines = [f"| {head} |", "|" + "---|" * (len(_COLUMNS) + 1)]
    for what, row in TABLE.items():
        lines.append(f"| {_name(what)} | " + " | ".join(_cell(row[proof]) for proof in _COLUMNS) + " |")
    return "\n" + "\n".join(lines) + "\n\n"


def written(page: str) -> str:
    """The page with the table in its place."""
    return _PLACE.sub(lambda _: table(), page)


def _name(what: Operation) -> str:
    return f"`{what.__name__}`" if isinstance(what, type) else f"`{what.value}`"


def _cell(rule: Rule) -> str:
    return {Held.FREE: "yes", Held.REFUSED: "no"}[rule] if isinstance(rule, Held) else f"*{rule}*"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
