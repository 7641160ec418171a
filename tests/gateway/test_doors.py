"""Facts by command: what is told before and after, what is refused, and what stays."""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from core.doors.model import Door
from gateway import commands, doors, doors_cli, looking
from gateway.__main__ import cli
from gateway.commands import Trouble
from gateway.settings import Settings, load_settings
from tests import make
from tests.make import A, M

SECRET = "a key of a metering system"
READ = {"account": "100000", "meter": "S1", "date": "2025-11-10", "reading": "01050", "document": "act 7"}


def settings(database: str) -> Settings:
    env = {"METERLINE_DATABASE_URL": database, "METERLINE_KEY": make.KEY, "METERLINE_PEPPER": make.PEPPER}
    return load_settings(
        env
        | {
            "METERLINE_AMR_KEYS": f"scada={SECRET}",
            "METERLINE_STAFF": "ivanova=controller, petrova=clerk petrova=biller",
        }
    )


async def town(conn: asyncpg.Connection) -> None:
    await make.company(conn)
    await make.account(conn, A("100000", (M("S1", readings=("1000",)),)))


async def brought(database: str, cells: Mapping[str, str], *, by: str = "ivanova", dry_run: bool = False) -> int | None:
    return await commands.told(doors.record(settings(database), Door.CONTROL, cells, by=by, dry_run=dry_run))


