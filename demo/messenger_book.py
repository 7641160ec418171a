"""What the simulated messenger remembers: people, what was said in their chats, files, and updates for the bot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

Rows = tuple[tuple[Mapping[str, Any], ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a chat: `mine` is the person's. `buttons` stand under it, `picture` names a file."""

    id: int
    mine: bool
    text: str
    at: datetime
    buttons: Rows = ()
    picture: str | None = None


@dataclass(slots=True)
class Talk:
    """A private chat with the bot, whose id is that of its person. `keyboard` stands below the field of text;
    `acknowledged` are the presses of buttons that the bot has confirmed."""

    person: int
    name: str
    language: str
    lines: list[Line] = field(default_factory=list)
    keyboard: Rows = ()
    blocked: bool = False
    waiting: set[str] = field(default_factory=set)
    acknowledged: int = 0

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.person, "type": "private", "first_name": self.name}

    @property
    def sender(self) -> dict[str, Any]:
        return {"id": self.person, "is_bot": False, "first_name": self.name, "language_code": self.language}


class Book:
    """All chats and updates. Ids of updates rise by one from `first`."""

    def __init__(self, *, first: int = 700_000_001) -> None:
        self.talks: dict[int, Talk] = {}
        self.files: dict[str, bytes] = {}
        self.updates: dict[int, dict[str, Any]] = {}
        self.commands: dict[str, list[Mapping[str, str]]] = {}
        self._next = first
        self._file = 0

    def talk(self, person: int, *, name: str = "Person", language: str = "ru") -> Talk:
        """The person's chat, opened where there is none."""
        return self.talks.setdefault(person, Talk(person, name, language))

    def said(self, talk: Talk, *, mine: bool, text: str, at: datetime, **more: Any) -> Line:
        line = Line(len(talk.lines) + 1, mine, text, at, **more)
        talk.lines.append(line)
        return line

    def pressed(self, talk: Talk, line: Line) -> None:
        """The buttons of a line stay, as they do in the real one."""
        talk.lines[line.id - 1] = replace(line)

    def update(self, **content: Any) -> dict[str, Any]:
        """A new update with that content."""
        made = {"update_id": self._next, **content}
        self.updates[self._next] = made
        self._next += 1
        return made

    def since(self, offset: int) -> Sequence[dict[str, Any]]:
        """The updates from that id on; those before it are confirmed and forgotten."""
        for number in [one for one in self.updates if one < offset]:
            del self.updates[number]
        return [self.updates[number] for number in sorted(self.updates)]

    def keep(self, content: bytes) -> str:
        """Keeps a file; its id."""
        self._file += 1
        name = f"file-{self._file}"
        self.files[name] = content
        return name

    def from_bot(self, person: int) -> Iterator[Line]:
        """What the bot wrote to a person, oldest first."""
        talk = self.talks.get(person)
        return iter(()) if talk is None else (line for line in talk.lines if not line.mine)
