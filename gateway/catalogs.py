"""Brings the files of words up to the code: `python -m gateway.catalogs`.

A text that the code no longer says leaves them, a new one comes in without words, and the house tests tell until every
language has them.
"""

import io
import sys
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

from core.wording.texts import TEXTS

LOCALES = Path(__file__).parents[1] / "locales"


def main() -> int:
    """Writes each file anew that is behind; how many were."""
    changed = 0
    for path in (LOCALES / "meterline.pot", *sorted(LOCALES.glob("*/LC_MESSAGES/meterline.po"))):
        changed += bring_up(path)
    return changed


def bring_up(path: Path) -> bool:
    """Gives the file one message for each text of the code, in the code's order; whether it was behind."""
    before = path.read_bytes()
    catalog = read_po(io.BytesIO(before))
    known = {_name(message): message for message in catalog if message.id}
    if known.keys() == TEXTS.keys():
        return False
    fresh = Catalog(locale=catalog.locale)
    for name, values in TEXTS.items():
        message = known.get(name) or Message(name, auto_comments=_noted(values))
        fresh[message.id] = message
    written = io.BytesIO()
    write_po(written, fresh, width=120, omit_header=True)
    header = before.partition(b"\n\n")[0]
    path.write_bytes(header + b"\n\n" + written.getvalue().lstrip(b"\n"))
    sys.stdout.write(f"{path.relative_to(LOCALES)}: {len(TEXTS.keys() - known.keys())} texts without words\n")
    return True


def _name(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _noted(values: frozenset[str]) -> list[str]:
    return [f"Values: {', '.join(sorted(values))}"] if values else []


if __name__ == "__main__":
    main()
