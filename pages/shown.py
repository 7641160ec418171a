"""What comes of a request for a page: something to be shown, or another page to go on to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be shown: its template, and the values for it."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Go:
    """What was asked is done: the browser goes on to the page `to`, which shows the sentence said.`said`."""

    to: str
    said: str = ""

    @property
    def address(self) -> str:
        if not self.said:
            return self.to
        return f"{self.to}{'&' if '?' in self.to else '?'}said={self.said}"


@dataclass(frozen=True, slots=True)
class Done:
    """What was asked is done, and the page tells it once, such as a code that nobody can see again; the same form sent
    again goes on to `to`."""

    page: Page
    to: str
