"""Checks the protocol on standard input in a process of its own that can take neither long nor much:
`python -m core.checking LANGUAGE`. On standard output stands JSON: {"holds": true or false, "lines": [text, …]}."""

import json
import os
import resource
import sys

from core.checking import checker, words

SECONDS, BYTES = 5, 512 * 1024 * 1024
"""Processor time and memory that a check may take; the protocol of ten years takes a hundredth."""

PATIENT = 10
"""By so much it is nicer to other processes than they are to it."""


def main() -> int:
    """0 where it was checked, 2 where it is no JSON."""
    os.nice(PATIENT)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    try:
        document = json.loads(sys.stdin.buffer.read())
    except (ValueError, RecursionError):
        return 2
    report = checker.check(document)
    json.dump({"holds": report.holds, "lines": list(words.told(report, sys.argv[1]))}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
