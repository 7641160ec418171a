"""What the documents say is there is there, and what is there is in the documents."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import asyncpg
import pytest
import typer
from typer.testing import CliRunner

from core import messages
from core.audit import sql as audit
from core.commands import Choose, Code, Command, No, Subject, Wanted, Yes
from core.grammar import understanding
from core.grammar.world import Asked, OpenQuestion, World
from core.selfservice.deciding import PERFORMED
from core.wording.words import Words
from gateway import parsing
from gateway.__main__ import cli
from gateway.settings import PREFIX, Settings
from tests.house import marks, tree

DOCS = tree.ROOT / "docs"
PHONE = "8-800-000-00-00"
SIZES = ("CASES", "MESSAGES", "KILLS", "ACCOUNTS", "MONTHS", "SHARDS", "PEOPLE", "GREETINGS", "PRISM")
"""Settings that tests alone read."""

_ROW = re.compile(r"^\| `(?P<name>[^`]+)`(?P<rest>.*)\|$", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?://|mailto:)(?P<path>[^)#\s]*)(?:#[^)]*)?\)")

OF_THIS_MACHINE = re.compile(r"(?<![\w.~$}>-])/(?:work|root|home|Users|tmp|opt)/[\w.]", re.ASCII)
REGISTRIES = re.compile("|".join(("py" + r"pi\.org", "python" + "hosted", "--index" + "-url", "registry" + r"\.npmjs")))


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(name: str) -> Iterator[tuple[str, list[str]]]:
    """The rows of a page's tables whose first cell is code: that, and the other cells."""
    for row in _ROW.finditer(page(name)):
        yield row["name"], [cell.strip() for cell in row["rest"].removeprefix(" |").split("|")]


# Commands of customers


def test_every_command_is_described() -> None:
    described = {name for name, _ in rows("commands.md")} | set(re.findall(r"^`(\w+)` is", page("commands.md"), re.M))
    assert described == {kind.__name__ for kind in get_args(Command) if kind is not Wanted} | set(Subject)


def _words() -> Iterator[tuple[str, str]]:
    for name, cells in rows("commands.md"):
        for cell in cells[:2]:
            yield from ((name, text) for text in re.findall(r"`([^`]+)`", cell))


@pytest.mark.parametrize(("name", "text"), list(_words()))
def test_words_are_understood_as_described(name: str, text: str) -> None:
    command = understanding.understand(text, _asked(name, parsing.world_of(None)))
    assert (command.subject if isinstance(command, Wanted) else type(command).__name__) == name


def _asked(name: str, world: World) -> World:
    """The world in which the command makes sense: an answer needs its question."""
    if name in (Yes.__name__, No.__name__):
        return replace(world, question=OpenQuestion(Asked.CONFIRM, "12100"))
    if name == Choose.__name__:
        return replace(world, question=OpenQuestion(Asked.ACCOUNT, choices=3))
    if name == Code.__name__:
        return replace(world, question=OpenQuestion(Asked.CODE))
    return world


@pytest.mark.parametrize("subject", [subject for subject in Subject if subject not in PERFORMED])
def test_what_is_not_there_is_answered_as_described(subject: Subject) -> None:
    words = Words.read(tree.ROOT / "locales")
    said = words.say(messages.NotYet(subject, PHONE), "en").replace(PHONE, "{phone}")
    assert dict(rows("commands.md"))[subject][-1] == said


# Settings


def test_every_setting_is_described_and_no_other() -> None:
    described = set(re.findall(rf"^\| `{PREFIX}(\w+)` \|.*\|.*\|.*\|$", page("settings.md"), re.MULTILINE))
    assert described == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_defaults_are_those_of_the_code(name: str) -> None:
    told = dict(rows("settings.md"))[PREFIX + name.upper()][1]
    field = Settings.model_fields[name]
    if field.is_required() or field.default in (None, (), ""):
        assert told.startswith("none") or name == "public_url"
    else:
        value = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        assert told == f"`{value:g}`" if isinstance(value, float) else told == f"`{value}`"


