"""One function tells the time; everything else is given it (Q5)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import tree

CLOCK = Path("gateway/clock.py")
READS = {
    "datetime": {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"},
    "date": {"today", "fromtimestamp"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "clock_gettime", "clock_gettime_ns"},
}
"""Of `time` the monotonic clocks are left: they tell how long, not when. `fromtimestamp` makes naive times."""


def _reads(source: str) -> Iterator[str]:
    """Where the text reads the clock: as an attribute, however the module is called, or by importing the function."""
    nodes = list(ast.walk(ast.parse(source)))
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.Attribute):
            owner = node.value
            called = owner.attr if isinstance(owner, ast.Attribute) else names.get(getattr(owner, "id", ""), "")
            if node.attr in READS.get(called, ()):
                yield f"{node.lineno}: {called}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"{node.lineno}: time.{alias.name}" for alias in node.names if alias.name in READS["time"])


@pytest.mark.parametrize("path", [one for one in tree.python(*tree.CODE, "demo/") if one != CLOCK], ids=str)
def test_nothing_reads_the_clock(path: Path) -> None:  # Q5
    assert not list(_reads(tree.text(path)))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nat = datetime.now()",
        "import datetime as dt\nat = dt.datetime.utcnow()",
        "from datetime import date as day\nat = day.today()",
        "import time as clock\nat = clock.time()",
        "from time import time\nat = time()",
    ],
)
def test_a_reading_of_the_clock_is_found(source: str) -> None:
    assert list(_reads(source))


def test_the_one_clock_is_read_where_it_stands() -> None:  # Q5
    assert list(_reads(tree.text(CLOCK)))
