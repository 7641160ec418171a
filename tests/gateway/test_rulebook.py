"""The commands about rule packs, as an analyst types them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.billing import profiles, tariffs
from gateway.__main__ import cli
from gateway.commands import Trouble
from gateway.rulebook import pack_of, table_of

RUNNER = CliRunner()


def typed(*arguments: str) -> tuple[int, list[str]]:
    result = RUNNER.invoke(cli, ["rules", *arguments], catch_exceptions=False)
    return result.exit_code, result.output.splitlines()


def test_the_packs_are_listed_and_shown() -> None:
    code, lines = typed("show")
    assert code == 0
    assert [line.split(":")[0] for line in lines] == list(profiles.names())
    for name in profiles.names():
        code, lines = typed("show", name)
        assert code == 0
        assert lines[0].startswith(f"{name}: ")
    assert "  penalty from day 31 to 90: 1/300 of the rate for each day" in typed("show", "RU-household")[1]
    assert "  late fee 1.5 % for each month begun behind 10 days of grace, at least 1" in typed("show", "GENERIC")[1]


def test_a_pack_without_faults_is_said_to_be_so() -> None:
    assert typed("check", str(profiles.PACKS / "RU-legal.toml")) == (0, ["RU-legal.toml: nothing is wrong"])
    assert typed("check", str(tariffs.SHIPPED)) == (0, ["tariffs.csv: nothing is wrong"])


def test_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = (profiles.PACKS / "RU-household.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("day = 10", "day = 0").replace("factor = 3.0", "factor = 30"), encoding="utf-8")
    code, lines = typed("check", str(file))
    assert code == 1
    assert lines[0].endswith("due.day: is 0: a whole number from 1 to 31")
    assert lines[-1] == "mine.toml: 5 problems"
    table = tmp_path / "mine.csv"
    table.write_text("plan,valid_from,rates,source\nRU-FLAT,2025-13-01,total=3.32,order\n", encoding="utf-8")
    code, lines = typed("check", str(table))
    assert (code, lines) == (1, ["line 2: valid_from: not a day; expected: 2025-01-01", "mine.csv: 1 problems"])


SPELLED = "plan;valid_from;rates;source\nru-flat;01.01.2025;total=3,32;order\n"


def test_a_table_is_checked_as_it_would_be_imported(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(SPELLED, encoding="utf-8-sig")
    assert typed("check", str(table)) == (0, ["mine.csv: nothing is wrong"])
    table.write_text(SPELLED.replace("01.01.2025", "20250101") + "RU-FLAT;2025-02-30;total=3\n", encoding="utf-8")
    assert typed("check", str(table))[1] == [
        "line 2: valid_from: not a day; expected: 2025-01-01",
        'line 3: 3 cells where the header has 4; expected: quotes around a cell that holds ";"',
        "mine.csv: 2 problems",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"plan,valid_from,rates,source,standng\n", r"unknown column\(s\) 'standng'"),
        (b"plan,valid_from,rates\n", r"missing column\(s\): source"),
        ("plan,valid_from,rates,source\nA,2025-01-01,total=1,приказ\n".encode("cp1251"), "Windows-1251"),
        (b"", "the file is empty"),
    ],
)
def test_what_is_no_table_is_refused_in_a_line(tmp_path: Path, content: bytes, said: str) -> None:
    table = tmp_path / "mine.csv"
    table.write_bytes(content)
    with pytest.raises(Trouble, match=said):
        table_of(table)


@pytest.mark.parametrize(
    ("name", "said"),
    [("NOWHERE", "GENERIC, KZ-household"), ("nowhere.toml", "no such file"), ("core", "neither a file")],
)
def test_what_is_no_pack_is_refused_in_a_line(name: str, said: str) -> None:
    with pytest.raises(Trouble, match=said):
        pack_of(name)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Trouble, match="UTF-8"):
        pack_of(str(file))
