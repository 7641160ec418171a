"""The checker agrees with every protocol of the engine, and with none in which a sum was tampered with."""

import ast
import copy
import sys
from datetime import date
from itertools import count
from random import Random
from typing import Any

import pytest

from core.basics.periods import Month, Period
from core.billing.conditions.model import Kind
from core.checking import words
from core.checking.checker import check
from core.checking.model import What
from tests.conftest import EXAMPLES
from tests.core.billing.engine.histories import Life, meter
from tests.core.checking import judging, lives
from tests.core.checking.mutating import Mutation, mutated, places
from tests.house import tree

Json = dict[str, Any]

STEPS_OF_A_SUM = ("lines.steps", "lines.days", "facts.usual")
"""Fields in which each number is worked out from the facts, so that any other is wrong."""

FACTS_OF_A_SUM = (
    "lines.segments",
    "lines.meters",
    "facts",
    "lines.day",
    "lines.period",
    "lines.due_on",
    "lines.from",
    "lines.to",
    "day",
    "lines.persons",
    "rules",
)
"""Fields that hold facts: another value may leave every sum as it is."""


@pytest.fixture
def demo() -> Json:
    life = Life((meter(),))
    life.read(date(2025, 9, 30), 4_195)
    life.read(date(2025, 10, 31), 4_325)
    life.close(Month(2025, 10))
    life.read(date(2025, 11, 21), 4_512)
    return lives.told(life, date(2025, 11, 21))


@pytest.mark.properties
def test_it_agrees_with_the_engine() -> None:
    lines = 0
    for seed in count():
        document = lives.protocol_of(Random(seed))
        report = check(document)
        assert report.holds, (seed, *words.told(report))
        assert report.computed == sum("steps" in line for line in document["lines"])
        lines += report.computed
        if lines >= EXAMPLES:
            break


@pytest.mark.properties
def test_it_catches_every_mutation_that_changes_a_sum() -> None:
    caught: dict[str, int] = {}
    for seed in count():
        chance = Random(f"mutations {seed}")
        mutation = _mutation(lives.protocol_of(chance, steps=30), chance)
        if mutation is None or not changes_a_sum(mutation):
            continue
        report = check(mutation.document)
        assert not report.holds, (seed, mutation.path, mutation.before, mutation.after)
        assert all(words.told(report, language) for language in words.LANGUAGES)
        caught[mutation.field] = caught.get(mutation.field, 0) + 1
        if sum(caught.values()) >= EXAMPLES:
            break
    assert len(caught) > 30, caught


def _mutation(document: Json, chance: Random) -> Mutation | None:
    """A mutation of one field, each kind of field as likely as another."""
    fields: dict[str, list[tuple[str | int, ...]]] = {}
    for path, value in places(document):
        fields.setdefault(Mutation(path, value, value, document).field, []).append(path)
    return mutated(document, chance.choice(fields[chance.choice(sorted(fields))]), chance)


def changes_a_sum(mutation: Mutation) -> bool:
    """Whether the document now states a sum, or a number on the way to one, that does not follow from its facts."""
    field = mutation.field
    if field.startswith(STEPS_OF_A_SUM) or not field.startswith(FACTS_OF_A_SUM):
        return True
    try:
        return judging.differs(mutation.document)
    except (ValueError, ArithmeticError, LookupError, AssertionError):
        return False


def test_a_large_multiplier_that_a_fact_tells() -> None:
    life = Life((meter(),))
    life.read(date(2025, 9, 30), 4_195)
    life.record(Kind.MULTIPLIER, Period(date(2025, 10, 1), None), 40_000)
    life.read(date(2025, 10, 31), 4_325)
    life.close(Month(2025, 10))
    document = lives.told(life, date(2025, 11, 1))
    report = check(document)
    assert report.holds, list(words.told(report))
    document["facts"]["condition:2"]["value"] = 41_000
    assert not check(document).holds


