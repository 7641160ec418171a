"""What the company says is never an order where it comes back: forwarded, quoted, or from an automatic responder."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.commands import NotMe, OptIn, OptOut, Register, SubmitReading, Undo
from core.grammar.understanding import understand
from core.grammar.world import World
from core.messages import Reply
from core.wording.words import Words
from tests.core.grammar.worlds import CONFIRMING, DAY_NIGHT, SINGLE, TWO_METERS
from tests.house import samples

LOCALES = Path(__file__).parents[3] / "locales"
LANGUAGES = sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/*.po"))
WORDS = Words.read(LOCALES)
MOST_OF_A_KIND = 6


def _some() -> Iterator[Reply]:
    """The first samples of each kind of reply."""
    taken = Counter[type[Reply]]()
    for reply in samples.replies(LANGUAGES):
        taken[type(reply)] += 1
        if taken[type(reply)] <= MOST_OF_A_KIND:
            yield reply


SAID = sorted({WORDS.say(reply, language) for reply in _some() for language in LANGUAGES})
WORLDS = (SINGLE, DAY_NIGHT, TWO_METERS, CONFIRMING)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("form", ["{}", "> {}"])
def test_nothing_is_done_by_our_own_words(world: World, form: str) -> None:
    for said in SAID:
        command = understand(form.format(said), world)
        assert not isinstance(command, SubmitReading) or not command.values or command.doubt, said
        assert not isinstance(command, OptOut | OptIn | Undo | NotMe | Register), said
