"""How full the disk is, and that nothing in bulk begins on a full one."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway import bookkeeping_cli, commands, disk, jobs_cli, patience, running
from gateway.settings import load_settings
from tests import make


def told(**more: str) -> dict[str, str]:
    return {"METERLINE_KEY": make.KEY, "METERLINE_PEPPER": make.PEPPER, **more}


def filled(monkeypatch: pytest.MonkeyPatch, share: float) -> list[Path]:
    """Makes every disk this full; the folders that were looked at."""
    looked: list[Path] = []

    def usage(path: Path) -> SimpleNamespace:
        looked.append(path)
        return SimpleNamespace(total=1000, used=round(share * 1000), free=round((1 - share) * 1000))

    monkeypatch.setattr(shutil, "disk_usage", usage)
    return looked


def test_of_our_own_database_its_folder_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = filled(monkeypatch, 0.5)
    settings = load_settings(told(METERLINE_DATA_DIR=str(tmp_path / "data")))
    assert disk.used(settings) == 0.5
    assert looked == [tmp_path], "what is not there yet will be made on the same disk"
    (tmp_path / "data" / "postgres").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data" / "postgres" / "postgresql").symlink_to(tmp_path / "elsewhere")
    disk.used(settings)
    assert looked[-1] == tmp_path / "elsewhere"


def test_of_another_database_only_what_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(monkeypatch, 0.99)
    url = {"METERLINE_DATABASE_URL": "postgresql://user@host/database"}
    assert disk.used(load_settings(told(**url))) is None
    assert disk.too_full(load_settings(told(**url))) is None
    assert disk.used(load_settings(told(**url, METERLINE_DISK_PATH=str(tmp_path)))) == 0.99


@pytest.mark.parametrize(("share", "full"), [(0.1, False), (0.84, False), (0.85, True), (0.97, True)])
def test_nothing_in_bulk_begins_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, full: bool
) -> None:
    filled(monkeypatch, share)
    for name, value in told(METERLINE_DATA_DIR=str(tmp_path)).items():
        monkeypatch.setenv(name, value)
    begun: list[bool] = []

    async def work(_: object) -> None:
        begun.append(True)

    with pytest.raises(commands.Trouble if full else Exception) as stopped:
        running.run(work, bulk=True)
    assert begun == ([] if full else [True])
    assert ("make room" in str(stopped.value)) is full
    with pytest.raises(Exception):  # noqa: B017 - what ends a command
        running.run(work)
    assert begun[-1:] == [True]


@pytest.mark.parametrize(
    "command",
    [
        lambda: bookkeeping_cli.close_day(None),
        lambda: jobs_cli.run("close-day", "2025-11-20"),
        jobs_cli.due,
    ],
    ids=["close-day", "jobs run", "jobs due"],
)
def test_by_hand_nothing_of_the_clock_begins_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[[], None]
) -> None:
    filled(monkeypatch, 0.9)
    monkeypatch.setattr(patience, "step_back", lambda: None)
    for name, value in told(METERLINE_DATA_DIR=str(tmp_path)).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(commands.Trouble, match="make room"):
        command()


def test_who_asks_all_the_time_looks_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [100.0]
    watch = disk.Watch(load_settings(told(METERLINE_DATA_DIR=str(tmp_path))), clock=lambda: at[0])
    filled(monkeypatch, 0.94)
    assert not watch.is_full()
    looked = filled(monkeypatch, 0.95)
    at[0] += disk.LOOK - 0.1
    assert not watch.is_full()
    assert not looked
    at[0] += 0.1
    assert watch.is_full()