@pytest.mark.parametrize("path", tree.files(".md", ".example"), ids=str)
def test_no_page_names_a_setting_that_is_not_there(path: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {name + "_FILE" for name in known} | {PREFIX + name for name in SIZES}
    named = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", tree.text(path)))
    assert {name for name in named if not name.startswith(PREFIX + "TEST_")} <= known


# The command line

SHELL = typer.main.get_group(cli).commands


@pytest.mark.parametrize("name", SHELL)
def test_every_command_of_the_shell_is_described(name: str) -> None:
    text = page("cli.md")
    assert f"| `meterline {name}` |" in text
    section = re.search(rf"^## `meterline {name}\b.*?(?=^## )", text, re.MULTILINE | re.DOTALL)
    assert section
    options = {option for one in SHELL[name].params for option in one.opts if option.startswith("--")}
    assert all(option in section[0] for option in options)


@pytest.mark.parametrize("name", SHELL)
def test_every_command_of_the_shell_has_help(name: str) -> None:
    told = CliRunner().invoke(cli, [name, "--help"])
    assert told.exit_code == 0
    assert f"{name} " in told.output
    assert SHELL[name].help


def test_no_page_names_a_command_that_is_not_there() -> None:
    for path in tree.files(".md"):
        named = set(re.findall(r"`(?:\.venv/bin/)?meterline ([a-z][a-z-]+)", tree.text(path)))
        assert named <= set(SHELL), path


def test_no_page_names_a_target_of_make_that_is_not_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", tree.text(Path("Makefile")), re.MULTILINE))
    for path in tree.files(".md"):
        assert set(re.findall(r"`make ([a-z]+)", tree.text(path))) <= targets, path


# The runbook

_EVENT = re.compile(r"\b_?log\.(?:info|warning|error)\(\s*\"([a-z_-]+\.[a-z_-]+)\"")
_ALARM = re.compile(
    r"alarm(?:_about|s)? = \(\"([a-z ]+)\"|alarm=(?:[\w ]+ else )?\(\"([a-z ]+)\"|\(\"([a-z ]+)\", one\.reference"
    r"|alarms = \[\(\"([a-z ]+)\"|alarm_once\(conn, \"([a-z ]+)\"|\n[A-Z_]+ = \"([a-z ]+)\"\n\"\"\"The alarm"
)


def test_every_event_of_the_log_is_in_the_runbook() -> None:
    told = {event for path in tree.python(*tree.CODE) for event in _EVENT.findall(tree.text(path))}
    assert len(told) > 10
    assert told == set(re.findall(r"`([a-z]+\.[a-z_-]+)`", page("runbook.md").partition("\n## Logs\n")[2])) - {
        "postgresql.log"
    }


def test_every_alarm_is_in_the_runbook() -> None:
    found = (_ALARM.findall(tree.text(path)) for path in tree.python("core/", "gateway/"))
    raised = {name for each in found for names in each for name in names if name}
    assert len(raised) > 4
    table = page("runbook.md").partition("\n| Alarm |")[2].partition("\n\n")[0]
    assert raised == set(re.findall(r"^\| `([a-z ]+)` \|", table, re.MULTILINE))


async def test_every_counter_is_in_the_runbook(conn: asyncpg.Connection) -> None:
    for counter in await audit.count(conn):
        assert f"`{counter}`" in page("runbook.md")


# The rules of reliability


def test_every_rule_is_restated() -> None:  # R44
    names = [rule.name for rule in marks.rules(page("reliability.md"))]
    assert names == [f"Q{number}" for number in range(1, 6)] + [f"R{number}" for number in range(1, 45)]


def test_every_mark_is_a_rule() -> None:  # R44
    assert set(marks.marks(marks.all_tests())) <= {rule.name for rule in marks.rules(page("reliability.md"))}


@pytest.mark.parametrize("rule", marks.rules(page("reliability.md")), ids=lambda rule: rule.name)
def test_rule_names_its_tests(rule: marks.Rule) -> None:  # R44
    """Each file that the page names holds the mark, and a rule that has tests names some."""
    files = set(marks.marks(marks.all_tests()).get(rule.name, []))
    named = set(re.findall(r"`([^`]+)`", rule.line))
    assert named <= files, "run: python -m tests.house.marks --write"
    assert bool(named) is bool(files), "run: python -m tests.house.marks --write"
    assert files or rule.state != "Held", "held, they say, and no test names it"
    assert not files or rule.state != "Not yet", "not there, they say, and a test names it"


# What comments refer to

_SECTIONS = re.compile(r"\b(billing|performance|product)\.md sections? (\d+(?:\.\d+)?(?:(?:, | and )\d+(?:\.\d+)?)*)")
_RULE_OF = re.compile(r"performance\.md section 3, rule (\d+)")
_RULINGS = re.compile(r"\brulings? (\d+(?:(?:, | and | to )\d+)*)")
_CHECKS = re.compile(r"\bchecks? (\d+(?:(?:, | and | to )\d+)*)")
_JOURNEYS = re.compile(r"\bJ(\d+)\b")


def _numbers(pattern: re.Pattern[str], text: str) -> set[str]:
    return {
        number for found in pattern.finditer(text) for number in re.findall(r"\d+(?:\.\d+)?", found[found.re.groups])
    }


@pytest.mark.parametrize("path", tree.python("core/", "channels/", "gateway/", "tests/"), ids=str)
def test_what_comments_refer_to_is_there(path: Path) -> None:
    text = tree.text(path)
    for name, numbers in _SECTIONS.findall(text):
        for number in re.findall(r"\d+(?:\.\d+)?", numbers):
            assert re.search(rf"^###? {re.escape(number)}\.? ", page(f"{name}.md"), re.MULTILINE), (name, number)
    for pattern, where, line in (
        (_RULE_OF, "performance.md", r"^{}\. "),
        (_RULINGS, "rulings.md", r"^{}\. "),
        (_CHECKS, "readings.md", r"^\| {} \|"),
        (_JOURNEYS, "product.md", r"^\| J{} \|"),
    ):
        missing = {n for n in _numbers(pattern, text) if not re.search(line.format(n), page(where), re.MULTILINE)}
        assert not missing, (where, missing)


# Decisions


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (DOCS / "decisions").glob("*.md"))
    assert [name[:5] for name in names] == [f"{number:04}-" for number in range(1, len(names) + 1)]
    for name in names:
        text = page(f"decisions/{name}")
        assert text.startswith(f"# {name[:4]} ")
        assert all(f"## {part}\n" in text for part in ("Context", "Decision", "Why"))


# All pages


@pytest.mark.parametrize("path", tree.files(".md"), ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    broken = [
        link["path"]
        for link in _LINK.finditer(tree.text(path))
        if link["path"] and not (tree.ROOT / path.parent / link["path"]).exists()
    ]
    assert not broken


@pytest.mark.parametrize("path", tree.files(), ids=str)
def test_no_file_speaks_of_the_machine_it_was_written_on(path: Path) -> None:
    try:
        text = tree.text(path)
    except UnicodeDecodeError:
        return
    assert not OF_THIS_MACHINE.findall(text)
    assert not REGISTRIES.findall(text)