async def test_a_fact_is_told_before_it_is_written(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """50 kWh × 3.32 = 166.00 and no usual use to forecast by."""
    await town(owner)
    count = "select count(*) from readings where source = 5"
    assert await brought(database, READ, dry_run=True) == 0
    assert await owner.fetchval(count) == 0
    tried = capsys.readouterr().out.splitlines()
    assert tried[0] == "nothing was written; with this fact:"
    assert tried[1] == "to pay: 0.00 before, 166.00 after, difference 166.00"
    assert await brought(database, READ) == 0
    assert capsys.readouterr().out.splitlines() == ["written", tried[1]]
    assert await owner.fetchval(count) == 1
    assert await brought(database, READ) == 0
    assert "on record already" in capsys.readouterr().out


async def test_a_wrong_fact_is_told_by_its_column(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await town(owner)
    assert await brought(database, READ | {"reading": "00900"}) == 1
    told = capsys.readouterr().out
    assert "reading: 00900 lower than 1000 of 2025-10-31; expected:" in told
    assert "nothing was written" in told


@pytest.mark.parametrize(
    ("by", "reason"), [("", "say who"), ("sidorov", "nobody is known"), ("petrova", "biller, clerk")]
)
async def test_who_may_not_is_told_so(database: str, owner: asyncpg.Connection, by: str, reason: str) -> None:
    await town(owner)
    with pytest.raises(Trouble, match=reason):
        await brought(database, READ, by=by)


async def test_a_file_of_facts(
    owner: asyncpg.Connection, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await town(owner)
    file, problems = tmp_path / "control.csv", tmp_path / "problems.csv"
    file.write_text(",".join(READ) + "\n" + ",".join(READ.values()) + "\n100000,S1,2025-11-11,x,\n")
    work = doors.import_file(settings(database), Door.CONTROL, file, problems, by="ivanova")
    assert await commands.told(work) == 1
    assert "rows: 1 new, 0 unchanged, 1 bad" in capsys.readouterr().out
    assert "not a count of a meter" in problems.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("door", doors_cli.SINGLY)
def test_each_door_has_a_command_with_its_columns(door: Door) -> None:
    told = CliRunner().invoke(cli, ["fact", str(door), "--help"], terminal_width=200)
    assert told.exit_code == 0
    assert "--by" in told.output
    assert "--dry-run" in told.output


async def test_a_metering_system_signs_its_file(
    owner: asyncpg.Connection, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await town(owner)
    file = tmp_path / "amr.csv"
    file.write_text("meter,register,date,reading\nS1,1,2025-11-10,01050\n")
    right = hmac.new(SECRET.encode(), file.read_bytes(), hashlib.sha256).hexdigest()
    wrong = f"{'0' if right[0] != '0' else '1'}{right[1:]}"

    async def run(by: str, signature: str) -> int | None:
        work = doors.import_file(settings(database), Door.AMR, file, None, by=by, signature=signature)
        return await commands.told(work)

    for by, signature, reason in (
        ("other", right, "no key"),
        ("scada", "", "--signature"),
        ("scada", wrong, "not that of"),
    ):
        with pytest.raises(Trouble, match=reason):
            await run(by, signature)
    assert await run("scada", right) == 0
    assert "rows: 1 new" in capsys.readouterr().out
    assert await owner.fetchval("select author from readings where source = 3") == "scada"
    file.write_text(file.read_text().replace("01050", "01051"))
    with pytest.raises(Trouble, match="not that of the file"):
        await run("scada", right)


async def test_facts_without_a_document_are_listed(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await town(owner)
    await brought(database, READ)
    await brought(database, READ | {"date": "2025-11-12", "reading": "1060.0", "document": ""})
    sealed = {"account": "100000", "meter": "S1", "event": "sealed", "date": "2025-11-12", "seal": "7"}
    await commands.told(doors.record(settings(database), Door.METERS, sealed, by="ivanova", dry_run=False))
    capsys.readouterr()
    await commands.told(looking.list_unproven(settings(database)))
    assert capsys.readouterr().out.splitlines() == [
        "100000  2025-11-12  reading S1 1060  by ivanova",
        "100000  2025-11-12  seal 7 set  by ivanova",
        "2 fact(s) without a document",
    ]
    await commands.told(looking.list_account(settings(database), "100000"))
    assert capsys.readouterr().out.splitlines()[-1].endswith("seal S1 7 set  by ivanova")


@pytest.mark.parametrize(
    ("what", "value", "told"),
    [
        ("area", "54200", "54.2"),
        ("multiplier", "S1 20500", "S1 20.5"),
        ("multiplier", "S1 ended", "S1 ended"),
        ("persons", "3", "3"),
        ("benefit", 'CITY 2 {"share": 0, "amount": 12000, "limit": null}', "CITY 2 120.00 a month"),
        ("benefit", 'VETERAN {"limit": 100000, "share": 500, "amount": 0}', "VETERAN 50 % of the first 100 a month"),
        ("benefit", "VETERAN ended", "VETERAN ended"),
        (
            "instalments",
            'R-18 {"first": "2025-09", "last": "2025-10", "amount": 65512, "parts": 6, "due_on": "2025-12-15",'
            ' "rate": 95000}',
            "R-18 2025-09..2025-10: 655.12 in 6 parts from 2025-12-15 on, 9.5 % a year",
        ),
    ],
)
def test_a_value_is_told_as_files_have_it(what: str, value: str, told: str) -> None:
    assert looking.worded(what, value) == told


async def test_the_history_of_a_meter(
    owner: asyncpg.Connection, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await town(owner)
    removed = {"account": "100000", "meter": "S1", "event": "removed", "date": "2025-11-12", "reading": "1060"}
    for event in (removed | {"event": "failed", "reading": "", "document": "act 8"}, removed):
        await commands.told(doors.record(settings(database), Door.METERS, event, by="ivanova", dry_run=False))
    capsys.readouterr()
    await commands.told(looking.show_meter(settings(database), "s1"))
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "100000  2023-11-01 to 2025-11-12  known"
    assert told[-3:] == [
        "100000  2025-11-12  removed  by ivanova  UNPROVEN",
        "100000  2025-11-12  failed failed  by ivanova  act 8",
        "100000  2025-11-12  reading of an act 1: 1060  by ivanova  UNPROVEN",
    ]
    with pytest.raises(Trouble, match="no meter"):
        await commands.told(looking.show_meter(settings(database), "S9"))