def test_what_does_not_hold_is_named(demo: Json) -> None:
    demo["facts"]["reading:2:1.1"]["value"] = "4326"
    report = check(demo)
    assert [(one.place.line, one.place.step, one.what) for one in report.faults][:2] == [
        (1, "steps.1.after", What.COUNT),
        (1, "steps.1.value", What.VOLUME),
    ]
    told = list(words.told(report))
    assert told[0] == "Account 100004321 on 2025-11-21: the protocol does NOT hold, 22 faults"
    assert told[2] == "    line 1 (bill 2025-10), step 1 “after”: the count is 4325, computed from the readings 4326"
    russian = list(words.told(report, "ru"))
    assert russian[2] == "    строка 1 (счёт 2025-10), шаг 1 «after»: счёт 4325, по показаниям 4326"


def test_what_holds_is_told_with_what_was_taken_as_it_stands(demo: Json) -> None:
    assert list(words.told(check(demo))) == [
        "Account 100004321 on 2025-11-21: the protocol holds",
        "  2 lines, 2 of them computed again from the facts",
    ]
    claim = {"kind": "opening", "amount": "10.00", "fact": "claim:9", "day": "2025-09-30", "period": "2025-09"}
    demo["lines"].insert(0, claim | {"due_on": "2025-10-10"})
    demo["to_pay"], demo["overdue"] = "1062.44", "441.60"
    assert list(words.told(check(demo)))[2:] == [
        "  Taken as they stand, for nothing here tells otherwise:",
        "    line 1 (opening balance 2025-09): 10.00, brought forward from elsewhere",
    ]


@pytest.mark.parametrize("document", [None, [], {}, {"lines": 3}, {"lines": [3]}, {"lines": [{"kind": "bill"}]}])
def test_what_is_no_protocol_does_not_hold(document: object) -> None:
    report = check(document)
    assert not report.holds
    assert all(words.told(report, language) for language in words.LANGUAGES)


def test_no_part_of_it_may_lack(demo: Json) -> None:
    for path, _ in places(demo):
        found: Any = copy.deepcopy(demo)
        at = found
        for key in path[:-1]:
            at = at[key]
        del at[path[-1]]
        if path[-3:-1] != ("terms", "zones"):  # the rates say which there are
            assert not check(found).holds, path


JUNK: tuple[object, ...] = (
    *(None, True, 0, -1, 3, 10**30, [], [1], {}, {"x": 1}, "", "x", "0", "-1", "1/3", "1/0", "9" * 40, "٣", "1e3"),
    *("9999-12-31", "0001-01-01", "2025-02-30", "2025-13", "reading:1", "usual:1:1.1", "tariff:1", "meter:1", "total"),
)


@pytest.mark.properties
def test_junk_anywhere_is_told_and_never_raised() -> None:
    chance = Random("junk")
    document = lives.protocol_of(chance, steps=60)
    every = [path[:length] for path, _ in places(document) for length in range(1, len(path) + 1)]
    for _ in range(EXAMPLES):
        found = copy.deepcopy(document)
        at: Any = found
        path = chance.choice(every)
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = chance.choice(JUNK)
        assert list(words.told(check(found), "ru"))


def test_binary_floats_are_refused(demo: Json) -> None:
    demo["lines"][0]["amount"] = 431.6
    assert next(one.what for one in check(demo).faults) is What.UNREADABLE


@pytest.mark.parametrize("what", list(What))
@pytest.mark.parametrize("language", sorted(words.LANGUAGES))
def test_every_finding_has_words(what: What, language: str) -> None:
    assert what in words.LANGUAGES[language].whats


def test_it_imports_nothing_but_the_standard_library_and_itself() -> None:
    for path in sorted((tree.ROOT / "core" / "checking").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [
                    f"{node.module}.{one.name}" if node.module == "core" else str(node.module) for one in node.names
                ]
            for name in names:
                own = name == "core.checking" or name.startswith("core.checking.")
                assert own or name.split(".")[0] in sys.stdlib_module_names, (path.name, name)
