"""A file of tariffs, from rows to the versions that are new: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.billing import tariffs
from core.billing.model import TariffVersion
from core.billing.tariffs import NOTHING, Unsaid
from core.importing import cells
from core.importing.model import Problem
from core.importing.plan import Tally
from core.importing.table import Columns, Row

COLUMNS = Columns(required=tariffs.REQUIRED, optional=tariffs.OPTIONAL)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a plan as it is stored."""

    valid_to: date | None
    currency: str
    terms: Mapping[str, Any]
    source: str


Key = tuple[str, date]
"""(plan, first day)"""


def new(
    rows: Sequence[Row], stored: Mapping[Key, Version], tally: Tally, *, currency: str, unsaid: Unsaid = NOTHING
) -> dict[Key, Version]:
    """The versions of a file that are to be stored. A version that is stored with other terms is refused: history is
    only added to, a version ends where the next of its plan begins. `unsaid` is what the rule pack puts where the file
    says nothing."""
    spelled = [(row.line, prepared(row)) for row in rows]
    read = tariffs.read(spelled, unsaid)
    by_line: dict[int, list[Problem]] = {}
    for one in read.problems:
        problem = Problem(one.line, one.column, one.value, one.reason, one.expected)
        by_line.setdefault(one.line, []).append(problem)
    for problems in by_line.values():
        tally.wrong("tariffs", problems)
    found: dict[Key, Version] = {}
    contents = {
        (one.version.plan, one.version.valid.start): _content(one.version, one.currency or currency)
        for one in read.versions
    }
    for version in read.versions:
        key = (version.version.plan, version.version.valid.start)
        content = contents[key]
        if version.began is not None and _overtaken(key, version.began, stored, contents):
            continue
        before = stored.get(key)
        reason = _against(key, before, content, stored)
        if reason is not None:
            expected = "the same terms, or a new version from a later day on"
            tally.wrong("tariffs", [Problem(version.line, "valid_from", str(key[1]), reason, expected)])
        elif before is None:
            found[key] = content
            tally.new(version.line, "tariffs")
        else:
            tally.unchanged("tariffs")
    versions: dict[tuple[str, str], list[int]] = {}
    for line, columns in spelled:
        versions.setdefault((columns["plan"], columns["valid_from"]), []).append(line)
    for lines in versions.values():
        tally.share(lines)
    return found


def _content(version: TariffVersion, currency: str) -> Version:
    return Version(version.valid.end, currency, tariffs.encode(version), version.source)


def _against(key: Key, before: Version | None, content: Version, stored: Iterable[Key]) -> str | None:
    if before is not None:
        return None if before == content else "this version is stored with other terms"
    later = [start for plan, start in stored if plan == key[0] and start > key[1]]
    if content.valid_to is not None and later and content.valid_to > min(later):
        return f"goes on after the stored version of {min(later)} has begun"
    return None


def _overtaken(key: Key, began: date, stored: Mapping[Key, Version], contents: Mapping[Key, Version]) -> bool:
    """Whether another version that is stored has taken the place of the one, begun on that day, of which this is the
    part behind a change of VAT."""
    return any(
        plan == key[0] and began < start <= key[1] and version != contents.get((plan, start))
        for (plan, start), version in stored.items()
    )


def prepared(row: Row) -> dict[str, str]:
    """The cells by column, with the spellings that all files of the importer may use."""
    found = dict(zip(COLUMNS.names, row.cells, strict=True))
    found["plan"] = found["plan"].upper()
    found["rates"] = found["rates"].replace("|", ";")
    for column in ("valid_from", "valid_to"):
        try:
            found[column] = cells.day(found[column]).isoformat() if found[column] else ""
        except cells.Unreadable:
            continue
    return found
