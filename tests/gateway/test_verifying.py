"""`meterline verify` tells whether a protocol holds, and ends accordingly."""

import io
import json
import sys
from pathlib import Path
from random import Random

import pytest

from gateway import verifying
from gateway.commands import Trouble
from tests.core.checking import lives


def test_a_protocol_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = lives.protocol_of(Random(1))
    file = tmp_path / "protocol.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert verifying.verify(str(file), language="en") == 0
    assert "the protocol holds" in capsys.readouterr().out
    document["to_pay"] = "1.23"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert verifying.verify(str(file), language="ru") == 1
    assert "итог, «to_pay»: стоит 1.23" in capsys.readouterr().out


def test_a_protocol_on_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.dumps(lives.protocol_of(Random(2))).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert verifying.verify("-", language="en") == 0
    assert "the protocol holds" in capsys.readouterr().out


def test_what_cannot_be_read_is_told_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "protocol.json"
    for content in (b"", b"{", b"\xff\xfe", b"[" * 100_000):
        file.write_bytes(content)
        with pytest.raises(Trouble, match="is not JSON"):
            verifying.verify(str(file), language="en")
    with pytest.raises(Trouble, match="cannot read"):
        verifying.verify(str(tmp_path / "none.json"), language="en")
    with pytest.raises(Trouble, match="there are: en, ru"):
        verifying.verify(str(file), language="de")
