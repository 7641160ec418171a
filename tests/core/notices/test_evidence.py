"""The evidence of a warning proves itself from its file alone, and every byte of it counts (R29, R30)."""

import asyncio
import json
import random
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from core.checking import checker
from core.checking import evidence as checking
from core.notices.model import Refused
from core.notices.warnings import evidence
from tests.core.notices.conftest import WIRE, Village
from tests.core.notices.test_warnings import followed, reported, warned


async def made(village: Village) -> bytes:
    number, _, _ = await warned(village)
    for state in ("sent", "delivered"):
        await reported(village, number, state, village.at)
    await followed(village, village.at)
    return await evidence.file(village.conn, number, at=village.at, keyring=WIRE.keyring)


async def test_it_holds_by_the_script_within_it_and_nothing_of_ours(village: Village, tmp_path: Path) -> None:
    content = await made(village)
    assert checking.problems(content) == []
    (tmp_path / "warning.zip").write_bytes(content)
    with zipfile.ZipFile(BytesIO(content)) as zipped:
        assert zipped.namelist() == [
            "SEAL", "attempts.json", "calculation.json", "callbacks/0001.txt", "callbacks/0002.txt", "chain.json",
            "contract.txt",
            "manifest.json", "protocol.json", "text.txt", "verify.py",
        ]  # fmt: skip
        zipped.extract("verify.py", tmp_path)
        calculation = json.loads(zipped.read("calculation.json"))
    assert calculation["overdue"] == "5210.40"
    assert checker.check(calculation).holds, "each of its sums can be computed again"
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "verify.py", "warning.zip", cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await run.communicate()
    assert (run.returncode, told.decode().strip()) == (0, "warning.zip: holds")


async def test_every_changed_byte_is_caught(village: Village) -> None:  # R30
    """Of every byte one bit, at random; where it is cheap, of each of the first and last thousand."""
    content = await made(village)
    chosen = random.Random(7)
    places = {*range(400), *range(len(content) - 400, len(content)), *chosen.sample(range(len(content)), 400)}
    for place in sorted(places):
        changed = bytearray(content)
        changed[place] ^= 1 << chosen.randrange(8)
        assert checking.problems(bytes(changed)), place


@pytest.mark.prove
async def test_every_byte_of_it(village: Village) -> None:  # R30
    content = await made(village)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 0x20
        assert checking.problems(bytes(changed)), place


async def test_nothing_can_be_added_taken_away_or_swapped(village: Village) -> None:
    content = await made(village)
    assert checking.problems(content + b"\0")
    assert checking.problems(content[:-1])
    assert checking.problems(b"")
    with zipfile.ZipFile(BytesIO(content)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    for name in files:
        rest = {one: body for one, body in files.items() if one != name}
        assert checking.problems(checking.packed(rest)), name
    assert checking.problems(checking.packed({**files, "more.txt": b""}))
    other = {**files, "callbacks/0001.txt": files["callbacks/0002.txt"]}
    head = {"number": 1, "account": "1", "length": 8, "head": "", "kind": "disconnection"}
    rebuilt = {one: body for one, body in other.items() if one not in ("SEAL", "manifest.json")}
    assert checking.problems(checking.sealed(rebuilt, head))


async def test_a_broken_chain_is_not_exported(village: Village) -> None:
    number, _, _ = await warned(village)
    await village.conn.execute("update notice_evidence set at = now() where recipient_id = $1 and no = 3", number)
    with pytest.raises(Refused, match="row 3"):
        await evidence.file(village.conn, number, at=village.at, keyring=WIRE.keyring)
