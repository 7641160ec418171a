"""What a process loads: the chat's library is slow and large, and only the chat may pay for it."""

import subprocess
import sys

import pytest

from tests.house import tree

HEAVY = ("aiogram", "reportlab", "magic_filter", "phonenumbers.geodata", "pytest", "hypothesis", "demo", "bench")
"""What neither the gateway's applications nor their parts need."""

_LOADED = "import sys, {module}; print(*(name for name in {heavy!r} if name in sys.modules))"


@pytest.mark.parametrize(
    ("module", "heavy"),
    [("gateway.app", HEAVY), ("gateway.serving", HEAVY), ("core.answer.door", (*HEAVY, "aiohttp", "twilio", "jinja2"))],
)
def test_nothing_heavy_is_loaded(module: str, heavy: tuple[str, ...]) -> None:
    program = _LOADED.format(module=module, heavy=heavy)
    done = subprocess.run([sys.executable, "-c", program], cwd=tree.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_the_command_loads_neither_the_chat_nor_the_maker_of_pdf() -> None:
    program = _LOADED.format(module="gateway.__main__", heavy=("aiogram", "reportlab"))
    done = subprocess.run([sys.executable, "-c", program], cwd=tree.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
