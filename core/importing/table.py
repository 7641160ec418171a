"""A CSV file as rows of cells: its encoding, its separator, its header, and the rows that cannot be read."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import BinaryIO

from core.importing.model import FileRefused, Problem

_BLOCK = 1 << 20
_LONGEST_LINE = 20_000  # characters
_LONGEST_CELL = 300
_MOST_LINES = 10  # of one row, where a quoted cell holds line ends
_ASCII = re.compile(r"[\x00-\x7f]+")
_NOT_UTF8 = re.compile(r"[\udc80-\udcff]")
_DAMAGED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd-\uffff]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a kind's columns, those that its header must have first; `headed`: lines that begin with # may stand
    before it."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    headed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read: its first line, counted from 1, and its cells, stripped, in the order of
    `Columns.names`; a column that the file has not is "" throughout."""

    line: int
    cells: Sequence[str]


class Table:
    """An opened file; `lines` is how many it has, `done` how many of them are read; `head` are the lines before its
    header, without their #."""

    def __init__(self, stream: BinaryIO, columns: Columns) -> None:
        """
        :raises FileRefused: not UTF-8 text, empty, or without the header of its kind.
        """
        self.lines = _examined(stream)
        stream.seek(0)
        self._text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._ahead: deque[str] = deque()
        self.done = 0
        self.head: tuple[str, ...] = ()
        header = self._header(headed=columns.headed)
        self._separator = _separator(header)
        names = _names(header, self._separator)
        self._width = len(names)
        self._pick = _picker(names, columns)
        self._names = columns.names

    def close(self) -> None:
        """Lets go of the stream without closing it."""
        self._text.detach()

    def rows(self) -> Iterator[Row | Problem]:
        """The rows after the header, blank ones left out; a row that cannot be read is a Problem."""
        while (line := self._next()) is not None:
            first = self.done
            cells: Sequence[str] | str
            if len(line) >= _LONGEST_LINE:
                cells = self._skip(line)
            elif '"' in line:
                cells = self._quoted(line)
            else:
                cells = line.rstrip("\r\n").split(self._separator)
            if isinstance(cells, str):
                yield Problem(first, "", "", cells, "each row on a line, quotes around a cell that holds the separator")
            elif any(cell and not cell.isspace() for cell in cells):
                yield self._row(first, cells)

    def _row(self, line: int, cells: Sequence[str]) -> Row | Problem:
        if len(cells) != self._width:
            reason = f"{len(cells)} cells where the header has {self._width}"
            return Problem(line, "", "", reason, f'quotes around a cell that holds "{self._separator}"')
        picked = [cell.strip() for cell in self._pick([*cells, ""])]
        if _DAMAGED.search("".join(picked)) or max(map(len, picked)) > _LONGEST_CELL:
            return self._damage(line, picked)
        return Row(line, picked)

    def _damage(self, line: int, cells: Sequence[str]) -> Problem:
        found = damage(line, dict(zip(self._names, cells, strict=True)))
        assert found is not None, "called for a damaged row only"
        return found

    def _quoted(self, line: str) -> Sequence[str] | str:
        """The cells of a row with quotes, read on where a quoted cell holds line ends; or what is wrong with it."""
        taken: list[str] = []
        text = line
        while True:
            try:
                return _cut(text, self._separator)
            except csv.Error as error:
                more = self._next() if "unexpected end" in str(error) and len(taken) < _MOST_LINES - 1 else None
                if more is not None and len(text) + len(more) < _LONGEST_LINE:
                    taken.append(more)
                    text += more
                    continue
                taken += [] if more is None else [more]
                self._give_back(taken)
                return "a quote that is opened and not closed, or stands inside a quoted cell"

    def _header(self, *, headed: bool) -> str:
        line = self._next()
        while line is not None and (not line.strip() or (headed and line.startswith("#"))):
            if line.strip():
                self.head += (line[1:].strip(),)
            line = self._next()
        if line is None:
            raise FileRefused("the file is empty: its first line must name the columns")
        return line

    def _next(self) -> str | None:
        line = self._ahead.popleft() if self._ahead else self._text.readline(_LONGEST_LINE)
        self.done += bool(line)
        return line or None

    def _give_back(self, lines: list[str]) -> None:
        self._ahead.extendleft(reversed(lines))
        self.done -= len(lines)

    def _skip(self, line: str) -> str:
        while line and not line.endswith(("\n", "\r")):
            line = self._text.readline(_LONGEST_LINE)
        return f"a line of more than {_LONGEST_LINE} characters"


