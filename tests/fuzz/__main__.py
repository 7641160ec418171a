"""Lets atheris look for bytes on which a target fails: `python -m tests.fuzz text 60`; what it finds is kept in a file
that the last line names. Needs the extra `fuzz`."""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["channels", "core.grammar", "core.basics", "gateway.guarding"]):
    from tests.fuzz.targets import SEEDS, TARGETS


def main(name: str, seconds: str) -> None:
    """Ends the process: 0 where nothing was found in that time."""
    corpus = Path(tempfile.mkdtemp(prefix=f"meterline-fuzz-{name}-"))
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        "-timeout=10",
        "-rss_limit_mb=2048",
        "-max_len=600",
        "-print_final_stats=1",
    ]
    atheris.Setup(["fuzz", f"-artifact_prefix={corpus}/found-", *options, str(corpus)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
