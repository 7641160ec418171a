"""Books that were sealed by an earlier version come forward: sums, hashes and answers are what they were (row K13)."""

import json
import shutil
from pathlib import Path

import pytest

from core.billing import actions as billing
from core.store import migrate
from core.store import pool as store
from tests.core.store import sealing

DUMPS = sorted(sealing.FOLDER.glob("*.sql"))
TEXTS = {dump.stem: dump.read_text(encoding="utf-8") for dump in DUMPS}
HELD = {dump.stem: json.loads(dump.with_suffix(".json").read_text(encoding="utf-8")) for dump in DUMPS}
"""What each said when it was dumped."""


def test_there_is_a_dump() -> None:
    assert DUMPS


@pytest.mark.parametrize("version", TEXTS)
async def test_sealed_books_come_forward(version: str, empty: str, tmp_path: Path) -> None:
    held = HELD[version]
    known = [one.name for one in migrate.read() if one.name[:4] <= version]
    for name in known:
        shutil.copy(migrate.MIGRATIONS / f"{name}.sql", tmp_path)
    conn = await store.connect(empty, role=None)
    try:
        assert await migrate.migrate(conn, tmp_path) == known
        await conn.execute(TEXTS[version])
        assert len(await migrate.migrate(conn)) == len(migrate.read()) - len(known)
        found = await sealing.told(conn)
        assert {name: found[name] for name in held} == held
        assert held["proven"][2] is None
        assert len(held["heads"]) > 60
        ids = [row[0] for row in await conn.fetch("select id from accounts order by id")]
        assert await billing.rebuild(conn, ids) == 0
    finally:
        await conn.close()
