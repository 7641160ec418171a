"""What the parts of a text, commands, doubts and refusals are called when the support desk asks how a text is read."""

from collections.abc import Mapping

from core.basics.facts import dataclass
from core.commands import Subject, Unclear


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language. `parts` by the name of a part's meaning, `values` by what it carries; `commands` by
    the name of a command's class or its subject; `doubts` by the reason why a reading is asked about."""

    parts: Mapping[str, str]
    values: Mapping[str, str]
    commands: Mapping[str, str]
    subjects: Mapping[Subject, str]
    doubts: Mapping[str, str]
    reasons: Mapping[Unclear, str]
    registers: Mapping[str, str]
    services: Mapping[str, str]
    questions: Mapping[str, str]
    frame: Mapping[str, str]


def listed(text: str) -> dict[str, str]:
    """The lines «name: words» of a text."""
    return {
        name.strip(): words.strip() for name, _, words in (line.partition(":") for line in text.strip().splitlines())
    }


def reasons(text: str) -> dict[Unclear, str]:
    return {Unclear(name): words for name, words in listed(text).items()}


def subjects(text: str) -> dict[Subject, str]:
    return {Subject(name): words for name, words in listed(text).items()}
