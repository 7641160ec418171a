"""The page about the protocol names every key, and its example is what the engine writes and the checker confirms."""

import json
import re
from collections.abc import Iterator
from datetime import date
from random import Random

from core.basics.periods import Month, Period
from core.checking import words
from core.checking.checker import check
from core.checking.pricing import TERMS
from core.metering.model import Source
from tests.core.billing.engine.histories import Life, meter
from tests.core.checking import lives
from tests.house import tree

DOCS = tree.ROOT / "docs"
PAGE = (DOCS / "billing" / "protocol.md").read_text(encoding="utf-8")
EXAMPLE = DOCS / "examples" / "protocol.json"


def keys(node: object, path: str = "") -> Iterator[str]:
    """The keys of a document, facts by their kind, such as facts.meter.digits."""
    if isinstance(node, list):
        for one in node:
            yield from keys(one, path)
    elif isinstance(node, dict):
        for key, value in node.items():
            name = f"{path}.{key.split(':')[0]}".lstrip(".")
            if path != "facts":
                yield name
            if name != "facts.tariff.terms":
                yield from keys(value, name)


def test_every_key_is_described() -> None:
    described = {
        key for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for key in re.findall(r"`([^`]+)`", row)
    }
    found = {key for seed in range(60) for key in keys(lives.protocol_of(Random(seed)))}
    assert found | set(keys(removed_late())) == described


def removed_late() -> object:
    """An account of which October was billed before the act came by which its meter was taken out on the 10th."""
    life = Life((meter(),))
    life.read(date(2025, 6, 30), 4_000)
    life.read(date(2025, 9, 30), 4_195)
    life.close(Month(2025, 10))
    life.meters = (meter(installed=Period(life.meters[0].installed.start, date(2025, 10, 11))),)
    life.read(date(2025, 10, 10), 4_205, source=Source.ACT)
    life.state = life.derived()
    document = lives.told(life, date(2025, 11, 21))
    assert check(document).holds
    return document


def test_the_terms_of_a_tariff_are_described() -> None:
    (row,) = re.findall(r"^\| `facts\.tariff\.terms` \| (.*) \|$", PAGE, re.MULTILINE)
    facts = [lives.protocol_of(Random(seed))["facts"] for seed in range(60)]
    terms = [fact["terms"] for each in facts for name, fact in each.items() if name.startswith("tariff:")]
    found = {key.split(".")[-1] for one in terms for key in keys(one) if key.split(".")[-2:-1] != ["rates"]}
    assert found <= set(re.findall(r"`([^`]+)`", row))
    assert found >= TERMS - {"zones"}


def test_the_example_is_the_engine_s_and_holds() -> None:
    life = Life((meter(),))
    life.read(date(2025, 9, 30), 4_195)
    life.read(date(2025, 10, 31), 4_325)
    life.close(Month(2025, 10))
    life.read(date(2025, 11, 21), 4_512)
    document = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert document == lives.told(life, date(2025, 11, 21)), (
        "write it anew: json.dumps(…, ensure_ascii=False, indent=1)"
    )
    text = " ".join(PAGE.split())
    _, counted = words.told(check(document))
    assert f"`{counted.strip()}`" in text
    document["facts"]["reading:2:1.1"]["value"] = "4326"
    assert f"`{list(words.told(check(document)))[2].strip()}`" in text
