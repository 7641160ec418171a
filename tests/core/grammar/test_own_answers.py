"""What the company says is never an order where it comes back: forwarded, quoted, or from an automatic responder."""

import re
from pathlib import Path

import pytest

from core.commands import NotMe, OptIn, OptOut, Register, SubmitReading, Undo
from core.grammar.understanding import understand
from core.grammar.world import World
from core.wording.words import Words
from tests.core.grammar.worlds import CONFIRMING, DAY_NIGHT, SINGLE, TWO_METERS
from tests.house import samples

LOCALES = Path(__file__).parents[3] / "locales"
LANGUAGES = sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/*.po"))
WORDS = Words.read(LOCALES)
_ALL = sorted({WORDS.say(reply, language) for reply in samples.replies(LANGUAGES) for language in LANGUAGES})
SAID = {re.sub(r"\d+|(.)\1{3,}", "9", said): said for said in _ALL}.values()
"""One answer of each shape, whatever its numbers."""
WORLDS = (SINGLE, DAY_NIGHT, TWO_METERS, CONFIRMING)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("form", ["{}", "> {}"])
def test_nothing_is_done_by_our_own_words(world: World, form: str) -> None:
    for said in SAID:
        command = understand(form.format(said), world)
        assert not isinstance(command, SubmitReading) or not command.values or command.doubt, said
        assert not isinstance(command, OptOut | OptIn | Undo | NotMe | Register), said
