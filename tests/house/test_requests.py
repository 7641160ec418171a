"""What a client may write into a request decides nothing about who he is and where we are (R8)."""

import re
from pathlib import Path

import pytest

from tests.house import tree

ASKED = re.compile(r"\brequest\.(url|host|scheme|secure|remote)\b")
ALLOWED = {
    ("gateway/guarding.py", "remote"),
    ("channels/sms/receive.py", "remote"),
    # A form's origin is compared with where the page was called.
    ("pages/headers.py", "host"),
}


@pytest.mark.parametrize("path", tree.python("core/", "pages/", "channels/", "staff/", "gateway/", "demo/"), ids=str)
def test_no_handler_goes_by_what_a_client_says_of_us(path: Path) -> None:  # R8
    told = {(str(path), name) for name in ASKED.findall(tree.text(path))}
    assert told <= ALLOWED