def damage(line: int, cells: Mapping[str, str]) -> Problem | None:
    """Why the cells of a row, by column, cannot be taken as text; None where they can."""
    for name, cell in cells.items():
        if len(cell) > _LONGEST_CELL:
            return Problem(line, name, "", f"{len(cell)} characters", f"at most {_LONGEST_CELL}")
        if _NOT_UTF8.search(cell):
            return Problem(line, name, "", "bytes that are not UTF-8", "text saved as UTF-8 throughout")
        if _DAMAGED.search(cell):
            return Problem(line, name, "", "control or damaged characters", "printable text")
    return None


def _cut(text: str, separator: str) -> list[str]:
    """
    :raises csv.Error: the quotes do not fit.
    """
    return next(csv.reader((text,), delimiter=separator, strict=True, skipinitialspace=True), [])


def _separator(header: str) -> str:
    found = max(",;\t", key=header.count)
    if found == "\t":
        raise FileRefused("the columns are separated by tabs: use , or ;")
    return found


def _names(header: str, separator: str) -> tuple[str, ...]:
    try:
        return tuple(name.strip().lower() for name in _cut(header, separator))
    except csv.Error as error:
        raise FileRefused("the quotes in the first line do not fit") from error


def _picker(names: Sequence[str], columns: Columns) -> Callable[[Sequence[str]], Sequence[str]]:
    """What puts the cells of a row, and one empty cell after them, into the order of the columns."""
    known = columns.names
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = ", ".join(repr(name[:40]) for name in unknown[:5])
        raise FileRefused(f"unknown column(s) {listed}; known are {', '.join(known)}")
    twice = [name for name in known if names.count(name) > 1]
    if twice:
        raise FileRefused(f"column(s) named twice: {', '.join(twice)}")
    missing = [name for name in columns.required if name not in names]
    if missing:
        raise FileRefused(f"missing column(s): {', '.join(missing)}; needed are {', '.join(columns.required)}")
    return itemgetter(*(names.index(name) if name in names else -1 for name in known))


def _examined(stream: BinaryIO) -> int:
    """How many lines the file has.

    :raises FileRefused: it is not text in UTF-8.
    """
    stream.seek(0)
    lines, ended = 0, True
    good = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    sample = b""
    while block := stream.read(_BLOCK):
        if not lines:
            _refuse_other_formats(block)
        lines += block.count(b"\n") or block.count(b"\r")
        ended = block.endswith((b"\n", b"\r"))
        text = decoder.decode(block)
        if not text.isascii():
            escaped = len(_NOT_UTF8.findall(text))
            bad += escaped
            good += len(_ASCII.sub("", text)) - escaped
            sample = sample or (block if escaped else b"")
    if bad > good:
        raise FileRefused(_encoding(sample))
    return lines + (not ended)


def _refuse_other_formats(start: bytes) -> None:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused("the file is in UTF-16: save it as CSV in UTF-8")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused("the file is a workbook, not text: save the sheet as CSV in UTF-8")


def _encoding(sample: bytes) -> str:
    foreign = bytes(byte for byte in sample if byte > 127).decode("cp1251", "replace")
    if len(_CYRILLIC.findall(foreign)) > len(foreign) * 0.8:
        return (
            "the file is in Windows-1251 (cp1251), not UTF-8: save it as CSV in UTF-8, "
            "or convert it: iconv -f cp1251 -t utf-8 old.csv > new.csv"
        )
    return "the file is not in UTF-8: save it as CSV in UTF-8"
