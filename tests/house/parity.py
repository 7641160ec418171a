"""Writes the table of commands and channels into docs/commands.md: `python -m tests.house.parity`."""

import re

from core.accounts.rights import TABLE, Deed, Operation, Proof, Verdict
from core.answer.offering import MENU, SAYS
from core.commands import NotUnderstood, Subject, Wanted
from core.selfservice.deciding import PERFORMED
from tests.house import tree

PAGE = tree.ROOT / "docs" / "commands.md"

CHANNELS = {"SMS": Proof.NUMBER, "Telegram": Proof.CHAT, "Web": Proof.SESSION}
"""The channels of the table, and how a linked person is known on each."""

REASONS: dict[tuple[str, str], str] = {
    ("Register", "Web"): "no: who is logged in has a linked phone; another account is tied to it by a text, or shared",
    ("Code", "Web"): "no: each page that sends a code asks for it",
}
"""Why a command that there is does not work on a channel, by (command, channel); the only gaps that there may be."""

PAGES: dict[str, str] = {
    "SubmitReading": "/my/{account}/readings",
    "Balance": "/my/{account}",
    "Why": "/my/{account}/why",
    "Undo": "/my/{account}/readings/undo",
    "Help": "/help",
    "SetLanguage": "/me/language",
    "OptOut": "/my/{account}/wishes/news",
    "OptIn": "/my/{account}/wishes/news",
    "Yes": "/my/{account}/answer",
    "No": "/my/{account}/answer",
    "Choose": "/my/{account}/answer",
    "NotMe": "/me/not-mine",
    "accounts": "/my",
    "name": "/my/{account}/name",
    "history": "/my/{account}/history",
    "forecast": "/my/{account}/forecast",
    "payments": "/my/{account}/payments",
    "bill": "/my/{account}/bills",
    "pay": "/my/{account}/bills/{no}",
    "promise": "/my/{account}/notices/promise",
    "book": "/my/{account}/visits",
    "visits": "/my/{account}/visits",
    "cancel_visit": "/my/{account}/visits/cancel",
    "move_visit": "/my/{account}/visits",
    "notices": "/my/{account}/notices",
    "acknowledge": "/my/{account}/notices/read",
    "dispute": "/my/{account}/requests",
    "outage": "/my/{account}/requests",
    "human": "/my/{account}/requests",
}
"""Where the cabinet does what a command does, or shows what it tells."""

_PLACE = re.compile(r"(?<=<!-- parity -->\n).*?(?=<!-- end of parity -->)", re.DOTALL)
_BUTTONS = ("pay", "undo", "yes", "no", "choose", "move_visit", "cancel_visit", "acknowledge")


def operations() -> list[Operation]:
    """What a customer can want."""
    return [one for one in TABLE if not isinstance(one, Deed) and one is not NotUnderstood]


def name(what: Operation) -> str:
    return what.__name__ if isinstance(what, type) else what.value


def cell(what: Operation, channel: str) -> str:
    """Whether the command works on the channel: how, or why not; empty where nobody has written why not."""
    if isinstance(what, Subject) and what not in PERFORMED:
        return "answered: not there yet"
    if channel == "Web":
        page = PAGES.get(name(what))
        return f"`{page}`" if page else REASONS.get((name(what), channel), "")
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
