"""Where the shared cases are, which are not part of this repository."""

import os
from pathlib import Path

CASES = Path(os.environ.get("METERLINE_CASES", Path(__file__).resolve().parents[2] / "shared" / "cases"))
"""Their folder; it may not exist."""

MISSING = f"no cases in {CASES}: set METERLINE_CASES to their folder"
