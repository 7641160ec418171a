"""The whole demo as a process of its own, and a browser on it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    told = os.environ.get("METERLINE_CHROMIUM")
    found = next((place for place in (told, *PLACES) if place and shutil.which(place)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: install Debian's chromium, or set METERLINE_CHROMIUM to its path")
    return found


QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Any]:
    """The browser, started."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(chromium: str) -> Iterator[str]:
    """The address of a running demo, in which other tests of the same file have texted too."""
    assert chromium
    with running() as address:
        yield address


@contextmanager
def running() -> Iterator[str]:
    """A demo of one's own, and its address."""
    ports = {"METERLINE_PORT": str(_free_port()), "METERLINE_STAFF_PORT": str(_free_port())}
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway", "demo"], cwd=ROOT, env=os.environ | ports, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "/demo" in line:
                break
        else:
            pytest.fail("the demo ended: " + "".join(said))
        yield f"http://127.0.0.1:{ports['METERLINE_PORT']}"
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
