"""Writes the table of commands and channels into docs/commands.md: `python -m tests.house.parity`."""

import re

from core.accounts.rights import TABLE, Deed, Operation, Proof, Verdict
from core.answer.offering import MENU, SAYS
from core.commands import NotUnderstood, Subject, Wanted
from core.selfservice.deciding import PERFORMED
from tests.house import tree

PAGE = tree.ROOT / "docs" / "commands.md"

CHANNELS = {"SMS": Proof.NUMBER, "Telegram": Proof.CHAT}
"""The channels of the table, and how a linked person is known on each."""

REASONS: dict[tuple[str, str], str] = {}
"""Why a command that there is does not work on a channel, by (command, channel); the only gaps that there may be."""

_PLACE = re.compile(r"(?<=<!-- parity -->\n).*?(?=<!-- end of parity -->)", re.DOTALL)
_BUTTONS = ("pay", "undo", "yes", "no", "choose")


def operations() -> list[Operation]:
    """What a customer can want."""
    return [one for one in TABLE if not isinstance(one, Deed) and one is not NotUnderstood]


def name(what: Operation) -> str:
    return what.__name__ if isinstance(what, type) else what.value


def cell(what: Operation, channel: str) -> str:
    """Whether the command works on the channel: how, or why not; empty where nobody has written why not."""
    if isinstance(what, Subject) and what not in PERFORMED:
        return "answered: not there yet"
    if TABLE[what][CHANNELS[channel]] is Verdict.REFUSED:
        return REASONS.get((name(what), channel), "")
    return "text" + (_pressed(what) if channel == "Telegram" else "")


def table() -> str:
    """The table in Markdown, a row for each command."""
    lines = ["| Command | " + " | ".join(CHANNELS) + " |", "|" + "---|" * (len(CHANNELS) + 1)]
    lines += [
        f"| {name(what)} | " + " | ".join(cell(what, channel) for channel in CHANNELS) + " |" for what in operations()
    ]
    return "\n" + "\n".join(lines) + "\n\n"


def written(page: str) -> str:
    """The page with the table in its place."""
    return _PLACE.sub(lambda _: table(), page)


def _pressed(what: Operation) -> str:
    said = {key for key, command in SAYS.items() if _is(what, command)}
    menu = {entry for row in MENU for entry in row}
    more = ["menu"] if said & menu else []
    more += ["button"] if said & set(_BUTTONS) or name(what).lower() in _BUTTONS else []
    return "".join(f", {one}" for one in more)


def _is(what: Operation, command: object) -> bool:
    return command.subject == what if isinstance(command, Wanted) else type(command) is what


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
