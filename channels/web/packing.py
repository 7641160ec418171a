"""What a person takes away as one file: readable by people and by programs."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pages.words import PageWords

EVENTS = ("account", "what", "kind", "day", "amount", "values", "recorded_at", "state")
MESSAGES = ("at", "from", "channel", "words")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Paper:
    """A bill as it was issued: where it lies in the file, and its PDF."""

    name: str
    body: bytes


def packed(told: Mapping[str, Any], papers: Sequence[Paper], words: PageWords) -> bytes:
    """A zip file: all of it as JSON, events and messages as tables for spreadsheets, messages as a text to read, bills
    as they were issued, and a page that says what is what."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("README.txt", words("data.readme", number=len(papers)))
        file.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
        file.writestr("events.csv", sheet(EVENTS, _events(told)))
        file.writestr("messages.csv", sheet(MESSAGES, _messages(told)))
        file.writestr("messages.txt", _BOM + "\n".join(_spoken(told, words)))
        for paper in papers:
            file.writestr(paper.name, paper.body)
    return out.getvalue()


def _events(told: Mapping[str, Any]) -> Iterable[Sequence[str]]:
    for account in told["accounts"]:
        for one in account.get("events", ()):
            amount = "" if one["amount"] is None else f"{one['amount'] / 100:.2f}"
            yield [account["number"], *(_cell(one[name]) for name in ("what", "kind", "day")), amount,
                   *(_cell(one[name]) for name in ("values", "recorded_at", "state"))]  # fmt: skip


def _messages(told: Mapping[str, Any]) -> Iterable[Sequence[str]]:
    return ([_cell(one[name]) for name in MESSAGES] for one in reversed(told["messages"]))


def _spoken(told: Mapping[str, Any], words: PageWords) -> Iterable[str]:
    """The messages in their order, each under who said it when."""
    for one in reversed(told["messages"]):
        who = words("data.ours" if one["from"] == "company" else "data.mine")
        said = words("data.untold") if one["words"] is None else one["words"]
        yield f"{one['at']:%Y-%m-%d %H:%M} UTC {one['channel']} {who}\n{said}\n"


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table for spreadsheets, in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_tame(cell) for cell in row] for row in rows)
    return (_BOM + out.getvalue()).encode()


def _tame(cell: str) -> str:
    """The cell so that a spreadsheet takes it for text: what could begin a formula stands behind an apostrophe."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|")) else cell
